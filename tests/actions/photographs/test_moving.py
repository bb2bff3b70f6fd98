"""Moving a misfiled photo to the right patient."""

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.factories.consent import make_consent
from tests.factories.photographs import Record, file_other, make_record
from tests.factories.staff import actor_of, make_person

from handover.kinds import FrameKind
from safelight.access.errors import NoCareRelationship
from safelight.audit.models import About, Entry
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.kernel.errors import NotFound
from safelight.photographs import moving, queries
from safelight.photographs.actions.correct_patient import correct_patient
from safelight.photographs.actions.propose_move import propose_move
from safelight.photographs.actions.set_site import set_site
from safelight.photographs.actions.view_photograph import view_photograph
from safelight.photographs.actions.view_timeline import view_timeline
from safelight.photographs.errors import AskFirst, EvidenceRoute, MovedInTheMeantime, SamePatient
from safelight.photographs.models import Photograph, Tombstone, View, Visit
from safelight.photographs.permits import Size
from safelight.photographs.reasons import MoveReason
from safelight.photographs.sites import SiteSaid
from safelight.vault import objects
from safelight.vault.models import StoredObject

pytestmark = pytest.mark.django_db


@pytest.fixture
def wrong() -> Record:
    return make_record("WRONG", "9990000026")


@pytest.fixture
def right() -> Record:
    return make_record()


def _prepare(photograph: Photograph, to: Record) -> moving.Moving:
    ids = tuple(uuid4() for _ in range(3))
    return moving.prepare(to.by, photograph=photograph.pk, visit=to.visit.pk, why=MoveReason.OTHER_SLATE, tombstones=ids)


def _move(photograph: Photograph, to: Record, by=None, prepared=None):
    return correct_patient(by=by or to.by, photograph_id=photograph.pk, moving=prepared or _prepare(photograph, to), now=clock.now())


@pytest.mark.requirement("E5")
def test_the_photo_and_its_keys_go_and_a_tombstone_stays(wrong, right):
    (photograph,) = wrong.photos(1)
    assert _move(photograph, right) == right.patient.pk
    photograph.refresh_from_db()
    assert (photograph.patient_id, photograph.visit_id) == (right.patient.pk, right.visit.pk)
    assert {stored.holder for stored in moving.objects_of(photograph)} == {str(right.patient.pk)}
    assert objects.read_back(photograph.record_copy) == photograph.frame.digest
    (tombstone,) = queries.tombstones_of(right.by, [wrong.patient.pk])
    assert (tombstone.photograph_id, tombstone.reason) == (photograph.pk, "other_slate")


@pytest.mark.requirement("E5")
def test_one_entry_names_both_patients(wrong, right):
    (photograph,) = wrong.photos(1)
    _move(photograph, right)
    entry = Entry.objects.get(action="photographs.correct_patient")
    assert set(About.objects.filter(entry=entry).values_list("patient", flat=True)) == {wrong.patient.pk, right.patient.pk}
    moved = json.loads(bytes(entry.body))["facts"][0]
    assert (moved["patient"], moved["was_under"]) == (str(right.patient.pk), str(wrong.patient.pk))


@pytest.mark.requirement("E5")
def test_a_raw_file_goes_with_its_jpeg_whichever_is_asked_for(wrong, right):
    (jpeg,) = wrong.photos(1)
    raw = file_other(wrong.patient, wrong.visit, FrameKind.RAW, b"II*\0 raw", raw_of=jpeg.pk)
    _move(raw, right)
    assert set(Photograph.objects.values_list("patient", flat=True)) == {right.patient.pk}
    assert Tombstone.objects.count() == 2
    assert len(queries.tombstones_of(right.by, [wrong.patient.pk])) == 1


@pytest.mark.requirement("C3")
@pytest.mark.requirement("E5")
def test_its_site_and_side_are_those_of_the_right_slate_and_no_more_the_other_patients(wrong):
    right = make_record(site="foot", laterality="right")
    (jpeg,) = wrong.photos(1)
    raw = file_other(wrong.patient, wrong.visit, FrameKind.RAW, b"II*\0 raw", raw_of=jpeg.pk)
    _move(jpeg, right)
    for one in (jpeg, raw):
        one.refresh_from_db()
        assert (one.site, one.laterality, one.site_assumed) == ("foot", "right", False)


@pytest.mark.requirement("C3")
@pytest.mark.requirement("E5")
@pytest.mark.parametrize("sites", [[("foot", "right"), ("back", "")], [("foot", "right"), ("forearm", "left")]])
def test_a_person_is_asked_which_of_the_right_visits_several_sites_it_shows(wrong, sites):
    right = make_record(sites=tuple(SiteSaid(*site) for site in sites))
    (photograph,) = wrong.photos(1)
    _move(photograph, right)
    assert queries.site_unsaid(right.by, right.patient.pk)


@pytest.mark.requirement("C3")
@pytest.mark.requirement("E5")
def test_a_site_that_a_person_put_right_before_the_move_stays(wrong):
    right = make_record(site="foot", laterality="right")
    (photograph,) = wrong.photos(1)
    set_site(by=wrong.by, photograph_id=photograph.pk, site=SiteSaid("back"), view=View.CLOSE_UP, now=clock.now())
    _move(photograph, right)
    photograph.refresh_from_db()
    assert (photograph.site, photograph.laterality, photograph.view, photograph.site_assumed) == ("back", "", View.CLOSE_UP, False)


