"""A memory card that misbehaves: an nbdkit plugin over an image file, told what to do wrong by a JSON file that it reads at every request.

{"bad": [[offset, length]], "waver": [[offset, length]], "dead": true, "ro": true, "lie": true}; {} is a good card. `waver` gives other
bytes at every reading, `lie` acknowledges writes and drops them. Run by nbdkit with the system's own Python, not by the tests'.
"""
# The names are those that nbdkit calls.
# ruff: noqa: A001

import errno
import json
import os

import nbdkit

API_VERSION = 2
settings = {"img": "", "ctl": ""}
readings = {"count": 0}


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


def fail(number, why):
    nbdkit.set_error(number)
    raise RuntimeError(why)


def pread(handle, buffer, offset, flags):
    fault = faults()
    end = offset + len(buffer)
    if fault.get("dead"):
        fail(errno.EIO, "card removed")
    if any(offset < start + size and start < end for start, size in fault.get("bad", [])):
        fail(errno.EIO, "bad sector")
    data = bytearray(os.pread(handle, len(buffer), offset))
    for start, size in fault.get("waver", []):
        for place in range(max(start, offset), min(start + size, end)):
            readings["count"] += 1
            data[place - offset] ^= readings["count"] % 255 + 1
    buffer[:] = data


def pwrite(handle, buffer, offset, flags):
    fault = faults()
    if fault.get("dead"):
        fail(errno.EIO, "card removed")
    if fault.get("ro"):
        fail(errno.EROFS, "write-protect switch")
    if not fault.get("lie"):
        os.pwrite(handle, bytes(buffer), offset)


def zero(handle, count, offset, flags):
    pwrite(handle, bytes(count), offset, flags)


def trim(handle, count, offset, flags):
    return


def flush(handle, flags):
    os.fsync(handle)
