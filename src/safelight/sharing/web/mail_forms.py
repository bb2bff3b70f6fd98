"""What is filled in by whoever looks after mail."""

from django import forms

from safelight.sharing.mail import accredited


class ListForm(forms.Form):
    """A new edition of the list of accredited domains."""

    file = forms.FileField(label="The list, as a CSV file", error_messages={"required": "Choose the file"})
    dated = forms.DateField(
        label="Date of the list", widget=forms.DateInput(attrs={"type": "date"}), error_messages={"required": "Write the date of the list"}
    )
    owner = forms.CharField(label="Who looks after it", max_length=80, error_messages={"required": "Write who looks after the list"})

    def clean_file(self) -> bytes:
        given = self.cleaned_data["file"]
        if given.size > accredited.LARGEST:
            raise forms.ValidationError("The file is too large for a list of domains")
        data: bytes = given.read()
        return data


class CertificateForm(forms.Form):
    """A certificate for letters to one address."""

    address = forms.CharField(label="Address of mail", max_length=254, error_messages={"required": "Write the address"})
    pem = forms.CharField(
        label="Certificate (PEM)",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Paste the certificate"},
    )


class FileForm(forms.Form):
    """Which question a letter answers, and in which words."""

    opinion = forms.ChoiceField(
        label="Which question does it answer?", widget=forms.RadioSelect, error_messages={"required": "Choose the question"}
    )
    words = forms.CharField(
        label="The answer, as it goes into the record",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        error_messages={"required": "There are no words to file"},
    )

    def __init__(self, data: object, *, offered: list[tuple[str, str]], **given: object) -> None:
        super().__init__(data, **given)  # type: ignore[arg-type]  # a QueryDict or None, and `initial`
        self.fields["opinion"].choices = offered  # type: ignore[attr-defined]  # Django's fields have no type of their choices
