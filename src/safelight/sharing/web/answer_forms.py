"""What is filled in to answer, to pass on, or to ask for a better photo."""

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.http import QueryDict

from safelight.sharing.asking import Recipient
from safelight.sharing.choosing import TeamShown
from safelight.sharing.models import Quick
from safelight.sharing.web.mark_forms import MarkForm
from safelight.staff.models import Person

LONGEST_ANSWER = 4000
CHANGES = [
    ("Closer", "Closer"),
    ("From further away", "From further away"),
    ("Sharper", "Sharper"),
    ("More light", "More light"),
    ("With a ruler", "With a ruler"),
    ("From another side", "From another side"),
]


class AnswerForm(MarkForm):
    """A tap, words, or both; and a place on the photo, if one was marked."""

    quick = forms.ChoiceField(label="Your answer", choices=Quick.choices, required=False, widget=forms.RadioSelect)
    words = forms.CharField(
        label="In words", required=False, max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"})
    )

    def tapped(self) -> Quick | None:
        chosen = self.cleaned_data["quick"]
        return Quick(chosen) if chosen else None


class BetterPhotoForm(forms.Form):
    """What the next photo should show better."""

    changes = forms.MultipleChoiceField(
        label="What should be different?", choices=CHANGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label="Anything else", required=False, max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"})
    )

    def said(self) -> str:
        """All of it in words: "Closer. With a ruler. Both hands, please"."""
        return ". ".join([*self.cleaned_data["changes"], *filter(None, [self.cleaned_data["words"].strip()])])


class PassOnForm(forms.Form):
    """To whom it goes on."""

    team = forms.ChoiceField(label="To a team", required=False)
    person = forms.ChoiceField(label="Or to a colleague", required=False)

    def __init__(self, data: QueryDict | None, *, teams: Sequence[TeamShown], people: Sequence[Person]) -> None:
        super().__init__(data)
        self.fields["team"].choices = [("", "Choose a team"), *((str(one.team.pk), one.words) for one in teams)]  # type: ignore[attr-defined]  # Django's fields have no type of their choices
        self.fields["person"].choices = [("", "Choose a colleague"), *((str(one.pk), one.name) for one in people)]  # type: ignore[attr-defined]  # Django's fields have no type of their choices

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if bool(said.get("team")) == bool(said.get("person")):
            self.add_error("team", "Choose a team or a colleague")
        return said

    def to(self) -> Recipient:
        said = self.cleaned_data
        return Recipient(team=UUID(said["team"])) if said["team"] else Recipient(person=UUID(said["person"]))
