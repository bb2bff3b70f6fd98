"""Manifest, receipt and certificate: written in one form, read strictly."""

import dataclasses
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import PROJECT

from handover.canonical import Malformed, write
from handover.certificate import Certificate
from handover.kinds import LARGEST, FrameKind, agrees, kind_of_name
from handover.manifest import MOST_FILES, CardKind, CardManifest, FrameLine, OtherLine, in_order
from handover.note import NoteRefused, Signer, VerifierKey, sign, verify
from handover.reasons import SAYS, Left
from handover.receipt import Receipt, ReceiptRefused, read_receipt

NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
STATION, IMPORT = UUID(int=3), UUID(int=4)
SIGNER = Signer.from_seed("safelight.example", bytes(32))
VECTORS = PROJECT / "tests" / "vectors" / "handover" / "formats.json"


def _line(**changed) -> FrameLine:
    line = FrameLine(folder="100CANON", file="IMG_0001.JPG", size=5, digest="a" * 64, kind=FrameKind.JPEG, modified=NOW)
    return dataclasses.replace(line, **changed)


def _manifest(*lines: FrameLine, others=()) -> CardManifest:
    return CardManifest(station=STATION, kind=CardKind.FOLDER, volume="AB12", frames=lines or (_line(),), others=tuple(others))


def _receipt(**changed) -> Receipt:
    receipt = Receipt(
        origin="safelight.example", card_import=IMPORT, station=STATION, manifest="c" * 64, digests=("b" * 64, "a" * 64), issued_at=NOW
    )
    return dataclasses.replace(receipt, **changed)


def _read(note: str, **changed) -> Receipt:
    how = {"keys": [SIGNER.key], "card_import": IMPORT, "station": STATION, "manifest": "c" * 64} | changed
    return read_receipt(note, **how)


def test_a_manifest_reads_as_it_was_written():
    manifest = _manifest(_line(), others=[OtherLine(path="MISC/NOTES.TXT", size=9, why=Left.UNKNOWN_FILE, digest="d" * 64)])
    assert CardManifest.parse(manifest.written()) == manifest


def test_the_same_card_gives_the_same_manifest_in_whatever_order_it_was_listed():
    one, two = _line(), _line(file="IMG_0002.JPG", digest="b" * 64)
    assert _manifest(one, two).digest == _manifest(two, one).digest


@pytest.mark.requirement("C1")
def test_frames_stand_in_shooting_order():
    names = [("101CANON", "IMG_0001.JPG"), ("100CANON", "IMG_9999.JPG"), ("100CANON", "IMG_0002.JPG"), ("", "ZZZ.JPG"), ("MISC", "A.JPG")]
    lines = sorted((_line(folder=folder, file=file) for folder, file in names), key=in_order)
    assert [line.file for line in lines] == ["IMG_0002.JPG", "IMG_9999.JPG", "IMG_0001.JPG", "ZZZ.JPG", "A.JPG"]


def test_raw_and_jpeg_of_one_shot_share_a_token():
    assert _line(file="IMG_0007.JPG").shot == _line(file="img_0007.cr2").shot != _line(folder="101CANON", file="IMG_0007.CR2").shot


@pytest.mark.asvs("5.3.2")
@pytest.mark.parametrize("name", ["../../x.jpg", "a/b.jpg", "a\\b.jpg", "", ".", "..", "a\0.jpg", "a\n.jpg", "x" * 256])
def test_refuses_a_name_that_could_become_a_path(name):
    said = json.loads(_manifest().written())
    said["frames"][0]["file"] = name
    with pytest.raises(Malformed):
        CardManifest.parse(write(said))


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"station": "x"},
        {"kind": "tape"},
        {"volume": 7},
        {"frames": None},
        {"frames": [1]},
        {"others": [{"path": "a", "size": 1, "sha256": None, "why": "boredom"}]},
        {"others": [{"path": "a", "size": 1, "sha256": "D" * 64, "why": "unknown_file"}]},
        {"others": [{"path": "a//b", "size": 1, "sha256": None, "why": "unknown_file"}]},
        {"extra": 1},
    ],
)
def test_refuses_a_manifest_that_says_something_else(change):
    with pytest.raises(Malformed):
        CardManifest.parse(write(json.loads(_manifest().written()) | change))


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "A" * 64},
        {"sha256": "a" * 63},
        {"size": -1},
        {"size": True},
        {"kind": "gif"},
        {"modified": "2026-11-24T09:41:00"},
        {"modified": "yesterday"},
        {"folder": "../DCIM"},
    ],
)
def test_refuses_a_line_that_says_something_else(change):
    said = json.loads(_manifest().written())
    said["frames"][0] |= change
    with pytest.raises(Malformed):
        CardManifest.parse(write(said))


