"""Appending to the ledger: one entry, its leaf and the grown frontier, in the caller's transaction."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID

import rfc8785
from django.db import connection

from safelight.audit import rows
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
    before = _locked_frontier()  # (1)
    body: dict[str, Plain] = {
        "v": VERSION,
        "seq": before.size,
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
    entry = Entry(seq=before.size, at=at, action=action, outcome=outcome, actor=by.id, body=raw, leaf=leaf)  # (3)
    rows.add(entry)
    rows.add_all([About(entry=entry, patient=patient) for patient in sorted(set(patients), key=str)])
    _keep(before.append(leaf))
    return entry.seq


def frontier(head: Head) -> Frontier:
    """The frontier that a head row holds."""
    raw = bytes(head.peaks)
    return Frontier(head.size, tuple(raw[at : at + HASH_SIZE] for at in range(0, len(raw), HASH_SIZE)))


# Each action waits for its entry, and building these two statements anew took half of an entry's time.
_READ = "SELECT size, peaks FROM audit_head WHERE id = 1"
_GROW = "UPDATE audit_head SET size = %s, peaks = %s WHERE id = 1"


def _locked_frontier() -> Frontier:
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""  # on SQLite the immediate transaction is the lock
    with connection.cursor() as cursor:
        cursor.execute(_READ + lock)
        row = cursor.fetchone()
        if row is None:
            Head.objects.bulk_create([Head(id=1)], ignore_conflicts=True)
            cursor.execute(_READ + lock)
            row = cursor.fetchone()
    return frontier(Head(size=row[0], peaks=row[1]))


def _keep(grown: Frontier) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_GROW, [grown.size, b"".join(grown.peaks)])
