"""Bodies at the real server: large, cut off, slow, contradictory. Nothing that comes in lies on a disk in the clear, not for a moment."""

import json
import os
import socket
import subprocess
import time
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings
from tests.factories import cards
from tests.faults import asked
from tests.servers.site import Site
from tests.servers.worker import wait_until

from handover.kinds import FrameKind
from handover.manifest import CardKind, CardManifest, FrameLine
from safelight.custody.models import Frame, Station
from safelight.vault import chosen
from station.home import Identity

pytestmark = [pytest.mark.slow, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]
MIB = 1 << 20


class Wire:
    """The station's requests, byte by byte."""

    def __init__(self, site: Site) -> None:
        self.site, self.identity = site, Identity.load(site.station)

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.site.port, timeout=60)

    def announce(self, data: bytes) -> str:
        line = FrameLine(
            folder="100SAFEL",
            file="IMG_0001.JPG",
            size=len(data),
            digest=sha256(data).hexdigest(),
            kind=FrameKind.JPEG,
            modified=cards.TAKEN,
        )
        manifest = CardManifest(station=Station.objects.get().pk, kind=CardKind.FOLDER, volume="", frames=(line,))
        connection = self.connect()
        connection.request("POST", "/station/v1/cards", manifest.written(), self.headers())
        answer = connection.getresponse()
        said = json.loads(answer.read())
        connection.close()
        return f"/station/v1/imports/{said['import']}/frames/{line.digest}"

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.identity.credential}", **more}

    def begin(self, path: str, size: int) -> HTTPConnection:
        """The head of a request; the body is for the test to send."""
        connection = self.connect()
        connection.putrequest("PUT", path)
        for name, value in self.headers(**{"Content-Length": str(size)}).items():
            connection.putheader(name, value)
        connection.endheaders()
        return connection

    def workers(self) -> list[int]:
        """The server's processes."""
        assert self.site.web
        found = subprocess.run(["pgrep", "-g", str(self.site.web.pid)], check=True, capture_output=True, text=True).stdout
        return [int(pid) for pid in found.split()]

    def memory(self) -> int:
        """The most that any of the server's processes ever held, in bytes."""
        peaks = []
        for pid in self.workers():
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            peaks += [int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")]
        return max(peaks)

    def open_files(self) -> set[str]:
        """Every regular file that the server has open."""
        found = set()
        for pid in self.workers():
            for handle in Path(f"/proc/{pid}/fd").iterdir():
                try:
                    name = str(handle.readlink())
                except OSError:
                    continue
                if name.startswith("/") and not name.startswith(("/dev", "/proc", "/sys")):
                    found.add(name)
        return found


@pytest.fixture
def wire(site: Site) -> Wire:
    return Wire(site)


@pytest.mark.requirement("D10")
@pytest.mark.goal("S8")
def test_a_body_that_comes_slowly_lies_nowhere_in_the_clear_while_it_comes(wire: Wire, site: Site):
    began, mark = time.time(), cards.planted()
    data = b"\xff\xd8\xff\xe0" + mark * (12 * MIB // len(mark))
    path = wire.announce(data)
    before = wire.open_files()
    connection = wire.begin(path, len(data))
    connection.send(data[: 9 * MIB])
    time.sleep(1)
    new = {name for name in wire.open_files() - before if str(settings.SAFELIGHT_OBJECT_STORE["folder"]) not in name}
    assert [name for name in new if "(deleted)" in name or "/tmp" in name.removeprefix(str(settings.SAFELIGHT_TEST_FOLDER))] == []
    assert asked.in_the_clear(mark, settings.SAFELIGHT_TEST_FOLDER, site.folder) == []
    assert asked.in_the_clear(mark, *asked.ANYWHERE, since=began) == []
    connection.send(data[9 * MIB :])
    assert connection.getresponse().status == 200
    connection.close()
    assert asked.in_the_clear(mark, settings.SAFELIGHT_TEST_FOLDER) == []


@pytest.mark.asvs("5.2.1")
def test_a_large_photo_takes_no_more_memory_than_a_small_one(wire: Wire):
    small, large = (b"\xff\xd8\xff\xe0" + os.urandom(size) for size in (MIB, 60 * MIB))
    for data in (small, large):
        before, path = wire.memory(), wire.announce(data)
        connection = wire.begin(path, len(data))
        connection.send(data)
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["state"]) == (200, "verified")
        connection.close()
    assert wire.memory() - before < 50 * MIB


@pytest.mark.asvs("5.2.1")
def test_a_body_that_is_too_large_is_refused_before_it_was_sent(wire: Wire):
    before, path = wire.memory(), wire.announce(b"\xff\xd8\xff\xe0")
    connection = wire.begin(path, 65 * MIB)
    connection.send(b"\xff\xd8\xff\xe0" + bytes(1_000))
    began = time.monotonic()
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["code"]) == (413, "custody.frame_too_large")
    assert time.monotonic() - began < 5
    connection.close()
    assert wire.memory() - before < 50 * MIB


@pytest.mark.goal("R1")
def test_a_body_that_is_cut_off_keeps_nothing(wire: Wire):
    data = b"\xff\xd8\xff\xe0" + os.urandom(3 * MIB)
    path, before = wire.announce(data), set(chosen.store().names())
    connection = wire.begin(path, len(data))
    connection.send(data[: 2 * MIB])
    connection.sock.close()
    connection.close()
    wait_until(lambda: {name for name, _ in chosen.store().names()} == {name for name, _ in before})
    assert Frame.objects.get().state == "announced"
    again = wire.begin(path, len(data))
    again.send(data)
    assert again.getresponse().status == 200
    again.close()


TWO_THINGS = [
    "Content-Length: 10\r\nTransfer-Encoding: chunked",
    "Content-Length: 10\r\nContent-Length: 11",
    "Content-Length: -1",
    "Content-Length: ten",
    "Transfer-Encoding: gzip",
]


@pytest.mark.asvs("4.2.1")
def test_a_request_that_says_two_things_of_its_length_is_refused(wire: Wire):
    path = wire.announce(b"\xff\xd8\xff\xe0 0123456789")
    for head in TWO_THINGS:
        with socket.create_connection(("127.0.0.1", wire.site.port), timeout=20) as raw:
            said = f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {wire.identity.credential}\r\n{head}\r\n\r\n0123456789"
            raw.sendall(said.encode())
            answer = raw.recv(4096)
        assert answer.split(b" ")[1] in {b"400", b"501"}, (head, answer[:80])
    assert Frame.objects.get().state == "announced"


def test_a_body_in_chunks_is_taken_for_none_at_all(wire: Wire):
    data = b"\xff\xd8\xff\xe0 0123456789"
    path = wire.announce(data)
    connection = wire.connect()
    connection.request("PUT", path, iter([data]), wire.headers(), encode_chunked=True)
    assert connection.getresponse().status in {411, 415, 422}
    connection.close()
    assert Frame.objects.get().state == "announced"


@pytest.mark.asvs("13.4.6")
def test_the_server_does_not_say_what_it_is_made_of(wire: Wire):
    connection = wire.connect()
    connection.request("GET", "/station/v1/hello")
    answer = connection.getresponse()
    said = str(answer.getheaders()).lower() + answer.read().decode().lower()
    connection.close()
    assert not any(word in said for word in ("django", "python", "20.", "21.", "22.", "23."))
