"""Whose photos a page is about, and which."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.http import QueryDict

from safelight.access import queries as access
from safelight.audit.request import StaffRequest
from safelight.deidentify import queries
from safelight.deidentify.errors import OnePatientAtATime
from safelight.deidentify.web.page import MOST
from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
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


def latest(request: StaffRequest) -> QueryDict:
    """The photos of a patient's latest visit that can be covered, as an address names them. Raises NotFound, NoCareRelationship."""
    by = request.actor
    try:
        patient = UUID(request.GET["patient"])
    except ValueError:
        raise NotFound from None
    access.require(by, patient, now=clock.now())
    newest = photographs.page_of(by, patient, site=None, before=None).photographs
    visit = [one for one in newest if one.visit_id == newest[0].visit_id and not queries.coverable(by, one)]
    data = QueryDict(mutable=True)
    data["photos"] = ",".join(str(one.pk) for one in visit[:MOST])
    return data
