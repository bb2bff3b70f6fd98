"""What the benchmarks share: an installation in a temporary folder, cards of invented photos, CPU by process, and figures as files.

Each benchmark prints a table and writes build/bench/NAME.json: {"name", "date", "machine": {"cores", "load"}, "unit", "rows": [{"label",
"value", ...}]}. A row may carry "bar" (how good it should be) and "better" ("high", else "low"): `evidence.py` says which held.
"""

import json
import os
import resource
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
FIGURES = PROJECT / "build" / "bench"
TRIES = 10
TICKS = os.sysconf("SC_CLK_TCK")
DECODE_WHERE_BARS_WERE_SET = 52  # ms, performance.md, Where CPU goes
sys.path[:0] = [str(PROJECT / "src"), str(PROJECT)]


def publish(name: str, unit: str, rows: list[dict[str, object]], *, about: str) -> None:
    """Print rows as a table and write them where `evidence.py` finds them."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    load = os.getloadavg()[1]
    figures = {
        "name": name,
        "about": about,
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": {"cores": os.cpu_count(), "load": round(load, 1)},
        "unit": unit,
        "rows": rows,
    }
    (FIGURES / f"{name}.json").write_text(json.dumps(figures, indent=1) + "\n")
    print(f"\n{name}: {about} ({os.cpu_count()} cores, load {load:.1f})")
    for row in rows:
        held = "" if held_bar(row) is None else "holds" if held_bar(row) else "FELL SHORT"
        bar = f"bar {row['bar']}" if "bar" in row else ""
        more = "  ".join(f"{key} {value}" for key, value in row.items() if key not in {"label", "value", "unit", "bar", "better"})
        print(f"  {row['label']!s:58}{row['value']:>10} {row.get('unit', unit)!s:10} {bar:12}{held:11}{more}")


def held_bar(row: dict[str, object]) -> bool | None:
    """Whether a row is as good as its bar asks, None where it has none."""
    if "bar" not in row:
        return None
    value, bar = float(str(row["value"])), float(str(row["bar"]))
    return value >= bar if row.get("better", "low") == "high" else value <= bar


def photographs(how_many: int = 4) -> list[bytes]:
    """Different photographs of 24 MP, each with a sensor's noise of its own: 6.7 MB in the mean. Drawn once, then kept below build/.

    A card of few photos that repeat would be a present to those peers that keep what repeats only once.
    """
    places = [FIGURES / "of-24-mp" / f"{seed}.jpg" for seed in range(how_many)]
    missing = [place for place in places if not place.exists()]
    if missing:
        missing[0].parent.mkdir(parents=True, exist_ok=True)
        with ProcessPoolExecutor() as pool:
            list(pool.map(_draw, missing))
    return [place.read_bytes() for place in places]


def mean_size(files: list[bytes]) -> float:
    """MB a photo."""
    return sum(map(len, files)) / len(files) / 1e6


def _draw(place: Path) -> None:
    import numpy as np
    from PIL import Image

    from safelight.photographs.pictures import drawn

    seed = int(place.stem)
    shown = drawn.photograph(drawn.Subject(seed=seed, tone=list(drawn.Tone)[seed % 4]), drawn.View.OVERVIEW)
    noise = np.random.default_rng(seed).integers(-7 - seed % 2, 8 + seed % 2, (4000, 6000, 1), np.int16)
    grainy = Image.fromarray(np.clip(np.asarray(shown).astype(np.int16) + noise, 0, 255).astype(np.uint8))
    half = place.with_suffix(".half")
    half.write_bytes(drawn.jpeg(grainy, drawn.CameraBody(), datetime.fromisoformat("2026-11-24T09:12:00")))
    half.rename(place)


def fill(card: Path, files: list[bytes], photos: int) -> None:
    """A card of photos that nobody has seen before, on the disk."""
    place = card / "DCIM" / "100SAFEL"
    place.mkdir(parents=True)
    for number in range(1, photos + 1):
        (place / f"IMG_{number:04}.JPG").write_bytes(files[number % len(files)] + secrets.token_bytes(16))
    os.sync()


def put_in(card: Path) -> None:
    """A card that was just put into the reader is in nobody's memory: every way of bringing it home reads it from the medium."""
    for path in card.rglob("*.JPG"):
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)  # what is not written yet is not dropped
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


