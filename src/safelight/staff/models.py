"""People, the wards they work on, invitations, sign-ins, and the teams that are asked, with their rota."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class People(BaseUserManager["Person"]):
    """Looks people up by the name they sign in with."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username__iexact=username)


class Ward(models.Model):
    """A ward or clinic. Its code stands on patients and cabinets; its defaults fill the consent form and can be changed there."""

    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=80)
    default_site = models.CharField(max_length=40, blank=True)
    default_reason = models.CharField(max_length=40, blank=True)
    # Empty: the site's own. A screen of somebody who works on several wards locks after the shortest.
    lock_seconds = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="staff_ward_locks", condition=models.Q(lock_seconds__isnull=True) | models.Q(lock_seconds__range=(30, 600))
            )
        ]


class Person(AbstractBaseUser):
    """One who works here. `roles` holds values of kernel Role; the password is hashed by Argon2id."""

    id = models.UUIDField(primary_key=True)
    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    roles = models.JSONField(default=list)
    wards = models.ManyToManyField(Ward, related_name="people", blank=True)
    trained_until = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = People()

    def __repr__(self) -> str:
        return f"<Person {self.pk}>"


class Invitation(models.Model):
    """A link by which a person sets a password and a second factor, once. Only the SHA-256 of its secret is stored."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    secret_digest = models.CharField(max_length=64, unique=True)
    by = models.UUIDField()
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class Method(StrEnum):
    """How a person showed who they are. A passkey counts only where its device verified its user."""

    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    PASSWORD_AND_CODE = "password_and_code"  # noqa: S105 - the name of a factor, not a secret
    CODE = "code"  # beside an invitation's link only
    PASSKEY = "passkey"


class SignIns(models.QuerySet["SignIn"]):
    """Sign-ins that have not ended, and when they were last used."""

    def open(self) -> "SignIns":
        return self.filter(ended_at=None)

    def note_seen(self, sign_in: UUID, *, at: datetime) -> None:
        """Note activity; not of one that another request has locked or ended in the meantime."""
        self.open().filter(pk=sign_in, locked_at=None).update(seen_at=at)


class SignIn(models.Model):
    """One sign-in with two factors, from its start to its end. The web session only names it."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sign_ins")
    method = models.CharField(max_length=20)
    browser = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    proved_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=16, blank=True)

    objects = SignIns.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person"], condition=models.Q(ended_at=None), name="staff_sign_in_open"),
        ]


class UsedCode(models.Model):
    """A code from an app that was accepted once: `step` is its time step (RFC 6238), so that it is never accepted again."""

    factor = models.PositiveBigIntegerField()
    step = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["factor", "step"], name="staff_code_once")]


class Team(models.Model):
    """Those who are asked together, by a rota. Its phone number stands on every urgent page, so there is always one."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    phone = models.CharField(max_length=40)
    lead = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leads", null=True, blank=True)
    people = models.ManyToManyField(Person, related_name="teams", blank=True)
    wards = models.ManyToManyField(Ward, related_name="teams", blank=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="staff_team_has_a_phone", condition=~models.Q(phone=""))]


class Rank(StrEnum):
    """As what somebody is on call: who is asked first, who next, and the consultant."""

    FIRST = "first"
    SECOND = "second"
    CONSULTANT = "consultant"


class Shift(models.Model):
    """One person on call for a team, from `begins` until before `ends`. Two shifts of one rank never meet: the actions see to it."""

    id = models.UUIDField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="shifts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shifts")
    rank = models.CharField(max_length=12)
    begins = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="staff_shift_ends_later", condition=models.Q(ends__gt=models.F("begins"))),
            models.CheckConstraint(name="staff_shift_rank", condition=models.Q(rank__in=[rank.value for rank in Rank])),
        ]
        indexes: ClassVar = [models.Index(fields=["team", "begins"], name="staff_shift_of_team")]


class ForKeys(models.TextChoices):
    """What takes two people once it is done to the keys of the vault (ASVS 2.3.5)."""

    ROTATE = "rotate", "make a new root key and move everything to it"
    ROTATE_INDEX = "rotate-index", "make a new key for finding numbers, and find every number by it"
    RETIRE = "retire", "take away old keys that nothing hangs on"


class Agreement(models.Model):
    """Two people agreed that one thing is done to the keys, once, before `until`.

    It is begun by the command that does it and ended when that has finished: a command that was interrupted goes on with what was
    begun. `newest` names the key that was the newest when it began, so that going on never makes a second one.
    """

    id = models.UUIDField(primary_key=True)
    what = models.CharField(max_length=16, choices=ForKeys)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()
    until = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    newest = models.CharField(max_length=32, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="staff_agreed_what", condition=models.Q(what__in=ForKeys.values)),
            models.CheckConstraint(name="staff_agreed_are_two", condition=~models.Q(asked_by=models.F("agreed_by"))),
            models.CheckConstraint(name="staff_agreed_begun", condition=models.Q(ended_at=None) | models.Q(begun_at__isnull=False)),
        ]

    def __repr__(self) -> str:
        return f"<Agreement {self.pk}>"
