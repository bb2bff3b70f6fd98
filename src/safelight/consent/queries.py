"""What an actor may know of consents. Whether they may see the patient at all is asked of `access` by the caller."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from safelight.consent import rules
from safelight.consent.details import Details, unseal
from safelight.consent.lifecycle import ConsentState
from safelight.consent.models import Consent, ConsentOwed, Publication, Purpose, Wording
from safelight.consent.wordings import SHIPPED, Words, words_of
from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.patients.models import Patient


def _consents(actor: Actor) -> QuerySet[Consent]:
    rows = Consent.objects.select_related("wording").prefetch_related("answers").order_by("-asked_at", "-pk")
    return rows if actor.kind in {ActorKind.STAFF, ActorKind.WORKER, ActorKind.OPERATOR} else rows.none()


def _of(actor: Actor, patient_id: UUID) -> QuerySet[Consent]:
    """Those of one patient, under whatever pseudonym they were recorded: a merge does not make anybody be asked anew."""
    return _consents(actor).filter(patient__in=patients.same_patient(actor, patient_id))


def consent(actor: Actor, consent_id: UUID) -> Consent:
    """One consent with its answers and words. Raises NotFound."""
    found = _consents(actor).filter(pk=consent_id).first()
    if found is None:
        raise NotFound(consent_id)
    return found


def standing(actor: Actor, patient_id: UUID) -> Consent | None:
    """The consent that stands for a patient: the newest. Where two records became one, an older one does not come back behind it."""
    newest = _of(actor, patient_id).first()
    return newest if newest is not None and newest.state == ConsentState.STANDS else None


def consents_of(actor: Actor, patient_id: UUID) -> list[Consent]:
    """Every consent of a patient, newest first."""
    return list(_of(actor, patient_id))


def agreed(actor: Actor, patient_id: UUID) -> frozenset[Purpose]:
    """What the patient agrees to now."""
    return rules.agreed_now(consents_of(actor, patient_id))


def allows(actor: Actor, patient_id: UUID, purpose: Purpose, *, at: datetime) -> bool:
    """Whether the patient had agreed to a purpose by some moment and has not taken it back since (B1, B4, B6).

    The consent that was in force at that moment says yes, and so does the one that stands today.
    """
    every = consents_of(actor, patient_id)
    if purpose not in rules.agreed_now(every):
        return False
    then = next((each for each in every if rules.in_force(each, at=at)), None)
    return then is not None and purpose in rules.agreed(then, list(then.answers.all()))


def publications(actor: Actor, patient_id: UUID) -> list[Publication]:
    """What a patient said to each publication they were asked about, newest first."""
    return list(Publication.objects.filter(consent__in=_of(actor, patient_id)).order_by("-asked_at", "-pk"))


def may_publish(actor: Actor, publication_id: UUID) -> bool:
    """Whether the patient said yes to this very publication, and still agrees to be asked about any (B5)."""
    found = Publication.objects.select_related("consent").filter(pk=publication_id, consent__in=_consents(actor)).first()
    return found is not None and found.yes and Purpose.ASK_ABOUT_PUBLICATION in agreed(actor, found.consent.patient_id)


def owed(actor: Actor, *, now: datetime) -> list[ConsentOwed]:
    """The consents that the actor or the actor's wards must still ask for by now, the most urgent first; `rules.overdue` marks the late.

    The ward is where the patient lies now: who came without a name was asked under another pseudonym. Nobody is told to ask the dead.
    """
    if actor.kind is not ActorKind.STAFF:
        return []
    rows = ConsentOwed.objects.filter(settled_at=None, consent__asked_at__lte=now).exclude(consent__state=ConsentState.SUPERSEDED)
    every = list(rows.select_related("consent").order_by("due_at", "pk"))
    whole = patients.goes_on_as(actor, {row.consent.patient_id for row in every})
    return [row for row in every if _mine(actor, row, whole[row.consent.patient_id])]


def _mine(actor: Actor, row: ConsentOwed, patient: Patient) -> bool:
    return not patient.deceased and (row.consent.asked_by == actor.id or patient.ward in actor.wards)


def to_ask(actor: Actor, patient_id: UUID) -> list[ConsentOwed]:
    """What a patient must still be asked, for a page that says so; nothing of somebody who has died. Raises NotFound."""
    return [] if patients.patient(actor, patient_id).deceased else owed_of(actor, patient_id)


def owed_of(actor: Actor, patient_id: UUID) -> list[ConsentOwed]:
    """What a patient must still be asked, the earliest first."""
    rows = ConsentOwed.objects.filter(settled_at=None, consent__in=_of(actor, patient_id).values("pk").order_by())
    return list(rows.select_related("consent").order_by("due_at", "pk"))


def details(actor: Actor, found: Consent) -> Details:
    """Names, notes and signature of a consent. Asks the key service: never inside an action."""
    return unseal(bytes(found.details), consent(actor, found.pk).pk)


def words(actor: Actor, wording_id: UUID) -> Words | None:
    """One text by its id, of those kept and those that come with Safelight."""
    return next((each for each in every_words(actor) if each.id == wording_id), None)


def every_words(actor: Actor) -> list[Words]:
    """Every text in every version, English first, the newest version of a language first."""
    if actor.kind is ActorKind.NOBODY:
        return []
    kept = {row.pk: words_of(row) for row in Wording.objects.all()}
    every = {text.id: text for text in SHIPPED} | kept
    return sorted(every.values(), key=lambda text: (text.language != "en", text.language, -text.version))


def newest_words(actor: Actor) -> list[Words]:
    """The newest text of each language, English first."""
    newest: dict[str, Words] = {}
    for text in every_words(actor):
        newest.setdefault(text.language, text)
    return list(newest.values())
