"""The text of a slate, such as `SFL1-0123456789AB-CD`: version, number, check. Pure.

1. `SFL1` names this format and its version.
2. Twelve letters of Crockford's base32 carry 60 random bits: no patient data, the server resolves them.
3. Two check characters, ISO 7064 MOD 1271-36, over the sixteen characters before them; hyphens do not count.
   Every single wrong character and every two characters swapped are detected.
"""

import re
import string

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no I, L, O, U
_CHECKED = string.digits + string.ascii_uppercase  # ISO 7064, 36 characters in order of value
_MODULUS = 1271
_VERSION = "SFL1"
_TOKEN_LETTERS = 12
_SHORT = 5
_RANDOM_BYTES = 8
_SHAPE = re.compile(rf"{_VERSION}-([{_LETTERS}]{{{_TOKEN_LETTERS}}})-([{_CHECKED}]{{2}})", re.ASCII)
_TYPED = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


def new(random_bytes: bytes) -> str:
    """A slate's text out of eight random bytes, of which the last 60 bits count. Raises ValueError for any other number of bytes."""
    if len(random_bytes) != _RANDOM_BYTES:
        raise ValueError("a slate is made of eight random bytes")
    bits = int.from_bytes(random_bytes, "big")
    return text_of("".join(_LETTERS[bits >> 5 * place & 31] for place in reversed(range(_TOKEN_LETTERS))))


def text_of(token: str) -> str:
    """The whole text of a token of twelve letters. Raises ValueError for any other token."""
    text = f"{_VERSION}-{token}-{check_characters(_VERSION + token)}"
    if not _SHAPE.fullmatch(text):
        raise ValueError("a token has twelve letters of Crockford's base32")
    return text


def token_of(text: str) -> str:
    """The twelve letters of a valid text. Raises ValueError where the text is not valid."""
    if not valid(text):
        raise ValueError("not the text of a slate")
    return text[5:17]


def valid(text: str) -> bool:
    """Whether a text has the form of a slate and both check characters are right."""
    found = _SHAPE.fullmatch(text)
    return found is not None and check_characters(_VERSION + found[1]) == found[2]


def claims_to_be_a_slate(text: str) -> bool:
    """Whether a text begins as a slate's does, so that an invalid one is a slate misread and not some other code in the room."""
    return text.startswith(f"{_VERSION}-")


def short_code(text: str) -> str:
    """The five letters that stand beside the symbol, for a person to type. Raises ValueError where the text is not valid."""
    return token_of(text)[:_SHORT]


def short_code_typed(typed: str) -> str | None:
    """What a person meant by a typed short code, or None where it cannot be one.

    Crockford's base32 reads small letters as capitals, O as 0, I and L as 1; hyphens and spaces do not count.
    """
    letters = typed.upper().translate(_TYPED)
    return letters if len(letters) == _SHORT and all(letter in _LETTERS for letter in letters) else None


def check_characters(text: str) -> str:
    """The two check characters of ISO 7064 MOD 1271-36 over digits and capital letters: `ISO79` gives `3W`.

    Raises ValueError for any other character.
    """
    sum_so_far = 0
    for character in text:
        sum_so_far = (sum_so_far + _CHECKED.index(character)) * 36 % _MODULUS
    # The whole, check characters included, is 1 modulo 1271; the first check character weighs 36, the last 1.
    return "".join(_CHECKED[part] for part in divmod((1 - sum_so_far * 36) % _MODULUS, 36))


END = text_of("END000000000")
"""The one fixed slate that ends a sequence and begins none."""
