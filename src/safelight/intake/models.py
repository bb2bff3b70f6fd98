"""What was read from a frame, and where it went: filed, a slate, or the tray."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from safelight.intake.lifecycle import Whereabouts


class Sorting(models.Model):
    """One frame on its way into a record. `read_in` is the first import that announced it: there it lay among its neighbours.

    `why` is the code of a tray reason (intake/reasons.py), `aside` why it was set aside. Camera facts are as EXIF gives them;
    `camera_time` is the camera's own clock as if it were UTC, for it has no zone. `closely` tells that a second, closer look
    for a slate was taken. `behind` is the visit of the nearest slate before it, for people to see.
    `hints` are codes of what may be wrong with the photo (photographs/quality/hints.py).
    """

    id = models.UUIDField(primary_key=True)
    frame = models.OneToOneField("custody.Frame", on_delete=models.PROTECT, related_name="+")
    read_in = models.ForeignKey("custody.Import", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=Whereabouts.READ)
    why = models.CharField(max_length=32, blank=True)
    aside = models.CharField(max_length=16, blank=True)
    unread_symbol = models.BooleanField(default=False)
    closely = models.BooleanField(default=False)
    unreadable = models.CharField(max_length=32, blank=True)
    make = models.CharField(max_length=100, blank=True)
    model = models.CharField(max_length=100, blank=True)
    serial = models.CharField(max_length=100, blank=True)
    camera_time = models.DateTimeField(null=True, blank=True)
    camera = models.ForeignKey("custody.Camera", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    preview = models.OneToOneField("vault.StoredObject", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    thumb = models.OneToOneField("vault.StoredObject", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    hints = models.JSONField(default=list)
    visit = models.ForeignKey("photographs.Visit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    behind = models.ForeignKey("photographs.Visit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField()
    placed_at = models.DateTimeField(null=True, blank=True)
    placed_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["read_in", "position"], name="intake_order"),
            models.Index(fields=["state"], name="intake_state"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="intake_tray_says_why", condition=~Q(state="tray") | ~Q(why="")),
            models.CheckConstraint(name="intake_aside_says_why", condition=~Q(state="set_aside") | ~Q(aside="")),
            models.CheckConstraint(name="intake_placed_has_time", condition=Q(state="read") | Q(placed_at__isnull=False)),
            models.CheckConstraint(name="intake_filed_in_a_visit", condition=~Q(state="filed") | Q(visit__isnull=False)),
            models.CheckConstraint(name="intake_state", condition=Q(state__in=[state.value for state in Whereabouts])),
        ]

    def __repr__(self) -> str:
        return f"<Sorting {self.pk}>"


class SlateOnFrame(models.Model):
    """A slate's text that was read on a frame, so that the other cards which carry it are found."""

    id = models.UUIDField(primary_key=True)
    sorting = models.ForeignKey(Sorting, on_delete=models.PROTECT, related_name="slates")
    code = models.CharField(max_length=24, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["sorting", "code"], name="intake_slate_once")]


class CardSorted(models.Model):
    """A card of which every photo has been read and placed for the first time.

    `numbers_missing` has folder and file number of each photo that evidence lacks: taken, and not on the card any more (D5).
    """

    id = models.UUIDField(primary_key=True)
    read_in = models.OneToOneField("custody.Import", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    numbers_missing = models.JSONField(default=list)


class TrayPermit(models.Model):
    """Leave to fetch small pictures of some frames, in one sign-in, for a minute. It exists only when its entry has committed."""

    id = models.UUIDField(primary_key=True)
    sign_in = models.CharField(max_length=64, db_index=True)
    frames = models.JSONField()
    rendition = models.CharField(max_length=8)
    until = models.DateTimeField(db_index=True)
