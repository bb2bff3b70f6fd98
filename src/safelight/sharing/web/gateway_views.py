"""Gateways and mailboxes that a team is told by, and gateways of one's own: entered once, tested, and never shown again."""

from secrets import token_urlsafe
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import Refusal
from safelight.sharing.actions.add_channel import add_channel
from safelight.sharing.models.notices import Kind
from safelight.sharing.notices import looking_after, queries, sending
from safelight.sharing.notices.places import require_listed
from safelight.sharing.notices.webhook import Hook
from safelight.sharing.web.notice_forms import GatewayForm, TeamChannelForm
from safelight.sharing.web.notice_parts import rows
from safelight.staff import queries as staff
from safelight.staff import rules as staff_rules
from safelight.staff.errors import NotYourRota
from safelight.staff.web.door import fresh_proof


@fresh_proof()
@require_http_methods(["GET", "HEAD", "POST"])
def team_notices(request: StaffRequest, team_id: UUID) -> HttpResponse:
    """How a team is told, and a new way to tell it."""
    team = staff.team(request.actor, team_id)
    if not staff_rules.leads(request.actor, team):
        raise NotYourRota(team_id)
    form, secret, status = TeamChannelForm(request.POST or None), "", 200
    if request.method == "POST" and form.is_valid():
        try:
            secret = _add(request, form, Kind(form.cleaned_data["kind"]), team=team_id)
        except Refusal as no:
            form.add_error("address", no.says)
            status = no.status
        else:
            if not secret:
                return HttpResponseRedirect(reverse("notices:team", args=[team_id]))
            form = TeamChannelForm()
    shown = {
        "team": team,
        "channels": rows(queries.channels_of(request.actor, team=team_id)),
        "urgent": queries.urgent_possible(request.actor, team_id, now=clock.now()),
        "hosts": settings.SAFELIGHT_WEBHOOK_HOSTS,
        "form": form,
        "secret": secret,
    }
    status = 422 if form.errors and status == 200 else status  # noqa: PLR2004 - nothing else was wrong
    return render(request, "sharing/team_notices.jinja", shown, status=status, using="jinja")


@fresh_proof()
@require_http_methods(["GET", "HEAD", "POST"])
def my_gateway(request: StaffRequest) -> HttpResponse:
    """A pager or text messages of one's own."""
    form, secret, status = GatewayForm(request.POST or None), "", 200
    if request.method == "POST" and form.is_valid():
        try:
            secret, form = _add(request, form, Kind.WEBHOOK, person=request.actor.id), GatewayForm()
        except Refusal as no:
            form.add_error("address", no.says)
            status = no.status
    mine = [row for row in rows(queries.channels_of(request.actor, person=request.actor.id)) if row.channel.kind == Kind.WEBHOOK]
    shown = {"channels": mine, "hosts": settings.SAFELIGHT_WEBHOOK_HOSTS, "form": form, "secret": secret}
    status = 422 if form.errors and status == 200 else status  # noqa: PLR2004 - the standard's number
    return render(request, "sharing/my_gateway.jinja", shown, status=status, using="jinja")


def _add(request: StaffRequest, form: GatewayForm, kind: Kind, *, person: UUID | None = None, team: UUID | None = None) -> str:
    """Seal and keep an address. Returns the secret by which a gateway knows this site: it is shown once."""
    channel, address = uuid4(), form.cleaned_data["address"].strip()
    secret = token_urlsafe(32) if kind is Kind.WEBHOOK else ""
    if kind is Kind.WEBHOOK:
        require_listed(address, hosts=settings.SAFELIGHT_WEBHOOK_HOSTS)
    looking_after.require_owner(request.actor, person=person, team=team)
    sealed = sending.seal(Hook(address, secret).plain() if secret else address.encode(), channel=channel)
    name = form.cleaned_data["name"]
    add_channel(by=request.actor, channel_id=channel, kind=kind, name=name, sealed=sealed, person=person, team=team, now=clock.now())
    return secret
