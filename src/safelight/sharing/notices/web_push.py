"""A push to a browser (RFC 8030), its payload encrypted for that browser alone (RFC 8291), sent in the site's name (RFC 8292)."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import httpx
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from pydantic import ValidationError
from webpush import VAPID, WebPush, WebPushSubscription

from safelight.sharing.notice_errors import BadAddress, ChannelGone, NoticeAway, NoticeRefused
from safelight.sharing.notices.places import require_listed

SECONDS = 5.0
KEEP_URGENT, KEEP = 600, 86_400
POINT, SECRET = 65, 16
GONE = (404, 410)


@dataclass(frozen=True, slots=True, repr=False)
class Subscription:
    """What a browser gave: where to send, its public key and its secret, both in base64url."""

    endpoint: str
    p256dh: str
    auth: str

    def plain(self) -> bytes:
        """As it is sealed."""
        return json.dumps({"endpoint": self.endpoint, "p256dh": self.p256dh, "auth": self.auth}).encode()

    @staticmethod
    def of(plain: bytes) -> "Subscription":
        """From what was unsealed."""
        return Subscription(**json.loads(plain))


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name pushes are sent: the file of the site's key, whom a push service may write to, and which services are listed."""

    key: Path
    contact: str
    hosts: Collection[str]


def require_good(subscription: Subscription, *, hosts: Collection[str]) -> None:
    """What a browser gave is whole and its push service listed. Raises BadAddress or AddressNotListed."""
    require_listed(subscription.endpoint, hosts=hosts)
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _decoded(subscription.p256dh, POINT))
        _decoded(subscription.auth, SECRET)
    except ValueError:
        raise BadAddress from None


def send(subscription: Subscription, payload: dict[str, str], *, notice: UUID, urgent: bool, sender: Sender) -> None:
    """When this returns, the push service has it. One that comes twice carries the same topic, and the second takes the first's place.

    Raises NoticeAway (a repeat is right), ChannelGone or NoticeRefused (for good).
    """
    require_listed(subscription.endpoint, hosts=sender.hosts)
    private, public = _keys(sender.key)
    keep = KEEP_URGENT if urgent else KEEP
    try:
        given = WebPushSubscription.model_validate(
            {"endpoint": subscription.endpoint, "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth}}
        )
        message = WebPush(private, public, ttl=keep).get(json.dumps(payload), given, subscriber=sender.contact)
    except (ValueError, ValidationError):
        raise NoticeRefused("subscription") from None
    headers = {**message.headers, "urgency": "high" if urgent else "normal", "topic": notice.hex}
    try:
        answer = httpx.post(subscription.endpoint, content=message.encrypted, headers=headers, timeout=SECONDS)
    except httpx.HTTPError as fault:
        raise NoticeAway(type(fault).__name__) from None
    judge(answer.status_code)


def judge(status: int) -> None:
    """What an answer means. Raises ChannelGone, NoticeAway or NoticeRefused."""
    if status in GONE:
        raise ChannelGone(status)
    if status in {408, 425, 429} or status >= 500:  # noqa: PLR2004 - RFC 9110
        raise NoticeAway(status)
    if not 200 <= status < 300:  # noqa: PLR2004 - a redirect is not followed: it may lead off the list
        raise NoticeRefused(status)


def public_key(file: Path) -> str:
    """The site's public key, as a browser takes it. Raises NoticeAway where there is none."""
    private = load_pem_private_key(_keys(file)[0], password=None)
    key: str = VAPID.get_application_server_key(private.public_key())
    return key


@lru_cache(maxsize=2)
def _keys(file: Path) -> tuple[bytes, bytes]:
    try:
        private = file.read_bytes()
    except OSError as fault:
        raise NoticeAway(fault.errno) from None
    public = load_pem_private_key(private, password=None).public_key()
    return private, public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _decoded(text: str, size: int) -> bytes:
    raw = urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    if len(raw) != size:
        raise ValueError(size)
    return raw
