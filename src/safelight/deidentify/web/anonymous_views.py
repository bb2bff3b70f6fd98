"""The page on which somebody says, by name, that nobody can tell from a covered copy who the patient is (F2, F3)."""

from uuid import UUID, uuid4

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from safelight.audit.request import StaffRequest
from safelight.deidentify import queries
from safelight.deidentify.actions.name_anonymous import name_anonymous
from safelight.deidentify.actions.view_desk import view_desk
from safelight.deidentify.errors import ChangedMeanwhile, NoCopyStands
from safelight.deidentify.models import Approval
from safelight.deidentify.sealed import seal_why
from safelight.kernel import clock
from safelight.patients import queries as patients
from safelight.photographs import queries as photographs
from safelight.staff import queries as staff

LONGEST_WORDS = 500
NOT_RIGHT = 422


class WhyForm(forms.Form):
    """Why nobody can tell."""

    why = forms.CharField(
        label="Why can nobody tell from this picture who the patient is?",
        help_text="In your own words. It is kept with the copy, sealed, under your name.",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": "Say in a few words why nobody can tell who this is"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def anonymous(request: StaffRequest, photograph_id: UUID) -> HttpResponse:
    """Look at the copy, and say so with a reason; or leave it, which changes nothing."""
    form = WhyForm(request.POST if request.method == "POST" else None)
    view_desk(by=request.actor, photograph_id=photograph_id, now=clock.now(), new_id=uuid4())
    approval = queries.approvals(request.actor, [photograph_id]).get(photograph_id)
    if approval is None:
        raise NoCopyStands(photograph_id)
    if form.is_valid():
        why = seal_why(form.cleaned_data["why"], about=approval.copy_id)
        try:
            name_anonymous(by=request.actor, approval_id=approval.pk, why=why, now=clock.now())
        except ChangedMeanwhile:
            form.add_error(None, "Somebody has said so already. Nothing was changed.")
        else:
            return HttpResponseRedirect(f"{reverse('deidentify:covered')}?photos={photograph_id}")
    return _show(request, photograph_id, approval, form)


def _show(request: StaffRequest, photograph_id: UUID, approval: Approval, form: WhyForm) -> HttpResponse:
    by, said_by = request.actor, approval.copy.anonymous_by
    photograph = photographs.photograph(by, photograph_id)
    shown = {
        "form": form,
        "photo": photograph_id,
        "banner": patients.banner(by, photograph.patient_id, today=timezone.localdate(clock.now())),
        "said_by": staff.name_of(by, said_by) if said_by else "",
    }
    return render(request, "deidentify/anonymous.jinja", shown, using="jinja", status=NOT_RIGHT if form.errors else 200)
