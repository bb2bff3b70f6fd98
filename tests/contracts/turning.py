"""What the tests of a new index key share: two people agree, the key is made, everybody is looked for."""

from datetime import date, datetime
from uuid import uuid4

from tests.factories.agreements import agreed
from tests.factories.patients import an_identity, synthetic_number

from safelight.config.indexes import INDEXES
from safelight.config.keys import ByTwo
from safelight.config.sealed import COLUMNS
from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR
from safelight.patients import queries
from safelight.patients.actions.register_patient import register_patient
from safelight.patients.adapters.local import LocalDirectory
from safelight.patients.models import Patient, Revision
from safelight.patients.sealing import seal
from safelight.staff.models import ForKeys
from safelight.vault import chosen, indexes, reindexing, retiring
from safelight.vault.actions.note_index_key import note_index_key

TODAY = date(2026, 12, 1)


def known_numbers(rows) -> dict:
    return {row.pk: queries.identity(OPERATOR, row.pk) for row in rows}


def all_found(known: dict) -> bool:
    """By both numbers, through the directory, as a search on a ward does."""
    directory = LocalDirectory()
    return all(
        directory.find(number) == pk for pk, who in known.items() for number in (who.nhs_number, who.hospital_number) if number is not None
    )


def again(who):
    """Seal somebody as a new patient, who has a number that another has."""
    return seal(who, patient_id=uuid4(), today=TODAY)


def register(sealed) -> Patient:
    return register_patient(by=OPERATOR, sealed=sealed, ward="BURNS2", now=clock.now())


def turn() -> reindexing.Renewed:
    agreed(ForKeys.ROTATE_INDEX)
    return reindexing.rotate_index(INDEXES, agreed=ByTwo(ForKeys.ROTATE_INDEX), by=OPERATOR, clock=clock.now)


def retire(at: datetime) -> list[str]:
    agreed(ForKeys.RETIRE)
    return retiring.retire(COLUMNS, INDEXES, agreed=ByTwo(ForKeys.RETIRE), by=OPERATOR, clock=lambda: at)


def key_in_play() -> int:
    """The next index key, made and noted; no row has moved to it yet."""
    number = indexes.in_play()[0] + 1
    chosen.keys().make_index_key(number)
    note_index_key(by=OPERATOR, number=number, now=clock.now())
    return number


def many(count: int) -> dict:
    """So many patients, entered at once; returns who twenty of them are."""
    rows, known = [], {}
    for order in range(1, count + 1):
        who = an_identity("MODEL", "Cara", synthetic_number(1000 + order), f"{5000 + order:07}")
        sealed, revision = again(who), next(Revision.take())
        rows.append(
            Patient(
                id=sealed.patient,
                sealed=sealed.sealed,
                nhs_index=sealed.nhs_index,
                hospital_index=sealed.hospital_index,
                source="list",
                revision=revision,
                created_at=clock.now(),
                changed_at=clock.now(),
            )
        )
        if order % (count // 20) == 0:
            known[sealed.patient] = who
    Patient.objects.bulk_create(rows, batch_size=500)
    return known
