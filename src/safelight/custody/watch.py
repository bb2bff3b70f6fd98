"""What custody looks at once a minute, and after each import: late cameras, silent cards, cameras that can be unlocked."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from safelight.custody import registry, rules
from safelight.custody.actions.find_card import find_card
from safelight.custody.actions.tell_not_seen import tell_not_seen
from safelight.custody.actions.tell_overdue import tell_overdue
from safelight.custody.actions.unlock_camera import unlock_camera
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.kernel.errors import Refusal
from safelight.outbox.flows import flow, step
from safelight.outbox.ticker import each_minute


@each_minute
@flow
def watch_cameras(minute: str) -> None:
    """Each minute: say once what is late or silent, and unlock what can be unlocked."""
    look(minute)


@flow
def unlock_after_import(import_id: str) -> None:
    """A card was erased: its camera may be ready again, and nobody should wait a minute for it."""
    look(import_id)


@step(tries=3)
def look(_about: str) -> None:
    look_round(now=clock.now())


def look_round(*, now: datetime) -> None:
    """Do what is due. Whoever was first has done it: a refusal here is an answer."""
    for late in registry.overdue_untold(WORKER, now=now):
        with suppress(Refusal):
            tell_overdue(by=WORKER, check_out_id=late, now=now)
    for silent in registry.silent_cards(WORKER, now=now):
        with suppress(Refusal):
            tell_not_seen(by=WORKER, card_id=silent.pk, now=now)
    for found in registry.lost_cards_seen(WORKER):
        with suppress(Refusal):
            find_card(by=WORKER, card_id=found, now=now)
    for locked in _unlockable():
        with suppress(Refusal):
            unlock_camera(by=WORKER, camera_id=locked, now=now)


def _unlockable() -> list[UUID]:
    found = []
    for camera in registry.locked_cameras(WORKER):
        cards = registry.cards_of(WORKER, camera.pk)
        if rules.can_unlock(cards=cards, last_out_at=registry.last_outs(WORKER, cards)):
            found.append(camera.pk)
    return found
