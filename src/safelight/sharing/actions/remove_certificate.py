from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing.mail import queries
from safelight.sharing.mail_facts import CertificateRemoved
from safelight.sharing.models import MailCertificate


@action
def remove_certificate(*, by: Actor, certificate_id: UUID, now: datetime) -> None:
    """Use a certificate no more.

    1. An administrator, the information governance lead, or an operator.
    """
    found = queries.certificate(by, certificate_id)
    MailCertificate.objects.filter(pk=found.pk).update(removed_at=now)
    state(CertificateRemoved(certificate=certificate_id))
