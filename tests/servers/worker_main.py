"""`python -m tests.servers.worker_main NAME QUEUE=SLOTS,... MODULE...`: serve flows until the process is ended."""

import importlib
import os
import sys
import threading
import time

import django
from tests.servers.worker import FROZEN_AFTER, READY

LOOK = 0.5


def serve(name: str, queues: str) -> None:
    """As the product's worker does, with shorter pauses and without its clock."""
    from django.db import DatabaseError

    from safelight.kernel import clock
    from safelight.outbox import flows, lease
    from safelight.outbox.handing_back import Strays

    with lease.held(name, ended=threading.Event(), lost=lambda: os._exit(75)):
        flows.serve(name, {queue: (int(slots), 0.05) for queue, slots in (item.split("=") for item in queues.split(","))})
        strays = Strays(name)
        print(READY, flush=True)
        while True:
            time.sleep(LOOK)
            try:
                strays.look(now=clock.now())
                lease.take_over(name, now=clock.now(), frozen_after=FROZEN_AFTER)
            except (DatabaseError, flows.EngineError) as fault:
                print(type(fault).__name__, file=sys.stderr, flush=True)


if __name__ == "__main__":
    django.setup()
    for module in sys.argv[3:]:
        importlib.import_module(module)
    serve(*sys.argv[1:3])
