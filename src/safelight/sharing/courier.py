"""The courier that the settings name by dotted path."""

from functools import lru_cache
from typing import cast

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from safelight.sharing.ports import Courier, NoCourier


def courier() -> Courier:
    """The courier of this process. Raises NoCourier where the site has set up no mail."""
    if settings.SAFELIGHT_COURIER is None:
        raise NoCourier
    return _made()


def has_mail() -> bool:
    """Whether the site has set up mail at all."""
    return settings.SAFELIGHT_COURIER is not None


@lru_cache(maxsize=1)
def _made() -> Courier:
    choice: dict[str, object] = settings.SAFELIGHT_COURIER or {}
    options = {name: value for name, value in choice.items() if name != "adapter"}
    return cast(Courier, import_string(str(choice["adapter"]))(**options))


def _forget(*, setting: str, **_: object) -> None:
    if setting == "SAFELIGHT_COURIER":
        _made.cache_clear()


setting_changed.connect(_forget)
