"""What an actor may know of the record. Access to a patient is asked by the action that reveals; these queries keep outsiders out."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.photographs import rules, visits
from safelight.photographs.models import Permit, Photograph, Scale, Tombstone, Visit
from safelight.photographs.permits import Size
from safelight.photographs.sites import SiteSaid
from safelight.photographs.timeline import Timeline, site_of
from safelight.vault.errors import WrongKey
from safelight.vault.models import StoredObject

PAGE = 60


def _insider(actor: Actor) -> bool:
    return actor.kind in {ActorKind.STAFF, ActorKind.WORKER, ActorKind.OPERATOR}


def visit(actor: Actor, visit_id: UUID) -> Visit:
    """A visit by its id, for actions that ask for access to its patient. Raises NotFound."""
    found = Visit.objects.filter(pk=visit_id).first()
    if not _insider(actor) or found is None:
        raise NotFound(visit_id)
    return found


def photograph(actor: Actor, photograph_id: UUID) -> Photograph:
    """A photo by its id with its visit and camera. Raises NotFound."""
    rows = Photograph.objects.select_related("visit", "camera", "frame", "record_copy", "preview", "raw_of").prefetch_related("raws")
    found = rows.filter(pk=photograph_id).first()
    if not _insider(actor) or found is None:
        raise NotFound(photograph_id)
    return found


def young(actor: Actor, photograph: Photograph) -> bool:
    """Whether the patient was under 18 when the photo was taken, or nobody knows."""
    born = patients.identity(actor, photograph.patient_id).born
    return visits.under_age(born, today=timezone.localdate(photograph.taken_at))


def restricted(actor: Actor, photograph: Photograph) -> bool:
    """Whether a photo is in the restricted tier (F6)."""
    return rules.intimate(photograph) and young(actor, photograph)


def shot(actor: Actor, photograph_id: UUID) -> tuple[Photograph, ...]:
    """All files of one shot, the JPEG first: whichever of them is asked for. Raises NotFound."""
    asked = photograph(actor, photograph_id)
    first = asked.raw_of_id or asked.pk
    rows = Photograph.objects.filter(Q(pk=first) | Q(raw_of=first)).select_related("visit", "record_copy", "preview", "thumb")
    return tuple(sorted(rows, key=lambda one: (one.raw_of_id is not None, one.pk)))


def with_an_older_copy(actor: Actor, frame_id: UUID) -> Photograph | None:
    """The photo of a frame that the vault has received anew since it was filed, with the new copy; None where there is none."""
    rows = Photograph.objects.select_related("frame__stored").filter(frame=frame_id).exclude(record_copy=F("frame__stored"))
    return rows.first() if _insider(actor) else None


def page_of(
    actor: Actor, patient_id: UUID, *, site: SiteSaid | None, before: UUID | None, unsaid: bool = False, most: int = PAGE
) -> Timeline:
    """One page of a patient's photos behind the photo `before`, newest first, RAW files behind their JPEGs. Raises NotFound.

    With `unsaid` those of which nobody has said what they show.
    """
    if not _insider(actor):
        raise NotFound(patient_id)
    same = frozenset(patients.same_patient(actor, patient_id))
    rows = _of_site(same, site)
    if unsaid:
        rows = rows.filter(site_assumed=True).select_related("visit")
    if before is not None:
        last = Photograph.objects.filter(pk=before).values_list("taken_at", "pk").first()
        if last is None:
            raise NotFound(before)
        rows = _older(rows, *last)
    found = list(rows.select_related("thumb").prefetch_related("raws")[: most + 1])
    more = len(found) > most
    older = found[most - 1].pk if more else None
    return Timeline(patient=patient_id, pseudonyms=same, photographs=tuple(found[:most]), older=older)


def neighbours(actor: Actor, of: Photograph) -> tuple[UUID | None, UUID | None]:
    """The photos of the same body site that were taken just after and just before this one."""
    if not _insider(actor):
        return None, None
    rows = _of_site(patients.same_patient(actor, of.patient_id), site_of(of))
    newer = rows.filter(taken_at__gte=of.taken_at).filter(Q(taken_at__gt=of.taken_at) | Q(pk__gt=of.pk)).order_by("taken_at", "pk")
    older = _older(rows, of.taken_at, of.pk)
    return newer.values_list("pk", flat=True).first(), older.values_list("pk", flat=True).first()


def around(actor: Actor, of: Photograph, *, most: int) -> list[tuple[UUID, datetime, str]]:
    """Photos of the same body site, newest first, each with its time and view: at most so many newer than this one, and as many older."""
    if not _insider(actor):
        return []
    rows = _of_site(patients.same_patient(actor, of.patient_id), site_of(of)).values_list("pk", "taken_at", "view")
    newer = list(rows.filter(taken_at__gt=of.taken_at).order_by("taken_at", "pk")[:most])
    return [*reversed(newer), *rows.filter(taken_at__lte=of.taken_at)[:most]]


def filed_under(actor: Actor, photograph_ids: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """Some photos, each with the pseudonym that it was filed under."""
    if not _insider(actor):
        return []
    return list(Photograph.objects.filter(pk__in=list(photograph_ids)).order_by("taken_at", "pk").values_list("pk", "patient_id"))


def first_taken(actor: Actor, of: Photograph) -> datetime:
    """When the same body site was photographed first."""
    rows = _of_site(patients.same_patient(actor, of.patient_id), site_of(of)) if _insider(actor) else Photograph.objects.none()
    return rows.order_by("taken_at", "pk").values_list("taken_at", flat=True).first() or of.taken_at


def newest(actor: Actor, patient_id: UUID, site: SiteSaid) -> list[Photograph]:
    """The newest photo of a body site, if there is one."""
    if not _insider(actor):
        return []
    return list(_of_site(patients.same_patient(actor, patient_id), site)[:1])


def site_unsaid(actor: Actor, patient_id: UUID) -> bool:
    """Whether a patient has photos of which nobody has said what they show."""
    return _insider(actor) and _of_site(patients.same_patient(actor, patient_id), None).filter(site_assumed=True).exists()


def unsaid_by_patient(actor: Actor, frame_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many of some frames are photos of which nobody has said what they show, by their patient."""
    if not _insider(actor):
        return {}
    rows = Photograph.objects.filter(frame__in=list(frame_ids), site_assumed=True, raw_of=None).order_by()
    return {row["patient"]: row["count"] for row in rows.values("patient").annotate(count=Count("pk"))}


