"""What people fill in about cameras and cards."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone

from safelight.custody.models import Cabinet, Camera
from safelight.custody.rules import CardSaid, WhyGivenUp
from safelight.kernel.actor import Actor
from safelight.staff import queries as staff
from safelight.staff.web.second import SecondPerson

# Shifts change at these hours of the wards' own clock.
SHIFTS = (time(8), time(20))
NO_NAMES = "Write no patient's name or number here."
RESERVED = {"FIND", "REGISTER", "LEFTOVERS"}


def end_of_shift(now: datetime) -> datetime:
    """When the shift that runs now ends."""
    local = timezone.localtime(now)
    ends = [timezone.make_aware(datetime.combine(local.date() + timedelta(days=day), at)) for day in (0, 1) for at in SHIFTS]
    return next(end for end in ends if end > now)


class FindForm(forms.Form):
    """The label of a camera, scanned or typed. Sent in a form, never in an address: somebody may scan a wristband here."""

    code = forms.CharField(
        label="Scan the label on the camera",
        max_length=80,
        strip=True,
        error_messages={"required": "Scan the label on a camera, or type its code"},
    )


class OutForm(SecondPerson):
    """When the camera comes back; why it is taken where a rule stands against it; who signs as the second."""

    back = forms.ChoiceField(label="When will you bring it back?", widget=forms.RadioSelect, initial="soon")
    at = forms.TimeField(
        label="Or by another time",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={"invalid": "Give a time such as 14:30"},
    )
    reason = forms.CharField(
        label="Why do you take it all the same?",
        max_length=200,
        required=False,
        help_text=f"The reason is kept, and the IG lead sees it. {NO_NAMES}",
        error_messages={"max_length": "Use at most 200 letters"},
    )

    def __init__(self, data: object = None, *, now: datetime, reason_needed: bool) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # Django's own type of posted data
        self.now = now
        self.fields["back"].choices = [  # type: ignore[attr-defined]  # Django's fields have no type of their choices
            ("soon", f"Within 2 hours (by {timezone.localtime(now + timedelta(hours=2)):%H:%M})"),
            ("shift", f"By the end of my shift ({timezone.localtime(end_of_shift(now)):%H:%M})"),
        ]
        self.fields["reason"].required = reason_needed
        self.fields["reason"].error_messages["required"] = "Say why you take it all the same, or take another camera"

    def due_at(self) -> datetime:
        """The promised time. A time that was typed counts, today or, where it is past, tomorrow."""
        typed: time | None = self.cleaned_data["at"]
        if typed is not None:
            at = timezone.make_aware(datetime.combine(timezone.localdate(self.now), typed))
            return at if at > self.now else at + timedelta(days=1)
        return end_of_shift(self.now) if self.cleaned_data["back"] == "shift" else self.now + timedelta(hours=2)


class ReturnForm(forms.Form):
    """In which state the card came back."""

    card = forms.ChoiceField(
        label="What about the card?",
        widget=forms.RadioSelect,
        choices=[
            (CardSaid.EMPTY.value, "It is empty: everything was imported, or nothing was taken"),
            (CardSaid.HAS_PHOTOS.value, "It still has photos"),
            (CardSaid.NOT_IN_IT.value, "It is not in the camera"),
        ],
        error_messages={"required": "Say what about the card"},
    )

    def said(self) -> CardSaid:
        return CardSaid(self.cleaned_data["card"])


class FaultForm(forms.Form):
    """What is wrong with a camera."""

    fault = forms.CharField(
        label="What is wrong with it?",
        max_length=200,
        help_text=NO_NAMES,
        error_messages={"required": "Say in a few words what is wrong", "max_length": "Use at most 200 letters"},
    )


class ClockForm(forms.Form):
    """What the camera's clock shows."""

    day = forms.DateField(
        label="Date on the camera",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Give the date that the camera shows", "invalid": "Give the date that the camera shows"},
    )
    at = forms.TimeField(
        label="Time on the camera",
        widget=forms.TimeInput(attrs={"type": "time", "step": "1"}, format="%H:%M:%S"),
        error_messages={"required": "Give the time that the camera shows", "invalid": "Give the time that the camera shows"},
    )

    def ahead(self, *, now: datetime) -> timedelta:
        """By how much the camera's clock is ahead."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["at"])) - now


class ReasonForm(forms.Form):
    """Why a file on a card can be erased."""

    reason = forms.CharField(
        label="What is it, and why can it go?",
        max_length=200,
        help_text=f"Your name is kept with it. {NO_NAMES}",
        error_messages={"required": "Say what the file is and why it can go"},
    )


class GiveUpForm(forms.Form):
    """Why nobody waits any longer for a card. `seen` is how many photos the person was shown."""

    why = forms.ChoiceField(
        label="Why is the card not put in again?",
        widget=forms.RadioSelect,
        choices=[
            (WhyGivenUp.LOST.value, "It is lost"),
            (WhyGivenUp.BROKEN.value, "It cannot be read"),
            (WhyGivenUp.DELETED.value, "These photos are not on it any more"),
            (WhyGivenUp.NEEDED.value, "It will be, and the photos are needed before that"),
        ],
        error_messages={"required": "Say why the card is not put in again"},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class DisposalForm(forms.Form):
    """Why photos of a card that never came back can go. `seen` is how many the person was shown."""

    reason = forms.CharField(
        label="Why can they go?",
        max_length=200,
        help_text=f"Your name is kept with it, and the second person reads it. {NO_NAMES}",
        error_messages={"required": "Say why these photos can go", "max_length": "Use at most 200 letters"},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class AgreeForm(forms.Form):
    """The second person's word. `seen` is how many photos they were shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class _OfTheRegister(forms.Form):
    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].upper()
        if code in RESERVED:
            raise forms.ValidationError("Choose another code: this one is a word that the addresses use")
        return code


