"""What an actor may know of covered copies."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from safelight.access import queries as access
from safelight.deidentify import rules
from safelight.deidentify.desk import Desk, importance, shown
from safelight.deidentify.errors import NoCopyStands
from safelight.deidentify.lifecycle import CopyState
from safelight.deidentify.models import (
    Approval,
    CoveredCopy,
    Decision,
    DeskPermit,
    Finding,
    Look,
    Match,
    Recall,
    SecondLook,
    SetAside,
    SignOff,
)
from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.photographs import queries as photographs
from safelight.photographs.models import Photograph
from safelight.vault.errors import WrongKey
from safelight.vault.models import Rendition, StoredObject


def _insider(actor: Actor) -> bool:
    return actor.kind in {ActorKind.STAFF, ActorKind.WORKER, ActorKind.OPERATOR}


def desk(actor: Actor, photograph_id: UUID, *, now: datetime) -> Desk:
    """Everything that the editor shows of one photo, once the actor has opened it (`view_desk`).

    Raises NotFound where they have not, or not as the photo is now; NoCareRelationship.
    """
    photograph = photographs.photograph(actor, photograph_id)
    access.require(actor, photograph.patient_id, now=now)
    if not opened(actor, photograph):
        raise NotFound(photograph_id)
    found = findings(actor, photograph.pk)
    draft = draft_of(actor, photograph.pk)
    known_as = patients.known_as(actor, photograph.patient_id)
    finder = finder_state(actor, photograph, now=now)
    return Desk(
        photograph=photograph,
        findings=tuple(sorted((shown(each, known_as) for each in found), key=importance)),
        looks=tuple(looks(actor, photograph)),
        finder=finder,
        draft=draft,
        version=draft.version if draft else 0,
        approval=approvals(actor, [photograph.pk]).get(photograph.pk),
        not_coverable=coverable(actor, photograph),
        sign_off=sign_off(actor, photograph),
        again=rules.by_kind(each for each in put_again(actor, photograph.pk) if each.state == Decision.UNDECIDED),
        looking_again=finder is not rules.FinderState.LOOKING
        and draft is not None
        and _waits_for_a_second_look(actor, draft, found, now=now),
    )


def _waits_for_a_second_look(actor: Actor, draft: CoveredCopy, found: Iterable[Finding], *, now: datetime) -> bool:
    """Everything was decided a moment ago, or would be but for what the first half of the look at this very picture has brought."""
    looks, picture = second_looks(actor, [draft.pk]).get(draft.pk, []), picture_now(actor, draft)
    if now - draft.changed_at > rules.AGAIN_WITHIN or rules.looked_wholly(picture, looks):
        return False
    return not rules.undecided(found) or any(look.picture == picture for look in looks)


def approvals(actor: Actor, photograph_ids: Iterable[UUID]) -> dict[UUID, Approval]:
    """The approval that stands now of each of some photos, with its copy; none for a photo that has none, or of which somebody said
    that it is not to be shared. Asked anew at each use, never kept elsewhere: a photo that was moved has none, and one at whose copy
    the computer has not looked again has none yet.
    """
    signed = signed_for(actor, photograph_ids)
    ids = [copy.pk for copy in signed.values()]
    looks, recalls = second_looks(actor, ids), recalls_of(actor, ids)
    return {one: copy.approval for one, copy in signed.items() if rules.looked_again(copy, looks.get(copy.pk, []), recalls.get(copy.pk))}


def signed_for(actor: Actor, photograph_ids: Iterable[UUID]) -> dict[UUID, CoveredCopy]:
    """The copy of each of some photos that may be shown once the computer has looked again at it. The patient's age is asked anew, for
    a birth date is corrected too.
    """
    return {
        one: copy for one, copy in decided(actor, photograph_ids).items() if rules.stands(copy, copy.photograph, young=_young(actor, copy))
    }


def _young(actor: Actor, copy: CoveredCopy) -> bool:
    return rules.asks_the_age(copy, copy.photograph) and photographs.young(actor, copy.photograph)


def decided(actor: Actor, photograph_ids: Iterable[UUID]) -> dict[UUID, CoveredCopy]:
    """The newest copy of each of some photos that a person decided, whether or not it stands."""
    if not _insider(actor):
        return {}
    rows = CoveredCopy.objects.filter(photograph__in=list(photograph_ids)).exclude(state=CopyState.DRAFT)
    related = ("approval", "stored", "signing", "photograph__visit", "photograph__frame", "photograph__record_copy")
    return {copy.photograph_id: copy for copy in rows.select_related(*related).order_by("version")}


def picture_now(actor: Actor, copy: CoveredCopy) -> str:
    """Which picture a copy shows, or its draft would."""
    if copy.state == CopyState.APPROVED:
        return rules.picture_of(copy)
    return rules.picture(copy.record_copy_id, rules.covered(findings(actor, copy.photograph_id)), copy.turn)


def second_looks(actor: Actor, copy_ids: Iterable[UUID]) -> dict[UUID, list[SecondLook]]:
    """What second looks came to, of each of some copies that had any, in order."""
    found: dict[UUID, list[SecondLook]] = {}
    rows = SecondLook.objects.filter(copy__in=list(copy_ids)).order_by("at", "pk") if _insider(actor) else []
    for look in rows:
        found.setdefault(look.copy_id, []).append(look)
    return found


def put_again(actor: Actor, photograph_id: UUID) -> list[Finding]:
    """The findings of a photo that second looks at its copies have put to a person."""
    looks = SecondLook.objects.filter(copy__photograph=photograph_id).values_list("found", flat=True)
    ids = {UUID(one) for found in looks for one in found}
    return [finding for finding in findings(actor, photograph_id) if finding.pk in ids]


def shown_again(actor: Actor, photograph_id: UUID) -> int:
    """How many things in a photo's copy still look like something, and are shown on purpose."""
    return sum(finding.state == Decision.SHOW for finding in put_again(actor, photograph_id))


