"""Why a record copy leaves, and why a photo changes its patient: closed lists, so that the ledger holds a code and no story."""

from django.db.models import TextChoices


class CopyReason(TextChoices):
    ANOTHER_HOSPITAL = "another_hospital", "Care goes on at another hospital"
    COURT = "court", "A court, the coroner or the police ask for it"
    PATIENT = "patient", "The patient asks for their photos"
    COLOUR = "colour", "Printing or judging colours from the camera's own file"


class MoveReason(TextChoices):
    OTHER_SLATE = "other_slate", "The slate of another patient was photographed"
    NO_SLATE = "no_slate", "The slate of this patient was left out"
    OTHER_VISIT = "other_visit", "The visit was opened for the wrong patient"
    SORTED = "sorted", "It was sorted by hand to the wrong patient"
