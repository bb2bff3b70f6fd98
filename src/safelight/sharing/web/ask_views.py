"""Asking a colleague: about photos that are in, or at the slate, to be sent when they are."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safelight.access.actions.name_patients import name_patients
from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound, Refusal
from safelight.patients import queries as patients
from safelight.sharing import asking as prepared
from safelight.sharing import choosing, queries, sealing, shown
from safelight.sharing.actions.ask_opinion import ask_opinion
from safelight.sharing.actions.finish_kept_question import finish_kept_question
from safelight.sharing.actions.keep_question import keep_question
from safelight.sharing.actions.view_covered_copy import view_covered_copy
from safelight.sharing.asking import Asking, Fresh
from safelight.sharing.choosing import Chosen, TeamShown
from safelight.sharing.errors import AskedAlready, LooksLikeIdentity, NoUrgentNotice
from safelight.sharing.models import KeptQuestion
from safelight.sharing.thread import place_words
from safelight.sharing.web.ask_forms import SOMEBODY, AskForm, LaterForm
from safelight.sharing.web.bytes import as_picture
from safelight.staff import queries as staff

# Letters that nobody mistakes for another when a notice is read out.
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
PUBLIC_ID = 10


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: StaffRequest) -> HttpResponse:
    """Ask about the photos that the address names. The question keeps what was typed whatever is missing."""
    by, now = request.actor, clock.now()
    kept = _kept(by, request.GET.get("kept") or request.POST.get("kept"))
    chosen = choosing.choose(by, _photographs(request, kept, now=now), now=now)
    teams, people = choosing.teams(by, now=now), choosing.people(by)
    if request.method == "POST":
        form = AskForm(request.POST, teams=teams, people=people)
        if {"cover", "without"} & request.POST.keys():
            return HttpResponseRedirect(_cover_first(request, chosen, form) if "cover" in request.POST else _without(request, chosen, form))
        if chosen.here and not chosen.not_yet and form.is_valid():
            try:
                return _ask(request, chosen, form)
            except LooksLikeIdentity as refusal:
                what = " or ".join(doubt.words for doubt in sorted(refusal.doubts))
                form.add_error("question", f"This looks like {what}. Change it, or tick that it does not say who the patient is.")
                return _page(request, chosen, form, teams, doubtful=True)
            except AskedAlready as earlier:
                return HttpResponseRedirect(reverse("sharing:opinion", args=[earlier.opinions[0]]))
            except NoUrgentNotice as nobody:
                form.add_error("who", f"{nobody.instead} Nothing was sent.")
            except NotFound:
                raise
            except Refusal as refusal:
                form.add_error(None, refusal.says)
        return _page(request, chosen, form, teams)
    initial = {"asking": uuid4(), "days": "7"} | _before(by, teams, kept) | _named(request, teams)
    return _page(request, chosen, AskForm(None, teams=teams, people=people, initial=initial), teams)


def _ask(request: StaffRequest, chosen: Chosen, form: AskForm) -> HttpResponse:
    now = clock.now()
    asked = ask_opinion(by=request.actor, asking=_asking(request.actor, chosen, form, now=now), now=now)
    return HttpResponseRedirect(reverse("sharing:opinion", args=[asked[0].pk]))


def _asking(by: Actor, chosen: Chosen, form: AskForm, *, now: datetime) -> Asking:
    return prepared.prepare(
        by,
        asking=form.cleaned_data["asking"],
        patient=chosen.patient,
        photographs=chosen.ids,
        urgency=form.how_soon(),
        to=form.to(),
        fresh=[fresh(len(chosen.ids)) for _ in form.to()],
        words=form.cleaned_data["question"],
        expires_at=now + form.open_for(),
        confirmed=form.cleaned_data["confirmed"],
        kept=form.cleaned_data["kept"],
    )


def fresh(photos: int) -> Fresh:
    """Ids for one opinion about so many photos."""
    public_id = "".join(secrets.choice(LETTERS) for _ in range(PUBLIC_ID))
    return Fresh(opinion=uuid4(), public_id=public_id, items=tuple(uuid4() for _ in range(photos)))


def _cover_first(request: StaffRequest, chosen: Chosen, form: AskForm) -> str:
    """Keep what was typed, and go through the covering of these photos back to this page; where only the computer's second look is
    missing, through the page that waits for it.
    """
    here = _back(request, chosen, form, chosen.ids)
    photos = ",".join(str(photograph.pk) for photograph in chosen.not_yet)
    through = reverse("deidentify:covered" if chosen.looked_at else "deidentify:set")
    return f"{through}?{urlencode({'photos': photos, 'next': here})}"


def _without(request: StaffRequest, chosen: Chosen, form: AskForm) -> str:
    """Keep what was typed, and ask without one of the photos."""
    left = [one for one in chosen.ids if str(one) != request.POST["without"]]
    return _back(request, chosen, form, left or chosen.ids)


def _back(request: StaffRequest, chosen: Chosen, form: AskForm, photos: Sequence[UUID]) -> str:
    """The same page, about some of its photos, with what was typed kept."""
    form.is_valid()
    words, back = str(request.POST.get("question", "")), {"photos": _ids(photos)}
    to = next(iter(form.to()), None) if {"who", "person", "also"} <= form.cleaned_data.keys() else None
    if to and to.team:
        back["team"] = str(to.team)
    if words.strip():
        new_id = uuid4()
        sealed = sealing.seal_question(words, opinion=new_id)
        visit = chosen.photographs[0].visit_id
        keep_question(by=request.actor, visit_id=visit, question=sealed, to=to, now=clock.now(), new_id=new_id)
        back["kept"] = str(new_id)
    return f"{reverse('sharing:ask')}?{urlencode(back)}"


def _page(request: StaffRequest, chosen: Chosen, form: AskForm, teams: Sequence[TeamShown], *, doubtful: bool = False) -> HttpResponse:
    by, now = request.actor, clock.now()
    name_patients(by=by, patients=[chosen.patient], now=now)
    context = {
        "banner": patients.banner(by, chosen.patient, today=timezone.localdate(now)),
        "form": form,
        "chosen": chosen,
        "photos": [(one, place_words(one), chosen.says(one)) for one in chosen.photographs],
        "ids": _ids(chosen.ids),
        "rest": _ids([one for one in chosen.ids if one not in {never.pk for never in chosen.never}]),
        "teams": teams,
        "hints": {str(one.team.pk): _team_words(one) for one in teams},
        "sends_to": {str(one.team.pk): one.who for one in teams},
        "rings": {str(one.team.pk): f"{one.team.name}: ring {one.team.phone} if you cannot wait" for one in teams},
        "doubtful": doubtful,
        "somebody": SOMEBODY,
    }
    return render(request, "sharing/ask.jinja", context, using="jinja", status=422 if form.errors else 200)


def _team_words(shown_team: TeamShown) -> str:
    on_call = shown_team.on_call
    first = next(iter(on_call.in_turn), None)
    who = first.name if first else f"Nobody is on call. It goes to the team. Ring {shown_team.team.phone}"
    if shown_team.minutes is None:
        return who
    hours, minutes = shown_team.minutes // 60, max(shown_team.minutes, 1)
    took = f"{hours} hours" if hours > 1 else "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{who}. Answers in about {took}"


def _before(by: Actor, teams: Sequence[TeamShown], kept: KeptQuestion | None) -> dict[str, object]:
    """The kept question and its team; else the team or person asked last; else the only team, or the only one that has somebody on
    call now. How soon is never kept.
    """
    if kept is not None:
        words = {"kept": kept.pk, "question": sealing.open_question(kept.question, opinion=kept.pk)}
        if kept.team_id or kept.person_id:
            return words | _who(kept.team_id, kept.person_id)
    else:
        words = {}
    last = queries.last_asked(by)
    if last is not None:
        return words | _who(last.team_id, last.person_id)
    there = [one for one in teams if not one.on_call.nobody]
    only = teams if len(teams) == 1 else there if len(there) == 1 else []
    return words | (_who(only[0].team.pk, None) if only else {})


def _named(request: StaffRequest, teams: Sequence[TeamShown]) -> dict[str, object]:
    """The team that the address names, where it is one that can be asked."""
    named = request.GET.get("team", "")
    return next((_who(one.team.pk, None) for one in teams if str(one.team.pk) == named), {})


def _who(team: UUID | None, person: UUID | None) -> dict[str, object]:
    return {"who": str(team)} if team else {"who": SOMEBODY, "person": str(person)}


@require_safe
def covered(request: StaffRequest, patient_id: UUID, photograph_id: UUID) -> HttpResponse:
    """What a colleague would see of a photo, small."""
    by = request.actor
    permit = view_covered_copy(by=by, patient_id=patient_id, photograph_id=photograph_id, now=clock.now())
    longest = shown.LONGEST if "large" in request.GET else shown.LONGEST_SMALL
    return as_picture(request, shown.pixels(permit, name=staff.name_of(by, by.id), moment=clock.now, longest=longest))


@require_http_methods(["GET", "HEAD", "POST"])
def later(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """Ask when they arrive: a question written at the slate."""
    by, now = request.actor, clock.now()
    patient = choosing.patient_of_visit(by, visit_id, now=now)
    teams = choosing.teams(by, now=now)
    form = LaterForm(request.POST if request.method == "POST" else None, teams=teams, initial=_before(by, teams, None))
    if form.is_valid():
        new_id = uuid4()
        sealed = sealing.seal_question(form.cleaned_data["question"], opinion=new_id)
        keep_question(by=by, visit_id=visit_id, question=sealed, to=form.to(), now=now, new_id=new_id)
        return HttpResponseRedirect(reverse("photographs:slate", args=[visit_id]))
    name_patients(by=by, patients=[patient], now=now)
    context = {
        "banner": patients.banner(by, patient, today=timezone.localdate(now)),
        "form": form,
        "visit": visit_id,
        "hints": {str(one.team.pk): _team_words(one) for one in teams},
    }
    return render(request, "sharing/later.jinja", context, using="jinja", status=422 if form.errors else 200)


@require_POST
def not_needed(request: StaffRequest, question_id: UUID) -> HttpResponse:
    """A kept question is not to be asked after all."""
    finish_kept_question(by=request.actor, question_id=question_id, asked_as=None, now=clock.now())
    return HttpResponseRedirect(reverse("home:home"))


def _kept(by: Actor, text: str | None) -> KeptQuestion | None:
    return next((one for one in queries.kept_by(by) if str(one.pk) == text), None) if text else None


def _photographs(request: StaffRequest, kept: KeptQuestion | None, *, now: datetime) -> tuple[UUID, ...]:
    """Those that the address names; else those of the kept question's visit, or of the latest visit of the patient it names."""
    named = request.GET.getlist("photos") or request.POST.getlist("photos")
    try:
        ids = tuple(UUID(one) for text in named for one in text.split(",") if one)
        if ids:
            return ids
        if kept is not None:
            return choosing.photos_of_visit(request.actor, kept.visit_id, now=now)
        return choosing.newest_photos(request.actor, UUID(request.GET.get("patient", "")), now=now)
    except ValueError:
        raise NotFound from None


def _ids(photographs: Sequence[UUID]) -> str:
    return ",".join(str(one) for one in photographs)
