"""Canonical JSON (RFC 8785) that is read as strictly as it is written."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import rfc8785

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


class Malformed(ValueError):
    """The text is not what the format says. Says what is wrong, and never quotes it."""


# Python's own writer is twenty times as fast, and writes the same for what is in ASCII and holds no number that RFC 8785 has rules for:
# fractions, and what a double does not hold exactly. A number stands behind a key or in a list; a text that looks like it costs time only.
_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_BY_THE_RULES = re.compile(r'(?:":|[\[,])-?(?:[0-9]{16}|[0-9]+[.eE]|NaN|Infinity)')


def write(value: Mapping[str, Json]) -> bytes:
    """The one form of a value."""
    plain = _WRITER.encode(value)
    if plain.isascii() and not _BY_THE_RULES.search(plain):
        return plain.encode()
    return rfc8785.dumps(value)


def read(raw: bytes, *, most: int) -> dict[str, Json]:
    """A JSON object in its one form. Raises Malformed for anything else: another form would have another digest."""
    if len(raw) > most:
        raise Malformed("too long")
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None
    if not isinstance(value, dict) or _again(value) != raw:
        raise Malformed("not canonical JSON")
    return value


def _again(value: dict[str, Json]) -> bytes | None:
    """The one form of what was read; None for numbers and letters that have none (RFC 8785 section 3.2.2, lone surrogates)."""
    try:
        return write(value)
    except rfc8785.CanonicalizationError:
        return None


def digest_of(raw: bytes) -> str:
    """SHA-256, 64 hexadecimal digits."""
    return sha256(raw).hexdigest()


def text(value: Json, *, most: int = 255) -> str:
    """A short text without control characters."""
    if not isinstance(value, str) or len(value) > most or any(ord(letter) < 0x20 for letter in value):  # noqa: PLR2004 - C0 controls
        raise Malformed("a text is missing or malformed")
    return value


def digest(value: Json) -> str:
    """64 lower-case hexadecimal digits."""
    if not isinstance(value, str) or len(value) != 64 or any(letter not in "0123456789abcdef" for letter in value):  # noqa: PLR2004 - SHA-256
        raise Malformed("a digest is missing or malformed")
    return value


def number(value: Json, *, most: int = 1 << 53) -> int:
    """A whole number from 0."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < most:
        raise Malformed("a number is missing or malformed")
    return value


def flag(value: Json) -> bool:
    if not isinstance(value, bool):
        raise Malformed("a yes or no is missing")
    return value


def identifier(value: Json) -> UUID:
    try:
        return UUID(value if isinstance(value, str) and len(value) == 36 else "")  # noqa: PLR2004 - the hyphenated form
    except ValueError:
        raise Malformed("an identifier is missing or malformed") from None


def moment(value: Json) -> datetime:
    """A time with its zone, in UTC."""
    try:
        at = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise Malformed("a time is missing or malformed") from None
    if at.tzinfo is None:
        raise Malformed("a time has no zone")
    return at.astimezone(UTC)


def items(value: Json, *, most: int) -> list[Json]:
    if not isinstance(value, list) or len(value) > most:
        raise Malformed("a list is missing or too long")
    return value


def members(value: Json, *names: str) -> dict[str, Json]:
    """An object with exactly these members."""
    if not isinstance(value, dict) or set(value) != set(names):
        raise Malformed("members are missing or unknown")
    return value
