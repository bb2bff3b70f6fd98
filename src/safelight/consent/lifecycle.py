"""The life of a consent, in a table."""

from enum import StrEnum

from safelight.kernel.lifecycle import Lifecycle


class ConsentState(StrEnum):
    STANDS = "stands"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class ConsentMove(StrEnum):
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"


CONSENT: Lifecycle[ConsentState, ConsentMove] = Lifecycle(
    name="consent",
    start=ConsentState.STANDS,
    table={
        (ConsentState.STANDS, ConsentMove.SUPERSEDE): ConsentState.SUPERSEDED,
        (ConsentState.STANDS, ConsentMove.WITHDRAW): ConsentState.WITHDRAWN,
    },
)
