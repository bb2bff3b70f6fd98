"""Covered copies: what was found in a photo, what a person said of it, and the copy that may be shown to others.

Boxes are of the upright photo as its file says which way is up, before any turn that a person added.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from safelight.deidentify.boxes import Kind
from safelight.deidentify.lifecycle import CopyState


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


class How(models.TextChoices):
    """What the covered copy is beside its record copy; in the words of `covering`."""

    UNCHANGED = "unchanged", "unchanged outside the boxes"
    REENCODED = "reencoded", "re-encoded"


class Checklist(models.TextChoices):
    FULL = "full", "four statements"
    URGENT = "urgent", "one statement"


class Finding(models.Model):
    """Something in a photo that may say who the patient is. `read` seals what was read: it is identity.

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
