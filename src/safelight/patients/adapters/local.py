"""The directory in Safelight's own database."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from uuid import UUID

from safelight.kernel.errors import NotFound
from safelight.patients import names, numbers
from safelight.patients.identity import Identity
from safelight.patients.models import Patient
from safelight.patients.sealed import hospital_indexes, nhs_indexes, open_identity
from safelight.vault.indexes import Keys, searched

LIFETIME_SECONDS = 1800
_BATCH = 5_000


@dataclass(slots=True, repr=False)
class _Known:
    keys: tuple[str, ...]
    given: str
    born: date | None


@dataclass(slots=True, repr=False)
class _List:
    """Every patient's name and birth date in memory, up to a revision. No index of names is stored: it would leak them."""

    made_at: float
    revision: int = 0
    last: UUID | None = None
    known: dict[UUID, _Known] = field(default_factory=dict)


class LocalDirectory:
    """Numbers are found by blind index; names in a list that is opened at the first search, and read on from there.

    1. The list lives for `lifetime_seconds` at most; then it is made anew.
    2. Each search reads the patients that were changed since, by revision. Revisions are given out one after the other, each
       when the one before has committed, so none is missed.
    3. Where the patient with the last revision is not there any more, the database is another one (restored, say): made anew.
    """

    def __init__(self, *, lifetime_seconds: float = LIFETIME_SECONDS, seconds: Callable[[], float] = time.monotonic) -> None:
        self._lifetime, self._seconds = lifetime_seconds, seconds
        self._lock = Lock()
        self._list: _List | None = None

    def find(self, number: str) -> UUID | None:
        digits, hospital = numbers.ten_digits(number), numbers.hospital_number(number)

        def ask(keys: Keys) -> Patient | None:
            found = Patient.objects.filter(nhs_index__in=nhs_indexes(digits, keys)).first() if digits else None
            if found is None and hospital:
                found = Patient.objects.filter(hospital_index__in=hospital_indexes(hospital, keys)).first()
            return found

        found = searched(ask)
        return found.goes_on_as().pk if found else None

    def search(self, surname: str, born: date | None) -> list[UUID]:
        wanted = names.plain(surname)
        if not wanted:
            return []
        with self._lock:
            found = [
                (known.keys[0], names.plain(known.given), patient)
                for patient, known in self._current().known.items()
                if names.fits(wanted, known.keys) and (born is None or known.born in {born, None})
            ]
        return [patient for _, _, patient in sorted(found)]

    def get(self, patient_id: UUID) -> Identity:
        found = Patient.objects.filter(pk=patient_id).first()
        if found is None:
            raise NotFound(patient_id)
        row = found.goes_on_as()
        return open_identity(row.sealed, patient_id=row.pk)

    def _current(self) -> _List:
        now = self._seconds()
        if self._list is None or now - self._list.made_at >= self._lifetime or not _read_on(self._list):  # (1) (2) (3)
            self._list = None  # a list that cannot be made is not kept half
            fresh = _List(made_at=now)
            _read_on(fresh)
            self._list = fresh
        return self._list


def _read_on(held: _List) -> bool:
    """Read what was changed since; whether the list still stands on this database."""
    rows = Patient.objects.filter(revision__gte=held.revision).order_by("revision")
    seen_again = held.last is None
    for patient, sealed, merged, revision in rows.values_list("pk", "sealed", "merged_into", "revision").iterator(_BATCH):
        seen_again = seen_again or patient == held.last
        if revision == held.revision:
            continue
        held.revision, held.last = revision, patient
        if merged:
            held.known.pop(patient, None)
        else:
            who = open_identity(sealed, patient_id=patient)
            held.known[patient] = _Known(names.keys(who.family), who.given, who.born)
    return seen_again
