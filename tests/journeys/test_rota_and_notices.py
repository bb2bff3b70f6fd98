"""A rota that its lead keeps by keyboard, the red bar that finds whoever is asked, and a browser that is told."""

import json
import os
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.factories.notices import make_question, make_webhook
from tests.factories.staff import make_person
from tests.factories.teams import make_shift, make_team

from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Role
from safelight.sharing.actions.move_clock import move_clock
from safelight.sharing.models import Opinion
from safelight.sharing.notices import push_key
from safelight.staff import queries
from safelight.staff.models import Rank, Shift

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WIDTHS = ((1366, 768), (390, 844))
PICTURES = os.environ.get("SAFELIGHT_TEST_PICTURES", "")


@pytest.fixture
def looked_at(axe, no_overflow):
    """Looks at a page on a ward PC and on a phone: nothing for axe to find, nothing that sticks out."""

    def look(page: Page, name: str) -> None:
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            if PICTURES:
                page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
            axe(page)
        no_overflow(page)
        page.set_viewport_size({"width": 1366, "height": 768})

    return look


@pytest.fixture
def team():
    lim, webb, stone = make_person("lim", "Mr C Lim"), make_person("webb", "Dr E Webb"), make_person("stone", "Prof R Stone")
    made = make_team(people=(lim, webb, stone), lead=lim)
    later = clock.now() + timedelta(hours=30)
    make_shift(made, webb, begins=later, ends=later + timedelta(hours=12))
    return made


