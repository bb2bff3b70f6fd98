"""`python -m tests.faults.machine_main STATION ORIGINALS`: a station and its server in one process, forked anew for each life.

Reads one order a line as JSON and answers with one line: {"do": "prepare" | "address" | "live" | "look" | "go_on" | "end"}. The
process that listens never opens the database: a life that was killed leaves nothing of itself behind. The server answers real HTTP
on loopback.
"""

import ctypes
import io
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django

LONGEST_LIFE = 300  # seconds


class Server(ThreadingMixIn, WSGIServer):
    """Threads that live on from request to request, as the product's server has them: what a fault leaves in one is met again."""

    def process_request(self, request, client_address):
        self.pool.submit(self.process_request_thread, request, client_address)

    def begin(self) -> None:
        self.pool = ThreadPoolExecutor(4)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Machine:
    """The listening process. `station` is the folder with the station's home and the card, `originals` what was on the card at first."""

    def __init__(self, station: Path, originals: Path) -> None:
        from safelight.config.wsgi import application

        self.home, self.card, self.originals = station / "home", station / "card", originals
        self.server = make_server("127.0.0.1", 0, application, Server, Quiet)
        self.shim = ctypes.CDLL(os.environ["SAFELIGHT_NTH_CALL"])
        self.shim.nth_calls.restype = ctypes.c_long
        self.shim.nth_arm.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int, ctypes.c_int, ctypes.c_char_p]
        self.life = self.hears = 0

    def do(self, order: dict) -> dict:
        return getattr(self, order.pop("do"))(**order)

    def prepare(self) -> dict:
        return self._born(self._prepare)

    def address(self) -> dict:
        return {"address": f"http://127.0.0.1:{self.server.server_port}"}

    def live(self, below: list[str], nth: int, fault: int, reads: bool, times: int) -> dict:
        return self._born(lambda: self._import(below, nth, fault, reads, times))

    def look(self) -> dict:
        """What is where; also while a life is stopped."""
        stopped = self.life, self.hears
        try:
            return self._born(self._look)
        finally:
            self.life, self.hears = stopped

    def go_on(self) -> dict:
        """Let a life that was stopped go on to its end."""
        os.kill(self.life, signal.SIGCONT)
        return self._end_of_life()

    def end(self) -> dict:
        """kill -9 of a life that was stopped."""
        os.kill(self.life, signal.SIGKILL)
        return self._end_of_life()

    def _born(self, live: Callable[[], dict]) -> dict:
        reading, writing = os.pipe()
        self.life = os.fork()
        if self.life == 0:
            signal.alarm(LONGEST_LIFE)
            try:
                self.server.begin()
                said = live()
            except BaseException:
                said = {"raised": traceback.format_exc()}
            os.write(writing, json.dumps(said).encode())
            os._exit(0)
        os.close(writing)
        self.hears = reading
        return self._end_of_life()

    def _end_of_life(self) -> dict:
        _, status = os.waitpid(self.life, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            return {"stopped": True}
        with os.fdopen(self.hears) as pipe:
            said = pipe.read()
        return json.loads(said) if said else {"killed": os.WTERMSIG(status) if os.WIFSIGNALED(status) else -1}

    def _station(self, *words: str | Path) -> dict:
        """The station's command, in this process; its status, or what it raised."""
        from station.command import main

        out, told = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(told):
            try:
                status: int | str = main(["--home", str(self.home), *map(str, words)])
            except Exception:
                status = traceback.format_exc()
        return {"status": status, "out": out.getvalue(), "told": told.getvalue()}

    def _prepare(self) -> dict:
        import gc
        from uuid import uuid4

        from django.core.management import call_command
        from django.db import connection
        from tests.servers.site import CODE, make_keys

        from safelight.custody.actions.make_enrolment_code import make_enrolment_code
        from safelight.kernel import clock
        from safelight.kernel.actor import OPERATOR
        from safelight.kernel.digest import Digest
        from safelight.outbox import flows

        gc.disable()  # a third of what migrating costs; this process ends with it
        make_keys()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        flows.migrate()
        make_enrolment_code(by=OPERATOR, code_digest=Digest.of(CODE.encode()), now=clock.now(), new_id=uuid4())
        said = self._station("enrol", self.address()["address"], CODE, "--name", "Import PC")
        connection.close()
        return said

    def _import(self, below: list[str], nth: int, fault: int, reads: bool, times: int) -> dict:
        """Import the card, the fault at the Nth call; then again, without one, in the same process."""
        self.shim.nth_arm("\n".join(below).encode(), nth, fault, int(reads), str(self.originals.parent / "notes").encode())
        said = [self._station("import", self.card, "--json")]
        calls = self.shim.nth_calls()
        self.shim.nth_disarm()
        said += [self._station("import", self.card, "--json") for _ in range(times - 1)]
        return {"calls": calls, "imports": said}

    def _look(self) -> dict:
        from tests.faults import asked

        from safelight.custody.models import Frame

        photos = {path.name: path.read_bytes() for path in self.originals.rglob("*") if path.is_file()}
        there = asked.digests_on(self.card)
        safe = set(Frame.objects.filter(state__in=("released", "erased")).values_list("digest", flat=True))
        gone = asked.digests_of(photos) - there
        return {
            "lost": asked.lost(photos, self.card),
            "early": len(gone - safe),
            "left": len(there),
            "twice": asked.kept_twice(),
            "unfinished": asked.unfinished(),
            "ledger": asked.ledger_is_fine(),
            "states": sorted(Frame.objects.values_list("state", flat=True)),
        }


def load_all() -> None:
    """Load everything that a life uses, once; open no database."""
    import httpx
    from django.urls import get_resolver
    from tests.faults import asked
    from tests.servers import site

    from safelight.outbox import flows
    from station import command

    httpx.Client().close()
    assert get_resolver().url_patterns
    assert all((asked, site, flows, command))


if __name__ == "__main__":
    django.setup()
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    machine = Machine(Path(sys.argv[1]), Path(sys.argv[2]))
    load_all()
    for line in sys.stdin:
        print(json.dumps(machine.do(json.loads(line))), file=answers)
