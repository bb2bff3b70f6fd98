"""Memory that is used again: nobody sees in it what was another's."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import cycle

import pytest
from tests.servers.site import make_keys

from safelight.kernel.digest import Digest
from safelight.vault import buffers, objects
from safelight.vault.kept import TRAY
from safelight.vault.models import Rendition, StoredObject

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)


@pytest.mark.goal("S8")
def test_what_was_in_the_clear_is_wiped_before_the_buffer_is_lent_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(buffers, "_ready", [])
    with pytest.raises(KeyError), buffers.borrowed(clear=True) as one:
        one[:7] = b"a photo"
        raise KeyError
    with buffers.borrowed(clear=True) as again, buffers.borrowed(clear=True) as other:
        assert again.obj is one.obj
        assert other.obj is not again.obj
        assert bytes(again) == bytes(buffers.SIZE)


def test_a_buffer_is_no_memory_of_a_child_process(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(buffers, "_ready", [])
    with buffers.borrowed(clear=True) as one:
        child = os.fork()
        if not child:
            one[:5] = b"other"
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert bytes(one[:5]) == bytes(5)


@pytest.mark.goal("R3")
def test_photos_that_are_kept_and_read_back_at_once_never_mix():
    make_keys()
    photos = [bytes([number]) * (2_300_000 + number) for number in range(6)]

    def bring(data: bytes) -> bool:
        with buffers.borrowed(clear=True) as one, buffers.borrowed(clear=True) as other:
            kept = objects.keep(in_turns(data, (one, other)), rendition=Rendition.RECORD, holder=TRAY, limit=1 << 23)
        stored = StoredObject.from_kept(kept, at=NOW)
        return kept.digest == objects.read_back(stored) == Digest.of(data) and objects.read_bytes(stored, limit=1 << 23) == data

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(bring, photos * 2))


def in_turns(data: bytes, into: tuple[memoryview, memoryview]):
    """A body as the door reads it: two buffers filled in turn."""
    at = 0
    for length, buffer in zip(objects.pieces(), cycle(into), strict=False):
        piece = data[at : at + length]
        if not piece:
            return
        buffer[: len(piece)] = piece
        yield buffer[: len(piece)]
        at += len(piece)
