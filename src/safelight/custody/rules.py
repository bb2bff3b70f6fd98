"""Pure rules of custody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from django.utils import timezone

from safelight.custody.lifecycle import CameraMove, CameraState, FrameState
from safelight.custody.models import Camera, Card, CheckOut, Frame, Import, LeftOver
from safelight.kernel.actor import Actor, Role
from safelight.kernel.digest import Digest
from safelight.vault.kept import Kept

_BROWSERS = UUID("5b0f5f5e-43a3-4b07-9c55-2f0f2c1c9a3d")  # the names of stations that stand for people's browsers
CLOCK_LIMIT = timedelta(minutes=2)
FRESH = timedelta(minutes=10)
FRESH_AGAIN = timedelta(seconds=30)
NOT_SEEN = timedelta(days=14)
EVIDENCE_AWAITED = timedelta(days=14)
LONGEST_OUT = timedelta(hours=24)
SAME_SHIFT = timedelta(hours=12)
BELIEVED = timedelta(days=31)
AT_REST = {FrameState.VERIFIED, FrameState.RELEASED, FrameState.ERASED, FrameState.LEFT, FrameState.DAMAGED}
CONFIRMED = {FrameState.VERIFIED, FrameState.RELEASED, FrameState.ERASED}


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What reading a stored copy back has found: its digest, None where it could not be read as what was kept."""

    found: Digest | None


def came_as_announced(kept: Kept, read_back: ReadBack | None, *, digest: str) -> bool:
    """Whether the bytes that the vault keeps are those that the station announced.

    Hashed as they came, that hash says it. Else the copy does: one that opens is what came. Of one that does not open nobody can say
    more than that it is damaged, and a copy that nobody has read back either is taken for nothing.
    """
    if kept.hashed:
        return kept.digest == digest
    return kept.digest == digest and read_back is not None and read_back.found in {None, digest}


class SetAside(StrEnum):
    """A rule that a person may set aside at check-out by giving a reason (A4, A6, A10)."""

    TRAINING = "training"
    CLOCK = "clock"
    OTHER_WARD = "other_ward"


class CardSaid(StrEnum):
    """What a person says of the card when the camera comes back."""

    EMPTY = "empty"
    HAS_PHOTOS = "has_photos"
    NOT_IN_IT = "not_in_it"


class Decision(StrEnum):
    """What becomes of a file on a card that is neither a photo nor the camera's own."""

    ERASE = "erase"
    GIVE = "give"


class WhyGivenUp(StrEnum):
    """Why nobody waits any longer for a card that came out before it was read to its end."""

    LOST = "lost"
    BROKEN = "broken"
    DELETED = "deleted"
    NEEDED = "needed"


class Readiness(StrEnum):
    """Whether a camera can be taken now, and if not, what stands in the way. No reason sets this aside."""

    READY = "ready"
    OUT = "out"
    LOCKED = "locked"
    NOT_EMPTY = "not_empty"
    NO_CARD = "no_card"
    FAULTY = "faulty"
    LOST = "lost"
    RETIRED = "retired"


class CardState(StrEnum):
    """What the register says of a card."""

    EMPTY = "empty"
    UNREAD = "unread"
    NOT_SEEN = "not_seen"
    HELD = "held"
    LOST = "lost"
    RETIRED = "retired"


def at_rest(frame: Frame) -> bool:
    """Whether nothing more happens to a frame by itself before its card may be erased."""
    return FrameState(frame.state) in AT_REST


def confirmed(frame: Frame) -> bool:
    """Whether the vault's copy was read back whole."""
    return FrameState(frame.state) in CONFIRMED


def waits_for_read_back(frame: Frame) -> bool:
    """Whether the vault took the bytes and nobody has read them back yet."""
    return FrameState(frame.state) is FrameState.RECEIVED


def wanted(frame: Frame) -> bool:
    """Whether a station that has the frame on a card sends its bytes."""
    return FrameState(frame.state) is FrameState.ANNOUNCED


def wanted_again(frame: Frame) -> bool:
    """Whether a frame that is found on a card once more is to be sent anew: it was left there, or the vault's copy is damaged
    or was disposed of.
    """
    return FrameState(frame.state) in {FrameState.LEFT, FrameState.DAMAGED, FrameState.DISPOSED}


def read_back_is_stale(frame: Frame, *, now: datetime, again: bool = False) -> bool:
    """Whether the copy was last read back so long ago that it is read again before a receipt names it, or names it `again`."""
    return frame.verified_at is None or now - frame.verified_at > (FRESH_AGAIN if again else FRESH)


def held_for_evidence(card: Card | None, *, evidential_open: bool) -> bool:
    """Whether a card must not be wiped by itself (C9, D5): it is held, or nobody knows it while an evidential camera is out."""
    if card is None:
        return evidential_open
    return card.held_at is not None and (card.released_at is None or card.released_at < card.held_at)


def held(card: Card) -> bool:
    """Whether a card waits for a named person to release it."""
    return held_for_evidence(card, evidential_open=False)


def read_as_evidence(read_in: Import) -> bool:
    """Whether a card that was read waits for a named person to release it, whether the register knows it or not."""
    return read_in.held or (read_in.card is not None and held(read_in.card))


def usable(card: Card) -> bool:
    """Whether a card can be in its camera: not lost, not retired, not held as evidence."""
    return card.lost_at is None and card.retired_at is None and not held(card)


