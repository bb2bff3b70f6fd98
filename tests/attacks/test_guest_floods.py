"""Attacks on the guest door by number: links and codes by the thousand, from one network and from many."""

import inspect
import secrets
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from tests.factories.guests import ask_guest, code_in, letters, mail_codes, prove, secret_in, take_list, write
from tests.factories.sharing import make_shareable

from safelight.audit.models import Entry
from safelight.kernel import clock
from safelight.sharing import tasks
from safelight.sharing.mail import rules
from safelight.sharing.models import GuestBrowser, GuestCode, Opinion

pytestmark = [pytest.mark.django_db, pytest.mark.goal("S2")]


@pytest.fixture
def folder(settings, tmp_path):
    settings.SAFELIGHT_COURIER = {
        "adapter": "safelight.sharing.adapters.folder.FolderCourier",
        "folder": tmp_path / "letters",
        "sender": "safelight@nhs.test",
    }
    return tmp_path / "letters"


@pytest.fixture
def opinion(folder):
    take_list("partner.test")
    return ask_guest(make_shareable(yes=(1, 2, 3)))


def flood(many: int, public_id: str = "", *, network: str = "") -> set[tuple[int, str]]:
    """So many links with secrets of nobody: to one question or to any, from one network or each from another; what was answered."""
    answers, client = set(), Client()
    for number in range(many):
        where = public_id or secrets.token_urlsafe(8)
        address = network or f"198.51.{number >> 8}.{number & 255}"
        answer = client.post(f"/o/{where}/link/", {"secret": secrets.token_urlsafe(32)}, REMOTE_ADDR=address)
        answers.add((answer.status_code, answer["Location"].replace(where, "x")))
        client.cookies.clear()
    return answers


def let_in(opinion: Opinion, folder, *, network: str) -> bool:
    """Whether the guest who holds the link and the mailbox comes in."""
    client = Client(REMOTE_ADDR=network)
    client.post(f"/o/{opinion.public_id}/link/", {"secret": secret_in(letters(folder)[0])})
    mail_codes()
    client.post(f"/o/{opinion.public_id}/code/", {"code": code_in(letters(folder)[-1])})
    return client.post(f"/o/{opinion.public_id}/open/")["Location"].endswith("/question/")


@pytest.mark.slow
def test_a_thousand_links_leave_a_bounded_number_of_rows_and_the_guest_comes_in(folder, opinion):
    write(opinion)
    before = Entry.objects.count()
    answers = flood(500, opinion.public_id, network="198.51.100.7") | flood(500, network="198.51.100.7")
    assert answers == {(302, "/o/x/code/")}
    assert GuestCode.objects.count() == rules.LINKS_OF_NETWORK
    assert Entry.objects.count() == before + rules.LINKS_OF_NETWORK
    assert let_in(opinion, folder, network="203.0.113.9")
    assert len(letters(folder)) == 2


def test_links_from_many_networks_fill_nothing_up_and_keep_out_nobody(folder, opinion, monkeypatch):
    monkeypatch.setattr(rules, "LINKS_IN_ALL", 50)
    write(opinion)
    flood(rules.LINKS_OF_QUESTION + 5, opinion.public_id)
    assert GuestCode.objects.count() == rules.LINKS_OF_QUESTION
    flood(40)
    assert GuestCode.objects.count() == rules.LINKS_IN_ALL
    assert let_in(opinion, folder, network="198.51.0.1")


def test_the_right_link_shown_again_and_again_sends_five_codes(folder, opinion):
    write(opinion)
    for _ in range(40):
        Client().post(f"/o/{opinion.public_id}/link/", {"secret": secret_in(letters(folder)[0])})
    mail_codes()
    assert GuestCode.objects.count() == rules.LINKS_OF_NETWORK
    assert len(letters(folder)) == 1 + rules.CODES_AN_HOUR


def test_links_are_taken_again_an_hour_later(opinion):
    flood(rules.LINKS_OF_NETWORK + 1, network="198.51.100.7")
    with time_machine.travel(clock.now() + timedelta(hours=1, seconds=1)):
        flood(1, network="198.51.100.7")
    assert GuestCode.objects.count() == rules.LINKS_OF_NETWORK + 1


def test_digits_beyond_the_tries_of_a_code_or_without_one_leave_no_trace(folder, opinion):
    write(opinion)
    client = Client()
    client.post(f"/o/{opinion.public_id}/link/", {"secret": secret_in(letters(folder)[0])})
    before = Entry.objects.count()
    said = {client.post(f"/o/{opinion.public_id}/code/", {"code": "000000"}).status_code for _ in range(30)}
    assert Entry.objects.count() == before + rules.CODE_TRIES
    client.cookies[f"g-{opinion.public_id}"] = "never given"
    said |= {client.post(f"/o/{opinion.public_id}/code/", {"code": "000000"}).status_code for _ in range(5)}
    assert Entry.objects.count() == before + rules.CODE_TRIES
    assert said == {422}


def test_no_address_of_a_network_is_kept(opinion):
    flood(1, network="198.51.100.7")
    assert "198.51" not in str(GuestCode.objects.values().get())


class TestForgetting:
    def run(self, after: timedelta) -> tuple[int, int]:
        """What is left of codes and browsers when the worker looks so much later."""
        with time_machine.travel(clock.now() + after):
            inspect.unwrap(tasks.forget_what_guests_left)("")
        return GuestCode.objects.count(), GuestBrowser.objects.count()

    def test_codes_and_proofs_that_are_over_for_a_day_are_forgotten(self, folder, opinion):
        prove(Client(), opinion, folder)
        flood(3)
        assert self.run(timedelta(hours=24)) == (4, 1)
        assert self.run(timedelta(hours=25)) == (0, 0)

    def test_nothing_is_noted_when_nothing_is_over(self, opinion):
        flood(1)
        before = Entry.objects.count()
        self.run(timedelta(hours=24))
        assert Entry.objects.count() == before

    def test_a_code_that_wrong_digits_used_up_is_counted_for_good(self, folder, opinion):
        write(opinion)
        client = Client()
        client.post(f"/o/{opinion.public_id}/link/", {"secret": secret_in(letters(folder)[0])})
        for _ in range(rules.CODE_TRIES):
            client.post(f"/o/{opinion.public_id}/code/", {"code": "no"})
        flood(1)
        assert self.run(timedelta(days=3)) == (1, 0)
