"""Filing a frame: what stands before it, and that it happens once."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.factories import pictures as invented
from tests.factories.consent import make_consent
from tests.factories.patients import make_patient
from tests.factories.photographs import drawn, file_one, filing_of, make_record, one_of_its_own, received
from tests.factories.staff import actor_of, make_person
from tests.factories.visits import make_visit

from safelight.access.errors import NoCareRelationship
from safelight.audit.models import About, Entry, Outcome
from safelight.consent.models import WhoAgreed
from safelight.custody.models import Frame
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Role
from safelight.kernel.digest import Digest
from safelight.kernel.errors import NotFound
from safelight.patients.models import Patient
from safelight.photographs import filing
from safelight.photographs.actions.file_photograph import file_photograph
from safelight.photographs.errors import AlreadyFiled, EvidenceRoute, NoConsent, NotSafeYet, OtherHolder
from safelight.photographs.models import Photograph, Visit
from safelight.vault import objects
from safelight.vault.kept import TRAY
from safelight.vault.models import StoredObject

pytestmark = pytest.mark.django_db


def _file(made: filing.Filing, by=WORKER) -> Photograph:
    return file_photograph(by=by, filing=made, now=clock.now())


def _frame(**how) -> Frame:
    return received(one_of_its_own(invented.photo()), **how)


@pytest.mark.requirement("D6")
def test_files_the_very_bytes_of_the_card_and_its_renditions_beside_them():
    record = make_record()
    data = one_of_its_own(invented.photo())
    photograph = _file(filing_of(received(data), record.visit, drawing=drawn(invented.photo())))
    assert b"".join(objects.open_object(photograph.record_copy)) == data
    assert photograph.record_copy.digest == photograph.frame.digest == Digest.of(data)
    assert len({photograph.record_copy_id, photograph.preview_id, photograph.thumb_id}) == 3
    assert (photograph.width, photograph.height) == (1200, 800)


@pytest.mark.requirement("B15")
@pytest.mark.requirement("C3")
def test_takes_the_reason_from_the_visit_and_the_site_from_the_filing():
    record = make_record()
    photograph = file_one(record.patient, record.visit, site="hand", laterality="right")
    assert (photograph.site, photograph.laterality, photograph.reason) == ("hand", "right", record.visit.reason)


def test_every_object_becomes_the_patients():
    record = make_record()
    photograph = file_one(record.patient, record.visit)
    stored = StoredObject.objects.filter(pk__in=[photograph.record_copy_id, photograph.preview_id, photograph.thumb_id])
    holders = list(stored.values_list("holder", flat=True))
    assert holders == [str(record.patient.pk)] * 3


def test_the_entry_names_photo_visit_and_patient():
    record = make_record()
    photograph = file_one(record.patient, record.visit)
    entry = Entry.objects.filter(action="photographs.file_photograph").get()
    assert str(photograph.pk).encode() in bytes(entry.body)
    assert About.objects.filter(entry=entry, patient=record.patient.pk).exists()


@pytest.mark.requirement("B1")
def test_refuses_a_photo_that_is_older_than_the_consent():
    record = make_record()
    made = filing_of(_frame(), record.visit, taken_at=clock.now() - timedelta(hours=2))
    with pytest.raises(NoConsent):
        _file(made)
    assert not Photograph.objects.exists()
    assert StoredObject.objects.get(pk=made.rewrapped[0].object_id).holder == TRAY


@pytest.mark.requirement("B1")
def test_files_a_photo_of_an_earlier_consent_that_a_newer_one_took_the_place_of():
    record = make_record()
    make_consent(record.patient, record.by, yes=(1,))
    assert file_one(record.patient, record.visit, taken_at=clock.now() - timedelta(minutes=5))


@pytest.mark.requirement("B1")
@pytest.mark.requirement("B7")
class TestWhoCouldNotBeAsked:
    """The photo was taken at once, and that it is in the patient's best interests was written down afterwards."""

    taken = timedelta(minutes=20)

    def decided(self, who=WhoAgreed.BEST_INTERESTS):
        patient, by = make_patient(), actor_of(make_person())
        return make_visit(patient, by, make_consent(patient, by, who=who))

    def file(self, visit, *, ago=taken):
        return _file(filing_of(_frame(), visit, taken_at=clock.now() - ago))

    def test_has_the_photo_in_their_record(self):
        visit = self.decided()
        assert self.file(visit).patient_id == visit.patient_id

    def test_not_where_it_was_written_down_a_shift_later(self):
        visit = self.decided()
        with pytest.raises(NoConsent):
            self.file(visit, ago=timedelta(hours=12, minutes=1))

    def test_not_where_it_was_the_patient_who_agreed_afterwards(self):
        visit = self.decided(WhoAgreed.PATIENT)
        with pytest.raises(NoConsent):
            self.file(visit)

    def test_not_where_they_turn_out_to_have_said_no(self):
        visit = self.decided()
        known = make_patient("MODEL", "Cara", "9990000026", "0000026")
        make_consent(known, actor_of(make_person()), yes=(), at=clock.now() - timedelta(days=1))
        Patient.objects.filter(pk=visit.patient_id).update(merged_into=known)
        with pytest.raises(NoConsent):
            self.file(visit)

    def test_not_where_they_say_no_once_they_can(self):
        visit = self.decided()
        make_consent(visit.patient, actor_of(make_person()), yes=())
        with pytest.raises(NoConsent):
            self.file(visit)


