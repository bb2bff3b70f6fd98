"""What people fill in about photos."""

from django import forms
from django.http import QueryDict
from django.utils import timezone

from safelight.photographs.models import Laterality, Photograph, View, Visit
from safelight.photographs.reasons import CopyReason, MoveReason
from safelight.photographs.sites import SITES, SiteSaid, name_of, reason_name

SIDES = [(Laterality.LEFT, "Left"), (Laterality.RIGHT, "Right"), (Laterality.BOTH, "Both"), (Laterality.NONE, "No side")]


class SiteForm(forms.Form):
    """What a photo shows."""

    site = forms.ChoiceField(label="Body site", choices=[(site.code, site.name) for site in SITES.values()])
    laterality = forms.ChoiceField(label="Side", choices=SIDES, widget=forms.RadioSelect, required=False)
    view = forms.ChoiceField(label="View", choices=View.choices, widget=forms.RadioSelect, required=False)

    @classmethod
    def of(cls, photograph: Photograph) -> "SiteForm":
        """Filled with what is recorded now."""
        return cls(initial={"site": photograph.site, "laterality": photograph.laterality, "view": photograph.view})

    def said(self) -> SiteSaid:
        return SiteSaid(self.cleaned_data["site"], self.cleaned_data["laterality"])

    def seen(self) -> View:
        return View(self.cleaned_data["view"])


class CopyForm(forms.Form):
    """Why the camera's own file leaves."""

    reason = forms.ChoiceField(
        label="Why do you need the camera's own file?",
        choices=CopyReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why you need the camera's own file"},
    )

    def why(self) -> CopyReason:
        return CopyReason(self.cleaned_data["reason"])


class WhoseForm(forms.Form):
    """The number of the patient whom a photo shows."""

    number = forms.CharField(
        label="NHS number or hospital number of the right patient",
        help_text="Scan the wristband, or type the number.",
        max_length=200,
        error_messages={"required": "Scan the wristband, or type the number"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class MoveForm(forms.Form):
    """The visit a photo belongs to, why it was in the wrong record, and that number and birth date were confirmed (E2)."""

    visit = forms.ChoiceField(
        label="Which visit does the photo belong to?",
        help_text="It then stands under the body site of that visit, not under the one it has now.",
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label="How did it get into the wrong record?",
        choices=MoveReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it got into the wrong record"},
    )
    confirmed = forms.BooleanField(
        label="I have checked the number and the birth date: this photo is this patient's",
        error_messages={"required": "Check the number and the birth date, then tick the box"},
    )

    def __init__(self, data: QueryDict | None, *, visits: list[Visit]) -> None:
        super().__init__(data)
        self.fields["visit"].choices = [(str(visit.pk), _visit_words(visit)) for visit in visits]  # type: ignore[attr-defined]  # Django's fields have no type of their choices
        self.fields["visit"].error_messages["required"] = "Choose the visit"

    def why(self) -> MoveReason:
        return MoveReason(self.cleaned_data["reason"])


def _visit_words(visit: Visit) -> str:
    opened = timezone.localtime(visit.opened_at)
    where = ", ".join(name_of(each["site"], each["laterality"]) for each in visit.sites)
    return f"{opened.day} {opened:%b %H:%M}: {where}. {reason_name(visit.reason)}"
