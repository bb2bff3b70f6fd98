"""Cards whose file system is broken, full or strange: nothing is lost, nothing hangs, and what stays has a reason."""

import json
import os
import struct
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from tests.factories import cards
from tests.faults import carving
from tests.shared import PROJECT
from tests.simulators.door import Door

pytestmark = [
    pytest.mark.slow,
    pytest.mark.one_database,
    pytest.mark.goal("R4"),
    pytest.mark.requirement("A10"),
    pytest.mark.xdist_group("cards"),
]
PATIENCE = 120  # seconds: what takes longer hangs
JPEG = b"\xff\xd8\xff\xe0" + b"a photo" * 2_000
ONE, TWO = "IMG_0001.JPG", "IMG_0002.JPG"


def bring(folder: Path, image: Path, door: Door) -> tuple[int, dict[str, str], str]:
    """The station's program on a card: its status, what it left and why, and what it said."""
    home = folder / "home"
    with door.serving() as address:
        home.mkdir(exist_ok=True)
        replace(door.identity, server=address).save(home)
        done = subprocess.run(
            [sys.executable, "-m", "station.command", "--home", home, "import", image, "--json"],
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env={**os.environ, "PYTHONPATH": str(PROJECT / "src")},
        )
    said = json.loads(done.stdout) if done.stdout else {"left": []}
    return done.returncode, {line["name"]: line["reason"] for line in said["left"]}, done.stderr


class Fat:
    """The structures of a FAT16 image, to be broken by hand."""

    def __init__(self, image: Path) -> None:
        self.image, self.raw = image, bytearray(image.read_bytes())
        self.sector, self.cluster, reserved, self.tables = struct.unpack_from("<HBHB", self.raw, 11)
        self.table, self.length = reserved * self.sector, struct.unpack_from("<H", self.raw, 22)[0] * self.sector

    def entry(self, name: str) -> int:
        """Where the folder's entry of a file lies."""
        at = self.raw.find(name.replace(".", "").encode())
        assert at > 0
        return at

    def first(self, name: str) -> int:
        return struct.unpack_from("<H", self.raw, self.entry(name) + 26)[0]

    def chain(self, name: str) -> list[int]:
        found = [self.first(name)]
        while (after := struct.unpack_from("<H", self.raw, self.table + 2 * found[-1])[0]) < 0xFFF0:
            found.append(after)
        return found

    def begin_at(self, name: str, cluster: int) -> None:
        struct.pack_into("<H", self.raw, self.entry(name) + 26, cluster)

    def link(self, cluster: int, after: int) -> None:
        for number in range(self.tables):
            struct.pack_into("<H", self.raw, self.table + number * self.length + 2 * cluster, after)

    def write(self) -> None:
        self.image.write_bytes(self.raw)


@pytest.fixture
def photos():
    return {name: cards.a_photo(number, size=(600, 400)) for number, name in enumerate((ONE, TWO), 1)}


@pytest.fixture
def fat(tmp_path, photos):
    image = cards.fat_image(tmp_path / "card.img")
    cards.put(image, photos, tmp_path)
    return Fat(image)


def not_lost(door: Door, image: Path, photos: dict[str, bytes]) -> None:
    """Every photo that could be read from the broken card is with the server, or its bytes are on the card still."""
    raw = image.read_bytes()
    gone = [name for name, data in photos.items() if data not in door.kept.values() and raw.find(data[:4_096]) < 0]
    assert gone == []


@pytest.mark.goal("R5")
def test_two_files_on_the_same_clusters_lose_nothing(tmp_path, fat, photos):
    """The second file's name leads to the first one's bytes; its own are in nobody's hands, and stay."""
    fat.begin_at(TWO, fat.first(ONE))
    fat.write()
    door = Door()
    status, left, told = bring(tmp_path, fat.image, door)
    assert photos[ONE] in door.kept.values(), told
    assert status in {0, 1}
    not_lost(door, fat.image, {ONE: photos[ONE]})
    assert set(left.values()) <= {"changed", "not_proved", "not_a_photo", "write_protected", "unreadable"}


@pytest.mark.goal("R5")
def test_chains_that_cross_lose_nothing(tmp_path, fat, photos):
    fat.link(fat.chain(TWO)[3], fat.chain(ONE)[-3])
    fat.write()
    door = Door()
    status, left, told = bring(tmp_path, fat.image, door)
    assert photos[ONE] in door.kept.values(), told
    assert status in {0, 1}
    assert set(left.values()) <= {"changed", "not_proved", "not_a_photo", "write_protected", "unreadable"}
    not_lost(door, fat.image, {ONE: photos[ONE]})


def test_a_chain_that_never_ends_hangs_nobody(tmp_path, fat, photos):
    chain = fat.chain(TWO)
    fat.link(chain[-1], chain[1])
    fat.write()
    door = Door()
    status, left, told = bring(tmp_path, fat.image, door)
    assert photos[ONE] in door.kept.values(), told
    assert photos[TWO] in door.kept.values()
    assert status in {0, 1}, (left, told)


