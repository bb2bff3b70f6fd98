"""Faults, losses and what was on them; evidence; files left over; what the system notices by itself."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.factories.custody import KEEPER, acting, check_out, make_camera, make_card, make_station, prove_empty, read_card, station_actor

from safelight.audit.models import Entry
from safelight.custody import oversight, registry, whereabouts
from safelight.custody.actions.check_clock import check_clock
from safelight.custody.actions.decide_leftover import decide_leftover
from safelight.custody.actions.find_camera import find_camera
from safelight.custody.actions.find_card import find_card
from safelight.custody.actions.hold_card import hold_card
from safelight.custody.actions.mend_camera import mend_camera
from safelight.custody.actions.permit_erasure import permit_erasure
from safelight.custody.actions.release_card import release_card
from safelight.custody.actions.report_camera_lost import report_camera_lost
from safelight.custody.actions.report_card_lost import report_card_lost
from safelight.custody.actions.report_fault import report_fault
from safelight.custody.actions.retire_camera import retire_camera
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.actions.tell_not_seen import tell_not_seen
from safelight.custody.actions.tell_overdue import tell_overdue
from safelight.custody.actions.unlock_camera import unlock_camera
from safelight.custody.errors import AlreadyDecided, CardNotEmpty, HeldForEvidence, NotForYou, NotHeld, NotInUse, SayWhy
from safelight.custody.models import Camera, Card, CheckOut, LeftOver
from safelight.custody.rules import CardSaid, Decision
from safelight.custody.watch import look_round
from safelight.kernel.actor import NOBODY, WORKER, Role
from safelight.kernel.errors import NotFound

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SOON = NINE + timedelta(minutes=5)
LATER = NINE + timedelta(hours=1)
pytestmark = pytest.mark.django_db


class TestAFault:
    def test_takes_the_camera_out_of_use_until_it_is_mended(self, person):
        camera, khan = make_camera(at=NINE), person()
        report_fault(by=acting(khan), camera_id=camera.pk, fault=" The lens is cracked. ", now=SOON)
        with pytest.raises(NotInUse):
            check_out(camera, khan, out_at=SOON)
        assert Camera.objects.get().fault == "The lens is cracked."
        mend_camera(by=KEEPER, camera_id=camera.pk, now=LATER)
        assert Camera.objects.get().fault == ""
        check_out(camera, khan, out_at=LATER)

    def test_of_a_camera_in_somebodys_hands_leaves_its_card_unread(self, person):
        camera, khan = make_camera(at=NINE), person()
        check_out(camera, khan, out_at=SOON)
        report_fault(by=acting(khan), camera_id=camera.pk, fault="It fell.", now=SOON)
        mend_camera(by=KEEPER, camera_id=camera.pk, now=LATER)
        with pytest.raises(CardNotEmpty):
            check_out(camera, khan, out_at=LATER)

    def test_is_said_in_words_and_mended_by_who_keeps_the_register(self, person):
        camera, khan = make_camera(at=NINE), person()
        with pytest.raises(SayWhy):
            report_fault(by=acting(khan), camera_id=camera.pk, fault="  ", now=SOON)
        report_fault(by=acting(khan), camera_id=camera.pk, fault="It fell.", now=SOON)
        with pytest.raises(NotForYou):
            mend_camera(by=acting(khan), camera_id=camera.pk, now=LATER)


def test_a_camera_that_is_not_on_the_register_cannot_be_changed():
    for attempt in (
        lambda gone: report_fault(by=WORKER, camera_id=gone, fault="It fell.", now=NINE),
        lambda gone: mend_camera(by=KEEPER, camera_id=gone, now=NINE),
        lambda gone: report_camera_lost(by=WORKER, camera_id=gone, now=NINE),
        lambda gone: find_camera(by=WORKER, camera_id=gone, now=NINE),
        lambda gone: unlock_camera(by=WORKER, camera_id=gone, now=NINE),
        lambda gone: retire_camera(by=KEEPER, camera_id=gone, now=NINE),
        lambda gone: check_clock(by=WORKER, camera_id=gone, ahead=timedelta(0), now=NINE),
        lambda gone: report_card_lost(by=WORKER, card_id=gone, now=NINE),
        lambda gone: find_card(by=WORKER, card_id=gone, now=NINE),
        lambda gone: release_card(by=KEEPER_WHO_RELEASES, card_id=gone, now=NINE),
        lambda gone: decide_leftover(by=WORKER, leftover_id=gone, decision=Decision.GIVE, reason="", now=NINE),
        lambda gone: tell_overdue(by=WORKER, check_out_id=gone, now=NINE),
        lambda gone: tell_not_seen(by=WORKER, card_id=gone, now=NINE),
    ):
        with pytest.raises(NotFound):
            attempt(uuid4())


KEEPER_WHO_RELEASES = type(KEEPER)(kind=KEEPER.kind, id=KEEPER.id, roles=frozenset({Role.PHOTOGRAPHER}))


class TestWhatWasOnALostCamera:
    def lose(self, camera):
        return report_camera_lost(by=WORKER, camera_id=camera.pk, now=LATER)

    def test_is_nothing_when_its_card_was_read_empty_and_it_stayed_in_its_cabinet(self):
        (was_on,) = self.lose(make_camera(at=NINE))
        assert (was_on.known, was_on.unread, was_on.read_at) == (0, False, NINE)

    def test_is_unknown_when_it_was_out_since(self, person):
        camera = make_camera(at=NINE)
        check_out(camera, person(), out_at=SOON)
        (was_on,) = self.lose(camera)
        assert was_on.unread

    def test_is_unknown_when_its_card_was_never_read(self):
        (was_on,) = self.lose(make_camera(at=NINE, empty=False))
        assert (was_on.unread, was_on.read_at) == (True, None)

    def test_is_nothing_when_it_was_read_while_out_and_said_to_be_empty(self, person):
        camera = make_camera(at=NINE)
        check_out(camera, person(), out_at=SOON)
        prove_empty(camera.cards.get(), at=SOON + timedelta(minutes=1))
        return_camera(by=WORKER, camera_id=camera.pk, card=CardSaid.EMPTY, now=SOON + timedelta(minutes=2))
        (was_on,) = self.lose(camera)
        assert (was_on.known, was_on.unread) == (0, False)

    def test_counts_the_frames_that_were_read_and_not_erased(self):
        camera = make_camera(at=NINE)
        read_card(camera.cards.get(), frames=3, at=SOON)
        (was_on,) = self.lose(camera)
        assert (was_on.known, was_on.unread) == (3, False)
        assert b'"known":3' in bytes(Entry.objects.latest("seq").body)

    def test_ends_who_had_it_and_keeps_who_had_it_last(self, person):
        camera, khan = make_camera(at=NINE), person()
        check_out(camera, khan, out_at=SOON)
        self.lose(camera)
        shown = whereabouts.one(WORKER, "CAM-07", now=LATER)
        assert (shown.out, shown.last.person) == (None, khan)

    def test_must_be_read_again_when_it_is_found(self, person):
        camera = make_camera(at=NINE)
        self.lose(camera)
        find_camera(by=WORKER, camera_id=camera.pk, now=LATER)
        with pytest.raises(CardNotEmpty):
            check_out(camera, person(), out_at=LATER)
        with pytest.raises(CardNotEmpty):
            unlock_camera(by=WORKER, camera_id=camera.pk, now=LATER)
        prove_empty(camera.cards.get(), at=LATER)
        look_round(now=LATER)
        check_out(camera, person(), out_at=LATER)


@pytest.mark.requirement("A8")
class TestALostCard:
    def test_is_a_loss_in_itself(self, person):
        card = make_camera(at=NINE).cards.get()
        was_on = report_card_lost(by=WORKER, card_id=card.pk, now=SOON)
        assert (was_on.known, was_on.unread) == (0, False)
        assert oversight.lost_cards(acting(person("ig", role=Role.IG_LEAD))) == [card]
        with pytest.raises(NotFound):
            report_card_lost(by=WORKER, card_id=card.pk, now=LATER)

    def test_of_no_camera_was_never_out(self):
        card = make_card(volume="V", at=NINE)
        prove_empty(card, at=NINE)
        assert not report_card_lost(by=WORKER, card_id=card.pk, now=SOON).unread

    def test_counts_as_full_when_somebody_finds_it(self):
        card = make_camera(at=NINE).cards.get()
        report_card_lost(by=WORKER, card_id=card.pk, now=SOON)
        find_card(by=WORKER, card_id=card.pk, now=LATER)
        card.refresh_from_db()
        assert (card.lost_at, card.proved_empty_at) == (None, None)

    def test_is_found_by_a_station_that_reads_it(self):
        card = make_camera(at=NINE).cards.get()
        report_card_lost(by=WORKER, card_id=card.pk, now=SOON)
        prove_empty(card, at=LATER)
        look_round(now=LATER)
        card.refresh_from_db()
        assert (card.lost_at, card.proved_empty_at) == (None, LATER)


@pytest.mark.requirement("C9")
@pytest.mark.requirement("D5")
class TestEvidence:
    def held(self, person):
        camera = make_camera(at=NINE)
        out = check_out(camera, person("lim", role=Role.PHOTOGRAPHER), out_at=SOON)
        hold_card(by=WORKER, check_out_id=out.pk, now=SOON)
        return camera.cards.get()

    def test_is_wiped_by_no_machine_before_a_person_has_released_it(self, person):
        card = self.held(person)
        by, read_in = read_card(card, frames=0, at=LATER)
        with pytest.raises(HeldForEvidence):
            permit_erasure(by=by, import_id=read_in, now=LATER)
        release_card(by=acting(person("ig", role=Role.IG_LEAD)), card_id=card.pk, now=LATER)
        permit_erasure(by=by, import_id=read_in, now=LATER)

    def test_stays_held_when_its_card_was_lost_and_turns_up_in_a_station(self, person):
        card = self.held(person)
        report_card_lost(by=WORKER, card_id=card.pk, now=SOON)
        return_camera(by=WORKER, camera_id=card.camera_id, card=CardSaid.NOT_IN_IT, now=SOON)
        by, read_in = read_card(card, frames=0, at=LATER)
        with pytest.raises(HeldForEvidence):
            permit_erasure(by=by, import_id=read_in, now=LATER)

    @pytest.mark.parametrize(("role", "may"), [(r, r in {Role.PHOTOGRAPHER, Role.IG_LEAD}) for r in Role])
    def test_is_released_by_the_photographer_or_the_ig_lead_only(self, person, role, may):
        card, by = self.held(person), acting(person("who", role=role))
        if may:
            release_card(by=by, card_id=card.pk, now=LATER)
            card.refresh_from_db()
            assert (card.released_by, card.released_at) == (by.id, LATER)
        else:
            with pytest.raises(NotForYou):
                release_card(by=by, card_id=card.pk, now=LATER)

    def test_is_released_once_and_can_be_held_again(self, person):
        card, ig = self.held(person), acting(person("ig", role=Role.IG_LEAD))
        release_card(by=ig, card_id=card.pk, now=LATER)
        with pytest.raises(NotHeld):
            release_card(by=ig, card_id=card.pk, now=LATER)
        hold_card(by=WORKER, check_out_id=CheckOut.objects.get().pk, now=LATER + timedelta(minutes=1))
        assert oversight.held_cards(ig) == [card]
        release_card(by=ig, card_id=card.pk, now=LATER + timedelta(minutes=2))
        assert oversight.held_cards(ig) == []


class TestAFileLeftOnACard:
    def leftover(self):
        _, read_in = read_card(make_camera(at=NINE).cards.get(), frames=0, others=("NOTES.TXT",), at=SOON)
        return LeftOver.objects.get(read_in=read_in)

    def decide(self, by, leftover, decision, reason=""):
        decide_leftover(by=by, leftover_id=leftover.pk, decision=decision, reason=reason, now=LATER)
        leftover.refresh_from_db()

    def test_is_erased_by_name_and_with_a_reason(self, person):
        leftover, khan = self.leftover(), acting(person())
        with pytest.raises(SayWhy):
            self.decide(khan, leftover, Decision.ERASE, " ")
        self.decide(khan, leftover, Decision.ERASE, "Empty text file")
        assert (leftover.decision, leftover.reason, leftover.decided_by) == ("erase", "Empty text file", khan.id)

    def test_can_be_given_to_the_photographer_who_then_decides(self, person):
        leftover, khan, lim = self.leftover(), acting(person()), acting(person("lim", role=Role.PHOTOGRAPHER))
        self.decide(khan, leftover, Decision.GIVE)
        assert oversight.imports_with_leftovers(lim) == [(leftover.read_in, 1)]
        with pytest.raises(NotForYou):
            self.decide(khan, leftover, Decision.ERASE, "I changed my mind")
        self.decide(lim, leftover, Decision.ERASE, "Looked at it: a menu of the canteen")
        assert oversight.imports_with_leftovers(lim) == []

    def test_is_decided_once(self, person):
        leftover, lim = self.leftover(), acting(person("lim", role=Role.PHOTOGRAPHER))
        self.decide(lim, leftover, Decision.ERASE, "A menu")
        with pytest.raises(AlreadyDecided):
            self.decide(lim, leftover, Decision.GIVE)


class TestWhatTheSystemNoticesByItself:
    @pytest.mark.requirement("A2")
    def test_is_a_camera_that_is_not_home_in_time_told_once(self, person):
        camera, ig = make_camera(at=NINE), acting(person("ig", role=Role.IG_LEAD))
        out = check_out(camera, person(), out_at=SOON)
        look_round(now=out.due_at)
        assert CheckOut.objects.get().overdue_told_at is None
        late = out.due_at + timedelta(minutes=1)
        for _ in range(2):
            look_round(now=late)
        assert CheckOut.objects.get().overdue_told_at == late
        assert Entry.objects.filter(action="custody.tell_overdue").count() == 1
        assert oversight.overdue(ig, now=late) == [out]
        assert whereabouts.one(ig, "CAM-07", now=late).late

    @pytest.mark.requirement("A2")
    def test_is_told_once_when_two_workers_look_in_the_same_minute(self, person):
        out = check_out(make_camera(at=NINE), person(), out_at=SOON)
        late = out.due_at + timedelta(minutes=1)
        tell_overdue(by=WORKER, check_out_id=out.pk, now=late)
        with pytest.raises(NotFound):
            tell_overdue(by=WORKER, check_out_id=out.pk, now=late)

    @pytest.mark.requirement("A8")
    def test_is_a_card_that_no_station_has_read_for_14_days_told_once_for_each_silence(self, person):
        card, ig = make_camera(at=NINE).cards.get(), acting(person("ig", role=Role.IG_LEAD))
        look_round(now=NINE + timedelta(days=14))
        assert not Entry.objects.filter(action="custody.tell_not_seen").exists()
        silent = NINE + timedelta(days=14, minutes=1)
        for _ in range(2):
            look_round(now=silent)
        assert oversight.not_seen(ig, now=silent) == [card]
        prove_empty(card, at=silent + timedelta(minutes=1))
        assert oversight.not_seen(ig, now=silent) == []
        look_round(now=silent + timedelta(days=15))
        assert Entry.objects.filter(action="custody.tell_not_seen").count() == 2

    def test_is_a_locked_camera_whose_card_was_read_and_found_empty(self, person):
        camera = make_camera(at=NINE)
        check_out(camera, person(), out_at=SOON)
        return_camera(by=WORKER, camera_id=camera.pk, card=CardSaid.HAS_PHOTOS, now=SOON)
        look_round(now=SOON)
        assert whereabouts.one(WORKER, "CAM-07", now=SOON).came_back_with_photos
        prove_empty(camera.cards.get(), at=LATER)
        look_round(now=LATER)
        assert whereabouts.one(WORKER, "CAM-07", now=LATER).ready

    @pytest.mark.requirement("A10")
    def test_is_a_clock_that_is_wrong(self, person):
        camera = make_camera(at=NINE)
        check_clock(by=WORKER, camera_id=camera.pk, ahead=timedelta(minutes=-3), now=NINE)
        assert oversight.wrong_clocks(acting(person("ig", role=Role.IG_LEAD))) == [camera]
        assert (Camera.objects.get().clock_ahead, Camera.objects.get().clock_checked_at) == (-180, NINE)


def test_what_is_due_is_asked_by_insiders_only():
    make_camera(at=NINE)
    assert not registry.silent_cards(NOBODY, now=NINE + timedelta(days=99)).exists()
    assert registry.last_outs(NOBODY, Card.objects.all()) == {}
    station, _ = make_station()
    with pytest.raises(NotForYou):
        oversight.overdue(station_actor(station), now=NINE)
