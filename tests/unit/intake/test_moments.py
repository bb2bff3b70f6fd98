"""When a photo was taken, by our clock, and what slates tell of the camera's."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.factories.intake import NINE, Roll, an_id

from safelight.intake.card import Card, Device, Reading
from safelight.intake.matching import CLOCK_TOLERANCE
from safelight.intake.moments import by_hand, clock_measured, clocks_of, moments
from safelight.intake.rules import sort_card

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def told(roll):
    card = roll.card
    found = moments(card, sort_card(card))
    return [found[frame.frame] for frame in card.frames if frame.frame in found]


def test_corrects_the_cameras_clock_by_the_register():
    roll = Roll(off=HOUR, told_ahead=HOUR)
    roll.slate("A")
    roll.photos()
    assert told(roll) == [roll.now]


def test_corrects_a_clock_that_was_never_compared_by_its_slates():
    roll = Roll(off=HOUR, told_ahead=None)
    roll.slate("A")
    roll.photos()
    roll.slate("B")
    roll.photos()
    assert all(abs(moment - true) <= MINUTE for moment, true in zip(told(roll), (NINE + 70 * timedelta(seconds=1), roll.now), strict=True))


def test_is_never_before_the_slate_was_made_nor_after_the_card_was_put_in():
    early = Roll(off=-MINUTE, told_ahead=timedelta(0))
    early.slate("A")
    early.photos()
    assert told(early) == [early.slates[0].shown_at]
    late = Roll(off=2 * MINUTE, told_ahead=timedelta(0))
    late.slate("A")
    late.photos()
    assert told(late) == [late.card.put_in]


def test_a_video_has_the_moment_of_what_lies_before_it():
    roll = Roll()
    roll.slate("A")
    roll.photos()
    roll.shoot(of="A", video=True, camera=None, taken=None, readable=False)
    assert told(roll) == [told(roll)[0]] * 2


class TestByHand:
    def moment(self, roll, frame, begun, told=None):
        card = roll.card
        return by_hand(frame.reading, card=card, clocks=clocks_of(card), told=told, begun=begun)

    def test_is_by_the_cameras_clock_as_far_as_that_is_known(self):
        roll = Roll(off=HOUR, told_ahead=HOUR)
        photo = roll.wait(minutes=20).shoot()
        assert self.moment(roll, photo, NINE) == roll.now

    def test_of_a_video_is_when_its_card_was_put_in(self):
        roll = Roll()
        video = roll.shoot(video=True, camera=None, taken=None, readable=False)
        assert self.moment(roll, video, NINE) == roll.card.put_in

    def test_of_what_nobody_signed_out_is_by_its_own_clock_alone(self):
        phone = Reading(device=Device.PHONE, taken=NINE)
        card = Card(frames=(), put_in=NINE + HOUR)
        assert by_hand(phone, card=card, clocks={}, told=None, begun=NINE + MINUTE) == NINE
        assert by_hand(phone, card=card, clocks={}, told=60, begun=NINE) == NINE - MINUTE
        assert by_hand(replace(phone, taken=NINE + 2 * HOUR), card=card, clocks={}, told=None, begun=NINE) == card.put_in

    def test_a_clock_that_is_right_puts_a_photo_before_the_visit_and_nobody_after_it(self):
        roll = Roll()
        photo = roll.wait(minutes=20).shoot()
        assert self.moment(roll, photo, roll.now + CLOCK_TOLERANCE + timedelta(seconds=1)) == roll.now

    def test_a_clock_is_known_no_better_than_to_two_minutes(self):
        roll = Roll()
        photo = roll.wait(minutes=20).shoot()
        roll.wait(minutes=5)
        assert self.moment(roll, photo, photo.reading.taken + CLOCK_TOLERANCE) == photo.reading.taken + CLOCK_TOLERANCE

    @pytest.mark.parametrize("off", [timedelta(days=-40 * 365), -HOUR])
    def test_a_clock_that_the_time_the_camera_was_out_contradicts_says_nothing_of_before_the_visit(self, off):
        roll = Roll(off=off)
        photo = roll.wait(minutes=20).shoot()
        assert self.moment(roll, photo, begun := NINE + 19 * MINUTE) == begun

    def test_nor_does_one_that_a_slate_contradicts(self):
        roll = Roll(off=-HOUR)
        roll.wait(hours=3).slate("A")
        photo = roll.wait(minutes=5).shoot()
        assert self.moment(roll, photo, begun := roll.now - MINUTE) == begun

    def test_nor_does_one_that_was_never_compared(self):
        roll = Roll(off=-HOUR, told_ahead=None)
        photo = roll.wait(hours=3).shoot()
        assert self.moment(roll, photo, begun := roll.now - MINUTE) == begun

    @pytest.mark.parametrize("off", [timedelta(0), -HOUR])
    def test_is_never_after_the_card_was_put_in(self, off):
        roll = Roll(off=off)
        photo = roll.wait(minutes=20).shoot()
        assert self.moment(roll, photo, roll.card.put_in + HOUR) <= roll.card.put_in


class TestTheClockThatSlatesMeasure:
    def measured(self, roll):
        card = roll.card
        return clock_measured(card, sort_card(card))

    def test_is_the_closest_slates(self):
        roll = Roll(off=timedelta(seconds=50), told_ahead=MINUTE)
        roll.slate("A")
        roll.photos()
        assert self.measured(roll) == {an_id("CAM-07"): timedelta(seconds=75)}

    def test_takes_two_slates_that_agree_where_the_clock_was_never_compared(self):
        roll = Roll(off=HOUR, told_ahead=None)
        roll.slate("A")
        assert self.measured(roll) == {}
        roll.slate("B")
        assert self.measured(roll) == {an_id("CAM-07"): HOUR + timedelta(seconds=25)}

    def test_a_screen_that_stood_still_measures_nothing(self):
        roll = Roll()
        roll.make("A")
        roll.wait(minutes=8)
        roll.shoot(roll.slates[0].code)
        assert self.measured(roll) == {}

    def test_paper_measures_nothing(self):
        roll = Roll()
        roll.slate("A", on_paper=True)
        roll.photos()
        assert self.measured(roll) == {}
