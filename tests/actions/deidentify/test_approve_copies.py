"""Signing for a set of photos: all or none, nothing undecided, nothing pre-ticked, nobody's old version."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import override_settings
from tests.factories.deidentify import FULL, URGENT, approve, cover, decide_all, keep, made, note, open_desk, ready, seen
from tests.factories.patients import make_patient
from tests.factories.photographs import facts_of, file_one, file_other, make_record
from tests.factories.staff import actor_of, make_person
from tests.factories.visits import make_visit

from handover.kinds import FrameKind
from safelight.access.errors import NoCareRelationship
from safelight.audit.models import Entry, Move
from safelight.deidentify import queries, rules
from safelight.deidentify.actions.reject_copy import reject_copy
from safelight.deidentify.boxes import Box
from safelight.deidentify.errors import (
    ChangedMeanwhile,
    CoverTheJpeg,
    NotOpened,
    NotSigned,
    NotThisPhoto,
    OnePatientAtATime,
    PhotographersEvidence,
    SlateFrame,
    StillLooking,
    StillUndecided,
    VideoNotCovered,
)
from safelight.deidentify.models import Approval, Checklist, CoveredCopy, Finding, Signing
from safelight.deidentify.said import OWED, Said, Statement
from safelight.kernel import clock
from safelight.kernel.digest import Digest
from safelight.kernel.errors import NotFound
from safelight.photographs.models import Photograph, Visit
from safelight.photographs.slates import code
from safelight.vault import objects
from safelight.vault.models import Rendition, StoredObject

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    return make_record()


@pytest.fixture
def photo(record):
    return ready(record.photos()[0], record.by)


@pytest.mark.requirement("F1")
def test_a_set_is_signed_by_name_with_time_and_each_photos_digest(record):
    photos, now = [ready(photo, record.by) for photo in record.photos(2)], clock.now()
    approvals = approve(record.by, *photos, now=now)
    assert approvals.keys() == {photo.pk for photo in photos}
    signing = Signing.objects.get()
    assert (signing.by, signing.at, signing.kind) == (record.by.id, now, Checklist.FULL)
    assert set(signing.statements) == {"marks", "worn", "around", "face"}
    assert {(row["photograph"], row["digest"]) for row in signing.photographs} == {
        (str(photo.pk), photo.record_copy.digest) for photo in photos
    }
    assert queries.approvals(record.by, [photo.pk for photo in photos]) == approvals
    for copy in CoveredCopy.objects.all():
        assert (copy.state, copy.signing, copy.decided_by, copy.decided_at) == ("approved", signing, record.by.id, now)
        assert (copy.areas, copy.stored.rendition, copy.stored.holder) == ([[0.1, 0.1, 0.2, 0.2]], "covered", str(record.patient.pk))
    assert [fact["fact"] for fact in facts_of("deidentify.approve_copies")] == [
        "deidentify.ChecklistSigned",
        "deidentify.CopyApproved",
        "deidentify.CopyApproved",
    ]
    assert Move.objects.filter(subject="covered copy", move="approve", by=record.by.id).count() == 2


@pytest.mark.requirement("F1")
def test_nothing_to_cover_also_makes_a_covered_copy(record):
    photo = ready(record.photos()[0], record.by, boxes=())
    approval = approve(record.by, photo)[photo.pk]
    assert (approval.copy.areas, approval.copy.state) == ([], "approved")


@pytest.mark.requirement("F1")
@pytest.mark.parametrize("left_out", sorted(OWED[Checklist.FULL]))
def test_refuses_while_one_statement_is_not_signed(record, photo, left_out):
    with pytest.raises(NotSigned):
        approve(record.by, photo, signing=Said(kind=Checklist.FULL, statements=FULL.statements - {left_out}))
    with pytest.raises(NotSigned):
        approve(record.by, photo, signing=Said(kind=Checklist.FULL, statements=frozenset()))
    assert not Approval.objects.exists()


def test_the_urgent_statement_is_enough_only_where_the_site_allows_it(record, photo):
    with override_settings(SAFELIGHT_URGENT_CHECKLIST=False), pytest.raises(NotSigned):
        approve(record.by, photo, signing=URGENT)
    with pytest.raises(NotSigned):
        approve(record.by, photo, signing=Said(kind=Checklist.FULL, statements=frozenset({Statement.NOTHING_ELSE})))
    with override_settings(SAFELIGHT_URGENT_CHECKLIST=True):
        approve(record.by, photo, signing=URGENT)
    assert Signing.objects.get().kind == Checklist.URGENT


@pytest.mark.requirement("F1")
def test_refuses_while_an_area_is_undecided_and_says_which(record):
    photo = record.photos()[0]
    note(photo, seen("A1B2"), seen("C3D4", box=(0.5, 0.5, 0.1, 0.1)))
    open_desk(photo, record.by)
    keep(photo, record.by, cover((0.8, 0.8, 0.1, 0.1)))
    with pytest.raises(StillUndecided) as no:
        approve(record.by, photo)
    assert (no.value.photograph, no.value.numbers) == (photo.pk, (1, 2))
    assert CoveredCopy.objects.get().state == "draft"


def test_one_photo_that_is_not_ready_holds_up_its_whole_set(record, photo):
    other = record.photos()[0]
    note(other, seen("A1B2"))
    open_desk(other, record.by)
    with pytest.raises(StillUndecided):
        approve(record.by, photo, other)
    assert not Approval.objects.exists()
    assert not StoredObject.objects.filter(rendition=Rendition.COVERED).exists()


def test_refuses_while_the_computer_is_looking_and_goes_on_without_it_when_it_does_not_come(record):
    photo = record.photos()[0]
    permit = open_desk(photo, record.by)
    with pytest.raises(StillLooking):
        approve(record.by, photo, now=permit.at + timedelta(seconds=1))
    approval = approve(record.by, photo, now=permit.at + rules.PATIENCE)[photo.pk]
    assert approval.copy.flagged


def test_a_finder_that_failed_leaves_sharing_possible_and_flagged(record):
    photo = record.photos()[0]
    note(photo, failed=True)
    open_desk(photo, record.by)
    assert approve(record.by, photo)[photo.pk].copy.flagged


def test_refuses_what_was_made_of_an_older_draft(record, photo):
    copy = made(photo)
    webb = actor_of(make_person("webb", "Sr E Webb"))
    open_desk(photo, webb)
    keep(photo, webb, cover((0.8, 0.8, 0.1, 0.1)))
    with pytest.raises(ChangedMeanwhile) as no:
        approve(record.by, photo, copies=[copy])
    assert no.value.by == webb.id


def test_who_approves_second_finds_it_done(record, photo):
    first, second = made(photo), made(photo)
    approve(record.by, photo, copies=[first])
    with pytest.raises(ChangedMeanwhile):
        approve(record.by, photo, copies=[second])
    assert Approval.objects.count() == 1


def test_each_photo_of_the_set_was_opened_by_who_signs(record, photo):
    webb = actor_of(make_person("webb", "Sr E Webb"))
    with pytest.raises(NotOpened):
        approve(webb, photo)
    open_desk(photo, webb)
    assert approve(webb, photo)[photo.pk].by == webb.id


def test_a_photo_that_nobody_opened_has_nothing_to_approve(record):
    with pytest.raises(NotOpened):
        approve(record.by, record.photos()[0])


def test_a_stranger_approves_nothing(photo):
    with pytest.raises(NoCareRelationship):
        approve(actor_of(make_person("lim", "Mr C Lim", wards=["ED"])), photo)


def test_a_set_is_of_one_patient(record, photo):
    model = make_patient("MODEL", "Cara", "9990000026", "0000026")
    other = file_one(model, make_visit(model, record.by, at=clock.now() - timedelta(hours=1)))
    ready(other, record.by)
    with pytest.raises(OnePatientAtATime):
        approve(record.by, photo, other)


@pytest.mark.requirement("F5")
def test_a_slate_frame_has_no_covered_copy_whoever_read_it(record, photo):
    with pytest.raises(SlateFrame):
        approve(record.by, photo, copies=[made(photo, slate=True)])
    slate = record.photos()[0]
    note(slate, seen(code.new(bytes(8)), kind=seen().kind.BARCODE))
    open_desk(slate, record.by)
    decide_all(slate, record.by)
    with pytest.raises(SlateFrame):
        approve(record.by, slate)
    assert not Approval.objects.exists()


@pytest.mark.parametrize(("kind", "no"), [(FrameKind.VIDEO, VideoNotCovered), (FrameKind.RAW, CoverTheJpeg)])
def test_a_video_and_a_raw_file_behind_its_jpeg_have_no_covered_copy(record, photo, kind, no):
    data = b"\0\0\0\x18ftypisom" + uuid4().bytes if kind is FrameKind.VIDEO else b"II*\0" + uuid4().bytes
    other = file_other(record.patient, record.visit, kind, data, raw_of=photo.pk if kind is FrameKind.RAW else None)
    other.refresh_from_db()
    assert queries.coverable(record.by, other) == no.code
    open_desk(other, record.by)
    with pytest.raises(no):
        approve(record.by, other)


def test_evidence_is_the_photographers(record, photo):
    Visit.objects.update(evidential=True)
    with pytest.raises(PhotographersEvidence):
        approve(record.by, photo)


@pytest.mark.parametrize(
    "forged",
    [
        {"digest": Digest.of(b"another file")},
        {"record_copy": uuid4()},
        {"areas": ()},
        {"areas": (Box(0, 0, 0.01, 0.01),)},
        {"turn": 2},
    ],
)
def test_refuses_a_copy_of_another_file_or_of_other_boxes(record, photo, forged):
    with pytest.raises(NotThisPhoto):
        approve(record.by, photo, copies=[made(photo, **forged)])


def test_refuses_bytes_that_are_sealed_for_another_or_are_no_covered_copy(record, photo):
    for rendition, holder in ((Rendition.COVERED, "tray"), (Rendition.PREVIEW, str(record.patient.pk))):
        kept = objects.keep([b"x"], rendition=rendition, holder=holder, limit=1)
        with pytest.raises(NotThisPhoto):
            approve(record.by, photo, copies=[made(photo, kept=kept)])


def test_copies_are_of_exactly_the_photos_of_the_set(record, photo):
    other = ready(record.photos()[0], record.by)
    for copies in ([], [made(photo), made(other)], [made(other)], [made(photo), made(photo)]):
        with pytest.raises(NotThisPhoto):
            approve(record.by, photo, copies=copies)
    with pytest.raises(NotFound):
        approve(record.by, Photograph(id=uuid4()), copies=[])


@pytest.mark.parametrize("table", ["approval", "signing"])
def test_the_database_keeps_what_was_signed_as_it_is(record, photo, table):
    approve(record.by, photo)
    model = {"approval": Approval, "signing": Signing}[table]
    for change in (lambda: model.objects.update(by=uuid4()), lambda: model.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_database_takes_no_approval_of_a_draft(record, photo):
    with pytest.raises(DatabaseError, match="every area is decided"), transaction.atomic():
        Approval.objects.create(id=uuid4(), copy=CoveredCopy.objects.get(), by=record.by.id, at=clock.now())


def test_the_database_takes_no_approval_while_an_area_is_undecided(record, photo):
    approve(record.by, photo)
    old = CoveredCopy.objects.get()
    open_desk(photo, record.by)
    later = CoveredCopy.objects.get(state="draft")
    Finding.objects.filter(photograph=photo).update(state="undecided", decided_by=None, decided_at=None)
    stored = StoredObject.from_kept(made(photo).kept, at=clock.now())
    stored.save(force_insert=True)
    CoveredCopy.objects.filter(pk=later.pk).update(
        state="approved",
        stored=stored,
        signing=old.signing,
        width=1,
        height=1,
        digest=old.digest,
        how="unchanged",
        decided_by=record.by.id,
        decided_at=clock.now(),
    )
    with pytest.raises(DatabaseError, match="every area is decided"), transaction.atomic():
        Approval.objects.create(id=uuid4(), copy=later, by=record.by.id, at=clock.now())


@pytest.mark.parametrize(
    "hole", [{"stored": None}, {"signing": None}, {"digest": ""}, {"how": ""}, {"width": None}, {"restricted": True}, {"state": "draft"}]
)
def test_the_database_keeps_an_approved_copy_whole(record, photo, hole):
    approve(record.by, photo)
    with pytest.raises(DatabaseError), transaction.atomic():
        CoveredCopy.objects.update(**hole)


def test_the_database_keeps_one_draft_a_photo(record, photo):
    draft = CoveredCopy.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        CoveredCopy.objects.bulk_create([replaced(draft, version=draft.version + 1)])


def replaced(row: CoveredCopy, **changed: object) -> CoveredCopy:
    values = {field.attname: getattr(row, field.attname) for field in CoveredCopy._meta.concrete_fields}
    return CoveredCopy(**values | {"id": uuid4()} | changed)


def test_rejecting_after_approving_takes_the_approval_away_and_covering_again_gives_one(record, photo):
    first = approve(record.by, photo)[photo.pk]
    open_desk(photo, record.by)
    draft = queries.draft_of(record.by, photo.pk)
    reject_copy(by=record.by, photograph_id=photo.pk, version=draft.version, now=clock.now())
    assert queries.approvals(record.by, [photo.pk]) == {}
    assert facts_of("deidentify.reject_copy")[0]["copy"] == str(draft.pk)
    ready(photo, record.by)
    second = approve(record.by, photo)[photo.pk]
    assert queries.approvals(record.by, [photo.pk]) == {photo.pk: second}
    assert queries.standing(record.by, first.pk) == second


def test_a_refusal_is_an_entry_of_its_own(record, photo):
    with pytest.raises(NotSigned):
        approve(record.by, photo, signing=Said(kind=Checklist.FULL, statements=frozenset()))
    entry = Entry.objects.get(action="deidentify.approve_copies")
    assert entry.outcome == "refused"
    assert b"deidentify.not_signed" in bytes(entry.body)
