"""The lock, its opening, and the fresh proof that some pages ask for."""

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST

from safelight.kernel import clock
from safelight.staff import factors, passkeys, queries
from safelight.staff.actions.lock import lock as lock_sign_in
from safelight.staff.actions.prove import prove as note_proof
from safelight.staff.actions.unlock import unlock as unlock_sign_in
from safelight.staff.errors import NotThem, TooManyTries
from safelight.staff.shown import Shown
from safelight.staff.web import sessions
from safelight.staff.web.back import path_only, safe_path, way_back
from safelight.staff.web.door import SignedInRequest, open_to_all
from safelight.staff.web.forms import ProofForm, UnlockForm

NO_PASSKEY = "That passkey did not fit. Try again, or use your password."


@open_to_all
@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
def lock(request: SignedInRequest) -> HttpResponse:
    """Lock this screen; show whose it is, and how it opens."""
    if not request.sign_in:
        return HttpResponseRedirect(reverse("staff:sign_in"))
    if request.method == "POST":
        lock_sign_in(by=sessions.owner_of(request), sign_in_id=request.sign_in.pk, idle="idle" in request.POST, now=clock.now())
        here = request.POST.get("next", "")
        back = safe_path(here) if here else path_only(request.headers.get("Referer", ""), host=request.get_host())
        return HttpResponseRedirect(f"{reverse('staff:lock')}?{urlencode({'next': back})}")
    if request.user.is_authenticated:
        return HttpResponseRedirect(way_back(request))
    return _lock_page(request, UnlockForm())


@open_to_all
@require_POST
def unlock(request: SignedInRequest) -> HttpResponse:
    """Open a locked screen by its person's password."""
    if not request.sign_in:
        return HttpResponseRedirect(reverse("staff:sign_in"))
    form = UnlockForm(request.POST)
    if not form.is_valid():
        return _lock_page(request, form, status=422)
    try:
        shown = factors.password_alone(request, request.sign_in.person, form.cleaned_data["password"], now=clock.now())
        return _unlocked(request, shown)
    except NotThem:
        form.add_error("password", "That is not the password")
        return _lock_page(request, form, status=403)
    except TooManyTries as no:
        form.add_error("password", no.says)
        return _lock_page(request, form, status=no.status)


@open_to_all
@require_POST
def unlock_options(request: SignedInRequest) -> JsonResponse:
    """What the browser is asked for the passkey of the person whose screen this is."""
    return JsonResponse(passkeys.ask(request, request.sign_in.person) if request.sign_in else {}, safe=False)


@open_to_all
@require_POST
def unlock_by_passkey(request: SignedInRequest) -> HttpResponse:
    """Open a locked screen by its person's passkey."""
    if not request.sign_in:
        return HttpResponseRedirect(reverse("staff:sign_in"))
    try:
        return _unlocked(request, passkeys.answered(request, request.POST.get("credential", ""), person=request.sign_in.person))
    except NotThem as no:
        return _lock_page(request, UnlockForm(), status=no.status, passkey_says=NO_PASSKEY)


@require_http_methods(["GET", "POST"])
def prove(request: SignedInRequest) -> HttpResponse:
    """Show a factor once more, by password and code."""
    form = ProofForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = factors.Said(username=request.sign_in.person.username, **form.cleaned_data)
        try:
            return _proved(request, factors.password_and_code(request, said, now=clock.now()))
        except (NotThem, TooManyTries) as no:
            form.add_error(None, no.says)
            return _proof_page(request, form, status=no.status)
    return _proof_page(request, form, status=422 if form.errors else 200)


@require_POST
def prove_options(request: SignedInRequest) -> JsonResponse:
    """What the browser is asked for one of the person's own passkeys."""
    return JsonResponse(passkeys.ask(request, request.sign_in.person), safe=False)


@require_POST
def prove_by_passkey(request: SignedInRequest) -> HttpResponse:
    """Show a factor once more, by a passkey."""
    try:
        return _proved(request, passkeys.answered(request, request.POST.get("credential", ""), person=request.sign_in.person))
    except NotThem as no:
        return _proof_page(request, ProofForm(), status=no.status, passkey_says=NO_PASSKEY)


@require_POST
def here(request: SignedInRequest) -> HttpResponse:  # noqa: ARG001 - the door has noted the activity
    """A hand is on the keyboard or the pointer: the screen does not lock."""
    return HttpResponse(status=204)


def _unlocked(request: SignedInRequest, shown: Shown | None) -> HttpResponse:
    unlock_sign_in(by=sessions.owner_of(request), sign_in_id=request.sign_in.pk, shown=shown, now=clock.now())
    sessions.rotate(request)
    return HttpResponseRedirect(way_back(request))


def _proved(request: SignedInRequest, shown: Shown | None) -> HttpResponse:
    note_proof(by=request.actor, sign_in_id=request.sign_in.pk, shown=shown, now=clock.now())
    sessions.rotate(request)
    return HttpResponseRedirect(way_back(request))


def _lock_page(request: SignedInRequest, form: UnlockForm, *, status: int = 200, passkey_says: str = "") -> HttpResponse:
    kinds = _kinds(request)
    shown = {"form": form, "person": request.sign_in.person, "next": way_back(request), "passkey_says": passkey_says, **kinds}
    return render(request, "staff/lock.jinja", shown, status=status, using="jinja")


def _proof_page(request: SignedInRequest, form: ProofForm, *, status: int, passkey_says: str = "") -> HttpResponse:
    shown = {"form": form, "next": way_back(request), "passkey_says": passkey_says, **_kinds(request)}
    return render(request, "staff/prove.jinja", shown, status=status, using="jinja")


def _kinds(request: SignedInRequest) -> dict[str, bool]:
    kinds = {factor.type for factor in queries.factors_of(sessions.owner_of(request), request.sign_in.person_id)}
    return {"has_passkey": "webauthn" in kinds, "has_code_app": "totp" in kinds}
