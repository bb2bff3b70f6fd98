"""The demonstration's camera: it draws what it is pointed at, and writes files onto a card as a camera does (DCF, CIPA DC-009)."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from safelight.config.demo.running import PIXELS_ACROSS
from safelight.photographs.pictures import drawn

BODY = drawn.CameraBody(make="Lumen", model="Lumen C24", serial="SL0000007")
PHONE = drawn.CameraBody(make="Apple", model="iPhone 15", serial="", software="18.1")
PAUSE = timedelta(seconds=8)
_FIRST = 1
_LAST = 9_999


def _size() -> tuple[int, int]:
    """Three to two, as wide as whoever began the demonstration has said."""
    across = int(os.environ[PIXELS_ACROSS])
    return across, across * 2 // 3


@dataclass(slots=True)
class DemoCamera:
    """A camera with a card in it. Every shot moves its clock on by some seconds; files are numbered in the order of shooting."""

    card: Path
    body: drawn.CameraBody = BODY
    size: tuple[int, int] = field(default_factory=_size)
    number: int = 0

    def __post_init__(self) -> None:
        taken = [int(file.stem[4:]) for file in self.card.glob("DCIM/100SAFEL/IMG_*")]
        self.number = max(taken, default=self.number)

    def slate(self, text: str, *, at: datetime) -> Path:
        """Photograph a slate."""
        shown = drawn.slate(text, seed=self.number + 1, size=self.size)
        return self._write(drawn.jpeg(shown, self.body, _local(at)), "JPG", at)

    def photo(self, subject: drawn.Subject, view: drawn.View, *, at: datetime, raw: bool = False) -> list[Path]:
        """Photograph somebody; with `raw` the camera writes a RAW file beside the JPEG."""
        shown = drawn.photograph(subject, view, size=self.size, shot=self.number)
        written = [self._write(drawn.jpeg(shown, self.body, _local(at)), "JPG", at)]
        if raw:
            self.number -= 1
            written.append(self._write(drawn.raw(shown, self.body, _local(at), ending="dng"), "DNG", at))
        return written

    def sitting(self, text: str, subject: drawn.Subject, views: Sequence[drawn.View], *, at: datetime, raw: bool = False) -> datetime:
        """Photograph a slate, then the patient in some views; returns when the last one was taken."""
        self.slate(text, at=at)
        for view in views:
            at += PAUSE
            self.photo(subject, view, at=at, raw=raw)
        return at

    def bring(self, files: Sequence[Path], *, at: datetime) -> int:
        """Put files from elsewhere onto the card, as they are, in a folder of their own; returns how many."""
        folder = self.card / "DCIM" / "101OTHER"
        for number, file in enumerate(files, 1):
            self._keep(folder / f"OTHR{number:04}{file.suffix.upper()}", file.read_bytes(), at)
        return len(files)

    def _write(self, data: bytes, ending: str, at: datetime) -> Path:
        self.number = self.number % _LAST + _FIRST
        return self._keep(self.card / "DCIM" / "100SAFEL" / f"IMG_{self.number:04}.{ending}", data, at)

    def _keep(self, path: Path, data: bytes, at: datetime) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (at.timestamp(), at.timestamp()))
        return path


def _local(at: datetime) -> datetime:
    """What the camera's clock shows: the hospital's own time, without a zone."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None) if at.tzinfo else at.replace(tzinfo=UTC)
