"""`safelight`: what an operator types. Exit 0 fine, 1 something is bad, 2 usage, 75 try later (sysexits EX_TEMPFAIL)."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from safelight.config import vault_command
from safelight.config.exits import BAD, FINE, LATER, USAGE

if TYPE_CHECKING:
    from safelight.audit.verify import Verdict

SETTINGS = "safelight.config.settings.production"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    from safelight.kernel.errors import SafelightError, Unavailable

    given = _parser().parse_args(arguments)
    if not given.alone:
        _set_up()
    run: Callable[[argparse.Namespace], int] = given.run
    try:
        return run(given)
    except Unavailable as away:
        print(away.says, file=sys.stderr)  # noqa: T201 - the operator's terminal
        return LATER
    except SafelightError as fault:
        print(fault.says, file=sys.stderr)  # noqa: T201 - what a command prints is its answer
        return BAD


def _set_up() -> None:
    """Settings, logs and models, for commands that work on an installation."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    from safelight.config import logs

    logs.configure()
    django.setup()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="safelight", description="Clinical photographs, from the camera into the record.")
    parser.set_defaults(alone=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], says: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=says, description=says)
        made.set_defaults(run=run)
        return made

    command("prepare", _prepare, "make the keys that are missing, and bring the database up to date")
    serve = command("serve", _serve, "run web server and worker, and start them again when they end")
    serve.add_argument("--listen", default="127.0.0.1:8000", metavar="ADDRESS:PORT")
    web = command("web", _web, "run the web server alone")
    web.add_argument("--listen", default="127.0.0.1:8000", metavar="ADDRESS:PORT")
    worker = command("worker", _worker, "run a worker alone")
    worker.add_argument("--name", default="", help="stable and used by no other worker; the machine's own where left out")
    check = command("check", _check, "say whether this installation keeps its promises")
    check.add_argument("--deploy", action="store_true", help="also what a deployment must not have")
    invite = command("invite-administrator", _invite, "print a link by which the first administrator signs in")
    invite.add_argument("--username", required=True)
    invite.add_argument("--name", required=True)
    audit = commands.add_parser("audit", help="the ledger").add_subparsers(required=True, metavar="COMMAND")
    verify = audit.add_parser("verify", help="check every entry against its hashes and the signed checkpoints")
    verify.add_argument("--json", action="store_true", help="one JSON object: size, root, checkpoint, ok, first_bad")
    verify.add_argument("--checkpoints", type=Path, help="a folder of checkpoints as a witness holds them")
    verify.set_defaults(run=_audit_verify)
    key = audit.add_parser("key", help="print the public key that verifies the checkpoints")
    key.set_defaults(run=_audit_key)
    sharing = commands.add_parser("sharing", help="questions to colleagues").add_subparsers(required=True, metavar="COMMAND")
    domains = sharing.add_parser("domains", help="the domains accredited under DCB1596").add_subparsers(required=True, metavar="COMMAND")
    take = domains.add_parser("import", help="take a new edition of the public list into use")
    take.add_argument("file", type=Path, help='a CSV file with a column "domain"')
    take.add_argument("--dated", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD", help="the date of the list, not of the file")
    take.add_argument("--owner", required=True, help="who looks after the list, as people here call them")
    take.set_defaults(run=_take_domains)
    vault_command.add(commands.add_parser("vault", help="the store and its keys"))
    _deidentify(commands.add_parser("deidentify", help="files by themselves, without an installation: nothing is kept"))
    return parser


def _deidentify(parser: argparse.ArgumentParser) -> None:
    """Commands that work on files alone and need no settings."""
    parser.set_defaults(alone=True)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    scan = commands.add_parser("scan", help="say what may tell who a patient is, with its place: faces, text, barcodes, metadata")
    scan.add_argument("files", type=Path, nargs="+")
    scan.add_argument("--json", action="store_true", required=True, help="one JSON object a line for each file")
    scan.set_defaults(run=_scan)
    cover = commands.add_parser("cover", help="write a copy that is black in some boxes and carries nothing but the picture")
    cover.add_argument("file", type=Path)
    cover.add_argument("--boxes", default="[]", metavar="[[x0,y0,x1,y1],...]", help="in pixels of the upright photo")
    cover.add_argument("--out", type=Path, required=True)
    cover.set_defaults(run=_cover)


def _prepare(_: argparse.Namespace) -> int:
    from safelight.config.prepare import prepare

    prepare()
    return FINE


def _serve(given: argparse.Namespace) -> int:
    from safelight.config.supervisor import supervise

    return supervise(listen=given.listen)


def _web(given: argparse.Namespace) -> int:
    from safelight.config import belongings
    from safelight.config.server import serve

    belongings.make_sure()
    serve(listen=given.listen)
    return FINE


def _worker(given: argparse.Namespace) -> int:
    from safelight.config.worker import own_name, run

    run(given.name or own_name())
    return FINE


def _check(given: argparse.Namespace) -> int:
    from django.core.management import CommandError, call_command

    try:
        call_command("check", deploy=given.deploy, fail_level="WARNING", databases=["default"])
    except CommandError as faults:
        print(faults, file=sys.stderr)  # noqa: T201 - what a command prints is its answer
        return BAD
    return FINE


def _invite(given: argparse.Namespace) -> int:
    from safelight.config.prepare import invite_administrator

    print(invite_administrator(username=given.username, name=given.name))  # noqa: T201 - what a command prints is its answer
    return FINE


def _take_domains(given: argparse.Namespace) -> int:
    from safelight.sharing.mail.command import take_domains

    try:
        print(take_domains(given.file, dated=given.dated, owner=given.owner))  # noqa: T201 - what a command prints is its answer
    except OSError as fault:
        print(f"{given.file}: {fault.strerror}", file=sys.stderr)  # noqa: T201 - what a command prints is its answer
        return BAD
    return FINE


def _scan(given: argparse.Namespace) -> int:
    from safelight.deidentify.command import scan

    worst = FINE
    for scanned in scan(given.files):
        print(scanned.line, flush=True)  # noqa: T201 - what the command is for
        worst = worst if scanned.fine else BAD
    return worst


def _cover(given: argparse.Namespace) -> int:
    from safelight.deidentify.covering.command import NotBoxes, cover_file

    try:
        print(cover_file(given.file, boxes=given.boxes, out=given.out))  # noqa: T201 - what the command is for
    except NotBoxes as fault:
        print(fault, file=sys.stderr)  # noqa: T201 - what a command prints is its answer
        return USAGE
    except OSError as fault:
        print(f"{fault.filename}: {fault.strerror}", file=sys.stderr)  # noqa: T201 - what a command prints is its answer
        return BAD
    return FINE


def _audit_verify(given: argparse.Namespace) -> int:
    from django.db import OperationalError

    try:
        verdict = _verdict(given.checkpoints)
    except OperationalError as away:
        print(f"The database does not answer: {away}", file=sys.stderr)  # noqa: T201 - the operator's terminal
        return LATER
    if given.json:
        shown = {key: value for key, value in asdict(verdict).items() if key != "why"}
        print(json.dumps(shown))  # noqa: T201 - what a command prints is its answer
    else:
        print(f"{verdict.size} entries, root {verdict.root}: {'fine' if verdict.ok else verdict.why}")  # noqa: T201 - what a command prints is its answer
    return FINE if verdict.ok else BAD


def _verdict(checkpoints: Path | None) -> "Verdict":
    """Check against a folder of checkpoints, or against the site's own witnesses, which have some once the database has."""
    from django.conf import settings

    from safelight.audit import checkpoint, verify

    notes = verify.notes_in_database()
    own = settings.SAFELIGHT_WITNESSES if notes else []
    asked = checkpoint.witnesses([{"adapter": checkpoint.FOLDER, "folder": checkpoints}] if checkpoints else own)
    held = [note for witness in asked for note in witness.notes()]
    return verify.check(notes=[*notes, *held], key=checkpoint.ledger_signer().vkey)


def _audit_key(_: argparse.Namespace) -> int:
    from safelight.audit import checkpoint

    print(checkpoint.ledger_signer().vkey)  # noqa: T201 - what a command prints is its answer
    return FINE


if __name__ == "__main__":
    sys.exit(main())
