"""Cameras, cards, cabinets and stations on their register; imports and frames with where their bytes are."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from safelight.custody.lifecycle import CameraState, DisposalState, FrameState


class Cabinet(models.Model):
    """A lockable home of cameras. `ward` is a ward's code; `two_signatures` asks for a second person at check-out (A3)."""

    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=80)
    ward = models.CharField(max_length=16)
    two_signatures = models.BooleanField(default=False)


class Camera(models.Model):
    """A dedicated clinical camera. Make, model and serial number are as the camera writes them into EXIF."""

    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=16, unique=True)
    make = models.CharField(max_length=80)
    model = models.CharField(max_length=80)
    serial = models.CharField(max_length=80, blank=True)
    cabinet = models.ForeignKey(Cabinet, on_delete=models.PROTECT, related_name="cameras")
    shelf = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=12, default=CameraState.IN_CABINET)
    holder = models.ForeignKey("staff.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    # Seconds that the camera's clock is ahead of ours, as the last slate on a screen or a check by hand showed.
    clock_ahead = models.IntegerField(null=True, blank=True)
    clock_checked_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="custody_camera_state", condition=Q(state__in=[state.value for state in CameraState])),
            models.CheckConstraint(name="custody_camera_out_has_holder", condition=~Q(state="out") | Q(holder__isnull=False)),
        ]


class Card(models.Model):
    """A memory card on the register. `volume` is the identity of its file system as a station reads it."""

    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=16, unique=True)
    volume = models.CharField(max_length=80, blank=True)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, null=True, blank=True, related_name="cards")
    seen_at = models.DateTimeField(null=True, blank=True)
    proved_empty_at = models.DateTimeField(null=True, blank=True)
    # When it was told that no station has read the card for long; older than `seen_at`, it is told anew.
    not_seen_told_at = models.DateTimeField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    # A card of a safeguarding or forensic sequence is never wiped by itself: a named person releases it.
    held_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["volume"], name="custody_card_volume_once", condition=~Q(volume="")),
            models.CheckConstraint(name="custody_release_is_named", condition=Q(released_at=None) | Q(released_by__isnull=False)),
        ]


class CheckOut(models.Model):
    """A camera in somebody's hands, from the cabinet and back. Reasons are given where a rule was set aside; the IG lead sees them."""

    id = models.UUIDField(primary_key=True)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="check_outs")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("staff.Person", on_delete=models.PROTECT, related_name="+")
    second_person = models.ForeignKey("staff.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    out_at = models.DateTimeField()
    due_at = models.DateTimeField()
    back_at = models.DateTimeField(null=True, blank=True)
    back_by = models.UUIDField(null=True, blank=True)
    card_came_back = models.CharField(max_length=16, blank=True)
    set_aside = models.JSONField(default=list)
    reason = models.CharField(max_length=200, blank=True)
    evidential = models.BooleanField(default=False)
    overdue_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["camera"], name="custody_one_holder", condition=Q(back_at=None)),
            models.CheckConstraint(name="custody_two_are_two", condition=Q(second_person=None) | ~Q(second_person=F("person"))),
            models.CheckConstraint(name="custody_back_after_out", condition=Q(back_at=None) | Q(back_at__gte=F("out_at"))),
        ]


