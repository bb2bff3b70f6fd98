"""Pages without their stylesheet would be unreadable: what `make assets` makes must be there."""

from collections.abc import Sequence
from pathlib import Path

from django.apps.config import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register

BUILT = Path(__file__).parent / "static" / "built"
NEEDED = ("nhsuk.css", "nhsuk.js", "signature_pad.js")


@register(Tags.staticfiles)
def assets_are_built(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """Name what is missing, and how it is made."""
    missing = [name for name in NEEDED if not (BUILT / name).exists()]
    return (
        [Error(f"The stylesheet or a module is missing: {', '.join(missing)}.", hint="Run make assets.", id="safelight.E010")]
        if missing
        else []
    )
