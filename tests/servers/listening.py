"""A real HTTP server on loopback that keeps what it is sent, and answers as a test likes: late, with a fault, with a redirect."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Listening:
    """What came, as (path, headers, body). `answers` are statuses used up one after another; then 201."""

    port: int = 0
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    pause: float = 0.0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def listening() -> Iterator[Listening]:
    """The server for the length of a block."""
    heard = Listening()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if len(body) < int(self.headers["content-length"]):  # who asked died in the middle
                return
            heard.came.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            time.sleep(heard.pause)
            status = heard.answers.pop(0) if heard.answers else 201
            try:
                self.send_response(status)
                if status in {301, 302, 307, 308}:
                    self.send_header("location", "/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()
            except OSError:  # who asked did not wait
                return

        def log_message(self, *_: object) -> None:
            """A test's output is for what failed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    heard.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
