"""What an actor may know of opinions. Whoever is not asked and did not ask knows of none: every other answer is NotFound."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from safelight.consent import queries as consents
from safelight.deidentify import queries as copies
from safelight.deidentify.models import Approval
from safelight.kernel.actor import WORKER, Actor, ActorKind
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.sharing import rules, taking_up
from safelight.sharing.errors import NoConsentToShare, NotOpenYet, OpinionOver
from safelight.sharing.lifecycle import OPEN_STATES
from safelight.sharing.models import EmergencyCall, KeptQuestion, Opening, Opinion, Passing, ShareItem
from safelight.sharing.rules import Part
from safelight.staff import queries as staff


def teams_now(actor: Actor, *, now: datetime) -> frozenset[UUID]:
    """The teams that the actor belongs to, leads or is on call for."""
    return frozenset(team.pk for team in staff.teams_of(actor, actor.id, at=now)) if actor.kind is ActorKind.STAFF else frozenset()


def part_in(actor: Actor, opinion_id: UUID, *, now: datetime) -> tuple[Opinion, Part]:
    """An opinion and what the actor has to do with it. Of one whose asker has left, they have the asker's part who take it up; those
    who are asked as well answer it first. Raises NotFound.
    """
    found = Opinion.objects.filter(pk=opinion_id).first()
    part = rules.part(actor, found, teams=teams_now(actor, now=now)) if found else None
    if found is not None and part is not Part.ASKER and not (part and rules.waits_for_answer(found, now=now)):
        part = Part.ASKER if taking_up.takes_up(actor, found) else part
    if found is None or part is None:
        raise NotFound(opinion_id)
    return found, part


def by_public_id(actor: Actor, public_id: str, *, now: datetime) -> Opinion:
    """The opinion that a notice speaks of, for whoever asked or is asked. Raises NotFound."""
    found = Opinion.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return part_in(actor, found.pk, now=now)[0]


def asked_of(actor: Actor, opinion_id: UUID, *, now: datetime) -> Opinion:
    """Inside an action: an opinion of which the actor is asked, locked. Raises NotFound, OpinionOver, NotOpenYet."""
    locked = Opinion.objects.select_for_update().filter(pk=opinion_id).first()
    if locked is None or rules.part(actor, locked, teams=teams_now(actor, now=now)) is not Part.ASKED:
        raise NotFound(opinion_id)
    if rules.held(locked, now=now):
        raise NotOpenYet(opinion_id)
    if rules.is_over(locked, now=now):
        raise OpinionOver(opinion_id, locked.ended_at or locked.expires_at)
    return locked


def asked_by(actor: Actor, opinion_id: UUID) -> Opinion:
    """Inside an action: an opinion that the actor asked for, or has taken up from somebody who left; any for the worker; locked.
    Raises NotFound.
    """
    locked = Opinion.objects.select_for_update().filter(pk=opinion_id).first()
    if locked is None or not (actor.kind is ActorKind.WORKER or is_askers(actor, locked)):
        raise NotFound(opinion_id)
    return locked


def is_askers(actor: Actor, opinion: Opinion) -> bool:
    """Whether the actor asked it, or has the part of whoever did and has left."""
    return actor.kind is ActorKind.STAFF and (opinion.asked_by == actor.id or taking_up.takes_up(actor, opinion))


def require_consent(opinion: Opinion, *, now: datetime) -> None:
    """Asked at each use, never kept (B2, B6): the patient agrees now, and did when it was asked. Raises NoConsentToShare."""
    purpose = rules.purpose_for(opinion)
    if not all(consents.allows(WORKER, opinion.patient_id, purpose, at=at) for at in (opinion.asked_at, now)):
        raise NoConsentToShare(opinion.patient_id)


def has_opened(actor: Actor, opinion: Opinion) -> bool:
    """Whether the actor opened it themselves: a page or a picture asked for by its address is nothing without that."""
    return opinion.pk in opened_by(actor, [opinion])


def opened_by(actor: Actor, opinions: Iterable[Opinion]) -> set[UUID]:
    """Those of some opinions which the actor opened themselves since they were last passed on: what comes back is opened anew. A guest
    opens anew in each browser in which they prove the mailbox: so each is counted, and the asker sees it.
    """
    guest = actor.kind is ActorKind.GUEST
    rows = Opening.objects.filter(opinion__in=list(opinions), item=None, by=actor.id, by_guest=guest)
    if guest and actor.proved_at is not None:
        rows = rows.filter(at__gte=actor.proved_at)
    passed_since = Passing.objects.filter(opinion=OuterRef("opinion"), at__gt=OuterRef("at"))
    return set(rows.filter(~Exists(passed_since)).values_list("opinion", flat=True))


def answers_so_far(actor: Actor, opinion: Opinion) -> int:
    """How many answers there are to an opinion that the actor has a part in."""
    return opinion.answers.count() if opinion.answered_at and _insider(actor) else 0


def still_readable(actor: Actor, opinion: Opinion, *, now: datetime) -> bool:
    """Whether a page on which the actor reads it may stay: they opened it, it is open, and the patient agrees."""
    if not rules.is_open(opinion, now=now) or not has_opened(actor, opinion):
        return False
    try:
        require_consent(opinion, now=now)
    except NoConsentToShare:
        return False
    return True


def items_of(actor: Actor, opinion: Opinion) -> list[ShareItem]:
    """The covered copies of an opinion that the actor has a part in, in order."""
    return list(opinion.items.select_related("approval__copy__photograph").order_by("place")) if _insider(actor) else []


def readable(actor: Actor, item_id: UUID, *, now: datetime) -> tuple[Opinion, Approval]:
    """The opinion of an item that the actor has opened and that is open at this moment, with the copy that stands for its photo.

    1. The actor is asked, and has opened it. Everybody else: NotFound.
    2. It is open, and the patient agrees. Raises OpinionOver, NotOpenYet, NoConsentToShare.
    3. The photo still is this patient's and still has a copy that may be shown: the newest, for a later one covers more. Else NotFound.
    """
    item = ShareItem.objects.select_related("opinion", "approval__copy__photograph").filter(pk=item_id).first()
    if item is None or rules.part(actor, item.opinion, teams=teams_now(actor, now=now)) is not Part.ASKED:
        raise NotFound(item_id)
    opinion = item.opinion
    if not has_opened(actor, opinion):  # (1)
        raise NotFound(item_id)
    if rules.held(opinion, now=now):
        raise NotOpenYet(opinion.pk)
    if not rules.is_open(opinion, now=now):  # (2)
        raise OpinionOver(opinion.pk, opinion.ended_at or opinion.expires_at)
    require_consent(opinion, now=now)
    approval = copy_for(opinion, item)  # (3)
    if approval is None:
        raise NotFound(item_id)
    return opinion, approval


def copy_for(opinion: Opinion, item: ShareItem) -> Approval | None:
    """The covered copy that those asked are shown for an item now. What only staff here may see (F6) is none for a guest, also where
    a photo became that after it was asked about.
    """
    approval = standing_copy(item.approval.copy.photograph_id, opinion.patient_id)
    return None if approval is not None and opinion.guest_id and approval.copy.restricted else approval


def standing_copy(photograph_id: UUID, patient_id: UUID) -> Approval | None:
    """The covered copy of a photo that may be shown now, if the photo is this patient's."""
    approval = copies.approvals(WORKER, [photograph_id]).get(photograph_id)
    if approval is None:
        return None
    same = patients.same_patient(WORKER, patient_id)
    return approval if {approval.copy.patient_id, approval.copy.photograph.patient_id} <= same else None


