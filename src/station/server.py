"""The server, as the station asks it. Bodies are streamed from the card; nothing is copied to a disk here."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import UUID

import httpx

from handover.certificate import Certificate
from handover.manifest import CardManifest, FrameLine
from handover.part import CardPart
from handover.reasons import Left
from station.home import Identity
from station.reading import Changed, read_fresh
from station.sending import VIEWS, Sending

AWAY = "The server does not answer."


class TryLater(Exception):
    """The server does not answer now, or asks for patience. `says` is for a person."""

    def __init__(self, says: str = AWAY) -> None:
        self.says = says
        super().__init__(says)


class Refused(Exception):
    """The server's answer is no. `code` is stable, `says` is for a person."""

    def __init__(self, code: str, says: str, status: int) -> None:
        self.code, self.says, self.status = code, says, status
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Announced:
    """The server's answer to a manifest: the import's id, and which digests it wants to have."""

    id: UUID
    wanted: frozenset[str]
    progress: str


class Server:
    """Requests to the station door of one server."""

    def __init__(self, server: str, credential: str = "", *, transport: httpx.BaseTransport | None = None) -> None:
        headers = {"Authorization": f"Bearer {credential}"} if credential else {}
        self._http = httpx.Client(base_url=f"{server}/station/v1/", headers=headers, transport=transport or Sending(), trust_env=False)

    @classmethod
    def of(cls, identity: Identity) -> Self:
        return cls(identity.server, identity.credential)

    def close(self) -> None:
        self._http.close()

    def enrol(self, code: str, name: str, server: str) -> Identity:
        """Exchange a one-time code for a credential. Raises Refused, TryLater."""
        said = self._send("POST", "enrol", json={"code": code, "name": name}).json()
        return Identity(server=server, station=said["station"], credential=said["credential"], vkey=said["vkey"])

    def announce(self, manifest: CardManifest) -> Announced:
        """Tell what is on the card."""
        said = self._send("POST", "cards", content=manifest.written(), headers={"Content-Type": "application/json"}).json()
        wanted = frozenset(frame["digest"] for frame in said["frames"] if frame["wanted"])
        return Announced(UUID(said["import"]), wanted, said["progress"])

    def tell_part(self, part: CardPart) -> frozenset[str]:
        """Tell what was read of a card so far; returns the digests that may come before the rest is told. Raises Refused, TryLater."""
        said = self._send("POST", "frames", content=part.written(), headers={"Content-Type": "application/json"}).json()
        return frozenset(frame["digest"] for frame in said["frames"] if frame["wanted"])

    def send_frame(self, card_import: UUID | None, line: FrameLine, path: Path) -> None:
        """Stream one frame: the second, independent read of it. Without an import, of a card that is not announced yet.

        Raises Refused, TryLater, and what reading raises.
        """
        reading = _Body(path, line.size)
        try:
            self._send(
                "PUT",
                f"imports/{card_import}/frames/{line.digest}" if card_import else f"frames/{line.digest}",
                content=reading,
                headers={"Content-Type": "application/octet-stream", "Content-Length": str(line.size)},
                extensions={VIEWS: reading.views()},
            )
        except (TryLater, httpx.HTTPError, RuntimeError):
            if reading.fault is not None:
                raise reading.fault from None
            raise

    def send_bytes(self, card_import: UUID, line: FrameLine, data: bytes) -> None:
        """Send one frame that was read from a camera on a cable. Raises Refused, TryLater."""
        self._send(
            "PUT",
            f"imports/{card_import}/frames/{line.digest}",
            content=data,
            headers={"Content-Type": "application/octet-stream", "Content-Length": str(len(data))},
        )

    def leave(self, card_import: UUID, digest: str, why: Left) -> None:
        """Tell that a frame stays on the card."""
        self._send("POST", f"imports/{card_import}/frames/{digest}/left", json={"reason": why.value})

    def receipt(self, card_import: UUID) -> str:
        """The signed note. Raises Refused (`custody.not_yet_verified` while frames are being read back), TryLater."""
        return self._send("POST", f"imports/{card_import}/receipt").text

    def certify(self, certificate: Certificate) -> None:
        """Hand in what was erased and what was found afterwards."""
        self._send(
            "POST",
            f"imports/{certificate.card_import}/certificate",
            content=certificate.written(),
            headers={"Content-Type": "application/json"},
        )

    def given_up(self, card_import: UUID) -> frozenset[str]:
        """Digests of other files that a person has looked at and given up."""
        said = self._send("GET", f"imports/{card_import}").json()
        return frozenset(said["given_up"])

    def _send(self, method: str, path: str, **how: object) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **how)  # type: ignore[arg-type]  # passed through as given
        except httpx.TransportError as fault:
            raise TryLater from fault
        no = None if answer.is_success else _refused(answer)
        if no and no.status in {408, 425, 429, 500, 502, 503, 504}:
            raise TryLater(no.says)
        if no:
            raise no
        return answer


class _Body:
    """A file's bytes as a request body of a size that was told; remembers what reading raised, which the HTTP client hides."""

    def __init__(self, path: Path, size: int) -> None:
        self.path, self.size = path, size
        self.fault: Exception | None = None

    def __iter__(self) -> Iterator[bytes]:
        return map(bytes, self.views())

    def views(self) -> Iterator[memoryview]:
        """The bytes in pieces that are valid until the next."""
        try:
            yield from self._pieces()
        except Exception as fault:
            self.fault = fault
            raise

    def _pieces(self) -> Iterator[memoryview]:
        rest = self.size
        for piece in read_fresh(self.path):
            rest -= len(piece)
            if rest < 0:
                raise Changed
            yield piece
        if rest:
            raise Changed


def _refused(answer: httpx.Response) -> Refused:
    try:
        said = answer.json()
        return Refused(str(said["code"]), str(said["title"]), answer.status_code)
    except (ValueError, KeyError, TypeError):
        says = AWAY if answer.is_server_error else "The server's answer was not understood. Is the address right?"
        return Refused("unknown", says, answer.status_code)
