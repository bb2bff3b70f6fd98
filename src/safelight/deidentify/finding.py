"""Looking at a photograph for what may say who the patient is. Finders propose; a person confirms, and looks for what no finder sees."""

from collections.abc import Iterator, Sequence

from django.conf import settings

from safelight.deidentify import covering
from safelight.deidentify.boxes import Box, Found, Kind, Stage
from safelight.deidentify.finders.asking import Lookers
from safelight.kernel.errors import Unavailable
from safelight.photographs.pictures.kinds import Kind as FileKind
from safelight.photographs.pictures.sandbox import shared_workers

METADATA, METADATA_VERSION = "covering", "1"


class NotChecked(Unavailable):
    """A finder failed on a finished copy: whether something is left to be seen in it is not known."""

    code = "deidentify.not_checked"
    says = "The computer could not check this photo. Nothing was lost. Look at it closely yourself, and tell IT if this lasts."


class _Lookers(Lookers):
    """The finders that the settings name."""

    def __init__(self) -> None:
        super().__init__(finders=tuple(settings.SAFELIGHT_FINDERS))


def look(data: bytes, *, kind: FileKind) -> Iterator[Stage]:
    """What the finders see in a photograph, as soon as each stage is known; what the file carries comes last.

    A finder that fails, runs out of memory or time, or has lost its trained file gives a Stage that says so, never an empty one.
    Raises Unavailable where no process can be started behind walls.
    """
    for step in shared_workers(_Lookers).look(data, kind):
        yield step.stage
    yield carried(data, kind)


def look_again(jpeg: bytes, *, covered: Sequence[Box]) -> Iterator[tuple[Found, ...]]:
    """What the finders still see in a copy in which these areas were covered: twice, after the first step of each and after all.

    Raises Unavailable, also where a finder failed.
    """
    found: list[Found] = []
    for number, step in enumerate(shared_workers(_Lookers).look(jpeg, FileKind.JPEG, covered=covered, most=covering.LARGEST), 1):
        if step.stage.failed:
            raise NotChecked(step.stage.name)
        found.extend(step.stage.found)
        if number == len(settings.SAFELIGHT_FINDERS):
            yield tuple(found)
    yield tuple(found)


def carried(data: bytes, kind: FileKind) -> Stage:
    """The last stage: what the file says beside its picture."""
    try:
        notes = covering.carried(data, kind=kind)
    except (covering.CannotCover, Unavailable):
        return Stage("metadata", (), failed=True, done=True)
    found = (Found(Kind.METADATA, None, 1.0, f"{note.name}: {note.value}", METADATA, METADATA_VERSION) for note in notes)
    return Stage("metadata", tuple(found), done=True)
