from datetime import datetime

from django.conf import settings

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing import rules
from safelight.sharing.errors import NotYoursToAsk, ProofTooOld
from safelight.sharing.mail import accredited
from safelight.sharing.mail.guests import GuestSaid
from safelight.sharing.mail_errors import NotAccredited
from safelight.sharing.mail_facts import GuestConfirmed
from safelight.sharing.models import Guest


@action
def confirm_guest(*, by: Actor, said: GuestSaid, now: datetime) -> Guest:
    """Confirm who a colleague elsewhere is, before a question goes to them. Confirming asks nobody yet.

    1. Whoever may ask, freshly proved (S3).
    2. The whole domain is looked up in the list of DCB1596; unknown, or no list, is not accredited (G2).
    3. A link opens by a code to the mailbox: only where the domain is accredited. A letter goes elsewhere too, where
       it can be encrypted: here, by a certificate, or by the relay.
    4. The decision keeps the list's date.
    """
    if not rules.may_ask(by):  # (1)
        raise NotYoursToAsk
    if not by.proved_within(rules.PROOF_FOR, now=now):
        raise ProofTooOld
    standing = accredited.standing(by, said.domain)  # (2)
    trigger = settings.SAFELIGHT_SECURE_TRIGGER
    if not accredited.reachable(standing, by_letter=said.by_letter, certified=said.certified, trigger=trigger):  # (3)
        raise NotAccredited
    guest = Guest.objects.create(
        id=said.id,
        sealed=said.sealed,
        domain=said.domain,
        accredited=standing.accredited,
        list_dated=standing.dated,  # (4)
        by_letter=said.by_letter,
        secret_digest=said.secret_digest,
        token_digest=said.token_digest,
        confirmed_by=by.id,
        confirmed_at=now,
    )
    dated = standing.dated.isoformat() if standing.dated else ""
    state(GuestConfirmed(guest=said.id, accredited=standing.accredited, list_dated=dated, by_letter=said.by_letter))
    return guest
