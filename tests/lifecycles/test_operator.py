"""What an operator types, on an installation of its own: prepare, check, invite, serve, verify; and how each command ends."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx
import pysqlite3
import pytest
from tests.shared import PROJECT

PATIENCE = 90

# What is prepared once serves all tests of this file.
pytestmark = pytest.mark.xdist_group("operator")


def _environment(folder: Path) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "SAFELIGHT_"))}
    return {
        **plain,
        "PYTHONPATH": str(PROJECT / "src"),
        "SAFELIGHT_SECRET_KEY": "not the key of any hospital, and long enough for the check",
        "SAFELIGHT_ADDRESS": "https://photos.hospital.example",
        "SAFELIGHT_DATA": str(folder / "data"),
        "SAFELIGHT_KEYS": str(folder / "keys"),
        "SAFELIGHT_WITNESS": str(folder / "witness"),
        "SAFELIGHT_SITE": "st-elsewhere",
        "SAFELIGHT_BEHIND_PROXY": "true",
    }


@pytest.fixture
def hospital(tmp_path):
    """The environment of a hospital that was never prepared, without anything of the tests' own."""
    return _environment(tmp_path)


def _run(hospital, *arguments):
    command = [sys.executable, "-m", "safelight.config.command", *arguments]
    return subprocess.run(command, env=hospital, capture_output=True, text=True, check=False, timeout=PATIENCE)


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A folder in which `prepare` has run."""
    folder = tmp_path_factory.mktemp("once")
    assert _run(_environment(folder), "prepare").returncode == 0
    return folder


@pytest.fixture
def prepared(once, tmp_path):
    """The environment of a prepared hospital: a copy, its own to break."""
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    return _environment(tmp_path)


def _database(hospital) -> Path:
    return Path(hospital["SAFELIGHT_DATA"]) / "safelight.sqlite3"


def test_says_all_that_is_missing_and_ends_with_a_fault(hospital):
    for name in list(hospital):
        if name.startswith("SAFELIGHT_"):
            del hospital[name]
    done = _run(hospital, "prepare")
    assert done.returncode == 2
    assert all(name in done.stderr for name in ("SAFELIGHT_SECRET_KEY", "SAFELIGHT_ADDRESS", "SAFELIGHT_DATA", "SAFELIGHT_KEYS"))


def test_prepares_twice_and_replaces_no_key(prepared):
    keys = {file.name: file.read_bytes() for file in Path(prepared["SAFELIGHT_KEYS"]).iterdir()}
    assert _run(prepared, "prepare").returncode == 0
    assert {file.name: file.read_bytes() for file in Path(prepared["SAFELIGHT_KEYS"]).iterdir()} == keys
    assert all(file.stat().st_mode & 0o077 == 0 for file in Path(prepared["SAFELIGHT_KEYS"]).iterdir())


@pytest.mark.asvs("13.4.2")
def test_finds_nothing_wrong_with_a_hospitals_installation(prepared):
    done = _run(prepared, "check", "--deploy")
    assert done.returncode == 0, done.stderr


@pytest.mark.requirement("I4")
def test_finds_it_wrong_that_no_witness_keeps_checkpoints_outside_the_data(prepared):
    del prepared["SAFELIGHT_WITNESS"]
    done = _run(prepared, "check", "--deploy")
    assert (done.returncode, "SAFELIGHT_WITNESS" in done.stderr) == (1, True)
    prepared["SAFELIGHT_WITNESS"] = str(Path(prepared["SAFELIGHT_DATA"]) / "checkpoints")
    assert _run(prepared, "check", "--deploy").returncode == 1


@pytest.mark.asvs("6.3.2")
def test_has_no_account_until_somebody_is_invited(prepared):
    with pysqlite3.connect(_database(prepared)) as database:
        assert database.execute("SELECT count(*) FROM staff_person").fetchone() == (0,)
    link = _run(prepared, "invite-administrator", "--username", "ada", "--name", "Ada Example").stdout.strip()
    assert link.startswith("https://photos.hospital.example/join/#")
    assert len(link.partition("#")[2]) >= 43


def test_verifies_the_ledger_and_names_the_first_entry_that_was_changed(prepared):
    for name in ("ada", "ben", "cara"):
        _run(prepared, "invite-administrator", "--username", name, "--name", name)
    done = _run(prepared, "audit", "verify", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 0
    assert set(said) == {"size", "root", "checkpoint", "ok", "first_bad"}
    assert (said["ok"], said["first_bad"]) == (True, None)
    _change_entry(_database(prepared), 1)
    done = _run(prepared, "audit", "verify", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["first_bad"] == 1


@pytest.mark.requirement("I4")
def test_calls_the_ledger_fine_only_where_the_witness_was_asked(prepared, tmp_path):
    share = tmp_path / "not mounted"
    done = _run(prepared, "audit", "verify", "--checkpoints", str(share))
    assert (done.returncode, "the witness does not answer" in done.stderr) == (75, True)
    share.mkdir()
    assert _run(prepared, "audit", "verify", "--checkpoints", str(share)).returncode == 75


def test_asks_to_try_later_where_the_database_does_not_answer(prepared):
    done = _run(prepared | {"SAFELIGHT_DATABASE": "postgresql://nobody@127.0.0.1:1/none"}, "audit", "verify", "--json")
    assert (done.returncode, done.stdout) == (75, "")


def _change_entry(file: Path, number: int) -> None:
    with pysqlite3.connect(file) as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f"DROP TRIGGER {name}")
        body = database.execute("SELECT body FROM audit_entry WHERE seq = ?", (number,)).fetchone()[0]
        database.execute("UPDATE audit_entry SET body = ? WHERE seq = ?", (body.replace(b"done", b"dome"), number))


@pytest.mark.parametrize("arguments", [["nonsense"], ["audit", "verify", "--nope"], []])
def test_ends_with_two_where_it_was_not_understood(hospital, arguments):
    assert _run(hospital, *arguments).returncode == 2


def test_serves_starts_again_what_ends_and_lets_no_second_copy_in(prepared):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "safelight.config.command", "serve", "--listen", f"127.0.0.1:{port}"]
    with (Path(prepared["SAFELIGHT_DATA"]) / "log").open("wb") as log:
        served = subprocess.Popen(command, env=prepared, stdout=log, stderr=log)
    try:
        _wait(lambda: _answers(port))
        assert _run(prepared, "serve", "--listen", "127.0.0.1:1").returncode == 75
        worker = _child(served.pid, "worker")
        os.kill(worker, signal.SIGKILL)
        _wait(lambda: (_child(served.pid, "worker") or worker) != worker)
        assert _answers(port)
    finally:
        served.terminate()
        assert served.wait(60) == 0
    assert not _answers(port)


def _answers(port: int) -> bool:
    headers = {"Host": "photos.hospital.example", "X-Forwarded-Proto": "https"}
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", headers=headers, trust_env=False).status_code == 302
    except httpx.TransportError:
        return False


def _child(parent: int, word: str) -> int | None:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            status, words = (process / "stat").read_text(), (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if status.rpartition(")")[2].split()[1] == str(parent) and word.encode() in words:
            return int(process.name)
    return None


def _wait(happened) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


@pytest.mark.goal("R3")
def test_a_second_machine_without_the_keys_makes_none_of_its_own(prepared):
    root = Path(prepared["SAFELIGHT_KEYS"]) / "root.json"
    root.unlink()
    done = _run(prepared, "prepare")
    assert done.returncode == 75
    assert "Carry the file of root keys" in done.stderr
    assert not root.exists()


@pytest.mark.parametrize("keys", [True, False], ids=["with its keys", "and makes no keys for it"])
def test_brings_an_installation_of_an_older_version_up_to_date(prepared, keys):
    with closing(pysqlite3.connect(Path(prepared["SAFELIGHT_DATA"]) / "safelight.sqlite3")) as database:
        database.execute("DROP TABLE vault_indexkey")
        database.execute("DROP INDEX vault_newest")
        database.execute("DELETE FROM django_migrations WHERE app = 'vault' AND name >= '0008'")
        database.commit()
    root = Path(prepared["SAFELIGHT_KEYS"]) / "root.json"
    if not keys:
        root.unlink()
    done = _run(prepared, "prepare")
    assert (done.returncode, root.exists()) == ((0, True) if keys else (75, False)), done.stderr
    assert keys == (_run(prepared, "check").returncode == 0)


@pytest.mark.goal("R3")
def test_objects_that_were_carried_to_another_folder_are_adopted(prepared):
    shutil.rmtree(Path(prepared["SAFELIGHT_DATA"]) / "vault")
    done = _run(prepared, "prepare")
    assert done.returncode == 1
    assert "safelight vault adopt" in done.stderr
    assert json.loads(_run(prepared, "vault", "adopt").stdout) == {"objects": 0}
    assert json.loads(_run(prepared, "vault", "read-back").stdout) == {"objects": 0, "damaged": []}
    assert _run(prepared, "prepare").returncode == 0
