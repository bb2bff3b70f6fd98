"""A throw-away PostgreSQL server on loopback: `python tests/servers/postgresql.py COMMAND...` runs the command with its address.

The server lives in a temporary folder, listens on a free port, and ends with the command, whatever happens to it.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

USER = "safelight"
UNSYNCED = "fsync=off"  # the machine outlives every test that kills this server; what a power cut leaves is shown in tests/faults
FOLDER = "SAFELIGHT_TEST_POSTGRESQL"  # where the server lives and its port, for a test that kills it


def programs() -> Path:
    """The folder of initdb and postgres. Debian keeps them out of PATH."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main(command: list[str]) -> int:
    folder = Path(tempfile.mkdtemp(prefix="safelight-pg-"))
    owner = _owner()
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    port, password = free_port(), secrets.token_hex(8)
    secret = folder / "password"
    secret.write_text(password)
    if owner:
        os.chown(secret, owner.pw_uid, owner.pw_gid)
    make = ["initdb", "-k", "-D", folder / "data", "-U", USER, "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run([programs() / make[0], *make[1:]], check=True, **_as_owner(folder))
    _start(folder, port, UNSYNCED)
    address = f"postgresql://{USER}:{password}@127.0.0.1:{port}/postgres"
    try:
        return subprocess.run(
            command, env={**os.environ, "SAFELIGHT_TEST_DATABASE": address, FOLDER: f"{folder}:{port}"}, check=False
        ).returncode
    finally:
        stop = [programs() / "pg_ctl", "stop", "-D", folder / "data", "-m", "fast", "-w", "-t", "30"]
        subprocess.run(stop, check=False, **_as_owner(folder))
        shutil.rmtree(folder, ignore_errors=True)


def can_be_killed() -> bool:
    """Whether the server is this process's alone: not where tests run side by side."""
    return FOLDER in os.environ and "PYTEST_XDIST_WORKER" not in os.environ


def kill() -> None:
    """kill -9 of the server; its own children end when they notice."""
    folder, _ = _mine()
    os.kill(int((folder / "data" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)


def start_again() -> None:
    """Start the server after a kill: it finds its way back by its log."""
    folder, port = _mine()
    _start(folder, port, UNSYNCED)


def _mine() -> tuple[Path, int]:
    folder, _, port = os.environ[FOLDER].rpartition(":")
    return Path(folder), int(port)


def _start(folder: Path, port: int, *settings: str) -> None:
    """Start until it answers. After a kill it refuses while a child of the one before still lives, or while nobody has waited for it."""
    told = ["listen_addresses=127.0.0.1", "max_connections=200", *settings]
    options = ["-D", folder / "data", "-p", str(port), "-k", folder, *(part for one in told for part in ("-c", one))]
    server: subprocess.Popen[bytes] | None = None
    for _ in range(300):
        if server is None or server.poll() is not None:
            server = subprocess.Popen([programs() / "postgres", *options], **_as_owner(folder))
            threading.Thread(target=server.wait, daemon=True).start()
        if subprocess.run([programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise SystemExit("the PostgreSQL server did not start")


def _as_owner(folder: Path) -> dict[str, Any]:
    owner = _owner()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    return {**quiet, "user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else quiet


def _owner() -> pwd.struct_passwd | None:
    """PostgreSQL does not run as root: then as Debian's postgres."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
