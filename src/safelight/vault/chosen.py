"""The store and the key service that the settings name by dotted path."""

from functools import lru_cache
from threading import Lock
from typing import cast

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from safelight.vault.ports import KeyService, ObjectStore
from safelight.vault.remembering import RememberingKeys

_making = Lock()  # the first requests of a process come all at once, and there is one of each


def store() -> ObjectStore:
    """The object store of this process."""
    with _making:
        return _store()


def keys() -> KeyService:
    """The key service of this process."""
    with _making:
        return _keys()


def forget_store() -> None:
    """Let go of the store and its connections; it is made anew when it is next asked for."""
    with _making:
        _store.cache_clear()


@lru_cache(maxsize=1)
def _store() -> ObjectStore:
    return cast(ObjectStore, _made(settings.SAFELIGHT_OBJECT_STORE))


@lru_cache(maxsize=1)
def _keys() -> KeyService:
    return RememberingKeys(cast(KeyService, _made(settings.SAFELIGHT_KEY_SERVICE)))


def _made(choice: dict[str, object]) -> object:
    options = {name: value for name, value in choice.items() if name != "adapter"}
    return import_string(str(choice["adapter"]))(**options)


def _forget(*, setting: str, **_: object) -> None:
    if setting in {"SAFELIGHT_OBJECT_STORE", "SAFELIGHT_KEY_SERVICE"}:
        _store.cache_clear()
        _keys.cache_clear()


setting_changed.connect(_forget)
