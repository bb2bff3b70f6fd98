"""Root keys in a file: for small sites, on another disk than the data. A larger site takes an HSM or a key management service."""

import base64
import binascii
import hmac
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safelight.vault.errors import KeysAway, WrongKey
from safelight.vault.ports import Wrapped

KEY, NONCE = 32, 12


@dataclass(frozen=True, slots=True)
class _Roots:
    newest: str
    keys: dict[str, AESGCM]
    indexes: dict[int, bytes]

    @classmethod
    def read(cls, file: Path) -> Self:
        said = json.loads(file.read_bytes())
        raw = {str(name): base64.b64decode(value, validate=True) for name, value in said["keys"].items()}
        indexes = {number: base64.b64decode(value, validate=True) for number, value in _index_keys(said).items()}
        if said["newest"] not in raw or not indexes or any(len(key) != KEY for key in (*raw.values(), *indexes.values())):
            raise KeysAway("malformed")
        return cls(said["newest"], {name: AESGCM(key) for name, key in raw.items()}, indexes)


class FileKeys:
    """AES-256-GCM under root keys in a JSON file that only its owner may read (0400). Read once a process, and again after a rotation."""

    def __init__(self, *, file: Path) -> None:
        self.file = Path(file)
        self._held: tuple[tuple[int, int], _Roots] | None = None

    @staticmethod
    def make(file: Path) -> None:
        """Make a file of keys where there is none yet: to replace one would lose every object."""
        if Path(file).exists():
            return
        name = _new_name()
        _write_new(Path(file), {"newest": name, "keys": {name: _new_key()}, "index": _new_key()})

    def wrap(self, key: bytes, context: bytes) -> Wrapped:
        roots, nonce = self._roots(), secrets.token_bytes(NONCE)
        return Wrapped(roots.newest, nonce + roots.keys[roots.newest].encrypt(nonce, key, context))

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        root = self._roots().keys.get(wrapped.key_id)
        if root is None:
            raise WrongKey("unknown root key")
        try:
            return root.decrypt(wrapped.sealed[:NONCE], wrapped.sealed[NONCE:], context)
        except (InvalidTag, ValueError):
            raise WrongKey("does not open") from None

    def mac(self, context: bytes, data: bytes, *, number: int) -> bytes:
        held = self._roots().indexes.get(number)
        if held is None:
            raise WrongKey("unknown index key")
        key = HKDF(SHA256(), KEY, None, b"blind index|" + context).derive(held)
        return hmac.digest(key, data, sha256)

    def index_keys(self) -> tuple[int, ...]:
        return tuple(sorted(self._roots().indexes, reverse=True))

    def make_index_key(self, number: int) -> None:
        if number not in self._roots().indexes:
            self._change(lambda said: said.setdefault("indexes", {}).update({str(number): _new_key()}))

    def retire_index_key(self, number: int) -> None:
        if number == self.index_keys()[0]:
            raise ValueError("the newest index key stays")
        if number in self._roots().indexes:
            self._change(lambda said: said.pop("index", None) if number == 1 else said["indexes"].pop(str(number), None))

    def rotate(self) -> str:
        name = _new_name()
        self._change(lambda said: said.update({"keys": said["keys"] | {name: _new_key()}, "newest": name}))
        return name

    def roots(self) -> tuple[str, ...]:
        held = self._roots()
        return (*(name for name in held.keys if name != held.newest), held.newest)

    def retire(self, key_id: str) -> None:
        if key_id == self._roots().newest:
            raise ValueError("the newest root key stays")
        if key_id in self._roots().keys:
            self._change(lambda said: said["keys"].pop(key_id, None))

    def health(self) -> None:
        self._roots()

    def _change(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Put a changed file in the place of the old one: whoever reads finds one or the other, also after a power cut."""
        self._roots()  # what is malformed is not written anew
        try:
            said = json.loads(self.file.read_bytes())
            change(said)
            draft = self.file.with_suffix(".new")
            draft.unlink(missing_ok=True)
            _write_new(draft, said)
            draft.replace(self.file)
            _sync_folder(self.file.parent)
        except OSError as fault:
            raise KeysAway(fault.errno) from fault

    def _roots(self) -> _Roots:
        try:
            status = self.file.stat()
            if status.st_mode & 0o077:
                raise KeysAway("open to others")
            held, version = self._held, (status.st_mtime_ns, status.st_ino)
            if held is None or held[0] != version:
                held = self._held = (version, _Roots.read(self.file))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, binascii.Error) as fault:
            raise KeysAway(type(fault).__name__) from None
        return held[1]


def _index_keys(said: dict[str, Any]) -> dict[int, str]:
    """The first stands by itself in the file, as it did when there was one only."""
    first = {1: said["index"]} if "index" in said else {}
    return first | {int(number): value for number, value in said.get("indexes", {}).items()}


def _new_name() -> str:
    return f"file-{secrets.token_hex(4)}"


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY)).decode()


def _write_new(file: Path, said: dict[str, object]) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "w") as out:
        json.dump(said, out)
        out.flush()
        os.fsync(out.fileno())
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
