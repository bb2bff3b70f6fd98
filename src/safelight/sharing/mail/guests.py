"""A colleague elsewhere as they are confirmed, and what only their letters hold: the link's secret and the token of an answer.

Secret and token are made by the key service from the guest's id, so that a letter which is sent again holds the same; the database
keeps their SHA-256 only. All of it asks the key service: before or after an action.
"""

import json
from base64 import b32encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest
from safelight.sharing.mail import addresses, certifying
from safelight.sharing.mail_errors import NameOrganisationMissing
from safelight.sharing.models import Guest, GuestCode
from safelight.vault import chosen
from safelight.vault.errors import ObjectDamaged
from safelight.vault.fields import open_field, seal_field
from safelight.vault.indexes import in_play

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
        secret_digest=Digest.of(secrets(guest)[0].encode()),
        token_digest=Digest.of(tokens(guest)[0].encode()),
    )


def who(guest: Guest) -> Who:
    """Who a guest is. Raises ObjectDamaged or WrongKey where the row was changed."""
    return Who(**json.loads(open_field(bytes(guest.sealed), context=_context(guest.pk))))


def secrets(guest: UUID) -> list[str]:
    """The secret in the link, 256 bits, 43 letters, by each index key in play: the newest makes it, an older one may have made it."""
    return [urlsafe_b64encode(drawn).rstrip(b"=").decode() for drawn in _drawn("guest-link", guest)]


def secret(guest: Guest) -> str:
    """The secret in a guest's link, as it was made. Raises ObjectDamaged."""
    return _fitting(secrets(guest.pk), lambda made: Digest.of(made.encode()) == guest.secret_digest)


def tokens(guest: UUID) -> list[str]:
    """The token in the address to answer to, by each index key in play: 120 bits, 24 letters, of upper or lower case alike."""
    return [b32encode(drawn[:TOKEN_BYTES]).decode().lower() for drawn in _drawn("reply-token", guest)]


def token(guest: Guest) -> str:
    """The token of a guest, as it was made. Raises ObjectDamaged."""
    return _fitting(tokens(guest.pk), lambda made: Digest.of(made.encode()) == guest.token_digest)


def reference(guest: Guest) -> str:
    """The same token, to be shown; empty where the key by which it was made is gone."""
    return next((made for made in tokens(guest.pk) if Digest.of(made.encode()) == guest.token_digest), "")


def codes(code_id: UUID) -> list[str]:
    """The digits that go to the mailbox, by each index key in play."""
    return [f"{int.from_bytes(drawn) % 10**DIGITS:0{DIGITS}}" for drawn in _drawn("guest-code", code_id)]


def code(row: GuestCode) -> str:
    """The digits of a code, as it was made. Raises ObjectDamaged."""
    return _fitting(codes(row.pk), lambda made: code_digest(row.pk, made) == row.digest)


def code_digest(code_id: UUID, digits: str) -> Digest:
    """What is kept of a code. It is bound to its row, so that equal codes do not look equal."""
    return Digest.of(code_id.bytes + "".join(digits.split()).encode())


def _drawn(what: str, about: UUID) -> list[bytes]:
    context = f"{settings.SAFELIGHT_SITE}|{what}".encode()
    return [chosen.keys().mac(context, about.bytes, number=number) for number in in_play()]


def _fitting(made: list[str], fits: Callable[[str], bool]) -> str:
    """The one whose digest is kept. None fits once the key by which it was made is gone: long after its link is over."""
    for one in made:
        if fits(one):
            return one
    raise ObjectDamaged("guest")


def _context(guest: UUID) -> str:
    return f"sharing|guest|{guest}"


def confirmed(actor: Actor, guest: UUID) -> Guest | None:
    """A guest whom the actor confirmed with the same form before: a form that is sent again after a refusal confirms nobody twice."""
    return Guest.objects.filter(pk=guest, confirmed_by=actor.id).first()
