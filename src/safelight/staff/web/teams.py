"""Teams: who is on call now, their numbers, and the pages that make and change a team."""

from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import Refusal
from safelight.staff import queries, rules
from safelight.staff.actions.add_team import add_team
from safelight.staff.actions.change_team import change_team
from safelight.staff.errors import NotForYou, NotYourRota
from safelight.staff.web.door import fresh_proof
from safelight.staff.web.team_forms import TeamForm


@require_safe
def teams(request: StaffRequest) -> HttpResponse:
    """Every team that can be asked, who is on call now, and the number to ring."""
    now = clock.now()
    rows = queries.on_call_of_all(request.actor, at=now)
    mine = {team.pk for team in queries.teams_of(request.actor, request.actor.id, at=now)}
    ordered = sorted(rows, key=lambda row: (row[0].pk not in mine, row[0].name))
    shown = {"rows": ordered, "mine": mine, "administrator": rules.may_look_after_people(request.actor)}
    return render(request, "staff/teams.jinja", shown, using="jinja")


@fresh_proof()
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    """Make a team."""
    if not rules.may_look_after_people(request.actor):
        raise NotForYou
    form, status = _form(request, leads=True), 200
    if request.method == "POST" and form.is_valid():
        try:
            add_team(by=request.actor, said=form.said(), now=clock.now(), new_id=(new := uuid4()))
        except Refusal as no:
            form.add_error("name", no.says)
            status = no.status
        else:
            return HttpResponseRedirect(reverse("staff:rota", args=[new]))
    return _page(request, form, status, team=None)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: StaffRequest, team_id: UUID) -> HttpResponse:
    """Change a team: its lead or an administrator does."""
    team = queries.team(request.actor, team_id)
    if not rules.leads(request.actor, team):
        raise NotYourRota(team_id)
    form, status = _form(request, leads=rules.may_look_after_people(request.actor), initial=TeamForm.of(team)), 200
    if request.method == "POST" and form.is_valid():
        try:
            change_team(by=request.actor, team_id=team_id, said=form.said(lead=team.lead_id), now=clock.now())
        except Refusal as no:
            form.add_error("name", no.says)
            status = no.status
        else:
            return HttpResponseRedirect(reverse("staff:rota", args=[team_id]))
    return _page(request, form, status, team=team_id)


def _form(request: StaffRequest, *, leads: bool, initial: dict[str, object] | None = None) -> TeamForm:
    people, wards = queries.people(request.actor), queries.wards(request.actor)
    return TeamForm(request.POST or None, people=people, wards=wards, leads=leads, initial=initial)


def _page(request: StaffRequest, form: TeamForm, status: int, *, team: UUID | None) -> HttpResponse:
    status = 422 if form.errors and status == 200 else status  # noqa: PLR2004 - nothing else was wrong
    return render(request, "staff/team.jinja", {"form": form, "team": team}, status=status, using="jinja")
