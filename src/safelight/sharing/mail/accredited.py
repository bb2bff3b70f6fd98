"""The list of domains accredited under DCB1596: read from its public file, kept as editions with a date and an owner.

Rules that hold here:
1. A domain is on the list whole, or not at all: no suffix, no subdomain.
2. No list, an empty list, an unknown domain: not accredited.
3. A list that is older than three months still counts, and says so: somebody owns it and is told.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta

from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest
from safelight.sharing.mail import addresses
from safelight.sharing.mail.addresses import NotAnAddress
from safelight.sharing.mail_errors import ListNotReadable
from safelight.sharing.models import AccreditedDomain, AccreditedList

OLD_AFTER = timedelta(days=90)
LARGEST = 8 * 2**20
SHOWN_FAULTS = 5
NAMES = ("organisation", "organization", "organisation name", "name")


@dataclass(frozen=True, slots=True)
class ListSaid:
    """An edition as it was read, and not yet taken."""

    dated: date
    owner: str
    digest: Digest
    domains: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the list in use says of a domain. `dated` is None where there is no list."""

    accredited: bool
    dated: date | None
    organisation: str = ""


def read(data: bytes, *, dated: date, owner: str) -> ListSaid:
    """An edition from a CSV file with a column "domain". Raises ListNotReadable: a line that is no domain refuses the whole file."""
    try:
        rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        heads = {head.strip().lower(): head for head in rows.fieldnames or ()}
    except (UnicodeDecodeError, csv.Error):
        raise ListNotReadable from None
    column = next((head for plain, head in heads.items() if "domain" in plain), None)
    name = next((heads[plain] for plain in NAMES if plain in heads), None)
    if column is None:
        raise ListNotReadable(1)
    found: dict[str, str] = {}
    wrong = []
    for line, row in enumerate(rows, start=2):
        text = (row.get(column) or "").strip().removeprefix("@").removeprefix("*@")
        if not text:
            continue
        try:
            found.setdefault(addresses.domain(text), (row.get(name) or "").strip()[:160] if name else "")
        except NotAnAddress:
            wrong.append(line)
    if wrong or not found:
        raise ListNotReadable(*wrong[:SHOWN_FAULTS])
    return ListSaid(dated, owner.strip(), Digest.of(data), tuple(found.items()))


def in_use(_actor: Actor) -> AccreditedList | None:
    """The newest edition. It is public: everybody may know it."""
    return AccreditedList.objects.order_by("-dated", "-taken_at").first()


def standing(actor: Actor, domain: str) -> Standing:
    """What the edition in use says of a whole domain (1, 2)."""
    edition = in_use(actor)
    if edition is None:
        return Standing(accredited=False, dated=None)
    found = AccreditedDomain.objects.filter(edition=edition, domain=domain).first()
    return Standing(found is not None, edition.dated, found.organisation if found else "")


def reachable(standing: Standing, *, by_letter: bool, certified: bool, trigger: bool) -> bool:
    """Whether anything may go to a domain: a link where it is accredited; elsewhere a letter only, encrypted here by a certificate
    or by the relay's trigger.
    """
    return standing.accredited or (by_letter and (certified or trigger))


def is_old(edition: AccreditedList, *, today: date) -> bool:
    """Whether somebody should look for a newer one (3)."""
    return today - edition.dated > OLD_AFTER
