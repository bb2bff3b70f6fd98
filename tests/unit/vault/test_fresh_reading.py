"""A photo is read back from the medium: what memory has of the file is no proof. So it is at the station, which reads each photo twice."""

import ctypes
import mmap
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from safelight.vault.adapters.local import FreshReader, LocalStore
from station.reading import read_fresh

DATA = secrets.token_bytes(3 * (1 << 20) + 12_345)


def _in_memory(path: Path) -> int:
    """How many pages of a file the system's cache holds (mincore(2))."""
    size = path.stat().st_size
    pages = -(-size // mmap.PAGESIZE)
    with path.open("rb") as file, mmap.mmap(file.fileno(), size, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE) as mapped:
        there = (ctypes.c_ubyte * pages)()
        begin = ctypes.c_char.from_buffer(mapped)
        done = ctypes.CDLL(None).mincore(ctypes.c_void_p(ctypes.addressof(begin)), ctypes.c_size_t(size), there)
        del begin
    assert done == 0
    return sum(one & 1 for one in there)


@pytest.fixture(params=["disk", "memory"])
def folder(request, tmp_path) -> Iterator[Path]:
    """A folder on a disk, and one on a file system that has no way past its memory."""
    if request.param == "disk":
        yield tmp_path
        return
    with TemporaryDirectory(dir="/dev/shm") as made:
        yield Path(made)


def _kept(folder: Path) -> tuple[FreshReader, Path]:
    store, name = LocalStore(folder=folder), uuid4()
    store.keep(name, [DATA])
    reader = store.open(name, fresh=True)
    assert isinstance(reader, FreshReader)
    return reader, folder / name.hex[:2] / name.hex


@pytest.mark.goal("R5")
def test_nothing_of_what_was_read_back_comes_from_memory(tmp_path):
    reader, path = _kept(tmp_path)
    assert _in_memory(path) == 0
    assert b"".join(bytes(reader.view_at(at, 1 << 20)) for at in range(0, len(DATA), 1 << 20)) == DATA
    reader.close()
    assert _in_memory(path) == 0


@pytest.mark.parametrize(
    ("offset", "length"), [(0, 40), (40, (1 << 20) - 40), (1 << 20, 1 << 20), (1_000_000, 2_000_000), (len(DATA) - 3, 99)]
)
def test_gives_any_stretch_on_any_file_system(folder, offset, length):
    reader, _ = _kept(folder)
    assert bytes(reader.view_at(offset, length)) == DATA[offset : offset + length]
    assert reader.read_at(offset, length) == DATA[offset : offset + length]
    assert reader.view_at(len(DATA), 5) == b""
    reader.close()


@pytest.mark.goal("R4")
def test_the_station_reads_a_card_past_the_memory_too(tmp_path):
    path = tmp_path / "IMG_0001.JPG"
    path.write_bytes(DATA)
    os.sync()
    assert b"".join(bytes(piece) for piece in read_fresh(path)) == DATA
    assert _in_memory(path) == 0


def test_the_station_reads_where_no_way_leads_past_the_memory(folder):
    path = folder / "IMG_0001.JPG"
    path.write_bytes(DATA)
    assert b"".join(bytes(piece) for piece in read_fresh(path)) == DATA
