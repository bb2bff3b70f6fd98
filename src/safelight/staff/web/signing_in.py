"""Signing in and out."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST

from safelight.kernel import clock
from safelight.staff import factors, passkeys
from safelight.staff.actions.end_sign_in import end_sign_in
from safelight.staff.errors import NotThem, TooManyTries
from safelight.staff.web import sessions
from safelight.staff.web.back import way_back
from safelight.staff.web.door import SignedInRequest, open_to_all
from safelight.staff.web.forms import SignInForm

PAGE = "staff/sign_in.jinja"
CLEAR = '"cache", "cookies", "storage"'
NO_PASSKEY = "That passkey did not fit. Try again, or sign in with your password."


@open_to_all
@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
def sign_in(request: SignedInRequest) -> HttpResponse:
    """By password and code, in one form: nothing tells which of them was wrong."""
    back = way_back(request)
    if request.sign_in:
        return HttpResponseRedirect(back)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = factors.Said(**form.cleaned_data)
        try:
            sessions.begin(request, factors.password_and_code(request, said, now=clock.now()))
        except (NotThem, TooManyTries) as no:
            form.add_error(None, no.says)
            return _page(request, form, status=no.status)
        return HttpResponseRedirect(back)
    return _page(request, form, status=422 if form.errors else 200)


@open_to_all
@require_POST
def passkey_options(request: HttpRequest) -> JsonResponse:
    """What the browser is asked for a passkey: anybody's of this site, and its user verified."""
    return JsonResponse(passkeys.ask(request), safe=False)


@open_to_all
@require_POST
def passkey(request: SignedInRequest) -> HttpResponse:
    """Sign in by a passkey."""
    try:
        sessions.begin(request, passkeys.answered(request, request.POST.get("credential", "")))
    except NotThem as no:
        return _page(request, SignInForm(), status=no.status, passkey_says=NO_PASSKEY)
    return HttpResponseRedirect(way_back(request))


@open_to_all
@require_POST
def sign_out(request: SignedInRequest) -> HttpResponse:
    """End the sign-in, locked or not, and leave nothing of it in the browser (ASVS 14.3.1)."""
    if request.sign_in:
        end_sign_in(by=sessions.owner_of(request), sign_in_id=request.sign_in.pk, why="signed_out", now=clock.now())
    sessions.end(request)
    response = HttpResponseRedirect(reverse("staff:sign_in"))
    response["Clear-Site-Data"] = CLEAR
    return response


def _page(request: HttpRequest, form: SignInForm, *, status: int, passkey_says: str = "") -> HttpResponse:
    shown = {"form": form, "next": way_back(request), "passkey_says": passkey_says, "joined": "joined" in request.GET}
    return render(request, PAGE, shown, status=status, using="jinja")
