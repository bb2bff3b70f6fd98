"""Asking a colleague of another hospital: who they are is confirmed in full, by somebody who has just shown who they are (G6, S3)."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from safelight.access.actions.name_patients import name_patients
from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import NotFound, Refusal
from safelight.patients import queries as patients
from safelight.sharing import asking as prepared
from safelight.sharing import choosing
from safelight.sharing.actions.ask_opinion import ask_opinion
from safelight.sharing.actions.confirm_guest import confirm_guest
from safelight.sharing.asking import Recipient
from safelight.sharing.choosing import Chosen
from safelight.sharing.courier import has_mail
from safelight.sharing.errors import AskedAlready, LooksLikeIdentity
from safelight.sharing.mail import accredited, addresses, guests
from safelight.sharing.mail.accredited import Standing
from safelight.sharing.mail.addresses import NotAnAddress
from safelight.sharing.mail_errors import NameOrganisationMissing, NotAccredited
from safelight.sharing.thread import place_words
from safelight.sharing.web.ask_views import fresh
from safelight.sharing.web.elsewhere_forms import ElsewhereForm
from safelight.staff.web.door import fresh_proof

# On which field a refusal is said; the others stand above the form.
WHERE: dict[type[Refusal], str] = {NotAnAddress: "address", NotAccredited: "address", NameOrganisationMissing: "name"}


@fresh_proof(5)
def _page_after_proof(request: StaffRequest, chosen: Chosen) -> HttpResponse:
    return _page(request, chosen, ElsewhereForm(None, initial={"asking": uuid4(), "guest": uuid4()}))


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: StaffRequest) -> HttpResponse:
    """First the form, then who is asked once more in full, and only then is anybody asked. What was typed is kept whatever is missing."""
    chosen = choosing.choose(request.actor, _photographs(request), now=clock.now())
    if request.method != "POST":
        return _page_after_proof(request, chosen)  # type: ignore[return-value]  # the decorator gives back what it was given
    form = ElsewhereForm(request.POST)
    if not form.is_valid():
        return _page(request, chosen, form)
    doubtful = False
    try:
        standing = accredited.standing(request.actor, addresses.address(form.cleaned_data["address"]).domain)
        said = _guest(form, now=clock.now())
        if request.POST.get("sure"):
            return _ask(request, chosen, form, said)
        trigger = settings.SAFELIGHT_SECURE_TRIGGER
        if not accredited.reachable(standing, by_letter=said.by_letter, certified=said.certified, trigger=trigger):
            raise NotAccredited
        return _confirm(request, chosen, form, standing)
    except LooksLikeIdentity as refusal:
        what = " or ".join(doubt.words for doubt in sorted(refusal.doubts))
        form.add_error("question", f"This looks like {what}. Change it, or tick that it does not say who the patient is.")
        doubtful = True
    except AskedAlready as earlier:
        return HttpResponseRedirect(reverse("sharing:opinion", args=[earlier.opinions[0]]))
    except NotFound:
        raise
    except Refusal as refusal:
        form.add_error(WHERE.get(type(refusal)), refusal.says)
    return _page(request, chosen, form, doubtful=doubtful)


def _guest(form: ElsewhereForm, *, now: datetime) -> guests.GuestSaid:
    """Who the form names. Its id follows from that too: whoever is written in after a refusal is somebody else, and confirmed anew."""
    given = form.cleaned_data
    return guests.prepare(
        uuid5(given["guest"], "\n".join(given[each] for each in ("name", "organisation", "address", "way"))),
        name=given["name"],
        organisation=given["organisation"],
        address=given["address"],
        by_letter=form.by_letter(),
        now=now,
    )


def _ask(request: StaffRequest, chosen: Chosen, form: ElsewhereForm, said: guests.GuestSaid) -> HttpResponse:
    by, now = request.actor, clock.now()
    guest = guests.confirmed(by, said.id) or confirm_guest(by=by, said=said, now=now)
    asking = prepared.prepare(
        by,
        asking=form.cleaned_data["asking"],
        patient=chosen.patient,
        photographs=chosen.ids,
        urgency=form.how_soon(),
        to=[Recipient(guest=guest.pk)],
        fresh=[fresh(len(chosen.ids))],
        words=form.cleaned_data["question"],
        expires_at=now + form.open_for(),
        confirmed=form.cleaned_data["confirmed"],
    )
    asked = ask_opinion(by=by, asking=asking, now=now)
    return HttpResponseRedirect(reverse("sharing:opinion", args=[asked[0].pk]))


def _confirm(request: StaffRequest, chosen: Chosen, form: ElsewhereForm, standing: Standing) -> HttpResponse:
    """Who is asked, in full and alone on a page: the wrong recipient is the classic failure (G6)."""
    context = _shown(request, chosen) | {"form": form, "standing": standing, "given": form.cleaned_data, "by_letter": form.by_letter()}
    return render(request, "sharing/elsewhere_confirm.jinja", context, using="jinja")


def _page(request: StaffRequest, chosen: Chosen, form: ElsewhereForm, *, doubtful: bool = False) -> HttpResponse:
    prove = f"{reverse('staff:prove')}?{urlencode({'next': request.get_full_path()})}"
    context = _shown(request, chosen) | {"form": form, "doubtful": doubtful, "has_mail": has_mail(), "prove": prove}
    return render(request, "sharing/elsewhere.jinja", context, using="jinja", status=422 if form.errors else 200)


def _shown(request: StaffRequest, chosen: Chosen) -> dict[str, object]:
    now = clock.now()
    name_patients(by=request.actor, patients=[chosen.patient], now=now)
    return {
        "banner": patients.banner(request.actor, chosen.patient, today=timezone.localdate(now)),
        "chosen": chosen,
        "photos": [(one, place_words(one), chosen.says(one)) for one in chosen.photographs],
        "ids": ",".join(str(one) for one in chosen.ids),
    }


def _photographs(request: StaffRequest) -> tuple[UUID, ...]:
    try:
        return tuple(UUID(one) for one in (request.GET.get("photos") or request.POST.get("photos", "")).split(",") if one)
    except ValueError:
        raise NotFound from None
