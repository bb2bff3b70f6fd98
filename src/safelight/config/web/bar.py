"""The red bar of every page, its count in the tab's title, and the count beside "Opinions"; all asked anew every 15 seconds."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.sharing import inbox
from safelight.sharing.notices import standing

COUNT = "count-opinions"


@require_safe
def part(request: StaffRequest) -> HttpResponse:
    """What is urgent now, and how many questions wait. No activity: who only looks on is locked all the same.

    The bar itself comes with the header of every page, from the context: it is read once.
    """
    shown = {"fresh": {"id": COUNT, "count": waiting(request.actor)}}
    return render(request, "design/bar.jinja", shown, using="jinja")


def urgent(actor: Actor) -> dict[str, object]:
    """The bar of somebody who is signed in."""
    shown = standing.bar(actor, now=clock.now())
    title = f"({shown.count}) Urgent" if shown.count else ""
    return {"address": reverse("home:bar"), "lines": shown.lines, "more": shown.more, "title": title}


def waiting(actor: Actor) -> int:
    """How many questions nobody has opened, and answers that this person has not read."""
    return sum(inbox.counts(actor, now=clock.now()).values())
