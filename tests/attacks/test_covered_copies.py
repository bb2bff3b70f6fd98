"""Everything that a file can say of a patient beside its picture, planted in every format: nothing of it is in any copy."""

import csv
import json
import subprocess

import pytest
from django.db import connection
from tests.factories import planted
from tests.shared import shared_folder

from safelight.deidentify import covering
from safelight.deidentify.boxes import Box
from safelight.deidentify.covering import How, marked
from safelight.deidentify.covering.asking import coverers
from safelight.deidentify.covering.framing import Request, Task
from safelight.photographs.pictures import HEAD, Kind, recognise

pytestmark = [
    *(pytest.mark.requirement("F4"), pytest.mark.goal("S7"), pytest.mark.asvs("14.2.8")),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="no database has a part in this: it is shown once"),
]

BOXES = (Box(0.1, 0.1, 0.2, 0.2), Box(0.7, 0.85, 0.3, 0.15))


def _planted() -> dict[str, tuple[bytes, Kind, How]]:
    return {
        "jpeg": (planted.jpeg(), Kind.JPEG, How.UNCHANGED),
        "jpeg of other colours": (planted.jpeg(known_colours=False), Kind.JPEG, How.REENCODED),
        "mpo": (planted.jpeg(orientation=1), Kind.MPO, How.UNCHANGED),
        "png": (planted.png(), Kind.PNG, How.REENCODED),
        "tiff": (planted.tiff(), Kind.TIFF, How.REENCODED),
        "heic": (planted.heif(), Kind.HEIC, How.REENCODED),
        **{ending: (planted.raw(ending), Kind(ending), How.REENCODED) for ending in ("dng", "cr2", "nef", "arw")},
    }


FORMATS = ("jpeg", "jpeg of other colours", "mpo", "png", "tiff", "heic", "dng", "cr2", "nef", "arw")


@pytest.mark.parametrize("form", FORMATS)
def test_no_copy_carries_anything_that_was_planted(form):
    data, kind, how = _planted()[form]
    assert planted.MARK.encode() in data
    copies = {"without boxes": covering.cover(data, [], kind=kind), "covered": covering.cover(data, BOXES, kind=kind)}
    copies["turned"] = covering.cover(data, BOXES, kind=kind, turn=1)
    assert {copy.how for copy in copies.values()} == {how}
    files = {name: copy.data for name, copy in copies.items()}
    files |= {"marked": marked.marked(files["covered"], "Dr Khan"), "plain": marked.plain(files["turned"], longest=800)}
    assert planted.left(files) == []


def test_a_copy_from_pixels_carries_nothing_either():
    data = planted.jpeg()
    asked = Request(task=Task.COVER, length=len(data), kind=Kind.JPEG, boxes=((0.1, 0.1, 0.2, 0.2),), lossless=False)
    note, made = coverers().copy(data, asked)
    assert note.how is How.REENCODED
    assert planted.left({"from pixels": made}) == []


_PLACES = (
    *("IFD0:Artist", "ExifIFD:SerialNumber", "GPS", "IFD1:ThumbnailImage", "XMP-dc:Creator", "IPTC", "Photoshop"),
    *("File:Comment", "JFXX", "PLANTED", "SN77345521", "second picture"),
)


def test_the_eye_that_looks_sees_what_was_planted():
    seen = " ".join(planted.left({"not covered": planted.jpeg()}))
    for place in _PLACES:
        assert place in seen, place


@pytest.mark.parametrize("form", FORMATS)
def test_says_in_words_what_was_there(form):
    data, kind, _ = _planted()[form]
    said = covering.carried(data, kind=kind, name=planted.NAME)
    names = {thing.name for thing in said}
    values = " ".join(thing.value for thing in said)
    assert {"File name", "Serial number", "Camera" if kind.raw else "Owner"} <= names
    assert planted.SERIAL in values
    assert all(thing.value.isprintable() and len(thing.value) <= 200 for thing in said)
    if not kind.raw:
        assert {"Place", "Notes of an editing program", "Comment"} <= names
        assert "51.5000 N 0.1000 W" in values


