"""Addresses of mail, in the one form in which they are compared.

A domain is compared whole, in lower case and in its ASCII form (IDNA 2008, UTS 46): `nhs.net.example` and `xnhs.net` are strangers
to `nhs.net`.
"""

from dataclasses import dataclass

import idna
from email_validator import EmailNotValidError, validate_email

from safelight.kernel.errors import Refusal


class NotAnAddress(Refusal):
    """The text is not one address of mail."""

    code = "sharing.not_an_address"
    says = "That is not an email address. Nothing was sent. Write it as name@hospital.example."
    status = 409


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """One address. `text` is how it is written to; `domain` how it is compared."""

    text: str
    domain: str

    @property
    def key(self) -> str:
        """By what two writings of one address are the same."""
        return f"{self.text.rpartition('@')[0].lower()}@{self.domain}"


def address(text: str) -> Address:
    """One plain address, without a name around it. Raises NotAnAddress; also for a line break, which would begin a header of its own."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise NotAnAddress from None
    if found.ascii_email is None:
        raise NotAnAddress
    return Address(found.ascii_email, found.ascii_domain.lower())


def domain(text: str) -> str:
    """A whole domain in its plain form. Raises NotAnAddress where it is none."""
    try:
        plain = idna.encode(text.strip().rstrip("."), uts46=True).decode().lower()
    except idna.IDNAError:
        raise NotAnAddress from None
    if "." not in plain:
        raise NotAnAddress
    return plain
