"""Files that came with letters: given out as files to keep, after the virus scanner has looked. No page shows one."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.sharing.actions.give_out_file import give_out_file
from safelight.sharing.mail import queries, reading, rules, scanning
from safelight.sharing.mail_errors import FileNotClean, NoScanner, ScannerAway


@require_POST
def give_out(request: StaffRequest, letter_id: UUID, number: int) -> HttpResponse:
    """One file of one letter. A form asks, never a link: who prefetches an address gets nothing, and enters nothing."""
    by, now = request.actor, clock.now()
    letter = queries.letter_with_files(by, letter_id, now=now)
    file = reading.file(letter, number)
    verdict = scanning.verdict(file.data, at=settings.SAFELIGHT_CLAMD_SOCKET)
    try:
        give_out_file(by=by, letter_id=letter_id, number=number, verdict=verdict, now=clock.now())
    except (FileNotClean, NoScanner, ScannerAway) as fault:
        shown = {"letter": letter, "says": fault.says, "code": fault.code, "places": rules.may_place(by)}
        return render(request, "sharing/file_stays.jinja", shown, status=fault.status, using="jinja")
    response = HttpResponse(file.data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="letter-{letter_id.hex[:8]}-file-{number}.{file.ending}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
