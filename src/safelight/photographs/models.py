"""Visits, slates and the filed photographs."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Laterality(models.TextChoices):
    LEFT = "left", "Left"
    RIGHT = "right", "Right"
    BOTH = "both", "Both"
    NONE = "", "No side"


class View(models.TextChoices):
    UNKNOWN = "", "Not said"
    OVERVIEW = "overview", "Overview"
    REGIONAL = "regional", "Regional"
    CLOSE_UP = "close_up", "Close-up"
    DERMOSCOPIC = "dermoscopic", "Dermoscopic"


class Chaperone(models.TextChoices):
    NOT_ASKED = "", "Not needed"
    PRESENT = "present", "Offered and accepted"
    DECLINED = "declined", "Offered and declined"
    NONE_FREE = "none_free", "Nobody was free"


class Fallback(models.TextChoices):
    """Why not the medical photographer (A7)."""

    PHOTOGRAPHER = "photographer", "A medical photographer takes them"
    OUT_OF_HOURS = "out_of_hours", "Outside the photographers' hours"
    NOT_FREE = "not_free", "No photographer was free"
    CANNOT_WAIT = "cannot_wait", "It could not wait"
    OWN_ROUTE = "own_route", "Agreed: this ward takes its own photos"


class Recording(models.TextChoices):
    """What is recorded. Six kinds belong to an investigation or treatment and need no consent of their own (GMC paragraph 10, B10)."""

    PHOTO = "photo", "Photo of the patient"
    INTERNAL_ORGANS = "internal_organs", "Internal organs or structures"
    PATHOLOGY_SLIDE = "pathology_slide", "Pathology slide"
    ENDOSCOPY = "endoscopy", "Endoscopy or keyhole surgery"
    ORGAN_FUNCTION = "organ_function", "How an organ works"
    ULTRASOUND = "ultrasound", "Ultrasound"
    XRAY = "xray", "X-ray"


EXEMPT = frozenset(Recording) - {Recording.PHOTO}


class Visit(models.Model):
    """One patient, one consent, one purpose, one or more body sites: what a slate stands for.

    `consent` is missing only where nothing was asked yet and the photos may not be filed (B1), or where the `recording` is of an
    exempt kind (B10). `fallback` is why no medical photographer takes them (A7). `evidential` is a safeguarding or forensic
    sequence: every frame is kept, ward staff cannot take it (C9, D5). For an intimate site `chaperone` is said (C7); `purpose`
    seals why the photos are needed, in words, where the patient is under 18 (F6).
    """

    id = models.UUIDField(primary_key=True)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey("consent.Consent", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recording = models.CharField(max_length=16, choices=Recording, default=Recording.PHOTO)
    reason = models.CharField(max_length=40)
    fallback = models.CharField(max_length=16, choices=Fallback, default=Fallback.OWN_ROUTE)
    sites = models.JSONField()
    evidential = models.BooleanField(default=False)
    chaperone = models.CharField(max_length=10, choices=Chaperone, blank=True)
    purpose = models.BinaryField(default=b"")
    check_out = models.ForeignKey("custody.CheckOut", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_by = models.UUIDField()
    opened_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="visit_recording_is_known", condition=Q(recording__in=[kind.value for kind in Recording]))
        ]


class Slate(models.Model):
    """A token and the visit that it stands for. On a screen the token changes every 30 s, on paper it does not."""

    id = models.UUIDField(primary_key=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="slates")
    code = models.CharField(max_length=24, unique=True)
    on_paper = models.BooleanField(default=False)
    shown_at = models.DateTimeField(db_index=True)
    seen_at = models.DateTimeField(null=True, blank=True)


class Photograph(models.Model):
    """One clinical image in the record. The record copy is the frame's own bytes, never altered (D6).

    `site` is a body site's code, `laterality` its side, `reason` why it was taken (B15, C3). `taken_at` is by the corrected clock.
    `site_assumed` is so until a person says which of its visit's several sites the photo shows: the first was taken.
    `hints` are codes of what the computer found that may be wrong with the photo (quality/hints.py); nothing depends on them.
    """

    id = models.UUIDField(primary_key=True)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photographs")
    frame = models.OneToOneField("custody.Frame", on_delete=models.PROTECT, related_name="+")
    record_copy = models.OneToOneField("vault.StoredObject", on_delete=models.PROTECT, related_name="+")
    preview = models.OneToOneField("vault.StoredObject", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    thumb = models.OneToOneField("vault.StoredObject", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8)
    site = models.CharField(max_length=40)
    laterality = models.CharField(max_length=8, choices=Laterality, blank=True)
    site_assumed = models.BooleanField(default=False)
    view = models.CharField(max_length=12, choices=View, blank=True)
    reason = models.CharField(max_length=40)
    taken_at = models.DateTimeField()
    camera = models.ForeignKey("custody.Camera", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    hints = models.JSONField(default=list)
    # RAW and JPEG of one shot are two photographs; the RAW is shown behind its JPEG.
    raw_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="raws")
    filed_at = models.DateTimeField()
    filed_by = models.UUIDField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-taken_at", "-id"], name="photographs_latest"),
            models.Index(fields=["patient", "-taken_at", "-id"], name="photographs_of_patient"),
            models.Index(fields=["patient", "site", "laterality", "-taken_at", "-id"], name="photographs_of_site"),
        ]
        constraints: ClassVar = [models.CheckConstraint(name="photographs_have_site_and_reason", condition=~Q(site="") & ~Q(reason=""))]

    def __repr__(self) -> str:
        return f"<Photograph {self.pk}>"


class Scale(models.Model):
    """How long a ruler in a photo is, as somebody drew it: from (x0, y0) to (x1, y1), each 0..1 of the upright photo, so many millimetres.

    Its rows stay: one that is replaced or removed has ended. No ruler, no centimetres; what is measured with it is kept nowhere (M6).
    """

    id = models.UUIDField(primary_key=True)
    photograph = models.ForeignKey(Photograph, on_delete=models.PROTECT, related_name="scales")
    x0 = models.FloatField()
    y0 = models.FloatField()
    x1 = models.FloatField()
    y1 = models.FloatField()
    millimetres = models.FloatField()
    set_by = models.UUIDField()
    set_at = models.DateTimeField()
    ended_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["photograph"], condition=Q(ended_at=None), name="photographs_one_scale_stands"),
            models.CheckConstraint(name="photographs_scale_has_a_length", condition=Q(millimetres__gt=0)),
            models.CheckConstraint(
                name="photographs_scale_ended_by_somebody",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]


class ViewSet(models.Model):
    """Which views are wanted of what is photographed for a reason, where this hospital wants other views than the usual (C4).

    `reason` is a code of sites.REASONS; `views` are of View, in the order in which they are taken. No views: nothing is ever missing.
    """

    reason = models.CharField(max_length=40, primary_key=True)
    views = models.JSONField()
    changed_by = models.UUIDField()
    changed_at = models.DateTimeField()


class WardViewSet(models.Model):
    """The same for the photos of one ward's patients, where it wants other views than the rest of the hospital. `ward` is its code."""

    id = models.UUIDField(primary_key=True)
    ward = models.CharField(max_length=16)
    reason = models.CharField(max_length=40)
    views = models.JSONField()
    changed_by = models.UUIDField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ward", "reason"], name="photographs_one_view_set_a_ward"),
            models.CheckConstraint(name="photographs_view_set_of_a_ward", condition=~Q(ward="")),
        ]


class Tombstone(models.Model):
    """What stays in the record that a misfiled photo was moved out of (E5)."""

    id = models.UUIDField(primary_key=True)
    photograph = models.ForeignKey(Photograph, on_delete=models.PROTECT, related_name="tombstones")
    was_under = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()
    moved_by = models.UUIDField()
    reason = models.CharField(max_length=200)


class Permit(models.Model):
    """Leave to fetch the bytes of some photographs, in one sign-in, for seconds. It exists only when its entry has committed.

    It holds for photographs that are shown as `patient`'s: a photo that is moved to another record in the meantime is shut at once.
    """

    id = models.UUIDField(primary_key=True)
    sign_in = models.CharField(max_length=64, db_index=True)
    patient = models.UUIDField()
    photographs = models.JSONField()
    rendition = models.CharField(max_length=8)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="photographs_permit_of_a_sign_in", condition=~Q(sign_in="")),
            models.CheckConstraint(name="photographs_permit_rendition", condition=Q(rendition__in=["thumb", "preview", "full"])),
        ]
