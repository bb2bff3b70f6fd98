"""What a person says of photos in the tray."""

from django import forms

from safelight.intake.reasons import NotAPatient


class Find(forms.Form):
    """Somebody else's: by wristband, number or surname."""

    who = forms.CharField(
        label="Whose photos are these?",
        help_text="Scan the wristband. Or type a number or a surname, then Enter.",
        max_length=200,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Scan the wristband, or type a number or a surname."},
    )


class Whose(forms.Form):
    """These photos are this patient's: under which visit, and confirmed beside the photos (E2)."""

    visit = forms.ChoiceField(
        label="Which visit do they belong to?", widget=forms.RadioSelect, error_messages={"required": "Choose the visit they belong to."}
    )
    confirmed = forms.BooleanField(
        label="I have compared this number and birth date with the wristband or the notes",
        required=True,
        error_messages={
            "required": "Compare the number and the birth date with the wristband or the notes, then tick that they are right."
        },
    )

    def __init__(self, *args: object, visits: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        field = self.fields["visit"]
        if isinstance(field, forms.ChoiceField):
            field.choices = visits


class Aside(forms.Form):
    """Not a patient: what they show instead."""

    why = forms.ChoiceField(
        label="What do they show?",
        widget=forms.RadioSelect,
        choices=[(why.value, why.says) for why in NotAPatient],
        error_messages={"required": "Choose what they show."},
    )
