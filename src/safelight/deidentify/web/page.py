"""The page on which a set of photos is covered: which of them it shows, and its words. Decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from safelight.deidentify.said import Statement
from safelight.deidentify.web.shown import Sheet
from safelight.kernel.errors import NotFound

MOST = 20
SIDE_BY_SIDE = 2
LONGEST_NEXT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Photos to be covered one after the other, two side by side where they are two. `at` is the one whose turn it is, from 1."""

    photos: tuple[UUID, ...]
    at: int
    next: str

    @classmethod
    def of(cls, data: QueryDict) -> "Wanted":
        """What the address asks for. Raises NotFound where it names no photos, or more than a set can have."""
        try:
            photos = tuple(dict.fromkeys(UUID(one) for one in ",".join(data.getlist("photos")).split(",") if one))
        except ValueError:
            raise NotFound from None
        if not 0 < len(photos) <= MOST:
            raise NotFound
        at = data.get("at", "1")
        number = int(at) if at.isascii() and at.isdigit() and len(at) <= len(str(MOST)) else 1
        return cls(photos=photos, at=min(max(number, 1), len(photos)), next=local(data.get("next", "")))

    @property
    def together(self) -> bool:
        return len(self.photos) == SIDE_BY_SIDE

    @property
    def shown(self) -> dict[int, UUID]:
        """The photos of this page by their number in the set."""
        numbered = dict(enumerate(self.photos, 1))
        return numbered if self.together else {self.at: numbered[self.at]}

    @property
    def signs(self) -> bool:
        """Whether this is the page on which the set is signed: its last."""
        return self.together or self.at == len(self.photos)

    @property
    def query(self) -> str:
        """The set as an address names it."""
        return self._query(self.at)

    def address(self, *, at: int | None = None) -> str:
        return f"{reverse('deidentify:set')}?{self._query(at or self.at)}"

    @property
    def done(self) -> str:
        return f"{reverse('deidentify:covered')}?{self._query(1)}"

    def without(self, photo: UUID) -> "Wanted":
        """The same set without one photo."""
        left = tuple(one for one in self.photos if one != photo)
        return Wanted(photos=left, at=min(self.at, max(len(left), 1)), next=self.next)

    def _query(self, at: int) -> str:
        asked = {"photos": ",".join(map(str, self.photos)), "at": str(at), "next": self.next}
        return urlencode({name: value for name, value in asked.items() if value and (name, value) != ("at", "1")}, safe=",/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    number: int
    current: bool
    covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is missing, with where it is."""

    words: str
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the template asks."""

    wanted: Wanted
    sheets: tuple[Sheet, ...]
    covered: frozenset[UUID]
    ticked: frozenset[Statement] = frozenset()
    problems: tuple[Problem, ...] = field(default=())

    @property
    def address(self) -> str:
        return self.wanted.address()

    @property
    def query(self) -> str:
        return self.wanted.query

    @property
    def signs(self) -> bool:
        return self.wanted.signs

    @property
    def next_number(self) -> int:
        return self.wanted.at + 1

    @property
    def which(self) -> str:
        many = len(self.wanted.photos)
        return "" if many == 1 else "Both photos of this set." if self.wanted.together else f"Photo {self.wanted.at} of {many}."

    @property
    def steps(self) -> tuple[Step, ...]:
        if self.wanted.together:
            return ()
        photos = enumerate(self.wanted.photos, 1)
        return tuple(Step(number=number, current=number == self.wanted.at, covered=photo in self.covered) for number, photo in photos)

    @property
    def undecided(self) -> int:
        return sum(len(sheet.undecided) for sheet in self.sheets)

    @property
    def heading(self) -> str:
        found = sum(sheet.found for sheet in self.sheets)
        looking = any(sheet.looking for sheet in self.sheets)
        if found:
            return f"Found {areas(found)} so far" if looking else f"The computer found {areas(found)}"
        if looking:
            return "The computer is looking"
        failed = any(sheet.failed for sheet in self.sheets)
        return "Not checked by the computer" if failed else "The computer found nothing. Look yourself."

    @property
    def left(self) -> str:
        return f"{self.undecided} still to decide" if self.undecided else ""

    @property
    def save(self) -> str:
        return {1: "Save", SIDE_BY_SIDE: "Save both"}.get(len(self.wanted.photos), f"Save all {len(self.wanted.photos)}")

    @property
    def statement(self) -> str:
        number = {1: "this photo", SIDE_BY_SIDE: "both photos"}.get(len(self.wanted.photos), f"all {len(self.wanted.photos)} photos")
        return f"I looked at {number}. Nothing else identifies the patient."


def areas(number: int) -> str:
    """`1 area`, `3 areas`."""
    return "1 area" if number == 1 else f"{number} areas"


def to_decide(numbers: Sequence[int]) -> str:
    """`2 areas still to decide: 1 and 3`."""
    said = [str(number) for number in numbers]
    listed = f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)
    return f"{areas(len(said))} still to decide: {listed}"


def local(address: str) -> str:
    """A path of this site, as it was given; nothing for any other address."""
    ours = address.startswith("/") and address.isprintable() and len(address) <= LONGEST_NEXT
    return address if ours and url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=True) else ""
