"""The station as a service: what is written, and how closed systemd finds it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from station.command import main
from station.installing import CannotInstall, install

pytestmark = pytest.mark.requirement("D7")
ENOUGH = 40  # tenths of systemd's exposure level: "OK" and better lie below 5.0
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")


@pytest.fixture
def written(tmp_path):
    unit, rules = install(tmp_path)
    return unit, rules


def test_the_unit_runs_this_very_program_and_looks_for_cards(written):
    text = written[0].read_text()
    program = Path(sys.executable).parent / "safelight-station"
    assert f"ExecStart={program} --home /var/lib/safelight-station watch" in text
    assert "@" not in text.replace("@system-service", "").replace("@mount", "")
    assert "Restart=always" in text


def test_installing_again_puts_newer_files_in_place(written, tmp_path):
    written[0].write_text("old")
    assert install(tmp_path) == written
    assert written[0].read_text() != "old"


@needs_systemd
def test_systemd_reads_the_unit_without_a_complaint(written):
    told = subprocess.run(["systemd-analyze", "verify", "--man=no", written[0]], check=False, capture_output=True, text=True)
    complaints = [line for line in told.stderr.splitlines() if written[0].name in line]
    assert complaints == []


@needs_systemd
def test_systemd_finds_it_closed(written):
    told = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={ENOUGH}", "--no-pager", written[0]],
        check=False,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stdout.splitlines()[-3:]


def test_cards_are_mounted_by_nobody_else_and_usb_lets_in_few(written):
    lines = [line for line in written[1].read_text().splitlines() if line and not line.startswith("#")]
    blocks = [line for line in lines if 'SUBSYSTEM=="block"' in line]
    assert len(blocks) == 2
    assert all('ENV{UDISKS_IGNORE}="1"' in line for line in blocks)
    assert [line for line in lines if 'ATTR{authorized}="0"' in line] == [lines[-1]]
    assert 'ATTR{bInterfaceClass}!="03|06|08|09"' in lines[-1]


def test_a_folder_that_cannot_be_written_is_said(tmp_path, capsys):
    (tmp_path / "etc").write_text("a file where a folder should be")
    with pytest.raises(CannotInstall):
        install(tmp_path)
    assert main(["install", "--root", str(tmp_path)]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_program_that_is_not_there_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(CannotInstall, match="not where it should be"):
        install(tmp_path)
