"""SHA-256 digests as a type of their own."""

import hashlib
import re
from typing import Self

_SHAPE = re.compile(r"[0-9a-f]{64}")


class Digest(str):
    """A SHA-256 digest: 64 lower-case hexadecimal digits (FIPS 180-4).

    Raises ValueError for any other text, so that a file name can never be taken for a digest.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        if not _SHAPE.fullmatch(text):
            raise ValueError("a digest has 64 lower-case hexadecimal digits")
        return super().__new__(cls, text)

    @classmethod
    def of(cls, data: bytes) -> Self:
        """The digest of some bytes."""
        return cls(hashlib.sha256(data).hexdigest())
