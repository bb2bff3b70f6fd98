"""Files that came with letters leave as files, after a real scanner has called them clean, for who may have them, and in the ledger."""

import json
import socket
import threading

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.guests import ask_guest, came
from tests.factories.pictures import photo
from tests.factories.staff import make_person, sign_in
from tests.servers import scanner as server
from tests.servers.scanner import EICAR, LARGEST_MIB, MARKER

from safelight.audit.models import Entry
from safelight.kernel.actor import Role
from safelight.sharing.mail import scanning
from safelight.sharing.mail.scanning import Verdict
from safelight.sharing.models import ArrivedLetter

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _clamd():
    server.needed()
    with server.running() as at:
        yield at


@pytest.fixture
def clamd(_clamd, settings):
    settings.SAFELIGHT_CLAMD_SOCKET = _clamd
    return _clamd


@pytest.fixture
def asked(folder, shareable):
    return ask_guest(shareable, address="opinion@nhs.test")


@pytest.fixture
def asker(shareable):
    return sign_in(Client(), shareable.record.person)


@pytest.fixture
def lead():
    return sign_in(Client(), make_person("okafor", "Ms N Okafor", roles=[Role.IG_LEAD]))


def _came(*files: tuple[str, bytes], opinion=None) -> ArrivedLetter:
    return came(*files, opinion=opinion, sender="opinion@nhs.test")


def _get(client, letter, number=1):
    return client.post(f"/mail/letters/{letter.pk}/files/{number}/")


def _entries() -> list[tuple[str, str]]:
    """How each try ended, and why not."""
    rows = Entry.objects.filter(action="sharing.give_out_file").order_by("seq")
    return [(row.outcome, str(json.loads(bytes(row.body)).get("reason", ""))) for row in rows]


@pytest.mark.asvs("5.4.3")
@pytest.mark.asvs("5.4.1")
@pytest.mark.asvs("3.2.1")
def test_a_clean_file_leaves_as_it_came_as_a_file_under_a_name_of_ours(clamd, asked, asker):
    picture = photo()
    letter = _came(("Mrs Smith 999 000 0001.JPG", picture), ("notes", b"plain"), opinion=asked)
    page = asker.get(f"/opinions/{asked.pk}/letters/").content.decode()
    assert "2 files came by mail with the answer" in asker.get(f"/opinions/{asked.pk}/").content.decode()
    assert "Get file 2 of 2" in page
    assert "Smith" not in page
    got = _get(asker, letter)
    assert (got.status_code, got.content) == (200, picture)
    assert got["Content-Disposition"] == f'attachment; filename="letter-{letter.pk.hex[:8]}-file-1.jpg"'
    assert (got["Content-Type"], got["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert "no-store" in got["Cache-Control"]
    assert got["Content-Security-Policy"].startswith("sandbox")
    assert (_get(asker, letter, 2).content, _get(asker, letter, 2)["Content-Disposition"][-5:]) == (b"plain", '.bin"')
    entry = Entry.objects.filter(action="sharing.give_out_file").earliest("seq")
    assert (entry.outcome, str(asked.patient_id) in bytes(entry.body).decode()) == ("done", True)


def test_the_page_of_three_letters_asks_the_database_as_much_as_that_of_one(asked, asker):
    _came(("one.jpg", b"x"), opinion=asked)
    with CaptureQueriesContext(connection) as one:
        asker.get(f"/opinions/{asked.pk}/letters/")
    for _ in range(2):
        _came(("another.jpg", b"x"), opinion=asked)
    with CaptureQueriesContext(connection) as three:
        page = asker.get(f"/opinions/{asked.pk}/letters/").content.decode()
    assert page.count("A letter of") == 3
    assert len(three) == len(one)


@pytest.mark.asvs("5.4.3")
@pytest.mark.parametrize("bad", [EICAR, b"x" * 100_000 + MARKER], ids=["eicar", "marker behind the first chunk"])
def test_a_file_in_which_something_is_found_stays_and_the_refusal_is_kept(clamd, asked, asker, bad):
    letter = _came(("photo.jpg", bad), opinion=asked)
    got = _get(asker, letter)
    assert got.status_code == 409
    assert "found something in this file" in got.content.decode()
    assert f'href="/opinions/{asked.pk}/letters/"' in got.content.decode()
    assert bad not in got.content
    assert _entries() == [("refused", "sharing.file_not_clean")]


@pytest.mark.parametrize("kind", ["nobody listens", "it says nothing and goes", "it says an error", "its answer has no end", "too large"])
def test_what_the_scanner_did_not_look_at_stays(clamd, asked, asker, settings, tmp_path, kind):
    settings.SAFELIGHT_CLAMD_SOCKET = clamd if kind == "too large" else tmp_path / "clamd.ctl"
    said = {"it says nothing and goes": b"", "it says an error": b"stream: broken ERROR\0", "its answer has no end": b"stream: OK"}
    if kind in said:
        _stand_in(tmp_path / "clamd.ctl", said[kind])
    letter = _came(("photo.jpg", b"x" * ((LARGEST_MIB << 20) + 1 if kind == "too large" else 10)), opinion=asked)
    got = _get(asker, letter)
    assert got.status_code == 503
    assert "did not look at this file" in got.content.decode()
    assert _entries() == [("failed", "sharing.scanner_away")]


def _stand_in(at, answer: bytes) -> None:
    """What no real scanner can be brought to say on demand."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(at))
    listening.listen()

    def serve() -> None:
        with listening, listening.accept()[0] as link:
            link.recv(65536)
            link.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()


def test_without_a_scanner_nothing_leaves_and_the_pages_say_why(asked, asker, settings):
    settings.SAFELIGHT_CLAMD_SOCKET = None
    letter = _came(("photo.jpg", b"x"), opinion=asked)
    page = asker.get(f"/opinions/{asked.pk}/letters/").content.decode()
    assert "none is set up here" in page
    assert "Get file" not in page
    got = _get(asker, letter)
    assert (got.status_code, "No virus scanner is set up" in got.content.decode()) == (409, True)
    assert _entries() == [("refused", "sharing.no_scanner")]


@pytest.mark.goal("S1")
def test_only_who_asked_and_who_places_letters_have_it(clamd, asked, asker, lead):
    placed, unplaced = _came(("a.jpg", b"x"), opinion=asked), _came(("a.jpg", b"x"))
    other = sign_in(Client(), make_person("lim", wards=["PLASTICS"]))
    assert [_get(client, placed).status_code for client in (asker, lead, other, Client())] == [200, 200, 404, 302]
    assert [_get(client, unplaced).status_code for client in (asker, lead, other)] == [404, 200, 404]
    assert "Get file 1 of 1" in lead.get(f"/mail/letters/{unplaced.pk}/").content.decode()


def test_there_is_no_file_beyond_the_last_and_none_is_given_for_a_get(clamd, asked, asker):
    letter, without = _came(("a.jpg", b"x"), opinion=asked), _came(opinion=asked)
    assert [_get(asker, letter, number).status_code for number in (0, 2, 99)] == [404, 404, 404]
    assert _get(asker, without).status_code == 404
    assert asker.get(f"/mail/letters/{letter.pk}/files/1/").status_code == 405


def test_the_scanner_is_asked_the_same_of_an_empty_file(clamd):
    assert scanning.verdict(b"", at=clamd) is Verdict.CLEAN
