"""The parser of the standard library, held to what a letter from anybody may cost: it was made for letters that mean well.

1. A header is read as far as `LONGEST_HEADER`: its grammar takes time by the square of the length.
2. A header on which that grammar breaks is an empty one.
3. A letter with too many parts, or parts nested so deep that the parser gives up, is its headers: somebody can still be told of it.
"""

from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING, Any

LONGEST_HEADER = 2000
MOST_HEADERS = 500
UNREADABLE = (MessageError, LookupError, ValueError, AttributeError, TypeError, RecursionError)


if TYPE_CHECKING:
    _EmailPolicy = policy.EmailPolicy[EmailMessage]
else:
    _EmailPolicy = policy.EmailPolicy


class _Bounded(_EmailPolicy):
    def header_fetch_parse(self, name: str, value: str) -> Any:
        try:
            return super().header_fetch_parse(name, value[:LONGEST_HEADER])  # (1)
        except UNREADABLE:
            return super().header_fetch_parse(name, "")  # (2)


BOUNDED = _Bounded()


def parsed(raw: bytes) -> EmailMessage:
    """A letter as far as it can be read. Never raises."""
    if raw.lower().count(b"\ncontent-") <= MOST_HEADERS:
        try:
            return message_from_bytes(raw, policy=BOUNDED)
        except UNREADABLE:
            pass
    return BytesHeaderParser(policy=BOUNDED).parsebytes(raw)  # (3)
