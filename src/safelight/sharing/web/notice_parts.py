"""What notices put beside pages of staff: by what a team is told, and the way to my own notices."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.sharing.models.notices import Channel
from safelight.sharing.notices import looking_after, queries, rules


@dataclass(frozen=True, slots=True)
class Row:
    """A channel and whether it works."""

    channel: Channel
    works: bool


def rows(channels: list[Channel]) -> list[Row]:
    """Channels as pages list them."""
    now = clock.now()
    return [Row(one, rules.works(one, now=now, good_for=settings.SAFELIGHT_CHANNEL_GOOD_FOR)) for one in channels]


def beside_rota(request: StaffRequest, *, team_id: UUID) -> SafeString:
    """By what a team is told and when each was last tested, or that nothing urgent reaches it."""
    by, now = request.actor, clock.now()
    channels = queries.team_channels(by, team_id)
    shown = {
        "team_id": team_id,
        "rows": [(one, rules.works(one, now=now, good_for=settings.SAFELIGHT_CHANNEL_GOOD_FOR)) for one in channels],
        "urgent": queries.urgent_possible(by, team_id, now=now),
        "leads": looking_after.owns(by, person=None, team=team_id),
    }
    return SafeString(render_to_string("sharing/beside_rota.jinja", shown, using="jinja"))


def beside_me(request: HttpRequest) -> SafeString:  # noqa: ARG001 - the same for everybody
    """The way to my own notices."""
    return SafeString(render_to_string("sharing/beside_me.jinja", using="jinja"))
