"""A call to an address of the site's own: a pager's or text message gateway, a chat room.

The body is signed: `Safelight-Signature: t=<seconds>,v1=<HMAC-SHA-256 of "<seconds>.<body>" in hex>`. `Safelight-Notice` is the same
at each try, so that a double can be known as one.
"""

import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import httpx

from safelight.sharing.notice_errors import NoticeAway
from safelight.sharing.notices.places import require_listed
from safelight.sharing.notices.web_push import judge

SECONDS = 5.0


@dataclass(frozen=True, slots=True, repr=False)
class Hook:
    """Where to call, and the secret by which the other side knows that it is this site."""

    address: str
    secret: str

    def plain(self) -> bytes:
        """As it is sealed."""
        return json.dumps({"address": self.address, "secret": self.secret}).encode()

    @staticmethod
    def of(plain: bytes) -> "Hook":
        """From what was unsealed."""
        return Hook(**json.loads(plain))


def send(hook: Hook, payload: dict[str, str], *, notice: UUID, hosts: Collection[str], now: datetime) -> None:
    """When this returns, the other side has taken it (any 2xx). A redirect is not followed: it may lead off the list.

    Raises NoticeAway (a repeat is right), ChannelGone, NoticeRefused or AddressNotListed (for good).
    """
    require_listed(hook.address, hosts=hosts)
    body = json.dumps({"notice": str(notice), **payload}).encode()
    seconds = str(int(now.timestamp()))
    headers = {
        "content-type": "application/json",
        "safelight-notice": str(notice),
        "safelight-signature": f"t={seconds},v1={signature(hook.secret, seconds, body)}",
    }
    try:
        # The site's own network: no proxy of the environment is asked.
        with httpx.Client(timeout=SECONDS, trust_env=False) as client:
            answer = client.post(hook.address, content=body, headers=headers)
    except httpx.HTTPError as fault:
        raise NoticeAway(type(fault).__name__) from None
    judge(answer.status_code)


def signature(secret: str, seconds: str, body: bytes) -> str:
    """What the other side computes as well."""
    return hmac.new(secret.encode(), seconds.encode() + b"." + body, sha256).hexdigest()
