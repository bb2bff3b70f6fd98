"""What an actor may know of visits and slates, and when a visit shows a slate."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from safelight.access import queries as access
from safelight.consent import queries as consents
from safelight.consent.models import Purpose, WhoAgreed
from safelight.kernel.actor import Actor, ActorKind, Role
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.photographs.models import EXEMPT, Slate, Visit
from safelight.photographs.sites import SITES, SiteSaid
from safelight.photographs.slates import code
from safelight.photographs.visit_errors import NoPhotosAgreed, SlateOver, WardRouteLocked

# Shorter than the ten minutes after which a page that nobody touches stops asking: no old token stays in sight.
LIT_FOR = timedelta(minutes=9, seconds=30)
DECIDED_WITHIN = timedelta(hours=12)
ADULT = 18


def _visits(actor: Actor) -> QuerySet[Visit]:
    rows = Visit.objects.select_related("check_out__camera", "consent")
    return rows if actor.kind in {ActorKind.STAFF, ActorKind.WORKER, ActorKind.OPERATOR} else rows.none()


def _slates(actor: Actor) -> QuerySet[Slate]:
    return Slate.objects.select_related("visit").filter(visit__in=_visits(actor))


def visit(actor: Actor, visit_id: UUID, *, now: datetime) -> Visit:
    """A visit of a patient whom the actor may see. Raises NotFound, NoCareRelationship."""
    found = _visits(actor).filter(pk=visit_id).first()
    if found is None:
        raise NotFound(visit_id)
    access.require(actor, found.patient_id, now=now)
    return found


def slate(actor: Actor, slate_id: UUID, *, now: datetime) -> Slate:
    """A slate of a patient whom the actor may see. Raises NotFound, NoCareRelationship."""
    found = _slates(actor).filter(pk=slate_id).first()
    if found is None:
        raise NotFound(slate_id)
    access.require(actor, found.visit.patient_id, now=now)
    return found


def last_visit(actor: Actor, patient_id: UUID) -> Visit | None:
    """The patient's latest visit, for the form that takes site and reason from it. Raises NotFound."""
    rows = _visits(actor).filter(patient__in=patients.same_patient(actor, patient_id))
    return rows.order_by("-opened_at", "-pk").first()


def visits_of(actor: Actor, patient_id: UUID, *, since: datetime) -> list[Visit]:
    """The patient's visits since some moment, newest first, under whatever pseudonym they were begun: who came without a name was
    asked then. Raises NotFound.
    """
    return visits_under(actor, patients.same_patient(actor, patient_id), since=since)


def visits_under(actor: Actor, pseudonyms: Collection[UUID], *, since: datetime) -> list[Visit]:
    """The visits since some moment of a patient all of whose pseudonyms are at hand, newest first."""
    return list(_visits(actor).filter(patient__in=pseudonyms, opened_at__gte=since).order_by("-opened_at", "-pk"))


def visits_by(actor: Actor, *, since: datetime) -> list[Visit]:
    """The visits that the actor opened since some moment, newest first."""
    return list(_visits(actor).filter(opened_by=actor.id, opened_at__gte=since).order_by("-opened_at", "-pk"))


def slates_named(actor: Actor, codes: Iterable[str]) -> list[Slate]:
    """The slates with these texts: what was read on frames. The END slate is none."""
    return list(_slates(actor).filter(code__in=list(codes)).order_by("shown_at", "pk"))


def slates_between(actor: Actor, *, since: datetime, until: datetime) -> list[Slate]:
    """Every slate that was made between two moments, in order: those a camera that was out then may have had before it."""
    return list(_slates(actor).filter(shown_at__gte=since, shown_at__lte=until).order_by("shown_at", "pk"))


def slates_of(actor: Actor, visit_id: UUID) -> list[Slate]:
    """The slates of a visit, in order."""
    return list(_slates(actor).filter(visit=visit_id).order_by("shown_at", "pk"))


def paper_slate(actor: Actor, visit_id: UUID) -> Slate | None:
    """The paper slate of a visit that was printed last."""
    return _slates(actor).filter(visit=visit_id, on_paper=True).order_by("-shown_at", "-pk").first()