class Station(models.Model):
    """An enrolled import station. Only the SHA-256 of its 256-bit credential is stored."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=80)
    credential_digest = models.CharField(max_length=64, unique=True)
    enrolled_at = models.DateTimeField()
    enrolled_by = models.UUIDField()
    seen_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)


class EnrolmentCode(models.Model):
    """A one-time code, good for ten minutes, by which a station is enrolled."""

    id = models.UUIDField(primary_key=True)
    code_digest = models.CharField(max_length=64, unique=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)


class Import(models.Model):
    """One reading of one card by one station, from its manifest to the certificate of erasure.

    `given_up` says why a card was not waited for any longer that came out before it was read to its end: what had come of it was taken
    into the tray by a person. Nothing is erased by such a reading.
    """

    id = models.UUIDField(primary_key=True)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="imports")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, null=True, blank=True, related_name="imports")
    check_out = models.ForeignKey(CheckOut, on_delete=models.PROTECT, null=True, blank=True, related_name="imports")
    volume = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=8)
    manifest_digest = models.CharField(max_length=64)
    announced_at = models.DateTimeField()
    # When erasure was first permitted. The receipt is made of this row and its frames, so that asking again gives the same bytes.
    permitted_at = models.DateTimeField(null=True, blank=True)
    certificate = models.JSONField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    held = models.BooleanField(default=False)
    given_up = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["station", "manifest_digest"], name="custody_import_once"),
            models.CheckConstraint(name="custody_given_up_erases_nothing", condition=Q(given_up="") | Q(permitted_at=None, held=False)),
            models.CheckConstraint(name="custody_held_is_not_permitted", condition=Q(held=False) | Q(permitted_at=None)),
        ]


class Frame(models.Model):
    """One file's bytes, once for the whole site whatever cards they are read from (D8). States rest on facts with their time."""

    id = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=10, default=FrameState.ANNOUNCED)
    stored = models.OneToOneField("vault.StoredObject", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    announced_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    left_why = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="custody_frame_state", condition=Q(state__in=[state.value for state in FrameState])),
            models.CheckConstraint(name="custody_received_is_stored", condition=Q(received_at=None) | Q(stored__isnull=False)),
            models.CheckConstraint(name="custody_verified_after_received", condition=Q(verified_at=None) | Q(received_at__isnull=False)),
            models.CheckConstraint(
                name="custody_released_only_when_verified", condition=Q(released_at=None) | Q(verified_at__isnull=False)
            ),
            models.CheckConstraint(name="custody_erased_only_when_released", condition=Q(erased_at=None) | Q(released_at__isnull=False)),
            models.CheckConstraint(
                name="custody_state_rests_on_its_fact",
                condition=(~Q(state__in=["released", "erased"]) | Q(released_at__isnull=False))
                & (~Q(state="erased") | Q(erased_at__isnull=False))
                & (~Q(state="left") | ~Q(left_why="")),
            ),
        ]

    def __repr__(self) -> str:
        return f"<Frame {self.pk}>"


class Place(models.Model):
    """Where a frame lies on the card of one import. Folder and file number give the order (DCF, CIPA DC-009); the name is sealed."""

    id = models.UUIDField(primary_key=True)
    read_in = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="places")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="places")
    position = models.PositiveIntegerField()
    folder_number = models.PositiveIntegerField(null=True, blank=True)
    file_number = models.PositiveIntegerField(null=True, blank=True)
    # Folder and stem as one token, so that RAW and JPEG of one shot can be matched without the name in the clear.
    pair = models.CharField(max_length=64)
    sealed_name = models.BinaryField()
    modified = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["read_in", "position"], name="custody_place_once")]


class Expected(models.Model):
    """A frame that a station told of while it was still reading a card. It is gone when the card is announced.

    One that stays is of a card that was taken out too early: what came of it lies in the vault, and nobody has looked at it, until the
    card comes back or a person decides. `volume` tells which card, `ending` how the file's name ends.
    """

    id = models.UUIDField(primary_key=True)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="+")
    expected_at = models.DateTimeField()
    volume = models.CharField(max_length=80, blank=True)
    ending = models.CharField(max_length=8, blank=True)
    disposal = models.ForeignKey("Disposal", on_delete=models.PROTECT, null=True, blank=True, related_name="expected")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["station", "frame"], name="custody_expected_once")]


class Disposal(models.Model):
    """One person wants photos thrown away that came of a card which was never read to its end; another agrees, or does not.

    It is settled without anybody's answer when their card comes back.
    """

    id = models.UUIDField(primary_key=True)
    state = models.CharField(max_length=8, default=DisposalState.ASKED)
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey("staff.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey("staff.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="custody_disposal_state", condition=Q(state__in=[state.value for state in DisposalState])),
            models.CheckConstraint(name="custody_disposal_by_two", condition=~Q(state="done") | ~Q(answered_by=F("asked_by"))),
            models.CheckConstraint(
                name="custody_disposal_answered", condition=Q(state__in=["asked", "settled"]) | Q(answered_by__isnull=False)
            ),
        ]


class LeftOver(models.Model):
    """A file on a card that is neither a photo, a video nor the camera's own. A person looks, or gives it to the photographer."""

    id = models.UUIDField(primary_key=True)
    read_in = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="leftovers")
    sealed_name = models.BinaryField()
    size = models.BigIntegerField()
    # Of the bytes that a person decides about; empty where they could not be read.
    digest = models.CharField(max_length=64, blank=True)
    why = models.CharField(max_length=24)
    decision = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
