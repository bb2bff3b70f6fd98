"""What a worker answered, judged as if an attacker had written it. Pure.

1. Lengths are checked before anything is read.
2. The note has exactly the fields, types and ranges that are known here; slates are valid texts.
3. Preview and thumb are baseline JPEGs of an allowed size that hold nothing but tables and pixels.
   What is between the tables and the end cannot be judged without a decoder: it is only ever shown by a browser.
"""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from safelight.photographs.pictures.framing import LARGEST_NOTE, LARGEST_PREVIEW, LARGEST_THUMB, LENGTHS
from safelight.photographs.pictures.picture import CameraNote, Picture
from safelight.photographs.pictures.reasons import Reason
from safelight.photographs.pictures.walls import Wall
from safelight.photographs.quality.hints import Hint, known
from safelight.photographs.slates import code

PREVIEW_SIDE = 2048
THUMB_SIDE = 400
LONGEST = (LARGEST_NOTE, LARGEST_PREVIEW, LARGEST_THUMB)
_MOST_SLATES = 16
_LARGEST_SIDE = 2**20


class NotAnAnswer(ValueError):
    """The worker did not keep to the form: it has been taken over, or it is broken. Either way it is ended."""


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("holds characters that cannot be printed")
    return text


def _slate(text: str) -> str:
    if not code.valid(text):
        raise ValueError("not a slate")
    return text


Words = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_printable)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Camera(_Strict):
    make: Words | None
    model: Words | None
    serial: Words | None
    software: Words | None
    taken: datetime | None
    offset: Annotated[str, StringConstraints(pattern=r"^[+-]\d\d:\d\d$")] | None
    orientation: int = Field(ge=1, le=8)
    has_position: bool
    adobe_rgb: bool


class _Note(_Strict):
    width: int = Field(ge=0, le=_LARGEST_SIDE)
    height: int = Field(ge=0, le=_LARGEST_SIDE)
    slates: tuple[Annotated[str, AfterValidator(_slate)], ...] = Field(max_length=_MOST_SLATES)
    unread_symbol: bool
    camera: _Camera | None
    refusal: Reason | None
    hints: tuple[Hint, ...] = Field(max_length=len(Hint))


class Hello(_Strict):
    """What a worker says once its walls stand."""

    walls: frozenset[Wall]

    @classmethod
    def read(cls, data: bytes) -> Self:
        try:
            return cls.model_validate_json(data)
        except ValidationError as fault:
            raise NotAnAnswer("no greeting") from fault

    @property
    def network_is_shut(self) -> bool:
        return bool(self.walls & {Wall.NO_NETWORK, Wall.NAMESPACES})


def lengths(header: bytes, longest: tuple[int, int, int] = LONGEST) -> tuple[int, int, int]:
    """(1) The lengths of note, preview and thumb, or of the three parts of another worker's answer. Raises NotAnAnswer."""
    if len(header) != LENGTHS.size:
        raise NotAnAnswer("ended early")
    first, second, third = LENGTHS.unpack(header)
    if first > longest[0] or second > longest[1] or third > longest[2]:
        raise NotAnAnswer("too long")
    return first, second, third


def picture(note: bytes, preview: bytes, thumb: bytes) -> Picture:
    """(2) (3) The picture that an answer describes. Raises NotAnAnswer."""
    said = _read(note)
    if said.refusal is None:
        _judge(preview, PREVIEW_SIDE)
        _judge(thumb, THUMB_SIDE)
    elif preview or thumb:
        raise NotAnAnswer("refused and drawn")
    camera = CameraNote(**said.camera.model_dump()) if said.camera else None
    return Picture(
        width=said.width,
        height=said.height,
        preview=preview,
        thumb=thumb,
        slates=said.slates,
        unread_symbol=said.unread_symbol,
        camera=camera,
        refusal=said.refusal,
        hints=known(said.hints),
    )


def looked(note: bytes, preview: bytes, thumb: bytes) -> Picture:
    """(2) What a look at a file has found, which draws nothing. Raises NotAnAnswer."""
    said = _read(note)
    if preview or thumb:
        raise NotAnAnswer("drawn unasked")
    return Picture(slates=said.slates, unread_symbol=said.unread_symbol, refusal=said.refusal)


def _read(note: bytes) -> _Note:
    try:
        return _Note.model_validate_json(note)
    except ValidationError as fault:
        raise NotAnAnswer("not the known fields") from fault


_PLAIN_SEGMENTS = frozenset((0xE0, 0xDB, 0xC0, 0xC4, 0xDD))  # JFIF, quantisation, baseline frame, Huffman, restart interval
_FRAME, _SCAN = 0xC0, 0xDA


def _judge(jpeg: bytes, largest_side: int) -> None:
    if not (jpeg.startswith(b"\xff\xd8\xff") and jpeg.endswith(b"\xff\xd9")):
        raise NotAnAnswer("not a JPEG")
    place, size = 2, None
    while (marker := jpeg[place + 1 : place + 2]) and marker[0] != _SCAN:
        length = int.from_bytes(jpeg[place + 2 : place + 4], "big")
        if jpeg[place] != 0xFF or marker[0] not in _PLAIN_SEGMENTS or length < 2:  # noqa: PLR2004 - the length counts its own two bytes
            raise NotAnAnswer("more than tables and pixels")
        if marker[0] == _FRAME:
            size = (int.from_bytes(jpeg[place + 7 : place + 9], "big"), int.from_bytes(jpeg[place + 5 : place + 7], "big"))
        place += 2 + length
    if not marker or size is None or not 0 < min(size) <= max(size) <= largest_side:
        raise NotAnAnswer("not of an allowed size")
