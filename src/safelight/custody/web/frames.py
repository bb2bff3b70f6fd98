"""The station door for photos: their bytes, once their card is announced and while it is still being read."""

from collections.abc import Callable, Iterator
from itertools import cycle
from uuid import UUID, uuid4

from django.http import HttpRequest, JsonResponse

from handover.canonical import Malformed as NotOfTheFormat
from handover.kinds import HEAD, LARGEST, FrameKind, agrees
from handover.part import MOST_BYTES, CardPart
from safelight.custody import arriving, queries, rules
from safelight.custody.actions.expect_frames import expect_frames
from safelight.custody.actions.receive_frame import receive_frame
from safelight.custody.errors import FrameTooLarge, Malformed, NotAPhoto
from safelight.custody.models import Frame
from safelight.custody.web.station import body_of, enrolled, said_of
from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest
from safelight.kernel.errors import SafelightError
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.vault import buffers, objects
from safelight.vault.errors import StoreFull


@enrolled("PUT")
def frame(request: HttpRequest, *, by: Actor, import_id: UUID, digest: str) -> JsonResponse:
    """Take a frame's bytes: sealed as they come, never on a disk in the clear; synced, read back from the medium, and hashed.

    The card is slower than the server: what is read back here is read back while the next frame is on its way.
    """
    return JsonResponse(said_of(_taken(request, queries.frame_in(by, import_id, digest), by=by, import_id=import_id)))


@enrolled("POST")
def frames(request: HttpRequest, *, by: Actor) -> JsonResponse:
    """Take what a station has read of a card so far; say which frames are wanted before the rest is told."""
    try:
        part = CardPart.parse(body_of(request, MOST_BYTES))
    except NotOfTheFormat as fault:
        raise Malformed(str(fault)) from None
    if part.station != by.id:
        raise Malformed("another station")
    try:
        objects.make_sure_of_room(part.on_card)
    except StoreFull:  # nor is there room for what the vault has already: whether there is enough is told when the card is announced
        return JsonResponse({"frames": []}, status=201)
    new_ids = {line.digest: (uuid4(), uuid4()) for line in part.frames}
    expected = expect_frames(by=by, part=part, new_ids=new_ids, now=clock.now())
    return JsonResponse({"frames": [said_of(frame) for frame in expected]}, status=201)


@enrolled("PUT")
def frame_ahead(request: HttpRequest, *, by: Actor, digest: str) -> JsonResponse:
    """Take the bytes of a frame whose card is still being read."""
    return JsonResponse(said_of(_taken(request, queries.frame_of(by, digest), by=by, import_id=None)))


def _taken(request: HttpRequest, wanted: Frame, *, by: Actor, import_id: UUID | None) -> Frame:
    limit = LARGEST[FrameKind(wanted.kind)]
    length = int(request.headers.get("Content-Length") or 0)
    if length > limit:
        raise FrameTooLarge(wanted.pk)
    if not rules.wanted(wanted):
        return wanted
    with buffers.borrowed(clear=True) as one, buffers.borrowed(clear=True) as other:
        came = arriving.take(wanted, _stream(request, FrameKind(wanted.kind), wanted.pk, (one, other)), length=length, limit=limit)
    try:
        return receive_frame(
            by=by, import_id=import_id, digest=Digest(wanted.digest), kept=came.kept, read_back=came.read_back, now=clock.now()
        )
    except NotPossibleNow:  # another station was first with the same bytes
        arriving.drop(came.kept)
        return queries.frame_of(by, wanted.digest)
    except SafelightError:
        arriving.drop(came.kept)
        raise


def _stream(request: HttpRequest, kind: FrameKind, about: UUID, into: tuple[memoryview, memoryview]) -> Iterator[bytes | memoryview]:
    pieces = _pieces(request, into)
    head = next(pieces, b"")
    if not agrees(kind, bytes(head[:HEAD])):
        raise NotAPhoto(about)
    yield head
    yield from pieces


def _pieces(request: HttpRequest, into: tuple[memoryview, memoryview]) -> Iterator[bytes | memoryview]:
    """The body as the vault takes it: out of two buffers in turn where the server fills them from the socket, else as Django reads it."""
    fill: Callable[[memoryview], int] | None = request.META.get("safelight.readinto")
    for length, buffer in zip(objects.pieces(), cycle(into), strict=False):
        piece = request.read(length) if fill is None else buffer[: fill(buffer[:length])]
        if not piece:
            return
        yield piece
