"""The import stations: enrol one by a code that is shown once, see which live, take one off the list."""

import secrets
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from safelight.audit.request import StaffRequest
from safelight.custody import queries, rules
from safelight.custody.actions.make_enrolment_code import GOOD_FOR, make_enrolment_code
from safelight.custody.actions.revoke_station import revoke_station
from safelight.custody.errors import NotForYou
from safelight.kernel import clock
from safelight.kernel.digest import Digest

# No letter that is read as a digit. Three groups of four: 58 bits for ten minutes.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
GROUPS, LONG = 3, 4


def _page(request: StaffRequest, code: str = "") -> HttpResponse:
    if not rules.may_register(request.actor):
        raise NotForYou
    now = clock.now()
    shown = {"stations": queries.stations(request.actor), "code": code, "until": now + GOOD_FOR}
    return render(request, "custody/stations.jinja", shown, using="jinja")


@require_safe
def stations(request: StaffRequest) -> HttpResponse:
    """All stations, with when each was last heard of."""
    return _page(request)


@require_POST
def new_code(request: StaffRequest) -> HttpResponse:
    """Make a one-time code. This answer is the only place where it is ever shown."""
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(LONG)) for _ in range(GROUPS))
    make_enrolment_code(by=request.actor, code_digest=Digest.of(code.encode()), now=clock.now(), new_id=uuid4())
    return _page(request, code)


@require_POST
def revoked(request: StaffRequest, station_id: UUID) -> HttpResponse:
    """Take a station off the list."""
    revoke_station(by=request.actor, station_id=station_id, now=clock.now())
    return HttpResponseRedirect(reverse("custody:stations"))
