"""Entering a patient, and correcting who they are."""

import threading
from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories.access import give_access
from tests.factories.patients import an_identity, make_patient, make_patients
from tests.factories.staff import actor_of, make_person

from safelight.access.errors import NoCareRelationship, OpenedOnly
from safelight.audit.models import About, Entry
from safelight.kernel import clock
from safelight.kernel.actor import NOBODY, OPERATOR, WORKER, Actor, ActorKind, Role
from safelight.kernel.errors import NotFound
from safelight.patients import queries
from safelight.patients.actions.change_patient import change_patient
from safelight.patients.actions.register_patient import register_patient
from safelight.patients.actions.show_patient import show_patient
from safelight.patients.errors import ChangedMeanwhile, NotAnIdentity, NotForYou, NumberTaken
from safelight.patients.models import Patient, Revision
from safelight.patients.sealed import open_identity
from safelight.patients.sealing import seal
from safelight.vault import upkeep
from safelight.vault.errors import ObjectDamaged, WrongKey

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _keys() -> None:
    upkeep.make_keys()


def register(by: Actor = OPERATOR, **changes) -> Patient:
    new_id = uuid4()
    sealed = seal(an_identity(**changes), patient_id=new_id, today=TODAY)
    return register_patient(by=by, sealed=sealed, ward="BURNS2", now=clock.now())


def change(by: Actor, patient: Patient, *, seen: int | None = None, ward: str = "BURNS2", **changes) -> None:
    sealed = seal(an_identity(**changes), patient_id=patient.pk, today=TODAY)
    seen = patient.revision if seen is None else seen
    change_patient(by=by, sealed=sealed, seen=seen, ward=ward, temporary=False, deceased=False, now=clock.now())


class TestRegistering:
    def test_keeps_an_identity_that_only_the_keys_can_read(self):
        patient = register()
        row = Patient.objects.get(pk=patient.pk)
        assert b"SAMPLE" not in bytes(row.sealed)
        assert b"9990000018" not in bytes(row.sealed) + bytes(row.nhs_index) + bytes(row.hospital_index)
        assert queries.identity(OPERATOR, patient.pk) == an_identity()

    def test_states_it_without_name_or_number(self):
        patient = register()
        entry = Entry.objects.latest("seq")
        assert entry.action == "patients.register_patient"
        assert str(patient.pk).encode() in bytes(entry.body)
        assert not any(word in bytes(entry.body) for word in (b"SAMPLE", b"Test", b"999000", b"0000018", b"1970"))
        assert About.objects.filter(patient=patient.pk).exists()

    @pytest.mark.parametrize("changes", [{"hospital_number": "X1"}, {"nhs_number": None}, {"nhs_number": None, "family": "OTHER"}])
    def test_refuses_a_number_that_somebody_has(self, changes):
        register()
        with pytest.raises(NumberTaken):
            register(**changes)
        assert Patient.objects.count() == 1
        assert Entry.objects.latest("seq").outcome == "refused"

    def test_takes_a_namesake_with_other_numbers(self):
        register()
        register(nhs_number="9990000026", hospital_number="X1")
        assert Patient.objects.count() == 2

    @pytest.mark.requirement("E1")
    @pytest.mark.parametrize(
        "wrong", [{"nhs_number": "9990000019"}, {"nhs_number": "0101010028"}, {"born": date(2027, 1, 1)}, {"family": ""}]
    )
    def test_seals_nothing_that_breaks_a_rule(self, wrong):
        with pytest.raises(NotAnIdentity) as refusal:
            register(**wrong)
        assert "SAMPLE" not in str(refusal.value)

    @pytest.mark.requirement("E1")
    def test_refuses_test_numbers_where_patients_are_real(self, settings):
        settings.SAFELIGHT_ALLOW_SYNTHETIC_NUMBERS = False
        with pytest.raises(NotAnIdentity):
            register()
        assert register(nhs_number="4000000004")

    @pytest.mark.parametrize(
        "by",
        [
            NOBODY,
            Actor(kind=ActorKind.STATION, id=uuid4(), roles=frozenset(Role)),
            Actor(kind=ActorKind.STAFF, id=uuid4(), roles=frozenset({Role.IG_LEAD})),
            Actor(kind=ActorKind.STAFF, id=uuid4()),
        ],
        ids=["nobody", "station", "ig lead", "no role"],
    )
    def test_is_not_for_everybody(self, by):
        with pytest.raises(NotForYou):
            register(by)

    def test_the_database_itself_refuses_one_number_twice(self):
        first, second = make_patients(2)
        with pytest.raises(IntegrityError), transaction.atomic():
            Patient.objects.filter(pk=second.pk).update(nhs_index=first.nhs_index)


