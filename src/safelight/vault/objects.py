"""Keeping, reading back, opening and rewrapping objects. All of it is slow: before or after an action, never inside one.

An object's context is `v1|site|object id|rendition|version`, facts that never change. Its data key is wrapped in the context
`v1|site|object id|holder|version|key id`: a key that is moved to another patient's row does not open.
"""

import secrets
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from django.conf import settings

from safelight.kernel.digest import Digest
from safelight.vault import buffers, chosen
from safelight.vault import format as sealing
from safelight.vault.errors import ObjectDamaged, Shredded, StoreFull, TooLarge
from safelight.vault.kept import Kept, Rewrapped
from safelight.vault.models import Rendition, StoredObject
from safelight.vault.ports import Reader, Wrapped

VERSION = 1


class _Counted:
    """Passes a stream on, and knows its length when it has ended, and its digest where nobody has announced one."""

    def __init__(self, chunks: Iterable[bytes | memoryview], limit: int, announced: Digest | None) -> None:
        self.chunks, self.limit, self.announced, self.size, self.hash = chunks, limit, announced, 0, sha256()

    def __iter__(self) -> Iterator[bytes | memoryview]:
        for chunk in self.chunks:
            self.size += len(chunk)
            if self.size > self.limit:
                raise TooLarge(self.limit)
            if self.announced is None:
                self.hash.update(chunk)
            yield chunk

    @property
    def digest(self) -> Digest:
        return self.announced or Digest(self.hash.hexdigest())


def keep(chunks: Iterable[bytes | memoryview], *, rendition: Rendition, holder: str, limit: int, announced: Digest | None = None) -> Kept:
    """Seal a stream and keep it; hashes as it comes, holds a segment in memory. Raises TooLarge beyond `limit` plain bytes.

    When this returns the object survives power loss. Without a row it is garbage that the sweeper takes. Where the digest was `announced`
    nothing is hashed here: whoever asks for that reads the object back and compares, before anything rests on it.
    """
    name, key = uuid4(), secrets.token_bytes(sealing.KEY)
    plain = _Counted(chunks, limit, announced)
    with buffers.borrowed(clear=False) as buffer:
        sealed = sealing.seal(plain, key=key, context=_context(name, rendition, VERSION), buffer=buffer)
        sealed_size = chosen.store().keep(name, sealed)
    return Kept(
        name=name,
        rendition=rendition,
        holder=holder,
        wrapped=_wrap(key, name, holder, VERSION),
        size=plain.size,
        digest=plain.digest,
        hashed=announced is None,
        sealed_size=sealed_size,
        version=VERSION,
    )


def pieces() -> Iterator[int]:
    """The lengths in which `keep` takes a stream without copying it. It reads a piece until the next has come: two buffers in turn do."""
    return sealing.whole_segments()


def make_sure_of_room(size: int) -> None:
    """Raises StoreFull where the store could not take `size` bytes twice: better before copying than in its midst."""
    room = chosen.store().room()
    if room is not None and room < 2 * size:
        raise StoreFull(size)


def read_back(stored: StoredObject) -> Digest:
    """The digest of the plain bytes, read from the medium past the cache and decrypted. Raises ObjectDamaged or ObjectMissing."""
    found = sha256()
    with buffers.borrowed(clear=True) as buffer:
        for piece in _pieces(stored, fresh=True, buffer=buffer):
            found.update(piece)
    return Digest(found.hexdigest())


def open_object(stored: StoredObject) -> Iterator[bytes]:
    """The plain bytes in pieces of up to 1 MiB. Raises Shredded, ObjectDamaged, ObjectMissing."""
    for piece in _pieces(stored, fresh=False):
        yield bytes(piece)


def pass_by(stored: StoredObject) -> Generator[memoryview]:
    """The plain bytes once, past the cache, in pieces that are valid until the next: for who takes them elsewhere. Raises as open_object.

    What came before an error was authentic, but is not the whole.
    """
    return _pieces(stored, fresh=True)


def read_bytes(stored: StoredObject, *, limit: int) -> bytes:
    """The plain bytes at once. Raises TooLarge where there are more than `limit`."""
    if stored.size > limit:
        raise TooLarge(stored.pk)
    return b"".join(open_object(stored))


def read_range(stored: StoredObject, *, start: int, stop: int) -> Iterator[bytes]:
    """The plain bytes from `start` to `stop`. Raises as open_object."""
    key = _key_of(stored)
    with closing(chosen.store().open(stored.pk)) as reader:
        _check_size(stored, reader)
        context = _context(stored.pk, stored.rendition, stored.version)
        try:
            yield from sealing.unseal_range(reader.view_at, reader.size, key=key, context=context, start=start, stop=stop)
        except sealing.NotAuthentic:
            raise ObjectDamaged(stored.pk) from None


def rewrap(stored: StoredObject, *, holder: str) -> Rewrapped:
    """Wrap an object's key for another holder, or under the newest root key. Changes nothing: an action applies it."""
    key = _key_of(stored)
    return Rewrapped(
        object_id=stored.pk, old=bytes(stored.wrapped_key or b""), new=_wrap(key, stored.pk, holder, stored.version), holder=holder
    )


def shred(object_ids: Iterable[UUID], *, at: datetime) -> int:
    """Take the keys of some objects away, inside an action; returns how many had one. The bytes are noise from then on."""
    return StoredObject.objects.filter(pk__in=list(object_ids), shredded_at=None).update(wrapped_key=None, shredded_at=at)


def _pieces(stored: StoredObject, *, fresh: bool, buffer: memoryview | None = None) -> Generator[memoryview]:
    key = _key_of(stored)
    with closing(chosen.store().open(stored.pk, fresh=fresh)) as reader:
        _check_size(stored, reader)
        try:
            context = _context(stored.pk, stored.rendition, stored.version)
            yield from sealing.unseal(reader.view_at, reader.size, key=key, context=context, buffer=buffer)
        except sealing.NotAuthentic:
            raise ObjectDamaged(stored.pk) from None


def _check_size(stored: StoredObject, reader: Reader) -> None:
    if reader.size != stored.sealed_size:
        raise ObjectDamaged(stored.pk)


def _key_of(stored: StoredObject) -> bytes:
    if stored.wrapped_key is None:
        raise Shredded(stored.pk)
    wrapped = Wrapped(stored.key_id, bytes(stored.wrapped_key))
    return chosen.keys().unwrap(wrapped, _wrap_context(stored.pk, stored.holder, stored.version))


def _wrap(key: bytes, name: UUID, holder: str, version: int) -> Wrapped:
    return chosen.keys().wrap(key, _wrap_context(name, holder, version))


def _context(name: UUID, rendition: str, version: int) -> bytes:
    return f"v1|{settings.SAFELIGHT_SITE}|{name}|{rendition}|{version}".encode()


def _wrap_context(name: UUID, holder: str, version: int) -> bytes:
    return f"v1|{settings.SAFELIGHT_SITE}|{name}|{holder}|{version}".encode()
