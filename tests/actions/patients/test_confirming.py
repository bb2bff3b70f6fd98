"""A number with a right check digit may be somebody else's: until it is made sure the patient is unconfirmed."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.patients import an_identity, make_patient
from tests.factories.staff import actor_of, make_person, sign_in

from safelight.access.actions.note_scan import note_scan
from safelight.access.errors import NoCareRelationship
from safelight.audit.models import Entry
from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR
from safelight.patients import arriving, queries
from safelight.patients.actions.bring_in_patients import bring_in_patients
from safelight.patients.actions.change_patient import change_patient
from safelight.patients.actions.confirm_patient import confirm_patient
from safelight.patients.lists import Line
from safelight.patients.models import Confirmed, Patient
from safelight.patients.sealing import seal

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("E6")]
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def typed_in():
    return make_patient(confirmed=False)


def _how(patient):
    return Patient.objects.get(pk=patient.pk).confirmed


def test_who_was_typed_in_is_unconfirmed_and_the_page_says_so(person, khan, typed_in):
    assert not queries.confirmed(khan, typed_in.pk)
    assert "Number not confirmed" in sign_in(Client(), person).get(reverse("photographs:patient", args=[typed_in.pk])).content.decode()


def test_a_form_adds_nobody_who_is_confirmed(person):
    said = {
        "family": "SAMPLE",
        "given": "Test",
        "nhs_number": "999 000 0018",
        "born_0": "1",
        "born_1": "1",
        "born_2": "1970",
        "ward": "BURNS2",
    }
    answer = sign_in(Client(), person).post(reverse("patients:new"), said)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert Patient.objects.get().confirmed == Confirmed.NOT_YET


@pytest.mark.requirement("E3")
def test_the_wristband_confirms(khan, typed_in):
    note_scan(by=khan, patient_id=typed_in.pk, now=NOON, new_id=uuid4())
    assert _how(typed_in) == Confirmed.WRISTBAND
    assert Patient.objects.get().confirmed_at == NOON


def test_a_list_from_the_hospital_confirms_even_if_it_says_nothing_new(typed_in):
    lines = (Line(2, an_identity(), "BURNS2"),)
    arrivals = arriving.prepare(OPERATOR, lines, new_ids=(uuid4(),), today=date(2026, 11, 24))
    bring_in_patients(by=OPERATOR, arrivals=arrivals, now=NOON)
    assert _how(typed_in) == Confirmed.LIST
    again = arriving.prepare(OPERATOR, lines, new_ids=(uuid4(),), today=date(2026, 11, 24))
    assert (again.ready, again.unchanged) == ((), 1)


def test_a_list_with_another_name_of_this_number_changes_it_before_it_confirms(typed_in):
    lines = (Line(2, an_identity(family="SAMPLER"), "BURNS2"),)
    arrivals = arriving.prepare(OPERATOR, lines, new_ids=(uuid4(),), today=date(2026, 11, 24))
    bring_in_patients(by=OPERATOR, arrivals=arrivals, now=NOON)
    assert queries.identity(OPERATOR, typed_in.pk).family == "SAMPLER"
    assert _how(typed_in) == Confirmed.LIST


def test_somebody_who_looked_it_up_confirms_by_a_button(person, typed_in):
    client, address = sign_in(Client(), person), reverse("patients:confirm", args=[typed_in.pk])
    assert "I looked it up" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert _how(typed_in) == Confirmed.PERSON
    assert b"patients.confirm_patient" in b"".join(bytes(entry.body) for entry in Entry.objects.all())
    assert "There is nothing to do" in client.get(address).content.decode()


def test_who_came_first_stands(khan, typed_in):
    confirm_patient(by=khan, patient_id=typed_in.pk, how=Confirmed.WRISTBAND, now=NOON)
    confirm_patient(by=khan, patient_id=typed_in.pk, how=Confirmed.PERSON, now=clock.now())
    assert _how(typed_in) == Confirmed.WRISTBAND


def test_refuses_who_does_not_look_after_the_patient(typed_in):
    with pytest.raises(NoCareRelationship):
        confirm_patient(by=actor_of(make_person("far", wards=["EYES"])), patient_id=typed_in.pk, how=Confirmed.PERSON, now=NOON)
    assert _how(typed_in) == Confirmed.NOT_YET


@pytest.mark.parametrize(("number", "stays"), [("9990000018", True), ("9990000026", False)])
def test_another_number_is_confirmed_anew(khan, number, stays):
    patient = make_patient()
    who = an_identity(family="SAMPLER", nhs_number=number)
    sealed = seal(who, patient_id=patient.pk, today=date(2026, 11, 24))
    change_patient(by=khan, sealed=sealed, seen=patient.revision, ward="BURNS2", temporary=False, deceased=False, now=NOON)
    assert bool(_how(patient)) is stays
