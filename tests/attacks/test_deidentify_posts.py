"""Posts that no page of ours would send: nobody approves what is undecided, another patient's, a slate, or what they have not seen."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.factories.deidentify import decide_all, note, open_desk, seen
from tests.factories.patients import make_patient
from tests.factories.photographs import file_one, make_record
from tests.factories.staff import make_person, sign_in
from tests.factories.visits import make_visit

from safelight.deidentify.boxes import Kind
from safelight.deidentify.models import Approval, CoveredCopy, Decision, Finding
from safelight.kernel import clock
from safelight.photographs.slates import code

pytestmark = [pytest.mark.django_db, pytest.mark.goal("S1")]
SIGNED = {"save": "1", "looked_for": ["marks", "worn", "around", "face"]}


@pytest.fixture
def record():
    return make_record()


@pytest.fixture
def ward_pc(record):
    return sign_in(Client(), record.person)


@pytest.fixture
def photo(record):
    photo = record.photos()[0]
    note(photo, seen("A1B2"))
    open_desk(photo, record.by)
    return photo


def form(photo, *boxes: dict, version: int, **more: object) -> dict[str, object]:
    return {f"version-{photo.pk}": version, f"turn-{photo.pk}": 0, f"boxes-{photo.pk}": json.dumps(boxes), **more}


def box(finding: Finding, state: str) -> dict[str, object]:
    return {"id": str(finding.pk), "state": state, "x": finding.x, "y": finding.y, "w": finding.w, "h": finding.h}


def nothing_was_approved() -> bool:
    return not Approval.objects.exists() and not CoveredCopy.objects.filter(state="approved").exists()


@pytest.mark.requirement("F1")
def test_an_area_that_the_post_leaves_out_is_undecided_all_the_same(ward_pc, photo):
    answer = ward_pc.post(f"/photos/{photo.pk}/cover/", form(photo, version=1, **SIGNED))
    assert answer.status_code == 422
    assert nothing_was_approved()


@pytest.mark.requirement("F1")
@pytest.mark.parametrize(
    "ticked", [{}, {"looked_for": ["marks", "worn", "around"]}, {"looked_for": ["marks"] * 4}, {"looked_for": "nothing_else"}]
)
def test_a_list_that_is_not_whole_signs_nothing(ward_pc, record, photo, ticked, settings):
    settings.SAFELIGHT_URGENT_CHECKLIST = False
    version = decide_all(photo, record.by)
    finding = Finding.objects.get()
    answer = ward_pc.post(f"/photos/{photo.pk}/cover/", form(photo, box(finding, "cover"), version=version, save="1", **ticked))
    assert answer.status_code == 422
    assert nothing_was_approved()


def test_another_photos_finding_is_not_decided_through_this_one(ward_pc, record, photo):
    other = record.photos()[0]
    open_desk(other, record.by)
    answer = ward_pc.post(f"/photos/{other.pk}/cover/", form(other, box(Finding.objects.get(), "show"), version=1))
    assert answer.status_code == 404
    assert Finding.objects.get().state == Decision.UNDECIDED


def test_a_photo_of_somebody_elses_patient_is_not_smuggled_into_a_set(ward_pc, record, photo):
    version = decide_all(photo, record.by)
    elsewhere = make_record("OTHER", "9990000026", ward="ED")
    theirs = elsewhere.photos()[0]
    post = form(photo, box(Finding.objects.get(), "cover"), version=version, **SIGNED) | form(theirs, version=1)
    answer = ward_pc.post(f"/cover/?photos={photo.pk},{theirs.pk}", post)
    assert answer.status_code in {403, 404}
    assert nothing_was_approved()


def test_photos_of_two_patients_are_no_set(ward_pc, record, photo):
    version = decide_all(photo, record.by)
    model = make_patient("MODEL", "Cara", "9990000026", "0000026")
    other = file_one(model, make_visit(model, record.by, at=clock.now() - timedelta(hours=1)))
    note(other)
    open_desk(other, record.by)
    post = form(photo, box(Finding.objects.get(), "cover"), version=version, **SIGNED) | form(other, version=1)
    assert ward_pc.post(f"/cover/?photos={photo.pk},{other.pk}", post).status_code in {403, 404, 409}
    assert nothing_was_approved()


@pytest.mark.requirement("F5")
def test_a_slate_is_not_approved_whatever_is_posted(ward_pc, record):
    slate = record.photos()[0]
    note(slate, seen(code.new(bytes(8)), kind=Kind.BARCODE))
    open_desk(slate, record.by)
    version = decide_all(slate, record.by)
    answer = ward_pc.post(f"/photos/{slate.pk}/cover/", form(slate, box(Finding.objects.get(), "cover"), version=version, **SIGNED))
    assert answer.status_code == 409
    assert nothing_was_approved()


def test_an_old_version_that_is_sent_again_changes_nothing(ward_pc, record, photo):
    finding = Finding.objects.get()
    assert ward_pc.post(f"/photos/{photo.pk}/cover/", form(photo, box(finding, "cover"), version=1)).status_code == 302
    answer = ward_pc.post(f"/photos/{photo.pk}/cover/", form(photo, box(finding, "show"), version=1, **SIGNED))
    assert answer.status_code == 409
    finding.refresh_from_db()
    assert finding.state == Decision.COVER
    assert nothing_was_approved()


def test_a_version_that_never_was_is_no_key(ward_pc, record, photo):
    finding = Finding.objects.get()
    assert ward_pc.post(f"/photos/{photo.pk}/cover/", form(photo, box(finding, "show"), version=99, **SIGNED)).status_code == 409
    assert nothing_was_approved()


def test_a_stranger_and_somebody_made_up_find_nothing(photo):
    stranger = sign_in(Client(), make_person("lim", "Mr C Lim", wards=["ED"]))
    assert stranger.post(f"/photos/{photo.pk}/cover/", form(photo, version=1, **SIGNED)).status_code == 403
    assert stranger.post(f"/photos/{uuid4()}/cover/", SIGNED).status_code == 404
    assert nothing_was_approved()
