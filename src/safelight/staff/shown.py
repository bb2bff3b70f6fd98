"""What a person has shown of themselves, as a value: checked before an action, spent inside it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator

from safelight.staff.errors import NotThem
from safelight.staff.models import Method, UsedCode

# Steps of 30 s. Codes are read within one step of the present: what is older than an hour cannot come back.
REMEMBERED = 120


@dataclass(frozen=True, slots=True)
class Shown:
    """Who was shown, and how. `factor` is the row of the app or passkey, `step` the time step of an app's code (RFC 6238)."""

    person: UUID
    method: Method
    factor: int | None = None
    step: int | None = None


def spend(shown: Shown, *, now: datetime) -> None:
    """Take what was shown, inside the running action. Raises NotThem for a code that was used before."""
    if shown.factor is not None:
        if shown.step is not None and not UsedCode.objects.get_or_create(factor=shown.factor, step=shown.step)[1]:
            raise NotThem
        if shown.step is not None:
            UsedCode.objects.filter(factor=shown.factor, step__lt=shown.step - REMEMBERED).delete()
        Authenticator.objects.filter(pk=shown.factor).update(last_used_at=now)
