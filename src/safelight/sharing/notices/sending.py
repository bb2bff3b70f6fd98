"""Sending one notice, or a test, by whatever channel it goes. Waits for a network: never inside an action."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings

from safelight.kernel.actor import Actor
from safelight.sharing.courier import courier
from safelight.sharing.models.notices import Channel, Kind, Notice, Says
from safelight.sharing.notice_errors import ChannelGone, NoPushHere
from safelight.sharing.notices import rules, standing, web_push, webhook, words
from safelight.sharing.notices.web_push import Sender, Subscription
from safelight.sharing.notices.webhook import Hook
from safelight.sharing.ports import Letter
from safelight.staff.models import Person
from safelight.vault.fields import open_field, seal_field

URGENT = frozenset({Says.URGENT, Says.URGENT_AGAIN, Says.NOBODY_OPENED, Says.NOBODY_ANSWERED})


@dataclass(frozen=True, slots=True, repr=False)
class Errand:
    """One notice as it is to be sent. `tries` is how many have failed before."""

    notice: UUID
    kind: Kind
    channel: Channel | None
    mail: str
    message_id: str
    subject: str
    text: str
    code: str
    address: str
    urgent: bool
    tries: int = 0
    more: dict[str, str] = field(default_factory=dict)


def errand(_actor: Actor, notice_id: UUID, *, now: datetime) -> Errand | None:
    """A notice that still is to be sent; None where it was sent, given up, or tells nothing any more. The worker asks."""
    rows = Notice.objects.select_related("opinion__team", "person", "team", "channel")
    notice = rows.filter(pk=notice_id, sent_at=None, given_up_at=None).first()
    if notice is None or not rules.still_to_tell(notice.opinion, Says(notice.says), now=now):
        return None
    team, says = notice.opinion.team, Says(notice.says)
    name, phone = (team.name, team.phone) if team else ("", "")
    address = f"{settings.SAFELIGHT_ADDRESS}/o/{notice.opinion.public_id}/"
    left = says in standing.OF_ITS_END and notice.person_id != notice.opinion.asked_by
    sentence = (
        words.sentence_left(says, team=name, phone=phone) if left else words.sentence(says, whom=name or "you", team=name, phone=phone)
    )
    return Errand(
        notice=notice.pk,
        kind=Kind(notice.kind),
        channel=notice.channel,
        mail=notice.person.email if notice.person and notice.channel is None else "",
        message_id=notice.message_id,
        subject=words.SUBJECT_LEFT if left else words.SUBJECTS[says],
        text=words.with_link(sentence, address),
        code=says.value,
        address=address,
        urgent=says in URGENT,
        tries=notice.tries,
        more={"team": name, "phone": phone},
    )


def test_errand(channel: Channel, *, test_id: UUID) -> Errand:
    """A test of a channel. It says that it is one."""
    return Errand(
        notice=test_id,
        kind=Kind(channel.kind),
        channel=channel,
        mail=channel.person.email if channel.person else "",
        message_id=f"<{test_id}@{settings.SAFELIGHT_ORIGIN.partition('/')[0]}>",
        subject=words.TEST_SUBJECT,
        text=words.TEST,
        code="test",
        address=f"{settings.SAFELIGHT_ADDRESS}/me/notices/",
        urgent=False,
    )


def own_mail(person: Person, *, new_id: UUID) -> Channel:
    """The row of a person's own mail, or a new one that no action has kept yet."""
    known = Channel.objects.filter(person=person, kind=Kind.MAIL, removed_at=None).first()
    return known or Channel(id=new_id, person=person, kind=Kind.MAIL, name="Work mail")


def send(one: Errand, *, now: datetime) -> None:
    """When this returns, the next server has it. Raises a Refusal (for good) or Unavailable (a repeat is right)."""
    match one.kind:
        case Kind.MAIL:
            to = one.mail or _opened(one.channel).decode()
            courier().send(Letter(to=(to,), subject=one.subject, text=one.text), message_id=one.message_id)
        case Kind.PUSH:
            payload = {"notice": str(one.notice), "says": one.code, "open": one.address.removeprefix(settings.SAFELIGHT_ADDRESS)}
            given = Subscription.of(_opened(one.channel))
            web_push.send(given, payload, notice=one.notice, urgent=one.urgent, sender=push_sender())
        case Kind.WEBHOOK:
            payload = {"says": one.code, "text": one.text, "open": one.address, "urgent": "yes" if one.urgent else "no", **one.more}
            hook = Hook.of(_opened(one.channel))
            webhook.send(hook, payload, notice=one.notice, hosts=settings.SAFELIGHT_WEBHOOK_HOSTS, now=now)
        case Kind.SCREEN:
            return


def push_sender() -> Sender:
    """In whose name pushes go out. Raises NoPushHere where the site has not switched them on."""
    if not settings.SAFELIGHT_PUSH_CONTACT:
        raise NoPushHere
    return Sender(settings.SAFELIGHT_PUSH_KEY, settings.SAFELIGHT_PUSH_CONTACT, settings.SAFELIGHT_PUSH_HOSTS)


def seal(plain: bytes, *, channel: UUID) -> bytes:
    """Seal a channel's address and keys for its row."""
    return seal_field(plain, context=_context(channel))


def _opened(channel: Channel | None) -> bytes:
    if channel is None or not channel.sealed:
        raise ChannelGone(channel.pk if channel else None)
    return open_field(bytes(channel.sealed), context=_context(channel.pk))


def _context(channel: UUID) -> str:
    return f"sharing|channel|{channel}"
