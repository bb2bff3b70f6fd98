"""The browser's side of Web Push: makes a subscription, and decrypts what was sent to it (RFC 8291), by its own code."""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from safelight.sharing.notices.web_push import Subscription


def base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Browser:
    """One browser that has said yes to notices."""

    def __init__(self, endpoint: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._public = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self._auth = secrets.token_bytes(16)
        self.subscription = Subscription(endpoint, base64url(self._public), base64url(self._auth))

    def read(self, body: bytes) -> dict[str, str]:
        """What was sent, decrypted. Raises InvalidTag for what is not for this browser."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        shared = self._key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        secret = _derive(32, salt=self._auth, info=b"WebPush: info\0" + self._public + sender, secret=shared)
        key = _derive(16, salt=salt, info=b"Content-Encoding: aes128gcm\0", secret=secret)
        nonce = _derive(12, salt=salt, info=b"Content-Encoding: nonce\0", secret=secret)
        padded = AESGCM(key).decrypt(nonce, sealed, None)
        return json.loads(padded.rstrip(b"\0").removesuffix(b"\2"))


def sent_by(authorization: str) -> tuple[str, dict[str, object]]:
    """Whose key signed a push, and what it claims (RFC 8292)."""
    parts = dict(part.strip().split("=", 1) for part in authorization.removeprefix("vapid ").split(","))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
    return parts["k"], jwt.decode(parts["t"], key, algorithms=["ES256"], options={"verify_aud": False})


def _derive(length: int, *, salt: bytes, info: bytes, secret: bytes) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
