"""A camera on a cable, played by libgphoto2's own virtual camera: read three times, deleted by the camera, never called empty."""

import gc
import importlib.util
import io
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from rich.console import Console
from tests.factories import cards
from tests.simulators.door import NOW, SIGNER, Door

from handover.note import Signer
from handover.reasons import Left
from handover.receipt import ReceiptRefused
from station import command
from station.plugged import cameras
from station.reading import CardOut
from station.usb import Cable, NoCamera, UsbCamera, camera, on_cables
from station.usb_job import Kept, UsbJob
from station.watch import watch
from station.words import Screen

pytestmark = pytest.mark.requirement("D3")
FOLDER = "/store_00010001/DCIM/100SAFEL"
MODEL = "Nikon DSC D750"  # as which the virtual camera is found


class EndOfTest(BaseException): ...


@pytest.fixture(scope="module")
def _camera_folder(tmp_path_factory) -> Path:
    """One folder for the whole process: the library reads the variables once and keeps hold of what it read."""
    bundled = Path(importlib.util.find_spec("gphoto2").origin).parent / "libgphoto2"
    place = tmp_path_factory.mktemp("camera")
    os.environ |= {"IOLIBS": str(bundled / "vusb"), "CAMLIBS": str(bundled / "camlibs"), "VCAMERADIR": str(place)}
    return place


@pytest.fixture
def folder(_camera_folder) -> Iterator[Path]:
    """What lies on the virtual camera. A deletion is seen in its connection only: the folder itself stays as it is."""
    gc.collect()  # a camera of the test before that a reference cycle keeps alive keeps the library, and its deletions, loaded
    (_camera_folder / "DCIM" / "100SAFEL").mkdir(parents=True)
    yield _camera_folder
    shutil.rmtree(_camera_folder / "DCIM")


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def there(folder):
    cards.fill(folder, 3)
    with camera() as found:
        yield found


def run(door: Door, there: UsbCamera) -> Kept:
    server = door.server()
    try:
        return UsbJob(there, door.identity, server, tell=lambda *_: None, now=lambda: NOW).run()
    finally:
        server.close()


def names(there: UsbCamera) -> list[str]:
    return [one.name for one in there.files()]


