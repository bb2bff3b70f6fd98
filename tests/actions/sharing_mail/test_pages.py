"""Pages of mail for staff: asking elsewhere, the list, certificates, letters that nobody could place."""

import inspect
import re
from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.guests import ask_guest, came, letters, prove, take_list, write
from tests.factories.staff import actor_of, make_person, sign_in
from tests.servers.mail import Authority

from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.kernel.digest import Digest
from safelight.sharing import mail_tasks
from safelight.sharing.actions.add_certificate import add_certificate
from safelight.sharing.actions.note_letter_arrived import note_letter_arrived
from safelight.sharing.actions.take_back import take_back
from safelight.sharing.mail import accredited, certifying, guests, incoming, placing
from safelight.sharing.mail_errors import CertificateNotGood, ListNotReadable, ListOlder, ListThere, NotYoursToSetUp
from safelight.sharing.models import AccreditedList, Answer, ArrivedLetter, Guest, MailCertificate, Opinion
from safelight.sharing.rules import Ended
from safelight.vault import objects
from safelight.vault.models import Rendition

pytestmark = pytest.mark.django_db
WAY = {
    "name": "Dr R Patel",
    "organisation": "Partner Hospital",
    "address": "r.patel@partner.test",
    "urgency": "soon",
    "way": "link",
    "days": "7",
}


@pytest.fixture
def lead(client):
    return sign_in(client, make_person("okafor", "Ms N Okafor", roles=[Role.IG_LEAD]))


class TestAskingElsewhere:
    @pytest.fixture
    def asks(self, folder, shareable):
        client = sign_in(Client(), shareable.record.person)
        photos = ",".join(str(one.pk) for one in shareable.photographs)
        page = client.get(f"/ask/elsewhere/?photos={photos}")
        assert page.status_code == 200
        self.ids = {"asking": str(uuid4()), "guest": str(uuid4()), "photos": photos}

        def send(**changes):
            return client.post("/ask/elsewhere/", WAY | self.ids | {"question": "Is this necrotising?"} | changes)

        return send

    @pytest.mark.requirement("G6")
    def test_shows_who_is_asked_in_full_before_anybody_is(self, asks):
        page = asks().content.decode()
        assert "Is this the right colleague?" in page
        for shown in ("Dr R Patel", "Partner Hospital", "r.patel@partner.test", "accredited for patient data"):
            assert shown in page
        assert Opinion.objects.count() == Guest.objects.count() == 0

    def test_asks_once_however_often_the_button_is_pressed(self, asks, folder, shareable):
        one, two = asks(sure="1"), asks(sure="1")
        opinion = Opinion.objects.get()
        assert one.status_code == two.status_code == 302
        assert one["Location"] == two["Location"] == f"/opinions/{opinion.pk}/"
        assert (opinion.guest is not None, Guest.objects.count()) == (True, 1)
        assert opinion.held_until - opinion.asked_at == timedelta(seconds=30)
        with time_machine.travel(opinion.asked_at + timedelta(seconds=8.5), tick=False):
            page = sign_in(Client(), shareable.record.person).get(one["Location"]).content.decode()
        assert "Goes out in 22 seconds." in page

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"name": "Patel"}, "full name"),
            ({"address": "r.patel@stranger.test"}, "accredited"),
            ({"address": "r.patel@stranger.test", "sure": ""}, "accredited"),
            ({"address": "r.patel"}, "not an email address"),
            ({"question": ""}, "Write your question"),
            ({"urgency": ""}, "Choose how soon"),
            ({"question": "Is it SAMPLE?"}, "This looks like"),
        ],
    )
    def test_keeps_what_was_typed_and_says_what_is_wrong(self, asks, change, says):
        answer = asks(**{"sure": "1"} | change)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert says in page
        assert "Partner Hospital" in page
        assert Opinion.objects.count() == 0

    @pytest.mark.requirement("G6")
    def test_asks_whoever_was_written_in_last_where_the_first_try_was_refused(self, asks):
        assert asks(sure="1", question="Is it SAMPLE?", address="r.patel@nhs.test").status_code == 422
        shown = asks(question="Is this necrotising?", name="Dr S Shah", way="letter").content.decode()
        assert "r.patel@partner.test" in shown
        assert asks(sure="1", name="Dr S Shah", way="letter").status_code == 302
        guest = Opinion.objects.get().guest
        assert (guests.who(guest).name, guests.who(guest).address, guest.by_letter) == ("Dr S Shah", "r.patel@partner.test", True)

    @pytest.mark.goal("S3")
    def test_asks_for_a_fresh_proof(self, folder, shareable):
        client = sign_in(Client(), shareable.record.person)
        photos = ",".join(str(one.pk) for one in shareable.photographs)
        with time_machine.travel(clock.now() + timedelta(minutes=1)):
            client.get("/")
        from safelight.staff.models import SignIn

        SignIn.objects.update(proved_at=clock.now() - timedelta(minutes=6))
        assert client.get(f"/ask/elsewhere/?photos={photos}")["Location"].startswith("/prove/")
        form = WAY | {"asking": str(uuid4()), "guest": str(uuid4()), "photos": photos, "question": "Is this necrotising?", "sure": "1"}
        refused = client.post("/ask/elsewhere/", form)
        assert refused.status_code == 422
        assert "more than five minutes" in refused.content.decode()
        assert Opinion.objects.count() == 0


