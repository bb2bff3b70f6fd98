"""Opinions: the question, for whom, the covered copies that may be seen for it, who saw them, and the answers."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from safelight.sharing.lifecycle import ShareState


class Urgency(models.TextChoices):
    """How soon an answer is needed. It has no default anywhere: a silent "routine" loses an emergency."""

    URGENT = "urgent", "Urgent: now"
    SOON = "soon", "Today"
    ROUTINE = "routine", "Routine"


class Quick(models.TextChoices):
    """Answers of one tap. Where none was tapped there are words."""

    ON_MY_WAY = "on_my_way", "On my way"
    SEND_TO_THEATRE = "send_to_theatre", "Send to theatre"
    CLINIC_IS_FINE = "clinic_is_fine", "Clinic is fine"
    BETTER_PHOTO = "better_photo", "Better photo, please"
    CALL_ME = "call_me", "Call me"


class Opinion(models.Model):
    """One question to one person, one team or one guest. A question that goes to several is one row each, with the same `asking`.

    `asking` was made with the form, so that a form sent twice asks once. `public_id` stands in notices (`/o/<public id>/`): random,
    no meaning, no key. `question` is sealed. Until `held_until` nothing goes out and nobody can open it: the time to think again.
    `openings_left` limits how often a guest may open it; None where nothing limits.
    """

    id = models.UUIDField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True)
    asking = models.UUIDField()
    place = models.PositiveSmallIntegerField(default=0)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    question = models.BinaryField()
    urgency = models.CharField(max_length=8, choices=Urgency)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    held_until = models.DateTimeField()
    expires_at = models.DateTimeField()
    team = models.ForeignKey("staff.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("staff.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    guest = models.ForeignKey("sharing.Guest", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, default=ShareState.OFFERED)
    openings_left = models.PositiveSmallIntegerField(null=True, blank=True)
    opened_by = models.UUIDField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    on_it_by = models.UUIDField(null=True, blank=True)
    on_it_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "state", "-asked_at"], name="sharing_for_person"),
            models.Index(fields=["team", "state", "-asked_at"], name="sharing_for_team"),
            models.Index(fields=["asked_by", "-asked_at"], name="sharing_asked_by"),
            models.Index(fields=["patient", "-asked_at"], name="sharing_of_patient"),
            models.Index(fields=["state", "expires_at"], name="sharing_expiry"),
            models.Index(fields=["asked_by"], name="sharing_unconfirmed", condition=Q(read_at=None) & ~Q(ended_why="asker")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asking", "place"], name="sharing_asked_once"),
            models.CheckConstraint(name="sharing_state", condition=Q(state__in=[state.value for state in ShareState])),
            models.CheckConstraint(name="sharing_urgency", condition=Q(urgency__in=Urgency.values)),
            models.CheckConstraint(
                name="sharing_for_exactly_one",
                condition=Q(team__isnull=False, person=None, guest=None)
                | Q(team=None, person__isnull=False, guest=None)
                | Q(team=None, person=None, guest__isnull=False),
            ),
            models.CheckConstraint(name="sharing_ends_after_it_began", condition=Q(expires_at__gt=F("asked_at"))),
            models.CheckConstraint(name="sharing_guests_open_so_often", condition=Q(guest=None) | Q(openings_left__isnull=False)),
            models.CheckConstraint(
                name="sharing_opened_whole",
                condition=Q(opened_at=None, opened_by=None) | Q(opened_at__isnull=False, opened_by__isnull=False),
            ),
            models.CheckConstraint(
                name="sharing_answered_has_time", condition=~Q(state__in=["answered", "closed"]) | Q(answered_at__isnull=False)
            ),
            models.CheckConstraint(name="sharing_ended_says_why", condition=~Q(state__in=["taken_back", "expired"]) | ~Q(ended_why="")),
        ]

    def __repr__(self) -> str:
        return f"<Opinion {self.pk}>"


class ShareItem(models.Model):
    """One covered copy that may be seen for one opinion. It points at an approval and at nothing else: there is no way to a record copy."""

    id = models.UUIDField(primary_key=True)
    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="items")
    approval = models.ForeignKey("deidentify.Approval", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opinion", "place"], name="sharing_item_place"),
            models.UniqueConstraint(fields=["opinion", "approval"], name="sharing_item_once"),
        ]


class Opening(models.Model):
    """Somebody opened an opinion (`item` is None), or saw one of its covered copies. `by` is a person's pseudonym, or a guest's id."""

    id = models.UUIDField(primary_key=True)
    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="openings")
    item = models.ForeignKey(ShareItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.UUIDField()
    by_guest = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["opinion", "at"], name="sharing_openings")]


class Answer(models.Model):
    """What somebody answered, filed in the patient's record as it was given: it is never changed, a correction is another answer.

    `quick` is a code, `words` are sealed; at least one is there. `x` and `y` mark a place on one photo ("here"), 0 to 1 of the copy.
    """

    id = models.UUIDField(primary_key=True)
    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="answers")
    by = models.UUIDField()
    by_guest = models.BooleanField(default=False)
    at = models.DateTimeField()
    quick = models.CharField(max_length=16, choices=Quick, blank=True)
    words = models.BinaryField(default=b"")
    item = models.ForeignKey(ShareItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="sharing_answer_says_something", condition=~Q(quick="") | ~Q(words=b"")),
            models.CheckConstraint(
                name="sharing_mark_is_whole",
                condition=Q(item=None, x=None, y=None) | Q(item__isnull=False, x__gte=0, x__lte=1, y__gte=0, y__lte=1),
            ),
        ]


class Passing(models.Model):
    """An opinion went on from somebody who was asked to somebody else here. Those before can open it no more."""

    id = models.UUIDField(primary_key=True)
    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="passings")
    by = models.UUIDField()
    at = models.DateTimeField()
    from_team = models.ForeignKey("staff.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    from_person = models.ForeignKey("staff.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")


class KeptQuestion(models.Model):
    """A question written at the slate, to be asked when the visit's photos are in. The urgency is chosen then, never kept."""

    id = models.UUIDField(primary_key=True)
    visit = models.ForeignKey("photographs.Visit", on_delete=models.PROTECT, related_name="+")
    question = models.BinaryField()
    kept_by = models.UUIDField(db_index=True)
    kept_at = models.DateTimeField()
    team = models.ForeignKey("staff.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("staff.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    asked_as = models.UUIDField(null=True, blank=True)


class EmergencyCall(models.Model):
    """Somebody on call was let see a patient at once, for an hour, before covering or consent to share was finished (G8).

    It is no share: the person signs in and sees by their own care relationship. `reason` is sealed. Until `settled_at` the asker owes
    the patient's consent and the covered question; it is late after `due_at`.
    """

    id = models.UUIDField(primary_key=True)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    called_by = models.UUIDField(db_index=True)
    called_at = models.DateTimeField()
    person = models.ForeignKey("staff.Person", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("staff.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.BinaryField()
    until = models.DateTimeField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="sharing_call_settled_whole",
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]
