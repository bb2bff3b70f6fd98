"""Counting what the finders found against what is there."""

from dataclasses import dataclass, field

from tests.accuracy import truth
from tests.accuracy.truth import Edges, Known

from safelight.deidentify.boxes import Found, Kind


@dataclass(frozen=True)
class Failure:
    """Something missed, misread or false, with where it is."""

    known: Known
    turns: int
    says: str
    edges: Edges
    false: bool


@dataclass
class Tally:
    """Counts of one kind over many pictures."""

    pictures: int = 0
    there: int = 0
    found: int = 0
    read: int = 0
    proposed: int = 0
    true: int = 0
    false_reads: int = 0
    failures: list[Failure] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / (self.there or 1)

    @property
    def strings(self) -> float:
        return self.read / (self.there or 1)

    @property
    def precision(self) -> float:
        return self.true / (self.proposed or 1)

    @property
    def false_a_picture(self) -> float:
        return (self.proposed - self.true) / (self.pictures or 1)


def boxes(found: list[Found], kind: Kind, size: tuple[int, int]) -> list[tuple[Edges, Found]]:
    return [(one.box.pixels(*size), one) for one in found if one.kind is kind and one.box]


def count_faces(tally: Tally, known: Known, turns: int, found: list[Found], size: tuple[int, int]) -> None:
    proposed = [box for box, _ in boxes(found, Kind.FACE, size)]
    tally.pictures += 1
    used: set[int] = set()
    for face in known.faces:
        tally.there += 1
        hits = [number for number, box in enumerate(proposed) if number not in used and truth.same_face(box, face)]
        if hits:
            tally.found += 1
            used.add(max(hits, key=lambda number: truth.shared(proposed[number], face)))
        else:
            tally.failures.append(Failure(known, turns, "face missed", face, false=False))
    for number, box in enumerate(proposed):
        if number in used:
            tally.proposed += 1
            tally.true += 1
        elif not any(truth.same_face(box, place) or truth.centre_in(box, place) for place in known.ignore):
            tally.proposed += 1
            tally.failures.append(Failure(known, turns, "no face", box, false=True))


def count_text(tally: Tally, known: Known, turns: int, found: list[Found], size: tuple[int, int]) -> None:
    proposed = boxes(found, Kind.TEXT, size)
    tally.pictures += 1
    places = sorted({box for box, _ in proposed})
    for edges, string in known.strings:
        tally.there += 1
        share = truth.covered(edges, places)
        tally.found += share >= truth.COVERED
        near = [one.text for box, one in proposed if truth.shared(box, edges) > 0]
        best = max(near, key=lambda text: truth.similarity(text, string), default="")
        read = truth.similarity(best, string) >= truth.SIMILAR
        tally.read += read
        if share < truth.COVERED:
            tally.failures.append(Failure(known, turns, f"missed: {string}", edges, false=False))
        elif not read:
            tally.failures.append(Failure(known, turns, f"misread: {string} as {best}", edges, false=False))
    for box in places:
        on_text = any(truth.about_text(box, edges) for edges, _ in known.strings)
        if on_text or not any(truth.shared(box, place) >= 0.3 * truth.area(box) for place in known.ignore):
            tally.proposed += 1
            tally.true += on_text
            if not on_text:
                read = next(one.text for place, one in proposed if place == box)
                tally.failures.append(Failure(known, turns, f"no text: {read}", box, false=True))


def count_barcodes(tally: Tally, known: Known, turns: int, found: list[Found], size: tuple[int, int]) -> None:
    """Read or not; a symbol that is read where there is none, or as another, is a false read."""
    tally.pictures += 1
    seen = [(box, one) for box, one in boxes(found, Kind.BARCODE, size) if not one.low]
    texts = [one.text for _, one in seen]
    whole = (0.0, 0.0, float(size[0]), float(size[1]))
    if known.payload:
        tally.there += 1
        tally.found += known.payload in texts
        if known.payload not in texts:
            tally.failures.append(Failure(known, turns, f"not read: {known.payload[:40]}", whole, false=False))
    tally.proposed += len(seen)
    for box, one in seen:
        if known.payload and one.text == known.payload:
            tally.true += 1
        else:
            tally.false_reads += 1
            tally.failures.append(Failure(known, turns, f"false read: {one.text[:40]}", box, false=True))
