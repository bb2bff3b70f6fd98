"""The bytes of a photo, for whoever has a permit. There is no other address of them."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import NotFound
from safelight.photographs import queries
from safelight.photographs.errors import FromElsewhere
from safelight.photographs.permits import Size
from safelight.vault import objects
from safelight.vault.models import StoredObject

LARGEST_SHOWN = 8 << 20
OURS = {None, "same-origin", "none"}
ENDINGS = {"jpeg": "jpg", "mpo": "mpo", "heic": "heic", "png": "png", "tiff": "tif", "raw": "raw", "video": "mp4"}


@require_safe
def file(request: StaffRequest, photograph_id: UUID, size: str) -> HttpResponseBase:
    """The bytes that a permit opens; only Safelight's own pages may ask for them (ASVS 3.5.8)."""
    _refuse_elsewhere(request)
    if size not in set(Size):
        raise NotFound(photograph_id)
    stored = queries.permitted(request.actor, photograph_id, Size(size), now=clock.now())
    if size == Size.FULL:
        return _as_attachment(stored, f"{photograph_id}.{ENDINGS.get(queries.photograph(request.actor, photograph_id).kind, 'bin')}")
    response = HttpResponse(objects.read_bytes(stored, limit=LARGEST_SHOWN), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _refuse_elsewhere(request: HttpRequest) -> None:
    if request.headers.get("Sec-Fetch-Site") not in OURS:
        raise FromElsewhere


def _as_attachment(stored: StoredObject, name: str) -> StreamingHttpResponse:
    """The camera's own bytes. They may be a web page as well as a photo: no browser shows them or gives them an origin."""
    pieces = objects.open_object(stored)
    first = next(pieces)  # damage shows before the answer begins
    response = StreamingHttpResponse(_joined(first, pieces), content_type="application/octet-stream")
    response["Content-Length"] = str(stored.size)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
