"""Consents in the words that were shown, purpose by purpose; consents owed; withdrawals."""

from enum import IntEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from safelight.consent.lifecycle import ConsentState


class Purpose(IntEnum):
    """What a patient is asked, one by one (B1, B2, B4, B5). The numbers are those on the form."""

    TAKE_AND_KEEP = 1
    ADVICE_HERE = 2
    ADVICE_ELSEWHERE = 3
    TEACH_HERE = 4
    ASK_ABOUT_PUBLICATION = 5


class WhoAgreed(models.TextChoices):
    PATIENT = "patient", "The patient"
    PARENT = "parent", "Parent or guardian"
    ATTORNEY = "attorney", "Attorney or deputy"
    BEST_INTERESTS = "best_interests", "Nobody can: best interests"


class ChildsView(models.TextChoices):
    AGREES = "agrees", "The child agrees"
    REFUSES = "refuses", "The child says no"
    TOO_YOUNG = "too_young", "Too young to say"


class How(models.TextChoices):
    """How the patient, or who speaks for them, said it. In best interests nobody says anything: it is decided."""

    TOLD = "told", "They told me"
    SIGNED = "signed", "They sign here"
    PAPER = "paper", "Paper form"
    DECIDED = "decided", "Decided for them"


class Wording(models.Model):
    """A version of the words that a patient is told and asked, in one language. Never changed: a new text is a new version."""

    id = models.UUIDField(primary_key=True)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=8)
    say = models.TextField()
    questions = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "language"], name="consent_wording_once")]


class Consent(models.Model):
    """One conversation about photos. `details` seals names, notes and signature; the answers stand beside it.

    `still_the_same` says that the earlier answers were told to the patient, who had nothing to change.
    """

    id = models.UUIDField(primary_key=True)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=ConsentState.STANDS)
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    who_agreed = models.CharField(max_length=16, choices=WhoAgreed)
    childs_view = models.CharField(max_length=10, choices=ChildsView, blank=True)
    how = models.CharField(max_length=8, choices=How)
    interpreter = models.BooleanField(default=False)
    details = models.BinaryField(default=b"")
    still_the_same = models.BooleanField(default=False)
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient"], name="consent_one_stands", condition=Q(state="stands")),
            models.CheckConstraint(name="consent_state", condition=Q(state__in=[state.value for state in ConsentState])),
            models.CheckConstraint(name="consent_ended_has_time", condition=Q(state="stands") | Q(ended_at__isnull=False)),
            models.CheckConstraint(name="consent_childs_view_beside_parent", condition=Q(who_agreed="parent") | Q(childs_view="")),
            models.CheckConstraint(
                name="consent_decided_in_best_interests",
                condition=Q(who_agreed="best_interests", how="decided") | (~Q(who_agreed="best_interests") & ~Q(how="decided")),
            ),
        ]


class Answer(models.Model):
    """Yes or no to one purpose. `withdrawn_at` lowers a yes from that moment (B6)."""

    id = models.UUIDField(primary_key=True)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="answers")
    purpose = models.PositiveSmallIntegerField()
    yes = models.BooleanField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consent", "purpose"], name="consent_answer_once"),
            models.CheckConstraint(name="consent_purpose_is_known", condition=Q(purpose__range=(1, 5))),
        ]


class ConsentOwed(models.Model):
    """A consent that must still be asked: the patient could not be, and photos were taken in their best interests (B7, B8)."""

    id = models.UUIDField(primary_key=True)
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="owed")
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="consent_settled_by_another", condition=Q(settled_by=None) | ~Q(settled_by=F("consent")))
        ]


class Publication(models.Model):
    """What a patient said to one named publication, for one use (B5). It rests on the consent that said "ask me later"."""

    id = models.UUIDField(primary_key=True)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="publications")
    title = models.CharField(max_length=300)
    yes = models.BooleanField()
    how = models.CharField(max_length=8, choices=[(how.value, how.label) for how in (How.TOLD, How.PAPER)])
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="publication_is_named", condition=~Q(title=""))]
