"""Journeys: Debian's Chromium on the test server, its pages under the content security policy that patients' pages have.

It is Chromium without its own windows (chromium-headless-shell): the same engine for half of the computing. `whole_browser` is the one with
them, for what belongs to the desktop.

`page` is a ward PC (1366x768, en-GB). `signed_in(person)` gives it to somebody. `axe(page)`, `no_overflow(page)` and `clicks(page)`
look and count. Whatever a page writes to the console as an error, a breach of the policy above all, fails the journey.
"""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, BrowserType, Page, expect
from tests.factories.staff import cookie_for
from tests.journeys import kit
from tests.shared import ANOTHER_DATABASE

from safelight.staff.models import Person

# Playwright's synchronous calls run an event loop in the thread that also asks the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=20_000)  # ms; what is expected is waited for on a busy machine too, and where it is there at once nothing waits
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none", "--force-color-profile=srgb"]


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address is meant unless it is said. The plugin's own fixture is of a kind that pytest warns of."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    return {**browser_type_launch_args, "executable_path": shutil.which("chromium-headless-shell"), "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    ward_pc = {"width": 1366, "height": 768}
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London", "reduced_motion": "reduce", "viewport": ward_pc}


@pytest.fixture
def context(context: BrowserContext) -> Iterator[BrowserContext]:
    """A browser that counts what hands do, and whose pages write no error to the console."""
    faults: list[str] = []
    context.add_init_script(kit.COUNT)
    context.on("console", lambda message: faults.append(message.text) if kit.is_fault(message) else None)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield context
    assert not faults, faults


@pytest.fixture
def signed_in(page: Page, live_server) -> Callable[[Person], Page]:
    """The page of somebody who is fully signed in; addresses begin with `live_server.url`."""

    def give_to(person: Person) -> Page:
        page.context.add_cookies([_signed_in_as(person, live_server.url)])
        return page

    return give_to


@pytest.fixture
def whole_browser(browser_type: BrowserType, browser_context_args: dict[str, object], live_server) -> Iterator[Callable[[Person], Page]]:
    """Like `signed_in`, in the Chromium that shows notifications."""
    browser = browser_type.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)

    def give_to(person: Person) -> Page:
        context = browser.new_context(**browser_context_args)
        context.add_cookies([_signed_in_as(person, live_server.url)])
        return context.new_page()

    yield give_to
    browser.close()


def _signed_in_as(person: Person, address: str) -> dict[str, str]:
    return {"name": settings.SESSION_COOKIE_NAME, "value": cookie_for(person), "url": address, "sameSite": "Strict"}


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """What axe finds does not hang on the database: it looks on the first, and where a journey runs on a second the page comes to rest."""
    return kit.at_rest if ANOTHER_DATABASE in os.environ else kit.no_finding


@pytest.fixture
def clicks() -> Callable[[Page], int]:
    return kit.hands


@pytest.fixture
def no_overflow() -> Callable[[Page], None]:
    return kit.fits


@pytest.fixture
def security_key(page: Page) -> kit.SecurityKey:
    return kit.SecurityKey(page)
