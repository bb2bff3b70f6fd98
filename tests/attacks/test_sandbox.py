"""What a photograph could do if it took over its decoder: tried in the product's own process, behind its own walls."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tests.factories.pictures import photo
from tests.servers.worker import wait_until
from tests.simulators import hostile_worker

from safelight.kernel.errors import Unavailable
from safelight.photographs import pictures
from safelight.photographs.pictures import Kind, Reason
from safelight.photographs.pictures.sandbox import Limits, Sandbox
from safelight.photographs.pictures.walls import Wall

pytestmark = [pytest.mark.requirement("D9"), pytest.mark.goal("S6")]


class TakenOver(Sandbox):
    program = (str(Path(hostile_worker.__file__)),)


@pytest.fixture(scope="module")
def taken_over():
    sandbox = TakenOver(Limits(seconds_a_file=10, workers=1))
    yield sandbox
    sandbox.close()


@pytest.fixture
def hasty():
    sandbox = TakenOver(Limits(seconds_a_file=0.7, workers=1))
    yield sandbox
    sandbox.close()


def _do(sandbox: Sandbox, attack: str) -> pictures.Picture:
    return sandbox.examine(attack.encode(), kind=Kind.JPEG, slate_expected=False)


def test_every_wall_stands_on_this_machine():
    assert frozenset(Wall) == pictures.protections()


@pytest.mark.parametrize("attack", sorted(hostile_worker.ATTACKS))
def test_prevents(taken_over, attack):
    assert _do(taken_over, attack).refusal is Reason.DAMAGED


@pytest.mark.parametrize("attack", ["spin", "sleep", "answer_half"])
def test_ends_what_does_not_answer_and_goes_on(hasty, attack):
    began = time.monotonic()
    assert _do(hasty, attack).refusal is Reason.TOO_SLOW
    assert time.monotonic() - began < 8
    assert _do(hasty, "draw").refusal is None


@pytest.mark.parametrize(
    "attack",
    [
        *("crash", "abort", "leave", "answer_too_much", "answer_nonsense", "answer_another_field", "answer_a_page_as_preview"),
        *("answer_a_jpeg_with_metadata", "answer_a_huge_preview", "answer_a_false_slate", "answer_a_long_name"),
        *("answer_with_control_characters", "refuse_and_draw"),
    ],
)
def test_believes_nothing_that_is_out_of_form_and_goes_on(taken_over, attack):
    answer = _do(taken_over, attack)
    assert answer == pictures.Picture(refusal=Reason.STOPPED)
    assert _do(taken_over, "draw").refusal is None


def test_a_look_that_comes_back_with_a_picture_is_not_believed(taken_over):
    assert taken_over.look(b"draw", kind=Kind.JPEG) == pictures.Picture(refusal=Reason.STOPPED)
    assert taken_over.look(b"answer_nothing_drawn", kind=Kind.JPEG) == pictures.Picture()


@pytest.mark.slow
def test_the_kernel_ends_what_computes_too_long():
    with_time = TakenOver(Limits(seconds_a_file=40, workers=1))
    try:
        began = time.monotonic()
        assert _do(with_time, "spin").refusal is Reason.TOO_SLOW
        assert time.monotonic() - began < 35
    finally:
        with_time.close()


def test_a_file_leaves_nothing_to_the_fifty_first():
    sandbox = Sandbox(Limits(files_a_worker=2, workers=1))
    try:
        seen = set()
        for _ in range(5):
            with sandbox._worker() as worker:
                seen.add(worker._process.pid)
                worker.files += 1
        assert len(seen) == 3
    finally:
        sandbox.close()


def test_is_unavailable_where_no_worker_starts():
    class Broken(Sandbox):
        program = ("-c", "raise SystemExit(1)")

    with pytest.raises(Unavailable):
        Broken(Limits(workers=1)).examine(photo(), kind=Kind.JPEG, slate_expected=False)


def test_without_seccomp_the_other_walls_stand_and_photos_are_drawn():
    script = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "pyseccomp":
            raise RuntimeError("Unable to find libseccomp")

sys.meta_path.insert(0, Missing())
from safelight.photographs.pictures import worker
worker.main(worker.prepare, int(sys.argv[1]))
"""

    class Lacking(Sandbox):
        program = ("-c", script)

    sandbox = Lacking(Limits(workers=1))
    try:
        standing = sandbox.walls()
        assert {Wall.NAMESPACES, Wall.LANDLOCK, Wall.NO_FILES} <= standing
        assert Wall.SECCOMP not in standing
        assert sandbox.examine(photo(), kind=Kind.JPEG, slate_expected=False).refusal is None
    finally:
        sandbox.close()


def test_is_unavailable_where_the_network_is_not_shut():
    script = """
import sys
from safelight.photographs.pictures import walls, worker
walls.close = lambda standing: {walls.Wall.LIMITS, walls.Wall.LANDLOCK}
worker.main(worker.prepare, int(sys.argv[1]))
"""

    class Open(Sandbox):
        program = ("-c", script)

    sandbox = Open(Limits(workers=1))
    try:
        with pytest.raises(Unavailable, match="walls"):
            sandbox.examine(photo(), kind=Kind.JPEG, slate_expected=False)
    finally:
        sandbox.close()


