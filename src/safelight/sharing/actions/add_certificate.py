from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing.mail import rules
from safelight.sharing.mail.certifying import CertificateSaid
from safelight.sharing.mail_errors import CertificateNotGood, NotYoursToSetUp
from safelight.sharing.mail_facts import CertificateAdded
from safelight.sharing.models import MailCertificate
from safelight.vault.indexes import hold


@action
def add_certificate(*, by: Actor, said: CertificateSaid, now: datetime) -> MailCertificate:
    """Keep a certificate by which letters to one address are encrypted.

    1. An administrator, the information governance lead, or an operator.
    2. It is good now, and not kept already.
    """
    if not rules.may_set_up(by):  # (1)
        raise NotYoursToSetUp
    hold(said.keys)
    same = MailCertificate.objects.filter(address_index__in=said.indexes, fingerprint=said.fingerprint, removed_at=None)
    if not said.good_from <= now < said.good_until or same.exists():  # (2) the unique row decides a race
        raise CertificateNotGood
    row = MailCertificate.objects.create(
        id=said.id,
        address_index=said.indexes[0],
        index_key=said.keys[0],
        sealed_address=said.sealed,
        pem=said.pem,
        fingerprint=said.fingerprint,
        good_until=said.good_until,
        added_by=by.id,
        added_at=now,
    )
    state(CertificateAdded(certificate=said.id))
    return row
