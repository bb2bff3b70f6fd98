"""From a team on Home to a question: about whom?"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safelight.audit.request import StaffRequest
from safelight.config.web.today import todays_patients
from safelight.kernel import clock
from safelight.sharing import rules
from safelight.sharing.errors import NotYoursToAsk
from safelight.staff import queries as staff


@require_safe
def about_whom(request: StaffRequest, team_id: UUID) -> HttpResponse:
    """Today's patients who have photos, each leading to a question for the team; and the way to anybody else's photos."""
    by, now = request.actor, clock.now()
    if not rules.may_ask(by):
        raise NotYoursToAsk
    shown = {
        "team": staff.team(by, team_id),
        "there": staff.on_call(by, team_id, at=now),
        "today": [one for one in todays_patients(by, now) if one.photos],
    }
    return render(request, "config/ask_team.jinja", shown, using="jinja")
