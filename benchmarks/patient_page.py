"""The page of a patient with 1,000 photos: server time of the first page, of the deepest, of one body site and of one photo.

Run from the project: `python benchmarks/patient_page.py [photos] [rounds]`; PostgreSQL with `tests/servers/postgresql.py` before it.
Prints milliseconds (median and 95th percentile, the first round dropped) and the number of queries. The bar: p95 under 300 ms.
"""

# ruff: noqa: E402 - Django is set up before its parts can be imported
import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safelight.config.settings.test")
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src"), str(Path(__file__).resolve().parents[1])]

import django
import kit

django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_databases, setup_test_environment, teardown_databases
from django.urls import reverse
from tests.factories.photographs import Record, make_record, many_rows
from tests.factories.staff import sign_in
from tests.guards import lifted

from safelight.photographs.models import Photograph

PHOTOS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 60
BAR_MS = 300


def pages(record: Record) -> dict[str, str]:
    """The addresses to measure."""
    patient = reverse("photographs:patient", args=[record.patient.pk])
    last = Photograph.objects.filter(patient=record.patient).order_by("taken_at", "pk")
    return {
        "first page": patient,
        "deepest page": f"{patient}?before={last[min(60, PHOTOS - 1)].pk}",
        "one body site": reverse("photographs:site", args=[record.patient.pk, "left-forearm"]),
        "one photo": reverse("photographs:photo", args=[last[PHOTOS // 2].pk]),
        "who looked": reverse("photographs:who_looked", args=[record.patient.pk]),
    }


def measured(client: Client, address: str) -> dict[str, float]:
    """One page, asked for again and again."""
    spent = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        answer = client.get(address)
        spent.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.status_code
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    ordered = sorted(spent[1:])
    return {
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95) - 1], 1),
        "queries": len(asked),
    }


def main() -> int:
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        record = make_record()
        with lifted(connection):  # rows by hand, where PostgreSQL lets actions alone write
            many_rows(record, PHOTOS)
        client = sign_in(Client(), record.person)
        figures = {name: measured(client, address) for name, address in pages(record).items()}
    finally:
        teardown_databases(made, verbosity=0)
    rows = [
        {
            "label": f"{name}, 95th percentile",
            "value": figure["p95_ms"],
            "median": figure["median_ms"],
            "queries": figure["queries"],
            "bar": BAR_MS,
        }
        for name, figure in figures.items()
    ]
    kit.publish("patient_page", "ms", rows, about=f"{PHOTOS:,} photos of one patient on {connection.vendor}, {ROUNDS} rounds")
    return int(any(figure["p95_ms"] > BAR_MS for figure in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
