"""The station door: what an enrolled station asks, and nothing else. docs/formats/station.md has the protocol."""

import base64
import json
import secrets
import time
from collections.abc import Callable
from functools import wraps
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from handover.canonical import Malformed as NotOfTheFormat
from handover.certificate import Certificate
from handover.manifest import MOST_BYTES, CardManifest
from handover.reasons import Left
from safelight.custody import queries, receipts, rules
from safelight.custody.actions.announce_card import Names, announce_card
from safelight.custody.actions.confirm_erasure import confirm_erasure
from safelight.custody.actions.enrol_station import enrol_station
from safelight.custody.actions.leave_frame import leave_frame
from safelight.custody.actions.permit_erasure import permit_erasure
from safelight.custody.errors import (
    CodeNotGood,
    CopyDamaged,
    Malformed,
    NotInTheClear,
    NotYetVerified,
    UnknownStation,
)
from safelight.custody.models import Frame
from safelight.custody.tasks import check_copy
from safelight.kernel import clock
from safelight.kernel.actor import NOBODY, Actor, ActorKind
from safelight.kernel.digest import Digest
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.vault import fields, objects

SMALL = 64 << 10
LONGEST_TEXT = 80
LONGEST_CHECK = 15.0  # seconds of reading back before the station is told to ask again
LOOPBACK = {"127.0.0.1", "::1", ""}  # an empty address is a socket on this machine
Door = Callable[..., HttpResponse]


def enrolled(*methods: str) -> Callable[[Door], Door]:
    """A view for an enrolled station only. It gets the station as actor. Raises UnknownStation."""

    def make(view: Door) -> Door:
        @csrf_exempt  # a station carries no cookie: the credential is the proof
        @require_http_methods(list(methods))
        @wraps(view)
        def run(request: HttpRequest, **where: object) -> HttpResponse:
            return view(request, by=_station(request), **where)

        return run

    return make


def _station(request: HttpRequest) -> Actor:
    _refuse_in_the_clear(request)
    kind, _, credential = request.headers.get("Authorization", "").partition(" ")
    found = None
    if kind == "Bearer" and credential:
        found = queries.enrolled(Digest.of(credential.encode()))
    if found is None:
        raise UnknownStation
    return Actor(kind=ActorKind.STATION, id=found, request=uuid4().hex, device=str(found))


def _refuse_in_the_clear(request: HttpRequest) -> None:
    """A credential or a code that travelled over a network in the clear is no proof. Raises NotInTheClear."""
    if not request.is_secure() and request.META.get("REMOTE_ADDR", "") not in LOOPBACK:
        raise NotInTheClear


@csrf_exempt
@require_http_methods(["POST"])
def enrol(request: HttpRequest) -> JsonResponse:
    """Exchange a one-time code for a 256-bit credential."""
    _refuse_in_the_clear(request)
    said = _json(request)
    code, name = _text(said, "code"), _text(said, "name")
    if not queries.enrolment_is_open(now=clock.now()):
        raise CodeNotGood
    station, credential = uuid4(), base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    enrol_station(
        by=NOBODY,
        code_digest=Digest.of(code.upper().encode()),
        name=name,
        credential_digest=Digest.of(credential.encode()),
        now=clock.now(),
        new_id=station,
    )
    said = {"station": str(station), "credential": credential, "vkey": receipts.receipt_signer().vkey, "origin": settings.SAFELIGHT_ORIGIN}
    return JsonResponse(said, status=201)


@enrolled("POST")
def cards(request: HttpRequest, *, by: Actor) -> JsonResponse:
    """Take a manifest; say which frames are wanted."""
    try:
        manifest = CardManifest.parse(body_of(request, MOST_BYTES))
    except NotOfTheFormat as fault:
        raise Malformed(str(fault)) from None
    if manifest.station != by.id:
        raise Malformed("another station")
    return announced(by, manifest)


def announced(by: Actor, manifest: CardManifest) -> JsonResponse:
    """Announce a card, and say which of its frames are wanted."""
    new_id = uuid4()
    names = Names(
        tuple(
            (uuid4(), uuid4(), fields.seal_field(f"{line.folder}/{line.file}".encode(), context=f"place|{new_id}"))
            for line in manifest.frames
        ),
        tuple((uuid4(), fields.seal_field(line.path.encode(), context=f"leftover|{new_id}")) for line in manifest.others),
    )
    made = announce_card(by=by, manifest=manifest, names=names, now=clock.now(), new_id=new_id)
    frames = queries.frames_of(by, made.pk)
    objects.make_sure_of_room(sum(frame.size for frame in frames if rules.wanted(frame)))
    return JsonResponse(
        {"import": str(made.pk), "frames": [said_of(frame) for frame in frames], "progress": f"/imports/{made.pk}/"}, status=201
    )


