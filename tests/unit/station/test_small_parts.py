"""Journal, identity, words, names, and the kinds of card."""

import io
import json
import os
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console
from tests.factories import cards

from handover.manifest import CardKind
from handover.reasons import SAYS, Left
from station.card import opened
from station.home import Identity, NotEnrolled, NotSafe, check_address
from station.journal import Journal
from station.medium import stretches
from station.mounting import CannotOpen
from station.outcome import Fate, Outcome, State
from station.words import STEPS, Screen

DIGEST = "a" * 64
ME = Identity(server="https://photos.example", station="00000000-0000-0000-0000-000000000007", credential="secret", vkey="key")


def test_the_journal_remembers_what_was_begun_until_the_certificate(tmp_path):
    Journal(tmp_path).note("CARD-A", "DCIM/1.JPG", 10, DIGEST)
    Journal(tmp_path).note("CARD-B", "DCIM/1.JPG", 10, "b" * 64)
    again = Journal(tmp_path)
    assert again.digest_of("CARD-A", "DCIM/1.JPG", 10) == DIGEST
    assert again.digest_of("CARD-A", "DCIM/1.JPG", 11) is None
    assert again.digest_of("CARD-A", "DCIM/2.JPG", 10) is None
    assert again.gone("CARD-A", ["DCIM/1.JPG"]) == set()
    assert again.gone("CARD-A", []) == {DIGEST}
    again.settle("CARD-A", [])
    # Another card's lines stay: it may have come out half overwritten.
    assert Journal(tmp_path).gone("CARD-B", []) == {"b" * 64}
    assert Journal(tmp_path).gone("CARD-A", []) == set()
    Journal(tmp_path).settle("CARD-B", ["DCIM/1.JPG"])
    assert Journal(tmp_path).digest_of("CARD-B", "DCIM/1.JPG", 10) == "b" * 64
    Journal(tmp_path).settle("CARD-B", [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.goal("S8")
def test_the_journal_holds_no_name(tmp_path):
    Journal(tmp_path).note("CARD-A", "DCIM/SMITH_JOHN.JPG", 10, DIGEST)
    text = (tmp_path / "erasing").read_text()
    assert "SMITH" not in text
    assert (tmp_path / "erasing").stat().st_mode & 0o777 == 0o600


def test_a_line_that_was_cut_by_a_power_cut_is_passed_over(tmp_path):
    Journal(tmp_path).note("CARD-A", "1.JPG", 10, DIGEST)
    with (tmp_path / "erasing").open("a") as file:
        file.write("0123 4")
    assert Journal(tmp_path).gone("CARD-A", []) == {DIGEST}


def test_the_identity_is_for_its_owner_alone_and_whole(tmp_path):
    home = tmp_path / "home"
    with pytest.raises(NotEnrolled):
        Identity.load(home)
    ME.save(home)
    ME.save(home)
    assert Identity.load(home) == ME
    assert (home / "identity.json").stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in home.iterdir()] == ["identity.json"]
    (home / "identity.json").write_text('{"server": 1}')
    with pytest.raises(NotEnrolled):
        Identity.load(home)


@pytest.mark.asvs("12.3.1")
@pytest.mark.parametrize(
    "address", ["http://photos.example", "http://10.0.0.1", "ftp://localhost", "photos.example", "http://localhost.evil.example"]
)
def test_a_credential_never_leaves_the_machine_in_the_clear(tmp_path, address):
    with pytest.raises(NotSafe):
        check_address(address)
    said = {"server": address, "station": ME.station, "credential": "secret", "vkey": "key"}
    (tmp_path / "identity.json").write_text(json.dumps(said))
    with pytest.raises(NotSafe):
        Identity.load(tmp_path)


@pytest.mark.parametrize("address", ["https://photos.example/", "http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"])
def test_https_and_loopback_are_safe(address):
    assert check_address(address) == address.rstrip("/")


def said(outcome: Outcome) -> str:
    screen = Screen(Console(file=io.StringIO(), width=200))
    screen.done(outcome)
    return screen.console.file.getvalue()


def an_outcome(*fates: Fate, **how) -> Outcome:
    return Outcome("folder", {Path(str(number)): fate for number, fate in enumerate(fates)}, empty=True, **how)


def erased() -> Fate:
    return Fate("1.JPG", DIGEST, is_photo=True, state=State.ERASED)


def test_says_that_the_card_is_empty_only_when_it_is():
    assert "You can take the card out. 1 photo is safe. The card is empty." in said(an_outcome(erased()))
    left = Fate("2.JPG", DIGEST, is_photo=True, state=State.LEFT, why=Left.UNSTABLE)
    words = said(an_outcome(erased(), erased(), left))
    assert "2 photos are safe and erased from it." in words
    assert f"1 left: {SAYS[Left.UNSTABLE]}" in words
    assert "empty." not in words.splitlines()[0]
    assert "can still be read" in said(an_outcome(erased(), residue=1))
    changed = an_outcome(erased())
    changed.empty = False
    assert "Put it in again" in said(changed)


def test_says_each_step_once():
    screen = Screen(Console(file=io.StringIO(), width=200))
    for step in STEPS:
        screen.step(step, 1, 2)
        screen.step(step, 1, 2)
    lines = screen.console.file.getvalue().splitlines()
    assert len(lines) == len(STEPS)
    assert all(line.startswith("Leave the card in. ") for line in lines)


def test_a_folder_is_a_card_that_is_never_filled_up(tmp_path):
    with opened(tmp_path) as card:
        assert (card.kind, card.medium, card.fillable) == (CardKind.FOLDER, None, False)
        with opened(tmp_path) as again:
            assert again.volume == card.volume
        (tmp_path / "other").mkdir()
        with opened(tmp_path / "other") as other:
            assert other.volume != card.volume
        assert list(card.stretches()) == []
        card.forget()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("nothing", None),
        ("short.img", b"x"),
        ("zeros.img", bytes(4096)),
        ("ext4.img", bytes(1080) + b"\x53\xef" + bytes(4096)),
        ("mbr.img", bytes(446) + bytes(8) + (1).to_bytes(4, "little") + bytes(52) + b"\x55\xaa" + bytes(4096)),
    ],
)
def test_what_no_camera_writes_is_not_opened(tmp_path, name, data):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(CannotOpen), opened(tmp_path / name):
        pass


def test_a_pipe_is_no_card(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CannotOpen), opened(tmp_path / "pipe"):
        pass


@pytest.mark.goal("R6")
def test_the_stretches_of_a_medium_leave_no_gap(tmp_path):
    medium = tmp_path / "medium"
    medium.write_bytes(os.urandom((9 << 20) + 123))
    pieces = list(stretches(medium))
    whole = b"".join(piece[: 4 << 20] for piece in pieces)
    assert whole == medium.read_bytes()
    assert all(one[-4096:] == two[:4096] for one, two in pairwise(pieces) if len(one) > 4 << 20)


def test_the_factory_writes_a_card(tmp_path):
    assert len(cards.fill(tmp_path, 2)) == 2
