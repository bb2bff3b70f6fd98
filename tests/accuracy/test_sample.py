"""A few photographs with known truth, and the definitions by which all of them are counted in `make accuracy`."""

import pytest
from tests.accuracy import counting, evidence, truth
from tests.accuracy.__main__ import fallen
from tests.accuracy.counting import Tally
from tests.accuracy.measuring import look
from tests.accuracy.truth import Known
from tests.shared import shared_folder

from safelight.deidentify.boxes import Box, Found, Kind
from safelight.deidentify.finders.asking import FINDERS

pytestmark = [pytest.mark.requirement("F1"), pytest.mark.xdist_group("finders")]

SIZE = (1000, 500)
SAMPLE = {
    "faces": ("mediapipe_sergey.png", "dlib_2008_002470.jpg"),
    "text": ("mmocr_demo_text_recog.jpg", "synth_label_2.jpg"),
    "barcodes": ("zxing_datamatrix-2_01.png", "zxing_ean13-1_35.png"),
    "skin": ("hagrid_crop_95.png",),
}


def _found(kind: Kind, edges: tuple[int, int, int, int], text: str = "", *, low: bool = False) -> Found:
    return Found(kind, Box.of_pixels(*edges, *SIZE), 0.9, text, "test", "1", low)


def _known(shared_path, **what: object) -> Known:
    return Known(shared_path, "faces", **what)


def test_finds_what_is_in_a_few_photographs():
    corpus = shared_folder("corpus")
    names = {f"{folder}/{name}" for folder, some in SAMPLE.items() for name in some}
    pictures = [one for one in truth.known(corpus) if f"{one.folder}/{one.path.name}" in names]
    assert len(pictures) == len(names)
    faces, text, barcodes = Tally(), Tally(), Tally()
    for looked in look(pictures, 0, FINDERS, workers=1):
        assert not looked.failed, looked.known.path.name
        if looked.known.folder in ("faces", "skin"):
            counting.count_faces(faces, looked.known, 0, looked.found, looked.size)
        if looked.known.folder in ("text", "skin"):
            counting.count_text(text, looked.known, 0, looked.found, looked.size)
        counting.count_barcodes(barcodes, looked.known, 0, looked.found, looked.size)
    assert faces.recall >= 0.99, faces.failures
    assert faces.false_a_picture <= 0.25, faces.failures
    assert text.recall >= 0.985, text.failures
    assert text.strings >= 0.94, text.failures
    assert (barcodes.recall, barcodes.false_reads) == (1.0, 0), barcodes.failures


def test_a_face_is_hit_by_overlap_or_by_mutual_middles():
    face = (100, 100, 200, 200)
    assert truth.same_face((120, 120, 220, 220), face)
    assert truth.same_face((40, 40, 260, 260), face)  # overlap .21, one middle
    assert not truth.same_face((170, 170, 270, 270), face)


def test_one_box_hits_one_face_and_the_ignored_count_for_nothing(tmp_path):
    known = _known(tmp_path, faces=((100, 100, 200, 200), (110, 110, 210, 210)), ignore=((500, 100, 600, 200),))
    boxes = [_found(Kind.FACE, (100, 100, 200, 200)), _found(Kind.FACE, (510, 110, 590, 190)), _found(Kind.FACE, (800, 100, 900, 200))]
    tally = Tally()
    counting.count_faces(tally, known, 0, boxes, SIZE)
    assert (tally.there, tally.found, tally.proposed, tally.true) == (2, 1, 2, 1)


def test_a_string_is_boxed_by_several_boxes_together_and_read_by_one(tmp_path):
    known = _known(tmp_path, strings=(((100, 100, 300, 150), "NHS No: 999 420 5005"),))
    boxes = [_found(Kind.TEXT, (100, 100, 170, 150), "NHS"), _found(Kind.TEXT, (170, 100, 225, 150), "NHS No 999 420 5005")]
    tally = Tally()
    counting.count_text(tally, known, 0, boxes, SIZE)
    assert (tally.found, tally.read, tally.proposed, tally.true) == (1, 1, 2, 2)
    counting.count_text(tally, known, 0, boxes[:1], SIZE)
    assert (tally.there, tally.found, tally.read) == (2, 1, 1)


def test_a_symbol_read_as_another_is_a_false_read_and_a_low_one_none(tmp_path):
    tally = Tally()
    known = _known(tmp_path, payload="123")
    read, other, low = (_found(Kind.BARCODE, (10, 10, 60, 60), text, low=not text) for text in ("123", "321", ""))
    counting.count_barcodes(tally, known, 0, [read, low], SIZE)
    assert (tally.found, tally.false_reads) == (1, 0)
    counting.count_barcodes(tally, known, 0, [other], SIZE)
    assert (tally.found, tally.false_reads) == (1, 1)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_truth_turns_with_its_picture(tmp_path, turns):
    import numpy as np

    left, top, right, bottom = 100, 50, 180, 90
    shown = np.zeros((500, 1000), np.uint8)
    shown[top:bottom, left:right] = 1
    there = np.argwhere(np.rot90(shown, turns))
    [(x0, y0, x1, y1)] = _known(tmp_path, faces=((left, top, right, bottom),)).turned(turns, 1000, 500).faces
    assert ((y0, x0), (y1, x1)) == (tuple(there.min(axis=0)), tuple(there.max(axis=0) + 1))


def test_a_figure_may_fall_by_five_thousandths_and_no_more():
    last = {"text, boxes": 0.985, "faces, false boxes a picture": 0.1}
    assert fallen({"text, boxes": 0.98, "faces, false boxes a picture": 0.105}, last) == []
    assert fallen({"text, boxes": 0.979, "faces, false boxes a picture": 0.1}, last) == ["text, boxes"]
    assert fallen({"text, boxes": 1.0, "faces, false boxes a picture": 0.11}, last) == ["faces, false boxes a picture"]


def test_the_evidence_says_in_bold_what_misses_its_goal_and_by_how_much(tmp_path):
    figures = {"faces, recall": 0.991, "text, strings": 0.835, "barcodes, false reads": 1}
    kept = {"turned by 90": {"date": "2026-11-30", "pictures": 12, "sample": True, "figures": figures}}
    evidence.write(kept, tmp_path / "evidence" / "accuracy.md")
    written = (tmp_path / "evidence" / "accuracy.md").read_text()
    assert "| text, strings | ≥ 0.94 | **0.835** |" in written
    assert "| faces, recall | ≥ 0.99 | 0.991 |" in written
    assert "* turned by 90: barcodes, false reads is 1, the goal 0" in written
    assert "12, a sample" in written
    assert "| text, boxes | ≥ 0.985 | not measured |" in written
