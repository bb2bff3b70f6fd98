"""The slate: on a screen, where it changes every half minute; on paper; and the END slate."""

from datetime import datetime
from secrets import token_bytes
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.photographs import visits
from safelight.photographs.actions.print_slate import print_slate
from safelight.photographs.actions.show_slate import show_slate
from safelight.photographs.models import Slate, Visit
from safelight.photographs.sites import name_of
from safelight.photographs.slates import code
from safelight.photographs.slates.draw import Symbol, svg
from safelight.photographs.visit_errors import NoPhotosAgreed, SlateOver

EVERY = 30
SVG = "image/svg+xml"


@require_safe
def slate(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """The page that is photographed first."""
    by, now = request.actor, clock.now()
    visit = visits.visit(by, visit_id, now=now)
    shown = {
        "banner": patients.banner(by, visit.patient_id, today=timezone.localdate(now)),
        "places": ", ".join(name_of(said.site, said.laterality) for said in visits.sites_of(visit)),
        **_lit(request, visit, now=now),
    }
    return render(request, "photographs/slate.jinja", shown, using="jinja")


@require_safe
def part(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """The slate alone, with its next token: what the page asks for every half minute."""
    now = clock.now()
    return render(
        request, "photographs/slate_part.jinja", _lit(request, visits.visit(request.actor, visit_id, now=now), now=now), using="jinja"
    )


def _lit(request: StaffRequest, visit: Visit, *, now: datetime) -> dict[str, object]:
    """A new token, unless the page has been open for ten minutes or the visit is over: then why there is none."""
    address, part_of = (reverse(f"photographs:{name}", args=[visit.pk]) for name in ("slate", "slate_part"))
    shown: dict[str, object] = {"visit": visit, "slate": None, "over": "", "again": address, "every": EVERY}
    since = _since(request, visit) or now
    if now - since >= visits.LIT_FOR:
        return shown
    try:
        made = show_slate(by=request.actor, visit_id=visit.pk, code=code.new(token_bytes(8)), now=now, new_id=uuid4())
    except (SlateOver, NoPhotosAgreed) as over:
        return shown | {"over": over.says}
    begun = f"?since={int(since.timestamp())}"
    return shown | _in_words(made, visit) | {"next": part_of + begun, "reload": address + begun}


def _since(request: StaffRequest, visit: Visit) -> datetime | None:
    """When the page began to show slates; a moment before the visit began is none."""
    text = request.GET.get("since", "")
    if not text.isascii() or not text.isdigit() or len(text) > len("9999999999"):
        return None
    since = datetime.fromtimestamp(int(text), tz=timezone.get_current_timezone())
    return since if since.timestamp() >= int(visit.opened_at.timestamp()) else None


def _in_words(made: Slate, visit: Visit) -> dict[str, object]:
    short = code.short_code(made.code)
    return {
        "slate": made,
        "short": f"{short[:2]} {short[2:]}",
        "until": visits.good_until(visit),
        "camera": visit.check_out.camera.code if visit.check_out else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """The A6 sheet: made by the button, shown until it is over."""
    by, now = request.actor, clock.now()
    if request.method == "POST":
        print_slate(by=by, visit_id=visit_id, code=code.new(token_bytes(8)), now=now, new_id=uuid4())
        return redirect("photographs:paper_slate", visit_id)
    visit = visits.visit(by, visit_id, now=now)
    made = visits.paper_slate(by, visit_id)
    if made is None or visits.is_over(visit, now=now):
        return redirect("photographs:slate", visit_id)
    return render(request, "photographs/slate_paper.jinja", {"visit": visit} | _in_words(made, visit), using="jinja")


@require_safe
def end(request: StaffRequest) -> HttpResponse:
    """The slate that ends a sequence and begins none."""
    return render(request, "photographs/slate_end.jinja", {"text": code.END}, using="jinja")


@require_safe
def symbol(request: StaffRequest, slate_id: UUID, symbol: str) -> HttpResponse:
    """The symbol of a slate as a picture. The address names the row: the token stands in no log."""
    found = visits.slate(request.actor, slate_id, now=clock.now())
    return HttpResponse(svg(found.code, _symbol(symbol)), content_type=SVG)


@require_safe
def end_symbol(request: StaffRequest, symbol: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The symbol of the END slate."""
    return HttpResponse(svg(code.END, _symbol(symbol)), content_type=SVG)


def _symbol(name: str) -> Symbol:
    try:
        return Symbol(name)
    except ValueError:
        raise NotFound from None
