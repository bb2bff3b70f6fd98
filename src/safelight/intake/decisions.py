"""What is to be done with a card now: the pure rules over its rows, and what filing needs. Reads only; before any action."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from safelight.custody import queries as custody
from safelight.custody.models import Place
from safelight.intake import assembly, queries
from safelight.intake.card import Card, Placement, Put
from safelight.intake.errors import SomebodyWasFirst
from safelight.intake.gaps import Number, missing_numbers
from safelight.intake.lifecycle import Whereabouts
from safelight.intake.models import Sorting
from safelight.intake.moments import by_hand, clock_measured, clocks_of, moments
from safelight.intake.reasons import Why
from safelight.intake.rules import sort_card
from safelight.kernel.actor import Actor
from safelight.photographs import filing as record
from safelight.photographs import queries as photographs
from safelight.photographs import visits
from safelight.photographs.filing import Filing
from safelight.photographs.models import Photograph
from safelight.photographs.quality.hints import known

# A photo that waits for another one is decided anew when that one comes. Every other reason waits for a person.
MAY_YET_BE_PLACED = {Why.FRAME_NOT_HERE.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What the rules say of a card. `open` are the placements that are not made yet, of frames that this import announced first."""

    card: Card
    rows: Mapping[UUID, Sorting]
    open: tuple[Placement, ...]
    complete: bool
    moments: Mapping[UUID, datetime]
    clocks: Mapping[UUID, timedelta]


def decide(actor: Actor, import_id: UUID, *, now: datetime) -> Decided:
    """Sort a card by what its rows say now."""
    rows, card = _card(actor, import_id, now=now)
    placements = once_each(sort_card(card))
    mine = [place for place in placements if rows[place.frame].read_in_id == import_id]
    return Decided(
        card=card,
        rows=rows,
        open=tuple(place for place in mine if place.put is not Put.WAITING and _is_open(rows[place.frame], place)),
        complete=bool(mine) and all(place.put is not Put.WAITING for place in mine),
        moments=moments(card, placements),
        clocks=clock_measured(card, placements),
    )


def _card(actor: Actor, import_id: UUID, *, now: datetime) -> tuple[dict[UUID, Sorting], Card]:
    rows = {row.frame_id: row for row in queries.sortings_of(actor, import_id).prefetch_related("slates")}
    return rows, assembly.card_of(actor, import_id, rows=rows, now=now)


def once_each(placements: tuple[Placement, ...]) -> list[Placement]:
    """One placement a frame. The same bytes under two names may stand behind two slates: then whose they are is not clear."""
    found: dict[UUID, Placement] = {}
    for place in placements:
        before = found.setdefault(place.frame, place)
        if (before.put, before.visit) != (place.put, place.visit):
            found[place.frame] = Placement(frame=place.frame, put=Put.TRAY, why=Why.ORDER_UNCLEAR, behind=before.behind)
    return list(found.values())


def _is_open(row: Sorting, place: Placement) -> bool:
    if row.state == Whereabouts.READ:
        return True
    waits = row.state == Whereabouts.TRAY and row.why in MAY_YET_BE_PLACED
    return waits and (place.put is not Put.TRAY or place.why != row.why)


def worth_a_closer_look(decided: Decided) -> list[UUID]:
    """The frames that would go to the tray though nobody has looked at them closely for a slate."""
    waiting = [place.frame for place in decided.open if place.put is Put.TRAY]
    return [frame for frame in waiting if not decided.rows[frame].closely and not decided.rows[frame].slates.all()]


def filing(actor: Actor, frame_id: UUID, visit_id: UUID, *, taken_at: datetime, photograph: UUID) -> Filing:
    """What filing a frame under the visit of its slate needs, its keys wrapped for the patient. Slow."""
    row = queries.sorting(actor, frame_id)
    raw_of = _jpeg_of(actor, row, visit_id)
    return _prepare(actor, row, visit_id, taken_at=taken_at, photograph=photograph, raw_of=raw_of)


