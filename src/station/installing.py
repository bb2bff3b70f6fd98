"""Making a bare PC an import station: the unit that runs it, and the rules that keep everything else off its cards."""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

UNIT, RULES = "safelight-station.service", "90-safelight-station.rules"


class CannotInstall(Exception):
    """The files cannot be put in place. Says why, for a person."""


def install(root: Path) -> tuple[Path, ...]:
    """Put unit and rules below `root`, which is `/` on the station itself; returns what was written. Raises CannotInstall.

    Doing it again puts newer ones in their place. On `/` the service begins at once, and again after every start of the machine.
    """
    program = Path(sys.executable).parent / "safelight-station"
    if not program.exists():
        raise CannotInstall(f"The program is not where it should be: {program}. Install the package into its own virtual environment.")
    places = {UNIT: root / "etc/systemd/system" / UNIT, RULES: root / "etc/udev/rules.d" / RULES}
    for name, place in places.items():
        text = files("station").joinpath("service", name).read_text()
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text.replace("@PROGRAM@", str(program)))
        except OSError as fault:
            raise CannotInstall(f"{place} cannot be written: {fault.strerror}. Run this as root.") from None
    if root == Path("/"):
        _begin()
    return tuple(places.values())


def _begin() -> None:
    for command in (
        ["udevadm", "control", "--reload"],
        ["systemctl", "daemon-reload"],
        ["systemctl", "enable", "--now", UNIT],
    ):
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as fault:
            told = getattr(fault, "stderr", "") or str(fault)
            raise CannotInstall(f"`{' '.join(command)}` failed: {told.strip()}") from None
