"""A whole card wiped at once: discarded or overwritten, read to its last byte, and given its file system anew."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.factories import cards
from tests.faults import carving, wiped
from tests.faults.evidence import Tally
from tests.faults.reader import NAMES, OddCard, odd_card, photos_of, whys
from tests.faults.wiped import filled
from tests.simulators.door import Door

from handover.reasons import Left
from station import methods
from station.blocks import Fingerprints
from station.card import opened
from station.journal import Journal
from station.mounting import CannotOpen
from station.outcome import Outcome
from station.reading import CardOut, list_card
from station.renewing import Shape, renew

pytestmark = [
    pytest.mark.slow,
    pytest.mark.one_database,
    pytest.mark.goal("R6"),
    pytest.mark.requirement("D4"),
    pytest.mark.xdist_group("cards"),
]


class PowerLost(BaseException):
    """The station dies here."""


def bring(home: Path, what: Path, door: Door, at: Callable[[str, int], None] = lambda *_: None) -> tuple[Outcome, str]:
    """The import of a card that is to be wiped as a whole."""
    return wiped.bring(home, what, door, whole=True, at=at)


def shape(image: Path) -> Shape:
    with image.open("rb") as file:
        return Shape.of(file.read(512))


def test_a_whole_card_is_discarded_and_nothing_can_be_recovered_from_it(tmp_path, carved, tally):
    image, photos = filled(tmp_path, carved)
    before = shape(image)
    door = Door()
    outcome, said = bring(tmp_path / "home", image, door)
    assert (outcome.clean, outcome.erased) == (True, 6)
    counts: Tally = tally(f"carved after a whole card was discarded, {carved}")
    found = {tool: carving.recovered_by(tool, image, photos, tmp_path / "after" / tool) for tool in carving.TOOLS}
    probes, names = carving.probes(image, photos), carving.names(image, photos)
    counts.note({"lost": [], "early": 0, "twice": 0}, finished=not any(found.values()) and not probes and not names)
    assert counts.finished == counts.runs, (found, probes, names)
    assert shape(image) == before
    [certificate] = door.certificates
    assert (certificate.method, certificate.filled, certificate.empty) == (methods.DISCARDED, True, True)
    assert len(certificate.erased) == 6
    assert "Format it once in the camera" in said
    with opened(image) as card:
        assert [path.name for path in card.root.iterdir()] == ["DCIM"]


@pytest.fixture
def card(tmp_path):
    with odd_card(tmp_path) as made:
        yield made


def zeroed(card: OddCard) -> bool:
    """Whether no part of a photo is in the image any more."""
    raw = card.image.read_bytes()
    return not any(data[at : at + 512] in raw for data in card.photos.values() for at in range(0, len(data) - 512, 4_096))


@pytest.mark.goal("R5")
def test_a_card_that_keeps_what_was_discarded_is_overwritten(card, tmp_path):
    """Its reader takes the order and does nothing, or has no such order: the answer to it is not asked."""
    door = Door()
    outcome, _ = bring(tmp_path / "home", card.device, door)
    assert (outcome.clean, outcome.erased) == (True, 3)
    assert zeroed(card)
    [certificate] = door.certificates
    assert certificate.method == methods.OVERWRITTEN


@pytest.mark.goal("R5")
def test_a_card_that_drops_what_is_written_is_not_said_to_be_wiped(card, tmp_path):
    door = Door()
    outcome, said = bring(tmp_path / "home", card.device, door, lambda step, _: card.tell(lie=True) if step == "discard" else None)
    assert whys(outcome) == dict.fromkeys(NAMES, Left.NOT_PROVED)
    assert (outcome.erased, outcome.residue, outcome.clean) == (0, 3, False)
    assert "3 photos can still be read" in said
    [certificate] = door.certificates
    assert (certificate.erased, certificate.residue, certificate.method) == ((), 3, methods.FILES)


@pytest.mark.goal("R1")
@pytest.mark.parametrize("when", ["while it is compared", "after that"])
def test_another_card_in_the_reader_is_not_touched(card, tmp_path, when):
    """Its reader does not tell that the card was changed; what the first one's file system writes at its end goes to the second."""
    other = tmp_path / "other"
    other.mkdir()
    photos = {"IMG_0005.JPG": cards.a_photo(5, size=(600, 400))}
    cards.put(cards.exfat_image(other / "card.img"), photos, other)
    swap = str(other / "card.img")
    if when == "after that":
        with opened(card.device) as there, pytest.raises(CardOut):
            marks = Fingerprints()
            list_card(there, marks, Journal(tmp_path))
            card.tell(swap=swap)
            renew(there, is_of_it=lambda stretch: bool(marks.in_stretch(stretch)), tell=lambda *_: None)
    else:
        with pytest.raises(CardOut):
            bring(tmp_path / "home", card.device, Door(), lambda step, n: card.tell(swap=swap) if (step, n) == ("compare", 3) else None)
    assert photos_of((other / "card.img").read_bytes(), photos) == set(photos)
    assert photos_of(card.image.read_bytes(), card.photos) == set(NAMES)


@pytest.mark.goal("R1")
def test_power_lost_between_discard_and_new_file_system_loses_nothing(tmp_path):
    """What was on the card is confirmed by then. The card has no file system left, and the camera makes one."""
    image, photos = filled(tmp_path, "fat16")
    door = Door()

    def die(step: str, _: int) -> None:
        if step == "prove":
            raise PowerLost

    with pytest.raises(PowerLost):
        bring(tmp_path / "home", image, door, die)
    assert set(door.kept) == cards.digests(photos)
    assert "receipt" in door.asked
    with pytest.raises(CannotOpen, match="Format it in the camera"):
        bring(tmp_path / "home", image, door)


def test_where_something_is_to_stay_the_photos_go_one_by_one(tmp_path):
    image, _ = filled(tmp_path, "fat16", **{"LETTER.DOC": b"a letter" * 4_000})
    door = Door()
    outcome, _ = bring(tmp_path / "home", image, door)
    assert (outcome.erased, len(outcome.left)) == (6, 1)
    [certificate] = door.certificates
    assert certificate.method == methods.FILES
    assert b"a lettera letter" in image.read_bytes()


@pytest.mark.goal("R1")
def test_a_card_that_is_pulled_out_while_it_is_overwritten_is_said_to_be_out(card, tmp_path):
    door = Door()
    with pytest.raises(CardOut):
        bring(tmp_path / "home", card.device, door, lambda step, _: card.tell(dead=True) if step == "overwrite" else None)
    assert set(door.kept) == cards.digests(card.photos)
    assert door.certificates == []
