"""Names as they are compared: people, keyboards and other systems spell one name in several ways. Pure."""

import unicodedata

# What decomposing leaves whole.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n"})
_NO_LETTERS = str.maketrans("", "", "".join(chr(code) for code in range(128) if not chr(code).isalnum()))
PREFIX_FROM = 3


def plain(name: str) -> str:
    """A name without case, accents, apostrophes, hyphens and spaces: O'Brien, OBRIEN and O’Brien are obrien; Ñ is n."""
    if name.isascii():
        return name.lower().translate(_NO_LETTERS)  # nearly all names: a list of 100,000 is opened in a second or so
    folded = name
    for _ in range(2):  # decomposing can bring out capitals, and folding can compose anew (Unicode 3.13, D146)
        folded = unicodedata.normalize("NFKD", folded).casefold()
    return "".join(letter for letter in folded.translate(_LETTERS) if letter.isalnum())


def keys(family: str) -> tuple[str, ...]:
    """By which a family name is found: all of it, and each part of a double name that is no particle of one or two letters."""
    whole = plain(family)
    parts = [plain(part) for part in family.replace("-", " ").split()] if "-" in family or " " in family else []
    return (whole, *(part for part in parts if len(part) >= PREFIX_FROM and part != whole))


def fits(wanted: str, of: tuple[str, ...]) -> bool:
    """Whether a plain name is among some keys: their beginning from three letters on, else all of one."""
    if len(wanted) < PREFIX_FROM:
        return wanted in of
    return any(key.startswith(wanted) for key in of)
