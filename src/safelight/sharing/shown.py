"""The one function that gives pixels to pages about opinions, for staff and guests alike. It reads covered copies, and can read nothing
else: what it is given leads to an approval, and an approval leads to the copy that was made for showing.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from safelight.access import queries as access
from safelight.deidentify import covering
from safelight.deidentify.covering import marked
from safelight.deidentify.models import Approval
from safelight.kernel.actor import ActorKind
from safelight.kernel.errors import NotFound
from safelight.sharing import queries
from safelight.sharing.permits import SharedPermit
from safelight.vault import objects
from safelight.vault.errors import WrongKey

LONGEST, LONGEST_SMALL = 2048, 480
Moment = Callable[[], datetime]


def pixels(permit: SharedPermit, *, name: str, moment: Moment, longest: int = LONGEST) -> bytes:
    """A fresh JPEG of one covered copy, with the reader's name and the time burned in.

    1. The share is open now; without a share, the reader still looks after the patient.
    2. The pixels are the approved copy's, and the copy is this patient's.
    3. Asked once more when all is ready: what was taken back or withdrawn while it was drawn does not leave.

    Raises OpinionOver, NotOpenYet, NoConsentToShare, NotFound, NoCareRelationship; WrongKey where rows were changed by hand.
    """
    began = moment()
    approval = _still(permit, now=began)  # (1)
    stored = approval.copy.stored
    if stored is None:
        raise NotFound(permit.photograph)
    if stored.holder != str(approval.copy.photograph.patient_id):  # (2)
        raise WrongKey(stored.pk)
    plain = objects.read_bytes(stored, limit=covering.LARGEST)
    drawn = marked.marked(plain, mark(name, at=began), longest=longest)
    _still(permit, now=moment())  # (3)
    return drawn


def mark(name: str, *, at: datetime) -> str:
    """What is burned in: "Mr C Lim 24 Nov 09:36"."""
    local = timezone.localtime(at)
    return f"{name} {local.day} {local:%b %H:%M}"


def _still(permit: SharedPermit, *, now: datetime) -> Approval:
    if permit.item is not None:
        return queries.readable(permit.reader, permit.item, now=now)[1]
    if permit.reader.kind is not ActorKind.STAFF:
        raise NotFound(permit.photograph)
    access.require(permit.reader, permit.patient, now=now)
    approval = queries.standing_copy(permit.photograph, permit.patient)
    if approval is None:
        raise NotFound(permit.photograph)
    return approval
