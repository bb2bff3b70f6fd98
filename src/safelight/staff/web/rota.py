"""The rota of a team: who now, who next, a week of it, and the shifts that its lead changes."""

from datetime import date
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import Refusal
from safelight.staff import queries, rota, rules
from safelight.staff.actions.add_shift import add_shift
from safelight.staff.actions.change_shift import change_shift
from safelight.staff.actions.remove_shift import remove_shift
from safelight.staff.actions.swap_shifts import swap_shifts
from safelight.staff.errors import NotYourRota, ShiftMeets
from safelight.staff.models import Shift, Team
from safelight.staff.web import rota_shown
from safelight.staff.web.rota_shown import DAY, midnight, monday_of
from safelight.staff.web.team_forms import RANKS, ShiftForm, SwapForm


@require_safe
def week(request: StaffRequest, team_id: UUID) -> HttpResponse:
    """One week of a team's rota, this one unless another is asked for."""
    team = queries.team(request.actor, team_id)
    return _week(request, team, _form(request, team, _monday(request)), 200)


@require_POST
def add(request: StaffRequest, team_id: UUID) -> HttpResponse:
    """Put somebody on call; the page shows the week in which the shift begins."""
    team = queries.team(request.actor, team_id)
    form, status = _form(request, team, _monday(request)), 422
    if form.is_valid():
        try:
            add_shift(by=request.actor, team_id=team_id, said=(said := form.said()), now=clock.now(), new_id=uuid4())
        except Refusal as no:
            form.add_error("begins" if isinstance(no, ShiftMeets) else "ends", no.says)
            status = no.status
        else:
            return HttpResponseRedirect(_address(team_id, timezone.localtime(said.begins).date()))
    return _week(request, team, form, status)


@require_http_methods(["GET", "HEAD", "POST"])
def shift(request: StaffRequest, shift_id: UUID) -> HttpResponse:
    """Change one shift."""
    found = _to_change(request, shift_id)
    form = _form(request, found.team, monday_of(timezone.localtime(found.begins).date()), found)
    if request.method != "POST" or not form.is_valid():
        return _shift_page(request, found, form, status=422 if form.errors else 200)
    try:
        change_shift(by=request.actor, shift_id=shift_id, said=(said := form.said()), now=clock.now())
    except Refusal as no:
        form.add_error("begins" if isinstance(no, ShiftMeets) else "ends", no.says)
        return _shift_page(request, found, form, status=no.status)
    return HttpResponseRedirect(_address(found.team_id, timezone.localtime(said.begins).date()))


@require_POST
def swap(request: StaffRequest, shift_id: UUID) -> HttpResponse:
    """Two people take each other's shift."""
    found = _to_change(request, shift_id)
    form = SwapForm(request.POST, others=_others(found))
    if form.is_valid():
        swap_shifts(by=request.actor, shift_id=shift_id, other_id=UUID(form.cleaned_data["other"]), now=clock.now())
        return HttpResponseRedirect(_address(found.team_id, timezone.localtime(found.begins).date()))
    request.method = "GET"
    own = _form(request, found.team, monday_of(timezone.localtime(found.begins).date()), found)
    return _shift_page(request, found, own, status=422, swapping=form)


@require_POST
def remove(request: StaffRequest, shift_id: UUID) -> HttpResponse:
    """Take a shift off the rota."""
    found = _to_change(request, shift_id)
    remove_shift(by=request.actor, shift_id=shift_id, now=clock.now())
    return HttpResponseRedirect(_address(found.team_id, timezone.localtime(found.begins).date()))


def _week(request: StaffRequest, team: Team, form: ShiftForm, status: int) -> HttpResponse:
    now, monday = clock.now(), _monday(request)
    shifts = rota.shifts_between(team, midnight(monday), midnight(monday + 7 * DAY))
    shown = {
        "team": team,
        "there": queries.on_call(request.actor, team.pk, at=now),
        "days": rota_shown.week(shifts, monday, now=now),
        "ranks": {rank.value: words for rank, words in RANKS.items()},
        "monday": monday,
        "sunday": monday + 6 * DAY,
        "before": _address(team.pk, monday - 7 * DAY),
        "after": _address(team.pk, monday + 7 * DAY),
        "leads": rules.leads(request.actor, team),
        "now": now,
        "form": form,
    }
    return render(request, "staff/rota.jinja", shown, status=status, using="jinja")


def _shift_page(request: StaffRequest, found: Shift, form: ShiftForm, *, status: int, swapping: SwapForm | None = None) -> HttpResponse:
    shown = {
        "shift": found,
        "when": rota_shown.when(found),
        "rank": RANKS[found.rank],  # type: ignore[index]  # a StrEnum's value is its text
        "back": _address(found.team_id, timezone.localtime(found.begins).date()),
        "form": swapping if swapping is not None and swapping.errors else form,
        "own": form,
        "swapping": swapping or SwapForm(others=_others(found)),
    }
    return render(request, "staff/shift.jinja", shown, status=status, using="jinja")


def _to_change(request: StaffRequest, shift_id: UUID) -> Shift:
    found = queries.shift(request.actor, shift_id)
    if not rules.leads(request.actor, found.team):
        raise NotYourRota(found.team_id)
    return found


def _others(found: Shift) -> list[tuple[UUID, str]]:
    """Shifts of the next two weeks that somebody else works."""
    now = clock.now()
    near = rota.shifts_between(found.team, now, max(found.begins, now) + 14 * DAY)
    return [(one.pk, f"{one.person.name}, {rota_shown.when(one)}") for one in near if one.person_id != found.person_id]


def _form(request: StaffRequest, team: Team, monday: date, shift: Shift | None = None) -> ShiftForm:
    """The form of a shift: the team's own people first, the days of the week that is shown and of the one behind it."""
    own = set(team.people.values_list("pk", flat=True))
    people = sorted(queries.people(request.actor), key=lambda one: (one.pk not in own, one.name))
    days = [monday + number * DAY for number in range(14)]
    today = timezone.localtime(clock.now()).date()
    initial = ShiftForm.of(shift) if shift else {"day": max(monday, min(today, days[-1])).isoformat()}
    return ShiftForm(request.POST if request.method == "POST" else None, people=people, days=days, initial=initial)


def _monday(request: StaffRequest) -> date:
    """The Monday of the week that is asked for; of this week where none is."""
    try:
        return monday_of(date.fromisoformat(request.GET.get("week", "")))
    except ValueError:
        return monday_of(timezone.localtime(clock.now()).date())


def _address(team_id: UUID, on: date) -> str:
    return f"{reverse('staff:rota', args=[team_id])}?week={monday_of(on).isoformat()}"
