"""A new root key: everything moves to it, whatever is killed on the way, and the old one goes when nothing can need it any more."""

import json
import secrets
import subprocess
import sys
import time
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.db import models
from tests.factories.agreements import agreed, another_command_at_the_keys
from tests.factories.patients import make_patient
from tests.factories.staff import make_person
from tests.servers.worker import environment
from tests.shared import PROJECT

from safelight.audit.models import Entry
from safelight.config import command
from safelight.config.indexes import INDEXES
from safelight.config.keys import ByTwo
from safelight.config.sealed import BARE, COLUMNS
from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR
from safelight.staff.adapters.mfa import SealedFactors
from safelight.staff.errors import NotAgreed
from safelight.staff.models import Agreement, ForKeys
from safelight.vault import chosen, fields, objects, retiring, rotation
from safelight.vault.actions.note_root_key import note_root_key
from safelight.vault.actions.retire_root_key import BACKUPS_LIVE_FOR, retire_root_key
from safelight.vault.errors import KeyInUse
from safelight.vault.models import RootKey, StoredObject

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.asvs("11.2.2"),
    pytest.mark.asvs("13.3.4"),
    pytest.mark.xdist_group("softhsm"),
]
SITE = settings.SAFELIGHT_SITE


def _rows(count: int) -> dict[UUID, bytes]:
    """Rows of objects, as keeping leaves them, with their data keys."""
    made, rows = {}, []
    for _ in range(count):
        name, key = uuid4(), secrets.token_bytes(32)
        wrapped = chosen.keys().wrap(key, f"v1|{SITE}|{name}|tray|1".encode())
        rows.append(
            StoredObject(
                id=name,
                rendition="record",
                holder="tray",
                key_id=wrapped.key_id,
                wrapped_key=wrapped.sealed,
                size=1,
                digest="0" * 64,
                sealed_size=57,
                kept_at=clock.now(),
            )
        )
        made[name] = key
    StoredObject.objects.bulk_create(rows, batch_size=500)
    return made


def _all_open(made: dict[UUID, bytes]) -> bool:
    return all(objects._key_of(row) == made[row.pk] for row in StoredObject.objects.filter(pk__in=list(made)))


def _roots() -> set[str]:
    return set(StoredObject.objects.exclude(wrapped_key=None).values_list("key_id", flat=True))


def _rotate() -> rotation.Progress:
    agreed(ForKeys.ROTATE)
    return rotation.rotate(COLUMNS, agreed=ByTwo(ForKeys.ROTATE), by=OPERATOR, clock=clock.now)


def _retire(at: datetime) -> list[str]:
    agreed(ForKeys.RETIRE)
    return retiring.retire(COLUMNS, INDEXES, agreed=ByTwo(ForKeys.RETIRE), by=OPERATOR, clock=lambda: at)


def test_everything_moves_to_the_new_key_and_opens_as_before(service):
    made, patient = _rows(5), make_patient()
    factor = Authenticator.objects.get(user=make_person("factor"), type="totp")
    factor.data["secret"] = SealedFactors().encrypt("JBSWY3DPEHPK3PXP")
    factor.save()
    gone = next(iter(made))
    StoredObject.objects.filter(pk=gone).update(wrapped_key=None, shredded_at=clock.now())
    old = chosen.keys().roots()[-1]
    done = _rotate()
    assert (done.made, done.damaged) == (True, 0)
    assert done.key_id == chosen.keys().roots()[-1] != old
    assert _roots() == {done.key_id}
    made.pop(gone)
    assert _all_open(made)
    patient.refresh_from_db()
    factor.refresh_from_db()
    assert fields.root_of(patient.sealed) == done.key_id
    assert fields.open_field(patient.sealed, context=f"patient|{patient.pk}")
    assert SealedFactors().decrypt(factor.data["secret"]) == "JBSWY3DPEHPK3PXP"
    said = [entry.body.decode() for entry in Entry.objects.order_by("seq")]
    assert any("vault.RootKeyMade" in body and done.key_id in body for body in said)
    assert any("vault.KeysRewrapped" in body and "patients.Patient" in body for body in said)


def test_a_key_that_does_not_open_is_counted_and_the_others_move(service):
    made = _rows(3)
    broken = next(iter(made))
    StoredObject.objects.filter(pk=broken).update(holder="another")
    done = _rotate()
    assert (done.damaged, done.rewrapped >= 2) == (1, True)
    assert set(StoredObject.objects.filter(key_id=done.key_id).values_list("pk", flat=True)) == set(made) - {broken}
    _retire(clock.now() + timedelta(days=99))
    assert StoredObject.objects.get(pk=broken).key_id in chosen.keys().roots()


def test_what_somebody_changed_meanwhile_stays(service):
    made = _rows(1)
    row = StoredObject.objects.get()
    rewrapped = objects.rewrap(row, holder=row.holder)
    other = objects.rewrap(row, holder="11111111-1111-4111-8111-111111111111")
    assert StoredObject.apply(other)
    assert not StoredObject.apply(rewrapped)
    _rotate()
    assert _all_open(made)
    assert StoredObject.objects.get().holder == other.holder


def test_an_old_key_goes_when_nothing_hangs_on_it_and_no_backup_needs_it(service):
    _rows(2)
    old = chosen.keys().roots()[-1]
    done = _rotate()
    later = clock.now() + BACKUPS_LIVE_FOR + timedelta(minutes=1)
    assert _retire(clock.now()) == []
    straggler = _rows(1)
    StoredObject.objects.filter(pk__in=straggler).update(key_id=old)
    assert old not in _retire(later)
    StoredObject.objects.filter(pk__in=straggler).update(key_id=done.key_id)
    assert old in _retire(later)
    assert chosen.keys().roots() == (done.key_id,)
    for key_id, sealed in ((done.key_id, 0), ("another", 1)):
        with pytest.raises(KeyInUse):
            retire_root_key(by=OPERATOR, key_id=key_id, fields_on_it=sealed, newest=done.key_id, now=later)