def test_refuses_one_file_named_twice_and_frames_out_of_order():
    twice = _manifest(_line(), _line(file="img_0001.jpg"))
    with pytest.raises(Malformed, match="twice"):
        CardManifest.parse(twice.written())
    said = json.loads(_manifest(_line(), _line(file="IMG_0002.JPG")).written())
    said["frames"].reverse()
    with pytest.raises(Malformed, match="order"):
        CardManifest.parse(write(said))


def test_refuses_what_is_not_in_the_one_form():
    for raw in (b"", b"[]", b"{", b'{"a": 1}', b"[" * 100_000, _manifest().written() + b"\n"):
        with pytest.raises(Malformed):
            CardManifest.parse(raw)
    with pytest.raises(Malformed, match="long"):
        CardManifest.parse(b" " * ((16 << 20) + 1))


@pytest.mark.requirement("D3")
def test_a_receipt_is_read_for_the_card_it_was_given_for():
    receipt = _read(_receipt().signed(SIGNER))
    assert receipt.digests == ("a" * 64, "b" * 64)


@pytest.mark.requirement("D3")
@pytest.mark.goal("R5")
@pytest.mark.parametrize(
    "changed",
    [
        {"card_import": UUID(int=9)},
        {"station": UUID(int=9)},
        {"manifest": "d" * 64},
        {"keys": [Signer.from_seed("safelight.example", bytes([1]) * 32).key]},
    ],
)
def test_a_receipt_for_anything_else_is_refused(changed):
    with pytest.raises(ReceiptRefused):
        _read(_receipt().signed(SIGNER), **changed)


@pytest.mark.requirement("D3")
@pytest.mark.goal("R5")
@given(st.data())
def test_no_changed_receipt_is_accepted(data):
    note = _receipt().signed(SIGNER)
    at = data.draw(st.integers(0, len(note) - 1))
    letter = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    changed = note[:at] + letter + note[at + 1 :]
    if changed != note:
        with pytest.raises(ReceiptRefused):
            _read(changed)


def test_refuses_a_signed_text_that_is_no_receipt():
    said = json.loads(_receipt().written())
    for text in ("hello\n", write(said | {"version": 9}).decode() + "\n", write(said | {"held": ["x"]}).decode() + "\n"):
        with pytest.raises(ReceiptRefused):
            _read(sign(text, SIGNER))


def test_a_certificate_reads_as_it_was_written_and_not_otherwise():
    certificate = Certificate(
        card_import=IMPORT,
        station=STATION,
        method="overwrite, fill",
        erased=("a" * 64,),
        left=(("b" * 64, Left.UNSTABLE),),
        residue=0,
        empty=False,
        filled=True,
        read_again_at=NOW,
    )
    assert Certificate.parse(certificate.written()) == certificate
    said = json.loads(certificate.written())
    for change in ({"version": 2}, {"residue": -1}, {"empty": 1}, {"left": [{"sha256": "b" * 64, "why": "boredom"}]}):
        with pytest.raises(Malformed):
            Certificate.parse(write(said | change))


def test_every_reason_has_words_for_a_person():
    assert set(SAYS) == set(Left)


