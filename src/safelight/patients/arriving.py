"""From the rows of a list to what an action can keep: whose they are, and what is new. Sealing happens here, before the action.

1. A number leads to a patient. Two numbers of one row that lead to two patients are a fault: never two patients for one number.
2. An NHS number stays: a row that gives a patient another one is a fault, not a change.
3. Empty boxes of a row leave what is known; a row that says nothing new seals nothing, unless it confirms who was typed in (E6).
"""

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from uuid import UUID

from safelight.kernel.actor import Actor
from safelight.patients import queries
from safelight.patients.lists import Line, Wrong
from safelight.patients.models import Patient
from safelight.patients.sealed import SealedIdentity, hospital_indexes, nhs_indexes, open_identity
from safelight.patients.sealing import seal
from safelight.vault.indexes import Keys, in_play


@dataclass(frozen=True, slots=True)
class Arrival:
    """A row that is ready to be kept. `before` is the revision of the patient it changes; None adds one."""

    row: int
    sealed: SealedIdentity = field(repr=False)
    ward: str
    before: int | None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What a list comes to: patients to add and to change, rows that say nothing new, and faults that only the register shows."""

    ready: tuple[Arrival, ...]
    unchanged: int
    wrong: tuple[Wrong, ...]


def prepare(actor: Actor, lines: tuple[Line, ...], *, new_ids: tuple[UUID, ...], today: date) -> Arrivals:
    """Make the rows ready. `new_ids` are as many ids as there are rows."""
    keys = in_play()
    nhs = {line.row: nhs_indexes(line.identity.nhs_number, keys) for line in lines}
    hospital = {line.row: hospital_indexes(line.identity.hospital_number, keys) for line in lines}
    known = queries.with_numbers(actor, nhs=chain(*nhs.values()), hospital=chain(*hospital.values()))
    ready, wrong, unchanged = list[Arrival](), list[Wrong](), 0
    for line, new_id in zip(lines, new_ids, strict=True):
        by_nhs, by_hospital = (next((known[one] for one in made[line.row] if one in known), None) for made in (nhs, hospital))
        found = by_nhs or by_hospital
        if by_nhs and by_hospital and by_nhs.pk != by_hospital.pk:  # (1)
            wrong.append(Wrong(line.row, "The NHS number and the hospital number belong to two patients. Merge them first"))
        elif found is None:
            ready.append(Arrival(line.row, seal(line.identity, patient_id=new_id, today=today, keys=keys), line.ward, None))
        elif found.merged_into_id:
            wrong.append(Wrong(line.row, "The patient with this number was merged into another. Nothing was changed"))
        else:
            judged = _changed(line, found, today=today, keys=keys)
            if isinstance(judged, Wrong):
                wrong.append(judged)
            elif judged is None:
                unchanged += 1
            else:
                ready.append(judged)
    return Arrivals(tuple(ready), unchanged, tuple(wrong))


def _changed(line: Line, found: Patient, *, today: date, keys: Keys) -> Arrival | Wrong | None:
    was = open_identity(found.sealed, patient_id=found.pk)
    if was.nhs_number and line.identity.nhs_number and was.nhs_number != line.identity.nhs_number:  # (2)
        return Wrong(line.row, "The patient with this hospital number has another NHS number. Nothing was changed")
    said = line.identity
    new = replace(  # (3)
        was,
        family=said.family,
        given=said.given or was.given,
        born=said.born or was.born,
        nhs_number=said.nhs_number or was.nhs_number,
        hospital_number=said.hospital_number or was.hospital_number,
        address=said.address or was.address,
    )
    ward = line.ward or found.ward
    if new == was and ward == found.ward and found.confirmed:
        return None
    return Arrival(line.row, seal(new, patient_id=found.pk, today=today, keys=keys), ward, found.revision)