class TestTheList:
    CSV = b"Organisation,Domain\r\nPartner Hospital,Partner.TEST\r\n,@nhs.test\r\nUmlaut,m\xc3\xbcnchen.test\r\n\r\n"

    def read(self, data=CSV, *, dated=None):
        return accredited.read(data, dated=dated or clock.now().date(), owner="Mail team")

    @pytest.mark.requirement("G2")
    def test_is_read_as_whole_domains_in_their_plain_form(self):
        assert self.read().domains == (("partner.test", "Partner Hospital"), ("nhs.test", ""), ("xn--mnchen-3ya.test", "Umlaut"))

    @pytest.mark.parametrize(
        ("data", "lines"),
        [
            (b"", ()),
            (b"a,b\n1,2\n", (1,)),
            (b"domain\nnhs.test\nno domain here\n*.nhs.test\n", (3, 4)),
            (b"\xff\xfe", ()),
            (b"domain\n", ()),
        ],
    )
    def test_is_refused_whole_where_one_line_is_no_domain(self, data, lines):
        with pytest.raises(ListNotReadable) as refusal:
            self.read(data)
        if lines:
            assert refusal.value.lines == lines

    @pytest.mark.requirement("G2")
    def test_is_never_replaced_by_an_older_one_or_itself(self, db):
        from tests.factories.guests import take_list as take

        today = clock.now().date()
        take("nhs.test", dated=today - timedelta(days=10))
        with pytest.raises(ListOlder):
            take("partner.test", dated=today - timedelta(days=11))
        with pytest.raises(ListOlder):
            take("partner.test", dated=today + timedelta(days=1))
        with pytest.raises(ListThere):
            take("nhs.test", dated=today)
        take("partner.test", dated=today)
        assert not accredited.standing(actor_of(make_person()), "nhs.test").accredited
        assert accredited.standing(actor_of(make_person()), "partner.test").dated == today

    def test_is_taken_on_the_page_by_who_looks_after_mail_and_warns_when_old(self, lead):
        page = lead.get("/mail/").content.decode()
        assert "There is no list" in page
        old = (clock.now() - timedelta(days=91)).date().isoformat()
        file = SimpleUploadedFile("list.csv", self.CSV)
        assert lead.post("/mail/list/", {"file": file, "dated": old, "owner": "Mail team"}).status_code == 302
        page = lead.get("/mail/").content.decode()
        assert "3 domains" in page
        assert "This list is old" in page
        wrong = SimpleUploadedFile("list.csv", b"domain\nno domain\n")
        answer = lead.post("/mail/list/", {"file": wrong, "dated": old, "owner": "Mail team"})
        assert answer.status_code == 422
        assert "Lines 2 are not understood" in answer.content.decode()
        assert AccreditedList.objects.count() == 1

    def test_is_not_for_clinicians(self):
        client = sign_in(Client(), make_person())
        assert client.get("/mail/").status_code == 403
        with pytest.raises(NotYoursToSetUp):
            from safelight.sharing.actions.take_accredited_list import take_accredited_list

            take_accredited_list(by=actor_of(make_person("lim")), said=self.read(), now=clock.now(), new_id=uuid4())


