"""The pages of a guest: the link, the code, the question with its photos, the answer."""

from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safelight.kernel import clock
from safelight.kernel.actor import WORKER, ActorKind
from safelight.kernel.digest import Digest
from safelight.sharing import answering, queries, rules, shown
from safelight.sharing import thread as threads
from safelight.sharing.actions.ask_guest_code import ask_guest_code
from safelight.sharing.actions.give_opinion import give_opinion
from safelight.sharing.actions.open_opinion import open_opinion
from safelight.sharing.actions.prove_mailbox import prove_mailbox
from safelight.sharing.actions.view_opinion import view_opinion
from safelight.sharing.actions.view_shared_copy import view_shared_copy
from safelight.sharing.errors import NoConsentToShare, NotOpenYet, OpenedOften, OpinionOver
from safelight.sharing.mail import guests
from safelight.sharing.mail import queries as mail
from safelight.sharing.web.bytes import as_picture
from safelight.sharing.web.guest_door import (
    Visitor,
    browser,
    guest_page,
    network_of,
    new_browser,
    nobody,
    proven,
    set_browser,
    visitor_of,
)
from safelight.sharing.web.guest_forms import CodeForm, GuestAnswerForm, LinkForm
from safelight.staff import queries as staff

Shut = OpinionOver | NoConsentToShare | NotOpenYet | OpenedOften
SHUT = (OpinionOver, NoConsentToShare, NotOpenYet, OpenedOften)
LONGEST_SECRET = 100


@guest_page
@ensure_csrf_cookie
@require_safe
def arrive(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where every link ends. It says nothing of any question until the mailbox is proven, and a button opens it then."""
    visitor = visitor_of(request, public_id, now=clock.now())
    if visitor is None:
        if _works_here(request):
            return HttpResponseRedirect(reverse("arriving:here", args=[public_id]))
        return _link_page(request, public_id, LinkForm())
    if rules.is_over(visitor.opinion, now=clock.now()):
        return _over(request, visitor, OpinionOver(visitor.opinion.pk, visitor.opinion.ended_at or visitor.opinion.expires_at))
    by = visitor.actor
    context = {
        "public_id": public_id,
        "who": guests.who(visitor.guest).name,
        "asker": staff.name_of(WORKER, visitor.opinion.asked_by),
        "copies": len(queries.items_of(by, visitor.opinion)),
        "opened": queries.has_opened(by, visitor.opinion),
    }
    return render(request, "sharing/guest_open.jinja", context, using="jinja")


@guest_page
@require_POST
def show_link(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the link's secret. What comes back is the same for every secret, and for one too many."""
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _link_page(request, public_id, form)
    secret = form.cleaned_data["secret"].strip().rpartition("#")[2][:LONGEST_SECRET]
    held, browser_digest = new_browser()
    by, shown_digest, network, now, code = nobody(request), Digest.of(secret.encode()), network_of(request), clock.now(), uuid4()
    code_digest = guests.code_digest(code, guests.codes(code)[0])
    if mail.leaves_a_trace(by, public_id, shown_digest, network, now=now):
        ask_guest_code(
            by=by,
            public_id=public_id,
            secret_digest=shown_digest,
            browser_digest=browser_digest,
            code_digest=code_digest,
            network=network,
            now=now,
            new_id=code,
        )
    return set_browser(HttpResponseRedirect(reverse("guests:code", args=[public_id])), public_id, held)


@guest_page
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the code that went to the mailbox."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    digest = browser(request, public_id)
    if digest is None:
        return HttpResponseRedirect(reverse("guests:arrive", args=[public_id]))
    if form.is_valid():
        held, new_digest = new_browser()
        by, now = nobody(request), clock.now()
        fits = mail.can_be_tried(by, public_id, digest, now=now) and prove_mailbox(
            by=by,
            public_id=public_id,
            digits=form.cleaned_data["code"],
            browser_digest=digest,
            new_browser_digest=new_digest,
            now=now,
            new_id=uuid4(),
        )
        if fits:
            return set_browser(HttpResponseRedirect(reverse("guests:arrive", args=[public_id])), public_id, held)
        form.add_error("code", "That did not fit, or it is too old. Look for the newest code, or begin again at the link")
    shown_there = {"form": form, "public_id": public_id}
    return render(request, "sharing/guest_code.jinja", shown_there, using="jinja", status=422 if form.errors else 200)


@proven
@require_POST
def open_it(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Open the question. Consent is asked again, and one opening is used up."""
    try:
        open_opinion(by=visitor.actor, opinion_id=visitor.opinion.pk, now=clock.now(), new_id=uuid4())
    except SHUT as refusal:
        return _over(request, visitor, refusal)
    return HttpResponseRedirect(reverse("guests:question", args=[visitor.opinion.public_id]))


@proven
@require_safe
def question(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The question with its photos, and what was answered."""
    return _question(request, visitor, GuestAnswerForm(None))


@guest_page
@require_safe
def state(request: HttpRequest, public_id: str) -> HttpResponse:
    """Asked every few seconds by a question that stands open: whoever may not see it any more leaves the page at once."""
    visitor, now = visitor_of(request, public_id, now=clock.now()), clock.now()
    if visitor is None or not queries.still_readable(visitor.actor, visitor.opinion, now=now):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("guests:arrive", args=[public_id])})
    return render(request, "sharing/guest_state.jinja", {"public_id": public_id}, using="jinja")


