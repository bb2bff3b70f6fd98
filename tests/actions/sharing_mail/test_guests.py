"""A colleague elsewhere: confirmed, written to, let in by link and code, shown covered copies only."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from tests.factories.guests import ask_guest, code_in, confirm, fresh, letters, mail_codes, prove, secret_in, take_list, words, write
from tests.factories.sharing import make_shareable

from safelight.audit.models import Entry
from safelight.deidentify.covering import marked
from safelight.kernel import clock
from safelight.kernel.digest import Digest
from safelight.sharing import shown
from safelight.sharing.actions.confirm_guest import confirm_guest
from safelight.sharing.actions.take_back import take_back
from safelight.sharing.errors import NoConsentToShare, NotYoursToAsk, ProofTooOld
from safelight.sharing.mail import guests
from safelight.sharing.mail.addresses import NotAnAddress
from safelight.sharing.mail_errors import NameOrganisationMissing, NotAccredited
from safelight.sharing.models import Answer, Guest, GuestBrowser, GuestCode, Opening, Posting
from safelight.sharing.rules import Ended
from safelight.vault import objects

pytestmark = pytest.mark.django_db


def said(**how):
    given = {"name": "Dr R Patel", "organisation": "Partner Hospital", "address": "r.patel@partner.test", "by_letter": False}
    from uuid import uuid4

    return guests.prepare(uuid4(), **(given | how), now=clock.now())


@pytest.mark.requirement("G6")
@pytest.mark.parametrize("how", [{"name": "Patel"}, {"name": " "}, {"organisation": " "}])
def test_refuses_a_guest_without_a_full_name_and_an_organisation(how):
    with pytest.raises(NameOrganisationMissing):
        said(**how)


@pytest.mark.parametrize("address", ["", "r.patel", "r.patel@partner.test, x@y.test", "a@partner.test\nBcc: x@y.test", "<a@partner.test>"])
def test_refuses_what_is_no_single_address(address):
    with pytest.raises(NotAnAddress):
        said(address=address)


@pytest.mark.goal("S3")
@pytest.mark.asvs("7.5.3")
def test_refuses_whoever_has_not_shown_a_factor_within_five_minutes(shareable):
    by, now = shareable.record.by, clock.now()
    for stale in (fresh(by, at=now - timedelta(minutes=5, seconds=1)), fresh(by, at=now + timedelta(seconds=1))):
        with pytest.raises(ProofTooOld):
            confirm_guest(by=stale, said=said(), now=now)
    assert confirm_guest(by=fresh(by, at=now - timedelta(minutes=5)), said=said(), now=now).pk


def test_refuses_whoever_may_not_ask(shareable):
    from dataclasses import replace

    with pytest.raises(NotYoursToAsk):
        confirm_guest(by=replace(fresh(shareable.record.by), roles=frozenset()), said=said(), now=clock.now())


@pytest.mark.requirement("G2")
@pytest.mark.parametrize("address", ["a@partner.test.example", "a@xpartner.test", "a@mail.partner.test", "a@unknown.test"])
def test_refuses_a_domain_that_is_not_on_the_list_as_a_whole(shareable, address):
    with pytest.raises(NotAccredited):
        confirm(shareable.record.by, address=address)
    assert Guest.objects.count() == 0


@pytest.mark.requirement("G2")
def test_knows_nobody_while_there_is_no_list(db):
    shareable = make_shareable(yes=(1, 2, 3))
    with pytest.raises(NotAccredited):
        confirm(shareable.record.by)


@pytest.mark.requirement("G2")
def test_the_decision_keeps_the_date_of_the_list(shareable):
    guest = confirm(shareable.record.by, address="R.Patel@PARTNER.test")
    assert (guest.accredited, guest.domain, guest.list_dated) == (True, "partner.test", clock.now().date())
    assert f'"list_dated":"{clock.now().date().isoformat()}"'.encode() in bytes(Entry.objects.latest("seq").body)


@pytest.mark.requirement("G6")
def test_writes_nothing_to_a_guest_when_the_question_is_taken_back_within_the_hold(folder, shareable):
    opinion = ask_guest(shareable, ago=timedelta(0))
    take_back(by=shareable.record.by, opinion_id=opinion.pk, why=Ended.ASKER, now=clock.now())
    with time_machine.travel(clock.now() + timedelta(seconds=31)):
        assert write(opinion) == []
    assert letters(folder) == []


@pytest.mark.requirement("G6")
def test_writes_nothing_before_the_hold_is_over(folder, shareable):
    opinion = ask_guest(shareable, ago=timedelta(0))
    assert write(opinion) == []
    with time_machine.travel(clock.now() + timedelta(seconds=31)):
        (posting,) = write(opinion)
        assert write(opinion) == [posting]
    assert len(letters(folder)) == 1


@pytest.mark.requirement("G10")
def test_the_letter_says_nothing_of_the_patient_or_the_question(folder, opinion):
    write(opinion)
    (letter,) = letters(folder)
    whole = letter.as_string() + words(letter)
    assert letter["To"] == "r.patel@partner.test"
    for secret in ("SAMPLE", "Sample", "9990000018", "necrotising", "photo-1.jpg"):
        assert secret not in whole
    assert "Dr A Khan, St Elsewhere's Hospital, asks for your opinion" in words(letter)


@pytest.mark.goal("S2")
def test_keeps_digests_of_secret_and_token_only_and_files_a_copy_that_is_no_key(folder, opinion):
    (posting,) = write(opinion)
    secret = secret_in(letters(folder)[0])
    row = Guest.objects.get()
    assert row.secret_digest != secret
    assert len(secret) == 43
    posting = Posting.objects.select_related("copy").get(pk=posting.pk)
    copy = objects.read_bytes(posting.copy, limit=10**6)
    assert secret.encode() not in copy
    assert b"left out of this copy" in copy
    assert posting.sent_at
    held = b"".join(str(value).encode() for value in Guest.objects.values_list()[0])
    assert secret.encode() not in held


def test_a_letter_that_is_sent_again_is_the_same_letter(folder, opinion):
    (posting,) = write(opinion)
    one = letters(folder)
    Posting.objects.filter(pk=posting.pk).update(sent_at=None, copy=None)
    write(opinion)
    again = letters(folder)
    assert len(again) == 1  # one Message-ID, one file
    assert secret_in(again[0]) == secret_in(one[0])


@pytest.mark.requirement("B2")
def test_a_guest_opens_sees_and_answers(folder, opinion, shareable):
    client = prove(Client(), opinion, folder)
    arrived = client.get(f"/o/{opinion.public_id}/")
    assert b"asks for your opinion" in arrived.content
    assert Opening.objects.count() == 0
    assert client.get(f"/o/{opinion.public_id}/question/").status_code == 302  # not opened yet
    assert client.post(f"/o/{opinion.public_id}/open/").status_code == 302
    page = client.get(f"/o/{opinion.public_id}/question/").content.decode()
    assert "necrotising" in page
    assert "SAMPLE" not in page
    assert "9990000018" not in page.replace(" ", "")
    item = opinion.items.order_by("place").first()
    with time_machine.travel(clock.now(), tick=False):
        picture, mark = client.get(f"/o/{opinion.public_id}/photos/{item.pk}/"), shown.mark("Dr R Patel", at=clock.now())
    covered = objects.read_bytes(item.approval.copy.stored, limit=1 << 24)
    assert picture.content == marked.marked(covered, mark)
    assert picture["Cache-Control"] == "private, no-store"
    assert picture["Referrer-Policy"] == "same-origin"
    nothing = client.post(f"/o/{opinion.public_id}/answer/", {"words": "  "})
    assert nothing.status_code == 422
    better = client.post(f"/o/{opinion.public_id}/answer/", {"quick": "better_photo", "words": " "})
    assert "Write what should be different" in better.content.decode()
    assert not Answer.objects.exists()
    assert (
        client.post(f"/o/{opinion.public_id}/answer/", {"quick": "clinic_is_fine", "words": "No necrosis <b>seen</b>."}).status_code == 302
    )
    answer = Answer.objects.get()
    assert (answer.by, answer.by_guest, answer.quick) == (opinion.guest_id, True, "clinic_is_fine")
    after = client.get(f"/o/{opinion.public_id}/question/").content.decode()
    assert "No necrosis &lt;b&gt;seen&lt;/b&gt;." in after
    assert Opening.objects.filter(item__isnull=False, by_guest=True).count() == 1


@pytest.mark.requirement("B2")
def test_does_not_open_once_the_patient_agrees_no_more(folder, opinion, shareable):
    from tests.factories.consent import make_consent

    client = prove(Client(), opinion, folder)
    make_consent(shareable.record.patient, shareable.record.by, yes=(1, 2))
    assert client.post(f"/o/{opinion.public_id}/open/").status_code == 410
    assert Opening.objects.count() == 0


def test_is_told_since_when_it_is_closed_only_after_the_mailbox_is_proven(folder, opinion, shareable):
    client = prove(Client(), opinion, folder)
    client.post(f"/o/{opinion.public_id}/open/")
    take_back(by=shareable.record.by, opinion_id=opinion.pk, why=Ended.ASKER, now=clock.now())
    for path, how in (("", client.get), ("question/", client.get), ("open/", client.post)):
        closed = how(f"/o/{opinion.public_id}/{path}")
        assert closed.status_code in {200, 410}
        assert b"was closed on" in closed.content
        assert b"Ask Dr A Khan" in closed.content
    item = opinion.items.first()
    assert client.get(f"/o/{opinion.public_id}/photos/{item.pk}/").status_code == 410
    assert b"closed" not in Client().get(f"/o/{opinion.public_id}/").content


@pytest.mark.goal("S10")
@pytest.mark.asvs("6.5.5")
class TestTheCode:
    @pytest.fixture
    def asked(self, folder, opinion):
        """A browser that has shown the link, and the code that came."""
        write(opinion)
        client = Client()
        client.post(f"/o/{opinion.public_id}/link/", {"secret": secret_in(letters(folder)[0])})
        mail_codes()
        return client, code_in(letters(folder)[-1])

    def enter(self, client, opinion, code):
        return client.post(f"/o/{opinion.public_id}/code/", {"code": code}).status_code == 302

    def test_opens_once(self, asked, opinion):
        client, code = asked
        before = client.cookies[f"g-{opinion.public_id}"].value
        assert self.enter(client, opinion, code)
        assert client.cookies[f"g-{opinion.public_id}"].value != before
        client.cookies[f"g-{opinion.public_id}"] = before
        assert not self.enter(client, opinion, code)
        assert GuestBrowser.objects.count() == 1

    @pytest.mark.parametrize("first", ["the other", "the guest"])
    def test_opens_no_other_browser(self, asked, opinion, folder, first):
        client, _ = asked
        other, secret = Client(), secret_in(letters(folder)[0])
        for each in (other, client) if first == "the other" else (client, other):
            each.post(f"/o/{opinion.public_id}/link/", {"secret": secret})
        mail_codes()
        own = GuestCode.objects.get(browser_digest=Digest.of(client.cookies[f"g-{opinion.public_id}"].value.encode()))
        code = guests.code(own)
        assert not self.enter(other, opinion, code)
        assert not GuestBrowser.objects.exists()
        assert self.enter(client, opinion, code)

    def test_is_too_old_after_ten_minutes(self, asked, opinion):
        client, code = asked
        with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1)):
            assert not self.enter(client, opinion, code)
        assert self.enter(client, opinion, code)

    def test_is_used_up_by_five_wrong_tries(self, asked, opinion):
        client, code = asked
        wrong = "000000" if code != "000000" else "111111"
        assert not any(self.enter(client, opinion, wrong) for _ in range(5))
        assert not self.enter(client, opinion, code)

    def test_fits_after_four_wrong_tries(self, asked, opinion):
        client, code = asked
        wrong = "000000" if code != "000000" else "111111"
        assert not any(self.enter(client, opinion, wrong) for _ in range(4))
        assert self.enter(client, opinion, f"{code[:3]} {code[3:]}")

    def test_is_sent_five_times_an_hour_and_no_more(self, asked, opinion, folder):
        client, _ = asked
        secret = secret_in(letters(folder)[0])
        for _ in range(6):
            client.post(f"/o/{opinion.public_id}/link/", {"secret": secret})
        assert GuestCode.objects.exclude(guest=None).count() == 5
        with time_machine.travel(clock.now() + timedelta(minutes=61)):
            client.post(f"/o/{opinion.public_id}/link/", {"secret": secret})
        assert GuestCode.objects.exclude(guest=None).count() == 6

    def test_is_sent_no_more_after_fifteen_wrong_digits(self, asked, opinion, folder):
        client, _ = asked
        GuestCode.objects.update(tries_left=0)
        secret = secret_in(letters(folder)[0])
        for _ in range(4):
            client.post(f"/o/{opinion.public_id}/link/", {"secret": secret})
            GuestCode.objects.update(tries_left=0)
        assert GuestCode.objects.exclude(guest=None).count() == 3

    def test_its_letter_says_nothing_of_the_question(self, asked, folder, opinion):
        letter = letters(folder)[-1]
        for hidden in (opinion.public_id, "SAMPLE", "9990000018", "necrotising", "Khan", "Left forearm"):
            assert hidden not in letter.as_string() + words(letter)


def test_a_guest_without_consent_elsewhere_is_not_asked(folder):
    take_list("partner.test")
    with pytest.raises(NoConsentToShare):
        ask_guest(make_shareable(yes=(1, 2)))
