"""Reading a letter that was kept. Slow: outside actions, after what let somebody read it."""

from safelight.kernel.errors import NotFound
from safelight.sharing.mail import incoming
from safelight.sharing.mail.incoming import Came, File
from safelight.sharing.models import ArrivedLetter
from safelight.vault import objects


def opened(letter: ArrivedLetter) -> Came:
    """What is in a letter, but for its files."""
    return incoming.read(objects.read_bytes(letter.letter, limit=incoming.LARGEST))


def file(letter: ArrivedLetter, number: int) -> File:
    """One file of a letter, counted from 1. Nobody but the virus scanner has it from here. Raises NotFound."""
    found = incoming.files(objects.read_bytes(letter.letter, limit=incoming.LARGEST))
    if not 1 <= number <= len(found):
        raise NotFound(letter.pk, number)
    return found[number - 1]
