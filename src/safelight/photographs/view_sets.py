"""Which views are wanted of a body site, and which of them is missing (C4). Reads only; advice, on which nothing depends.

1. What is wanted goes by why the photos are taken. The list of the patient's ward goes before the hospital's own, and that before the
   one that comes with the program.
2. Each body site of a visit is a set of its own. A RAW file is no second photo.
3. A view that a person named counts. Where nobody has named any, the photos count in the order in which they were taken.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Min, Value

from safelight.kernel.actor import Actor, ActorKind
from safelight.photographs.models import Photograph, View, ViewSet, WardViewSet
from safelight.photographs.sites import name_of

VIEWS: Final = (View.OVERVIEW, View.REGIONAL, View.CLOSE_UP, View.DERMOSCOPIC)
_Own = dict[tuple[str, str], tuple[View, ...]]
_NEAR: Final = (View.REGIONAL, View.CLOSE_UP)
_COME_WITH_IT: Final[Mapping[str, tuple[View, ...]]] = {
    "skin_lesion": VIEWS,
    "wound": _NEAR,
    "pressure_ulcer": _NEAR,
    "injury": (View.OVERVIEW, View.CLOSE_UP),
    "infection": _NEAR,
    "congenital": (View.OVERVIEW, View.REGIONAL, View.CLOSE_UP),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """The views that one body site of a visit lacks. `assumed` says that nobody has named its views: they were taken by their order."""

    visit: UUID
    site: str
    views: tuple[View, ...]
    assumed: bool

    @property
    def says(self) -> str:
        """In one sentence: "Left forearm: close-up and dermoscopic may be missing"."""
        words = [view.label.lower() for view in self.views]
        said = " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
        return f"{self.site}: {said} {'may be' if self.assumed else 'is' if len(words) == 1 else 'are'} missing"


def wanted(actor: Actor, reasons: Collection[str], *, ward: str = "") -> dict[str, tuple[View, ...]]:
    """(1) The views that are wanted for some reasons, in the order in which they are taken: of a ward's patients, or anywhere else."""
    own = _own(actor, reasons, [ward])
    return {reason: _wanted(own, ward, reason) for reason in reasons}


def own_sets(actor: Actor, ward: str) -> set[str]:
    """The reasons for which a ward has a list of its own."""
    if actor.kind is ActorKind.NOBODY:
        return set()
    return set(WardViewSet.objects.filter(ward=ward).values_list("reason", flat=True))


def _own(actor: Actor, reasons: Collection[str], wards: Collection[str]) -> _Own:
    """What hospital ("") and wards have said, by ward and reason."""
    if actor.kind is ActorKind.NOBODY:
        return {}
    everywhere = ViewSet.objects.filter(reason__in=reasons).annotate(place=Value("")).values_list("place", "reason", "views")
    of_wards = WardViewSet.objects.filter(reason__in=reasons, ward__in=wards).annotate(place=F("ward"))
    rows = everywhere.union(of_wards.values_list("place", "reason", "views"), all=True)
    return {(ward, reason): tuple(View(view) for view in views) for ward, reason, views in rows}


def _wanted(own: _Own, ward: str, reason: str) -> tuple[View, ...]:
    return own.get((ward, reason), own.get(("", reason), _COME_WITH_IT.get(reason, ())))


def suggested(views: Sequence[View], photos: int) -> tuple[View, ...]:
    """What so many photos show if they were taken in the order of the list. What comes after it is another close-up."""
    after = View.CLOSE_UP if View.CLOSE_UP in views else View.UNKNOWN
    return tuple(views[place] if place < len(views) else after for place in range(photos))


def missing(actor: Actor, visits: Iterable[UUID]) -> list[Missing]:
    """What the sets of some visits lack, in the order of their photos. Whoever asks has made sure that the actor may see the patients."""
    if actor.kind not in {ActorKind.STAFF, ActorKind.WORKER, ActorKind.OPERATOR}:
        return []
    rows = Photograph.objects.filter(visit__in=list(visits), raw_of=None).order_by()
    of_one = ("patient__ward", "visit", "site", "laterality", "reason", "view")
    counted = rows.values_list(*of_one).annotate(photos=Count("pk"), first=Min("taken_at"))
    sets: dict[tuple[str, UUID, str, str, str], Counter[View]] = {}
    for ward, visit, site, side, reason, view, photos, _ in counted.order_by("first"):
        sets.setdefault((ward, visit, site, side, reason), Counter())[View(view)] += photos  # (2)
    own = _own(actor, {reason for *_, reason in sets}, {ward for ward, *_ in sets})
    found = []
    for (ward, visit, site, side, reason), views in sets.items():
        asked, assumed = _wanted(own, ward, reason), not any(views)
        have = suggested(asked, views.total()) if assumed else views  # (3)
        lacks = tuple(view for view in asked if view not in have)
        if lacks:
            found.append(Missing(visit, name_of(site, side), lacks, assumed))
    return found
