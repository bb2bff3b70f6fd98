"""My own page: my passkeys and codes, my password, and where I am signed in."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safelight.kernel import clock
from safelight.staff import passkeys, queries, rules
from safelight.staff.actions.add_factor import add_factor
from safelight.staff.actions.change_password import change_password
from safelight.staff.actions.end_sign_in import end_sign_in
from safelight.staff.actions.remove_factor import remove_factor
from safelight.staff.errors import LastFactor
from safelight.staff.said import NewFactor
from safelight.staff.web import code_app
from safelight.staff.web.door import SignedInRequest, fresh_proof
from safelight.staff.web.forms import CodeForm, NewPassword, PasskeyForm


@require_GET
def me(request: SignedInRequest) -> HttpResponse:
    """Who I am here, what I sign in with, and where I am signed in."""
    return _page(request)


@fresh_proof()
@require_http_methods(["GET", "POST"])
def add_passkey(request: SignedInRequest) -> HttpResponse:
    """Add a passkey, with a name by which its owner knows it again."""
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if made := passkeys.made(request, form.cleaned_data["credential"]):
            data = {"name": form.cleaned_data["name"], "credential": made}
            add_factor(by=request.actor, factor=NewFactor(Authenticator.Type.WEBAUTHN, data), now=clock.now())
            return HttpResponseRedirect(reverse("staff:me"))
        form.add_error(None, "No passkey was made. It has to check that it is you, by finger, face or PIN. Try again.")
    return render(request, "staff/add_passkey.jinja", {"form": form}, status=422 if form.errors else 200, using="jinja")


@fresh_proof()
@require_POST
def passkey_options(request: SignedInRequest) -> JsonResponse:
    """What the browser is asked to make."""
    return JsonResponse(passkeys.ask_for_new(request, request.sign_in.person), safe=False)


@fresh_proof()
@require_http_methods(["GET", "POST"])
def add_code_app(request: SignedInRequest) -> HttpResponse:
    """Add a code app, or put a new one in place of the old."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if app := code_app.confirmed(request, form.cleaned_data["code"], now=clock.now()):
            add_factor(by=request.actor, factor=app, now=clock.now())
            return HttpResponseRedirect(reverse("staff:me"))
        form.add_error("code", "That is not the code that belongs to this picture. Scan it, then enter what the app shows now")
    shown = {"form": form, "secret": code_app.secret_in(request)}
    return render(request, "staff/add_code_app.jinja", shown, status=422 if form.errors else 200, using="jinja")


@fresh_proof()
@require_GET
def code_app_drawing(request: SignedInRequest) -> HttpResponse:
    """The square code that the app scans."""
    return code_app.drawing(request, request.sign_in.person)


@fresh_proof()
@require_POST
def remove(request: SignedInRequest, factor: int) -> HttpResponse:
    """Remove a passkey or the code app; never the last."""
    try:
        remove_factor(by=request.actor, factor=factor, now=clock.now())
    except LastFactor as no:
        return _page(request, says=no.says, status=no.status)
    return HttpResponseRedirect(reverse("staff:me"))


@fresh_proof()
@require_http_methods(["GET", "POST"])
def password(request: SignedInRequest) -> HttpResponse:
    """Change my password. Other sign-ins end; this one goes on under a new key."""
    person = request.sign_in.person
    form = NewPassword(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        hashed = make_password(form.cleaned_data["password"])  # slow, so before the action
        change_password(by=request.actor, sign_in_id=request.sign_in.pk, password_hash=hashed, now=clock.now())
        person.password = hashed
        update_session_auth_hash(request, person)
        return HttpResponseRedirect(reverse("staff:me"))
    return render(request, "staff/password.jinja", {"form": form}, status=422 if form.errors else 200, using="jinja")


@require_POST
def end(request: SignedInRequest, sign_in_id: UUID) -> HttpResponse:
    """End one of my sign-ins elsewhere."""
    end_sign_in(by=request.actor, sign_in_id=sign_in_id, why="elsewhere", now=clock.now())
    return HttpResponseRedirect(reverse("staff:me"))


def _page(request: SignedInRequest, *, says: str = "", status: int = 200) -> HttpResponse:
    shown = {
        "person": request.sign_in.person,
        "factors": queries.factors_of(request.actor, request.actor.id),
        "sign_ins": queries.sign_ins_of(request.actor, request.actor.id, now=clock.now()),
        "this": request.sign_in.pk,
        "says": says,
        "administrator": rules.may_look_after_people(request.actor),
    }
    return render(request, "staff/me.jinja", shown, status=status, using="jinja")
