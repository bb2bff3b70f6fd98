"""Appends to the ledger against bare inserts of rows of the same size, in one database, interleaved.

Run from the project: `python benchmarks/ledger.py [entries] [rounds]`. Bare is a table without a chain, with the same body, leaf and index,
written by the same Django. One a transaction, as most actions are, and fifty.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import kit

ENTRIES = int(sys.argv[1]) if len(sys.argv) > 1 else 400
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 6
BODY = 500  # bytes, as an entry of an import has


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="safelight-bench-") as name:
        folder = Path(name)
        kit.installed(folder)
        from django.db import connection, models, transaction

        from safelight.audit.ledger import append
        from safelight.audit.models import Outcome
        from safelight.custody.facts import FrameReadBack
        from safelight.kernel import clock
        from safelight.kernel.actor import WORKER

        class Bare(models.Model):
            """A row like an entry, without a chain."""

            seq = models.BigAutoField(primary_key=True)
            at = models.DateTimeField(db_index=True)
            action = models.CharField(max_length=80)
            outcome = models.CharField(max_length=10)
            actor = models.UUIDField(db_index=True)
            body = models.BinaryField()
            leaf = models.BinaryField()

            class Meta:
                app_label = "audit"

        with connection.schema_editor() as editor:
            editor.create_model(Bare)

        def chained() -> None:
            fact = FrameReadBack(frame=uuid4(), whole=True, arriving=True)
            append(by=WORKER, action="custody.read_back_frame", outcome=Outcome.DONE, at=clock.now(), facts=[fact])

        def bare() -> None:
            how = {"action": "custody.read_back_frame", "outcome": "done", "actor": uuid4(), "body": bytes(BODY), "leaf": bytes(32)}
            Bare.objects.create(at=clock.now(), **how)

        def a_second(write: Callable[[], None], batch: int) -> tuple[float, float]:
            began, before = time.monotonic(), time.process_time()
            for _ in range(ENTRIES // batch):
                with transaction.atomic():
                    for _ in range(batch):
                        write()
            return ENTRIES / (time.monotonic() - began), (time.process_time() - before) * 1000 / ENTRIES

        rounds = [
            {(write.__name__, batch): a_second(write, batch) for batch in (1, 50) for write in (chained, bare)} for _ in range(ROUNDS)
        ][1:]
    rows: list[dict[str, object]] = []
    for batch in (1, 50):
        for kind, label in (("chained", "ledger"), ("bare", "bare inserts")):
            speed, cpu = (statistics.median(one[kind, batch][at] for one in rounds) for at in (0, 1))
            rows.append({"label": f"{label}, {batch} a transaction", "value": round(speed), "CPU ms an entry": round(cpu, 3)})
        ratio = statistics.median(one["chained", batch][0] / one["bare", batch][0] for one in rounds)
        rows.append(
            {
                "label": f"ledger against bare, {batch} a transaction",
                "value": round(ratio, 2),
                "unit": "times",
                "bar": 0.5,
                "better": "high",
            }
        )
    kit.publish("ledger", "a second", rows, about=f"{ENTRIES} entries a round, {ROUNDS - 1} rounds, the embedded database")


if __name__ == "__main__":
    main()
