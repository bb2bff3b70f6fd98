"""docs/evidence/performance.md and its charts, from the figures that the benchmarks left in build/bench. Adds nothing to them.

`python benchmarks/evidence.py [folder]`. A row that missed its bar is said first. Charts are drawn with Pillow.
"""

import json
import sys
from pathlib import Path

import kit
from PIL import Image, ImageDraw, ImageFont

INTO = Path(sys.argv[1]) if len(sys.argv) > 1 else kit.PROJECT / "docs" / "evidence"
WIDTH, ROW, LABELS, MARGIN = 900, 26, 370, 12
INK, BAR, MISSED, LINE = "#1d2733", "#3f6f9f", "#b3541e", "#7a8896"
COLUMNS = {"label", "value", "unit", "bar", "better"}
HEAD = """# How fast it is, and what it takes

Written by `make bench` from a run on one machine; each table says when, on how many cores and beside which load. Wall times on a shared
machine move fourfold, so what counts is a ratio within one run, or CPU. "Times" above 1 means that ours is that many times faster than
the peer. Photos are invented, 24 MP, with a sensor's noise. Station, server and worker share the machine; what travels between them is
plain HTTP over loopback, so what TLS costs at a site's proxy is not in these figures. A card that was just put in is in no cache: every way
reads it from the medium, peers once and ours twice. Card and vault lie on one disk, which ours fills: it reads or writes each photo four
times, three of them past the cache. A card in a reader of its own leaves that disk two of the four.

CPU is no measure for two machines alike either. Where the bars were set, decoding one of these photos and nothing else took 52 ms; what it
takes here stands in the tables, and bars of drawing are given a second time in such bare decodes.

A load above the number of cores says that other work ran beside it. Then CPU a photo is too high as well: the worker looks many times a
second whether there is something to do, and an import that is slowed down to a tenth pays for ten times as many looks.
"""


def figures() -> list[dict]:
    return [json.loads(place.read_text()) for place in sorted(kit.FIGURES.glob("*.json"))]


def verdicts(of: list[dict]) -> list[str]:
    """One line for each bar, those that were missed first."""
    rows = [(one, row, kit.held_bar(row)) for one in of for row in one["rows"]]
    told = [(held, one, row) for one, row, held in rows if held is not None]
    lines = ["## Bars", "", "| | measured | bar | |", "|---|---|---|---|"]
    for held, one, row in sorted(told, key=lambda item: bool(item[0])):
        sign = "at least" if row.get("better", "low") == "high" else "at most"
        unit = row.get("unit", one["unit"])
        lines.append(f"| {row['label']} | {row['value']} {unit} | {sign} {row['bar']} | {'holds' if held else '**fell short**'} |")
    return [*lines, ""]


def table(one: dict) -> list[str]:
    extra = list(dict.fromkeys(key for row in one["rows"] for key in row if key not in COLUMNS))
    machine = f"{one['date'][:16].replace('T', ' ')} UTC, {one['machine']['cores']} cores, load {one['machine']['load']}"
    lines = [f"## {one['name']}", "", f"{one.get('about', '')}. {machine}.", "", f"![{one['name']}](performance-{one['name']}.png)", ""]
    lines += ["| | " + " | ".join(["measured", *extra]) + " |", "|---" * (2 + len(extra)) + "|"]
    for row in one["rows"]:
        cells = [f"{row['value']} {row.get('unit', one['unit'])}", *(str(row.get(key, "")) for key in extra)]
        lines.append(f"| {row['label']} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def chart(one: dict) -> Image.Image:
    """Bars of one unit under each other; a line where the bar is that a row was to reach."""
    groups: dict[str, list[dict]] = {}
    for row in one["rows"]:
        groups.setdefault(row.get("unit", one["unit"]), []).append(row)
    height = MARGIN + sum(ROW * (len(rows) + 1) for rows in groups.values())
    drawn = Image.new("RGB", (WIDTH, height), "white")
    pen, font, y = ImageDraw.Draw(drawn), ImageFont.load_default(13), MARGIN // 2
    for unit, rows in groups.items():
        longest = max([*(float(row["value"]) for row in rows), *(float(row["bar"]) for row in rows if "bar" in row)]) or 1.0
        scale = (WIDTH - LABELS - 90) / longest
        pen.text((MARGIN, y + 5), unit, LINE, font)
        y += ROW
        for row in rows:
            end = LABELS + float(row["value"]) * scale
            pen.text((MARGIN, y + 5), row["label"][:54], INK, font)
            pen.rectangle((LABELS, y + 5, max(LABELS + 1, end), y + ROW - 5), MISSED if kit.held_bar(row) is False else BAR)
            pen.text((end + 6, y + 5), str(row["value"]), INK, font)
            if "bar" in row:
                at = LABELS + float(row["bar"]) * scale
                pen.line((at, y + 1, at, y + ROW - 1), INK, 2)
            y += ROW
    return drawn


def main() -> None:
    found = figures()
    INTO.mkdir(parents=True, exist_ok=True)
    lines = [HEAD, *verdicts(found)]
    for one in found:
        chart(one).quantize(16).save(INTO / f"performance-{one['name']}.png", optimize=True)
        lines += table(one)
    (INTO / "performance.md").write_text("\n".join(lines).rstrip() + "\n")
    print(INTO / "performance.md")


if __name__ == "__main__":
    main()