class TestCertificates:
    @pytest.fixture
    def pem(self, tmp_path):
        from cryptography import x509

        authority = Authority(tmp_path)

        def make(address="r.patel@partner.test", **how):
            return authority.issue("one", x509.RFC822Name(address), mail=True, **how).read_text()

        return make

    def test_are_kept_for_their_own_address_only_and_once(self, lead, pem):
        given = {"address": "R.Patel@partner.test", "pem": pem()}
        assert lead.post("/mail/certificates/", given).status_code == 302
        assert lead.post("/mail/certificates/", given).status_code == 422
        assert lead.post("/mail/certificates/", {"address": "other@partner.test", "pem": pem()}).status_code == 422
        assert lead.post("/mail/certificates/", {"address": "r.patel@partner.test", "pem": "no certificate"}).status_code == 422
        assert lead.post("/mail/certificates/", {"address": "nobody", "pem": pem()}).status_code == 422
        row = MailCertificate.objects.get()
        assert b"patel" not in bytes(row.sealed_address)
        assert "r.patel@partner.test" in lead.get("/mail/").content.decode().lower()
        assert lead.post(f"/mail/certificates/{row.pk}/remove/").status_code == 302
        assert MailCertificate.objects.get().removed_at
        assert lead.post(f"/mail/certificates/{row.pk}/remove/").status_code == 404

    def test_are_refused_when_they_have_ended(self, pem):
        said = certifying.prepare(uuid4(), address="r.patel@partner.test", pem=pem(days=-2).encode())
        with pytest.raises(CertificateNotGood):
            add_certificate(by=actor_of(make_person("okafor", roles=[Role.IG_LEAD])), said=said, now=clock.now())

    def test_are_not_for_clinicians(self, pem):
        said = certifying.prepare(uuid4(), address="r.patel@partner.test", pem=pem().encode())
        with pytest.raises(NotYoursToSetUp):
            add_certificate(by=actor_of(make_person()), said=said, now=clock.now())


class TestLettersThatNobodyCouldPlace:
    @pytest.fixture
    def waiting(self, shareable, folder):
        opinion = ask_guest(shareable)
        write(opinion)
        made = EmailMessage()
        made["From"], made["To"], made["Message-ID"] = "R <r.patel@partner.test>", "safelight@nhs.test", "<1@partner.test>"
        made.set_content("No necrosis.\n<script>alert(1)</script>")
        made.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="<b>x</b>.exe")
        raw = bytes(made)
        came = incoming.read(raw)
        kept = objects.keep([raw], rendition=Rendition.LETTER, holder="mail", limit=10**6)
        said = placing.said(came, raw, letter=uuid4(), answer=uuid4(), kept=kept, uid_validity=1, uid=1)
        from safelight.kernel.actor import WORKER

        return opinion, note_letter_arrived(by=WORKER, said=said, now=clock.now())

    def test_are_read_as_text_with_no_file_and_filed(self, lead, waiting):
        opinion, letter = waiting
        assert "It names no question" in lead.get("/mail/letters/").content.decode()
        page = lead.get(f"/mail/letters/{letter.pk}/").content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "1 file is attached" in page
        assert ".exe" not in page
        assert "Dr A Khan asked Dr R Patel, Partner Hospital" in page
        assert f"Its reference begins with {guests.token(opinion.guest)[:6]}" in page
        assert guests.token(opinion.guest) not in page
        assert lead.post(f"/mail/letters/{letter.pk}/", {"words": "x"}).status_code == 422
        done = lead.post(f"/mail/letters/{letter.pk}/", {"opinion": str(opinion.pk), "words": "No necrosis."})
        assert done.status_code == 302
        assert (Answer.objects.get().opinion_id, ArrivedLetter.objects.get().placed) == (opinion.pk, "by_a_person")
        assert "No letter waits" in lead.get("/mail/letters/").content.decode()

    def test_that_came_after_the_end_say_whom_to_ring(self, lead, folder, shareable):
        opinion = ask_guest(shareable)
        take_back(by=shareable.record.by, opinion_id=opinion.pk, why=Ended.ASKER, now=clock.now())
        letter = came(opinion=opinion)
        assert (letter.placed, letter.why, Answer.objects.exists()) == ("waits", "sharing.opinion_over", False)
        page = lead.get(f"/mail/letters/{letter.pk}/").content.decode()
        assert "It names this question: Dr A Khan asked Dr R Patel, Partner Hospital" in page
        assert "That question has ended" in page
        assert "Ring the one who asked" in page

    def test_are_set_aside(self, lead, waiting):
        assert lead.post(f"/mail/letters/{waiting[1].pk}/aside/").status_code == 302
        assert ArrivedLetter.objects.get().placed == "set_aside"
        assert lead.post(f"/mail/letters/{waiting[1].pk}/aside/").status_code == 409

    def test_are_not_for_clinicians(self, waiting, shareable):
        client = sign_in(Client(), shareable.record.person)
        assert client.get("/mail/letters/").status_code == 403
        assert client.get(f"/mail/letters/{waiting[1].pk}/").status_code == 403


