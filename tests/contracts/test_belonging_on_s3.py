"""Whose bucket it is, on a real Ceph: a wrong one, somebody else's, one put back to an older time, and one that machines share."""

from uuid import uuid4

import pytest
from tests.servers import ceph

from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR
from safelight.vault import belonging, chosen, objects
from safelight.vault.adapters.file_keys import FileKeys
from safelight.vault.errors import BucketMissing, StoreInUse, StoreNotShared, StoreOfAnother, StoreOlder, StoreRefuses
from safelight.vault.models import Belonging, Rendition, StoredObject

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.goal("R3"),
    pytest.mark.one_database,
    pytest.mark.slow,
    pytest.mark.xdist_group("ceph"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
ADAPTER = {"adapter": "safelight.vault.adapters.s3.S3Store"}
SIGNERS = {"ledger key": "one", "receipt key": "two"}


@pytest.fixture
def bucket(cluster):
    """Makes an empty bucket."""

    def make() -> str:
        name = f"b{uuid4().hex}"
        ceph.make_bucket(cluster.endpoint, name)
        return name

    return make


@pytest.fixture
def use(cluster, settings, tmp_path):
    """Sets the bucket of this machine, and how it is reached."""
    settings.SAFELIGHT_KEY_SERVICE = {"adapter": "safelight.vault.adapters.file_keys.FileKeys", "file": str(tmp_path / "keys.json")}
    FileKeys.make(tmp_path / "keys.json")

    def choose(name: str, **changed: str) -> None:
        settings.SAFELIGHT_OBJECT_STORE = {**ADAPTER, **cluster.settings(name), **changed}

    return choose


@pytest.fixture
def mine(bucket, use):
    """The bucket of this database, with a photo in it."""
    name = bucket()
    use(name)
    _start()
    _photo()
    return name


def _start(*, name: str = "one") -> None:
    belonging.recognise(by=OPERATOR, signers=SIGNERS, machine=name, new_identity=uuid4(), new_mark=uuid4(), now=clock.now())


def _photo() -> StoredObject:
    kept = objects.keep([b"a photo"], rendition=Rendition.RECORD, holder="tray", limit=99)
    stored = StoredObject.from_kept(kept, at=clock.now())
    stored.save()
    return stored


def _copied(name: str, use) -> None:
    """All that is in the bucket of this machine, carried to another, which is its bucket then."""
    store = chosen.store()
    held = {one: store.open(one).read_at(0, store.stat(one).size) for one, _ in store.names()}
    use(name)
    for one, data in held.items():
        chosen.store().keep(one, [data])


def test_a_bucket_of_its_own_is_refused_and_nothing_is_left_in_it(mine, bucket, use):
    use(bucket())
    with pytest.raises(StoreOfAnother):
        _start()
    assert list(chosen.store().names()) == []
    use(mine)
    _start()


def test_a_bucket_of_another_database_is_refused(mine, bucket, use):
    theirs = bucket()
    use(theirs)
    chosen.store().keep(belonging.IDENTITY, [uuid4().bytes])
    with pytest.raises(StoreOfAnother):
        _start()
    chosen.store().keep(uuid4(), [b"a photo of theirs"])
    StoredObject.objects.all().delete()
    Belonging.objects.all().delete()  # an empty database
    with pytest.raises(StoreInUse):
        _start()


def test_a_bucket_that_is_not_there_is_said_to_be_missing_and_no_photo_is(mine, use):
    stored = StoredObject.objects.get()
    use(f"no{uuid4().hex}")
    with pytest.raises(BucketMissing):
        _start()
    with pytest.raises(BucketMissing):
        objects.read_back(stored)
    Belonging.objects.all().delete()
    StoredObject.objects.all().delete()
    with pytest.raises(BucketMissing):  # at a first start too: a name that is mistyped
        _start()


@pytest.mark.parametrize("changed", [{"secret_key": "WRONG"}, {"access_key": "NOBODY"}, {"access_key": "OTHER", "secret_key": "THEIRS"}])
def test_a_bucket_that_does_not_let_this_machine_in_is_said_to_refuse(mine, cluster, use, changed):
    if changed.get("access_key") == "OTHER":
        cluster.make_account("OTHER", "THEIRS")
    use(mine, **changed)
    with pytest.raises(StoreRefuses):
        _start()
    with pytest.raises(StoreRefuses):
        objects.read_back(StoredObject.objects.get())
    use(mine)
    _start()


@pytest.mark.goal("R9")
def test_a_bucket_that_was_put_back_to_an_older_time_is_refused(mine, bucket, use):
    store = chosen.store()
    before = {one for one, _ in store.names()}
    for _ in range(3):
        _photo()
    _start()
    for one, _ in list(store.names()):
        if one not in before:
            store.purge(one)
    with pytest.raises(StoreOlder):
        _start()
    belonging.adopt(by=OPERATOR, missing=3, new_identity=uuid4(), now=clock.now())
    _start()


def test_machines_share_a_bucket_and_one_with_a_copy_is_found(mine, bucket, use):
    _start(name="two")
    _start()
    _copied(bucket(), use)
    _start(name="three")
    use(mine)
    for name in ("one", "two"):
        with pytest.raises(StoreNotShared):
            _start(name=name)


@pytest.mark.goal("R9")
def test_a_bucket_that_was_copied_whole_is_known_again(mine, bucket, use):
    _copied(bucket(), use)
    _start()
    assert objects.read_back(StoredObject.objects.get()) == StoredObject.objects.get().digest


def test_of_two_first_starts_one_gives_the_bucket_its_identity(bucket, use):
    use(bucket())
    first, second = uuid4(), uuid4()
    assert belonging._identified(first) == belonging._identified(second) == first.bytes
