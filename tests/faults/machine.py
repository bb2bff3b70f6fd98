"""A station and a server that can be stopped, killed or failed at any call that touches a disk, and whose disks can lose power."""

import atexit
import errno
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest
from tests.factories import cards
from tests.shared import PROJECT

KILL, STOP = -1, -2
ERRORS = {"kill": KILL, "EIO": errno.EIO, "ENOSPC": errno.ENOSPC}
PHOTOS = 3
SHUTDOWN, WITHOUT_THE_LOG = 0x8004587D, 2  # linux: XFS_IOC_GOINGDOWN, which ext4 has as well; what was not synced is gone
LARGE_DISK, SMALL_DISK = 1280 << 20, 320 << 20  # sparse; the store keeps 1 GiB free, xfs takes no less than 300 MB
PREPARED: dict[str, Path] = {}  # an empty database and an enrolled station, made once for a run


def _folder_of_this_run(prefix: str) -> Path:
    folder = tempfile.mkdtemp(prefix=prefix)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@cache
def _shim() -> Path:
    """The library that counts calls, compiled once for a run."""
    if shutil.which("gcc") is None:
        pytest.skip("not installed: gcc")
    made = _folder_of_this_run("safelight-shim-") / "nth_call.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", made, Path(__file__).with_name("nth_call.c"), "-ldl"], check=True)
    return made


class Machine:
    """Three places that can be disks of their own: the station's (card and home), the vault's, the database's."""

    def __init__(self, folder: Path, *, database: str = "", preload: str = "", **more: str) -> None:
        self.folder, self.database = folder, database
        self.station, self.server = folder / "station", folder / "server"
        self.vault, self.rows = self.server / "data" / "vault", folder / "rows"
        self.originals, self.keys = folder / "originals", self.server / "keys"
        for place in (self.station, self.vault, self.rows, self.originals, self.keys):
            place.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen[str] | None = None
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "safelight.config.settings.test",
            "SAFELIGHT_TEST_FOLDER": str(self.server),
            "SAFELIGHT_TEST_NAME": "postgres" if database else str(self.rows / "safelight.sqlite3"),
            "SAFELIGHT_TEST_DATABASE": database,
            "SAFELIGHT_NTH_CALL": str(_shim()),
            "LD_PRELOAD": f"{_shim()} {preload}".strip(),
            "PYTHONPATH": os.environ.get("SAFELIGHT_MUTANT", str(PROJECT / "src")) + os.pathsep + str(PROJECT),
            **more,
        }

    @property
    def card(self) -> Path:
        return self.station / "card"

    def begin(self) -> None:
        """Start the process, make the database and enrol the station."""
        log = (self.folder / "log").open("ab")
        command = [sys.executable, "-m", "tests.faults.machine_main", str(self.station), str(self.originals)]
        self._process = subprocess.Popen(
            command, env=self._environment, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
        if self.database or PREPARED.get("folder") is None:
            said = self._do("prepare")
            assert said.get("status") == 0, said
            self._put_aside()
        else:
            shutil.copytree(PREPARED["folder"], self.template)
            shutil.copytree(self.template / "keys", self.keys, dirs_exist_ok=True)
            identity = self.template / "home" / "identity.json"
            identity.write_text(json.dumps(json.loads(identity.read_text()) | {"server": self._do("address")["address"]}))
        cards.fill(self.originals, PHOTOS)

    @property
    def template(self) -> Path:
        """What an enrolled station and an empty server have on their disks."""
        return self.folder / "template"

    def _put_aside(self) -> None:
        for place in (self.station / "home", self.rows, self.keys):
            shutil.copytree(place, self.template / place.name, ignore=shutil.ignore_patterns("lost+found"))
        if not self.database:
            PREPARED["folder"] = _folder_of_this_run("safelight-prepared-") / "template"
            shutil.copytree(self.template, PREPARED["folder"])

    def as_new(self) -> None:
        """An empty vault, an empty database, a full card: durable, like on any other day."""
        for place in (self.rows, self.vault, self.station / "home", self.card):
            place.mkdir(exist_ok=True)
            for inside in place.iterdir():
                if inside.name != "lost+found":
                    shutil.rmtree(inside) if inside.is_dir() else inside.unlink()
        if not self.database:
            shutil.copytree(self.template / "rows", self.rows, dirs_exist_ok=True)
        shutil.copytree(self.template / "home", self.station / "home", dirs_exist_ok=True)
        self.fill()
        for place in (self.station, self.rows, self.vault):
            _synced(place)

    def fill(self) -> None:
        """Put the same photos on the card."""
        shutil.copytree(self.originals, self.card, dirs_exist_ok=True)

    def live(self, nth: int = 0, fault: int = 0, *, reads: bool = False, times: int = 1, below: tuple[Path, ...] = ()) -> dict:
        """One life of both: import the card, with the fault at the Nth call; `times` tells how often in the same life."""
        places = [str(place) for place in below or (self.card, self.station / "home", self.vault, self.rows)]
        return self._do("live", below=places, nth=nth, fault=fault, reads=reads, times=times)

    def another_card(self, first: int) -> None:
        """A card with other photos in the reader; what the vault and the database have stays."""
        for place in (self.originals, self.card):
            shutil.rmtree(place, ignore_errors=True)
        cards.fill(self.originals, PHOTOS, first=first)
        self.fill()

    def forget_names(self) -> None:
        """Take away each name that was made since the last sync of its folder: a file system need not keep it, and some do not."""
        unsynced: dict[Path, list[Path]] = {}
        for line in (self.folder / "notes").read_text().splitlines():
            what, path = line[0], Path(line[2:])
            if what == "S":
                unsynced.pop(path, None)
            else:
                unsynced.setdefault(path.parent, []).append(path)
        for path in (path for paths in unsynced.values() for path in paths):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def go_on(self) -> dict:
        return self._do("go_on")

    def kill(self) -> dict:
        return self._do("end")

    def look(self) -> dict:
        return self._do("look")

    def end(self) -> None:
        if self._process is not None:
            assert self._process.stdin
            self._process.stdin.close()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGKILL)
                self._process.wait(20)
            self._process = None

    def _do(self, order: str, **how: object) -> dict:
        assert self._process
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": order, **how}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the machine ended\n{(self.folder / 'log').read_text()[-4000:]}"
        return json.loads(line)


