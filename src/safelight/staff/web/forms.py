"""What the pages of sign-in ask for."""

from django import forms
from django.contrib.auth.password_validation import validate_password

from safelight.staff.models import Person

LONGEST_PASSWORD = 200


def password_field(label: str, *, new: bool = False) -> forms.CharField:
    """A password. Pasting and password managers are welcome (WCAG 3.3.8)."""
    hint = "At least 15 letters. Three or four words that do not belong together are easy to remember." if new else ""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password", "spellcheck": "false"})
    missing = {"required": "Enter your password"}
    return forms.CharField(label=label, strip=False, max_length=LONGEST_PASSWORD, widget=widget, help_text=hint, error_messages=missing)


def code_field(label: str = "Code from your app") -> forms.CharField:
    """Six digits out of an authenticator app."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "nhsuk-input--width-5"})
    missing = {"required": "Enter the 6 digits that your app shows now"}
    return forms.CharField(label=label, max_length=12, widget=widget, error_messages=missing)


class SignInForm(forms.Form):
    username = forms.CharField(
        label="User name",
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Enter your user name"},
    )
    password = password_field("Password")
    code = code_field()


class UnlockForm(forms.Form):
    password = password_field("Password")


class ProofForm(forms.Form):
    password = password_field("Password")
    code = code_field()


class NewPassword(forms.Form):
    """A new password, twice, that is not one of those that everybody tries first."""

    password = password_field("New password", new=True)
    again = password_field("The same password again", new=True)

    def __init__(self, *given: object, person: Person, **more: object) -> None:
        self.person = person
        super().__init__(*given, **more)  # type: ignore[arg-type]  # Django's forms take what they are given
        self.fields["again"].help_text = ""

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if said.get("password") and said.get("again") and said["password"] != said["again"]:
            self.add_error("again", "The two passwords are not the same")
        return said


class JoinForm(NewPassword):
    code = code_field()
    credential = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *given: object, person: Person, **more: object) -> None:
        super().__init__(*given, person=person, **more)
        if self.data.get("credential"):
            self.fields["code"].required = False


class CodeForm(forms.Form):
    code = code_field("Code that the app shows now")


class PasskeyForm(forms.Form):
    name = forms.CharField(
        label="What do you call it?",
        help_text="For example: my phone, the blue key.",
        max_length=40,
        error_messages={"required": "Give the passkey a name, so that you know it again"},
    )
    credential = forms.CharField(required=False, widget=forms.HiddenInput)
