"""What the database knows of an encrypted object. Without its wrapped key an object is noise."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from safelight.vault.kept import Kept, Rewrapped


class Rendition(models.TextChoices):
    RECORD = "record", "record copy"
    PREVIEW = "preview", "preview"
    THUMB = "thumb", "thumbnail"
    SIGNATURE = "signature", "signature"
    COVERED = "covered", "covered copy"
    LETTER = "letter", "letter"


class StoredObject(models.Model):
    """One object in the store. `id` is its random, final name; `holder` is "tray" or a patient's pseudonym, bound into the wrap.

    `size` and `digest` are of the plain bytes, `sealed_size` is the length of what lies in the store.
    Shredding takes the wrapped key away and leaves the row, which says what there was and when it went.
    """

    id = models.UUIDField(primary_key=True)
    rendition = models.CharField(max_length=10, choices=Rendition)
    holder = models.CharField(max_length=36)
    key_id = models.CharField(max_length=32)
    wrapped_key = models.BinaryField(max_length=256, null=True, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    sealed_size = models.BigIntegerField()
    kept_at = models.DateTimeField()
    shredded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="vault_key_until_shredded",
                condition=Q(wrapped_key__isnull=False, shredded_at__isnull=True) | Q(wrapped_key__isnull=True, shredded_at__isnull=False),
            ),
            models.CheckConstraint(name="vault_rendition", condition=Q(rendition__in=Rendition.values)),
        ]
        indexes: ClassVar = [models.Index(fields=["-kept_at"], name="vault_newest")]

    def __repr__(self) -> str:
        return f"<StoredObject {self.pk}>"

    @classmethod
    def from_kept(cls, kept: Kept, *, at: datetime) -> Self:
        """The row that makes a kept object part of the record, not yet saved: an action saves it."""
        return cls(
            id=kept.name,
            rendition=kept.rendition,
            holder=kept.holder,
            key_id=kept.wrapped.key_id,
            wrapped_key=kept.wrapped.sealed,
            version=kept.version,
            size=kept.size,
            digest=kept.digest,
            sealed_size=kept.sealed_size,
            kept_at=at,
        )

    @classmethod
    def apply(cls, rewrapped: Rewrapped) -> bool:
        """Put the new wrap in the place of the old one, inside an action. False when somebody else was first."""
        rows = cls.objects.filter(pk=rewrapped.object_id, wrapped_key=rewrapped.old)
        return bool(rows.update(wrapped_key=rewrapped.new.sealed, key_id=rewrapped.new.key_id, holder=rewrapped.holder))


class RootKey(models.Model):
    """A root key as the record knows it: when it was made, and when it went. The key itself is in the key service."""

    key_id = models.CharField(primary_key=True, max_length=32)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    def __repr__(self) -> str:
        return f"<RootKey {self.pk}>"


class IndexKey(models.Model):
    """An index key that is in play: what is looked for is looked for by each of them, what is written is written by the newest.

    The first, number 1, is in play where it has no row. The row of number 1 is also the lock of whoever writes an index elsewhere
    than at patients, who have a lock of their own.
    """

    FIRST = 1

    number = models.PositiveSmallIntegerField(primary_key=True)
    made_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __repr__(self) -> str:
        return f"<IndexKey {self.pk}>"


class Belonging(models.Model):
    """What belongs to this database: its store by the store's identity, each of its keys by a proof that tells nothing of the key."""

    STORE, INDEX, ROOT, MACHINE = "store", "index key", "root key ", "machine "  # names, the last two with what follows them

    name = models.CharField(primary_key=True, max_length=48)
    proof = models.BinaryField(max_length=256)
    noted_at = models.DateTimeField()

    def __repr__(self) -> str:
        return f"<Belonging {self.pk}>"

    @classmethod
    def index_name(cls, number: int) -> str:
        """The name of an index key."""
        return cls.INDEX if number == IndexKey.FIRST else f"{cls.INDEX} {number}"