def test_is_unavailable_where_all_are_busy_too_long():
    sandbox = Sandbox(Limits(workers=1, seconds_to_wait=0.05))
    try:
        with sandbox._worker(), pytest.raises(Unavailable):
            sandbox.examine(photo(), kind=Kind.JPEG, slate_expected=False)
    finally:
        sandbox.close()


def test_replaces_a_worker_that_died_while_idle():
    sandbox = Sandbox(Limits(workers=1))
    try:
        with sandbox._worker() as worker:
            process = worker._process
        process.kill()
        process.wait()
        assert sandbox.examine(photo(), kind=Kind.JPEG, slate_expected=False).refusal is None
    finally:
        sandbox.close()


def test_what_took_over_a_worker_finds_the_next_one_at_other_addresses():
    sandbox = TakenOver(Limits(workers=1, files_a_worker=1))
    try:
        nurseries = set()
        for attack in ("draw", "draw", "crash", "draw", "answer_nonsense", "draw", "draw"):
            _do(sandbox, attack)
            nurseries.add(sandbox._nursery._process.pid)
        assert len(nurseries) == 3
    finally:
        sandbox.close()


def test_a_nursery_knows_nothing_of_its_parent_and_ends_with_its_last_worker(monkeypatch):
    monkeypatch.setenv("SAFELIGHT_SECRET", "not for a decoder")
    sandbox = Sandbox(Limits(workers=1))
    try:
        with sandbox._worker() as worker:
            nursery, pid = sandbox._nursery._process, worker._process.pid
            here = Path(f"/proc/{nursery.pid}")
            assert b"SAFELIGHT" not in (here / "environ").read_bytes()
            wait_until(lambda: _held(here) == ["/dev/null"] * 3 + ["socket"], 10, lambda: str(_held(here)))  # it may be giving one away
            assert len(list((here / "task").iterdir())) == 1
            sandbox.close()
            assert nursery.poll() is None
            assert worker.alive
            worker.end()
        assert nursery.returncode is not None
        assert not Path(f"/proc/{pid}").exists()
    finally:
        sandbox.close()


def _held(process: Path) -> list[str]:
    """What a process holds open. What it closes meanwhile is not there."""
    links = (process / "fd").iterdir()
    return sorted(str(link.readlink()).partition(":")[0] for link in links if os.path.lexists(link))


def _lives(command: Path) -> bool:
    """Whether a process runs; one that has ended and is not yet buried has no command."""
    try:
        return bool(command.read_bytes())
    except OSError:
        return False


def test_nursery_and_workers_end_with_a_parent_that_is_killed():
    script = (
        "import os; from safelight.photographs.pictures.sandbox import Sandbox\n"
        "sandbox = Sandbox()\n"
        "with sandbox._worker() as worker:\n"
        "    print(sandbox._nursery._process.pid, worker._process.pid, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "src"}, timeout=60, check=False
    )
    left = [Path(f"/proc/{pid}/cmdline") for pid in done.stdout.decode().split()]
    assert len(left) == 2
    wait_until(lambda: not any(map(_lives, left)))


def test_goes_on_when_its_nursery_was_killed():
    sandbox = Sandbox(Limits(workers=1, files_a_worker=1))
    try:
        assert sandbox.examine(photo(), kind=Kind.JPEG, slate_expected=False).refusal is None
        sandbox._nursery._process.kill()
        sandbox._nursery._process.wait()
        assert sandbox.examine(photo(), kind=Kind.JPEG, slate_expected=False).refusal is None
    finally:
        sandbox.close()


def test_serves_many_threads_at_once():
    sandbox = Sandbox(Limits(workers=2))
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(sandbox.examine(photo(), kind=Kind.JPEG, slate_expected=False))) for _ in range(8)
    ]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 8
        assert len(set(answers)) == 1
        assert answers[0].refusal is None
    finally:
        sandbox.close()


def test_a_forked_process_takes_workers_of_its_own():
    script = (
        "import os; from safelight.photographs import pictures; from safelight.photographs.pictures import sandbox\n"
        "first = pictures.protections(); before = sandbox.shared()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    fresh = sandbox.shared() is not before and pictures.protections() == first\n"
        "    pictures.close(); os._exit(0 if fresh else 1)\n"
        "assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0\n"
        "assert pictures.protections() == first; pictures.close()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": "src"}, timeout=60, check=False)
    assert done.returncode == 0


def test_the_parent_loads_no_decoder():
    script = (
        "import sys; from safelight.photographs import pictures\n"
        "data = sys.stdin.buffer.read()\n"
        "shown = pictures.examine(data, kind=pictures.recognise(name='a.jpg', head=data[:64], size=len(data)), slate_expected=True)\n"
        "assert shown.refusal is None and shown.preview\n"
        "print(sorted({'PIL', 'simplejpeg', 'zxingcpp', 'exifread', 'cv2', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=photo(), capture_output=True, env={**os.environ, "PYTHONPATH": "src"}, timeout=60, check=True
    )
    assert done.stdout == b"[]\n"


@pytest.mark.skipif(os.getuid() != 0, reason="an ordinary user runs all of these tests without any privilege")
def test_walls_stand_without_the_privileges_of_root():
    script = "from safelight.photographs import pictures; print(len(pictures.protections())); pictures.close()"
    without = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--securebits=+noroot,+noroot_locked"]
    done = subprocess.run(
        [*without, sys.executable, "-c", script], capture_output=True, env={**os.environ, "PYTHONPATH": "src"}, timeout=60, check=False
    )
    assert done.stdout == b"7\n", done.stderr
