"""The import page's words: what the person at the reader is told, out of what is known. Decides nothing."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.custody import queries as custody
from safelight.custody.left import why_left
from safelight.custody.lifecycle import FrameState
from safelight.intake.reading import CardReading, Stage, is_locked
from safelight.kernel.actor import Actor

STEP_WORDS = {"done": "done", "now": "now", "later": "not yet", "stopped": "not done"}
HEADINGS = {
    Stage.LEAVE_IN: "Leave the card in",
    Stage.CAME_OUT: "The card came out",
    Stage.TAKE_OUT: "You can take the card out",
    Stage.HELD: "You can take the card out",
    Stage.NOT_WIPED: "Photos are safe. The card could not be wiped",
    Stage.SOME_STAY: "You can take the card out",
    Stage.EMPTIED: "You can take the card out",
    Stage.COPIED: "You can take the card out",
    Stage.GIVEN_UP: "The card was not read to its end",
}


@dataclass(frozen=True, slots=True)
class Left:
    """What stays on a card for one reason."""

    why: str
    count: int


class Shown:
    """One reading of a card in words."""

    def __init__(self, reading: CardReading) -> None:
        self.reading = reading
        self.import_id: UUID = reading.import_id
        self.began: datetime = reading.progress.card_import.announced_at
        self.station: str = reading.progress.card_import.station.name
        self.stage = reading.stage

    @property
    def title(self) -> str:
        camera = self.reading.camera
        return f"Photos from {camera.code}" if camera else "Photos from a card that is not on the register"

    @property
    def heading(self) -> str:
        return HEADINGS[self.stage]

    @property
    def good(self) -> bool:
        """Whether the person may stop waiting."""
        return self.stage in {Stage.TAKE_OUT, Stage.HELD, Stage.SOME_STAY, Stage.EMPTIED, Stage.COPIED}

    @property
    def sentence(self) -> str:
        """One sentence below the heading: how many, and what is with the card."""
        if self.stage is Stage.LEAVE_IN:
            return self._leave_in()
        found = self.reading.progress
        safe = _are(found.safe, found.total)
        return {
            Stage.CAME_OUT: self._came_out(safe),
            Stage.TAKE_OUT: f"{safe} {self._safe_where}. The card is empty." if found.total else "There was no photo on it. It is empty.",
            Stage.HELD: f"{safe} safe. They may be evidence: the card stays as it is until a named person releases it.",
            Stage.NOT_WIPED: f"{safe} safe.{self._locked} Do not use this card: give it to the medical photographer.",
            Stage.EMPTIED: f"{safe} safe. The card was emptied, not wiped: wipe it at a station before the next patient.{self._locked}",
            Stage.COPIED: f"{safe} safe. The card was not emptied: wipe it at a station before the next patient.{self._locked}",
            Stage.GIVEN_UP: f"{safe} safe. What else is on the card is not known: if it turns up, put it in. Nothing is copied twice.",
            Stage.SOME_STAY: f"{safe} safe. The card still has {_things(found.left + found.damaged, found.others)}.",
        }[self.stage]

    def _leave_in(self) -> str:
        found, safe = self.reading.progress, self.reading.safe
        if found.total == 0:
            return "The card is being read."
        if found.announced:
            return f"{found.copied} of {photos(found.total)} copied."
        return f"{_are(safe, found.total)} safe. The card is being wiped." if safe else f"{found.safe} of {photos(found.total)} checked."

    def _came_out(self, safe: str) -> str:
        back = "Put it back: nothing is lost." if self.reading.progress.announced else "It was not wiped: put it back."
        return f"{safe} safe. {back}"

    @property
    def _locked(self) -> str:
        camera = self.reading.camera
        return f" {camera.code} is locked." if camera and is_locked(camera) else ""

    @property
    def _safe_where(self) -> str:
        return "safe in the record" if self.reading.filed and not self.reading.tray and self.reading.sorted else "safe"

    @property
    def steps(self) -> list[tuple[str, str, str]]:
        """Name, state and its word."""
        return [(name, state, STEP_WORDS[state]) for name, state in self.reading.steps()]

    @property
    def notes(self) -> list[str]:
        """What else is worth knowing, one sentence each."""
        read, found = self.reading, self.reading.progress
        said = [
            (read.before, f"{_was_were(read.before, 'here already')}. Not copied twice."),
            (read.unstable, f"{photos(read.unstable)} did not copy well. The card is kept: put it in again, and have it looked at."),
            (found.damaged, f"The stored copy of {photos(found.damaged)} is damaged. The people who look after the system have been told."),
            (read.raw, f"{_count(read.raw, 'RAW file')} kept as the camera wrote {'it' if read.raw == 1 else 'them'}."),
            (read.videos, f"{_count(read.videos, 'video')} kept. Videos cannot be shown here yet."),
            (
                read.numbers_missing,
                f"{_count(read.numbers_missing, 'photo number')} missing in a sequence that may be evidence. Ask who took it.",
            ),
        ]
        return [words for count, words in said if count]

    @property
    def in_words(self) -> str:
        """All of it in one line, to be read out and for the list."""
        return f"{self.heading}. {self.sentence}"

    @property
    def outcome(self) -> str:
        """What became of the photos, for the list."""
        read = self.reading
        parts = [(read.filed, "in the record"), (read.tray, "in the tray"), (read.aside, "set aside"), (read.waiting, "being sorted")]
        return ", ".join(f"{count} {words}" for count, words in parts if count) or "No photos"


def left_of(actor: Actor, import_id: UUID) -> list[Left]:
    """What stays on the card, by reason in words."""
    states = [FrameState.LEFT, FrameState.DAMAGED]
    frames = custody.places_of(actor, import_id).filter(frame__state__in=states).values_list("frame__left_why", flat=True)
    others = custody.leftovers_of(actor, import_id).filter(decision="").values_list("why", flat=True)
    counted = Counter([*frames, *others])
    return [Left(why_left(why), count) for why, count in sorted(counted.items())]


def photos(count: int) -> str:
    return _count(count, "photo")


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _are(safe: int, total: int) -> str:
    return f"{safe} of {photos(total)} {'is' if total == 1 else 'are'}"


def _was_were(count: int, words: str) -> str:
    return f"{photos(count)} {'was' if count == 1 else 'were'} {words}"


def _things(frames: int, others: int) -> str:
    parts = [photos(frames)] if frames else []
    parts += [_count(others, "other file")] if others else []
    return " and ".join(parts) or "something on it"
