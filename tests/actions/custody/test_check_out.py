"""Taking a camera out of its cabinet, and bringing it back."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from tests.factories.custody import acting, check_out, make_camera, make_card, prove_empty

from safelight.audit.models import Entry
from safelight.custody import oversight, queries, registry
from safelight.custody.actions.check_clock import check_clock
from safelight.custody.actions.check_out_camera import check_out_camera
from safelight.custody.actions.hold_card import hold_card
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.errors import (
    CameraTaken,
    CardNotEmpty,
    DueTooLate,
    NoCard,
    NotForYou,
    ReasonNeeded,
    SamePerson,
    SecondSignatureNeeded,
)
from safelight.custody.lifecycle import CameraState
from safelight.custody.models import Camera, Card, CheckOut
from safelight.custody.rules import CardSaid
from safelight.kernel.actor import NOBODY, WORKER, Role
from safelight.kernel.errors import NotFound
from safelight.kernel.lifecycle import NotPossibleNow

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SOON = NINE + timedelta(minutes=5)
LATER = NINE + timedelta(hours=1)
pytestmark = pytest.mark.django_db


def back(camera, said=CardSaid.EMPTY, at=LATER):
    return return_camera(by=WORKER, camera_id=camera.pk, card=said, now=at)


class TestAReadyCamera:
    def test_goes_to_who_asks_and_the_register_says_who_until_when(self, person):
        camera, khan = make_camera(at=NINE), person()
        out = check_out(camera, khan, out_at=SOON)
        camera.refresh_from_db()
        assert (camera.state, camera.holder, camera.due_at) == ("out", khan, SOON + timedelta(hours=2))
        assert (out.card.code, out.set_aside, out.reason) == ("CARD-07", [], "")
        assert queries.in_hands(acting(khan)) == [out]

    def test_leaves_one_entry_with_the_persons_pseudonym(self, person):
        khan = person()
        check_out(make_camera(at=NINE), khan, out_at=SOON)
        entry = Entry.objects.latest("seq")
        assert (entry.action, entry.actor) == ("custody.check_out_camera", khan.pk)
        assert b"Khan" not in bytes(entry.body)

    def test_comes_back_within_a_day(self, person):
        camera, khan = make_camera(at=NINE), person()
        for wrong in (SOON, SOON - timedelta(hours=1), SOON + timedelta(hours=24, seconds=1)):
            with pytest.raises(DueTooLate):
                check_out(camera, khan, out_at=SOON, due_at=wrong)
        check_out(camera, khan, out_at=SOON, due_at=SOON + timedelta(hours=24))

    def test_is_given_to_people_on_the_register_only(self, person):
        camera, gone = make_camera(at=NINE), person(active=False)
        with pytest.raises(NotForYou):
            check_out(camera, gone, out_at=SOON)
        with pytest.raises(NotForYou):
            check_out_camera(by=NOBODY, camera_id=camera.pk, due_at=LATER, reason="", second=None, now=SOON, new_id=uuid4())

    def test_must_exist(self, person):
        with pytest.raises(NotFound):
            check_out(Camera(id=uuid4()), person())

    def test_is_given_once_when_two_people_take_it(self, person):
        camera = make_camera(at=NINE)
        check_out(camera, person("khan"), out_at=SOON)
        with pytest.raises(CameraTaken):
            check_out(camera, person("webb"), out_at=SOON)
        assert CheckOut.objects.count() == 1

    def test_is_given_once_when_the_second_looked_before_the_first_had_it(self, person, monkeypatch):
        """Between the look and the update another takes it: the conditional update tells the second so."""
        camera, khan, webb = make_camera(at=NINE), person("khan"), person("webb")
        look = registry.last_outs

        def somebody_is_quicker(*given):
            found = look(*given)
            Camera.objects.filter(pk=camera.pk).update(state=CameraState.OUT, holder=webb)
            return found

        monkeypatch.setattr(registry, "last_outs", somebody_is_quicker)
        with pytest.raises(CameraTaken):
            check_out(camera, khan, out_at=SOON)


@pytest.mark.requirement("A10")
class TestACardThatIsNotProvedEmpty:
    def test_stops_a_check_out_whatever_the_reason(self, person):
        camera = make_camera(at=NINE, empty=False)
        with pytest.raises(CardNotEmpty):
            check_out(camera, person(), out_at=SOON, reason="An emergency")

    def test_stops_the_next_person_when_nobody_has_read_it_since_it_was_out(self, person):
        camera, khan = make_camera(at=NINE), person()
        check_out(camera, khan, out_at=SOON)
        assert back(camera) is CameraState.LOCKED
        with pytest.raises(CardNotEmpty):
            check_out(camera, khan, out_at=LATER)

    def test_is_ready_for_the_next_when_a_station_read_it_while_it_was_out(self, person):
        camera, khan = make_camera(at=NINE), person()
        check_out(camera, khan, out_at=SOON)
        prove_empty(Card.objects.get(), at=SOON + timedelta(minutes=10))
        assert back(camera) is CameraState.IN_CABINET
        check_out(camera, khan, out_at=LATER)

    def test_locks_when_who_brings_it_says_that_it_has_photos(self, person):
        camera, khan = make_camera(at=NINE), person()
        check_out(camera, khan, out_at=SOON)
        prove_empty(Card.objects.get(), at=SOON + timedelta(minutes=10))
        assert back(camera, CardSaid.HAS_PHOTOS) is CameraState.LOCKED
        assert Card.objects.get().proved_empty_at is None

    def test_locks_when_it_was_not_in_the_camera_and_nobody_read_it(self, person):
        camera = make_camera(at=NINE)
        check_out(camera, person(), out_at=SOON)
        assert back(camera, CardSaid.NOT_IN_IT) is CameraState.LOCKED

    def test_may_stay_in_the_station_when_it_was_read_there(self, person):
        camera = make_camera(at=NINE)
        check_out(camera, person(), out_at=SOON)
        prove_empty(Card.objects.get(), at=SOON + timedelta(minutes=10))
        assert back(camera, CardSaid.NOT_IN_IT) is CameraState.IN_CABINET

    def test_is_a_spare_one_too(self, person):
        """Nobody sees which of two cards is in the camera: each of them must be proved empty."""
        camera = make_camera(at=NINE)
        spare = make_card("CARD-08", volume="SPARE", camera=camera, at=NINE)
        with pytest.raises(CardNotEmpty):
            check_out(camera, person(), out_at=SOON)
        prove_empty(spare, at=NINE)
        check_out(camera, person("webb"), out_at=SOON)

    def test_is_a_spare_one_that_could_have_been_in_the_camera_while_it_was_out(self, person):
        camera, khan = make_camera(at=NINE), person()
        prove_empty(make_card("CARD-08", volume="SPARE", camera=camera, at=NINE), at=NINE)
        out = check_out(camera, khan, out_at=SOON)
        prove_empty(out.card, at=SOON + timedelta(minutes=10))
        assert back(camera) is CameraState.LOCKED

    def test_must_be_there_at_all(self, person):
        camera = make_camera(at=NINE)
        Card.objects.update(lost_at=NINE)
        with pytest.raises(NoCard):
            check_out(camera, person(), out_at=SOON)


class TestARuleThatStandsAgainstIt:
    def try_(self, camera, who, reason):
        return check_out(camera, who, out_at=SOON, reason=reason)

    @pytest.mark.requirement("A6")
    def test_is_training_that_is_over(self, person):
        camera, khan = make_camera(at=NINE), person(trained_until=date(2026, 11, 23))
        with pytest.raises(ReasonNeeded) as no:
            self.try_(camera, khan, " ")
        assert no.value.rules == ("training",)

    @pytest.mark.requirement("A6")
    def test_is_not_training_that_ends_today(self, person):
        assert self.try_(make_camera(at=NINE), person(trained_until=date(2026, 11, 24)), "").set_aside == []

    @pytest.mark.requirement("A10")
    @pytest.mark.parametrize(("ahead", "stops"), [(120, False), (-120, False), (121, True), (-121, True)])
    def test_is_a_clock_that_is_over_two_minutes_wrong(self, person, ahead, stops):
        camera, khan = make_camera(at=NINE), person()
        check_clock(by=WORKER, camera_id=camera.pk, ahead=timedelta(seconds=ahead), now=NINE)
        if stops:
            with pytest.raises(ReasonNeeded):
                self.try_(camera, khan, "")
        else:
            self.try_(camera, khan, "")

    @pytest.mark.requirement("A4")
    def test_is_another_ward(self, person):
        camera, webb = make_camera(at=NINE), person("webb", ward="ED")
        with pytest.raises(ReasonNeeded):
            self.try_(camera, webb, "")

    @pytest.mark.requirement("A4")
    def test_is_no_ward_for_the_medical_photographer(self, person):
        self.try_(make_camera(at=NINE), person("lim", role=Role.PHOTOGRAPHER, ward="STUDIO"), "")

    @pytest.mark.requirement("A4")
    @pytest.mark.requirement("A6")
    def test_is_set_aside_by_a_reason_that_the_ig_lead_sees(self, person):
        camera = make_camera(at=NINE)
        check_clock(by=WORKER, camera_id=camera.pk, ahead=timedelta(minutes=3), now=NINE)
        webb = person("webb", ward="ED", trained_until=date(2026, 1, 1))
        out = self.try_(camera, webb, " The ED camera is lost. ")
        assert out.set_aside == ["clock", "other_ward", "training"]
        assert out.reason == "The ED camera is lost."
        assert oversight.set_aside(acting(person("ig", role=Role.IG_LEAD)), since=NINE) == [out]
        with pytest.raises(NotForYou):
            oversight.set_aside(acting(webb), since=NINE)


@pytest.mark.requirement("A3")
class TestTwoSignatures:
    def test_are_asked_for_where_the_cabinet_says_so(self, person):
        camera = make_camera(at=NINE, two_signatures=True)
        with pytest.raises(SecondSignatureNeeded):
            check_out(camera, person(), out_at=SOON)

    def test_are_asked_for_everywhere_where_the_site_says_so(self, person, settings):
        settings.SAFELIGHT_TWO_SIGNATURES = True
        with pytest.raises(SecondSignatureNeeded):
            check_out(make_camera(at=NINE), person(), out_at=SOON)

    def test_are_of_two_people(self, person):
        camera, khan, webb = make_camera(at=NINE, two_signatures=True), person("khan"), person("webb")
        with pytest.raises(SamePerson):
            check_out(camera, khan, second=khan, out_at=SOON)
        assert check_out(camera, khan, second=webb, out_at=SOON).second_person == webb

    def test_are_not_of_somebody_whose_account_is_closed(self, person):
        camera = make_camera(at=NINE, two_signatures=True)
        with pytest.raises(SamePerson):
            check_out(camera, person("khan"), second=person("webb", active=False), out_at=SOON)


class TestBringingItBack:
    def test_may_be_done_by_anybody_and_is_kept(self, person):
        camera, webb = make_camera(at=NINE), person("webb")
        out = check_out(camera, person("khan"), out_at=SOON)
        return_camera(by=acting(webb), camera_id=camera.pk, card=CardSaid.EMPTY, now=LATER)
        out.refresh_from_db()
        assert (out.back_at, out.back_by, out.card_came_back) == (LATER, webb.pk, "empty")

    def test_needs_a_camera_that_is_out(self):
        camera = make_camera(at=NINE)
        with pytest.raises(NotPossibleNow):
            back(camera)
        with pytest.raises(NotFound):
            back(Camera(id=uuid4()))

    def test_is_done_once(self, person):
        camera = make_camera(at=NINE)
        check_out(camera, person(), out_at=SOON)
        back(camera)
        with pytest.raises(NotPossibleNow):
            back(camera)


@pytest.mark.requirement("C9")
@pytest.mark.requirement("D5")
class TestACardThatMayHoldEvidence:
    def test_is_held_with_every_other_that_could_be_in_the_camera(self, person):
        camera = make_camera(at=NINE)
        prove_empty(make_card("CARD-08", volume="SPARE", camera=camera, at=NINE), at=NINE)
        out = check_out(camera, person(), out_at=SOON)
        hold_card(by=WORKER, check_out_id=out.pk, now=SOON)
        assert {card.held_at for card in Card.objects.all()} == {SOON}
        assert queries.evidential_open(WORKER)

    def test_keeps_the_time_when_it_was_first_held(self, person):
        out = check_out(make_camera(at=NINE), person(), out_at=SOON)
        hold_card(by=WORKER, check_out_id=out.pk, now=SOON)
        hold_card(by=WORKER, check_out_id=out.pk, now=LATER)
        assert Card.objects.get().held_at == SOON

    def test_is_of_a_camera_that_is_out(self):
        with pytest.raises(NotFound):
            hold_card(by=WORKER, check_out_id=uuid4(), now=SOON)

    def test_locks_the_camera_that_comes_back(self, person):
        camera = make_camera(at=NINE)
        out = check_out(camera, person(), out_at=SOON)
        hold_card(by=WORKER, check_out_id=out.pk, now=SOON)
        assert back(camera) is CameraState.LOCKED
