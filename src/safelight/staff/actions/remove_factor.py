from datetime import datetime

from allauth.mfa.models import Authenticator

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.staff import rules
from safelight.staff.errors import LastFactor, ProofNeeded
from safelight.staff.facts import FactorRemoved
from safelight.staff.models import Person


@action
def remove_factor(*, by: Actor, factor: int, now: datetime) -> None:
    """Remove a passkey or code app from one's own account.

    1. A factor was shown within five minutes (ASVS 7.5.1).
    2. The last one stays. The person's row is held meanwhile, so that two at once cannot remove two last ones.
    """
    if not rules.proved(by, now=now):  # (1)
        raise ProofNeeded
    person = Person.objects.select_for_update().get(pk=by.id)
    mine = Authenticator.objects.filter(user=person)
    found = mine.filter(pk=factor).first()
    if found is None:
        raise NotFound(by.id)
    if mine.count() == 1:  # (2)
        raise LastFactor
    found.delete()
    state(FactorRemoved(person=by.id, factor=factor, kind=found.type, second_person=None))