def test_permits_of_the_old_record_end_with_it(wrong, right):
    (photograph,) = wrong.photos(1)
    view_photograph(by=wrong.by, photograph_id=photograph.pk, now=clock.now(), new_id=uuid4())
    assert queries.permitted(wrong.by, photograph.pk, Size.PREVIEW, now=clock.now())
    _move(photograph, right)
    with pytest.raises(NotFound):
        queries.permitted(wrong.by, photograph.pk, Size.PREVIEW, now=clock.now())


def test_it_is_shown_in_the_right_record_and_no_more_in_the_wrong_one(wrong, right):
    (photograph,) = wrong.photos(1)
    _move(photograph, right)
    shown = {
        record.patient.pk: view_timeline(by=record.by, patient_id=record.patient.pk, now=clock.now(), new_id=uuid4()).photographs
        for record in (wrong, right)
    }
    assert shown[wrong.patient.pk] == ()
    assert [one.pk for one in shown[right.patient.pk]] == [photograph.pk]


@pytest.mark.requirement("I2")
def test_needs_access_to_both_patients(wrong):
    far = make_record("FAR", "9990000034", ward="EYES")
    (photograph,) = wrong.photos(1)
    for by in (wrong.by, far.by):
        with pytest.raises(NoCareRelationship):
            _move(photograph, far, by=by)
        with pytest.raises(NoCareRelationship):
            propose_move(by=by, photograph_id=photograph.pk, patient_id=far.patient.pk, now=clock.now())
    assert Photograph.objects.get().patient_id == wrong.patient.pk


@pytest.mark.requirement("B1")
def test_asks_for_the_right_patients_consent_first(wrong, right):
    (photograph,) = wrong.photos(1)
    make_consent(right.patient, right.by, yes=())
    with pytest.raises(AskFirst):
        _move(photograph, right)


def test_two_people_who_move_it_at_once_move_it_once(wrong, right):
    third = make_record("THIRD", "9990000034")
    (photograph,) = wrong.photos(1)
    first, second = _prepare(photograph, right), _prepare(photograph, third)
    _move(photograph, right, prepared=first)
    with pytest.raises(MovedInTheMeantime):
        _move(photograph, third, prepared=second)
    assert Photograph.objects.get().patient_id == right.patient.pk


def test_refuses_keys_that_are_missing_or_of_another_record(wrong, right):
    third = make_record("THIRD", "9990000034")
    (photograph,) = wrong.photos(1)
    prepared = _prepare(photograph, right)
    for broken in (
        replace(prepared, rewrapped=prepared.rewrapped[1:]),
        replace(prepared, rewrapped=_prepare(photograph, third).rewrapped),
        replace(prepared, photographs=()),
    ):
        with pytest.raises(MovedInTheMeantime):
            _move(photograph, right, prepared=broken)
    assert set(StoredObject.objects.filter(pk=photograph.thumb_id).values_list("holder", flat=True)) == {str(wrong.patient.pk)}


def test_refuses_a_move_within_one_record(wrong):
    (photograph,) = wrong.photos(1)
    with pytest.raises(SamePatient):
        _move(photograph, wrong)
    with pytest.raises(SamePatient):
        propose_move(by=wrong.by, photograph_id=photograph.pk, patient_id=wrong.patient.pk, now=clock.now())


@pytest.mark.requirement("D5")
def test_evidence_is_moved_by_the_photographer_only(wrong, right):
    (photograph,) = wrong.photos(1)
    Visit.objects.filter(pk=wrong.visit.pk).update(evidential=True)
    with pytest.raises(EvidenceRoute):
        _move(photograph, right)
    with pytest.raises(EvidenceRoute):
        propose_move(by=right.by, photograph_id=photograph.pk, patient_id=right.patient.pk, now=clock.now())
    assert _move(photograph, right, by=actor_of(make_person("lens", "Ms C Lens", roles=[Role.PHOTOGRAPHER]))) == right.patient.pk


@pytest.mark.requirement("E2")
def test_proposing_is_an_entry_about_the_patient_who_is_shown(wrong, right):
    (photograph,) = wrong.photos(1)
    visits = propose_move(by=right.by, photograph_id=photograph.pk, patient_id=right.patient.pk, now=clock.now())
    assert [visit.pk for visit in visits] == [right.visit.pk]
    entry = Entry.objects.get(action="photographs.propose_move")
    assert list(About.objects.filter(entry=entry).values_list("patient", flat=True)) == [right.patient.pk]


def test_a_photo_that_comes_back_leaves_no_tombstone_to_be_seen(wrong, right):
    (photograph,) = wrong.photos(1)
    _move(photograph, right)
    _move(photograph, wrong)
    assert queries.tombstones_of(right.by, [wrong.patient.pk]) == []
    assert len(queries.tombstones_of(right.by, [right.patient.pk])) == 1


def test_a_disposed_preview_does_not_stand_in_the_way(wrong, right):
    (photograph,) = wrong.photos(1)
    objects.shred([photograph.preview_id], at=clock.now())
    _move(photograph, right)
    assert Photograph.objects.get().patient_id == right.patient.pk
