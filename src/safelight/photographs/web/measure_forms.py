"""A line in a photo, in per cent of its width and height, and how long the ruler under it is."""

from django import forms

from safelight.photographs.measuring import Line, Ruler
from safelight.photographs.models import Scale

POINTS = {"x0": "Start across", "y0": "Start down", "x1": "End across", "y1": "End down"}
MILLIMETRES = {"mm": 1.0, "cm": 10.0}


def _point(words: str) -> forms.FloatField:
    return forms.FloatField(
        label=f"{words} (%)",
        min_value=0,
        max_value=100,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "required": f"{words}: click in the photo, or write a number",
            "invalid": f"{words}: write a number between 0 and 100",
            "min_value": f"{words}: write a number between 0 and 100",
            "max_value": f"{words}: write a number between 0 and 100",
        },
    )


class LineForm(forms.Form):
    """From where to where."""

    x0 = _point(POINTS["x0"])
    y0 = _point(POINTS["y0"])
    x1 = _point(POINTS["x1"])
    y1 = _point(POINTS["y1"])

    def line(self) -> Line:
        return Line(*(self.cleaned_data[name] / 100 for name in POINTS))


class RulerForm(LineForm):
    """Along the ruler, and how long that is. `instead_of` is the scale that the person saw."""

    length = forms.FloatField(
        label="How long is it?",
        min_value=0,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": "Write how long the line is", "invalid": "Write how long the line is, as a number"},
    )
    unit = forms.ChoiceField(label="In", choices=[("cm", "cm"), ("mm", "mm")], initial="cm", widget=forms.RadioSelect)
    instead_of = forms.UUIDField(required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, scale: Scale | None) -> "RulerForm":
        """Filled with the scale that stands, if there is one."""
        if scale is None:
            return cls()
        points = {name: round(getattr(scale, name) * 100, 2) for name in POINTS}
        return cls(initial={**points, "length": round(scale.millimetres / 10, 2), "unit": "cm", "instead_of": scale.pk})

    def ruler(self) -> Ruler:
        return Ruler(self.line(), self.cleaned_data["length"] * MILLIMETRES[self.cleaned_data["unit"]])