@pytest.mark.goal("R2")
def test_kill_9_in_the_middle_costs_nothing_and_the_next_run_ends_it(service):
    command = [sys.executable, "-m", "safelight.config.command", "vault", "rotate"]
    made = _rows(2500)
    for _ in range(5):
        agreed(ForKeys.ROTATE)
        before = chosen.keys().roots()[-1]
        process = subprocess.Popen(command, env=environment(**service), cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        while process.poll() is None and not StoredObject.objects.exclude(key_id=before).exists():
            time.sleep(0.005)
        process.kill()
        process.communicate(timeout=60)
        if len(_roots()) == 2:
            break
    assert len(_roots()) == 2, "no run was caught in its middle"
    held = len(chosen.keys().roots())
    assert _all_open(made)
    again = subprocess.run(command, env=environment(**service), cwd=PROJECT, capture_output=True, text=True, timeout=300, check=True)
    said = json.loads(again.stdout)
    assert (said["made"], said["damaged"]) == (False, 0)
    assert _roots() == {said["key_id"]}
    assert len(chosen.keys().roots()) == held
    assert RootKey.objects.filter(pk=said["key_id"]).exists()
    assert _all_open(made)


def test_no_column_of_sealed_fields_is_forgotten():
    known = {(column.name, column.field) for column in COLUMNS if hasattr(column, "field")} | BARE
    there = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.BinaryField) and model.__module__.startswith("safelight.")
    }
    assert there == known


class TestByTwoPeople:
    """A key is made and taken away by an agreement of two, and by one agreement once, wherever the command was interrupted."""

    pytestmark = pytest.mark.asvs("2.3.5")

    def test_without_an_agreement_nothing_happens(self, service, capsys):
        _rows(2)
        held = chosen.keys().roots()
        agreed(ForKeys.RETIRE)
        assert command.main(["vault", "rotate"]) == command.BAD
        assert "This takes two people" in capsys.readouterr().err
        assert (chosen.keys().roots(), _roots()) == (held, {held[-1]})

    def test_one_agreement_makes_one_key(self, service):
        assert _rotate().made
        held = chosen.keys().roots()
        with pytest.raises(NotAgreed):
            rotation.rotate(COLUMNS, agreed=ByTwo(ForKeys.ROTATE), by=OPERATOR, clock=clock.now)
        assert chosen.keys().roots() == held

    @pytest.mark.goal("R2")
    @pytest.mark.parametrize("killed", ["before the key was made", "before it was noted", "before everything moved", "before its end"])
    def test_what_was_interrupted_ends_with_the_same_agreement_and_one_key(self, service, killed):
        made, held = _rows(3), chosen.keys().roots()
        agreed(ForKeys.ROTATE)
        by_two = ByTwo(ForKeys.ROTATE)
        by_two.begin(newest=held[-1])
        if killed != "before the key was made":
            newest = chosen.keys().rotate()
            if killed != "before it was noted":
                note_root_key(by=OPERATOR, key_id=newest, now=clock.now())
        if killed == "before its end":
            rotation.rewrap_all(COLUMNS, by=OPERATOR, clock=clock.now)
        done = rotation.rotate(COLUMNS, agreed=by_two, by=OPERATOR, clock=clock.now)
        assert done.made == (killed == "before the key was made")
        assert chosen.keys().roots() == (*held, done.key_id)
        assert _roots() == {done.key_id}
        assert RootKey.objects.filter(pk=done.key_id).exists()
        assert _all_open(made)
        with pytest.raises(NotAgreed):
            by_two.begin(newest=done.key_id)

    def test_what_was_begun_and_left_lying_makes_no_key_later(self, service):
        held = chosen.keys().roots()
        agreed(ForKeys.ROTATE, at=clock.now() - timedelta(hours=3))
        ByTwo(ForKeys.ROTATE).begin(newest=held[-1])
        Agreement.objects.update(until=clock.now() - timedelta(minutes=1))
        with pytest.raises(NotAgreed):
            rotation.rotate(COLUMNS, agreed=ByTwo(ForKeys.ROTATE), by=OPERATOR, clock=clock.now)
        assert chosen.keys().roots() == held

    def test_an_agreement_to_retire_is_kept_while_nothing_can_go(self, service):
        _rotate()
        agreed(ForKeys.RETIRE)
        assert retiring.retire(COLUMNS, INDEXES, agreed=ByTwo(ForKeys.RETIRE), by=OPERATOR, clock=clock.now) == []
        assert Agreement.objects.get(what=ForKeys.RETIRE).begun_at is None

    def test_no_key_goes_without_an_agreement(self, service):
        _rotate()
        held, later = chosen.keys().roots(), clock.now() + BACKUPS_LIVE_FOR + timedelta(minutes=1)
        with pytest.raises(NotAgreed):
            retiring.retire(COLUMNS, INDEXES, agreed=ByTwo(ForKeys.RETIRE), by=OPERATOR, clock=lambda: later)
        assert chosen.keys().roots() == held

    def test_two_commands_at_once_are_one(self, service, capsys):
        agreed(ForKeys.ROTATE)
        with another_command_at_the_keys():
            assert command.main(["vault", "rotate"]) == command.LATER
            assert "Another command is at the keys" in capsys.readouterr().err
        assert command.main(["vault", "rotate"]) == command.FINE