@pytest.mark.parametrize("system", ["fat", "exfat"])
def test_a_card_without_a_first_sector_is_not_opened_and_not_touched(tmp_path, photos, system):
    image = cards.fat_image(tmp_path / "card.img") if system == "fat" else cards.exfat_image(tmp_path / "card.img")
    cards.put(image, photos, tmp_path)
    with image.open("r+b") as file:
        file.write(bytes(512))
    before = image.read_bytes()
    status, _, told = bring(tmp_path, image, Door())
    assert status == 2
    assert "The card has no file system that a camera writes" in told
    assert image.read_bytes() == before


def test_an_exfat_whose_checksum_is_wrong_is_brought_in_or_not_opened(tmp_path, photos):
    image = cards.exfat_image(tmp_path / "card.img")
    cards.put(image, photos, tmp_path)
    with image.open("r+b") as file:
        file.seek(11 * 512)
        file.write(b"\xa5" * 512)
    door = Door()
    status, _, told = bring(tmp_path, image, door)
    assert status in {0, 2}, told
    not_lost(door, image, photos)


@pytest.mark.goal("R6")
@pytest.mark.parametrize("system", ["fat", "exfat"])
def test_a_full_card_is_brought_in_and_wiped(tmp_path, photos, system):
    image = cards.fat_image(tmp_path / "card.img", mib=24) if system == "fat" else cards.exfat_image(tmp_path / "card.img", mib=27)
    large = cards.a_photo(3) + os.urandom(1 << 20) * 22
    cards.put(image, photos | {"IMG_0003.JPG": large}, tmp_path)
    rest = tmp_path / "IMG_0004.JPG"
    if system == "fat":  # to the last cluster
        for size in (1 << 16, 1 << 12, 1 << 10):
            with suppress(subprocess.CalledProcessError):
                while True:
                    rest.write_bytes(JPEG[:4] + os.urandom(size - 4))
                    place = f"::/DCIM/100SAFEL/IMG_{os.urandom(2).hex().upper()}.JPG"
                    subprocess.run(["mcopy", "-i", image, rest, place], check=True, capture_output=True)
    door = Door()
    status, left, told = bring(tmp_path, image, door)
    assert (status, left) == (0, {}), told
    assert carving.probes(image, photos) == 0
    assert large in door.kept.values()


def test_a_card_with_everything_leaves_what_nobody_knows_and_takes_each_photo(tmp_path):
    """As cards come: the counter begins anew in the next folder, halves of pairs, videos, a Mac's and a Windows PC's own files."""
    image = cards.exfat_image(tmp_path / "card.img")
    raw = b"II*\0\x10\0\0\0CR\x02\0" + bytes(2_000)
    taken = {
        "DCIM/100CANON/IMG_9999.JPG": JPEG + b"1",
        "DCIM/101CANON/IMG_0001.JPG": JPEG + b"2",
        "DCIM/100CANON/IMG_0001.JPG": JPEG + b"3",
        "DCIM/100CANON/IMG_0001.CR2": raw + b"4",
        "DCIM/100CANON/IMG_0002.CR2": raw + b"5",
        "DCIM/100CANON/MVI_0003.MOV": b"\0\0\0\x14ftypqt  " + bytes(4_000),
        "DCIM/100CANON/.JPG/IMG_0005.JPG": JPEG + b"6",
        ".Trashes/501/IMG_0006.JPG": JPEG + b"7",
        "DCIM/100CANON/\u202egpj 🩹 .JPG": JPEG + b"8",
    }
    own = ["DCIM/100CANON/._IMG_0001.JPG", "Thumbs.db", "DCIM/100CANON/MVI_0003.THM", ".Trashes/._501"]
    left = {"DCIM/100CANON/SND_0001.WAV": "unknown_file", "DCIM/100CANON/IMG_0007.JPG": "not_a_photo"}
    with cards.attached(image) as device, cards.mounted(device, tmp_path / "mounted") as root:
        for place, data in taken.items() | dict.fromkeys(own, b"of a computer").items() | {(place, b"") for place in left}:
            path = root / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            os.utime(path, (315_532_800, 315_532_800))  # a clock that was never set: 1980-01-01
    door = Door()
    status, why, told = bring(tmp_path, image, door)
    assert (status, why) == (1, left), told
    assert sorted(door.kept.values()) == sorted(taken.values())
    with cards.attached(image) as device, cards.mounted(device, tmp_path / "mounted") as root:
        there = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert there == {*left, *own}


@pytest.mark.parametrize("system", ["fat", "exfat"])
@pytest.mark.parametrize("with_folder", [True, False], ids=["an empty DCIM", "no DCIM"])
def test_an_empty_card_is_said_to_be_empty(tmp_path, system, with_folder):
    image = cards.fat_image(tmp_path / "card.img") if system == "fat" else cards.exfat_image(tmp_path / "card.img")
    if with_folder:
        cards.put(image, {}, tmp_path)
    status, left, told = bring(tmp_path, image, Door())
    assert (status, left) == (0, {}), told
    assert "The card is empty" in told
