"""The administrator's page of people: who works here, what they may do, and how they get in again."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import Refusal
from safelight.staff import queries, rules
from safelight.staff.actions.change_person import change_person
from safelight.staff.actions.deactivate_person import deactivate_person
from safelight.staff.actions.end_sign_in import end_sign_in
from safelight.staff.actions.invite_person import invite_person
from safelight.staff.actions.reactivate_person import reactivate_person
from safelight.staff.actions.revoke_factor import revoke_factor
from safelight.staff.actions.start_reset import start_reset
from safelight.staff.errors import NotForYou
from safelight.staff.models import Person
from safelight.staff.web import invitations
from safelight.staff.web.door import fresh_proof
from safelight.staff.web.people_forms import ROLES, InviteForm, PersonForm
from safelight.staff.web.second import SecondPerson


@require_GET
def people(request: StaffRequest) -> HttpResponse:
    """Everybody who works here, or did."""
    _only_administrators(request)
    shown = {"people": queries.people(request.actor), "roles": {role.value: _short(text) for role, text in ROLES.items()}}
    return render(request, "staff/people.jinja", shown, using="jinja")


@fresh_proof()
@require_http_methods(["GET", "POST"])
def invite(request: StaffRequest) -> HttpResponse:
    """Put somebody on the register, and show the link once."""
    _only_administrators(request)
    form = InviteForm(request.POST or None, wards=queries.wards(request.actor))
    if request.method == "POST" and form.is_valid():
        secret, digest = invitations.make_secret()
        try:
            person = invite_person(
                by=request.actor,
                username=form.cleaned_data["username"],
                said=form.said(),
                secret_digest=digest,
                second_person=form.second_person(request),
                now=clock.now(),
                new_id=uuid4(),
                new_invitation=uuid4(),
            )
        except Refusal as no:
            form.add_error(None, no.says)
            return render(request, "staff/invite.jinja", {"form": form}, status=no.status, using="jinja")
        return _link_page(request, person, secret)
    return render(request, "staff/invite.jinja", {"form": form}, status=422 if form.errors else 200, using="jinja")


@fresh_proof()
@require_http_methods(["GET", "POST"])
def person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """One person: what they are and may, their factors, where they are signed in."""
    _only_administrators(request)
    found = queries.person(request.actor, person_id)
    form = PersonForm(request.POST or None, wards=queries.wards(request.actor), initial=PersonForm.of(found))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            second = form.second_person(request)
            change_person(by=request.actor, person_id=person_id, said=form.said(), second_person=second, now=clock.now())
        except Refusal as no:
            form.add_error(None, no.says)
            status = no.status
        else:
            return HttpResponseRedirect(reverse("staff:people"))
    return _person_page(request, found, form, status=status if form.is_valid() or not form.errors else 422)


@fresh_proof()
@require_POST
def reset(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Start a reset, and show the link once."""
    secret, digest = invitations.make_secret()
    start_reset(by=request.actor, person_id=person_id, secret_digest=digest, now=clock.now(), new_invitation=uuid4())
    return _link_page(request, queries.person(request.actor, person_id), secret)


@fresh_proof()
@require_POST
def deactivate(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Shut an account at once."""
    deactivate_person(by=request.actor, person_id=person_id, now=clock.now())
    return HttpResponseRedirect(reverse("staff:person", args=[person_id]))


@fresh_proof()
@require_POST
def reactivate(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Open an account again."""
    reactivate_person(by=request.actor, person_id=person_id, now=clock.now())
    return HttpResponseRedirect(reverse("staff:person", args=[person_id]))


@fresh_proof()
@require_POST
def end(request: StaffRequest, person_id: UUID, sign_in_id: UUID) -> HttpResponse:
    """End one sign-in of a person."""
    end_sign_in(by=request.actor, sign_in_id=sign_in_id, why="administrator", now=clock.now())
    return HttpResponseRedirect(reverse("staff:person", args=[person_id]))


@fresh_proof()
@require_http_methods(["GET", "POST"])
def revoke(request: StaffRequest, person_id: UUID, factor: int) -> HttpResponse:
    """Revoke one factor; a second person vouches for whoever asked."""
    _only_administrators(request)
    form = SecondPerson(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            second = form.second_person(request)
            revoke_factor(by=request.actor, person_id=person_id, factor=factor, second_person=second, now=clock.now())
        except Refusal as no:
            form.add_error(None, no.says)
            status = no.status
        else:
            return HttpResponseRedirect(reverse("staff:person", args=[person_id]))
    shown = {"form": form, "person": queries.person(request.actor, person_id)}
    return render(request, "staff/revoke.jinja", shown, status=status, using="jinja")


def _person_page(request: StaffRequest, found: Person, form: PersonForm, *, status: int) -> HttpResponse:
    shown = {
        "form": form,
        "person": found,
        "myself": found.pk == request.actor.id,
        "factors": queries.factors_of(request.actor, found.pk),
        "sign_ins": queries.sign_ins_of(request.actor, found.pk, now=clock.now()),
        "invitation": queries.open_invitation(request.actor, found.pk, now=clock.now()),
    }
    return render(request, "staff/person.jinja", shown, status=status, using="jinja")


def _link_page(request: HttpRequest, invited: Person, secret: str) -> HttpResponse:
    shown = {"person": invited, "link": invitations.link(secret)}
    return render(request, "staff/link.jinja", shown, using="jinja")


def _only_administrators(request: StaffRequest) -> None:
    if not rules.may_look_after_people(request.actor):
        raise NotForYou


def _short(text: str) -> str:
    return text.partition(" (")[0]
