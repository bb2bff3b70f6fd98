"""Visits and slates, by the real actions.

`make_visit(patient, by)` asks the patient first unless one consent is given or stands; `make_slate(visit)` shows or prints its slate
for who opened it.
"""

from datetime import datetime
from secrets import token_bytes
from uuid import uuid4

from tests.factories.consent import make_consent
from tests.factories.staff import actor_of

from safelight.consent import queries as consents
from safelight.consent.models import Consent
from safelight.custody.models import CheckOut
from safelight.kernel import clock
from safelight.kernel.actor import Actor, Role
from safelight.patients.models import Patient
from safelight.photographs.actions.open_visit import open_visit
from safelight.photographs.actions.print_slate import print_slate
from safelight.photographs.actions.show_slate import show_slate
from safelight.photographs.models import Fallback, Slate, Visit
from safelight.photographs.sites import SiteSaid
from safelight.photographs.slates import code
from safelight.staff.models import Person


def make_visit(
    patient: Patient,
    by: Actor,
    consent: Consent | None = None,
    check_out: CheckOut | None = None,
    site: str = "forearm",
    laterality: str = "left",
    *,
    reason: str = "wound",
    at: datetime | None = None,
    **how,
) -> Visit:
    """A visit that makes slates. `check_out` must be in `by`'s hands; `how` may name sites, evidential, chaperone, purpose, born."""
    when = at or clock.now()
    stands = consent or consents.standing(by, patient.pk) or make_consent(patient, by, at=when)
    return open_visit(
        by=by,
        patient_id=patient.pk,
        consent_id=stands.pk,
        now=when,
        new_id=uuid4(),
        **{
            "sites": (SiteSaid(site, laterality),),
            "reason": reason,
            "fallback": Fallback.PHOTOGRAPHER if by.has(Role.PHOTOGRAPHER) else Fallback.OWN_ROUTE,
            "check_out_id": check_out.pk if check_out else None,
        }
        | how,
    )


def make_slate(visit: Visit, *, on_paper: bool = False, at: datetime | None = None) -> Slate:
    """A new slate of a visit, shown to or printed by the person who opened it."""
    by = actor_of(Person.objects.get(pk=visit.opened_by))
    make = print_slate if on_paper else show_slate
    return make(by=by, visit_id=visit.pk, code=code.new(token_bytes(8)), now=at or clock.now(), new_id=uuid4())
