"""Photos of a patient with whom another was merged."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories.photographs import Record, facts_of, make_record, open_by_permit, see_photo, see_timeline

from safelight.kernel import clock
from safelight.photographs import looked, visits
from safelight.photographs.actions.view_photograph import view_photograph
from safelight.photographs.actions.view_timeline import view_timeline
from safelight.photographs.permits import Size

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> Record:
    return make_record()


@pytest.mark.requirement("E4")
class TestMergedPatient:
    @pytest.fixture
    def other(self, record) -> Record:
        other = make_record("OTHER", "9990000026")
        self.photos = [*other.photos(1), *record.photos(1)]
        type(other.patient).objects.filter(pk=other.patient.pk).update(merged_into=record.patient)
        return other

    def test_has_the_photos_of_both_under_the_one_who_goes_on(self, record, other):
        for patient in (record.patient, other.patient):
            page = view_timeline(by=record.by, patient_id=patient.pk, now=clock.now(), new_id=uuid4())
            assert page.patient == record.patient.pk
            assert {photograph.pk for photograph in page.photographs} == {photograph.pk for photograph in self.photos}
        assert all(open_by_permit(record, photograph, Size.THUMB) for photograph in self.photos)

    def test_keeps_each_photo_under_its_own_pseudonym_so_that_the_merge_can_be_undone(self, record, other):
        see_timeline(record)
        theirs, mine = self.photos
        seen = {fact["patient"]: fact["photographs"] for fact in facts_of("photographs.view_timeline")}
        assert seen == {str(other.patient.pk): [str(theirs.pk)], str(record.patient.pk): [str(mine.pk)]}
        assert {one.preview.holder for one in self.photos} == {str(record.patient.pk), str(other.patient.pk)}

    def test_knows_who_looked_before_the_merge(self, record, other):
        view_photograph(by=other.by, photograph_id=self.photos[0].pk, now=clock.now(), new_id=uuid4())
        same = see_timeline(record).pseudonyms
        assert looked.of_patient(record.by, record.patient.pk).entries[1].person == other.person.pk
        assert same == {record.patient.pk, other.patient.pk}

    def test_shows_a_single_photo_by_the_permit_of_the_one_who_goes_on(self, record, other):
        see_photo(record, self.photos[0])
        assert open_by_permit(record, self.photos[0], Size.PREVIEW).pk == self.photos[0].preview_id

    def test_has_the_visits_of_both_so_that_a_photo_can_still_be_filed_under_the_one_it_was_asked_for(self, record, other):
        since = clock.now() - timedelta(hours=2)
        for patient in (record.patient, other.patient):
            found = visits.visits_of(record.by, patient.pk, since=since)
            assert {visit.pk for visit in found} == {record.visit.pk, other.visit.pk}
            assert visits.last_visit(record.by, patient.pk) == found[0]
