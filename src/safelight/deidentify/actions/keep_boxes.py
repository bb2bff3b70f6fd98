from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.deidentify import drafts, queries, rules
from safelight.deidentify.boxes import Box, Kind
from safelight.deidentify.errors import TooManyBoxes
from safelight.deidentify.facts import BoxesKept
from safelight.deidentify.models import Decision, Finding, Source
from safelight.deidentify.said import BoxSaid
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.photographs.models import Photograph


@action
def keep_boxes(*, by: Actor, photograph_id: UUID, version: int, boxes: tuple[BoxSaid, ...], turn: int, now: datetime) -> int:
    """Keep the boxes of a photo as a person left them; returns the draft's new version.

    1. The actor may see the patient, and nobody changed the boxes since `version`.
    2. A finding keeps who decided it until somebody decides otherwise. What is not named stays: it was found in the meantime.
    3. A box with a new id is the person's own; one of their own that is not named any more goes. Metadata is no choice.
    """
    photograph, draft = drafts.for_change(by, photograph_id, version=version, now=now)  # (1)
    if len({said.id for said in boxes}) != len(boxes) or len(boxes) > rules.MOST_BOXES:
        raise TooManyBoxes(photograph_id)
    known = {finding.pk: finding for finding in queries.findings(by, photograph_id)}
    Finding.objects.filter(pk__in=rules.taken_away(known.values(), {said.id for said in boxes})).delete()  # (3)
    last = max((finding.number for finding in known.values()), default=0)
    for said in boxes:
        finding = known.get(said.id)
        if finding is None:
            last += 1
            _draw(by, photograph, said, number=last, now=now)
        elif finding.kind != Kind.METADATA:
            _decide(by, finding, said, now=now)  # (2)
    newer = drafts.changed(by, draft, now=now, turn=turn % 4)
    left = queries.findings(by, photograph_id)
    counts = {decision: sum(finding.state == decision for finding in left) for decision in Decision}
    state(
        BoxesKept(
            photograph=photograph.pk,
            patient=photograph.patient_id,
            copy=draft.pk,
            version=newer,
            covered=counts[Decision.COVER],
            shown=counts[Decision.SHOW],
            undecided=counts[Decision.UNDECIDED],
        )
    )
    return newer


def _draw(by: Actor, photograph: Photograph, said: BoxSaid, *, number: int, now: datetime) -> None:
    if said.kind == Kind.METADATA or Finding.objects.filter(pk=said.id).exists():  # another photo's finding is nothing here
        raise NotFound(said.id)
    Finding.objects.create(
        id=said.id,
        photograph=photograph,
        number=number,
        kind=said.kind,
        source=Source.DRAWN,
        found_at=now,
        **_edges(said.box),
        **_decision(by, said.state, now=now),
    )


def _decide(by: Actor, finding: Finding, said: BoxSaid, *, now: datetime) -> None:
    changed: dict[str, object] = {} if rules.box_of(finding) == said.box else _edges(said.box)
    if changed or finding.state != said.state:
        Finding.objects.filter(pk=finding.pk).update(**changed, **_decision(by, said.state, now=now))


def _edges(box: Box) -> dict[str, object]:
    return {"x": box.x, "y": box.y, "w": box.w, "h": box.h}


def _decision(by: Actor, decision: Decision, *, now: datetime) -> dict[str, object]:
    somebody = decision != Decision.UNDECIDED
    return {"state": decision, "decided_by": by.id if somebody else None, "decided_at": now if somebody else None}
