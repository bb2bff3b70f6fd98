from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing.mail import queries, rules
from safelight.sharing.mail_facts import GuestTracesForgotten


@action
def forget_guest_traces(*, by: Actor, now: datetime) -> None:
    """Take away the codes and the proofs of guests that are over. What was asked and tried stays in the ledger.

    1. What is over for less than the limits count back stays.
    """
    before = now - rules.LINKS_COUNTED_FOR  # (1)
    codes, _ = queries.codes_forgotten(by, before=before).delete()
    browsers, _ = queries.browsers_forgotten(by, before=before).delete()
    state(GuestTracesForgotten(codes=codes, browsers=browsers))
