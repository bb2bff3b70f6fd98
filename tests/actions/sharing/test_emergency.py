"""The emergency lane: who is on call sees the patient for an hour by an access of their own; what is owed for it stays in sight."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.consent import make_consent
from tests.factories.photographs import make_record
from tests.factories.sharing import make_asked
from tests.factories.staff import actor_of, make_person, sign_in
from tests.factories.teams import make_team

from safelight.access import queries as access
from safelight.access.actions.let_in import let_in
from safelight.access.errors import NoCareRelationship, OpenedOnly
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.kernel.errors import NotFound
from safelight.sharing import sealing
from safelight.sharing.actions.call_in_emergency import call_in_emergency
from safelight.sharing.actions.settle_emergency import settle_emergency
from safelight.sharing.errors import NobodyOnCall, NoEmergencyLane, NotYoursToAsk, ReasonMissing, StillOwed
from safelight.sharing.models import EmergencyCall, Opinion, ShareItem

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("G8")]
WHY = "Airway burn, theatre must decide now"


@pytest.fixture(autouse=True)
def _lane(settings):
    settings.SAFELIGHT_EMERGENCY_LANE = True


@pytest.fixture
def record():
    """A patient who agreed to photos and to nothing else, with one photo that nobody has covered."""
    record = make_record(yes=(1,))
    record.photos(1)
    return record


@pytest.fixture
def lim():
    return make_asked()


def call(record, team, *, by=None, words: str = WHY) -> EmergencyCall:
    call_id = uuid4()
    reason = sealing.seal_reason(words, call=call_id)
    acting, patient = by or record.by, record.patient.pk
    return call_in_emergency(
        by=acting, patient_id=patient, team_id=team.pk, call_id=call_id, reason=reason, now=clock.now(), new_id=uuid4()
    )


def ground(record, person, *, after: timedelta = timedelta(0)):
    return access.ground(actor_of(person), record.patient.pk, now=clock.now() + after)


def test_who_is_on_call_sees_the_patient_for_an_hour_and_nothing_is_shared(record, lim):
    made = call(record, make_team(people=(lim,)))
    assert made.person_id == lim.pk
    assert ground(record, lim).kind is access.Kind.EMERGENCY
    assert ground(record, lim, after=timedelta(minutes=61)) is None
    assert not Opinion.objects.exists()
    assert not ShareItem.objects.exists()
    assert made.due_at - made.called_at == timedelta(hours=24)
    assert b"Airway" not in bytes(EmergencyCall.objects.get().reason)


def test_is_off_unless_the_site_switches_it_on(record, lim, settings):
    settings.SAFELIGHT_EMERGENCY_LANE = False
    with pytest.raises(NoEmergencyLane):
        call(record, make_team(people=(lim,)))
    client = sign_in(Client(), record.person)
    assert client.get(f"{reverse('sharing:emergency')}?patient={record.patient.pk}").status_code == 403
    assert ground(record, lim) is None


def test_needs_a_reason_somebody_on_call_and_somebody_who_looks_after_the_patient(record, lim):
    team = make_team(people=(lim,))
    with pytest.raises(ReasonMissing):
        call(record, team, words="  ")
    with pytest.raises(NobodyOnCall):
        call(record, make_team("Empty", "4399"))
    with pytest.raises(NobodyOnCall):
        call(record, make_team("Myself", "4398", people=(record.person,)))
    with pytest.raises(NoCareRelationship):
        call(record, team, by=actor_of(make_person("osei", "Dr B Osei", wards=["ED"])))
    with pytest.raises(NotYoursToAsk):
        call(record, team, by=actor_of(make_person("boss", "Ms T Boss", roles=[Role.ADMINISTRATOR])))
    assert not EmergencyCall.objects.exists()


def test_an_hour_lets_nobody_else_in_and_does_not_last(record, lim):
    call(record, make_team(people=(lim,)))
    roy = make_asked("roy", "Ms D Roy")
    with pytest.raises(OpenedOnly):
        let_in(by=actor_of(lim), patient_id=record.patient.pk, person_id=roy.pk, now=clock.now(), new_id=uuid4())
    with pytest.raises(OpenedOnly):
        call(record, make_team("Plastics", "4322", people=(roy,)), by=actor_of(lim))


def test_is_settled_when_the_patient_agrees_and_by_the_ig_lead_where_the_patient_says_no(record, lim):
    made = call(record, make_team(people=(lim,)))
    lead = make_person("gray", "Ms G Gray", roles=[Role.IG_LEAD], wards=[])
    with pytest.raises(StillOwed):
        settle_emergency(by=record.by, call_id=made.pk, now=clock.now())
    with pytest.raises(NotFound):
        settle_emergency(by=actor_of(lim), call_id=made.pk, now=clock.now())
    make_consent(record.patient, record.by, yes=(1, 2))
    settle_emergency(by=record.by, call_id=made.pk, now=clock.now())
    with pytest.raises(NotFound):
        settle_emergency(by=record.by, call_id=made.pk, now=clock.now())
    make_consent(record.patient, record.by, yes=(1,))
    second = call(record, make_team("Plastics", "4322", people=(lim,)))
    settle_emergency(by=actor_of(lead), call_id=second.pk, now=clock.now())
    assert EmergencyCall.objects.filter(settled_at=None).count() == 0


def test_the_pages_call_show_it_on_home_and_say_what_is_owed(record, lim):
    team = make_team(people=(lim,))
    asker = sign_in(Client(), record.person)
    patient = asker.get(reverse("photographs:patient", args=[record.patient.pk])).content.decode()
    page = f"{reverse('sharing:emergency')}?patient={record.patient.pk}"
    assert page in patient.replace("&amp;", "&")
    make_team("Plastic surgery", "4400")
    assert "Nobody is on call: nobody can be let in. Ring 4400" in asker.get(page).content.decode()
    assert asker.post(page, {"team": team.pk, "reason": ""}).status_code == 422
    owed = asker.post(page, {"team": team.pk, "reason": WHY}, follow=True).content.decode()
    assert WHY in owed
    assert "SAMPLE, Test" in owed
    assert "Ring 4321" in owed
    called = sign_in(Client(), lim)
    assert "You are called to a patient" in called.get("/").content.decode()
    assert called.get(reverse("photographs:patient", args=[record.patient.pk])).status_code == 200
    lead = sign_in(Client(), make_person("gray", "Ms G Gray", roles=[Role.IG_LEAD], wards=[]))
    for client in (asker, lead):
        assert "1 emergency call is not settled" in client.get("/").content.decode()
        assert WHY in client.get(reverse("sharing:calls_owed")).content.decode()
    assert "SAMPLE" not in lead.get(reverse("sharing:calls_owed")).content.decode()
    assert WHY not in called.get(reverse("sharing:calls_owed")).content.decode()
    refused = asker.post(reverse("sharing:settle", args=[EmergencyCall.objects.get().pk]))
    assert refused.status_code == 409
    assert "The patient has not been asked yet" in refused.content.decode()
    make_consent(record.patient, record.by, yes=(1, 2))
    asker.post(reverse("sharing:settle", args=[EmergencyCall.objects.get().pk]))
    assert "emergency call" not in asker.get("/").content.decode()
