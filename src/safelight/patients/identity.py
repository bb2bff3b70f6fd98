"""Who a patient is. In the clear only in memory; `sealing.py` makes what the database holds. Pure."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Self

import rfc8785

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Identity:
    """A person's name, birth date, numbers and address. Nothing of it is in `repr`.

    `nhs_number` has ten digits; `hospital_number` is in capitals without spaces. At least one of them is there.
    """

    family: str
    given: str
    born: date | None
    nhs_number: str | None
    hospital_number: str | None
    address: str = ""

    def __repr__(self) -> str:
        return "<Identity>"

    @property
    def name(self) -> str:
        """SAMPLE, Test: the family name in capitals as on a wristband."""
        return f"{self.family.upper()}, {self.given}" if self.given else self.family.upper()

    def canonical(self) -> bytes:
        """Canonical JSON (RFC 8785)."""
        return rfc8785.dumps(
            {
                "v": VERSION,
                "family": self.family,
                "given": self.given,
                "born": self.born.isoformat() if self.born else None,
                "nhs": self.nhs_number,
                "hospital": self.hospital_number,
                "address": self.address,
            }
        )

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """The identity that `canonical` wrote."""
        said = json.loads(raw)
        return cls(
            family=said["family"],
            given=said["given"],
            born=date.fromisoformat(said["born"]) if said["born"] else None,
            nhs_number=said["nhs"],
            hospital_number=said["hospital"],
            address=said["address"],
        )
