from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor, Role
from safelight.staff import rules
from safelight.staff.errors import NotForYou, ProofNeeded, SecondNotForKeys, TwoPeopleNeeded
from safelight.staff.facts import KeysAgreed
from safelight.staff.models import Agreement, ForKeys, Person


@action
def agree_to_keys(*, by: Actor, what: ForKeys, second_person: UUID | None, now: datetime, new_id: UUID) -> Agreement:
    """Agree, as two people, that one thing is done to the keys at the command line, once, within four hours (ASVS 2.3.5).

    1. An administrator asks in person, freshly proved: the command line cannot agree with itself.
    2. The second is somebody else, by whatever sign-in, who showed who they are beside the first.
    3. The second answers for keys too: another administrator, or the IG lead.
    """
    if not rules.may_ask_for_keys(by):  # (1)
        raise NotForYou
    if not rules.proved(by, now=now):
        raise ProofNeeded
    if second_person is None or not rules.two_people(by, second_person, about=by.id):  # (2)
        raise TwoPeopleNeeded
    second = Person.objects.filter(pk=second_person).first()
    if second is None or not rules.answers_for_keys(second, Role.ADMINISTRATOR, Role.IG_LEAD):  # (3)
        raise SecondNotForKeys
    made = Agreement.objects.create(id=new_id, what=what, asked_by_id=by.id, agreed_by=second, agreed_at=now, until=now + rules.AGREED_FOR)
    state(KeysAgreed(agreement=made.pk, what=what, asked_by=by.id, agreed_by=second.pk, until=made.until))
    return made
