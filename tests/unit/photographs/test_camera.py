"""What cameras wrote: the corpus against its own list, and invented notes."""

import csv
from datetime import datetime
from io import BytesIO

import pytest
from PIL import Image
from tests.factories.pictures import BODY, TAKEN, photo, saved, scene
from tests.shared import shared_folder

from safelight.photographs import pictures
from safelight.photographs.pictures import Kind, drawn

pytestmark = pytest.mark.requirement("A1")

# Serial numbers that exifread 3.5.1 does not find: in XMP after editing, in maker notes that it does not read, in one that editing broke.
SERIALS_NOT_FOUND = {
    *("metadata/drew_Nikon_D5000.jpg", "metadata/drew_Canon_EOS_7D.jpg"),
    *("metadata/ianare_Panasonic_DMC-FZ30.jpg", "metadata/exiftool_Panasonic.jpg", "metadata/drew_Issue_339.jpg"),
    *("metadata/exiftool_Olympus2.jpg", "metadata/drew_Reconyx_HF2_Pro_Covert.jpg", "metadata/drew_Issue_211.jpg"),
    "metadata/ianare_32-lens_data.jpeg",
}


def note(data: bytes, kind: Kind = Kind.JPEG) -> pictures.CameraNote:
    camera = pictures.examine(data, kind=kind, slate_expected=False).camera
    assert camera is not None
    return camera


def test_reads_what_the_camera_says_of_itself_and_of_the_time():
    camera = note(photo())
    assert (camera.make, camera.model, camera.serial, camera.software) == (BODY.make, BODY.model, BODY.serial, BODY.software)
    assert (camera.taken, camera.offset) == (TAKEN, "+00:00")
    assert (camera.orientation, camera.has_position) == (1, False)


def _with(tags: dict[int, object], details: dict[int, object] | None = None, position: dict[int, object] | None = None) -> bytes:
    exif = Image.Exif()
    exif.update(tags)
    exif.get_ifd(0x8769).update(details or {})
    if position:
        exif.get_ifd(0x8825).update(position)
    return saved(Image.new("RGB", (32, 32)), "JPEG", exif=exif)


def test_tells_of_a_position_and_keeps_it_to_itself():
    camera = note(_with({0x010F: "Lumen"}, position={1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)}))
    assert camera.has_position
    assert "51" not in repr(camera)


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("2026:11:20 09:12:01", datetime(2026, 11, 20, 9, 12, 1)),
        ("1980:01:01 00:00:00", datetime(1980, 1, 1)),
        ("0000:00:00 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("2026:02:30 09:12:01", None),
        ("yesterday", None),
    ],
)
def test_reads_a_time_or_none(written, taken):
    assert note(_with({0x010F: "Lumen"}, {0x9003: written})).taken == taken


@pytest.mark.parametrize(("fraction", "microseconds"), [("5", 500_000), ("05", 50_000), ("123456789", 123_456), ("x", 0), ("-1", 0)])
def test_reads_parts_of_a_second(fraction, microseconds):
    assert note(_with({}, {0x9003: "2026:11:20 09:12:01", 0x9291: fraction})).taken.microsecond == microseconds


@pytest.mark.parametrize(("written", "offset"), [("+01:00", "+01:00"), ("-04:00", "-04:00"), ("Z", None), ("+1", None)])
def test_reads_the_offset_of_the_clock_or_none(written, offset):
    assert note(_with({0x010F: "Lumen"}, {0x9011: written})).offset == offset


@pytest.mark.parametrize(
    ("make", "read"),
    [("  Lumen  ", "Lumen"), ("Lu\x01men\r\n", "Lu men"), ("A" * 300, "A" * 100), ("   ", None), ("<b>Lumen</b>", "<b>Lumen</b>")],
)
def test_gives_another_s_words_short_and_printable(make, read):
    assert note(_with({0x010F: make, 0x0110: "C24"})).make == read


@pytest.mark.parametrize("orientation", [0, 9, 65_535])
def test_takes_an_impossible_orientation_for_upright(orientation):
    assert note(_with({0x0112: orientation})).orientation == 1


def test_a_serial_number_of_noughts_is_none():
    assert note(_with({0x010F: "Lumen"}, {0xA431: "0000000"})).serial is None


def test_a_photo_without_a_note_has_none():
    assert pictures.examine(saved(scene(), "JPEG"), kind=Kind.JPEG, slate_expected=False).camera is None


def _corpus() -> list[tuple[dict[str, str], bytes, Kind]]:
    folder = shared_folder("corpus")
    with (folder / "MANIFEST.csv").open() as manifest:
        rows = [row for row in csv.DictReader(manifest) if row["file"].startswith("metadata/")]
    files = [(row, (folder / row["file"]).read_bytes()) for row in rows]
    return [(row, data, pictures.recognise(name=row["file"], head=data[:64], size=len(data))) for row, data in files]


def test_every_camera_file_has_a_preview_or_a_reason_in_words():
    for row, data, kind in _corpus():
        picture = pictures.examine(data, kind=kind, slate_expected=False)
        assert picture.refusal is None, row["file"]
        with Image.open(BytesIO(picture.preview)) as shown:
            assert shown.getexif() == {}
        if kind is Kind.HEIC:
            assert (picture.width, picture.height) == (3024, 4032)
            continue
        with Image.open(BytesIO(data)) as stored:
            assert {picture.width, picture.height} == set(stored.size), row["file"]


def test_finds_the_makers_models_and_positions_that_the_list_knows():
    for row, data, kind in _corpus():
        camera = pictures.examine(data, kind=kind, slate_expected=False).camera
        assert camera is not None, row["file"]
        assert (camera.make or "") == _spaced(row["make"]), row["file"]
        assert (camera.model or "") == _spaced(row["model"])[:100], row["file"]
        assert camera.has_position is (row["gps"] == "y"), row["file"]


def test_finds_the_serial_numbers_that_its_parser_can_read():
    missed, wrong = set(), set()
    for row, data, kind in _corpus():
        serials = {part.split("=")[1].strip() for part in row["serial"].split(";") if part.strip() and "Lens" not in part}
        camera = pictures.examine(data, kind=kind, slate_expected=False).camera
        if serials and camera.serial is None:
            missed.add(row["file"])
        elif camera.serial and camera.serial.lstrip("0") not in {serial.lstrip("0") for serial in serials}:
            wrong.add(row["file"])
    assert missed == SERIALS_NOT_FOUND
    assert wrong == set()


def _spaced(words: str) -> str:
    return " ".join(words.split())


def test_a_raw_file_and_its_jpeg_tell_the_same_camera():
    raw = drawn.raw(scene(), BODY, TAKEN, ending="nef")
    assert note(raw, Kind.NEF).serial == note(photo()).serial
