"""Text, by PP-OCRv6 (small) as rapidocr carries it: Apache-2.0, its three trained files named one by one, so that none is fetched.

1. The whole photograph at 1280 pixels: what is large is read, what is small is at least seen, and read from the one at 2560. These
   networks see less in larger frames.
2. A small photograph is looked at enlarged and as it is. Each is looked at once more made small, with a margin round it: one word
   that fills the frame is no text to these networks where it is large and touches the edges.
3. Then tiles of the photograph at 2560 pixels, evenly spread with an overlap: what is small is read.
4. A line that reads badly is read again on its side and upside down; the best reading stands.
5. One character read badly is mostly skin or cloth, in a box that would cover half the photograph: it is left out. So is a large one,
   or one of a script that hospitals here do not write, unless it is read for sure.
6. Where most lines stand on end or on their heads, the photograph lies on its side: it is turned upright before its lines are read and
   before it is cut into tiles, for a line on its side is found in pieces and read badly. The boxes are turned back; a line that was
   seen before alone, or read better, stays.
7. A tile names a line of (1) again only where it reads it as well or better, and then by the very same box. What (1) has read for
   sure is not read again.
8. A line that the edges of tiles cut is read once more as a whole.
9. A line that is read against most letters that lie as it does, or that few speak for, is read upside down too: numbers read well
   either way.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import ceil
from pathlib import Path
from typing import Protocol, cast

import cv2
import numpy as np
import rapidocr
from numpy.typing import NDArray
from rapidocr.main import RapidOCRError
from rapidocr.utils.process_img import map_boxes_to_original

from safelight.deidentify.adapters.filled import without_edges
from safelight.deidentify.adapters.lines import (
    Corners,
    Line,
    balance,
    begun_at,
    better,
    grown,
    joined,
    lie_together,
    most_on_end,
    moved,
    new,
    overlap,
    plain,
    turned_back,
)
from safelight.deidentify.boxes import Box, Found, Kind
from safelight.deidentify.ports import Pixels, Steps, Upright
from safelight.deidentify.weights import trained

NAME, VERSION = "pp-ocr", "6-small-outvoted"  # numbers follow the letters round them: older findings are of another finder
_TRAINED = {  # which network, its file in the wheel of rapidocr 3.10.0, and the SHA-256 of the one that was measured
    "Det": ("PP-OCRv6_det_small.onnx", "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f"),
    "Rec": ("PP-OCRv6_rec_small.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"),
    "Cls": ("ch_ppocr_mobile_v2.0_cls_mobile.onnx", "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c"),
}
_SHORT_SIDE, _LONG_SIDE, _SMALL = 736, 6000, 480
_SMALLEST = 8  # pixels: no line of text is lower
_HUGE_SIDE, _MARGIN, _GREY = 320, 0.25, (128, 128, 128)
_TILE, _SHARED, _BLOCK = 1024, 123, 32
_READ_AT = 48  # pixels: the height that lines are read at
_READS_BADLY, _MOST_READ_AGAIN = 0.8, 24
_READ_WELL, _READ_FOR_SURE = 0.6, 0.97
_LARGE = 0.05  # of the picture's area
_GROWTH = 0.15  # of a line's height
_SURELY, _SURELY_READ = 0.9, 0.95  # that a line stands on its head; that it needs no second reading
_SAME = 0.6
_FEW = 1.0  # letters, more read one way than the other
_AS_WELL = 0.95  # what most letters say is believed where it is read about as well

Reading = tuple[str, float, int]  # what was read, how certainly, and how many quarter turns to the left brought it upright


class _Detector(Protocol):
    """What of rapidocr's detector is set here: for each picture the least that it makes of the short side, and once how its colours are
    brought to their range, in single precision.
    """

    limit_side_len: int
    mean: NDArray[np.float32]
    std: NDArray[np.float32]


class Text:
    """The finder of text, as the port Finder promises."""

    steps = ("text", "text-close")

    def __init__(self) -> None:
        """Load the trained files. Raises NotTheMeasuredOne where one is missing or altered."""
        folder = Path(rapidocr.__file__).parent / "models"
        settings: dict[str, object] = {
            "Global.text_score": 0.0,
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
        for network, (name, digest) in _TRAINED.items():
            trained.read(folder / name, digest)
            settings[f"{network}.model_path"] = str(folder / name)
        self._engine = rapidocr.RapidOCR(params=settings)
        self._engine(np.full((64, 64, 3), 255, np.uint8))  # it makes its networks when they are first used
        self._detector = cast("_Detector", self._engine.text_det)
        self._detector.mean = self._detector.std = np.full(3, 0.5, np.float32)

    def look(self, photograph: Upright) -> Steps:
        """Large text at once, small text after the tiles."""
        photograph = without_edges(photograph)
        turns, whole = self._upright(photograph)
        yield tuple(_found(line) for line in whole)
        closer = np.rot90(photograph.closer, turns)
        tiles: list[Line] = []
        if max(closer.shape) > max(photograph.whole.shape):
            tiles = [turned_back(line, turns) for line in self._closely(closer, [turned_back(line, -turns) for line in whole])]
        yield tuple(_found(line) for line in new(tiles, whole))

    def _closely(self, closer: Pixels, known: list[Line]) -> list[Line]:
        """What is read in tiles, and of what their edges cut (3) (8). Lines that are known for sure are not read again."""
        height, width = closer.shape[:2]
        voters = [replace(line, corners=line.corners * np.array((width, height), np.float32)) for line in known]
        sure = [line.corners for line in voters if line.certainty >= _SURELY_READ]
        pieces: list[tuple[int, Corners]] = []
        lines: list[Line] = []
        (tops, tall), (lefts, wide) = _spread(height), _spread(width)
        for number, (top, left) in enumerate(product(tops, lefts)):
            corner, tile = np.array([left, top], np.float32), np.ascontiguousarray(closer[top : top + tall, left : left + wide])
            places = [place for place in self._places(tile) if not any(_known(place + corner, line) for line in sure)]
            seen = self._lines(tile, places, voters=voters)[0]
            lines += [moved(line, tile.shape[1::-1], (left, top), (width, height)) for line in seen]
            pieces += [(number, place + corner) for place in places]
        return lines + self._lines(closer, joined(pieces), voters=voters)[0]

    def _upright(self, photograph: Upright) -> tuple[int, list[Line]]:
        """How many quarter turns to the left bring most of the print upright, and every line, at its place in the picture as it is."""
        places = self._everywhere(photograph.whole)
        lines, headlong = self._lines(photograph.whole, places, photograph.closer)
        turns = int(most_on_end(places))  # (6)
        if turns:
            lines, headlong = self._again(photograph, turns, lines)
        if headlong:
            turns += 2
            lines, _ = self._again(photograph, turns, lines)
        return turns, lines

    def _again(self, photograph: Upright, turns: int, before: list[Line]) -> tuple[list[Line], bool]:
        turned, closer = (np.ascontiguousarray(np.rot90(picture, turns)) for picture in (photograph.whole, photograph.closer))
        lines, headlong = self._lines(turned, self._everywhere(turned), closer)
        seen = [turned_back(line, turns) for line in lines]
        return better(seen, before), headlong

    def _everywhere(self, picture: Pixels) -> list[Corners]:
        """Four corners of each line of a whole photograph, in its pixels."""
        there = self._places(picture)  # (1)
        others = self._huge(picture)  # (2)
        if min(picture.shape[:2]) < _SMALL:
            others += self._places(picture, enlarge=False)
        for corners in others:
            if not any(lie_together(corners, known) for known in there):
                there.append(corners)
        return there

    def _places(self, picture: Pixels, *, enlarge: bool = True) -> list[Corners]:
        """Four corners of each line, clockwise, in pixels. Small pictures are enlarged as the network was trained, or taken as they are."""
        steps: dict[str, dict[str, int]] = {}
        height, width = picture.shape[:2]
        if min(height, width) < _SMALLEST:
            return []
        most = min(height, width) * _LONG_SIDE // max(height, width)
        self._detector.limit_side_len = max(1, min(_SHORT_SIDE, most)) if enlarge else 1
        try:
            _, seen = self._engine.detect_and_crop(np.ascontiguousarray(picture[:, :, ::-1]), steps)
        except RapidOCRError:  # its way to say that there is none
            return []
        if seen.boxes is None:
            return []
        return list(map_boxes_to_original(seen.boxes.astype(np.float32), {"padding_1": steps["padding_1"]}, height, width))

    def _huge(self, picture: Pixels) -> list[Corners]:
        """Lines in the photograph made small, with a grey margin round it, in pixels of the photograph."""
        height, width = picture.shape[:2]
        scale = _HUGE_SIDE / max(height, width)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        margin = round(_MARGIN * _HUGE_SIDE)
        framed = np.asarray(cv2.copyMakeBorder(small, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=_GREY), np.uint8)
        most = np.array([width - 1, height - 1], np.float32)
        return [((corners - margin) / scale).clip(0, most).astype(np.float32) for corners in self._places(framed, enlarge=False)]

    def _lines(
        self, picture: Pixels, places: list[Corners], closer: Pixels | None = None, voters: Sequence[Line] = ()
    ) -> tuple[list[Line], bool]:
        """What is read at each place, but for what is nothing, and whether most of it stands on its head.

        Low lines are read from the closer picture of the same, where there is one. `voters` are lines elsewhere, in pixels.
        """
        if not places:
            return [], False
        height, width = picture.shape[:2]
        crops = self._crops(picture, places, picture if closer is None else closer)
        _, classed = self._engine.cls_and_rotate(crops)
        turns = [2 * ("180" in label and score > _SURELY) for label, score in classed.cls_res or ()]
        read = self._as_most(crops, places, self._read(crops, turns), voters)
        lines = [line for corners, reading in zip(places, read, strict=True) if (line := _line(corners, reading, width, height))]
        return lines, sum(turns) > len(places)

    def _crops(self, picture: Pixels, places: list[Corners], closer: Pixels) -> list[Pixels]:
        larger = closer.shape[1] / picture.shape[1]
        crops: list[Pixels] = []
        for place in places:
            low = larger > 1 and _height(place) < _READ_AT
            seen, corners = (closer, place * larger) if low else (picture, place)
            crops += self._engine.crop_text_regions(seen, corners[None])
        return [np.ascontiguousarray(crop[:, :, ::-1]) for crop in crops]

    def _read(self, crops: list[Pixels], turns: list[int]) -> list[Reading]:
        readings = self._readings(crops, turns)
        again = [place for place, (_, certainty, _) in enumerate(readings) if certainty < _READS_BADLY][:_MOST_READ_AGAIN]  # (4)
        ways = [(place, turns[place] + more) for place in again for more in (1, 2, 3)]
        for (place, _), reading in zip(ways, self._readings([crops[place] for place, _ in ways], [way for _, way in ways]), strict=True):
            readings[place] = max(readings[place], reading, key=lambda one: one[1])
        return readings

    def _as_most(self, crops: list[Pixels], places: list[Corners], read: list[Reading], voters: Sequence[Line]) -> list[Reading]:
        """The readings, those that most letters speak against (9) upside down where that reads about as well, those that few letters
        speak for where it reads better.
        """
        seen = [Line(begun_at(place, turns), text, certainty) for place, (text, certainty, turns) in zip(places, read, strict=True)]
        least: dict[int, float] = {}
        for number, line in enumerate(seen):
            said = balance(line, [*voters, *(other for other in seen if other is not line)])
            enough = line.certainty * (_AS_WELL if said < -_FEW else 1 / _AS_WELL)
            if said < _FEW and enough < 1 and line.certainty >= _READS_BADLY and len(plain(line.text)) > 1:
                least[number] = enough
        turned = self._readings([crops[number] for number in least], [read[number][2] + 2 for number in least])
        for number, reading in zip(least, turned, strict=True):
            if reading[1] > least[number]:
                read[number] = reading
        return read

    def _readings(self, crops: list[Pixels], turns: list[int]) -> list[Reading]:
        if not crops:
            return []
        read = self._engine.recognize_txt([np.ascontiguousarray(np.rot90(crop, way)) for crop, way in zip(crops, turns, strict=True)])
        return list(zip(read.txts or (), read.scores or (), turns, strict=True))


def _spread(length: int) -> tuple[list[int], int]:
    """Where tiles begin, so that they cover the length evenly and share at least so many pixels; and how long each is."""
    number = max(1, ceil((length - _SHARED) / (_TILE - _SHARED)))
    if number == 1:
        return [0], length
    side = max(_SHORT_SIDE, _BLOCK * ceil((length + (number - 1) * _SHARED) / number / _BLOCK))
    return [round(step * (length - side) / (number - 1)) for step in range(number)], side


def _known(place: Corners, line: Corners) -> bool:
    return overlap(grown(place, _GROWTH * _height(place)), line) > _SAME


def _height(corners: Corners) -> float:
    return float(np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).min())


def _line(corners: Corners, reading: Reading, width: int, height: int) -> Line | None:
    text, certainty, turns = reading
    if not text.strip():
        return None
    share = float(np.prod(corners.max(axis=0) - corners.min(axis=0))) / (width * height)
    strict = share > _LARGE or not plain(text).isascii()
    if len(plain(text)) <= 1 and certainty < (_READ_FOR_SURE if strict else _READ_WELL):  # (5)
        return None
    around = grown(begun_at(corners, turns), _GROWTH * _height(corners)) / np.array([width, height])
    return Line(np.asarray(around, np.float32), text, certainty)


def _found(line: Line) -> Found:
    x0, y0, x1, y1 = line.place
    return Found(Kind.TEXT, Box(x0, y0, x1 - x0, y1 - y0), line.certainty, line.text, NAME, VERSION)
