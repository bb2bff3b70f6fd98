"""What became of a set that was covered and signed: what can be shared, what the computer looks at once more, what was recalled."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from safelight.access.actions.name_patients import name_patients
from safelight.audit.request import StaffRequest
from safelight.deidentify import queries, rules
from safelight.deidentify.models import CoveredCopy, Recall, SecondLook
from safelight.deidentify.web.page import Wanted
from safelight.deidentify.web.patient import one_patient
from safelight.deidentify.web.shown import Copied, still_like
from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.photographs import queries as photographs
from safelight.staff import queries as staff


@require_safe
def covered(request: StaffRequest) -> HttpResponse:
    """The covered copies of a set: how each was made, and whether it can be shown to others."""
    now, wanted = clock.now(), Wanted.of(request.GET)
    patient = one_patient(request.actor, wanted.photos, now=now)
    shown = _shown(request.actor, _copies(request.actor, wanted, now=now), wanted, patient)
    name_patients(by=request.actor, patients=[patient], now=now)
    shown |= {"banner": patients.banner(request.actor, patient, today=timezone.localdate(now)), "patient": patient}
    return render(request, "deidentify/covered.jinja", shown, using="jinja")


@require_safe
def copies(request: StaffRequest) -> HttpResponse:
    """The part of that page that is asked for again while the computer looks; who was on the way elsewhere goes on by it."""
    now, wanted = clock.now(), Wanted.of(request.GET)
    patient = one_patient(request.actor, wanted.photos, now=now)
    every = _copies(request.actor, wanted, now=now)
    if wanted.next and request.GET.get("waited") and len(every) == len(wanted.photos) and all(copy.stands for copy in every):
        return HttpResponse(status=200, headers={"HX-Redirect": wanted.next})
    return render(request, "deidentify/copies.jinja", _shown(request.actor, every, wanted, patient), using="jinja")


def _shown(by: Actor, every: list[Copied], wanted: Wanted, patient: UUID) -> dict[str, object]:
    return {
        "copies": every,
        "open": queries.on_desk(by, wanted.photos, now=clock.now()),
        "stand": sum(copy.stands for copy in every),
        "waits": any(copy.waits for copy in every),
        "asks_again": any(copy.asks_again for copy in every),
        "part": f"{reverse('deidentify:copies')}?{wanted.query}",
        "again": wanted.address(at=1),
        "next": wanted.next or reverse("photographs:patient", args=[patient]),
        "goes_on": bool(wanted.next),
    }


def _copies(by: Actor, wanted: Wanted, *, now: datetime) -> list[Copied]:
    signed = queries.signed_for(by, wanted.photos)
    ids = [copy.pk for copy in signed.values()]
    looks, recalls = queries.second_looks(by, ids), queries.recalls_of(by, ids)
    ready = [(number, photo) for number, photo in enumerate(wanted.photos, 1) if photo in signed]
    return [
        _copied(by, photo, signed[photo], looks.get(signed[photo].pk, []), recalls.get(signed[photo].pk), number, now=now)
        for number, photo in ready
    ]


def _copied(
    by: Actor, photo: UUID, copy: CoveredCopy, looks: list[SecondLook], recall: Recall | None, number: int, *, now: datetime
) -> Copied:
    stands, recalled = rules.looked_again(copy, looks, recall), recall is not None or any(look.recalls for look in looks)
    signed_at, at_this = copy.decided_at or now, [look for look in looks if look.picture == rules.picture_of(copy)]
    return Copied.of(
        photographs.photograph(by, photo),
        copy,
        number,
        stands=stands,
        recalled=_why(by, photo, looks, recall) if recalled else "",
        late=not stands and not recalled and now - signed_at > rules.PATIENCE,
        asks_again=not recalled and not any(look.whole for look in at_this) and (not stands or now - signed_at < rules.PATIENCE),
        not_checked=copy.flagged or any(look.failed for look in at_this),
        status=rules.status_words(copy, named_by=staff.name_of(by, copy.anonymous_by) if copy.anonymous_by else ""),
    )


def _why(by: Actor, photo: UUID, looks: list[SecondLook], recall: Recall | None) -> str:
    """Why a copy was taken back, in words."""
    if recall is not None:
        return "who the patient is was put right, and something that was shown looks like their own"
    left = {one for look in looks if look.recalls for one in look.found}
    kinds = rules.by_kind(finding for finding in queries.findings(by, photo) if str(finding.pk) in left)
    return still_like(kinds) or "something in it still looks like something"
