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
import time
from pathlib import Path

USER = "safelight"


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
    bin_, data = programs(), folder / "data"
    secret = folder / "password"
    secret.write_text(password)
    if owner:
        os.chown(secret, owner.pw_uid, owner.pw_gid)
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    make = [bin_ / "initdb", "-k", "-D", data, "-U", USER, "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run(make, check=True, **as_owner, **quiet)
    server = subprocess.Popen(
        [bin_ / "postgres", "-D", data, "-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"],
        **as_owner,
        **quiet,
    )
    try:
        _wait(bin_, port)
        address = f"postgresql://{USER}:{password}@127.0.0.1:{port}/postgres"
        return subprocess.run(command, env={**os.environ, "SAFELIGHT_TEST_DATABASE": address}, check=False).returncode
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> pwd.struct_passwd | None:
    """PostgreSQL does not run as root: then as Debian's postgres."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def _wait(bin_: Path, port: int) -> None:
    for _ in range(100):
        if subprocess.run([bin_ / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise SystemExit("the PostgreSQL server did not start")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