def proved_empty(card: Card, *, last_out_at: datetime | None) -> bool:
    """Whether a card was read and found empty after it was last out of its cabinet. "Empty" means no photo, no video (A10)."""
    return card.proved_empty_at is not None and (last_out_at is None or card.proved_empty_at > last_out_at)


def card_state(card: Card, *, last_out_at: datetime | None, now: datetime) -> CardState:
    """What the register says of a card; the gravest first."""
    if card.retired_at is not None:
        return CardState.RETIRED
    if card.lost_at is not None:
        return CardState.LOST
    if held(card):
        return CardState.HELD
    if card.seen_at is not None and now - card.seen_at > NOT_SEEN:
        return CardState.NOT_SEEN
    return CardState.EMPTY if proved_empty(card, last_out_at=last_out_at) else CardState.UNREAD


def readiness(camera: Camera, *, cards: Sequence[Card], last_out_at: Mapping[UUID, datetime]) -> Readiness:
    """Whether a camera can be taken. Every card that could be in it must be proved empty: nobody can see which one is."""
    match CameraState(camera.state):
        case CameraState.OUT | CameraState.LOCKED | CameraState.FAULTY | CameraState.LOST | CameraState.RETIRED as other:
            return Readiness(other.value)
        case CameraState.IN_CABINET:
            return _of_cards([card for card in cards if usable(card)], last_out_at)


def _of_cards(cards: Sequence[Card], last_out_at: Mapping[UUID, datetime]) -> Readiness:
    if not cards:
        return Readiness.NO_CARD
    empty = all(proved_empty(card, last_out_at=last_out_at.get(card.pk)) for card in cards)
    return Readiness.READY if empty else Readiness.NOT_EMPTY


def can_unlock(*, cards: Sequence[Card], last_out_at: Mapping[UUID, datetime]) -> bool:
    """Whether every card that could be in a locked camera has been read since and found empty."""
    return _of_cards([card for card in cards if usable(card)], last_out_at) is Readiness.READY


def way_back(said: CardSaid, *, proved: bool) -> CameraMove:
    """How a camera comes back: a card that nobody has read since it went out locks it, whatever is said of it."""
    if proved and said is not CardSaid.HAS_PHOTOS:
        return CameraMove.BRING_BACK
    return CameraMove.BRING_BACK_WITH_PHOTOS


def two_signatures(camera: Camera, *, everywhere: bool) -> bool:
    """Whether a second person signs at check-out: this cabinet asks for it, or the site does for all (A3)."""
    return everywhere or camera.cabinet.two_signatures


def what_stands_against(camera: Camera, *, by: Actor, ward: str, trained_until: date | None, now: datetime) -> set[SetAside]:
    """The rules that stand against giving this camera to this person."""
    found = set()
    if trained_until is not None and trained_until < timezone.localdate(now):
        found.add(SetAside.TRAINING)
    if camera.clock_ahead is not None and abs(camera.clock_ahead) > CLOCK_LIMIT.total_seconds():
        found.add(SetAside.CLOCK)
    if ward not in by.wards and not by.has(Role.PHOTOGRAPHER):
        found.add(SetAside.OTHER_WARD)
    return found


def overdue(check_out: CheckOut, *, now: datetime) -> bool:
    """Whether a camera should have been back by now."""
    return check_out.back_at is None and check_out.due_at < now


def may_register(actor: Actor) -> bool:
    """Whether the actor keeps the register of cameras, cards, cabinets and stations (A5, A8)."""
    return actor.has(Role.ADMINISTRATOR, Role.PHOTOGRAPHER)


def may_read_by_browser(actor: Actor) -> bool:
    """Whether the actor may bring a card in with a browser: whoever takes photos."""
    return actor.has(Role.CLINICIAN, Role.PHOTOGRAPHER)


def browser_of(person: UUID) -> UUID:
    """The station that stands for the browsers of a person."""
    return uuid5(_BROWSERS, str(person))


def may_release(actor: Actor) -> bool:
    """Whether the actor may release a card that is held as evidence."""
    return actor.has(Role.PHOTOGRAPHER, Role.IG_LEAD)


def may_oversee(actor: Actor) -> bool:
    """Whether the actor sees what went wrong with cameras and cards on all wards."""
    return actor.has(Role.IG_LEAD, Role.PHOTOGRAPHER, Role.ADMINISTRATOR)


def may_give_up(actor: Actor) -> bool:
    """Whether the actor may take into the tray what came of a card that does not come back: whoever takes photos, and the IG lead."""
    return actor.has(Role.CLINICIAN, Role.PHOTOGRAPHER, Role.IG_LEAD)


def may_decide(actor: Actor, leftover: LeftOver, decision: Decision, *, evidence: bool = False) -> bool:
    """Whether the actor may decide so about a file on a card: whoever looked, and once it was passed on, who it was passed to.

    Nothing is erased on anybody else's word of a card that is held as evidence (D5).
    """
    if evidence and decision is Decision.ERASE:
        return may_release(actor)
    return leftover.decision == "" or may_release(actor)


def time_on_card(*, taken: datetime | None, clock_ahead: int | None, announced_at: datetime, erased_at: datetime) -> timedelta | None:
    """How long a frame lay on its card (A9), by the corrected clock. None where the camera's time cannot be right.

    A time after the card was read, or over a month before, is of a clock that was never set: it measures nothing.
    """
    if taken is None:
        return None
    taken -= timedelta(seconds=clock_ahead or 0)
    if not announced_at - BELIEVED <= taken <= announced_at + CLOCK_LIMIT:
        return None
    return max(erased_at - taken, timedelta(0))
