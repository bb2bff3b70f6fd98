"""The second look: nobody is shown a copy before it, what it turns up is for a person, and a signed copy is recalled by it."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from tests.factories import pictures as invented
from tests.factories.deidentify import (
    all_finders,
    approve,
    computer_looks_again,
    cover,
    decide_all,
    keep,
    look_again,
    made,
    make_covered_copy,
    note,
    open_desk,
    ready,
    said,
    see_desk,
    seen,
)
from tests.factories.labelled import labelled, stored
from tests.factories.photographs import facts_of, make_record
from tests.factories.staff import sign_in

from safelight.deidentify import again, queries
from safelight.deidentify.actions.note_second_look import note_second_look
from safelight.deidentify.actions.reject_copy import reject_copy
from safelight.deidentify.boxes import Kind
from safelight.deidentify.errors import LookedAtAnother, NoCopyStands, NotedAlready, StillUndecided
from safelight.deidentify.models import Decision, Finding, Match, SecondLook
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.photographs.slates import code
from safelight.vault import objects
from safelight.vault.models import Rendition

pytestmark = pytest.mark.django_db
ELSEWHERE, BESIDE = (0.6, 0.6, 0.2, 0.1), (0.7, 0.1, 0.1, 0.1)


@pytest.fixture
def record():
    return make_record()


@pytest.fixture
def photo(record):
    return ready(record.photos()[0], record.by)


def stands(record, photo) -> bool:
    return photo.pk in queries.approvals(record.by, [photo.pk])


def draft(record, photo):
    return queries.draft_of(record.by, photo.pk)


def done_page(photo, *, then: str = "", part: bool = False) -> str:
    address = reverse("deidentify:copies" if part else "deidentify:covered")
    return f"{address}?photos={photo.pk}{f'&next={then}' if then else ''}{'&waited=1' if part else ''}"


@pytest.mark.requirement("F1")
def test_nobody_is_shown_a_copy_before_the_computer_has_looked_at_it_again(record, photo):
    approval = approve(record.by, photo, looked_again=False)[photo.pk]
    assert not stands(record, photo)
    for ask in (queries.standing, queries.copy_bytes):
        with pytest.raises(NoCopyStands):
            ask(record.by, approval.pk)
    look_again(approval.copy)
    assert queries.standing(record.by, approval.pk) == approval


def test_a_look_at_the_draft_is_there_when_it_is_signed(record, photo):
    look_again(draft(record, photo))
    approve(record.by, photo, looked_again=False)
    assert stands(record, photo)


@pytest.mark.parametrize("change", ["box", "turn"])
def test_a_look_at_other_boxes_or_another_turn_is_none(record, photo, change):
    look_again(draft(record, photo))
    boxes = [said(one, Decision.COVER) for one in queries.findings(record.by, photo.pk) if one.x is not None]
    keep(photo, record.by, *boxes, *([cover(ELSEWHERE)] if change == "box" else []), turn=int(change == "turn"))
    approve(record.by, photo, looked_again=False)
    assert not stands(record, photo)


@pytest.mark.requirement("F1")
def test_what_still_looks_like_something_is_decided_before_it_is_signed(record, photo):
    look_again(draft(record, photo), seen("A1", box=ELSEWHERE), seen("B2", box=BESIDE), seen(kind=Kind.FACE, box=(0.3, 0.6, 0.2, 0.2)))
    assert see_desk(photo, record.by).again == {Kind.TEXT: 2, Kind.FACE: 1}
    page = sign_in(Client(), record.person).get(reverse("deidentify:found", args=[photo.pk])).content.decode()
    assert "2 things still look like text, 1 like a face in the covered copy. Cover or show each." in page
    with pytest.raises(StillUndecided):
        approve(record.by, photo)
    decide_all(photo, record.by, Decision.SHOW)
    keep(photo, record.by, *(said(one, Decision.SHOW) for one in Finding.objects.filter(photograph=photo, x__isnull=False)))
    assert approve(record.by, photo, looked_again=False)[photo.pk].copy.again == 3
    open_desk(photo, record.by)
    assert see_desk(photo, record.by).again == {}


@pytest.mark.requirement("F1")
def test_a_draft_is_looked_at_as_a_whole_before_it_is_signed_so_that_nothing_is_left_for_after(record, photo):
    computer_looks_again(photo)
    assert sorted(SecondLook.objects.values_list("whole", flat=True)) == [False, True]
    approve(record.by, photo, looked_again=False)
    computer_looks_again(photo)
    assert SecondLook.objects.count() == 2


@pytest.mark.requirement("F1")
def test_the_page_waits_for_the_whole_of_a_look_of_which_half_has_brought_something(record, photo):
    assert see_desk(photo, record.by).looking_again
    look_again(draft(record, photo), seen("A1", box=ELSEWHERE))
    assert see_desk(photo, record.by).looking_again
    look_again(draft(record, photo), seen("A1", box=ELSEWHERE), seen("B2", box=BESIDE), whole=True)
    desk = see_desk(photo, record.by)
    assert (desk.looking_again, desk.again) == (False, {Kind.TEXT: 2})


@pytest.mark.requirement("F1")
def test_what_the_second_half_of_a_look_brings_is_decided_before_it_is_signed(record, photo):
    look_again(draft(record, photo))
    look_again(draft(record, photo), seen("A1", box=ELSEWHERE), whole=True)
    with pytest.raises(StillUndecided):
        approve(record.by, photo)


@pytest.mark.requirement("F1")
def test_what_turns_up_after_somebody_signed_recalls_the_copy_until_a_person_decides_and_signs(record, photo):
    given = approve(record.by, photo)[photo.pk]
    look_again(given.copy, seen("SAMPLE", box=ELSEWHERE), whole=True)
    assert not stands(record, photo)
    with pytest.raises(NoCopyStands):
        queries.standing(record.by, given.pk)
    assert [fact["fact"] for fact in facts_of("deidentify.note_second_look")][-2:] == ["deidentify.LookedAgain", "deidentify.CopyRecalled"]
    open_desk(photo, record.by)
    with pytest.raises(StillUndecided):
        approve(record.by, photo)
    decide_all(photo, record.by)
    assert not stands(record, photo)  # deciding alone brings nothing back
    newer = approve(record.by, photo)[photo.pk]
    assert queries.standing(record.by, given.pk) == newer


def test_what_is_hidden_or_was_shown_on_purpose_recalls_nothing(record, photo):
    boxes = [said(one, Decision.COVER) for one in queries.findings(record.by, photo.pk) if one.x is not None]
    keep(photo, record.by, *boxes, cover(ELSEWHERE, state=Decision.SHOW))
    given = approve(record.by, photo)[photo.pk]
    look_again(given.copy, seen("A1", box=ELSEWHERE), seen(kind=Kind.FACE, box=(0.12, 0.12, 0.1, 0.1)), whole=True)
    assert stands(record, photo)
    look = SecondLook.objects.get(whole=True)
    assert (look.found, look.recalls) == ([], False)


def test_half_a_face_beside_its_box_is_not_hidden(record, photo):
    given = approve(record.by, photo)[photo.pk]
    look_again(given.copy, seen(kind=Kind.FACE, box=(0.2, 0.1, 0.2, 0.2)), whole=True)
    assert not stands(record, photo)


@pytest.mark.requirement("F5")
def test_a_slate_that_turns_up_leaves_no_way_to_a_copy(record, photo):
    given = approve(record.by, photo)[photo.pk]
    look_again(given.copy, seen(code.new(bytes(8)), kind=Kind.BARCODE, box=ELSEWHERE), whole=True)
    assert Finding.objects.filter(photograph=photo, matches=Match.SLATE).exists()
    assert not stands(record, photo)
    assert queries.coverable(record.by, photo) == "deidentify.slate_frame"


def test_where_the_computer_cannot_look_again_the_copy_says_so(record, photo):
    given = approve(record.by, photo, looked_again=False)[photo.pk]
    look_again(given.copy, failed=True)
    assert stands(record, photo)
    open_desk(photo, record.by)
    assert "The computer could not check this photo" in sign_in(Client(), record.person).get(done_page(photo)).content.decode()


def test_a_picture_is_noted_once_and_never_for_another(record, photo):
    here = draft(record, photo)
    stale = next(again.looks(WORKER, here, new_id=uuid4))
    look_again(here)
    with pytest.raises(NotedAlready):
        look_again(here)
    version = keep(photo, record.by, cover(ELSEWHERE))
    with pytest.raises(LookedAtAnother):
        note_second_look(by=WORKER, seen=stale, now=clock.now(), new_id=uuid4())
    reject_copy(by=record.by, photograph_id=photo.pk, version=version, now=clock.now())
    computer_looks_again(photo)
    assert SecondLook.objects.count() == 1


def test_a_noted_look_is_never_changed(record, photo):
    look_again(draft(record, photo))
    for words in ("UPDATE deidentify_secondlook SET recalls = recalls", "DELETE FROM deidentify_secondlook"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words)


def test_copies_from_before_there_were_second_looks_stand_as_they_did(record, photo):
    approve(record.by, photo, looked_again=False)
    module = import_module("safelight.deidentify.migrations.0004_copies_looked_at_while_they_were_signed")
    module.note(apps, None)
    assert stands(record, photo)


def test_the_page_says_that_the_computer_looks_once_more_and_goes_on_by_itself(record, photo):
    ward = sign_in(Client(), record.person)
    given = approve(record.by, photo, looked_again=False)[photo.pk]
    shown = ward.get(done_page(photo, then="/ask/")).content.decode()
    assert "Saved. The computer looks once more" in shown
    assert "can be shared</h1>" not in shown
    assert "HX-Redirect" not in ward.get(done_page(photo, then="/ask/", part=True))
    look_again(given.copy)
    assert ward.get(done_page(photo, then="/ask/", part=True))["HX-Redirect"] == "/ask/"


def test_the_page_asks_again_though_the_draft_was_looked_at_before_its_last_change(record, photo):
    ward = sign_in(Client(), record.person)
    look_again(draft(record, photo), failed=True)
    look_again(draft(record, photo), whole=True)
    keep(
        photo,
        record.by,
        *(said(one, Decision.COVER) for one in Finding.objects.filter(photograph=photo, x__isnull=False)),
        cover(ELSEWHERE),
    )
    given = approve(record.by, photo, looked_again=False)[photo.pk]
    shown = ward.get(done_page(photo, then="/ask/")).content.decode()
    assert "hx-get" in shown.partition('id="copies"')[2].partition(">")[0]
    assert "could not check this photo" not in shown
    look_again(given.copy)
    assert ward.get(done_page(photo, then="/ask/", part=True))["HX-Redirect"] == "/ask/"


def test_a_copy_whose_photo_was_not_opened_lately_is_no_broken_picture(record, photo):
    approve(record.by, photo)
    ward = sign_in(Client(), record.person)
    assert "Open the photo again" in ward.get(done_page(photo)).content.decode()
    ward.get(reverse("deidentify:cover", args=[photo.pk]))
    page = ward.get(done_page(photo)).content.decode()
    assert "Open the photo again" not in page
    assert reverse("deidentify:file", args=[photo.pk, "covered"]) in page


def test_who_signed_is_told_on_the_page_and_on_home_until_they_have_decided_anew(record, photo):
    ward = sign_in(Client(), record.person)
    given = approve(record.by, photo)[photo.pk]
    home = "/"
    assert "taken back" not in ward.get(home).content.decode()
    look_again(given.copy, seen("A1", box=ELSEWHERE), seen(kind=Kind.FACE, box=BESIDE), whole=True)
    said_here = ward.get(done_page(photo, then="/ask/", part=True))
    assert "HX-Redirect" not in said_here
    assert "was taken back: 1 thing still looks like a face, 1 like text. Nobody is shown it." in said_here.content.decode()
    assert "A covered copy of " in ward.get(home).content.decode()
    open_desk(photo, record.by)
    decide_all(photo, record.by)
    approve(record.by, photo)
    assert "taken back" not in ward.get(home).content.decode()


@pytest.mark.one_database
def test_a_copy_that_is_larger_than_a_file_of_its_kind_may_be_is_looked_at_and_shown_like_any_other(record, photo):
    jpeg = invented.photo() + bytes(65 << 20)
    kept = objects.keep([jpeg], rendition=Rendition.COVERED, holder=str(photo.patient_id), limit=len(jpeg))
    approve(record.by, photo, copies=[made(photo, kept=kept)], looked_again=False)
    computer_looks_again(photo)
    assert not SecondLook.objects.filter(failed=True).exists()
    assert stands(record, photo)
    ward = sign_in(Client(), record.person)
    ward.get(reverse("deidentify:cover", args=[photo.pk]))
    assert ward.get(reverse("deidentify:file", args=[photo.pk, "covered"])).status_code == 200


@pytest.mark.one_database
@pytest.mark.slow
def test_every_finder_looks_again_at_the_real_copy(record):
    [photo] = record.photos(1, jpeg=stored(labelled(size=(1200, 900), font=60).shown))
    with all_finders():
        note(photo)
        make_covered_copy(photo, record.by, boxes=())
        assert not stands(record, photo)
        open_desk(photo, record.by)
        assert see_desk(photo, record.by).again[Kind.TEXT] >= 1
        decide_all(photo, record.by)
        drawn = [said(one, Decision.COVER) for one in queries.findings(record.by, photo.pk) if one.x is not None]
        keep(photo, record.by, cover((0.0, 0.0, 1.0, 1.0)), *drawn)
        computer_looks_again(photo)
        approve(record.by, photo, looked_again=False)
        assert stands(record, photo)
