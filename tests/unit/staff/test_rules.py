from datetime import UTC, datetime, timedelta

import pytest

from safelight.kernel.actor import NOBODY, OPERATOR, WORKER, Actor, ActorKind, Role
from safelight.staff.adapters.growing_delay import delay
from safelight.staff.factors import code_step
from safelight.staff.models import Person, SignIn
from safelight.staff.rules import END, IDLE_END, Standing, may_look_after_people, proved, standing, two_people
from safelight.staff.web.back import path_only, safe_path

NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
LOCK = timedelta(minutes=2)


def _sign_in(*, started=timedelta(minutes=30), seen=timedelta(0), locked=False, ended=False, active=True) -> SignIn:
    return SignIn(
        person=Person(is_active=active),
        started_at=NOW - started,
        seen_at=NOW - seen,
        locked_at=NOW if locked else None,
        ended_at=NOW if ended else None,
    )


@pytest.mark.goal("S3")
@pytest.mark.asvs("7.3.1")
@pytest.mark.parametrize(
    ("sign_in", "expected"),
    [
        (_sign_in(), Standing.OPEN),
        (_sign_in(seen=timedelta(seconds=119)), Standing.OPEN),
        (_sign_in(seen=timedelta(seconds=120)), Standing.LOCKED),
        (_sign_in(locked=True), Standing.LOCKED),
        (_sign_in(seen=timedelta(seconds=599)), Standing.LOCKED),
        (_sign_in(seen=timedelta(seconds=600)), Standing.IDLE_TOO_LONG),
        (_sign_in(seen=timedelta(seconds=600), locked=True), Standing.IDLE_TOO_LONG),
        (_sign_in(started=END - timedelta(seconds=1)), Standing.OPEN),
        (_sign_in(started=END), Standing.OVER),
        (_sign_in(started=-timedelta(minutes=2)), Standing.OVER),
        (_sign_in(started=-timedelta(seconds=59)), Standing.OPEN),
        (_sign_in(ended=True), Standing.ENDED),
        (_sign_in(active=False), Standing.ENDED),
    ],
)
def test_a_sign_in_locks_ends_when_idle_and_is_over_after_a_shift(sign_in, expected):
    assert standing(sign_in, lock_after=LOCK, now=NOW) is expected


def test_the_ends_are_those_of_the_goal():
    assert (timedelta(minutes=10), timedelta(hours=8)) == (IDLE_END, END)


@pytest.mark.asvs("7.5.3")
@pytest.mark.parametrize(("ago", "fresh"), [(None, False), (0, True), (300, True), (301, False), (-1, False)])
def test_a_proof_is_fresh_for_five_minutes(ago, fresh):
    at = None if ago is None else NOW - timedelta(seconds=ago)
    assert proved(Actor(kind=ActorKind.STAFF, id=WORKER.id, proved_at=at), now=NOW) is fresh


def test_an_operator_at_the_terminal_has_no_proof_to_give_and_the_worker_gives_none():
    assert proved(OPERATOR, now=NOW)
    assert not proved(WORKER, now=NOW)


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        (Actor(kind=ActorKind.STAFF, id=WORKER.id, roles=frozenset({Role.ADMINISTRATOR})), True),
        (Actor(kind=ActorKind.STAFF, id=WORKER.id, roles=frozenset({Role.CLINICIAN, Role.PHOTOGRAPHER, Role.IG_LEAD})), False),
        (Actor(kind=ActorKind.STATION, id=WORKER.id, roles=frozenset({Role.ADMINISTRATOR})), False),
        (OPERATOR, True),
        (WORKER, False),
        (NOBODY, False),
    ],
)
def test_administrators_look_after_people_and_nobody_else(actor, may):
    assert may_look_after_people(actor) is may


def test_two_people_are_neither_the_one_who_acts_nor_the_one_it_is_about():
    actor, about, other = Actor(kind=ActorKind.STAFF, id=NOBODY.id), WORKER.id, OPERATOR.id
    assert [two_people(actor, second, about=about) for second in (None, actor.id, about, other)] == [False, False, False, True]
    assert two_people(OPERATOR, None, about=about)


@pytest.mark.goal("S10")
@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 480), (10_000, 480)]
)
def test_the_delay_doubles_and_stays_below_its_window(failures, seconds):
    assert delay(failures, limit=5) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_reads_the_codes_of_rfc_6238(at, code):
    """Appendix B, SHA-1, its last six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert code_step(secret, code, now=datetime.fromtimestamp(at, UTC)) == at // 30


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
def test_reads_no_code_that_is_two_steps_away(steps):
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert code_step(secret, "081804", now=datetime.fromtimestamp(1111111109 + 30 * steps, UTC)) is None


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ("/patients/?a=1", "/patients/?a=1"),
        ("", "/"),
        ("patients/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("///evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/a\r\nX: y", "/"),
        ("/" + "a" * 500, "/"),
    ],
)
def test_the_way_back_is_a_path_of_this_site(wanted, there):
    assert safe_path(wanted) == there


def test_the_page_a_form_stood_on_is_known_by_its_address():
    assert path_only("http://testserver/me/?a=1", host="testserver") == "/me/?a=1"
    assert path_only("http://evil.example/me/", host="testserver") == "/"
    assert path_only("", host="testserver") == "/"