def filings_by_hand(
    actor: Actor, frames: Sequence[UUID], visit_id: UUID, *, rows: Mapping[UUID, Sorting], new_ids: Sequence[UUID], now: datetime
) -> tuple[Filing, ...]:
    """What filing some frames of the tray needs when a person says whose they are. Slow.

    `rows` is what waits, `new_ids` the ids of the photos to be. A RAW file comes behind its JPEG, so that the record shows the two as
    one shot. Raises SomebodyWasFirst where one of the frames does not wait any more.
    """
    if not rows.keys() >= set(frames):
        raise SomebodyWasFirst
    begun = photographs.visit(actor, visit_id).opened_at
    cards = {read_in: _card(actor, read_in, now=now)[1] for read_in in {rows[frame].read_in_id for frame in frames}}
    clocks = {read_in: clocks_of(card) for read_in, card in cards.items()}
    jpegs: dict[str, UUID] = {}
    found = []
    for frame, photograph in sorted(zip(frames, new_ids, strict=True), key=lambda one: rows[one[0]].frame.kind == assembly.RAW):
        row, place = rows[frame], queries.first_place(actor, frame)
        raw_of = jpegs.get(place.pair) or _jpeg_of(actor, row, visit_id) if row.frame.kind == assembly.RAW else None
        told = row.camera.clock_ahead if row.camera else None
        seen, read_in = assembly.reading(row), row.read_in_id
        taken_at = by_hand(seen, card=cards[read_in], clocks=clocks[read_in], told=told, begun=begun)
        found.append(_prepare(actor, row, visit_id, taken_at=taken_at, photograph=photograph, raw_of=raw_of))
        jpegs.setdefault(place.pair, photograph)
    return tuple(found)


def _prepare(actor: Actor, row: Sorting, visit_id: UUID, *, taken_at: datetime, photograph: UUID, raw_of: UUID | None) -> Filing:
    first, *others = visits.sites_of(photographs.visit(actor, visit_id))
    return record.prepare(
        actor,
        photograph=photograph,
        frame=row.frame_id,
        visit=visit_id,
        taken_at=taken_at,
        camera=row.camera_id,
        site=first.site,
        laterality=first.laterality,
        site_assumed=bool(others),
        width=row.width,
        height=row.height,
        raw_of=raw_of,
        preview=row.preview_id,
        thumb=row.thumb_id,
        hints=known(row.hints),
    )


def _jpeg_of(actor: Actor, row: Sorting, visit_id: UUID) -> UUID | None:
    """The photo that a RAW file is shown behind: the JPEG of the same shot, filed under the same visit."""
    if row.frame.kind != assembly.RAW:
        return None
    pair = queries.first_place(actor, row.frame_id).pair
    shot = custody.places_of(actor, row.read_in_id).filter(pair=pair).exclude(frame__kind__in=[assembly.RAW, assembly.VIDEO])
    filed = Photograph.objects.filter(frame__in=shot.order_by().values("frame"), visit=visit_id)
    return filed.order_by("pk").values_list("pk", flat=True).first()


def numbers_missing(actor: Actor, import_id: UUID) -> list[Number]:
    """Folder and file number of the photos that the evidence on a card lacks (D5)."""
    places = {place.frame_id: place for place in custody.places_of(actor, import_id)}
    on_card = [number for place in places.values() if (number := _number(place))]
    visits: dict[UUID, list[Number]] = {}
    for row in queries.sortings_of(actor, import_id):
        visit = row.visit or row.behind
        number = _number(places[row.frame_id])
        if visit and visit.evidential and number:
            visits.setdefault(visit.pk, []).append(number)
    return sorted({number for sequence in visits.values() for number in missing_numbers(sequence, on_card)})


def _number(place: Place) -> Number | None:
    return None if place.folder_number is None or place.file_number is None else (place.folder_number, place.file_number)
