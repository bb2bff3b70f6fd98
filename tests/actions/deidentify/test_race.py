"""Two people, or a person and the computer, in the same moment: one is first, and nothing undecided passes."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from tests.factories.deidentify import approve, cover, keep, made, note, open_desk, ready, seen
from tests.factories.photographs import make_record
from tests.factories.staff import actor_of, make_person

from safelight.deidentify import queries
from safelight.deidentify.errors import ChangedMeanwhile, NotedAlready, StillUndecided
from safelight.deidentify.models import Approval, CoveredCopy, Finding, Look, Signing
from safelight.vault.models import StoredObject

pytestmark = pytest.mark.django_db(transaction=True)


def together(*attempts) -> list[object]:
    """What each attempt gave or raised, all begun in the same moment, each on a connection of its own."""
    start = Barrier(len(attempts))

    def run(attempt):
        try:
            start.wait()
            return attempt()
        except (ChangedMeanwhile, NotedAlready, StillUndecided) as no:
            return type(no)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


@pytest.fixture
def record():
    return make_record()


def test_the_boxes_of_who_was_first_are_kept_and_the_other_looks_again(record):
    [photo] = record.photos()
    webb = actor_of(make_person("webb", "Sr E Webb"))
    for by in (record.by, webb):
        open_desk(photo, by)
    answers = together(*(lambda by=by: keep(photo, by, cover(), version=1) for by in (record.by, webb)))
    assert sorted(map(str, answers)) == sorted(map(str, [2, ChangedMeanwhile]))
    assert Finding.objects.count() == 1
    assert CoveredCopy.objects.get().version == 2


def test_a_photo_is_approved_once(record):
    photo = ready(record.photos()[0], record.by)
    copies = [made(photo), made(photo)]
    answers = together(*(lambda copy=copy: approve(record.by, photo, copies=[copy]) for copy in copies))
    assert answers.count(ChangedMeanwhile) == 1
    assert Approval.objects.count() == Signing.objects.count() == StoredObject.objects.filter(rendition="covered").count() == 1


def test_the_desk_is_opened_by_several_and_there_is_one_draft(record):
    [photo] = record.photos()
    together(*(lambda: open_desk(photo, record.by) for _ in range(4)))
    assert CoveredCopy.objects.get().version == 1


def test_a_stage_that_two_runs_bring_is_noted_once(record):
    [photo] = record.photos()
    answers = together(*(lambda: note(photo, seen("A1B2")) for _ in range(3)))
    assert answers.count(NotedAlready) == 2
    assert Look.objects.count() == Finding.objects.count() == 1


def test_what_is_found_while_somebody_signs_holds_it_up_or_comes_after_it(record):
    photo = ready(record.photos()[0], record.by)
    copy = made(photo)
    answers = together(
        lambda: approve(record.by, photo, copies=[copy]), lambda: note(photo, seen("A1B2", box=(0.6, 0.6, 0.1, 0.1)), stage="late")
    )
    assert Finding.objects.filter(state="undecided").count() == 1
    if answers[0] is StillUndecided:
        assert not Approval.objects.exists()
    else:
        assert queries.approvals(record.by, [photo.pk])
