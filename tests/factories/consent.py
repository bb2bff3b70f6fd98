"""Consents, by the real action.

`make_consent(patient, by)` is a patient who said yes to the record and to advice here; `yes=()` one who said no to everything.
`by` needs a reason to see the patient: the patient's ward is one.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from safelight.consent.actions.record_consent import record_consent
from safelight.consent.details import Details
from safelight.consent.models import ChildsView, Consent, How, Purpose, WhoAgreed
from safelight.consent.said import Said, said
from safelight.consent.wordings import ENGLISH_1
from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.patients.models import Patient

EVERYTHING = frozenset(Purpose)


def what_was_said(consent_id, *, yes: Iterable[int] = (1, 2), who: WhoAgreed = WhoAgreed.PATIENT, **how) -> Said:
    """What the patient told, unless said otherwise; whoever else speaks gives what has to be given with it."""
    details = Details()
    if who is WhoAgreed.BEST_INTERESTS:
        details, how = Details(assessor="Dr A Khan", reason="Unconscious after the accident"), {"how": How.DECIDED} | how
    if who in {WhoAgreed.PARENT, WhoAgreed.ATTORNEY}:
        details = Details(name="Pat SAMPLE")
    if who is WhoAgreed.PARENT:
        how = {"childs_view": ChildsView.TOO_YOUNG} | how
    given = {"how": How.TOLD, "wording": ENGLISH_1.id, "details": details} | how
    return said(consent_id, yes=frozenset(Purpose(number) for number in yes), who=who, **given)


def make_consent(patient: Patient, by: Actor, *, yes: Iterable[int] = (1, 2), at: datetime | None = None, **how) -> Consent:
    """What a patient said. `how` may name who, how, wording, childs_view, details, same_as."""
    new_id = uuid4()
    told = what_was_said(new_id, yes=yes, **how)
    return record_consent(by=by, patient_id=patient.pk, said=told, now=at or clock.now(), new_id=new_id)
