"""Which approval stands: none of a photo that was moved, broke, or was taken back, until somebody looked again."""

import inspect
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories.deidentify import approve, decide_all, keep, made, note, open_desk, ready, see_desk, seen
from tests.factories.patients import an_identity
from tests.factories.photographs import announce, make_record, receive
from tests.factories.staff import actor_of, make_person

from safelight.custody.actions.read_back_frame import read_back_frame
from safelight.deidentify import queries
from safelight.deidentify.errors import ChangedMeanwhile, NoCopyStands, NotOpened, NotThisPhoto
from safelight.deidentify.models import CoveredCopy, Decision, Finding, Match
from safelight.kernel import clock
from safelight.kernel.actor import NOBODY, WORKER
from safelight.kernel.errors import NotFound
from safelight.patients.actions.change_patient import change_patient
from safelight.patients.sealing import seal
from safelight.photographs import moving, tasks
from safelight.photographs.actions.correct_patient import correct_patient
from safelight.photographs.reasons import MoveReason
from safelight.vault import objects
from safelight.vault.errors import Shredded

pytestmark = pytest.mark.django_db
RENEW = inspect.unwrap(tasks.renew)


@pytest.fixture
def record():
    return make_record()


@pytest.fixture
def photo(record):
    return ready(record.photos()[0], record.by)


def move(photo, to) -> None:
    prepared = moving.prepare(to.by, photograph=photo.pk, visit=to.visit.pk, why=MoveReason.OTHER_SLATE, tombstones=(uuid4(),))
    correct_patient(by=to.by, photograph_id=photo.pk, moving=prepared, now=clock.now())
    photo.refresh_from_db()


def test_bytes_come_from_the_approved_copy_and_from_nothing_else(record, photo):
    approval = approve(record.by, photo)[photo.pk]
    stored = queries.copy_bytes(record.by, approval.pk)
    assert stored.rendition == "covered"
    assert stored.pk not in {photo.record_copy_id, photo.preview_id, photo.thumb_id}
    with pytest.raises(NoCopyStands):
        queries.copy_bytes(record.by, uuid4())


def test_nobody_from_outside_asks_which_copies_stand(record, photo):
    approval = approve(record.by, photo)[photo.pk]
    assert queries.approvals(NOBODY, [photo.pk]) == {}
    assert queries.to_decide(NOBODY, [photo.pk]) == {}
    with pytest.raises(NoCopyStands):
        queries.standing(NOBODY, approval.pk)
    with pytest.raises(NotFound):
        queries.locked(NOBODY, [photo.pk])


@pytest.mark.requirement("E5")
def test_no_approval_stands_under_another_patient(record, photo):
    approval = approve(record.by, photo)[photo.pk]
    other = make_record("OTHER", "9990000026")
    move(photo, other)
    assert queries.approvals(record.by, [photo.pk]) == {}
    with pytest.raises(NoCopyStands):
        queries.standing(record.by, approval.pk)
    with pytest.raises(NotFound):  # and it must be opened anew
        see_desk(photo, record.by)


@pytest.mark.requirement("E5")
def test_a_copy_for_the_right_patient_takes_no_share_of_the_wrong_one_along(record, photo):
    wrong = approve(record.by, photo)[photo.pk]
    move(photo, make_record("OTHER", "9990000026"))
    ready(photo, record.by)
    right = approve(record.by, photo)[photo.pk]
    assert queries.approvals(record.by, [photo.pk]) == {photo.pk: right}
    assert right.copy.stored.holder == str(photo.patient_id)
    with pytest.raises(NoCopyStands):
        queries.standing(record.by, wrong.pk)


@pytest.mark.requirement("E5")
def test_a_draft_of_the_wrong_patient_is_no_draft_of_the_right_one(record, photo):
    copy = made(photo)
    other = make_record("OTHER", "9990000026")
    move(photo, other)
    with pytest.raises(NotOpened):
        keep(photo, record.by)
    with pytest.raises(NotOpened):
        approve(record.by, photo, copies=[copy])
    note(photo)
    open_desk(photo, record.by)
    with pytest.raises(ChangedMeanwhile):
        approve(record.by, photo, copies=[copy])
    assert CoveredCopy.objects.get().patient_id == other.patient.pk


@pytest.mark.requirement("E5")
def test_what_was_shown_under_the_wrong_patient_is_decided_anew_and_what_was_covered_stays_covered(record):
    photo = record.photos()[0]
    note(photo, seen("OTHER"), seen("EXIT", box=(0.5, 0.5, 0.1, 0.1)))
    open_desk(photo, record.by)
    decide_all(photo, record.by, Decision.SHOW)
    Finding.objects.filter(number=2).update(state=Decision.COVER)
    assert [each.matches for each in Finding.objects.order_by("number")] == ["", ""]
    move(photo, make_record("OTHER", "9990000026"))
    note(photo, seen("OTHER", version="1"), seen("EXIT", box=(0.5, 0.5, 0.1, 0.1)))
    open_desk(photo, record.by)
    states = [(each.matches, each.state) for each in Finding.objects.order_by("number")]
    assert states == [("", "undecided"), ("", "cover"), ("name", "undecided")]


