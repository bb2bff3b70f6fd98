"""What the pages about patients ask for."""

from uuid import UUID

from django import forms
from django.conf import settings

from safelight.kernel.actor import Actor
from safelight.patients import numbers, queries, wristband
from safelight.patients.identity import Identity
from safelight.patients.models import Patient
from safelight.patients.rules import LONGEST_ADDRESS, LONGEST_NAME, Fault
from safelight.patients.wristband import Reading

UNKNOWN = "UNKNOWN"
DAYS = ["%d/%m/%Y", "%d %m %Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%d%m%Y"]
HOW_TO_WRITE_A_DAY = "For example, 31 1 1970"
NOT_A_DAY = {"invalid": "Write the birth date as day, month and year, for example 31 1 1970"}
BIGGEST_FILE = 8 * 2**20


def _text(**attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **attributes})


class SearchForm(forms.Form):
    """A surname or a number, and a birth date to narrow it."""

    who = forms.CharField(
        label="Surname, NHS number or hospital number",
        max_length=200,
        widget=_text(autofocus="autofocus"),
        error_messages={"required": "Type a surname or a number"},
    )
    born = forms.DateField(
        label="Birth date, if you know it",
        required=False,
        input_formats=DAYS,
        widget=_text(inputmode="numeric", **{"class": "nhsuk-input--width-10"}),
        error_messages=NOT_A_DAY,
    )

    def numbers(self) -> list[str]:
        """The numbers that were typed or scanned; none where it is a name."""
        return [number for number in (self._said.nhs_number, self._said.hospital_number) if number]

    def name(self) -> str:
        """The surname that was typed; empty where it is a number."""
        return self._said.name or ""

    def says(self) -> str:
        """What is odd about a number that nobody has."""
        return self._said.reading.says

    def clean_who(self) -> str:
        text = str(self.cleaned_data["who"])
        self._said = wristband.read(
            text, company_prefix=settings.SAFELIGHT_GSRN_PREFIX, synthetic_allowed=settings.SAFELIGHT_ALLOW_SYNTHETIC_NUMBERS
        )
        useful = self._said.nhs_number or self._said.hospital_number or self._said.name
        if not useful:
            odd = self._said.reading in {Reading.OTHER_LABEL, Reading.SLATE}
            raise forms.ValidationError("This is neither a surname nor a patient's number" if odd else self._said.reading.says)
        return text


class PatientForm(forms.Form):
    """Who a patient is. The rules are checked when it is sealed; here only what a form can know."""

    family = forms.CharField(label="Family name", max_length=LONGEST_NAME, required=False, widget=_text())
    given = forms.CharField(label="Given names", max_length=LONGEST_NAME, required=False, widget=_text())
    born = forms.DateField(
        label="Birth date",
        help_text=HOW_TO_WRITE_A_DAY,
        required=False,
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"autocomplete": "off", "class": "nhsuk-input--width-10"}, format="%d/%m/%Y"),
        error_messages=NOT_A_DAY,
    )
    nhs_number = forms.CharField(
        label="NHS number", max_length=20, required=False, widget=_text(inputmode="numeric", **{"class": "nhsuk-input--width-10"})
    )
    hospital_number = forms.CharField(
        label="Hospital number", max_length=40, required=False, widget=_text(**{"class": "nhsuk-input--width-10"})
    )
    ward = forms.ChoiceField(label="Ward", required=False)
    address = forms.CharField(
        label="Address", max_length=LONGEST_ADDRESS, required=False, widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"})
    )
    temporary = forms.BooleanField(
        label="It is not known yet who this is",
        help_text="Write what you know. A number for the band is made if there is none.",
        required=False,
    )

    def __init__(self, *args: object, by: Actor, ward: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django's
        codes = sorted(by.wards | ({ward} if ward else set()))
        field = self.fields["ward"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [*((code, code) for code in codes), ("", "None of these")]

    def clean_nhs_number(self) -> str | None:
        typed = str(self.cleaned_data["nhs_number"]).strip()
        if typed and numbers.ten_digits(typed) is None:
            raise forms.ValidationError("An NHS number has ten digits")
        return numbers.ten_digits(typed)

    def clean_hospital_number(self) -> str | None:
        typed = str(self.cleaned_data["hospital_number"]).strip()
        return (numbers.hospital_number(typed) or typed) if typed else None

    def identity(self, patient_id: UUID) -> Identity:
        """Who was typed in. Somebody who is not known yet gets a name and a number to go by."""
        said = self.cleaned_data
        known = not said["temporary"]
        hospital = said["hospital_number"]
        return Identity(
            family=said["family"] or ("" if known else UNKNOWN),
            given=said["given"],
            born=said["born"],
            nhs_number=said["nhs_number"],
            hospital_number=hospital if known or hospital or said["nhs_number"] else numbers.temporary(patient_id),
            address=said["address"],
        )

    def show(self, faults: tuple[Fault, ...]) -> None:
        """Put what is wrong beside its box."""
        for fault in faults:
            self.add_error(fault.field, fault.says)


class ChangeForm(PatientForm):
    deceased = forms.BooleanField(label="The patient has died", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def of(row: Patient, who: Identity) -> dict[str, object]:
        """What the form begins with."""
        return {
            "family": who.family,
            "given": who.given,
            "born": who.born,
            "nhs_number": numbers.spaced(who.nhs_number) if who.nhs_number else "",
            "hospital_number": who.hospital_number or "",
            "ward": row.ward,
            "address": who.address,
            "temporary": row.temporary,
            "deceased": row.deceased,
            "seen": row.revision,
        }


class WhoElseForm(forms.Form):
    """The number of the entry that is the same person."""

    number = forms.CharField(
        label="NHS number or hospital number of the other entry",
        help_text="Scan the wristband, or type the number.",
        max_length=200,
        widget=_text(**{"class": "nhsuk-input--width-20"}),
        error_messages={"required": "Scan the wristband, or type the number"},
    )

    def find(self, by: Actor) -> UUID | None:
        """The patient whose number it is."""
        said = wristband.read(
            self.cleaned_data["number"],
            company_prefix=settings.SAFELIGHT_GSRN_PREFIX,
            synthetic_allowed=settings.SAFELIGHT_ALLOW_SYNTHETIC_NUMBERS,
        )
        typed = [said.nhs_number, said.hospital_number] if said.reading is not Reading.NAME else []
        return next((one for number in typed if number and (one := queries.by_number(by, number))), None)


class SamePersonForm(forms.Form):
    """That the two entries were compared (E2)."""

    sure = forms.BooleanField(
        label="I have compared names, birth dates and numbers: this is one person",
        error_messages={"required": "Compare the two, then tick the box"},
    )


class ListForm(forms.Form):
    """A list of patients out of another system."""

    file = forms.FileField(
        label="CSV file",
        help_text=f"{BIGGEST_FILE // 2**20} MB at most.",
        error_messages={
            "required": f"Choose a CSV file of {BIGGEST_FILE // 2**20} MB at most",
            "empty": "The file is empty",
            "invalid": "Choose a CSV file",
        },
    )