def test_says_of_a_jpeg_each_thing_that_was_there():
    said = {(thing.name, thing.value) for thing in covering.carried(planted.jpeg())}
    names = {name for name, _ in said}
    assert {"Thumbnail of the picture", "Second picture", "Bytes behind the picture", "Colour profile", "Unknown block"} <= names
    assert ("Comment", "PLANTED-comment") in said
    assert ("Owner", "PLANTED-iptc-By-line") in said
    assert ("Owner", "PLANTED-xmp-Creator") in said
    assert ("Unknown block", "APP5 PLANTED-app5, 12 bytes") in said


def test_a_clean_copy_carries_nothing_that_is_worth_a_word():
    copy = covering.cover(planted.jpeg(), BOXES).data
    assert {thing.name for thing in covering.carried(copy)} <= {"Colour profile"}


@pytest.mark.parametrize(
    "hostile",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x:xmpmeta><dc:creator>&e;</dc:creator></x:xmpmeta>',
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(20))
        + b"]><x:xmpmeta><dc:creator>&u;</dc:creator></x:xmpmeta>",
        b"<x:xmpmeta>" + b"<dc:creator><rdf:li>" * 3000 + b"</x:xmpmeta>",
        b"<x:xmpmeta>" + b'a:City="' * 7000,
    ],
    ids=["names another file", "unfolds", "nests", "never closes"],
)
def test_hostile_xml_does_nothing(hostile):
    block = b"http://ns.adobe.com/xap/1.0/\0" + hostile
    plain = covering.cover(planted.thumbnail(), []).data
    data = plain[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + plain[2:]
    values = [thing.value for thing in covering.carried(data)]
    assert "root:" not in " ".join(values)
    assert sum(map(len, values)) < 4000
    assert planted.left({"hostile": covering.cover(data, []).data}) == []


def _corpus() -> list[tuple[dict[str, str], bytes, Kind]]:
    folder = shared_folder("corpus")
    with (folder / "MANIFEST.csv").open() as manifest:
        rows = [row for row in csv.DictReader(manifest) if row["file"].startswith("metadata/")]
    files = [(row, (folder / row["file"]).read_bytes()) for row in rows]
    return [(row, data, recognise(name=row["file"], head=data[:HEAD], size=len(data))) for row, data in files]


def test_nothing_that_real_cameras_write_is_in_a_copy():
    corpus = _corpus()
    assert len(corpus) == 43
    copies: dict[str, bytes] = {}
    refused = []
    for row, data, kind in corpus:
        try:
            copy = covering.cover(data, BOXES, kind=kind)
        except covering.CannotCover as why:
            refused.append((row["file"], why.reason))
            continue
        copies[row["file"]] = copy.data
        if row["serial"]:
            assert row["serial"].encode() not in copy.data, row["file"]
    assert len(refused) <= 1, refused
    assert planted.left(copies) == []
    assert _values_left({row["file"]: data for row, data, _ in corpus}, copies) == []


def _values_left(originals: dict[str, bytes], copies: dict[str, bytes]) -> list[str]:
    """Texts of eight letters and more that exiftool reads from an original and that stand somewhere in its copy."""
    folder = shared_folder("corpus")
    every = ["exiftool", "-a", "-G1", "-s", "-ee", "-U", "-j", "-q"]
    said = subprocess.run([*every, *(str(folder / name) for name in originals)], capture_output=True, check=False, timeout=120)
    found = []
    for row in json.loads(said.stdout):
        name = next(name for name in originals if row["SourceFile"].endswith(name))
        texts = {str(value) for tag, value in row.items() if tag.split(":")[0] not in _OUTSIDE}
        found += [f"{name}: {text}" for text in texts if len(text) >= 8 and text.encode() in copies.get(name, b"")]
    return found


_OUTSIDE = {"System", "File", "ExifTool", "SourceFile", "ICC-header"}


def test_no_thumbnail_shows_what_is_covered():
    data = planted.jpeg()
    assert data.count(b"\xff\xd8\xff") >= 4
    for copy in (covering.cover(data, BOXES), covering.cover(data, BOXES, turn=2)):
        assert copy.data.count(b"\xff\xd8\xff") == 1
