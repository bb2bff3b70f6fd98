"""Work that ended badly, for whoever looks after the system: try it again, or give it up with a reason."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import NotFound
from safelight.outbox import queries, rules
from safelight.outbox.actions.give_up import give_up
from safelight.outbox.actions.try_again import try_again
from safelight.outbox.errors import NotYours, SettledAlready

QUEUES = {
    "frames": "Photos to be read back from the store",
    "scan": "Slates to be read, photos to be filed",
    "find": "Photos to be searched for what identifies",
    "find_now": "Open photos to be searched for what identifies",
    "shares": "Questions to be taken back or ended",
    "push": "Notices to pagers and browsers",
    "mail": "Letters to be sent",
    "clock": "What the clock does each minute",
}
WHY = {
    "tried_in_vain": "A part did not answer, however often it was asked",
    "ended_its_workers": "It was begun six times and never came to its end",
    "fault": "A fault in the program",
}


@dataclass(frozen=True, slots=True)
class Late:
    """Work that nobody takes, in words."""

    what: str
    count: int
    since: datetime


class ReasonForm(forms.Form):
    """Why work can be given up."""

    reason = forms.CharField(
        label="Why can it be given up?",
        max_length=200,
        help_text="Your name is kept with it. No names or numbers of patients.",
        error_messages={"required": "Say why it can be given up"},
    )


@require_safe
def needs_a_person(request: StaffRequest) -> HttpResponse:
    """What ended badly, and what waits too long."""
    if not rules.may_mend(request.actor):
        raise NotYours
    late = [Late(QUEUES.get(row.queue, row.queue), row.count, row.since) for row in queries.late(now=clock.now())]
    shown = {"rows": queries.stuck(request.actor), "count": queries.stuck_count(request.actor), "late": late, "why": WHY}
    return render(request, "outbox/stuck.jinja", shown, using="jinja")


@require_POST
def again(request: StaffRequest) -> HttpResponse:
    """Try one again, or all that are ticked. What somebody else decided about meanwhile is passed over."""
    for chosen in request.POST.getlist("stuck"):
        with suppress(SettledAlready):
            try_again(by=request.actor, stuck_id=_id(chosen), now=clock.now())
    return HttpResponseRedirect(reverse("outbox:stuck"))


@require_http_methods(["GET", "HEAD", "POST"])
def give_up_page(request: StaffRequest, stuck_id: UUID) -> HttpResponse:
    """Give one up, with a reason."""
    row = queries.one(request.actor, stuck_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        give_up(by=request.actor, stuck_id=stuck_id, reason=form.cleaned_data["reason"], now=clock.now())
        return HttpResponseRedirect(reverse("outbox:stuck"))
    shown = {"row": row, "form": form, "why": WHY}
    return render(request, "outbox/give_up.jinja", shown, using="jinja", status=422 if form.is_bound else 200)


def _id(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise NotFound from None
