"""Passwords that everybody tries first, in the forms that long ones take (NIST SP 800-63B-4 section 3.1.1.2, ASVS 6.2.4 and 6.2.12).

Django's list of 20,000 common passwords lies on the disk; nothing is asked outside. A long password is no better than its middle:
"password1234567", "qwertyuiop12345" and "letmeinletmein1" are refused like the short ones in them.
"""

import re
from functools import lru_cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from safelight.staff.models import Person

FEWEST_DIFFERENT = 6
SHORTEST_CORE = 8
ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890123456789")
_EDGES = re.compile(r"^[\d\W_]+|[\d\W_]+$")
_REPEATED = re.compile(r"(.+?)\1+")
OURS = ("safelight", "hospital", "password", "welcome")


class NotTriedFirst:
    """Refuses what is common once repeats, runs of the keyboard and padding with digits are taken away."""

    def validate(self, password: str, user: Person | None = None) -> None:  # noqa: ARG002 - Django's signature
        core = _core(password.lower())
        if len(set(password)) < FEWEST_DIFFERENT or len(core) < SHORTEST_CORE or core in _common() or core in OURS:
            raise ValidationError("This password is one that is tried first. Take three or four words that do not belong together.")

    def get_help_text(self) -> str:
        return "Not a common password, and none that is made longer by repeats or digits."


def _core(password: str) -> str:
    whole = _REPEATED.fullmatch(password)
    core = _EDGES.sub("", whole.group(1) if whole else password)
    for row in ROWS:
        for way in (row, row[::-1]):
            core = _without_run(core, way)
    return _REPEATED.sub(r"\1", core) if _REPEATED.fullmatch(core) else core


def _without_run(core: str, row: str) -> str:
    """Without a run of six or more keys that lie beside each other; such a run counts as one."""
    at = 0
    while at <= len(core) - 6:
        size = 6
        if core[at : at + size] not in row:
            at += 1
            continue
        while at + size < len(core) and core[at : at + size + 1] in row:
            size += 1
        core = core[:at] + core[at + size :]
    return core


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)
