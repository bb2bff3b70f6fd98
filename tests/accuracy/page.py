"""A page on which every failure is drawn, for a person to look at. It shows test pictures and is never kept in the repository."""

import base64
import html
import io
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

import simplejpeg
from PIL import Image, ImageDraw
from tests.accuracy.counting import Failure
from tests.accuracy.measuring import turned, upright
from tests.accuracy.truth import Known

_SIDE = 640


def write(failures: Iterable[Failure], to: Path) -> None:
    by_picture: dict[tuple[str, int], list[Failure]] = defaultdict(list)
    for failure in failures:
        known = failure.known
        name = f"{known.path.parent.name}/{known.path.name}" + (f", drawn anew {crc32(known.drawn):08x}" if known.drawn else "")
        by_picture[name, failure.turns].append(failure)
    parts = [
        "<!doctype html><meta charset='utf-8'><title>What the finders missed</title>",
        "<style>body{font:16px sans-serif}figure{display:inline-block;margin:8px;max-width:640px;vertical-align:top}</style>",
        "<h1>What the finders missed, misread or saw where nothing is</h1><p>Red: missed or misread. Blue: false.</p>",
    ]
    for (picture, turns), here in sorted(by_picture.items()):
        says = "<br>".join(html.escape(failure.says) for failure in here)
        title = html.escape(f"{picture}, turned by {turns * 90}")
        parts.append(f"<figure><img alt='' src='data:image/jpeg;base64,{_drawn(here[0].known, turns, here)}'>")
        parts.append(f"<figcaption><b>{title}</b><br>{says}</figcaption></figure>")
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text("".join(parts), encoding="utf-8")


def _drawn(known: Known, turns: int, failures: list[Failure]) -> str:
    shown = Image.fromarray(simplejpeg.decode_jpeg(turned(upright(known), turns)))
    scale = _SIDE / max(shown.size)
    small = shown.resize((max(1, round(shown.width * scale)), max(1, round(shown.height * scale))))
    pen = ImageDraw.Draw(small)
    for failure in failures:
        pen.rectangle([round(edge * scale) for edge in failure.edges], outline="blue" if failure.false else "red", width=3)
    written = io.BytesIO()
    small.save(written, "JPEG", quality=80)
    return base64.b64encode(written.getvalue()).decode()
