"""Who looked at a patient's photos: the ledger, read in plain words (I5)."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.audit.models import About, Entry, Outcome
from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients

PAGE = 100
# Each action that shows or changes a patient's photos, as the patient would say it. `{n}` is how many photos.
WORDS = {
    "photographs.view_timeline": "Looked at {n}, small",
    "photographs.view_days": "Looked at {n} of other days, small",
    "photographs.view_photograph": "Looked at one photo, large",
    "photographs.fetch_record_copy": "Took a copy of the camera's own file",
    "photographs.file_photograph": "Put a photo into the record",
    "intake.file_frame": "Put a photo into the record",
    "intake.file_by_hand": "Put photos into the record by hand",
    "photographs.correct_patient": "Moved a photo that was in the wrong record",
    "photographs.propose_move": "Looked whether a photo belongs to this patient",
    "photographs.set_site": "Corrected what a photo shows",
    "photographs.set_sites": "Said what photos show",
    "photographs.set_scale": "Said how long the ruler in a photo is",
    "photographs.remove_scale": "Removed the scale of a photo",
    "photographs.see_who_looked": "Read this list",
    "deidentify.view_desk": "Looked at one photo, large, to cover it",
    "deidentify.approve_copies": "Covered photos, so that they can be shown to a colleague",
    "deidentify.reject_copy": "Said that a photo is not to be shared",
    "deidentify.sign_off": "Agreed, as a senior colleague, that a photo is shown here",
    "sharing.ask_opinion": "Asked a colleague about photos",
    "sharing.open_opinion": "Opened a question about photos",
    "sharing.view_shared_copy": "Saw a covered photo, to give advice",
    "sharing.view_covered_copy": "Looked at one covered photo",
    "sharing.give_opinion": "Gave advice about photos",
    "sharing.ask_for_better_photo": "Asked for a better photo, to give advice",
    "sharing.pass_on": "Passed a question about photos on to a colleague",
    "sharing.view_opinion": "Read a question about photos, and what was advised",
    "sharing.read_letter": "Read a colleague's letter about photos, to find where it belongs",
    "sharing.file_letter": "Put a colleague's letter with advice into the record",
    "sharing.note_letter_arrived": "A letter about photos came in",
    "sharing.take_back": "Took a question about photos back",
    "sharing.view_opinions_of": "Read what colleagues advised",
    "sharing.call_in_emergency": "Let somebody on call see the photos for an hour",
    "access.break_glass": "Gave a reason to open the record",
}
VIEWS = (
    "photographs.view_timeline",
    "photographs.view_days",
    "photographs.view_photograph",
    "photographs.fetch_record_copy",
    "deidentify.view_desk",
)
REFUSED = "Tried to look, and was refused"
FAILED = "Tried to look; it did not work"


@dataclass(frozen=True, slots=True)
class Look:
    """One entry of the ledger about a patient: who, when, and what in plain words. `person` is None for the computer itself, and for
    a colleague `elsewhere`, who has no account here.
    """

    seq: int
    at: datetime
    person: UUID | None
    words: str
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Looks:
    """A part of the list, latest first. `older` is where the next part begins, None at the end."""

    patient: UUID
    entries: tuple[Look, ...]
    older: int | None


def of_patient(actor: Actor, patient_id: UUID, *, before: int | None = None, most: int = PAGE) -> Looks:
    """Everything that people did with a patient's photos. What the computer does by itself is left out, but for filing."""
    found = _entries(actor, patients.same_patient(actor, patient_id), tuple(WORDS), before=before, most=most + 1)
    shown = tuple(_look(entry) for entry in found[:most])
    return Looks(patient_id, shown, shown[-1].seq if len(found) > most else None)


def last_views(actor: Actor, pseudonyms: Collection[UUID], *, most: int) -> list[Look]:
    """Who else saw photos of a patient last, by all pseudonyms: each person once, with the time of their last view."""
    last: dict[UUID, Look] = {}
    for entry in _entries(actor, pseudonyms, VIEWS, before=None, most=PAGE):
        look = _look(entry)
        if entry.outcome == Outcome.DONE and look.person and look.person != actor.id:
            last.setdefault(look.person, look)
    return list(last.values())[:most]


def _entries(actor: Actor, pseudonyms: Collection[UUID], actions: tuple[str, ...], *, before: int | None, most: int) -> list[Entry]:
    if actor.kind is not ActorKind.STAFF:
        raise NotFound
    rows = About.objects.filter(patient__in=pseudonyms, entry__action__in=actions).select_related("entry").order_by("-entry_id")
    if before is not None:
        rows = rows.filter(entry_id__lt=before)
    return [row.entry for row in rows[:most]]


def _look(entry: Entry) -> Look:
    body = json.loads(bytes(entry.body))
    person = entry.actor if body["actor"]["kind"] == ActorKind.STAFF else None
    elsewhere = body["actor"]["kind"] == ActorKind.GUEST
    if entry.outcome != Outcome.DONE:
        return Look(entry.seq, entry.at, person, REFUSED if entry.outcome == Outcome.REFUSED else FAILED, elsewhere)
    count = sum(len(fact["photographs"]) for fact in body["facts"] if fact["fact"] == "photographs.TimelineSeen")
    return Look(entry.seq, entry.at, person, WORDS[entry.action].format(n=_photos(count)), elsewhere)


def _photos(count: int) -> str:
    return {0: "the page, which had no photos", 1: "1 photo"}.get(count, f"{count} photos")
