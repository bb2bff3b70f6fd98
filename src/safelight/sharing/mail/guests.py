"""A colleague elsewhere as they are confirmed, and what only their letters hold: the link's secret and the token of an answer.

Secret and token are made by the key service from the guest's id, so that a letter which is sent again holds the same; the database
keeps their SHA-256 only. All of it asks the key service: before or after an action.
"""

import json
from base64 import b32encode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest
from safelight.sharing.mail import addresses, certifying
from safelight.sharing.mail_errors import NameOrganisationMissing
from safelight.sharing.models import Guest
from safelight.vault import chosen
from safelight.vault.fields import open_field, seal_field

DIGITS = 6
TOKEN_BYTES = 15


@dataclass(frozen=True, slots=True)
class Who:
    """A guest's full name, organisation and address of mail."""

    name: str
    organisation: str
    address: str

    def __repr__(self) -> str:
        return "<Who>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class GuestSaid:
    """A guest ready to be confirmed. `by_letter` sends the photos themselves, not a link; `certified` tells that a letter can be
    encrypted to them here.
    """

    id: UUID
    sealed: bytes
    domain: str
    by_letter: bool
    certified: bool
    secret_digest: Digest
    token_digest: Digest


def prepare(guest: UUID, *, name: str, organisation: str, address: str, by_letter: bool, now: datetime) -> GuestSaid:
    """A guest ready to be confirmed. Raises NameOrganisationMissing, NotAnAddress."""
    plain = addresses.address(address)
    who = Who(" ".join(name.split()), " ".join(organisation.split()), plain.text)
    if " " not in who.name or not who.organisation:
        raise NameOrganisationMissing
    return GuestSaid(
        id=guest,
        sealed=seal_field(json.dumps(asdict(who)).encode(), context=_context(guest)),
        domain=plain.domain,
        by_letter=by_letter,
        certified=certifying.usable(plain, now=now) is not None,
        secret_digest=Digest.of(secret(guest).encode()),
        token_digest=Digest.of(token(guest).encode()),
    )


def who(guest: Guest) -> Who:
    """Who a guest is. Raises ObjectDamaged or WrongKey where the row was changed."""
    return Who(**json.loads(open_field(bytes(guest.sealed), context=_context(guest.pk))))


def secret(guest: UUID) -> str:
    """The secret in the link: 256 bits, 43 letters."""
    return urlsafe_b64encode(_drawn("guest-link", guest)).rstrip(b"=").decode()


def token(guest: UUID) -> str:
    """The token in the address to answer to: 120 bits, 24 letters, none of which depends on upper and lower case."""
    return b32encode(_drawn("reply-token", guest)[:TOKEN_BYTES]).decode().lower()


def code(code_id: UUID) -> str:
    """The digits that go to the mailbox."""
    return f"{int.from_bytes(_drawn('guest-code', code_id)) % 10**DIGITS:0{DIGITS}}"


def code_digest(code_id: UUID, digits: str) -> Digest:
    """What is kept of a code. It is bound to its row, so that equal codes do not look equal."""
    return Digest.of(code_id.bytes + "".join(digits.split()).encode())


def _drawn(what: str, about: UUID) -> bytes:
    return chosen.keys().mac(f"{settings.SAFELIGHT_SITE}|{what}".encode(), about.bytes)


def _context(guest: UUID) -> str:
    return f"sharing|guest|{guest}"


def confirmed(actor: Actor, guest: UUID) -> Guest | None:
    """A guest whom the actor confirmed with the same form before: a form that is sent again after a refusal confirms nobody twice."""
    return Guest.objects.filter(pk=guest, confirmed_by=actor.id).first()
