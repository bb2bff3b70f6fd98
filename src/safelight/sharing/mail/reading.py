"""Reading a letter that was kept. Slow: outside actions, after the one that let somebody read it."""

from safelight.sharing.mail import incoming
from safelight.sharing.mail.incoming import Came
from safelight.sharing.models import ArrivedLetter
from safelight.vault import objects


def opened(letter: ArrivedLetter) -> Came:
    """What is in a letter. Its bytes leave nowhere from here: no file that came by mail is given out."""
    return incoming.read(objects.read_bytes(letter.letter, limit=incoming.LARGEST))
