"""The copy that may be shown to others: who signed for it, what the computer saw when it looked again, and why it was taken back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from safelight.deidentify.lifecycle import CopyState


class How(models.TextChoices):
    """What the covered copy is beside its record copy; in the words of `covering`."""

    UNCHANGED = "unchanged", "unchanged outside the boxes"
    REENCODED = "reencoded", "re-encoded"


class Checklist(models.TextChoices):
    FULL = "full", "four statements"
    URGENT = "urgent", "one statement"


class SignOff(models.Model):
    """A second, senior person agrees that an intimate picture of somebody under 18 is shown to colleagues here, and seals why (F6)."""

    id = models.UUIDField(primary_key=True)
    photograph = models.ForeignKey("photographs.Photograph", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    record_copy = models.ForeignKey("vault.StoredObject", on_delete=models.PROTECT, related_name="+")
    by = models.UUIDField()
    at = models.DateTimeField()
    purpose = models.BinaryField()


class Signing(models.Model):
    """A checklist that a person signed for a set of photos: who, when, which statements, and each photo with the digest they looked at."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=6, choices=Checklist)
    statements = models.JSONField()
    photographs = models.JSONField()
    by = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="deidentify_checklist", condition=Q(kind__in=Checklist.values))]


class CoveredCopy(models.Model):
    """One covered copy of a photo: a draft, one that may be shown, or one of which a person said that it may not.

    `version` grows with each change and from copy to copy, so that the newest is known; who brings an old one changes nothing.
    `turn` counts quarter turns clockwise that a person added. The state rests on its facts: an approved copy has its object, was
    made from `record_copy` of `digest`, and names its signing. `areas` are the boxes that were burned in. `again` counts what
    still looks like something and is shown on purpose; `flagged` says that the computer could not check the photo. `restricted` is
    F6's: staff here only.
    """

    id = models.UUIDField(primary_key=True)
    photograph = models.ForeignKey("photographs.Photograph", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    record_copy = models.ForeignKey("vault.StoredObject", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default=CopyState.DRAFT)
    version = models.PositiveIntegerField()
    turn = models.PositiveSmallIntegerField(default=0)
    begun_by = models.UUIDField()
    begun_at = models.DateTimeField()
    changed_by = models.UUIDField()
    changed_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    stored = models.OneToOneField("vault.StoredObject", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    how = models.CharField(max_length=10, choices=How, blank=True)
    areas = models.JSONField(default=list)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    again = models.PositiveIntegerField(default=0)
    flagged = models.BooleanField(default=False)
    young = models.BooleanField(default=False)
    restricted = models.BooleanField(default=False)
    signing = models.ForeignKey(Signing, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    anonymous_by = models.UUIDField(null=True, blank=True)
    anonymous_at = models.DateTimeField(null=True, blank=True)
    anonymous_why = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["photograph"], condition=Q(state="draft"), name="deidentify_one_draft"),
            models.UniqueConstraint(fields=["photograph", "version"], name="deidentify_version_once"),
            models.CheckConstraint(name="deidentify_copy_state", condition=Q(state__in=[state.value for state in CopyState])),
            models.CheckConstraint(name="deidentify_quarter_turns", condition=Q(turn__lte=3)),
            models.CheckConstraint(
                name="deidentify_state_rests_on_its_fact",
                condition=Q(state="draft", decided_at=None, decided_by=None)
                | (~Q(state="draft") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="deidentify_approved_is_whole",
                condition=(
                    Q(state="approved", stored__isnull=False, signing__isnull=False, width__isnull=False, height__isnull=False)
                    & ~Q(digest="")
                    & ~Q(how="")
                )
                | (~Q(state="approved") & Q(stored=None, signing=None, sign_off=None)),
            ),
            models.CheckConstraint(
                name="deidentify_restricted_is_signed_off", condition=~Q(state="approved", restricted=True) | Q(sign_off__isnull=False)
            ),
            models.CheckConstraint(
                name="deidentify_anonymous_says_somebody",
                condition=Q(anonymous_by=None, anonymous_at=None)
                | Q(state="approved", anonymous_by__isnull=False, anonymous_at__isnull=False),
            ),
        ]

    def __repr__(self) -> str:
        return f"<CoveredCopy {self.pk}>"


class Approval(models.Model):
    """The one thing that leads to a covered copy: a share points here, and here only. Never changed, never removed.

    The database takes one only for an approved copy of a photo in which nothing is undecided.
    """

    id = models.UUIDField(primary_key=True)
    copy = models.OneToOneField(CoveredCopy, on_delete=models.PROTECT, related_name="approval")
    by = models.UUIDField()
    at = models.DateTimeField()

    def __repr__(self) -> str:
        return f"<Approval {self.pk}>"


class Recall(models.Model):
    """A copy that is shown to nobody from now on, for something in it that was shown looks like the patient's own by what is known of
    them by now. `patient` is whose it was taken for then, `found` names the findings that a person has to decide anew. Never changed.
    """

    id = models.UUIDField(primary_key=True)
    copy = models.ForeignKey(CoveredCopy, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    found = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["copy", "patient"], name="deidentify_recalled_once")]


class SecondLook(models.Model):
    """The computer's look at a covered copy, as a rule while it is a draft still: in brief, with the first step of each finder, and as a
    whole, with every step.

    `picture` tells what was looked at (`rules.picture`): a draft that changes is another picture. `found` names the findings that the
    look put to a person, `failed` says that the computer could not look. `recalls`: something turned up in a copy that was approved
    already, which is shown to nobody from then on.
    """

    id = models.UUIDField(primary_key=True)
    copy = models.ForeignKey(CoveredCopy, on_delete=models.PROTECT, related_name="+")
    picture = models.CharField(max_length=64)
    whole = models.BooleanField()
    failed = models.BooleanField(default=False)
    recalls = models.BooleanField(default=False)
    found = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["copy", "picture", "whole"], name="deidentify_second_look_once")]
        indexes: ClassVar = [models.Index(fields=["copy"], condition=Q(recalls=True), name="deidentify_recalled")]
