"""Whose photos a page is about."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.deidentify.errors import OnePatientAtATime
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.photographs import queries as photographs


def one_patient(by: Actor, photos: Iterable[UUID], *, now: datetime) -> UUID:
    """The one patient whose photos these are, whom the actor may see. Raises NotFound, NoCareRelationship, OnePatientAtATime."""
    every = list(photos)
    whose = {photographs.photograph(by, photo).patient_id for photo in every}
    for patient in whose:
        access.require(by, patient, now=now)
    found = {patients.patient(by, patient).pk for patient in whose}
    if len(found) != 1:
        raise OnePatientAtATime(*every)
    return found.pop()
