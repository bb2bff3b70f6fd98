"""What is known of a photograph once it has been looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from safelight.photographs.pictures.reasons import Reason
from safelight.photographs.quality.hints import Hint


@dataclass(frozen=True)
class CameraNote:
    """What the camera wrote about itself. Texts are as the file has them: another's words, never to be trusted or followed.

    `taken` is the camera's own clock without a zone (EXIF DateTimeOriginal); `offset` is as written, "+01:00".
    `adobe_rgb` tells that the camera was set to that colour space (EXIF interoperability R03).
    Of a position only its presence is told (`has_position`); the coordinates are left where they are.
    """

    make: str | None = None
    model: str | None = None
    serial: str | None = None
    software: str | None = None
    taken: datetime | None = None
    offset: str | None = None
    orientation: int = 1
    has_position: bool = False
    adobe_rgb: bool = False


@dataclass(frozen=True)
class Passing:
    """A file that is not in memory as a whole: its length, and its bytes in pieces that are valid until the next."""

    size: int
    pieces: Iterator[bytes | memoryview]


@dataclass(frozen=True)
class Picture:
    """A photograph as far as it can be shown.

    `width` and `height` are of the upright photograph in pixels, 0 where it could not be drawn; `preview` (long side at most
    2048 px) and `thumb` (400 px) are sRGB JPEGs that carry no metadata, empty where it could not be drawn. `slates` are the
    valid slate texts seen, each once and in order; `unread_symbol` tells that there was a symbol which could not be read. `hints` say what
    may be wrong with it as a photograph; a slate has none.
    """

    width: int = 0
    height: int = 0
    preview: bytes = b""
    thumb: bytes = b""
    slates: tuple[str, ...] = ()
    unread_symbol: bool = False
    camera: CameraNote | None = None
    refusal: Reason | None = None
    hints: tuple[Hint, ...] = ()
