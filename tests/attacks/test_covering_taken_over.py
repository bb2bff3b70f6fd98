"""What a photograph could do if it took over the process that covers it: no copy leaves that was not proved."""

from pathlib import Path

import pytest
from django.db import connection
from tests.simulators import hostile_coverer

from safelight.deidentify.covering import CannotCover, Why
from safelight.deidentify.covering.asking import Coverers
from safelight.deidentify.covering.framing import Request, Task
from safelight.photographs.pictures import Kind
from safelight.photographs.pictures.sandbox import Limits
from safelight.photographs.pictures.walls import Wall

pytestmark = [
    *(pytest.mark.requirement("F4"), pytest.mark.requirement("D9"), pytest.mark.goal("S6"), pytest.mark.goal("S7")),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="no database has a part in this: it is shown once"),
]


class TakenOver(Coverers):
    program = (str(Path(hostile_coverer.__file__)),)


@pytest.fixture(scope="module")
def taken_over():
    coverers = TakenOver(Limits(workers=1))
    yield coverers
    coverers.close()


def _asked(data: bytes) -> Request:
    return Request(task=Task.COVER, length=len(data), kind=Kind.JPEG)


def _why(coverers: Coverers, data: bytes) -> Why:
    with pytest.raises(CannotCover) as refusal:
        coverers.copy(data, _asked(data))
    return refusal.value.reason


def test_every_wall_stands_around_what_covers():
    coverers = Coverers(Limits(workers=1))
    try:
        assert coverers.walls() == frozenset(Wall)
    finally:
        coverers.close()


def test_takes_what_is_a_picture_and_nothing_else(taken_over):
    assert taken_over.copy(b"an honest copy", _asked(b"an honest copy"))[1] == hostile_coverer.CLEAN


@pytest.mark.parametrize("answer", [b"a comment", b"a byte behind the end", b"a page", b"nothing", b"another size", b"no word of how"])
def test_hands_out_nothing_that_is_not_proved(taken_over, answer):
    assert _why(taken_over, answer) is Why.NOT_PROVED


@pytest.mark.parametrize("answer", [b"a refusal with a copy", b"another field", b"a long word", b"crash"])
def test_ends_what_answers_out_of_form_and_goes_on(taken_over, answer):
    assert _why(taken_over, answer) is Why.STOPPED
    assert taken_over.copy(b"an honest copy", _asked(b"an honest copy"))[0].width == hostile_coverer.WIDTH
