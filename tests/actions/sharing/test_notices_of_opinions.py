"""What opinions owe to people: told in the same transaction, and stopped by what happens to them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from tests.factories.notices import make_push, make_question, make_webhook
from tests.factories.sharing import answer, ask, make_asked, make_shareable, open_it, recipient
from tests.factories.staff import actor_of, make_person
from tests.factories.teams import administrator, make_team
from tests.simulators.browser_push import Browser

from safelight.audit.models import Entry
from safelight.kernel import clock
from safelight.kernel.actor import NOBODY, WORKER
from safelight.kernel.errors import NotFound
from safelight.sharing.actions.add_channel import add_channel
from safelight.sharing.actions.note_channel_tested import note_channel_tested
from safelight.sharing.actions.note_notice_failed import note_notice_failed
from safelight.sharing.actions.note_notice_sent import note_notice_sent
from safelight.sharing.actions.pass_on import pass_on
from safelight.sharing.actions.remove_channel import remove_channel
from safelight.sharing.actions.take_back import take_back
from safelight.sharing.actions.take_on import take_on
from safelight.sharing.actions.take_step import take_step
from safelight.sharing.models import Channel, Notice, Opinion, Step, Urgency
from safelight.sharing.models.notices import After, Kind
from safelight.sharing.notice_errors import ChannelThere, NotYourChannel
from safelight.sharing.notices import queries, standing
from safelight.sharing.rules import Ended

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def at(time_machine):
    time_machine.move_to(NOW, tick=False)
    return lambda minutes: time_machine.move_to(NOW + minutes * MINUTE, tick=False)


@pytest.fixture
def lim():
    return make_asked(rings=False)


@pytest.fixture
def team(lim):
    made = make_team(people=(lim, make_person("webb", "Dr E Webb")))
    make_webhook(team=made)
    return made


def _waiting() -> list[str]:
    """The promises of notices and steps that stand in the engine's own table."""
    table = "workflow_status" if connection.vendor == "sqlite" else "dbos.workflow_status"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT workflow_uuid FROM {table}")
        return [row[0] for row in cursor.fetchall()]


class TestAsking:
    def test_promises_its_notices_and_its_first_step_with_the_question(self, team):
        question = ask(make_shareable(), team)
        promised = _waiting()
        for notice in Notice.objects.exclude(kind="screen"):
            assert f"notice:{notice.pk}" in promised
        assert f"step:{Step.objects.get(opinion=question, after=After.ASKED, number=1).pk}" in promised

    def test_that_is_rolled_back_promises_nothing(self, team):
        before = set(_waiting())  # what other tests promised stays in the tables of the engine
        with pytest.raises(KeyError), transaction.atomic():
            ask(make_shareable(), team)
            raise KeyError
        assert not Notice.objects.exists()
        assert not [key for key in set(_waiting()) - before if key.startswith(("notice:", "step:"))]

    def test_stands_in_one_entry_with_what_it_promised(self, team):
        ask(make_shareable(), team)
        entry = Entry.objects.filter(action="sharing.ask_opinion").latest("seq")
        for fact in (b"sharing.OpinionAsked", b"sharing.ClockStarted", b"sharing.NoticesPromised", b"sharing.StepTaken"):
            assert fact in bytes(entry.body)

    def test_that_is_not_urgent_is_told_once(self, lim):
        ask(make_shareable(), lim, urgency=Urgency.ROUTINE)
        assert sorted(Notice.objects.values_list("kind", "says")) == [("mail", "asked"), ("screen", "asked")]


