"""Why somebody may see a patient."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q


class Why(models.TextChoices):
    SCAN = "scan", "scanned the wristband"
    VISIT = "visit", "took or asked for photos"
    EMERGENCY = "emergency", "was let in by who looks after the patient"
    BREAK_GLASS = "break_glass", "gave a reason"


class CareRelationships(models.QuerySet["CareRelationship"]):
    def begin_or_extend(self, *, person: UUID, patient_id: UUID, why: Why, began_at: datetime, until: datetime, new_id: UUID) -> None:
        """Let a relationship that stands last until then, or begin one. One that a wrong clock put into the future does not count."""
        stands = self.filter(person=person, patient=patient_id, why=why, began_at__lte=began_at, until__gt=began_at)
        if not stands.update(until=until):
            self.create(id=new_id, person=person, patient_id=patient_id, why=why, began_at=began_at, until=until)


class CareRelationship(models.Model):
    """One reason, for a time, why one person may see one patient. The ward is no row: it is compared when asked.

    For break-glass `reason` is a code, `words` sealed, and the IG lead reviews it (`reviewed_at`, `reviewed_by`, `verdict`).
    """

    id = models.UUIDField(primary_key=True)
    person = models.UUIDField(db_index=True)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=12, choices=Why)
    began_at = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=40, blank=True)
    words = models.BinaryField(default=b"")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.UUIDField(null=True, blank=True)
    verdict = models.CharField(max_length=12, blank=True)

    objects = CareRelationships.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "patient", "until"], name="access_who_whom"),
            models.Index(fields=["-began_at"], condition=Q(why="break_glass"), name="access_break_glass"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="access_ends_after_it_began", condition=Q(until__gt=F("began_at"))),
            models.CheckConstraint(name="access_break_glass_says_why", condition=~Q(why="break_glass") | ~Q(reason="")),
            models.CheckConstraint(
                name="access_reviewed_whole",
                condition=Q(reviewed_at=None, reviewed_by=None, verdict="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(verdict="")),
            ),
            models.CheckConstraint(name="access_nobody_reviews_themselves", condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("person"))),
        ]
