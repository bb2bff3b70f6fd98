"""A memory card that misbehaves: an nbdkit plugin over an image file, told what to do wrong by a JSON file that it reads at every request.

{"bad": [[offset, length]], "waver": [[offset, length]], "flip": [[offset, length]], "dead": true, "dead_after": requests, "ro": true,
"lie": true, "swap": image, "wraps": bytes}; {} is a good card. `waver` gives other bytes at every reading, `flip` the same wrong ones,
`lie` acknowledges writes and drops them, `swap` is another card in the same reader, `wraps` has room for so much and begins anew behind
it. Requests are counted in the file `count`. Run by nbdkit with the system's own Python, not by the tests'.
"""
# The names are those that nbdkit calls.
# ruff: noqa: A001

import errno
import json
import os

import nbdkit

API_VERSION = 2
settings = {"img": "", "ctl": "", "count": ""}
readings = {"count": 0, "requests": 0}
others = {}


def config(key, value):
    settings[key] = value


def open(readonly):
    return os.open(settings["img"], os.O_RDWR)


def get_size(handle):
    return os.fstat(handle).st_size


def can_write(handle):
    return True


can_trim = can_zero = can_flush = can_write


def faults():
    handle = os.open(settings["ctl"], os.O_RDONLY)
    try:
        return json.loads(os.read(handle, 65_536) or b"{}")
    except ValueError:
        return {}
    finally:
        os.close(handle)


def begun():
    """The faults of this request, which is counted; the card is dead when it was pulled out by now."""
    fault = faults()
    readings["requests"] += 1
    if settings["count"]:
        handle = os.open(settings["count"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.write(handle, str(readings["requests"]).encode())
        os.close(handle)
    if fault.get("dead") or readings["requests"] > fault.get("dead_after", 1 << 60):
        fail(errno.EIO, "card removed")
    return fault


def card_in(handle, fault):
    if not fault.get("swap"):
        return handle
    if fault["swap"] not in others:
        others[fault["swap"]] = os.open(fault["swap"], os.O_RDWR)
    return others[fault["swap"]]


def places(size, offset, fault):
    """Where on the medium a stretch lies, in pieces: one, but on a card that claims more room than it has."""
    room = fault.get("wraps", 1 << 60)
    while size:
        at = offset % room
        piece = min(size, room - at)
        yield at, piece
        offset, size = offset + piece, size - piece


def fail(number, why):
    nbdkit.set_error(number)
    raise RuntimeError(why)


def pread(handle, buffer, offset, flags):
    fault = begun()
    end = offset + len(buffer)
    if any(offset < start + size and start < end for start, size in fault.get("bad", [])):
        fail(errno.EIO, "bad sector")
    data = bytearray(b"".join(os.pread(card_in(handle, fault), size, at) for at, size in places(len(buffer), offset, fault)))
    for start, size in fault.get("waver", []):
        for place in range(max(start, offset), min(start + size, end)):
            readings["count"] += 1
            data[place - offset] ^= readings["count"] % 255 + 1
    for start, size in fault.get("flip", []):
        for place in range(max(start, offset), min(start + size, end)):
            data[place - offset] ^= 1
    buffer[:] = data


def pwrite(handle, buffer, offset, flags):
    fault = begun()
    if fault.get("ro"):
        fail(errno.EROFS, "write-protect switch")
    if not fault.get("lie"):
        done = 0
        for at, size in places(len(buffer), offset, fault):
            os.pwrite(card_in(handle, fault), bytes(buffer[done : done + size]), at)
            done += size


def zero(handle, count, offset, flags):
    pwrite(handle, bytes(count), offset, flags)


def trim(handle, count, offset, flags):
    return


def flush(handle, flags):
    os.fsync(handle)
