"""What is on a card: frames, the camera's own files, and what stays until somebody has looked."""

import os
from pathlib import Path

import pytest
from tests.factories import cards

from handover.manifest import CardKind, CardManifest
from handover.reasons import Left
from station.blocks import Fingerprints
from station.card import opened
from station.journal import Journal
from station.reading import CardOut, Changed, Listing, digest_now, list_card, read_fresh

JPEG = b"\xff\xd8\xff\xe0" + b"a photo" * 100


@pytest.fixture
def card(tmp_path):
    (tmp_path / "card" / "DCIM" / "100SAFEL").mkdir(parents=True)
    return tmp_path / "card"


@pytest.fixture
def listed(card, tmp_path):
    def run() -> Listing:
        with opened(card) as there:
            return list_card(there, Fingerprints(), Journal(tmp_path))

    return run


def write(card: Path, place: str | bytes, data: bytes = JPEG) -> Path:
    path = card / os.fsdecode(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("IMG_0001.JPG", JPEG),
        ("img_0001.jpeg", JPEG),
        ("IMG_0001.MPO", JPEG),
        ("IMG_0001.HEIC", b"\0\0\0\x18ftypheic" + bytes(50)),
        ("IMG_0001.PNG", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        ("IMG_0001.TIF", b"II*\0" + bytes(50)),
        ("IMG_0001.CR2", b"II*\0\x10\0\0\0CR\x02\0" + bytes(50)),
        ("IMG_0001.CR3", b"\0\0\0\x18ftypcrx " + bytes(50)),
        ("DSC_0001.NEF", b"MM\0*" + bytes(50)),
        ("DSCF0001.RAF", b"FUJIFILMCCD-RAW " + bytes(50)),
        ("MVI_0001.MP4", b"\0\0\0\x18ftypmp42" + bytes(50)),
        ("MVI_0001.MOV", b"\0\0\0\x08wide\0\0" + bytes(50)),
    ],
)
@pytest.mark.requirement("C2")
def test_takes_every_kind_of_file_that_a_camera_writes(card, listed, name, data):
    write(card, f"DCIM/100SAFEL/{name}", data)
    [frame] = listed().frames
    assert (frame.line.folder, frame.line.file, frame.line.size) == ("100SAFEL", name, len(data))
    assert frame.line.digest == digest_now(frame.path)


@pytest.mark.parametrize(
    ("place", "data", "why"),
    [
        ("DCIM/100SAFEL/IMG_0001.JPG", b"", Left.NOT_A_PHOTO),
        ("DCIM/100SAFEL/IMG_0001.JPG", b"\x7fELF" + bytes(99), Left.NOT_A_PHOTO),
        ("DCIM/100SAFEL/IMG_0001.MOV", b"MZ" + bytes(99), Left.NOT_A_PHOTO),
        ("NOTES.TXT", b"hello", Left.UNKNOWN_FILE),
        ("DCIM/100SAFEL/IMG_0001.WAV", b"RIFF", Left.UNKNOWN_FILE),
        ("DCIM/100SAFEL/.hidden.jpg", JPEG, Left.UNKNOWN_FILE),
        ("DCIM/100SAFEL/no_ending", JPEG, Left.UNKNOWN_FILE),
        # Videos that nobody keeps yet, in a folder that is the camera's own: they are no rubbish.
        ("PRIVATE/AVCHD/BDMV/STREAM/00000.MTS", b"video", Left.UNKNOWN_FILE),
        ("MISC/VOICE.WAV", b"RIFF", Left.UNKNOWN_FILE),
        ("$RECYCLE.BIN/S-1-5/$RABC.MTS", b"video", Left.UNKNOWN_FILE),
        (".Trashes/501/film.avi", b"video", Left.UNKNOWN_FILE),
    ],
)
@pytest.mark.requirement("A10")
def test_what_is_no_photo_and_not_the_cameras_own_stays_with_its_reason(card, listed, place, data, why):
    path = write(card, place, data)
    listing = listed()
    [(found, other)] = listing.others
    assert (found, other.path, other.size, other.why, other.digest) == (path, place, len(data), why, digest_now(path))
    assert (listing.frames, listing.own) == ([], [])


