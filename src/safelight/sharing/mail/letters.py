"""A letter as it travels: headers of ours only, the address by which an answer finds back, the size counted as sent.

Rules that hold here:
1. No header holds a line break or another control character, no subject a number that may be a patient's: such a letter is
   refused, never repaired.
2. `[secure]`, exactly so, begins the subject of a secure letter and of no other.
3. An answer goes to `name+token@domain`, what cannot be delivered to `name+return tag@domain` (VERP); the reference stands in the
   words as well, because relays strip headers.
4. A letter for which certificates are known is signed, then encrypted; what stays in clear are addresses, date and subject.
5. The size is that of the whole letter after base64.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from safelight.sharing.mail import smime
from safelight.sharing.mail.addresses import Address, address
from safelight.sharing.ports import CourierRefused, Letter

SECURE = "[secure]"
# NHSmail: 35 MB for the whole message (NHS England, November 2022); Exchange counts in MiB.
LARGEST = 35 * 2**20
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.+-]+@[A-Za-z0-9.-]+>")
_TOKEN = re.compile(r"[a-z0-9]{0,40}")
_NUMBER = re.compile(r"\d(?:[ -]?\d){5}")
_NAMED = re.compile(r"[A-Za-z0-9 ._-]{1,80}")


class NotAHeader(CourierRefused):
    """A subject, an address or a name holds a line break or another character that would make a header of its own."""

    code = "sharing.not_a_header"
    says = "The subject or the address holds a character that mail does not take. Nothing was sent."


class NumberInSubject(CourierRefused):
    """The subject, which stays in clear wherever a letter goes, holds a number that may name a patient (G5)."""

    code = "sharing.number_in_subject"
    says = "The subject of this letter holds a number. Nothing was sent: subjects say nothing of a patient."


@dataclass(frozen=True, slots=True)
class Sealing:
    """By what this site signs, and from which mailbox it writes."""

    sender: Address
    name: str
    signer: smime.Signer | None = None


def return_tag(message_id: str) -> str:
    """What the envelope's sender carries, so that a letter that comes back names the one it is about."""
    return "b" + sha256(message_id.encode()).hexdigest()[:24]


def plus(sender: Address, tag: str) -> str:
    """The mailbox's address with a tag."""
    local, _, domain = sender.text.rpartition("@")
    return f"{local}+{tag}@{domain}" if tag else sender.text


def as_sent(letter: Letter, *, message_id: str, sealing: Sealing, at: datetime) -> bytes:
    """The whole letter, lines ended by CR LF. Raises NotAHeader, NotAnAddress, CourierRefused."""
    to = [address(each).text for each in letter.to]
    _check(letter, to, message_id)
    body = _body(letter, sealing)
    headers = EmailMessage(policy=SMTP)
    headers["From"] = f'"{sealing.name}" <{sealing.sender.text}>' if sealing.name else sealing.sender.text
    headers["To"] = ", ".join(to)
    headers["Subject"] = f"{SECURE} {letter.subject}" if letter.secure else letter.subject  # (2)
    headers["Date"] = format_datetime(at)
    headers["Message-ID"] = message_id
    headers["Reply-To"] = plus(sealing.sender, letter.reply_token)  # (3)
    # A machine that is out of office does not answer a letter which says that it wants no answer from machines.
    headers["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    return bytes(headers).removesuffix(b"\r\n") + body


def size(letter: bytes) -> int:
    """Octets as they travel (RFC 1870): dots that are doubled on the way are not counted."""
    return len(letter)


def _check(letter: Letter, to: Sequence[str], message_id: str) -> None:
    """(1) and what else a caller of ours must hold to."""
    names = [item.name for item in letter.attachments]
    if not to or any(CONTROL.search(text) for text in (letter.subject, *letter.to, message_id)):
        raise NotAHeader
    if not _MESSAGE_ID.fullmatch(message_id) or not _TOKEN.fullmatch(letter.reply_token) or not all(map(_NAMED.fullmatch, names)):
        raise NotAHeader
    if _NUMBER.search(letter.subject):
        raise NumberInSubject
    if letter.certificates and len(letter.certificates) != len(to):
        raise NotAHeader


def _body(letter: Letter, sealing: Sealing) -> bytes:
    content = EmailMessage(policy=SMTP)
    content.set_content(letter.text, cte="quoted-printable")
    if letter.html:
        content.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    for item in letter.attachments:
        main, _, sub = item.media_type.partition("/")
        content.add_attachment(item.data, maintype=main, subtype=sub, filename=item.name)
    if not letter.certificates:
        return bytes(content)
    del content["MIME-Version"]
    entity = smime.with_crlf(bytes(content))
    if sealing.signer is None:
        raise CourierRefused("no certificate of the site")
    return smime.encrypted(smime.signed(entity, sealing.signer), letter.certificates)  # (4)
