"""`make demo` and `make demo-once`."""

import argparse
import json
import os
import secrets
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

FINE, BAD = 0, 1
OTHERS = "SAFELIGHT_SHARED"
ACROSS, ONCE_ACROSS = 2400, 3000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration until it is ended, or the whole job once. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="make demo", description="An invented hospital on loopback.")
    parser.add_argument("--once", action="store_true", help="do the whole job unattended in a temporary folder; print one JSON object")
    parser.add_argument("--card", choices=["best", "folder", "image"], default="best", help="what stands for the card")
    parser.add_argument("--folder", type=Path, default=Path("data/demo"), help="where the demonstration lives")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--across", type=int, help=f"how many pixels a photo is wide: {ONCE_ACROSS} unattended, else {ACROSS}")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that server and station are ended, too
    from safelight.config.demo.running import PIXELS_ACROSS

    os.environ[PIXELS_ACROSS] = str(given.across or (ONCE_ACROSS if given.once else ACROSS))
    return _once(given.card) if given.once else _stay(given.folder.absolute(), given.port)


def _django(folder: Path, port: int) -> None:
    """Give the demonstration its folders and its secret, and start Django on them."""
    for name in ("data", "keys"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = folder / "keys" / "secret"
    if not secret.exists():
        secret.write_text(secrets.token_urlsafe(48))
        secret.chmod(0o600)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "safelight.config.settings.demo",
        "SAFELIGHT_DEMO_FOLDER": str(folder),
        "SAFELIGHT_DEMO_PORT": str(port),
    }
    import django

    from safelight.config import logs

    logs.configure()
    django.setup()


def _once(card: str) -> int:
    import tempfile

    with tempfile.TemporaryDirectory(prefix="safelight-demo-") as name:
        folder = Path(name)
        from safelight.config.demo import running

        place = running.Place(folder, running.free_port())
        _django(folder, place.port)
        from safelight.config.demo import once

        with running.server(place):
            figures, off = once.run(place, kind=card, others=_others())
        print(json.dumps(figures))  # noqa: T201 - what was asked for
        for fault in off:
            print(fault, file=sys.stderr)  # noqa: T201 - what a command prints is its answer
        if off:
            print((folder / "server.log").read_text()[-4_000:], file=sys.stderr)  # noqa: T201 - what a command prints is its answer
    return BAD if off else FINE


def _stay(folder: Path, port: int) -> int:
    from safelight.config.demo import running

    place = running.Place(folder, port)
    _django(folder, port)
    from safelight.config.demo.inviting import invite

    place.reader.mkdir(exist_ok=True)
    with running.server(place):
        invite(place, Console())
    return FINE


def _others() -> list[Path]:
    """Files of real cameras, where the folder of test pictures lies beside the project: none is of a registered camera."""
    shared = Path(os.environ.get(OTHERS, Path(__file__).resolve().parents[5] / "shared"))
    from handover.kinds import kind_of_name

    folder = shared / "corpus" / "metadata"
    return [file for file in sorted(folder.rglob("*")) if file.is_file() and kind_of_name(file.name)] if folder.is_dir() else []


if __name__ == "__main__":
    sys.exit(main())
