"""Appending to the ledger: one entry, its leaf and the grown frontier, in the caller's transaction."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID

import rfc8785
from django.db import connection

from safelight.audit.models import About, Entry, Head, Outcome
from safelight.audit.tree import HASH_SIZE, Frontier, leaf_hash
from safelight.kernel.actor import Actor
from safelight.kernel.facts import Fact, Plain

VERSION = 1


def append(  # each argument is a field of the entry
    *,
    by: Actor,
    action: str,
    outcome: Outcome,
    at: datetime,
    facts: Iterable[Fact] = (),
    reason: str = "",
    about: Mapping[str, Plain] | None = None,
    patients: Iterable[UUID] = (),
) -> int:
    """Add one entry and return its number. The caller holds a transaction; without its commit nothing has happened.

    1. The head is locked, so that two writers cannot take one number.
    2. The body is canonical JSON (RFC 8785); the leaf is its hash (RFC 6962).
    3. Entry, patients and frontier are written together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an entry is written inside the transaction of its action")
    head = _locked_head()  # (1)
    body: dict[str, Plain] = {
        "v": VERSION,
        "seq": head.size,
        "at": at.astimezone(UTC).isoformat(),
        "action": action,
        "outcome": outcome.value,
        "reason": reason,
        "actor": {
            "kind": by.kind.value,
            "id": str(by.id),
            "roles": [*sorted(role.value for role in by.roles)],
            "aal": by.aal,
            "sign_in": by.sign_in,
            "device": by.device,
        },
        "request": by.request,
        "about": dict(about or {}),
        "facts": [{"fact": fact.name, **fact.plain()} for fact in facts],
        "patients": [*sorted(str(patient) for patient in set(patients))],
    }
    raw = rfc8785.dumps(body)  # (2)
    leaf = leaf_hash(raw)
    entry = Entry.objects.create(seq=head.size, at=at, action=action, outcome=outcome, actor=by.id, body=raw, leaf=leaf)  # (3)
    About.objects.bulk_create([About(entry=entry, patient=patient) for patient in sorted(set(patients), key=str)])
    grown = frontier(head).append(leaf)
    Head.objects.filter(pk=1).update(size=grown.size, peaks=b"".join(grown.peaks))
    return entry.seq


def frontier(head: Head) -> Frontier:
    """The frontier that a head row holds."""
    raw = bytes(head.peaks)
    return Frontier(head.size, tuple(raw[at : at + HASH_SIZE] for at in range(0, len(raw), HASH_SIZE)))


def _locked_head() -> Head:
    head = Head.objects.select_for_update().filter(pk=1).first()  # on SQLite the immediate transaction is the lock
    if head is None:
        Head.objects.bulk_create([Head(id=1)], ignore_conflicts=True)
        head = Head.objects.select_for_update().get(pk=1)
    return head
