"""A key for finding numbers that is turned while others write and search, and a turning that breaks off: nothing is lost or doubled."""

import inspect
import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest
from django.db import connection, transaction
from tests.contracts.turning import TODAY, again, all_found, key_in_play, known_numbers, register, retire, turn
from tests.factories.agreements import agreed, another_command_at_the_keys
from tests.factories.patients import an_identity, make_patient, make_patients
from tests.factories.staff import actor_of, make_person
from tests.servers.worker import wait_until
from tests.simulators import keys_that_leave

from safelight.config import tasks
from safelight.config.indexes import INDEXES, Patients
from safelight.config.keys import ByTwo
from safelight.config.sealed import COLUMNS
from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR
from safelight.kernel.errors import Unavailable
from safelight.patients import arriving, lists, queries
from safelight.patients.actions.bring_in_patients import bring_in_patients
from safelight.patients.actions.change_patient import change_patient
from safelight.patients.adapters.local import LocalDirectory
from safelight.patients.errors import NumberTaken
from safelight.patients.models import Confirmed, Patient, Revision
from safelight.patients.sealing import seal
from safelight.staff.errors import NotAgreed
from safelight.staff.models import Agreement, ForKeys
from safelight.vault import chosen, indexes, reindexing, retiring
from safelight.vault.actions.retire_root_key import BACKUPS_LIVE_FOR
from safelight.vault.adapters.file_keys import FileKeys
from safelight.vault.errors import IndexKeyTurned
from safelight.vault.reindexing import renew_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asvs("13.3.4"), pytest.mark.xdist_group("softhsm")]


@pytest.fixture
def leaving(settings, tmp_path) -> Iterator[None]:
    """A key service that goes away when it is told to."""
    FileKeys.make(tmp_path / "leaving.json")
    settings.SAFELIGHT_KEY_SERVICE = {
        "adapter": "tests.simulators.keys_that_leave.KeysThatLeave",
        "file": str(tmp_path / "leaving.json"),
    }
    yield
    keys_that_leave.stay()


def test_what_was_sealed_before_the_key_came_into_play_is_refused_and_saved_when_it_is_sent_again(service):
    who = an_identity()
    early, other = again(who), again(an_identity(nhs_number=None, hospital_number="RJ77"))
    make_patient()
    number = key_in_play()
    renew_all(INDEXES, by=OPERATOR, clock=clock.now)
    for sealed in (early, other):
        with pytest.raises(IndexKeyTurned):
            register(sealed)
    with pytest.raises(NumberTaken):
        register(again(who))
    assert register(again(an_identity(nhs_number=None, hospital_number="RJ77"))).index_key == number


def test_a_list_that_was_made_ready_before_is_refused_as_a_whole_and_taken_when_it_is_sent_again(service):
    patient = make_patient()
    who = queries.identity(OPERATOR, patient.pk)
    line = lists.Line(2, who, "BURNS3")
    key_in_play()
    ready = arriving.prepare(OPERATOR, (line,), new_ids=(uuid4(),), today=TODAY)
    key_in_play()
    with pytest.raises(IndexKeyTurned):
        bring_in_patients(by=OPERATOR, arrivals=ready, now=clock.now())
    renew_all(INDEXES, by=OPERATOR, clock=clock.now)
    ready = arriving.prepare(OPERATOR, (line,), new_ids=(uuid4(),), today=TODAY)
    assert bring_in_patients(by=OPERATOR, arrivals=ready, now=clock.now()).changed == 1
    assert Patient.objects.count() == 1


def test_a_search_that_began_before_is_done_again_where_it_found_nothing(service):
    patient, asked = make_patient(), []

    def ask(keys):
        asked.append(keys)
        if len(asked) == 1:  # after the keys were read and before the rows are
            key_in_play()
            renew_all(INDEXES, by=OPERATOR, clock=clock.now)
        return Patient.objects.filter(nhs_index__in=indexes.fingerprints("nhs", "9990000018", keys)).first()

    assert indexes.searched(ask) == patient
    assert asked == [(1,), (2, 1)]


def test_a_correction_in_between_keeps_what_was_made_sure_and_another_number_does_not():
    patient, khan = make_patient(), actor_of(make_person())
    number = key_in_play()
    for given, nhs_number, confirmed in (("Tess", "9990000018", Confirmed.LIST), ("Tess", "9990000026", Confirmed.NOT_YET)):
        sealed = seal(an_identity(given=given, nhs_number=nhs_number), patient_id=patient.pk, today=TODAY)
        seen = Patient.objects.get(pk=patient.pk).revision
        change_patient(by=khan, sealed=sealed, seen=seen, ward="BURNS2", temporary=False, deceased=False, now=clock.now())
        patient.refresh_from_db()
        assert (patient.confirmed, patient.index_key) == (confirmed, number)


