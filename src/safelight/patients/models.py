"""Patients: a pseudonym in the clear, the identity sealed, the numbers as blind indexes."""

from collections.abc import Iterator
from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Revision(models.Model):
    """The number of the latest change to any patient. One row: who holds its lock is the only one who changes patients.

    So two who add the same number at once come one after the other, and a list in memory reads on from the revision it has seen.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="patients_revision_is_one", condition=Q(id=1))]

    @staticmethod
    def hold() -> None:
        """Inside an action: nobody changes patients until it has ended. No number is taken."""
        if not Revision.objects.filter(pk=1).update(number=F("number")):
            Revision.objects.bulk_create([Revision(id=1)], ignore_conflicts=True)
            Revision.objects.filter(pk=1).update(number=F("number"))

    @staticmethod
    def take(count: int = 1) -> Iterator[int]:
        """The next numbers, in the transaction of the action that changes patients: nobody else gets any until it commits."""
        if not Revision.objects.filter(pk=1).update(number=F("number") + count):
            Revision.objects.bulk_create([Revision(id=1)], ignore_conflicts=True)
            Revision.objects.filter(pk=1).update(number=F("number") + count)
        last = Revision.objects.values_list("number", flat=True).get(pk=1)
        return iter(range(last - count + 1, last + 1))


class Source(models.TextChoices):
    """Where a patient came from."""

    FORM = "form", "typed in"
    LIST = "list", "brought in from a list"


class Confirmed(models.TextChoices):
    """How it was made sure that the number is this person's (E6). A check digit alone makes nothing sure."""

    NOT_YET = "", "not yet"
    LIST = "list", "by the hospital's list"
    WRISTBAND = "wristband", "by the wristband"
    PERSON = "person", "by somebody who looked it up"


class Patient(models.Model):
    """One patient. `id` is the pseudonym that everything else uses.

    `sealed` holds the identity (patients/identity.py) under a key of its own; exact numbers are found by blind index
    (security design c2), both made by the index key of the number `index_key`. `ward` is a ward's code. A patient that was merged
    points at the one that goes on (E4) and keeps its numbers, which lead there. `revision` is that of the last change. Until
    `confirmed` says how, only the form of the number was checked, and nothing is shown to others (E6).
    """

    id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()
    nhs_index = models.BinaryField(max_length=16, null=True, blank=True)
    hospital_index = models.BinaryField(max_length=16, null=True, blank=True)
    index_key = models.PositiveSmallIntegerField(default=1)
    ward = models.CharField(max_length=16, blank=True, db_index=True)
    temporary = models.BooleanField(default=False)
    deceased = models.BooleanField(default=False)
    source = models.CharField(max_length=16, choices=Source)
    confirmed = models.CharField(max_length=16, choices=Confirmed, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    revision = models.BigIntegerField(unique=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["nhs_index"], name="patients_nhs_number_once", condition=Q(nhs_index__isnull=False)),
            models.UniqueConstraint(
                fields=["hospital_index"], name="patients_hospital_number_once", condition=Q(hospital_index__isnull=False)
            ),
            models.CheckConstraint(name="patients_confirmed_has_time", condition=Q(confirmed="") | Q(confirmed_at__isnull=False)),
            models.CheckConstraint(name="patients_not_into_itself", condition=Q(merged_into=None) | ~Q(merged_into=models.F("id"))),
        ]

    def __repr__(self) -> str:
        return f"<Patient {self.pk}>"

    def goes_on_as(self) -> "Patient":
        """The patient that this one was merged into, by however many steps; itself where it was not. A merge never makes a ring."""
        row = self
        while row.merged_into is not None:
            row = row.merged_into
        return row