class TestWhatHappens:
    def test_opening_stops_the_first_clock_and_begins_the_second(self, team, lim, at):
        question = ask(make_shareable(), team)
        at(2)
        open_it(question, lim)
        assert not Step.objects.filter(after=After.ASKED, done_at=None, stopped_at=None).exists()
        assert Step.objects.get(after=After.OPENED, number=0).due_at == NOW + 12 * MINUTE

    def test_taking_it_on_stops_the_clock_and_tells_the_asker(self, team, lim):
        question = ask(make_shareable(), team)
        open_it(question, lim)
        take_on(by=actor_of(lim), opinion_id=question.pk, now=clock.now())
        assert not Step.objects.filter(done_at=None, stopped_at=None).exists()
        assert Notice.objects.filter(says="taken_on", person=question.asked_by, kind="mail").exists()

    def test_an_answer_stops_the_clock_and_tells_the_asker(self, team, lim):
        question = ask(make_shareable(), team)
        open_it(question, lim)
        answer(question, lim)
        assert not Step.objects.filter(done_at=None, stopped_at=None).exists()
        assert Notice.objects.filter(says="answered", person=question.asked_by, kind="mail").exists()

    def test_taking_it_back_stops_the_clock(self, team):
        shareable = make_shareable()
        question = ask(shareable, team)
        take_back(by=shareable.record.by, opinion_id=question.pk, why=Ended.ASKER, now=clock.now())
        assert not Step.objects.filter(done_at=None, stopped_at=None).exists()

    def test_passing_it_on_begins_anew_for_the_next(self, team, lim):
        question = ask(make_shareable(), team)
        rees = make_asked("rees", "Mr T Rees")
        open_it(question, lim)
        pass_on(by=actor_of(lim), opinion_id=question.pk, to=recipient(rees), now=clock.now(), new_id=uuid4())
        assert Notice.objects.filter(person=rees, kind="mail", says="urgent").exists()
        assert Step.objects.filter(opinion=question, turn=1, after=After.ASKED, number=0, done_at__isnull=False).exists()
        assert not Step.objects.filter(opinion=question, turn=0, done_at=None, stopped_at=None).exists()


class TestWhereItStands:
    def _stands(self, question) -> str:
        return standing.where_it_stands(actor_of(make_person()), Opinion.objects.get(pk=question.pk), now=clock.now()).says

    def test_says_who_is_told_next_and_whom_to_ring(self, team, at):
        question = make_question(team=team)
        assert self._stands(question) == "Nobody has opened it. Mr C Lim is told again in 3 minutes. Ring 4321 (Burns on call)."
        at(2.5)
        assert "in 1 minute." in self._stands(question)
        Step.objects.filter(after=After.ASKED, number=1).update(done_at=clock.now())
        Step.objects.filter(after=After.ASKED, number=2).update(due_at=NOW + 6 * MINUTE)
        assert "Dr E Webb is told in 4 minutes." in self._stands(question)
        at(20)
        assert "Dr E Webb is told now." in self._stands(question)

    def test_says_that_it_was_opened_and_not_answered(self, team, lim):
        question = ask(make_shareable(), team)
        open_it(question, lim)
        assert self._stands(question).startswith("It was opened. Nobody has answered yet. Mr C Lim is told again in 10 minutes.")

    def test_says_nothing_once_somebody_is_on_it(self, team, lim):
        question = ask(make_shareable(), team)
        open_it(question, lim)
        take_on(by=actor_of(lim), opinion_id=question.pk, now=clock.now())
        assert self._stands(question) == ""

    def test_says_of_each_notice_what_became_of_it(self, team):
        question = make_question(team=team)
        mail, pager = Notice.objects.get(kind="mail"), Notice.objects.get(kind="webhook")
        note_notice_failed(by=WORKER, notice_id=pager.pk, tries=0, why="sharing.notice_refused", for_good=True, now=clock.now())
        note_notice_failed(by=WORKER, notice_id=mail.pk, tries=0, why="sharing.courier_away", for_good=False, now=clock.now())
        assert {one.says for one in standing.notices_of(actor_of(make_person()), question.pk)} == {
            "Mr C Lim was told on the screen.",
            "The notice to Mr C Lim by mail has not gone out yet. It is tried again by itself.",
            "The notice to Burns on call by pager or text did not go out.",
        }
        assert standing.where_it_stands(actor_of(make_person()), question, now=clock.now()).unsent
        note_notice_sent(by=WORKER, notice_id=mail.pk, now=clock.now())
        assert "Mr C Lim was told by mail." in {one.says for one in standing.notices_of(actor_of(make_person()), question.pk)}
        assert standing.notices_of(NOBODY, question.pk) == []

    def test_says_the_number_where_a_notice_that_is_not_urgent_did_not_go_out(self, team):
        question = make_question(team=team, urgency=Urgency.SOON)
        note_notice_failed(
            by=WORKER, notice_id=Notice.objects.get(kind="mail").pk, tries=0, why="sharing.no_courier", for_good=True, now=clock.now()
        )
        assert self._stands(question) == "Ring 4321 (Burns on call)."

    def test_of_a_person_asked_by_name_says_that_the_asker_is_told(self, lim, at):
        question = make_question(person=lim)
        Step.objects.filter(after=After.ASKED, number=1).update(done_at=clock.now())
        Step.objects.filter(after=After.ASKED, number=2).update(due_at=NOW + 6 * MINUTE)
        assert self._stands(question) == "Nobody has opened it. You are told in 6 minutes if nobody has by then."

    def test_speaks_to_who_reads_it(self, lim, at):
        question = make_question(person=lim)
        his = standing.where_it_stands(actor_of(lim), Opinion.objects.get(pk=question.pk), now=clock.now())
        assert his.then == "You are told again in 3 minutes."
        Step.objects.filter(after=After.ASKED, number=1).update(done_at=clock.now())
        Step.objects.filter(after=After.ASKED, number=2).update(due_at=NOW + 6 * MINUTE)
        his = standing.where_it_stands(actor_of(lim), Opinion.objects.get(pk=question.pk), now=clock.now())
        assert his.then == "Your colleague is told in 6 minutes if nobody has by then."


