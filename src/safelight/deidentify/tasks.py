"""Work that covering has promised: the computer looks at photos before a person does.

A look may be cut off and begun again, or run twice at once. What holds all the same: a stage is noted once, under the patient and
of the file that the photo has then, and what is noted stays.
"""

from uuid import UUID, uuid4

from safelight.deidentify import looking, queries, rules
from safelight.deidentify.actions.note_findings import note_findings
from safelight.deidentify.errors import LookedAtAnother, NotedAlready
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