def test_a_copy_that_was_prepared_while_the_photo_moved_is_refused(record, photo):
    approved = made(photo)
    move(photo, make_record("OTHER", "9990000026"))
    ready(photo, record.by, boxes=())
    late = made(photo, kept=approved.kept)
    with pytest.raises(NotThisPhoto):
        approve(record.by, photo, copies=[late])


def test_a_record_copy_that_broke_carries_no_covered_copy_until_somebody_looked_at_the_new_one(record, photo):
    approval = approve(record.by, photo)[photo.pk]
    data = b"".join(objects.open_object(photo.record_copy))
    read_back_frame(by=WORKER, frame_id=photo.frame_id, object_id=photo.record_copy_id, found=None, now=clock.now())
    assert queries.approvals(record.by, [photo.pk]) == {}
    receive(data, *announce(data))
    assert queries.approvals(record.by, [photo.pk]) == {}
    photo.frame.refresh_from_db()
    read_back_frame(by=WORKER, frame_id=photo.frame_id, object_id=photo.frame.stored_id, found=photo.frame.digest, now=clock.now())
    RENEW(str(photo.frame_id))
    photo.refresh_from_db()
    with pytest.raises(NoCopyStands):
        queries.standing(record.by, approval.pk)
    ready(photo, record.by, boxes=())
    renewed = approve(record.by, photo)[photo.pk]
    assert queries.standing(record.by, approval.pk) == renewed


@pytest.mark.requirement("F6")
def test_a_site_that_turns_out_to_be_intimate_takes_the_approval_of_a_child_away(record, photo):
    approve(record.by, photo, copies=[made(photo, young=True)])
    assert photo.pk in queries.approvals(record.by, [photo.pk])
    type(photo).objects.update(site="genitals", laterality="")
    assert queries.approvals(record.by, [photo.pk]) == {}


def test_disposing_of_a_photo_takes_its_covered_copies_along(record, photo):
    approval = approve(record.by, photo)[photo.pk]
    ready(photo, record.by, boxes=())
    approve(record.by, photo)
    copies = queries.copies_of(record.by, photo.pk)
    assert len(copies) == 2
    assert objects.shred([copy.pk for copy in copies], at=clock.now()) == 2
    assert queries.copies_of(record.by, photo.pk) == []
    with pytest.raises(NoCopyStands):
        queries.copy_bytes(record.by, approval.pk)
    approval.copy.stored.refresh_from_db()
    with pytest.raises(Shredded):
        list(objects.open_object(approval.copy.stored))


def test_another_person_sees_the_same_copy_stand(record, photo):
    approval = approve(record.by, photo)[photo.pk]
    assert queries.standing(actor_of(make_person("lim", "Mr C Lim", wards=["ED"])), approval.pk) == approval


def corrected(record, **who) -> None:
    sealed = seal(an_identity(**who), patient_id=record.patient.pk, today=clock.now().date())
    seen_then = {"seen": record.patient.revision, "ward": record.patient.ward, "temporary": False, "deceased": False}
    change_patient(by=record.by, sealed=sealed, now=clock.now(), **seen_then)


@pytest.mark.requirement("F6")
def test_a_birth_date_that_turns_out_to_be_a_childs_takes_the_approval_of_an_intimate_photo_away(record, photo):
    type(photo).objects.update(site="genitals", laterality="")
    approval = approve(record.by, photo)[photo.pk]
    assert queries.standing(record.by, approval.pk) == approval
    corrected(record, born=clock.now().date() - timedelta(days=365 * 9))
    with pytest.raises(NoCopyStands):
        queries.standing(record.by, approval.pk)


@pytest.mark.requirement("F1")
def test_what_was_read_before_anybody_knew_who_the_patient_is_comes_first_once_they_do(record):
    photo = record.photos()[0]
    note(photo, seen("EXIT", box=(0.6, 0.6, 0.1, 0.1)), seen("DOE 999 000 0026"))
    open_desk(photo, record.by)
    assert {each.matches for each in see_desk(photo, record.by).findings} == {Match.NONE}
    corrected(record, family="DOE", nhs_number="9990000026")
    first, second = see_desk(photo, record.by).findings
    assert (first.read, first.matches, second.matches) == ("DOE 999 000 0026", Match.NHS_NUMBER, Match.NONE)
