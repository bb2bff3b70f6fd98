"""Invented photographs: the same from the same arguments, different otherwise, and files as cameras write them."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from tests.factories.pictures import BODY, TAKEN, scene, slate_text

from safelight.photographs.pictures import drawn
from safelight.photographs.pictures.drawn import Conditions, Lesion, Site, Subject, Tone, View

TINY = (300, 200)


def shown(subject: Subject, view: View = View.OVERVIEW, shot: int = 0) -> np.ndarray:
    return np.asarray(drawn.photograph(subject, view, size=TINY, shot=shot)).astype(int)


def test_the_same_arguments_give_the_same_picture():
    assert np.array_equal(shown(Subject(3)), shown(Subject(3)))
    first, second = (drawn.slate(slate_text(1), seed=4, size=TINY, conditions=Conditions.HARD) for _ in range(2))
    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize(
    "other",
    [Subject(4), Subject(3, tone=Tone.DARK), Subject(3, site=Site.LOWER_LEG), Subject(3, lesion=Lesion.BURN), Subject(3, healed=0.8)],
)
def test_every_argument_can_be_seen(other):
    assert np.abs(shown(Subject(3)) - shown(other)).mean() > 1


def test_two_shots_of_a_subject_differ_a_little():
    assert 0.5 < np.abs(shown(Subject(3)) - shown(Subject(3), shot=1)).mean() < 40


@pytest.mark.parametrize("tone", list(Tone))
@pytest.mark.parametrize("lesion", list(Lesion))
def test_the_lesion_stands_out_from_any_skin(tone, lesion):
    picture = shown(Subject(8, tone=tone, lesion=lesion), View.CLOSE_UP)
    middle, beside = picture[90:110, 140:160].mean((0, 1)), picture[90:110, 20:40].mean((0, 1))
    assert np.abs(middle - beside).max() > 12


def test_skins_differ_in_lightness_in_their_order():
    brightness = [shown(Subject(2, tone=tone, site=Site.BACK))[:40].mean() for tone in (Tone.LIGHT, Tone.OLIVE, Tone.BROWN, Tone.DARK)]
    assert brightness == sorted(brightness, reverse=True)


def test_a_wound_grows_smaller_as_it_heals():
    def redness(healed: float) -> int:
        picture = shown(Subject(5, healed=healed), View.CLOSE_UP)
        return int(((picture[..., 0] - picture[..., 1]) > 70).sum())

    assert redness(0.0) > redness(0.5) > redness(0.9)


@pytest.mark.parametrize("ending", ["jpg", "cr2", "nef", "arw", "dng"])
def test_an_independent_reader_finds_what_was_written(ending, tmp_path: Path):
    if not shutil.which("exiftool"):
        pytest.skip("exiftool is not installed")
    file = tmp_path / f"IMG_0001.{ending}"
    file.write_bytes(drawn.jpeg(scene(), BODY, TAKEN) if ending == "jpg" else drawn.raw(scene(), BODY, TAKEN, ending=ending, orientation=6))
    done = subprocess.run(["exiftool", "-j", "-n", "-G", file], capture_output=True, check=True)
    (found,) = json.loads(done.stdout)
    assert (found["EXIF:Make"], found["EXIF:Model"], found["EXIF:SerialNumber"]) == (BODY.make, BODY.model, BODY.serial)
    assert found["EXIF:DateTimeOriginal"] == "2026:11:20 09:12:01"
    assert found["EXIF:Orientation"] == (1 if ending == "jpg" else 6)
    assert "ExifTool:Error" not in found