def test_a_row_that_was_corrected_meanwhile_keeps_the_correction():
    patient, khan = make_patient(), actor_of(make_person())
    number = key_in_play()
    renewal = next(Patients().older(number))()
    sealed = seal(an_identity(nhs_number="9990000026"), patient_id=patient.pk, today=TODAY)
    change_patient(by=khan, sealed=sealed, seen=patient.revision, ward="BURNS2", temporary=False, deceased=False, now=clock.now())
    assert not renewal()
    assert LocalDirectory().find("9990000026") == patient.pk
    assert LocalDirectory().find("9990000018") is None


def test_a_renewal_waits_for_whoever_is_entering_a_patient():
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one writes at a time")
    make_patient()
    key_in_play()
    other = threading.Thread(target=lambda: (renew_all(INDEXES, by=OPERATOR, clock=clock.now), connection.close()))
    with transaction.atomic():
        next(Revision.take())
        other.start()
        wait_until(_somebody_waits_for_a_lock)
        assert Patient.objects.filter(index_key=1).count() == 1
    other.join(60)
    assert Patient.objects.filter(index_key=2).count() == 1


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.goal("R2")
@pytest.mark.usefixtures("leaving")
def test_a_turn_that_breaks_off_at_any_call_ends_by_the_same_agreement_with_one_new_key():
    known, how = known_numbers(make_patients(2)), {"agreed": ByTwo(ForKeys.ROTATE_INDEX), "by": OPERATOR, "clock": clock.now}
    for calls in count():
        before = indexes.in_play()[0]
        agreed(ForKeys.ROTATE_INDEX)
        keys_that_leave.leave_after(calls)
        try:
            reindexing.rotate_index(INDEXES, **how)
        except Unavailable:
            keys_that_leave.stay()
            assert all_found(known)
            for who in known.values():
                with pytest.raises(NumberTaken):
                    register(again(who))
            done = reindexing.rotate_index(INDEXES, **how)
        else:
            break
        assert chosen.keys().index_keys()[0] == indexes.in_play()[0] == done.index_key == before + 1
        assert not Patient.objects.exclude(index_key=before + 1).exists()
        with pytest.raises(NotAgreed):
            reindexing.rotate_index(INDEXES, **how)
    assert calls == 6, "a key made, before and after; two numbers of two patients"


@pytest.mark.goal("R2")
@pytest.mark.usefixtures("leaving")
@pytest.mark.parametrize("calls", [0, 1])
def test_a_retiring_that_breaks_off_ends_by_the_same_agreement(calls):
    known = known_numbers(make_patients(2))
    turn()
    later = clock.now() + BACKUPS_LIVE_FOR + timedelta(minutes=1)
    keys_that_leave.leave_after(calls)
    with pytest.raises(Unavailable):
        retire(later)
    keys_that_leave.stay()
    retiring.retire(COLUMNS, INDEXES, agreed=ByTwo(ForKeys.RETIRE), by=OPERATOR, clock=lambda: later)
    assert (chosen.keys().index_keys(), indexes.in_play()) == ((2,), (2,))
    assert not Agreement.objects.filter(what=ForKeys.RETIRE, begun_at__isnull=False, ended_at=None).exists()
    assert all_found(known)


@pytest.mark.goal("R2")
def test_a_worker_ends_what_the_command_left_and_keeps_away_while_it_runs():
    known = known_numbers(make_patients(2))
    number = key_in_play()
    with another_command_at_the_keys():
        inspect.unwrap(tasks.find_by_the_newest_key)("2026-12-01T00:00")
        assert Patient.objects.filter(index_key=1).count() == 2
    inspect.unwrap(tasks.find_by_the_newest_key)("2026-12-01T00:01")
    assert Patient.objects.filter(index_key=number).count() == 2
    assert all_found(known)


@pytest.mark.goal("R2")
@pytest.mark.parametrize("patients", [0, 2])
def test_a_turn_whose_rows_are_all_moved_ends_without_a_second_key(patients):
    known = known_numbers(make_patients(patients))
    agreed(ForKeys.ROTATE_INDEX)
    by_two = ByTwo(ForKeys.ROTATE_INDEX)
    by_two.begin(newest=str(indexes.in_play()[0]))
    number = key_in_play()
    renew_all(INDEXES, by=OPERATOR, clock=clock.now)
    done = reindexing.rotate_index(INDEXES, agreed=by_two, by=OPERATOR, clock=clock.now)
    assert (done.made, done.index_key, indexes.in_play()[0]) == (False, number, number)
    assert all_found(known)
    with pytest.raises(NotAgreed):
        by_two.begin(newest=str(number))
