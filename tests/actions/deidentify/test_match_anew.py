"""Who a patient is was put right: what somebody said to show, while it was nobody's, is asked again where it is their own now."""

import inspect
from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from tests.factories.deidentify import BOX, approve, cover, decide_all, keep, look_again, note, open_desk, said, see_desk, seen
from tests.factories.patients import an_identity, make_patient
from tests.factories.photographs import facts_of, make_record
from tests.factories.staff import sign_in

from safelight.deidentify import queries, rematching, tasks
from safelight.deidentify.actions.match_anew import match_anew
from safelight.deidentify.boxes import Kind
from safelight.deidentify.errors import ChangedMeanwhile, LookedAtAnother, NoCopyStands, StillUndecided
from safelight.deidentify.models import Decision, Finding, Match, Recall
from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR, WORKER
from safelight.patients import arriving, lists
from safelight.patients.actions.bring_in_patients import bring_in_patients
from safelight.patients.actions.change_patient import change_patient
from safelight.patients.actions.merge_patients import merge_patients
from safelight.patients.actions.undo_merge import undo_merge
from safelight.patients.models import Patient
from safelight.patients.sealing import seal
from safelight.photographs import moving
from safelight.photographs import queries as photographs
from safelight.photographs.actions.correct_patient import correct_patient
from safelight.photographs.reasons import MoveReason

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("F1")]
PLACES = ((0.1, 0.1, 0.2, 0.1), (0.4, 0.1, 0.2, 0.1), (0.1, 0.6, 0.2, 0.1))


@pytest.fixture
def record():
    return make_record()


@pytest.fixture
def photo(record):
    """Three texts that are nobody's by what is known of the patient: two shown, one covered; nothing else in the photo."""
    [photo] = record.photos()
    open_desk(photo, record.by)
    note(photo, *(seen(text, box=box) for text, box in zip(("MEADOWS", "STERILE", "Meadows B"), PLACES, strict=True)))
    first, second, third = Finding.objects.order_by("number")
    keep(photo, record.by, said(first, Decision.SHOW), said(second, Decision.SHOW), said(third, Decision.COVER))
    return photo


@pytest.fixture
def given(record, photo):
    return approve(record.by, photo)[photo.pk]


def promises() -> list[tuple[str, str]]:
    """Name and key of the promises to match anew, in order."""
    table = "workflow_status" if connection.vendor == "sqlite" else "dbos.workflow_status"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name, workflow_uuid FROM {table} WHERE status = 'ENQUEUED' AND name LIKE 'match_%' ORDER BY workflow_uuid")
        return [(name, key) for name, key in cursor.fetchall()]


def worker() -> None:
    """What a worker would do about them, twice each: it may be cut off and begun again."""
    for name, key in promises() * 2:
        step = tasks.match_photographs if name == "match_patient_anew" else tasks.match_photograph
        inspect.unwrap(step)(key.split(":")[1])


def correct(record, **changes) -> None:
    patient = Patient.objects.get(pk=record.patient.pk)
    sealed = seal(an_identity(**changes), patient_id=patient.pk, today=date(2026, 12, 1))
    change = {"ward": "BURNS2", "temporary": False, "deceased": False, "now": clock.now()}
    change_patient(by=record.by, sealed=sealed, seen=patient.revision, **change)


def states(photo) -> list[str]:
    return list(Finding.objects.filter(photograph=photo).order_by("number").values_list("state", flat=True))


def stands(record, photo) -> bool:
    return photo.pk in queries.approvals(record.by, [photo.pk])


@pytest.mark.parametrize(
    ("text", "changes", "match"),
    [
        ("MEADOWS", {"family": "MEADOWS"}, Match.NAME),
        ("Meadow5", {"given": "Meadows"}, Match.NAME),
        ("999 000 0026", {"nhs_number": "9990000026"}, Match.NHS_NUMBER),
        ("H 445566", {"hospital_number": "H445566"}, Match.HOSPITAL_NUMBER),
        ("7 Mar 1961", {"born": date(1961, 3, 7)}, Match.BIRTH_DATE),
        ("12 Kestrel Way", {"address": "12 Kestrel Way, Testville"}, Match.ADDRESS),
    ],
)
def test_what_was_shown_and_is_the_patients_own_now_is_asked_again_and_its_copy_recalled(record, text, changes, match):
    [photo] = record.photos()
    open_desk(photo, record.by)
    note(photo, seen(text), seen("STERILE", box=PLACES[1]))
    decide_all(photo, record.by, Decision.SHOW)
    given = approve(record.by, photo)[photo.pk]
    correct(record, **changes)
    worker()
    assert states(photo) == [Decision.UNDECIDED, Decision.SHOW]
    assert Finding.objects.get(number=1).matches == match
    with pytest.raises(NoCopyStands):
        queries.standing(record.by, given.pk)


