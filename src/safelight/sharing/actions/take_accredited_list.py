from datetime import datetime
from uuid import UUID

from django.utils import timezone

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing.mail import accredited, rules
from safelight.sharing.mail.accredited import ListSaid
from safelight.sharing.mail_errors import ListOlder, ListThere, NotYoursToSetUp
from safelight.sharing.mail_facts import AccreditedListTaken
from safelight.sharing.models import AccreditedDomain, AccreditedList


@action
def take_accredited_list(*, by: Actor, said: ListSaid, now: datetime, new_id: UUID) -> AccreditedList:
    """Take a new edition of the list of accredited domains (DCB1596) into use.

    1. An administrator, the information governance lead, or an operator.
    2. It is not older than the one in use, not from the future, and not the same.
    3. Earlier editions stay: each decision keeps the date of the one that was asked.
    """
    if not rules.may_set_up(by):  # (1)
        raise NotYoursToSetUp
    current = accredited.in_use(by)
    if said.dated > timezone.localdate(now) or (current and said.dated < current.dated):  # (2)
        raise ListOlder
    if AccreditedList.objects.filter(digest=said.digest).exists():
        raise ListThere
    edition = AccreditedList.objects.create(id=new_id, dated=said.dated, owner=said.owner, digest=said.digest, taken_at=now, taken_by=by.id)
    AccreditedDomain.objects.bulk_create(
        (AccreditedDomain(edition=edition, domain=domain, organisation=name) for domain, name in said.domains), batch_size=500
    )
    state(AccreditedListTaken(edition=new_id, dated=said.dated.isoformat(), domains=len(said.domains)))
    return edition
