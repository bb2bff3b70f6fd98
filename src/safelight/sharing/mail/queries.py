"""What mail knows. Guests are known by their links and browsers; letters by those who look after mail, and by the asker."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.digest import Digest
from safelight.kernel.errors import NotFound
from safelight.sharing import queries as opinions
from safelight.sharing.mail import rules
from safelight.sharing.mail_errors import NotYoursToPlace, NotYoursToSetUp
from safelight.sharing.models import ArrivedLetter, Guest, GuestBrowser, GuestCode, MailCertificate, Opinion, Placed, Posting
from safelight.sharing.rules import Part

ANSWERS = (Placed.ANSWER, Placed.BY_A_PERSON)


def guest_by_link(_actor: Actor, public_id: str, secret_digest: Digest, *, since: datetime) -> Guest | None:
    """The guest whose link this is, where the question in it is theirs and they may be sent another code: not too many of late, and
    not after so many that were used up by wrong digits. Right or wrong, it asks the database the same three things.
    """
    opinion = Opinion.objects.select_related("guest").filter(public_id=public_id, guest__secret_digest=secret_digest).first()
    codes = GuestCode.objects.filter(guest__secret_digest=secret_digest)
    lately, used_up = codes.filter(made_at__gt=since).count(), codes.filter(tries_left=0, used_at=None).count()
    may_have_more = lately < rules.CODES_AN_HOUR and used_up < rules.CODES_USED_UP
    return opinion.guest if opinion is not None and may_have_more else None


def leaves_a_trace(actor: Actor, public_id: str, secret_digest: Digest, network: Digest, *, now: datetime) -> bool:
    """Whether a link that is shown now is entered: one that a code answers always, every other within the limits of its network, of
    the question that it names and of the door. So a flood of links fills nothing up, and keeps nobody out who holds the right one.
    """
    since = now - rules.LINKS_COUNTED_FOR
    lately = GuestCode.objects.filter(made_at__gt=since)
    of_network, of_question = lately.filter(network=network).count(), lately.filter(public_id=public_id).count()
    full = of_network >= rules.LINKS_OF_NETWORK or of_question >= rules.LINKS_OF_QUESTION or lately.count() >= rules.LINKS_IN_ALL
    return guest_by_link(actor, public_id, secret_digest, since=since) is not None or not full


def can_be_tried(_actor: Actor, public_id: str, browser_digest: Digest, *, now: datetime) -> bool:
    """Whether digits that are typed in this browser can be counted against a code. Without one there is nothing to try or to record."""
    code = newest_code(_actor, public_id, browser_digest)
    return code is not None and code.used_at is None and code.tries_left > 0 and code.until > now


def codes_forgotten(_actor: Actor, *, before: datetime) -> QuerySet[GuestCode]:
    """For the worker: codes that were over by then, without those that were used up by wrong digits: they are counted for good."""
    return GuestCode.objects.filter(until__lt=before).exclude(Q(tries_left=0, used_at=None) & ~Q(guest=None))


def browsers_forgotten(_actor: Actor, *, before: datetime) -> QuerySet[GuestBrowser]:
    """For the worker: browsers whose proof was over by then."""
    return GuestBrowser.objects.filter(until__lt=before)


def newest_code(_actor: Actor, public_id: str, browser_digest: Digest) -> GuestCode | None:
    """The last code that a browser asked for."""
    return GuestCode.objects.filter(public_id=public_id, browser_digest=browser_digest).order_by("-made_at").first()


def guest_of_browser(_actor: Actor, public_id: str, browser_digest: Digest, *, now: datetime) -> tuple[Guest, Opinion, datetime] | None:
    """The guest who proved the mailbox in this browser, the question that the address names, where it is theirs, and when they did."""
    browser = GuestBrowser.objects.select_related("guest").filter(digest=browser_digest, until__gt=now).first()
    if browser is None:
        return None
    opinion = Opinion.objects.filter(public_id=public_id, guest=browser.guest).first()
    return (browser.guest, opinion, browser.proved_at) if opinion else None


def code_to_send(_actor: Actor, code_id: UUID, *, now: datetime) -> GuestCode | None:
    """A code that still is to be mailed: it belongs to a guest, and can still be used."""
    return GuestCode.objects.select_related("guest").filter(pk=code_id, until__gt=now, used_at=None).exclude(guest=None).first()


def guest_of_opinion(_actor: Actor, opinion_id: UUID) -> tuple[Opinion, Guest]:
    """For the worker: a question to somebody elsewhere. Raises NotFound."""
    found = Opinion.objects.select_related("guest").filter(pk=opinion_id).first()
    if found is None or found.guest is None:
        raise NotFound(opinion_id)
    return found, found.guest


def posting(_actor: Actor, posting_id: UUID) -> Posting:
    """For the worker: one letter. Raises NotFound."""
    found = Posting.objects.select_related("opinion", "guest").filter(pk=posting_id).first()
    if found is None:
        raise NotFound(posting_id)
    return found


def letters_due(actor: Actor, *, now: datetime) -> list[UUID]:
    """For the worker: the letters that are to be tried now, oldest first."""
    if actor.kind is not ActorKind.WORKER:
        return []
    rows = Posting.objects.filter(sent_at=None, refused_at=None, next_try_at__lte=now).order_by("next_try_at")
    return list(rows.values_list("pk", flat=True)[:100])


def letters_of(actor: Actor, opinion: Opinion) -> list[Posting]:
    """The letters about a question, for who asked it and for the worker."""
    mine = actor.kind is ActorKind.WORKER or opinions.is_askers(actor, opinion)
    return list(Posting.objects.filter(opinion=opinion).order_by("part")) if mine else []


def known(_actor: Actor, identity: str) -> bool:
    """Whether a letter came before."""
    return ArrivedLetter.objects.filter(identity=identity).exists()


def certificates(actor: Actor) -> list[MailCertificate]:
    """Every certificate in use, the one that ends first on top."""
    _require_set_up(actor)
    return list(MailCertificate.objects.filter(removed_at=None).order_by("good_until"))


def certificate(actor: Actor, certificate_id: UUID) -> MailCertificate:
    """One certificate in use. Raises NotFound."""
    _require_set_up(actor)
    found = MailCertificate.objects.filter(pk=certificate_id, removed_at=None).first()
    if found is None:
        raise NotFound(certificate_id)
    return found


def waiting_letters(actor: Actor) -> list[ArrivedLetter]:
    """The letters that nobody could place, oldest first."""
    _require_placing(actor)
    return list(ArrivedLetter.objects.filter(placed=Placed.WAITS).order_by("arrived_at"))


def letter(actor: Actor, letter_id: UUID) -> ArrivedLetter:
    """One letter that came in. Raises NotFound."""
    _require_placing(actor)
    found = ArrivedLetter.objects.select_related("letter").filter(pk=letter_id).first()
    if found is None:
        raise NotFound(letter_id)
    return found


def letter_with_files(actor: Actor, letter_id: UUID, *, now: datetime) -> ArrivedLetter:
    """A letter whose files the actor may have: whoever places letters, and whoever asked the question that it answers. Raises NotFound."""
    found = ArrivedLetter.objects.select_related("letter", "opinion").filter(pk=letter_id, attachments__gt=0).first()
    if found is None or not (rules.may_place(actor) or _answers_question_of(actor, found, now=now)):
        raise NotFound(letter_id)
    return found


def answered_by_itself(actor: Actor, opinion: Opinion, *, now: datetime) -> bool:
    """Whether the mailbox of the colleague answered by itself, as it does while somebody is away; for whoever asked."""
    return _asked(actor, opinion, now=now) and ArrivedLetter.objects.filter(opinion=opinion, placed=Placed.AUTOMATIC).exists()


def letters_with_files(actor: Actor, opinion: Opinion, *, now: datetime) -> list[ArrivedLetter]:
    """The letters with files that answer a question, oldest first, for whoever asked it."""
    if not _asked(actor, opinion, now=now):
        return []
    return list(ArrivedLetter.objects.filter(opinion=opinion, attachments__gt=0, placed__in=ANSWERS).order_by("arrived_at"))


def _answers_question_of(actor: Actor, letter: ArrivedLetter, *, now: datetime) -> bool:
    return letter.opinion is not None and letter.placed in ANSWERS and _asked(actor, letter.opinion, now=now)


def _asked(actor: Actor, opinion: Opinion, *, now: datetime) -> bool:
    try:
        return opinions.part_in(actor, opinion.pk, now=now)[1] is Part.ASKER
    except NotFound:
        return False


def open_questions_to(actor: Actor, domain: str) -> list[Opinion]:
    """The questions to guests of one whole domain that have not ended, newest first, for whoever files letters."""
    _require_placing(actor)
    rows = Opinion.objects.filter(guest__domain=domain, state__in=["offered", "opened", "answered"])
    return list(rows.select_related("guest").order_by("-asked_at"))


def _require_set_up(actor: Actor) -> None:
    if not rules.may_set_up(actor):
        raise NotYoursToSetUp


def _require_placing(actor: Actor) -> None:
    if not rules.may_place(actor):
        raise NotYoursToPlace
