from dataclasses import dataclass
from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import queries, rules
from safelight.patients.arriving import Arrival, Arrivals
from safelight.patients.errors import NotForYou
from safelight.patients.facts import PatientsBroughtIn
from safelight.patients.models import Confirmed, Patient, Revision, Source
from safelight.vault.indexes import require_newest


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """How many were added and changed, how many rows said nothing new, and the rows that somebody forestalled."""

    added: int
    changed: int
    unchanged: int
    forestalled: tuple[int, ...]


@action
def bring_in_patients(*, by: Actor, arrivals: Arrivals, now: datetime) -> BroughtIn:
    """Keep a list of patients that another system wrote; bringing it in twice changes nothing the second time.

    1. An administrator or the command line: a list moves patients between wards, which nobody does for themselves.
    2. What the list was compared with still stands, row by row; a row that somebody forestalled is left out and named. Where the key
       by which numbers are found was changed meanwhile, nothing is kept: all rows were made ready by one set of keys.
    """
    if not rules.brings_in_lists(by):  # (1)
        raise NotForYou
    revisions = Revision.take(max(len(arrivals.ready), 1))
    if arrivals.ready:
        require_newest(arrivals.ready[0].sealed.keys)
    held = queries.with_numbers(
        by,
        nhs=[index for one in arrivals.ready for index in one.sealed.nhs],
        hospital=[index for one in arrivals.ready for index in one.sealed.hospital],
    )
    forestalled = [one for one in arrivals.ready if _is_taken(held, one)]  # (2)
    added = [one for one in arrivals.ready if one.before is None and one not in forestalled]
    Patient.objects.bulk_create([_row(one, revision=next(revisions), now=now) for one in added], batch_size=500)
    changed = list[Arrival]()
    for one in arrivals.ready:
        if one.before is not None and one not in forestalled:
            done = _update(one, was=one.before, revision=next(revisions), now=now)
            (changed if done else forestalled).append(one)
    state(
        PatientsBroughtIn(
            added=tuple(one.sealed.patient for one in added),
            changed=tuple(one.sealed.patient for one in changed),
            unchanged=arrivals.unchanged,
            refused=len(forestalled) + len(arrivals.wrong),
        )
    )
    return BroughtIn(len(added), len(changed), arrivals.unchanged, tuple(sorted(one.row for one in forestalled)))


def _is_taken(held: dict[bytes, Patient], one: Arrival) -> bool:
    """Whether a number of the row is another patient's by now, or of anybody where the row adds one."""
    holders = {held[index].pk for index in (*one.sealed.nhs, *one.sealed.hospital) if index in held}
    return bool(holders - {one.sealed.patient} if one.before is not None else holders)


def _row(one: Arrival, *, revision: int, now: datetime) -> Patient:
    return Patient(
        id=one.sealed.patient,
        sealed=one.sealed.sealed,
        nhs_index=one.sealed.nhs_index,
        hospital_index=one.sealed.hospital_index,
        index_key=one.sealed.keys[0],
        ward=one.ward,
        source=Source.LIST,
        confirmed=Confirmed.LIST,
        confirmed_at=now,
        revision=revision,
        created_at=now,
        changed_at=now,
    )


def _update(one: Arrival, *, was: int, revision: int, now: datetime) -> int:
    return Patient.objects.filter(pk=one.sealed.patient, revision=was, merged_into=None).update(
        sealed=one.sealed.sealed,
        nhs_index=one.sealed.nhs_index,
        hospital_index=one.sealed.hospital_index,
        index_key=one.sealed.keys[0],
        ward=one.ward,
        temporary=False,
        confirmed=Confirmed.LIST,
        confirmed_at=now,
        revision=revision,
        changed_at=now,
    )
