"""Answers by mail, from a real mailbox: machines never answer, a key finds the question, the rest goes to a person."""

import inspect
import subprocess
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest
from tests.factories.guests import ask_guest, write
from tests.factories.staff import actor_of, make_person, sign_in

from safelight.audit.models import About, Entry
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.kernel.errors import NotFound
from safelight.sharing import answering, mail_tasks, sealing
from safelight.sharing.actions.file_letter import file_letter
from safelight.sharing.actions.read_letter import read_letter
from safelight.sharing.actions.set_letter_aside import set_letter_aside
from safelight.sharing.actions.take_back import take_back
from safelight.sharing.mail import guests, incoming, mailbox, placing, reading, smime
from safelight.sharing.mail.mailbox import Box
from safelight.sharing.mail_errors import LetterPlacedAlready, NotYoursToPlace
from safelight.sharing.models import Answer, ArrivedLetter, Placed, Posting
from safelight.sharing.ports import CourierAway, CourierNotTrusted
from safelight.sharing.rules import Ended
from safelight.vault import objects

pytestmark = pytest.mark.django_db
SENDER = "opinion@nhs.test"


@pytest.fixture
def box(settings, mail):
    """The real mailbox of the site."""
    settings.SAFELIGHT_MAILBOX = {
        "host": "localhost",
        "port": mail.ports["imaps"],
        "user": "safelight@nhs.test",
        "secret": mail.secret(),
        "authorities": mail.ca,
    }
    settings.SAFELIGHT_LETTER_AUTHORITIES = mail.ca
    return mail


@pytest.fixture
def asked(folder, shareable):
    """A question to the bearer of the mailbox opinion@nhs.test, whose letter went out."""
    opinion = ask_guest(shareable, address=SENDER)
    return opinion, write(opinion)[0]


def reply(*, to="safelight@nhs.test", words="No necrosis.", sender=f"Dr R Patel <{SENDER}>", **headers) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Message-ID"] = sender, to, f"<{uuid4()}@nhs.test>"
    for name, value in ({"Subject": "Re: A colleague asks for your opinion"} | headers).items():
        made[name.replace("_", "-")] = value
    made.set_content(words)
    return bytes(made)


def plus(opinion) -> str:
    return f"safelight+{guests.token(opinion.guest)}@nhs.test"


def fetch() -> None:
    inspect.unwrap(mail_tasks.fetch_all)("now")


def words_of(answer: Answer) -> str:
    return sealing.open_answer(answer.words, answer=answer.pk)


def inbox(mail) -> list[Path]:
    home = mail.folder / "vmail" / "safelight@nhs.test"
    return [*home.glob("new/*"), *home.glob("cur/*")]


def filed(mail, folder: str = "Filed") -> list[Path]:
    home = mail.folder / "vmail" / "safelight@nhs.test" / f".{folder}"
    return [*home.glob("new/*"), *home.glob("cur/*")]


@pytest.mark.requirement("G7")
@pytest.mark.parametrize("key", ["token", "In-Reply-To", "References"])
def test_an_answer_finds_its_question_and_is_filed_as_the_guests_own(box, asked, key):
    opinion, posting = asked
    more = {} if key == "token" else {key.replace("-", "_"): posting.message_id}
    box.deliver(reply(to=plus(opinion) if key == "token" else "safelight@nhs.test", **more), to="safelight@nhs.test")
    fetch()
    answer = Answer.objects.get()
    assert (words_of(answer), answer.by, answer.by_guest, answer.opinion_id) == ("No necrosis.", opinion.guest_id, True, opinion.pk)
    letter = ArrivedLetter.objects.select_related("letter").get()
    assert (letter.placed, letter.opinion_id, letter.signed) == ("answer", opinion.pk, False)
    assert b"No necrosis." in objects.read_bytes(letter.letter, limit=10**6)
    assert (len(inbox(box)), len(filed(box))) == (0, 1)


def test_keeps_what_was_written_above_our_own_letter_only(box, asked):
    opinion, _ = asked
    below = "On 24 Nov 2026, Safelight <safelight@nhs.test> wrote:\n> Please answer above this line.\n> Dear Dr R Patel,\n> https://x/o/a/#secret\n"
    box.deliver(reply(to=plus(opinion), words=f"No necrosis.\nAsk again tomorrow.\n\n{below}"))
    fetch()
    assert words_of(Answer.objects.get()) == "No necrosis.\nAsk again tomorrow."


