"""Signed notes (C2SP signed-note v1.0.0) with Ed25519 keys.

A note is a text that ends with a newline, an empty line, and one signature line a key: an em dash, the key's name, and
base64 of the key's 4-byte hash followed by the signature. Rules that hold here:
1. The text is not empty, ends with a newline, and holds no control character but newlines.
2. A signature by a known key that does not verify refuses the whole note; signatures of unknown keys are passed over.
3. At least one known key has signed.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
HASH_SIZE = 4
_NAME = re.compile(r"[^\s+]+")
_LINE = re.compile(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/]+=*)")
MOST_BYTES = 1_000_000
MOST_SIGNATURES = 100


class NoteRefused(ValueError):
    """The note is malformed, or no known key signed it. Says which."""


def key_hash(name: str, public: bytes) -> bytes:
    """The 4 bytes that name a key on a signature line: the head of SHA-256 over name, newline, type and public key."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:HASH_SIZE]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name, as `name+hash+base64` in its text form (vkey)."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read a vkey. Raises NoteRefused where it is malformed or its hash is not its own."""
        name, _, rest = vkey.partition("+")
        digits, _, data = rest.partition("+")
        try:
            raw = base64.b64decode(data, validate=True)
            claimed = bytes.fromhex(digits)
        except (binascii.Error, ValueError):
            raise NoteRefused("the key is malformed") from None
        if not _NAME.fullmatch(name) or raw[:1] != ED25519 or len(raw) != 33 or claimed != key_hash(name, raw[1:]):  # noqa: PLR2004 - type and key
            raise NoteRefused("the key is malformed")
        return cls(name, raw[1:])

    def __str__(self) -> str:
        return f"{self.name}+{key_hash(self.name, self.public).hex()}+{base64.b64encode(ED25519 + self.public).decode()}"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name. Its text form never leaves the process."""

    name: str
    _private: Ed25519PrivateKey

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Self:
        """The signer of a 32-byte seed (RFC 8032 section 5.1.5). Raises ValueError for a name with white space or a plus."""
        if not _NAME.fullmatch(name):
            raise ValueError("a key's name has no white space and no plus")
        return cls(name, Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def key(self) -> VerifierKey:
        return VerifierKey(self.name, self._private.public_key().public_bytes_raw())

    @property
    def vkey(self) -> str:
        """The public key in its text form."""
        return str(self.key)

    def signature(self, text: str) -> bytes:
        return self._private.sign(text.encode())


def sign(text: str, *signers: Signer) -> str:
    """The note of a text, signed by each signer in turn. Raises NoteRefused for a text that cannot be a note."""
    _check_text(text)
    lines = [
        f"\u2014 {one.name} {base64.b64encode(key_hash(one.name, one.key.public) + one.signature(text)).decode()}\n" for one in signers
    ]
    return f"{text}\n{''.join(lines)}"


def verify(note: str, keys: Iterable[VerifierKey]) -> str:
    """The text of a note that at least one of the keys has signed. Raises NoteRefused otherwise."""
    if len(note) > MOST_BYTES:
        raise NoteRefused("the note is too long")
    text, separator, tail = note.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise NoteRefused("the note has no signatures")
    text += "\n"
    _check_text(text)
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteRefused("the note has too many signatures")
    known = {(key.name, key_hash(key.name, key.public)): key for key in keys}
    good = [_is_good(line, text, known) for line in lines]
    if not any(good):
        raise NoteRefused("no known key has signed the note")
    return text


def _is_good(line: str, text: str, known: dict[tuple[str, bytes], VerifierKey]) -> bool:
    """Whether a known key made this line; False for an unknown key. Raises NoteRefused for a malformed or a false line."""
    match = _LINE.fullmatch(line)
    if not match:
        raise NoteRefused("a signature line is malformed")
    try:
        raw = base64.b64decode(match[2], validate=True)
    except binascii.Error:
        raise NoteRefused("a signature line is malformed") from None
    if len(raw) <= HASH_SIZE:
        raise NoteRefused("a signature line is malformed")
    key = known.get((match[1], raw[:HASH_SIZE]))
    if key is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(raw[HASH_SIZE:], text.encode())
    except InvalidSignature:
        raise NoteRefused("a signature is false") from None
    return True


def _check_text(text: str) -> None:
    if not text.endswith("\n") or text == "\n" or any(ord(letter) < 0x20 and letter != "\n" for letter in text):  # noqa: PLR2004 - C0 controls
        raise NoteRefused("the text cannot be a note")
