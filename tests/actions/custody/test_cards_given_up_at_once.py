"""Two things at once with a card that was never read to its end: people who decide, and a card that is announced while somebody does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, transaction
from tests.actions.custody.test_race import waiting_for_a_lock
from tests.factories.custody import make_station
from tests.factories.frames import come_ahead, photo, read_a_card
from tests.factories.staff import actor_of, make_person
from tests.servers.worker import wait_until

from safelight.custody import ahead
from safelight.custody.actions.agree_to_disposal import agree_to_disposal
from safelight.custody.actions.ask_for_disposal import ask_for_disposal
from safelight.custody.actions.give_up_card import give_up_card
from safelight.custody.errors import Settled
from safelight.custody.models import Expected, Frame, Import, Place
from safelight.custody.rules import WhyGivenUp
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Role

pytestmark = pytest.mark.django_db(transaction=True)
ONE = photo(1)
on_postgresql = pytest.mark.skipif(connection.vendor == "sqlite", reason="on SQLite one transaction writes at a time")


def lead(name: str = "lead"):
    return actor_of(make_person(name, f"Dr {name.title()}", [Role.IG_LEAD]))


def waits():
    """A photo waits of a card that came out three minutes ago: its station, and the card."""
    station = make_station("Burns 2")[0]
    come_ahead(station, ONE, now=clock.now() - timedelta(minutes=3))
    [found] = ahead.being_read(WORKER, now=clock.now())
    return station, found


def give_up(by, found) -> Import:
    names = {note: (uuid4(), b"sealed") for note, _ in ahead.endings(by, found.key)}
    return give_up_card(by=by, key=found.key, seen=1, why=WhyGivenUp.LOST, names=names, now=clock.now(), new_id=uuid4())


def elsewhere(run, *given, **named):
    """On a connection of its own; a decision that came too late is its answer."""
    try:
        return run(*given, **named)
    except Settled as no:
        return type(no)
    finally:
        connection.close()


def test_of_people_who_decide_in_the_same_moment_one_does():
    _, found = waits()
    people = [lead(name) for name in ("a", "b", "c")]
    start = Barrier(len(people))

    def decide(by):
        start.wait()
        return give_up(by, found)

    with ThreadPoolExecutor(len(people)) as pool:
        said = list(pool.map(lambda by: elsewhere(decide, by), people))
    assert said.count(Settled) == len(people) - 1
    assert (Import.objects.count(), Place.objects.count(), Expected.objects.count()) == (1, 1, 0)


@on_postgresql
def test_a_card_that_is_announced_while_its_photos_are_thrown_away_keeps_them():
    """Its erasure rests on these copies. The announcement is another station's, which knows nothing of what came ahead."""
    _, found = waits()
    asked = ask_for_disposal(by=lead(), key=found.key, seen=1, reason="Test shots.", now=clock.now(), new_id=uuid4())
    agrees, other = lead("other"), make_station("Theatre 4")[0]
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            Frame.objects.select_for_update(no_key=True).get()
            agreeing = pool.submit(elsewhere, agree_to_disposal, by=agrees, key=found.key, seen=1, now=clock.now())
            wait_until(waiting_for_a_lock)
            pool.submit(elsewhere, read_a_card, ONE, station=other).result(60)
        assert agreeing.result(60) is Settled
    asked.refresh_from_db()
    assert (Frame.objects.get().state, asked.state) == ("verified", "asked")


@on_postgresql
def test_a_card_that_is_announced_while_it_is_given_up_is_read_as_any_other():
    station, found = waits()
    by = lead()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            read_a_card(ONE, station=station, now=clock.now())
            giving_up = pool.submit(elsewhere, give_up, by, found)
            wait_until(waiting_for_a_lock)
        assert giving_up.result(60) is Settled
    assert (Import.objects.count(), Place.objects.count()) == (1, 1)
