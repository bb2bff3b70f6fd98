"""A finder that fails never looks like one that found nothing, and the others look on."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.simulators import failing_finders as simulated

from safelight.deidentify.finders.asking import STEPS, Lookers, Step
from safelight.photographs.pictures import Kind, Reason
from safelight.photographs.pictures.sandbox import Limits
from safelight.photographs.pictures.walls import Wall

pytestmark = [pytest.mark.slow, pytest.mark.requirement("F1"), pytest.mark.requirement("D9"), pytest.mark.goal("S6")]


def _photo() -> bytes:
    written = BytesIO()
    Image.new("RGB", (400, 400), (200, 150, 130)).save(written, "JPEG")
    return written.getvalue()


PHOTO = _photo()


class Simulated(Lookers):
    def __init__(self, *finders: str, seconds: float = 60) -> None:
        super().__init__(Limits(seconds_a_file=seconds, seconds_to_start=60, workers=1), finders)
        self.program = (str(Path(simulated.__file__)), ",".join(finders))


@pytest.fixture
def looked():
    made: list[Simulated] = []

    def look(*finders: str, data: bytes = PHOTO, seconds: float = 60) -> list[Step]:
        lookers = Simulated(*finders, seconds=seconds)
        made.append(lookers)
        return list(lookers.look(data, Kind.JPEG))

    yield look
    for lookers in made:
        lookers.close()


def _said(steps: list[Step]) -> dict[str, bool]:
    return {step.stage.name: step.stage.failed for step in steps}


def test_a_finder_that_raises_has_failed_and_the_others_look_on(looked):
    steps = looked(simulated.RAISING, simulated.LATE, simulated.NOT_MADE, simulated.HONEST)
    expected = {"raising": True, "first": False, "not-made": True, "honest": False, "second": True, "third": True}
    assert _said(steps) == expected
    assert list(_said(steps)) == list(expected)
    assert [len(step.stage.found) for step in steps] == [0, 1, 0, 1, 0, 0]


@pytest.mark.parametrize("finder", [simulated.DYING, simulated.GREEDY])
def test_what_a_process_owes_when_it_ends_has_failed(looked, finder):
    steps = looked(simulated.HONEST, finder, simulated.LATE)
    said = _said(steps)
    assert said["honest"] is False
    assert said[finder.rpartition(".")[2].lower()] is True
    assert set(said) >= {"first", "second", "third"}


def test_a_frozen_finder_has_failed_after_its_time(looked):
    steps = looked(simulated.HONEST, simulated.FROZEN, seconds=2)
    assert _said(steps) == {"honest": False, "frozen": True}
    assert steps[-1].refusal is Reason.TOO_SLOW


def test_the_next_photo_is_looked_at_by_a_new_process():
    lookers = Simulated(simulated.HONEST, simulated.DYING)
    try:
        first, second = (_said(list(lookers.look(PHOTO, Kind.JPEG))) for _ in range(2))
        assert first == second == {"honest": False, "dying": True}
    finally:
        lookers.close()


def test_one_who_stops_asking_leaves_no_answers_to_the_next():
    lookers = Simulated(simulated.HONEST, simulated.LATE)
    try:
        next(lookers.look(PHOTO, Kind.JPEG))
        assert list(_said(list(lookers.look(PHOTO, Kind.JPEG)))) == ["honest", "first", "second", "third"]
    finally:
        lookers.close()


def test_every_wall_stands_around_what_looks():
    lookers = Simulated(simulated.HONEST)
    try:
        assert lookers.walls() == frozenset(Wall)
    finally:
        lookers.close()


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", Reason.EMPTY), (b"\xff\xd8\xff nothing", Reason.DAMAGED), (PHOTO[:300], Reason.DAMAGED)],
)
def test_what_cannot_be_drawn_was_not_looked_at(looked, data, why):
    steps = looked(simulated.HONEST, data=data)
    assert _said(steps) == dict.fromkeys(STEPS, True)
    assert {step.refusal for step in steps} == {why}


def test_a_video_is_not_looked_at():
    steps = list(Simulated(simulated.HONEST).look(b"....ftypisom", Kind.MP4))
    assert _said(steps) == dict.fromkeys(STEPS, True)


BEGUN = {"width": 400, "height": 300, "left": ["honest"]}
SEEN = {"kind": "face", "edges": [0.1, 0.1, 0.2, 0.2], "confidence": 0.5, "text": "", "finder": "honest", "version": "1", "low": False}


@pytest.mark.parametrize(
    "stage",
    [
        {"stage": "another", "seen": [SEEN]},
        {"stage": "honest", "seen": [SEEN], "left": ["one more"]},
        {"stage": "honest", "seen": [SEEN], "refusal": "damaged"},
        {"stage": "honest", "seen": [SEEN | {"edges": [0.9, 0.1, 0.2, 0.2]}]},
        {"stage": "honest", "seen": [SEEN | {"edges": [0.1, 0.1, 0.0, 0.2]}]},
        {"stage": "honest", "seen": [SEEN | {"edges": [-0.1, 0.1, 0.1, 0.2]}]},
        {"stage": "honest", "seen": [SEEN | {"confidence": 2}]},
        {"stage": "honest", "seen": [SEEN | {"text": "x" * 5000}]},
        {"stage": "honest", "seen": [SEEN | {"finder": "<b>"}]},
        {"stage": "honest", "seen": [SEEN] * 501},
        {"stage": "honest", "more": 1},
    ],
)
def test_believes_nothing_that_is_out_of_form(looked, stage):
    steps = looked("lie", data=b"\n".join(json.dumps(answer).encode() for answer in (BEGUN, stage)))
    assert _said(steps) == {"honest": True}
    assert steps[0].stage.found == ()


def test_believes_what_is_in_form(looked):
    honest = {"stage": "honest", "seen": [SEEN]}
    [step] = looked("lie", data=b"\n".join(json.dumps(answer).encode() for answer in (BEGUN, honest)))
    assert (step.stage.failed, len(step.stage.found), step.stage.width) == (False, 1, 400)
