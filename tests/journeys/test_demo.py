"""The demonstration as a newcomer meets it: served by `make demo`, walked through in a browser from sign-in to the wiped card.

With SAFELIGHT_PICTURES=FOLDER the same walk writes the pictures of the README.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.shared import PROJECT, shared_folder

pytestmark = [pytest.mark.journey, pytest.mark.slow]
PATIENCE = 240
SAMPLE = "]d28018505089899900000183"
ACROSS = ("--across", "960")  # what is done with a photo is the same, however large it is


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def demo(tmp_path):
    """The address of a running demonstration, made for this test and ended with it."""
    port = _free_port()
    size = () if os.environ.get("SAFELIGHT_PICTURES") else ACROSS
    command = [sys.executable, "-m", "safelight.config.demo", "--folder", tmp_path / "demo", "--port", str(port), *size]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "SAFELIGHT_TEST"))}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env={**environment, "PYTHONPATH": str(PROJECT / "src")}, stdout=log, stderr=log)
    try:
        _wait_until(lambda: process.poll() is None and b"Ctrl+C" in (tmp_path / "log").read_bytes(), tmp_path / "log")
        yield f"http://localhost:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://localhost:{port}/", trust_env=False)


def _wait_until(there, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < deadline, log.read_text()[-3_000:]
        time.sleep(0.3)


def _picture(page: Page, name: str) -> None:
    folder = os.environ.get("SAFELIGHT_PICTURES")
    if not folder:
        return
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        page.screenshot(path=f"{folder}/{name}-{width}.png")
    page.set_viewport_size({"width": 1366, "height": 768})


def _sign_in(page: Page, demo: str, username: str) -> None:
    page.goto(f"{demo}/demo/")
    code = page.locator(f"tr:has(b:text-is('{username}')) .sl-code").inner_text()
    page.goto(demo)
    page.get_by_label("User name").fill(username)
    page.locator("#id_password").fill("three lamps by the harbour")
    page.get_by_label(re.compile("Code")).fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="Lock").or_(page.get_by_role("button", name="Lock")).first).to_be_attached()


def _scan(page: Page, demo: str, text: str) -> None:
    page.goto(demo)
    page.locator("[data-scan]").fill(text)
    page.keyboard.press("Enter")


def test_takes_a_newcomer_from_sign_in_to_an_empty_card(page: Page, demo: str, axe, no_overflow) -> None:
    page.goto(f"{demo}/demo/")
    axe(page)
    no_overflow(page)
    _sign_in(page, demo, "khan")
    expect(page.get_by_role("heading", name="Your patients today")).to_be_visible()
    _scan(page, demo, "CAM-07")
    _picture(page, "camera")
    page.get_by_role("button", name="Check out CAM-07 to me").click()

    page.goto(demo)
    expect(page.get_by_role("heading", name=re.compile("You have CAM-07"))).to_be_visible()
    axe(page)
    no_overflow(page)
    _picture(page, "home")
    _scan(page, demo, SAMPLE)
    expect(page.get_by_text("SAMPLE, Test").first).to_be_visible()
    _picture(page, "patient")
    page.get_by_role("button", name="Record consent").or_(page.get_by_role("link", name="Record consent")).first.click()
    _picture(page, "consent")
    page.get_by_role("button", name="Still the same").click()
    expect(page.get_by_text("Photograph this first.")).to_be_visible()
    _picture(page, "slate")

    page.goto(f"{demo}/demo/")
    page.get_by_role("button", name="Photograph the slate, then the patient").click()
    expect(page.get_by_text("The photos are on the card")).to_be_visible()
    page.wait_for_timeout(3_000)  # the shots lie a second apart
    page.get_by_role("button", name="Put the card in").click()
    expect(page.get_by_text("The card is in the reader")).to_be_visible()
    _until_taken_out(page, demo)
    _picture(page, "import")
    axe(page)
    page.get_by_role("link", name="Look at SAMPLE, Test").click()
    expect(page.locator(".sl-photos img, .sl-tiles img")).to_have_count(6)
    page.locator(".sl-photos a, .sl-tiles a").first.click()
    expect(page.get_by_text("by its slate")).to_be_visible()
    _picture(page, "photo")


def _until_taken_out(page: Page, demo: str) -> None:
    """The page of imports goes to the reading of this card by itself; one that is done already stands first in its list."""
    page.goto(f"{demo}/imports/")
    safe = page.get_by_text(re.compile("4 of 4 photos are safe"))
    expect(safe.first).to_be_visible(timeout=60_000)
    if page.get_by_role("heading", name="Put a card in").is_visible():
        page.get_by_role("link", name=re.compile("Look at Photos from CAM-07")).first.click()
    expect(page.get_by_text("You can take the card out").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("3 photos in the record")).to_be_visible(timeout=60_000)


def _some_real_files(shared: Path) -> int:
    """A folder of test pictures with every sixth file of real cameras, and the one from a phone; returns how many."""
    mine = shared / "corpus" / "metadata"
    mine.mkdir(parents=True)
    every = sorted(shared_folder("corpus/metadata").glob("*.*"))
    chosen = {*every[::6], *(file for file in every if file.suffix == ".heic")}
    for file in chosen:
        shutil.copyfile(file, mine / file.name)
    return len(chosen)


def test_does_the_whole_job_once_and_says_how_it_went(tmp_path) -> None:
    others = _some_real_files(tmp_path)
    command = [sys.executable, "-m", "safelight.config.demo", "--once", *ACROSS]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "SAFELIGHT_TEST"))}
    environment |= {"PYTHONPATH": str(PROJECT / "src"), "SAFELIGHT_SHARED": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-3_000:]
    import json

    said = json.loads(done.stdout)
    card = {"card", "frames", "slates", "filed", "tray", "erased", "recoverable", "seconds", "audit_verified"}
    assert set(said) == card | {"covered", "signatures", "asked", "answered", "taken_back", "notices"}
    assert (said["covered"], said["signatures"], said["asked"], said["answered"], said["taken_back"]) == (2, 1, 2, 1, 1)
    assert said["notices"] > 0
    assert said["frames"] == said["filed"] + said["tray"] + said["slates"] == said["erased"]
    assert (said["slates"], said["filed"], said["recoverable"], said["audit_verified"]) == (3, 9, 0, True)
    assert said["tray"] == 4 + others
