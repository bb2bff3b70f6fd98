"""What was found in a photo, what a person said of it, and who has it open.

Boxes are of the upright photo as its file says which way is up, before any turn that a person added.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from safelight.deidentify.boxes import Kind


class Match(models.TextChoices):
    """What of this patient's own a finding looks like; a slate is no patient's, and no photo of one can be covered (F5)."""

    NONE = "", "nothing of this patient's"
    NHS_NUMBER = "nhs_number", "NHS number"
    HOSPITAL_NUMBER = "hospital_number", "hospital number"
    BIRTH_DATE = "birth_date", "birth date"
    NAME = "name", "name"
    ADDRESS = "address", "address"
    SLATE = "slate", "slate"


class Source(models.TextChoices):
    PROPOSED = "proposed", "found by the computer"
    DRAWN = "drawn", "drawn by a person"


class Decision(models.TextChoices):
    UNDECIDED = "undecided", "not decided"
    COVER = "cover", "covered"
    SHOW = "show", "shown"


class Finding(models.Model):
    """Something in a photo that may say who the patient is. `read` seals what was read: it is identity. `likeness` seals which words
    of the patient's it looked like when it was last compared.

    `number` is how people and pages speak of it, and never changes. Metadata has no place in the picture (`x` is None).
    `finder` and `finder_version` say who found it; a newer finder adds to what is here and changes nothing that a person decided.
    """

    id = models.UUIDField(primary_key=True)
    photograph = models.ForeignKey("photographs.Photograph", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    w = models.FloatField(null=True, blank=True)
    h = models.FloatField(null=True, blank=True)
    confidence = models.FloatField(default=0.0)
    low = models.BooleanField(default=False)
    finder = models.CharField(max_length=40, blank=True)
    finder_version = models.CharField(max_length=80, blank=True)
    read = models.BinaryField(default=b"")
    matches = models.CharField(max_length=16, choices=Match, blank=True)
    likeness = models.BinaryField(null=True, blank=True)
    source = models.CharField(max_length=8, choices=Source)
    state = models.CharField(max_length=9, choices=Decision, default=Decision.UNDECIDED)
    found_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["photograph", "state"], name="deidentify_to_decide")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["photograph", "number"], name="deidentify_number_once"),
            models.CheckConstraint(name="deidentify_finding_kind", condition=Q(kind__in=[kind.value for kind in Kind])),
            models.CheckConstraint(name="deidentify_finding_state", condition=Q(state__in=Decision.values)),
            models.CheckConstraint(name="deidentify_finding_source", condition=Q(source__in=Source.values)),
            models.CheckConstraint(
                name="deidentify_decided_by_somebody",
                condition=Q(state="undecided", decided_by=None, decided_at=None)
                | (~Q(state="undecided") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="deidentify_box_whole",
                condition=Q(kind="metadata", x=None, y=None, w=None, h=None)
                | (~Q(kind="metadata") & Q(x__gte=0, y__gte=0, w__gt=0, h__gt=0, x__lte=1, y__lte=1, w__lte=1, h__lte=1)),
            ),
            # What a file carried besides its pixels is never a choice (F4).
            models.CheckConstraint(name="deidentify_metadata_covered", condition=~Q(kind="metadata") | Q(state="cover")),
        ]

    def __repr__(self) -> str:
        return f"<Finding {self.pk}>"


class Look(models.Model):
    """One stage of the computer's look at a photo, for one patient and one record copy: its row, once, says that it is noted.

    `generation` numbers the finders: newer ones look again at a photo that somebody opens.
    """

    id = models.UUIDField(primary_key=True)
    photograph = models.ForeignKey("photographs.Photograph", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    record_copy = models.ForeignKey("vault.StoredObject", on_delete=models.PROTECT, related_name="+")
    generation = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=20)
    at = models.DateTimeField()
    failed = models.BooleanField(default=False)
    done = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["photograph", "patient", "record_copy", "generation", "stage"], name="deidentify_stage_once"),
        ]


class DeskPermit(models.Model):
    """Somebody opened a photo to cover it: proof that they did, and leave for their sign-in to fetch its bytes until then.

    It holds while the photo is shown as `patient`'s and its record copy is this one.
    """

    id = models.UUIDField(primary_key=True)
    photograph = models.ForeignKey("photographs.Photograph", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    record_copy = models.ForeignKey("vault.StoredObject", on_delete=models.PROTECT, related_name="+")
    person = models.UUIDField()
    sign_in = models.CharField(max_length=64)
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["photograph", "person", "-at"], name="deidentify_who_opened")]
        constraints: ClassVar = [
            models.CheckConstraint(name="deidentify_permit_of_a_sign_in", condition=~Q(sign_in="")),
            models.CheckConstraint(name="deidentify_permit_ends", condition=Q(until__gt=F("at"))),
        ]


class SetAside(models.Model):
    """What a person drew and decided in a photo while somebody else was quicker: theirs alone, until they have chosen whose stays.

    One for each person and photo, the newest.
    """

    id = models.UUIDField(primary_key=True)
    photograph = models.ForeignKey("photographs.Photograph", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    record_copy = models.ForeignKey("vault.StoredObject", on_delete=models.PROTECT, related_name="+")
    person = models.UUIDField()
    turn = models.PositiveSmallIntegerField()
    boxes = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["photograph", "person"], name="deidentify_aside_once"),
            models.CheckConstraint(name="deidentify_aside_quarter_turns", condition=Q(turn__lte=3)),
        ]
