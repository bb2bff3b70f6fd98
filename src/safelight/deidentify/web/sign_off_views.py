"""The page on which a senior colleague agrees that an intimate picture of somebody under 18 is shown here (F6)."""

from uuid import UUID, uuid4

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from safelight.audit.request import StaffRequest
from safelight.deidentify import queries, rules
from safelight.deidentify.actions.sign_off import sign_off as agree
from safelight.deidentify.actions.view_desk import view_desk
from safelight.deidentify.errors import NotOwed, NotSenior
from safelight.deidentify.sealed import seal_why
from safelight.kernel import clock
from safelight.patients import queries as patients
from safelight.photographs import queries as photographs
from safelight.photographs import rules as record

LONGEST_WORDS = 500
NOT_RIGHT = 422


class PurposeForm(forms.Form):
    """Why the picture must be shown to a colleague."""

    purpose = forms.CharField(
        label="Why must a colleague see this photo?",
        help_text="In your own words. It is kept with the photo, sealed.",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": "Say in a few words why a colleague must see this photo"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sign_off(request: StaffRequest, photograph_id: UUID) -> HttpResponse:
    """Look at the photo, and agree with words; or leave it."""
    form = PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new_id = uuid4()
        purpose = seal_why(form.cleaned_data["purpose"], about=new_id)
        agree(by=request.actor, photograph_id=photograph_id, purpose=purpose, now=clock.now(), new_id=new_id)
        return HttpResponseRedirect(reverse("deidentify:cover", args=[photograph_id]))
    return _show(request, photograph_id, form)


def _show(request: StaffRequest, photograph_id: UUID, form: PurposeForm) -> HttpResponse:
    by, now = request.actor, clock.now()
    if not rules.is_senior(by):
        raise NotSenior(photograph_id)
    view_desk(by=by, photograph_id=photograph_id, now=now, new_id=uuid4())
    photograph = photographs.photograph(by, photograph_id)
    if not record.intimate(photograph):
        raise NotOwed(photograph_id)
    shown = {
        "form": form,
        "photo": photograph.pk,
        "banner": patients.banner(by, photograph.patient_id, today=timezone.localdate(now)),
        "signed": queries.sign_off(by, photograph),
    }
    return render(request, "deidentify/sign_off.jinja", shown, using="jinja", status=NOT_RIGHT if form.errors else 200)
