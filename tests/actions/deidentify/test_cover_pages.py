"""The pages of covering without a browser: who gets which bytes, what is said of a refusal, and where nobody is led."""

import html
import json
import re
from io import BytesIO
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.factories import pictures as invented
from tests.factories import planted
from tests.factories.deidentify import computer_looks_again, cover, keep, make_covered_copy, note, open_desk, ready, seen
from tests.factories.heic import heic
from tests.factories.photographs import Record, facts_of, file_one, file_other, make_record
from tests.factories.staff import actor_of, make_person, sign_in

from handover.kinds import FrameKind
from safelight.deidentify import queries, rules
from safelight.kernel import clock
from safelight.photographs.models import Photograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> Record:
    return make_record()


@pytest.fixture
def photo(record) -> Photograph:
    photo = record.photos(1)[0]
    note(photo, seen("SAMPLE"))
    return photo


@pytest.fixture
def ward(record) -> Client:
    return sign_in(Client(), record.person)


def page_of(*photos: Photograph, **more: str) -> str:
    asked = "&".join([f"photos={','.join(str(one.pk) for one in photos)}", *(f"{name}={value}" for name, value in more.items())])
    return f"{reverse('deidentify:set')}?{asked}"


def bytes_of(photo: Photograph, size: str = "preview") -> str:
    return reverse("deidentify:file", args=[photo.pk, size])


def test_bytes_are_given_to_whoever_opened_the_photo_and_to_no_other_sign_in(ward, record, photo):
    assert ward.get(bytes_of(photo)).status_code == 404
    assert ward.get(page_of(photo)).status_code == 200
    answer = ward.get(bytes_of(photo))
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "no-store" in answer["Cache-Control"]
    assert sign_in(Client(), make_person("webb", "Sr E Webb", wards=["BURNS2"])).get(bytes_of(photo)).status_code == 404


def test_no_size_is_the_record_copy_itself(ward, record):
    photo = file_one(record.patient, record.visit, jpeg=invented.photo(5))
    ward.get(page_of(photo))
    full = ward.get(bytes_of(photo, "full")).content
    assert full[:2] == b"\xff\xd8"
    assert b"Exif" not in full
    assert [ward.get(bytes_of(photo, size)).status_code for size in ("record", "thumb", "covered")] == [404, 404, 404]


@pytest.mark.parametrize(
    ("kind", "file", "size"),
    [
        (FrameKind.PNG, lambda: invented.saved(invented.scene(2), "PNG") + planted.MARK.encode(), (1200, 800)),
        (FrameKind.HEIC, lambda: heic("slate", turns=1), (640, 960)),
        (FrameKind.RAW, lambda: planted.raw("nef"), (800, 1200)),
    ],
)
def test_who_zooms_in_sees_all_of_a_photo_that_is_no_jpeg(ward, record, kind, file, size):
    photo = file_other(record.patient, record.visit, kind, file())
    ward.get(page_of(photo))
    answer = ward.get(bytes_of(photo, "full"))
    assert answer.status_code == 200
    shown = Image.open(BytesIO(answer.content))
    assert (shown.format, shown.size) == ("JPEG", size)
    assert planted.MARK.encode() not in answer.content


