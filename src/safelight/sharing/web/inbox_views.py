"""The inbox of opinions."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import NotFound
from safelight.sharing import choosing, queries
from safelight.sharing import inbox as boxes
from safelight.sharing.actions.show_inbox import show_inbox
from safelight.sharing.inbox import Box

LONGEST_SEARCH = 100


@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: StaffRequest) -> HttpResponse:
    """One box of questions, or what is found in it. Words to search for come in a form: they may name somebody."""
    by, now = request.actor, clock.now()
    counts = boxes.counts(by, now=now)
    box = _box(request.GET.get("box", ""), counts)
    words = request.POST.get("find", "")[:LONGEST_SEARCH].strip()
    most = boxes.SEARCHED if words else boxes.PAGE
    before = _opinion(request.POST.get("before") or request.GET.get("before"))
    listed = show_inbox(by=by, box=box, before=before, most=most, now=now, words=words)
    lines = boxes.lines(by, listed.opinions, now=now)
    teams = queries.teams_now(by, now=now)
    context = {
        "box": box,
        "boxes": list(Box),
        "counts": counts,
        "lines": boxes.found(lines, words) if words else lines,
        "words": words,
        "older": listed.older,
        "back_to": listed.opinions[-1].asked_at if listed.opinions else None,
        "further": bool(words and before),
        "teams": [one for one in choosing.teams(by, now=now) if one.team.pk in teams] if box is Box.TEAM else [],
    }
    return render(request, "sharing/inbox.jinja", context, using="jinja")


def _box(text: str, counts: Mapping[Box, int]) -> Box:
    """The box that is named; else the first in which something waits: whoever comes by the red number finds it."""
    if text in set(Box):
        return Box(text)
    return next((box for box, waiting in counts.items() if waiting), Box.ME)


def _opinion(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None
