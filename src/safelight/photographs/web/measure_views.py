"""Measuring in one photo by the ruler in it. What is measured is shown, and kept nowhere."""

from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import NotFound
from safelight.photographs import queries
from safelight.photographs.actions.remove_scale import remove_scale
from safelight.photographs.actions.set_scale import set_scale
from safelight.photographs.errors import EvidenceRoute, NotDrawn, ScaleMeanwhile, UnusableRuler
from safelight.photographs.measuring import Line, Measured, Ruler, measure
from safelight.photographs.models import Photograph, Scale
from safelight.photographs.web.measure_forms import POINTS, LineForm, RulerForm
from safelight.photographs.web.photo_views import looked_at
from safelight.staff import queries as staff


@require_http_methods(["GET", "HEAD", "POST"])
def measure_in(request: StaffRequest, photograph_id: UUID) -> HttpResponse:
    """Draw along the ruler, then measure. Without scripts the line is written as numbers."""
    ruler_form = RulerForm(request.POST) if request.method == "POST" else None
    if ruler_form is not None and ruler_form.is_valid():
        try:
            _set(request, photograph_id, ruler_form)
        except (UnusableRuler, NotDrawn, ScaleMeanwhile, EvidenceRoute) as refusal:
            ruler_form.add_error(None, refusal.says)
        else:
            return HttpResponseRedirect(reverse("photographs:measure", args=[photograph_id]))
    shown = looked_at(request, photograph_id)
    photo = queries.photograph(request.actor, photograph_id)
    scales = queries.scales_of(request.actor, photograph_id)
    standing = next((scale for scale in scales if scale.ended_at is None), None)
    setting = ruler_form is not None or standing is None or "change" in request.GET
    line_form = LineForm(request.GET) if set(POINTS) & set(request.GET) else LineForm()
    measured = _measured(photo, standing, line_form) if standing and not setting else None
    shown |= {
        "scale": standing,
        "earlier": [scale for scale in scales if scale.ended_at is not None],
        "setting": setting,
        "form": (ruler_form or RulerForm.of(standing)) if setting else line_form,
        "measured": measured,
        "names": staff.names_of(request.actor, {who for scale in scales for who in (scale.set_by, scale.ended_by) if who}),
    }
    return render(request, "photographs/measure.jinja", shown, using="jinja")


@require_POST
def remove(request: StaffRequest, photograph_id: UUID) -> HttpResponse:
    """Take the scale away."""
    try:
        scale = UUID(request.POST.get("scale", ""))
    except ValueError:
        raise NotFound from None
    remove_scale(by=request.actor, photograph_id=photograph_id, scale_id=scale, now=clock.now())
    return HttpResponseRedirect(reverse("photographs:measure", args=[photograph_id]))


def _set(request: StaffRequest, photograph_id: UUID, form: RulerForm) -> None:
    set_scale(
        by=request.actor,
        photograph_id=photograph_id,
        ruler=form.ruler(),
        instead_of=form.cleaned_data["instead_of"],
        now=clock.now(),
        new_id=uuid4(),
    )


def _measured(photo: Photograph, scale: Scale, form: LineForm) -> Measured | None:
    if not form.is_bound or not form.is_valid() or not photo.width or not photo.height:
        return None
    ruler = Ruler(Line(scale.x0, scale.y0, scale.x1, scale.y1), scale.millimetres)
    return measure(form.line(), ruler, width=photo.width, height=photo.height)
