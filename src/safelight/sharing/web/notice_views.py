"""By what somebody is told: my notices, a team's notices, tests, and the browser's own worker."""

from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import Refusal, SafelightError
from safelight.sharing.actions.add_channel import add_channel
from safelight.sharing.actions.note_channel_tested import note_channel_tested
from safelight.sharing.actions.note_own_mail_tested import note_own_mail_tested
from safelight.sharing.actions.remove_channel import remove_channel
from safelight.sharing.courier import has_mail
from safelight.sharing.models.notices import Channel, Kind
from safelight.sharing.notice_errors import NoPushHere
from safelight.sharing.notices import queries, sending, web_push
from safelight.sharing.notices.web_push import Subscription
from safelight.sharing.web.notice_forms import PushForm
from safelight.sharing.web.notice_parts import rows
from safelight.staff import queries as staff

WORKER_FILE = Path(__file__).resolve().parents[1] / "static" / "sharing" / "notices-worker.js"


@require_safe
def my_notices(request: StaffRequest) -> HttpResponse:
    """How I am told, when each way was last tested, and what a browser needs to be told."""
    return _mine(request)


@require_POST
def add_push(request: StaffRequest) -> HttpResponse:
    """Tell me in this browser from now on. What it gave is checked and sealed; a test shows that it works."""
    form = PushForm(request.POST)
    if not form.is_valid():
        return _mine(request, problem="The browser did not say where it can be reached. Try again, or use another browser.", status=422)
    given = Subscription(form.cleaned_data["endpoint"], form.cleaned_data["p256dh"], form.cleaned_data["auth"])
    channel = uuid4()
    try:
        sending.push_sender()
        web_push.require_good(given, hosts=settings.SAFELIGHT_PUSH_HOSTS)
        sealed = sending.seal(given.plain(), channel=channel)
        name = form.cleaned_data["name"] or "This browser"
        _add(request, channel, Kind.PUSH, name, sealed, person=request.actor.id)
    except Refusal as no:
        return _mine(request, problem=no.says, status=no.status)
    return HttpResponseRedirect(reverse("notices:mine"))


@require_POST
def test_mail(request: StaffRequest) -> HttpResponse:
    """Send a test to my own mail; the register knows the address."""
    own = sending.own_mail(staff.person(request.actor, request.actor.id), new_id=uuid4())
    note_own_mail_tested(by=request.actor, channel_id=own.pk, why=_tried(own), now=clock.now())
    return HttpResponseRedirect(reverse("notices:mine"))


@require_POST
def test(request: StaffRequest, channel_id: UUID) -> HttpResponse:
    """Send a test by one channel."""
    channel = queries.channel(request.actor, channel_id)
    note_channel_tested(by=request.actor, channel_id=channel_id, why=_tried(channel), now=clock.now())
    return HttpResponseRedirect(_page_of(channel))


@require_POST
def remove(request: StaffRequest, channel_id: UUID) -> HttpResponse:
    """Take a channel away."""
    channel = queries.channel(request.actor, channel_id)
    remove_channel(by=request.actor, channel_id=channel_id, now=clock.now())
    return HttpResponseRedirect(_page_of(channel))


@require_safe
def worker(request: StaffRequest) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """The browser's own worker. It stands at the root, for its scope is the whole site. It is set up while somebody is signed in;
    a browser that asks later and is sent away keeps the one that it has.
    """
    return HttpResponse(WORKER_FILE.read_bytes(), content_type="text/javascript")


def _add(request: StaffRequest, channel: UUID, kind: Kind, name: str, sealed: bytes, *, person: UUID) -> None:
    add_channel(by=request.actor, channel_id=channel, kind=kind, name=name, sealed=sealed, person=person, team=None, now=clock.now())


def _tried(channel: Channel) -> str:
    """Send a test; returns the code of what went wrong. Before the action: the network is never waited for inside one."""
    try:
        sending.send(sending.test_errand(channel, test_id=uuid4()), now=clock.now())
    except SafelightError as fault:
        return fault.code
    return ""


def _mine(request: StaffRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    channels = queries.channels_of(request.actor, person=request.actor.id)
    try:
        push_key = web_push.public_key(sending.push_sender().key)
    except (NoPushHere, SafelightError):
        push_key = ""
    listed = rows(channels)
    shown = {
        "mail": staff.person(request.actor, request.actor.id).email,
        "has_mail": has_mail(),
        "own_mail": next((row for row in listed if row.channel.kind == Kind.MAIL), None),
        "channels": [row for row in listed if row.channel.kind != Kind.MAIL],
        "teams": staff.teams_of(request.actor, request.actor.id, at=clock.now()),
        "push_key": push_key,
        "gateways": bool(settings.SAFELIGHT_WEBHOOK_HOSTS),
        "problem": problem,
    }
    return render(request, "sharing/my_notices.jinja", shown, status=status, using="jinja")


def _page_of(channel: Channel) -> str:
    return reverse("notices:team", args=[channel.team_id]) if channel.team_id else reverse("notices:mine")
