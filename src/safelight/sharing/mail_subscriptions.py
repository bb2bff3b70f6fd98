"""What mail owes when something happens: a letter to a colleague elsewhere once the hold is over, a code when a link is shown."""

from safelight.audit.listeners import on
from safelight.kernel import clock
from safelight.outbox.flows import enqueue
from safelight.sharing.facts import OpinionAsked
from safelight.sharing.mail_facts import GuestCodeAsked
from safelight.sharing.mail_tasks import send_guest_code, write_to_guest

# The engine's clock and ours may differ by a little: a letter asked for too early would find the question still held.
MARGIN = 0.5


@on(OpinionAsked)
def a_guest_is_written_to(fact: OpinionAsked) -> None:
    if fact.guest is not None:
        after = max((fact.held_until - clock.now()).total_seconds(), 0) + MARGIN
        enqueue(write_to_guest, fact.opinion, queue="mail", key=f"letter:{fact.opinion}", after=after)


@on(GuestCodeAsked)
def a_code_is_mailed(fact: GuestCodeAsked) -> None:
    """For every link that is shown: where it leads nowhere the work finds nothing to do, and took the same time to promise."""
    enqueue(send_guest_code, fact.code, queue="mail", key=f"code:{fact.code}")
