"""A photo on the desk as its page shows it: boxes in words and numbers. Decides nothing."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from safelight.deidentify.boxes import Box, Kind
from safelight.deidentify.desk import Desk, Shown
from safelight.deidentify.models import CoveredCopy, Decision, How, Match, Source
from safelight.deidentify.rules import FinderState, turned
from safelight.deidentify.said import BoxSaid
from safelight.photographs.models import Photograph
from safelight.photographs.web.shown import alt

PREVIEW_SIDE = 2048
READ_SHOWN = 40
MARKS_ACROSS = 22
WORDS = {Kind.FACE: "Face", Kind.TEXT: "Text", Kind.BARCODE: "Barcode"}
AGAIN = {Kind.FACE: "a face", Kind.TEXT: "text", Kind.BARCODE: "a code"}
LOW, DRAWN = "Perhaps a barcode", "Drawn box"
ORDER = {"faces": "faces", "text": "words", "barcodes": "barcodes", "text-close": "small print"}
Plain = dict[str, str | float | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One box: where it is in the photo before any turn, what it is, and what was said of it."""

    id: str
    number: int
    box: Box | None
    words: str
    note: str
    drawn: bool
    state: str

    @classmethod
    def of(cls, found: Shown) -> "Area":
        drawn = found.source == Source.DRAWN
        return cls(
            id=str(found.id),
            number=found.number,
            box=found.box,
            words=DRAWN if drawn else LOW if found.low else WORDS[found.kind],
            note=_note(found),
            drawn=drawn,
            state=found.state.value,
        )

    @property
    def plain(self) -> Plain:
        """As the page's module reads it."""
        box = self.box or Box(0, 0, 1, 1)
        said: Plain = {"id": self.id, "number": self.number, "x": box.x, "y": box.y, "w": box.w, "h": box.h}
        return said | {"drawn": self.drawn, "state": self.state, "words": self.words, "note": self.note}

    @property
    def json(self) -> str:
        return json.dumps(self.plain)


