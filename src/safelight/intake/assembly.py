"""One card, put together from the rows: what its frames show, who had its cameras, which slates there were. Reads only.

A camera's clock has no zone and shows the time of its ward: it is read as local time, so that a clock that is right is 0 s ahead.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from safelight.custody import queries as custody
from safelight.custody.models import CheckOut, Import
from safelight.intake import queries
from safelight.intake.card import Card, CardFrame, Device, MadeSlate, Out, Reading
from safelight.intake.models import SlateOnFrame, Sorting
from safelight.intake.phones import is_phone
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.photographs import visits
from safelight.photographs.models import EXEMPT, Slate

LONGEST_BETWEEN_IMPORTS = timedelta(days=90)
RAW, VIDEO = "raw", "video"


def card_of(actor: Actor, import_id: UUID, *, rows: Mapping[UUID, Sorting], now: datetime) -> Card:
    """The card of an import as far as it has been read: `rows` is what was read, by frame. Raises NotFound."""
    card_import = Import.objects.filter(pk=import_id).first()
    if not queries.insider(actor) or card_import is None:
        raise NotFound(import_id)
    _, lost = queries.missing(actor, import_id, now=now)
    frames = tuple(
        CardFrame(
            frame=place.frame_id,
            pair=place.pair,
            folder=place.folder_number,
            number=place.file_number,
            raw=place.frame.kind == RAW,
            video=place.frame.kind == VIDEO,
            reading=reading(rows[place.frame_id]) if place.frame_id in rows else None,
            lost=place.frame_id in lost,
        )
        for place in custody.places_of(actor, import_id)
    )
    put_in = card_import.announced_at
    outs = [out for camera in {row.camera_id for row in rows.values()} - {None} if (out := last_out(actor, camera, before=put_in))]
    codes = {code for frame in frames if frame.reading for code in frame.reading.slates}
    return Card(
        frames=frames,
        put_in=put_in,
        given_up=card_import.given_up != "",
        outs={out.camera_id: _out(out) for out in outs},
        slates=tuple(_slates(actor, codes, outs, frames=set(rows), put_in=put_in, now=now)),
    )


def reading(row: Sorting) -> Reading:
    """What a row says that its frame shows."""
    return Reading(
        slates=frozenset(slate.code for slate in row.slates.all()),
        unread_symbol=row.unread_symbol,
        readable=not row.unreadable,
        device=device(row),
        camera=row.camera_id,
        taken=row.camera_time.replace(tzinfo=ZoneInfo(settings.TIME_ZONE)) if row.camera_time else None,
    )


def device(row: Sorting) -> Device:
    """What took a frame. The register decides; the list of phones gives the words."""
    if row.camera_id is not None:
        return Device.REGISTERED
    if is_phone(row.make, row.model):
        return Device.PHONE
    return Device.UNKNOWN if row.make or row.model else Device.SILENT


def last_out(actor: Actor, camera_id: UUID | None, *, before: datetime) -> CheckOut | None:
    """Who had a camera last before a card was put in: its photos are from then, or its clock and its slates say otherwise."""
    if camera_id is None:
        return None
    outs = custody.check_outs_of(actor, camera_id, since=before - LONGEST_BETWEEN_IMPORTS)
    return next((out for out in reversed(outs) if out.out_at <= before), None)


def _out(out: CheckOut) -> Out:
    ahead = out.camera.clock_ahead
    return Out(
        check_out=out.pk,
        camera=out.camera_id,
        out_at=out.out_at,
        back_at=out.back_at,
        clock_ahead=None if ahead is None else timedelta(seconds=ahead),
    )


def _slates(
    actor: Actor, codes: set[str], outs: Iterable[CheckOut], *, frames: set[UUID], put_in: datetime, now: datetime
) -> list[MadeSlate]:
    """The slates read on the card, and those made while one of its cameras was out."""
    wanted = Q(code__in=codes)
    for out in outs:
        until = min(out.back_at or put_in, put_in)
        wanted |= Q(visit__check_out=out.pk, shown_at__lte=put_in)
        wanted |= Q(visit__check_out=None, shown_at__gte=out.out_at, shown_at__lte=until)
    made = list(Slate.objects.filter(wanted).select_related("visit").order_by("shown_at", "pk"))
    elsewhere = _carriers({slate.code for slate in made}, but=frames)
    asked = {slate.visit for slate in made if slate.visit.consent_id is not None or slate.visit.recording in EXEMPT}
    may_take = {one.pk for one in asked if visits.agreed(actor, one, at=now)}
    return [
        MadeSlate(
            code=slate.code,
            visit=slate.visit_id,
            check_out=slate.visit.check_out_id,
            shown_at=slate.shown_at,
            on_paper=slate.on_paper,
            may_take=slate.visit_id in may_take,
            seen_by=frozenset(elsewhere.get(slate.code, ())),
        )
        for slate in made
    ]


def _carriers(codes: set[str], *, but: set[UUID]) -> dict[str, set[UUID]]:
    """The cameras whose other cards carry these slates."""
    rows = SlateOnFrame.objects.filter(code__in=codes, sorting__camera__isnull=False).exclude(sorting__frame__in=but)
    found: dict[str, set[UUID]] = {}
    for code, camera in rows.values_list("code", "sorting__camera"):
        if camera is not None:
            found.setdefault(code, set()).add(camera)
    return found
