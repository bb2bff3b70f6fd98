"""A worker whose decoder has been taken over: behind the product's own walls, it does what the file tells it to.

The file's text names the attack. It answers with `refusal` "damaged" where it was prevented, and with no refusal where it was not.
Run only by tests, in place of the product's worker.
"""
# An attacker asks the kernel, not a library.
# ruff: noqa: PTH108, PTH116, PTH208

import ctypes
import errno
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from io import BytesIO

import numpy as np
import simplejpeg

from safelight.photographs.pictures import worker
from safelight.photographs.pictures.framing import LENGTHS, write_all
from safelight.photographs.pictures.picture import CameraNote, Picture
from safelight.photographs.pictures.reasons import Reason

MACHINE = os.uname().machine  # asked before the walls close
GREY = simplejpeg.encode_jpeg(np.zeros((8, 8, 3), np.uint8))
DRAWN = Picture(width=8, height=8, preview=GREY, thumb=GREY)


def open_a_socket():
    socket.socket(socket.AF_INET, socket.SOCK_STREAM)


def open_a_datagram_socket():
    socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)


def open_a_unix_socket():
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)


def write_a_file():
    os.open("/tmp/written-by-a-hostile-photo", os.O_CREAT | os.O_WRONLY, 0o600)


def read_a_file():
    os.open("/etc/passwd", os.O_RDONLY)


def read_through_proc():
    os.open("/proc/self/environ", os.O_RDONLY)


def look_for_a_file():
    os.stat("/etc/passwd")


def list_a_folder():
    os.listdir("/")


def remove_a_file():
    os.unlink("/tmp/there-is-none")


def fork():
    if os.fork() == 0:
        os._exit(0)


def run_a_program():
    os.execv("/bin/true", ["/bin/true"])


def start_a_crowd_of_threads():
    import _thread

    for _ in range(200):
        _thread.start_new_thread(time.sleep, (2,))


def open_a_file_in_a_thread():
    import _thread

    met: list[BaseException] = []
    done = _thread.allocate_lock()
    done.acquire()

    def opens():
        try:
            os.open("/etc/passwd", os.O_RDONLY)
        except OSError as refused:
            met.append(refused)
        done.release()

    _thread.start_new_thread(opens, ())
    done.acquire()
    for refused in met:
        raise refused


def make_a_process_by_number():
    libc = ctypes.CDLL(None, use_errno=True)
    clone = {"x86_64": 56, "aarch64": 220}[MACHINE]
    if (child := libc.syscall(clone, signal.SIGCHLD, 0, 0, 0, 0)) == -1:
        raise OSError(ctypes.get_errno(), "clone")
    if child == 0:
        os._exit(0)


def signal_the_parent():
    os.kill(os.getppid(), 0)


def signal_itself_by_number():
    os.kill(1, signal.SIGCONT)


def trace_the_parent():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(16, os.getppid(), 0, 0) == -1:
        raise OSError(ctypes.get_errno(), "ptrace")


def make_shared_memory():
    os.memfd_create("more")


def raise_its_memory_limit():
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def allocate_two_gibibytes():
    bytearray(2 * 2**30)


def grow_the_shared_file():
    for descriptor in range(3, 64):
        with suppress(OSError):
            os.lseek(descriptor, 0, os.SEEK_CUR)  # only files have a place
            break
    os.ftruncate(descriptor, 2**30)


def hold_more_than_its_pipes_and_its_file():
    files = 0
    for descriptor in range(3, 64):
        try:
            os.lseek(descriptor, 0, os.SEEK_CUR)
            files += 1
        except OSError as fault:
            if fault.errno == errno.ESPIPE:  # a pipe or a socket: another worker's, or the nursery's
                return
    if files <= 2:  # the memory, and its duplicate while it is mapped
        raise OSError(errno.EPERM, "nothing more")


ATTACKS = {
    attack.__name__: attack for attack in list(globals().values()) if callable(attack) and getattr(attack, "__module__", "") == __name__
}
REFUSED = (errno.EPERM, errno.EACCES)


def spin():
    while True:
        pass


def sleep():
    time.sleep(3600)


def crash():
    ctypes.string_at(0)


def abort():
    ctypes.CDLL(None).abort()


def leave():
    os._exit(0)


def answer_too_much():
    write_all(1, (LENGTHS.pack(2**31, 2**31, 2**31), bytes(2**16)))
    time.sleep(3600)


def answer_nonsense():
    write_all(1, (LENGTHS.pack(4, 0, 0), b"????"))


def answer_another_field():
    note = b'{"width":1,"height":1,"slates":[],"unread_symbol":false,"camera":null,"refusal":"damaged","is_admin":true}'
    write_all(1, (LENGTHS.pack(len(note), 0, 0), note))


def answer_half():
    write_all(1, (LENGTHS.pack(400, 0, 0), b"{"))
    time.sleep(3600)


def answer_a_page_as_preview():
    return Picture(width=8, height=8, preview=b"<html><script>alert(1)</script>", thumb=GREY)


def answer_a_jpeg_with_metadata():
    page = b"\xff\xe1\x00\x0aEXIF..,,"
    return Picture(width=8, height=8, preview=GREY[:2] + page + GREY[2:], thumb=GREY)


def answer_a_huge_preview():
    huge = simplejpeg.encode_jpeg(np.zeros((4000, 8, 3), np.uint8))
    return Picture(width=8, height=4000, preview=huge, thumb=GREY)


def answer_a_false_slate():
    return Picture(width=8, height=8, preview=GREY, thumb=GREY, slates=("SFL1-000000000000-00",))


def answer_a_long_name():
    return Picture(width=8, height=8, preview=GREY, thumb=GREY, camera=CameraNote(make="A" * 101))


def answer_with_control_characters():
    return Picture(width=8, height=8, preview=GREY, thumb=GREY, camera=CameraNote(model="Lumen\r\nX-Injected: 1"))


def refuse_and_draw():
    return Picture(width=8, height=8, preview=GREY, thumb=GREY, refusal=Reason.DAMAGED)


def answer_nothing_drawn():
    return Picture()


def draw():
    return DRAWN


def examine(data, kind, slate_expected):
    name = BytesIO(data[:]).getvalue().decode()
    attack = ATTACKS.get(name)
    if attack is None:
        return globals()[name]() or DRAWN
    try:
        attack()
    except OSError as refused:
        return Picture(refusal=Reason.DAMAGED) if refused.errno in REFUSED else DRAWN
    except (MemoryError, RuntimeError, ValueError):  # no memory; no thread; no higher limit
        return Picture(refusal=Reason.DAMAGED)
    return DRAWN


if __name__ == "__main__":
    worker.main(lambda: examine, int(sys.argv[1]))
