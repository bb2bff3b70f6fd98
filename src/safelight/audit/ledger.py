"""Appending to the ledger: one entry, its leaf and the grown frontier, in the caller's transaction.

Each action waits for its entry. So its statements are written out here, on one cursor: Django would write each of them anew.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from handover import canonical
from safelight.audit import rows
from safelight.audit.models import About, Head, Outcome
from safelight.audit.tree import HASH_SIZE, Frontier, leaf_hash
from safelight.kernel.actor import Actor
from safelight.kernel.facts import Fact, Plain

VERSION = 1
_READ = "SELECT size, peaks FROM audit_head WHERE id = 1"
_ENTER = "INSERT INTO audit_entry (seq, at, action, outcome, actor, body, leaf) VALUES (%s, %s, %s, %s, %s, %s, %s)"
_GROW = "UPDATE audit_head SET size = %s, peaks = %s WHERE id = 1"


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

    1. The head is locked, so that two writers cannot take one number. It is the last lock that an action takes: what its rows refer to
       is checked before, for a check that waited for a row with the head in hand would wait for somebody who waits for the head.
    2. The body is canonical JSON (RFC 8785); the leaf is its hash (RFC 6962).
    3. Entry, patients and frontier are written together.
    """
    link = connections[DEFAULT_DB_ALIAS]
    if not link.in_atomic_block:
        raise RuntimeError("an entry is written inside the transaction of its action")
    with link.cursor() as cursor:
        before = _locked_frontier(link, cursor)  # (1)
        named = sorted(set(patients), key=str)
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
            "patients": [str(patient) for patient in named],
        }
        raw = canonical.write(body)  # (2)
        leaf = leaf_hash(raw)
        moment = link.ops.adapt_datetimefield_value(at)
        cursor.execute(_ENTER, [before.size, moment, action, outcome.value, by.id.hex, raw, leaf])  # (3)
        if named:
            rows.add_all([About(entry_id=before.size, patient=patient) for patient in named])
        grown = before.append(leaf)
        cursor.execute(_GROW, [grown.size, b"".join(grown.peaks)])
    return before.size


def frontier(head: Head) -> Frontier:
    """The frontier that a head row holds."""
    return _frontier(head.size, bytes(head.peaks))


def _frontier(size: int, raw: bytes) -> Frontier:
    return Frontier(size, tuple(raw[at : at + HASH_SIZE] for at in range(0, len(raw), HASH_SIZE)))


def _locked_frontier(link: BaseDatabaseWrapper, cursor: CursorWrapper) -> Frontier:
    if (row := _locked_head(link, cursor)) is None:
        Head.objects.bulk_create([Head(id=1)], ignore_conflicts=True)
        row = _locked_head(link, cursor)
    if row is None:
        raise RuntimeError("the ledger has no head")
    return _frontier(row[0], bytes(row[1]))


def _locked_head(link: BaseDatabaseWrapper, cursor: CursorWrapper) -> tuple[int, bytes] | None:
    if link.features.has_select_for_update:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {_READ} FOR UPDATE")
        cursor.nextset()  # one way to the database and back for both; what follows is the second's answer
    else:
        cursor.execute(_READ)  # on SQLite the immediate transaction is the lock
    row: tuple[int, bytes] | None = cursor.fetchone()
    return row
