"""An SD card with a controller of its own, as a virtual machine emulates it: Linux' own FAT and exFAT, and the card's erase commands."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.factories import cards
from tests.shared import PROJECT

from station import methods

pytestmark = [pytest.mark.slow, pytest.mark.one_database, pytest.mark.goal("R6"), pytest.mark.requirement("D4")]
HERE = Path(__file__).parent
BUILT = PROJECT / "build" / "sd-card"
SECONDS = 500  # without hardware's help a virtual machine takes twenty times as long
SIZE = 32 << 20


@pytest.fixture(scope="module")
def machine() -> Path:
    """The folder with kernel and first file system, built where they are not there."""
    missing = [program for program in ("qemu-system-x86_64", "busybox", "cpio", "depmod") if shutil.which(program) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    if not (BUILT / "first.gz").exists():
        subprocess.run([HERE / "build.sh", BUILT], check=True, capture_output=True)
    return BUILT


def booted(machine: Path, folder: Path, *words: str) -> dict:
    """What `inside.py` saw on a fresh card. The machine sees the host's files, and writes below `folder` only."""
    with (folder / "card.img").open("wb") as card:
        card.truncate(SIZE)
    inside = f"cd {PROJECT} && {sys.executable} -m tests.faults.sd_card.inside {' '.join(words)} /mnt"
    told = "PATH=/usr/bin:/bin:/usr/sbin:/sbin TMPDIR=/run HOME=/run PYTHONDONTWRITEBYTECODE=1"
    (folder / "run").write_text(f"export {told} PYTHONPATH={PROJECT}/src:{PROJECT}\n{inside}\n")
    hardware = ["-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", str(os.cpu_count() or 1), "-m", "1024"]
    boot = ["-kernel", machine / "vmlinuz", "-initrd", machine / "first.gz", "-append", "console=ttyS0 quiet panic=-1"]
    console = ["-nographic", "-no-reboot", "-nic", "none"]
    card_reader = ["-device", "sdhci-pci", "-drive", f"if=none,id=sd,file={folder}/card.img,format=raw", "-device", "sd-card,drive=sd"]
    shared = ["-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"]
    shared += ["-virtfs", f"local,path={folder},mount_tag=shared,security_model=none"]
    command = ["qemu-system-x86_64", *hardware, *boot, *console, *card_reader, *shared]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=SECONDS, stdin=subprocess.DEVNULL)
    assert (folder / "said.json").exists(), done.stdout[-4000:]
    return json.loads((folder / "said.json").read_text())


@pytest.mark.parametrize(("system", "how"), [("fat16", "whole"), ("exfat", "whole"), ("fat16", "files"), ("exfat", "files")])
def test_nothing_of_a_photo_is_left_on_an_sd_card(tmp_path, system, how, sweep, tally, request):
    if not sweep:
        pytest.skip("boots a virtual machine: with --sweep")
    machine = request.getfixturevalue("machine")
    photos = {f"IMG_{number:04}.JPG": cards.a_photo(number, size=(900, 600)) for number in (1, 2, 3)}
    (tmp_path / "photos").mkdir()
    for name, data in photos.items():
        (tmp_path / "photos" / name).write_bytes(data)
    said = booted(machine, tmp_path, system, how)
    counts = tally(f"an SD card that a virtual machine emulates, {system}, {'discarded as a whole' if how == 'whole' else 'file by file'}")
    counts.note({"lost": [], "early": 0, "twice": 0}, finished=said["blocks_after"] == 0)
    assert (said["card"], said["clean"], said["erased"]) == ("SD", True, len(photos))
    assert said["blocks_before"] > 50
    assert said["blocks_after"] == 0
    assert said["method"] == (methods.DISCARDED if how == "whole" else methods.FILLED)
    assert "No photo can be recovered through the card's normal interface" in said["terminal"]
