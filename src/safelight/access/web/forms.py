"""What the pages about who may see whom ask for."""

from django import forms

from safelight.access.rules import Reason, Verdict

LONGEST_WORDS = 500


class ReasonForm(forms.Form):
    """Why a record is opened without looking after the patient."""

    reason = forms.ChoiceField(
        label="Why do you need to see this patient?",
        choices=[(reason.value, reason.words) for reason in Reason],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why you need to see this patient", "invalid_choice": "Choose one of the reasons"},
    )
    words = forms.CharField(
        label="In your own words",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text="Only the information governance lead reads this.",
        error_messages={"required": "Say in a few words why"},
    )


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(choices=[(verdict.value, verdict.words) for verdict in Verdict])
