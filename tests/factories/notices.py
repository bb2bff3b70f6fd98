"""Questions as notices see them, and channels that work. A question here has no photos: no notice knows of any."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tests.factories.patients import make_patient
from tests.factories.staff import actor_of, make_person
from tests.factories.teams import administrator

from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.patients.models import Patient
from safelight.sharing.actions.add_channel import add_channel
from safelight.sharing.actions.note_channel_tested import note_channel_tested
from safelight.sharing.actions.tell_those_asked import tell_those_asked
from safelight.sharing.models import Channel, Opinion, Urgency
from safelight.sharing.models.notices import Kind
from safelight.sharing.notices import sending
from safelight.sharing.notices.rules import ClockRules
from safelight.sharing.notices.web_push import Subscription
from safelight.sharing.notices.webhook import Hook
from safelight.staff.models import Person, Team
from safelight.vault import upkeep


def make_question(
    *,
    team: Team | None = None,
    person: Person | None = None,
    urgency: Urgency = Urgency.URGENT,
    asker: Person | None = None,
    fixed: ClockRules | None = None,
    at: datetime | None = None,
) -> Opinion:
    """A question that was asked now, and told of by the real action. Dr A Khan asks unless said otherwise."""
    now = at or clock.now()
    asked_by = asker or make_person()
    row = Opinion.objects.create(
        id=uuid4(),
        public_id=uuid4().hex[:10],
        asking=uuid4(),
        patient=Patient.objects.first() or make_patient(),
        question=b"sealed",
        urgency=urgency,
        asked_by=asked_by.pk,
        asked_at=now,
        held_until=now,
        expires_at=now + timedelta(days=7),
        team=team,
        person=person,
    )
    tell_those_asked(by=WORKER, opinion_id=row.pk, fixed=fixed or ClockRules(), occasion="asked", now=now)
    return row


def make_webhook(
    address: str = "https://pager.example/call", *, team: Team | None = None, person: Person | None = None, tested: bool = True
) -> Channel:
    """A pager's gateway of a team (or of a person), which took a test unless said otherwise."""
    return _channel(Kind.WEBHOOK, "Pager", Hook(address, "a secret that both know").plain(), team, person, tested=tested)


def make_push(subscription: Subscription, *, person: Person, tested: bool = True) -> Channel:
    """A browser of a person."""
    return _channel(Kind.PUSH, "Chrome on Linux", subscription.plain(), None, person, tested=tested)


def _channel(kind: Kind, name: str, plain: bytes, team: Team | None, person: Person | None, *, tested: bool) -> Channel:
    upkeep.make_keys()
    pk: UUID = uuid4()
    by = actor_of(person) if person else administrator()
    add_channel(
        by=by,
        channel_id=pk,
        kind=kind,
        name=name,
        sealed=sending.seal(plain, channel=pk),
        person=person.pk if person else None,
        team=team.pk if team else None,
        now=clock.now(),
    )
    if tested:
        note_channel_tested(by=by, channel_id=pk, why="", now=clock.now())
    return Channel.objects.get(pk=pk)
