"""`safelight-station`: what is typed beside the card reader.

Exit 0 fine, 1 something was left or is bad, 2 usage, 75 try later (sysexits EX_TEMPFAIL).
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from handover.reasons import SAYS, Left
from handover.receipt import ReceiptRefused
from station.card import opened
from station.home import Identity, NotEnrolled, NotSafe, check_address
from station.installing import CannotInstall, install
from station.job import Job
from station.journal import Journal
from station.mounting import CannotOpen
from station.outcome import Outcome
from station.plugged import Place, Readers, cameras
from station.reading import CardOut
from station.server import Refused, Server, TryLater
from station.usb import Cable, camera
from station.usb_job import Kept, UsbJob
from station.usb_words import tell
from station.watch import watch
from station.words import NOT_HERE, Screen

FINE, BAD, USAGE, LATER = 0, 1, 2, 75


def main(arguments: Sequence[str] | None = None) -> int:  # noqa: C901, PLR0911 - one end for each way it can end
    """Run one command and return its exit status."""
    given = _parser().parse_args(arguments)
    screen = Screen(Console(stderr=True))
    try:
        if given.command in _FIRST:
            return _FIRST[given.command](given, screen)
        identity = Identity.load(given.home)
        if given.command in _THEN:
            return _THEN[given.command](given, identity, screen)
        _watch(given, identity, screen)
    except NotEnrolled:
        return _end("This station is not enrolled yet. An administrator makes a code under Settings, Stations.", USAGE)
    except NotSafe:
        return _end("The address must begin with https.", USAGE)
    except (CannotOpen, CannotInstall) as fault:
        return _end(str(fault), USAGE)
    except Refused as no:
        return _end(no.says, BAD)
    except ReceiptRefused:
        return _end("The server's receipt is not genuine. Nothing was erased. Tell the people who look after the system.", BAD)
    except CardOut:
        return _end(SAYS[Left.CARD_OUT], LATER)
    except OSError:
        return _end(NOT_HERE, LATER)
    except TryLater as later:
        return _end(f"{later.says} Nothing was erased that the server has not confirmed. Leave the card in, or try later.", LATER)
    return FINE


def bring_in(what: Path, home: Path, identity: Identity, screen: Screen, *, whole: bool) -> Outcome:
    """Import one card. Raises what the job raises."""
    server = Server.of(identity)
    try:
        with opened(what) as card:
            job = Job(card, identity, server, Journal(home), tell=screen.step, now=lambda: datetime.now(UTC), whole=whole)
            outcome = job.run()
    finally:
        server.close()
    screen.done(outcome)
    return outcome


def _import(given: argparse.Namespace, identity: Identity, screen: Screen) -> int:
    outcome = bring_in(given.what, given.home, identity, screen, whole=given.whole_card)
    if given.json:
        print(json.dumps(outcome.as_json()))  # noqa: T201 - what was asked for
    return FINE if outcome.clean else BAD


def _watch(given: argparse.Namespace, identity: Identity, screen: Screen) -> None:
    def bring(what: Place) -> Outcome | Kept:
        if isinstance(what, Cable):
            return bring_camera(what, identity, screen)
        return bring_in(what, given.home, identity, screen, whole=given.whole_card)

    models = [*given.camera, *filter(None, os.environ.get("SAFELIGHT_STATION_CAMERAS", "").split(","))]
    watch([Path(place) for place in given.places], bring, screen, plugged=[Readers(), cameras(models)])


def bring_camera(cable: Cable | None, identity: Identity, screen: Screen) -> Kept:
    """Import one camera on a cable; without one, the first that answers. Raises what the job raises."""
    server = Server.of(identity)
    try:
        with camera(cable) as there:
            kept = UsbJob(there, identity, server, tell=screen.step, now=lambda: datetime.now(UTC)).run()
    finally:
        server.close()
    tell(screen.console, kept)
    return kept


def _camera(_given: argparse.Namespace, identity: Identity, screen: Screen) -> int:
    return FINE if bring_camera(None, identity, screen).clean else BAD


def _enrol(given: argparse.Namespace, screen: Screen) -> int:
    address = check_address(given.server)
    server = Server(address)
    try:
        server.enrol(given.code, given.name, address).save(given.home)
    finally:
        server.close()
    screen.wait(f"This station is enrolled as {given.name}. Its credential lies in {given.home}.")
    return FINE


def _install(given: argparse.Namespace, screen: Screen) -> int:
    for written in install(given.root):
        screen.wait(f"Written: {written}")
    return FINE


_FIRST = {"enrol": _enrol, "install": _install}
_THEN = {"import": _import, "camera": _camera}


def _end(says: str, status: int) -> int:
    print(says, file=sys.stderr)  # noqa: T201 - the terminal beside the reader
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="safelight-station", description="Brings memory cards into Safelight and wipes them.")
    home = Path(os.environ.get("SAFELIGHT_STATION_HOME", Path.home() / ".safelight-station"))
    parser.add_argument("--home", type=Path, default=home, help="folder of the station's identity")
    commands = parser.add_subparsers(required=True, dest="command", metavar="COMMAND")
    enrol = commands.add_parser("enrol", help="exchange a one-time code for this station's credential")
    enrol.add_argument("server", help="https://photos.hospital.example")
    enrol.add_argument("code")
    enrol.add_argument("--name", required=True, help="where the station stands, such as Burns 2")
    put = commands.add_parser("install", help="make this PC an import station: a service that starts with it, and nothing else opens cards")
    put.add_argument("--root", type=Path, default=Path("/"), help="folder that stands for / of the PC, for an image of it")
    bring = commands.add_parser("import", help="import one card: a folder, a card image or a device")
    bring.add_argument("what", type=Path, metavar="FOLDER_OR_DEVICE")
    bring.add_argument("--json", action="store_true", help="one JSON object on standard output")
    commands.add_parser("camera", help="import the photos of the camera on the USB cable, and have the camera delete them")
    look = commands.add_parser("watch", help="import every card that is put into the reader")
    look.add_argument("places", nargs="*", help="folders to watch beside the readers")
    help_camera = "a model of camera, as `gphoto2 --auto-detect` names it, that is brought in when it is put on the cable; may be repeated"
    look.add_argument("--camera", action="append", default=[], metavar="MODEL", help=help_camera)
    for one in (bring, look):
        help_whole = "wipe a card at once, where nothing on it is to stay: discard, read all of it, new file system"
        one.add_argument(
            "--whole-card", action="store_true", default=os.environ.get("SAFELIGHT_STATION_WHOLE_CARD") == "1", help=help_whole
        )
    return parser


if __name__ == "__main__":
    sys.exit(main())
