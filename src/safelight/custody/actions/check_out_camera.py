from datetime import datetime
from uuid import UUID

from django.conf import settings

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.custody import registry, rules
from safelight.custody.errors import (
    CameraTaken,
    CardNotEmpty,
    DueTooLate,
    NoCard,
    NotForYou,
    NotInUse,
    ReasonNeeded,
    SamePerson,
    SecondSignatureNeeded,
)
from safelight.custody.facts import CameraOut
from safelight.custody.lifecycle import CAMERA, CameraMove
from safelight.custody.models import Camera, Card, CheckOut
from safelight.custody.rules import Readiness
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound, Refusal
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.staff.models import Person

IN_THE_WAY: dict[Readiness, type[Refusal]] = {
    Readiness.OUT: CameraTaken,
    Readiness.LOCKED: CardNotEmpty,
    Readiness.NOT_EMPTY: CardNotEmpty,
    Readiness.NO_CARD: NoCard,
    Readiness.FAULTY: NotInUse,
    Readiness.LOST: NotInUse,
    Readiness.RETIRED: NotInUse,
}


@action
def check_out_camera(
    *, by: Actor, camera_id: UUID, due_at: datetime, reason: str, second: UUID | None, now: datetime, new_id: UUID
) -> CheckOut:
    """Give a camera to the person who asks for it.

    1. It is in its cabinet and its card is proved empty: against that no reason helps.
    2. It comes back within a day.
    3. Where two signatures are asked for, another person has signed. That it is them was proved before this.
    4. Training, clock and ward stand against it unless a reason is given, which is kept and shown to the IG lead.
    5. One update decides between two people who take one camera.
    """
    # Whoever comes second waits here and then sees a camera that is out, not a card in use.
    camera = Camera.objects.select_for_update(of=("self",)).select_related("cabinet").filter(pk=camera_id).first()
    person = Person.objects.filter(pk=by.id, is_active=True).first()
    if camera is None:
        raise NotFound(camera_id)
    if person is None:
        raise NotForYou
    card = _ready_card(by, camera)  # (1)
    if not now < due_at <= now + rules.LONGEST_OUT:  # (2)
        raise DueTooLate(camera_id)
    signed = _second(by, camera, second)  # (3)
    against = rules.what_stands_against(camera, by=by, ward=camera.cabinet.ward, trained_until=person.trained_until, now=now)
    set_aside = tuple(sorted(rule.value for rule in against))
    if set_aside and not reason.strip():  # (4)
        raise ReasonNeeded(*set_aside)
    try:
        move(camera, CAMERA, CameraMove.CHECK_OUT, by=by, at=now, holder_id=by.id, due_at=due_at)  # (5)
    except NotPossibleNow:
        raise CameraTaken(camera_id) from None
    made = CheckOut.objects.create(
        id=new_id,
        camera=camera,
        card=card,
        person=person,
        second_person_id=signed,
        out_at=now,
        due_at=due_at,
        set_aside=list(set_aside),
        reason=reason.strip() if set_aside else "",
    )
    state(CameraOut(camera=camera_id, check_out=new_id, person=by.id, second_person=signed, due_at=due_at, set_aside=set_aside))
    return made


def _ready_card(by: Actor, camera: Camera) -> Card:
    cards = registry.cards_of(by, camera.pk)
    found = rules.readiness(camera, cards=cards, last_out_at=registry.last_outs(by, cards))
    if found in IN_THE_WAY:
        raise IN_THE_WAY[found](camera.pk)
    return next(card for card in cards if rules.usable(card))


def _second(by: Actor, camera: Camera, second: UUID | None) -> UUID | None:
    if second is None:
        if rules.two_signatures(camera, everywhere=settings.SAFELIGHT_TWO_SIGNATURES):
            raise SecondSignatureNeeded(camera.pk)
        return None
    if second == by.id or not Person.objects.filter(pk=second, is_active=True).exists():
        raise SamePerson(camera.pk)
    return second
