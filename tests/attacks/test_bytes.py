"""The bytes of photos: by permit only, to our own pages only, and the camera's own file never as something a browser runs."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import pictures as invented
from tests.factories.photographs import Record, file_one, make_record
from tests.factories.staff import make_person, sign_in

from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.photographs.models import Permit, Photograph
from safelight.vault import objects

pytestmark = pytest.mark.django_db
MASKED = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')  # masked anew in each answer
HTML = b"<!doctype html><script>alert(document.cookie)</script>"


@pytest.fixture
def record() -> Record:
    return make_record()


@pytest.fixture
def photograph(record) -> Photograph:
    return record.photos(1)[0]


@pytest.fixture
def ward(client, record) -> Client:
    return sign_in(client, record.person)


def _file(photograph_id, size="thumb") -> str:
    return reverse("photographs:file", args=[photograph_id, size])


def _open_patient(client: Client, record: Record):
    return client.get(reverse("photographs:patient", args=[record.patient.pk]))


def _open_photo(client: Client, photograph: Photograph):
    return client.get(reverse("photographs:photo", args=[photograph.pk]))


@pytest.mark.goal("S1")
def test_no_permit_unknown_photo_and_ended_permit_answer_alike(ward, record, photograph):
    answers = [ward.get(_file(photograph.pk)), ward.get(_file(uuid4()))]
    _open_patient(ward, record)
    assert ward.get(_file(photograph.pk)).status_code == 200
    answers += [ward.get(_file(photograph.pk, size)) for size in ("preview", "full", "record", "thumb2")]
    Permit.objects.update(until=clock.now() - timedelta(microseconds=1))
    answers.append(ward.get(_file(photograph.pk)))
    assert {answer.status_code for answer in answers} == {404}
    assert len({MASKED.sub(b"", answer.content) for answer in answers}) == 1


@pytest.mark.goal("S1")
def test_a_colleagues_permit_opens_nothing_for_another_sign_in(ward, record, photograph):
    _open_photo(ward, photograph)
    assert ward.get(_file(photograph.pk, "preview")).status_code == 200
    colleague = sign_in(Client(), make_person("webb", "Sr E Webb"))
    assert colleague.get(_file(photograph.pk, "preview")).status_code == 404
    again = sign_in(Client(), record.person)
    assert again.get(_file(photograph.pk, "preview")).status_code == 404
    assert Client().get(_file(photograph.pk, "preview")).status_code in {302, 401, 403}


@pytest.mark.goal("S1")
@pytest.mark.requirement("I2")
def test_those_who_do_not_look_after_the_patient_get_nothing_of_them(record, photograph):
    far = sign_in(Client(), make_person("far", "Dr F Away", wards=["EYES"]))
    record.photos(1)
    for answer in (_open_patient(far, record), _open_photo(far, photograph)):
        assert answer.status_code == 403
        assert b"SAMPLE" not in answer.content
        assert b"999 000" not in answer.content
    for name in ("correct_site", "move"):
        for answer in (
            far.get(reverse(f"photographs:{name}", args=[photograph.pk])),
            far.post(reverse(f"photographs:{name}", args=[photograph.pk])),
        ):
            assert answer.status_code == 403
            assert b"SAMPLE" not in answer.content
    assert far.get(_file(photograph.pk)).status_code == 404
    assert not Permit.objects.exists()


@pytest.mark.goal("S12")
@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_another_site_that_asks_for_a_photo_is_refused(ward, record, photograph, site):
    _open_patient(ward, record)
    assert ward.get(_file(photograph.pk), headers={"sec-fetch-site": site}).status_code == 403
    assert ward.get(_file(photograph.pk), headers={"sec-fetch-site": "same-origin"}).status_code == 200


@pytest.mark.goal("S4")
@pytest.mark.parametrize("size", ["thumb", "preview", "full"])
def test_no_photo_is_stored_anywhere_on_its_way(client, record, photograph, size):
    ward = sign_in(client, make_person("lens", "Ms C Lens", roles=[Role.PHOTOGRAPHER]))
    _open_patient(ward, record)
    _open_photo(ward, photograph)
    ward.post(reverse("photographs:original", args=[photograph.pk]), {"reason": "court"})
    answer = ward.get(_file(photograph.pk, size))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Vary"] == "Cookie"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert not answer.has_header("ETag")
    assert not answer.has_header("Last-Modified")


@pytest.mark.requirement("D9")
@pytest.mark.requirement("D6")
def test_a_file_that_is_a_photo_and_a_web_page_leaves_whole_and_harmless(client, record):
    polyglot = invented.photo() + HTML
    photograph = file_one(record.patient, record.visit, jpeg=polyglot)
    ward = sign_in(client, make_person("lens", "Ms C Lens", roles=[Role.PHOTOGRAPHER]))
    taken = ward.post(reverse("photographs:original", args=[photograph.pk]), {"reason": "court"})
    assert taken["Location"] == _file(photograph.pk, "full")
    answer = ward.get(taken["Location"])
    assert b"".join(answer.streaming_content) == b"".join(objects.open_object(photograph.record_copy))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == f'attachment; filename="{photograph.pk}.jpg"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.goal("S7")
def test_what_is_shown_was_drawn_anew_and_holds_nothing_else(ward, record):
    photograph = file_one(record.patient, record.visit, jpeg=invented.photo() + HTML)
    _open_patient(ward, record)
    _open_photo(ward, photograph)
    for size in ("thumb", "preview"):
        answer = ward.get(_file(photograph.pk, size))
        assert answer["Content-Type"] == "image/jpeg"
        assert b"<script>" not in answer.content
        assert b"Exif" not in answer.content


def test_the_cameras_own_file_wants_a_reason_and_the_right_person(ward, record, photograph):
    page = reverse("photographs:original", args=[photograph.pk])
    assert b"Choose why you need" in ward.post(page, {}).content
    assert b"only through the medical photographer" in ward.post(page, {"reason": "court"}).content
    assert ward.get(_file(photograph.pk, "full")).status_code == 404


@pytest.mark.goal("S9")
def test_a_photo_that_was_disposed_of_is_gone_and_says_so(ward, record, photograph):
    other = record.photos(1)[0]
    _open_patient(ward, record)
    objects.shred([photograph.thumb_id], at=clock.now())
    assert ward.get(_file(photograph.pk)).status_code == 410
    assert b"This photo was disposed of." in _open_patient(ward, record).content
    assert ward.get(_file(other.pk)).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_bytes_are_only_read(ward, record, photograph, method):
    _open_patient(ward, record)
    assert getattr(ward, method)(_file(photograph.pk)).status_code == 405


@pytest.mark.parametrize("before", ["x", "1", "6cc08639-665c-4a91-a2f9-cfced1a06044", "' OR 1=1"])
def test_a_place_in_the_timeline_that_does_not_exist_is_not_found(ward, record, photograph, before):
    assert ward.get(reverse("photographs:patient", args=[record.patient.pk]), {"before": before}).status_code == 404
