"""Inside an action: the rows of what finders saw."""

from datetime import datetime

from safelight.deidentify.boxes import Kind
from safelight.deidentify.models import Decision, Finding, Source
from safelight.deidentify.said import SealedFound
from safelight.kernel.actor import Actor
from safelight.photographs.models import Photograph


def seen(found: SealedFound) -> dict[str, object]:
    """What a finder says of a place."""
    return {
        "read": found.read,
        "matches": found.matches,
        "likeness": found.likeness,
        "confidence": found.confidence,
        "low": found.low,
        "finder": found.finder,
        "finder_version": found.version,
    }


def add(by: Actor, photograph: Photograph, found: SealedFound, *, number: int, now: datetime) -> Finding:
    """A new finding, undecided; what the file carried besides its pixels is always covered."""
    box, settled = found.box, found.kind == Kind.METADATA
    return Finding.objects.create(
        id=found.id,
        photograph=photograph,
        number=number,
        kind=found.kind,
        x=box.x if box else None,
        y=box.y if box else None,
        w=box.w if box else None,
        h=box.h if box else None,
        source=Source.PROPOSED,
        found_at=now,
        state=Decision.COVER if settled else Decision.UNDECIDED,
        decided_by=by.id if settled else None,
        decided_at=now if settled else None,
        **seen(found),
    )
