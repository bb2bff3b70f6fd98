"""From a frame's bytes to what they show. Slow: opens objects, asks the workers behind walls, keeps small pictures. Before any action."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from uuid import UUID

from safelight.custody import queries as custody
from safelight.custody.models import Place
from safelight.intake import queries
from safelight.intake.scan import Scan, Words
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.photographs import pictures
from safelight.photographs.pictures import HEAD, Kind, Passing, Picture, Reason
from safelight.vault import fields, objects
from safelight.vault.kept import TRAY, Kept
from safelight.vault.models import Rendition, StoredObject

LARGEST_PICTURE = 16 << 20
VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Looked:
    """What one more look at a frame has found."""

    slates: tuple[str, ...]
    unread_symbol: bool


class Cameras:
    """The registered cameras by what they write of themselves, each asked for once while the frames of a card are read."""

    def __init__(self, actor: Actor) -> None:
        self._actor, self._known = actor, dict[tuple[str, str, str], UUID | None]()

    def of(self, words: Words) -> UUID | None:
        """Which camera wrote these words, None where none is registered."""
        said = (words.make, words.model, words.serial)
        if said not in self._known:
            camera = custody.known_camera(self._actor, make=words.make, model=words.model, serial=words.serial)
            self._known[said] = camera.pk if camera else None
        return self._known[said]


def scan(actor: Actor, place: Place, cameras: Cameras) -> Scan:
    """Look at a frame once, for slate, camera, preview and thumb. Raises Damage where its stored copy cannot be opened.

    `place` is where it was first announced. The first frame of a card is looked at closely at once: a slate is expected there.
    """
    closely = queries.begins_its_card(actor, place)
    seen = _opened(place, partial(pictures.examine, slate_expected=closely))
    words = Words.of(seen)
    camera = cameras.of(words)
    drawn = seen.refusal is None
    return Scan(
        frame=place.frame_id,
        slates=seen.slates,
        unread_symbol=seen.unread_symbol,
        closely=closely or not drawn,
        unreadable=seen.refusal.value if seen.refusal else "",
        make=words.make,
        model=words.model,
        serial=words.serial,
        camera_time=words.camera_time,
        camera=camera,
        preview=_keep(seen.preview, Rendition.PREVIEW) if drawn else None,
        thumb=_keep(seen.thumb, Rendition.THUMB) if drawn else None,
        width=seen.width if drawn else None,
        height=seen.height if drawn else None,
        hints=seen.hints if drawn else (),
    )


def look_closely(place: Place, *, unread_before: bool) -> Looked:
    """Look at a frame once more, at twice the size. Raises Damage as `scan` does."""
    seen = _opened(place, pictures.look)
    return Looked(seen.slates, seen.unread_symbol or (unread_before and not seen.slates))


def _opened(place: Place, look: Callable[..., Picture]) -> Picture:
    stored = place.frame.stored
    if stored is None:
        raise NotFound(place.frame_id)
    if place.frame.kind == VIDEO:
        return Picture(refusal=Reason.VIDEO_NOT_DRAWN)
    with closing(objects.pass_by(stored)) as pieces:
        first = next(pieces)
        kind = _kind(place, stored, bytes(first[:HEAD]))
        if isinstance(kind, Reason):
            return Picture(refusal=kind)
        return look(Passing(stored.size, chain([first], pieces)), kind=kind)


def _kind(place: Place, stored: StoredObject, head: bytes) -> Kind | Reason:
    """What the first bytes and the ending of the name on the card say. The name is opened in memory, and goes nowhere."""
    name = fields.open_field(bytes(place.sealed_name), context=f"place|{place.read_in_id}").decode()
    return pictures.recognise(name=name, head=head, size=stored.size)


def _keep(drawn: bytes, rendition: Rendition) -> Kept:
    return objects.keep([drawn], rendition=rendition, holder=TRAY, limit=LARGEST_PICTURE)
