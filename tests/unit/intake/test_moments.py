"""When a photo was taken, by our clock, and what slates tell of the camera's."""

from datetime import timedelta

from tests.factories.intake import NINE, Roll, an_id

from safelight.intake.moments import by_hand, clock_measured, moments
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


def test_by_hand_it_is_the_cameras_clock_as_far_as_that_is_known():
    assert by_hand(NINE, ahead=60, put_in=NINE + HOUR) == NINE - MINUTE
    assert by_hand(NINE, ahead=None, put_in=NINE + HOUR) == NINE
    assert by_hand(NINE + 2 * HOUR, ahead=None, put_in=NINE + HOUR) == NINE + HOUR
    assert by_hand(None, ahead=None, put_in=NINE) == NINE


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
