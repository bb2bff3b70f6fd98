"""The way of a covered copy, and of what was found in a photo, in words of their own."""

from enum import StrEnum

from safelight.kernel.lifecycle import Lifecycle


class CopyState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"


class CopyMove(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


COVERED_COPY: Lifecycle[CopyState, CopyMove] = Lifecycle(
    name="covered copy",
    start=CopyState.DRAFT,
    table={
        (CopyState.DRAFT, CopyMove.APPROVE): CopyState.APPROVED,
        (CopyState.DRAFT, CopyMove.REJECT): CopyState.REJECTED,
    },
)
