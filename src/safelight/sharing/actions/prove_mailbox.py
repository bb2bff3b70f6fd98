from datetime import datetime
from uuid import UUID

from django.db.models import F

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest
from safelight.sharing.mail import guests, queries, rules
from safelight.sharing.mail_facts import GuestCodeTried
from safelight.sharing.models import GuestBrowser, GuestCode


@action
def prove_mailbox(
    *, by: Actor, public_id: str, digits: str, browser_digest: Digest, new_browser_digest: Digest, now: datetime, new_id: UUID
) -> bool:
    """Type the code that went to the mailbox. Whether it fitted: from then on the browser's new cookie stands for the guest.

    1. The newest code that this browser asked for; within its minutes, its tries, and once.
    2. A try is used up before the code is compared: one update decides between two at once.
    3. What does not fit is counted and recorded, so it is an answer and no refusal, which would leave no trace.
    """
    code = queries.newest_code(by, public_id, browser_digest)  # (1)
    usable = GuestCode.objects.filter(pk=code.pk, used_at=None, until__gt=now, tries_left__gt=0) if code else GuestCode.objects.none()
    tried = bool(usable.update(tries_left=F("tries_left") - 1))  # (2)
    proved = False
    if code is not None and code.guest_id is not None and tried and guests.code_digest(code.pk, digits) == code.digest:
        proved = bool(GuestCode.objects.filter(pk=code.pk, used_at=None).update(used_at=now))
        if proved:
            until = now + rules.PROOF_HOLDS
            GuestBrowser.objects.create(id=new_id, guest_id=code.guest_id, digest=new_browser_digest, proved_at=now, until=until)
    state(GuestCodeTried(code=code.pk if code else None, guest=code.guest_id if code else None, proved=proved))  # (3)
    return proved
