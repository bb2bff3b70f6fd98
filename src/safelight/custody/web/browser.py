"""Bringing a card in with a browser, where no station is: the second way, and by a plain folder chooser the third.

The page reads the card and the server takes it exactly as from a station: announced, kept, read back, verified, receipt. What a browser
cannot do is never said: it deletes, and does not wipe; it cannot read past the system's memory, so nothing is proved; it knows no
file system, so no card of the register becomes empty by it. Its camera stays locked until a station has wiped the card.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from inspect import unwrap
from typing import cast
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from handover import canonical
from handover.canonical import Json, flag, items, members, moment, number, read, text
from handover.canonical import Malformed as NotOfTheFormat
from handover.certificate import Certificate
from handover.kinds import FrameKind, kind_of_name
from handover.manifest import MOST_BYTES, MOST_FILES, CardKind, CardManifest, FrameLine, OtherLine
from handover.reasons import Left
from safelight.audit.request import StaffRequest
from safelight.custody import queries, rules
from safelight.custody.actions.confirm_erasure import confirm_erasure
from safelight.custody.actions.use_browser import use_browser
from safelight.custody.errors import Malformed, NotForYou
from safelight.custody.left import COPIED, EMPTIED
from safelight.custody.web import frames, station
from safelight.kernel import clock
from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.digest import Digest
from safelight.kernel.errors import SafelightError

READ_AT_ONCE = 512 << 20  # bytes: a page hashes a file whole, in its memory; larger ones are for a station
Door = Callable[..., HttpResponse]


def _asked(*methods: str) -> Callable[[Door], Door]:
    """A view for the page's own requests. Refusals are answered as data: the page says them."""

    def make(view: Door) -> Door:
        @require_http_methods(list(methods))
        @wraps(view)
        def run(request: StaffRequest, **where: object) -> HttpResponse:
            try:
                if not rules.may_read_by_browser(request.actor):
                    raise NotForYou(request.actor.id)
                return view(request, **where)
            except SafelightError as no:
                return JsonResponse({"code": no.code, "title": no.says, "status": no.status}, status=no.status)

        return run

    return make


def _browser(request: StaffRequest) -> Actor:
    """The station that stands for this person, once they have announced a card with it."""
    by = request.actor
    return Actor(kind=ActorKind.STATION, id=rules.browser_of(by.id), sign_in=by.sign_in, request=by.request, device=by.device)


def _as_station(view: Door) -> Door:
    """The station's own view, without its proof by credential: here the signed-in person is the proof."""
    return cast("Door", unwrap(view))


@require_safe
def page(request: StaffRequest) -> HttpResponse:
    """Choose the card's folder."""
    if not rules.may_read_by_browser(request.actor):
        raise NotForYou(request.actor.id)
    return render(request, "custody/browser.jinja", {"read_at_once": READ_AT_ONCE}, using="jinja")


@_asked("POST")
def cards(request: StaffRequest) -> HttpResponse:
    """Take what the page found on the card; say which frames are wanted."""
    said = _body(request, "frames", "others")
    try:
        manifest = CardManifest(
            station=rules.browser_of(request.actor.id),
            kind=CardKind.FOLDER,
            volume="",
            frames=tuple(_frame(line) for line in items(said["frames"], most=MOST_FILES)),
            others=tuple(_other(line) for line in items(said["others"], most=MOST_FILES)),
        )
        manifest = CardManifest.parse(manifest.written())
    except NotOfTheFormat as fault:
        raise Malformed(str(fault)) from None
    use_browser(by=request.actor, credential_digest=Digest.of(secrets.token_bytes(32)), now=clock.now())
    return station.announced(_browser(request), manifest)


def _frame(line: Json) -> FrameLine:
    said = members(line, "folder", "file", "size", "sha256", "modified")
    file = text(said["file"])
    return FrameLine(
        folder=text(said["folder"], most=1024),
        file=file,
        size=number(said["size"]),
        digest=canonical.digest(said["sha256"]),
        kind=_kind(file),
        modified=_moment(said["modified"]),
    )


def _kind(file: str) -> FrameKind:
    kind = kind_of_name(file)
    if kind is None:
        raise Malformed("not named as a frame is")
    return kind


def _moment(value: Json) -> datetime | None:
    return None if value is None else moment(value)


def _other(line: Json) -> OtherLine:
    said = members(line, "path", "size", "why")
    try:
        why = Left(text(said["why"]))
    except ValueError:
        raise Malformed("unknown reason") from None
    return OtherLine(path=text(said["path"], most=1024), size=number(said["size"]), why=why)


@_asked("PUT")
def frame(request: StaffRequest, *, import_id: UUID, digest: str) -> HttpResponse:
    """Take a frame's bytes, as from a station."""
    return _as_station(frames.frame)(request, by=_browser(request), import_id=import_id, digest=digest)


@_asked("POST")
def left(request: StaffRequest, *, import_id: UUID, digest: str) -> HttpResponse:
    """Note that a frame stays on the card."""
    return _as_station(station.left)(request, by=_browser(request), import_id=import_id, digest=digest)


@_asked("POST")
def receipt(request: StaffRequest, *, import_id: UUID) -> HttpResponse:
    """The receipt, once every frame is at rest."""
    return _as_station(station.receipt)(request, by=_browser(request), import_id=import_id)


@_asked("POST")
def end(request: StaffRequest, *, import_id: UUID) -> HttpResponse:
    """Take what the page has done with the card. Nothing counts as erased: a deleted file can be brought back.

    `emptied` says that every photo was deleted and the card listed again; `held` that the photos may be evidence.
    """
    said = _body(request, "emptied", "held")
    by, now = _browser(request), clock.now()
    try:
        emptied, held = flag(said["emptied"]), flag(said["held"])
    except NotOfTheFormat as fault:
        raise Malformed(str(fault)) from None
    why = Left.HELD if held else Left.EMPTIED if emptied else Left.COPIED
    certificate = Certificate(
        card_import=import_id,
        station=by.id,
        method=EMPTIED if emptied and not held else COPIED,
        erased=(),
        left=tuple((row.digest, why) for row in queries.frames_of(by, import_id)),
        residue=0,
        empty=False,
        filled=False,
        read_again_at=now,
    )
    confirm_erasure(by=by, import_id=import_id, certificate=certificate, now=now)
    return JsonResponse({"import": str(import_id)})


def _body(request: StaffRequest, *names: str) -> dict[str, Json]:
    try:
        return members(read(request.read(MOST_BYTES + 1), most=MOST_BYTES), *names)
    except NotOfTheFormat as fault:
        raise Malformed(str(fault)) from None
