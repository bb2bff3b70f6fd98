"""A request whose actor is known, as the ledger will name who asks."""

from django.http import HttpRequest

from safelight.kernel.actor import Actor


class StaffRequest(HttpRequest):
    """What every page of the staff door gets: `actor` was set by the middleware of the staff package."""

    actor: Actor
