"""Work that sharing has promised: shares end by themselves when the patient, the record or the time says so."""

from uuid import UUID

from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.outbox.flows import flow, step
from safelight.outbox.ticker import each_minute
from safelight.patients import queries as patients
from safelight.sharing import queries
from safelight.sharing.actions.expire_opinions import expire_opinions
from safelight.sharing.actions.forget_guest_traces import forget_guest_traces
from safelight.sharing.actions.take_back import take_back
from safelight.sharing.errors import NoConsentToShare
from safelight.sharing.mail import queries as mail
from safelight.sharing.mail import rules
from safelight.sharing.rules import Ended


@flow
def take_back_of_patient(patient_id: str) -> None:
    """Every share about a patient that the consent does not cover any more is taken back."""
    take_back_where_not_agreed(patient_id)


@flow
def take_back_with_photo(photograph_id: str, why: str) -> None:
    """Every share with a photo that was moved, or is not to be shared, is taken back."""
    take_back_all_with(photograph_id, why)


@each_minute
@flow
def end_what_expired(minute: str) -> None:
    """What nobody answered in its time is noted as expired; what guests left at their door is forgotten, about once a day."""
    note_expiry(minute)
    forget_what_guests_left(minute)


@step(tries=8)
def take_back_where_not_agreed(patient_id: str) -> None:
    """Ask the consent of each; a run that comes second finds nothing open."""
    for opinion in queries.standing_of_patient(WORKER, patients.same_patient(WORKER, UUID(patient_id))):
        now = clock.now()
        try:
            queries.require_consent(opinion, now=now)
        except NoConsentToShare:
            _take_back(opinion.pk, Ended.CONSENT)


@step(tries=8)
def take_back_all_with(photograph_id: str, why: str) -> None:
    for opinion in queries.standing_with(WORKER, UUID(photograph_id)):
        _take_back(opinion.pk, Ended(why))


@step(tries=3)
def note_expiry(minute: str) -> None:  # noqa: ARG001 - the minute is the key of the promise
    now = clock.now()
    if not (over := queries.expired(WORKER, now=now)):
        return
    try:
        expire_opinions(by=WORKER, opinion_ids=tuple(over), now=now)
    except NotPossibleNow:
        return


@step(tries=3)
def forget_what_guests_left(minute: str) -> None:  # noqa: ARG001 - the minute makes the work once
    """One thing that is over for a day takes all with it that is over for an hour, so the next run with work is a day away."""
    now = clock.now()
    before = now - rules.FORGOTTEN_AFTER
    if mail.codes_forgotten(WORKER, before=before).exists() or mail.browsers_forgotten(WORKER, before=before).exists():
        forget_guest_traces(by=WORKER, now=now)


def _take_back(opinion_id: UUID, why: Ended) -> None:
    try:
        take_back(by=WORKER, opinion_id=opinion_id, why=why, now=clock.now())
    except NotPossibleNow:
        return
