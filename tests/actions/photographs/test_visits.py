from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from tests.factories.consent import make_consent, what_was_said
from tests.factories.custody import check_out, make_camera
from tests.factories.patients import make_patient
from tests.factories.staff import actor_of, make_person
from tests.factories.visits import make_slate, make_visit

from safelight.access import queries as access
from safelight.access.errors import NoCareRelationship
from safelight.audit.models import Entry, Outcome
from safelight.consent import queries as consents
from safelight.consent.models import ChildsView, Purpose, WhoAgreed
from safelight.custody.models import Card
from safelight.kernel.actor import Role
from safelight.photographs import visits
from safelight.photographs.actions.open_visit import open_visit
from safelight.photographs.errors import UnknownSite
from safelight.photographs.models import Chaperone, Fallback, Visit
from safelight.photographs.sites import SiteSaid
from safelight.photographs.visit_errors import (
    ChaperoneNotSaid,
    NoPhotosAgreed,
    NotForTeachingAlone,
    NotInYourHands,
    PurposeNotSaid,
    UnknownReason,
    WardRouteLocked,
)

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def patient(khan):
    return make_patient()


@pytest.fixture
def photographer():
    return make_person("lens", name="Ms P Lens", roles=[Role.PHOTOGRAPHER])


def _camera_out(person, code="CAM-07"):
    return check_out(make_camera(code, at=NINE - timedelta(minutes=5)), person, out_at=NINE - timedelta(minutes=1))


@pytest.mark.requirement("B1")
@pytest.mark.requirement("B15")
def test_a_visit_is_one_patient_one_consent_one_reason_and_its_sites(khan, patient):
    visit = make_visit(patient, khan, at=NINE)
    assert (visit.patient, visit.consent, visit.reason) == (patient, consents.standing(khan, patient.pk), "wound")
    assert visits.sites_of(visit) == (SiteSaid("forearm", "left"),)


def test_what_is_said_now_and_the_visit_are_one_entry(khan, patient):
    before, consent_id = Entry.objects.count(), uuid4()
    visit = make_visit(patient, khan, at=NINE, said=what_was_said(consent_id), consent=SimpleNamespace(pk=consent_id))
    assert visit.consent_id == consent_id
    assert Entry.objects.count() == before + 1


def test_nothing_is_recorded_where_the_visit_is_refused(khan, patient):
    consent_id = uuid4()
    with pytest.raises(UnknownSite):
        make_visit(patient, khan, at=NINE, said=what_was_said(consent_id), consent=SimpleNamespace(pk=consent_id), site="tail")
    assert consents.standing(khan, patient.pk) is None


@pytest.mark.requirement("B1")
def test_refuses_without_a_yes_to_photos(khan, patient):
    with pytest.raises(NoPhotosAgreed):
        make_visit(patient, khan, make_consent(patient, khan, yes=(2,), at=NINE), at=NINE)
    assert not Visit.objects.exists()


def test_refuses_a_consent_that_was_replaced(khan, patient):
    first = make_consent(patient, khan, at=NINE)
    make_consent(patient, khan, at=NINE)
    with pytest.raises(NoPhotosAgreed):
        make_visit(patient, khan, first, at=NINE)


@pytest.mark.requirement("B9")
def test_refuses_where_the_child_says_no(khan, patient):
    consent = make_consent(patient, khan, who=WhoAgreed.PARENT, childs_view=ChildsView.REFUSES, at=NINE)
    with pytest.raises(NoPhotosAgreed):
        make_visit(patient, khan, consent, at=NINE)


@pytest.mark.requirement("B7")
def test_best_interests_make_no_photos_only_for_teaching(khan, patient):
    consent = make_consent(patient, khan, yes=(1, 2), who=WhoAgreed.BEST_INTERESTS, at=NINE)
    with pytest.raises(NotForTeachingAlone):
        make_visit(patient, khan, consent, reason="teaching", at=NINE)
    assert make_visit(patient, khan, consent, reason="injury", at=NINE)


@pytest.mark.requirement("B4")
def test_photos_only_for_teaching_need_a_yes_to_teaching(khan, patient):
    assert make_visit(patient, khan, make_consent(patient, khan, yes=(1, Purpose.TEACH_HERE), at=NINE), reason="teaching", at=NINE)


@pytest.mark.requirement("C3")
@pytest.mark.parametrize(
    "sites",
    [
        (),
        (SiteSaid("forearm"),),
        (SiteSaid("abdomen", "left"),),
        (SiteSaid("forearm", "left"), SiteSaid("forearm", "left")),
        (SiteSaid("forearm", "left"), SiteSaid("tail")),
    ],
)
def test_refuses_a_site_without_its_side_or_off_the_list(khan, patient, sites):
    with pytest.raises(UnknownSite):
        make_visit(patient, khan, at=NINE, sites=sites)


def test_several_sites_are_one_visit(khan, patient):
    sites = (SiteSaid("forearm", "left"), SiteSaid("forearm", "right"), SiteSaid("abdomen"))
    assert visits.sites_of(make_visit(patient, khan, at=NINE, sites=sites)) == sites


@pytest.mark.requirement("B15")
def test_refuses_a_reason_off_the_list(khan, patient):
    with pytest.raises(UnknownReason):
        make_visit(patient, khan, at=NINE, reason="just so")


