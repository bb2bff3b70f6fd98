"""Root keys in a hardware security module, or whatever else speaks PKCS#11 (OASIS, v2.40). They never leave it.

Root keys are AES-256, labelled `safelight-root-0001` and on: the highest is the newest, older ones only unwrap. Index keys are
generic secrets, labelled `safelight-index`, then `safelight-index-0002` and on. One call at a time in a process: libraries are loaded
without locks of their own, and a session is nobody's to share. A process that was forked begins anew.
"""

import os
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pkcs11
import structlog
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11.exceptions import PKCS11Error, UserAlreadyLoggedIn

from safelight.vault.errors import KeysAway, WrongKey
from safelight.vault.ports import Wrapped

log = structlog.get_logger()
_library = threading.RLock()  # of the process, not of an object: two of them share one library, which is loaded without locks of its own
os.register_at_fork(after_in_child=lambda: globals().update(_library=threading.RLock()))
NONCE, TAG_BITS, AES_BITS = 12, 128, 256
KNOWN_FOR = 5.0  # seconds
Key = Any  # the package's own types leave out what a key can do
ROOT, INDEX = "safelight-root-", "safelight-index"


@dataclass(frozen=True, slots=True)
class _Known:
    session: pkcs11.Session
    until: float
    keys: dict[str, Key]


class Pkcs11Keys:
    """AES-GCM and HMAC-SHA-256 inside a token. `module` is the vendor's library, `token` the token's label."""

    def __init__(self, *, module: str, token: str, pin: str) -> None:
        self._module, self._token, self._pin = module, token, pin
        self._process = os.getpid()
        self._session_held: pkcs11.Session | None = None
        self._known: _Known | None = None

    @classmethod
    def make(cls, *, module: str, token: str, pin: str) -> None:
        """Make the first root key and the index key where the token has none. Replaces nothing. Raises KeysAway."""
        with cls(module=module, token=token, pin=pin)._session(write=True) as session:  # noqa: SLF001 - its own
            if not _listed(session):
                _new_root(session, 1)
            if not _indexes(session):
                _new_index(session, 1)

    def wrap(self, key: bytes, context: bytes) -> Wrapped:
        with self._session() as session:
            roots = self._roots(session)
            if not roots:
                raise KeysAway("no root key")
            name, nonce = max(roots), secrets.token_bytes(NONCE)
            sealed = roots[name].encrypt(key, mechanism=Mechanism.AES_GCM, mechanism_param=_gcm(nonce, context))
            return Wrapped(name, nonce + sealed)

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        nonce, sealed = wrapped.sealed[:NONCE], wrapped.sealed[NONCE:]
        if len(sealed) <= TAG_BITS // 8:
            raise WrongKey("too short")
        with self._session() as session:
            root = self._roots(session).get(wrapped.key_id) or self._roots(session, anew=True).get(wrapped.key_id)
            if root is None:
                raise WrongKey("unknown root key")
            try:
                opened: bytes = root.decrypt(sealed, mechanism=Mechanism.AES_GCM, mechanism_param=_gcm(nonce, context))
            except PKCS11Error:
                _try_out(root)
                raise WrongKey("does not open") from None
            return opened

    def mac(self, context: bytes, data: bytes, *, number: int) -> bytes:
        with self._session() as session:
            key = next(iter(_labelled(session, _index_label(number))), None)
            if key is None:
                raise WrongKey("unknown index key")
            said = b"blind index|" + len(context).to_bytes(4, "big") + context + data
            signed: bytes = key.sign(said, mechanism=Mechanism.SHA256_HMAC)
            return signed

    def index_keys(self) -> tuple[int, ...]:
        with self._session() as session:
            return _indexes(session)

    def make_index_key(self, number: int) -> None:
        with self._session(write=True) as session:
            if number not in _indexes(session):
                _new_index(session, number)

    def retire_index_key(self, number: int) -> None:
        with self._session(write=True) as session:
            if number == max(_indexes(session), default=0):
                raise ValueError("the newest index key stays")
            for key in _labelled(session, _index_label(number)):
                key.destroy()

    def rotate(self) -> str:
        with self._session(write=True) as session:
            return _new_root(session, int(max(_listed(session), default="0")[-4:]) + 1)

    def roots(self) -> tuple[str, ...]:
        with self._session() as session:
            return tuple(sorted(self._roots(session, anew=True)))

    def retire(self, key_id: str) -> None:
        with self._session(write=True) as session:
            held = _listed(session)
            if held and key_id == max(held):
                raise ValueError("the newest root key stays")
            if key_id in held:
                held[key_id].destroy()

    def health(self) -> None:
        with self._session() as session:
            if not self._roots(session, anew=True):
                raise KeysAway("no root key")

    @contextmanager
    def _session(self, *, write: bool = False) -> Iterator[pkcs11.Session]:
        """The session of this process; another one for writing. One that failed is closed, and the next call opens a new one."""
        with _library:
            try:
                session = self._open(write=True) if write else self._current()
                yield session
            except PKCS11Error as fault:
                log.warning("keys.away", fault=type(fault).__name__)
                self._drop()
                raise KeysAway(type(fault).__name__) from None
            if write:
                session.close()
                self._known = None

    def _current(self) -> pkcs11.Session:
        if self._session_held is None or self._process != os.getpid():
            self._known, self._session_held = None, self._open(write=False)
        return self._session_held

    def _open(self, *, write: bool) -> pkcs11.Session:
        """A process signs in once for all of its sessions, and is signed out when the last of them is closed."""
        library = pkcs11.lib(self._module)
        if self._process != os.getpid():
            library.reinitialize()
            self._process = os.getpid()
        token = library.get_token(token_label=self._token)
        try:
            return token.open(rw=write, user_pin=self._pin)
        except UserAlreadyLoggedIn:
            return token.open(rw=write)

    def _roots(self, session: pkcs11.Session, *, anew: bool = False) -> dict[str, Key]:
        """The root keys as this process knows them. What another process made is seen within some seconds."""
        now = time.monotonic()
        if anew or self._known is None or self._known.session is not session or now > self._known.until:
            self._known = _Known(session, now + KNOWN_FOR, _listed(session))
        return self._known.keys

    def _drop(self) -> None:
        held, self._session_held, self._known = self._session_held, None, None
        if held is not None:
            with suppress(PKCS11Error):
                held.close()


