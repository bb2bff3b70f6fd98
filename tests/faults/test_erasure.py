"""What can be recovered from a card after each way of erasing it; what cannot be proved is said on the screen and in the certificate."""

from pathlib import Path

import pytest
from tests.factories import cards
from tests.faults import carving
from tests.faults.evidence import Tally
from tests.faults.wiped import bring, filled
from tests.simulators.door import Door

pytestmark = [
    pytest.mark.slow,
    pytest.mark.one_database,
    pytest.mark.goal("R6"),
    pytest.mark.requirement("D4"),
    pytest.mark.xdist_group("cards"),
]


def count(tally: Tally, folder: Path, image: Path, photos: dict[str, bytes]) -> None:
    """What three carvers, 4-KiB probes and a search for names still find counts as not finished."""
    found = {tool: carving.recovered_by(tool, image, photos, folder / "after" / tool) for tool in carving.TOOLS}
    probes = carving.probes(image, photos)
    tally.note({"lost": [], "early": 0, "twice": 0}, finished=not any(found.values()) and not probes)
    assert not any(found.values()), found
    assert probes == 0


def test_of_a_whole_card_nothing_can_be_recovered_and_no_name(tmp_path, carved, tally):
    image, photos = filled(tmp_path, carved)
    for tool in carving.TOOLS:  # each of them finds photos while they are there
        assert len(carving.recovered_by(tool, image, photos, tmp_path / "before" / tool)) >= 5
    assert carving.names(image, photos) == len(photos)
    door = Door()
    outcome, said = bring(tmp_path / "home", image, door)
    assert outcome.clean
    count(tally(f"carved after a whole card was wiped, {carved}"), tmp_path, image, photos)
    assert carving.names(image, photos) == 0
    assert "No photo can be recovered through the card's normal interface" in said
    assert "laboratory" in said
    [certificate] = door.certificates
    assert (certificate.filled, certificate.empty, certificate.residue) == (True, True, 0)
    assert "fill free space" in certificate.method


def test_of_single_files_no_photo_can_be_recovered_and_it_is_said_that_names_may(tmp_path, carved, tally):
    """A file that nobody has looked at stays, so the card cannot be filled: the photos go one by one."""
    image, photos = filled(tmp_path, carved, **{"LETTER.DOC": b"a letter" * 4_000})
    door = Door()
    outcome, said = bring(tmp_path / "home", image, door)
    assert (outcome.erased, len(outcome.left)) == (6, 1)
    count(tally(f"carved after single files were erased, {carved}"), tmp_path, image, photos)
    assert "Names of the photos may still be found on it" in said
    [certificate] = door.certificates
    assert (certificate.filled, certificate.empty, certificate.residue) == (False, False, 0)
    assert "fill" not in certificate.method


def test_of_a_folder_nothing_is_promised_beyond_its_files(tmp_path):
    card = tmp_path / "card"
    cards.fill(card, 2)
    outcome, said = bring(tmp_path / "home", card, Door())
    assert outcome.clean
    assert "normal interface" not in said
    assert "Names of the photos may still be found on it" in said
