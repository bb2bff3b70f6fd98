"""Every table whose rows are found by a blind index, and how each is made anew of what the row holds sealed."""

from collections.abc import Callable, Iterator
from functools import partial

from safelight.patients.models import Patient, Revision
from safelight.patients.sealed import hospital_indexes, nhs_indexes, open_identity
from safelight.sharing.mail import certifying
from safelight.sharing.models import MailCertificate
from safelight.vault import indexes
from safelight.vault.reindexing import IndexColumn, Renewal

AT_A_TIME = 500


class Patients:
    """NHS and hospital numbers. A row goes in only where its identity is as it was read; its revision stays: nothing new is said of it."""

    name = "patients.Patient"

    def older(self, number: int) -> Iterator[Callable[[], Renewal]]:
        for row in Patient.objects.exclude(index_key=number).order_by("pk").iterator(AT_A_TIME):
            yield partial(self._renewal, row, number)

    def count(self, number: int) -> int:
        return Patient.objects.filter(index_key=number).count()

    def hold(self) -> None:
        Revision.hold()

    @staticmethod
    def _renewal(row: Patient, number: int) -> Renewal:
        who = open_identity(row.sealed, patient_id=row.pk)
        nhs, hospital = nhs_indexes(who.nhs_number, (number,)), hospital_indexes(who.hospital_number, (number,))
        new = {"nhs_index": next(iter(nhs), None), "hospital_index": next(iter(hospital), None), "index_key": number}
        return lambda: bool(Patient.objects.filter(pk=row.pk, sealed=row.sealed, index_key=row.index_key).update(**new))


class Certificates:
    """Addresses of mail for which a certificate is kept, removed ones too."""

    name = "sharing.MailCertificate"

    def older(self, number: int) -> Iterator[Callable[[], Renewal]]:
        for row in MailCertificate.objects.exclude(index_key=number).order_by("pk").iterator(AT_A_TIME):
            yield partial(self._renewal, row, number)

    def count(self, number: int) -> int:
        return MailCertificate.objects.filter(index_key=number).count()

    def hold(self) -> None:
        indexes.lock()

    @staticmethod
    def _renewal(row: MailCertificate, number: int) -> Renewal:
        new = {"address_index": certifying.index_of(certifying.address_of(row), number), "index_key": number}
        return lambda: bool(MailCertificate.objects.filter(pk=row.pk, index_key=row.index_key).update(**new))


INDEXES: tuple[IndexColumn, ...] = (Patients(), Certificates())
