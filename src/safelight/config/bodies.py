"""A request's body, read from its socket straight into the buffer of whoever asks.

gunicorn's own body copies each byte several times on its way and makes new memory for each piece, which cost more than hashing the photo.
Its parser, its limits and its own reading stay as they are: the door finds `safelight.readinto` beside `wsgi.input`, and uses one of them.
"""

import socket
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from gunicorn.http.body import Body, LengthReader  # type: ignore[import-untyped]  # carries no types
from gunicorn.http.unreader import SocketUnreader  # type: ignore[import-untyped]  # as above

READINTO = "safelight.readinto"
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def directly(application: Application) -> Application:
    """The application with bodies that can be read into a buffer."""

    def run(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"]
        if is_plain(body):
            environ[READINTO] = partial(read_into, body.reader)
        return application(environ, start_response)

    return run


def is_plain(body: object) -> bool:
    """Whether a body's length was told and its bytes are on the socket as they are: not chunked, not behind TLS, not HTTP/2."""
    reader = getattr(body, "reader", None)
    return (
        isinstance(body, Body)
        and isinstance(reader, LengthReader)
        and isinstance(reader.unreader, SocketUnreader)
        and type(reader.unreader.sock) is socket.socket
    )


def read_into(reader: LengthReader, into: memoryview) -> int:
    """Fill a buffer; returns how many bytes came, fewer only where the body ends or the client goes away."""
    wanted: int = min(len(into), reader.length)
    had = reader.unreader.take_buffered()  # what came with the headers
    filled: int = min(wanted, len(had))
    into[:filled] = had[:filled]
    reader.unreader.unread(had[filled:])
    while filled < wanted:
        came = reader.unreader.sock.recv_into(into[filled:wanted], 0, socket.MSG_WAITALL)
        if not came:
            break
        filled += came
    reader.length -= filled
    return filled
