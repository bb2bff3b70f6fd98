"""`safelight vault`: what an operator types about the store and its keys."""

import argparse
import json
import sys
from dataclasses import asdict

from safelight.config.exits import BAD, FINE


def add(parser: argparse.ArgumentParser) -> None:
    """Add the commands to `safelight vault`."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    rotate = commands.add_parser("rotate", help="make a new root key and move everything to it; goes on where it was interrupted")
    rotate.set_defaults(run=_rotate)
    rotate_index = commands.add_parser(
        "rotate-index", help="make a new key for finding numbers, and find every number by it; goes on likewise"
    )
    rotate_index.set_defaults(run=_rotate_index)
    retire = commands.add_parser("retire", help="take away old keys that nothing hangs on, 35 days after the newest was made")
    retire.set_defaults(run=_retire)
    read_back = commands.add_parser("read-back", help="read every object from the medium and name those that are damaged or missing")
    read_back.set_defaults(run=_read_back)
    adopt = commands.add_parser("adopt", help="take the store of the settings for the database's own, after the objects were carried to it")
    adopt.add_argument("--missing", type=int, default=0, metavar="NUMBER", help="how many objects are known not to be there")
    adopt.set_defaults(run=_adopt)
    accept = commands.add_parser(
        "accept-signing-keys", help="take this machine's keys for receipts and checkpoints, where the others were lost"
    )
    accept.set_defaults(run=_accept)


def _read_back(_: argparse.Namespace) -> int:
    from safelight.config import belongings
    from safelight.vault import upkeep

    belongings.make_sure_of_keys()
    read, damaged = 0, list[dict[str, str]]()
    for found in upkeep.read_all_back():
        read += 1
        if found:
            damaged.append({"object": str(found.object_id), "code": found.code})
    print(json.dumps({"objects": read, "damaged": damaged}))  # noqa: T201 - what a command prints is its answer
    return BAD if damaged else FINE


def _rotate(_: argparse.Namespace) -> int:
    from safelight.config import belongings
    from safelight.config.keys import ByTwo, alone
    from safelight.config.sealed import COLUMNS
    from safelight.kernel import clock
    from safelight.kernel.actor import OPERATOR
    from safelight.staff.models import ForKeys
    from safelight.vault import rotation

    with alone():
        belongings.make_sure_of_keys()
        done = rotation.rotate(COLUMNS, agreed=ByTwo(ForKeys.ROTATE), by=OPERATOR, clock=clock.now)
        belongings.make_sure_of_keys()
    print(json.dumps(asdict(done)))  # noqa: T201 - what a command prints is its answer
    return BAD if done.damaged else FINE


def _rotate_index(_: argparse.Namespace) -> int:
    from safelight.config import belongings
    from safelight.config.indexes import INDEXES
    from safelight.config.keys import ByTwo, alone
    from safelight.kernel import clock
    from safelight.kernel.actor import OPERATOR
    from safelight.staff.models import ForKeys
    from safelight.vault import reindexing

    with alone():
        belongings.make_sure_of_keys()
        done = reindexing.rotate_index(INDEXES, agreed=ByTwo(ForKeys.ROTATE_INDEX), by=OPERATOR, clock=clock.now)
        belongings.make_sure_of_keys()
    print(json.dumps(asdict(done)))  # noqa: T201 - what a command prints is its answer
    return BAD if done.damaged else FINE


def _retire(_: argparse.Namespace) -> int:
    from safelight.config.indexes import INDEXES
    from safelight.config.keys import ByTwo, alone
    from safelight.config.sealed import COLUMNS
    from safelight.kernel import clock
    from safelight.kernel.actor import OPERATOR
    from safelight.staff.models import ForKeys
    from safelight.vault import retiring

    with alone():
        gone = retiring.retire(COLUMNS, INDEXES, agreed=ByTwo(ForKeys.RETIRE), by=OPERATOR, clock=clock.now)
    print(json.dumps({"retired": gone}))  # noqa: T201 - what a command prints is its answer
    return FINE


def _adopt(given: argparse.Namespace) -> int:
    from safelight.config import belongings
    from safelight.vault.errors import ObjectsMissing

    try:
        print(json.dumps({"objects": belongings.adopt(missing=given.missing)}))  # noqa: T201 - what a command prints is its answer
    except ObjectsMissing as fault:
        print(f"{fault.says} Missing: {fault.args[0]}.", file=sys.stderr)  # noqa: T201 - what a command prints is its answer
        return BAD
    return FINE


def _accept(_: argparse.Namespace) -> int:
    from safelight.config import belongings

    belongings.accept_signing_keys()
    return FINE
