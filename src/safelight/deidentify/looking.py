"""The computer's look at a photo: opened, looked at, sealed and matched, stage by stage. Slow: before the action that notes it."""

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from safelight.deidentify import finding, rules
from safelight.deidentify.boxes import Found, Stage
from safelight.deidentify.matching import likeness, own
from safelight.deidentify.models import Match
from safelight.deidentify.rules import NOT_STARTED
from safelight.deidentify.said import SealedFound, StageSeen
from safelight.deidentify.sealed import seal_read
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.patients.identity import Identity
from safelight.photographs.models import Photograph
from safelight.photographs.pictures import HEAD
from safelight.vault import objects


def stages(actor: Actor, photograph: Photograph, *, new_id: Callable[[], UUID]) -> Iterator[StageSeen]:
    """What the finders see in a photo, as soon as they see it, ready to be noted.

    Raises Unavailable where no finder can be started or a store is away, Damage where the record copy does not open.
    """
    data = objects.read_bytes(photograph.record_copy, limit=rules.largest(photograph))
    kind = rules.file_kind(photograph, data[:HEAD])
    for stage in finding.look(data, kind=kind):
        yield sealed(actor, photograph, stage, new_id=new_id)


def sealed(actor: Actor, photograph: Photograph, stage: Stage, *, new_id: Callable[[], UUID]) -> StageSeen:
    """One stage, matched with who the patient is and sealed, ready to be noted."""
    known_as = patients.known_as(actor, photograph.patient_id)
    return StageSeen(
        photograph=photograph.pk,
        patient=photograph.patient_id,
        record_copy=photograph.record_copy_id,
        name=stage.name,
        failed=stage.failed,
        done=stage.done,
        found=tuple(_sealed(found, photograph, known_as, new_id()) for found in stage.found),
    )


def not_started(photograph: Photograph) -> StageSeen:
    """That no look could begin: it is noted as such, and never looks like nothing found."""
    return StageSeen(
        photograph=photograph.pk,
        patient=photograph.patient_id,
        record_copy=photograph.record_copy_id,
        name=NOT_STARTED,
        failed=True,
        done=False,
        found=(),
    )


def _sealed(found: Found, photograph: Photograph, known_as: Sequence[Identity], finding_id: UUID) -> SealedFound:
    return SealedFound(
        id=finding_id,
        kind=found.kind,
        box=found.box,
        confidence=found.confidence,
        low=found.low,
        read=seal_read(found.text, photograph_id=photograph.pk),
        matches=own(found.text, *known_as) if found.text else Match.NONE,
        likeness=seal_read(likeness(found.text, *known_as) if found.text else "", photograph_id=photograph.pk),
        finder=found.finder,
        version=found.version,
    )
