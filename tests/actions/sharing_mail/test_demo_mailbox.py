"""The demonstration's own mailbox: a colleague elsewhere reads the letter there, follows its link, and comes in by the code."""

import html
import re

import pytest
from django.test import Client
from tests.factories.guests import ask_guest, mail_codes, write

from safelight.sharing.models import Opening

pytestmark = [pytest.mark.django_db, pytest.mark.urls("safelight.config.urls.demo")]


@pytest.fixture
def folder(settings, tmp_path):
    """Letters go where the demonstration's page looks for them."""
    settings.SAFELIGHT_DATA = tmp_path / "data"
    settings.SAFELIGHT_COURIER = {
        "adapter": "safelight.sharing.adapters.folder.FolderCourier",
        "folder": tmp_path / "mailbox",
        "sender": "safelight@nhs.test",
    }
    return tmp_path / "mailbox"


def test_a_colleague_elsewhere_reads_their_letter_and_their_code_there_and_opens_the_question(folder, shareable):
    opinion, guest = ask_guest(shareable), Client()
    write(opinion)
    page = guest.get("/demo/mailbox/").content.decode()
    link = html.unescape(re.search(rf'href="([^"]*/o/{opinion.public_id}/#[^"]+)"', page).group(1))
    assert "r.patel@partner.test" in page
    assert "SAMPLE" not in page
    assert "&amp;" not in page.split("<main")[1]  # escaped once
    guest.post(f"/o/{opinion.public_id}/link/", {"secret": link})
    mail_codes()
    code = re.search(r"Your code is (\d{6})", guest.get("/demo/mailbox/").content.decode()).group(1)
    assert guest.post(f"/o/{opinion.public_id}/code/", {"code": code}).status_code == 302
    guest.post(f"/o/{opinion.public_id}/open/")
    assert "necrotising" in guest.get(f"/o/{opinion.public_id}/question/").content.decode()
    assert Opening.objects.get().by == opinion.guest_id


def test_the_pager_believes_only_who_knows_its_secret(settings, tmp_path):
    settings.SAFELIGHT_LEDGER_KEY = tmp_path / "ledger.key"
    (tmp_path / "pager-secret").write_text("of another")
    for signature in ({}, {"headers": {"Safelight-Signature": "t=1,v1=00"}}):
        answer = Client().post("/demo/pager/", b'{"text": "Ring"}', content_type="application/json", **signature)
        assert answer.status_code == 403
