"""Two people on one photo: what the slower drew is kept for them alone until they have chosen whose boxes stay."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.deidentify import approve, cover, decide_all, keep, note, open_desk, said, seen
from tests.factories.photographs import facts_of, make_record
from tests.factories.staff import actor_of, make_person, sign_in

from safelight.access.errors import NoCareRelationship
from safelight.deidentify import queries
from safelight.deidentify.actions.let_go_of_boxes import let_go_of_boxes
from safelight.deidentify.actions.set_boxes_aside import set_boxes_aside
from safelight.deidentify.errors import NotOpened, TooManyBoxes
from safelight.deidentify.models import Decision, Finding, SetAside
from safelight.deidentify.rules import MOST_BOXES
from safelight.kernel import clock
from safelight.photographs import moving
from safelight.photographs.actions.correct_patient import correct_patient
from safelight.photographs.reasons import MoveReason

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("F1")]


@pytest.fixture
def record():
    return make_record()


@pytest.fixture
def photo(record):
    photo = record.photos()[0]
    note(photo, seen("EXIT"))
    open_desk(photo, record.by)
    return photo


@pytest.fixture
def webb():
    return make_person("webb", "Sr E Webb")


@pytest.fixture
def ward(record, photo):
    """Dr Khan's page is open, as of the first version."""
    return sign_in(Client(), record.person)


def aside(by, photo, *boxes) -> None:
    set_boxes_aside(by=by, photograph_id=photo.pk, boxes=boxes, turn=0, now=clock.now(), new_id=uuid4())


def show_it(photo, person) -> None:
    open_desk(photo, actor_of(person))
    keep(photo, actor_of(person), said(Finding.objects.get(), Decision.SHOW))


def posted(photo, state: str, *, version: int, **more: str) -> dict[str, str]:
    found = Finding.objects.get(photograph=photo)
    box = {"id": str(found.pk), "x": found.x, "y": found.y, "w": found.w, "h": found.h, "state": state}
    drawn = {"id": str(uuid4()), "x": 0.6, "y": 0.6, "w": 0.1, "h": 0.1, "state": "cover"}
    return {"version": str(version), "turn": "0", "boxes": json.dumps([box, drawn])} | more


def address(name: str, photo) -> str:
    return reverse(f"deidentify:{name}", args=[photo.pk])


class TestThePage:
    def test_shows_both_on_a_reload_until_one_is_chosen(self, ward, photo, webb):
        show_it(photo, webb)
        assert ward.post(address("keep", photo), posted(photo, "cover", version=1)).status_code == 409
        page = ward.get(address("cover", photo)).content.decode()
        assert "Sr E Webb changed this at" in page
        assert "Drawn box" in page
        assert Finding.objects.get().state == Decision.SHOW
        kept = ward.post(address("keep", photo), posted(photo, "cover", version=2, chosen="mine"))
        assert kept.status_code == 200
        assert not SetAside.objects.exists()
        assert "changed this at" not in ward.get(address("cover", photo)).content.decode()

    def test_shows_nothing_more_of_mine_once_theirs_was_taken(self, ward, photo, webb):
        show_it(photo, webb)
        ward.post(address("keep", photo), posted(photo, "cover", version=1))
        assert ward.post(address("aside", photo), {"theirs": "1"}).status_code == 200
        assert "changed this at" not in ward.get(address("cover", photo)).content.decode()
        assert Finding.objects.get().state == Decision.SHOW

    def test_keeps_what_is_drawn_before_one_is_chosen(self, record, ward, photo, webb):
        show_it(photo, webb)
        ward.post(address("keep", photo), posted(photo, "cover", version=1))
        ward.post(address("aside", photo), posted(photo, "undecided", version=1))
        assert [box["state"] for box in queries.set_aside(record.by, photo.pk).boxes] == ["undecided", "cover"]

    def test_shows_what_the_computer_found_in_the_meantime(self, ward, photo, webb):
        show_it(photo, webb)
        ward.post(address("keep", photo), posted(photo, "cover", version=1))
        note(photo, seen("STERILE", box=(0.5, 0.2, 0.1, 0.1)), stage="text-close")
        rows = ward.get(address("cover", photo)).content.decode().partition("sl-cover__rows")[2].partition("<template")[0]
        assert "STERILE" in rows
        assert "EXIT" in rows

    def test_is_the_same_without_scripts(self, ward, photo, webb):
        show_it(photo, webb)
        said_here = posted(photo, "cover", version=1)
        form = {f"{name}-{photo.pk}": value for name, value in said_here.items()}
        assert ward.post(address("cover", photo), form).status_code == 409
        assert "changed this at" in ward.get(address("cover", photo)).content.decode()
        again = {f"{name}-{photo.pk}": value for name, value in (said_here | {"version": "2"}).items()}
        assert ward.post(address("cover", photo), again).status_code == 302
        assert "changed this at" not in ward.get(address("cover", photo)).content.decode()
        assert not SetAside.objects.exists()

    def test_of_a_colleague_shows_nothing_of_it(self, ward, photo, webb):
        show_it(photo, webb)
        ward.post(address("keep", photo), posted(photo, "cover", version=1))
        page = sign_in(Client(), webb).get(address("cover", photo)).content.decode()
        assert 'data-dispute="null"' in page
        assert "Drawn box" not in page.partition("<template")[0]


def test_there_is_one_for_each_person_the_newest(record, photo, webb):
    open_desk(photo, actor_of(webb))
    aside(record.by, photo, cover())
    aside(record.by, photo, cover(), cover((0.6, 0.6, 0.1, 0.1)))
    aside(actor_of(webb), photo, cover())
    assert sorted(len(each.boxes) for each in SetAside.objects.all()) == [1, 2]
    assert [fact["boxes"] for fact in facts_of("deidentify.set_boxes_aside")] == [1, 2, 1]
    let_go_of_boxes(by=record.by, photograph_id=photo.pk, now=clock.now())
    assert SetAside.objects.get().person == webb.pk


def test_it_is_for_who_may_see_the_patient_and_has_opened_the_photo(photo, webb):
    with pytest.raises(NotOpened):
        aside(actor_of(webb), photo, cover())
    with pytest.raises(NoCareRelationship):
        aside(actor_of(make_person("lim", "Mr C Lim", wards=["ED"])), photo, cover())
    with pytest.raises(NoCareRelationship):
        let_go_of_boxes(by=actor_of(make_person("osei", "B Osei", wards=["ED"])), photograph_id=photo.pk, now=clock.now())


def test_there_is_an_end_to_how_many_boxes_are_kept(record, photo):
    with pytest.raises(TooManyBoxes):
        aside(record.by, photo, *(cover() for _ in range(MOST_BOXES + 1)))


def test_it_is_over_when_somebody_has_signed_since(record, photo):
    aside(record.by, photo, cover())
    decide_all(photo, record.by)
    approve(record.by, photo)
    assert queries.set_aside(record.by, photo.pk) is None


def test_it_is_over_when_the_photo_is_another_patients(record, photo):
    aside(record.by, photo, cover())
    other = make_record("OTHER", "9990000026")
    ids = tuple(uuid4() for _ in range(3))
    prepared = moving.prepare(record.by, photograph=photo.pk, visit=other.visit.pk, why=MoveReason.OTHER_SLATE, tombstones=ids)
    correct_patient(by=record.by, photograph_id=photo.pk, moving=prepared, now=clock.now())
    assert queries.set_aside(record.by, photo.pk) is None
