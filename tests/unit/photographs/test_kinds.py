import pytest

from safelight.photographs import pictures
from safelight.photographs.pictures import Kind, Reason

BOX = b"\0\0\0\x18ftyp"
HEADS = {
    Kind.JPEG: (b"\xff\xd8\xff\xe1", ["a.jpg", "A.JPG", "a.jpeg", "a.jpe"]),
    Kind.MPO: (b"\xff\xd8\xff\xe1", ["a.mpo"]),
    Kind.HEIC: (BOX + b"heic", ["a.heic", "a.HEIF", "a.hif"]),
    Kind.PNG: (b"\x89PNG\r\n\x1a\n", ["a.png"]),
    Kind.TIFF: (b"MM\0*\0\0\0\x08", ["a.tif", "a.tiff"]),
    Kind.CR2: (b"II*\0\x10\0\0\0CR\x02\0", ["a.cr2"]),
    Kind.CR3: (BOX + b"crx ", ["a.cr3"]),
    Kind.NEF: (b"MM\0*\0\0\0\x08", ["a.nef"]),
    Kind.ARW: (b"II*\0\x08\0\0\0", ["a.arw"]),
    Kind.DNG: (b"II*\0\x08\0\0\0", ["a.dng"]),
    Kind.RAF: (b"FUJIFILMCCD-RAW 0201", ["a.raf"]),
    Kind.ORF: (b"IIRO\x08\0\0\0", ["a.orf"]),
    Kind.RW2: (b"IIU\0\x18\0\0\0", ["a.rw2"]),
    Kind.MP4: (BOX + b"mp42", ["a.mp4"]),
    Kind.MOV: (BOX + b"qt  ", ["a.mov"]),
}
pytestmark = [pytest.mark.requirement("D9"), pytest.mark.asvs("5.2.2")]


@pytest.mark.parametrize("kind", list(Kind))
def test_takes_every_kind_on_the_list_by_its_own_names(kind):
    head, names = HEADS[kind]
    for name in names:
        assert pictures.recognise(name=name, head=head, size=1000) is kind


@pytest.mark.parametrize("head", [b"MMOR\0\0\0\x08", b"IIRS\x08\0\0\0"])
def test_takes_the_other_beginnings_of_an_olympus_raw(head):
    assert pictures.recognise(name="P1.ORF", head=head, size=1) is Kind.ORF


def test_takes_a_film_older_than_brands():
    assert pictures.recognise(name="MVI_1.MOV", head=b"\0\0\0\x08wide\0\0", size=1) is Kind.MOV


@pytest.mark.parametrize(
    "head",
    [
        b"<svg xmlns",
        b"%PDF-1.7",
        b"%!PS-Adobe",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBP",
        b"BM",
        b"\x7fELF",
        b"PK\x03\x04",
        BOX + b"avif",
        b"8BPS",
        b"\0" * 64,
    ],
)
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tiff", "a.mov", "a"])
def test_refuses_everything_else_whatever_its_name(head, name):
    assert pictures.recognise(name=name, head=head, size=1000) is Reason.NOT_A_PHOTO


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.png", Kind.JPEG),
        ("a.jpg", Kind.PNG),
        ("a.html", Kind.JPEG),
        ("jpg", Kind.PNG),
        ("a", Kind.JPEG),
        ("a.tif", Kind.CR2),
        ("a.jpg.exe", Kind.JPEG),
    ],
)
def test_refuses_a_name_that_does_not_fit(name, kind):
    assert pictures.recognise(name=name, head=HEADS[kind][0], size=1000) is Reason.NAME_DISAGREES


@pytest.mark.asvs("5.2.1")
@pytest.mark.parametrize(
    ("kind", "mib"), [(Kind.JPEG, 64), (Kind.HEIC, 64), (Kind.TIFF, 64), (Kind.NEF, 120), (Kind.CR3, 120), (Kind.MP4, 4096)]
)
def test_refuses_a_file_larger_than_its_kind_can_be(kind, mib):
    head, (name, *_) = HEADS[kind]
    assert pictures.recognise(name=name, head=head, size=mib * 2**20) is kind
    assert pictures.recognise(name=name, head=head, size=mib * 2**20 + 1) is Reason.TOO_LARGE


def test_refuses_an_empty_file():
    assert pictures.recognise(name="a.jpg", head=b"", size=0) is Reason.EMPTY
    assert pictures.recognise(name="a.jpg", head=b"\xff\xd8\xff", size=0) is Reason.EMPTY
    assert pictures.inspect(b"") is Reason.EMPTY


def test_knows_a_file_without_its_name():
    assert pictures.inspect(HEADS[Kind.NEF][0]) is Kind.TIFF
    assert pictures.inspect(HEADS[Kind.CR2][0]) is Kind.CR2
    assert pictures.inspect(b"GIF89a") is Reason.NOT_A_PHOTO


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_words_for_a_person(reason):
    assert len(reason.says.split(". ")) >= 2
    assert reason.says.endswith(".")
    assert ("stays on the card" in reason.says) is not reason.kept
    assert not any(word in reason.says.lower() for word in ("upload", "asset", "error", "invalid"))