def _code(example: str) -> forms.RegexField:
    return forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9-]{1,15}$",
        label="Code",
        max_length=16,
        help_text=f"As on the label, for example {example}",
        error_messages={"required": "Give the code on its label", "invalid": "Use 2 to 16 letters, digits and hyphens"},
    )


class CabinetForm(_OfTheRegister):
    """A lockable home of cameras."""

    code = _code("CAB-B")
    name = forms.CharField(label="Name", max_length=80, error_messages={"required": "Give it a name by which people find it"})
    ward = forms.ChoiceField(label="Ward", error_messages={"required": "Choose the ward"})
    two_signatures = forms.BooleanField(label="Ask for two signatures when a camera is taken", required=False)

    def __init__(self, data: object = None, *, actor: Actor, of: Cabinet | None = None) -> None:
        first = {} if of is None else {"name": of.name, "ward": of.ward, "two_signatures": of.two_signatures}
        super().__init__(data, initial=first)  # type: ignore[arg-type]  # Django's forms take what they are given
        choices = [("", "Choose"), *((ward.code, ward.name) for ward in staff.wards(actor))]
        self.fields["ward"].choices = choices  # type: ignore[attr-defined]  # Django's fields have no type of their choices
        if of is not None:
            del self.fields["code"]


class CameraForm(_OfTheRegister):
    """A dedicated clinical camera."""

    code = _code("CAM-07")
    make = forms.CharField(label="Make", max_length=80, help_text="As the camera writes it into its photos, for example Canon")
    model = forms.CharField(label="Model", max_length=80, help_text="As the camera writes it, for example Canon EOS 250D")
    serial = forms.CharField(
        label="Body serial number",
        max_length=80,
        required=False,
        help_text="As the camera writes it into its photos. Leave it empty only where the camera writes none.",
    )
    cabinet = forms.ChoiceField(label="Cabinet", error_messages={"required": "Choose the cabinet in which it lives"})
    shelf = forms.CharField(label="Shelf", max_length=40, required=False)

    def __init__(self, data: object = None, *, cabinets: list[Cabinet], of: Camera | None = None) -> None:
        first = {}
        if of is not None:
            first = {"make": of.make, "model": of.model, "serial": of.serial, "cabinet": str(of.cabinet_id), "shelf": of.shelf}
        super().__init__(data, initial=first)  # type: ignore[arg-type]  # Django's forms take what they are given
        choices = [("", "Choose"), *((str(cabinet.pk), f"{cabinet.code}, {cabinet.name}") for cabinet in cabinets)]
        self.fields["cabinet"].choices = choices  # type: ignore[attr-defined]  # Django's fields have no type of their choices
        if of is not None:
            del self.fields["code"]


class CardForm(_OfTheRegister):
    """A memory card."""

    code = _code("CARD-07")
    volume = forms.CharField(
        label="Volume number",
        max_length=80,
        required=False,
        help_text="The number of its file system, as the station shows it when the card is put in.",
    )
    camera = forms.ChoiceField(
        label="Camera",
        required=False,
        help_text="Give a camera one card. A spare card belongs to no camera until it is needed.",
    )

    def __init__(self, data: object = None, *, cameras: list[Camera]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # Django's forms take what they are given
        self.fields["camera"].choices = _cameras(cameras)  # type: ignore[attr-defined]  # Django's fields have no type of their choices


class MoveCardForm(forms.Form):
    """To which camera a card belongs."""

    camera = forms.ChoiceField(label="Camera", required=False)

    def __init__(self, data: object = None, *, cameras: list[Camera], now_in: str = "") -> None:
        super().__init__(data, initial={"camera": now_in})  # type: ignore[arg-type]  # Django's forms take what they are given
        self.fields["camera"].choices = _cameras(cameras)  # type: ignore[attr-defined]  # Django's fields have no type of their choices


def _cameras(cameras: list[Camera]) -> list[tuple[str, str]]:
    return [("", "No camera"), *((str(camera.pk), camera.code) for camera in cameras)]
