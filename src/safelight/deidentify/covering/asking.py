"""The covering processes as their callers see them: asked, timed, judged. The copy that comes back is proved here.

1. What cannot be a photo of a kind that is copied is refused before a process is asked.
2. A process that covers in coefficients may be ended by libjpeg; then the copy is made from pixels, once.
3. The copy is parsed afresh by `proof`, and there is none where it holds anything but the picture.
"""

from pydantic import ValidationError

from safelight.deidentify.covering.framing import LONGEST, How, Note, Request, Task
from safelight.deidentify.covering.orientation import way
from safelight.deidentify.covering.profiles import PROFILES
from safelight.deidentify.covering.proof import NotProved, prove
from safelight.deidentify.covering.refusals import CannotCover, Why
from safelight.photographs.pictures.answers import NotAnAnswer
from safelight.photographs.pictures.kinds import HEAD, Kind, inspect
from safelight.photographs.pictures.process import Silent
from safelight.photographs.pictures.reasons import Reason
from safelight.photographs.pictures.sandbox import Workers, shared_workers

_OWN_PROFILES = frozenset(PROFILES.values())


class Coverers(Workers):
    """The workers that make copies."""

    program = ("-m", "safelight.deidentify.covering.worker")

    def copy(self, data: bytes, asked: Request) -> tuple[Note, bytes]:
        """A copy that carries the picture and nothing else, with what is known of it. Raises CannotCover or Unavailable."""
        try:
            note, made = self._answer(data, asked)
        except CannotCover as fault:
            if fault.reason is not Why.STOPPED or asked.task is not Task.COVER:
                raise
            note, made = self._answer(data, asked.model_copy(update={"lossless": False}))  # (2)
        _prove(note, made)  # (3)
        return note, made

    def note(self, data: bytes, asked: Request) -> Note:
        """What is known of a file, without a copy. Raises CannotCover or Unavailable."""
        return self._answer(data, asked)[0]

    def _answer(self, data: bytes, asked: Request) -> tuple[Note, bytes]:
        with self._worker() as worker:
            try:
                note, made = worker.ask(data, asked.pack(), _judged, seconds=self.limits.seconds_a_file, longest=LONGEST)
            except Silent as fault:
                raise CannotCover(Why.TOO_SLOW) from fault
            except NotAnAnswer as fault:
                raise CannotCover(Why.TOO_SLOW if worker.used_up_its_time() else Why.STOPPED) from fault
        if note.refusal:
            raise CannotCover(note.refusal)
        return note, made


def coverers() -> Coverers:
    """The workers of this process."""
    return shared_workers(Coverers)


def kind_of(data: bytes, said: Kind | None) -> Kind:
    """(1) The kind of a file, by what is known of it or its first bytes. Raises CannotCover."""
    found = inspect(data[:HEAD])
    if isinstance(found, Reason):
        raise CannotCover(Why.EMPTY if found is Reason.EMPTY else Why.NOT_A_PHOTO)
    kind = said or found
    if kind.video:
        raise CannotCover(Why.VIDEO)
    if len(data) > kind.largest:
        raise CannotCover(Why.TOO_LARGE)
    return kind


def _judged(note: bytes, made: bytes, nothing: bytes) -> tuple[Note, bytes]:
    try:
        said = Note.model_validate_json(note)
    except ValidationError as fault:
        raise NotAnAnswer("not the known fields") from fault
    if nothing or (said.refusal and made):
        raise NotAnAnswer("refused and copied")
    return said, made


def _prove(note: Note, made: bytes) -> None:
    try:
        proved = prove(made, _OWN_PROFILES)
    except NotProved as fault:
        raise CannotCover(Why.NOT_PROVED) from fault
    size = way(proved.orientation, 0).size((proved.width, proved.height))
    if size != (note.width, note.height) or note.how is None or (note.how is How.REENCODED and proved.orientation != 1):
        raise CannotCover(Why.NOT_PROVED)