@pytest.mark.asvs("5.2.2")
@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("IMG_0001.JPG", b"\xff\xd8\xff\xe1", FrameKind.JPEG),
        ("A.mpo", b"\xff\xd8\xff\xe1", FrameKind.MPO),
        ("a.png", b"\x89PNG\r\n\x1a\n", FrameKind.PNG),
        ("a.TIF", b"II*\0", FrameKind.TIFF),
        ("a.CR2", b"II*\0\x10\0\0\0CR", FrameKind.RAW),
        ("a.cr3", b"\0\0\0\x18ftypcrx ", FrameKind.RAW),
        ("a.raf", b"FUJIFILMCCD-RAW ", FrameKind.RAW),
        ("a.heic", b"\0\0\0\x18ftypheic", FrameKind.HEIC),
        ("a.MOV", b"\0\0\0\x14ftypqt  ", FrameKind.VIDEO),
    ],
)
def test_a_frame_is_told_by_its_name_and_its_first_bytes(name, head, kind):
    assert kind_of_name(name) is kind
    assert agrees(kind, head)
    assert not agrees(kind, b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0")


@pytest.mark.parametrize("name", ["a.svg", "a.gif", "a.txt", "._IMG_0001.JPG", ".JPG", "JPG", "a.jpg.exe"])
def test_other_names_are_no_frames(name):
    assert kind_of_name(name) is None


def test_a_note_is_verified_by_its_known_keys():
    other = Signer.from_seed("other.example", bytes([2]) * 32)
    note = sign("hello\n", SIGNER, other)
    assert verify(note, [SIGNER.key]) == verify(note, [other.key]) == "hello\n"
    with pytest.raises(NoteRefused):
        verify(note, [Signer.from_seed("third.example", bytes([3]) * 32).key])
    with pytest.raises(NoteRefused):
        verify(note, [])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "hello\n",
        "hello\n\n",
        "hello\n\nx\n",
        "hello\n\n\u2014 a b\n",
        "hello\n\n\u2014 a AAAA\n",
        "a\0b\n\n\u2014 a AAAAAAAA\n",
        "x" * 1_000_001,
        "hello\n\n" + "\u2014 a AAAAAAAA\n" * 101,
        "hello\n\n\u2014 a A\n",
    ],
)
def test_a_malformed_note_is_refused(note):
    with pytest.raises(NoteRefused):
        verify(note, [SIGNER.key])


@pytest.mark.parametrize("vkey", ["", "a", "a+00000000+AA", "a+zz+AA==", "a b+00000000+AQ==", "a+00000000+!!"])
def test_a_malformed_key_is_refused(vkey):
    with pytest.raises(NoteRefused):
        VerifierKey.parse(vkey)
    assert VerifierKey.parse(SIGNER.vkey) == SIGNER.key


def test_refuses_to_sign_what_cannot_be_a_note_and_a_name_with_spaces():
    with pytest.raises(NoteRefused):
        sign("no newline", SIGNER)
    with pytest.raises(ValueError, match="white space"):
        Signer.from_seed("a b", bytes(32))


def test_the_published_vectors_still_hold():
    vectors = json.loads(VECTORS.read_text())
    assert CardManifest.parse(vectors["manifest"].encode()).digest == vectors["manifest_digest"]
    assert _read(vectors["receipt"], manifest=vectors["manifest_digest"]).digests
    assert Certificate.parse(vectors["certificate"].encode()).written().decode() == vectors["certificate"]


@pytest.mark.asvs("5.1.1")
def test_the_documentation_says_the_sizes_that_the_code_has():
    said = (PROJECT / "docs" / "formats" / "station.md").read_text()
    assert {LARGEST[kind] >> 20 for kind in FrameKind if kind not in {FrameKind.RAW, FrameKind.VIDEO}} == {64}
    assert f"RAW {LARGEST[FrameKind.RAW] >> 20} MiB" in said
    assert LARGEST[FrameKind.VIDEO] == (4 << 30) - 1
    assert f"{MOST_FILES:,} frames a card" in said


def test_every_reason_is_explained_to_who_runs_a_station():
    said = (PROJECT / "docs" / "operate" / "station.md").read_text()
    assert {why for why in Left if f"`{why.value}`" not in said} <= {Left.CARD_OUT}


def test_the_vectors_are_what_the_code_writes():
    from tests.unit.handover.vectors import made

    assert made() == json.loads(VECTORS.read_text())


def test_a_certificate_has_room_for_what_the_station_does():
    from station import methods

    for method in (methods.FILES, methods.FILLED, *methods.WHOLE):
        said = Certificate(
            card_import=IMPORT, station=STATION, method=method, erased=(), left=(), residue=0, empty=True, filled=True, read_again_at=NOW
        )
        assert Certificate.parse(said.written()).method == method


@pytest.mark.parametrize("value", ["\ud800", 1e400, 10**30, float("nan")])
def test_what_has_no_one_form_is_malformed_and_no_fault(value):
    said = json.loads(_manifest().written()) | {"volume": value}
    with pytest.raises(Malformed):
        CardManifest.parse(json.dumps(said, sort_keys=True, separators=(",", ":")).encode())
