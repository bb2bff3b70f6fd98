"""Photos that no finder has looked at would be covered by eye alone: what `make assets` makes must be there."""

from collections.abc import Sequence

from django.apps.config import AppConfig
from django.core.checks import CheckMessage, Error, register

from safelight.deidentify.weights import build, trained


@register()
def finders_are_trained(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """Name what is missing or altered, and how it is made."""
    try:
        trained.read(build.RESULT, build.RESULT_DIGEST)
    except trained.NotTheMeasuredOne:
        return [Error("The face finder's trained file is missing or altered.", hint="Run make assets.", id="safelight.E020")]
    return []
