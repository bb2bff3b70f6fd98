"""Opening a photo to cover it: who may, what it leaves behind, and what a move to another patient changes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories.deidentify import cover, decide_all, keep, note, open_desk, see_desk, seen
from tests.factories.photographs import facts_of, make_record
from tests.factories.staff import actor_of, make_person

from safelight.access.errors import NoCareRelationship
from safelight.deidentify import queries, rules
from safelight.deidentify.errors import PhotographersEvidence
from safelight.deidentify.models import CoveredCopy, Decision, DeskPermit, Finding
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.kernel.errors import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    return make_record()


@pytest.fixture
def photo(record):
    return record.photos()[0]


def test_each_opening_is_an_entry_and_a_permit_and_there_is_one_draft(record, photo):
    first, second = open_desk(photo, record.by), open_desk(photo, record.by)
    assert first.pk != second.pk
    assert CoveredCopy.objects.get().state == "draft"
    opened = facts_of("deidentify.view_desk")
    assert [fact["photograph"] for fact in opened] == [str(photo.pk)] * 2
    assert opened[0]["patient"] == str(record.patient.pk)


def test_a_stranger_opens_nothing(photo):
    stranger = actor_of(make_person("lim", "Mr C Lim", wards=["ED"]))
    with pytest.raises(NoCareRelationship):
        open_desk(photo, stranger)
    assert not DeskPermit.objects.exists()
    assert not CoveredCopy.objects.exists()


def test_a_photo_that_is_not_there_is_not_found(record):
    with pytest.raises(NotFound):
        queries.locked(record.by, [uuid4()])


def test_the_desk_shows_nothing_before_it_was_opened(record, photo):
    with pytest.raises(NotFound):
        see_desk(photo, record.by)
    with pytest.raises(NotFound):
        queries.desk_file(record.by, photo.pk, now=clock.now())
    open_desk(photo, record.by)
    assert see_desk(photo, record.by).photograph == photo
    assert queries.desk_file(record.by, photo.pk, now=clock.now()) == photo


def test_somebody_elses_opening_opens_it_for_nobody_else(record, photo):
    open_desk(photo, record.by)
    other = actor_of(make_person("webb", "Sr E Webb"))
    with pytest.raises(NotFound):
        see_desk(photo, other)
    with pytest.raises(NotFound):
        queries.desk_file(other, photo.pk, now=clock.now())


def test_the_leave_to_fetch_bytes_ends_after_a_quarter_of_an_hour(record, photo):
    permit = open_desk(photo, record.by)
    assert queries.desk_file(record.by, photo.pk, now=permit.until - timedelta(seconds=1)) == photo
    with pytest.raises(NotFound):
        queries.desk_file(record.by, photo.pk, now=permit.until)


def test_what_the_computer_found_comes_in_the_order_in_which_to_look(record, photo):
    note(
        photo,
        seen("", kind=seen().kind.BARCODE, box=(0.7, 0.7, 0.1, 0.1), low=True),
        seen("Place: 51.5 N 0.1 W", kind=seen().kind.METADATA),
        seen("EXIT", box=(0.5, 0.5, 0.1, 0.1)),
        seen("", kind=seen().kind.FACE, box=(0.3, 0.3, 0.1, 0.1)),
        seen("SAMPIE", box=(0.1, 0.1, 0.1, 0.1)),
    )
    open_desk(photo, record.by)
    desk = see_desk(photo, record.by)
    assert [(each.read, each.matches.value) for each in desk.findings] == [
        ("SAMPIE", "name"),
        ("", ""),
        ("EXIT", ""),
        ("Place: 51.5 N 0.1 W", ""),
        ("", ""),
    ]
    assert [each.number for each in desk.findings] == [5, 4, 3, 2, 1]
    assert desk.finder is rules.FinderState.DONE
    assert "SAMPIE" not in repr(desk) + repr(desk.findings[0])


@pytest.mark.requirement("F4")
def test_what_the_file_carried_is_covered_and_no_choice(record, photo):
    note(photo, seen("Serial number 042", kind=seen().kind.METADATA), stage="metadata")
    open_desk(photo, record.by)
    [shown] = see_desk(photo, record.by).findings
    assert (shown.state, shown.box) == (Decision.COVER, None)
    assert queries.to_decide(record.by, [photo.pk]) == {}


def test_evidence_is_opened_by_the_photographer_alone():
    record = make_record()
    photographer = actor_of(make_person("roy", "Ms D Roy", roles=[Role.PHOTOGRAPHER]))
    photo = record.photos()[0]
    type(photo.visit).objects.update(evidential=True)
    with pytest.raises(PhotographersEvidence):
        open_desk(photo, record.by)
    assert open_desk(photo, photographer)
    photo.refresh_from_db()
    assert queries.coverable(record.by, photo) == PhotographersEvidence.code
    assert queries.coverable(photographer, photo) == ""


def test_counts_say_how_much_is_to_decide_in_each_photo(record):
    first, second = record.photos(2)
    note(first, seen("A1B2", box=(0.1, 0.1, 0.1, 0.1)), seen("C3D4", box=(0.5, 0.5, 0.1, 0.1)))
    note(second)
    assert queries.to_decide(record.by, [first.pk, second.pk]) == {first.pk: 2}
    open_desk(first, record.by)
    decide_all(first, record.by)
    assert queries.to_decide(record.by, [first.pk, second.pk]) == {}


def test_a_new_draft_goes_on_from_the_last_one(record, photo):
    open_desk(photo, record.by)
    keep(photo, record.by, cover(), turn=1)
    before = CoveredCopy.objects.get()
    open_desk(photo, record.by)
    after = CoveredCopy.objects.get()
    assert (after.pk, after.version, after.turn) == (before.pk, 2, 1)
    assert Finding.objects.get().state == Decision.COVER
