"""What the administrator's pages ask for."""

from datetime import date

from django import forms
from django.core.validators import RegexValidator

from safelight.kernel.actor import Role
from safelight.staff.models import Person, Ward
from safelight.staff.said import PersonSaid, WardSaid
from safelight.staff.web.second import SecondPerson

ROLES = {
    Role.CLINICIAN: "Clinician",
    Role.PHOTOGRAPHER: "Medical photographer",
    Role.SENIOR: "Senior clinician (signs off what takes one)",
    Role.IG_LEAD: "IG lead",
    Role.ADMINISTRATOR: "Administrator (takes a second person's signature)",
}


class PersonForm(SecondPerson):
    name = forms.CharField(label="Name as colleagues know it", help_text="For example: Sr E Webb.", max_length=80)
    email = forms.EmailField(label="Work mail (optional)", required=False)
    roles = forms.MultipleChoiceField(label="Roles", choices=ROLES.items(), widget=forms.CheckboxSelectMultiple)
    wards = forms.MultipleChoiceField(label="Wards and clinics", required=False, widget=forms.CheckboxSelectMultiple)
    trained_until = forms.DateField(
        label="Camera training is good until (optional)", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *given: object, wards: list[Ward], **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]  # Django's forms take what they are given
        self.fields["wards"].choices = [(ward.code, f"{ward.code}, {ward.name}") for ward in wards]  # type: ignore[attr-defined]  # Django's fields have no type of their choices

    def said(self) -> PersonSaid:
        """What the form says, as a value."""
        data = self.cleaned_data
        until: date | None = data["trained_until"]
        return PersonSaid(
            name=data["name"],
            email=data["email"],
            roles=frozenset(Role(role) for role in data["roles"]),
            wards=frozenset(data["wards"]),
            trained_until=until,
        )

    @staticmethod
    def of(person: Person) -> dict[str, object]:
        """What the form starts with for a person."""
        return {
            "name": person.name,
            "email": person.email,
            "roles": person.roles,
            "wards": [ward.code for ward in person.wards.all()],
            "trained_until": person.trained_until,
        }


class InviteForm(PersonForm):
    username = forms.CharField(
        label="User name",
        help_text="Small letters, digits, dots and dashes. It never changes.",
        max_length=64,
        validators=[RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9.-]{1,62}$", "Use letters, digits, dots and dashes, at least two")],
    )
    field_order = ("name", "username", "email", "roles", "wards", "trained_until")


class WardForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80)
    default_site = forms.ChoiceField(label="Body site that the consent form starts with", required=False)
    default_reason = forms.ChoiceField(label="Reason that it starts with", required=False)
    lock_seconds = forms.IntegerField(
        label="Screens lock after (seconds, optional)",
        help_text="30 to 600. Empty: as everywhere in the hospital.",
        min_value=30,
        max_value=600,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-4"}),
    )

    def __init__(self, *given: object, sites: list[tuple[str, str]], reasons: list[tuple[str, str]], **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]  # Django's forms take what they are given
        nothing = [("", "Nothing")]
        self.fields["default_site"].choices = [*nothing, *sites]  # type: ignore[attr-defined]  # Django's fields have no type of their choices
        self.fields["default_reason"].choices = [*nothing, *reasons]  # type: ignore[attr-defined]  # Django's fields have no type of their choices

    def said(self) -> WardSaid:
        """What the form says, as a value."""
        data = self.cleaned_data
        return WardSaid(
            name=data["name"],
            default_site=data["default_site"],
            default_reason=data["default_reason"],
            lock_seconds=data["lock_seconds"],
        )


class NewWardForm(WardForm):
    code = forms.CharField(
        label="Code",
        help_text="As on the ward's list, for example BURNS2. It never changes.",
        max_length=16,
        validators=[RegexValidator(r"^[A-Z0-9-]{2,16}$", "Use capital letters, digits and dashes")],
    )
    field_order = ("code", "name")
