"""T1, "safe and released": from the first byte read to the receipt, over loopback, against `cp` with fsync per file in the same run;
T2, "done": with slate, preview and thumbnail of every photo. CPU a photo by part, and peaks of memory.

Run from the project: `python benchmarks/import.py [photos] [rounds]`. Station, server and worker are the product's own, in a temporary
folder over the embedded database; plain HTTP on loopback, as behind a site's own proxy, so TLS is not in the figures. Rounds are
interleaved, the first is dropped; ratios and CPU count, not the seconds: machines are shared.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import kit

PHOTOS = int(sys.argv[1]) if len(sys.argv) > 1 else 60
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 4
T2_BAR_MS = 110


def one_round(site: kit.Site, card: Path, files: list[bytes]) -> dict[str, float]:
    kit.fill(card, files, PHOTOS)
    kit.put_in(card)
    began = time.monotonic()
    kit.copy(card, site.folder / "copied")
    copied = time.monotonic() - began
    shutil.rmtree(site.folder / "copied")
    row = site.bring(card) | {"cp": copied}
    shutil.rmtree(card)
    return row


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="safelight-bench-") as name, kit.site(Path(name)) as site:
        files = kit.photographs(PHOTOS)
        rows = [one_round(site, site.folder / f"card-{number}", files) for number in range(ROUNDS)][1:]
        memory = site.memory()
        decode = statistics.median(kit.bare_decode(files, PHOTOS) for _ in range(ROUNDS))
    of = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
    ratio = {key: statistics.median(row[key] / row["cp"] for row in rows) for key in ("t1", "t2")}
    each = 1000 / PHOTOS
    t1 = round((of["cpu_station"] + of["cpu_server"]) * each, 1)
    kit.publish(
        "import",
        "ms a photo",
        [
            {"label": "cp + fsync per file", "value": round(of["cp"] * each, 1)},
            {"label": "T1, safe and released", "value": round(of["t1"] * each, 1), "times cp": round(ratio["t1"], 2)},
            {"label": "T2, all drawn", "value": round(of["t2"] * each, 1), "times cp": round(ratio["t2"], 2)},
            {"label": "wiping and proving after T1", "value": round((of["whole"] - of["t1"]) * each, 1)},
            {"label": "CPU, T1, station", "value": round(of["cpu_station"] * each, 1)},
            {"label": "CPU, T1, web", "value": round((of["cpu_server"] - of["cpu_worker"]) * each, 1)},
            {"label": "CPU, T1, worker, which waits for work", "value": round(of["cpu_worker"] * each, 1)},
            {"label": "CPU, T1", "value": t1, "bar": 30, "better": "low"},
            {"label": "CPU, T2", "value": round(of["cpu_t2"] * each, 1), "bar": T2_BAR_MS, "better": "low"},
            {"label": "a bare decode", "value": round(decode, 1)},
            {
                "label": "CPU, T2, in bare decodes",
                "value": round(of["cpu_t2"] * each / decode, 2),
                "unit": "decodes",
                "bar": round(T2_BAR_MS / kit.DECODE_WHERE_BARS_WERE_SET, 2),
                "better": "low",
            },
            {"label": "memory, station", "value": round(of["station_mib"]), "unit": "MiB", "bar": 200, "better": "low"},
            {"label": "memory, a web process", "value": round(memory["web"]), "unit": "MiB", "bar": 250, "better": "low"},
            {"label": "memory, worker", "value": round(memory["worker"]), "unit": "MiB", "bar": 250, "better": "low"},
        ],
        about=f"{PHOTOS} photos of 24 MP a card, {kit.mean_size(files):.1f} MB each, {ROUNDS - 1} rounds",
    )


if __name__ == "__main__":
    main()
