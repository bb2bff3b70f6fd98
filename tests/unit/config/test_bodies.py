"""Bodies that are read from the socket into the buffer of whoever asks, by the server's own parser over a real connection."""

import socket
from threading import Thread

import pytest
from gunicorn.config import Config
from gunicorn.http import get_parser

from safelight.config import bodies

HEAD = b"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture
def line():
    here, there = socket.socketpair()
    with here, there:
        yield here, there


def _request(here: socket.socket):
    return next(get_parser(Config(), here, ("127.0.0.1", 1)))


def _filled(reader, length: int) -> bytes:
    buffer = memoryview(bytearray(length))
    return bytes(buffer[: bodies.read_into(reader, buffer)])


def test_fills_a_buffer_from_what_came_with_the_headers_and_from_the_socket(line):
    here, there = line
    body = bytes(range(256)) * 9_000
    sending = Thread(target=there.sendall, args=(HEAD % len(body) + body,))
    sending.start()
    request = _request(here)
    assert bodies.is_plain(request.body)
    assert [_filled(request.body.reader, 1_000_000) for _ in range(4)] == [
        body[:1_000_000],
        body[1_000_000:2_000_000],
        body[2_000_000:],
        b"",
    ]
    sending.join()


def test_leaves_the_next_request_where_it_is(line):
    here, there = line
    there.sendall(HEAD % 3 + b"one" + HEAD % 3 + b"two")
    parser = get_parser(Config(), here, ("127.0.0.1", 1))
    assert _filled(next(parser).body.reader, 100) == b"one"
    assert parser.finish_body()
    assert _filled(next(parser).body.reader, 100) == b"two"


def test_gives_less_where_the_client_went_away(line):
    here, there = line
    there.sendall(HEAD % 100 + b"some")
    there.close()
    assert _filled(_request(here).body.reader, 100) == b"some"


def test_leaves_a_body_whose_length_nobody_told_to_the_server(line):
    here, there = line
    there.sendall(b"PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    assert not bodies.is_plain(_request(here).body)
    assert not bodies.is_plain(object())


def test_the_door_finds_it_beside_the_server_s_own(line):
    here, there = line
    there.sendall(HEAD % 3 + b"one")
    found = {}
    bodies.directly(lambda environ, _: found.update(environ) or [b""])({"wsgi.input": _request(here).body}, print)
    buffer = memoryview(bytearray(8))
    assert bytes(buffer[: found[bodies.READINTO](buffer)]) == b"one"
