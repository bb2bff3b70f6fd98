"""What is filled in to ask a colleague."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django import forms
from django.http import QueryDict

from safelight.sharing.asking import Recipient
from safelight.sharing.choosing import TeamShown
from safelight.sharing.models import Urgency
from safelight.staff.models import Person

LONGEST_QUESTION = 2000
SOMEBODY, NOBODY_YET = "somebody", ""
DAYS = [("1", "1 day"), ("7", "7 days"), ("31", "31 days")]


class AskForm(forms.Form):
    """The question, for whom, how soon, until when. `asking` was made with the page, so that a form sent twice asks once."""

    asking = forms.UUIDField(widget=forms.HiddenInput)
    kept = forms.UUIDField(required=False, widget=forms.HiddenInput)
    question = forms.CharField(
        label="Your question",
        help_text="No name or number: the photos carry the patient for you.",
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "autofocus": True}),
        error_messages={"required": "Write your question"},
    )
    who = forms.ChoiceField(label="Who?", widget=forms.RadioSelect, error_messages={"required": "Choose who is asked"})
    person = forms.ChoiceField(label="Who is it?", required=False)
    also = forms.MultipleChoiceField(label="Ask these as well", required=False, widget=forms.CheckboxSelectMultiple)
    urgency = forms.ChoiceField(
        label="How soon?",
        choices=Urgency.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how soon you need an answer", "invalid_choice": "Choose how soon you need an answer"},
    )
    days = forms.ChoiceField(label="They can open it for", choices=DAYS, required=False)
    confirmed = forms.BooleanField(label="It does not say who the patient is", required=False)

    def __init__(self, data: QueryDict | None, *, teams: Sequence[TeamShown], people: Sequence[Person], **given: object) -> None:
        super().__init__(data, **given)  # type: ignore[arg-type]  # `initial` and nothing else
        asked = [(str(one.team.pk), one.team.name) for one in teams]
        self.fields["who"].choices = [*asked, (SOMEBODY, "Somebody else here")]  # type: ignore[attr-defined]  # Django's fields have no type of their choices
        self.fields["also"].choices = asked  # type: ignore[attr-defined]  # Django's fields have no type of their choices
        self.fields["person"].choices = [("", "Choose a colleague"), *((str(one.pk), one.name) for one in people)]  # type: ignore[attr-defined]  # Django's fields have no type of their choices

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if said.get("who") == SOMEBODY and not said.get("person"):
            self.add_error("person", "Choose the colleague")
        return said

    def to(self) -> tuple[Recipient, ...]:
        """Whom it goes to, each once: the one that was chosen first."""
        said = self.cleaned_data
        first = Recipient(person=UUID(said["person"])) if said["who"] == SOMEBODY else Recipient(team=UUID(said["who"]))
        return tuple(dict.fromkeys([first, *(Recipient(team=UUID(one)) for one in said["also"])]))

    def how_soon(self) -> Urgency:
        return Urgency(self.cleaned_data["urgency"])

    def open_for(self) -> timedelta:
        return timedelta(days=int(self.cleaned_data["days"] or "7"))


class LaterForm(forms.Form):
    """A question that waits for the photos of a visit."""

    question = forms.CharField(
        label="Your question",
        help_text="No name or number. It waits until the photos are in; then you choose how soon, and send it.",
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "autofocus": True}),
        error_messages={"required": "Write your question"},
    )
    who = forms.ChoiceField(label="Who?", widget=forms.RadioSelect, required=False)

    def __init__(self, data: QueryDict | None, *, teams: Sequence[TeamShown], **given: object) -> None:
        super().__init__(data, **given)  # type: ignore[arg-type]  # `initial` and nothing else
        self.fields["who"].choices = [(str(one.team.pk), one.team.name) for one in teams]  # type: ignore[attr-defined]  # Django's fields have no type of their choices

    def to(self) -> Recipient | None:
        chosen = self.cleaned_data["who"]
        return Recipient(team=UUID(chosen)) if chosen else None
