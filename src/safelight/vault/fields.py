"""Sealed fields and blind indexes: identity that the database holds and cannot read.

A sealed field is one byte 1, the length of the root key's id, that id, the length of the wrapped key, the wrapped key, a
12-byte nonce and the ciphertext. Each field has a data key of its own; the context, which names the row, is bound into both.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from safelight.vault import chosen
from safelight.vault.errors import ObjectDamaged
from safelight.vault.ports import Wrapped

VERSION, KEY, NONCE, INDEX = 1, 32, 12, 16


def seal_field(plain: bytes, *, context: str) -> bytes:
    """Seal some bytes for one row. `context` names what and whose it is, and must be given again to open."""
    bound = _bound(context)
    key, nonce = secrets.token_bytes(KEY), secrets.token_bytes(NONCE)
    return _head(chosen.keys().wrap(key, bound)) + nonce + AESGCM(key).encrypt(nonce, plain, bound)


def open_field(sealed: bytes, *, context: str) -> bytes:
    """The plain bytes. Raises ObjectDamaged or WrongKey where they were changed, or moved from another row."""
    bound = _bound(context)
    wrapped, rest = _apart(sealed)
    try:
        return AESGCM(chosen.keys().unwrap(wrapped, bound)).decrypt(rest[:NONCE], rest[NONCE:], bound)
    except (InvalidTag, ValueError):
        raise ObjectDamaged("field") from None


def root_of(sealed: bytes) -> str:
    """The id of the root key that a sealed field hangs on. Raises ObjectDamaged."""
    return _apart(sealed)[0].key_id


def rewrap_field(sealed: bytes, *, context: str) -> bytes:
    """The same sealed field, its data key wrapped under the newest root key. Raises as open_field does where the key does not open."""
    bound = _bound(context)
    wrapped, rest = _apart(sealed)
    return _head(chosen.keys().wrap(chosen.keys().unwrap(wrapped, bound), bound)) + rest


def _head(wrapped: Wrapped) -> bytes:
    name = wrapped.key_id.encode()
    return bytes([VERSION, len(name)]) + name + len(wrapped.sealed).to_bytes(2, "big") + wrapped.sealed


def _apart(sealed: bytes) -> tuple[Wrapped, bytes]:
    """The wrapped key, and what it opens: nonce and ciphertext."""
    raw = bytes(sealed)
    try:
        if raw[0] != VERSION:
            raise ObjectDamaged("field")
        at = 2 + raw[1]
        size = int.from_bytes(raw[at : at + 2], "big")
        return Wrapped(raw[2:at].decode(), raw[at + 2 : at + 2 + size]), raw[at + 2 + size :]
    except (IndexError, UnicodeDecodeError):
        raise ObjectDamaged("field") from None


def blind_index(kind: str, normalised: str, *, number: int) -> bytes:
    """A 16-byte fingerprint by which an exact number is found and from which it cannot be read without the key service.

    `number` is that of the index key. Raises WrongKey where it is not held.
    """
    return chosen.keys().mac(f"{settings.SAFELIGHT_SITE}|{kind}".encode(), normalised.encode(), number=number)[:INDEX]


def _bound(context: str) -> bytes:
    return f"v1|{settings.SAFELIGHT_SITE}|{context}".encode()
