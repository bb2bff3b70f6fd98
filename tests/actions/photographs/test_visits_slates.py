from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.factories.consent import make_consent
from tests.factories.custody import acting, check_out, make_camera
from tests.factories.patients import make_patient
from tests.factories.staff import actor_of, make_person
from tests.factories.visits import make_slate, make_visit

from safelight.access.errors import NoCareRelationship
from safelight.audit.models import Entry, Outcome
from safelight.consent.actions.withdraw_consent import withdraw_consent
from safelight.consent.models import Purpose
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.rules import CardSaid
from safelight.kernel.actor import Role
from safelight.kernel.errors import NotFound
from safelight.photographs import visits
from safelight.photographs.actions.show_slate import show_slate
from safelight.photographs.models import Slate
from safelight.photographs.slates import code
from safelight.photographs.visit_errors import NoPhotosAgreed, SlateOver, WardRouteLocked

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TWELVE_HOURS = timedelta(hours=12)


@pytest.fixture
def visit(person, khan):
    out = check_out(make_camera(at=NINE - timedelta(minutes=5)), person, out_at=NINE - timedelta(minutes=1), due_at=NINE + TWELVE_HOURS)
    return make_visit(make_patient(), khan, check_out=out, at=NINE)


@pytest.mark.requirement("C1")
def test_each_slate_is_another_token_of_the_same_visit(visit):
    first, second = make_slate(visit, at=NINE), make_slate(visit, at=NINE + timedelta(seconds=30))
    assert first.code != second.code
    assert (first.visit, second.visit) == (visit, visit)
    assert (first.shown_at, second.shown_at) == (NINE, NINE + timedelta(seconds=30))


def test_a_slate_has_its_entry_and_the_entry_has_no_token(khan, visit):
    slate = make_slate(visit, at=NINE)
    entry = Entry.objects.order_by("-seq").first()
    assert str(slate.pk).encode() in bytes(entry.body)
    assert slate.code.encode() not in bytes(entry.body)


def test_paper_is_known_as_paper(khan, visit):
    printed = make_slate(visit, on_paper=True, at=NINE)
    assert (printed.on_paper, make_slate(visit, at=NINE).on_paper) == (True, False)
    assert visits.paper_slate(khan, visit.pk) == printed


@pytest.mark.parametrize("on_paper", [False, True])
def test_ends_after_twelve_hours(visit, on_paper):
    assert make_slate(visit, on_paper=on_paper, at=NINE + TWELVE_HOURS - timedelta(seconds=1))
    with pytest.raises(SlateOver):
        make_slate(visit, on_paper=on_paper, at=NINE + TWELVE_HOURS)


@pytest.mark.parametrize("on_paper", [False, True])
def test_ends_when_the_camera_is_back(visit, on_paper):
    by = acting(visit.check_out.person)
    return_camera(by=by, camera_id=visit.check_out.camera_id, card=CardSaid.HAS_PHOTOS, now=NINE + timedelta(minutes=20))
    with pytest.raises(SlateOver):
        make_slate(visit, on_paper=on_paper, at=NINE + timedelta(minutes=21))
    assert Entry.objects.order_by("-seq").first().outcome == Outcome.REFUSED


@pytest.mark.requirement("B6")
def test_ends_when_the_patient_takes_it_back(khan, visit):
    withdraw_consent(by=khan, consent_id=visit.consent_id, purposes=frozenset({Purpose.TAKE_AND_KEEP}), now=NINE)
    with pytest.raises(NoPhotosAgreed):
        make_slate(visit, at=NINE + timedelta(minutes=1))


def test_goes_on_when_the_patient_says_yes_again(khan, visit):
    make_consent(visit.patient, khan, at=NINE + timedelta(minutes=1))
    assert make_slate(visit, at=NINE + timedelta(minutes=2))


@pytest.mark.requirement("C9")
def test_a_ward_shows_no_slate_of_evidence():
    lens = make_person("lens", roles=[Role.PHOTOGRAPHER])
    out = check_out(make_camera(at=NINE - timedelta(minutes=5)), lens, out_at=NINE - timedelta(minutes=1))
    evidence = make_visit(make_patient(), actor_of(lens), check_out=out, reason="forensic", at=NINE)
    assert make_slate(evidence, at=NINE)
    with pytest.raises(WardRouteLocked):
        _show(actor_of(make_person()), evidence)


def test_refuses_who_has_no_reason_to_see_the_patient(visit):
    with pytest.raises(NoCareRelationship):
        _show(actor_of(make_person("lim", wards=["ED"])), visit)
    assert not Slate.objects.exists()


def test_there_is_no_slate_of_no_visit(khan):
    with pytest.raises(NotFound):
        show_slate(by=khan, visit_id=uuid4(), code=code.new(bytes(8)), now=NINE, new_id=uuid4())


def test_slates_are_found_by_what_frames_carry_and_by_when_they_were_made(khan, visit):
    first, second = make_slate(visit, at=NINE), make_slate(visit, at=NINE + timedelta(minutes=1))
    assert visits.slates_named(khan, [second.code, code.END, "SFL1-nonsense"]) == [second]
    assert visits.slates_between(khan, since=NINE, until=NINE + timedelta(seconds=30)) == [first]
    assert visits.slates_of(khan, visit.pk) == [first, second]


def _show(by, visit):
    return show_slate(by=by, visit_id=visit.pk, code=code.new(bytes(8)), now=NINE, new_id=uuid4())