def said_of(frame: Frame) -> dict[str, object]:
    return {"digest": frame.digest, "state": frame.state, "reason": frame.left_why, "wanted": rules.wanted(frame)}


@enrolled("POST")
def left(request: HttpRequest, *, by: Actor, import_id: UUID, digest: str) -> JsonResponse:
    """Note that a frame stays on the card."""
    try:
        why = Left(str(_json(request).get("reason", "")))
    except ValueError:
        raise Malformed("unknown reason") from None
    leave_frame(by=by, import_id=import_id, digest=Digest(digest), why=why, now=clock.now())
    return JsonResponse(said_of(queries.frame_in(by, import_id, digest)))


@enrolled("POST")
def receipt(request: HttpRequest, *, by: Actor, import_id: UUID) -> HttpResponse:  # noqa: ARG001 - the request has no body
    """The signed receipt, once every frame is at rest. Asking again gives the same, while every copy still reads back whole.

    What the worker has not read back yet is read back here: a card does not wait for a busy worker.
    """
    until = time.monotonic() + LONGEST_CHECK
    for frame in queries.copies_to_check(by, import_id, now=clock.now()):
        if not _is_whole(frame):
            raise CopyDamaged(frame.pk)
        if time.monotonic() > until:
            return _not_yet(NotYetVerified(frame.pk))
    try:
        permission = permit_erasure(by=by, import_id=import_id, now=clock.now())
    except NotYetVerified as no:
        return _not_yet(no)
    return HttpResponse(receipts.signed(permission), content_type="text/plain; charset=utf-8")


def _not_yet(no: NotYetVerified) -> JsonResponse:
    waiting = {"type": f"urn:safelight:{no.code}", "code": no.code, "title": no.says, "status": no.status}
    return JsonResponse(waiting, status=no.status, headers={"Retry-After": "1"}, content_type="application/problem+json")


def _is_whole(frame: Frame) -> bool:
    try:
        return check_copy(frame)
    except NotPossibleNow:  # the worker, or another station's question, was first
        return True


@enrolled("POST")
def certificate(request: HttpRequest, *, by: Actor, import_id: UUID) -> JsonResponse:
    """Take what the station erased and found afterwards."""
    try:
        said = Certificate.parse(body_of(request, MOST_BYTES))
    except NotOfTheFormat as fault:
        raise Malformed(str(fault)) from None
    confirm_erasure(by=by, import_id=import_id, certificate=said, now=clock.now())
    return JsonResponse({"import": str(import_id)})


@enrolled("GET")
def card_import(request: HttpRequest, *, by: Actor, import_id: UUID) -> JsonResponse:  # noqa: ARG001 - every door is told who asks
    """How far an import is, and which other files a person has given up."""
    found = queries.import_for_station(by, import_id)
    return JsonResponse(
        {
            "import": str(found.pk),
            "finished": found.finished_at is not None,
            "frames": [said_of(row) for row in queries.frames_of(by, import_id)],
            "given_up": queries.given_up(by, import_id),
        }
    )


@enrolled("GET")
def hello(request: HttpRequest, *, by: Actor) -> JsonResponse:  # noqa: ARG001 - every door is told who asks
    """That the station is known, and the server's time and key."""
    said = {
        "station": str(by.id),
        "origin": settings.SAFELIGHT_ORIGIN,
        "vkey": receipts.receipt_signer().vkey,
        "time": clock.now().isoformat(),
    }
    return JsonResponse(said)


def body_of(request: HttpRequest, most: int) -> bytes:
    if int(request.headers.get("Content-Length") or 0) > most:
        raise Malformed("too long")
    return request.read(most)


def _json(request: HttpRequest) -> dict[str, object]:
    try:
        said = json.loads(body_of(request, SMALL))
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None
    if not isinstance(said, dict):
        raise Malformed("not an object")
    return said


def _text(said: dict[str, object], name: str) -> str:
    """A short text of one line. Raises Malformed."""
    value = said.get(name)
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > LONGEST_TEXT:
        raise Malformed(name)
    return value.strip()
