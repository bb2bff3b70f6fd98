"""Keeping what a person drew and decided: nobody overwrites what they have not seen."""

from uuid import uuid4

import pytest
from tests.factories.deidentify import cover, decide_all, keep, note, open_desk, said, see_desk, seen
from tests.factories.photographs import facts_of, make_record
from tests.factories.staff import actor_of, make_person

from safelight.access.errors import NoCareRelationship
from safelight.deidentify import queries
from safelight.deidentify.boxes import Box, Kind
from safelight.deidentify.errors import ChangedMeanwhile, NotOpened, TooManyBoxes
from safelight.deidentify.models import CoveredCopy, Decision, Finding
from safelight.deidentify.rules import MOST_BOXES
from safelight.deidentify.said import BoxSaid
from safelight.kernel import clock
from safelight.kernel.errors import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    return make_record()


@pytest.fixture
def photo(record):
    photo = record.photos()[0]
    note(photo, seen("EXIT"), seen("SAMPLE", box=(0.5, 0.5, 0.1, 0.1)))
    open_desk(photo, record.by)
    return photo


def finding(read: str) -> Finding:
    return Finding.objects.get(number={"EXIT": 1, "SAMPLE": 2}[read])


def test_keeps_who_decided_what_and_when(record, photo):
    now = clock.now()
    assert keep(photo, record.by, said(finding("EXIT"), Decision.SHOW), said(finding("SAMPLE"), Decision.COVER), now=now) == 2
    assert [(each.state, each.decided_by, each.decided_at) for each in Finding.objects.order_by("number")] == [
        ("show", record.by.id, now),
        ("cover", record.by.id, now),
    ]
    [kept] = facts_of("deidentify.keep_boxes")
    assert (kept["covered"], kept["shown"], kept["undecided"], kept["version"]) == (1, 1, 0, 2)


def test_a_decision_that_is_sent_again_stays_whose_it_was(record, photo):
    keep(photo, record.by, said(finding("SAMPLE"), Decision.COVER))
    webb = actor_of(make_person("webb", "Sr E Webb"))
    open_desk(photo, webb)
    keep(photo, webb, said(finding("SAMPLE"), Decision.COVER), said(finding("EXIT"), Decision.SHOW))
    assert finding("SAMPLE").decided_by == record.by.id
    assert finding("EXIT").decided_by == webb.id


def test_a_decision_can_be_taken_back(record, photo):
    keep(photo, record.by, said(finding("SAMPLE"), Decision.COVER))
    keep(photo, record.by, said(finding("SAMPLE"), Decision.UNDECIDED))
    assert (finding("SAMPLE").state, finding("SAMPLE").decided_by, finding("SAMPLE").decided_at) == ("undecided", None, None)


def test_what_is_not_named_was_found_meanwhile_and_stays_undecided(record, photo):
    keep(photo, record.by, said(finding("EXIT"), Decision.SHOW))
    assert finding("SAMPLE").state == Decision.UNDECIDED


def test_a_finding_can_be_moved_and_keeps_what_was_read(record, photo):
    keep(photo, record.by, BoxSaid(id=finding("SAMPLE").pk, box=Box(0.4, 0.4, 0.3, 0.3), state=Decision.COVER))
    [first, _] = see_desk(photo, record.by).findings
    assert (first.read, first.box, first.state) == ("SAMPLE", Box(0.4, 0.4, 0.3, 0.3), Decision.COVER)


def test_a_drawn_box_gets_the_next_number_and_goes_when_it_is_not_sent_again(record, photo):
    mine = cover((0.8, 0.8, 0.1, 0.1))
    keep(photo, record.by, mine)
    drawn = Finding.objects.get(pk=mine.id)
    assert (drawn.number, drawn.source, drawn.state, drawn.kind) == (3, "drawn", "cover", "text")
    keep(photo, record.by)
    assert not Finding.objects.filter(pk=mine.id).exists()
    assert Finding.objects.count() == 2


def test_who_brings_an_old_version_changes_nothing_and_is_told_whose_the_new_one_is(record, photo):
    webb, now = actor_of(make_person("webb", "Sr E Webb")), clock.now()
    open_desk(photo, webb)
    keep(photo, webb, said(finding("EXIT"), Decision.SHOW), version=1, now=now)
    with pytest.raises(ChangedMeanwhile) as no:
        keep(photo, record.by, said(finding("EXIT"), Decision.COVER), version=1)
    assert (no.value.by, no.value.at) == (webb.id, now)
    assert finding("EXIT").state == Decision.SHOW
    assert CoveredCopy.objects.get().version == 2


def test_the_turn_is_a_number_of_quarters(record, photo):
    keep(photo, record.by, turn=5)
    assert CoveredCopy.objects.get().turn == 1


def test_nothing_is_kept_of_a_photo_that_was_not_opened(record, photo):
    with pytest.raises(NotOpened):
        keep(photo, actor_of(make_person("webb", "Sr E Webb")), version=1)
    with pytest.raises(NotOpened):
        keep(record.photos()[0], record.by, version=0)


def test_a_stranger_keeps_nothing(photo):
    with pytest.raises(NoCareRelationship):
        keep(photo, actor_of(make_person("lim", "Mr C Lim", wards=["ED"])), version=1)


def test_another_photos_finding_is_no_box_of_this_one(record, photo):
    other = record.photos()[0]
    open_desk(other, record.by)
    with pytest.raises(NotFound):
        keep(other, record.by, said(finding("SAMPLE"), Decision.SHOW))
    assert finding("SAMPLE").state == Decision.UNDECIDED


def test_metadata_is_neither_drawn_nor_shown(record, photo):
    note(photo, seen("Owner", kind=Kind.METADATA), stage="metadata")
    carried = Finding.objects.get(kind=Kind.METADATA)
    keep(photo, record.by, BoxSaid(id=carried.pk, box=Box(0, 0, 1, 1), state=Decision.SHOW))
    carried.refresh_from_db()
    assert (carried.state, carried.x) == ("cover", None)
    with pytest.raises(NotFound):
        keep(photo, record.by, BoxSaid(id=uuid4(), box=Box(0, 0, 1, 1), state=Decision.COVER, kind=Kind.METADATA))


def test_a_photo_has_no_thousand_boxes_and_no_box_twice(record, photo):
    with pytest.raises(TooManyBoxes):
        keep(photo, record.by, *(cover() for _ in range(MOST_BOXES + 1)))
    twice = cover()
    with pytest.raises(TooManyBoxes):
        keep(photo, record.by, twice, twice)


def test_hundreds_of_lines_of_print_can_all_be_covered(record, photo):
    lines = [seen(f"line {number}", box=(number % 20 / 20, number // 20 / 20, 0.04, 0.04)) for number in range(201)]
    note(photo, *lines, stage="text-close")
    open_desk(photo, record.by)
    decide_all(photo, record.by, Decision.COVER)
    assert not queries.to_decide(record.by, [photo.pk])
