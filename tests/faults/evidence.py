"""What the runs counted, kept beside the report that is written from it: each run of a test replaces what it said before.

`python -m tests.faults.evidence FOLDER PIECE...` brings together what runs in several folders counted.
"""

import json
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

KEPT, MUTANTS, REPORT = "faults.json", "mutants.json", "faults.md"


@dataclass
class Tally:
    """The counts of one fault in one test."""

    fault: str
    of: int = 0  # how many points there were to choose from, where the fault has points
    runs: int = 0
    lost: int = 0
    early: int = 0
    finished: int = 0
    twice: int = 0

    def note(self, *looks: dict, finished: bool) -> None:
        """What was found after one fault, and after the next run."""
        self.runs += 1
        self.lost += max(len(look["lost"]) for look in looks)
        self.early += max(look["early"] for look in looks)
        self.twice += max(look["twice"] for look in looks)
        self.finished += finished


@dataclass
class Told:
    """One test of the folder, as its last run ended."""

    what: str
    how: str  # passed, failed, skipped
    why: str = ""
    at: str = ""
    tallies: list[dict] = field(default_factory=list)


NOT_SHOWN = """## What these runs do not show
* Real cards and readers: wear-levelling may keep copies that only a laboratory can read. Whether a reader or
  a card carries out a discard is not believed: the medium is read. An SD card's own erase commands are tried on an emulated one.
* At the points the station and the server are one process on one machine, which dies or loses all its disks at once. Their separate deaths
  are the random kills.
* Ext4 and xfs keep a new file's name when the file is synced: that a folder was not synced is seen on a disk of ours only, which forgets
  each name whose folder was not.
* A PostgreSQL server is killed, and its log's disk is filled; its own disk does not lose power here.
"""


class Evidence:
    """Collects while tests run; `write` merges with what earlier runs said and writes the report."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: dict[str, Told] = {}

    def hear(self, name: str, what: str, how: str, why: str, tallies: list[Tally]) -> None:
        known = self.told.get(name)
        if known is not None and known.how == "failed":
            return
        at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
        self.told[name] = Told(what, how, why, at, [asdict(tally) for tally in tallies] or (known.tallies if known else []))

    def write(self, *, always: bool = False) -> None:
        if not self.told and not always:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = self.folder / KEPT
        before = json.loads(kept.read_text()) if kept.exists() else {}
        now = before | {name: asdict(told) for name, told in self.told.items()}
        kept.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n")
        mutants = self.folder / MUTANTS
        (self.folder / REPORT).write_text(written(now, json.loads(mutants.read_text()) if mutants.exists() else {}))


def written(told: dict[str, dict], mutants: dict[str, dict[str, str]]) -> str:
    """The report."""
    dates = sorted(one["at"] for one in [*told.values(), *mutants.values()]) or ["never"]
    counts = {how: sum(one["how"] == how for one in told.values()) for how in ("passed", "failed", "skipped")}
    ended = ", ".join(f"{number} {how}" for how, number in counts.items())
    lines = [
        "# Faults: what was broken on purpose, and what became of the photos",
        "",
        "Written by `make faults`, or by parts of it, from their runs; not by hand. Fewer `runs` than `points`: only a sample was run.",
        "Asked after each fault, and again after the next run: is every photo whole on the card, or readable from the vault?",
        "",
        f"Runs from {dates[0]} to {dates[-1]} UTC. Tests: {ended}.",
        "",
        "## Counts",
        "`points`: how many places there were for the fault. `erased early`: photos gone from the card before a receipt was on the disk.",
        "`finished`: the next run ended the work by itself. `kept twice`: photos that came into the record or the register again.",
        "",
        "| fault | runs | points | photos lost | erased early | finished | kept twice |",
        "|---|---|---|---|---|---|---|",
        *_rows(told),
        "",
        "## Guards taken away",
        "Each in a copy of the source; the sweep must then miss a photo, or it would show nothing.",
        "",
        "| guard | caught | when (UTC) |",
        "|---|---|---|",
        *[f"| {name} | {one['caught']} | {one['at']} |" for name, one in sorted(mutants.items())],
        "",
        *_listed(told, "failed", "## What failed"),
        *_listed(told, "skipped", "## What was skipped, and why"),
        NOT_SHOWN,
        "## Every test",
        "",
        "| test | result | when (UTC) |",
        "|---|---|---|",
        *[f"| {one['what']} | {one['how']} | {one['at']} |" for _, one in sorted(told.items())],
    ]
    return "\n".join(lines) + "\n"


def _rows(told: dict[str, dict]) -> list[str]:
    sums: dict[str, Tally] = {}
    for one in told.values():
        for tally in one["tallies"]:
            known = sums.setdefault(tally["fault"], Tally(tally["fault"]))
            known.of = max(known.of, tally["of"])
            for name in ("runs", "lost", "early", "finished", "twice"):
                setattr(known, name, getattr(known, name) + tally[name])
    return [
        f"| {one.fault} | {one.runs} | {one.of or ''} | {one.lost} | {one.early} | {one.finished} of {one.runs} | {one.twice} |"
        for one in sorted(sums.values(), key=lambda tally: tally.fault)
    ]


def _listed(told: dict[str, dict], how: str, title: str) -> list[str]:
    found = [f"* {one['what']}: {one['why']}" for _, one in sorted(told.items()) if one["how"] == how]
    return [title, *found, ""] if found else []


def main(into: str, *pieces: str) -> None:
    evidence = Evidence(Path(into))
    for piece in pieces:
        for name, told in json.loads((Path(piece) / KEPT).read_text()).items():
            evidence.told[name] = Told(**told)
    evidence.write(always=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
