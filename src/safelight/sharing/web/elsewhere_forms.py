"""What is filled in to ask a colleague of another hospital."""

from datetime import timedelta

from django import forms

from safelight.sharing.models import Urgency

LONGEST_QUESTION = 2000
LINK, LETTER = "link", "letter"
DAYS = [("1", "1 day"), ("7", "7 days"), ("31", "31 days")]


class ElsewhereForm(forms.Form):
    """Who they are in full, the question, how soon, and whether they get a link or the photos. `asking` was made with the page."""

    asking = forms.UUIDField(widget=forms.HiddenInput)
    guest = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label="Full name",
        max_length=80,
        error_messages={"required": "Write the full name"},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    organisation = forms.CharField(
        label="Where they work",
        max_length=120,
        error_messages={"required": "Write where they work"},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    address = forms.CharField(
        label="Their email address",
        max_length=254,
        error_messages={"required": "Write the address"},
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    question = forms.CharField(
        label="Your question",
        help_text="No name or number: the photos carry the patient for you.",
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": "Write your question"},
    )
    urgency = forms.ChoiceField(
        label="How soon?",
        help_text="Urgent? Ring them: a letter does not ring.",
        choices=[(one.value, one.label) for one in Urgency if one is not Urgency.URGENT],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how soon you need an answer", "invalid_choice": "Choose how soon you need an answer"},
    )
    way = forms.ChoiceField(
        label="What do they get?",
        choices=[(LINK, "A link, opened by a code to their mailbox"), (LETTER, "The covered photos, in a letter")],
        widget=forms.RadioSelect,
        initial=LINK,
    )
    days = forms.ChoiceField(label="They can open it for", choices=DAYS, initial="7")
    confirmed = forms.BooleanField(label="It does not say who the patient is", required=False)

    def how_soon(self) -> Urgency:
        return Urgency(self.cleaned_data["urgency"])

    def open_for(self) -> timedelta:
        return timedelta(days=int(self.cleaned_data["days"]))

    def by_letter(self) -> bool:
        return bool(self.cleaned_data["way"] == LETTER)
