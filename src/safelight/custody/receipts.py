"""Receipts: made of rows that are committed, signed with the server's own key. Slow and outside every action."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from handover.note import Signer
from handover.receipt import Receipt
from safelight.audit.keys import signer
from safelight.kernel.digest import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Leave to erase some digests of one import. Worth nothing until it is signed, which is done after its entry has committed."""

    card_import: UUID
    station: UUID
    manifest: Digest
    digests: tuple[Digest, ...]
    permitted_at: datetime


def receipt_signer() -> Signer:
    """The signer of receipts that the settings name."""
    return signer(settings.SAFELIGHT_RECEIPT_KEY, f"{settings.SAFELIGHT_ORIGIN}/receipts")


def signed(permission: Permission) -> str:
    """The signed note. The same permission gives the same bytes."""
    receipt = Receipt(
        origin=settings.SAFELIGHT_ORIGIN,
        card_import=permission.card_import,
        station=permission.station,
        manifest=permission.manifest,
        digests=permission.digests,
        issued_at=permission.permitted_at,
    )
    return receipt.signed(receipt_signer())