def recalled(actor: Actor, *, most: int = 20) -> list[CoveredCopy]:
    """The copies that the actor signed for, that were recalled, and that nobody has decided anew since; the newest first."""
    again = Q(pk__in=SecondLook.objects.filter(recalls=True).values("copy")) | Q(pk__in=Recall.objects.values("copy"))
    signed = list(CoveredCopy.objects.filter(again, decided_by=actor.id).order_by("-decided_at")[:most])
    newest = decided(actor, [copy.photograph_id for copy in signed])
    recalls = recalls_of(actor, [copy.pk for copy in signed])
    return [
        newest[copy.photograph_id]
        for copy in signed
        if newest[copy.photograph_id].pk == copy.pk and _holds(copy, newest[copy.photograph_id].photograph, recalls.get(copy.pk))
    ]


def _holds(copy: CoveredCopy, photograph: Photograph, recall: Recall | None) -> bool:
    """Whether a recall is still of the photo as it is now: under the patient for whom its copy was made, or was recalled."""
    return rules.as_now(copy, photograph) or (recall is not None and recall.patient_id == photograph.patient_id)


def recalls_of(actor: Actor, copy_ids: Iterable[UUID]) -> dict[UUID, Recall]:
    """The newest recall of each of some copies that has one, for what is known of the patient by now."""
    rows = Recall.objects.filter(copy__in=list(copy_ids)).order_by("at", "pk") if _insider(actor) else []
    return {recall.copy_id: recall for recall in rows}


def standing(actor: Actor, approval_id: UUID) -> Approval:
    """The approval to show for one that was given: itself while it stands, or the one of a newer copy of the same photo.

    Raises NoCopyStands where none does any more, or the photo is another patient's now.
    """
    given = Approval.objects.select_related("copy").filter(pk=approval_id).first()
    found = approvals(actor, [given.copy.photograph_id]).get(given.copy.photograph_id) if given else None
    if given is None or found is None or found.copy.patient_id != given.copy.patient_id:
        raise NoCopyStands(approval_id)
    return found


def copy_bytes(actor: Actor, approval_id: UUID) -> StoredObject:
    """The object of the covered copy that `standing` gives: for the one function that shows shared pictures. Raises NoCopyStands.

    Raises WrongKey where the object is no covered copy, or another patient's: somebody changed the rows.
    """
    copy = standing(actor, approval_id).copy
    if copy.stored is None or copy.stored.shredded_at:
        raise NoCopyStands(approval_id)
    if copy.stored.holder != str(copy.patient_id) or copy.stored.rendition != Rendition.COVERED:
        raise WrongKey(copy.stored.pk)
    return copy.stored


def coverable(actor: Actor, photograph: Photograph) -> str:
    """The code of why a photo has no covered copy; empty where it can have one."""
    slate = Finding.objects.filter(photograph=photograph, matches=Match.SLATE).exists()
    return rules.why_not(actor, photograph, slate=slate)


