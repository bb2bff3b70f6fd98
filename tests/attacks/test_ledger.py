"""Nine kinds of tampering with the ledger, by somebody who owns the tables: each is found (goal S5)."""

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests.guards import lifted

from handover.note import Signer
from safelight.audit import checkpoint, verify
from safelight.audit.action import action, state
from safelight.audit.adapters.folder import AnotherHistory, FolderWitness
from safelight.audit.guards import APPEND_ONLY
from safelight.audit.ledger import frontier
from safelight.audit.models import Checkpoint, Head
from safelight.audit.tree import Frontier, leaf_hash
from safelight.kernel.actor import OPERATOR, Actor
from safelight.kernel.facts import Fact

NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.requirement("I4"), pytest.mark.goal("S5")]
SIGNER = Signer.from_seed("safelight.test", bytes(32))


@dataclass(frozen=True, kw_only=True)
class Looked(Fact):
    patient: UUID
    count: int


@action
def look(*, by: Actor, count: int, now: datetime) -> None:
    state(Looked(patient=UUID(int=count % 3), count=count))


@pytest.fixture
def witness(tmp_path):
    return FolderWitness(folder=tmp_path / "witness")


@pytest.fixture
def ledger(witness):
    """Twenty entries, checkpoints at 7 and 20, both at the witness."""
    for number in range(20):
        look(by=OPERATOR, count=number, now=NOW + timedelta(seconds=number))
        if number in (6, 19):
            note = checkpoint.make(now=NOW, by=SIGNER)
            checkpoint.give_to_witnesses(note, [witness])
    return witness


def _check(witness: FolderWitness) -> verify.Verdict:
    notes = [file.read_text() for file in sorted(witness.folder.iterdir())]
    return verify.check(notes=[*verify.notes_in_database(), *notes], key=SIGNER.vkey)


def _run(*statements) -> None:
    with lifted(connection), connection.cursor() as cursor:
        for statement, *values in statements:
            cursor.execute(statement, values)


