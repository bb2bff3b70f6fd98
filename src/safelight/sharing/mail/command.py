"""What an operator types about mail."""

from datetime import date
from pathlib import Path
from uuid import uuid4

from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR
from safelight.sharing.actions.take_accredited_list import take_accredited_list
from safelight.sharing.mail import accredited
from safelight.sharing.mail_errors import ListNotReadable


def take_domains(file: Path, *, dated: date, owner: str) -> str:
    """Take an edition of the list of accredited domains into use, and say so. Raises OSError, ListNotReadable, ListOlder, ListThere."""
    with file.open("rb") as opened:
        data = opened.read(accredited.LARGEST + 1)
    if len(data) > accredited.LARGEST:
        raise ListNotReadable
    said = accredited.read(data, dated=dated, owner=owner)
    take_accredited_list(by=OPERATOR, said=said, now=clock.now(), new_id=uuid4())
    return f"{len(said.domains)} domains of {said.dated:%d %b %Y} are in use, looked after by {said.owner}."
