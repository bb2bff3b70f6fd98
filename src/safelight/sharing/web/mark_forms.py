"""A place on a photo that goes with an answer."""

from django import forms

from safelight.sharing.answering import Mark


class MarkForm(forms.Form):
    """The three hidden fields that the script of the page fills in: on which photo, and where on it."""

    item = forms.UUIDField(required=False, widget=forms.HiddenInput)
    x = forms.FloatField(required=False, widget=forms.HiddenInput)
    y = forms.FloatField(required=False, widget=forms.HiddenInput)

    def mark(self) -> Mark | None:
        said = self.cleaned_data
        if said["item"] is None or said["x"] is None or said["y"] is None:
            return None
        return Mark(item=said["item"], x=said["x"], y=said["y"])
