"""`python -m tests.servers.worker_main NAME QUEUE=SLOTS,... MODULE...`: serve flows until the process is ended."""

import importlib
import signal
import sys

import django
from tests.servers.worker import READY

if __name__ == "__main__":
    django.setup()
    from safelight.outbox.flows import serve

    name, queues, *modules = sys.argv[1:]
    for module in modules:
        importlib.import_module(module)
    serve(name, {queue: (int(slots), 0.05) for queue, slots in (item.split("=") for item in queues.split(","))})
    print(READY, flush=True)
    signal.pause()
