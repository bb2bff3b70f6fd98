"""T1, "safe and released": from the first byte read to the receipt, over loopback, against `cp` with fsync per file in the same run.

Run from the project: `python benchmarks/import.py [photos] [rounds]`. Station, server and worker are the product's own, in a temporary
folder over the embedded database. Rounds are interleaved, the first is dropped; the ratio counts, not the seconds: machines are shared.
"""

import os
import resource
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

PHOTOS = int(sys.argv[1]) if len(sys.argv) > 1 else 30
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 4
CODE = "BENCHMARK"


def prepare(folder: Path, port: int) -> None:
    """An installation in a folder, and Django on it."""
    for name in ("data", "keys"):
        (folder / name).mkdir(mode=0o700)
    secret = folder / "keys" / "secret"
    secret.write_text(secrets.token_urlsafe(48))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "safelight.config.settings.demo",
        "SAFELIGHT_DEMO_FOLDER": str(folder),
        "SAFELIGHT_DEMO_PORT": str(port),
    }
    import django

    django.setup()


def photographs() -> list[bytes]:
    """Four different photographs of 24 MP with a sensor's noise: about 6.7 MB each."""
    import numpy as np
    from PIL import Image

    from safelight.photographs.pictures import drawn

    files = []
    for seed in range(4):
        shown = drawn.photograph(drawn.Subject(seed=seed, tone=list(drawn.Tone)[seed]), drawn.View.OVERVIEW)
        noise = np.random.default_rng(seed).integers(-9, 10, (4000, 6000, 1), np.int16)
        grainy = Image.fromarray(np.clip(np.asarray(shown).astype(np.int16) + noise, 0, 255).astype(np.uint8))
        files.append(drawn.jpeg(grainy, drawn.CameraBody(), datetime.fromisoformat("2026-11-24T09:12:00")))
    return files


def fill(card: Path, files: list[bytes]) -> int:
    """A card of photos that nobody has seen before; returns its bytes."""
    place = card / "DCIM" / "100SAFEL"
    place.mkdir(parents=True)
    for number in range(1, PHOTOS + 1):
        (place / f"IMG_{number:04}.JPG").write_bytes(files[number % len(files)] + secrets.token_bytes(16))
    os.sync()
    return sum(path.stat().st_size for path in place.iterdir())


def copy(card: Path, into: Path) -> float:
    """What people do today, made durable: seconds."""
    began = time.monotonic()
    into.mkdir()
    for path in sorted(card.rglob("*.JPG")):
        shutil.copyfile(path, into / path.name)
        handle = os.open(into / path.name, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    seconds = time.monotonic() - began
    shutil.rmtree(into)
    return seconds


def bring(card: Path, home: Path) -> tuple[float, float, float]:
    """Seconds to the receipt, seconds of all, and the station's own CPU seconds."""
    from station.card import opened
    from station.home import Identity
    from station.job import Job
    from station.journal import Journal
    from station.server import Server

    released: list[float] = []

    def tell(step: str, _done: int, _of: int) -> None:
        if step == "erase" and not released:
            released.append(time.monotonic())

    identity = Identity.load(home)
    server = Server.of(identity)
    before, began = cpu(), time.monotonic()
    with opened(card) as there:
        outcome = Job(there, identity, server, Journal(home), tell=tell, now=lambda: datetime.now(UTC)).run()
    ended = time.monotonic()
    server.close()
    assert outcome.clean, outcome.as_json()
    return released[0] - began, ended - began, cpu() - before


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def enrol(address: str, home: Path) -> None:
    from uuid import uuid4

    from safelight.custody.actions.make_enrolment_code import make_enrolment_code
    from safelight.kernel import clock
    from safelight.kernel.actor import OPERATOR
    from safelight.kernel.digest import Digest

    make_enrolment_code(by=OPERATOR, code_digest=Digest.of(CODE.encode()), now=clock.now(), new_id=uuid4())
    command = [sys.executable, "-m", "station.command", "--home", str(home), "enrol", address, CODE, "--name", "Benchmark"]
    subprocess.run(command, check=True, capture_output=True)


def measure(folder: Path, address: str) -> None:
    files, home = photographs(), folder / "station"
    enrol(address, home)
    rows = []
    for number in range(ROUNDS):
        card = folder / f"card-{number}"
        size = fill(card, files)
        copied = copy(card, folder / "copied")
        rows.append((copied, *bring(card, home), size))
    copied, safe, whole, own = (statistics.median(row[at] for row in rows[1:]) for at in range(4))
    print(f"{PHOTOS} photos, {rows[-1][4] / PHOTOS / 1e6:.1f} MB each, {ROUNDS - 1} rounds, {os.cpu_count()} cores")
    print(f"cp + fsync per file           {copied:7.2f} s  {PHOTOS / copied:6.1f} photos/s")
    print(f"T1, safe and released         {safe:7.2f} s  {PHOTOS / safe:6.1f} photos/s  {safe / copied:5.2f} x cp")
    print(f"wiping and proving after it   {whole - safe:7.2f} s")
    print(f"CPU of the station            {own * 1000 / PHOTOS:7.1f} ms a photo")


def main() -> None:
    from safelight.config.demo import running

    with tempfile.TemporaryDirectory(prefix="safelight-bench-") as name:
        place = running.Place(Path(name), running.free_port())
        prepare(place.folder, place.port)
        with running.server(place):
            measure(place.folder, place.address)


if __name__ == "__main__":
    main()
