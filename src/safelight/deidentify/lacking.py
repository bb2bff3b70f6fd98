"""Why a photo has no covered copy that may be shown now, for pages that have to say what to do about it."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from safelight.deidentify import queries, rules
from safelight.deidentify.lifecycle import CopyState
from safelight.deidentify.models import CoveredCopy
from safelight.kernel.actor import Actor


class Lacking(StrEnum):
    """What is so, of a photo without a covered copy that may be shown."""

    COVERING = "covering"
    SECOND_LOOK = "second_look"
    RECALLED = "recalled"
    REJECTED = "rejected"
    OUTDATED = "outdated"

    @property
    def words(self) -> str:
        return {
            Lacking.COVERING: "Not covered yet.",
            Lacking.SECOND_LOOK: "Covered. The computer looks once more at the copy: a few seconds.",
            Lacking.RECALLED: "Its covered copy was taken back: something in it may name the patient. Look again.",
            Lacking.REJECTED: "Somebody said that it is not to be shared.",
            Lacking.OUTDATED: "The photo, or what is known of the patient, has changed since it was covered. Look again.",
        }[self]


def lacking(actor: Actor, photograph_ids: Iterable[UUID]) -> dict[UUID, Lacking]:
    """What is so of each of some photos that have no covered copy that may be shown; those that have one are left out."""
    wanted = list(dict.fromkeys(photograph_ids))
    standing = queries.approvals(actor, wanted)
    without = [one for one in wanted if one not in standing]
    decided = queries.decided(actor, without) if without else {}
    signed = queries.signed_for(actor, without) if decided else {}
    return {one: _why(actor, decided.get(one), may_stand=one in signed) for one in without}


def _why(actor: Actor, copy: CoveredCopy | None, *, may_stand: bool) -> Lacking:
    if copy is None:
        return Lacking.COVERING
    if copy.state == CopyState.REJECTED:
        return Lacking.REJECTED if rules.as_now(copy, copy.photograph) else Lacking.COVERING
    if not may_stand:
        return Lacking.OUTDATED
    looks = queries.second_looks(actor, [copy.pk]).get(copy.pk, [])
    recalled = copy.pk in queries.recalls_of(actor, [copy.pk]) or any(look.recalls for look in looks)
    return Lacking.RECALLED if recalled else Lacking.SECOND_LOOK
