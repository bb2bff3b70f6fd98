"""Two photos of a patient side by side."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from safelight.access import queries as access
from safelight.access.actions.name_patients import name_patients
from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.photographs import queries, series
from safelight.photographs.actions.view_photograph import view_photograph
from safelight.photographs.measuring import Line, Ruler, across
from safelight.photographs.models import Photograph, Scale
from safelight.photographs.sites import SITES, SiteSaid, name_of
from safelight.photographs.timeline import site_in, site_of, slug
from safelight.photographs.web.shown import alt, moment, why_not

SIDES = ("a", "b")


@dataclass(frozen=True, slots=True)
class DayLink:
    """Another date for one side. `here` is the one that is shown, `taken` the one on the other side."""

    address: str
    day: series.DayShown
    here: bool
    taken: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two photos, and where its other dates lead. `across` is how many millimetres it shows from side to side, 0 where
    one of the two has no ruler: a bar beside one alone would be taken for both.
    """

    name: str
    number: int
    photo: Photograph
    alt: str
    why_not: str
    when: str
    day: int
    days: tuple[DayLink, ...]
    older: str
    newer: str
    across: float


@require_safe
def compare(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Two photos, large: each an entry of its own."""
    by, now, zone = request.actor, clock.now(), timezone.get_default_timezone()
    patient = patients.patient(by, patient_id)
    access.require(by, patient.pk, now=now)
    asked = _site(request.GET.get("site", ""))
    one, other = (_photograph(request.GET.get(side, "")) for side in SIDES)
    found = series.two_of(by, patient.pk, one=one, other=other, site=asked, zone=zone)
    for photograph in found:
        view_photograph(by=by, photograph_id=photograph.pk, now=now, new_id=uuid4())
    if not found:
        name_patients(by=by, patients=[patient.pk], now=now)
    rulers = _across(by, found)
    sides = [_side(request, patient.pk, found, number, millimetres=rulers[number]) for number in range(2)] if len(found) == 2 else []  # noqa: PLR2004 - a pair
    shown = {
        "banner": patients.banner(by, patient.pk, today=timezone.localdate(now)),
        "ground": access.ground(by, patient.pk, now=now),
        "patient": patient.pk,
        "sides": sides,
        "heading": _heading(found) or (name_of(asked.site, asked.laterality) if asked else "Photos"),
        "slug": slug(site_of(found[-1])) if found else slug(asked) if asked else "",
        "active": request.GET.get("side") if request.GET.get("side") in SIDES else "b",
        "swapped": _address(patient.pk, found[1].pk, found[0].pk) if sides else "",
    }
    return render(request, "photographs/compare.jinja", shown, using="jinja")


def _side(request: StaffRequest, patient: UUID, found: list[Photograph], number: int, *, millimetres: float) -> Side:
    photo, other, name = found[number], found[1 - number], SIDES[number]
    shown = series.days(request.actor, photo, zone=timezone.get_default_timezone())
    before, after = series.beside(shown)

    def to(photograph: UUID | None) -> str:
        if photograph is None:
            return ""
        pair = (photograph, other.pk) if number == 0 else (other.pk, photograph)
        return f"{_address(patient, *pair)}&side={name}"

    return Side(
        name=name,
        number=number + 1,
        photo=photo,
        alt=alt(photo),
        why_not=why_not(photo, photo.preview),
        when=moment(photo.taken_at),
        day=next((each.number for each in shown if each.here), 0),
        days=tuple(DayLink(to(each.photograph), each, each.here, each.photograph == other.pk) for each in shown),
        older=to(before),
        newer=to(after),
        across=millimetres,
    )


def _across(by: Actor, found: list[Photograph]) -> list[float]:
    scales = queries.standing_scales(by, [photo.pk for photo in found])
    rulers = [(photo, scales.get(photo.pk)) for photo in found]
    known = [_millimetres(photo, scale) for photo, scale in rulers if scale]
    return known if len(known) == len(found) and all(known) else [0.0] * len(found)


def _millimetres(photo: Photograph, scale: Scale) -> float:
    if not photo.width or not photo.height:
        return 0.0
    ruler = Ruler(Line(scale.x0, scale.y0, scale.x1, scale.y1), scale.millimetres)
    return round(across(ruler, photo.width, photo.height), 2)


def _address(patient: UUID, one: UUID, other: UUID) -> str:
    return f"{reverse('photographs:compare', args=[patient])}?a={one}&b={other}"


def _heading(found: list[Photograph]) -> str:
    """The site over time, or both sites where somebody compares one with the other."""
    names = list(dict.fromkeys(name_of(photo.site, photo.laterality) for photo in found))
    return " and ".join([names[0], *(name[:1].lower() + name[1:] for name in names[1:])]) if names else ""


def _site(text: str) -> SiteSaid | None:
    said = site_in(text)
    if text and said.site not in SITES:
        raise NotFound
    return said if text else None


def _photograph(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None
