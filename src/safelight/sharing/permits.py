"""Leave to be given the pixels of one covered copy. It comes out of an action, so its entry has committed."""

from dataclasses import dataclass
from uuid import UUID

from safelight.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPermit:
    """`item` is what was shared of an opinion: then its share must be open when the pixels leave. Without one it is for whoever
    looks after the patient, to see what a colleague would see.
    """

    reader: Actor
    patient: UUID
    photograph: UUID
    approval: UUID
    item: UUID | None
