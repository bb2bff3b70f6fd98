"""Signed statements of the ledger's size and root (C2SP tlog-checkpoint v1.0.0), given to every witness.

Rules that hold here:
1. A checkpoint is made when 100 entries are new, or 5 minutes have passed and any is new (S5).
2. It is signed after its entries have committed, from the head as it stands.
3. It is kept in the database, and the newest at each witness: it is given every minute, so that a witness that was away has it within
   a minute of being back, and one that is away is put before a person. The newest covers those before it.
"""

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from handover.note import Signer, sign
from safelight.audit.keys import signer
from safelight.audit.ledger import frontier
from safelight.audit.models import Checkpoint, Head
from safelight.audit.ports import Witness
from safelight.kernel.errors import SafelightError

ENTRIES = 100
AGE = timedelta(minutes=5)
FOLDER = "safelight.audit.adapters.folder.FolderWitness"


def text_of(*, origin: str, size: int, root: bytes) -> str:
    """The body of a checkpoint: origin, size and root, a line each."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def due(*, now: datetime) -> bool:
    """Whether rule 1 asks for a checkpoint now."""
    head = Head.objects.filter(pk=1).first()
    if head is None or head.size == 0:
        return False
    last = newest()
    if last is None:
        return True
    new = head.size - last.size
    return new >= ENTRIES or (new > 0 and now - last.at >= AGE)


def make(*, now: datetime, by: Signer | None = None) -> Checkpoint | None:
    """Sign the head as it stands and keep the note; None where the ledger is empty. The same size gives the same note again."""
    by = by or ledger_signer()
    with transaction.atomic():
        head = Head.objects.filter(pk=1).first()
        if head is None or head.size == 0:
            return None
        root = frontier(head).root
        known = Checkpoint.objects.filter(size=head.size).first()
        if known is not None:
            return known
        note = sign(text_of(origin=settings.SAFELIGHT_ORIGIN, size=head.size, root=root), by)
        return Checkpoint.objects.create(size=head.size, root=root, note=note, at=now)


def newest() -> Checkpoint | None:
    """The last checkpoint that was made."""
    return Checkpoint.objects.order_by("-size").first()


def give_to_witnesses(checkpoint: Checkpoint, witnesses: Iterable[Witness]) -> None:
    """Give one checkpoint to each witness. Raises what the first failing witness raises, after all were asked."""
    faults: list[SafelightError] = []
    for witness in witnesses:
        try:
            witness.keep(size=checkpoint.size, note=checkpoint.note)
        except SafelightError as fault:
            faults.append(fault)
    if faults:
        raise faults[0]


def ledger_signer() -> Signer:
    """The signer that the settings name."""
    return signer(settings.SAFELIGHT_LEDGER_KEY, settings.SAFELIGHT_ORIGIN)


def configured_witnesses() -> list[Witness]:
    """The witnesses that the settings name by dotted path."""
    return witnesses(settings.SAFELIGHT_WITNESSES)


def witnesses(choices: Iterable[Mapping[str, object]]) -> list[Witness]:
    """Witnesses by dotted path, each with its options."""
    found: list[Witness] = []
    for choice in choices:
        options = {key: value for key, value in choice.items() if key != "adapter"}
        found.append(cast(Witness, import_string(str(choice["adapter"]))(**options)))
    return found
