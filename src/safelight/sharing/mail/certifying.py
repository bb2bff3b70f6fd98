"""Certificates of recipients: kept under a fingerprint of the address, and used only where this site can sign as well."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from django.conf import settings

from safelight.sharing.mail import addresses, smime
from safelight.sharing.mail.addresses import Address
from safelight.sharing.mail_errors import CertificateNotGood
from safelight.sharing.models import MailCertificate
from safelight.vault.fields import open_field, seal_field
from safelight.vault.indexes import Keys, fingerprints, in_play, searched


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CertificateSaid:
    """A certificate ready to be kept. `indexes` are the address's, by each of the index keys `keys`, the newest first."""

    id: UUID
    keys: Keys
    indexes: tuple[bytes, ...]
    sealed: bytes
    pem: str
    fingerprint: str
    good_from: datetime
    good_until: datetime


def prepare(certificate: UUID, *, address: str, pem: bytes) -> CertificateSaid:
    """Raises NotAnAddress; CertificateNotGood where it is none, or is for another address. Asks the key service."""
    plain = addresses.address(address)
    try:
        found = smime.certificate(pem)
    except smime.NotACertificate:
        raise CertificateNotGood from None
    if plain.key not in {addresses.address(each).key for each in smime.addresses_in(found)}:
        raise CertificateNotGood
    keys = in_play()
    return CertificateSaid(
        id=certificate,
        keys=keys,
        indexes=fingerprints("mail", plain.key, keys),
        sealed=seal_field(json.dumps(plain.text).encode(), context=_context(certificate)),
        pem=pem.decode(),
        fingerprint=found.fingerprint(hashes.SHA256()).hex(),
        good_from=found.not_valid_before_utc,
        good_until=found.not_valid_after_utc,
    )


def address_of(certificate: MailCertificate) -> str:
    """For whom a certificate is."""
    said: str = json.loads(open_field(bytes(certificate.sealed_address), context=_context(certificate.pk)))
    return said


def usable(address: Address, *, now: datetime) -> MailCertificate | None:
    """The newest certificate by which a letter to this address can be encrypted now; None where the site cannot sign."""
    if not (settings.SAFELIGHT_COURIER or {}).get("certificate"):
        return None
    rows = MailCertificate.objects.filter(removed_at=None, good_until__gt=now).order_by("-added_at")
    return searched(lambda keys: rows.filter(address_index__in=fingerprints("mail", address.key, keys)).first())


def index_of(text: str, number: int) -> bytes:
    """By which the certificates of an address are found, by the index key of this number."""
    return fingerprints("mail", addresses.address(text).key, (number,))[0]


def _context(certificate: UUID) -> str:
    return f"sharing|certificate|{certificate}"
