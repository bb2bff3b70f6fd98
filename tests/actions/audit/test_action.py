import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from safelight.audit.action import NothingStated, action, state
from safelight.audit.listeners import on
from safelight.audit.models import About, Entry, Head, Outcome
from safelight.kernel.actor import OPERATOR, Actor
from safelight.kernel.errors import Refusal
from safelight.kernel.facts import Fact

NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
PATIENT = UUID(int=7)
pytestmark = [pytest.mark.django_db, pytest.mark.requirement("I4")]


@dataclass(frozen=True, kw_only=True)
class Kept(Fact):
    patient: UUID
    count: int


class TooMany(Refusal):
    code = "tests.too_many"


def _session(key: str) -> None:
    Session.objects.create(session_key=key, session_data="", expire_date=NOW)


@action
def keep_some(*, by: Actor, patient_id: UUID, count: int, now: datetime) -> int:
    _session("kept")
    if count > 3:
        raise TooMany(count)
    if count == 3:
        raise ZeroDivisionError
    if count:
        state(Kept(patient=patient_id, count=count))
    return count


@action
def keep_twice(*, by: Actor, now: datetime) -> int:
    return keep_some(by=by, patient_id=PATIENT, count=1, now=now) + keep_some(by=by, patient_id=PATIENT, count=2, now=now)


@pytest.fixture
def heard():
    told = []
    on(Kept)(told.append)
    return told


def _body(entry: Entry) -> dict:
    return json.loads(bytes(entry.body))


def test_commits_the_change_with_its_fact_in_one_entry():
    assert keep_some(by=OPERATOR, patient_id=PATIENT, count=2, now=NOW) == 2
    entry = Entry.objects.get()
    body = _body(entry)
    assert (entry.seq, entry.outcome, entry.action, entry.at) == (0, Outcome.DONE, body["action"], NOW)
    assert body["facts"][0] | {"patient": str(PATIENT), "count": 2} == body["facts"][0]
    assert About.objects.get().patient == PATIENT
    assert Session.objects.count() == 1


def test_a_refusal_leaves_no_trace_but_its_entry():
    with pytest.raises(TooMany):
        keep_some(by=OPERATOR, patient_id=PATIENT, count=4, now=NOW)
    entry = Entry.objects.get()
    assert (entry.outcome, _body(entry)["reason"], _body(entry)["facts"]) == (Outcome.REFUSED, "tests.too_many", [])
    assert About.objects.get().patient == PATIENT
    assert Session.objects.count() == 0


def test_a_fault_leaves_no_trace_but_its_entry():
    with pytest.raises(ZeroDivisionError):
        keep_some(by=OPERATOR, patient_id=PATIENT, count=3, now=NOW)
    assert (Entry.objects.get().outcome, Session.objects.count()) == (Outcome.FAILED, 0)


def test_an_action_that_states_nothing_is_a_fault():
    with pytest.raises(NothingStated):
        keep_some(by=OPERATOR, patient_id=PATIENT, count=0, now=NOW)
    assert Session.objects.count() == 0


def test_an_action_inside_an_action_joins_its_entry():
    Session.objects.all().delete()
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        keep_twice(by=OPERATOR, now=NOW)
    assert [entry.outcome for entry in Entry.objects.all()] == [Outcome.FAILED]
    assert Session.objects.count() == 0


def test_listeners_hear_a_fact_inside_the_transaction(heard):
    keep_some(by=OPERATOR, patient_id=PATIENT, count=1, now=NOW)
    assert [fact.count for fact in heard] == [1]


def test_refuses_to_be_an_action_without_actor_and_time():
    with pytest.raises(TypeError, match="keyword-only"):

        @action
        def loose(by: Actor, now: datetime) -> None: ...

    with pytest.raises(TypeError, match="who acts"):

        @action
        def nobody(*, now: datetime) -> None: ...


def test_a_fact_outside_an_action_is_a_fault():
    with pytest.raises(RuntimeError, match="inside an action"):
        state(Kept(patient=uuid4(), count=1))


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET outcome = 'refused'", "DELETE FROM audit_entry", "DELETE FROM audit_head"])
def test_the_database_refuses_to_change_the_ledger(statement):
    keep_some(by=OPERATOR, patient_id=PATIENT, count=1, now=NOW)
    with pytest.raises(Exception, match=r"append-only|stays"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_an_entry_out_of_turn():
    keep_some(by=OPERATOR, patient_id=PATIENT, count=1, now=NOW)
    with pytest.raises(Exception, match="next number"):
        Entry.objects.create(seq=9, at=NOW, action="x", outcome="done", actor=uuid4(), body=b"", leaf=b"")


def test_the_database_refuses_a_head_that_jumps():
    keep_some(by=OPERATOR, patient_id=PATIENT, count=1, now=NOW)
    with pytest.raises(Exception, match="grows by one"):
        Head.objects.update(size=0)