class TestASealedIdentity:
    def test_does_not_open_in_another_patients_row(self):
        first, second = make_patients(2)
        with pytest.raises((ObjectDamaged, WrongKey)):
            open_identity(first.sealed, patient_id=second.pk)

    def test_does_not_open_with_one_byte_changed(self):
        (patient,) = make_patients(1)
        sealed = bytearray(patient.sealed)
        for place in range(0, len(sealed), 7):
            sealed[place] ^= 1
            with pytest.raises((ObjectDamaged, WrongKey)):
                open_identity(bytes(sealed), patient_id=patient.pk)
            sealed[place] ^= 1

    def test_never_looks_alike(self):
        new_id = uuid4()
        one, other = (seal(an_identity(), patient_id=new_id, today=TODAY) for _ in range(2))
        assert one.sealed != other.sealed
        assert one.nhs_index == other.nhs_index


@pytest.mark.requirement("E4")
class TestChanging:
    def test_gives_a_patient_another_name_number_and_ward(self):
        khan, patient = actor_of(make_person(wards=["BURNS2", "ED"])), make_patient()
        change(khan, patient, family="EXAMPLE", nhs_number="9990000026", ward="ED")
        assert queries.identity(khan, patient.pk).family == "EXAMPLE"
        assert queries.patient(khan, patient.pk).ward == "ED"
        assert queries.by_number(khan, "9990000026") == patient.pk
        assert queries.by_number(khan, "9990000018") is None

    def test_keeps_the_trail(self):
        khan, patient = actor_of(make_person()), make_patient()
        change(khan, patient, family="EXAMPLE")
        assert [about.entry.action for about in About.objects.filter(patient=patient.pk).order_by("entry")] == [
            "patients.register_patient",
            "patients.change_patient",
        ]

    def test_refuses_another_patients_number(self):
        khan, patient = actor_of(make_person()), make_patient()
        (other,) = make_patients(1)
        taken = queries.identity(khan, other.pk).nhs_number
        with pytest.raises(NumberTaken):
            change(khan, patient, nhs_number=taken)

    def test_refuses_what_was_typed_into_an_old_form(self):
        khan, patient = actor_of(make_person()), make_patient()
        change(khan, patient, given="First")
        with pytest.raises(ChangedMeanwhile):
            change(khan, patient, given="Second", seen=patient.revision)
        assert queries.identity(khan, patient.pk).given == "First"

    def test_is_for_those_who_look_after_the_patient(self):
        patient, other = make_patient(), make_person("other", wards=["ED"])
        with pytest.raises(NoCareRelationship):
            change(actor_of(other), patient, family="EXAMPLE")
        give_access(other, patient, "break_glass")
        with pytest.raises(OpenedOnly):
            change(actor_of(other), patient, ward="ED")
        give_access(other, patient)
        change(actor_of(other), patient, family="EXAMPLE")

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.IG_LEAD])
    def test_is_not_for_a_role_that_does_not_treat(self, role):
        patient, by = make_patient(), actor_of(make_person("adm", roles=[role]))
        with pytest.raises(NotForYou):
            change(by, patient, family="EXAMPLE")
        with pytest.raises(NotForYou):
            show_patient(by=by, patient_id=patient.pk, now=clock.now())

    def test_the_form_shows_a_patient_to_those_who_look_after_them_only(self):
        patient = make_patient()
        khan, other = actor_of(make_person()), actor_of(make_person("other", wards=["ED"]))
        assert show_patient(by=khan, patient_id=patient.pk, now=clock.now()).pk == patient.pk
        with pytest.raises(NoCareRelationship):
            show_patient(by=other, patient_id=patient.pk, now=clock.now())
        with pytest.raises(NotFound):
            show_patient(by=khan, patient_id=uuid4(), now=clock.now())


class TestRevisions:
    def test_grow_with_each_change(self):
        khan, patient = actor_of(make_person()), make_patient()
        before = Revision.objects.get().number
        change(khan, patient, given="First")
        assert Revision.objects.get().number == Patient.objects.get().revision == before + 1

    def test_come_in_order_and_each_once(self):
        with transaction.atomic():
            taken = [*Revision.take(3), *Revision.take(), *Revision.take(2)]
        assert taken == list(range(taken[0], taken[0] + 6))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_enter_one_number_at_once_one_is_refused():
    outcomes, start = [], threading.Barrier(2)

    def run() -> None:
        start.wait(10)
        try:
            register(WORKER)
            outcomes.append("entered")
        except NumberTaken:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["entered", "refused"]
    assert Patient.objects.count() == 1