class TestRedBar:
    def _bar(self, person) -> list[str]:
        return [line.lead for line in standing.bar(actor_of(person), now=clock.now()).lines]

    def test_shows_whoever_is_told_and_nobody_else(self, team, lim):
        make_question(team=team)
        assert self._bar(lim) == ["Urgent question for you"]
        assert self._bar(make_person("webb")) == []
        assert self._bar(make_person("other", "Dr O Ther")) == []
        assert standing.bar(NOBODY, now=clock.now()).count == 0

    def test_shows_everybody_of_a_team_that_has_nobody_on_call(self, lim):
        make_question(team=make_team("ENT", "4400", people=(lim,), at=NOW - timedelta(days=3)))
        assert self._bar(lim) == ["Urgent question for you"]

    def test_shows_the_asker_when_nobody_came(self, team, at):
        question = make_question(team=team)
        for number, minute in ((1, 3), (2, 6)):
            at(minute)
            take_step(by=WORKER, step_id=Step.objects.get(opinion=question, after=After.ASKED, number=number).pk, now=clock.now())
        assert self._bar(make_person()) == ["Your urgent question"]
        assert self._bar(make_person("webb")) == ["Urgent question for you"]

    def test_leaves_whoever_opened_it_in_peace(self, team, lim):
        question = ask(make_shareable(), team)
        open_it(question, lim)
        assert self._bar(lim) == []

    def test_goes_when_somebody_is_on_it(self, team, lim):
        question = make_question(team=team)
        Opinion.objects.filter(pk=question.pk).update(on_it_by=lim.pk, on_it_at=NOW)
        assert self._bar(lim) == []

    @pytest.mark.parametrize("urgency", [Urgency.SOON, Urgency.ROUTINE])
    def test_shows_nothing_that_is_not_urgent(self, team, lim, urgency):
        make_question(team=team, urgency=urgency)
        assert self._bar(lim) == []

    def test_asks_two_questions_of_the_database_where_there_is_nothing(self, team, django_assert_max_num_queries):
        other = actor_of(make_person("other", "Dr O Ther"))
        with django_assert_max_num_queries(3):
            standing.bar(other, now=clock.now())