@pytest.mark.parametrize(
    "machine",
    [{"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated; x"}, {"X_Autoreply": "yes"}, {"Precedence": "bulk"}],
)
def test_a_machine_never_answers_whatever_else_fits(box, asked, machine):
    opinion, posting = asked
    box.deliver(reply(to=plus(opinion), words="I am out of office.", In_Reply_To=posting.message_id, **machine))
    fetch()
    assert not Answer.objects.exists()
    assert ArrivedLetter.objects.get().placed == "automatic"
    assert inbox(box) == []


@pytest.mark.parametrize(
    "looks",
    [
        {"Return_Path": "<>"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Autorespond": "1"},
        {"Subject": "Automatic reply: A colleague asks for your opinion"},
        {"Subject": "Out of Office Re: A colleague asks"},
    ],
)
def test_what_only_looks_like_a_machine_goes_to_a_person_whatever_else_fits(asked, looks):
    opinion, posting = asked
    raw = reply(to=plus(opinion), words="I am away until Monday.", In_Reply_To=posting.message_id, **looks)
    found = placing.place(incoming.read(raw), raw)
    assert (found.placed, found.why, found.opinion) == (Placed.WAITS, "doubtful", opinion)


@pytest.mark.parametrize(
    "person",
    [{}, {"Return_Path": f"<{SENDER}>"}, {"X_Auto_Response_Suppress": "DR, OOF"}, {"Subject": "Re: Automatic blood pressure cuff"}],
)
def test_the_letter_of_a_person_is_an_answer_by_itself(asked, person):
    raw = reply(to=plus(asked[0]), **person)
    found = placing.place(incoming.read(raw), raw)
    assert (found.placed, found.opinion) == (Placed.ANSWER, asked[0])


def test_auto_submitted_no_is_a_person(box, asked):
    opinion, _ = asked
    box.deliver(reply(to=plus(opinion), Auto_Submitted="No"))
    fetch()
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    "sender",
    [
        "x@other.test",
        "x@nhs.test.other.test",
        "x@xnhs.test",
        "Dr R Patel <opinion@nhs.test>, x@other.test",
        "opinion@nhs.test <x@other.test>",
        "",
    ],
)
def test_a_sender_of_another_domain_than_the_one_asked_is_no_answer(box, asked, sender):
    opinion, _ = asked
    raw = reply(to=plus(opinion), sender=sender) if sender else reply(to=plus(opinion)).replace(b"From: ", b"X-From: ")
    box.deliver(raw)
    fetch()
    assert not Answer.objects.exists()
    letter = ArrivedLetter.objects.get()
    assert (letter.placed, letter.why, letter.opinion_id) == ("waits", "other_domain", opinion.pk)


@pytest.mark.parametrize("to", ["safelight@nhs.test", "safelight+aaaaaaaaaaaaaaaaaaaaaaaa@nhs.test"])
def test_a_letter_without_a_key_goes_to_a_person_and_never_by_its_subject(box, asked, to):
    opinion, _ = asked
    box.deliver(reply(to=to, words=f"About {opinion.public_id}"))
    fetch()
    assert not Answer.objects.exists()
    assert (ArrivedLetter.objects.get().placed, ArrivedLetter.objects.get().why) == ("waits", "no_key")


def test_an_answer_after_the_question_ended_goes_to_a_person(box, asked, shareable):
    opinion, _ = asked
    take_back(by=shareable.record.by, opinion_id=opinion.pk, why=Ended.ASKER, now=clock.now())
    box.deliver(reply(to=plus(opinion)))
    fetch()
    assert not Answer.objects.exists()
    assert (ArrivedLetter.objects.get().placed, ArrivedLetter.objects.get().why) == ("waits", "sharing.opinion_over")


def test_a_letter_that_comes_twice_is_filed_once(box, asked):
    opinion, _ = asked
    raw = reply(to=plus(opinion))
    box.deliver(raw)
    box.deliver(b"Received: from elsewhere\r\n" + raw)
    fetch()
    fetch()
    assert Answer.objects.count() == ArrivedLetter.objects.count() == 1
    assert (len(inbox(box)), len(filed(box))) == (0, 2)