@pytest.mark.parametrize(
    "place",
    [
        "MISC/AUTPRINT.MRK",
        "DCIM/CANONMSC/M0100.CTG",
        "DCIM/100SAFEL/MVI_0001.THM",
        "PRIVATE/AVCHD/BDMV/INDEX.BDM",
        "AVF_INFO/AVIN0001.INP",
        "NIKON001.DSC",
        "System Volume Information/WPSettings.dat",
        "DCIM/100SAFEL/._IMG_0001.JPG",
        ".DS_Store",
        "Thumbs.db",
    ],
)
@pytest.mark.requirement("A10")
def test_knows_the_cameras_own_files(card, listed, place):
    path = write(card, place, b"of the camera")
    assert listed().own == [path]


def test_photos_in_the_cameras_own_folders_and_in_bins_are_photos(card, listed):
    for place in ("PRIVATE/M4ROOT/THMBNL/C0001T01.JPG", ".Trashes/501/IMG_0007.JPG", "$RECYCLE.BIN/S-1/$R1.JPG", "MISC/IMG_1.JPG"):
        write(card, place)
    assert len(listed().frames) == 4


@pytest.mark.goal("S6")
def test_links_pipes_and_folders_that_are_named_like_photos_are_not_read(card, listed, tmp_path):
    write(tmp_path, "elsewhere.jpg")
    (card / "LINK.JPG").symlink_to(tmp_path / "elsewhere.jpg")
    (card / "FOLDER").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(card / "PIPE.JPG")
    (card / "IMG_0001.JPG").mkdir()
    listing = listed()
    assert {(path.name, other.why, other.digest) for path, other in listing.others} == {
        (name, Left.UNREADABLE, None) for name in ("LINK.JPG", "FOLDER", "PIPE.JPG")
    }
    assert listing.frames == []


@pytest.mark.asvs("5.3.2")
@pytest.mark.parametrize(
    "name",
    [
        b"IMG\\..\\0001.JPG",
        b"IMG\n0001.JPG",
        b"IMG\x7f0001.JPG",
        b"caf\xe9.JPG",
        "Фото 🩹.JPG".encode(),
        "\u202egpj.exe.jpg".encode(),
        b"CON.JPG",
        b"x" * 251 + b".JPG",
    ],
)
def test_whatever_a_file_is_called_it_can_be_announced(card, listed, name):
    path = write(card, b"DCIM/100SAFEL/" + name)
    [frame] = listed().frames
    manifest = CardManifest(station=cards_station(), kind=CardKind.FOLDER, volume="", frames=(frame.line,))
    assert CardManifest.parse(manifest.written()).digest == manifest.digest
    assert frame.path == path


def test_names_that_differ_in_capitals_or_in_what_cannot_be_written_are_told_apart(card, listed):
    for name in (b"img_0001.jpg", b"IMG_0001.JPG", b"IMG\x010001.JPG", b"IMG\x020001.JPG"):
        write(card, b"DCIM/100SAFEL/" + name)
    lines = tuple(frame.line for frame in listed().frames)
    manifest = CardManifest(station=cards_station(), kind=CardKind.FOLDER, volume="", frames=lines)
    assert len(CardManifest.parse(manifest.written()).frames) == 4


def test_a_frame_in_the_same_place_of_two_folders_is_two(card, listed):
    write(card, "DCIM/100SAFEL/IMG_0001.JPG", JPEG + b"1")
    write(card, "DCIM/101SAFEL/IMG_0001.JPG", JPEG + b"2")
    write(card, "IMG_0001.JPG", JPEG + b"3")
    assert [(frame.line.folder, frame.line.file) for frame in listed().frames] == [
        ("100SAFEL", "IMG_0001.JPG"),
        ("101SAFEL", "IMG_0001.JPG"),
        ("", "IMG_0001.JPG"),
    ]


