"""Making a covered copy: the record copy opened, covered and kept. Slow: before the action that approves it."""

from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.deidentify import covering, queries, rules
from safelight.deidentify.errors import NotOpened, StillUndecided, refusal
from safelight.deidentify.models import CoveredCopy, Finding, How
from safelight.deidentify.said import Made
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest
from safelight.photographs import pictures
from safelight.photographs import queries as photographs
from safelight.photographs.models import Photograph
from safelight.vault import objects
from safelight.vault.models import Rendition


def make(actor: Actor, photograph_id: UUID, *, now: datetime, approval: UUID) -> Made:
    """The covered copy of a photo's draft as it stands, kept in the vault for its patient. `approval` is the new approval's id.

    1. The actor may see the patient, has opened the photo, and has decided everything: what the action asks again.
    2. The boxes are burned in and everything but pixels left behind, in one operation.
    3. Where the finders could not look at the photo, the copy is flagged, and whether it shows a slate is read by itself. Their second
       look, at the result, comes before or after, and never while a person waits (`again`).

    Raises NotFound, NoCareRelationship, the refusals of `approve_copies`, CannotCover, Damage, Unavailable.
    """
    photograph = photographs.photograph(actor, photograph_id)
    access.require(actor, photograph.patient_id, now=now)  # (1)
    draft, found = _ready(actor, photograph)
    data = objects.read_bytes(photograph.record_copy, limit=rules.largest(photograph))
    kind, areas = rules.file_kind(photograph, data[: pictures.HEAD]), rules.covered(found)
    burned = tuple(rules.turned(area, draft.turn) for area in areas)
    covered = covering.cover(data, burned, turn=draft.turn, kind=kind)  # (2)
    checked = queries.finder_state(actor, photograph, now=now) is rules.FinderState.DONE  # (3)
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
        flagged=not checked,
        slate=not checked and _shows_slate(data, kind),
        young=photographs.young(actor, photograph),
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


def _shows_slate(data: bytes, kind: pictures.Kind) -> bool:
    return bool(pictures.examine(data, kind=kind, slate_expected=True).slates)
