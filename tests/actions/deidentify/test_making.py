"""Making a covered copy: real bytes, covered, sealed for the patient."""

from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import numpy as np
import pytest
from PIL import Image, ImageOps
from tests.factories import pictures as invented
from tests.factories.deidentify import approve, cover, decide_all, keep, make_covered_copy, note, open_desk, ready, seen
from tests.factories.patients import make_patient
from tests.factories.photographs import file_one, make_record
from tests.factories.staff import actor_of, make_person
from tests.factories.visits import make_visit

from safelight.access.errors import NoCareRelationship
from safelight.deidentify import making, queries
from safelight.deidentify.errors import NotOpened, PhotographersEvidence, SlateFrame, StillUndecided
from safelight.kernel import clock
from safelight.photographs.models import Visit
from safelight.vault import objects
from safelight.vault.models import Rendition, StoredObject

pytestmark = pytest.mark.django_db
BLACK = 16


@pytest.fixture
def record():
    return make_record()


def make(photo, by):
    return making.make(by, photo.pk, now=clock.now(), approval=uuid4())


def shown(stored: StoredObject) -> np.ndarray:
    """A covered copy as it is seen, in shades of grey."""
    file = Image.open(BytesIO(b"".join(objects.open_object(stored))))
    return np.asarray(ImageOps.exif_transpose(file).convert("L"))


def part(picture: np.ndarray, x: float, y: float, w: float, h: float) -> np.ndarray:
    tall, wide = picture.shape
    return picture[round(y * tall) : round((y + h) * tall), round(x * wide) : round((x + w) * wide)]


@pytest.mark.requirement("F1")
@pytest.mark.requirement("F4")
def test_the_copy_is_black_in_the_box_and_the_record_copy_stays_as_it_was(record):
    [photo] = record.photos()
    before = photo.record_copy.digest
    approval = make_covered_copy(photo, record.by, boxes=((0.25, 0.25, 0.25, 0.25),))
    picture = shown(queries.copy_bytes(record.by, approval.pk))
    assert part(picture, 0.25, 0.25, 0.25, 0.25).max() <= BLACK
    assert part(picture, 0.6, 0.6, 0.3, 0.3).mean() > BLACK
    photo.refresh_from_db()
    assert objects.read_back(photo.record_copy) == before == approval.copy.digest
    assert (approval.copy.how, approval.copy.height, approval.copy.width) == ("unchanged", *picture.shape)


@pytest.mark.requirement("F4")
def test_nothing_of_the_cameras_notes_is_in_the_copy(record):
    [photo] = record.photos()
    assert invented.BODY.serial.encode() in b"".join(objects.open_object(photo.record_copy))
    approval = make_covered_copy(photo, record.by, boxes=())
    copy = b"".join(objects.open_object(queries.copy_bytes(record.by, approval.pk)))
    assert invented.BODY.serial.encode() not in copy
    assert dict(Image.open(BytesIO(copy)).getexif()).keys() <= {0x0112}


def test_a_box_lies_where_it_was_drawn_in_a_photo_that_somebody_turned(record):
    [photo] = record.photos(1, jpeg=invented.photo(orientation=6))
    ready(photo, record.by)
    keep(photo, record.by, cover((0.0, 0.0, 0.25, 0.25)), turn=1)
    approval = approve(record.by, photo, copies=[make(photo, record.by)])[photo.pk]
    picture = shown(approval.copy.stored)
    assert (approval.copy.turn, approval.copy.height, approval.copy.width) == (1, *picture.shape)
    assert part(picture, 0.76, 0.0, 0.24, 0.24).max() <= BLACK  # what was at the upper left is at the upper right after the turn
    assert part(picture, 0.0, 0.0, 0.5, 0.24).mean() > BLACK


def test_a_copy_is_made_for_who_may_and_has_decided_everything(record):
    [photo] = record.photos()
    with pytest.raises(NotOpened):
        make(photo, record.by)
    note(photo, seen("A1B2"))
    open_desk(photo, record.by)
    with pytest.raises(StillUndecided):
        make(photo, record.by)
    with pytest.raises(NoCareRelationship):
        make(photo, actor_of(make_person("lim", "Mr C Lim", wards=["ED"])))
    decide_all(photo, record.by)
    Visit.objects.update(evidential=True)
    with pytest.raises(PhotographersEvidence):
        make(photo, record.by)
    assert not StoredObject.objects.filter(rendition=Rendition.COVERED).exists()


@pytest.mark.requirement("F5")
def test_a_slate_that_no_finder_saw_is_seen_when_the_copy_is_made(record):
    [photo] = record.photos(1, jpeg=invented.slate_photo(invented.slate_text(1)))
    note(photo, failed=True)
    copy = make(ready(photo, record.by, boxes=((0.0, 0.0, 1.0, 1.0),)), record.by)
    assert copy.slate
    with pytest.raises(SlateFrame):
        approve(record.by, photo, copies=[copy])


@pytest.mark.requirement("F6")
@pytest.mark.parametrize(("born", "young"), [(date(1970, 2, 1), False), (date(2017, 3, 14), True), (None, True)])
def test_who_may_have_been_under_18_when_the_photo_was_taken_is_young(record, born, young):
    patient = make_patient("MODEL", "Cara", "9990000026", "0000026", born)
    photo = file_one(patient, make_visit(patient, record.by, at=clock.now() - timedelta(hours=1)))
    assert make(ready(photo, record.by, boxes=()), record.by).young is young
