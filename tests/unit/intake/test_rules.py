"""Each way in which a photo could come under the wrong patient, and where it goes instead."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.factories.intake import NINE, Roll, a_code, an_id

from safelight.intake.card import Device
from safelight.intake.reasons import Why
from safelight.intake.rules import may_sort, sort_card
from safelight.kernel.actor import WORKER, Role

C1 = pytest.mark.requirement("C1")


@pytest.fixture
def roll():
    return Roll()


@C1
def test_files_each_patient_under_the_nearest_slate_before(roll):
    roll.slate("A")
    roll.photos(2)
    roll.slate("B")
    roll.photos(1)
    assert roll.sorted() == "[A] A A [B] B"


@C1
def test_leaves_what_was_taken_before_the_first_slate(roll):
    roll.photos(2)
    roll.slate("A")
    roll.photos()
    assert roll.sorted() == "no_slate no_slate [A] A"


@C1
def test_leaves_a_card_without_any_slate(roll):
    roll.photos(3)
    assert roll.sorted() == "no_slate no_slate no_slate"


@pytest.mark.requirement("C2")
def test_ends_a_sequence_at_end(roll):
    roll.slate("A")
    roll.photos()
    roll.end()
    roll.photos()
    roll.slate("B")
    roll.photos()
    assert roll.sorted() == "[A] A [END] no_slate [B] B"


class TestAMissingSlate:
    pytestmark = C1

    def test_sends_all_from_its_making_on_to_the_tray(self, roll):
        roll.slate("A")
        roll.photos(2)
        roll.wait(minutes=1.8)
        roll.slate("B", on_card=False)
        roll.photos(2)
        assert roll.sorted() == "[A] A A slate_may_be_missing slate_may_be_missing"

    def test_reaches_two_minutes_back_because_clocks_are_known_no_better(self, roll):
        roll.slate("A")
        roll.photos()
        roll.wait(seconds=125)
        roll.photos()
        roll.slate("B", on_card=False)
        roll.photos()
        assert roll.sorted() == "[A] A slate_may_be_missing slate_may_be_missing"

    def test_reaches_to_the_end_of_the_card_past_good_slates(self, roll):
        roll.slate("A")
        roll.photos()
        roll.wait(minutes=1.8)
        roll.slate("B", on_card=False)
        roll.photos()
        roll.slate("C")
        roll.photos()
        assert roll.sorted() == "[A] A slate_may_be_missing [C] slate_may_be_missing"

    def test_is_found_when_the_same_patient_had_an_earlier_slate(self, roll):
        roll.slate("A")
        roll.photos()
        roll.slate("B")
        roll.photos()
        roll.wait(minutes=1.8)
        roll.slate("A", on_card=False)
        roll.photos()
        assert roll.sorted() == "[A] A [B] B slate_may_be_missing"

    def test_is_found_when_the_same_patient_has_a_later_slate(self, roll):
        roll.slate("B")
        roll.photos()
        roll.wait(minutes=1.8)
        roll.slate("A", on_card=False)
        roll.photos()
        roll.slate("C")
        roll.slate("A")
        roll.photos()
        assert roll.sorted() == "[B] B slate_may_be_missing [C] [A] slate_may_be_missing"

    def test_is_not_assumed_for_the_other_tokens_of_one_showing(self, roll):
        for _ in range(4):
            roll.make("A")
            roll.wait(seconds=30)
        roll.slate("A")
        roll.photos()
        roll.make("A")
        assert roll.sorted() == "[A] A"

    def test_is_assumed_where_an_open_screen_shows_the_patient_before_again(self, roll):
        roll.slate("A")
        roll.slate("B")
        roll.photos()
        roll.make("A")
        roll.wait(minutes=2.5)
        roll.photos()
        assert roll.sorted() == "[A] [B] slate_may_be_missing slate_may_be_missing"

    def test_is_assumed_where_a_screen_still_shows_the_patient_before_a_paper_slate(self, roll):
        paper = roll.make("B", on_paper=True)
        roll.slate("A")
        roll.photos()
        roll.shoot(paper)
        roll.photos()
        roll.wait(minutes=2.5)
        roll.photos()
        roll.wait(minutes=2.5)
        roll.make("A")
        roll.photos()
        assert roll.sorted() == "[A] A [B] B B slate_may_be_missing"

    def test_that_was_photographed_only_at_the_second_try_leaves_what_came_between(self, roll):
        roll.slate("A")
        roll.photos()
        roll.wait(minutes=1)
        roll.slate("B", on_card=False)
        roll.photos()
        roll.slate("B")
        roll.photos()
        assert roll.sorted() == "[A] A slate_may_be_missing [B] B"

    def test_on_paper_that_was_printed_again_leaves_what_came_between(self, roll):
        roll.slate("A")
        roll.photos()
        roll.wait(minutes=1)
        roll.slate("B", on_paper=True, on_card=False)
        roll.photos()
        roll.slate("B", on_paper=True)
        roll.photos()
        assert roll.sorted() == "[A] A slate_may_be_missing [B] B"

    def test_on_paper_may_be_printed_long_before(self, roll):
        first, second = roll.make("A", on_paper=True), roll.make("B", on_paper=True)
        roll.shoot(first)
        roll.photos()
        roll.shoot(second)
        roll.photos()
        assert roll.sorted() == "[A] A [B] B"

    def test_is_not_made_good_by_an_earlier_paper_slate_of_the_same_patient(self, roll):
        roll.slate("A", on_paper=True)
        roll.slate("B")
        roll.slate("A", on_card=False)
        roll.photos()
        assert roll.sorted() == "[A] [B] slate_may_be_missing"

    def test_sends_the_whole_card_where_the_clock_was_never_compared(self):
        roll = Roll(told_ahead=None)
        roll.slate("A")
        roll.photos()
        roll.wait(minutes=1.8)
        roll.slate("B", on_card=False)
        roll.photos()
        assert roll.sorted() == "[A] slate_may_be_missing slate_may_be_missing"

    def test_is_timed_by_the_corrected_clock(self):
        roll = Roll(off=timedelta(minutes=30), told_ahead=timedelta(minutes=30))
        roll.slate("A")
        roll.photos(2)
        roll.wait(minutes=1.8)
        roll.slate("B", on_card=False)
        roll.photos(2)
        assert roll.sorted() == "[A] A A slate_may_be_missing slate_may_be_missing"

    def test_is_found_when_it_stands_on_a_frame_that_has_no_place_in_the_order(self, roll):
        roll.slate("A")
        roll.photos()
        roll.wait(minutes=2.5)
        roll.shoot(roll.make("B"), number=None, pair="odd")
        roll.photos()
        # The photo is taken after a slate that the order puts behind it.
        assert roll.sorted() == "order_unclear order_unclear order_unclear order_unclear"

    def test_made_by_somebody_without_a_camera_counts_too(self, roll):
        roll.slate("A")
        roll.photos()
        roll.wait(minutes=2.5)
        roll.make("B", check_out=None)
        roll.photos()
        assert roll.sorted() == "[A] A slate_may_be_missing"

    def test_does_not_count_when_it_was_seen_on_another_card(self, roll):
        roll.slate("A")
        roll.photos()
        roll.wait(minutes=2)
        roll.make("B", check_out=None)
        roll.slates[-1] = replace(roll.slates[-1], seen_by=frozenset({an_id("CAM-05")}))
        roll.photos()
        assert roll.sorted() == "[A] A A"

    def test_of_another_camera_does_not_count(self, roll):
        roll.slate("A")
        roll.photos()
        roll.make("B", check_out="CAM-05")
        roll.photos()
        assert roll.sorted() == "[A] A A"

    def test_still_counts_when_another_camera_photographed_it(self, roll):
        roll.slate("A")
        roll.photos()
        roll.wait(minutes=2.5)
        roll.make("B")
        roll.slates[-1] = replace(roll.slates[-1], seen_by=frozenset({an_id("CAM-05")}))
        roll.photos()
        assert roll.sorted() == "[A] A slate_may_be_missing"

    def test_on_an_earlier_card_of_the_same_camera_is_not_missing(self, roll):
        roll.make("A")
        roll.slates[-1] = replace(roll.slates[-1], seen_by=frozenset({an_id("CAM-07")}))
        roll.slate("B")
        roll.photos()
        assert roll.sorted() == "[B] B"

    def test_made_after_the_card_was_put_in_does_not_count(self, roll):
        roll.slate("A")
        roll.photos()
        card = roll.card
        roll.wait(minutes=5).make("B")
        assert sort_card(replace(card, slates=tuple(roll.slates))) == sort_card(card)

    def test_takes_a_video_after_the_last_photo_along(self, roll):
        roll.slate("A")
        roll.photos()
        roll.photos(video=True, taken=None, camera=None, readable=False, device=Device.SILENT)
        assert roll.sorted() == "[A] A A"
        roll.make("B")
        roll.wait(minutes=1)
        assert roll.sorted() == "[A] slate_may_be_missing slate_may_be_missing"


class TestAGap:
    pytestmark = C1

    @pytest.mark.parametrize(
        ("seconds", "where"), [(174, "[A] A A A"), (175, "[A] A after_a_gap after_a_gap"), (7200, "[A] A after_a_gap after_a_gap")]
    )
    def test_of_three_minutes_needs_a_new_slate(self, roll, seconds, where):
        roll.slate("A")
        roll.photos()
        roll.wait(seconds=seconds)
        roll.photos(2)
        assert roll.sorted() == where

    def test_after_the_slate_itself_counts_too(self, roll):
        roll.slate("A")
        roll.wait(minutes=4)
        roll.photos()
        assert roll.sorted() == "[A] after_a_gap"

    def test_ends_with_the_next_good_slate(self, roll):
        roll.slate("A")
        roll.photos()
        roll.wait(minutes=4)
        roll.photos()
        roll.slate("B")
        roll.photos()
        assert roll.sorted() == "[A] A after_a_gap [B] B"

    def test_with_a_slate_is_no_gap(self, roll):
        roll.slate("A")
        roll.photos()
        roll.wait(hours=1)
        roll.slate("B")
        roll.photos()
        assert roll.sorted() == "[A] A [B] B"

    def test_before_any_slate_is_only_no_slate(self, roll):
        roll.photos()
        roll.wait(hours=1)
        roll.photos()
        assert roll.sorted() == "no_slate no_slate"

    def test_around_a_video_leaves_the_video_too(self, roll):
        roll.slate("A")
        roll.photos()
        roll.photos(video=True, taken=None, camera=None, readable=False, device=Device.SILENT)
        roll.wait(minutes=4)
        roll.photos()
        assert roll.sorted() == "[A] A after_a_gap after_a_gap"


class TestASlate:
    pytestmark = C1

    def test_is_good_for_twelve_hours(self, roll):
        paper = roll.make("A", on_paper=True)
        roll.wait(hours=11, minutes=57)
        roll.shoot(paper)
        roll.photos()
        assert roll.sorted() == "[A] A"

    def test_older_than_twelve_hours_is_old(self, roll):
        paper = roll.make("A", on_paper=True)
        roll.wait(hours=12)
        roll.shoot(paper)
        roll.photos()
        assert roll.sorted() == "old_slate old_slate"

    def test_does_not_carry_a_sequence_past_its_twelve_hours(self, roll):
        paper = roll.make("A", on_paper=True)
        roll.wait(hours=11, minutes=55)
        roll.shoot(paper)
        for _ in range(4):
            roll.photos()
            roll.wait(minutes=2)
        assert roll.sorted() == "[A] A A old_slate old_slate"

    def test_made_before_the_camera_was_taken_out_is_old(self, roll):
        paper = roll.make("A", on_paper=True, check_out=None)
        roll.wait(minutes=1)
        roll.change(out_at=roll.now)
        roll.shoot(paper)
        roll.photos()
        assert roll.sorted() == "old_slate old_slate"

    def test_made_for_another_camera_is_not_good(self, roll):
        roll.slate("A", check_out="CAM-05")
        roll.photos()
        assert roll.sorted() == "another_cameras_slate another_cameras_slate"

    def test_made_by_somebody_without_a_camera_belongs_to_the_one_that_carries_it(self, roll):
        roll.slate("A", check_out=None)
        roll.photos()
        assert roll.sorted() == "[A] A"

    def test_on_two_cameras_belongs_to_neither(self, roll):
        roll.slate("A", check_out=None)
        roll.slates[-1] = replace(roll.slates[-1], seen_by=frozenset({an_id("CAM-05")}))
        roll.photos()
        assert roll.sorted() == "another_cameras_slate another_cameras_slate"

    def test_on_two_cameras_of_one_card_belongs_to_neither(self, roll):
        text = roll.slate("A", check_out=None)
        roll.photos()
        roll.take_out("CAM-05")
        roll.shoot(text)
        roll.photos()
        assert roll.sorted() == "another_cameras_slate another_cameras_slate old_slate old_slate"

    def test_made_after_the_camera_came_back_is_not_good(self, roll):
        roll.photos()
        roll.change(back_at=roll.now)
        roll.wait(seconds=30)
        roll.slate("A", check_out=None)
        assert roll.sorted() == "no_slate another_cameras_slate"

    def test_that_the_server_never_made_is_not_good(self, roll):
        roll.shoot(a_code("forged"))
        roll.photos()
        assert roll.sorted() == "unknown_slate unknown_slate"

    def test_ends_the_sequence_before_even_when_it_is_not_good(self, roll):
        roll.slate("A")
        roll.photos()
        roll.shoot(a_code("forged"))
        roll.photos()
        roll.slate("B")
        roll.photos()
        assert roll.sorted() == "[A] A unknown_slate unknown_slate [B] B"

    def test_beside_another_one_is_not_good_nor_is_what_follows(self, roll):
        roll.slate("A")
        roll.photos()
        roll.shoot(roll.make("B"), roll.make("C"))
        roll.photos()
        roll.slate("D")
        roll.photos()
        assert roll.sorted().startswith("[A] ")
        assert (
            roll.sorted().endswith("two_slates slate_may_be_missing [D] slate_may_be_missing") or "two_slates two_slates" in roll.sorted()
        )

    def test_seen_and_not_read_leaves_itself_and_what_follows(self, roll):
        roll.slate("A")
        roll.photos()
        roll.shoot(unread_symbol=True)
        roll.photos()
        roll.slate("B")
        roll.photos()
        assert roll.sorted() == "[A] A unread_slate unread_slate [B] B"

    def test_read_beside_its_other_symbol_that_was_not_read_is_good(self, roll):
        roll.shoot(roll.make("A"), unread_symbol=True)
        roll.photos()
        assert roll.sorted() == "[A] A"

    @pytest.mark.requirement("B1")
    def test_whose_patient_did_not_agree_files_nothing(self, roll):
        roll.slate("A", may_take=False)
        roll.photos()
        roll.slate("B")
        roll.photos()
        assert roll.sorted() == "[A] no_consent [B] B"


class TestADevice:
    pytestmark = pytest.mark.requirement("A1")

    @pytest.mark.parametrize(
        ("reading", "why"),
        [
            ({"device": Device.PHONE, "camera": None}, "phone"),
            ({"device": Device.UNKNOWN, "camera": None}, "unknown_camera"),
            ({"device": Device.SILENT, "camera": None, "taken": None}, "no_camera_note"),
        ],
    )
    def test_that_is_not_registered_files_nothing_and_makes_the_rest_uncertain(self, roll, reading, why):
        roll.slate("A")
        roll.photos()
        roll.photos(**reading)
        roll.photos()
        assert roll.sorted() == f"[A] A {why} mixed_cameras"

    def test_alone_is_told_by_its_own_reason(self, roll):
        roll.photos(2, device=Device.PHONE, camera=None)
        roll.photos()
        assert roll.sorted() == "phone phone no_slate"

    def test_whose_clock_says_anything_does_not_spoil_the_order_of_the_registered_camera(self, roll):
        roll.slate("A")
        roll.photos(2)
        roll.photos(device=Device.UNKNOWN, camera=None, taken=NINE - timedelta(days=3_000))
        roll.photos(device=Device.UNKNOWN, camera=None, taken=NINE - timedelta(days=6_000))
        assert roll.sorted() == "[A] A A unknown_camera unknown_camera"

    def test_cannot_begin_a_sequence_with_a_true_slate(self, roll):
        roll.shoot(roll.make("A"), device=Device.PHONE, camera=None)
        roll.photos()
        assert "A" not in roll.sorted().split()

    @pytest.mark.requirement("A5")
    def test_that_nobody_had_signed_out_files_nothing(self, roll):
        roll.outs.clear()
        roll.photos()
        assert roll.sorted() == "not_signed_out"

    def test_other_than_the_slates_files_nothing(self, roll):
        roll.slate("A")
        roll.photos()
        roll.take_out("CAM-05")
        roll.photos()
        roll.camera = "CAM-07"
        roll.photos()
        assert roll.sorted() == "[A] A mixed_cameras mixed_cameras"

    def test_change_with_a_slate_of_its_own_is_good(self, roll):
        roll.slate("A")
        roll.photos()
        roll.take_out("CAM-05")
        roll.slate("B")
        roll.photos()
        assert roll.sorted() == "[A] A [B] B"


class TestTheOrder:
    pytestmark = C1

    def test_is_unclear_where_the_clock_contradicts_it_by_more_than_a_minute(self, roll):
        roll.slate("A")
        roll.photos()
        roll.number = 9000
        roll.wait(minutes=2)
        roll.slate("B")
        roll.photos()
        roll.number = 5000  # the counter was set back
        roll.wait(minutes=2)
        roll.photos()
        assert roll.sorted() == " ".join(["order_unclear"] * 5)

    def test_leaves_a_patient_alone_whose_photos_are_not_touched_by_it(self, roll):
        roll.slate("A")
        roll.photos()
        roll.end()
        roll.wait(minutes=2)
        roll.number = 9000
        roll.slate("B")
        roll.photos()
        roll.number = 5000
        roll.wait(minutes=2)
        roll.slate("C")
        roll.photos()
        # B's showing stands on a frame in doubt, so from then on nothing is certain.
        assert roll.sorted() == "[A] A [END] order_unclear order_unclear order_unclear order_unclear"

    def test_bears_a_burst_written_out_of_order(self, roll):
        roll.slate("A")
        roll.photos()
        early = roll.now
        roll.wait(seconds=30)
        roll.photos()
        roll.photos(taken=early)
        assert roll.sorted() == "[A] A A A"

    def test_does_not_bear_it_across_a_slate(self, roll):
        roll.slate("A")
        roll.photos()
        roll.wait(seconds=30)
        late = roll.now + timedelta(seconds=100)
        roll.photos(taken=late)
        roll.slate("B")
        roll.photos()
        assert roll.sorted() == "order_unclear order_unclear order_unclear [B] slate_may_be_missing"

    @pytest.mark.parametrize("lost", ["folder", "number"])
    def test_is_unclear_for_a_name_that_is_not_of_dcf(self, roll, lost):
        roll.slate("A")
        roll.photos()
        roll.photos(**{lost: None})
        assert roll.sorted() == "[A] A order_unclear"

    def test_is_unclear_for_two_shots_of_one_number(self, roll):
        roll.slate("A")
        roll.photos(number=7, pair="100-IMG_0007")
        roll.photos(number=7, pair="100-DSC_0007")
        assert roll.sorted() == "order_unclear order_unclear order_unclear"

    def test_is_unclear_where_a_camera_gives_no_time(self, roll):
        roll.slate("A")
        roll.photos(taken=None)
        assert roll.sorted() == "order_unclear order_unclear"

    def test_is_unclear_when_the_clock_falls_back_to_1980(self, roll):
        roll.slate("A")
        roll.photos()
        roll.off = timedelta(days=-365 * 46)
        roll.slate("B")
        roll.photos()
        assert set(roll.sorted().split()) == {"order_unclear"}

    def test_goes_by_folder_before_number(self, roll):
        roll.number = 9999
        roll.slate("A")
        roll.folder, roll.number = 101, 1
        roll.photos()
        roll.slate("B")
        roll.photos()
        assert roll.sorted() == "[A] A [B] B"


class TestTheClock:
    def test_that_was_in_1980_all_along_does_not_fit(self, roll):
        roll.off = timedelta(days=-365 * 46)
        roll.slate("A")
        roll.photos()
        assert roll.sorted() == "clock_wrong clock_wrong"

    def test_behind_what_the_register_says_is_shown_by_a_slate(self):
        roll = Roll(off=timedelta(minutes=-10))
        roll.wait(minutes=20)
        roll.slate("A")
        roll.photos()
        assert roll.sorted() == "clock_wrong clock_wrong"

    def test_ahead_of_the_time_the_card_was_put_in_does_not_fit(self):
        roll = Roll(off=timedelta(minutes=10))
        roll.slate("A")
        roll.photos()
        assert roll.sorted() == "clock_wrong clock_wrong"

    def test_never_compared_files_where_no_slate_is_missing(self):
        roll = Roll(told_ahead=None, off=timedelta(days=-365 * 46))
        roll.slate("A")
        roll.photos()
        roll.slate("B")
        roll.photos()
        assert roll.sorted() == "[A] A [B] B"

    def test_never_compared_takes_the_time_of_the_card_for_the_twelve_hours(self):
        roll = Roll(told_ahead=None)
        roll.slate("A")
        roll.photos()
        roll.wait(hours=13)
        assert roll.sorted() == "old_slate old_slate"


class TestAFrameThatCannotBeRead:
    pytestmark = C1

    def test_may_be_a_slate(self, roll):
        roll.slate("A")
        roll.photos()
        roll.photos(readable=False)
        roll.photos()
        roll.slate("B")
        roll.photos()
        assert roll.sorted() == "[A] A unreadable after_unreadable [B] B"

    def test_or_never_came_may_be_a_slate(self, roll):
        roll.slate("A")
        roll.photos()
        roll.shoot(lost=True)
        roll.photos()
        assert roll.sorted() == "[A] A frame_not_here"

    def test_yet_keeps_everything_waiting(self, roll):
        roll.slate("A")
        roll.photos()
        roll.frames.append(replace(roll.frames[-1], frame=an_id("later"), number=99, pair="later", reading=None))
        assert roll.sorted() == "... ..."


class TestAShot:
    @pytest.mark.requirement("D6")
    def test_takes_its_raw_along(self, roll):
        text = roll.make("A")
        roll.shoot(text, pair="1", number=1)
        roll.shoot(pair="1", number=1, raw=True)
        roll.shoot(pair="2", number=2)
        roll.shoot(pair="2", number=2, raw=True, readable=False, device=Device.SILENT, camera=None, taken=None)
        assert roll.sorted() == "[A] [A] A A"

    def test_whose_raw_shows_another_slate_is_two_slates(self, roll):
        roll.shoot(roll.make("A"), pair="1", number=1)
        roll.shoot(roll.make("B"), pair="1", number=1, raw=True)
        roll.shoot(pair="2", number=2)
        assert "A" not in roll.sorted().split()
        assert "B" not in roll.sorted().split()

    def test_whose_raw_is_of_another_camera_is_mixed(self, roll):
        roll.slate("A")
        roll.photos(pair="2", number=2)
        roll.photos(pair="2", number=2, raw=True, camera=an_id("CAM-05"))
        assert roll.sorted() == "[A] mixed_cameras mixed_cameras"

    def test_whose_files_were_made_minutes_apart_has_no_place(self, roll):
        roll.slate("A")
        roll.photos(pair="2", number=2)
        roll.photos(pair="2", number=2, raw=True, taken=roll.now + timedelta(seconds=90))
        assert roll.sorted() == "[A] order_unclear order_unclear"

    def test_of_raw_alone_is_read_like_any_other(self, roll):
        roll.shoot(roll.make("A"), raw=True)
        roll.photos(raw=True)
        assert roll.sorted() == "[A] A"

    def test_whose_raw_did_not_come_is_filed_by_its_jpeg(self, roll):
        roll.slate("A")
        roll.photos(pair="2", number=2)
        roll.shoot(pair="2", number=2, raw=True, lost=True)
        assert roll.sorted() == "[A] A"

    def test_of_video_follows_the_sequence(self, roll):
        roll.slate("A")
        roll.photos(video=True, taken=None, camera=None, readable=False, device=Device.SILENT)
        roll.photos()
        assert roll.sorted() == "[A] A A"

    def test_of_video_before_any_slate_stays(self, roll):
        roll.photos(video=True, taken=None, camera=None, readable=False, device=Device.SILENT)
        assert roll.sorted() == "no_slate"


@pytest.mark.requirement("D8")
def test_the_same_card_read_again_says_the_same(roll):
    roll.slate("A")
    roll.photos(2)
    assert sort_card(roll.card) == sort_card(roll.card)


def test_tells_a_person_which_slate_was_before(roll):
    roll.slate("A")
    roll.wait(minutes=4)
    roll.photos()
    assert sort_card(roll.card)[1].behind == an_id("A")


@pytest.mark.parametrize(
    ("role", "held", "may"),
    [(Role.CLINICIAN, False, False), (Role.CLINICIAN, True, True), (Role.PHOTOGRAPHER, False, True), (Role.IG_LEAD, False, True)],
)
def test_who_may_sort(role, held, may):
    assert may_sort(replace(WORKER, roles=frozenset({role})), held_camera=held) is may


def test_every_reason_says_why_and_what_to_do():
    for why in Why:
        assert why.says(2).endswith(".")
        assert why.todo(2).endswith(".")
        assert len(why) <= 32
