"""Making a covered copy: the record copy opened, covered, looked at again, and kept. Slow: before the action that approves it."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from safelight.access import queries as access
from safelight.deidentify import covering, finding, queries, rules
from safelight.deidentify.boxes import Box, Found, Kind
from safelight.deidentify.errors import NotOpened, StillUndecided, refusal
from safelight.deidentify.matching import shows_slate
from safelight.deidentify.models import CoveredCopy, Decision, Finding, How
from safelight.deidentify.said import Made
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest
from safelight.kernel.errors import Unavailable
from safelight.patients import queries as patients
from safelight.photographs import pictures, visits
from safelight.photographs import queries as photographs
from safelight.photographs.models import Photograph
from safelight.vault import objects
from safelight.vault.models import Rendition


def make(actor: Actor, photograph_id: UUID, *, now: datetime, approval: UUID) -> Made:
    """The covered copy of a photo's draft as it stands, kept in the vault for its patient. `approval` is the new approval's id.

    1. The actor may see the patient, has opened the photo, and has decided everything: what the action asks again.
    2. The boxes are burned in and everything but pixels left behind, in one operation.
    3. The finders look at the result. Where they cannot, the copy is flagged, and whether it shows a slate is read by itself.

    Raises NotFound, NoCareRelationship, the refusals of `approve_copies`, CannotCover, Damage, Unavailable.
    """
    photograph = photographs.photograph(actor, photograph_id)
    access.require(actor, photograph.patient_id, now=now)  # (1)
    draft, found = _ready(actor, photograph)
    data = objects.read_bytes(photograph.record_copy, limit=rules.largest(photograph))
    kind, areas = rules.file_kind(photograph, data[: pictures.HEAD]), rules.covered(found)
    burned = tuple(rules.turned(area, draft.turn) for area in areas)
    covered = covering.cover(data, burned, turn=draft.turn, kind=kind)  # (2)
    again = _look_again(covered.data)  # (3)
    state = queries.finder_state(actor, photograph, now=now)
    checked = again is not None and state is rules.FinderState.DONE
    kept = objects.keep([covered.data], rendition=Rendition.COVERED, holder=str(photograph.patient_id), limit=len(covered.data))
    return Made(
        photograph=photograph.pk,
        version=draft.version,
        record_copy=photograph.record_copy_id,
        digest=Digest.of(data),
        kept=kept,
        how=How[covered.how.name],
        turn=draft.turn,
        areas=areas,
        width=covered.width,
        height=covered.height,
        again=_still_there(again or (), found, draft.turn),
        flagged=not checked,
        slate=any(shows_slate(each.text) for each in again or ()) or (not checked and _shows_slate(data, kind)),
        young=_young(actor, photograph),
        approval=approval,
    )


def _ready(actor: Actor, photograph: Photograph) -> tuple[CoveredCopy, list[Finding]]:
    if why := queries.coverable(actor, photograph):
        raise refusal(why)(photograph.pk)
    draft, found = queries.draft_of(actor, photograph.pk), queries.findings(actor, photograph.pk)
    if draft is None or not queries.opened(actor, photograph):
        raise NotOpened(photograph.pk)
    if numbers := rules.undecided(found):
        raise StillUndecided(photograph.pk, numbers)
    return draft, found


def _look_again(jpeg: bytes) -> tuple[Found, ...] | None:
    """What the finders see in a covered copy; None where they could not look."""
    try:
        return finding.look_again(jpeg)
    except Unavailable:
        return None


def _still_there(again: tuple[Found, ...], found: list[Finding], turn: int) -> int:
    """How many things still look like something, but for those that a person said to show."""
    shown = [rules.turned(box, turn) for box in _places(found, Decision.SHOW)]
    seen = [each.box for each in again if each.box and each.kind is not Kind.METADATA and not each.low]
    return sum(not any(rules.within(box, place) for place in shown) for box in seen)


def _places(found: list[Finding], decision: Decision) -> list[Box]:
    return [box for each in found if each.state == decision and (box := rules.box_of(each))]


def _shows_slate(data: bytes, kind: pictures.Kind) -> bool:
    return bool(pictures.examine(data, kind=kind, slate_expected=True).slates)


def _young(actor: Actor, photograph: Photograph) -> bool:
    """Whether the patient was under 18 when the photo was taken, or nobody knows."""
    born = patients.identity(actor, photograph.patient_id).born
    return visits.under_age(born, today=timezone.localdate(photograph.taken_at))
