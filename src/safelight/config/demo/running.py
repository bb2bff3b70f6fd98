"""The demonstration's processes: server with worker, and station, as a hospital runs them, on loopback."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

PROGRAM = (sys.executable, "-m", "safelight.config.command")
STATION = (sys.executable, "-m", "station.command")
PATIENCE = 180.0
GRACE = 30.0
PIXELS_ACROSS = "SAFELIGHT_DEMO_ACROSS"  # how wide the photos of the invented camera are


class NotStarted(Exception):
    """A process of the demonstration did not come up. Says which, and where its log lies."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a demonstration lives."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def reader(self) -> Path:
        """The folder that stands for the card reader: what lies in it is a card that was put in."""
        return self.folder / "reader"

    @property
    def camera(self) -> Path:
        """The card inside the invented camera."""
        return self.folder / "camera"

    @property
    def station(self) -> Path:
        return self.folder / "station"

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are told."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "safelight.config.settings.demo",
            "SAFELIGHT_DEMO_FOLDER": str(self.folder),
            "SAFELIGHT_DEMO_PORT": str(self.port),
        }


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(place: Place) -> Iterator[None]:
    """Web server and worker until the block ends. Raises NotStarted."""
    command = [*PROGRAM, "serve", "--listen", f"127.0.0.1:{place.port}"]
    with _running(command, place, "server"):
        _wait_for(place)
        yield


@contextmanager
def station(place: Place) -> Iterator[None]:
    """The station beside the reader, watching for a card, until the block ends."""
    command = [*STATION, "--home", str(place.station), "watch", str(place.reader)]
    with _running(command, place, "station"):
        yield


def enrol_station(place: Place, code: str, name: str) -> None:
    """Enrol the station by the one-time code, through the station door."""
    command = [*STATION, "--home", str(place.station), "enrol", place.address, code, "--name", name]
    subprocess.run(command, check=True, env=place.environment)


def import_card(place: Place, card: Path) -> dict[str, object]:
    """Import one card by hand and return what the station says of it."""
    command = [*STATION, "--home", str(place.station), "import", str(card), "--json"]
    done = subprocess.run(command, check=False, env=place.environment, stdout=subprocess.PIPE)
    said: dict[str, object] = json.loads(done.stdout or b"{}")
    return {**said, "exit": done.returncode}


@contextmanager
def _running(command: list[str], place: Place, name: str) -> Iterator[None]:
    with (place.folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(command, env=place.environment, stdout=log, stderr=log)
    try:
        time.sleep(0.2)
        if process.poll() is not None:
            raise NotStarted(f"The {name} ended at once. Its log is {name}.log in the folder of the demonstration.")
        yield
    finally:
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(place: Place) -> None:
    deadline = time.monotonic() + PATIENCE
    with httpx.Client(timeout=5.0, trust_env=False) as client:  # one: each reads the machine's authorities
        while time.monotonic() < deadline:
            try:
                client.get(place.address)
            except httpx.TransportError:
                time.sleep(0.2)
            else:
                return
    raise NotStarted("The server does not answer. Its log is server.log in the folder of the demonstration.")