class TestUrgentPossible:
    def test_is_a_team_with_a_gateway_that_took_a_test(self, team, lim):
        assert queries.urgent_possible(actor_of(lim), team.pk, now=NOW)
        assert all(queries.urgent_teams(actor_of(lim), now=NOW).values())

    def test_is_a_team_whose_one_on_call_has_a_browser_that_works(self, lim):
        team = make_team("ENT", "4400", people=(lim,))
        assert not queries.urgent_possible(actor_of(lim), team.pk, now=NOW)
        make_push(Browser("https://fcm.googleapis.com/x").subscription, person=lim)
        assert queries.urgent_possible(actor_of(lim), team.pk, now=NOW)

    def test_is_no_team_without_one_and_says_whom_to_ring(self, lim):
        answer = queries.urgent_possible(actor_of(lim), make_team("ENT", "4400", people=(lim,)).pk, now=NOW)
        assert not answer
        assert answer.says == "ENT has no urgent notice set up. Ring 4400."

    @pytest.mark.parametrize("spoil", ["untested", "failed", "old", "removed"])
    def test_is_no_team_whose_gateway_does_not_work(self, lim, spoil):
        team = make_team("ENT", "4400")
        channel = make_webhook(team=team, tested=spoil != "untested")
        if spoil == "failed":
            note_channel_tested(by=administrator(), channel_id=channel.pk, why="sharing.notice_away", now=NOW)
        if spoil == "removed":
            remove_channel(by=administrator(), channel_id=channel.pk, now=NOW)
        later = NOW + timedelta(days=31) if spoil == "old" else NOW
        assert not queries.urgent_possible(actor_of(lim), team.pk, now=later)

    def test_is_no_team_that_only_mail_reaches(self, lim):
        team = make_team("ENT", "4400", people=(lim,))
        new = uuid4()
        add_channel(by=administrator(), channel_id=new, kind=Kind.MAIL, name="Box", sealed=b"x", person=None, team=team.pk, now=NOW)
        note_channel_tested(by=administrator(), channel_id=new, why="", now=NOW)
        assert not queries.urgent_possible(actor_of(lim), team.pk, now=NOW)


class TestChannels:
    def test_belong_to_their_person_or_to_the_lead_of_their_team(self, lim, team):
        mine = make_push(Browser("https://fcm.googleapis.com/x").subscription, person=lim)
        other = actor_of(make_person("other", "Dr O Ther"))
        for channel in (mine, Channel.objects.get(team=team)):
            with pytest.raises(NotYourChannel):
                note_channel_tested(by=other, channel_id=channel.pk, why="", now=NOW)
            with pytest.raises(NotYourChannel):
                remove_channel(by=other, channel_id=channel.pk, now=NOW)
        with pytest.raises(NotYourChannel):
            add_channel(by=other, channel_id=uuid4(), kind=Kind.PUSH, name="x", sealed=b"x", person=lim.pk, team=None, now=NOW)
        assert queries.channels_of(other, person=lim.pk) == []
        assert queries.channels_of(actor_of(lim), person=lim.pk) == [mine]
        assert queries.team_channels(NOBODY, team.pk) == []
        assert len(queries.team_channels(other, team.pk)) == 1

    def test_are_forgotten_when_they_are_removed(self, lim):
        channel = make_push(Browser("https://fcm.googleapis.com/x").subscription, person=lim)
        remove_channel(by=actor_of(lim), channel_id=channel.pk, now=NOW)
        assert bytes(Channel.objects.get().sealed) == b""
        make_question(person=lim)
        assert not Notice.objects.filter(kind="push").exists()
        with pytest.raises(NotFound):
            remove_channel(by=actor_of(lim), channel_id=channel.pk, now=NOW)

    def test_are_not_set_up_twice(self, lim):
        channel = make_push(Browser("https://fcm.googleapis.com/x").subscription, person=lim)
        with pytest.raises(ChannelThere):
            add_channel(by=actor_of(lim), channel_id=channel.pk, kind=Kind.PUSH, name="x", sealed=b"x", person=lim.pk, team=None, now=NOW)
        assert queries.steps_due(actor_of(lim), now=NOW) == []
