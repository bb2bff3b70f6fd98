"""A demonstration that stays: made once, served until it is ended, with words about what to open and try."""

from datetime import timedelta
from threading import Event

from rich.console import Console
from rich.table import Table

from safelight.config.demo import once, running
from safelight.config.demo.camera import DemoCamera
from safelight.config.demo.hospital import ACCOUNTS, CAMERA, PASSWORD, actor
from safelight.config.demo.prepared import ready
from safelight.config.demo.running import Place
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.models import Import
from safelight.custody.rules import CardSaid
from safelight.kernel import clock
from safelight.staff.models import Person

AGO = timedelta(hours=2)


def invite(place: Place, console: Console) -> None:
    """Make the hospital where there is none yet, start the station, and say what there is; returns when somebody ends it."""
    if not Person.objects.exists():
        console.print("Making an invented hospital and a morning's photos. This takes half a minute, once.")
        _make(place)
    with running.station(place):
        _say(place, console)
        try:
            Event().wait()
        except KeyboardInterrupt:
            console.print("The demonstration ends. Its folder stays; remove it to begin anew.")


def _make(place: Place) -> None:
    """A hospital whose morning lies behind it: photos in three records, some in the tray, the camera back in its cabinet."""
    hospital = ready(place, card=place.reader)
    session = once.Session(hospital, DemoCamera(place.reader), began=clock.now() - AGO)
    once.morning(session, phone=once.phone_picture(place.folder, session.now), others=[])
    running.import_card(place, place.reader)
    once.wait_until_sorted(Import.objects.latest("announced_at").pk)
    khan = actor("khan", now=clock.now())
    return_camera(by=khan, camera_id=hospital.camera, card=CardSaid.EMPTY, now=clock.now())
    place.camera.mkdir(exist_ok=True)


def _say(place: Place, console: Console) -> None:
    table = Table("user name", "who", "what for", title=f"Password of all: {PASSWORD}", title_justify="left")
    for account in ACCOUNTS:
        table.add_row(account.username, account.name, account.what)
    console.print(
        f"\n[bold]Open {place.address}/demo/[/bold] in a browser on this machine. It has the codes to sign in with, wristbands to"
    )
    console.print(f"scan, and the invented camera {CAMERA}: it photographs the slate on your screen, and you put its card into the reader.")
    console.print(table)
    console.print(f"Cards can also be put in by hand: copy a DCIM folder into {place.reader}")
    console.print("Everything is invented. End it with Ctrl+C.\n")
