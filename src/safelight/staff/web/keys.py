"""The page on which two people agree to what an operator then does to the keys, at the command line."""

from uuid import uuid4

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import Refusal
from safelight.staff import queries, rules
from safelight.staff.actions.agree_to_keys import agree_to_keys
from safelight.staff.errors import NotForYou
from safelight.staff.models import ForKeys
from safelight.staff.web.door import fresh_proof
from safelight.staff.web.second import SecondPerson

COMMANDS = {what.value: f"safelight vault {what.value}" for what in ForKeys}


class KeysForm(SecondPerson):
    """What is to be done, and who signs as the second."""

    what = forms.ChoiceField(
        label="What may be done, once",
        choices=[(what.value, what.label[0].upper() + what.label[1:]) for what in ForKeys],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what may be done."},
    )


@fresh_proof()
@require_http_methods(["GET", "POST"])
def keys(request: StaffRequest) -> HttpResponse:
    """Agree as two people; what was agreed to and not done yet stands below."""
    if not rules.may_ask_for_keys(request.actor):
        raise NotForYou
    form = KeysForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            second = form.second_person(request)
            agree_to_keys(by=request.actor, what=ForKeys(form.cleaned_data["what"]), second_person=second, now=clock.now(), new_id=uuid4())
        except Refusal as no:
            form.add_error(None, no.says)
            status = no.status
        else:
            return HttpResponseRedirect(reverse("staff:keys"))
    shown = {"form": form, "agreements": queries.agreements(request.actor, now=clock.now()), "commands": COMMANDS}
    return render(request, "staff/keys.jinja", shown, status=status, using="jinja")