def test_another_site_gets_no_bytes(ward, photo):
    ward.get(page_of(photo))
    assert ward.get(bytes_of(photo), headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_covered_copy_is_shown_once_it_stands(ward, record, photo):
    make_covered_copy(photo, record.by)
    ward.get(page_of(photo))
    assert ward.get(bytes_of(photo, "covered")).status_code == 200
    done = ward.get(f"{reverse('deidentify:covered')}?photos={photo.pk}").content.decode()
    assert "This copy can be shared" in done
    assert "Identifiers reduced" in done
    assert "anonymous" not in re.sub(r'href="[^"]*"', "", done)  # no words of the page: an address of it is where a person may say so


def test_boxes_are_kept_while_somebody_works_and_an_old_version_changes_nothing(ward, record, photo):
    ward.get(page_of(photo))
    own, address = uuid4(), reverse("deidentify:keep", args=[photo.pk])
    box = {"id": str(own), "x": 0.1, "y": 0.1, "w": 0.2, "h": 0.2, "state": "cover"}
    version = queries.draft_of(record.by, photo.pk).version
    kept = ward.post(address, {"version": version, "turn": 0, "boxes": json.dumps([box])})
    assert kept.status_code == 200
    assert kept.json()["numbers"][str(own)] == 2
    again = ward.post(address, {"version": version, "turn": 0, "boxes": "[]"})
    assert again.status_code == 409
    assert again.json()["says"].startswith("You changed this on another page at ")
    assert {area["id"] for area in again.json()["areas"]} >= {str(own)}
    assert ward.post(address, {"version": version, "turn": 0, "boxes": "{"}).status_code == 400


def test_somebody_elses_boxes_are_shown_over_ones_own_where_no_script_runs(ward, record, photo):
    ward.get(page_of(photo))
    webb = actor_of(make_person("webb", "Sr E Webb", wards=["BURNS2"]))
    version = queries.draft_of(record.by, photo.pk).version
    open_desk(photo, webb)
    keep(photo, webb, cover((0.5, 0.5, 0.1, 0.1)))
    [found] = [one for one in queries.findings(record.by, photo.pk) if one.source == "proposed"]
    said = {f"version-{photo.pk}": version, f"turn-{photo.pk}": 0, f"state-{found.pk}": "cover", "save": "copies"}
    answer = ward.post(page_of(photo), said)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Sr E Webb changed this at " in shown
    assert "Save again to keep yours." in shown


def test_a_box_by_numbers_is_kept_whoever_was_quicker_and_whatever_was_pressed(ward, record, photo):
    ward.get(page_of(photo))
    webb = actor_of(make_person("webb", "Sr E Webb", wards=["BURNS2"]))
    version = queries.draft_of(record.by, photo.pk).version
    open_desk(photo, webb)
    keep(photo, webb, cover((0.5, 0.5, 0.1, 0.1)))
    numbers = {f"{side}-{photo.pk}": "20" for side in ("left", "top", "wide", "high")}
    answer = ward.post(page_of(photo), {f"version-{photo.pk}": version, f"turn-{photo.pk}": 0, "save": "copies"} | numbers)
    assert answer.status_code == 409
    filled = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.content.decode()))
    filled = {name: html.unescape(value) for name, value in filled.items() if str(photo.pk) in name}
    states = dict.fromkeys(re.findall(r'name="(state-[^"]+)" value="cover" data-say-state checked', answer.content.decode()), "cover")
    ward.post(page_of(photo), filled | states | {"save": "copies"})
    boxes = [(one.x, one.y, one.w, one.h) for one in queries.findings(record.by, photo.pk) if one.state == "cover"]
    assert (0.2, 0.2, 0.2, 0.2) in boxes


def test_what_was_ticked_stays_where_something_is_missing(ward, record, photo):
    ready(photo, record.by)
    ward.get(page_of(photo))
    version = queries.draft_of(record.by, photo.pk).version
    said = {f"version-{photo.pk}": version, f"turn-{photo.pk}": 0, "looked_for": ["marks", "worn"], "save": "copies"}
    said |= {f"state-{one.pk}": one.state for one in queries.findings(record.by, photo.pk)}
    answer = ward.post(page_of(photo), said)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Tick each line when you have looked for it" in shown
    assert shown.count(" checked") >= 2
    assert queries.approvals(record.by, [photo.pk]) == {}


def test_a_set_is_of_one_patient_and_holds_only_photos_that_can_be_covered(ward, record, photo):
    other = make_record("OTHER", "9990000026").photos(1)[0]
    assert ward.get(page_of(photo, other)).status_code == 409
    video = file_other(record.patient, record.visit, FrameKind.VIDEO, b"\0\0\0\x18ftypisom" + bytes(100))
    refused = ward.get(page_of(video))
    assert refused.status_code == 409
    assert "A video cannot be covered" in refused.content.decode()
    assert ward.get(reverse("deidentify:set")).status_code == 404


def test_nobody_is_led_to_another_site_afterwards(ward, photo):
    assert "elsewhere.example" not in ward.get(page_of(photo, next="https://elsewhere.example/")).content.decode()
    assert "/ask/" in ward.get(page_of(photo, next="/ask/")).content.decode()


