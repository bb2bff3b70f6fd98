"""The store that speaks S3 keeps the contract on a real Ceph, and says it when the gateway is stopped, frozen, or lies."""

import socket
import threading
import time
from contextlib import contextmanager, suppress
from uuid import uuid4

import pytest
from tests.contracts.object_store import DATA, ObjectStoreContract, whole
from tests.servers import ceph

from safelight.vault import proving
from safelight.vault.adapters import s3
from safelight.vault.adapters.local import LocalStore
from safelight.vault.adapters.s3 import PART, S3Store
from safelight.vault.errors import NameInUse, ObjectMissing, StoreAway, StoreUnfit

pytestmark = [pytest.mark.xdist_group("ceph"), pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture
def store(cluster):
    bucket = f"b{uuid4().hex}"
    ceph.make_bucket(cluster.endpoint, bucket)
    return S3Store(**cluster.settings(bucket))


class TestS3Store(ObjectStoreContract):
    """The contract on Ceph."""


@pytest.mark.requirement("D6")
@pytest.mark.parametrize("size", [PART - 1, PART, PART + 1, 2 * PART + 12_345])
def test_what_is_larger_than_a_part_comes_back_whole_and_is_never_replaced(store, size):
    data, name = (DATA * (size // len(DATA) + 1))[:size], uuid4()
    assert store.keep(name, [data]) == size
    assert whole(store, name) == data
    with pytest.raises(NameInUse):
        store.keep(name, [data + b"x"])
    assert store.stat(name).size == size


@pytest.mark.goal("R1")
def test_a_large_stream_that_breaks_leaves_nothing_under_its_name(store):
    class Broke(Exception): ...

    def body():
        yield bytes(PART + 5)
        raise Broke

    name = uuid4()
    with pytest.raises(Broke):
        store.keep(name, body())
    with pytest.raises(ObjectMissing):
        store.stat(name)
    assert list(store.names()) == []


@pytest.mark.goal("R5")
def test_ceph_is_fit(store):
    proving.prove(store)
    assert list(store.names()) == []


@pytest.mark.goal("R10")
def test_a_gateway_that_is_frozen_is_a_store_that_is_away_and_comes_back(cluster, store, monkeypatch):
    monkeypatch.setattr(s3, "ANSWERS_IN", 2)
    impatient = S3Store(**cluster.settings(store._bucket))
    name = uuid4()
    store.keep(name, [DATA])
    cluster.freeze()
    try:
        for ask in (
            lambda: impatient.keep(uuid4(), [b"x"]),
            lambda: impatient.stat(name),
            lambda: impatient.open(name),
            lambda: impatient.purge(name),
        ):
            with pytest.raises(StoreAway):
                ask()
    finally:
        cluster.thaw()
    assert whole(impatient, name) == DATA


@pytest.mark.goal("R10")
def test_a_gateway_that_is_not_there_is_a_store_that_is_away():
    store = S3Store(endpoint="http://127.0.0.1:9", bucket="photos", access_key="AK", secret_key="SK")
    for ask in (lambda: store.keep(uuid4(), [b"x"]), lambda: store.stat(uuid4()), lambda: list(store.names())):
        with pytest.raises(StoreAway):
            ask()


@contextmanager
def between(endpoint, change):
    """A proxy on loopback that passes requests on as `change` makes them."""
    port = int(endpoint.rsplit(":", 1)[1])
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                asked, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=carry, args=(asked,), daemon=True).start()

    def carry(asked):
        onward = socket.create_connection(("127.0.0.1", port))

        def back():
            with suppress(OSError), asked:  # whoever asked may wait no longer
                while data := onward.recv(65_536):
                    asked.sendall(data)

        threading.Thread(target=back, daemon=True).start()
        with suppress(OSError), onward:
            while data := asked.recv(65_536):
                onward.sendall(change(data))

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


@pytest.mark.goal("R3")
def test_bytes_that_change_on_the_way_are_refused_by_the_store(cluster, store):
    with between(cluster.endpoint, lambda data: data.replace(b"a photo of a wound", b"a photo of a w0und")) as endpoint:
        name = uuid4()
        with pytest.raises(StoreAway):
            S3Store(**cluster.settings(store._bucket) | {"endpoint": endpoint}).keep(name, [b"a photo of a wound"])
        with pytest.raises(ObjectMissing):
            store.stat(name)


@pytest.mark.goal("R10")
def test_a_gateway_that_is_slow_is_waited_for_and_one_that_is_too_slow_is_a_store_that_is_away(cluster, store, monkeypatch):
    monkeypatch.setattr(s3, "ANSWERS_IN", 4)
    pause = [0.3]

    def late(data):
        time.sleep(pause[0])
        return data

    with between(cluster.endpoint, late) as endpoint:
        slow = S3Store(**cluster.settings(store._bucket) | {"endpoint": endpoint})
        kept, tried = uuid4(), uuid4()
        slow.keep(kept, [b"a photo"])
        assert whole(slow, kept) == b"a photo"
        pause[0] = 12.0
        for ask in (lambda: slow.keep(tried, [b"x"]), lambda: slow.stat(kept), lambda: slow.open(kept)):
            with pytest.raises(StoreAway):
                ask()
        pause[0] = 0.0
        assert whole(slow, kept) == b"a photo"
        assert slow.keep(uuid4(), [b"x"]) == 1


class Careless(LocalStore):
    """A store that replaces: what some that speak S3 do, for they do not know If-None-Match."""

    def keep(self, name, body):
        self.purge(name)
        return super().keep(name, body)


class TakesAnything(LocalStore):
    """A store that takes bytes whose checksum is wrong."""

    def prove(self):
        raise StoreUnfit("wrong_checksum_taken")


class Forgetful(LocalStore):
    """A store whose objects stay when they are purged."""

    def purge(self, name):
        self.stat(name)


@pytest.mark.goal("R5")
@pytest.mark.parametrize(
    ("kind", "why"), [(Careless, "name_taken_twice"), (TakesAnything, "wrong_checksum_taken"), (Forgetful, "purged_object_is_there")]
)
def test_a_store_that_breaks_a_promise_is_unfit(tmp_path, kind, why):
    with pytest.raises(StoreUnfit, match=why):
        proving.prove(kind(folder=tmp_path))


def test_a_local_folder_is_fit(tmp_path):
    proving.prove(LocalStore(folder=tmp_path))
