"""Reading what a file carries: bounded, in one line each, whatever the file is. The parser of EXIF is tried behind its walls elsewhere."""

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories import planted
from tests.factories.pictures import chunk, photo, png

from safelight.deidentify.covering import carrying
from safelight.deidentify.covering.framing import LONGEST_WORDS, MOST_NOTES
from safelight.deidentify.covering.notes import boxes, jpeg, texts
from safelight.deidentify.covering.notes import png as chunks
from safelight.photographs.pictures import Kind

pytestmark = pytest.mark.requirement("F4")

PIECES = [b"\x1c\x02\x50\0\4name", b"<x:xmpmeta>", b'dc:creator="Jane"', b"<dc:creator>", b"</x:xmpmeta>", b"\xff\xd8", b"\xff\xfe\0\6Jane"]
PIECES += [
    b"infe\2\0\0\0\1\0\0mime",
    b"8BIM",
    b"\0\0\0\4tEXta\0bc",
    b"ICC_PROFILE\0\1\1",
    b"desc",
    b"\xff\xed\0\x20Photoshop 3.0\0",
    b"\xff\xd9",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=20)), max_size=20).map(b"".join))
def test_reads_anything_and_never_breaks(data):
    for parts in (texts.xmp(data), texts.iptc(data), texts.inside(data), jpeg.carried(data), boxes.carried(data), chunks.carried(data)):
        for name, value in parts:
            line = carrying.plain(value)
            assert name
            assert line.isprintable()
            assert len(line) <= LONGEST_WORDS
    texts.profile(data)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=20)), max_size=20).map(b"".join), st.sampled_from(list(Kind)))
def test_says_at_most_two_hundred_things_of_any_kind_of_file(data, kind):
    assert len(carrying.carried(data, kind, "one.jpg")) <= MOST_NOTES


def test_says_each_thing_once_and_leaves_out_what_is_empty():
    said = carrying.carried(planted.jpeg(), Kind.JPEG, " ")
    assert len(said) == len(set(said))
    assert "File name" not in {name for name, _ in said}


def test_many_comments_are_cut_off_at_two_hundred():
    plain = photo()
    comments = b"".join(b"\xff\xfe" + struct.pack(">H", 6) + b"%04d" % number for number in range(2000))
    assert len(carrying.carried(plain[:2] + comments + plain[2:], Kind.JPEG, "")) == MOST_NOTES


def test_a_text_that_unfolds_without_end_is_read_in_part():
    folded = b"Comment\0\0" + zlib.compress(b"A" * 50_000_000, 9)
    ((name, value),) = chunks.carried(png(8, 8, chunks=chunk(b"zTXt", folded)))
    assert name == "Comment"
    assert len(value) < 2000


def test_finds_notes_of_an_editing_program_that_are_folded_away_in_a_png():
    packet = b"<x:xmpmeta><dc:creator>Jane Doe</dc:creator></x:xmpmeta>"
    folded = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(packet)
    assert ("Owner", "Jane Doe") in chunks.carried(png(8, 8, chunks=chunk(b"iTXt", folded)))


def test_a_trailer_says_how_long_it_is_and_what_is_in_it():
    said = dict(jpeg.carried(photo() + b"\0\0\0\x18ftypmp42" + photo()))
    assert said["Bytes behind the picture"].endswith("bytes")
    assert "Video" in said
    assert "Second picture" in said


def test_a_broken_file_says_so():
    assert ("Order of the file", "broken: more may be hidden in it") in jpeg.carried(photo()[:-2])
