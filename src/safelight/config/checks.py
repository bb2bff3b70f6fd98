"""What must hold before Safelight starts, and what a deployment must not have."""

from collections.abc import Sequence
from pathlib import Path

import pysqlite3
from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from safelight.config import belongings
from safelight.kernel.errors import SafelightError
from safelight.sharing.courier import courier, has_mail

OLDEST_SQLITE = (3, 51, 3)


@register(Tags.database)
def sqlite_is_sound(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """SQLite before 3.51.3 can lose committed pages of a write-ahead log: Safelight does not start on it."""
    if connection.vendor == "sqlite" and pysqlite3.sqlite_version_info < OLDEST_SQLITE:
        return [Error(f"SQLite {pysqlite3.sqlite_version} can lose what it has committed; 3.51.3 or newer is needed.", id="safelight.E001")]
    return []


@register(Tags.database)
def store_and_keys_belong_here(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django's signature
    databases: Sequence[str] | None = None,
    **kwargs: object,  # noqa: ARG001 - Django's signature
) -> list[CheckMessage]:
    """The store and the keys of this machine are those of its database: with others of its own it would lose sight of photos."""
    try:
        if databases:
            belongings.make_sure_before_keys_are_made()
    except SafelightError as fault:
        return [Error(fault.says, id="safelight.E003")]
    return []


@register(Tags.security, deploy=True)
def nothing_of_a_demonstration(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """A deployment takes no invented numbers, no passkeys without TLS and no demonstration accounts."""
    forbidden = {
        "SAFELIGHT_DEMO": "This is the demonstration. Use safelight.config.settings.production.",
        "SAFELIGHT_ALLOW_SYNTHETIC_NUMBERS": "Invented NHS numbers (900 to 999) are accepted.",
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": "Passkeys work without TLS.",
    }
    return [
        Error(says, id=f"safelight.E1{number:02d}", hint=f"Unset {name}.")
        for number, (name, says) in enumerate(forbidden.items())
        if getattr(settings, name, False)
    ]


@register
def mail_can_be_trusted(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """Where mail is set up, it is set up rightly: authorities, certificate and key can be read and belong together; TLS is never off."""
    try:
        if has_mail():
            courier()
    except (ValueError, OSError, TypeError, ImportError, SafelightError) as fault:
        return [Error("Mail is set up wrongly, so Safelight does not start.", id="safelight.E002", hint=f"{type(fault).__name__}: {fault}")]
    return []


@register(Tags.security, deploy=True)
def letters_leave_the_house(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """A folder of letters is for the demonstration: in a deployment nobody would ever get one."""
    choice = settings.SAFELIGHT_COURIER or {}
    if str(choice.get("adapter", "")).startswith("safelight.sharing.adapters.folder"):
        return [Error("Letters go into a folder and reach nobody.", id="safelight.E120", hint="Set SAFELIGHT_MAIL_SERVER.")]
    return []


@register(Tags.security, deploy=True)
def checkpoints_leave_the_data(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """A witness among the data keeps nothing that whoever owns the data cannot change: a change of the past could not be proved."""
    folders = [Path(str(each["folder"])).absolute() for each in settings.SAFELIGHT_WITNESSES if "folder" in each]
    if len(folders) < len(settings.SAFELIGHT_WITNESSES) or any(not each.is_relative_to(settings.SAFELIGHT_DATA) for each in folders):
        return []
    says = "No witness keeps the ledger's checkpoints outside the data: a change of the past could not be proved."
    return [
        Error(
            says, id="safelight.E130", hint="Set SAFELIGHT_WITNESS to a folder on a share that the ledger's administrators cannot change."
        )
    ]
