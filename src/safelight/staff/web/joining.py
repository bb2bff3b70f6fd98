"""Joining by an invitation: a password, and a second factor, in one form."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safelight.kernel import clock
from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.digest import Digest
from safelight.staff import factors, passkeys, queries
from safelight.staff.actions.join import join as join_by
from safelight.staff.errors import InvitationNotGood, NotThem, TooManyTries
from safelight.staff.models import Invitation, Person
from safelight.staff.said import NewFactor
from safelight.staff.shown import Shown
from safelight.staff.web import code_app
from safelight.staff.web.door import SignedInRequest, open_to_all
from safelight.staff.web.forms import JoinForm

HELD = "invitation"


@open_to_all
@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
def join(request: SignedInRequest) -> HttpResponse:
    """Take the link's secret, which the browser holds behind the #; afterwards show the form."""
    if request.method == "POST":
        secret = request.POST.get("secret", "").strip().rpartition("#")[2]
        invitation = queries.good_invitation(request.actor, Digest.of(secret.encode()), now=clock.now())
        if invitation is None:
            return _closed(request)
        request.session.flush()
        request.session[HELD] = str(invitation.secret_digest)
        return HttpResponseRedirect(reverse("staff:join_form"))
    return render(request, "staff/join.jinja", {"says": ""}, using="jinja")


@open_to_all
@require_http_methods(["GET", "POST"])
def join_form(request: SignedInRequest) -> HttpResponse:
    """Set the password and the second factor."""
    invitation = _held(request)
    if invitation is None:
        return _closed(request)
    person = invitation.person
    has_one = Authenticator.objects.filter(user=person).exists()
    form = JoinForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            factor, shown = _known(request, person, form) if has_one else _new(request, form)
            _join(request, invitation, form.cleaned_data["password"], factor=factor, shown=shown)
        except NotThem:
            form.add_error("code", "That did not fit. Wait for the next code, or try the passkey again")
        except TooManyTries as no:
            form.add_error("code", no.says)
        except InvitationNotGood:
            return _closed(request)
        else:
            return HttpResponseRedirect(f"{reverse('staff:sign_in')}?joined=1")
    shown_there = {"form": form, "person": person, "has_one": has_one, "secret": "" if has_one else code_app.secret_in(request)}
    return render(request, "staff/join_form.jinja", shown_there, status=422 if form.errors else 200, using="jinja")


@open_to_all
@require_GET
def join_code(request: SignedInRequest) -> HttpResponse:
    """The square code that the app scans. Only for who holds an invitation; never stored."""
    invitation = _held(request)
    return code_app.drawing(request, invitation.person) if invitation else _closed(request)


@open_to_all
@require_POST
def join_options(request: SignedInRequest) -> JsonResponse:
    """What the browser is asked: to make a passkey, or for one that the person has."""
    invitation = _held(request)
    if invitation is None:
        return JsonResponse({}, status=InvitationNotGood.status)
    has_one = Authenticator.objects.filter(user=invitation.person).exists()
    options = passkeys.ask(request, invitation.person) if has_one else passkeys.ask_for_new(request, invitation.person)
    return JsonResponse(options, safe=False)


def _known(request: HttpRequest, person: Person, form: JoinForm) -> tuple[None, Shown | None]:
    if credential := form.cleaned_data["credential"]:
        return None, passkeys.answered(request, credential, person=person)
    return None, factors.code_alone(request, person, form.cleaned_data["code"], now=clock.now())


def _new(request: HttpRequest, form: JoinForm) -> tuple[NewFactor | None, None]:
    if credential := form.cleaned_data["credential"]:
        made = passkeys.made(request, credential)
        return (NewFactor(Authenticator.Type.WEBAUTHN, {"name": "First passkey", "credential": made}) if made else None), None
    return code_app.confirmed(request, form.cleaned_data["code"], now=clock.now()), None


def _join(request: SignedInRequest, invitation: Invitation, password: str, *, factor: NewFactor | None, shown: Shown | None) -> None:
    by = Actor(kind=ActorKind.STAFF, id=invitation.person_id, request=request.actor.request)
    hashed = make_password(password)  # slow, so before the action
    join_by(by=by, invitation_id=invitation.pk, password_hash=hashed, factor=factor, shown=shown, now=clock.now())
    request.session.flush()


def _held(request: SignedInRequest) -> Invitation | None:
    digest = request.session.get(HELD)
    return queries.good_invitation(request.actor, Digest(digest), now=clock.now()) if digest else None


def _closed(request: HttpRequest) -> HttpResponse:
    shown = {"says": InvitationNotGood.says}
    return render(request, "staff/join.jinja", shown, status=InvitationNotGood.status, using="jinja")