def test_a_letter_is_moved_only_after_its_answer_has_committed_and_a_run_that_broke_off_files_nothing_twice(box, asked, monkeypatch):
    opinion, _ = asked
    box.deliver(reply(to=plus(opinion)))
    plain = Box.done

    def broken(self, found):
        assert Answer.objects.count() == 1
        raise CourierAway

    monkeypatch.setattr(Box, "done", broken)
    with pytest.raises(CourierAway):
        fetch()
    assert len(inbox(box)) == 1
    monkeypatch.setattr(Box, "done", plain)
    fetch()
    assert Answer.objects.count() == 1
    assert (len(inbox(box)), len(filed(box))) == (0, 1)


def test_a_letter_that_cannot_be_read_goes_to_a_person_and_keeps_no_answer_behind_it(box, asked):
    opinion, _ = asked
    box.deliver(b"From: x@nhs.test\r\nContent-Type: application/pkcs7-mime; name*=\x01\r\n t=undefined'x\r\n\r\nMII=")
    box.deliver(b"From: x@nhs.test\r\nContent-Type: " + b"(" * 5000 + b"\r\n\r\nhello")
    box.deliver(reply(to=plus(opinion)))
    fetch()
    assert words_of(Answer.objects.get()) == "No necrosis."
    assert sorted(ArrivedLetter.objects.values_list("placed", flat=True)) == ["answer", "waits", "waits"]
    assert inbox(box) == []


def test_letters_that_are_too_large_are_set_aside_unread_for_a_person_and_keep_no_answer_behind_them(box, asked, monkeypatch, client):
    opinion, _ = asked
    monkeypatch.setattr(mailbox, "LARGEST", 5000)
    monkeypatch.setattr(mailbox, "AT_ONCE", 2)
    for _ in range(2):
        box.deliver(reply(to=plus(opinion), words="Too many words. " * 500))
    box.deliver(reply(to=plus(opinion)))
    fetch()
    fetch()
    assert words_of(Answer.objects.get()) == "No necrosis."
    assert (len(inbox(box)), len(filed(box)), len(filed(box, "Too large"))) == (0, 1, 2)
    first, second = ArrivedLetter.objects.filter(why="too_large").select_related("letter")
    assert (first.placed, first.opinion_id, second.placed) == ("waits", opinion.pk, "waits")
    assert b"Too many words" not in objects.read_bytes(first.letter, limit=10**6)
    before = About.objects.filter(patient=opinion.patient_id).count()
    page = sign_in(client, make_person("okafor", "Ms N Okafor", roles=[Role.IG_LEAD])).get(f"/mail/letters/{first.pk}/").content.decode()
    assert About.objects.filter(patient=opinion.patient_id).count() == before + 1
    assert "It is larger than 40 MB and was not read. It lies in the mailbox, in the folder called Too large" in page


def test_a_delivery_report_marks_the_letter_that_did_not_arrive(box, asked):
    _, posting = asked
    made = EmailMessage()
    made["From"], made["To"] = "MAILER-DAEMON@nhs.test", f"safelight+{posting.return_tag}@nhs.test"
    made["Subject"], made["Auto-Submitted"] = "Undelivered Mail", "auto-replied"
    raw = bytes(made) + (
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
        b"gone\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.1.1\r\n--b--\r\n"
    )
    box.deliver(raw.replace(b"\n\nContent-Type: multipart", b"\nContent-Type: multipart"), sender="")
    fetch()
    assert ArrivedLetter.objects.get().placed == "returned"
    assert Posting.objects.get().returned_at
    assert b"LetterReturned" in bytes(Entry.objects.latest("seq").body)


class TestASignedAnswer:
    def signed(self, mail, opinion, *, by="opinion", words="No necrosis."):
        tls = mail.folder / "tls"
        body = EmailMessage()
        body.set_content(words)
        made = smime.signed(smime.with_crlf(bytes(body)), smime.Signer.of(tls / f"{by}.crt", tls / f"{by}.key"))
        head = f"From: {SENDER}\r\nTo: {plus(opinion)}\r\nMessage-ID: <{uuid4()}@nhs.test>\r\n".encode()
        return head + made

    def test_is_the_senders_where_the_certificate_says_so(self, box, asked):
        box.deliver(self.signed(box, asked[0]))
        fetch()
        assert ArrivedLetter.objects.get().signed
        assert words_of(Answer.objects.get()) == "No necrosis."

    def test_goes_to_a_person_where_the_certificate_is_anothers(self, box, asked):
        box.deliver(self.signed(box, asked[0], by="sender"))
        fetch()
        assert (ArrivedLetter.objects.get().why, Answer.objects.count()) == ("bad_signature", 0)

    def test_goes_to_a_person_where_a_word_was_changed(self, box, asked):
        box.deliver(self.signed(box, asked[0]).replace(b"No necrosis.", b"Necrosis!!!!"))
        fetch()
        assert (ArrivedLetter.objects.get().why, Answer.objects.count()) == ("bad_signature", 0)

    def test_goes_to_a_person_where_nobody_trusted_signed(self, box, asked, settings):
        settings.SAFELIGHT_LETTER_AUTHORITIES = box.folder / "tls" / "stranger.crt"
        box.deliver(self.signed(box, asked[0]))
        fetch()
        assert (ArrivedLetter.objects.get().why, Answer.objects.count()) == ("bad_signature", 0)