BLANK = Area(id="", number=0, box=None, words="", note="", drawn=False, state=Decision.UNDECIDED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A box on the numbered picture, in its pixels."""

    number: int
    x: float
    y: float
    w: float
    h: float
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One photo with its boxes. `dispute` holds another person's boxes as the module reads them, `disputed` says who and when; `unkept`
    holds the boxes that this person drew and that are not kept yet.
    """

    id: UUID
    number: int
    name: str
    alt: str
    alone: bool
    width: int
    height: int
    turn: int
    version: int
    areas: tuple[Area, ...]
    carried: tuple[str, ...]
    looking: str
    failed: bool
    again: str
    looking_again: bool
    has_full: bool
    dispute: str = "null"
    disputed: str = ""
    unkept: str = ""

    @classmethod
    def of(cls, desk: Desk, *, number: int, alone: bool) -> "Sheet":
        photo = desk.photograph
        width, height = photo.width or 3, photo.height or 2
        return cls(
            id=photo.pk,
            number=number,
            name="This photo" if alone else f"Photo {number}",
            alt=alt(photo),
            alone=alone,
            width=width,
            height=height,
            turn=desk.draft.turn if desk.draft else 0,
            version=desk.version,
            areas=tuple(Area.of(found) for found in desk.findings if found.kind != Kind.METADATA),
            carried=tuple(found.read for found in desk.findings if found.kind == Kind.METADATA),
            looking=_looking(desk) if desk.finder is FinderState.LOOKING else "",
            failed=desk.finder is FinderState.FAILED,
            again=still_like(desk.again),
            looking_again=desk.looking_again,
            has_full=max(width, height) > PREVIEW_SIDE,
        )

    def as_said(self, said: Iterable[BoxSaid], *, turn: int) -> "Sheet":
        """The same with what a person has said, which is not kept yet."""
        known = {area.id: area for area in self.areas}
        last = max((area.number for area in self.areas), default=0)
        boxes = list(said)
        new = [box for box in boxes if str(box.id) not in known]
        drawn = {
            str(box.id): Area(id=str(box.id), number=last + place, box=box.box, words=DRAWN, note="", drawn=True, state=box.state.value)
            for place, box in enumerate(new, 1)
        }
        areas = [replace(known[str(box.id)], box=box.box, state=box.state.value) for box in boxes if str(box.id) in known]
        said_of = {area.id for area in areas}
        areas += [area for area in self.areas if not area.drawn and area.id not in said_of]  # found since
        unkept = json.dumps([area.plain for area in drawn.values()]) if drawn else ""
        return replace(self, areas=(*areas, *drawn.values()), turn=turn, unkept=unkept)

    @property
    def undecided(self) -> tuple[int, ...]:
        return tuple(sorted(area.number for area in self.areas if area.state == Decision.UNDECIDED))

    @property
    def found(self) -> int:
        return sum(not area.drawn for area in self.areas)

    @property
    def json(self) -> str:
        return json.dumps([area.plain for area in self.areas])

    @property
    def seen_width(self) -> int:
        return self.height if self.turn % 2 else self.width

    @property
    def seen_height(self) -> int:
        return self.width if self.turn % 2 else self.height

    @property
    def mark(self) -> float:
        """How large a number is on the numbered picture, in its pixels."""
        return min(self.width, self.height) / MARKS_ACROSS

    @property
    def transform(self) -> str:
        """How the numbered picture turns the photo (SVG 2, 8.5)."""
        turns = ("", f"translate({self.height} 0) rotate(90)", f"translate({self.width} {self.height}) rotate(180)")
        return (*turns, f"translate(0 {self.width}) rotate(270)")[self.turn % 4]

    @property
    def still(self) -> tuple[Still, ...]:
        wide, high = self.seen_width, self.seen_height
        drawn = [(area, turned(area.box, self.turn)) for area in self.areas if area.box]
        return tuple(
            Still(number=area.number, state=area.state, x=box.x * wide, y=box.y * high, w=box.w * wide, h=box.h * high)
            for area, box in drawn
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A covered copy in words: how it was made, and what is to be known of it before it is shown to somebody.

    One that `stands` can be shared. `recalled` says what turned up in one that was taken back; one that does neither waits for the
    computer's second look, `late` where that should have come. `asks_again`: the page has more to expect.
    """

    photo: UUID
    name: str
    alt: str
    how: str
    covered: str
    again: str
    flagged: bool
    anonymous: bool
    status: str
    stands: bool
    recalled: str
    late: bool
    asks_again: bool

    @property
    def waits(self) -> bool:
        return not self.stands and not self.recalled

    @classmethod
    def of(
        cls,
        photograph: Photograph,
        copy: CoveredCopy,
        number: int,
        *,
        stands: bool,
        recalled: str,
        late: bool,
        asks_again: bool,
        not_checked: bool,
        status: str,
    ) -> "Copied":
        return cls(
            photo=photograph.pk,
            name=f"Photo {number}",
            alt=f"Covered copy: {alt(photograph)}",
            how=How(copy.how).label,
            covered=_counted(len(copy.areas), "area covered", "areas covered"),
            again=_counted(copy.again, "thing that still looks like something is shown", "things that still look like something are shown"),
            flagged=not_checked,
            anonymous=copy.anonymous_by is not None,
            status=status,
            stands=stands,
            recalled=recalled,
            late=late,
            asks_again=asks_again,
        )


def still_like(kinds: Mapping[Kind, int]) -> str:
    """`2 things still look like text, 1 like a face`; nothing for nothing."""
    said = [(number, AGAIN[kind]) for kind, number in kinds.items() if kind in AGAIN]
    said.sort(key=lambda one: -one[0])
    first = [f"{number} {'thing still looks' if number == 1 else 'things still look'} like {what}" for number, what in said[:1]]
    return ", ".join([*first, *(f"{number} like {what}" for number, what in said[1:])])


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""


def within(x: float, y: float, w: float, h: float) -> Box:
    """The box, with the last bits of a fraction kept inside the photo. Raises NotABox for what is none."""
    left, top = min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
    return Box(left, top, min(w, 1 - left), min(h, 1 - top))


def _note(found: Shown) -> str:
    read = f"“{found.read[:READ_SHOWN]}{'…' if len(found.read) > READ_SHOWN else ''}”" if found.read else ""
    if found.matches == Match.NONE:
        return read
    own = "A slate: this photo cannot be shared" if found.matches == Match.SLATE else f"This patient’s {found.matches.label}"
    return f"{own}: {read}" if read else own


def _looking(desk: Desk) -> str:
    done = [ORDER[look.stage] for look in desk.looks if look.stage in ORDER]
    return f"The computer is still looking. Done: {', '.join(done)}." if done else "The computer is looking. You can begin."
