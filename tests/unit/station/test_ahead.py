"""What was read of a card is sent while the rest is still being read; what cannot be is sent later, and nothing is sent twice."""

import errno
import os
from hashlib import sha256
from threading import Event

import httpx
import pytest
from tests.factories import cards
from tests.simulators.door import NOW, Door, problem

from handover.part import CardPart
from station import ahead, reading
from station.card import opened
from station.job import Job
from station.journal import Journal
from station.outcome import Outcome
from station.reading import CardOut
from station.server import TryLater


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def card(tmp_path):
    (tmp_path / "home").mkdir()
    return tmp_path / "card"


@pytest.fixture
def bring(door, card):
    steps: list[tuple[str, int, int]] = []

    def run() -> Outcome:
        server = door.server()
        with opened(card) as there:
            journal = Journal(card.parent / "home")
            outcome = Job(there, door.identity, server, journal, tell=lambda *step: steps.append(step), now=lambda: NOW).run()
        server.close()
        return outcome

    run.steps = steps
    return run


@pytest.fixture
def gone(door):
    """Where each photo was sent to, in order."""
    places: list[str] = []
    answer = door.answer

    def look(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            places.append("with its card" if "/imports/" in request.url.path else "ahead")
        elif request.url.path.endswith(("/frames", "/cards")):
            places.append(request.url.path.rpartition("/")[2])
        return answer(request)

    door.answer = look
    return places


@pytest.mark.requirement("D2")
def test_photos_are_sent_before_the_card_is_announced_and_none_is_sent_twice(door, card, bring, gone):
    photos = cards.fill(card, 7)
    outcome = bring()
    assert outcome.clean
    assert door.kept == {sha256(data).hexdigest(): data for data in photos.values()}
    assert (gone.count("frames"), gone.count("ahead"), gone.count("with its card"), gone.count("cards")) == (2, 6, 1, 1)
    assert gone.index("frames") < gone.index("cards")
    assert len(door.manifest.frames) == 7
    assert [step for step in bring.steps if step[0] == "send"][-1] == ("send", 7, 7)
    assert all(done <= of == 7 for step, done, of in bring.steps if step == "send")


def test_the_server_is_told_no_name_and_how_much_is_on_the_card(door, card, bring):
    parts = []
    door.before["frames"] = lambda request: parts.append(request.read())
    photos = cards.fill(card, 2)
    (card / "NOTES.TXT").write_text("hello")
    bring()
    assert [CardPart.parse(part).on_card for part in parts] == [sum(map(len, photos.values())) + 5]
    assert all(b"IMG_" not in part for part in parts)


def test_a_photo_that_is_on_the_card_twice_is_told_of_once(door, card, bring, gone):
    photos = cards.fill(card, 2)
    (card / "DCIM/100SAFEL/IMG_0000.JPG").write_bytes(photos["IMG_0001.JPG"])
    assert bring().clean
    assert gone.count("ahead") == 2
    assert gone.count("with its card") == 0


@pytest.mark.parametrize("refused", ["frames", "frame"])
def test_a_server_that_takes_nothing_ahead_gets_all_with_the_card(door, card, bring, gone, refused):
    def no(request: httpx.Request) -> httpx.Response | None:
        if "/imports/" in request.url.path:
            return None
        request.read()
        return problem(404, "kernel.not_found")

    door.before[refused] = no
    photos = cards.fill(card, 4)
    assert bring().clean
    assert set(door.kept.values()) == set(photos.values())
    assert gone.count("with its card") == 4


def test_a_photo_that_the_server_has_is_not_sent(door, card, bring, gone):
    photos = cards.fill(card, 2)
    door.kept[sha256(photos["IMG_0002.JPG"]).hexdigest()] = photos["IMG_0002.JPG"]
    assert bring().clean
    assert gone.count("ahead") + gone.count("with its card") == 1


@pytest.mark.requirement("D3")
@pytest.mark.goal("R4")
def test_a_photo_that_reads_otherwise_ahead_is_read_again_and_never_taken_wrong(door, card, bring, monkeypatch):
    """The bytes that are sent are read anew: where they differ from the first reading, the server says so."""
    photos = cards.fill(card, 2)
    wrong = sha256(photos["IMG_0001.JPG"]).hexdigest()
    said = []

    def once(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith(wrong) and not said:
            said.append(request.read())
            return problem(422, "custody.other_bytes")
        return None

    door.before["frame"] = once
    assert bring().clean
    assert said
    assert set(door.kept.values()) == set(photos.values())


def test_sending_reads_the_card_a_second_time(door, card, bring, monkeypatch):
    fresh, read = reading.read_fresh, []

    def look(path):
        read.append(path.name)
        return fresh(path)

    monkeypatch.setattr(reading, "read_fresh", look)
    monkeypatch.setattr("station.server.read_fresh", look)
    forgot = []
    monkeypatch.setattr("station.card.Card.forget", lambda _card: forgot.append(len(read)))
    cards.fill(card, 2)
    bring()
    assert sorted(read[:2]) == ["IMG_0001.JPG", "IMG_0002.JPG"]  # two photos are read at once
    assert sorted(read[2:4]) == ["IMG_0001.JPG", "IMG_0002.JPG"]
    assert forgot[0] == 2  # what the first reading left in memory was dropped before the second began


def test_the_card_is_walked_once_before_it_is_announced(door, card, bring, monkeypatch):
    """A walk of thousands of files on a slow card is time in which nothing is copied."""
    walk, walked = os.walk, []

    def look(top, **how):
        if "cards" not in door.asked:
            walked.append(top)
        return walk(top, **how)

    monkeypatch.setattr(os, "walk", look)
    cards.fill(card, 2)
    assert bring().clean
    assert walked == [card]


def test_the_card_is_announced_when_every_part_was_told(door, card, bring):
    announced, ended = Event(), []

    def slowly(_request: httpx.Request) -> None:
        announced.wait(0.3)
        ended.append("part")

    def at_once(_request: httpx.Request) -> None:
        announced.set()
        ended.append("card")

    door.before |= {"frames": slowly, "cards": at_once}
    cards.fill(card, 2)
    assert bring().clean
    assert ended == ["part", "card"]


@pytest.mark.requirement("D3")
@pytest.mark.parametrize("word", ["frames", "frame"])
def test_a_server_that_goes_away_meanwhile_erases_nothing(door, card, bring, word):
    def away(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("gone")

    door.before[word] = away
    photos = cards.fill(card, 3)
    with pytest.raises(TryLater):
        bring()
    assert {path.read_bytes() for path in card.rglob("*.JPG")} == set(photos.values())
    assert door.certificates == []


def test_a_card_that_is_pulled_out_meanwhile_is_out_and_what_has_not_begun_is_not_begun(door, card, bring, monkeypatch):
    cards.fill(card, 4)
    first = reading._first_read

    def pulled(path, kind, marks):
        if path.name == "IMG_0004.JPG":
            monkeypatch.setattr("station.card.Card.is_there", lambda _card: False)
            raise OSError(errno.EIO, "pulled")
        return first(path, kind, marks)

    monkeypatch.setattr(reading, "_first_read", pulled)
    with pytest.raises(CardOut):
        bring()
    assert door.manifest is None
    assert len(door.kept) <= 2


def test_parts_grow_so_that_a_large_card_costs_few_of_them(door, card, bring, gone, monkeypatch):
    monkeypatch.setattr(ahead, "PARTS", (1, 2))
    cards.fill(card, 6)
    assert bring().clean
    assert (gone.count("frames"), gone.count("ahead"), gone.count("with its card")) == (3, 5, 1)
