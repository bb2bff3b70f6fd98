"""What the pages of notices ask for."""

from django import forms


class PushForm(forms.Form):
    """What a browser gave when its owner said yes."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=200)
    auth = forms.CharField(max_length=100)
    name = forms.CharField(max_length=60, required=False)


class GatewayForm(forms.Form):
    """A gateway that pages or texts one person."""

    name = forms.CharField(
        label="What you call it",
        help_text="For example: my pager.",
        max_length=60,
        error_messages={"required": "Enter what you call it"},
    )
    address = forms.CharField(
        label="Address",
        help_text="https://…, on the hospital's list. It is kept sealed and not shown again.",
        max_length=500,
        error_messages={"required": "Enter the address"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class TeamChannelForm(GatewayForm):
    """An address of the team's: a mailbox, or a gateway that pages or texts."""

    field_order = ("kind", "name", "address")
    kind = forms.ChoiceField(
        label="By what?",
        choices=[("webhook", "Pager, text message or chat: a web address of the hospital's"), ("mail", "A shared mailbox of the team")],
        error_messages={"required": "Choose by what the team is told"},
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label="What the team calls it",
        help_text="For example: Burns pager.",
        max_length=60,
        error_messages={"required": "Enter what the team calls it"},
    )
    address = forms.CharField(
        label="Address",
        help_text="https://… for a gateway, on the hospital's list; or the mail address. It is kept sealed and not shown again.",
        max_length=500,
        error_messages={"required": "Enter the address"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        address = str(data.get("address", ""))
        if data.get("kind") == "mail" and address:
            try:
                forms.EmailField().clean(address)
            except forms.ValidationError:
                self.add_error("address", "Enter a mail address, for example burns@hospital.example")
        return data
