"""A card that was never read to its end and does not come back: its photos go to the tray or, by two people, away; in every order."""

from datetime import timedelta

import pytest
from tests.factories.custody import make_camera, make_station, prove_empty, station_actor
from tests.factories.frames import NOW, come_ahead, digest_of, photo, read_a_card, tell_of
from tests.factories.given_up import LATER, agree, ask, card, give_up, somebody
from tests.factories.patients import make_patient
from tests.factories.sessions import Session, announce, send, sort, where, wipe

from safelight.audit.models import Entry
from safelight.custody import ahead, queries, whereabouts
from safelight.custody.errors import (
    CameMeanwhile,
    NotForYou,
    Settled,
    StillReading,
)
from safelight.custody.models import Card, Expected, Frame, Import, Place
from safelight.intake.models import Sorting
from safelight.intake.queries import belongs
from safelight.kernel.actor import WORKER, Role
from safelight.kernel.errors import NotFound
from safelight.photographs.models import Photograph
from safelight.vault.models import StoredObject

pytestmark = pytest.mark.django_db
ONE, TWO, THREE = photo(1), photo(2), photo(3)


@pytest.fixture
def station():
    return make_station("Burns 2")[0]


class TestTakenIntoTheTray:
    def test_is_a_reading_that_erases_nothing_and_the_ledger_names_who_decided(self, station):
        come_ahead(station, ONE, TWO, told=(THREE,))
        found, by = card(), somebody(Role.CLINICIAN, "khan")
        assert (found.station, found.told, found.came, found.card) == ("Burns 2", 3, 2, None)
        made = give_up(by)
        assert {place.frame.digest for place in Place.objects.filter(read_in=made)} == {digest_of(ONE), digest_of(TWO)}
        assert {frame.state for frame in Frame.objects.exclude(digest=digest_of(THREE))} == {"verified"}
        assert not Expected.objects.exists()
        assert (made.permitted_at, made.given_up, made.announced_at) == (None, "lost", NOW)
        entry = Entry.objects.latest("seq")
        assert entry.action == "custody.give_up_card"
        assert b"CardGivenUp" in bytes(entry.body)
        assert str(by.id).encode() in bytes(entry.body)

    def test_is_for_who_takes_photos_and_not_for_others(self, station):
        come_ahead(station, ONE)
        with pytest.raises(NotForYou):
            give_up(somebody(Role.ADMINISTRATOR, "admin"))
        assert Expected.objects.count() == 1

    def test_waits_until_the_station_has_been_silent_for_two_minutes(self, station):
        come_ahead(station, ONE)
        with pytest.raises(StillReading):
            give_up(now=NOW + timedelta(seconds=119))
        assert give_up(now=NOW + timedelta(seconds=120))

    def test_waits_while_a_large_file_is_on_its_way(self, station):
        tell_of(station, ONE)
        come_ahead(station, ONE, now=NOW + timedelta(seconds=100))
        with pytest.raises(StillReading):
            give_up(now=NOW + timedelta(seconds=219))
        assert give_up(now=NOW + timedelta(seconds=220))

    def test_is_of_what_the_person_was_shown(self, station):
        come_ahead(station, ONE)
        shown = card()
        come_ahead(station, TWO)
        with pytest.raises(CameMeanwhile):
            give_up(key=shown.key, seen=shown.came)
        assert not Import.objects.exists()

    def test_leaves_a_card_of_another_volume_at_the_same_station_alone(self, station):
        come_ahead(station, ONE, volume="1111-AAAA")
        come_ahead(station, TWO, volume="2222-BBBB")
        first, second = sorted(ahead.being_read(WORKER, now=LATER), key=lambda one: one.volume)
        made = give_up(key=first.key, seen=1)
        assert (made.volume, [place.frame.digest for place in made.places.all()]) == ("1111-AAAA", [digest_of(ONE)])
        assert [one.key for one in ahead.being_read(WORKER, now=LATER)] == [second.key]

    def test_is_decided_once(self, station):
        come_ahead(station, ONE)
        key = card().key
        give_up()
        with pytest.raises(Settled):
            give_up(key=key, seen=1)
        assert Import.objects.count() == 1

    def test_comes_too_late_once_the_card_is_announced(self, station):
        come_ahead(station, ONE)
        key = card().key
        read_a_card(ONE, station=station, now=LATER)
        with pytest.raises(Settled):
            give_up(key=key, seen=1)
        assert Place.objects.count() == 1

    def test_takes_nothing_that_lies_on_a_card_that_another_station_has_read(self, station):
        come_ahead(station, ONE, TWO)
        read_a_card(ONE, station=make_station("Theatre 4")[0], now=LATER)
        made = give_up(seen=1, key=card().key)
        assert [place.frame.digest for place in made.places.all()] == [digest_of(TWO)]

    @pytest.mark.requirement("D3")
    def test_gives_no_station_a_receipt(self, station):
        come_ahead(station, ONE)
        made = give_up()
        with pytest.raises(NotFound):
            queries.import_for_station(station_actor(station), made.pk)

    def test_leaves_no_card_called_empty_that_has_photos(self, station):
        camera = make_camera(at=NOW - timedelta(hours=1))
        come_ahead(station, ONE, volume="VOL-CAM-07")
        assert card().card.code == "CARD-07"
        give_up()
        found = Card.objects.get(camera=camera)
        assert found.proved_empty_at is None
        assert whereabouts.on_card(WORKER, found).unread
        prove_empty(found, at=LATER + timedelta(minutes=1))
        assert Card.objects.get(camera=camera).proved_empty_at is not None


