from datetime import datetime, timedelta
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest
from safelight.sharing.mail import queries, rules
from safelight.sharing.mail_facts import GuestCodeAsked
from safelight.sharing.models import GuestCode


@action
def ask_guest_code(
    *,
    by: Actor,
    public_id: str,
    secret_digest: Digest,
    browser_digest: Digest,
    code_digest: Digest,
    network: Digest,
    now: datetime,
    new_id: UUID,
) -> None:
    """Show a link, so that a one-time code goes to the mailbox of the colleague who was asked.

    1. Right, wrong, ended or taken back: a row is made, an entry is written and work is promised all the same, so nobody can tell.
    2. Only where link and question belong together, and not too often, is there a mailbox that the code goes to.
    3. The code opens the browser that asked for it, and no other.
    """
    guest = queries.guest_by_link(by, public_id, secret_digest, since=now - timedelta(hours=1))  # (2)
    GuestCode.objects.create(  # (1)
        id=new_id,
        guest=guest,
        public_id=public_id,
        digest=code_digest,
        browser_digest=browser_digest,  # (3)
        made_at=now,
        until=now + rules.CODE_HOLDS,
        tries_left=rules.CODE_TRIES,
        network=network,
    )
    state(GuestCodeAsked(code=new_id, guest=guest.pk if guest else None))
