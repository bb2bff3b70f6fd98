"""Drawing words onto a picture: in the one scalable font that Pillow carries, which has the letters of English. Only for the worker.

Letters with marks are drawn as the letter and its mark, which the font has by itself, also where the mark goes through the letter;
letters that are their own in other alphabets of Latin are spelt (ß as ss, æ as ae). What remains cannot be drawn and stands as a
question mark: nothing vanishes unseen.
"""

import unicodedata
from dataclasses import dataclass
from enum import Enum

from PIL import Image, ImageDraw, ImageFont

_SPELT = str.maketrans(
    {"ø": "o\u0338", "Ø": "O\u0338", "ł": "l\u0338", "Ł": "L\u0338", "đ": "d\u0335", "Đ": "D\u0335", "ħ": "h\u0335", "Ħ": "H\u0335"}
    | {"ß": "ss", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ı": "i", "ŋ": "ng"}
    | {"–": "-", "—": "-", "ʼ": "’", "\u00a0": " "}
)


class _Place(Enum):
    ABOVE = 0
    BELOW = 1
    THROUGH = 2


@dataclass(frozen=True)
class _Mark:
    """The sign that stands for a combining mark: its size beside the letter's, where it stands, and how often."""

    sign: str
    scale: float = 1.0
    place: _Place = _Place.ABOVE
    times: int = 1


_MARKS = {
    "\u0300": _Mark("`"),
    "\u0301": _Mark("´"),
    "\u0302": _Mark("^", 0.7),
    "\u0303": _Mark("~", 0.7),
    "\u0304": _Mark("-"),
    "\u0306": _Mark("v", 0.55),
    "\u0307": _Mark("."),
    "\u0308": _Mark(".", times=2),
    "\u030a": _Mark("°", 0.8),
    "\u030b": _Mark("´", times=2),
    "\u030c": _Mark("v", 0.55),
    "\u0323": _Mark(".", place=_Place.BELOW),
    "\u0326": _Mark(",", place=_Place.BELOW),
    "\u0327": _Mark(",", place=_Place.BELOW),
    "\u0328": _Mark(",", place=_Place.BELOW),
    "\u0335": _Mark("-", place=_Place.THROUGH),
    "\u0338": _Mark("/", 0.8, place=_Place.THROUGH),
}
_DRAWN = frozenset(map(chr, range(32, 127))) | frozenset("«°´·»‘’“”…")
_LEAST_SIZE = 8


def spelt(words: str) -> list[tuple[str, str]]:
    """The words as letters with the marks that each carries, in what can be drawn."""
    letters: list[tuple[str, str]] = []
    for letter in unicodedata.normalize("NFD", " ".join(words.split()).translate(_SPELT)):
        if letter in _MARKS and letters:
            letters[-1] = (letters[-1][0], letters[-1][1] + letter)
        elif not unicodedata.combining(letter):
            letters.append((letter if letter in _DRAWN else "?", ""))
    return letters


def written(words: str, size: int) -> Image.Image:
    """A mask, in shades of grey, of one line of words whose letters are `size` pixels high."""
    font, letters = _font(size), spelt(words)
    width = max(1, round(sum(font.getlength(letter) for letter, _ in letters)) + size)
    line = Image.new("L", (width, round(size * 1.7)))
    pen = ImageDraw.Draw(line)
    x, base = size / 2, size * 1.25
    for letter, marks in letters:
        pen.text((x, base), letter, 255, font, anchor="ls")
        if letter == "i" and marks and _MARKS[marks[0]].place is _Place.ABOVE:  # its dot gives way to the mark
            pen.rectangle((x, 0, x + font.getlength("i"), base + font.getbbox("x", anchor="ls")[1] - 1), 0)
        for mark in marks:
            _mark(line, (x, base), letter, _MARKS[mark], size)
        x += font.getlength(letter)
    return line


def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(max(size, _LEAST_SIZE))
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow without FreeType has no scalable font")
    return font


def _mark(line: Image.Image, at: tuple[float, float], letter: str, mark: _Mark, size: int) -> None:
    """Centre the sign over, under or on the ink of the letter."""
    own, font = _font(size), _font(size * mark.scale)
    left, top, right, bottom = own.getbbox("x" if letter == "i" else letter, anchor="ls")
    if letter == "i":
        left, _, right, _ = own.getbbox("i", anchor="ls")
    inked = tuple(round(edge) for edge in font.getbbox(mark.sign * mark.times))
    sign = Image.new("L", (max(1, inked[2] - inked[0]), max(1, inked[3] - inked[1])))
    ImageDraw.Draw(sign).text((-inked[0], -inked[1]), mark.sign * mark.times, 255, font)
    gap = max(1, size // 14)
    x = round(at[0] + (left + right - sign.width) / 2)
    heights = {
        _Place.ABOVE: top - gap - sign.height,
        _Place.BELOW: bottom + gap * 0.3,
        _Place.THROUGH: (top + bottom - sign.height) / 2,
    }
    line.paste(255, (x, max(0, round(at[1] + heights[mark.place]))), sign)