class TestAnEncryptedAnswer:
    """By openssl, as another hospital's mail program makes it."""

    @pytest.fixture
    def own(self, box, settings):
        """The site has a certificate that its letters carry."""
        tls = box.folder / "tls"
        settings.SAFELIGHT_LETTER_KEY = (tls / "sender.crt", tls / "sender.key")
        return tls

    def sealed(self, tls, opinion, entity: bytes, *, to="sender", cipher="-aes-256-cbc") -> bytes:
        made = subprocess.run(
            ["openssl", "cms", "-encrypt", cipher, str(tls / f"{to}.crt")], input=entity, check=True, capture_output=True
        ).stdout
        return f"From: {SENDER}\r\nTo: {plus(opinion)}\r\nMessage-ID: <{uuid4()}@nhs.test>\r\n".encode() + made

    def entity(self, words="No necrosis.", **headers) -> bytes:
        made = EmailMessage()
        for name, value in headers.items():
            made[name] = value
        made.set_content(words)
        return smime.with_crlf(bytes(made))

    @pytest.mark.parametrize("cipher", ["-aes-256-cbc", "-aes-256-gcm"])
    def test_is_opened_by_the_sites_own_key(self, box, asked, own, cipher):
        raw = self.sealed(own, asked[0], self.entity(), cipher=cipher)
        assert b"No necrosis." not in raw
        box.deliver(raw)
        fetch()
        assert words_of(Answer.objects.get()) == "No necrosis."
        box.deliver(raw)
        fetch()
        assert ArrivedLetter.objects.count() == 1

    @pytest.mark.parametrize(("by", "placed"), [("opinion", "answer"), ("sender", "waits")])
    def test_that_is_signed_inside_is_the_senders_where_the_certificate_says_so(self, box, asked, own, by, placed):
        inside = smime.signed(self.entity(), smime.Signer.of(own / f"{by}.crt", own / f"{by}.key"))
        box.deliver(self.sealed(own, asked[0], inside))
        fetch()
        letter = ArrivedLetter.objects.get()
        assert (letter.placed, letter.signed) == (placed, placed == "answer")

    def test_its_files_are_counted_and_kept_opened(self, box, asked, own):
        made = EmailMessage()
        made.set_content("See the photo.")
        made.add_attachment(b"a photo", maintype="image", subtype="jpeg", filename="a.jpg")
        box.deliver(self.sealed(own, asked[0], smime.with_crlf(bytes(made))))
        fetch()
        letter = ArrivedLetter.objects.get()
        assert (letter.attachments, reading.file(letter, 1).data) == (1, b"a photo")

    def test_what_is_said_inside_of_its_way_does_not_count(self, box, asked, own):
        box.deliver(self.sealed(own, asked[0], self.entity(**{"From": "a@stranger.test", "Auto-Submitted": "auto-replied"})))
        fetch()
        assert words_of(Answer.objects.get()) == "No necrosis."

    def test_a_sender_who_is_named_inside_is_nobody(self, box, asked, own):
        inside = self.entity(From=SENDER, To=plus(asked[0]))
        raw = self.sealed(own, asked[0], inside).replace(f"From: {SENDER}".encode(), b"From: a@stranger.test")
        box.deliver(raw)
        fetch()
        assert (ArrivedLetter.objects.get().why, Answer.objects.count()) == ("other_domain", 0)

    @pytest.mark.parametrize("how", ["to another", "no key is set", "changed on the way"])
    def test_that_does_not_open_goes_to_a_person(self, box, asked, own, settings, how):
        if how == "no key is set":
            settings.SAFELIGHT_LETTER_KEY = None
        raw = self.sealed(own, asked[0], self.entity(), to="opinion" if how == "to another" else "sender", cipher="-aes-256-gcm")
        if how == "changed on the way":
            at = raw.rstrip().rindex(b"\n") - 30
            raw = raw[:at] + (b"A" if raw[at : at + 1] != b"A" else b"B") + raw[at + 1 :]
        box.deliver(raw)
        fetch()
        assert (ArrivedLetter.objects.get().why, Answer.objects.count()) == ("encrypted", 0)


