"""The contract of an object store: every adapter's tests inherit it, and so does whatever real server an adapter speaks to.

A subclass gives `store`, a fixture with an empty store.
"""

import threading
from uuid import UUID, uuid4

import pytest

from safelight.vault.errors import NameInUse, ObjectMissing
from safelight.vault.ports import ObjectStore

DATA = bytes(range(256)) * 5_000


def whole(store: ObjectStore, name: UUID, *, fresh: bool = False) -> bytes:
    reader = store.open(name, fresh=fresh)
    try:
        return reader.read_at(0, reader.size)
    finally:
        reader.close()


def reused(data: bytes, size: int):
    """Pieces out of one buffer that is written anew for each, as the vault's sealing does it."""
    buffer = bytearray(size)
    for at in range(0, len(data), size):
        piece = data[at : at + size]
        buffer[: len(piece)] = piece
        yield memoryview(buffer)[: len(piece)]


class ObjectStoreContract:
    """What `safelight.vault.ports.ObjectStore` promises."""

    @pytest.mark.requirement("D6")
    @pytest.mark.parametrize("size", [0, 1, 4_096, 1 << 20, len(DATA)])
    def test_gives_back_the_bytes_it_kept(self, store, size):
        name = uuid4()
        assert store.keep(name, [DATA[:size]]) == size
        for fresh in (False, True):
            assert whole(store, name, fresh=fresh) == DATA[:size]
        assert store.stat(name).size == size

    @pytest.mark.parametrize("piece", [1_000, 65_536, 1 << 20])
    def test_takes_pieces_of_any_length_out_of_a_buffer_that_is_used_again(self, store, piece):
        name = uuid4()
        assert store.keep(name, reused(DATA, piece)) == len(DATA)
        assert whole(store, name) == DATA

    @pytest.mark.goal("R3")
    def test_never_replaces_an_object(self, store):
        name = uuid4()
        store.keep(name, [b"first"])
        with pytest.raises(NameInUse):
            store.keep(name, [b"second"])
        assert whole(store, name) == b"first"

    @pytest.mark.goal("R1")
    def test_of_two_who_keep_one_name_at_once_one_is_refused(self, store):
        name, ends = uuid4(), []
        barrier = threading.Barrier(2)

        def body(text: bytes):
            barrier.wait(10)
            yield text * 100_000

        def keep(text: bytes) -> None:
            try:
                store.keep(name, body(text))
                ends.append(text)
            except (NameInUse, threading.BrokenBarrierError):
                barrier.abort()

        threads = [threading.Thread(target=keep, args=(text,)) for text in (b"one", b"two")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert len(ends) <= 1
        if ends:
            assert whole(store, name) == ends[0] * 100_000

    @pytest.mark.goal("R1")
    def test_a_stream_that_breaks_leaves_nothing_that_could_be_taken_for_the_object(self, store):
        class Broke(Exception): ...

        def body():
            yield DATA
            raise Broke

        name = uuid4()
        with pytest.raises(Broke):
            store.keep(name, body())
        with pytest.raises(ObjectMissing):
            store.open(name)
        store.keep(name, [b"again"])
        assert whole(store, name) == b"again"

    def test_what_is_not_there_is_missing(self, store):
        for ask in (store.open, store.stat):
            with pytest.raises(ObjectMissing):
                ask(uuid4())

    def test_what_was_purged_is_gone_and_purging_again_is_harmless(self, store):
        name, other = uuid4(), uuid4()
        store.keep(name, [b"x"])
        store.keep(other, [b"y"])
        store.purge(name)
        store.purge(name)
        store.purge(uuid4())
        with pytest.raises(ObjectMissing):
            store.stat(name)
        assert whole(store, other) == b"y"
        assert [found for found, _ in store.names()] == [other]

    @pytest.mark.parametrize(("offset", "length"), [(0, 1), (0, len(DATA)), (1_000_000, 4_096), (len(DATA) - 3, 100), (len(DATA), 5)])
    def test_gives_exactly_the_bytes_of_a_range_and_fewer_only_at_the_end(self, store, offset, length):
        name = uuid4()
        store.keep(name, [DATA])
        reader = store.open(name)
        assert reader.size == len(DATA)
        assert reader.read_at(offset, length) == DATA[offset : offset + length]
        reader.close()
        reader.close()

    def test_names_what_it_holds_with_the_time_of_its_making(self, store):
        made = {uuid4() for _ in range(3)}
        for name in made:
            store.keep(name, [b"x"])
        found = dict(store.names())
        assert set(found) == made
        assert all(time > 1_700_000_000 for time in found.values())

    @pytest.mark.goal("R8")
    def test_says_how_much_it_can_take_or_that_it_has_no_bounds(self, store):
        room = store.room()
        assert room is None or room > 0

    def test_serves_many_at_once(self, store):
        faults = []

        def work(number: int) -> None:
            try:
                for _ in range(5):
                    name, data = uuid4(), DATA[number:] * 2
                    store.keep(name, reused(data, 70_000))
                    assert whole(store, name, fresh=True) == data
            except Exception as fault:
                faults.append(fault)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert faults == []