def _body(seq: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM audit_entry WHERE seq = %s", [seq])
        return bytes(cursor.fetchone()[0])


def _rewrite_history(change) -> None:
    """Change one body and make every hash after it fit: leaves and head, everything but the signatures."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, body FROM audit_entry ORDER BY seq")
        rows = [(seq, bytes(body)) for seq, body in cursor.fetchall()]
    tree, statements = Frontier(), []
    for seq, body in rows:
        new = change(seq, body)
        tree = tree.append(leaf_hash(new))
        statements.append(("UPDATE audit_entry SET body = %s, leaf = %s WHERE seq = %s", new, leaf_hash(new), seq))
    _run(*statements, ("UPDATE audit_head SET peaks = %s", b"".join(tree.peaks)))


def test_an_untouched_ledger_is_fine(ledger):
    verdict = _check(ledger)
    assert (verdict.ok, verdict.size, verdict.checkpoint, verdict.first_bad) == (True, 20, 20, None)
    assert verdict.root == frontier(Head.objects.get()).root.hex()


def test_finds_one_changed_byte_wherever_it_is_and_names_the_entry(ledger):
    chance = random.Random(7)
    for _ in range(40):
        seq = chance.randrange(20)
        body = bytearray(_body(seq))
        whole = bytes(body)
        body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
        _run(("UPDATE audit_entry SET body = %s WHERE seq = %s", bytes(body), seq))
        assert (_check(ledger).ok, _check(ledger).first_bad) == (False, seq)
        _run(("UPDATE audit_entry SET body = %s WHERE seq = %s", whole, seq))
    assert _check(ledger).ok


def test_finds_a_changed_body_whose_leaf_was_made_to_fit(ledger):
    body = _body(5).replace(b'"count":5', b'"count":6')
    _run(("UPDATE audit_entry SET body = %s, leaf = %s WHERE seq = 5", body, sha256(b"\0" + body).digest()))
    assert not _check(ledger).ok


def test_finds_a_history_rewritten_to_the_last_hash(ledger):
    _rewrite_history(lambda seq, body: body.replace(b'"count":5', b'"count":6') if seq == 5 else body)
    verdict = _check(ledger)
    assert not verdict.ok
    assert "checkpoint" in verdict.why


def test_finds_a_deleted_entry(ledger):
    _run(("DELETE FROM audit_about WHERE entry_id = 4",), ("DELETE FROM audit_entry WHERE seq = 4",))
    assert (_check(ledger).ok, _check(ledger).first_bad) == (False, 4)


def test_finds_entries_cut_off_at_the_end(ledger):
    for number in range(10, 20):
        _run(("DELETE FROM audit_about WHERE entry_id = %s", number), ("DELETE FROM audit_entry WHERE seq = %s", number))
    tree = Frontier()
    for number in range(10):
        tree = tree.append(leaf_hash(_body(number)))
    _run(
        ("UPDATE audit_head SET size = 10, peaks = %s", b"".join(tree.peaks)),
        ("DELETE FROM audit_checkpoint WHERE size = 20",),
    )
    assert verify.check(notes=verify.notes_in_database(), key=SIGNER.vkey).ok  # the database alone can be made to agree
    assert not _check(ledger).ok  # the witness cannot


def test_finds_two_entries_that_changed_places(ledger):
    one, two = _body(2), _body(3)
    _run(
        ("UPDATE audit_entry SET body = %s, leaf = %s WHERE seq = 2", two, leaf_hash(two)),
        ("UPDATE audit_entry SET body = %s, leaf = %s WHERE seq = 3", one, leaf_hash(one)),
    )
    assert (_check(ledger).ok, _check(ledger).first_bad) == (False, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = '00000000-0000-0000-0000-0000000000ff' WHERE seq = 3",
        "UPDATE audit_entry SET outcome = 'refused' WHERE seq = 3",
        "UPDATE audit_entry SET action = 'x.y' WHERE seq = 3",
        "UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE seq = 3",
        "DELETE FROM audit_about WHERE entry_id = 3",
    ],
)
def test_finds_a_column_that_says_other_than_its_entry(ledger, statement):
    _run((statement,))
    assert (_check(ledger).ok, _check(ledger).first_bad) == (False, 3)


def test_finds_an_entry_added_behind_the_end(ledger):
    body = json.dumps({"seq": 20}).encode()
    _run(
        (
            "INSERT INTO audit_entry (seq, at, action, outcome, actor, body, leaf) VALUES (20, %s, 'a.b', 'done', %s, %s, %s)",
            NOW,
            str(UUID(int=5)) if connection.vendor == "postgresql" else UUID(int=5).hex,
            body,
            leaf_hash(body),
        )
    )
    assert not _check(ledger).ok


@pytest.mark.parametrize("table", [name for name in APPEND_ONLY if name != "audit_move"])
@pytest.mark.usefixtures("ledger")
def test_no_row_is_replaced_by_entering_it_again(table):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no such statement: ON CONFLICT changes a row, which its trigger refuses")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1 LIMIT 1")
        row, names = cursor.fetchone(), [column[0] for column in cursor.description]
        said = f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"
        with pytest.raises(DatabaseError, match=r"append-only|takes the next number"), transaction.atomic():
            cursor.execute(said, row)


def test_finds_a_head_that_was_turned(ledger):
    _run(("UPDATE audit_head SET peaks = %s", bytes(64)))
    assert not _check(ledger).ok


def test_finds_a_checkpoint_signed_by_another_key(ledger):
    forged = Signer.from_seed("safelight.test", bytes([1]) * 32)
    Checkpoint.objects.filter(size=20)
    _run(("DELETE FROM audit_checkpoint WHERE size = 20",))
    checkpoint.make(now=NOW, by=forged)
    assert not _check(ledger).ok


def test_a_witness_refuses_another_history_for_a_size_it_knows(ledger):
    _run(("DELETE FROM audit_checkpoint WHERE size = 20",))
    _rewrite_history(lambda seq, body: body.replace(b'"count":5', b'"count":6') if seq == 5 else body)
    again = checkpoint.make(now=NOW, by=SIGNER)
    with pytest.raises(AnotherHistory):
        checkpoint.give_to_witnesses(again, [ledger])


def test_a_checkpoint_is_due_after_a_hundred_entries_or_five_minutes():
    assert not checkpoint.due(now=NOW)
    look(by=OPERATOR, count=1, now=NOW)
    assert checkpoint.due(now=NOW)
    checkpoint.make(now=NOW, by=SIGNER)
    assert not checkpoint.due(now=NOW + timedelta(hours=1))
    look(by=OPERATOR, count=2, now=NOW)
    assert not checkpoint.due(now=NOW + timedelta(minutes=4))
    assert checkpoint.due(now=NOW + timedelta(minutes=5))
    for number in range(99):
        look(by=OPERATOR, count=number, now=NOW)
    assert checkpoint.due(now=NOW)
