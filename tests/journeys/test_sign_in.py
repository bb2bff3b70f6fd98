"""Joining, signing in, locking and opening again, in Chromium with its own virtual security key."""

import os
import re
import time
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from playwright.sync_api import expect
from tests.factories.staff import PASSWORD, code_now, cookie_for, make_person

from safelight.config.prepare import invite_administrator
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.staff.models import Method, Person, SignIn
from safelight.vault import upkeep

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server) -> str:
    """The address by its name: passkeys are bound to it."""
    return live_server.url.replace("127.0.0.1", "localhost")


def _signed_in(page, site, person, path="/me/"):
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie_for(person), "url": site}])
    page.goto(f"{site}{path}")


def _add_passkey(page, name="my phone"):
    page.get_by_role("link", name="Add a passkey").or_(page.get_by_role("button", name="Add a passkey")).click()
    page.get_by_label("What do you call it?").fill(name)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_text(f"Passkey: {name}")).to_be_visible()


def _use_passkey_to_sign_in(page, site):
    page.goto(f"{site}/sign-in/?next=/me/")
    page.get_by_role("button", name="Sign in with a passkey").click()


@pytest.mark.goal("S3")
def test_signs_in_by_a_passkey_that_verified_its_user_and_by_no_other(page, site, security_key):
    khan = make_person()
    _signed_in(page, site, khan)
    _add_passkey(page)
    assert [(one["isResidentCredential"], one["rpId"]) for one in security_key.credentials] == [(True, "localhost")]

    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    _use_passkey_to_sign_in(page, site)
    expect(page.get_by_role("heading", name="Dr A Khan")).to_be_visible()
    assert SignIn.objects.open().get().method == Method.PASSKEY

    page.get_by_role("button", name="Sign out").click()
    security_key.verifies_its_user(False)
    _use_passkey_to_sign_in(page, site)
    expect(page.get_by_text(re.compile("No passkey was used|could not be used"))).to_be_visible()
    assert not SignIn.objects.open().exists()
    assert page.goto(f"{site}/me/").url.startswith(f"{site}/sign-in/")


@pytest.mark.goal("S3")
def test_a_locked_screen_opens_by_a_passkey_within_two_seconds_and_shows_the_same_page(page, site, security_key):
    khan = make_person()
    _signed_in(page, site, khan)
    _add_passkey(page)
    before = page.context.cookies()
    page.goto(f"{site}/me/password/")
    page.get_by_role("button", name="Lock", exact=True).click()
    expect(page.get_by_role("heading", name="Dr A Khan")).to_be_visible()
    expect(page.get_by_role("navigation", name="Menu")).to_have_count(0)
    assert page.goto(f"{site}/me/").url.startswith(f"{site}/lock/")

    page.goto(f"{site}/lock/?next=/me/password/")
    expect(page.get_by_role("button", name="Unlock with your passkey")).to_be_focused()
    begun = time.monotonic()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Change your password")).to_be_visible()
    assert time.monotonic() - begun < 2
    assert _session(page.context.cookies()) != _session(before)


def test_a_locked_screen_opens_by_its_password_alone_and_not_by_another(page, site):
    _signed_in(page, site, make_person())
    page.get_by_role("button", name="Lock", exact=True).click()
    page.get_by_label("Password", exact=True).fill("wrong lamps by the harbour")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("That is not the password").first).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page).to_have_url(f"{site}/me/")


@pytest.mark.goal("S4")
def test_somebody_else_leaves_nothing_of_the_last_person(page, site):
    _signed_in(page, site, make_person())
    page.get_by_role("button", name="Lock", exact=True).click()
    with page.expect_response(re.compile("/sign-out/")) as answer:
        page.get_by_role("button", name="Somebody else").click()
    assert answer.value.header_value("clear-site-data") == '"cache", "cookies", "storage"'
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Khan" not in page.content()
    assert not SignIn.objects.open().exists()


@pytest.mark.goal("S3")
def test_a_screen_that_nobody_touches_locks_by_itself_after_a_warning(page, site, settings):
    settings.SAFELIGHT_LOCK_SECONDS = 4
    _signed_in(page, site, make_person())
    expect(page.get_by_role("alert").get_by_text("This screen locks soon")).to_be_visible(timeout=5000)
    expect(page).to_have_url(re.compile("/lock/"), timeout=5000)
    expect(page.get_by_role("heading", name="Dr A Khan")).to_be_visible()


@pytest.mark.goal("S3")
def test_a_screen_that_somebody_touches_stays_open_without_a_new_page(page, site, settings):
    settings.SAFELIGHT_LOCK_SECONDS = 4
    _signed_in(page, site, make_person(), path="/me/password/")
    for _ in range(12):
        page.keyboard.press("a")
        page.wait_for_timeout(500)
    assert page.url == f"{site}/me/password/"
    assert page.goto(f"{site}/me/").url == f"{site}/me/"


