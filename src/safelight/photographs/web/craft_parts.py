"""How good photos are, beside the page of those who oversee cameras and one's own page."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.photographs import by_person, rules
from safelight.staff import queries as staff

DAYS = 30


def beside_custody(request: StaffRequest, *, since: datetime, days: int) -> SafeString:
    """Everybody's, for the IG lead and the medical photographers."""
    by = request.actor
    if not rules.may_compare_people(by):
        return SafeString()
    rows = by_person.everybodys(by, since=since)
    shown = {"rows": rows, "names": staff.names_of(by, [one.person for one in rows]), "days": days, "fewest": by_person.FEWEST}
    return SafeString(render_to_string("photographs/crafts.jinja", shown, request=request, using="jinja"))


def beside_me(request: HttpRequest) -> SafeString:
    """One's own."""
    own = by_person.ones_own(request.actor, since=clock.now() - timedelta(days=DAYS))  # type: ignore[attr-defined]  # staff's pages
    return SafeString(render_to_string("photographs/craft.jinja", {"own": own, "days": DAYS}, using="jinja")) if own else SafeString()
