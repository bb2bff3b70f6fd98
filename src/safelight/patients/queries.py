"""What an actor may know of patients. Whether this actor may see this patient is asked of `access`, by the caller."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.patients import chosen, numbers, rules
from safelight.patients.identity import Identity
from safelight.patients.models import Patient
from safelight.patients.sealed import open_identity

MOST_FOUND = 50


@dataclass(frozen=True, slots=True, repr=False)
class Banner:
    """The line that names a patient on every page about them: always name, birth date and number (E2)."""

    id: UUID
    name: str
    born: date | None
    age: int | None
    nhs_number: str | None
    hospital_number: str | None
    ward: str
    deceased: bool
    temporary: bool
    confirmed: bool

    def __repr__(self) -> str:
        return f"<Banner {self.id}>"


def patient(actor: Actor, patient_id: UUID) -> Patient:
    """The row of a patient, or of the one it was merged into. Raises NotFound."""
    if not rules.knows_of_patients(actor):
        raise NotFound(patient_id)
    found = Patient.objects.filter(pk=patient_id).first()
    if found is None:
        raise NotFound(patient_id)
    return found.goes_on_as()


def confirmed(actor: Actor, patient_id: UUID) -> bool:
    """Whether it was made sure that the number is this patient's: before that nothing is shown to others (E6). Raises NotFound."""
    return bool(patient(actor, patient_id).confirmed)


def same_patient(actor: Actor, patient_id: UUID) -> set[UUID]:
    """All ids that mean this patient: of the one that goes on and of all that were merged into it. Raises NotFound."""
    return set(same_patients(actor, [patient(actor, patient_id).pk]))


def same_patients(actor: Actor, goes_on: Iterable[UUID]) -> dict[UUID, UUID]:
    """The ids that mean each of some patients who go on: their own and of all that were merged into them, with who goes on for each."""
    found = {one: one for one in goes_on} if rules.knows_of_patients(actor) else {}
    newest = list(found)
    while newest:
        rows = Patient.objects.filter(merged_into__in=newest).values_list("pk", "merged_into")
        newer = {one: found[into] for one, into in rows if one not in found and into is not None}
        found |= newer
        newest = list(newer)
    return found


def goes_on_as(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Patient]:
    """Each id that exists, with the row that goes on for it after merges, by one query for each step of the longest chain."""
    if not rules.knows_of_patients(actor):
        return {}
    wanted, rows = set(ids), dict[UUID, Patient]()
    missing = set(wanted)
    while missing:
        found = Patient.objects.in_bulk(missing)
        rows |= found
        missing = {row.merged_into_id for row in found.values() if row.merged_into_id} - rows.keys()
    return {one: _end_of(one, rows) for one in wanted & rows.keys()}


def _end_of(one: UUID, rows: dict[UUID, Patient]) -> Patient:
    row = rows[one]
    while row.merged_into_id:
        row = rows[row.merged_into_id]
    return row


def identity(actor: Actor, patient_id: UUID) -> Identity:
    """Who a patient is. The caller has asked whether the actor may see them. Raises NotFound."""
    found = patient(actor, patient_id)
    return open_identity(found.sealed, patient_id=found.pk)


def known_as(actor: Actor, patient_id: UUID) -> list[Identity]:
    """Every identity under which a patient is held: the one that goes on first, then those of all that were merged into it. The
    caller has asked whether the actor may see them. Raises NotFound.
    """
    goes_on = patient(actor, patient_id)
    rows = Patient.objects.filter(pk__in=same_patient(actor, goes_on.pk)).values_list("pk", "sealed")
    return [open_identity(sealed, patient_id=one) for one, sealed in sorted(rows, key=lambda row: row[0] != goes_on.pk)]


def identities(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Identity]:
    """Who some patients are, under the ids that were asked for. The caller has asked whether the actor may see them."""
    return {one: open_identity(row.sealed, patient_id=row.pk) for one, row in goes_on_as(actor, ids).items()}


def by_number(actor: Actor, number: str) -> UUID | None:
    """The patient with exactly this NHS or hospital number, however it is spaced; None where nobody has it. Reveals no identity."""
    return chosen.directory().find(number) if rules.knows_of_patients(actor) else None


def by_name(actor: Actor, surname: str, born: date | None) -> list[UUID]:
    """The patients of a surname, by name, one more than are shown at once at most. Reveals no identity: `find_patients` does."""
    return chosen.directory().search(surname, born)[: MOST_FOUND + 1] if rules.finds_patients(actor) else []


def banner(actor: Actor, patient_id: UUID, *, today: date) -> Banner:
    """The line that names a patient on a page. The caller has asked whether the actor may see them. Raises NotFound."""
    found = patient(actor, patient_id)
    return banner_of(found, open_identity(found.sealed, patient_id=found.pk), today=today)


def banner_of(row: Patient, who: Identity, *, today: date) -> Banner:
    """The line that names a patient, of a row and an identity at hand."""
    return Banner(
        id=row.pk,
        name=who.name,
        born=who.born,
        age=_age(who.born, today) if who.born and not row.deceased else None,
        nhs_number=numbers.spaced(who.nhs_number) if who.nhs_number else None,
        hospital_number=who.hospital_number,
        ward=row.ward,
        deceased=row.deceased,
        temporary=row.temporary,
        confirmed=bool(row.confirmed),
    )


def _age(born: date, today: date) -> int:
    """Full years; who was born on 29 February grows older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def with_numbers(actor: Actor, *, nhs: Iterable[bytes], hospital: Iterable[bytes]) -> dict[bytes, Patient]:
    """The rows that have these numbers, merged ones too, by blind index. The two kinds of index never meet."""
    if not rules.knows_of_patients(actor):
        return {}
    rows = Patient.objects.filter(nhs_index__in=list(nhs)).in_bulk(field_name="pk") | Patient.objects.filter(
        hospital_index__in=list(hospital)
    ).in_bulk(field_name="pk")
    found: dict[bytes, Patient] = {}
    for row in rows.values():
        found |= {bytes(index): row for index in (row.nhs_index, row.hospital_index) if index is not None}
    return found


def on_wards(actor: Actor) -> dict[UUID, Identity]:
    """Who the patients on the actor's own wards are: to put them in order. What is shown of it is an action's to say."""
    if not rules.finds_patients(actor):
        return {}
    rows = Patient.objects.filter(ward__in=actor.wards, merged_into=None).exclude(ward="").values_list("pk", "sealed")
    return {one: open_identity(sealed, patient_id=one) for one, sealed in rows}


def merged_here(actor: Actor, patient_id: UUID) -> list[Patient]:
    """The patients that were merged into this one directly."""
    return list(Patient.objects.filter(merged_into=patient_id).order_by("changed_at")) if rules.knows_of_patients(actor) else []