@proven
@require_safe
def photo(request: HttpRequest, visitor: Visitor, item_id: UUID) -> HttpResponse:
    """The pixels of one covered copy, with the guest's name and the time burned in. Each is an entry of its own."""
    permit = view_shared_copy(by=visitor.actor, item_id=item_id, now=clock.now(), new_id=uuid4())
    return as_picture(request, shown.pixels(permit, name=guests.who(visitor.guest).name, moment=clock.now))


@proven
@require_POST
def answer(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Answer, and file it in the record."""
    form = GuestAnswerForm(request.POST)
    if not form.is_valid():
        return _question(request, visitor, form)
    said = answering.say(uuid4(), quick=form.tapped(), words=form.cleaned_data["words"], mark=form.mark())
    try:
        give_opinion(by=visitor.actor, opinion_id=visitor.opinion.pk, said=said, now=clock.now())
    except SHUT as refusal:
        return _over(request, visitor, refusal, words=form.cleaned_data["words"])
    return HttpResponseRedirect(reverse("guests:question", args=[visitor.opinion.public_id]))


def _question(request: HttpRequest, visitor: Visitor, form: GuestAnswerForm) -> HttpResponse:
    try:
        opinion, part = view_opinion(by=visitor.actor, opinion_id=visitor.opinion.pk, now=clock.now())
    except SHUT as refusal:
        if isinstance(refusal, OpinionOver) and not rules.is_over(visitor.opinion, now=clock.now()):
            return HttpResponseRedirect(reverse("guests:arrive", args=[visitor.opinion.public_id]))  # not opened yet
        return _over(request, visitor, refusal)
    read = threads.read(visitor.actor, opinion, part)
    context = {
        "form": form,
        "public_id": opinion.public_id,
        "read": read,
        "photos": [(item.pk, threads.place_words(item.approval.copy.photograph)) for item in read.items],
        "answers": [one for one in read.answers if one.who == threads.ELSEWHERE],
    }
    return render(request, "sharing/guest_question.jinja", context, using="jinja", status=422 if form.errors else 200)


def _link_page(request: HttpRequest, public_id: str, form: LinkForm) -> HttpResponse:
    context = {"form": form, "public_id": public_id, "hospital": settings.SAFELIGHT_ORGANISATION}
    return render(request, "sharing/guest_link.jinja", context, using="jinja", status=422 if form.errors else 200)


def _over(request: HttpRequest, visitor: Visitor, refusal: Shut, *, words: str = "") -> HttpResponse:
    """What is said to a guest when it is over: since when, and whom to ask. The same for every reason. `words` came too late."""
    context = {
        "public_id": visitor.opinion.public_id,
        "asker": staff.name_of(WORKER, visitor.opinion.asked_by),
        "at": refusal.at if isinstance(refusal, OpinionOver) else None,
        "words": words,
    }
    return render(request, "sharing/guest_over.jinja", context, using="jinja", status=410)


def _works_here(request: HttpRequest) -> bool:
    """Whether somebody is signed in here: they need no link."""
    actor = getattr(request, "actor", None)
    return actor is not None and actor.kind is ActorKind.STAFF
