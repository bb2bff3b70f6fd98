"""What patients asks of a directory, and of whoever knows who looks after whom."""

from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from safelight.kernel.actor import Actor
from safelight.patients.identity import Identity


class PatientDirectory(Protocol):
    """Knows the patients of this site. Each method may take a second and may wait for a network: never inside an action."""

    def find(self, number: str) -> UUID | None:
        """The one patient who has exactly this NHS or hospital number, however it is spaced; None where nobody has.

        A number of a patient who was merged leads to the one who goes on. Raises Unavailable.
        """

    def search(self, surname: str, born: date | None) -> list[UUID]:
        """The patients of that surname, by name; with a birth date those only who were born then, or nobody knows when.

        Case, accents, apostrophes, hyphens and spaces do not matter; either part of a double name is enough; from three letters
        on the beginning is. Nobody who was merged is among them. Raises Unavailable.
        """

    def get(self, patient_id: UUID) -> Identity:
        """Who a patient is, or the one they were merged into. Raises NotFound, Unavailable."""


class Gate(Protocol):
    """Lies above this package, so it is named in the settings."""

    def __call__(self, actor: Actor, patient_id: UUID, *, now: datetime) -> object:
        """Returns where the actor looks after the patient now. Raises the refusal whose page says what to do, or NotFound."""
