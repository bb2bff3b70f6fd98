"""Checking the ledger from its bytes alone. Shares no code with the writer: hashes are made anew, columns are not believed.

1. Entries are numbered 0, 1, 2 … without a gap; the body of each says its own number.
2. The leaf of each is the hash of its body; what the columns repeat agrees with the body.
3. At the size of each checkpoint the root is the one that was signed, and the signature is ours.
4. At the end size and root are those of the head, as it stood when the check began.
5. No checkpoint, here or at a witness, is larger than the tree: entries at the end were cut off otherwise.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.db import connection

from handover.note import NoteRefused, VerifierKey, verify

CHUNK = 2_000
Row = tuple[int, bytes, bytes, datetime, str, str, str, list[str]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `first_bad` is the number of the first entry that is wrong, None when none is; `why` says it in words."""

    size: int
    root: str
    checkpoint: int | None
    ok: bool
    first_bad: int | None
    why: str = ""


def check(*, notes: Iterable[str], key: str) -> Verdict:  # noqa: PLR0911 - each fault is an answer of its own
    """Check the whole ledger against checkpoints, from the database and from witnesses, under the ledger's public key (vkey)."""
    try:
        signed = _by_size(notes, key)
    except NoteRefused as fault:
        return Verdict(0, "", None, ok=False, first_bad=None, why=f"a checkpoint is not genuine: {fault}")
    last = _last_number()  # before the head: what is appended from now on is no fault
    head_size, head_root = _head()
    stack: list[tuple[int, bytes]] = []  # (height, hash) of perfect subtrees, as in RFC 9162 section 2.1
    passed: int | None = None

    def bad(why: str, at: int) -> Verdict:
        return Verdict(at, _root(stack).hex(), passed, ok=False, first_bad=at, why=why)

    size = 0
    for row in _rows(below=head_size):
        if wrong := _fault(row, size):
            return bad(wrong, size)
        _push(stack, sha256(b"\0" + row[1]).digest())
        size += 1
        if size in signed:
            if signed[size] != {_root(stack)}:
                return bad("the root differs from a signed checkpoint", passed or 0)
            passed = size
    if (most := max(signed, default=0)) > size:
        return bad(f"a checkpoint signed {most} entries", size)
    if last >= head_size:
        return bad("there are entries behind the end", head_size)
    if (size, _root(stack)) != (head_size, head_root):
        return bad("the head says another size or root", size)
    return Verdict(size, head_root.hex(), passed, ok=True, first_bad=None)


def notes_in_database() -> list[str]:
    """The checkpoints that the database itself holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM audit_checkpoint ORDER BY size")
        return [row[0] for row in cursor.fetchall()]


def _by_size(notes: Iterable[str], key: str) -> dict[int, set[bytes]]:
    """The signed roots at each size. Two roots for one size are two histories."""
    signed: dict[int, set[bytes]] = {}
    for note in notes:
        match verify(note, [VerifierKey.parse(key)]).split("\n"):
            case [_, size, root, *_] if size.isdecimal():
                signed.setdefault(int(size), set()).add(base64.b64decode(root))
            case _:
                raise NoteRefused("not a checkpoint")
    return signed


def _rows(*, below: int) -> Iterator[Row]:
    """Every entry in order. Read by plain statements, in pieces: the ORM belongs to the writer."""
    at = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT seq, body, leaf, at, action, outcome, actor FROM audit_entry WHERE seq > %s AND seq < %s ORDER BY seq LIMIT %s",
                [at, below, CHUNK],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            cursor.execute("SELECT entry_id, patient FROM audit_about WHERE entry_id > %s AND entry_id <= %s", [at, rows[-1][0]])
            about: dict[int, list[str]] = {}
            for entry, patient in cursor.fetchall():
                about.setdefault(entry, []).append(str(patient).replace("-", ""))
        for seq, body, leaf, moment, action, outcome, actor in rows:
            yield seq, bytes(body), bytes(leaf), moment, action, outcome, str(actor).replace("-", ""), sorted(about.get(seq, []))
        at = rows[-1][0]


def _fault(row: Row, expected: int) -> str:
    seq, body, leaf, moment, action, outcome, actor, patients = row
    if seq != expected:
        return f"entry {expected} is missing"
    if sha256(b"\0" + body).digest() != leaf:
        return "the entry is not what its hash says"
    try:
        said = json.loads(body)
        agrees = (
            said["seq"] == seq
            and said["action"] == action
            and said["outcome"] == outcome
            and said["actor"]["id"].replace("-", "") == actor
            and sorted(patient.replace("-", "") for patient in said["patients"]) == patients
            and _same_moment(said["at"], moment)
        )
    except (ValueError, KeyError, TypeError):
        return "the entry cannot be read"
    return "" if agrees else "a column says other than the entry"


def _same_moment(said: str, column: datetime) -> bool:
    return datetime.fromisoformat(said) == (column if column.tzinfo else column.replace(tzinfo=UTC))  # SQLite keeps UTC without a zone


def _push(stack: list[tuple[int, bytes]], leaf: bytes) -> None:
    height, node = 0, leaf
    while stack and stack[-1][0] == height:
        node = sha256(b"\1" + stack.pop()[1] + node).digest()
        height += 1
    stack.append((height, node))


def _root(stack: list[tuple[int, bytes]]) -> bytes:
    if not stack:
        return sha256(b"").digest()
    node = stack[-1][1]
    for _, left in reversed(stack[:-1]):
        node = sha256(b"\1" + left + node).digest()
    return node


def _last_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), -1) FROM audit_entry")
        return int(cursor.fetchone()[0])


def _head() -> tuple[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT size, peaks FROM audit_head WHERE id = 1")
        row = cursor.fetchone()
    if row is None:
        return 0, sha256(b"").digest()
    size, peaks = int(row[0]), bytes(row[1])
    heights = [place for place in reversed(range(size.bit_length())) if size >> place & 1]
    return size, _root([(height, peaks[32 * number : 32 * number + 32]) for number, height in enumerate(heights)])
