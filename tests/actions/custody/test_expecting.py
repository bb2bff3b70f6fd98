"""Photos that come while their card is still being read: kept, read back, and neither looked at nor erased before the card is announced."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from tests.factories.custody import check_out, make_camera, make_station, station_actor
from tests.factories.frames import NOW, digest_of, photo, read_a_card, tell_of
from tests.factories.staff import make_person
from tests.servers.site import make_keys

from safelight.audit.models import Entry
from safelight.custody import ahead, arriving, queries
from safelight.custody.actions.hold_card import hold_card
from safelight.custody.actions.receive_frame import receive_frame
from safelight.custody.errors import NotForYou
from safelight.custody.models import Expected, Frame, Import, Place
from safelight.custody.oversight import not_read_to_their_end
from safelight.custody.tasks import check_copy
from safelight.kernel.actor import NOBODY, WORKER, Actor, ActorKind, Role
from safelight.kernel.digest import Digest
from safelight.kernel.errors import NotFound
from safelight.vault import objects
from safelight.vault.kept import TRAY
from safelight.vault.models import Rendition

pytestmark = pytest.mark.django_db
ONE, TWO = photo(1), photo(2)
LEAD = Actor(kind=ActorKind.STAFF, id=uuid4(), roles=frozenset({Role.IG_LEAD}), aal=2)


@pytest.fixture(autouse=True, scope="module")
def _keys():
    make_keys()


@pytest.fixture
def station():
    return make_station()[0]


def send(station, data: bytes, import_id=None) -> Frame:
    """Its bytes come: kept, read back, and taken into the record."""
    by = station_actor(station)
    came = arriving.take(queries.frame_of(by, digest_of(data)), [data], length=len(data), limit=1 << 20)
    return receive_frame(by=by, import_id=import_id, digest=Digest(digest_of(data)), kept=came.kept, read_back=came.read_back, now=NOW)


def owed() -> list[str]:
    """Names of the flows that wait, in order."""
    table = "workflow_status" if connection.vendor == "sqlite" else "dbos.workflow_status"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM {table} WHERE status = 'ENQUEUED' ORDER BY name")
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.requirement("D1")
def test_what_was_told_of_may_come_and_the_ledger_says_so(station):
    tell_of(station, ONE, TWO)
    assert send(station, ONE).state == "verified"
    assert list(Entry.objects.order_by("seq").values_list("action", flat=True))[-2:] == ["custody.expect_frames", "custody.receive_frame"]
    assert not Import.objects.exists()
    assert not Place.objects.exists()


def test_what_was_not_told_of_is_not_found_and_nor_is_what_another_station_told_of(station):
    tell_of(station, ONE)
    other = make_station()[0]
    for who, digest in ((station, digest_of(TWO)), (other, digest_of(ONE))):
        with pytest.raises(NotFound):
            queries.frame_of(station_actor(who), digest)
    with pytest.raises(NotFound):
        queries.frame_of(Actor(kind=ActorKind.STAFF, id=station.pk), digest_of(ONE))
    kept = objects.keep([ONE], rendition=Rendition.RECORD, holder=TRAY, limit=1 << 20)
    with pytest.raises(NotFound):
        receive_frame(by=station_actor(other), import_id=None, digest=Digest(digest_of(ONE)), kept=kept, now=NOW)
    assert Frame.objects.get().state == "announced"


@pytest.mark.requirement("D3")
def test_nothing_is_looked_at_before_the_card_is_announced_and_all_of_it_after_the_receipt(station):
    tell_of(station, ONE, TWO)
    send(station, ONE)
    send(station, TWO)
    assert owed() == []
    reading = read_a_card(ONE, TWO, station=station)
    assert owed() == []
    assert set(reading.permit().digests) == {digest_of(ONE), digest_of(TWO)}
    assert owed() == ["sort_card"]


def test_a_copy_that_the_worker_reads_back_first_is_not_looked_at_either(station):
    tell_of(station, ONE)
    kept = objects.keep([ONE], rendition=Rendition.RECORD, holder=TRAY, limit=1 << 20)
    receive_frame(by=station_actor(station), import_id=None, digest=Digest(digest_of(ONE)), kept=kept, now=NOW)
    assert owed() == ["check_frame"]
    check_copy(queries.frame(WORKER, Frame.objects.get().pk))
    assert Frame.objects.get().state == "verified"
    assert owed() == ["check_frame"]


@pytest.mark.requirement("C9")
def test_a_card_that_is_held_is_looked_at_when_it_is_announced(station):
    out = check_out(make_camera(at=NOW - timedelta(hours=2)), make_person(), out_at=NOW - timedelta(hours=1))
    hold_card(by=WORKER, check_out_id=out.pk, now=NOW)
    before = owed()
    tell_of(station, ONE)
    send(station, ONE)
    reading = read_a_card(ONE, station=station)
    assert Import.objects.get(pk=reading.import_id).held
    assert sorted(owed()) == sorted([*before, "sort_card"])


@pytest.mark.requirement("D8")
def test_the_announcement_settles_what_was_told_and_every_frame_is_there_once(station):
    tell_of(station, ONE)
    tell_of(station, ONE, TWO, now=NOW + timedelta(seconds=1))
    send(station, ONE)
    assert (Expected.objects.count(), Frame.objects.count()) == (2, 2)
    reading = read_a_card(ONE, station=station)  # the other photo was deleted on the card meanwhile
    assert reading.frame(ONE).state == "verified"
    assert [row.frame.digest for row in Expected.objects.all()] == [digest_of(TWO)]
    assert Frame.objects.count() == 2


def test_what_is_told_after_its_card_was_announced_is_no_other_card(station):
    read_a_card(ONE, station=station)
    tell_of(station, ONE)
    assert not Expected.objects.exists()
    assert send(station, ONE).state == "verified"
    assert ahead.being_read(LEAD, now=NOW) == []


def test_a_frame_that_was_left_or_is_damaged_is_wanted_again_by_the_announcement_alone(station):
    first = read_a_card(ONE, TWO, station=station)
    first.leave(ONE)
    first.receive(TWO)
    first.damage(TWO)
    assert sorted(frame.state for frame in tell_of(station, ONE, TWO)) == ["damaged", "left"]
    read_a_card(TWO, ONE, station=station)
    assert [frame.state for frame in Frame.objects.all()] == ["announced", "announced"]


@pytest.mark.requirement("D4")
def test_a_card_that_never_comes_back_is_told_of_and_nobody_else_sees_it(station):
    tell_of(station, ONE, TWO)
    send(station, ONE)
    [now] = ahead.being_read(LEAD, now=NOW)
    assert (now.station, now.told, now.came, now.goes_on) == (station.name, 2, 1, True)
    assert not_read_to_their_end(LEAD, now=NOW) == []
    other = make_station("Theatre 4")[0]
    known = read_a_card(photo(4), station=other)
    known.receive(photo(4))
    tell_of(other, photo(3), photo(4))  # of which nothing new had come
    later = NOW + timedelta(minutes=3)
    assert [(card.came, card.goes_on) for card in not_read_to_their_end(LEAD, now=later)] == [(1, False)]
    assert ahead.being_read(NOBODY, now=NOW) == []
    with pytest.raises(NotForYou):
        not_read_to_their_end(Actor(kind=ActorKind.STAFF, id=uuid4(), roles=frozenset({Role.CLINICIAN}), aal=2), now=later)
    read_a_card(TWO, ONE, station=station)
    assert ahead.being_read(LEAD, now=later) == []
