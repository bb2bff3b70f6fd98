"""Work that ended badly is decided about on one page, by keyboard too; work that nobody takes is told there and at the health address."""

import os
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from playwright.sync_api import expect
from tests.contracts import outbox_flows
from tests.factories.staff import make_person, sign_in

from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.outbox.flows import enqueue
from safelight.outbox.models import Stuck

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("SAFELIGHT_TEST_PICTURES", "")


@pytest.fixture(autouse=True)
def table():
    name = "workflow_status" if connection.vendor == "sqlite" else "dbos.workflow_status"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {name}")
    return name


def _stuck(what: str, why: str, *, ago: timedelta) -> Stuck:
    key = f"check:{uuid4()}"
    return Stuck.objects.create(pk=uuid4(), key=key, flow=key, queue="frames", what=what, why=why, owner="custody", since=clock.now() - ago)


@pytest.fixture
def three():
    return [
        _stuck("A frame is read back from the vault.", "vault.object_missing", ago=timedelta(hours=5)),
        _stuck("A colleague is told that an opinion is asked of them.", "tried_in_vain", ago=timedelta(hours=2)),
        _stuck(
            "A frame is matched to its slate, filed or left in the tray, and given a preview.",
            "ended_its_workers",
            ago=timedelta(minutes=9),
        ),
    ]


def _waits(table: str, folder: str, *, ago: timedelta) -> None:
    key = f"check:{uuid4()}"
    with transaction.atomic():
        enqueue(outbox_flows.contract_plain, folder, queue="frames", key=key)
    with connection.cursor() as cursor:
        at = int((time.time() - ago.total_seconds()) * 1000)
        cursor.execute(f"UPDATE {table} SET created_at = %s WHERE workflow_uuid = %s", [at, key])


@pytest.mark.journey
def test_the_administrator_tries_some_again_and_gives_one_up(signed_in, live_server, axe, no_overflow, three, table, tmp_path):
    _waits(table, str(tmp_path), ago=timedelta(minutes=20))
    page = signed_in(make_person("ada", roles=[Role.ADMINISTRATOR]))
    page.goto(live_server.url)
    page.get_by_role("link", name="What needs a person").click()
    expect(page.get_by_role("heading", name="Ended without being done: 3")).to_be_visible()
    expect(page.get_by_text("Photos to be read back from the store: 1")).to_be_visible()
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/stuck-{width}.png", full_page=True)
        axe(page)
    no_overflow(page)
    for text in ("A frame is read back from the vault.", "A colleague is told"):
        page.get_by_label(text).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Try again what is ticked").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ended without being done: 1")).to_be_visible()
    page.get_by_role("link", name="Give up").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Give it up").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why it can be given up")
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/give-up-390.png", full_page=True)
    axe(page)
    page.get_by_label("Why can it be given up?").fill("The card was announced twice; the photos are in the record")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ended without being done: 0")).to_be_visible()
    assert sorted(Stuck.objects.values_list("settled", flat=True)) == ["again", "again", "given_up"]


def test_is_shut_to_others(three):
    nurse = sign_in(Client(), make_person("nurse", roles=[Role.CLINICIAN]))
    assert nurse.get("/needs-a-person/").status_code == 403
    assert nurse.post("/needs-a-person/again/", {"stuck": three[0].pk}).status_code == 403
    assert nurse.get(f"/needs-a-person/{three[0].pk}/give-up/").status_code == 404
    ada = sign_in(Client(), make_person("ada", roles=[Role.ADMINISTRATOR]))
    assert ada.post("/needs-a-person/again/", {"stuck": "x"}).status_code == 404
    assert set(Stuck.objects.values_list("settled", flat=True)) == {""}


def test_health_tells_of_work_that_nobody_takes(table, tmp_path):
    client = Client()
    assert (client.get("/health/").status_code, client.get("/health/work/").status_code) == (200, 200)
    _waits(table, str(tmp_path), ago=timedelta(minutes=6))
    assert (client.get("/health/").json(), client.get("/health/work/").json()) == ({"serves": True}, {"in_time": False})
    assert client.get("/health/work/").status_code == 503
