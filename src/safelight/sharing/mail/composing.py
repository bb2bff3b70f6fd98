"""The letters to a guest, in words: what is written, how it is protected, and the copy of it that is filed.

Rules that hold here:
1. Subjects are fixed: they say nothing of a patient (G5).
2. The list of accredited domains is asked again when a letter is sent. A link goes to accredited domains only; photos go to
   others only encrypted, here by a certificate or by the relay's trigger (G2, G3).
3. Photos are the approved covered copies, with the reader's name and the time burned in.
4. The filed copy holds no key: the link's secret is left out.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from safelight.deidentify import covering
from safelight.deidentify.covering import marked
from safelight.kernel.actor import WORKER
from safelight.kernel.errors import NotFound
from safelight.sharing import queries, rules, sealing, shown
from safelight.sharing.errors import OpinionOver
from safelight.sharing.mail import accredited, addresses, certifying, guests, letters
from safelight.sharing.mail.accredited import Standing
from safelight.sharing.mail_errors import NotAccredited
from safelight.sharing.models import Guest, GuestCode, Opinion, Posting, ShareItem
from safelight.sharing.ports import Attachment, Letter
from safelight.staff import queries as staff
from safelight.vault import objects

SUBJECT = "A colleague asks for your opinion"
SUBJECT_CODE = "Your code to open a question"
ABOVE = "Please answer above this line."
LEFT_OUT = "(left out of this copy)"


@dataclass(frozen=True, slots=True, repr=False)
class Ready:
    """A letter ready to go, and what the ledger keeps of how it is protected."""

    letter: Letter
    copies: int
    list_dated: str


def require_open(opinion: Opinion, *, now: datetime) -> None:
    """The question can still be shown, and the patient agrees. Raises OpinionOver, NoConsentToShare."""
    if not rules.is_open(opinion, now=now):
        raise OpinionOver(opinion.pk)
    queries.require_consent(opinion, now=now)


def enclosed(opinion: Opinion, items: list[ShareItem], *, name: str, now: datetime) -> list[Attachment]:
    """The photos as they are sent (3). Raises NotFound where one may not be shown any more."""
    return [Attachment(f"photo-{item.place + 1}.jpg", "image/jpeg", _drawn(opinion, item, name=name, now=now)) for item in items]


def _drawn(opinion: Opinion, item: ShareItem, *, name: str, now: datetime) -> bytes:
    approval = queries.copy_for(opinion, item)
    if approval is None or approval.copy.stored is None:
        raise NotFound(item.pk)
    plain = objects.read_bytes(approval.copy.stored, limit=covering.LARGEST)
    return marked.marked(plain, shown.mark(name, at=now), longest=shown.LONGEST)


def ready(posting: Posting, *, now: datetime) -> Ready:
    """One letter. Raises NotAccredited, NotFound. Slow: reads pictures and asks the key service."""
    opinion, guest, who = posting.opinion, posting.guest, guests.who(posting.guest)
    standing = accredited.standing(WORKER, guest.domain)
    known = certifying.usable(addresses.address(who.address), now=now)
    trigger = settings.SAFELIGHT_SECURE_TRIGGER
    if not accredited.reachable(standing, by_letter=guest.by_letter, certified=known is not None, trigger=trigger):  # (2)
        raise NotAccredited(guest.pk)
    secure = not standing.accredited and known is None
    photos = enclosed(opinion, _items(opinion, posting), name=who.name, now=now)
    letter = Letter(
        to=(who.address,),
        subject=SUBJECT,
        text=_words(posting, opinion, guest, who, copies=len(photos)),
        attachments=tuple(photos),
        secure=secure,
        reply_token=guests.token(guest),
        certificates=(known.pem.encode(),) if known else (),
    )
    return Ready(letter, len(photos), _dated(standing))


def code_letter(code: GuestCode, guest: Guest) -> Letter:
    """The one-time code. It says nothing of the question."""
    words = (
        f"Your code is {guests.code(code)}\n\nIt opens the question in the browser in which you asked for it, once, within 10 minutes."
        f"\nIf you did not ask for a code, do nothing: nobody has seen anything.\n\n{settings.SAFELIGHT_ORGANISATION}\n"
    )
    return Letter(to=(guests.who(guest).address,), subject=SUBJECT_CODE, text=words)


def filed(letter: Letter, *, guest: UUID, message_id: str, at: datetime) -> bytes:
    """The copy that is kept of a letter: readable by whoever may read the record, and no key to anything (4)."""
    text = letter.text
    for secret in guests.secrets(guest):
        text = text.replace(secret, LEFT_OUT)
    plain = replace(letter, certificates=(), text=text)
    sender = addresses.address(str((settings.SAFELIGHT_COURIER or {})["sender"]))
    return letters.as_sent(plain, message_id=message_id, sealing=letters.Sealing(sender, ""), at=at)


def message_id(number: UUID) -> str:
    """The same at each try, so that a double can be known."""
    return f"<{number}@{settings.SAFELIGHT_ORIGIN.partition('/')[0]}>"


def _words(posting: Posting, opinion: Opinion, guest: Guest, who: guests.Who, *, copies: int) -> str:
    asker = staff.name_of(WORKER, opinion.asked_by)
    until = timezone.localtime(opinion.expires_at)
    said = [ABOVE, f"Dear {who.name},"]
    if guest.by_letter:
        said += [
            f"{asker}, {settings.SAFELIGHT_ORGANISATION}, asks for your opinion:",
            sealing.open_question(opinion.question, opinion=opinion.pk),
            f"{copies} {'photo is' if copies == 1 else 'photos are'} enclosed. They do not say who the patient is, and carry your name.",
        ]
    else:
        said += [
            f"{asker}, {settings.SAFELIGHT_ORGANISATION}, asks for your opinion on photos that do not say who the patient is.",
            f"Open the question: {settings.SAFELIGHT_ADDRESS}/o/{opinion.public_id}/#{guests.secret(guest)}",
            f"The page sends a code to this mailbox. It can be opened until {until.day} {until:%B}.",
        ]
    said += [
        "You can also answer this letter: your answer goes into the patient's record. Write no name and no number.",
        "The letter is for you alone. Please do not pass it on.",
        f"Reference {guests.token(guest)}" + (f", letter {posting.part}" if posting.part > 1 else ""),
    ]
    return "\n\n".join(said) + "\n"


def _items(opinion: Opinion, posting: Posting) -> list[ShareItem]:
    wanted = set(posting.items)
    return [item for item in queries.items_of(WORKER, opinion) if str(item.pk) in wanted]


def _dated(standing: Standing) -> str:
    return standing.dated.isoformat() if standing.dated else ""
