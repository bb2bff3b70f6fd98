"""Whether this server serves, and whether work is done in time: for the proxy in front and for whoever watches. No versions, no names."""

import structlog
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from safelight.kernel import clock
from safelight.outbox import queries
from safelight.outbox.flows import EngineError
from safelight.staff.web.door import open_to_all

log = structlog.get_logger()
AWAY = 503


@open_to_all
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """200 where this server can answer people, 503 where the database is away."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as fault:
        log.warning("health.database_away", fault=type(fault).__name__)
        return JsonResponse({"serves": False}, status=AWAY)
    return JsonResponse({"serves": True})


@open_to_all
@require_safe
def work(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - a view is given the request
    """200 where work is taken in time, 503 where some has waited too long: then no worker lives, or too few do."""
    try:
        late = queries.late(now=clock.now())
    except (DatabaseError, EngineError) as fault:
        log.warning("health.database_away", fault=type(fault).__name__)
        return JsonResponse({"in_time": False}, status=AWAY)
    return JsonResponse({"in_time": not late}, status=AWAY if late else 200)
