"""A camera on a USB cable, by PTP or what else libgphoto2 speaks: list, read, delete.

One process a camera: a desktop that opened it first keeps it. A deletion is the camera's word and no more: its card cannot be read
past the camera, so nothing is overwritten and nothing is proved.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from station.mounting import CannotOpen
from station.reading import CardOut

NO_ANSWER = "No camera answers. Switch it on, set its USB to PTP, and close other programs that show its photos."


class NoCamera(CannotOpen):
    """No camera answers on any cable, or another program holds it. Says what to do, for a person."""


@dataclass(frozen=True, slots=True)
class OnCamera:
    """One file of a camera: its folder as the camera names it, its name, size in bytes and time."""

    folder: str
    name: str
    size: int
    modified: datetime | None

    @property
    def below_dcim(self) -> str:
        """The folder below DCIM, as a manifest takes it; without the name of the camera's store."""
        parts = [part for part in self.folder.split("/") if part and not part.startswith("store_")]
        return "/".join(parts[1:] if parts[:1] and parts[0].upper() == "DCIM" else parts)

    @property
    def path(self) -> str:
        return f"{self.folder.rstrip('/')}/{self.name}"


@dataclass(frozen=True, slots=True, order=True)
class Cable:
    """A camera on a cable: its model as libgphoto2 names it, and the port."""

    model: str
    port: str

    def __str__(self) -> str:
        return self.model


class UsbCamera:
    """A camera that answers. Every method raises CardOut where it does not answer any more."""

    def __init__(self, camera: Any, library: ModuleType) -> None:
        self._camera, self._library = camera, library

    def files(self) -> list[OnCamera]:
        """Every file on the camera, in order."""
        with self._answering():
            return sorted(self._walk("/"), key=lambda one: (one.folder, one.name))

    def read(self, one: OnCamera) -> bytes:
        """The bytes of a file, from the camera anew. Raises OSError where only this file cannot be read."""
        with self._answering(about=one):
            file = self._camera.file_get(one.folder, one.name, self._library.GP_FILE_TYPE_NORMAL)
            # The view does not keep the file alive: without `file` in hand its bytes would be others, silently.
            data = bytes(file.get_data_and_size())
            del file
            return data

    def delete(self, one: OnCamera) -> None:
        """Ask the camera to delete a file. Raises OSError where it refuses."""
        with self._answering(about=one):
            self._camera.file_delete(one.folder, one.name)

    def _walk(self, folder: str) -> Iterator[OnCamera]:
        files = self._camera.folder_list_files(folder)
        for number in range(files.count()):
            name = files.get_name(number)
            said = self._camera.file_get_info(folder, name).file
            taken = datetime.fromtimestamp(said.mtime, tz=UTC) if said.fields & self._library.GP_FILE_INFO_MTIME else None
            yield OnCamera(folder, name, said.size, taken)
        folders = self._camera.folder_list_folders(folder)
        for number in range(folders.count()):
            yield from self._walk(f"{folder.rstrip('/')}/{folders.get_name(number)}")

    @contextmanager
    def _answering(self, *, about: OnCamera | None = None) -> Iterator[None]:
        try:
            yield
        except self._library.GPhoto2Error as fault:
            if about is not None and self._is_there():
                raise OSError(str(fault)) from fault
            raise CardOut from fault

    def _is_there(self) -> bool:
        try:
            self._camera.folder_list_folders("/")
        except self._library.GPhoto2Error:
            return False
        return True


def on_cables(models: Sequence[str]) -> list[Cable]:
    """The cameras of these models that are on a cable now."""
    import gphoto2

    try:
        found = gphoto2.Camera.autodetect()
    except gphoto2.GPhoto2Error:
        return []
    cables = [Cable(found.get_name(number), found.get_value(number)) for number in range(found.count())]
    return sorted(cable for cable in cables if cable.model in models)


@contextmanager
def camera(cable: Cable | None = None) -> Iterator[UsbCamera]:
    """The camera on this cable, or the first that answers, for as long as the block lasts. Raises NoCamera."""
    import gphoto2  # a second's work, and only where cameras are asked for

    found = gphoto2.Camera()
    try:
        if cable is not None:
            ports = gphoto2.PortInfoList()
            ports.load()
            found.set_port_info(ports[ports.lookup_path(cable.port)])
        found.init()
    except gphoto2.GPhoto2Error as fault:
        raise NoCamera(NO_ANSWER) from fault
    try:
        yield UsbCamera(found, gphoto2)
    finally:
        found.exit()