class TestTheCardComesBack:
    @pytest.mark.requirement("D8")
    def test_nothing_is_taken_twice_and_it_is_wiped_when_all_is_verified(self, station):
        come_ahead(station, ONE, told=(TWO,))
        made = give_up()
        again = read_a_card(ONE, TWO, station=station, now=LATER)
        assert [again.frame(one).state for one in (ONE, TWO)] == ["verified", "announced"]
        again.receive(TWO, now=LATER)
        again.verify(TWO, now=LATER)
        again.verify(ONE, now=LATER)
        assert set(again.permit(now=LATER).digests) == {digest_of(ONE), digest_of(TWO)}
        again.confirm(ONE, TWO, now=LATER)
        assert {frame.state for frame in Frame.objects.all()} == {"erased"}
        assert (Frame.objects.count(), StoredObject.objects.count(), made.places.count()) == (2, 2, 1)

    def test_a_further_part_after_the_decision_is_of_the_rest_of_the_card(self, station):
        come_ahead(station, ONE)
        made = give_up()
        tell_of(station, ONE, TWO, now=LATER)
        assert [note.frame.digest for note in Expected.objects.all()] == [digest_of(TWO)]
        again = read_a_card(ONE, TWO, station=station, now=LATER)
        assert not Expected.objects.exists()
        assert belongs(WORKER, again.frame(ONE).pk)[0] == made.pk
        assert belongs(WORKER, again.frame(TWO).pk)[0] == again.import_id

    @pytest.mark.requirement("C1")
    def test_its_photos_stay_in_the_tray_and_the_others_are_filed_by_their_slate(self):
        """The slate came ahead: it holds for what follows it on the card, and what is in the tray waits for a person."""
        ward = Session()
        ward.slate(make_patient())
        ward.photos(2)
        slate, first, last = (one.data for one in ward.files)
        station = make_station("Burns 2")[0]
        at = ward.wait(seconds=30).now
        come_ahead(station, slate, first, now=at, volume=ward.volume)
        made = give_up(now=at + timedelta(minutes=3))
        sort(made)
        assert where(made) == "card_given_up card_given_up"
        assert not Photograph.objects.exists()

        back = announce(ward.files, volume=ward.volume, at=at + timedelta(minutes=5))
        send(back, last, at=at + timedelta(minutes=5))
        sort(back)
        assert where(back) == "card_given_up card_given_up SAMPLE"
        assert (Sorting.objects.count(), Photograph.objects.count()) == (3, 1)
        wipe(back)
        assert {frame.state for frame in Frame.objects.all()} == {"erased"}

    def test_one_that_was_thrown_away_is_taken_as_if_for_the_first_time(self, station):
        come_ahead(station, ONE)
        ask()
        agree()
        tell_of(station, ONE, now=LATER)
        assert Frame.objects.get().state == "disposed"
        again = read_a_card(ONE, station=station, now=LATER)
        assert again.frame(ONE).state == "announced"
        again.receive(ONE, now=LATER)
        assert again.check(ONE).state == "verified"
        assert again.permit(now=LATER + timedelta(seconds=1)).digests == (digest_of(ONE),)
