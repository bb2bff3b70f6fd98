"""What grows with the record: import time a photo, the page of a patient at its depth, and previews against an empty view.

Run from the project: `python benchmarks/growth.py [photographs] [photos] [rounds]`; 0 photos: no import, only pages. The photographs
are rows laid past the guards, as tests lay them; their bytes do not exist. A million take about ten times as long to lay as the hundred
thousand that are the default here. Pages and previews are asked for in this process, one at a time: a ratio to an empty view that asks
for the same sign-in.
"""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import kit

if TYPE_CHECKING:
    from tests.factories.photographs import Record

    from safelight.photographs.models import Photograph

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
PHOTOS = int(sys.argv[2]) if len(sys.argv) > 2 else 20
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 3
SEED, PAGES, PREVIEWS = 1_000, 30, 100


def imports(site: kit.Site, files: list[bytes], name: str) -> dict[str, float]:
    rows = []
    for number in range(ROUNDS):
        card = site.folder / f"{name}-{number}"
        kit.fill(card, files, PHOTOS)
        rows.append(site.bring(card))
        shutil.rmtree(card)
    each = {"t1": [row["t1"] for row in rows[1:]], "cpu": [row["cpu_station"] + row["cpu_server"] for row in rows[1:]]}
    return {key: statistics.median(values) * 1000 / PHOTOS for key, values in each.items()}


def multiply(times: int) -> None:
    """Every photo that there is, so many times more: new names and digests, a second older each."""
    from django.db import connection

    tables = ("vault_storedobject", "custody_frame", "photographs_photograph")
    keys = {"id", "frame_id", "stored_id", "record_copy_id", "preview_id", "thumb_id", "digest"}
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE times AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) SELECT i FROM n",
            [times - 1],
        )
        for table in tables:
            cursor.execute(f"SELECT name FROM pragma_table_info('{table}')")
            columns = [column for (column,) in cursor.fetchall()]
            changed = {name: f"CASE WHEN {name} IS NULL THEN NULL ELSE printf('%08x', i) || substr({name}, 9) END" for name in keys}
            changed["taken_at"] = "strftime('%Y-%m-%d %H:%M:%f', taken_at, '-' || i || ' seconds')"
            made = ", ".join(changed.get(column, column) for column in columns)
            cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {made} FROM {table}, times WHERE 1")


def quick(ask: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each request, in order of size; the first is not counted."""
    ask()
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - began) * 1000)
    return sorted(spent)


def pages(record: "Record", photograph: "Photograph") -> list[dict[str, object]]:
    """The first page, the one at nine tenths of the depth, a preview, and an empty view behind the same sign-in."""
    from django.http import HttpResponse
    from django.test import Client
    from django.urls import path, reverse
    from tests.factories.staff import sign_in

    from safelight.config.urls import demo
    from safelight.photographs.models import Photograph

    client = sign_in(Client(headers={"host": "localhost"}), record.person)
    there = Photograph.objects.filter(patient=record.patient).order_by("-taken_at", "-pk")
    count = there.count()
    deep = there[count * 9 // 10].pk
    first = reverse("photographs:patient", args=[record.patient.pk])
    demo.urlpatterns.append(path("empty/", lambda _: HttpResponse()))

    def ask(address: str) -> Callable[[], object]:
        def once() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            b"".join(answer.streaming_content) if answer.streaming else answer.content

        return once

    begin, depth = (quick(ask(address), PAGES) for address in (first, f"{first}?before={deep}"))
    worst = [spent[int(len(spent) * 0.95) - 1] for spent in (begin, depth)]
    rows: list[dict[str, object]] = [
        {"label": "first page, 95th percentile", "value": round(worst[0], 1), "unit": "ms"},
        {"label": f"page at depth {count * 9 // 10:,} of {count:,}, 95th percentile", "value": round(worst[1], 1), "unit": "ms"},
        {"label": "the deep page against the first", "value": round(worst[1] / worst[0], 2), "unit": "times", "bar": 3, "better": "low"},
    ]
    client.get(reverse("photographs:photo", args=[photograph.pk]))  # gives leave to see the bytes
    preview = reverse("photographs:file", args=[photograph.pk, "preview"])
    seen, empty = (statistics.median(quick(ask(address), PREVIEWS)) for address in (preview, "/empty/"))
    rows.append({"label": "previews", "value": round(1000 / seen), "unit": "a second"})
    rows.append({"label": "an empty view behind the sign-in", "value": round(1000 / empty), "unit": "a second"})
    rows.append(
        {"label": "previews against the empty view", "value": round(empty / seen, 2), "unit": "times", "bar": 0.5, "better": "high"}
    )
    return rows


def lay() -> tuple["Record", float]:
    """The rows, past the guards; whose they are, and the seconds that it took."""
    from django.db import connection, transaction
    from tests.factories.photographs import make_record, many_rows
    from tests.guards import lifted

    record = make_record()
    began = time.monotonic()
    with transaction.atomic(), lifted(connection):
        many_rows(record, SEED)
        multiply(ROWS // SEED)
    return record, time.monotonic() - began


def compared(small: dict[str, float], large: dict[str, float]) -> list[dict[str, object]]:
    return [
        {"label": "T1 with an empty record", "value": round(small["t1"], 1), "CPU ms a photo": round(small["cpu"], 1)},
        {"label": f"T1 with {ROWS:,} photographs", "value": round(large["t1"], 1), "CPU ms a photo": round(large["cpu"], 1)},
        {"label": "T1, full against empty", "value": round(large["t1"] / small["t1"], 2), "unit": "times", "bar": 1.1},
        {"label": "CPU of T1, full against empty", "value": round(large["cpu"] / small["cpu"], 2), "unit": "times"},
    ]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="safelight-bench-") as name, ExitStack() as stack:
        if PHOTOS:
            files, site = kit.photographs(), stack.enter_context(kit.site(Path(name)))
            small = imports(site, files, "empty")
        else:
            kit.installed(Path(name))
        record, laid = lay()
        rows = compared(small, imports(site, files, "full")) if PHOTOS else []
        (photograph,) = record.photos(1)  # whose preview is really in the vault
        rows += pages(record, photograph)
    cards = f"cards of {PHOTOS} photos, {ROUNDS - 1} rounds each" if PHOTOS else "no card imported"
    kit.publish("growth", "ms a photo", rows, about=f"{ROWS:,} photographs of one patient, laid in {laid:.0f} s; {cards}")


if __name__ == "__main__":
    main()
