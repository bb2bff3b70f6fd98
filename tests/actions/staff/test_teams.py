"""Teams and their rota: who may change it, who is on call, and that nobody is an answer."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.factories.staff import actor_of, make_person
from tests.factories.teams import administrator, make_shift, make_team

from safelight.audit.models import Entry, Outcome
from safelight.kernel import clock
from safelight.kernel.actor import NOBODY
from safelight.kernel.errors import NotFound
from safelight.staff import errors, queries, rota
from safelight.staff.actions.add_shift import add_shift
from safelight.staff.actions.add_team import add_team
from safelight.staff.actions.change_shift import change_shift
from safelight.staff.actions.change_team import change_team
from safelight.staff.actions.remove_shift import remove_shift
from safelight.staff.actions.swap_shifts import swap_shifts
from safelight.staff.models import Person, Rank, Shift
from safelight.staff.said import ShiftSaid, TeamSaid

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _at_nine_forty_one(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def khan() -> Person:
    return make_person()


@pytest.fixture
def lim() -> Person:
    return make_person("lim", "Mr C Lim")


def _said(person, begins=NOW, ends=NOW + 8 * HOUR, rank=Rank.FIRST) -> ShiftSaid:
    return ShiftSaid(person=person.pk, rank=rank, begins=begins, ends=ends)


def test_says_who_is_on_call_who_is_next_and_who_the_consultant_is(khan, lim):
    stone = make_person("stone", "Prof R Stone")
    team = make_team(people=(khan, lim, stone))
    make_shift(team, lim, begins=NOW + 23 * HOUR, ends=NOW + 30 * HOUR)
    there = queries.on_call(actor_of(khan), team.pk, at=NOW)
    assert (there.now, there.second, there.consultant, there.phone, there.nobody) == (khan, lim, stone, "4321", False)
    assert (there.next, there.changes_at) == (lim, NOW + 23 * HOUR)
    assert there.in_turn == (khan, lim, stone)


def test_says_nobody_where_nobody_is_on_call_and_the_number_all_the_same(khan):
    there = queries.on_call(actor_of(khan), make_team().pk, at=NOW)
    assert there.nobody
    assert there.in_turn == ()
    assert there.phone == "4321"


@pytest.mark.parametrize(("at", "on"), [(NOW - HOUR, True), (NOW + 23 * HOUR - timedelta(seconds=1), True), (NOW + 23 * HOUR, False)])
def test_a_shift_counts_from_its_beginning_until_before_its_end(khan, at, on):
    assert queries.on_call(actor_of(khan), make_team(people=(khan,)).pk, at=at).nobody is not on


def test_somebody_who_has_left_is_not_on_call(khan, lim):
    team = make_team(people=(khan,))
    Person.objects.filter(pk=khan.pk).update(is_active=False)
    assert queries.on_call(actor_of(lim), team.pk, at=NOW).nobody


def test_one_who_is_on_call_at_two_levels_is_told_once(khan):
    team = make_team(people=(khan, khan))
    assert queries.on_call(actor_of(khan), team.pk, at=NOW).in_turn == (khan,)


def test_my_teams_are_those_i_belong_to_lead_or_am_on_call_for_now(khan, lim):
    by, mine, led = actor_of(khan), make_team(people=(khan,)), make_team("Plastics", "4322", lead=khan)
    helped = make_team("ENT", "4323")
    make_team("Eyes", "4324", people=(lim,))
    make_shift(helped, khan, begins=NOW, ends=NOW + HOUR)
    assert queries.teams_of(by, khan.pk, at=NOW) == [mine, helped, led]
    assert queries.teams_of(by, khan.pk, at=NOW + HOUR) == [mine, led]
    assert [team.name for team in queries.teams(by)] == ["Burns on call", "ENT", "Eyes", "Plastics"]


def test_shows_no_team_to_nobody(khan):
    team = make_team(people=(khan,))
    assert queries.teams(NOBODY) == queries.teams_of(NOBODY, khan.pk, at=NOW) == []
    with pytest.raises(NotFound):
        queries.on_call(NOBODY, team.pk, at=NOW)


def test_only_the_lead_and_an_administrator_change_a_rota(khan, lim):
    team = make_team(lead=lim)
    with pytest.raises(errors.NotYourRota):
        add_shift(by=actor_of(khan), team_id=team.pk, said=_said(khan), now=NOW, new_id=uuid4())
    assert Entry.objects.latest("seq").outcome == Outcome.REFUSED
    add_shift(by=actor_of(lim), team_id=team.pk, said=_said(khan), now=NOW, new_id=uuid4())
    shift = Shift.objects.get()
    for change in (
        lambda by: change_shift(by=by, shift_id=shift.pk, said=_said(lim), now=NOW),
        lambda by: swap_shifts(by=by, shift_id=shift.pk, other_id=shift.pk, now=NOW),
        lambda by: remove_shift(by=by, shift_id=shift.pk, now=NOW),
        lambda by: change_team(by=by, team_id=team.pk, said=TeamSaid(name="Mine", phone="1"), now=NOW),
    ):
        with pytest.raises(errors.NotYourRota):
            change(actor_of(khan))
    change_shift(by=administrator(), shift_id=shift.pk, said=_said(lim), now=NOW)
    assert Shift.objects.get().person == lim


@pytest.mark.parametrize("rank", list(Rank))
@pytest.mark.parametrize(
    ("begins", "ends", "refused"),
    [
        (NOW + 7 * HOUR, NOW + 9 * HOUR, True),
        (NOW - HOUR, NOW + timedelta(seconds=1), True),
        (NOW + HOUR, NOW + 2 * HOUR, True),
        (NOW + 8 * HOUR, NOW + 9 * HOUR, False),
        (NOW - HOUR, NOW, False),
    ],
)
def test_no_two_shifts_of_one_level_meet(khan, lim, begins, ends, refused, rank):
    team = make_team()
    make_shift(team, khan, begins=NOW, ends=NOW + 8 * HOUR)
    if refused and rank is Rank.FIRST:
        with pytest.raises(errors.ShiftMeets):
            make_shift(team, lim, rank, begins=begins, ends=ends)
    else:
        assert make_shift(team, lim, rank, begins=begins, ends=ends)


def test_a_shift_may_be_moved_within_its_own_time(khan):
    team = make_team()
    shift = make_shift(team, khan, begins=NOW, ends=NOW + 8 * HOUR)
    change_shift(by=administrator(), shift_id=shift.pk, said=_said(khan, NOW + HOUR, NOW + 9 * HOUR), now=NOW)
    assert Shift.objects.get().ends == NOW + 9 * HOUR


@pytest.mark.parametrize("ends", [NOW, NOW - HOUR, NOW + timedelta(days=7, seconds=1)])
def test_refuses_a_shift_that_ends_too_soon_or_too_late(khan, ends):
    with pytest.raises(errors.ShiftTooLong):
        make_shift(make_team(), khan, begins=NOW, ends=ends)


def test_what_was_worked_stays_as_it_was(khan, lim):
    team = make_team()
    shift = make_shift(team, khan, begins=NOW - 9 * HOUR, ends=NOW - HOUR)
    by = administrator()
    for change in (
        lambda: change_shift(by=by, shift_id=shift.pk, said=_said(lim), now=NOW),
        lambda: remove_shift(by=by, shift_id=shift.pk, now=NOW),
        lambda: add_shift(by=by, team_id=team.pk, said=_said(lim, NOW - HOUR, NOW), now=NOW, new_id=uuid4()),
    ):
        with pytest.raises(errors.ShiftOver):
            change()
    running = make_shift(team, khan, begins=NOW - HOUR, ends=NOW + HOUR)
    with pytest.raises(errors.ShiftOver):
        change_shift(by=by, shift_id=running.pk, said=_said(khan, NOW - HOUR, NOW - timedelta(minutes=1)), now=NOW)


def test_two_people_take_each_others_shift_together(khan, lim):
    team = make_team()
    night = make_shift(team, khan, begins=NOW, ends=NOW + 8 * HOUR)
    day = make_shift(team, lim, begins=NOW + 8 * HOUR, ends=NOW + 16 * HOUR)
    swap_shifts(by=administrator(), shift_id=night.pk, other_id=day.pk, now=NOW)
    assert list(Shift.objects.order_by("begins").values_list("person", flat=True)) == [lim.pk, khan.pk]


def test_refuses_to_swap_with_another_team_or_with_somebody_who_has_left(khan, lim):
    team, other = make_team(lead=khan), make_team("ENT", "4323", lead=khan)
    mine = make_shift(team, khan, begins=NOW, ends=NOW + HOUR)
    theirs = make_shift(other, lim, begins=NOW, ends=NOW + HOUR)
    with pytest.raises(NotFound):
        swap_shifts(by=actor_of(khan), shift_id=mine.pk, other_id=theirs.pk, now=NOW)
    left = make_shift(team, lim, begins=NOW + HOUR, ends=NOW + 2 * HOUR)
    Person.objects.filter(pk=lim.pk).update(is_active=False)
    with pytest.raises(errors.UnknownPerson):
        swap_shifts(by=actor_of(khan), shift_id=mine.pk, other_id=left.pk, now=NOW)
    with pytest.raises(errors.UnknownPerson):
        add_shift(by=actor_of(khan), team_id=team.pk, said=_said(lim, NOW + 5 * HOUR), now=NOW, new_id=uuid4())


def test_a_removed_shift_leaves_a_gap_that_is_said(khan):
    team = make_team(people=(khan,))
    remove_shift(by=administrator(), shift_id=Shift.objects.get().pk, now=NOW)
    assert queries.on_call(administrator(), team.pk, at=NOW).nobody
    assert rota.gaps([], NOW, NOW + HOUR) == [(NOW, NOW + HOUR)]


def test_unknown_teams_and_shifts_are_not_found(khan):
    by = administrator()
    with pytest.raises(NotFound):
        remove_shift(by=by, shift_id=uuid4(), now=NOW)
    with pytest.raises(NotFound):
        change_team(by=by, team_id=uuid4(), said=TeamSaid(name="X", phone="1"), now=NOW)


@pytest.mark.parametrize("phone", ["", "  "])
def test_a_team_without_a_number_is_not_made(phone):
    with pytest.raises(errors.PhoneNeeded):
        make_team(phone=phone)


def test_a_name_belongs_to_one_team(khan):
    team = make_team()
    with pytest.raises(errors.TeamTaken):
        make_team(" burns ON call")
    other = make_team("ENT")
    with pytest.raises(errors.TeamTaken):
        change_team(by=administrator(), team_id=other.pk, said=TeamSaid(name="Burns on call", phone="1"), now=NOW)
    change_team(by=administrator(), team_id=team.pk, said=TeamSaid(name="Burns on call", phone="9999"), now=NOW)
    assert queries.team(actor_of(khan), team.pk).phone == "9999"


def test_only_an_administrator_freshly_proved_makes_a_team_or_hands_the_lead_on(khan, lim):
    said = TeamSaid(name="Burns on call", phone="4321", lead=khan.pk)
    with pytest.raises(errors.NotForYou):
        add_team(by=actor_of(khan, proved_at=NOW), said=said, now=NOW, new_id=uuid4())
    boss = administrator()
    with pytest.raises(errors.ProofNeeded):
        add_team(by=actor_of(Person.objects.get(pk=boss.id)), said=said, now=NOW, new_id=uuid4())
    team = make_team(lead=khan)
    with pytest.raises(errors.NotForYou):
        change_team(by=actor_of(khan), team_id=team.pk, said=TeamSaid(name="Burns on call", phone="4321", lead=lim.pk), now=NOW)
    with pytest.raises(errors.UnknownPerson):
        change_team(by=boss, team_id=team.pk, said=TeamSaid(name="Burns on call", phone="4321", lead=uuid4()), now=NOW)
    with pytest.raises(errors.UnknownPerson):
        change_team(by=boss, team_id=team.pk, said=TeamSaid(name="Burns on call", phone="4321", people=frozenset({uuid4()})), now=NOW)


def test_the_ledger_holds_ids_and_times_of_a_shift_and_no_name(khan):
    make_team(people=(khan,))
    body = bytes(Entry.objects.latest("seq").body)
    assert str(khan.pk).encode() in body
    assert b"Khan" not in body
    assert clock.now().isoformat()[:10].encode() in body


class TestGaps:
    """Times in which nobody is the first on call."""

    def _shift(self, begins, ends, rank=Rank.FIRST, *, here=True) -> Shift:
        return Shift(person=Person(is_active=here), rank=rank, begins=NOW + begins * HOUR, ends=NOW + ends * HOUR)

    def _gaps(self, *shifts) -> list[tuple[int, int]]:
        return [(int((a - NOW) / HOUR), int((b - NOW) / HOUR)) for a, b in rota.gaps(shifts, NOW, NOW + 24 * HOUR)]

    def test_are_none_where_shifts_join(self):
        assert self._gaps(self._shift(12, 30), self._shift(-3, 12)) == []

    def test_lie_before_between_and_behind_shifts(self):
        assert self._gaps(self._shift(2, 4), self._shift(6, 20)) == [(0, 2), (4, 6), (20, 24)]

    def test_are_not_filled_by_other_levels_or_by_those_who_left(self):
        assert self._gaps(self._shift(0, 24, Rank.SECOND), self._shift(0, 24, here=False)) == [(0, 24)]

    def test_end_where_the_time_ends(self):
        assert self._gaps(self._shift(30, 40)) == [(0, 24)]


def test_every_team_is_listed_with_as_many_questions_of_the_database_as_one(django_assert_num_queries):
    khan, lim = make_person(), make_person("lim", "Mr C Lim")
    now = clock.now()
    for number in range(4):
        team = make_team(f"Team {number}", people=(lim,) if number % 2 else ())
        make_shift(team, khan, begins=now + timedelta(hours=30), ends=now + timedelta(hours=40))
        make_shift(team, lim, begins=now + timedelta(hours=50), ends=now + timedelta(hours=60))
    by = actor_of(khan)
    with django_assert_num_queries(3):
        listed = queries.on_call_of_all(by, at=now)
    assert [team.name for team, _ in listed] == ["Team 0", "Team 1", "Team 2", "Team 3"]
    for team, there in listed:
        assert there == queries.on_call(by, team.pk, at=now)
        assert there.next == khan
    assert [there.nobody for _, there in listed] == [True, False, True, False]
