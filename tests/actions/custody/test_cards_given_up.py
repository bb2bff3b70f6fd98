"""A card that was never read to its end and does not come back: its photos go to the tray or, by two people, away; in every order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from tests.factories.custody import acting, check_out, make_camera, make_station, prove_empty, station_actor
from tests.factories.frames import NOW, come_ahead, digest_of, photo, read_a_card, tell_of
from tests.factories.patients import make_patient
from tests.factories.sessions import Session, announce, send, sort, where, wipe
from tests.factories.staff import actor_of, make_person

from safelight.audit.models import Entry
from safelight.custody import ahead, queries, whereabouts
from safelight.custody.actions.agree_to_disposal import agree_to_disposal
from safelight.custody.actions.ask_for_disposal import ask_for_disposal
from safelight.custody.actions.give_up_card import give_up_card
from safelight.custody.actions.hold_card import hold_card
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.errors import (
    AnotherPersonAgrees,
    AskedAlready,
    CameMeanwhile,
    MayBeEvidence,
    NotForYou,
    SayWhy,
    Settled,
    StillReading,
)
from safelight.custody.models import Card, Disposal, Expected, Frame, Import, Place
from safelight.custody.rules import CardSaid, WhyGivenUp
from safelight.intake.models import Sorting
from safelight.intake.queries import belongs
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Role
from safelight.kernel.digest import Digest
from safelight.kernel.errors import NotFound
from safelight.photographs.models import Photograph
from safelight.vault import fields, objects
from safelight.vault.errors import Shredded
from safelight.vault.models import StoredObject

pytestmark = pytest.mark.django_db
ONE, TWO, THREE = photo(1), photo(2), photo(3)
LATER = NOW + timedelta(minutes=3)


@pytest.fixture
def station():
    return make_station("Burns 2")[0]


def somebody(role: Role = Role.IG_LEAD, name: str = "lead"):
    return actor_of(make_person(name, f"Dr {name.title()}", [role]))


def card(*, now=LATER):
    [found] = ahead.being_read(WORKER, now=now)
    return found


def give_up(by=None, *, key=None, seen=None, why=WhyGivenUp.LOST, now=LATER) -> Import:
    by, new_id = by or somebody(), uuid4()
    found = None if key and seen else card(now=now)
    key, seen = key or found.key, seen or found.came
    names = {
        note: (uuid4(), fields.seal_field(f"photo.{ending}".encode(), context=f"place|{new_id}")) for note, ending in ahead.endings(by, key)
    }
    return give_up_card(by=by, key=key, seen=seen, why=why, names=names, now=now, new_id=new_id)


def ask(by=None, *, reason="Test shots of the floor.", now=LATER) -> Disposal:
    found = card(now=now)
    return ask_for_disposal(by=by or somebody(), key=found.key, seen=found.came, reason=reason, now=now, new_id=uuid4())


def agree(by=None, *, key=None, seen=1, now=LATER) -> None:
    agree_to_disposal(by=by or somebody(name="other"), key=key or card(now=now).key, seen=seen, now=now)


def last_entry() -> str:
    return Entry.objects.latest("seq").action


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
        send_more = NOW + timedelta(seconds=100)
        come_ahead(station, TWO, now=send_more)
        with pytest.raises(StillReading):
            give_up(now=NOW + timedelta(seconds=121))
        assert give_up(now=send_more + timedelta(seconds=121))

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

    @pytest.mark.requirement("D4")
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


class TestThrownAway:
    def test_takes_two_people_and_then_no_key_opens_the_photos(self, station):
        come_ahead(station, ONE, told=(TWO,))
        asked = ask()
        assert last_entry() == "custody.ask_for_disposal"
        stored = Frame.objects.get(digest=digest_of(ONE)).stored
        assert objects.read_back(stored) == digest_of(ONE)
        agree()
        assert last_entry() == "custody.agree_to_disposal"
        stored.refresh_from_db()
        with pytest.raises(Shredded):
            objects.read_back(stored)
        asked.refresh_from_db()
        assert (asked.state, asked.answered_at, Expected.objects.count()) == ("done", LATER, 0)
        assert Frame.objects.get(digest=digest_of(ONE)).state == "disposed"

    def test_is_not_agreed_to_by_who_asked(self, station):
        come_ahead(station, ONE)
        by = somebody()
        ask(by)
        with pytest.raises(AnotherPersonAgrees):
            agree(by)
        assert Frame.objects.get().state == "verified"

    @pytest.mark.parametrize("role", [Role.CLINICIAN, Role.ADMINISTRATOR])
    def test_is_for_the_photographer_and_the_ig_lead(self, station, role):
        come_ahead(station, ONE)
        with pytest.raises(NotForYou):
            ask(somebody(role, "khan"))
        ask()
        with pytest.raises(NotForYou):
            agree(somebody(role, "khan"))

    def test_needs_words_and_something_asked_for_and_is_asked_once(self, station):
        come_ahead(station, ONE)
        with pytest.raises(SayWhy):
            ask(reason="  ")
        with pytest.raises(Settled):
            agree()
        ask()
        with pytest.raises(AskedAlready):
            ask(somebody(name="other"))

    def test_is_of_what_the_second_person_was_shown(self, station):
        come_ahead(station, ONE, TWO)
        ask()
        with pytest.raises(CameMeanwhile):
            agree(seen=1)

    def test_leaves_what_came_after_it_was_asked_for(self, station):
        come_ahead(station, ONE)
        key = ask() and card().key
        come_ahead(station, TWO)
        agree(key=key)
        assert {frame.digest: frame.state for frame in Frame.objects.all()} == {digest_of(ONE): "disposed", digest_of(TWO): "verified"}
        assert card().came == 1

    def test_is_off_when_the_photos_are_taken_into_the_tray_instead(self, station):
        come_ahead(station, ONE)
        asked, key = ask(), card().key
        give_up(somebody(Role.CLINICIAN, "khan"))
        asked.refresh_from_db()
        assert asked.state == "refused"
        with pytest.raises(Settled):
            agree(key=key)
        assert Frame.objects.get().state == "verified"

    def test_is_off_when_the_card_comes_back(self, station):
        come_ahead(station, ONE)
        key = ask() and card().key
        read_a_card(ONE, station=station, now=LATER)
        with pytest.raises(Settled):
            agree(key=key)
        assert Frame.objects.get().state == "verified"

    @pytest.mark.requirement("D5")
    def test_is_not_for_what_may_be_evidence(self, station):
        camera, person = make_camera(at=NOW - timedelta(hours=9)), make_person()
        out = check_out(camera, person, out_at=NOW - timedelta(hours=8))
        come_ahead(station, ONE)
        ask()
        hold_card(by=acting(person), check_out_id=out.pk, now=NOW)
        return_camera(by=acting(person), camera_id=camera.pk, card=CardSaid.HAS_PHOTOS, now=NOW)
        with pytest.raises(MayBeEvidence):
            agree()
        Expected.objects.update(disposal=None)
        with pytest.raises(MayBeEvidence):
            ask()
        assert ahead.may_be_evidence(card())
        assert give_up()


@pytest.mark.django_db(transaction=True)
def test_of_people_who_decide_in_the_same_moment_one_does(station):
    come_ahead(station, ONE, now=clock.now() - timedelta(minutes=3))
    now, found = clock.now(), card(now=clock.now())
    people = [somebody(name=name) for name in ("a", "b", "c")]
    start = Barrier(len(people))

    def decide(by):
        try:
            start.wait()
            return give_up(by, key=found.key, seen=1, now=now)
        except Settled as no:
            return type(no)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        said = list(pool.map(decide, people))
    assert said.count(Settled) == len(people) - 1
    assert (Import.objects.count(), Place.objects.count(), Expected.objects.count()) == (1, 1, 0)
    assert Digest(Import.objects.get().manifest_digest)