def of_asking(actor: Actor, asking: UUID) -> list[Opinion]:
    """What was asked with one form, in order: one opinion for each team or person."""
    return list(_related(Opinion.objects.filter(asking=asking, asked_by=actor.id).order_by("place"))) if _insider(actor) else []


def standing_of_patient(actor: Actor, pseudonyms: Iterable[UUID]) -> list[Opinion]:
    """For the worker: the opinions about a patient, by all pseudonyms, that somebody could still open."""
    if actor.kind is not ActorKind.WORKER:
        return []
    return list(Opinion.objects.filter(patient__in=list(pseudonyms), state__in=OPEN_STATES))


def standing_with(actor: Actor, photograph_id: UUID) -> list[Opinion]:
    """For the worker: the opinions for which a photo can still be seen."""
    if actor.kind is not ActorKind.WORKER:
        return []
    rows = Opinion.objects.filter(items__approval__copy__photograph=photograph_id, state__in=OPEN_STATES)
    return list(rows.distinct())


def expired(actor: Actor, *, now: datetime) -> list[UUID]:
    """For the worker: what nobody answered in its time."""
    if actor.kind is not ActorKind.WORKER:
        return []
    rows = Opinion.objects.filter(state__in=["offered", "opened"], expires_at__lte=now).order_by("expires_at")
    return list(rows.values_list("pk", flat=True)[:500])


def last_asked(actor: Actor) -> Opinion | None:
    """The last opinion here that the actor asked for: its team or person is offered first."""
    return Opinion.objects.filter(asked_by=actor.id, guest=None).order_by("-asked_at", "place").first() if _insider(actor) else None


def kept_by(actor: Actor) -> list[KeptQuestion]:
    """The questions that the actor wrote at a slate and that wait, oldest first."""
    if actor.kind is not ActorKind.STAFF:
        return []
    return list(KeptQuestion.objects.filter(kept_by=actor.id, done_at=None).select_related("visit", "team", "person").order_by("kept_at"))


def filed(actor: Actor, patient_id: UUID, *, photograph_id: UUID | None = None, most: int = 100) -> list[Opinion]:
    """The opinions in a patient's record, the newest first: what was asked and what was answered, however the share ended."""
    if not _insider(actor) or actor.kind is ActorKind.GUEST:
        return []
    rows = Opinion.objects.filter(patient__in=patients.same_patient(actor, patient_id)).order_by("-asked_at", "place")
    if photograph_id is not None:
        rows = rows.filter(items__approval__copy__photograph=photograph_id)
    return list(_related(rows)[:most])


def calls_owed(actor: Actor) -> list[EmergencyCall]:
    """The emergency calls that still owe something: the actor's own, all for an IG lead; what is due first on top."""
    if actor.kind is not ActorKind.STAFF:
        return []
    rows = EmergencyCall.objects.filter(settled_at=None)
    mine = rows if rules.reviews(actor) else rows.filter(called_by=actor.id)
    return list(mine.select_related("person", "team").order_by("due_at", "pk")[:200])


def call_owed(actor: Actor, call_id: UUID) -> EmergencyCall:
    """One of them. Raises NotFound."""
    found = next((one for one in calls_owed(actor) if one.pk == call_id), None)
    if found is None:
        raise NotFound(call_id)
    return found


def let_in_to(actor: Actor, *, now: datetime) -> list[EmergencyCall]:
    """The patients whom the actor was called to and may see by that now."""
    return list(EmergencyCall.objects.filter(person=actor.id, until__gt=now).order_by("until")) if actor.kind is ActorKind.STAFF else []


def _insider(actor: Actor) -> bool:
    return actor.kind in {ActorKind.STAFF, ActorKind.WORKER, ActorKind.OPERATOR, ActorKind.GUEST}


def _related(rows: QuerySet[Opinion]) -> QuerySet[Opinion]:
    return rows.select_related("team", "person", "guest")
