"""The vendor's components in our pages: `{{ nhs.button(text="Save") }}`.

1. A component is named as the vendor names it, with underscores: `nhs.inset_text`, `nhs.summary_list`. `nhs.table` is its "tables".
2. Their templates ask for many parameters that we do not give: they are lenient, ours stay strict.
3. Ours come before theirs: the header carries no logo of the NHS.
4. Their `html` parameters are printed as they are. What is not marked as safe is escaped before it gets there.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader
from markupsafe import Markup, escape

OVERRIDES = Path(__file__).parent / "overrides"
NAMES = {"table": "tables"}

_vendor = Environment(
    loader=ChoiceLoader([FileSystemLoader(OVERRIDES), PackageLoader("nhsuk_frontend_jinja")]),  # (3)
    undefined=ChainableUndefined,  # (2)
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


class NHS:
    """Each attribute is a component."""

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        return lambda **parameters: component(name, **parameters)


def component(name: str, /, **parameters: object) -> Markup:
    """The component as HTML. Raises TemplateNotFound for a name that the vendor does not have."""
    folder = NAMES.get(name, name).replace("_", "-")  # (1)
    template = _vendor.get_template(f"nhsuk/components/{folder}/template.jinja")
    around = {"caller": parameters.pop("caller")} if "caller" in parameters else {}
    return Markup(template.render(params=_safe(parameters), **around).strip())  # noqa: S704 - rendered with autoescape


def _safe(value: object, key: str = "") -> object:
    match value:
        case Mapping():
            return {name: _safe(inner, str(name)) for name, inner in value.items()}
        case list() | tuple():
            return [_safe(inner) for inner in value]
        case str() if key == "html" and not isinstance(value, Markup):  # (4)
            return escape(value)
    return value