@pytest.mark.requirement("B6")
def test_refuses_when_the_patient_has_said_no_since():
    record = make_record()
    taken = clock.now()
    make_consent(record.patient, record.by, yes=())
    with pytest.raises(NoConsent):
        _file(filing_of(_frame(), record.visit, taken_at=taken))


def test_refuses_a_frame_that_was_not_read_back():
    record = make_record()
    with pytest.raises(NotSafeYet):
        _file(filing_of(_frame(verified=False), record.visit))


def test_refuses_a_frame_whose_copy_is_damaged():
    record = make_record()
    frame = _frame()
    made = filing_of(frame, record.visit)
    Frame.objects.filter(pk=frame.pk).update(state="damaged")
    with pytest.raises(NotSafeYet):
        _file(made)


def test_two_people_who_file_one_frame_at_once_file_it_once():
    one, other = make_record(), make_record("OTHER", "9990000026")
    frame = _frame()
    first, second = filing_of(frame, one.visit), filing_of(frame, other.visit)
    _file(first)
    with pytest.raises(AlreadyFiled):
        _file(second)
    assert Photograph.objects.get().patient_id == one.patient.pk


def test_a_filing_that_is_prepared_after_the_first_takes_nothing_away():
    one, other = make_record(), make_record("OTHER", "9990000026")
    frame = _frame()
    _file(filing_of(frame, one.visit))
    with pytest.raises(AlreadyFiled):
        _file(filing_of(frame, other.visit))
    assert StoredObject.objects.get(pk=frame.stored_id).holder == str(one.patient.pk)


def test_a_wrap_that_changed_in_the_meantime_decides_the_race():
    record = make_record()
    made = filing_of(_frame(), record.visit)
    stored = StoredObject.objects.get(pk=made.rewrapped[0].object_id)
    assert StoredObject.apply(objects.rewrap(stored, holder=TRAY))
    with pytest.raises(AlreadyFiled):
        _file(made)
    assert not Photograph.objects.exists()


def test_refuses_keys_that_were_prepared_for_another_record():
    one, other = make_record(), make_record("OTHER", "9990000026")
    made = replace(filing_of(_frame(), other.visit), visit=one.visit.pk)
    with pytest.raises(OtherHolder):
        _file(made)


def test_refuses_a_preview_whose_key_was_not_prepared():
    record = make_record()
    made = filing_of(_frame(), record.visit, drawing=drawn(invented.photo()))
    with pytest.raises(OtherHolder):
        _file(replace(made, rewrapped=made.rewrapped[:1]))


@pytest.mark.requirement("I2")
def test_refuses_somebody_who_does_not_look_after_the_patient():
    record = make_record()
    stranger = actor_of(make_person("stranger", "Dr B Strange", wards=["EYES"]))
    with pytest.raises(NoCareRelationship):
        _file(filing_of(_frame(), record.visit), by=stranger)
    assert Entry.objects.filter(action="photographs.file_photograph", outcome=Outcome.REFUSED).exists()


@pytest.mark.requirement("C9")
def test_evidence_is_filed_by_its_slate_or_the_photographer_and_nobody_else():
    record = make_record()
    Visit.objects.filter(pk=record.visit.pk).update(evidential=True)
    made = filing_of(_frame(), record.visit)
    with pytest.raises(EvidenceRoute):
        _file(made, by=record.by)
    photographer = actor_of(make_person("lens", "Ms C Lens", roles=[Role.PHOTOGRAPHER]))
    assert _file(made, by=photographer)
    assert _file(filing_of(_frame(), record.visit), by=WORKER)


def test_says_not_found_for_a_visit_or_frame_that_does_not_exist():
    record = make_record()
    frame = _frame()
    with pytest.raises(NotFound):
        filing_of(Frame(pk=uuid4()), record.visit)
    with pytest.raises(NotFound):
        filing_of(frame, Visit(pk=UUID(int=5), sites=record.visit.sites))
    with pytest.raises(NotFound):
        _file(replace(filing_of(frame, record.visit), visit=UUID(int=5)))


def test_refuses_to_prepare_a_frame_that_the_vault_does_not_hold():
    record = make_record()
    frame = _frame()
    Frame.objects.filter(pk=frame.pk).update(received_at=None, verified_at=None, stored=None, state="announced")
    with pytest.raises(NotSafeYet):
        filing_of(frame, record.visit)


def test_files_for_the_patient_who_goes_on_after_a_merge():
    record = make_record()
    survivor = make_patient(family="SAMPLE", nhs_number="9990000034", hospital_number="0000034")
    make_consent(survivor, record.by, at=clock.now() - timedelta(hours=1))
    type(survivor).objects.filter(pk=record.patient.pk).update(merged_into=survivor)
    assert _file(filing_of(_frame(), record.visit)).patient_id == survivor.pk
