"""What the outbox knows beside the engine's own tables."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Takeover(models.Model):
    """A flow that was handed back to its queue because whoever took it does not run it; `runs` counts how often it was begun until then.

    Handing back clears the engine's own count, so that without this row a flow that kills its workers would walk round for ever.
    """

    flow = models.CharField(primary_key=True, max_length=200)
    runs = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    def __repr__(self) -> str:
        return f"<Takeover {self.pk}>"


class Settled(models.TextChoices):
    AGAIN = "again", "tried again"
    GIVEN_UP = "given_up", "given up"


class Stuck(models.Model):
    """Work that ended without doing what it should, and that a person decides about. Nothing here is dropped by itself.

    `key` is the flow's own, or the name of a clock flow, which has one row however often it fails. `what` is what the flow is for, `why`
    the code of an error, `owner` the package whose work it is, `since` when it first failed.
    """

    id = models.UUIDField(primary_key=True)
    key = models.CharField(max_length=200, unique=True)
    flow = models.CharField(max_length=200)
    queue = models.CharField(max_length=40)
    what = models.CharField(max_length=200)
    why = models.CharField(max_length=80)
    owner = models.CharField(max_length=40)
    since = models.DateTimeField()
    settled = models.CharField(max_length=10, choices=Settled, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="outbox_settled_by_somebody",
                condition=Q(settled="", settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
            models.CheckConstraint(name="outbox_given_up_with_a_reason", condition=~Q(settled="given_up", reason="")),
        ]

    def __repr__(self) -> str:
        return f"<Stuck {self.pk}>"