def _on_this_page(page: Page, label: str) -> None:
    """By Tab until something is reached, as who uses no mouse does."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText").strip() == label:
            return
    raise AssertionError(f"Tab never reached {label}")


def test_the_lead_puts_somebody_on_call_by_keyboard_and_the_gap_is_gone(signed_in, live_server, looked_at, team):
    page = signed_in(team.lead)
    page.goto(f"{live_server.url}/teams/")
    looked_at(page, "teams")
    page.goto(f"{live_server.url}/teams/{team.pk}/rota/")
    expect(page.get_by_role("definition").first).to_have_text("Mr C Lim")
    looked_at(page, "rota")
    page.get_by_role("heading", name="Burns on call").click()
    day = timezone.localtime() + timedelta(days=3)
    _on_this_page(page, "Who")
    page.keyboard.type("Dr E Webb")
    _on_this_page(page, "Day")
    page.keyboard.type(f"{day:%a} {day.day}")
    _on_this_page(page, "From")
    page.keyboard.type("0800")
    page.keyboard.press("Tab")
    page.keyboard.type("20")
    _on_this_page(page, "Put on call")
    page.keyboard.press("Enter")
    row = page.get_by_role("row").filter(has_text=f"{day:%a} {day.day} {day:%b}")
    expect(row).to_contain_text("Dr E Webb, change 08:00 to 20:00")
    expect(row).to_contain_text("Nobody 20:00 to 24:00")


def test_the_lead_changes_swaps_and_removes_shifts_without_javascript(browser, live_server, signed_in, team, looked_at):
    page = signed_in(team.lead)
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    first, other = Shift.objects.filter(team=team, rank=Rank.FIRST).order_by("begins")
    plain.goto(f"{live_server.url}/shifts/{first.pk}/")
    plain.get_by_label("Swap with").select_option(str(other.pk))
    plain.get_by_role("button", name="Swap").click()
    assert [one.person.name for one in Shift.objects.filter(rank=Rank.FIRST).order_by("begins")] == ["Dr E Webb", "Mr C Lim"]
    plain.goto(f"{live_server.url}/shifts/{first.pk}/")
    plain.get_by_label("Until", exact=True).fill("noon")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_role("alert")).to_contain_text("Enter a time such as 08:00 or 20:30")
    expect(plain.get_by_label("Until", exact=True)).to_have_value("noon")
    plain.get_by_role("button", name="Remove this shift").click()
    expect(plain.get_by_role("definition").first).to_have_text("Nobody")
    context.close()
    page.goto(f"{live_server.url}/shifts/{other.pk}/")
    looked_at(page, "shift")
    assert queries.on_call(WORKER, team.pk, at=clock.now()).now is None


def test_the_red_bar_comes_by_itself_with_the_tabs_title_and_goes_when_somebody_is_on_it(signed_in, live_server, looked_at, team):
    page = signed_in(team.lead)
    page.clock.install()
    page.goto(f"{live_server.url}/teams/")
    expect(page).to_have_title("Teams – Safelight")
    question = make_question(team=team)
    page.clock.run_for(16_000)
    bar = page.get_by_role("region", name="Urgent")
    expect(bar).to_contain_text("Urgent question for you. Dr A Khan, just now. Nobody has opened it. You are told again in 3 minutes.")
    expect(bar).to_contain_text("Ring 4321 (Burns on call).")
    expect(bar.get_by_role("link", name="Open it")).to_have_attribute("href", f"/o/{question.public_id}/")
    expect(page).to_have_title("(1) Urgent Teams – Safelight")
    expect(page.get_by_role("link", name="Opinions 1 waiting")).to_be_visible()
    looked_at(page, "bar")
    Opinion.objects.filter(pk=question.pk).update(on_it_by=team.lead_id, on_it_at=clock.now())
    move_clock(by=WORKER, opinion_id=question.pk, opened=False, now=clock.now())
    page.clock.run_for(16_000)
    expect(bar).to_have_count(0)
    expect(page).to_have_title("Teams – Safelight")


def test_a_team_without_an_urgent_notice_says_so_and_what_is_set_up_can_be_tested(signed_in, live_server, looked_at, team, settings):
    push_key.make(settings.SAFELIGHT_PUSH_KEY)
    settings.SAFELIGHT_PUSH_CONTACT, settings.SAFELIGHT_WEBHOOK_HOSTS = "it@hospital.example", ("pager.example",)
    page = signed_in(team.lead)
    page.goto(f"{live_server.url}/teams/{team.pk}/notices/")
    expect(page.get_by_text("Burns on call has no urgent notice set up. Ring 4321.")).to_be_visible()
    page.get_by_label("Pager, text message or chat: a web address of the hospital's").check()
    page.get_by_label("What the team calls it").fill("Burns pager")
    page.get_by_role("textbox", name="Address").fill("https://elsewhere.example/call")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_contain_text("This address is not on the hospital's list for notices")
    page.get_by_role("textbox", name="Address").fill("https://pager.example/call")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Enter this secret at the gateway. It is shown once.")).to_be_visible()
    looked_at(page, "team-notices")
    make_webhook("https://pager.example/other", team=team)
    page.goto(f"{live_server.url}/teams/{team.pk}/notices/")
    expect(page.get_by_text("has no urgent notice")).to_have_count(0)
    page.goto(f"{live_server.url}/me/notices/")
    expect(page.get_by_role("button", name="Tell me in this browser")).to_be_visible()
    looked_at(page, "my-notices")


def test_an_administrator_makes_a_team_with_its_number(signed_in, live_server, looked_at):
    make_person("lim", "Mr C Lim")
    page = signed_in(make_person("boss", "Ms P Boss", roles=[Role.ADMINISTRATOR]))
    page.goto(f"{live_server.url}/teams/new/")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the number that reaches the team at any hour")
    page.get_by_label("Name", exact=True).fill("Plastics")
    page.get_by_label("Number that reaches the team at any hour").fill("4400")
    page.get_by_label("Mr C Lim").check()
    looked_at(page, "team")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nobody is on call now. A question goes to everybody in the team. Ring 4400.")).to_be_visible()


@pytest.mark.requirement("G10")
def test_the_browsers_own_worker_shows_fixed_words_whatever_it_is_sent_and_a_double_once(whole_browser, live_server, team):
    page = whole_browser(team.lead)
    page.context.grant_permissions(["notifications"], origin=live_server.url)
    devtools = page.context.new_cdp_session(page)
    registered: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated", lambda event: registered.extend(one["registrationId"] for one in event["registrations"])
    )
    devtools.send("ServiceWorker.enable")
    page.goto(f"{live_server.url}/me/notices/")
    # The browser of a test reaches no push service and cannot subscribe: its worker is set up, and what would come is delivered, by hand.
    page.evaluate("() => navigator.serviceWorker.register('/notices-worker.js').then(() => navigator.serviceWorker.ready).then(() => true)")
    while not registered:  # the browser tells of it by itself
        page.wait_for_timeout(20)
    for _ in range(2):
        sent = {"notice": "n1", "says": "urgent", "open": "/o/ab3x/", "text": "SAMPLE, Test 9990000018"}
        devtools.send(
            "ServiceWorker.deliverPushMessage", {"origin": live_server.url, "registrationId": registered[-1], "data": json.dumps(sent)}
        )
    shown = page.evaluate(
        """async () => {
          const ready = await navigator.serviceWorker.ready;
          for (;;) {
            const all = await ready.getNotifications();
            if (all.length) return all.map((one) => [one.title, one.body, one.tag, one.data.open]);
            await new Promise((go) => setTimeout(go, 50));
          }
        }"""
    )
    assert shown == [["Safelight", "An urgent question is waiting for you.", "n1", "/o/ab3x/"]]