def _synced(place: Path) -> None:
    subprocess.run(["sync", "-f", place], check=True)


@contextmanager
def running(folder: Path, **how: str) -> Iterator[Machine]:
    machine = Machine(folder, **how)
    try:
        machine.begin()
        yield machine
    finally:
        machine.end()


class Disks:
    """The disks below some places, of some sizes, which lose power all at once."""

    def __init__(self, folder: Path, system: str, places: dict[Path, int]) -> None:
        self.folder, self.system, self.sizes = folder, system, places
        self._cuts = 0

    def make(self) -> None:
        for place, size in self.sizes.items():
            with self._image(place).open("wb") as out:
                out.truncate(size)
            force = "-F" if self.system == "ext4" else "-f"
            subprocess.run([f"mkfs.{self.system}", "-q", force, self._image(place)], check=True, capture_output=True)
            place.mkdir(parents=True, exist_ok=True)
            self._mount(place)

    def lose_power(self) -> None:
        """What was not synced is gone. Whoever has files open on them must be stopped before, and ended before `come_back`."""
        for place in self.sizes:
            handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.ioctl(handle, SHUTDOWN, WITHOUT_THE_LOG.to_bytes(4, sys.byteorder))
            finally:
                os.close(handle)

    def come_back(self) -> None:
        """Another sandbox on this machine may still see the old mount: so a copy of the disk is what comes back."""
        before = {place: self._image(place) for place in self.sizes}
        self._cuts += 1
        for place, image in before.items():
            subprocess.run(["umount", place], check=True)
            subprocess.run(["cp", "--sparse=always", image, self._image(place)], check=True)
            image.unlink()
            self._mount(place)

    def give_back(self) -> None:
        for place in self.sizes:
            if os.path.ismount(place):
                subprocess.run(["umount", place], check=False)

    def _image(self, place: Path) -> Path:
        return self.folder / f"{place.name}-{self._cuts}.img"

    def _mount(self, place: Path) -> None:
        options = "loop,nouuid" if self.system == "xfs" else "loop"
        subprocess.run(["mount", "-t", self.system, "-o", options, self._image(place), place], check=True, capture_output=True)


@contextmanager
def with_disks(folder: Path, system: str) -> Iterator[tuple[Machine, Disks]]:
    """A machine whose station, vault and database each have a disk of their own: one file system's sync cannot hide another's lack."""
    cards.needs(f"mkfs.{system}", "losetup")
    with ExitStack() as stack:
        machine = Machine(folder)
        quick = Path("/dev/shm")  # what is tried is the file system; what lies below it keeps everything anyway
        images = stack.enter_context(tempfile.TemporaryDirectory(prefix="safelight-disks-", dir=quick if quick.is_dir() else None))
        places = {machine.station: SMALL_DISK, machine.vault: LARGE_DISK, machine.rows: SMALL_DISK}
        disks = Disks(Path(images), system, places)
        stack.callback(disks.give_back)
        try:
            disks.make()
        except subprocess.CalledProcessError as fault:
            cards.refuse_or_skip(f"{system} cannot be mounted here: {(fault.stderr or b'').decode().strip()}")
        stack.callback(machine.end)
        machine.begin()
        yield machine, disks
