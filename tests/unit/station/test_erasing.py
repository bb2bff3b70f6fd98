"""Overwriting in place, and believing nothing but what is read again."""

import os
import random

import pytest

from handover.reasons import Left
from station.blocks import BLOCK, Fingerprints, is_constant
from station.erasing import NotErased, erase_file, fill, remove_empty_folders

PHOTO = bytes(range(256)) * 400 + b"the end"


def marks_of(*photos: bytes) -> Fingerprints:
    marks = Fingerprints()
    for photo in photos:
        gathering = marks.gather()
        for at in range(0, len(photo), 1_000):
            gathering.feed(photo[at : at + 1_000])
        marks.add(gathering.finish())
    return marks


@pytest.mark.requirement("D4")
@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 1 << 20, (1 << 20) + 7])
def test_overwrites_the_very_bytes_before_the_name_goes(tmp_path, size):
    path, other = tmp_path / "IMG_0001.JPG", tmp_path / "same bytes"
    path.write_bytes((PHOTO * 12)[:size])
    os.link(path, other)  # the same place on the disk under another name: shows what became of it
    seen = []
    assert erase_file(path, marks_of(PHOTO), lambda: seen.append(other.read_bytes())) == set()
    assert seen == [bytes(size)]
    assert other.stat().st_size == 0
    assert [item.name for item in tmp_path.iterdir()] == ["same bytes"]


@pytest.mark.goal("R6")
def test_bytes_that_are_still_there_keep_their_name_and_are_told(tmp_path):
    path = tmp_path / "IMG_0001.JPG"
    path.write_bytes(PHOTO)
    marks = marks_of(PHOTO)
    assert erase_file(path, marks, lambda: path.write_bytes(PHOTO))  # a card that says yes and drops what it is given
    assert path.read_bytes() == PHOTO
    assert marks.frames_found(marks.in_stretch(path.read_bytes()), erased={0}) == 1


@pytest.mark.goal("R6")
def test_bytes_that_nobody_knows_are_not_taken_for_zeros(tmp_path):
    path = tmp_path / "IMG_0001.JPG"
    path.write_bytes(PHOTO)
    with pytest.raises(NotErased) as fault:
        erase_file(path, marks_of(PHOTO), lambda: path.write_bytes(b"x" * 5_000))
    assert fault.value.why is Left.NOT_PROVED
    assert path.exists()


def test_does_not_follow_a_link(tmp_path):
    (tmp_path / "elsewhere").write_bytes(PHOTO)
    (tmp_path / "IMG_0001.JPG").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotErased):
        erase_file(tmp_path / "IMG_0001.JPG", marks_of(), lambda: None)
    assert (tmp_path / "elsewhere").read_bytes() == PHOTO


def test_takes_away_empty_folders_and_never_a_file(tmp_path):
    (tmp_path / "DCIM" / "100SAFEL").mkdir(parents=True)
    remove_empty_folders(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "DCIM" / "100SAFEL").mkdir(parents=True)
    (tmp_path / "DCIM" / "101SAFEL").mkdir()
    (tmp_path / "DCIM" / "101SAFEL" / "IMG_0001.JPG").write_bytes(PHOTO)
    with pytest.raises(OSError, match="not empty"):
        remove_empty_folders(tmp_path)
    assert (tmp_path / "DCIM" / "101SAFEL" / "IMG_0001.JPG").read_bytes() == PHOTO


def test_fillers_go_even_when_filling_fails(tmp_path):
    folder = tmp_path / "card"
    folder.mkdir()
    folder.rmdir()
    with pytest.raises(OSError, match="No such file"):
        fill(folder)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.goal("R6")
@pytest.mark.parametrize("shift", [0, 512, 1_024, 4_096 - 512, 5_120])
def test_a_block_of_a_photo_is_found_wherever_a_sector_begins(shift):
    marks = marks_of(PHOTO)
    medium = bytes(8_192) + b"y" * shift + PHOTO[BLOCK : 2 * BLOCK] + bytes(8_192)
    assert marks.frames_found(marks.in_stretch(medium), erased={0}) == 1


@pytest.mark.goal("R6")
def test_no_photo_is_found_in_zeros_or_in_another_photo():
    marks = marks_of(PHOTO)
    for medium in (bytes(1 << 16), b"\xff" * (1 << 16), bytes(reversed(PHOTO)), b"", b"short"):
        assert marks.in_stretch(medium) == set()


def test_what_a_photo_that_stays_explains_is_no_trace_of_one_that_went():
    marks = marks_of(PHOTO, PHOTO[: 3 * BLOCK] + b"another" * 2_000)
    found = marks.in_stretch(PHOTO[: 2 * BLOCK])
    assert found
    assert marks.frames_found(found, erased={0}) == 0
    assert marks.frames_found(found, erased={0, 1}) == 2


def test_an_even_block_says_nothing():
    assert is_constant(bytes(4096))
    assert is_constant(b"\xff" * 4096)
    assert not is_constant(bytes(4095) + b"x")
    assert marks_of(bytes(40_960)).known([1, 2, 3]) == set()


@pytest.mark.goal("R6")
def test_every_block_of_a_photo_has_a_mark_of_its_own_and_the_same_wherever_it_lies():
    photo = random.Random(5).randbytes(64 * BLOCK)
    marks = marks_of(photo)
    assert len(marks.in_stretch(photo)) == 64
    for number in range(64):
        block = photo[number * BLOCK : (number + 1) * BLOCK]
        assert len(marks.in_stretch(bytes(1_536) + block + b"z" * 700)) == 1
        changed = bytearray(block)
        changed[number * 61] ^= 0x80
        assert marks.in_stretch(bytes(changed)) == set()
