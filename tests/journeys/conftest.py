"""Journeys: Debian's Chromium on the test server, its pages under the content security policy that patients' pages have.

`page` is a ward PC (1366x768, en-GB). `signed_in(person)` gives it to somebody. `axe(page)`, `no_overflow(page)` and `clicks(page)`
look and count. Whatever a page writes to the console as an error, a breach of the policy above all, fails the journey.
"""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page
from tests.factories.staff import cookie_for
from tests.journeys import kit

from safelight.staff.models import Person

# Playwright's synchronous calls run an event loop in the thread that also asks the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address is meant unless it is said. The plugin's own fixture is of a kind that pytest warns of."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none", "--force-color-profile=srgb"]
    return {**browser_type_launch_args, "executable_path": shutil.which("chromium"), "args": arguments}


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
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": cookie_for(person), "url": live_server.url, "sameSite": "Strict"}
        page.context.add_cookies([cookie])
        return page

    return give_to


@pytest.fixture
def axe() -> Callable[[Page], None]:
    return kit.no_finding


@pytest.fixture
def clicks() -> Callable[[Page], int]:
    return kit.hands


@pytest.fixture
def no_overflow() -> Callable[[Page], None]:
    return kit.fits


@pytest.fixture
def security_key(page: Page) -> kit.SecurityKey:
    return kit.SecurityKey(page)
