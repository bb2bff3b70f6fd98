"""One camera on a cable, from list to certificate. As for a card (job.py), but for what a cable cannot do.

1. Read every frame once and write the manifest. What cannot be read, or is larger than is read over a cable, stays and is named.
2. Announce; the server says which frames it wants.
3. Read each wanted frame a second time and send it. Other bytes twice: the frame is unstable and stays.
4. Ask for the receipt until every frame is at rest. Believe it only with the server's signature, for this camera's files.
5. Read each frame a third time; have the camera delete it where the receipt names these bytes. List the camera again.
6. Hand in the certificate. It names nothing as erased: the camera says that it deleted, and nothing proves it.
In doubt, keep.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from handover.certificate import Certificate
from handover.kinds import HEAD, LARGEST, agrees, kind_of_name
from handover.manifest import CardKind, CardManifest, FrameLine, OtherLine
from handover.methods import DELETED_BY_CAMERA
from handover.reasons import Left
from station.confirming import Held, confirmed
from station.home import Identity
from station.job import OTHER_BYTES, PATIENCE, READS
from station.names import clean
from station.outcome import Tell
from station.server import Refused, Server
from station.usb import OnCamera, UsbCamera

MOST_AT_ONCE = 512 << 20  # bytes: libgphoto2 hands a file over whole, and a station has 1 GiB


@dataclass(slots=True)
class Kept:
    """What became of a camera's files: frames by their place, deleted or left with a reason."""

    deleted: list[OnCamera] = field(default_factory=list)
    left: dict[OnCamera, Left] = field(default_factory=dict)
    safe: int = 0

    @property
    def clean(self) -> bool:
        return not self.left


class UsbJob:
    """The import of one camera on a cable."""

    def __init__(
        self,
        camera: UsbCamera,
        identity: Identity,
        server: Server,
        *,
        tell: Tell,
        now: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        self.camera, self.identity, self.server, self.tell, self.now, self.patience = camera, identity, server, tell, now, patience
        self.lines: dict[OnCamera, FrameLine] = {}
        self.others: list[OtherLine] = []
        self.outcome = Kept()

    def run(self) -> Kept:
        """Do all six steps. Raises TryLater, Refused, ReceiptRefused, CardOut: nothing is lost."""
        self._read_all()  # (1)
        manifest = CardManifest(
            station=self.identity.id,
            kind=CardKind.DEVICE,
            volume="",
            frames=tuple(self.lines.values()),
            others=tuple(self.others),
        )
        announced = self.server.announce(manifest)  # (2)
        self._send_all(announced.id, announced.wanted)  # (3)
        held = self._receipt(announced.id, manifest)  # (4)
        self._delete(held)  # (5)
        self.server.certify(self._certificate(announced.id))  # (6)
        return self.outcome

    def _read_all(self) -> None:
        files = self.camera.files()
        for number, one in enumerate(files, 1):
            self.tell("read", number, len(files))
            kind = kind_of_name(one.name)
            if one.size > min(MOST_AT_ONCE, LARGEST[kind] if kind else MOST_AT_ONCE):
                self._stays(one, Left.TOO_LARGE)
                continue
            try:
                data = self.camera.read(one)
            except OSError:
                self._stays(one, Left.UNREADABLE)
                continue
            digest = sha256(data).hexdigest()
            if kind is None or not agrees(kind, data[:HEAD]):
                self._stays(one, Left.NOT_A_PHOTO if kind else Left.UNKNOWN_FILE, digest)
                continue
            folder, file = "/".join(clean(part) for part in one.below_dcim.split("/")), clean(one.name)
            self.lines[one] = FrameLine(folder=folder, file=file, size=len(data), digest=digest, kind=kind, modified=one.modified)

    def _stays(self, one: OnCamera, why: Left, digest: str | None = None) -> None:
        path = "/".join(clean(part) for part in one.path.strip("/").split("/"))
        self.others.append(OtherLine(path=path, size=one.size, why=why, digest=digest))
        self.outcome.left[one] = why

    def _send_all(self, card_import: UUID, wanted: frozenset[str]) -> None:
        first: dict[str, OnCamera] = {}
        for one, line in self.lines.items():
            if line.digest in wanted:
                first.setdefault(line.digest, one)
        for number, one in enumerate(first.values(), 1):
            self.tell("send", number, len(first))
            if why := self._send(card_import, one):
                self.server.leave(card_import, self.lines[one].digest, why)
                self.outcome.left[one] = why

    def _send(self, card_import: UUID, one: OnCamera) -> Left | None:
        for _ in range(READS):
            try:
                self.server.send_bytes(card_import, self.lines[one], self.camera.read(one))
            except Refused as no:
                if no.code == OTHER_BYTES:
                    continue
                return {413: Left.TOO_LARGE, 415: Left.NOT_A_PHOTO}.get(no.status, Left.REFUSED)
            except OSError:
                return Left.UNREADABLE
            else:
                return None
        return Left.UNSTABLE

    def _receipt(self, card_import: UUID, manifest: CardManifest) -> frozenset[str]:
        try:
            return confirmed(self.server, self.identity, card_import, manifest, tell=self.tell, patience=self.patience)
        except Held:
            self.outcome.left |= dict.fromkeys(self.lines, Left.HELD)
            return frozenset()

    def _delete(self, held: frozenset[str]) -> None:
        waiting = [one for one in self.lines if one not in self.outcome.left]
        self.outcome.safe = sum(line.digest in held for line in self.lines.values())
        for number, one in enumerate(waiting, 1):
            self.tell("erase", number, len(waiting))
            if self.lines[one].digest not in held:
                self.outcome.left[one] = Left.NOT_ON_RECEIPT
                continue
            try:
                if sha256(self.camera.read(one)).hexdigest() != self.lines[one].digest:
                    self.outcome.left[one] = Left.CHANGED
                    continue
                self.camera.delete(one)
            except OSError:
                self.outcome.left[one] = Left.WRITE_PROTECTED
        there = {one.path for one in self.camera.files()}
        for one in waiting:
            if one.path in there:
                self.outcome.left.setdefault(one, Left.NOT_PROVED)
            elif one not in self.outcome.left:
                self.outcome.deleted.append(one)

    def _certificate(self, card_import: UUID) -> Certificate:
        fates = {one: self.outcome.left.get(one, Left.DELETED) for one in self.lines}
        return Certificate(
            card_import=card_import,
            station=self.identity.id,
            method=DELETED_BY_CAMERA,
            erased=(),
            left=tuple((self.lines[one].digest, why) for one, why in fates.items()),
            residue=0,
            empty=False,
            filled=False,
            read_again_at=self.now(),
        )
