"""Django's form fields as the vendor's components: `{{ field(form["name"]) }}`, `{{ summary(form) }}`.

1. The widget decides the component. What the widget says about itself (autocomplete, inputmode, its classes) is kept.
2. Label, hint and error come from the field; the page can say `label=`, `hint=`, `size=` (of the label: s, m, l), `inline=`,
   `small=`, `classes=`, `hints=` and `conditional=` (both by value, for radios and checkboxes), `attributes=`.
3. Nothing is ticked that the form does not say.
4. The first input carries the field's own id, so that the error summary's link lands on it.
"""

from collections.abc import Callable, Mapping
from typing import TypedDict, Unpack

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    HiddenInput,
    PasswordInput,
    RadioSelect,
    Select,
    Textarea,
    Widget,
)
from markupsafe import Markup

from safelight.design.components import component

Parameters = dict[str, object]
OWN_PARAMETERS = ("autocomplete", "inputmode", "autocapitalize", "pattern")
ROWS, DJANGOS_ROWS = 3, "10"


class Options(TypedDict, total=False):
    label: str
    hint: str
    size: str
    classes: str
    inline: bool
    small: bool
    hide_label: bool
    heading: bool
    hints: Mapping[str, str]
    conditional: Mapping[str, str]
    attributes: Mapping[str, object]


def field(bound: BoundField, **options: Unpack[Options]) -> Markup:
    """One field of a form, with its label, hint and error."""
    widget = bound.field.widget
    if isinstance(widget, HiddenInput):
        return Markup(str(bound))  # noqa: S704 - Django escapes
    name, parameters = next((name, parameters) for kind, name, parameters in _COMPONENTS if isinstance(widget, kind))
    return component(name, **parameters(bound, options))


def summary(*forms: BaseForm) -> Markup:
    """What is wrong, each with a link to its field. Empty while nothing is."""
    errors = [
        {"text": error, **({"href": f"#{form[name].auto_id}"} if name in form.fields else {})}
        for form in forms
        for name, says in form.errors.items()
        for error in says
    ]
    return component("error_summary", titleText="There is a problem", errorList=errors) if errors else Markup()


def _plain(bound: BoundField, options: Options) -> Parameters:
    attributes = _attributes(bound, options)
    small = "nhsuk-u-visually-hidden" if options.get("hide_label") else f"nhsuk-label--{options.get('size', 's')}"
    classes = [str(attributes.pop("class", "")), options.get("classes", "")]
    own = {name: attributes.pop(name) for name in OWN_PARAMETERS if name in attributes}
    for size in ("rows", "cols"):
        attributes.pop(size, None)
    return {
        **_common(bound, options),
        **own,
        "id": bound.auto_id,
        "label": {"text": _label(bound, options), "classes": small, "isPageHeading": options.get("heading", False)},
        "classes": " ".join(name for name in classes if name),
        "attributes": attributes,
    }


def _textarea(bound: BoundField, options: Options) -> Parameters:
    rows = bound.field.widget.attrs.get("rows", DJANGOS_ROWS)
    return {**_plain(bound, options), "value": _text(bound), "rows": ROWS if rows == DJANGOS_ROWS else rows}


def _input(bound: BoundField, options: Options) -> Parameters:
    return {**_plain(bound, options), "value": _text(bound), "type": getattr(bound.field.widget, "input_type", "text")}


def _select(bound: BoundField, options: Options) -> Parameters:
    return {**_plain(bound, options), "items": _options(bound)}


def _radios(bound: BoundField, options: Options) -> Parameters:
    chosen = [value for value in _chosen(bound) if value]
    return {**_choices(bound, options), **({"value": chosen[0]} if chosen else {})}  # (3)


def _checkboxes(bound: BoundField, options: Options) -> Parameters:
    return {**_choices(bound, options), "values": _chosen(bound)}


def _choices(bound: BoundField, options: Options) -> Parameters:
    hidden = "nhsuk-u-visually-hidden" if options.get("hide_label") else f"nhsuk-fieldset__legend--{options.get('size', 's')}"
    hints, conditional = options.get("hints", {}), options.get("conditional", {})
    items = [
        {
            "value": str(value),
            "text": str(words),
            "hint": {"text": hints[str(value)]} if str(value) in hints else None,
            "conditional": {"html": conditional[str(value)]} if str(value) in conditional else None,
        }
        for value, words in bound.field.widget.choices
    ]
    return {
        **_common(bound, options),
        "idPrefix": bound.auto_id,  # (4)
        "fieldset": {"legend": {"text": _label(bound, options), "classes": hidden, "isPageHeading": options.get("heading", False)}},
        "items": items,
        "small": options.get("small", True),
        "inline": options.get("inline", False),
        "classes": options.get("classes", ""),
        "attributes": dict(options.get("attributes", {})),
    }


def _single(bound: BoundField, options: Options) -> Parameters:
    common = _common(bound, options)
    hint = common.pop("hint")
    item = {
        "value": "on",
        "text": _label(bound, options),
        "hint": hint,
        "checked": bool(bound.value()),
        "attributes": _attributes(bound, options),
    }
    return {
        **common,
        "idPrefix": bound.auto_id,
        "items": [item],
        "small": options.get("small", True),
        "classes": options.get("classes", ""),
    }


def _common(bound: BoundField, options: Options) -> Parameters:
    hint = options.get("hint", bound.help_text)
    return {
        "name": bound.html_name,
        "hint": {"text": hint} if hint else None,
        "errorMessage": {"text": " ".join(map(str, bound.errors))} if bound.errors else None,
        "disabled": bound.field.disabled,
    }


def _attributes(bound: BoundField, options: Options) -> Parameters:
    # The vendor's components describe themselves by hint and error; "required" would stop the form before the server can explain.
    return {**bound.field.widget.attrs, **options.get("attributes", {})}


def _label(bound: BoundField, options: Options) -> str:
    return options.get("label", str(bound.label))


def _text(bound: BoundField) -> object:
    value = bound.field.widget.format_value(bound.value())
    return "" if value is None else value


def _chosen(bound: BoundField) -> list[str]:
    return [str(value) for value in bound.field.widget.format_value(bound.value())]


def _options(bound: BoundField) -> list[Parameters]:
    chosen = _chosen(bound)
    items: list[Parameters] = []
    for value, words in bound.field.widget.choices:
        if isinstance(words, (list, tuple)):
            items += [{"divider": True}, *(_option(inner, text, chosen) for inner, text in words)]
        else:
            items.append(_option(value, words, chosen))
    return items


def _option(value: object, words: object, chosen: list[str]) -> Parameters:
    said = "" if value is None else str(value)
    return {"value": said, "text": str(words), "selected": said in chosen}


_COMPONENTS: tuple[tuple[type[Widget], str, Callable[[BoundField, Options], Parameters]], ...] = (  # (1) the first that fits
    (CheckboxSelectMultiple, "checkboxes", _checkboxes),
    (RadioSelect, "radios", _radios),
    (CheckboxInput, "checkboxes", _single),
    (Select, "select", _select),
    (Textarea, "textarea", _textarea),
    (PasswordInput, "password_input", _plain),
    (FileInput, "file_upload", _plain),
    (Widget, "input", _input),
)
