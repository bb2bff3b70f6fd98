"""One question: its envelope, the viewer for who is asked, the thread for who asked, and what is said when it is over."""

from datetime import datetime
from math import ceil
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from safelight.access import queries as access
from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.sharing import queries, rules, shown
from safelight.sharing import thread as threads
from safelight.sharing.actions.note_answer_read import note_answer_read
from safelight.sharing.actions.note_end_seen import note_end_seen
from safelight.sharing.actions.open_opinion import open_opinion
from safelight.sharing.actions.take_back import take_back
from safelight.sharing.actions.view_opinion import view_opinion
from safelight.sharing.actions.view_shared_copy import view_shared_copy
from safelight.sharing.errors import AnotherAnswer, NoConsentToShare, NotOpenYet, OpinionOver
from safelight.sharing.lifecycle import OPEN_STATES
from safelight.sharing.mail import queries as mail
from safelight.sharing.models import Opinion, Quick, Urgency
from safelight.sharing.notices import standing
from safelight.sharing.rules import Ended, Part
from safelight.sharing.web.answer_forms import AnswerForm
from safelight.sharing.web.bytes import as_picture
from safelight.sharing.web.words import letters_stand, went, whom
from safelight.staff import queries as staff


@require_safe
def thread(request: StaffRequest, opinion_id: UUID) -> HttpResponse:
    """The question as far as this person may see it."""
    by, now = request.actor, clock.now()
    opinion, part = queries.part_in(by, opinion_id, now=now)
    if part is Part.ASKED and not rules.is_over(opinion, now=now) and not queries.has_opened(by, opinion):
        return envelope(request, opinion)
    return page(request, opinion_id)


def page(request: StaffRequest, opinion_id: UUID, form: AnswerForm | None = None, *, problem: str = "") -> HttpResponse:
    """The thread of who asked, or the viewer of who is asked and has opened it; the words that it is over where it is."""
    by, now = request.actor, clock.now()
    try:
        opinion, part = view_opinion(by=by, opinion_id=opinion_id, now=now)
    except (OpinionOver, NoConsentToShare, NotOpenYet) as refusal:
        return over(request, opinion_id, refusal)
    read = threads.read(by, opinion, part)
    if part is Part.ASKER:
        context = _of_asker(by, read, now=now) | {"problem": problem}
        return render(request, "sharing/thread.jinja", context, using="jinja", status=409 if problem else 200)
    number = request.GET.get("photo", "1")
    place = min(max(int(number), 1), len(read.items)) if number.isdecimal() else 1
    viewer = {
        "read": read,
        "opinion": opinion,
        "form": form or AnswerForm(None),
        "item": read.items[place - 1],
        "place": place,
        "words": threads.place_words(read.items[place - 1].approval.copy.photograph),
        "was": went(by, opinion),
        "waits": rules.waits_for_answer(opinion, now=now),
    }
    return render(request, "sharing/viewer.jinja", viewer, using="jinja", status=422 if form and form.errors else 200)


def envelope(request: StaffRequest, opinion: Opinion, *, refusal: str = "") -> HttpResponse:
    """What is said of a question before it is opened: nothing of the patient."""
    by = request.actor
    context = {
        "opinion": opinion,
        "asker": staff.name_of(by, opinion.asked_by),
        "asked": threads.asked_words(opinion),
        "copies": len(queries.items_of(by, opinion)),
        "on_it": staff.name_of(by, opinion.on_it_by) if opinion.on_it_by else "",
        "refusal": refusal,
    }
    return render(request, "sharing/envelope.jinja", context, using="jinja", status=409 if refusal else 200)


def over(request: StaffRequest, opinion_id: UUID, refusal: OpinionOver | NoConsentToShare | NotOpenYet, *, words: str = "") -> HttpResponse:
    """What is said when it is over: since when, and whom to ask. The same for every reason. `words` are an answer that came too late."""
    opinion, _ = queries.part_in(request.actor, opinion_id, now=clock.now())
    context = {
        "asker": staff.name_of(request.actor, opinion.asked_by),
        "phone": opinion.team.phone if opinion.team else "",
        "at": refusal.at if isinstance(refusal, OpinionOver) else None,
        "soon": isinstance(refusal, NotOpenYet),
        "words": words,
    }
    return render(request, "sharing/over.jinja", context, using="jinja", status=refusal.status)


@require_POST
def open_it(request: StaffRequest, opinion_id: UUID) -> HttpResponse:
    """Open it. A form does this, never a link: who prefetches or scans an address opens nothing."""
    try:
        open_opinion(by=request.actor, opinion_id=opinion_id, now=clock.now(), new_id=uuid4())
    except (OpinionOver, NoConsentToShare, NotOpenYet) as refusal:
        return over(request, opinion_id, refusal)
    return HttpResponseRedirect(reverse("sharing:opinion", args=[opinion_id]))