class TestTheMailbox:
    @pytest.mark.parametrize(("wrong", "fault"), [("authorities", CourierNotTrusted), ("secret", CourierAway), ("port", CourierAway)])
    def test_is_not_read_where_it_cannot_prove_itself_or_does_not_let_in(self, box, asked, settings, wrong, fault):
        values = {"authorities": None, "secret": box.secret(said="wrong"), "port": 9}
        settings.SAFELIGHT_MAILBOX = settings.SAFELIGHT_MAILBOX | {wrong: values[wrong]}
        with pytest.raises(fault):
            fetch()

    def test_is_read_by_a_token_too(self, box, asked, settings):
        box.deliver(reply(to=plus(asked[0])))
        settings.SAFELIGHT_MAILBOX = settings.SAFELIGHT_MAILBOX | {"secret": box.secret(said=box.token()), "sign_in": "xoauth2"}
        fetch()
        assert Answer.objects.count() == 1

    @pytest.mark.parametrize("how", [{"minutes": -5}, {"user": SENDER}])
    def test_is_not_read_by_a_token_that_is_too_old_or_of_another(self, box, asked, settings, how):
        settings.SAFELIGHT_MAILBOX = settings.SAFELIGHT_MAILBOX | {"secret": box.secret(said=box.token(**how)), "sign_in": "xoauth2"}
        with pytest.raises(CourierAway):
            fetch()

    def test_is_left_alone_where_none_is_set_up(self, settings):
        settings.SAFELIGHT_MAILBOX = None
        assert mailbox.configured() is None
        fetch()


class TestAPersonFilesIt:
    @pytest.fixture
    def lead(self):
        return actor_of(make_person("okafor", "Ms N Okafor", roles=[Role.IG_LEAD]))

    @pytest.fixture
    def waiting(self, box, asked):
        box.deliver(reply(to="safelight@nhs.test"))
        fetch()
        return ArrivedLetter.objects.get()

    def file(self, by, letter, opinion):
        said = answering.say(uuid4(), quick=None, words="No necrosis.")
        return file_letter(by=by, letter_id=letter.pk, opinion_id=opinion.pk, said=said, now=clock.now())

    def test_to_a_question_that_was_asked_of_the_senders_domain(self, lead, waiting, asked):
        letter, offered = read_letter(by=lead, letter_id=waiting.pk, now=clock.now())
        assert (letter.pk, [one.pk for one in offered]) == (waiting.pk, [asked[0].pk])
        answer = self.file(lead, waiting, asked[0])
        assert (answer.by_guest, answer.opinion_id) == (True, asked[0].pk)
        with pytest.raises(LetterPlacedAlready):
            self.file(lead, waiting, asked[0])
        with pytest.raises(LetterPlacedAlready):
            set_letter_aside(by=lead, letter_id=waiting.pk, now=clock.now())
        assert Answer.objects.count() == 1

    def test_never_to_a_question_of_another_domain(self, lead, waiting, shareable):
        other = ask_guest(shareable, address="r.patel@partner.test")
        with pytest.raises(NotFound):
            self.file(lead, waiting, other)
        assert ArrivedLetter.objects.get().placed == "waits"

    def test_and_nobody_but_the_lead(self, waiting, asked, lead, shareable):
        for by in (shareable.record.by, replace(lead, roles=frozenset({Role.ADMINISTRATOR}))):
            with pytest.raises(NotYoursToPlace):
                read_letter(by=by, letter_id=waiting.pk, now=clock.now())
            with pytest.raises(NotYoursToPlace):
                self.file(by, waiting, asked[0])
            with pytest.raises(NotYoursToPlace):
                set_letter_aside(by=by, letter_id=waiting.pk, now=clock.now())

    def test_or_sets_it_aside(self, lead, waiting, asked):
        set_letter_aside(by=lead, letter_id=waiting.pk, now=clock.now())
        assert ArrivedLetter.objects.get().placed == "set_aside"
        with pytest.raises(LetterPlacedAlready):
            self.file(lead, waiting, asked[0])
