"""What is typed beside the reader, and how it ends: 0 fine, 1 something left or bad, 2 usage, 75 try later."""

import io
import json
import threading
from dataclasses import replace

import pytest
from rich.console import Console
from tests.factories import cards
from tests.servers.postgresql import free_port
from tests.simulators.door import STATION, Door, problem

from handover.reasons import Left
from handover.receipt import ReceiptRefused
from station import command, watch
from station.home import Identity
from station.mounting import CannotOpen
from station.outcome import Fate, Outcome, State
from station.reading import CardOut
from station.server import Refused, TryLater
from station.words import Screen


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def door(home):
    """A station that is enrolled at a server on loopback."""
    door = Door()
    with door.serving() as address:
        replace(door.identity, server=address).save(home)
        yield door


def run(home, *arguments) -> int:
    return command.main(["--home", str(home), *map(str, arguments)])


def test_a_clean_card_ends_with_0_and_one_json_object(door, home, tmp_path, capsys):
    photos = cards.fill(tmp_path / "card", 2)
    assert run(home, "import", tmp_path / "card", "--json") == 0
    out = capsys.readouterr().out
    said = json.loads(out)
    assert list(said) == ["card", "frames", "erased", "left", "residue", "seconds"]
    assert {frame["sha256"] for frame in said["frames"]} == cards.digests(photos)
    assert all(list(frame) == ["name", "sha256", "state", "reason"] for frame in said["frames"])


def test_a_card_on_which_something_stays_ends_with_1(door, home, tmp_path, capsys):
    cards.fill(tmp_path / "card", 1)
    (tmp_path / "card" / "NOTES.TXT").write_text("hello")
    assert run(home, "import", tmp_path / "card") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "1 left" in said.err


def test_a_refused_station_ends_with_1_and_says_why(door, home, tmp_path, capsys):
    cards.fill(tmp_path / "card", 1)
    door.before["cards"] = lambda _request: problem(401, "custody.unknown_station", "This station was taken off the list.")
    assert run(home, "import", tmp_path / "card") == 1
    assert "taken off the list" in capsys.readouterr().err


def test_a_false_receipt_ends_with_1(door, home, tmp_path, capsys):
    cards.fill(tmp_path / "card", 1)
    door.on_receipt = lambda _request: problem(200, "x")
    assert run(home, "import", tmp_path / "card") == 1
    assert "not genuine" in capsys.readouterr().err


def test_a_full_store_ends_with_75_and_says_so(door, home, tmp_path, capsys):
    cards.fill(tmp_path / "card", 1)
    door.before["cards"] = lambda _request: problem(503, "vault.store_full", "The store is full.")
    assert run(home, "import", tmp_path / "card") == 75
    assert "The store is full. Nothing was erased" in capsys.readouterr().err


def test_a_server_that_is_not_there_ends_with_75(home, tmp_path, capsys):
    Identity(f"http://127.0.0.1:{free_port()}", str(STATION), "secret", Door().identity.vkey).save(home)
    cards.fill(tmp_path / "card", 1)
    assert run(home, "import", tmp_path / "card") == 75
    assert len(list((tmp_path / "card").rglob("*.JPG"))) == 1


@pytest.mark.parametrize(
    "arguments",
    [("import", "/nowhere"), ("enrol", "http://photos.example", "CODE", "--name", "Burns 2")],
)
def test_what_cannot_be_done_as_typed_ends_with_2(door, home, arguments):
    assert run(home, *arguments) == 2


@pytest.mark.parametrize("arguments", [(), ("import",), ("enrol", "https://x"), ("wipe", "/dev/sda")])
def test_what_was_not_typed_right_ends_with_2(home, arguments):
    with pytest.raises(SystemExit) as end:
        run(home, *arguments)
    assert end.value.code == 2


def test_a_station_that_is_not_enrolled_ends_with_2(home, tmp_path, capsys):
    assert run(home, "import", tmp_path) == 2
    assert "not enrolled" in capsys.readouterr().err


class EndOfTest(BaseException): ...


@pytest.fixture
def watched(tmp_path):
    """Watch a folder until the cards run out; each card is brought in by a function that the test gives."""
    screen = Screen(Console(file=io.StringIO(), width=200))

    def look(*ends) -> str:
        todo = list(ends)

        def bring(what):
            if not todo:
                raise EndOfTest
            end = todo.pop(0)
            if isinstance(end, Exception):
                raise end
            return end(what)

        with pytest.raises(EndOfTest):
            watch.watch([tmp_path / "reader"], bring, screen, pause=0.05, later=0.05)
        return screen.console.file.getvalue()

    look.reader = tmp_path / "reader"
    return look


def take(what) -> Outcome:
    """An import that leaves one photo, for a reason."""
    outcome = Outcome("folder")
    for path in sorted(what.rglob("*.JPG"))[1:]:
        path.unlink()
    for path in what.rglob("*.JPG"):
        outcome.fates[path] = Fate(path.name, None, is_photo=True, state=State.LEFT, why=Left.UNSTABLE)
    return outcome


def test_tries_again_when_server_or_card_went_away_and_imports_a_new_card(watched):
    cards.fill(watched.reader, 2)

    def take_and_write_later(what):
        threading.Timer(0.3, lambda: cards.fill(what, 1, first=8)).start()
        return take(what)

    said = watched(TryLater("The server does not answer."), CardOut(), take_and_write_later)
    assert "the work goes on by itself" in said
    assert "The card came out too early" in said
    assert said.count("Put a card in.") == 2


def test_a_photo_that_came_while_the_import_ran_is_not_forgotten(watched):
    cards.fill(watched.reader, 1)

    def take_while_one_comes(what):
        outcome = take(what)
        cards.fill(what, 1, first=7)
        return outcome

    watched(take_while_one_comes)  # ends only because the card is taken again


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (ReceiptRefused("false"), "not genuine"),
        (CannotOpen("The card cannot be read."), "The card cannot be read."),
        (Refused("x", "Off the list.", 401), "Off the list."),
        (OSError(5, "Input/output error"), "have both looked at."),
    ],
)
def test_a_card_that_cannot_be_taken_is_not_tried_for_ever(watched, fault, says):
    cards.fill(watched.reader, 1)
    threading.Timer(0.4, lambda: cards.fill(watched.reader, 1, first=9)).start()
    assert says in watched(fault)
