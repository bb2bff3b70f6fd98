"""The station's requests over a real connection: kept, renewed, refused before all was sent, broken off by the card."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import httpx
import pytest

from station.sending import VIEWS, Sending

BODY = bytes(range(256)) * 20_000


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    heard: list[tuple[int, bytes]]

    def do_PUT(self) -> None:
        length = int(self.headers["Content-Length"])
        if self.path == "/refused":
            self.close_connection = True
            self._answer(415, b"no")
            self.rfile.read(length)
            return
        self.heard.append((self.client_address[1], self.rfile.read(length)))
        self._answer(200, b"yes")
        self.close_connection = self.path == "/once"

    def _answer(self, status: int, said: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Nothing is told."""


class _Server(ThreadingHTTPServer):
    def __init__(self, *given: object) -> None:
        self.ended = Event()
        super().__init__(*given)

    def shutdown_request(self, request: object) -> None:
        super().shutdown_request(request)
        self.ended.set()


@pytest.fixture
def server():
    heard: list[tuple[int, bytes]] = []
    with _Server(("127.0.0.1", 0), type("Door", (_Door,), {"heard": heard})) as server:
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        serving.start()
        yield server
        server.shutdown()
        serving.join()


@pytest.fixture
def door(server):
    with httpx.Client(base_url=f"http://127.0.0.1:{server.server_port}/", transport=Sending(), trust_env=False) as client:
        yield client, server.RequestHandlerClass.heard


def _views(buffer: bytearray, length: int = len(BODY)) -> Iterator[memoryview]:
    for at in range(0, length, len(buffer)):
        piece = BODY[at : at + len(buffer)]
        buffer[: len(piece)] = piece
        yield memoryview(buffer)[: len(piece)]


def _put(client: httpx.Client, path: str, views: Iterator[memoryview]) -> httpx.Response:
    return client.put(path, content=iter([b""]), headers={"Content-Length": str(len(BODY))}, extensions={VIEWS: views})


def test_sends_pieces_out_of_one_buffer_over_one_connection(door):
    client, heard = door
    for _ in range(2):
        assert _put(client, "kept", _views(bytearray(1 << 20))).text == "yes"
    assert client.put("kept", content=b"short").status_code == 200
    assert [said for _, said in heard] == [BODY, BODY, b"short"]
    assert len({port for port, _ in heard}) == 1


def test_begins_anew_where_the_server_has_ended_the_connection(server, door):
    client, heard = door
    for _ in range(2):
        assert client.put("once", content=b"x").status_code == 200
        assert server.ended.wait(10)
    assert len({port for port, _ in heard}) == 2


def test_hears_a_refusal_that_comes_before_all_was_sent(door):
    client, heard = door
    answer = _put(client, "refused", _views(bytearray(1 << 16)))
    assert (answer.status_code, answer.text, heard) == (415, "no", [])


def test_a_body_that_breaks_off_ends_the_connection_with_its_own_fault(server, door):
    client, heard = door

    class CardOut(Exception): ...

    def broken() -> Iterator[memoryview]:
        yield from _views(bytearray(1 << 16), 1 << 18)
        raise CardOut

    with pytest.raises(CardOut):
        _put(client, "kept", broken())
    assert client.put("kept", content=b"again").status_code == 200
    assert server.ended.wait(10), "the connection that broke off, by its server's side too"
    port = next(port for port, said in heard if said == b"again")
    assert [said for other, said in heard if other == port] == [b"again"]


def test_a_server_that_is_not_there_is_a_fault_of_the_way():
    with pytest.raises(httpx.TransportError):
        httpx.Client(transport=Sending(), trust_env=False).get("http://127.0.0.1:9/")
