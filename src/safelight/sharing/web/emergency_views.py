"""The emergency lane: whoever is on call sees the patient at once, and the asker owes the rest."""

from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safelight.access import queries as access
from safelight.access.actions.name_patients import name_patients
from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.sharing import choosing, queries, sealing
from safelight.sharing.actions.call_in_emergency import call_in_emergency
from safelight.sharing.actions.settle_emergency import settle_emergency
from safelight.sharing.choosing import TeamShown
from safelight.sharing.errors import NobodyOnCall, NoEmergencyLane, StillOwed
from safelight.staff import queries as staff


class EmergencyForm(forms.Form):
    """For whom, and why it cannot wait."""

    team = forms.ChoiceField(label="Who is needed?", widget=forms.RadioSelect, error_messages={"required": "Choose who is needed"})
    reason = forms.CharField(
        label="Why can it not wait?",
        help_text="No name or number.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={"required": "Say in a few words why it cannot wait"},
    )

    def __init__(self, data: QueryDict | None, *, teams: list[TeamShown]) -> None:
        super().__init__(data)
        self.fields["team"].choices = [(str(one.team.pk), one.team.name) for one in teams]  # type: ignore[attr-defined]  # Django's fields have no type of their choices


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: StaffRequest) -> HttpResponse:
    """Let whoever is on call see the patient for an hour."""
    by, now, patient = request.actor, clock.now(), _patient(request)
    if not settings.SAFELIGHT_EMERGENCY_LANE:
        raise NoEmergencyLane
    choosing.newest_photos(by, patient, now=now)
    teams = choosing.teams(by, now=now)
    form = EmergencyForm(request.POST if request.method == "POST" else None, teams=teams)
    if form.is_valid():
        call_id = uuid4()
        reason = sealing.seal_reason(form.cleaned_data["reason"], call=call_id)
        team = UUID(form.cleaned_data["team"])
        try:
            call_in_emergency(by=by, patient_id=patient, team_id=team, call_id=call_id, reason=reason, now=now, new_id=uuid4())
        except NobodyOnCall as refusal:
            form.add_error("team", refusal.says)
        else:
            return HttpResponseRedirect(reverse("sharing:calls_owed"))
    name_patients(by=by, patients=[patient], now=now)
    shown = {
        "form": form,
        "banner": patients.banner(by, patient, today=timezone.localdate(now)),
        "patient": patient,
        "hints": {str(one.team.pk): _on_call(one) for one in teams},
    }
    return render(request, "sharing/emergency.jinja", shown, using="jinja", status=422 if form.errors else 200)


def _on_call(team: TeamShown) -> str:
    return (
        f"Nobody is on call: nobody can be let in. Ring {team.team.phone}" if team.on_call.nobody else f"{team.who}. Ring {team.team.phone}"
    )


@require_safe
def owed(request: StaffRequest) -> HttpResponse:
    """What emergency calls still owe: one's own, all for the IG lead."""
    return _list(request)


@require_POST
def settle(request: StaffRequest, call_id: UUID) -> HttpResponse:
    """Settle one of them."""
    try:
        settle_emergency(by=request.actor, call_id=call_id, now=clock.now())
    except StillOwed as refusal:
        return _list(request, problem=refusal.says)
    return HttpResponseRedirect(reverse("sharing:calls_owed"))


def _list(request: StaffRequest, *, problem: str = "") -> HttpResponse:
    by, now = request.actor, clock.now()
    rows = queries.calls_owed(by)
    mine = access.may_see_many(by, {row.patient_id for row in rows if row.called_by == by.id}, now=now)
    if mine:
        name_patients(by=by, patients=mine, now=now)
    shown = {
        "patients": patients.identities(by, mine),
        "rows": [(row, sealing.open_reason(row.reason, call=row.pk), now > row.due_at, row.called_by == by.id) for row in rows],
        "names": staff.names_of(by, {row.called_by for row in rows}),
        "problem": problem,
        "now": now,
    }
    return render(request, "sharing/calls_owed.jinja", shown, using="jinja", status=409 if problem else 200)


def _patient(request: StaffRequest) -> UUID:
    try:
        return UUID(request.GET.get("patient", ""))
    except ValueError:
        raise NotFound from None
