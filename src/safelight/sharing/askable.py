"""Whether a question can go to those it is meant for, with these photos. Asked inside the action that asks or passes on."""

from datetime import datetime
from uuid import UUID

from safelight.deidentify import queries as copies
from safelight.deidentify.models import Approval
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.sharing import rules
from safelight.sharing.asking import Asking, Recipient
from safelight.sharing.errors import (
    LooksLikeIdentity,
    NobodyChosen,
    NoPhotosChosen,
    NotCovered,
    NoUrgentNotice,
    NumberNotConfirmed,
    QuestionMissing,
    StaysHere,
    TooLong,
    UrgencyMissing,
)
from safelight.sharing.models import Guest, Opinion, Urgency
from safelight.sharing.notices import queries as notices
from safelight.sharing.notices.words import NOTHING_RINGS_ELSEWHERE
from safelight.staff import queries as staff


def require_said(asking: Asking, *, now: datetime) -> Urgency:
    """How soon, once that, the words and until when are said. Raises UrgencyMissing, QuestionMissing, LooksLikeIdentity, TooLong."""
    if asking.urgency is None:
        raise UrgencyMissing
    if asking.to and not asking.questions:
        raise QuestionMissing
    if asking.doubts and not asking.confirmed:
        raise LooksLikeIdentity(asking.doubts)
    if not rules.expiry_fits(asking.expires_at, now=now):
        raise TooLong
    return asking.urgency


def require_askable(actor: Actor, asking: Asking, *, now: datetime) -> None:
    """Everybody is there, once, is not the asker, and hears what is urgent; a guest was confirmed for this question alone.

    Raises NobodyChosen, NoUrgentNotice, NotFound.
    """
    if not asking.to or len(set(asking.to)) != len(asking.to):
        raise NobodyChosen
    for one in asking.to:
        if one.guest is None:
            require_here(actor, one, urgency=asking.urgency or Urgency.ROUTINE, asker=actor.id, now=now)
        elif one.team or one.person or not _confirmed_for(actor, asking, guest=one.guest):
            raise NobodyChosen
        elif asking.urgency == Urgency.URGENT:
            raise NoUrgentNotice(one.guest, NOTHING_RINGS_ELSEWHERE)


def _confirmed_for(actor: Actor, asking: Asking, *, guest: UUID) -> bool:
    """Whether the actor confirmed the guest, and asked nothing else of them by it: an answer by mail finds its question by its guest."""
    mine = Guest.objects.filter(pk=guest, confirmed_by=actor.id).exists()
    return mine and not Opinion.objects.filter(guest=guest).exclude(asking=asking.id).exists()


def require_here(actor: Actor, to: Recipient, *, urgency: str, asker: UUID, now: datetime) -> None:
    """One team or one person here, whom something this urgent from the asker reaches. Raises NobodyChosen, NoUrgentNotice, NotFound."""
    if (to.team is None) == (to.person is None):
        raise NobodyChosen
    if to.team is not None:
        team = staff.team(actor, to.team)
        if urgency == Urgency.URGENT and not (possible := notices.urgent_possible(actor, team.pk, now=now, asker=asker)):
            raise NoUrgentNotice(team.pk, possible.says)
    elif to.person is not None:
        person = staff.person(actor, to.person)
        if person.pk == actor.id or not person.is_active:
            raise NobodyChosen
        if urgency == Urgency.URGENT and not (possible := notices.urgent_possible_by_name(actor, person, now=now)):
            raise NoUrgentNotice(person.pk, possible.says)


def require_covered(actor: Actor, asking: Asking, *, patient: UUID) -> list[Approval]:
    """The copies that may be shown for these photos of one patient, in order.

    Raises NumberNotConfirmed (E6), NoPhotosChosen, NotCovered, StaysHere.
    """
    if not patients.confirmed(actor, patient):
        raise NumberNotConfirmed(patient)
    if not 0 < len(asking.photographs) <= rules.MOST_PHOTOS:
        raise NoPhotosChosen
    standing = copies.approvals(actor, asking.photographs)
    if missing := [one for one in asking.photographs if one not in standing]:
        raise NotCovered(*missing)
    approvals = [standing[one] for one in asking.photographs]
    same = patients.same_patient(actor, patient)
    if not all({approval.copy.patient_id, approval.copy.photograph.patient_id} <= same for approval in approvals):
        raise NoPhotosChosen
    if any(one.guest for one in asking.to) and any(approval.copy.restricted for approval in approvals):
        raise StaysHere
    return approvals