def standing_scales(actor: Actor, photograph_ids: Collection[UUID]) -> dict[UUID, Scale]:
    """The scale that stands of each of some photos; those without a ruler are left out."""
    rows = Scale.objects.filter(photograph__in=photograph_ids, ended_at=None) if _insider(actor) else []
    return {scale.photograph_id: scale for scale in rows}


def scales_of(actor: Actor, photograph_id: UUID) -> list[Scale]:
    """The scale that stands, first, and those that were replaced or removed, the latest before the earlier."""
    if not _insider(actor):
        return []
    return list(Scale.objects.filter(photograph=photograph_id).order_by(F("ended_at").desc(nulls_first=True), "-set_at"))


def sites_of(actor: Actor, pseudonyms: Collection[UUID]) -> list[SiteSaid]:
    """The body sites of which a patient, by all pseudonyms, has photos."""
    if not _insider(actor):
        return []
    pairs = Photograph.objects.filter(patient__in=pseudonyms).order_by().values_list("site", "laterality").distinct()
    return [SiteSaid(site, laterality) for site, laterality in sorted(pairs)]


def counts_of_visits(actor: Actor, visit_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many photos of some visits are in the record."""
    if not _insider(actor):
        return {}
    rows = Photograph.objects.filter(visit__in=list(visit_ids)).order_by().values("visit").annotate(count=Count("pk"))
    return {row["visit"]: row["count"] for row in rows}


def tombstones_of(actor: Actor, pseudonyms: Collection[UUID]) -> list[Tombstone]:
    """The photos that were moved out of a patient's record and have not come back, latest first; RAW files are left out."""
    if not _insider(actor):
        return []
    rows = Tombstone.objects.filter(was_under__in=pseudonyms, photograph__raw_of=None).exclude(photograph__patient__in=pseudonyms)
    return list(rows.order_by("-moved_at")[:PAGE])


def permitted(actor: Actor, photograph_id: UUID, size: Size, *, now: datetime) -> StoredObject:
    """The object that an unexpired permit of the actor's sign-in opens. Raises NotFound in every other case.

    Raises WrongKey where the object is another patient's than its photo: somebody changed the rows.
    """
    of_size = {Size.THUMB: "thumb", Size.PREVIEW: "preview", Size.FULL: "record_copy"}[size]
    found = Photograph.objects.select_related(of_size).filter(pk=photograph_id).first()
    if found is None or not actor.sign_in:
        raise NotFound(photograph_id)
    shown_as = patients.patient(actor, found.patient_id).pk
    permits = Permit.objects.filter(sign_in=actor.sign_in, rendition=size, patient=shown_as, until__gt=now)
    stored: StoredObject | None = getattr(found, of_size)
    if stored is None or not any(str(photograph_id) in permit.photographs for permit in permits):
        raise NotFound(photograph_id)
    if stored.holder != str(found.patient_id):
        raise WrongKey(stored.pk)
    return stored


def _of_site(pseudonyms: Collection[UUID], site: SiteSaid | None) -> QuerySet[Photograph]:
    """A patient's photos, those of one that was merged into it too: they stay where they are, so that a merge can be undone."""
    rows = Photograph.objects.filter(patient__in=pseudonyms, raw_of=None).order_by("-taken_at", "-pk")
    return rows.filter(site=site.site, laterality=site.laterality) if site else rows


def _older(rows: QuerySet[Photograph], taken_at: datetime, photograph_id: UUID) -> QuerySet[Photograph]:
    """What comes behind a photo. The first condition alone lets the index find its place."""
    return rows.filter(taken_at__lte=taken_at).filter(Q(taken_at__lt=taken_at) | Q(pk__lt=photograph_id))
