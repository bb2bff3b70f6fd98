"""Pictures: which files are kept, and what they show. Everything that decodes runs behind walls in a process of its own.

The parts are imported when they are first used: a worker comes through here, too, and must start within a quarter of a second.
"""

from safelight.photographs.pictures.kinds import HEAD, Kind, inspect, recognise
from safelight.photographs.pictures.picture import CameraNote, Passing, Picture
from safelight.photographs.pictures.reasons import Reason

__all__ = ["HEAD", "CameraNote", "Kind", "Passing", "Picture", "Reason", "close", "examine", "inspect", "look", "protections", "recognise"]


def examine(data: bytes | memoryview | Passing, *, kind: Kind, slate_expected: bool) -> Picture:
    """Draw a photograph once, for preview, thumb and slate, and read what its camera wrote.

    A hostile or broken file gives a Picture with a `refusal`, never an exception; neither a crash, nor 10 seconds of computing, nor
    1 GiB of memory in the worker reaches the caller. With `slate_expected` a second, closer look is taken where no slate was read.
    Raises what the pieces of a passing file raise; Unavailable where no worker can be started or its walls do not shut the network.
    """
    from safelight.photographs.pictures.sandbox import shared

    return shared().examine(data, kind=kind, slate_expected=slate_expected)


def look(data: bytes | memoryview | Passing, *, kind: Kind) -> Picture:
    """Look closely for a slate and draw nothing: of the Picture only `slates`, `unread_symbol` and `refusal` are told.

    Raises as `examine` does.
    """
    from safelight.photographs.pictures.sandbox import shared

    return shared().look(data, kind=kind)


def protections() -> frozenset[str]:
    """Which protections are in force around the workers, tried out in one of them. Raises Unavailable as `examine` does."""
    from safelight.photographs.pictures.sandbox import shared

    return frozenset(shared().walls())


def close() -> None:
    """End the workers of this process. The next `examine` starts new ones."""
    from safelight.photographs.pictures.sandbox import close_shared

    close_shared()