def visit_by_short_code(actor: Actor, typed: str, *, now: datetime) -> Visit | None:
    """The visit whose slate shows this short code, as a person types it: among the visits of the last 12 hours, and only if it is one."""
    meant = code.short_code_typed(typed)
    if meant is None:
        return None
    since = now - settings.SAFELIGHT_SLATE_GOOD_FOR
    begins = code.text_of(meant.ljust(12, "0"))[: len("SFL1-") + len(meant)]
    found = set(_slates(actor).filter(code__startswith=begins, visit__opened_at__gte=since).values_list("visit", flat=True))
    if len(found) != 1:
        return None
    one = _visits(actor).get(pk=found.pop())
    return one if one.patient_id in access.may_see_many(actor, [one.patient_id], now=now) else None


def sites_of(visit_row: Visit) -> tuple[SiteSaid, ...]:
    """The body sites of a visit."""
    return tuple(SiteSaid(str(each["site"]), str(each["laterality"])) for each in visit_row.sites)


def good_until(visit_row: Visit) -> datetime:
    """When the visit's slates end at the latest; they end before that when its camera is back."""
    until: datetime = visit_row.opened_at + settings.SAFELIGHT_SLATE_GOOD_FOR
    return until


def is_over(visit_row: Visit, *, now: datetime) -> bool:
    """Whether a visit makes no slates any more by its age or its camera; whether the patient still agrees is asked of consent."""
    back = visit_row.check_out is not None and visit_row.check_out.back_at is not None
    return back or now >= good_until(visit_row)


def may_show(actor: Actor, visit_row: Visit) -> bool:
    """Whether the actor may show the visit's slate: evidence is the photographer's (C9)."""
    return actor.has(Role.PHOTOGRAPHER) if visit_row.evidential else actor.has(Role.PHOTOGRAPHER, Role.CLINICIAN)


def that_may_take(actor: Actor, visit_id: UUID, *, now: datetime) -> Visit:
    """A visit of which the actor may show a slate now. Raises NotFound, NoCareRelationship, WardRouteLocked, SlateOver, NoPhotosAgreed."""
    found = visit(actor, visit_id, now=now)
    if not may_show(actor, found):
        raise WardRouteLocked(visit_id)
    if is_over(found, now=now):
        raise SlateOver(visit_id)
    if not agreed(actor, found, at=now):
        raise NoPhotosAgreed(visit_id)
    return found


def agreed(actor: Actor, visit_row: Visit, *, at: datetime) -> bool:
    """Whether photos of this visit that were taken then may be kept: the patient agreed, or the kind needs no consent (B1, B10)."""
    if visit_row.recording in EXEMPT:
        return True
    patient = patients.patient(actor, visit_row.patient_id).pk
    return consents.allows(actor, patient, Purpose.TAKE_AND_KEEP, at=at) or _decided_soon_after(actor, visit_row, patient, at=at)


def _decided_soon_after(actor: Actor, visit_row: Visit, patient: UUID, *, at: datetime) -> bool:
    """Whether it was written down within a shift that these photos, which could not wait, are in the patient's best interests (B7).

    Only where nothing had been said until then: what the patient agreed to, refused or took back stands.
    """
    decided = visit_row.consent
    if decided is None or decided.who_agreed != WhoAgreed.BEST_INTERESTS or not at < decided.asked_at <= at + DECIDED_WITHIN:
        return False
    unasked = all(each.asked_at > at for each in consents.consents_of(actor, patient))
    return unasked and consents.allows(actor, patient, Purpose.TAKE_AND_KEEP, at=decided.asked_at)


def intimate(sites: Iterable[SiteSaid]) -> bool:
    """Whether any of the sites is intimate (C7)."""
    return any(SITES[said.site].intimate for said in sites if said.site in SITES)


def under_age(born: date | None, *, today: date) -> bool:
    """Whether a person may be under 18 (F6). Nobody knows where no birth date is known, so they may be."""
    if born is None:
        return True
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years < ADULT
