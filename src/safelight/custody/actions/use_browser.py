from datetime import datetime

from safelight.audit.action import action, state
from safelight.custody import rules
from safelight.custody.errors import NotForYou
from safelight.custody.facts import BrowserUsed
from safelight.custody.models import Station
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest

BROWSER = "A browser"


@action
def use_browser(*, by: Actor, credential_digest: Digest, now: datetime) -> Station:
    """Read a card with a browser, as the station that stands for this person.

    1. Whoever takes photos may; one that was taken off the list stays off it.
    2. Its credential is known to nobody: nothing but a signed-in person's page acts for it.
    3. The entry ties the person to the station that the following entries name.
    """
    if not rules.may_read_by_browser(by):  # (1)
        raise NotForYou(by.id)
    station, _ = Station.objects.get_or_create(  # (2)
        id=rules.browser_of(by.id),
        defaults={"name": BROWSER, "credential_digest": credential_digest, "enrolled_at": now, "enrolled_by": by.id},
    )
    if station.revoked_at is not None:
        raise NotForYou(by.id)
    state(BrowserUsed(station=station.pk, person=by.id))  # (3)
    return station
