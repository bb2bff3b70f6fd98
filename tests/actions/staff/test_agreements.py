"""What is done to the keys takes two people: who may agree, for how long, and that an agreement is used up by the thing that it is for."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.factories.agreements import agreed
from tests.factories.staff import PASSWORD, actor_of, code_now, make_person, sign_in

from safelight.audit.models import Entry
from safelight.kernel.actor import OPERATOR, WORKER, Role
from safelight.staff import errors, queries
from safelight.staff.actions.agree_to_keys import agree_to_keys
from safelight.staff.actions.begin_agreed import begin_agreed
from safelight.staff.actions.change_person import change_person
from safelight.staff.actions.deactivate_person import deactivate_person
from safelight.staff.actions.end_agreed import end_agreed
from safelight.staff.models import Agreement, ForKeys
from safelight.staff.said import PersonSaid

pytestmark = [pytest.mark.django_db, pytest.mark.asvs("2.3.5")]
NOW = datetime(2026, 12, 1, 23, 50, tzinfo=UTC)  # four hours from here are another day


@pytest.fixture
def boss():
    return make_person("boss", "Ms P Boss", roles=[Role.ADMINISTRATOR])


@pytest.fixture
def lead():
    return make_person("osei", "B Osei", roles=[Role.IG_LEAD])


def _agree(by, second, *, what=ForKeys.ROTATE, now=NOW):
    return agree_to_keys(by=by, what=what, second_person=second, now=now, new_id=uuid4())


def _begin(what=ForKeys.ROTATE, *, now=NOW, newest="root-1", by=OPERATOR):
    return begin_agreed(by=by, what=what, newest=newest, now=now)


def test_an_administrator_and_the_ig_lead_agree_and_the_ledger_names_both(boss, lead):
    made = _agree(actor_of(boss, proved_at=NOW), lead.pk)
    _begin()
    for entry in Entry.objects.order_by("-seq")[:2]:
        assert str(boss.pk) in entry.body.decode()
        assert str(lead.pk) in entry.body.decode()
    assert queries.agreements(actor_of(boss), now=NOW) == [made]


def test_the_same_person_is_not_two_by_whatever_sign_in(boss, lead):
    for by in (actor_of(boss, proved_at=NOW), actor_of(boss, proved_at=NOW)):
        for second in (None, boss.pk):
            with pytest.raises(errors.TwoPeopleNeeded):
                _agree(by, second)
    with pytest.raises(IntegrityError, match=r"staff_agreed_are_two|CHECK"), transaction.atomic():
        Agreement.objects.create(id=uuid4(), what="rotate", asked_by=boss, agreed_by=boss, agreed_at=NOW, until=NOW + timedelta(hours=1))
    with pytest.raises(errors.NotAgreed):
        _begin()


def test_only_those_who_answer_for_keys_agree(boss, lead):
    ward = make_person()
    for by, second, refusal in (
        (actor_of(lead, proved_at=NOW), boss.pk, errors.NotForYou),
        (actor_of(ward, proved_at=NOW), boss.pk, errors.NotForYou),
        (OPERATOR, boss.pk, errors.NotForYou),
        (actor_of(boss, proved_at=NOW), ward.pk, errors.SecondNotForKeys),
        (actor_of(boss, proved_at=NOW), uuid4(), errors.SecondNotForKeys),
        (actor_of(boss), lead.pk, errors.ProofNeeded),
        (actor_of(boss, proved_at=NOW - timedelta(minutes=6)), lead.pk, errors.ProofNeeded),
    ):
        with pytest.raises(refusal):
            _agree(by, second)
    assert not Agreement.objects.exists()


def test_an_agreement_is_good_for_four_hours_and_not_before_it_was_made(boss, lead):
    _agree(actor_of(boss, proved_at=NOW), lead.pk)
    for when in (NOW + timedelta(hours=4), NOW + timedelta(days=9), NOW - timedelta(minutes=1)):
        with pytest.raises(errors.NotAgreed):
            _begin(now=when)
    assert _begin(now=NOW + timedelta(hours=3, minutes=59)).newest == "root-1"


def test_an_agreement_is_for_one_thing(boss, lead):
    _agree(actor_of(boss, proved_at=NOW), lead.pk, what=ForKeys.RETIRE)
    for other in (ForKeys.ROTATE, ForKeys.ROTATE_INDEX):
        with pytest.raises(errors.NotAgreed):
            _begin(other)
    assert _begin(ForKeys.RETIRE).what == ForKeys.RETIRE


def test_an_agreement_is_used_up(boss, lead):
    _agree(actor_of(boss, proved_at=NOW), lead.pk)
    _begin()
    end_agreed(by=OPERATOR, what=ForKeys.ROTATE, now=NOW)
    with pytest.raises(errors.NotAgreed):
        _begin()
    with pytest.raises(errors.NotAgreed):
        end_agreed(by=OPERATOR, what=ForKeys.ROTATE, now=NOW)
    assert queries.agreements(actor_of(boss), now=NOW) == []


def test_what_was_begun_goes_on_with_the_key_that_was_the_newest_then(boss, lead):
    for _ in range(2):
        _agree(actor_of(boss, proved_at=NOW), lead.pk)
    first = _begin()
    again = _begin(newest="root-2")
    assert (again.pk, again.newest) == (first.pk, "root-1")


@pytest.mark.parametrize("leaver", ["boss", "osei"])
@pytest.mark.parametrize("begun", [False, True])
def test_an_agreement_ends_when_one_of_the_two_works_here_no_more(boss, lead, leaver, begun):
    _agree(actor_of(boss, proved_at=NOW), lead.pk)
    if begun:
        _begin()
    gone = boss if leaver == "boss" else lead
    deactivate_person(by=OPERATOR, person_id=gone.pk, now=NOW)
    with pytest.raises(errors.NotAgreed):
        _begin()


@pytest.mark.parametrize("leaver", ["boss", "osei"])
def test_an_agreement_ends_when_one_of_the_two_answers_for_keys_no_more(boss, lead, leaver):
    _agree(actor_of(boss, proved_at=NOW), lead.pk)
    gone = boss if leaver == "boss" else lead
    said = PersonSaid(name=gone.name, roles=frozenset({Role.CLINICIAN}))
    change_person(by=OPERATOR, person_id=gone.pk, said=said, second_person=None, now=NOW)
    with pytest.raises(errors.NotAgreed):
        _begin()


def test_nobody_but_the_command_line_uses_an_agreement(boss, lead):
    made = agreed(ForKeys.ROTATE, at=NOW)
    for by in (actor_of(boss, proved_at=NOW), WORKER):
        with pytest.raises(errors.NotForYou):
            _begin(by=by)
        with pytest.raises(errors.NotForYou):
            end_agreed(by=by, what=ForKeys.ROTATE, now=NOW)
    made.refresh_from_db()
    assert made.begun_at is None


class TestPage:
    """The page on which both sign."""

    def _post(self, client, second, **more):
        said = {"what": "rotate", "second_username": second.username, "second_password": PASSWORD, "second_code": code_now(), **more}
        return client.post("/settings/keys/", said)

    def test_both_sign_and_the_page_names_the_command(self, boss, lead):
        client = sign_in(Client(), boss)
        assert self._post(client, lead).status_code == 302
        shown = client.get("/settings/keys/").content.decode()
        assert "Ms P Boss and B Osei agreed to make a new root key" in shown
        assert "safelight vault rotate</code>" in shown
        made = Agreement.objects.get()
        assert (made.asked_by, made.agreed_by, made.what) == (boss, lead, "rotate")

    def test_the_one_who_is_signed_in_is_no_second(self, boss):
        answer = self._post(sign_in(Client(), boss), boss)
        assert answer.status_code == 409
        assert "This takes two people" in answer.content.decode()
        assert not Agreement.objects.exists()

    def test_nothing_is_agreed_without_what_or_with_a_wrong_code(self, boss, lead):
        client = sign_in(Client(), boss)
        assert self._post(client, lead, what="").status_code == 422
        assert self._post(client, lead, what="everything").status_code == 422
        assert self._post(client, lead, second_code="000000").status_code == 403
        assert not Agreement.objects.exists()

    def test_is_for_administrators(self, lead):
        assert sign_in(Client(), lead).get("/settings/keys/").status_code == 403
