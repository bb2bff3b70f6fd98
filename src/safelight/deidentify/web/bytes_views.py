"""The bytes of a photo that is being covered: drawn anew from the record, for whoever opened it on the desk. Never its own file."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from safelight.audit.request import StaffRequest
from safelight.deidentify import covering, queries, rules
from safelight.deidentify.covering import marked
from safelight.kernel import clock
from safelight.kernel.errors import NotFound
from safelight.photographs import pictures
from safelight.photographs.errors import FromElsewhere
from safelight.photographs.models import Photograph
from safelight.vault import objects

LARGEST_PREVIEW = 8 << 20
PREVIEW_SIDE, FULL_SIDE = 2048, 8192
JPEGS = {pictures.Kind.JPEG, pictures.Kind.MPO}
OURS = {None, "same-origin", "none"}


@require_safe
def file(request: StaffRequest, photograph_id: UUID, size: str) -> HttpResponse:
    """The photo as the editor shows it: `preview` (2048 px), `full`, or the `covered` copy that stands."""
    _refuse_elsewhere(request)
    photograph = queries.desk_file(request.actor, photograph_id, now=clock.now())
    match size:
        case "preview" if photograph.preview:
            shown = objects.read_bytes(photograph.preview, limit=LARGEST_PREVIEW)
        case "full":
            shown = marked.plain(_whole(photograph), longest=FULL_SIDE)
        case "covered" if approval := queries.approvals(request.actor, [photograph_id]).get(photograph_id):
            copy = objects.read_bytes(queries.copy_bytes(request.actor, approval.pk), limit=covering.LARGEST)
            shown = marked.plain(copy, longest=PREVIEW_SIDE)
        case _:
            raise NotFound(photograph_id)
    response = HttpResponse(shown, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _whole(photograph: Photograph) -> bytes:
    """A JPEG of the photo as large as it is. What is of another kind is drawn as for its covered copy."""
    data = objects.read_bytes(photograph.record_copy, limit=rules.largest(photograph))
    kind = rules.file_kind(photograph, data[: pictures.HEAD])
    return data if kind in JPEGS else covering.cover(data, (), kind=kind).data


def _refuse_elsewhere(request: HttpRequest) -> None:
    if request.headers.get("Sec-Fetch-Site") not in OURS:
        raise FromElsewhere
