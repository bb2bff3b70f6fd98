"""A new key for finding numbers: everybody is found at every moment and nobody twice, and the old key goes when nothing needs it."""

import shutil
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.contracts.turning import again, all_found, key_in_play, known_numbers, register, retire, turn
from tests.factories.agreements import agreed
from tests.factories.guests import confirm, take_list
from tests.factories.patients import make_patient, make_patients
from tests.factories.staff import actor_of, make_person

from safelight.audit.models import Entry
from safelight.config import command
from safelight.config.indexes import INDEXES, Patients
from safelight.config.sealed import BARE
from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR, Role
from safelight.patients.adapters.local import LocalDirectory
from safelight.patients.errors import NumberTaken
from safelight.patients.models import Patient
from safelight.sharing.mail import guests
from safelight.sharing.models import GuestCode, MailCertificate
from safelight.staff.models import ForKeys
from safelight.vault import belonging, chosen, fields, indexes
from safelight.vault.actions.retire_root_key import BACKUPS_LIVE_FOR
from safelight.vault.adapters.file_keys import FileKeys
from safelight.vault.errors import KeysOfAnother
from safelight.vault.models import Belonging

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asvs("13.3.4"), pytest.mark.xdist_group("softhsm")]


def _certificate(address: str = "r.patel@partner.test") -> MailCertificate:
    row = MailCertificate(
        id=uuid4(), pem="x", fingerprint="0" * 64, added_by=uuid4(), added_at=clock.now(), good_until=clock.now() + timedelta(days=1)
    )
    row.sealed_address = fields.seal_field(f'"{address}"'.encode(), context=f"sharing|certificate|{row.pk}")
    row.address_index = fields.blind_index("mail", address, number=1)
    row.save()
    return row


def test_everything_is_found_by_the_new_key_and_by_no_other(service):
    known, certificate = known_numbers(make_patients(3)), _certificate()
    before = {row.pk: (bytes(row.nhs_index), bytes(row.hospital_index), row.revision) for row in Patient.objects.all()}
    done = turn()
    assert (done.made, done.damaged, done.renewed) == (True, 0, 4)
    assert all_found(known)
    for row in Patient.objects.all():
        nhs, hospital, revision = before[row.pk]
        assert row.index_key == done.index_key
        assert (bytes(row.nhs_index) != nhs, bytes(row.hospital_index) != hospital) == (True, True)
        assert row.revision == revision, "a form that is open on a ward would be refused"
    certificate.refresh_from_db()
    assert bytes(certificate.address_index) == fields.blind_index("mail", "r.patel@partner.test", number=done.index_key)
    said = [entry.body.decode() for entry in Entry.objects.order_by("seq")]
    for word in ("vault.IndexKeyMade", "patients.Patient", "sharing.MailCertificate", "staff.AgreedBegun", "staff.AgreedEnded"):
        assert any(word in body for body in said), word
    assert not turn().damaged


@pytest.mark.requirement("E2")
def test_a_search_finds_a_patient_and_no_second_one_is_made_at_every_step_of_the_way(service):
    rows = make_patients(3)
    known = known_numbers(rows)
    number = key_in_play()
    for moved in range(len(rows) + 1):
        assert Patient.objects.filter(index_key=number).count() == moved
        assert all_found(known)
        for who in known.values():
            with pytest.raises(NumberTaken):
                register(again(who))
        for make in list(Patients().older(number))[:1]:
            assert make()()
    assert Patient.objects.count() == len(rows)


def test_a_row_that_does_not_open_is_counted_and_found_by_its_old_key_which_stays(service):
    known = known_numbers(make_patients(2))
    broken = make_patient()
    Patient.objects.filter(pk=broken.pk).update(sealed=b"broken")
    done = turn()
    assert (done.damaged, done.renewed) == (1, 2)
    assert all_found(known)
    assert LocalDirectory().find("9990000018") == broken.pk
    assert retire(clock.now() + timedelta(days=99)) == []
    assert 1 in chosen.keys().index_keys()


@pytest.mark.asvs("2.3.5")
def test_without_an_agreement_no_key_is_made(service, capsys):
    make_patient()
    held = chosen.keys().index_keys()
    agreed(ForKeys.ROTATE)
    assert command.main(["vault", "rotate-index"]) == command.BAD
    assert "This takes two people" in capsys.readouterr().err
    assert (chosen.keys().index_keys(), indexes.in_play()) == (held, (1,))


def test_an_old_key_goes_when_nobody_is_found_by_it_and_no_backup_or_letter_needs_it(service):
    known = known_numbers(make_patients(2))
    done = turn()
    later = clock.now() + BACKUPS_LIVE_FOR + timedelta(minutes=1)
    assert retire(clock.now()) == []
    one = next(iter(known))
    Patient.objects.filter(pk=one).update(index_key=1)
    assert "index key 1" not in retire(later)
    Patient.objects.filter(pk=one).update(index_key=done.index_key)
    assert "index key 1" in retire(later)
    assert (1 in chosen.keys().index_keys(), indexes.in_play()) == (False, (done.index_key,))
    assert all_found(known)
    assert not Belonging.objects.filter(pk=Belonging.INDEX).exists()
    belonging.recognise_keys(by=OPERATOR, now=later)
    assert turn().index_key == done.index_key + 1


def test_a_machine_without_the_new_key_is_refused(settings, tmp_path):
    settings.SAFELIGHT_KEY_SERVICE = {"adapter": "safelight.vault.adapters.file_keys.FileKeys", "file": str(tmp_path / "one.json")}
    FileKeys.make(tmp_path / "one.json")
    shutil.copy(tmp_path / "one.json", tmp_path / "other.json")
    key_in_play()
    belonging.recognise_keys(by=OPERATOR, now=clock.now())
    assert {name for name in Belonging.objects.values_list("name", flat=True) if name.startswith("index key")} == {
        "index key",
        "index key 2",
    }
    belonging.recognise_keys(by=OPERATOR, now=clock.now())
    settings.SAFELIGHT_KEY_SERVICE = {**settings.SAFELIGHT_KEY_SERVICE, "file": str(tmp_path / "other.json")}
    with pytest.raises(KeysOfAnother):
        belonging.recognise_keys(by=OPERATOR, now=clock.now())
    FileKeys(file=tmp_path / "other.json").make_index_key(2)  # of its own, under the same number
    with pytest.raises(KeysOfAnother):
        belonging.recognise_keys(by=OPERATOR, now=clock.now())


def test_links_tokens_and_codes_stay_as_they_were_made():
    take_list("partner.test")
    guest = confirm(actor_of(make_person(roles=[Role.CLINICIAN])))
    code = GuestCode(pk=uuid4())
    code.digest = guests.code_digest(code.pk, guests.codes(code.pk)[0])
    before = (guests.secret(guest), guests.token(guest), guests.code(code))
    key_in_play()
    assert (guests.secret(guest), guests.token(guest), guests.code(code)) == before
    assert before[0] in guests.secrets(guest.pk)
    later = confirm(actor_of(make_person(roles=[Role.CLINICIAN])))
    assert guests.secret(later) == guests.secrets(later.pk)[0] != guests.secrets(later.pk)[1]


def test_no_blind_index_is_forgotten():
    assert {table for table, field in BARE if field.endswith("_index")} == {column.name for column in INDEXES}
