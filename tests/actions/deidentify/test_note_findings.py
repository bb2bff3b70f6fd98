"""What the computer saw, stage by stage: noted once, under the patient and of the file that the photo has; no decision is lost."""

from uuid import uuid4

import pytest
from tests.factories.deidentify import decide_all, keep, note, open_desk, said, see_desk, seen
from tests.factories.photographs import facts_of, make_record

from safelight.deidentify import looking, queries, rules
from safelight.deidentify.actions.note_findings import note_findings
from safelight.deidentify.boxes import Kind, Stage
from safelight.deidentify.errors import LookedAtAnother, NotedAlready
from safelight.deidentify.models import Decision, Finding, Look, Match
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.photographs.models import Photograph
from safelight.photographs.slates import code

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    return make_record()


@pytest.fixture
def photo(record):
    return record.photos()[0]


def test_stages_are_noted_as_they_come(record, photo):
    open_desk(photo, record.by)
    note(photo, seen("", kind=Kind.FACE), stage="faces", done=False)
    assert see_desk(photo, record.by).finder is rules.FinderState.LOOKING
    note(photo, seen("SAMPLE", box=(0.5, 0.5, 0.1, 0.1)), stage="text", done=True)
    desk = see_desk(photo, record.by)
    assert desk.finder is rules.FinderState.DONE
    assert [look.stage for look in desk.looks] == ["faces", "text"]
    assert [each.number for each in desk.findings] == [2, 1]
    assert [(fact["stage"], fact["added"]) for fact in facts_of("deidentify.note_findings")] == [("faces", 1), ("text", 1)]


def test_a_stage_is_noted_once(photo):
    note(photo, seen("EXIT"))
    with pytest.raises(NotedAlready):
        note(photo, seen("EXIT"))
    assert Finding.objects.count() == Look.objects.count() == 1


def test_a_stage_that_failed_never_looks_like_nothing_found(record, photo):
    open_desk(photo, record.by)
    note(photo, stage="faces", done=False, failed=True)
    note(photo, stage="metadata", done=True)
    assert see_desk(photo, record.by).finder is rules.FinderState.FAILED


def test_a_look_that_could_not_begin_is_noted_as_failed_until_one_does(record, photo):
    open_desk(photo, record.by)
    here = queries.locked(WORKER, [photo.pk])[0]
    note_findings(by=WORKER, seen=looking.not_started(here), now=clock.now(), new_id=uuid4())
    assert see_desk(photo, record.by).finder is rules.FinderState.FAILED
    note(photo, stage="metadata", done=True)
    assert see_desk(photo, record.by).finder is rules.FinderState.DONE


def test_a_look_that_never_ends_is_given_up(record, photo):
    permit = open_desk(photo, record.by)
    assert queries.finder_state(record.by, photo, now=permit.at) is rules.FinderState.LOOKING
    assert queries.finder_state(record.by, photo, now=permit.at + rules.PATIENCE) is rules.FinderState.FAILED


def test_what_was_seen_of_another_file_or_patient_is_not_noted(photo):
    old = looking.sealed(WORKER, queries.locked(WORKER, [photo.pk])[0], Stage("text", (seen("SAMPLE"),)), new_id=uuid4)
    Photograph.objects.filter(pk=photo.pk).update(record_copy=photo.preview)
    with pytest.raises(LookedAtAnother):
        note_findings(by=WORKER, seen=old, now=clock.now(), new_id=uuid4())
    assert not Finding.objects.exists()


def test_a_newer_finder_knows_better_what_is_undecided_and_adds_what_is_new(photo, settings):
    note(photo, seen("S4NPLF", version="1"))
    settings.SAFELIGHT_FINDERS_GENERATION += 1
    note(photo, seen("SAMPLE", version="2", box=(0.105, 0.1, 0.2, 0.2)), seen("EXIT", version="2", box=(0.6, 0.6, 0.1, 0.1)))
    assert [(each.number, each.finder_version, each.matches) for each in Finding.objects.order_by("number")] == [
        (1, "2", "name"),
        (2, "2", ""),
    ]


def test_what_looked_like_the_patients_own_stays_so_when_a_closer_stage_reads_otherwise(record, photo):
    note(photo, seen("SAMPLE"), stage="text", done=False)
    note(photo, seen("SAHPLL 0f"), stage="text-close", done=True)
    finding = Finding.objects.get()
    assert finding.matches == Match.NAME
    open_desk(photo, record.by)
    assert [each.read for each in see_desk(photo, record.by).findings] == ["SAMPLE"]


def test_a_closer_stage_that_reads_the_patients_own_is_believed(photo):
    note(photo, seen("SAHPLL 0f"), stage="text", done=False)
    note(photo, seen("SAMPLE"), stage="text-close", done=True)
    assert Finding.objects.get().matches == Match.NAME


def test_no_decision_of_a_person_is_lost_to_a_newer_finder(record, photo, settings):
    note(photo, seen("EXIT"), seen("SAMPLE", box=(0.5, 0.5, 0.1, 0.1)))
    open_desk(photo, record.by)
    exit_sign, name = Finding.objects.order_by("number")
    keep(photo, record.by, said(exit_sign, Decision.SHOW), said(name, Decision.COVER))
    settings.SAFELIGHT_FINDERS_GENERATION += 1
    note(photo, seen("EXIT", version="2"), seen("SAMPLE", version="2", box=(0.5, 0.5, 0.1, 0.1)))
    rows = Finding.objects.order_by("number")
    assert [(each.state, each.decided_by, each.finder_version) for each in rows] == [
        ("show", record.by.id, "2"),
        ("cover", record.by.id, "2"),
    ]


def test_what_was_shown_and_now_looks_like_the_patients_own_is_put_to_a_person_anew(record, photo, settings):
    note(photo, seen("S4NPLF"))
    open_desk(photo, record.by)
    decide_all(photo, record.by, Decision.SHOW)
    settings.SAFELIGHT_FINDERS_GENERATION += 1
    note(photo, seen("SAMPLE", version="2"))
    assert [(each.state, each.matches) for each in Finding.objects.order_by("number")] == [("show", ""), ("undecided", "name")]


def test_what_the_file_carried_is_read_anew_as_a_whole(photo, settings):
    note(photo, seen("Owner", kind=Kind.METADATA), seen("Place", kind=Kind.METADATA))
    settings.SAFELIGHT_FINDERS_GENERATION += 1
    note(photo, seen("Owner", kind=Kind.METADATA, version="2"))
    assert Finding.objects.get().finder_version == "2"


def test_newer_finders_owe_a_look_at_a_photo_that_older_ones_have_seen(record, photo, settings):
    note(photo)
    open_desk(photo, record.by)
    settings.SAFELIGHT_FINDERS_GENERATION += 1
    assert see_desk(photo, record.by).finder is rules.FinderState.LOOKING
    open_desk(photo, record.by)
    assert [fact["look_owed"] for fact in facts_of("deidentify.view_desk")] == [False, True]


@pytest.mark.requirement("F5")
def test_a_slate_that_is_read_makes_the_photo_one_that_cannot_be_covered(record, photo):
    note(photo, seen(code.new(bytes(8)), kind=Kind.BARCODE))
    assert Finding.objects.get().matches == Match.SLATE
    assert queries.coverable(record.by, photo) == "deidentify.slate_frame"
