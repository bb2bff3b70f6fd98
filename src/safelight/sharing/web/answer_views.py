"""Answering a question, being on it, and passing it on."""

from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import NotFound
from safelight.sharing import answering, choosing, queries
from safelight.sharing.actions.ask_for_better_photo import ask_for_better_photo
from safelight.sharing.actions.give_opinion import give_opinion
from safelight.sharing.actions.pass_on import pass_on
from safelight.sharing.actions.take_on import take_on
from safelight.sharing.actions.view_opinion import view_opinion
from safelight.sharing.errors import MarkOutside, NobodyChosen, NothingSaid, NoUrgentNotice, OpinionOver, WhatToChangeMissing
from safelight.sharing.models import Quick
from safelight.sharing.rules import Part
from safelight.sharing.web.answer_forms import AnswerForm, BetterPhotoForm, PassOnForm
from safelight.sharing.web.thread_views import over, page


@require_POST
def answer(request: StaffRequest, opinion_id: UUID) -> HttpResponse:
    """Send an answer and file it. Where a better photo is asked for without words, what to change is asked first."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return page(request, opinion_id, form)
    if form.tapped() is Quick.BETTER_PHOTO and not form.cleaned_data["words"].strip():
        return HttpResponseRedirect(reverse("sharing:better_photo", args=[opinion_id]))
    said = answering.say(uuid4(), quick=form.tapped(), words=form.cleaned_data["words"], mark=form.mark())
    try:
        give_opinion(by=request.actor, opinion_id=opinion_id, said=said, now=clock.now())
    except (NothingSaid, MarkOutside) as refusal:
        form.add_error("words", refusal.says)
        return page(request, opinion_id, form)
    except OpinionOver as refusal:
        return over(request, opinion_id, refusal, words=form.cleaned_data["words"])
    return HttpResponseRedirect(reverse("sharing:opinion", args=[opinion_id]))


@require_http_methods(["GET", "HEAD", "POST"])
def better_photo(request: StaffRequest, opinion_id: UUID) -> HttpResponse:
    """Ask for a better photo, and say what to change."""
    form = BetterPhotoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = answering.say(uuid4(), quick=Quick.BETTER_PHOTO, words=form.said())
        try:
            ask_for_better_photo(by=request.actor, opinion_id=opinion_id, said=said, now=clock.now())
        except WhatToChangeMissing as refusal:
            form.add_error("changes", refusal.says)
        except OpinionOver as refusal:
            return over(request, opinion_id, refusal, words=form.said())
        else:
            return HttpResponseRedirect(reverse("sharing:opinion", args=[opinion_id]))
    opinion, _ = view_opinion(by=request.actor, opinion_id=opinion_id, now=clock.now())
    shown = {"form": form, "opinion": opinion}
    return render(request, "sharing/better_photo.jinja", shown, using="jinja", status=422 if form.errors else 200)


@require_POST
def on_it(request: StaffRequest, opinion_id: UUID) -> HttpResponse:
    """I am on it."""
    take_on(by=request.actor, opinion_id=opinion_id, now=clock.now())
    return HttpResponseRedirect(reverse("sharing:opinion", args=[opinion_id]))


@require_http_methods(["GET", "HEAD", "POST"])
def pass_it_on(request: StaffRequest, opinion_id: UUID) -> HttpResponse:
    """Pass it to somebody else here."""
    by, now = request.actor, clock.now()
    opinion, part = queries.part_in(by, opinion_id, now=now)
    if part is not Part.ASKED:
        raise NotFound(opinion_id)
    teams = [one for one in choosing.teams(by, now=now) if one.team.pk != opinion.team_id]
    people = [one for one in choosing.people(by) if one.pk not in {opinion.asked_by, opinion.person_id}]
    form = PassOnForm(request.POST if request.method == "POST" else None, teams=teams, people=people)
    if form.is_valid():
        try:
            pass_on(by=by, opinion_id=opinion_id, to=form.to(), now=now, new_id=uuid4())
        except NoUrgentNotice as nobody:
            form.add_error("team", f"{nobody.instead} It was not passed on.")
        except NobodyChosen as refusal:
            form.add_error("team", refusal.says)
        except OpinionOver as refusal:
            return over(request, opinion_id, refusal)
        else:
            return HttpResponseRedirect(reverse("sharing:inbox"))
    return render(
        request, "sharing/pass_on.jinja", {"form": form, "opinion": opinion_id}, using="jinja", status=422 if form.errors else 200
    )
