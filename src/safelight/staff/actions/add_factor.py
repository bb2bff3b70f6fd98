from datetime import datetime

from allauth.mfa.models import Authenticator

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.staff import guarding, rules
from safelight.staff.errors import ProofNeeded
from safelight.staff.facts import FactorAdded
from safelight.staff.models import Person
from safelight.staff.said import NewFactor


@action
def add_factor(*, by: Actor, factor: NewFactor, now: datetime) -> None:
    """Add a passkey or a code app to one's own account.

    1. A factor was shown within five minutes (ASVS 7.5.1).
    2. A new code app takes the place of the old one: there is one at a time.
    """
    if not rules.proved(by, now=now):  # (1)
        raise ProofNeeded
    person = Person.objects.select_for_update().get(pk=by.id)
    if factor.kind == Authenticator.Type.TOTP:  # (2)
        Authenticator.objects.filter(user=person, type=factor.kind).delete()
    made = guarding.keep_factor(person, factor, now=now)
    state(FactorAdded(person=by.id, factor=made.pk, kind=factor.kind))