def on_disk(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*.JPG")}


def test_every_byte_arrives_and_the_camera_deletes_what_the_receipt_names(door, there, folder):
    kept = run(door, there)
    assert sorted(door.kept.values()) == sorted(on_disk(folder).values())
    assert (kept.safe, len(kept.deleted), kept.left) == (3, 3, {})
    assert names(there) == []
    assert [(line.folder, line.folder_number, line.file_number) for line in door.manifest.frames] == [
        ("100SAFEL", 100, number) for number in (1, 2, 3)
    ]


def test_the_certificate_calls_nothing_erased_and_no_card_empty(door, there):
    run(door, there)
    [said] = door.certificates
    assert (said.method, said.erased, said.empty, said.filled) == ("deleted by the camera, not proved", (), False, False)
    assert {why for _, why in said.left} == {Left.DELETED}
    assert len(said.left) == 3


def test_what_the_receipt_does_not_name_stays(door, there):
    lost = sha256(there.read(there.files()[1])).hexdigest()
    door.before["receipt"] = lambda _request: door.kept.pop(lost) and None
    kept = run(door, there)
    assert names(there) == ["IMG_0002.JPG"]
    assert list(kept.left.values()) == [Left.NOT_ON_RECEIPT]


def test_a_false_receipt_deletes_nothing(door, there):
    door.signer = Signer.from_seed(SIGNER.name, bytes(31) + b"\1")
    with pytest.raises(ReceiptRefused):
        run(door, there)
    assert len(names(there)) == 3


def test_evidence_stays_on_the_camera(door, there):
    door.held = True
    kept = run(door, there)
    assert len(names(there)) == 3
    assert set(kept.left.values()) == {Left.HELD}


def test_what_is_no_photo_stays_and_is_named(door, folder):
    cards.fill(folder, 1)
    (folder / "DCIM" / "100SAFEL" / "NOTES.TXT").write_bytes(b"not a photo")
    (folder / "DCIM" / "100SAFEL" / "IMG_0009.JPG").write_bytes(b"named like one")
    with camera() as there:
        kept = run(door, there)
        assert names(there) == ["IMG_0009.JPG", "NOTES.TXT"]
    assert set(kept.left.values()) == {Left.NOT_A_PHOTO, Left.UNKNOWN_FILE}
    assert {line.why for line in door.manifest.others} == {Left.NOT_A_PHOTO, Left.UNKNOWN_FILE}


class Failing(UsbCamera):
    """A camera whose memory gives other bytes at every reading, or whose cable comes out."""

    def __init__(self, there: UsbCamera, *, out_after: int | None = None) -> None:
        super().__init__(there._camera, there._library)
        self.reads, self.out_after = 0, out_after

    def read(self, one):
        self.reads += 1
        if self.out_after is not None and self.reads > self.out_after:
            raise CardOut
        data = super().read(one)
        return data if self.out_after is not None else data[:-4] + self.reads.to_bytes(4)


def test_a_frame_that_reads_differently_each_time_is_unstable_and_stays(door, there):
    kept = run(door, Failing(there))
    assert set(kept.left.values()) == {Left.UNSTABLE}
    assert set(door.left.values()) == {"unstable"}
    assert len(names(there)) == 3


def test_a_cable_that_comes_out_before_the_receipt_deletes_nothing(door, there):
    with pytest.raises(CardOut):
        run(door, Failing(there, out_after=4))
    assert len(names(there)) == 3


def test_only_cameras_of_the_models_that_a_site_names_are_seen_on_cables(folder):
    """A phone on a cable speaks as a camera does, and would be emptied."""
    assert on_cables(["Apple iPhone"]) == []
    assert cameras(["Apple iPhone"])() == {}
    [found] = on_cables([MODEL, "Apple iPhone"])
    assert (found.model, str(found)) == (MODEL, MODEL)
    assert cameras([])() == {}
    assert cameras([MODEL])() == {found: 0}


def test_a_camera_that_is_put_on_the_cable_is_brought_in_once(door, folder, tmp_path):
    photos = cards.fill(folder, 2)
    looks = iter(range(4))

    def plugged():
        if next(looks, None) is None:
            raise EndOfTest
        return cameras([MODEL])()

    brought = []
    screen = Screen(Console(file=io.StringIO(), width=200))
    with door.serving() as address:
        identity = replace(door.identity, server=address)

        def bring(cable):
            brought.append(cable)
            return command.bring_camera(cable, identity, screen)

        with pytest.raises(EndOfTest):
            watch([], bring, screen, plugged=[plugged], pause=0.01)
    assert [cable.model for cable in brought] == [MODEL]
    assert set(door.kept.values()) == set(photos.values())
    assert "The camera says that it deleted 2" in screen.console.file.getvalue()


def test_the_camera_on_the_named_cable_is_opened_and_no_other(folder):
    cards.fill(folder, 1)
    [cable] = on_cables([MODEL])
    with camera(cable) as there:
        assert names(there) == ["IMG_0001.JPG"]
    with pytest.raises(NoCamera), camera(Cable(MODEL, "usb:009,009")):
        pass


def test_without_a_camera_it_says_what_to_do(tmp_path, folder, monkeypatch, capsys):
    monkeypatch.setenv("IOLIBS", str(tmp_path / "nothing"))
    with pytest.raises(NoCamera), camera():
        pass
    home = tmp_path / "home"
    replace(Door().identity).save(home)
    assert command.main(["--home", str(home), "camera"]) == 2
    assert "Switch it on" in capsys.readouterr().err


def test_it_is_said_at_the_terminal_that_nothing_is_proved(door, there, tmp_path, capsys):
    home = tmp_path / "home"
    with door.serving() as address:
        replace(door.identity, server=address).save(home)
        assert command.main(["--home", str(home), "camera"]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "3 photos are safe. The camera says that it deleted 3. That is not proved" in said
    assert FOLDER not in said
