"""What pages of notices ask of the database: as much for many questions as for a few."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.notices import make_question
from tests.factories.staff import actor_of, make_person, sign_in
from tests.factories.teams import make_team

from safelight.kernel import clock
from safelight.sharing.notices import standing

pytestmark = pytest.mark.django_db


def test_the_red_bar_asks_no_more_for_many_questions_than_for_a_few():
    lim = make_person("lim", "Mr C Lim")
    team, by = make_team(people=(lim,)), actor_of(lim)

    def asked() -> int:
        with CaptureQueriesContext(connection) as done:
            standing.bar(by, now=clock.now())
        return len(done)

    for _ in range(standing.LINES):
        make_question(team=team)
    few = asked()
    for _ in range(5):
        make_question(team=team)
    assert asked() == few
    shown = standing.bar(by, now=clock.now())
    assert (len(shown.lines), shown.more, shown.count) == (standing.LINES, 5, standing.LINES + 5)


def test_a_poll_of_somebody_whom_nothing_waits_for_reads_the_bar_once(django_assert_max_num_queries):
    client = sign_in(Client(), make_person())
    client.get("/bar/", headers={"HX-Request": "true"})
    with django_assert_max_num_queries(9):
        client.get("/bar/", headers={"HX-Request": "true"})