def to_decide(actor: Actor, photograph_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many areas are still to decide in each of some photos; photos with none are left out."""
    if not _insider(actor):
        return {}
    rows = Finding.objects.filter(photograph__in=list(photograph_ids), state=Decision.UNDECIDED).order_by()
    return {row["photograph"]: row["count"] for row in rows.values("photograph").annotate(count=Count("pk"))}


def desk_file(actor: Actor, photograph_id: UUID, *, now: datetime) -> Photograph:
    """The photo whose record copy the actor may see on the desk in this sign-in: drawn anew, never its bytes. Raises NotFound."""
    photograph = photographs.photograph(actor, photograph_id)
    permits = DeskPermit.objects.filter(photograph=photograph, person=actor.id, sign_in=actor.sign_in, until__gt=now)
    if not actor.sign_in or not any(rules.as_now(permit, photograph) for permit in permits):
        raise NotFound(photograph_id)
    return photograph


def on_desk(actor: Actor, photograph_ids: Iterable[UUID], *, now: datetime) -> set[UUID]:
    """The photos of some that the actor has open in this sign-in, so that their bytes may be asked for."""
    rows = DeskPermit.objects.filter(photograph__in=list(photograph_ids), person=actor.id, sign_in=actor.sign_in, until__gt=now)
    return set(rows.values_list("photograph", flat=True)) if actor.sign_in else set()


def findings(actor: Actor, photograph_id: UUID) -> list[Finding]:
    """What was found or drawn in a photo, by number."""
    return list(Finding.objects.filter(photograph=photograph_id).order_by("number")) if _insider(actor) else []


def draft_of(actor: Actor, photograph_id: UUID) -> CoveredCopy | None:
    """The draft of a photo's covered copy; None where nobody has begun one since the last."""
    return CoveredCopy.objects.filter(photograph=photograph_id, state=CopyState.DRAFT).first() if _insider(actor) else None


def set_aside(actor: Actor, photograph_id: UUID) -> SetAside | None:
    """What was kept for the actor alone of a photo as it is now; None where there is nothing, or somebody has signed for it since."""
    found = SetAside.objects.filter(photograph=photograph_id, person=actor.id).select_related("photograph").first()
    signed = decided(actor, [photograph_id]).get(photograph_id) if found else None
    if found is None or not rules.as_now(found, found.photograph) or (signed and signed.decided_at and signed.decided_at > found.at):
        return None
    return found


def copy(actor: Actor, copy_id: UUID) -> CoveredCopy:
    """A covered copy, whatever became of it. Raises NotFound."""
    found = CoveredCopy.objects.select_related("stored").filter(pk=copy_id).first() if _insider(actor) else None
    if found is None:
        raise NotFound(copy_id)
    return found


def newest_copy(actor: Actor, photograph_id: UUID) -> CoveredCopy | None:
    """The newest covered copy of a photo, whatever became of it."""
    return CoveredCopy.objects.filter(photograph=photograph_id).order_by("-version").first() if _insider(actor) else None


def copies_of(actor: Actor, photograph_id: UUID) -> list[StoredObject]:
    """Every covered copy of a photo that still has its key: who disposes of the photo disposes of these with it."""
    if not _insider(actor):
        return []
    kept = CoveredCopy.objects.filter(photograph=photograph_id, stored__isnull=False).values("stored")
    return list(StoredObject.objects.filter(pk__in=kept, shredded_at=None))


def looks(actor: Actor, photograph: Photograph) -> list[Look]:
    """The stages that the computer, with the finders of now, has looked at in a photo as it is now, in order."""
    rows = Look.objects.filter(_as_now(photograph), generation=settings.SAFELIGHT_FINDERS_GENERATION)
    return list(rows.order_by("at", "pk")) if _insider(actor) else []


def finder_state(actor: Actor, photograph: Photograph, *, now: datetime) -> rules.FinderState:
    """What the computer's look at a photo as it is now has come to."""
    first = _permits_as_now(photograph).order_by("at").values_list("at", flat=True).first()
    return rules.finder_state(looks(actor, photograph), since=first, now=now)


def opened(actor: Actor, photograph: Photograph) -> bool:
    """Whether the actor has opened a photo on the desk as it is now."""
    return _permits_as_now(photograph).filter(person=actor.id).exists()


def sign_off(actor: Actor, photograph: Photograph) -> SignOff | None:
    """The newest senior sign-off of a photo as it is now."""
    rows = SignOff.objects.filter(_as_now(photograph)).order_by("-at")
    return rows.first() if _insider(actor) else None


def locked(actor: Actor, photograph_ids: Iterable[UUID]) -> list[Photograph]:
    """Some photos with what rules ask of them, locked until the action ends: who else covers, moves or looks waits. Raises NotFound."""
    wanted = set(photograph_ids)
    rows = Photograph.objects.filter(pk__in=wanted).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
    found = list(rows.select_related("visit", "frame", "record_copy"))  # read when nobody can move them any more, not before
    if not _insider(actor) or len(found) != len(wanted):
        raise NotFound(*wanted)
    return found


def _permits_as_now(photograph: Photograph) -> QuerySet[DeskPermit]:
    return DeskPermit.objects.filter(_as_now(photograph))


def _as_now(photograph: Photograph) -> Q:
    return Q(photograph=photograph.pk, patient=photograph.patient_id, record_copy=photograph.record_copy_id)
