"""Faces, by CenterFace (Xu et al. 2019) on onnxruntime.

1. Several passes over the photograph of 1280 pixels. Large ones find the faces of groups; small ones find the face that fills the
   frame, which large ones miss, and are believed elsewhere only where they are sure: in a small photograph, which the large ones
   enlarge, they see faces that those miss. Turned ones find faces in photographs that lie on their side.
2. Each pass: resized, never stretched, padded to whole blocks; the heat map gives centres, `exp` of the size map their sizes.
3. The best box of each heap stands, first within a pass, then over all of them. Of two that lie about one middle, the larger stands:
   passes of different sizes see a face with and without its hair.
4. Every box grows: hair, ears and chin say who it is as well as eyes do.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from safelight.deidentify.boxes import Box, Found, Kind
from safelight.deidentify.ports import Pixels, Steps, Upright
from safelight.deidentify.weights import build, trained

NAME, VERSION = "centerface", "2019.1-sure"  # small looks are believed where they are sure: older findings are of another finder
_BLOCK, _STRIDE = 32, 4
_GROWTH = 0.18
_SAME_IN_A_PASS, _SAME_OVER_ALL = 0.3, 0.4
_MIDDLE = 0.25
_GREY = 128
_CLOSE_UP = 0.25  # short side of the face by short side of the frame
_NEVER = 1.0

Rows = NDArray[np.float32]  # left, top, right, bottom, confidence


@dataclass(frozen=True)
class Pass:
    """One look: the long side in pixels, quarter turns, the least heat of a close-up and that of any other face, and how wide a grey
    margin lies round the photograph, in long sides: two eyes that fill the frame are known for a face where there is room for one.
    """

    side: int
    turns: int
    heat: float
    other: float
    margin: float = 0.0


PASSES = (
    Pass(160, 0, 0.30, _NEVER),
    Pass(160, 0, 0.30, _NEVER, margin=0.5),
    Pass(320, 0, 0.30, 0.60),
    Pass(640, 0, 0.30, 0.50),
    Pass(1280, 0, 0.35, 0.35),
    Pass(640, 1, 0.50, 0.50),
    Pass(640, 2, 0.50, 0.50),
    Pass(640, 3, 0.50, 0.50),
)


class Faces:
    """The finder of faces, as the port Finder promises."""

    steps = ("faces",)

    def __init__(self) -> None:
        """Load the trained file. Raises NotTheMeasuredOne where it is missing or altered."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3  # the file declares what it does not use, two hundred times
        options.enable_cpu_mem_arena = False
        model = trained.read(build.RESULT, build.RESULT_DIGEST)
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def look(self, photograph: Upright) -> Steps:
        """Faces, once."""
        height, width = photograph.whole.shape[:2]
        rows = _without_nested(_best(np.concatenate([self._pass(photograph.whole, one) for one in PASSES]), _SAME_OVER_ALL))
        yield tuple(_found(row, width, height) for row in rows)

    def _pass(self, picture: Pixels, how: Pass) -> Rows:
        height, width = picture.shape[:2]
        turned = np.rot90(picture, how.turns)
        scale = how.side / max(height, width)
        size = (max(1, round(turned.shape[1] * scale)), max(1, round(turned.shape[0] * scale)))
        small = np.asarray(cv2.resize(turned, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR), np.uint8)
        margin = round(how.margin * how.side)
        rows = self._heaps(_with_margin(small, margin), how.heat)
        rows[:, :4] = (rows[:, :4] - margin) / scale
        rows[:, 0:4:2] = rows[:, 0:4:2].clip(0, turned.shape[1])
        rows[:, 1:4:2] = rows[:, 1:4:2].clip(0, turned.shape[0])
        rows = _turned_back(rows, how.turns, width, height)
        return _believed(rows, how, min(width, height))

    def _heaps(self, picture: Pixels, heat: float) -> Rows:
        height, width = picture.shape[:2]
        padded = np.zeros((-(-height // _BLOCK) * _BLOCK, -(-width // _BLOCK) * _BLOCK, 3), np.float32)
        padded[:height, :width] = picture
        hot, size, offset, _ = self._session.run(None, {"input.1": np.ascontiguousarray(padded.transpose(2, 0, 1))[None]})
        down, right = np.nonzero(hot[0, 0] > heat)
        tall, wide = (np.exp(size[0, axis, down, right]) * _STRIDE for axis in (0, 1))
        top = (down + offset[0, 0, down, right] + 0.5) * _STRIDE - tall / 2
        left = (right + offset[0, 1, down, right] + 0.5) * _STRIDE - wide / 2
        rows = np.stack([left, top, left + wide, top + tall, hot[0, 0, down, right]], axis=1).astype(np.float32)
        return _best(rows, _SAME_IN_A_PASS)


def _believed(rows: Rows, how: Pass, side: int) -> Rows:
    close_up = np.minimum(rows[:, 2] - rows[:, 0], rows[:, 3] - rows[:, 1]) >= _CLOSE_UP * side
    return rows[rows[:, 4] > np.where(close_up, how.heat, how.other)]


def _turned_back(rows: Rows, turns: int, width: int, height: int) -> Rows:
    """Boxes of a picture that was turned left so many times, in the picture of this size as it was."""
    left, top, right, bottom, heat = rows.T
    upright = {
        0: (left, top, right, bottom),
        1: (width - bottom, left, width - top, right),
        2: (width - right, height - bottom, width - left, height - top),
        3: (top, height - right, bottom, height - left),
    }[turns]
    return np.stack([*upright, heat], axis=1)


def _best(rows: Rows, same: float) -> Rows:
    """The boxes of which no better one covers so much: overlap by union."""
    rows = rows[np.argsort(-rows[:, 4], kind="stable")]
    kept: list[Rows] = []
    while len(rows):
        first, rows = rows[0], rows[1:]
        kept.append(first)
        rows = rows[_overlap(first, rows) < same]
    return np.stack(kept) if kept else np.zeros((0, 5), np.float32)


def _without_nested(rows: Rows) -> Rows:
    """The boxes but for those that lie within a larger one about the same middle; the larger one is as certain as the surer of them."""
    rows = rows[np.argsort(-((rows[:, 2] - rows[:, 0]) * (rows[:, 3] - rows[:, 1])), kind="stable")]
    kept: list[Rows] = []
    for row in rows:
        around = next((larger for larger in kept if _about_one_middle(row, larger)), None)
        if around is None:
            kept.append(row)
        else:
            around[4] = max(around[4], row[4])
    return np.stack(kept) if kept else rows


def _about_one_middle(small: Rows, large: Rows) -> bool:
    across, along = (small[0] + small[2]) / 2, (small[1] + small[3]) / 2
    within = small[0] >= large[0] - 1 and small[1] >= large[1] - 1 and small[2] <= large[2] + 1 and small[3] <= large[3] + 1
    middle = abs(across - (large[0] + large[2]) / 2) <= _MIDDLE * (large[2] - large[0])
    return bool(within and middle and abs(along - (large[1] + large[3]) / 2) <= _MIDDLE * (large[3] - large[1]))


def _with_margin(picture: Pixels, margin: int) -> Pixels:
    height, width = picture.shape[:2]
    wide = np.full((height + 2 * margin, width + 2 * margin, 3), _GREY, np.uint8)
    wide[margin : margin + height, margin : margin + width] = picture
    return wide


def _overlap(one: Rows, others: Rows) -> Rows:
    across = np.minimum(one[2], others[:, 2]) - np.maximum(one[0], others[:, 0])
    along = np.minimum(one[3], others[:, 3]) - np.maximum(one[1], others[:, 1])
    shared = np.maximum(across, 0) * np.maximum(along, 0)
    areas = (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1])
    either = (one[2] - one[0]) * (one[3] - one[1]) + areas - shared
    return np.asarray(shared / np.maximum(either, 1e-6), np.float32)


def _found(row: Rows, width: int, height: int) -> Found:
    left, top, right, bottom, heat = (float(value) for value in row)
    more, taller = _GROWTH * (right - left), _GROWTH * (bottom - top)
    box = Box.of_pixels(left - more, top - taller, right + more, bottom + taller, width, height)
    return Found(Kind.FACE, box, heat, "", NAME, VERSION)
