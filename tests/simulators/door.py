"""The server's side of the station's protocol, in memory. It does what docs/formats/station.md says, until it is told to misbehave."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import httpx

from handover.certificate import Certificate
from handover.manifest import CardManifest
from handover.note import Signer
from handover.part import CardPart
from handover.receipt import Receipt
from station.home import Identity
from station.server import Server

STATION, IMPORT = UUID(int=7), UUID(int=8)
NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
SIGNER = Signer.from_seed("safelight.test/receipts", bytes(32))
Answer = Callable[[httpx.Request], httpx.Response | None]


class Door:
    """Keeps what it is sent. `before` is asked first about each request, by its last word; what it returns is the answer."""

    def __init__(self) -> None:
        self.manifest: CardManifest | None = None
        self.kept: dict[str, bytes] = {}
        self.left: dict[str, str] = {}
        self.certificates: list[Certificate] = []
        self.given_up: list[str] = []
        self.signer = SIGNER
        self.not_yet = 0
        self.held = False
        self.before: dict[str, Answer] = {}
        self.asked: list[str] = []

    @property
    def identity(self) -> Identity:
        return Identity(server="http://localhost", station=str(STATION), credential="secret", vkey=SIGNER.vkey)

    def server(self) -> Server:
        return Server("http://localhost", "secret", transport=httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        *_, last = request.url.path.split("/")
        word = "frame" if len(last) == 64 else "import" if len(last) == 36 else last
        self.asked.append(word)
        if word in self.before and (said := self.before[word](request)) is not None:
            return said
        return getattr(self, f"on_{word}")(request)

    def on_enrol(self, request: httpx.Request) -> httpx.Response:
        assert json.loads(request.read()) == {"code": "GOOD", "name": "Burns 2"}
        return httpx.Response(201, json={"station": str(STATION), "credential": "secret", "vkey": SIGNER.vkey, "origin": "safelight.test"})

    def on_cards(self, request: httpx.Request) -> httpx.Response:
        self.manifest = CardManifest.parse(request.read())
        frames = [{"digest": line.digest, "wanted": line.digest not in self.kept} for line in self.manifest.frames]
        return httpx.Response(201, json={"import": str(IMPORT), "frames": frames, "progress": f"/imports/{IMPORT}/"})

    def on_frames(self, request: httpx.Request) -> httpx.Response:
        part = CardPart.parse(request.read())
        assert part.station == STATION
        frames = [{"digest": line.digest, "wanted": line.digest not in self.kept} for line in part.frames]
        return httpx.Response(201, json={"frames": frames})

    def on_frame(self, request: httpx.Request) -> httpx.Response:
        digest, body = request.url.path.rpartition("/")[2], request.read()
        if sha256(body).hexdigest() != digest:
            return problem(422, "custody.other_bytes")
        self.kept[digest] = body
        return httpx.Response(200, json={"digest": digest, "state": "verified"})

    def on_left(self, request: httpx.Request) -> httpx.Response:
        self.left[request.url.path.split("/")[-2]] = json.loads(request.read())["reason"]
        return httpx.Response(200, json={})

    def on_receipt(self, request: httpx.Request) -> httpx.Response:
        if self.held:
            return problem(409, "custody.held_for_evidence")
        if self.not_yet:
            self.not_yet -= 1
            return problem(409, "custody.not_yet_verified")
        return httpx.Response(200, text=self.receipt())

    def receipt(self, **changed: object) -> str:
        assert self.manifest
        digests = tuple(line.digest for line in self.manifest.frames if line.digest in self.kept)
        said = {"card_import": IMPORT, "station": STATION, "manifest": self.manifest.digest, "digests": digests, "issued_at": NOW} | changed
        return Receipt(origin="safelight.test", **said).signed(self.signer)

    def on_import(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"import": str(IMPORT), "finished": False, "frames": [], "given_up": self.given_up})

    def on_certificate(self, request: httpx.Request) -> httpx.Response:
        self.certificates.append(Certificate.parse(request.read()))
        return httpx.Response(200, json={})

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The same over real HTTP on loopback; gives its address."""
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                said = door.answer(httpx.Request(self.command, f"http://localhost{self.path}", content=body))
                self.send_response(said.status_code)
                self.send_header("Content-Length", str(len(said.content)))
                self.send_header("Content-Type", said.headers.get("Content-Type", "text/plain"))
                self.end_headers()
                self.wfile.write(said.content)

            do_GET = do_POST = do_PUT = do_any  # noqa: N815 - the names that the library looks for

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def problem(status: int, code: str, says: str = "No.") -> httpx.Response:
    """A refusal as the server words it (RFC 9457)."""
    return httpx.Response(status, json={"type": f"urn:safelight:{code}", "title": says, "status": status, "code": code})
