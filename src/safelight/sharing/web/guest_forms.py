"""What a guest fills in."""

from django import forms

from safelight.sharing.models import Quick
from safelight.sharing.web.mark_forms import MarkForm

LONGEST_ANSWER = 4000
# Somebody who works elsewhere is not on their way, and the rest of the answers is about what happens here.
TAPS = [(tap.value, tap.label) for tap in (Quick.SEND_TO_THEATRE, Quick.CLINIC_IS_FINE, Quick.BETTER_PHOTO, Quick.CALL_ME)]


class LinkForm(forms.Form):
    """The link, as it was sent. The page puts its secret here; without scripts it is pasted."""

    secret = forms.CharField(
        label="Paste the link from the letter",
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-link-secret": ""}),
        error_messages={"required": "Paste the whole link from the letter"},
    )


class CodeForm(forms.Form):
    """The digits that went to the mailbox."""

    code = forms.CharField(
        label="Code from your mailbox",
        help_text="6 digits. They are good for 10 minutes.",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}),
        error_messages={"required": "Type the 6 digits"},
    )


class GuestAnswerForm(MarkForm):
    """A tap, words, or both; and a place on one of the photos, if one was marked."""

    quick = forms.ChoiceField(label="Your answer", choices=TAPS, required=False, widget=forms.RadioSelect)
    words = forms.CharField(
        label="In words", required=False, max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"})
    )

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if not self.errors and not said.get("quick") and not str(said.get("words", "")).strip():
            self.add_error("quick", "Tap an answer or write one")
        if not self.errors and said.get("quick") == Quick.BETTER_PHOTO and not str(said.get("words", "")).strip():
            self.add_error("words", "Write what should be different")
        return said

    def tapped(self) -> Quick | None:
        chosen = self.cleaned_data["quick"]
        return Quick(chosen) if chosen else None
