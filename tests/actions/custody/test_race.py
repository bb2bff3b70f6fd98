"""Two people take one camera in the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from tests.factories.custody import acting, check_out, make_camera

from safelight.custody.actions.return_camera import return_camera
from safelight.custody.errors import CameraTaken
from safelight.custody.models import Camera, CheckOut
from safelight.custody.rules import CardSaid
from safelight.kernel import clock
from safelight.kernel.lifecycle import NotPossibleNow

pytestmark = pytest.mark.django_db(transaction=True)


def together(*attempts) -> list[object]:
    """What each attempt gave or raised, all begun in the same moment, each on a connection of its own."""
    start = Barrier(len(attempts))

    def run(attempt):
        try:
            start.wait()
            return attempt()
        except (CameraTaken, NotPossibleNow) as no:
            return type(no)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


def test_one_has_it_and_the_other_is_told(person):
    camera, people = make_camera(), [person(f"p{number}") for number in range(4)]
    given = together(*(lambda who=who: check_out(camera, who).person for who in people))
    assert given.count(CameraTaken) == len(people) - 1
    assert Camera.objects.get().holder == CheckOut.objects.get().person
    assert CheckOut.objects.get().person in given


def test_a_camera_comes_back_once_when_two_bring_it(person):
    camera, khan, webb = make_camera(), person("khan"), person("webb")
    check_out(camera, khan)
    said = together(
        *(lambda by=by: return_camera(by=acting(by), camera_id=camera.pk, card=CardSaid.EMPTY, now=clock.now()) for by in (khan, webb))
    )
    assert said.count(NotPossibleNow) == 1
    assert CheckOut.objects.filter(back_at=None).count() == 0
