"""Memory cards with invented photos: folders, and images with the file systems that cameras write."""

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from tests.factories import pictures

SIZE = (480, 320)
TAKEN = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PATIENCE = 60.0  # seconds: a device is let go when nobody has it open any more, however busy the machine is


def planted() -> bytes:
    """Bytes that occur nowhere else: found on a disk, they betray a photo that was written in the clear."""
    return b"PLANTED-" + secrets.token_hex(16).encode()


def a_photo(seed: int = 1, *, mark: bytes = b"", size: tuple[int, int] = SIZE) -> bytes:
    """A camera's JPEG of its own digest: behind the picture, which every reader passes over, lies a mark, several blocks long."""
    mark = mark or planted()
    noise = sha256(mark + bytes([seed % 256])).digest()
    return pictures.photo(seed % 8 + 1, size) + (mark + noise) * 400


def fill(folder: Path, count: int, *, mark: bytes = b"", first: int = 1, dcf: str = "100SAFEL") -> dict[str, bytes]:
    """Write photos as a camera does; returns them by name."""
    place = folder / "DCIM" / dcf
    place.mkdir(parents=True, exist_ok=True)
    written = {}
    for number in range(first, first + count):
        name = f"IMG_{number:04}.JPG"
        written[name] = a_photo(number, mark=mark)
        (place / name).write_bytes(written[name])
        os.utime(place / name, (TAKEN.timestamp() + number, TAKEN.timestamp() + number))
    return written


def digests(photos: dict[str, bytes]) -> set[str]:
    return {sha256(data).hexdigest() for data in photos.values()}


def needs(*programs: str) -> None:
    """Skip where a program of the card tests is missing. Where the tests' packages are installed by `make system` it never is."""
    missing = [program for program in programs if shutil.which(program) is None and not Path("/usr/sbin", program).exists()]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    if os.geteuid() != 0 or not Path("/dev/fuse").exists() or not Path("/dev/loop-control").exists():
        refuse_or_skip("mounting a card needs root, FUSE and loop devices")


def refuse_or_skip(why: str) -> None:
    """Fail where a full run was asked for and the programs are here; skip elsewhere."""
    if os.environ.get("SAFELIGHT_CORPUS_REQUIRED") == "1":
        pytest.fail(f"{why}, and this run is to show everything")
    pytest.skip(why)


def exfat_image(file: Path, *, mib: int = 48) -> Path:
    """An empty card of exFAT, as cameras with large cards write it."""
    needs("mkfs.exfat", "mount.exfat-fuse", "losetup")
    _blank(file, mib)
    subprocess.run(["mkfs.exfat", file], check=True, capture_output=True)
    return file


def fat_image(file: Path, *, mib: int = 24, bits: int = 16) -> Path:
    """An empty card of FAT."""
    needs("mkfs.vfat", "fusefat", "losetup", "mcopy")
    _blank(file, mib)
    subprocess.run(["mkfs.vfat", "-F", str(bits), file], check=True, capture_output=True)
    return file


def partitioned(image: Path, file: Path) -> Path:
    """The same card behind a master boot record, as most cards are sold."""
    offset = 2_048 * 512
    record = bytearray(512)
    record[446:462] = bytes([0, 0, 0, 0, 7, 0, 0, 0]) + (2_048).to_bytes(4, "little") + (image.stat().st_size // 512).to_bytes(4, "little")
    record[510:] = b"\x55\xaa"
    file.write_bytes(bytes(record) + bytes(offset - 512) + image.read_bytes())
    image.unlink()
    return file


def _blank(file: Path, mib: int) -> None:
    with file.open("wb") as out:
        out.truncate(mib << 20)


@contextmanager
def attached(image: Path, *, past_the_cache: bool = False) -> Iterator[Path]:
    """The image as a block device; with nothing remembered between the device and the image where a test asks for it."""
    direct = ["--direct-io=on"] if past_the_cache else []
    made = subprocess.run(["losetup", "-f", "--show", *direct, image], check=True, capture_output=True, text=True)
    device = Path(made.stdout.strip())
    try:
        yield device
    finally:
        subprocess.run(["losetup", "-d", device], check=False, capture_output=True)
        _until_let_go(image)


def _until_let_go(image: Path) -> None:
    """Detaching waits for whoever has the device open, and until then what was written to it may still be on its way into the file."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not subprocess.run(["losetup", "-j", image], check=True, capture_output=True).stdout:
            return
        time.sleep(0.05)
    raise AssertionError(f"it did not happen in time: {image.name} is still attached")


@contextmanager
def mounted(device: Path, place: Path) -> Iterator[Path]:
    """An exFAT device, mounted as somebody else than the station would."""
    place.mkdir(exist_ok=True)
    subprocess.run(["mount.exfat-fuse", device, place], check=True, capture_output=True)
    assert os.path.ismount(place)
    try:
        yield place
    finally:
        for _ in range(20):
            if subprocess.run(["umount", place], check=False, capture_output=True).returncode == 0:
                break
            time.sleep(0.1)


def put(image: Path, photos: dict[str, bytes], tmp: Path) -> None:
    """Write photos onto a card's image, as a camera would."""
    source = tmp / "source" / "DCIM" / "100SAFEL"
    source.mkdir(parents=True, exist_ok=True)
    for name, data in photos.items():
        (source / name).write_bytes(data)
        os.utime(source / name, (TAKEN.timestamp(), TAKEN.timestamp()))
    if image.read_bytes()[3:8] == b"EXFAT":
        with attached(image) as device, mounted(device, tmp / "mounted") as root:
            shutil.copytree(tmp / "source" / "DCIM", root / "DCIM", dirs_exist_ok=True)
    else:
        subprocess.run(["mcopy", "-s", "-i", image, tmp / "source" / "DCIM", "::"], check=True, capture_output=True)
    shutil.rmtree(tmp / "source")