@require_safe
def photo(request: StaffRequest, opinion_id: UUID, item_id: UUID) -> HttpResponse:  # noqa: ARG001 - the address reads well; the item says it all
    """The pixels of one covered copy, for who has opened the question. Each is an entry of its own."""
    by = request.actor
    permit = view_shared_copy(by=by, item_id=item_id, now=clock.now(), new_id=uuid4())
    return as_picture(request, shown.pixels(permit, name=staff.name_of(by, by.id), moment=clock.now))


@require_safe
def state_part(request: StaffRequest, opinion_id: UUID) -> HttpResponse:
    """Where it stands, asked every few seconds by pages that stand open. Who may not see it any more leaves the page at once."""
    by, now = request.actor, clock.now()
    away = HttpResponse(status=204, headers={"HX-Redirect": reverse("sharing:opinion", args=[opinion_id])})
    try:
        opinion, part = queries.part_in(by, opinion_id, now=now)
    except NotFound:  # passed on to somebody else, or no more of the team: the photos must not stay on the screen
        return away
    known = request.GET.get("was", "")
    changed = known != went(by, opinion)
    if not queries.still_readable(by, opinion, now=now) if part is Part.ASKED else changed:
        return away
    context = {"opinion": opinion, "was": known, "changed": changed} | _state(by, opinion, part, now=now)
    context |= {"told": _told(by, opinion) if part is Part.ASKER else [], "anew": True}
    return render(request, "sharing/state_part.jinja", context, using="jinja")


@require_POST
def read(request: StaffRequest, opinion_id: UUID) -> HttpResponse:
    """I have read it and will act."""
    shown_there = request.POST.get("answers", "")
    answers = int(shown_there) if shown_there.isdecimal() else 0
    try:
        note_answer_read(by=request.actor, opinion_id=opinion_id, answers=answers, now=clock.now())
    except AnotherAnswer as refusal:
        return page(request, opinion_id, problem=refusal.says)
    return HttpResponseRedirect(reverse("sharing:opinion", args=[opinion_id]))


@require_POST
def seen(request: StaffRequest, opinion_id: UUID) -> HttpResponse:
    """I have seen that nobody answered."""
    note_end_seen(by=request.actor, opinion_id=opinion_id, now=clock.now())
    return HttpResponseRedirect(reverse("sharing:inbox"))


@require_POST
def take_it_back(request: StaffRequest, opinion_id: UUID) -> HttpResponse:
    """Take it back, with one click."""
    take_back(by=request.actor, opinion_id=opinion_id, why=Ended.ASKER, now=clock.now())
    return HttpResponseRedirect(reverse("sharing:opinion", args=[opinion_id]))


def _state(by: Actor, opinion: Opinion, part: Part, *, now: datetime) -> dict[str, object]:
    return {
        "asker_looks": part is Part.ASKER,
        "held": rules.held(opinion, now=now),
        "held_for": max(ceil((opinion.held_until - now).total_seconds()), 0),
        "over": rules.is_over(opinion, now=now),
        "whom": whom(by, opinion, now=now),
        "opener": threads.asked_words(opinion, by)
        if opinion.guest_id
        else staff.name_of(by, opinion.opened_by)
        if opinion.opened_by
        else "",
        "on_it": staff.name_of(by, opinion.on_it_by) if opinion.on_it_by else "",
        "phone": opinion.team.phone if opinion.team else "",
        "stands": standing.where_it_stands(by, opinion, now=now),
        "letters": letters_stand(mail.letters_of(by, opinion)) if opinion.guest_id else None,
        "away": bool(opinion.guest_id) and mail.answered_by_itself(by, opinion, now=now),
    }


def _told(by: Actor, opinion: Opinion) -> list[standing.NoticeSeen]:
    return standing.notices_of(by, opinion.pk) if opinion.urgency == Urgency.URGENT else []


def _of_asker(by: Actor, read: threads.Thread, *, now: datetime) -> dict[str, object]:
    """The patient's line stands above it only for who may see the patient still."""
    opinion = read.opinion
    ground = access.ground(by, opinion.patient_id, now=now)
    return {
        "read": read,
        "opinion": opinion,
        "was": went(by, opinion),
        "banner": patients.banner(by, opinion.patient_id, today=timezone.localdate(now)) if ground else None,
        "ground": ground,
        "photos": [(item, threads.place_words(item.approval.copy.photograph)) for item in read.items],
        "told": _told(by, opinion),
        "anew": False,
        "left": opinion.asked_by != by.id,
        "end_unseen": rules.end_unseen(opinion),
        "may_take_back": opinion.state in OPEN_STATES and not rules.is_over(opinion, now=now),
        "files": sum(one.attachments for one in mail.letters_with_files(by, opinion, now=now)) if opinion.guest_id else 0,
        "better": bool(read.answers) and read.answers[-1].quick == Quick.BETTER_PHOTO.label,
        "minutes": round(read.took.total_seconds() / 60) if read.took else 0,
        **_state(by, opinion, Part.ASKER, now=now),
    }
