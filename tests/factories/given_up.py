"""A card that came out too early, and what people decide about its photos: through the real actions."""

from datetime import timedelta
from uuid import uuid4

from tests.factories.frames import NOW
from tests.factories.staff import actor_of, make_person

from safelight.custody import ahead
from safelight.custody.actions.agree_to_disposal import agree_to_disposal
from safelight.custody.actions.ask_for_disposal import ask_for_disposal
from safelight.custody.actions.give_up_card import give_up_card
from safelight.custody.models import Disposal, Import
from safelight.custody.rules import WhyGivenUp
from safelight.kernel.actor import WORKER, Role
from safelight.vault import fields

LATER = NOW + timedelta(minutes=3)


def somebody(role: Role = Role.IG_LEAD, name: str = "lead"):
    return actor_of(make_person(name, f"Dr {name.title()}", [role]))


def card(*, now=LATER):
    [found] = ahead.being_read(WORKER, now=now)
    return found


def give_up(by=None, *, key=None, seen=None, why=WhyGivenUp.LOST, now=LATER) -> Import:
    by, new_id = by or somebody(), uuid4()
    found = None if key and seen else card(now=now)
    key, seen = key or found.key, seen or found.came
    names = {
        note: (uuid4(), fields.seal_field(f"photo.{ending}".encode(), context=f"place|{new_id}")) for note, ending in ahead.endings(by, key)
    }
    return give_up_card(by=by, key=key, seen=seen, why=why, names=names, now=now, new_id=new_id)


def ask(by=None, *, reason="Test shots of the floor.", now=LATER) -> Disposal:
    found = card(now=now)
    return ask_for_disposal(by=by or somebody(), key=found.key, seen=found.came, reason=reason, now=now, new_id=uuid4())


def agree(by=None, *, key=None, seen=1, now=LATER) -> None:
    agree_to_disposal(by=by or somebody(name="other"), key=key or card(now=now).key, seen=seen, now=now)
