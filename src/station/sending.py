"""Requests over a connection that is kept, whose bodies go from the buffer they were read into straight to the socket.

The client's own transport cuts what the socket does not take at once into ever new pieces, which costs as much as reading the photo.
Certificates are checked as the client checks them; nothing is taken from the environment.
"""

import select
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import local

import httpx

CONNECT, ANSWER = 10.0, 120.0  # seconds
VIEWS = "views"
Place = tuple[bytes, str, int | None]


class Sending(httpx.BaseTransport):
    """HTTP/1.1, one connection a thread. A request's extension `views` gives its body in pieces that are valid until the next."""

    def __init__(self) -> None:
        self._here = local()
        self._links: set[HTTPConnection] = set()
        self._trust = httpx.create_ssl_context(trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises TransportError where the server is not reached or does not answer; what reading a body raises."""
        link = self._connected(request.url)
        try:
            self._send(link, request)
            answer = link.getresponse()
            body = answer.read()
        except (HTTPException, OSError) as fault:
            link.close()
            raise httpx.NetworkError(type(fault).__name__, request=request) from fault
        except BaseException:  # the body could not be read to its end: the server still waits for the rest
            link.close()
            raise
        return _said(answer, body)

    def close(self) -> None:
        """End every thread's connection."""
        while self._links:
            self._links.pop().close()

    def _send(self, link: HTTPConnection, request: httpx.Request) -> None:
        link.putrequest(request.method, request.url.raw_path.decode(), skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.raw:
            link.putheader(name.decode(), value)
        link.endheaders()
        for piece in request.extensions.get(VIEWS) or request.stream:  # type: ignore[union-attr]  # a transport for requests that wait
            with suppress(BrokenPipeError, ConnectionResetError):  # a server that refuses says so before it has all
                link.send(piece)
                continue
            return

    def _connected(self, url: httpx.URL) -> HTTPConnection:
        """The connection to a server that a thread has; a new one where the server has ended the old."""
        place = (url.raw_scheme, url.host, url.port)
        held: tuple[Place, HTTPConnection] | None = getattr(self._here, "link", None)
        if held is not None:
            if held[0] == place and held[1].sock is not None and not _has_ended(held[1]):
                return held[1]
            held[1].close()
            self._links.discard(held[1])
            del self._here.link
        secure = url.scheme == "https"
        link = HTTPSConnection(url.host, url.port, context=self._trust) if secure else HTTPConnection(url.host, url.port)
        link.timeout = CONNECT
        try:
            link.connect()
        except OSError as fault:
            raise httpx.ConnectError(type(fault).__name__) from fault
        link.sock.settimeout(ANSWER)
        self._here.link = (place, link)
        self._links.add(link)
        return link


def _has_ended(link: HTTPConnection) -> bool:
    """Whether there is something to read where nothing was asked: the end of the connection, or what nobody can answer for."""
    waiting = select.poll()
    waiting.register(link.sock, select.POLLIN)
    return bool(waiting.poll(0))


def _said(answer: HTTPResponse, body: bytes) -> httpx.Response:
    return httpx.Response(answer.status, headers=answer.getheaders(), stream=httpx.ByteStream(body))
