"""The urgent clock: who is told when, each step once, and what stops it."""

import inspect
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from tests.factories.notices import make_question, make_webhook
from tests.factories.staff import make_person
from tests.factories.teams import make_team

from safelight.audit.models import Entry
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.kernel.errors import NotFound
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.sharing import notice_tasks
from safelight.sharing.actions.move_clock import move_clock
from safelight.sharing.actions.take_step import take_step
from safelight.sharing.actions.tell_those_asked import tell_those_asked
from safelight.sharing.models import Notice, Opinion, Step, Urgency
from safelight.sharing.models.notices import After
from safelight.sharing.notices.rules import ClockRules
from safelight.staff.models import Person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def at(time_machine):
    time_machine.move_to(NOW, tick=False)
    return lambda minutes: time_machine.move_to(NOW + minutes * MINUTE, tick=False)


@pytest.fixture
def lim() -> Person:
    return make_person("lim", "Mr C Lim")


@pytest.fixture
def team(lim):
    return make_team(people=(lim, make_person("webb", "Dr E Webb"), make_person("stone", "Prof R Stone")))


def _run(minute: str = "2026-11-24T09:41") -> None:
    inspect.unwrap(notice_tasks.take_all_due)(minute)


def _told(says: str = "", kind: str = "mail") -> list[str]:
    rows = Notice.objects.filter(kind=kind).order_by("promised_at", "pk")
    return [row.person.name for row in (rows.filter(says=says) if says else rows)]


def _open(opinion: Opinion, *, at: datetime) -> None:
    Opinion.objects.filter(pk=opinion.pk).update(state="opened", opened_at=at, opened_by=opinion.asked_by)
    move_clock(by=WORKER, opinion_id=opinion.pk, opened=True, now=at)


def test_tells_whoever_is_on_call_at_once_in_the_transaction_of_the_asking(team):
    make_question(team=team)
    assert _told() == ["Mr C Lim"]
    assert Step.objects.get(after=After.ASKED, number=0).done_at == NOW


def test_tells_again_then_the_next_and_then_the_consultant(team, at):
    make_question(team=team)
    for minute, expected in [
        (2.9, ["Mr C Lim"]),
        (3, ["Mr C Lim"] * 2),
        (5.9, ["Mr C Lim"] * 2),
        (6, ["Mr C Lim", "Mr C Lim", "Dr E Webb", "Dr A Khan"]),
        (10, ["Mr C Lim", "Mr C Lim", "Dr E Webb", "Dr A Khan", "Prof R Stone", "Dr A Khan"]),
        (600, ["Mr C Lim", "Mr C Lim", "Dr E Webb", "Dr A Khan", "Prof R Stone", "Dr A Khan"]),
    ]:
        at(minute)
        _run()
        _run()
        assert sorted(_told()) == sorted(expected)
    assert _told("nobody_opened") == ["Dr A Khan"] * 2


def test_a_step_counts_from_the_one_before_and_a_missed_one_is_taken_at_once_and_once(team, at):
    make_question(team=team)
    at(45)
    _run()
    assert Step.objects.filter(after=After.ASKED, done_at__isnull=False).count() == 2
    at(47.9)
    _run()
    assert Step.objects.filter(after=After.ASKED, done_at__isnull=False).count() == 2
    at(48)
    _run()
    assert Step.objects.get(after=After.ASKED, number=2).done_at == NOW + 48 * MINUTE


def test_the_rules_are_those_of_the_sending(team, at):
    make_question(team=team, fixed=ClockRules(minutes=(0, 1, 2, 3)))
    at(1)
    _run()
    assert _told() == ["Mr C Lim"] * 2


def test_opened_and_not_answered_the_same_begins_again_counted_from_the_opening(team, at):
    question = make_question(team=team)
    at(2)
    _open(question, at=clock.now())
    at(11.9)
    _run()
    assert _told() == ["Mr C Lim"]
    at(12)
    _run()
    assert _told() == ["Mr C Lim"] * 2
    assert _told("urgent_again") == ["Mr C Lim"]
    for minute in (15, 18, 22):
        at(minute)
        _run()
    assert sorted(_told("nobody_answered")) == ["Dr A Khan"] * 2
    assert Step.objects.filter(after=After.OPENED, done_at=None).count() == 0


@pytest.mark.parametrize("after_opening", [False, True])
@pytest.mark.parametrize("what", ["on_it", "answered", "taken_back", "expired"])
def test_somebody_on_it_an_answer_or_its_end_stops_the_clock(team, at, what, after_opening):
    question = make_question(team=team)
    if after_opening:
        _open(question, at=NOW)
    change = {
        "on_it": {"on_it_at": NOW, "on_it_by": question.asked_by},
        "answered": {"state": "answered", "answered_at": NOW},
        "taken_back": {"state": "taken_back", "ended_at": NOW, "ended_why": "asker"},
        "expired": {"state": "expired", "ended_at": NOW, "ended_why": "time"},
    }[what]
    Opinion.objects.filter(pk=question.pk).update(**change)
    move_clock(by=WORKER, opinion_id=question.pk, opened=False, now=NOW)
    at(60)
    _run()
    assert _told() == ["Mr C Lim"]
    assert not Step.objects.filter(done_at=None, stopped_at=None).exists()


def test_a_step_that_finds_the_question_ended_stops_the_clock_itself(team, at):
    question = make_question(team=team)
    Opinion.objects.filter(pk=question.pk).update(state="taken_back", ended_at=NOW, ended_why="asker")
    at(3)
    _run()
    assert _told() == ["Mr C Lim"]
    assert not Step.objects.filter(after=After.ASKED, done_at=None, stopped_at=None).exists()


