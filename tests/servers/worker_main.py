"""`python -m tests.servers.worker_main NAME QUEUE=SLOTS,... MODULE...`: serve flows until the process is ended."""

import importlib
import sys
import time

import django
from tests.servers.worker import READY

LOOK = 0.5

if __name__ == "__main__":
    django.setup()
    from django.db import DatabaseError

    from safelight.kernel import clock
    from safelight.outbox import flows
    from safelight.outbox.handing_back import Strays

    name, queues, *modules = sys.argv[1:]
    for module in modules:
        importlib.import_module(module)
    flows.serve(name, {queue: (int(slots), 0.05) for queue, slots in (item.split("=") for item in queues.split(","))})
    strays = Strays(name)
    print(READY, flush=True)
    while True:
        time.sleep(LOOK)
        try:
            strays.look(now=clock.now())
        except (DatabaseError, flows.EngineError) as fault:
            print(type(fault).__name__, file=sys.stderr, flush=True)
