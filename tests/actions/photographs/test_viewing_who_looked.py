"""Who looked: the ledger in plain words, for the team, the IG lead and the patient."""

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest
from tests.factories.photographs import Record, make_record, see_photo, see_timeline
from tests.factories.staff import actor_of, make_person

import safelight
from safelight.access.errors import NoCareRelationship
from safelight.audit.action import every_action
from safelight.kernel import clock
from safelight.kernel.actor import NOBODY, Role
from safelight.kernel.errors import NotFound
from safelight.photographs import looked
from safelight.photographs.actions.see_who_looked import see_who_looked

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> Record:
    return make_record()


class TestWhoLooked:
    @pytest.mark.requirement("I5")
    def test_lists_views_in_plain_words_with_who_and_when(self, record):
        one, _ = record.photos(2)
        see_timeline(record)
        see_photo(record, one)
        looks = see_who_looked(by=record.by, patient_id=record.patient.pk, now=clock.now())
        assert [(look.person, look.words) for look in looks.entries[:2]] == [
            (record.person.pk, "Looked at one photo, large"),
            (record.person.pk, "Looked at 2 photos, small"),
        ]
        assert [look.person for look in looks.entries[2:]] == [None, None]  # the computer filed them
        assert looks.older is None

    @pytest.mark.requirement("I5")
    def test_lists_who_tried_and_was_refused(self, record):
        stranger = make_person("far", "Far Away", wards=["EYES"])
        with pytest.raises(NoCareRelationship):
            see_timeline(record, by=actor_of(stranger))
        (look,) = see_who_looked(by=record.by, patient_id=record.patient.pk, now=clock.now()).entries
        assert (look.person, look.words) == (stranger.pk, looked.REFUSED)

    @pytest.mark.requirement("I5")
    def test_lists_who_asked_for_a_photo_by_its_own_address_and_was_refused(self, record):
        (photograph,) = record.photos(1)
        stranger = make_person("far", "Far Away", wards=["EYES"])
        with pytest.raises(NoCareRelationship):
            see_photo(record, photograph, by=actor_of(stranger))
        look = see_who_looked(by=record.by, patient_id=record.patient.pk, now=clock.now()).entries[0]
        assert (look.person, look.words) == (stranger.pk, looked.REFUSED)

    @pytest.mark.requirement("I5")
    def test_lists_an_action_that_does_such_a_thing_within_another_one(self):
        for module in Path(safelight.__file__).parent.glob("*/actions/*.py"):
            import_module(f"safelight.{module.parts[-3]}.actions.{module.stem}")
        listed = {name.partition(".")[2] for name in looked.WORDS}
        for name, each in every_action().items():
            within = set(re.findall(r"\b(\w+)\(by=", inspect.getsource(inspect.unwrap(each)))) & listed
            assert not within or name in looked.WORDS, (name, within)

    def test_is_for_the_team_and_the_ig_lead(self, record):
        lead = actor_of(make_person("lead", "Ms I Lead", roles=[Role.IG_LEAD], wards=[]))
        assert see_who_looked(by=lead, patient_id=record.patient.pk, now=clock.now()).entries == ()
        with pytest.raises(NoCareRelationship):
            see_who_looked(by=actor_of(make_person("far", wards=["EYES"])), patient_id=record.patient.pk, now=clock.now())

    def test_goes_on_where_the_last_part_ended(self, record):
        for _ in range(5):
            see_timeline(record)
        seen, before = [], None
        while True:
            part = looked.of_patient(record.by, record.patient.pk, before=before, most=2)
            seen += [look.seq for look in part.entries]
            if part.older is None:
                break
            before = part.older
        assert len(seen) == len(set(seen)) == 5

    def test_tells_of_no_other_patient(self, record):
        see_timeline(make_record("OTHER", "9990000026"))
        assert looked.of_patient(record.by, record.patient.pk).entries == ()
        with pytest.raises(NotFound):
            looked.of_patient(NOBODY, record.patient.pk)

    def test_last_views_name_each_other_person_once_and_no_refusal(self, record):
        (photograph,) = record.photos(1)
        colleague = actor_of(make_person("webb", "Sr E Webb"))
        with pytest.raises(NoCareRelationship):
            see_timeline(record, by=actor_of(make_person("far", "Far Away", wards=["EYES"])))
        see_timeline(record)
        see_timeline(record, by=colleague)
        see_photo(record, photograph)
        assert [look.person for look in looked.last_views(record.by, [record.patient.pk], most=3)] == [colleague.id]
        assert [look.person for look in looked.last_views(colleague, [record.patient.pk], most=3)] == [record.person.pk]