def test_a_step_is_taken_by_one_run_only(team, at):
    make_question(team=team)
    at(3)
    step = Step.objects.get(after=After.ASKED, number=1)
    take_step(by=WORKER, step_id=step.pk, now=clock.now())
    with pytest.raises(NotPossibleNow):
        take_step(by=WORKER, step_id=step.pk, now=clock.now())
    assert _told() == ["Mr C Lim"] * 2


def test_a_step_is_not_taken_before_it_is_due(team):
    make_question(team=team)
    with pytest.raises(NotPossibleNow):
        take_step(by=WORKER, step_id=Step.objects.get(after=After.ASKED, number=1).pk, now=NOW)
    inspect.unwrap(notice_tasks.take_one_step)(str(Step.objects.get(after=After.ASKED, number=1).pk))
    with pytest.raises(NotFound):
        take_step(by=WORKER, step_id=make_person().pk, now=NOW)


def test_where_nobody_is_on_call_everybody_of_the_team_is_told(lim):
    team = make_team(people=(lim, make_person("webb", "Dr E Webb")), at=NOW - timedelta(days=3))
    make_question(team=team)
    assert sorted(_told()) == ["Dr E Webb", "Mr C Lim"]
    assert sorted(_told(kind="screen")) == ["Dr E Webb", "Mr C Lim"]


def test_who_is_on_call_is_asked_of_the_rota_when_the_step_is_taken(team, at, lim):
    question = make_question(team=team)
    Person.objects.filter(pk=lim.pk).update(is_active=False)
    at(3)
    _run()
    assert _told() == ["Mr C Lim", "Dr E Webb"]
    assert Notice.objects.filter(opinion=question, says="urgent_again", person__name="Dr E Webb").exists()


def test_a_person_asked_by_name_is_told_twice_and_then_the_asker_is(lim, at):
    make_question(person=lim)
    for minute in (3, 6, 10):
        at(minute)
        _run()
    assert _told() == ["Mr C Lim", "Mr C Lim", "Dr A Khan", "Dr A Khan"]


def test_who_asks_their_own_team_is_not_told_by_it_but_the_next_one_is(team, lim):
    make_question(team=team, asker=lim)
    assert _told() == ["Dr E Webb"]


def test_the_pager_of_a_team_is_called_at_each_step(team, at):
    make_webhook(team=team)
    make_question(team=team)
    for minute in (3, 6, 10):
        at(minute)
        _run()
    assert Notice.objects.filter(kind="webhook").count() == 4


@pytest.mark.parametrize("urgency", [Urgency.SOON, Urgency.ROUTINE])
def test_what_is_not_urgent_is_told_once_and_has_no_clock(team, urgency):
    make_question(team=team, urgency=urgency)
    assert _told("asked") == ["Mr C Lim"]
    assert not Step.objects.exists()


def test_what_is_passed_on_begins_anew_for_the_others(team, at, lim):
    question = make_question(team=team)
    other = make_person("rees", "Mr T Rees")
    Opinion.objects.filter(pk=question.pk).update(team=None, person=other)
    at(1)
    tell_those_asked(by=WORKER, opinion_id=question.pk, fixed=ClockRules(), occasion="passed", now=clock.now())
    at(3)
    _run()
    assert _told() == ["Mr C Lim", "Mr T Rees"]
    at(4)
    _run()
    assert _told() == ["Mr C Lim", "Mr T Rees", "Mr T Rees"]


def test_promising_twice_is_promising_once(team):
    question = make_question(team=team, urgency=Urgency.SOON)
    before = Notice.objects.count()
    with pytest.raises(Exception, match="tell_those_asked"):  # nothing new, so nothing is stated
        tell_those_asked(by=WORKER, opinion_id=question.pk, fixed=ClockRules(), occasion="asked", now=NOW)
    assert Notice.objects.count() == before


@pytest.mark.requirement("G10")
def test_no_name_stands_in_the_ledger(team, at):
    make_question(team=team)
    at(6)
    _run()
    for body in Entry.objects.values_list("body", flat=True):
        assert b"Khan" not in bytes(body)
        assert b"Lim" not in bytes(body)


@pytest.mark.parametrize(
    "change",
    [
        {"on_it_at": NOW, "on_it_by": WORKER.id},
        {"state": "opened", "opened_at": NOW, "opened_by": WORKER.id},
        {"state": "answered", "answered_at": NOW},
        {"expires_at": NOW + MINUTE},
    ],
)
def test_a_step_asks_how_the_question_stands_and_not_only_its_own_row(team, at, change):
    question = make_question(team=team)
    Opinion.objects.filter(pk=question.pk).update(**change)
    at(3)
    _run()
    assert _told() == ["Mr C Lim"]


def _promised(notice: Notice) -> int:
    """How often the engine was promised to send it."""
    table = "workflow_status" if connection.vendor == "sqlite" else "dbos.workflow_status"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE workflow_uuid LIKE %s", [f"notice:{notice.pk}%"])
        return int(cursor.fetchone()[0])


def test_a_notice_whose_work_was_given_up_is_promised_again_once_an_hour_while_it_tells_something(team, at):
    make_webhook(team=team)
    opinion = make_question(team=team)
    notice = Notice.objects.get(kind="webhook")
    for minute, promises in ((1, 1), (6, 2), (7, 2), (60, 3)):
        at(minute)
        inspect.unwrap(notice_tasks.promise_late_notices)(clock.now().strftime("%Y-%m-%dT%H:%M"))
        assert _promised(notice) == promises
    Opinion.objects.filter(pk=opinion.pk).update(state="taken_back", ended_why="asker")
    at(120)
    inspect.unwrap(notice_tasks.promise_late_notices)(clock.now().strftime("%Y-%m-%dT%H:%M"))
    assert _promised(notice) == 3
