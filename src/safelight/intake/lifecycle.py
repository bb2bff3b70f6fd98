"""The way of a frame from the vault into a record, in a table."""

from enum import StrEnum

from safelight.kernel.lifecycle import Lifecycle


class Whereabouts(StrEnum):
    READ = "read"
    SLATE = "slate"
    FILED = "filed"
    TRAY = "tray"
    SET_ASIDE = "set_aside"


class SortingMove(StrEnum):
    MARK_SLATE = "mark_slate"
    FILE = "file"
    LEAVE = "leave"
    SET_ASIDE = "set_aside"
    PUT_BACK = "put_back"


SORTING: Lifecycle[Whereabouts, SortingMove] = Lifecycle(
    name="sorting",
    start=Whereabouts.READ,
    table={
        (Whereabouts.READ, SortingMove.MARK_SLATE): Whereabouts.SLATE,
        (Whereabouts.READ, SortingMove.FILE): Whereabouts.FILED,
        (Whereabouts.READ, SortingMove.LEAVE): Whereabouts.TRAY,
        # A photo that waited for another one is looked at again when that one comes.
        (Whereabouts.TRAY, SortingMove.MARK_SLATE): Whereabouts.SLATE,
        (Whereabouts.TRAY, SortingMove.LEAVE): Whereabouts.TRAY,
        (Whereabouts.TRAY, SortingMove.FILE): Whereabouts.FILED,
        (Whereabouts.TRAY, SortingMove.SET_ASIDE): Whereabouts.SET_ASIDE,
        (Whereabouts.SET_ASIDE, SortingMove.PUT_BACK): Whereabouts.TRAY,
    },
)