def copy(card: Path, into: Path) -> None:
    """What people do today, made durable."""
    into.mkdir()
    for path in sorted(card.rglob("*.JPG")):
        shutil.copyfile(path, into / path.name)
        handle = os.open(into / path.name, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def bare_decode(files: list[bytes], photos: int) -> float:
    """CPU milliseconds to decode one of these photos to 1500 px, in this process and nothing else: what this machine is worth."""
    import simplejpeg

    before = time.process_time()
    for number in range(photos):
        simplejpeg.decode_jpeg(files[number % len(files)], "RGB", fastdct=True, fastupsample=True, min_height=1000, min_width=1500)
    return (time.process_time() - before) * 1000 / photos


def own_cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    used = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def processes(of: int) -> dict[int, tuple[float, str]]:
    """CPU seconds, with those of ended children, and the command of every process below one."""
    children: dict[int, list[int]] = {}
    seen: dict[int, tuple[float, str]] = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rpartition(")")[2].split()
            command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(place.name))
        seen[int(place.name)] = (sum(map(int, fields[11:15])) / TICKS, command)
    found, todo = {}, [of]
    while todo:
        for child in children.get(todo.pop(), []):
            found[child] = seen[child]
            todo.append(child)
    return found


def cpu_below(of: int) -> float:
    """CPU seconds of every process below one."""
    return sum(seconds for seconds, _ in processes(of).values())


def peak_memory(pid: int) -> float:
    """The most memory that a process has had, MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


class Site:
    """Server, worker and an enrolled station, all of them the product's own, in a folder over the embedded database."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address, self.station = folder, address, folder / "station"
        self.server = next(pid for pid, (_, command) in processes(os.getpid()).items() if " serve " in command)

    def bring(self, card: Path) -> dict[str, float]:
        """Import a card. Seconds to the receipt (T1), till all is drawn (T2) and to the certificate; CPU of the parts; memory."""
        from safelight.intake.models import CardSorted, Sorting

        put_in(card)
        sorted_before, known = CardSorted.objects.count(), Sorting.objects.count()
        before, worker, began = cpu_below(self.server), self._worker(), time.monotonic()
        photos = len(list(card.rglob("*.JPG")))
        command = [sys.executable, str(HERE / "station_alone.py"), str(card), str(self.station)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as station:
            released = json.loads(station.stdout.readline())
            server, waiting = cpu_below(self.server) - before, self._worker() - worker
            while Sorting.objects.count() < known + photos:
                time.sleep(0.05)
            drawn, worked = time.monotonic() - began, cpu_below(self.server) - before
            ended = json.loads(station.stdout.readline())
        while CardSorted.objects.count() < sorted_before + 1:  # what follows is not measured, and must not weigh on what comes next
            time.sleep(0.05)
        return {
            "t1": released["seconds"],
            "t2": drawn - released["started"] + began,
            "whole": ended["seconds"],
            "cpu_station": released["cpu"],
            "cpu_server": server,
            "cpu_worker": waiting,
            "cpu_t2": worked + released["cpu"],
            "station_mib": ended["peak_mib"],
        }

    def _worker(self) -> float:
        """CPU seconds of the worker, which before a receipt does nothing but look whether there is something to do."""
        return sum(seconds for seconds, command in processes(self.server).values() if "safelight.config.command worker" in command)

    def memory(self) -> dict[str, float]:
        """Peak memory of the largest web process and of the worker, MiB."""
        peaks = {"web": 0.0, "worker": 0.0}
        for pid, (_, command) in processes(self.server).items():
            for name, peak in peaks.items():
                if f"safelight.config.command {name}" in command:
                    peaks[name] = max(peak, peak_memory(pid))
        return peaks


def installed(folder: Path) -> None:
    """An installation whose processes do not run, and Django on it."""
    _prepare(folder)
    from safelight.config.prepare import prepare

    prepare()


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """An installation that runs until the block ends, and Django on it."""
    port = _prepare(folder)
    from safelight.config.demo import running

    place = running.Place(folder, port)
    with running.server(place):
        made = Site(folder, place.address)
        _enrol(place.address, made.station)
        yield made


def _prepare(folder: Path) -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    for name in ("data", "keys"):
        (folder / name).mkdir(mode=0o700)
    (folder / "keys" / "secret").write_text(secrets.token_urlsafe(48))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "safelight.config.settings.demo",
        "SAFELIGHT_DEMO_FOLDER": str(folder),
        "SAFELIGHT_DEMO_PORT": str(port),
    }
    import django

    django.setup()
    return port


def _enrol(address: str, home: Path) -> None:
    from uuid import uuid4

    from safelight.custody.actions.make_enrolment_code import make_enrolment_code
    from safelight.kernel import clock
    from safelight.kernel.actor import OPERATOR
    from safelight.kernel.digest import Digest

    code = "BENCHMARK"
    make_enrolment_code(by=OPERATOR, code_digest=Digest.of(code.encode()), now=clock.now(), new_id=uuid4())
    command = [sys.executable, "-m", "station.command", "--home", str(home), "enrol", address, code, "--name", "Benchmark"]
    for _ in range(TRIES):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode == 0:
            return
        time.sleep(2)  # a busy machine: 75, try later
    raise RuntimeError(done.stderr)
