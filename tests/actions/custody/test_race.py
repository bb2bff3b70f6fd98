"""Two people take one camera in the same moment; photos come while their card is announced."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from uuid import uuid4

import pytest
from django.db import connection, transaction
from tests.factories.custody import acting, check_out, make_camera
from tests.factories.frames import photo, read_a_card
from tests.servers.worker import wait_until

from safelight.audit.ledger import append
from safelight.audit.models import Outcome
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.errors import CameraTaken
from safelight.custody.models import Camera, CheckOut, Frame, Place
from safelight.custody.rules import CardSaid
from safelight.kernel import clock
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.vault import objects
from safelight.vault.kept import TRAY
from safelight.vault.models import Rendition, StoredObject

pytestmark = pytest.mark.django_db(transaction=True)


def together(*attempts) -> list[object]:
    """What each attempt gave or raised, all begun in the same moment, each on a connection of its own."""
    start = Barrier(len(attempts))

    def run(attempt):
        try:
            start.wait()
            return attempt()
        except (CameraTaken, NotPossibleNow) as no:
            return type(no)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


def test_one_has_it_and_the_other_is_told(person):
    camera, people = make_camera(), [person(f"p{number}") for number in range(4)]
    given = together(*(lambda who=who: check_out(camera, who).person for who in people))
    assert given.count(CameraTaken) == len(people) - 1
    assert Camera.objects.get().holder == CheckOut.objects.get().person
    assert CheckOut.objects.get().person in given


def test_a_camera_comes_back_once_when_two_bring_it(person):
    camera, khan, webb = make_camera(), person("khan"), person("webb")
    check_out(camera, khan)
    said = together(
        *(lambda by=by: return_camera(by=acting(by), camera_id=camera.pk, card=CardSaid.EMPTY, now=clock.now()) for by in (khan, webb))
    )
    assert said.count(NotPossibleNow) == 1
    assert CheckOut.objects.filter(back_at=None).count() == 0


def waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees the one it saw first, else
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        return bool(cursor.fetchone()[0])


@pytest.mark.goal("R2")
@pytest.mark.skipif(connection.vendor == "sqlite", reason="on SQLite one transaction writes at a time")
def test_an_action_that_waits_for_a_row_it_refers_to_does_not_hold_the_ledger():
    """A card is announced while its photos come: each would wait for the other, and one of them would be ended by the database."""
    reading = read_a_card(photo(1))
    frame = reading.frame(photo(1))
    stored = StoredObject.from_kept(objects.keep([photo(1)], rendition=Rendition.RECORD, holder=TRAY, limit=1 << 20), at=clock.now())
    stored.save(force_insert=True)
    placed, received = Event(), Event()

    def announce() -> None:
        with transaction.atomic():
            Place.objects.create(id=uuid4(), read_in_id=reading.import_id, frame=frame, position=7, pair="", sealed_name=b"sealed")
            placed.set()
            received.wait(60)
            append(by=reading.by, action="custody.announce_card", outcome=Outcome.DONE, at=clock.now())
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        announcing = pool.submit(announce)
        with transaction.atomic():
            placed.wait(60)
            Frame.objects.filter(pk=frame.pk).update(
                stored=stored, received_at=clock.now(), state="received"
            )  # `stored` is one of its keys
            received.set()
            wait_until(waiting_for_a_lock)
            with connection.cursor() as cursor:
                cursor.execute("SELECT size FROM audit_head FOR UPDATE NOWAIT")
        announcing.result(60)
    assert Place.objects.filter(frame=frame).count() == 2