def test_says_so_in_the_ledger_once_however_often_it_is_begun(record, photo, given):
    correct(record, family="MEADOWS")
    worker()
    told = facts_of("deidentify.match_anew")
    assert [fact["fact"] for fact in told] == ["deidentify.MatchedAnew", "deidentify.CopyRecalled"]
    assert (told[0]["matched"], told[0]["asked"]) == (2, 1)
    assert Recall.objects.get().found == [str(Finding.objects.get(number=1).pk)]


def test_what_is_covered_stays_covered_and_recalls_nothing(record):
    [photo] = record.photos()
    open_desk(photo, record.by)
    note(photo, seen("MEADOWS", box=BOX))
    decide_all(photo, record.by)
    approve(record.by, photo)
    correct(record, family="MEADOWS")
    worker()
    assert states(photo) == [Decision.COVER]
    assert stands(record, photo)


def test_what_is_covered_since_but_can_be_seen_in_the_approved_copy_recalls_it(record, photo, given):
    open_desk(photo, record.by)
    decide_all(photo, record.by)
    correct(record, family="MEADOWS")
    worker()
    assert states(photo) == [Decision.COVER] * 3
    assert not stands(record, photo)


def test_what_was_shown_though_it_was_like_their_name_is_asked_again_where_it_is_like_another(record):
    correct(record, family="MEADOWES")
    [photo] = record.photos()
    open_desk(photo, record.by)
    note(photo, seen("MEADOWS"))
    assert Finding.objects.get().matches == Match.NAME
    decide_all(photo, record.by, Decision.SHOW)
    approve(record.by, photo)
    correct(record, family="MEADOWES", address="9 Other Street, Testville")
    worker()
    assert stands(record, photo)  # beside this name somebody has judged it
    correct(record, family="MEADOWS")
    worker()
    assert states(photo) == [Decision.UNDECIDED]
    assert not stands(record, photo)


@pytest.mark.parametrize("changes", [{"family": "BROOKS"}, {"address": "9 Other Street, Testville"}])
def test_a_correction_that_nothing_looks_like_changes_nothing(record, photo, given, changes):
    correct(record, **changes)
    worker()
    assert stands(record, photo)
    assert facts_of("deidentify.match_anew") == []


def test_a_patient_in_whose_photos_nothing_was_read_promises_no_work(record):
    correct(record, family="MEADOWS")
    assert promises() == []


def test_deciding_alone_brings_nothing_back_and_signing_does_without_asking_once_more(record, photo, given):
    correct(record, family="MEADOWS")
    worker()
    open_desk(photo, record.by)
    with pytest.raises(StillUndecided):
        approve(record.by, photo)
    keep(photo, record.by, said(Finding.objects.get(number=1), Decision.SHOW))
    assert not stands(record, photo)
    newer = approve(record.by, photo)[photo.pk]
    assert queries.standing(record.by, given.pk) == newer
    correct(record, family="MEADOWS", given="Other")
    worker()
    assert queries.standing(record.by, given.pk) == newer


def test_whoever_has_a_draft_open_is_told_before_they_keep_more(record, photo):
    open_here = see_desk(photo, record.by).version
    correct(record, family="MEADOWS")
    worker()
    assert states(photo) == [Decision.UNDECIDED, Decision.SHOW, Decision.COVER]
    with pytest.raises(ChangedMeanwhile):
        keep(photo, record.by, cover(), version=open_here)
    posted = {"version": str(open_here), "turn": "0", "boxes": "[]"}
    answer = sign_in(Client(), record.person).post(reverse("deidentify:keep", args=[photo.pk]), posted)
    assert answer.status_code == 409
    assert "something here looks like their own now. Look again." in answer.json()["says"]
    assert next(each for each in answer.json()["areas"] if each["number"] == 1)["state"] == "undecided"


