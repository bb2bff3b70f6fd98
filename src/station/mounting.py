"""Attaching a card's file system, and giving it back. Nothing here ever deletes: a card that does not let go is left as it is."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

TRIES, PAUSE = 20, 0.1


class CannotOpen(Exception):
    """The card cannot be opened here. Says why, for a person."""


@contextmanager
def looped(image: Path, offset: int) -> Iterator[Path]:
    """An image, or a part of a device, as a device of its own. Raises CannotOpen."""
    made = subprocess.run(["losetup", "--find", "--show", "--offset", str(offset), image], check=False, capture_output=True, text=True)
    if made.returncode:
        raise CannotOpen("The card image cannot be attached.")
    device = Path(made.stdout.strip())
    try:
        yield device
    finally:
        subprocess.run(["losetup", "--detach", device], check=False, capture_output=True)


@contextmanager
def mounted(device: Path, system: str, *, read_only: bool = False) -> Iterator[Path]:
    """The card's files: by the kernel where it can, else by a program in user space. Raises CannotOpen."""
    root = Path(tempfile.mkdtemp(prefix="safelight-card-"))
    try:
        _mount(device, root, system, read_only=read_only)
    except CannotOpen:
        root.rmdir()
        raise
    try:
        yield root
    finally:
        os.sync()
        if _unmounted(root):
            root.rmdir()


@contextmanager
def put_aside(device: Path, root: Path, system: str) -> Iterator[None]:
    """Unmount a card for the length of a block. What has no file system afterwards stays unmounted. Raises CannotOpen."""
    os.sync()
    if not _let_go(root):
        raise CannotOpen("The card is being read by another program.")
    try:
        yield
    finally:
        with suppress(CannotOpen):
            _mount(device, root, system, read_only=False)


def _mount(device: Path, root: Path, system: str, *, read_only: bool) -> None:
    options = "sync,nosuid,nodev,noexec" + (",utf8" if system == "vfat" else "") + (",ro" if read_only else "")
    ways: list[list[str | Path]] = [["mount", "-t", system, "-o", options, device, root]]
    how: list[str | Path] = ["-o", "ro"] if read_only else []
    ways.append(["mount.exfat-fuse", *how, device, root] if system == "exfat" else ["fusefat", *(how or ["-o", "rw+"]), device, root])
    for way in ways:
        try:
            subprocess.run(way, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        if os.path.ismount(root):
            return
    raise CannotOpen("The card's file system cannot be opened here.")


def _unmounted(root: Path) -> bool:
    """Let go of the card. A file on it that somebody still reads delays that; then it goes as soon as they have ended."""
    if not _let_go(root):
        subprocess.run(["umount", "--lazy", root], check=False, capture_output=True)
    return not os.path.ismount(root)


def _let_go(root: Path) -> bool:
    for _ in range(TRIES):
        if not os.path.ismount(root) or subprocess.run(["umount", root], check=False, capture_output=True).returncode == 0:
            return True
        time.sleep(PAUSE)
    return False
