"""The hospital's virus scanner: clamd, on a socket of this machine (clamd(8), INSTREAM). What it has not called clean is not clean.

A file goes in chunks, each behind its length in four bytes, the last of length 0. "stream: OK" is clean; "stream: NAME FOUND" is not;
anything else, silence, or a connection that ends is "not scanned".
"""

import socket
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import structlog

from safelight.sharing.mail_errors import FileNotClean, NoScanner, ScannerAway

CHUNK = 1 << 16
SILENT_FOR = 60.0  # seconds: a large file takes clamd some
LONGEST_ANSWER = 4096
CLEAN, FOUND = b"stream: OK", b" FOUND"
log = structlog.get_logger()


class Verdict(StrEnum):
    """What became of a file at the scanner."""

    CLEAN = "clean"
    FOUND = "found"
    AWAY = "away"
    NONE = "none"


def verdict(data: bytes, *, at: Path | None) -> Verdict:
    """What the scanner says of a file. Never raises: a scanner that is away, or says something else, is a verdict too."""
    if at is None:
        return Verdict.NONE
    try:
        answer = _asked(data, at)
    except OSError as fault:
        log.warning("scanner.away", fault=type(fault).__name__)
        return Verdict.AWAY
    if answer == CLEAN:
        return Verdict.CLEAN
    if answer.startswith(b"stream: ") and answer.endswith(FOUND):
        log.warning("scanner.found")
        return Verdict.FOUND
    log.warning("scanner.not_scanned")
    return Verdict.AWAY


def require_clean(said: Verdict) -> None:
    """Raises NoScanner, ScannerAway or FileNotClean for whatever is not clean."""
    match said:
        case Verdict.CLEAN:
            return
        case Verdict.FOUND:
            raise FileNotClean
        case Verdict.NONE:
            raise NoScanner
        case Verdict.AWAY:
            raise ScannerAway


def _asked(data: bytes, at: Path) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(SILENT_FOR)
        link.connect(str(at))
        try:
            link.sendall(b"zINSTREAM\0")
            for chunk in _chunks(data):
                link.sendall(len(chunk).to_bytes(4, "big") + chunk)
        except (BrokenPipeError, ConnectionResetError):  # it has heard enough, and may have said why
            pass
        said = b""
        while b"\0" not in said and len(said) < LONGEST_ANSWER:
            piece = link.recv(LONGEST_ANSWER)
            if not piece:
                break
            said += piece
    answer, ended, _ = said.partition(b"\0")
    return answer if ended else b""


def _chunks(data: bytes) -> Iterator[bytes]:
    for at in range(0, len(data), CHUNK):
        yield data[at : at + CHUNK]
    yield b""