class TestAMerge:
    def merge(self, record, family: str = "MEADOWS"):
        return make_patient(family, "Bea", None, "H77", None)

    def test_asks_about_the_name_of_the_entry_that_goes_on(self, record, photo, given):
        known = make_patient("MEADOWS", "Bea", "9990000026", "H77", None)
        merge_patients(by=record.by, patient_id=record.patient.pk, into_id=known.pk, now=clock.now())
        worker()
        assert states(photo) == [Decision.UNDECIDED, Decision.SHOW, Decision.COVER]
        assert not stands(record, photo)

    def test_asks_about_the_name_of_the_entry_that_was_merged(self, record, photo, given):
        other = self.merge(record)
        merge_patients(by=record.by, patient_id=other.pk, into_id=record.patient.pk, now=clock.now())
        worker()
        assert not stands(record, photo)
        open_desk(photo, record.by)
        shown = {each.number: each.matches for each in see_desk(photo, record.by).findings}
        assert shown == {1: Match.NAME, 2: Match.NONE, 3: Match.NAME}

    def test_undone_asks_by_each_name_on_its_own(self, record, photo, given):
        other = self.merge(record, "BROOKS")
        merge_patients(by=record.by, patient_id=other.pk, into_id=record.patient.pk, now=clock.now())
        undo_merge(by=record.by, patient_id=other.pk, now=clock.now())
        worker()
        assert stands(record, photo)


def test_a_list_that_another_system_wrote_asks_as_a_form_does(record, photo, given):
    head = "family,given,born,nhs_number,hospital_number,ward,address\n"
    listed = lists.read(
        f"{head}MEADOWS,Test,1970-01-01,9990000018,0000018,BURNS2,\n".encode(), today=clock.now().date(), synthetic_allowed=True
    )
    arrivals = arriving.prepare(OPERATOR, listed.lines, new_ids=(uuid4(),), today=clock.now().date())
    bring_in_patients(by=OPERATOR, arrivals=arrivals, now=clock.now())
    worker()
    assert not stands(record, photo)


class TestAMove:
    @pytest.fixture
    def moved(self, record, photo, given):
        meadows = make_record("MEADOWS", "9990000026")
        ids = tuple(uuid4() for _ in range(3))
        prepared = moving.prepare(record.by, photograph=photo.pk, visit=meadows.visit.pk, why=MoveReason.OTHER_SLATE, tombstones=ids)
        correct_patient(by=record.by, photograph_id=photo.pk, moving=prepared, now=clock.now())
        return photographs.photograph(WORKER, photo.pk)

    def test_asks_by_who_it_is_filed_under_now(self, record, moved):
        worker()
        assert states(moved) == [Decision.UNDECIDED, Decision.SHOW, Decision.COVER]
        assert [copy.pk for copy in queries.recalled(record.by)] == [Recall.objects.get().copy_id]

    def test_of_a_photo_that_goes_on_to_another_is_no_answer_for_it(self, record, moved, photo):
        stale = rematching.rematched(WORKER, moved)
        back = tuple(uuid4() for _ in range(3))
        prepared = moving.prepare(record.by, photograph=photo.pk, visit=record.visit.pk, why=MoveReason.OTHER_SLATE, tombstones=back)
        correct_patient(by=record.by, photograph_id=photo.pk, moving=prepared, now=clock.now())
        with pytest.raises(LookedAtAnother):
            match_anew(by=WORKER, seen=stale, now=clock.now(), new_id=uuid4())


def test_who_signed_is_told_on_home_and_on_the_page_until_they_have_decided_anew(record, photo, given):
    ward = sign_in(Client(), record.person)
    assert "taken back" not in ward.get("/").content.decode()
    correct(record, family="MEADOWS")
    worker()
    home = ward.get("/").content.decode()
    assert "A covered copy of MEADOWS, Test was taken back. Look again" in home
    assert "Who the patient is was put right, and something that was shown looks like their own." in home
    done = ward.get(f"{reverse('deidentify:covered')}?photos={photo.pk}").content.decode()
    assert "was taken back: who the patient is was put right" in done
    open_desk(photo, record.by)
    decide_all(photo, record.by)
    approve(record.by, photo)
    assert "taken back" not in ward.get("/").content.decode()


def test_a_second_look_and_a_correction_recall_one_copy_and_tell_it_once(record, photo, given):
    look_again(given.copy, seen(kind=Kind.FACE, box=(0.6, 0.6, 0.2, 0.2)), whole=True)
    correct(record, family="MEADOWS")
    worker()
    assert [copy.pk for copy in queries.recalled(record.by)] == [given.copy_id]


def test_a_recall_is_never_changed(record, photo, given):
    correct(record, family="MEADOWS")
    worker()
    for words in ("UPDATE deidentify_recall SET found = found", "DELETE FROM deidentify_recall"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words)
