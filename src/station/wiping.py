"""Wiping a card by a receipt: what it names and nothing else, then what is free.

1. Hash each file on the card once more; erase only what is on the receipt, overwriting in place, and read it again.
2. A person has looked at some other files and given them up, by their digests: those go the same way.
3. When no photo and no unknown file is left: take away the camera's own files and DCIM, fill the free space, make DCIM anew.
4. Look again: the card is empty only if nothing is found on it now.
A site may have whole cards wiped at once instead (renewing.py): then only where nothing at all is to stay.
In doubt, keep.
"""

import os
from contextlib import suppress
from pathlib import Path

from handover.reasons import Left
from station import methods
from station.blocks import Fingerprints
from station.card import Card
from station.erasing import NotErased, erase_file, fill, remove_empty_folders
from station.journal import Journal
from station.mounting import CannotOpen
from station.outcome import Outcome, State, Tell
from station.reading import CardOut, Changed, Found, Listing, begins_with_zeros, digest_now, walk
from station.renewing import renew


class Wiping:
    """The wiping of one card. `traces` are marks of frames that were found where they should not be any more."""

    def __init__(self, card: Card, listing: Listing, outcome: Outcome, marks: Fingerprints, journal: Journal, *, tell: Tell) -> None:
        self.card, self.listing, self.outcome, self.marks, self.journal, self.tell = card, listing, outcome, marks, journal, tell
        self.traces: set[int] = set()

    def erase_whole(self, confirmed: frozenset[str]) -> bool:
        """The whole medium at once, where every photo on it is on the receipt and nothing else is to stay; returns whether it was.

        Raises CardOut.
        """
        frames = self.listing.frames
        if self.listing.others or self.outcome.left or not self.card.renewable or not frames:
            return False
        self.card.forget()
        for number, found in enumerate(frames, 1):
            self.tell("compare", number, len(frames))
            if found.line.digest not in confirmed or self._why_not(found):
                return False
        if not self.card.is_there():
            raise CardOut
        for found in frames:
            self.journal.note(self.card.volume, self._place(found.path), found.line.size, found.line.digest)
        try:
            self.outcome.method = renew(self.card, is_of_it=lambda stretch: bool(self.marks.in_stretch(stretch)), tell=self.tell)
        except CannotOpen:
            return False
        except NotErased as fault:
            for fate in self.outcome.fates.values():
                fate.leave(fault.why)
            self._see_what_is_left()
            return True
        for fate in self.outcome.fates.values():
            fate.state, fate.why = State.ERASED, None
        self.outcome.filled = True
        self._look_at_the_new()
        return True

    def _see_what_is_left(self) -> None:
        try:
            self.traces = set().union(*map(self.marks.in_stretch, self.card.stretches()))
        except OSError as fault:
            raise CardOut from fault

    def _look_at_the_new(self) -> None:
        """Where the new file system opens, it is empty and gets the folder that cameras look for; else the camera makes one."""
        self.outcome.empty = True
        if os.path.ismount(self.card.root):
            with suppress(OSError):  # the card is wiped, and its certificate does not hang on a folder that the camera makes as well
                (self.card.root / "DCIM").mkdir(exist_ok=True)
            files, unreadable = walk(self.card.root)
            self.outcome.empty = not files and not unreadable

    def erase_confirmed(self, confirmed: frozenset[str]) -> None:
        """Step 1. Raises CardOut."""
        self.card.forget()
        frames = self.listing.frames
        for number, found in enumerate(frames, 1):
            self.tell("erase", number, len(frames))
            if self.outcome.of(found.path).state is State.LEFT:
                continue
            if found.line.digest not in confirmed:
                self.outcome.of(found.path).leave(Left.NOT_ON_RECEIPT)
                continue
            if why := self._why_not(found):
                if not self.card.is_there():
                    raise CardOut
                self.outcome.of(found.path).leave(why)
                continue
            self.journal.note(self.card.volume, self._place(found.path), found.line.size, found.line.digest)
            self._erase(found.path)
        for path, _ in self.listing.half:
            if self.outcome.of(path).state is not State.LEFT:  # on a card that is held as evidence nothing is overwritten any further
                self._erase(path)

    def erase_given_up(self, given_up: frozenset[str]) -> None:
        """Step 2. Raises CardOut."""
        for path, line in self.listing.others:
            if line.digest in given_up and self._is_still(path, line.digest):
                self._erase(path)

    def empty(self) -> None:
        """Steps 3 and 4. Raises CardOut."""
        if self.outcome.left:
            return
        if not self.card.is_there():  # what is free on this card may be another's photos
            raise CardOut
        dcim = self.card.root / "DCIM"
        was_there = self.card.fillable or dcim.is_dir()
        try:
            for path in self.listing.own:
                erase_file(path, self.marks, self.card.forget)
            remove_empty_folders(self.card.root)
            if self.card.fillable:
                self.tell("fill", 0, 0)
                fill(self.card.root)
            if self.card.fillable:
                self.outcome.filled, self.outcome.method = True, methods.FILLED
            if was_there:
                dcim.mkdir(exist_ok=True)
        except (OSError, NotErased) as fault:
            self._check_card(fault)
        files, unreadable = walk(self.card.root)
        self.outcome.empty = not files and not unreadable

    def still_half(self) -> list[str]:
        """Places whose overwriting was begun and could not be finished, or whose name went and the rest could not be proved.

        The next run finishes the first, and says of the second that they are gone.
        """
        begun = [found.path for found in self.listing.frames] + [path for path, _ in self.listing.half]
        left = [path for path in begun if self.outcome.of(path).state is State.LEFT]
        return [self._place(path) for path in left if not os.path.lexists(path) or _is_half(path)]

    def all_places(self) -> list[str]:
        """Where frames are on the card, or were when it was read."""
        return [self._place(found.path) for found in self.listing.frames] + [self._place(path) for path, _ in self.listing.half]

    def _why_not(self, found: Found) -> Left | None:
        """Why a file is not what was announced any more; a camera may have written since."""
        try:
            is_same = digest_now(found.path) == found.line.digest
        except Changed:
            return Left.CHANGED
        except OSError as fault:
            self._check_card(fault)
            return Left.UNREADABLE
        if self.card.broken:  # to overwrite one file would overwrite another, or never end
            return Left.NOT_PROVED
        return None if is_same else Left.CHANGED

    def _is_still(self, path: Path, digest: str) -> bool:
        try:
            return digest_now(path) == digest
        except (OSError, Changed):
            return False

    def _erase(self, path: Path) -> None:
        fate = self.outcome.of(path)
        if self.card.broken:
            fate.leave(Left.NOT_PROVED)
            return
        try:
            traces = erase_file(path, self.marks, self.card.forget)
        except NotErased as fault:
            self._check_card(fault)
            fate.leave(fault.why)
            return
        self.traces |= traces
        if traces:
            fate.leave(Left.NOT_PROVED)
        else:
            fate.state, fate.why = State.ERASED, None

    def _place(self, path: Path) -> str:
        return str(path.relative_to(self.card.root))

    def _check_card(self, fault: Exception) -> None:
        if not self.card.is_there():
            raise CardOut from fault


def _is_half(path: Path) -> bool:
    try:
        return begins_with_zeros(path)
    except OSError:
        return False
