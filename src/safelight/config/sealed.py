"""Every column that holds sealed fields, with the context of each: for moving them to a new root key. A test knows when one is missing."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps

from safelight.staff.adapters.mfa import CONTEXT as SECOND_FACTOR
from safelight.vault.rotation import Column, Place

AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of a table of ours."""

    name: str
    field: str
    context: Callable[[Any], str]

    def places(self) -> Iterator[Place]:
        rows = apps.get_model(self.name)._default_manager  # noqa: SLF001 - Django's name for it
        for row in rows.order_by("pk").iterator(AT_A_TIME):
            if sealed := bytes(getattr(row, self.field) or b""):
                yield Place(sealed, self.context(row), partial(self._put, row.pk, sealed))

    def _put(self, pk: object, old: bytes, new: bytes) -> bool:
        rows = apps.get_model(self.name)._default_manager  # noqa: SLF001 - Django's name
        return bool(rows.filter(pk=pk, **{self.field: old}).update(**{self.field: new}))


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """The secrets of code apps and the seeds of recovery codes, as the sign-in library keeps them: text within JSON."""

    name: str = "mfa.Authenticator"

    def places(self) -> Iterator[Place]:
        for row in Authenticator.objects.order_by("pk").iterator(AT_A_TIME):
            for part in ("secret", "seed"):
                if part in row.data:
                    yield Place(b64decode(row.data[part]), SECOND_FACTOR, partial(self._put, row.pk, part, row.data[part]))

    def _put(self, pk: object, part: str, old: str, new: bytes) -> bool:
        """Read again and written in one transaction: only this part changes, beside what was noted of its use meanwhile."""
        row = Authenticator.objects.select_for_update().filter(pk=pk).first()
        if row is None or row.data.get(part) != old:
            return False
        row.data[part] = b64encode(new).decode()
        row.save(update_fields=["data"])
        return True


COLUMNS: tuple[Column, ...] = (
    SecondFactors(),
    Sealed("patients.Patient", "sealed", lambda row: f"patient|{row.pk}"),
    Sealed("access.CareRelationship", "words", lambda row: f"access|{row.pk}|words"),
    Sealed("consent.Consent", "details", lambda row: f"consent:{row.pk}:details"),
    Sealed("custody.Place", "sealed_name", lambda row: f"place|{row.read_in_id}"),
    Sealed("custody.LeftOver", "sealed_name", lambda row: f"leftover|{row.read_in_id}"),
    Sealed("photographs.Visit", "purpose", lambda row: f"visit:{row.pk}:purpose"),
    Sealed("deidentify.Finding", "read", lambda row: f"read in a photo|{row.photograph_id}"),
    Sealed("deidentify.Finding", "likeness", lambda row: f"read in a photo|{row.photograph_id}"),
    Sealed("deidentify.SignOff", "purpose", lambda row: f"covered copy, why|{row.pk}"),
    Sealed("deidentify.CoveredCopy", "anonymous_why", lambda row: f"covered copy, why|{row.pk}"),
    Sealed("sharing.Opinion", "question", lambda row: f"sharing|question|{row.pk}"),
    Sealed("sharing.KeptQuestion", "question", lambda row: f"sharing|question|{row.pk}"),
    Sealed("sharing.Answer", "words", lambda row: f"sharing|answer|{row.pk}"),
    Sealed("sharing.EmergencyCall", "reason", lambda row: f"sharing|call|{row.pk}"),
    Sealed("sharing.Channel", "sealed", lambda row: f"sharing|channel|{row.pk}"),
    Sealed("sharing.Guest", "sealed", lambda row: f"sharing|guest|{row.pk}"),
    Sealed("sharing.MailCertificate", "sealed_address", lambda row: f"sharing|certificate|{row.pk}"),
)
# Bytes that are no sealed fields: hashes, fingerprints, data keys that the rotation moves itself, proofs of which keys there are.
BARE = {
    ("patients.Patient", "nhs_index"),
    ("patients.Patient", "hospital_index"),
    ("sharing.MailCertificate", "address_index"),
    ("audit.Entry", "body"),
    ("audit.Entry", "leaf"),
    ("audit.Head", "peaks"),
    ("audit.Checkpoint", "root"),
    ("vault.StoredObject", "wrapped_key"),
    ("vault.Belonging", "proof"),
}