@pytest.mark.requirement("C7")
def test_an_intimate_site_asks_for_a_chaperone(khan, patient):
    grown = {"born": date(1970, 1, 1)}
    with pytest.raises(ChaperoneNotSaid):
        make_visit(patient, khan, at=NINE, site="breast", **grown)
    for said in (Chaperone.PRESENT, Chaperone.DECLINED, Chaperone.NONE_FREE):
        assert make_visit(patient, khan, at=NINE, site="breast", chaperone=said, **grown).chaperone == said


def test_no_other_site_asks_for_a_chaperone(khan, patient):
    with pytest.raises(ChaperoneNotSaid):
        make_visit(patient, khan, at=NINE, chaperone=Chaperone.PRESENT)


@pytest.mark.parametrize("born", [date(2012, 5, 1), None])
def test_under_18_an_intimate_photo_has_its_purpose_in_words(khan, patient, born):
    how = {"site": "breast", "chaperone": Chaperone.PRESENT, "born": born}
    with pytest.raises(PurposeNotSaid):
        make_visit(patient, khan, at=NINE, **how)
    assert bytes(make_visit(patient, khan, at=NINE, purpose=b"sealed words", **how).purpose) == b"sealed words"


def test_a_visit_without_a_camera_belongs_to_none(khan, patient):
    assert make_visit(patient, khan, at=NINE).check_out is None


def test_a_visit_belongs_to_the_camera_in_the_hands(person, khan, patient):
    out = _camera_out(person)
    assert make_visit(patient, khan, check_out=out, at=NINE).check_out == out


def test_refuses_a_camera_in_other_hands(khan, patient):
    out = _camera_out(make_person("webb", name="Sr E Webb"))
    with pytest.raises(NotInYourHands):
        make_visit(patient, khan, check_out=out, at=NINE)


def test_who_photographs_a_patient_may_see_the_photos(person, khan, patient):
    make_visit(patient, khan, at=NINE)
    assert access.ground(replace(khan, wards=frozenset()), patient.pk, now=NINE + timedelta(days=30))


def test_refuses_who_has_no_reason_to_see_the_patient(patient):
    stranger = actor_of(make_person("lim", wards=["ED"]))
    with pytest.raises(NoCareRelationship):
        open_visit(
            by=stranger,
            patient_id=patient.pk,
            consent_id=uuid4(),
            reason="wound",
            fallback=Fallback.OWN_ROUTE,
            sites=(SiteSaid("abdomen"),),
            check_out_id=None,
            now=NINE,
            new_id=uuid4(),
        )
    assert not Visit.objects.exists()


@pytest.mark.requirement("C9")
@pytest.mark.parametrize("how", [{"reason": "safeguarding"}, {"reason": "forensic"}, {"evidential": True}])
def test_the_ward_route_is_locked_for_what_may_be_evidence(person, khan, patient, how):
    out = _camera_out(person)
    with pytest.raises(WardRouteLocked):
        make_visit(patient, khan, check_out=out, at=NINE, **how)
    entry = Entry.objects.order_by("-seq").first()
    assert (entry.outcome, b"ward_route_locked" in bytes(entry.body)) == (Outcome.REFUSED, True)
    assert not Visit.objects.exists()


@pytest.mark.requirement("C9")
@pytest.mark.parametrize("how", [{"reason": "safeguarding"}, {"reason": "wound", "evidential": True}])
def test_the_photographer_takes_evidence_and_the_card_is_held(photographer, how):
    by, patient, out = actor_of(photographer), make_patient(), _camera_out(photographer)
    visit = make_visit(patient, by, check_out=out, at=NINE, **how)
    out.refresh_from_db()
    assert (visit.evidential, out.evidential, Card.objects.get(pk=out.card_id).held_at) == (True, True, NINE)


def test_evidence_needs_a_camera_whose_card_can_be_held(photographer):
    with pytest.raises(NotInYourHands):
        make_visit(make_patient(), actor_of(photographer), reason="safeguarding", at=NINE)


def test_an_ordinary_visit_of_a_photographer_holds_no_card(photographer):
    out = _camera_out(photographer)
    assert not make_visit(make_patient(), actor_of(photographer), check_out=out, at=NINE).evidential
    assert Card.objects.get(pk=out.card_id).held_at is None


def test_the_last_visit_fills_the_next_form(khan, patient):
    assert visits.last_visit(khan, patient.pk) is None
    make_visit(patient, khan, at=NINE)
    latest = make_visit(patient, khan, site="shin", laterality="right", at=NINE + timedelta(hours=1))
    assert visits.last_visit(khan, patient.pk) == latest


def test_a_short_code_finds_its_visit_of_today_only_for_who_may_see(khan, patient):
    visit = make_visit(patient, khan, at=NINE)
    short = make_slate(visit, at=NINE).code[5:10]
    assert visits.visit_by_short_code(khan, short.lower(), now=NINE + timedelta(hours=1)) == visit
    assert visits.visit_by_short_code(khan, short, now=NINE + timedelta(hours=13)) is None
    assert visits.visit_by_short_code(khan, "ZZZZZ", now=NINE) is None
    assert visits.visit_by_short_code(khan, "not a code", now=NINE) is None
    assert visits.visit_by_short_code(actor_of(make_person("lim", wards=["ED"])), short, now=NINE) is None