@pytest.mark.goal("R4")
def test_a_file_that_is_written_while_it_is_read_has_changed(card):
    path = write(card, "IMG_0001.JPG", JPEG * 20_000)
    reading = read_fresh(path)
    next(reading)
    path.write_bytes(JPEG)
    with pytest.raises(Changed):
        list(reading)


@pytest.mark.goal("R4")
def test_two_readings_in_one_thread_never_share_their_memory(card):
    first, second = write(card, "IMG_0001.JPG", b"1" * 5_000), write(card, "IMG_0002.JPG", b"2" * 5_000)
    digest_now(second)  # this thread has its memory from now on
    reading, other = read_fresh(first), read_fresh(second)
    piece, beside = next(reading), next(other)
    assert (bytes(piece), bytes(beside)) == (first.read_bytes(), second.read_bytes())


@pytest.mark.goal("S8")
@pytest.mark.parametrize("broken_off", [True, False])
def test_nothing_of_a_photo_stays_in_the_memory_that_is_used_again(card, broken_off):
    reading = read_fresh(write(card, "IMG_0001.JPG"))
    piece = next(reading)
    assert bytes(piece) == JPEG
    if broken_off:
        reading.close()
    else:
        assert list(reading) == []
    assert not any(piece)


def test_the_order_is_the_cards_whichever_file_is_read_first(card, listed):
    places = [f"DCIM/{number}SAFEL/IMG_0001.JPG" for number in range(100, 130)]
    for number, place in enumerate(places):
        write(card, place, JPEG + (bytes([number]) * (8 << 20) if number == 0 else bytes([number])))
    write(card, "DCIM/100SAFEL/img_0001.jpg", JPEG + b"smaller, and ready before the first")
    listing = listed()
    assert [frame.path for frame in listing.frames] == sorted(frame.path for frame in listing.frames)
    assert [frame.line.file for frame in listing.frames[:2]] == ["IMG_0001.JPG", "img_0001~2.jpg"]
    assert [frame.number for frame in listing.frames] == list(range(31))


@pytest.mark.goal("R4")
def test_a_card_that_is_pulled_out_in_the_first_reading_is_out_and_is_not_read_to_its_end(card, tmp_path, monkeypatch):
    for number in range(1, 201):
        write(card, f"DCIM/100SAFEL/IMG_{number:04}.JPG", JPEG + str(number).encode())
    opens, tried = os.open, []

    def pull_at_the_fifth(path, *how, **more):
        if str(path).endswith(".JPG"):
            tried.append(path)
            if len(tried) == 5:
                card.rename(tmp_path / "pocket")
        return opens(path, *how, **more)

    with opened(card) as there:
        monkeypatch.setattr(os, "open", pull_at_the_fifth)
        with pytest.raises(CardOut):
            list_card(there, Fingerprints(), Journal(tmp_path))
    assert len(tried) < 20


def test_a_clock_that_was_reset_to_1980_does_no_harm(card, listed):
    path = write(card, "IMG_0001.JPG")
    os.utime(path, (315_532_800, 315_532_800))
    assert listed().frames[0].line.modified.year == 1980


def test_a_card_that_is_not_there_any_more_is_out(card, tmp_path):
    with opened(card) as there:
        card.rename(tmp_path / "pocket")
        assert not there.is_there()
        with pytest.raises(CardOut):
            list_card(there, Fingerprints(), Journal(tmp_path))


def cards_station():
    from uuid import UUID

    return UUID(int=7)


@pytest.mark.slow
def test_a_card_of_9999_files_is_one_manifest(card, listed):
    for number in range(1, 10_000):
        write(card, f"DCIM/100SAFEL/IMG_{number:04}.JPG", JPEG + str(number).encode())
    lines = tuple(frame.line for frame in listed().frames)
    manifest = CardManifest(station=cards_station(), kind=CardKind.FOLDER, volume="", frames=lines)
    assert len(CardManifest.parse(manifest.written()).frames) == 9_999
    assert cards.SIZE
