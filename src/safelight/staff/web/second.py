"""The fields by which a second person signs in place, for forms of this package and of those above it.

A page shows them with `{% include "staff/second.jinja" %}`; its form inherits `SecondPerson`.
"""

from uuid import UUID

from django import forms

from safelight.audit.request import StaffRequest
from safelight.staff import second
from safelight.staff.web.forms import LONGEST_PASSWORD


class SecondPerson(forms.Form):
    """Who signs as the second, by password and code or by a passkey. All empty: nobody does."""

    second_username = forms.CharField(
        label="User name of the second person", max_length=64, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    second_password = forms.CharField(
        label="Their password",
        max_length=LONGEST_PASSWORD,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    second_code = forms.CharField(
        label="Code from their app",
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "nhsuk-input--width-5"}),
    )
    second_passkey = forms.CharField(required=False, widget=forms.HiddenInput)

    def second_person(self, request: StaffRequest) -> UUID | None:
        """The second person, None where nobody tried. Raises NotThem or TooManyTries."""
        said = self.cleaned_data
        if said["second_passkey"]:
            return second.verify_passkey(request, said["second_username"], said["second_passkey"]).pk
        if said["second_username"] or said["second_password"] or said["second_code"]:
            return second.verify(request, said["second_username"], said["second_password"], said["second_code"]).pk
        return None
