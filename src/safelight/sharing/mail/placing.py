"""Where a letter that came in belongs: looked up by token and Message-ID, its signature checked, its words sealed.

Slow: before the action.
"""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from safelight.kernel.digest import Digest
from safelight.sharing import answering
from safelight.sharing.answering import AnswerSaid
from safelight.sharing.mail import composing, incoming, smime
from safelight.sharing.mail.addresses import address
from safelight.sharing.mail.incoming import Came
from safelight.sharing.models import Guest, Opinion, Placed, Posting
from safelight.vault.kept import Kept

AUTOMATIC, DOUBTFUL, NO_KEY, OTHER_DOMAIN = "automatic", "doubtful", "no_key", "other_domain"
NO_WORDS, BAD_SIGNATURE, ENCRYPTED, TOO_LARGE = "no_words", "bad_signature", "encrypted", "too_large"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ArrivedSaid:
    """A letter ready to be noted. `answer` is there where it answers the question of `guest`; `why` says what kept it from that."""

    id: UUID
    kept: Kept
    identity: str
    uid_validity: int
    uid: int
    domain: str
    placed: Placed
    why: str
    signed: bool
    attachments: int
    opinion: UUID | None = None
    guest: UUID | None = None
    posting: UUID | None = None
    answer: AnswerSaid | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What was decided of a letter."""

    placed: Placed
    why: str = ""
    opinion: Opinion | None = None
    posting: Posting | None = None
    signed: bool = False
    words: str = ""


def place(came: Came, raw: bytes, *, whole: bool = True) -> Place:
    """The order of `incoming`: machines first, then the token, then the letter that is answered; the rest goes to a person, and so does
    one of which the headers alone were read.
    """
    returned = Posting.objects.filter(return_tag__in=came.tags).first() if came.tags else None
    opinion = _by_token(came) or _by_letter(came)  # (2) (3)
    if came.report and returned:  # (1)
        return Place(Placed.RETURNED, posting=returned)
    if came.automatic or came.report:  # of a machine where the colleague works, the asker learns that it answered
        theirs = (
            opinion is not None and opinion.guest is not None and came.sender is not None and came.sender.domain == opinion.guest.domain
        )
        return Place(Placed.AUTOMATIC, AUTOMATIC, opinion if theirs else None)
    if not whole or opinion is None or opinion.guest is None:
        return Place(Placed.WAITS, NO_KEY) if whole else Place(Placed.WAITS, TOO_LARGE, opinion)  # (4)
    if why := _for_a_person(came, opinion.guest):  # (5) (6)
        return Place(Placed.WAITS, why, opinion)
    signed = came.signed and _is_of_sender(came, raw)
    if came.signed and not signed:
        return Place(Placed.WAITS, BAD_SIGNATURE, opinion)
    words = incoming.answer_in(came.words, above=composing.ABOVE)
    return Place(Placed.ANSWER, "", opinion, None, signed, words) if words else Place(Placed.WAITS, NO_WORDS, opinion)


def _for_a_person(came: Came, guest: Guest) -> str:
    """Why a letter that names the guest's question is no answer by itself; empty where nothing keeps it from being one."""
    if came.doubtful:
        return DOUBTFUL
    if came.sender is None or came.sender.domain != guest.domain:
        return OTHER_DOMAIN
    return ENCRYPTED if came.encrypted else ""


def said(came: Came, raw: bytes, *, letter: UUID, answer: UUID, kept: Kept, uid_validity: int, uid: int, whole: bool = True) -> ArrivedSaid:
    """A letter with what was decided of it."""
    found = place(came, raw, whole=whole)
    return ArrivedSaid(
        id=letter,
        kept=kept,
        identity=came.identity,
        uid_validity=uid_validity,
        uid=uid,
        domain=came.sender.domain if came.sender else "",
        placed=found.placed,
        why=found.why,
        signed=found.signed,
        attachments=came.attachments,
        opinion=found.opinion.pk if found.opinion else None,
        guest=found.opinion.guest_id if found.opinion else None,
        posting=found.posting.pk if found.posting else None,
        answer=answering.say(answer, quick=None, words=found.words) if found.placed is Placed.ANSWER else None,
    )


def _by_token(came: Came) -> Opinion | None:
    digests = [Digest.of(tag.encode()) for tag in came.tags]
    guest = Guest.objects.filter(token_digest__in=digests).first() if digests else None
    return Opinion.objects.select_related("guest").filter(guest=guest).first() if guest else None


def _by_letter(came: Came) -> Opinion | None:
    posting = Posting.objects.select_related("opinion__guest").filter(message_id__in=came.answers_to).first() if came.answers_to else None
    return posting.opinion if posting else None


def _is_of_sender(came: Came, raw: bytes) -> bool:
    trusted = settings.SAFELIGHT_LETTER_AUTHORITIES
    signer = smime.signer_of(raw, trusted=Path(trusted)) if trusted else None
    if signer is None or came.sender is None:
        return False
    return came.sender.key in {address(each).key for each in smime.addresses_in(signer)}