@pytest.mark.asvs("6.3.2")
def test_the_first_administrator_joins_by_the_link_that_the_terminal_prints(page, site, settings):
    assert not Person.objects.exists()
    upkeep.make_keys()
    link = urlsplit(invite_administrator(username="boss", name="Ms P Boss"))
    assert len(link.fragment) == 43
    page.goto(f"{site}{link.path}#{link.fragment}")
    expect(page.get_by_role("heading", name="Welcome, Ms P Boss")).to_be_visible()
    assert link.fragment not in page.url
    secret = page.locator(".sl-code").inner_text().replace(" ", "")
    expect(page.get_by_alt_text(re.compile("Square code"))).to_have_js_property("complete", True)
    assert page.get_by_alt_text(re.compile("Square code")).evaluate("picture => picture.naturalWidth") > 20

    page.get_by_label("New password", exact=True).fill("password1234567")
    page.get_by_label("The same password again", exact=True).fill("password1234567")
    page.get_by_label("Code from your app").fill(_code(secret))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile("tried first")).first).to_be_visible()

    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again", exact=True).fill(PASSWORD)
    page.get_by_label("Code from your app").fill(_code(secret))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Your account is ready")).to_be_visible()

    page.get_by_label("User name").fill("boss")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Code from your app").fill(_code(secret, later=1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{site}/settings/people/")
    expect(page.get_by_role("link", name="Ms P Boss").first).to_be_visible()
    assert secret not in str(Authenticator.objects.get().data)


def test_a_colleague_joins_with_a_passkey_in_place_of_a_code(page, site, security_key):
    _signed_in(page, site, make_person("boss", "Ms P Boss", roles=[Role.ADMINISTRATOR]), "/settings/people/invite/")
    page.get_by_label("Name as colleagues know it").fill("Sr E Webb")
    page.get_by_label("User name", exact=True).fill("webb")
    page.get_by_label("Clinician", exact=True).check()
    page.get_by_role("button", name="Make the invitation").click()
    link = urlsplit(page.get_by_label("Link").input_value())
    page.goto(f"{site}/me/")
    page.get_by_role("button", name="Sign out").click()

    page.goto(f"{site}{link.path}#{link.fragment}")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Save with a passkey in place of the code").click()
    expect(page.get_by_text("Your account is ready")).to_be_visible()
    _use_passkey_to_sign_in(page, site)
    expect(page.get_by_role("heading", name="Sr E Webb")).to_be_visible()

    page.goto(f"{site}{link.path}#{link.fragment}")
    expect(page.get_by_text("This invitation is not good any more")).to_be_visible()


PAGES = {
    "sign in": "/sign-in/",
    "me": "/me/",
    "prove": "/prove/?next=/me/",
    "add a passkey": "/me/passkeys/new/",
    "add a code app": "/me/code-app/",
    "password": "/me/password/",
    "settings": "/settings/",
    "people": "/settings/people/",
    "invite": "/settings/people/invite/",
    "person": "/settings/people/{khan}/",
    "revoke": "/settings/people/{khan}/factors/{factor}/revoke/",
    "wards": "/settings/wards/",
    "add a ward": "/settings/wards/new/",
    "ward": "/settings/wards/BURNS2/",
    "join": "/join/",
    "lock": "/lock/",
}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_sound_at_every_width(page, site, axe, no_overflow, name):
    boss, khan = make_person("boss", "Ms P Boss", roles=[Role.ADMINISTRATOR]), make_person()
    if name not in {"sign in", "join"}:
        _signed_in(page, site, boss)
    if name == "lock":
        SignIn.objects.update(locked_at=clock.now())
    page.goto(site + PAGES[name].format(khan=khan.pk, factor=Authenticator.objects.get(user=khan).pk))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    axe(page)
    no_overflow(page)
    if folder := os.environ.get("SAFELIGHT_PICTURES"):
        for width in (1366, 390):
            page.set_viewport_size({"width": width, "height": 768})
            page.screenshot(path=f"{folder}/{name.replace(' ', '-')}-{width}.png", full_page=width == 390)


def test_works_without_javascript(browser, site):
    make_person()
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/sign-in/?next=/me/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    page.get_by_label("User name").fill("khan")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Code from your app").fill(code_now())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Dr A Khan")).to_be_visible()
    page.context.close()


def _session(cookies) -> str:
    return next(one["value"] for one in cookies if one["name"] == settings.SESSION_COOKIE_NAME)


def _code(secret: str, later: int = 0) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))
