"""The administrator's pages of wards, and the page that leads to all settings."""

from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_GET, require_http_methods

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import NotFound, Refusal
from safelight.staff import queries, rules
from safelight.staff.actions.add_ward import add_ward
from safelight.staff.actions.change_ward import change_ward
from safelight.staff.errors import NotForYou
from safelight.staff.web.door import fresh_proof
from safelight.staff.web.people_forms import NewWardForm, WardForm

Choices = dict[str, list[tuple[str, str]]]


@require_GET
def all_settings(request: StaffRequest) -> HttpResponse:
    """Where the pages of an administrator are."""
    _only_administrators(request)
    return render(request, "staff/settings.jinja", {"people": len(queries.people(request.actor))}, using="jinja")


@require_GET
def wards(request: StaffRequest) -> HttpResponse:
    """All wards with what their consent form starts with."""
    _only_administrators(request)
    known = _choices()
    names = dict((*known["sites"], *known["reasons"]))
    shown = {"wards": queries.wards(request.actor), "names": names, "site_seconds": settings.SAFELIGHT_LOCK_SECONDS}
    return render(request, "staff/wards.jinja", shown, using="jinja")


@fresh_proof()
@require_http_methods(["GET", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    """Put a ward on the list."""
    _only_administrators(request)
    form = NewWardForm(request.POST or None, **_choices())
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            add_ward(by=request.actor, code=form.cleaned_data["code"], said=form.said(), now=clock.now(), new_id=uuid4())
        except Refusal as no:
            form.add_error("code", no.says)
            status = no.status
        else:
            return HttpResponseRedirect(reverse("staff:wards"))
    return render(request, "staff/ward.jinja", {"form": form, "ward": None}, status=status, using="jinja")


@fresh_proof()
@require_http_methods(["GET", "POST"])
def ward(request: StaffRequest, code: str) -> HttpResponse:
    """Change a ward."""
    _only_administrators(request)
    found = queries.ward(request.actor, code)
    if found is None:
        raise NotFound
    initial = {name: getattr(found, name) for name in ("name", "default_site", "default_reason", "lock_seconds")}
    form = WardForm(request.POST or None, initial=initial, **_choices())
    if request.method == "POST" and form.is_valid():
        change_ward(by=request.actor, code=code, said=form.said(), now=clock.now())
        return HttpResponseRedirect(reverse("staff:wards"))
    status = 422 if form.errors else 200
    return render(request, "staff/ward.jinja", {"form": form, "ward": found}, status=status, using="jinja")


def _choices() -> Choices:
    """Body sites and reasons by code and name. Their list is the record's, which stands above this package: the settings name it."""
    return {
        name: [(code, row.name) for code, row in import_string(where).items()] for name, where in settings.SAFELIGHT_WARD_CHOICES.items()
    }


def _only_administrators(request: StaffRequest) -> None:
    if not rules.may_look_after_people(request.actor):
        raise NotForYou
