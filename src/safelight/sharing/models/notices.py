"""Notices: by which channels somebody is told, what was promised and what went out, and the steps of the urgent clock.

Nothing here knows a patient. Progress is read from these rows, never from the engine that carries the work.
"""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q


class Kind(StrEnum):
    """By what somebody is told. The screen is the red bar of whoever is signed in."""

    SCREEN = "screen"
    MAIL = "mail"
    PUSH = "push"
    WEBHOOK = "webhook"


class Channel(models.Model):
    """A way to tell one person or one team. `sealed` holds its address and keys; `name` is what its owner calls it.

    `worked_at` is when it last took something, a test or a notice; `failed_at` when it last did not, with a code.
    A person's own mail has no address here: it is the register's.
    """

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey("staff.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey("staff.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=60)
    sealed = models.BinaryField(default=b"")
    added_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failed = models.CharField(max_length=40, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="sharing_channel_of_one", condition=Q(person__isnull=False, team=None) | Q(person=None, team__isnull=False)
            ),
            models.CheckConstraint(name="sharing_channel_kind", condition=Q(kind__in=[Kind.MAIL, Kind.PUSH, Kind.WEBHOOK])),
            models.UniqueConstraint(
                name="sharing_one_own_mail", fields=["person"], condition=Q(kind="mail", removed_at=None, person__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person"], condition=Q(removed_at=None), name="sharing_channels_person"),
            models.Index(fields=["team"], condition=Q(removed_at=None), name="sharing_channels_team"),
        ]

    def __repr__(self) -> str:
        return f"<Channel {self.pk}>"


class After(StrEnum):
    """What a step of the urgent clock counts from."""

    ASKED = "asked"
    OPENED = "opened"


class Step(models.Model):
    """One step of the urgent clock of one question, as the rules were when it was sent.

    `wait` (seconds) counts from when the step before was done; the first counts from what `after` names. `due_at` is known once that
    has happened. `turn` counts how often the question was passed on. A step is done once, or stopped.
    """

    id = models.UUIDField(primary_key=True)
    opinion = models.ForeignKey("sharing.Opinion", on_delete=models.PROTECT, related_name="steps")
    turn = models.PositiveSmallIntegerField(default=0)
    after = models.CharField(max_length=8)
    number = models.PositiveSmallIntegerField()
    wait = models.PositiveIntegerField()
    due_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opinion", "turn", "after", "number"], name="sharing_each_step_once"),
            models.CheckConstraint(name="sharing_step_after", condition=Q(after__in=[after.value for after in After])),
            models.CheckConstraint(name="sharing_step_ends_once", condition=Q(done_at=None) | Q(stopped_at=None)),
            models.CheckConstraint(name="sharing_step_was_due", condition=Q(done_at=None) | Q(due_at__isnull=False)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(done_at=None, stopped_at=None), name="sharing_steps_due"),
        ]


class Says(StrEnum):
    """What a notice says: one of some fixed sentences, none with a patient in it."""

    URGENT = "urgent"
    URGENT_AGAIN = "urgent_again"
    ASKED = "asked"
    NOBODY_OPENED = "nobody_opened"
    NOBODY_ANSWERED = "nobody_answered"
    TAKEN_ON = "taken_on"
    ANSWERED = "answered"
    EXPIRED = "expired"
    TAKEN_BACK = "taken_back"
    NOT_DELIVERED = "not_delivered"


class Notice(models.Model):
    """One thing to tell by one channel. Its id follows from the question, the occasion and the channel: promised twice, it is one.

    `channel` is None for the screen and for a person's own mail. `tries` counts what failed since it was last promised; `failed` is
    the code of the last failure. `given_up_at`: it is not tried again. `message_id` is the same at each try.
    """

    id = models.UUIDField(primary_key=True)
    opinion = models.ForeignKey("sharing.Opinion", on_delete=models.PROTECT, related_name="notices")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    person = models.ForeignKey("staff.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey("staff.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    says = models.CharField(max_length=16)
    message_id = models.CharField(max_length=120, unique=True)
    promised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    failed = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="sharing_notice_for_one", condition=Q(person__isnull=False) | Q(team__isnull=False)),
            models.CheckConstraint(name="sharing_notice_kind", condition=Q(kind__in=[kind.value for kind in Kind])),
            models.CheckConstraint(name="sharing_notice_says", condition=Q(says__in=[says.value for says in Says])),
            models.CheckConstraint(name="sharing_notice_ends_once", condition=Q(sent_at=None) | Q(given_up_at=None)),
            models.CheckConstraint(name="sharing_given_up_says_why", condition=Q(given_up_at=None) | ~Q(failed="")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["opinion", "promised_at"], name="sharing_notices_of"),
            models.Index(fields=["person", "kind"], name="sharing_notices_person"),
            models.Index(fields=["due_at"], condition=Q(sent_at=None, given_up_at=None), name="sharing_notices_waiting"),
        ]
