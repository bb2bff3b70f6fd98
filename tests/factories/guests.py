"""Colleagues elsewhere, through the real actions, and their letters.

`take_list("partner.test")` puts a list of accredited domains into use. `ask_guest(shareable)` confirms Dr R Patel and asks; the hold is
over at once where `ago` says so. `write(opinion)` does what the worker does then. `letters(folder)` reads a folder courier's letters.
`prove(client, opinion, folder)` goes through link and code as a browser does.
"""

import inspect
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

from django.test import Client
from tests.factories.sharing import Shareable, ask

from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR, WORKER, Actor
from safelight.sharing import mail_tasks
from safelight.sharing.actions.confirm_guest import confirm_guest
from safelight.sharing.actions.note_letter_arrived import note_letter_arrived
from safelight.sharing.actions.take_accredited_list import take_accredited_list
from safelight.sharing.asking import Recipient
from safelight.sharing.mail import accredited, guests, incoming, placing
from safelight.sharing.models import AccreditedList, ArrivedLetter, Guest, Opinion, Posting, Urgency
from safelight.vault import objects
from safelight.vault.models import Rendition

ADDRESS = "r.patel@partner.test"


def take_list(*domains: str, dated: date | None = None, owner: str = "Mail team") -> AccreditedList:
    """A list of accredited domains in use."""
    data = "Organisation,Domain\n" + "".join(f"Trust {number},{domain}\n" for number, domain in enumerate(domains))
    said = accredited.read(data.encode(), dated=dated or clock.now().date(), owner=owner)
    return take_accredited_list(by=OPERATOR, said=said, now=clock.now(), new_id=uuid4())


def fresh(by: Actor, *, at: datetime | None = None) -> Actor:
    """The same person, who has just shown a factor."""
    return replace(by, proved_at=at or clock.now())


def confirm(by: Actor, *, address: str = ADDRESS, name: str = "Dr R Patel", by_letter: bool = False, at: datetime | None = None) -> Guest:
    """A guest whom the asker confirmed."""
    now = at or clock.now()
    said = guests.prepare(uuid4(), name=name, organisation="Partner Hospital", address=address, by_letter=by_letter, now=now)
    return confirm_guest(by=fresh(by, at=now), said=said, now=now)


def ask_guest(shareable: Shareable, *, ago: timedelta = timedelta(minutes=1), **how) -> Opinion:
    """A question to Dr R Patel of another hospital. `how` as for `confirm`."""
    when = clock.now() - ago
    guest = confirm(shareable.record.by, at=when, **how)
    by = replace(shareable.record, by=fresh(shareable.record.by, at=when))
    return ask(replace(shareable, record=by), Recipient(guest=guest.pk), urgency=Urgency.ROUTINE, at=when)


def write(opinion: Opinion) -> list[Posting]:
    """What the worker does when the hold is over: letters are planned and tried once."""
    if inspect.unwrap(mail_tasks.plan_letters)(str(opinion.pk)):
        inspect.unwrap(mail_tasks.send_letters_about)(str(opinion.pk))
    return list(Posting.objects.filter(opinion=opinion).order_by("part"))


def came(*files: tuple[str, bytes], opinion: Opinion | None = None, sender: str = ADDRESS) -> ArrivedLetter:
    """A letter with files, taken in as the worker does: the answer to a question, or one that nobody can place."""
    made = EmailMessage()
    domain = sender.rpartition("@")[2]
    to = f"safelight+{guests.token(opinion.guest)}@{domain}" if opinion and opinion.guest else f"safelight@{domain}"
    made["From"], made["To"], made["Message-ID"] = sender, to, f"<{uuid4()}@{domain}>"
    made.set_content("See the photo.")
    for name, data in files:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    raw = bytes(made)
    kept = objects.keep([raw], rendition=Rendition.LETTER, holder="mail", limit=10**8)
    said = placing.said(incoming.read(raw), raw, letter=uuid4(), answer=uuid4(), kept=kept, uid_validity=1, uid=1)
    return note_letter_arrived(by=WORKER, said=said, now=clock.now())


def letters(folder: Path) -> list[EmailMessage]:
    """The letters that a folder courier has written, oldest first."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def words(letter: EmailMessage) -> str:
    """The plain words of a letter."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def secret_in(letter: EmailMessage) -> str:
    """The secret behind the # of the link."""
    found = re.search(r"/o/[\w-]+/#([\w-]{43})\s", words(letter))
    assert found is not None
    return found.group(1)


def code_in(letter: EmailMessage) -> str:
    """The digits in a letter with a code."""
    found = re.search(r"code is (\d{6})\b", words(letter))
    assert found is not None
    return found.group(1)


def mail_codes() -> None:
    """What the worker does with every code that was asked for."""
    from safelight.sharing.models import GuestCode

    for code in GuestCode.objects.order_by("made_at"):
        inspect.unwrap(mail_tasks.mail_code)(str(code.pk))


def prove(client: Client, opinion: Opinion, folder: Path) -> Client:
    """Through the link in the first letter and the code in the last, as a browser does."""
    write(opinion)
    client.post(f"/o/{opinion.public_id}/link/", {"secret": secret_in(letters(folder)[0])})
    mail_codes()
    done = client.post(f"/o/{opinion.public_id}/code/", {"code": code_in(letters(folder)[-1])})
    assert done.status_code == 302
    return client
