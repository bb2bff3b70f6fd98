"""Work that mail has promised: codes and letters go out, and what came in is fetched.

A letter that cannot be sent is not waited for in a slot: its row says when it is tried again, and each minute takes what is due.
"""

from dataclasses import replace
from hashlib import sha256
from uuid import UUID, uuid4

from django.conf import settings

from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.kernel.errors import Refusal, SafelightError
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.outbox.flows import flow, step
from safelight.outbox.ticker import each_minute
from safelight.sharing import queries as opinions
from safelight.sharing.actions.note_letter_arrived import note_letter_arrived
from safelight.sharing.actions.note_letter_not_sent import note_letter_not_sent
from safelight.sharing.actions.note_letter_sent import note_letter_sent
from safelight.sharing.actions.promise_letters import promise_letters
from safelight.sharing.courier import courier
from safelight.sharing.errors import NoConsentToShare, OpinionOver
from safelight.sharing.mail import composing, guests, incoming, mailbox, opening, placing, queries, rules
from safelight.sharing.mail.mailbox import Box, Found
from safelight.sharing.models import Posting
from safelight.vault import objects
from safelight.vault.models import Rendition

HOLDER = "mail"
LARGEST_COPY = 64 << 20


@flow
def send_guest_code(code_id: str) -> None:
    """A one-time code goes to the mailbox of a guest."""
    mail_code(code_id)


@flow
def write_to_guest(opinion_id: str) -> None:
    """A colleague elsewhere is written to, once nobody took the question back."""
    if plan_letters(opinion_id):
        send_letters_about(opinion_id)


@each_minute
@flow
def send_letters_that_wait(minute: str) -> None:
    """Letters that could not be sent are tried again."""
    send_all_due(minute)


@each_minute
@flow
def fetch_letters(minute: str) -> None:
    """What came into the mailbox is fetched, and every letter finds its place or a person."""
    fetch_all(minute)


@step(tries=6, wait=2)
def mail_code(code_id: str) -> None:
    """A code that is too old by now, or leads nowhere, is not sent."""
    code = queries.code_to_send(WORKER, UUID(code_id), now=clock.now())
    if code is not None and code.guest is not None:
        courier().send(composing.code_letter(code, code.guest), message_id=composing.message_id(code.pk))


@step(tries=8)
def plan_letters(opinion_id: str) -> bool:
    """How many letters it takes. False where the question ended in the meantime: then none is written."""
    opinion, guest = queries.guest_of_opinion(WORKER, UUID(opinion_id))
    now = clock.now()
    try:
        composing.require_open(opinion, now=now)
    except (OpinionOver, NoConsentToShare):
        return False
    groups: list[list[UUID]] = [[]]
    if guest.by_letter:
        items = opinions.items_of(WORKER, opinion)
        sizes = [len(one.data) for one in composing.enclosed(opinion, items, name=guests.who(guest).name, now=now)]
        groups = [[items[place].pk for place in places] for places in rules.split(sizes)]
    numbers = [uuid4() for _ in groups]
    parts = tuple((number, composing.message_id(number), tuple(group)) for number, group in zip(numbers, groups, strict=True))
    try:
        promise_letters(by=WORKER, opinion_id=opinion.pk, parts=parts, now=now)
    except NotPossibleNow:  # an earlier run promised them
        return True
    return True


@step(tries=3)
def send_letters_about(opinion_id: str) -> None:
    due = set(queries.letters_due(WORKER, now=clock.now()))
    for posting in queries.letters_of(WORKER, queries.guest_of_opinion(WORKER, UUID(opinion_id))[0]):
        if posting.pk in due:
            _carry(queries.posting(WORKER, posting.pk))


@step(tries=3)
def send_all_due(minute: str) -> None:  # noqa: ARG001 - the minute is the key of the promise
    for posting_id in queries.letters_due(WORKER, now=clock.now()):
        _carry(queries.posting(WORKER, posting_id))


@step(tries=2)
def fetch_all(minute: str) -> None:  # noqa: ARG001 - the minute makes the work once
    """A letter leaves the inbox only after what became of it has committed: one that is read twice is known by its identity."""
    where = mailbox.configured()
    if where is None:
        return
    with Box.open(where) as box:
        for found in box.letters():
            _take_in(found)
            box.done(found)


def _take_in(found: Found) -> None:
    came, raw = incoming.read(found.raw), found.raw
    if not found.whole:
        came = replace(came, identity=sha256(raw).hexdigest())  # there is no body to know it by
    if queries.known(WORKER, came.identity):
        return
    inside = _opened(raw) if came.encrypted and found.whole else None
    if inside is not None:  # kept as it was opened: the site's key may be another by the time it is read
        came, raw = replace(incoming.read(inside), identity=came.identity), inside
    kept = objects.keep([raw], rendition=Rendition.LETTER, holder=HOLDER, limit=LARGEST_COPY)
    said = placing.said(came, raw, letter=uuid4(), answer=uuid4(), kept=kept, uid_validity=found.validity, uid=found.uid, whole=found.whole)
    note_letter_arrived(by=WORKER, said=said, now=clock.now())


def _opened(raw: bytes) -> bytes | None:
    """What was encrypted to the site's own certificate; None where none is set, or it does not open: then a person deals with it."""
    own = settings.SAFELIGHT_LETTER_KEY
    return opening.opened(raw, certificate=own[0], key=own[1]) if own else None


def _carry(posting: Posting) -> None:
    """One try of one letter. What came of it stands in its row; no failure of one keeps another from being sent."""
    now = clock.now()
    try:
        composing.require_open(posting.opinion, now=now)  # taken back or withdrawn since it was promised
        ready = composing.ready(posting, now=now)
        composing.require_open(queries.posting(WORKER, posting.pk).opinion, now=clock.now())  # while its photos were drawn
        courier().send(ready.letter, message_id=posting.message_id)
    except SafelightError as fault:
        _note_failure(posting, fault)
        return
    copy = composing.filed(ready.letter, guest=posting.guest_id, message_id=posting.message_id, at=now)
    kept = objects.keep([copy], rendition=Rendition.LETTER, holder=HOLDER, limit=LARGEST_COPY)
    try:
        note_letter_sent(
            by=WORKER,
            posting_id=posting.pk,
            copy=kept,
            copies=ready.copies,
            secure=ready.letter.secure,
            encrypted=bool(ready.letter.certificates),
            list_dated=ready.list_dated,
            now=clock.now(),
        )
    except NotPossibleNow:  # another run sent it too: the letters share a Message-ID
        return


def _note_failure(posting: Posting, fault: SafelightError) -> None:
    for_good = isinstance(fault, Refusal)
    try:
        note_letter_not_sent(by=WORKER, posting_id=posting.pk, tries=posting.tries, why=fault.code, for_good=for_good, now=clock.now())
    except NotPossibleNow:  # another run noted it
        return
