"""The object format: Tink's streaming AEAD, AES256_GCM_HKDF_1MB, written out over `cryptography`.

An object is one byte 40, 32 bytes of salt, 7 bytes of nonce prefix, and segments. A segment is at most 1 MiB of ciphertext
with its 16-byte tag; the first is shorter by the 40 bytes before it. The segment key is HKDF-SHA-256 over the data key with
the salt, and the context as info. The nonce of a segment is the prefix, its number (4 bytes, big-endian), and 1 for the last
segment, else 0. docs/formats/object.md has vectors. Rules that hold here:
1. Every object gets a data key of its own; salt and prefix are random all the same.
2. A reader of a range opens the last segment first: what it proves is the length.
3. Whatever is wrong, the answer is the one error NotAuthentic.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY, SALT, PREFIX, TAG = 32, 32, 7, 16
HEADER = 1 + SALT + PREFIX
SEGMENT = 1 << 20
PLAIN = SEGMENT - TAG
FIRST_PLAIN = PLAIN - HEADER
MOST_SEGMENTS = 1 << 32

ReadAt = Callable[[int, int], bytes | memoryview]


class NotAuthentic(ValueError):
    """The bytes are not what was sealed under this key and context: changed, cut, extended, or of another object."""


def sealed_size(size: int) -> int:
    """The length of the object that holds `size` plain bytes."""
    return HEADER + size + TAG * segments(size)


def segments(size: int) -> int:
    """How many segments hold `size` plain bytes; an empty object has one."""
    return 1 if size <= FIRST_PLAIN else 1 + -(-(size - FIRST_PLAIN) // PLAIN)


def plain_size(sealed: int) -> int:
    """The plain length of an object of `sealed` bytes. Raises NotAuthentic for a length that no object has."""
    count = segments_of(sealed)
    size = sealed - HEADER - TAG * count
    if size < 0 or segments(size) != count:
        raise NotAuthentic
    return size


def segments_of(sealed: int) -> int:
    """How many segments an object of `sealed` bytes has."""
    return -(-sealed // SEGMENT)


class Segments:
    """One object's segment key. Not for two threads at once: the buffer, its own or one of SEGMENT bytes that is lent, is used again."""

    def __init__(self, *, key: bytes, salt: bytes, prefix: bytes, context: bytes, buffer: memoryview | None = None) -> None:
        self._cipher = AESGCM(HKDF(SHA256(), KEY, salt, context).derive(key))
        self._prefix = prefix
        self._buffer = memoryview(bytearray(SEGMENT)) if buffer is None else buffer

    def seal(self, number: int, plain: memoryview | bytes, *, last: bool) -> memoryview:
        """The ciphertext of a segment, valid until the next call."""
        out = self._buffer[: len(plain) + TAG]
        self._cipher.encrypt_into(self._nonce(number, last=last), plain, None, out)
        return out

    def open(self, number: int, sealed: memoryview | bytes, *, last: bool) -> memoryview:
        """The plain bytes of a segment, valid until the next call. Raises NotAuthentic."""
        if len(sealed) < TAG:
            raise NotAuthentic
        out = self._buffer[: len(sealed) - TAG]
        try:
            self._cipher.decrypt_into(self._nonce(number, last=last), sealed, None, out)
        except InvalidTag:
            raise NotAuthentic from None
        return out

    def _nonce(self, number: int, *, last: bool) -> bytes:
        return self._prefix + number.to_bytes(4, "big") + bytes([last])


def whole_segments() -> Iterator[int]:
    """How many plain bytes fill one segment after the other: pieces of these lengths are sealed where they are, without a copy."""
    return chain([FIRST_PLAIN], repeat(PLAIN))


def seal(
    chunks: Iterable[bytes | memoryview], *, key: bytes, context: bytes, buffer: memoryview | None = None
) -> Iterator[bytes | memoryview]:
    """Seal a stream. Each piece that comes out is valid until the next is asked for; pieces in are of any length.

    A piece that comes in is read until the one after it has come and been asked about: who uses a buffer again takes two in turn.
    """
    salt, prefix = secrets.token_bytes(SALT), secrets.token_bytes(PREFIX)
    box = Segments(key=key, salt=salt, prefix=prefix, context=context, buffer=buffer)
    yield bytes([HEADER]) + salt + prefix
    gathered, filled, room, number = bytearray(), 0, FIRST_PLAIN, 0
    whole: memoryview | None = None
    for chunk in chunks:
        rest = memoryview(chunk)
        while rest:
            if whole is not None:  # more follows, so this segment is not the last
                yield box.seal(number, whole, last=False)
                whole, filled, room, number = None, 0, PLAIN, number + 1
            if not filled and len(rest) >= room:
                whole, rest = rest[:room], rest[room:]
                continue
            gathered = gathered or bytearray(PLAIN)
            taken = min(room - filled, len(rest))
            gathered[filled : filled + taken] = rest[:taken]
            filled, rest = filled + taken, rest[taken:]
            if filled == room:
                whole = memoryview(gathered)[:room]
    yield box.seal(number, memoryview(gathered)[:filled] if whole is None else whole, last=True)


def unseal(read_at: ReadAt, sealed: int, *, key: bytes, context: bytes, buffer: memoryview | None = None) -> Iterator[memoryview]:
    """Open an object of `sealed` bytes, read by `read_at(offset, length)`; a piece is valid until the next. Raises NotAuthentic.

    What came out before the error was authentic, but the end is missing: a caller trusts the whole only after the last piece.
    """
    plain_size(sealed)
    count, box = segments_of(sealed), _read_header(read_at(0, HEADER), key, context, buffer)
    for number in range(count):
        yield _segment(box, read_at, number, sealed)


def unseal_range(read_at: ReadAt, sealed: int, *, key: bytes, context: bytes, start: int, stop: int) -> Iterator[bytes]:
    """The plain bytes from `start` to `stop` of an object of `sealed` bytes, read by `read_at(offset, length)`. Raises NotAuthentic."""
    size = plain_size(sealed)
    box = _read_header(read_at(0, HEADER), key, context)
    _segment(box, read_at, segments_of(sealed) - 1, sealed)  # rule 2
    start, stop = max(0, start), min(stop, size)
    at = start
    while at < stop:
        number = 0 if at < FIRST_PLAIN else 1 + (at - FIRST_PLAIN) // PLAIN
        first = 0 if number == 0 else FIRST_PLAIN + (number - 1) * PLAIN
        piece = _segment(box, read_at, number, sealed)[at - first : stop - first]
        yield bytes(piece)
        at += len(piece)


def _segment(box: Segments, read_at: ReadAt, number: int, sealed: int) -> memoryview:
    begin = HEADER if number == 0 else number * SEGMENT
    return box.open(number, read_at(begin, min((number + 1) * SEGMENT, sealed) - begin), last=number == segments_of(sealed) - 1)


def _read_header(header: bytes | memoryview, key: bytes, context: bytes, buffer: memoryview | None = None) -> Segments:
    if len(header) != HEADER or header[0] != HEADER:
        raise NotAuthentic
    return Segments(key=key, salt=bytes(header[1 : 1 + SALT]), prefix=bytes(header[1 + SALT :]), context=context, buffer=buffer)
