"""How often photos may be worth taking again, by who took them (A6): for teaching, and for whoever names those who may. Reads only."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.kernel.actor import Actor
from safelight.photographs import rules
from safelight.photographs.models import Photograph, Recording
from safelight.photographs.quality.hints import WORTH_TAKING_AGAIN, Hint, known

FEWEST = 10


@dataclass(frozen=True, slots=True)
class Craft:
    """One person's photos within some time: how many, and of how many the computer says that they may be worth taking again.

    `often` is what it says most often. `unscaled` of the `visits` show a ruler in none of their photos. Who opened the visit counts
    as who took its photos. A RAW file goes with its JPEG; videos and the exempt kinds (B10) are in no figure.
    """

    person: UUID
    photos: int
    doubtful: int
    often: Hint | None
    visits: int
    unscaled: int

    @property
    def score(self) -> int | None:
        """Of a hundred photos, those of which nothing was said. None of fewer than ten photos, which say nothing about a person."""
        return None if self.photos < FEWEST else round(100 * (self.photos - self.doubtful) / self.photos)


def everybodys(actor: Actor, *, since: datetime) -> list[Craft]:
    """Of everybody whose photos were filed since some moment, the lowest score first. Empty for who may not see it."""
    return sorted(_crafts(since).values(), key=_lowest_first) if rules.may_compare_people(actor) else []


def ones_own(actor: Actor, *, since: datetime) -> Craft | None:
    """The actor's own; None without a photo."""
    return _crafts(since, opened_by=actor.id).get(actor.id)


def _crafts(since: datetime, **who: UUID) -> dict[UUID, Craft]:
    rows = Photograph.objects.filter(
        filed_at__gte=since,
        raw_of=None,
        preview__isnull=False,
        visit__recording=Recording.PHOTO,
        **{f"visit__{name}": one for name, one in who.items()},
    )
    said: dict[UUID, dict[UUID, list[tuple[Hint, ...]]]] = defaultdict(lambda: defaultdict(list))
    for person, visit, hints in rows.order_by().values_list("visit__opened_by", "visit_id", "hints"):
        said[person][visit].append(known(hints))
    return {person: _craft(person, list(visits.values())) for person, visits in said.items()}


def _craft(person: UUID, visits: list[list[tuple[Hint, ...]]]) -> Craft:
    photos = [[hint for hint in WORTH_TAKING_AGAIN if hint in hints] for visit in visits for hints in visit]
    counted = Counter(hint for hints in photos for hint in hints)
    return Craft(
        person=person,
        photos=len(photos),
        doubtful=sum(map(bool, photos)),
        often=max(WORTH_TAKING_AGAIN, key=counted.__getitem__) if counted else None,
        visits=len(visits),
        unscaled=sum(all(Hint.NO_SCALE in hints for hints in visit) for visit in visits),
    )


def _lowest_first(one: Craft) -> tuple[bool, int, int]:
    return one.score is None, one.score or 0, -one.photos