def test_the_asker_sees_what_became_of_the_letter(folder, opinion, shareable):
    client = sign_in(Client(), shareable.record.person)
    assert "No letter was written yet" in client.get(f"/opinions/{opinion.pk}/letters/").content.decode()
    assert "Not sent to Dr R Patel, Partner Hospital yet." in client.get(f"/opinions/{opinion.pk}/").content.decode()
    write(opinion)
    assert re.search(
        r"Sent .{5,40} to Dr R Patel, Partner Hospital. Not opened yet.", client.get(f"/opinions/{opinion.pk}/").content.decode()
    )
    assert "Given to the mail server" in client.get(f"/opinions/{opinion.pk}/letters/").content.decode()
    other = sign_in(Client(), make_person("lim", wards=["PLASTICS"]))
    assert other.get(f"/opinions/{opinion.pk}/letters/").status_code == 404


@pytest.mark.requirement("G7")
def test_who_opened_and_who_answered_elsewhere_is_named_to_the_asker_and_in_the_record(folder, opinion, shareable):
    guest = prove(Client(), opinion, folder)
    guest.post(f"/o/{opinion.public_id}/open/")
    client = sign_in(Client(), shareable.record.person)
    assert "Dr R Patel, Partner Hospital opened it at" in client.get(f"/opinions/{opinion.pk}/").content.decode()
    guest.post(f"/o/{opinion.public_id}/answer/", {"words": "No necrosis."})
    patient = shareable.record.patient.pk
    for address in (f"/opinions/{opinion.pk}/", f"/opinions/of/{patient}/", f"/patients/{patient}/", "/opinions/?box=asked"):
        page = client.get(address).content.decode()
        assert "Dr R Patel, Partner Hospital" in page, address
        assert "A colleague elsewhere" not in page, address
    found = client.post("/opinions/?box=asked", {"find": "patel necrotising"}).content.decode()
    assert "To Dr R Patel" in found
    client.post(f"/opinions/{opinion.pk}/take-back/")
    taken = client.get(f"/opinions/{opinion.pk}/").content.decode()
    assert re.search(r"Dr R Patel, Partner Hospital opened it at .{5,40} and cannot open it again", taken)


def test_taking_back_says_truly_that_photos_left_in_a_letter(folder, shareable):
    opinion = ask_guest(shareable, by_letter=True)
    write(opinion)
    client = sign_in(Client(), shareable.record.person)
    assert "whether it was read cannot be seen here" in client.get(f"/opinions/{opinion.pk}/").content.decode()
    client.post(f"/opinions/{opinion.pk}/take-back/")
    page = client.get(f"/opinions/{opinion.pk}/").content.decode()
    assert "2 photos had left in a letter to Dr R Patel, Partner Hospital: what is in a mailbox cannot be taken back" in page
    assert "Nobody had opened it" not in page


@pytest.mark.requirement("G2")
def test_a_domain_that_is_taken_off_the_list_before_the_letter_leaves_gets_none(folder, opinion, shareable):
    take_list("other.test")
    (posting,) = write(opinion)
    assert (posting.sent_at, posting.refused_why) == (None, "sharing.not_accredited")
    assert letters(folder) == []
    page = sign_in(Client(), shareable.record.person).get(f"/opinions/{opinion.pk}/").content.decode()
    assert "A letter was refused and did not go out. Ring instead." in page
    assert inspect.unwrap(mail_tasks.plan_letters)(str(opinion.pk))


def test_digests_of_codes_differ_for_the_same_digits():
    assert guests.code_digest(uuid4(), "123456") != guests.code_digest(uuid4(), "123456")
    same = uuid4()
    assert guests.code_digest(same, "123 456") == guests.code_digest(same, "123456") != Digest.of(b"123456")
