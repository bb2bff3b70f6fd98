"""On Home: the questions that nobody has opened, and the answers that this person has not read."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.sharing import inbox
from safelight.sharing.inbox import Box


def beside_home(request: StaffRequest) -> SafeString:
    """A row of a list for each box in which something waits, or nothing. Who is asked and about whom stands in the box."""
    now = clock.now()
    counts = inbox.counts(request.actor, now=now)
    if not any(counts.values()):
        return SafeString()
    shown = {"me": counts[Box.ME], "team": counts[Box.TEAM], "unread": inbox.unread(request.actor) if counts[Box.ASKED] else None}
    return SafeString(render_to_string("config/waiting.jinja", shown, using="jinja"))
