"""What was read in photos, beside what is known of their patient by now. Slow: before the action that notes it.

A name that was nobody's, or only like the patient's, when a person said to show it may be this patient's once two entries were found
to be one, a name, number, birth date or address was put right, or the photo was filed under somebody else.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from safelight.deidentify.boxes import Kind
from safelight.deidentify.matching import likeness, own
from safelight.deidentify.models import Finding, Match
from safelight.deidentify.said import Likeness, Rematched
from safelight.deidentify.sealed import open_read, seal_read
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.patients.identity import Identity
from safelight.photographs.models import Photograph

_READABLE = Q(kind__in=[Kind.TEXT, Kind.BARCODE]) & ~Q(read=b"")


def to_match(actor: Actor, patient_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Those of some patients, as they go on, who have a photo in which something was read; each with their revision."""
    goes_on = {row.pk: row.revision for row in patients.goes_on_as(actor, patient_ids).values()}
    same = patients.same_patients(actor, goes_on)
    read = Finding.objects.filter(_READABLE, photograph__patient__in=same).order_by()
    return {same[one]: goes_on[same[one]] for one in read.values_list("photograph__patient", flat=True).distinct()}


def photographs_of(actor: Actor, patient_id: UUID) -> list[UUID]:
    """The photos of a patient, those filed under merged entries too, in which something was read."""
    same = patients.same_patient(actor, patient_id)
    return list(Finding.objects.filter(_READABLE, photograph__patient__in=same).order_by().values_list("photograph", flat=True).distinct())


def rematched(actor: Actor, photograph: Photograph) -> Rematched:
    """What looks like the patient's own now and did not before. Raises Damage where what was read does not open."""
    known_as = patients.known_as(actor, photograph.patient_id)
    read = list(Finding.objects.filter(_READABLE, photograph=photograph).order_by("number"))
    anew = {each.pk: found for each in read if (found := _anew(each, known_as))}
    return Rematched(photograph=photograph.pk, patient=photograph.patient_id, matches=anew)


def _anew(finding: Finding, known_as: Iterable[Identity]) -> Likeness | None:
    """What a finding looks like now; None where it looks like nothing of the patient's, or only like what it looked like before."""
    read, before = (open_read(sealed, photograph_id=finding.photograph_id) for sealed in (finding.read, finding.likeness or b""))
    every = list(known_as)
    match, now = own(read, *every), likeness(read, *every)
    if match == Match.NONE or (match == finding.matches and set(now.splitlines()) <= set(before.splitlines())):
        return None
    return Likeness(match=match, before=bytes(finding.likeness or b""), now=seal_read(now, photograph_id=finding.photograph_id))
