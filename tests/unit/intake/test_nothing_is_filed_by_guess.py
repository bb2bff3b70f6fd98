"""Whatever goes wrong in a session, no photo is filed under a patient whom it does not show."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.intake import an_id
from tests.simulators.sessions import SOUND, STEPS, sessions

from safelight.intake.card import Put
from safelight.intake.rules import sort_card
from safelight.photographs.slates.code import END

pytestmark = [pytest.mark.requirement("C1"), pytest.mark.goal("R1"), pytest.mark.slow]
HONEST_CLOCK = STEPS.filter(lambda step: step[0] != "clock")


def _filed(session) -> dict:
    return {placement.frame: placement.visit for placement in sort_card(session.card) if placement.put is Put.FILED}


def _wrong(session) -> list:
    return [frame for frame, visit in _filed(session).items() if session.truth[frame] is None or visit != an_id(session.truth[frame])]


@settings(max_examples=1500, deadline=None)
@given(sessions(HONEST_CLOCK))
def test_no_photo_comes_under_a_wrong_patient(session):
    assert _wrong(session) == []


@settings(max_examples=500, deadline=None)
@given(sessions(HONEST_CLOCK), st.data())
def test_taking_a_slate_off_the_card_files_nothing_wrongly(session, data):
    codes = {slate.code for slate in session.slates}
    of_slates = [frame for frame in session.frames if frame.reading and frame.reading.slates & codes]
    if of_slates:
        session.frames.remove(data.draw(st.sampled_from(of_slates)))
    assert _wrong(session) == []


@settings(max_examples=500, deadline=None)
@given(sessions(HONEST_CLOCK), st.data())
def test_a_slate_that_shows_no_symbol_files_nothing_wrongly(session, data):
    codes = {slate.code for slate in session.slates}
    of_slates = [place for place, frame in enumerate(session.frames) if frame.reading and frame.reading.slates & codes]
    if of_slates:
        place = data.draw(st.sampled_from(of_slates))
        frame = session.frames[place]
        session.frames[place] = replace(frame, reading=replace(frame.reading, slates=frozenset()))
    assert _wrong(session) == []


@settings(max_examples=500, deadline=None)
@given(sessions())
def test_a_photo_is_filed_only_under_the_nearest_slate_before_it(session):
    """Told without the rules' own code: walk back along folder and number to the first slate; nothing doubtful may lie between."""
    visits = {slate.code: slate.visit for slate in session.slates}
    ordered = sorted(
        (frame for frame in session.frames if frame.number is not None), key=lambda frame: (frame.folder, frame.number, frame.raw)
    )
    for frame, visit in _filed(session).items():
        place = next(place for place, other in enumerate(ordered) if other.frame == frame)
        for other in reversed(ordered[:place]):
            shot = [mate.reading for mate in ordered if mate.pair == other.pair and mate.reading]
            assert shot
            codes = {code for reading in shot for code in reading.slates}
            if codes:
                assert len(codes) == 1
                assert not codes & {END}
                assert visits[codes.pop()] == visit
                break
            assert not any(reading.unread_symbol for reading in shot)
            assert other.video or any(reading.readable for reading in shot)
        else:
            pytest.fail("filed without a slate before it")


@settings(max_examples=300, deadline=None)
@given(sessions(), st.randoms(use_true_random=False))
def test_the_order_in_which_frames_are_read_changes_nothing(session, chance):
    at_once = sort_card(session.card)
    coming = list(session.frames)
    chance.shuffle(coming)
    read, placed = set(), {}
    for frame in coming:
        read.add(frame.frame)
        frames = tuple(one if one.frame in read or one.lost else replace(one, reading=None) for one in coming)
        for placement in sort_card(replace(session.card, frames=frames)):
            if placement.put is not Put.WAITING:
                placed.setdefault(placement.frame, placement)
    assert placed == {placement.frame: placement for placement in at_once}


@settings(max_examples=300, deadline=None)
@given(sessions())
def test_every_frame_that_was_read_has_one_place_and_the_tray_says_why(session):
    placements = sort_card(session.card)
    assert sorted(placement.frame for placement in placements) == sorted(frame.frame for frame in session.frames if frame.reading)
    for placement in placements:
        assert (placement.why is not None) == (placement.put is Put.TRAY)
        assert placement.put is not Put.FILED or placement.visit


def _after_a_slate(session) -> int:
    return sum(1 for frame in session.frames if session.truth[frame.frame] and not frame.reading.slates)


def test_sessions_do_get_filed():
    """The properties above would hold for rules that file nothing: most photos of sound sessions are filed."""
    filed, taken = [], []

    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(sessions(SOUND))
    def count(session):
        filed.append(len(_filed(session)))
        taken.append(_after_a_slate(session))

    count()
    assert sum(filed) > 0.95 * sum(taken) > 100
