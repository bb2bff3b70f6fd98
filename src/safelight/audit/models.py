"""Rows of the ledger. They are only ever added: triggers refuse update and delete on both databases."""

from typing import ClassVar

from django.db import models


class Outcome(models.TextChoices):
    DONE = "done", "done"
    REFUSED = "refused", "refused"
    FAILED = "failed", "failed"


class Entry(models.Model):
    """One recorded action. `body` is canonical JSON (RFC 8785) exactly as hashed; the other columns repeat it for reading."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=80, db_index=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    actor = models.UUIDField(db_index=True)
    body = models.BinaryField()
    leaf = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="audit_entry_outcome", condition=models.Q(outcome__in=Outcome.values))]

    def __repr__(self) -> str:
        return f"<Entry {self.seq}>"


class About(models.Model):
    """Which patient, by pseudonym, an entry is about."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="about")
    patient = models.UUIDField(db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "-entry"], name="audit_about_latest")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "patient"], name="audit_about_once")]


class Head(models.Model):
    """The size of the tree and its frontier. One row; it only grows."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    peaks = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="audit_head_is_one", condition=models.Q(id=1))]


class Checkpoint(models.Model):
    """A signed statement of size and root (C2SP tlog-checkpoint), as it was given to the witnesses."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField(db_index=True)


class Move(models.Model):
    """One step of a lifecycle: which row, from which state to which, who and when."""

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=40)
    row = models.UUIDField(db_index=True)
    move = models.CharField(max_length=40)
    before = models.CharField(max_length=40)
    after = models.CharField(max_length=40)
    by = models.UUIDField()
    at = models.DateTimeField()