def test_a_stranger_to_the_patient_sees_nothing(photo):
    stranger = sign_in(Client(), make_person("far", "Dr F Far", wards=["EYES"]))
    for address in (page_of(photo), reverse("deidentify:cover", args=[photo.pk]), reverse("deidentify:found", args=[photo.pk])):
        answer = stranger.get(address)
        assert answer.status_code == 403
        assert "SAMPLE" not in answer.content.decode()


def test_a_photo_that_is_not_to_be_shared_has_no_copy_any_more_and_leaves_its_set(ward, record, photo):
    make_covered_copy(photo, record.by)
    second = record.photos(1)[0]
    ward.get(page_of(photo, second))
    version = queries.draft_of(record.by, photo.pk).version
    address = f"{reverse('deidentify:reject', args=[photo.pk])}?photos={photo.pk},{second.pk}"
    answer = ward.post(address, {f"version-{photo.pk}": version})
    assert answer["Location"] == page_of(second)
    assert queries.approvals(record.by, [photo.pk]) == {}


def test_three_photos_come_one_after_the_other_and_are_signed_once_after_each_was_opened(ward, record):
    photos = record.photos(3)
    for photo in photos:
        note(photo)
    urgent = {"urgent": "nothing_else", "save": "copies"}

    def posted(at: int, **said: str) -> HttpResponse:
        photo = photos[at - 1]
        draft = queries.draft_of(record.by, photo.pk)
        return ward.post(page_of(*photos, at=str(at)), {f"version-{photo.pk}": draft.version, f"turn-{photo.pk}": 0, **said})

    assert "It can miss things" in ward.get(page_of(*photos, at="3")).content.decode()
    assert "Open each photo of the set once" in posted(3, **urgent).content.decode()
    assert "It can miss things" not in ward.get(page_of(*photos)).content.decode()
    assert posted(1, go="2")["Location"] == page_of(*photos, at="2")
    assert "Photo 2 of 3." in ward.get(page_of(*photos, at="2")).content.decode()
    done = posted(3, **urgent)
    assert done["Location"] == page_of(*photos).replace("/cover/", "/cover/done/")
    assert "Saved. The computer looks once more" in ward.get(done["Location"]).content.decode()
    for photo in photos:
        computer_looks_again(photo)
    assert len(queries.approvals(record.by, [photo.pk for photo in photos])) == 3
    assert "3 copies can be shared" in ward.get(done["Location"]).content.decode()


def test_ticked_photos_are_covered_from_the_timeline_and_the_latest_visit_where_none_is_ticked(ward, record, photo):
    second = record.photos(1)[0]
    timeline = reverse("photographs:patient", args=[record.patient.pk])
    assert f'formaction="{reverse("deidentify:set")}"' in ward.get(timeline).content.decode()
    ticked = ward.get(f"{reverse('deidentify:set')}?patient={record.patient.pk}&photos={photo.pk}&photos={second.pk}")
    assert ticked["Location"] == page_of(photo, second)
    none = ward.get(f"{reverse('deidentify:set')}?patient={record.patient.pk}")
    assert {str(photo.pk), str(second.pk)} == set(none["Location"].partition("photos=")[2].split(","))
    stranger = sign_in(Client(), make_person("far", "Dr F Far", wards=["EYES"]))
    assert stranger.get(f"{reverse('deidentify:set')}?patient={record.patient.pk}").status_code == 403
    assert ward.get(f"{reverse('deidentify:set')}?patient=x").status_code == 404


@pytest.mark.requirement("F1")
def test_a_photo_whose_time_is_over_is_opened_again_by_one_request_that_stands_in_the_ledger(ward, record, photo):
    ward.get(page_of(photo))
    with time_machine.travel(clock.now() + rules.DESK_FOR, tick=False):
        later = sign_in(Client(), record.person)
        assert later.get(bytes_of(photo)).status_code == 404
        before = len(facts_of("deidentify.view_desk"))
        assert later.post(reverse("deidentify:open_again", args=[photo.pk])).status_code == 204
        assert later.get(bytes_of(photo)).status_code == 200
        assert len(facts_of("deidentify.view_desk")) == before + 1


def test_a_photo_is_opened_again_by_nobody_who_may_not_see_its_patient(photo):
    stranger = sign_in(Client(), make_person("lim", "Mr C Lim", wards=["ED"]))
    assert stranger.post(reverse("deidentify:open_again", args=[photo.pk])).status_code == 403
    assert facts_of("deidentify.view_desk") == []
