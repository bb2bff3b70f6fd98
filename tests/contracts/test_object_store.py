"""The local store keeps the contract, what its promise takes is seen from outside, and stores that lie do not pass."""

import os
import re
import shutil
import subprocess
import sys
from uuid import UUID

import pytest
from tests.contracts.object_store import DATA, ObjectStoreContract
from tests.shared import PROJECT
from tests.simulators.stores import FAULTS, MisbehavingStore

from safelight.kernel.errors import Damage, Unavailable
from safelight.vault.adapters.local import LocalStore
from safelight.vault.errors import StoreAway, StoreFull


class TestLocalStore(ObjectStoreContract):
    @pytest.fixture
    def store(self, tmp_path):
        return LocalStore(folder=tmp_path / "vault")


@pytest.mark.goal("S8")
def test_what_the_local_store_makes_is_for_its_owner_alone(tmp_path):
    store = LocalStore(folder=tmp_path / "vault")
    store.keep(UUID(int=5), [b"x"])
    for path in (tmp_path / "vault").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0


KEEP = """
import sys
from uuid import UUID
from safelight.vault.adapters.local import LocalStore
store = LocalStore(folder=sys.argv[1])
store.keep(UUID(int=1), [b"first: makes the folder"])
sys.stdout.write("BEGIN"); sys.stdout.flush()
store.keep(UUID(int=2), [b"one", b"two"])
sys.stdout.write("KEPT"); sys.stdout.flush()
"""


@pytest.mark.goal("R1")
@pytest.mark.requirement("D3")
def test_the_file_then_its_folder_are_synced_before_keeping_returns(tmp_path):
    """kill -9 cannot show a missing sync: the page cache survives it. The system calls can."""
    if shutil.which("strace") is None:
        pytest.skip("not installed: strace")
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-qq", "-y", "-o", str(trace), "-e", "trace=openat,write,fsync,fdatasync,unlink,rename"]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}
    done = subprocess.run([*command, sys.executable, "-c", KEEP, str(tmp_path / "vault")], check=True, capture_output=True, env=environment)
    assert done.stdout == b"BEGINKEPT"
    lines = trace.read_text().splitlines()
    begin, end = (next(number for number, line in enumerate(lines) if f'"{word}"' in line) for word in ("BEGIN", "KEPT"))
    name = UUID(int=2).hex
    calls = [re.sub(r"^\d+ +", "", line) for line in lines[begin + 1 : end] if name in line or re.search(r"vault/00>", line)]
    verbs = [(call.split("(")[0], name in call) for call in calls]
    assert "O_EXCL" in calls[0]
    assert verbs[0] == ("openat", True)
    assert verbs[1:3] == [("write", True), ("write", True)]
    assert ("fsync", True) in verbs[3:]
    assert ("fsync", False) in verbs[verbs.index(("fsync", True)) :]


@pytest.mark.goal("R8")
def test_a_store_whose_disk_has_less_than_its_reserve_takes_nothing_more(tmp_path):
    status = os.statvfs(tmp_path)
    free = status.f_bavail * status.f_frsize
    room = LocalStore(folder=tmp_path / "vault").room()
    assert 0 <= room <= max(0, free - (1 << 30) + (64 << 20))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_store_that_misbehaves_does_not_keep_the_contract(tmp_path, fault):
    """The contract is worth something only if it turns red."""
    contract = ObjectStoreContract()
    red = 0
    for number, check in enumerate(
        (
            lambda store: contract.test_gives_back_the_bytes_it_kept(store, len(DATA)),
            lambda store: contract.test_takes_pieces_of_any_length_out_of_a_buffer_that_is_used_again(store, 65_536),
            contract.test_never_replaces_an_object,
            contract.test_what_is_not_there_is_missing,
            lambda store: contract.test_gives_exactly_the_bytes_of_a_range_and_fewer_only_at_the_end(store, 0, len(DATA)),
        )
    ):
        try:
            check(MisbehavingStore(folder=tmp_path / str(number), fault=fault))
        except (AssertionError, Damage, Unavailable, pytest.fail.Exception):
            red += 1
    assert red > 0


@pytest.mark.goal("R8")
@pytest.mark.parametrize(("fault", "error"), [("full", StoreFull), ("away", StoreAway)])
def test_the_simulator_fails_as_the_port_says(tmp_path, fault, error):
    with pytest.raises(error):
        MisbehavingStore(folder=tmp_path, fault=fault).keep(UUID(int=1), [b"x"])
