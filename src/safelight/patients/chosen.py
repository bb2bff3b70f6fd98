"""The patient directory and the gate, which the settings name by dotted path."""

from functools import lru_cache
from typing import cast

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from safelight.patients.ports import Gate, PatientDirectory


@lru_cache(maxsize=1)
def directory() -> PatientDirectory:
    """The directory of this process."""
    choice = settings.SAFELIGHT_PATIENT_DIRECTORY
    options = {name: value for name, value in choice.items() if name != "adapter"}
    return cast(PatientDirectory, import_string(str(choice["adapter"]))(**options))


@lru_cache(maxsize=1)
def gate() -> Gate:
    """Who may change and merge patients."""
    return cast(Gate, import_string(settings.SAFELIGHT_WHO_CARES_FOR_WHOM))


def _forget(*, setting: str, **_: object) -> None:
    if setting in {"SAFELIGHT_PATIENT_DIRECTORY", "SAFELIGHT_WHO_CARES_FOR_WHOM"}:
        directory.cache_clear()
        gate.cache_clear()


setting_changed.connect(_forget)