def _try_out(root: Key) -> None:
    """Tokens do not agree on how they refuse a wrong tag. One that still opens what it sealed itself is well, and the key was wrong."""
    nonce, said = secrets.token_bytes(NONCE), b"is this token well"
    sealed = root.encrypt(said, mechanism=Mechanism.AES_GCM, mechanism_param=_gcm(nonce, b""))
    if root.decrypt(sealed, mechanism=Mechanism.AES_GCM, mechanism_param=_gcm(nonce, b"")) != said:
        raise KeysAway("does not open its own")


def _listed(session: pkcs11.Session) -> dict[str, Key]:
    found: Iterable[Key] = session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.AES})
    return {str(key.label): key for key in found if str(key.label).startswith(ROOT)}


def _new_root(session: pkcs11.Session, number: int) -> str:
    name = f"{ROOT}{number:04}"
    session.generate_key(
        KeyType.AES,
        AES_BITS,
        label=name,
        store=True,
        capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
        template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    )
    return name


def _index_label(number: int) -> str:
    return INDEX if number == 1 else f"{INDEX}-{number:04}"


def _labelled(session: pkcs11.Session, label: str) -> list[Key]:
    return list(session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: label}))


def _indexes(session: pkcs11.Session) -> tuple[int, ...]:
    """The numbers of the index keys, the newest first."""
    found: Iterable[Key] = session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.GENERIC_SECRET})
    labels = {str(key.label) for key in found}
    return tuple(sorted((int(label.removeprefix(INDEX)[1:] or 1) for label in labels if label.startswith(INDEX)), reverse=True))


def _new_index(session: pkcs11.Session, number: int) -> None:
    session.generate_key(
        KeyType.GENERIC_SECRET,
        AES_BITS,
        label=_index_label(number),
        store=True,
        capabilities=MechanismFlag.SIGN,
        mechanism=Mechanism.GENERIC_SECRET_KEY_GEN,
        template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    )


def _gcm(nonce: bytes, context: bytes) -> pkcs11.GCMParams:
    return pkcs11.GCMParams(nonce, context, TAG_BITS)
