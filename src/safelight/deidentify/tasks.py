"""Work that covering has promised: the computer looks at photos before a person does, and again at what a person covered.

A look may be cut off and begun again, or run twice at once. What holds all the same: a stage is noted once, under the patient and
of the file that the photo has then, and what is noted stays.
"""

from contextlib import suppress
from uuid import UUID, uuid4

from safelight.deidentify import again, looking, queries, rematching, rules
from safelight.deidentify.actions.match_anew import match_anew
from safelight.deidentify.actions.note_findings import note_findings
from safelight.deidentify.actions.note_second_look import note_second_look
from safelight.deidentify.covering import CannotCover
from safelight.deidentify.errors import LookedAtAnother, NotedAlready
from safelight.deidentify.lifecycle import CopyState
from safelight.deidentify.models import CoveredCopy
from safelight.deidentify.said import StageSeen
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.kernel.errors import Damage, Unavailable
from safelight.outbox.flows import flow, step
from safelight.photographs import queries as photographs


@flow
def find_in_photograph(photograph_id: str) -> None:
    """What may say who the patient is, is looked for in a photo."""
    look_at_photograph(photograph_id)


@flow
def look_again_at_draft(photograph_id: str) -> None:
    """Somebody decided everything in a photo: what they would sign for is looked at before they do."""
    look_at_draft(photograph_id)


@flow
def look_again_at_copy(copy_id: str) -> None:
    """A copy was signed for: it is looked at, where nobody has yet."""
    look_at_copy(copy_id)


@flow
def match_patient_anew(patient_id: str) -> None:
    """Who a patient is was put right: what was read in their photos is compared with it."""
    match_photographs(patient_id)


@flow
def match_photograph_anew(photograph_id: str) -> None:
    """A photo was filed under somebody else: what was read in it is compared with them."""
    match_photograph(photograph_id)


@step(tries=5)
def match_photographs(patient_id: str) -> None:
    """Photo by photo, each noted by itself: begun again, it finds those that are done as they should be."""
    for photograph in rematching.photographs_of(WORKER, UUID(patient_id)):
        _match(photograph)


@step(tries=5)
def match_photograph(photograph_id: str) -> None:
    """One photo, as it is filed now."""
    _match(UUID(photograph_id))


def _match(photograph_id: UUID) -> None:
    seen = rematching.rematched(WORKER, photographs.photograph(WORKER, photograph_id))
    if not seen.matches:
        return
    with suppress(LookedAtAnother):  # moved meanwhile: that move has promised its own
        match_anew(by=WORKER, seen=seen, now=clock.now(), new_id=uuid4())


@step(tries=5)
def look_at_photograph(photograph_id: str) -> None:
    """Look once at a photo as it is now. A photo that is moved meanwhile is looked at by the run that its move has promised."""
    photograph = photographs.photograph(WORKER, UUID(photograph_id))
    looks = queries.looks(WORKER, photograph)
    if rules.why_not(WORKER, photograph, slate=False) or any(look.done for look in looks):
        return
    try:
        for seen in looking.stages(WORKER, photograph, new_id=uuid4):
            _note(seen)
    except (Damage, Unavailable):
        _note(looking.not_started(photograph))
        raise
    except LookedAtAnother:
        return


def _note(seen: StageSeen) -> None:
    try:
        note_findings(by=WORKER, seen=seen, now=clock.now(), new_id=uuid4())
    except NotedAlready:
        return


@step(tries=2)
def look_at_draft(photograph_id: str) -> None:
    """Only where nothing is left to decide: a draft that is changed meanwhile is looked at by the run that its change has promised."""
    photograph = photographs.photograph(WORKER, UUID(photograph_id))
    draft = queries.draft_of(WORKER, photograph.pk)
    if draft is None or not rules.as_now(draft, photograph) or queries.coverable(WORKER, photograph):
        return
    if rules.undecided(queries.findings(WORKER, photograph.pk)):
        return
    _look_again(draft)


@step(tries=5)
def look_at_copy(copy_id: str) -> None:
    """Nobody may be shown a copy before the first half of this."""
    _look_again(queries.copy(WORKER, UUID(copy_id)))


def _look_again(copy: CoveredCopy) -> None:
    """A draft that is changed meanwhile is given up at the next half."""
    if copy.state == CopyState.REJECTED or (copy.stored and copy.stored.shredded_at):
        return
    looks = queries.second_looks(WORKER, [copy.pk]).get(copy.pk, [])
    if rules.looked_wholly(queries.picture_now(WORKER, copy), looks):
        return
    try:
        for seen in again.looks(WORKER, copy, new_id=uuid4):
            with suppress(NotedAlready):
                note_second_look(by=WORKER, seen=seen, now=clock.now(), new_id=uuid4())
    except (CannotCover, LookedAtAnother):
        return
