"""Letters through the real relay: what goes out, how it is protected, and what happens while the relay cannot take it."""

import inspect
from datetime import timedelta
from email import message_from_bytes, policy
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from tests.factories.guests import ask_guest, take_list, write
from tests.factories.sharing import make_shareable
from tests.factories.staff import actor_of, make_person, sign_in

from safelight.audit.models import Entry
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Role
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.sharing import mail_tasks
from safelight.sharing.actions.add_certificate import add_certificate
from safelight.sharing.actions.note_letter_not_sent import note_letter_not_sent
from safelight.sharing.actions.promise_letters import promise_letters
from safelight.sharing.actions.take_back import take_back
from safelight.sharing.mail import certifying, rules
from safelight.sharing.mail_errors import NotAccredited
from safelight.sharing.models import Posting
from safelight.sharing.rules import Ended

pytestmark = pytest.mark.django_db
NOBODY_LISTENS = 1
HERE, AWAY = "opinion@nhs.test", "colleague@elsewhere.test"


@pytest.fixture
def relay(settings, mail):
    """The site's relay is the real one."""

    def use(port="starttls", **other):
        tls = mail.folder / "tls"
        settings.SAFELIGHT_COURIER = {
            "adapter": "safelight.sharing.adapters.smtp.SmtpCourier",
            "server": f"smtp+starttls://localhost:{mail.ports.get(port, port)}",
            "sender": "safelight@nhs.test",
            "name": "St Elsewhere's",
            "user": "safelight@nhs.test",
            "secret": mail.secret(),
            "authorities": mail.ca,
            **({"certificate": tls / "sender.crt", "key": tls / "sender.key"} if other.pop("signs", False) else {}),
            **other,
        }

    use()
    return use


@pytest.fixture
def shareable():
    take_list("nhs.test")
    return make_shareable(photos=2, yes=(1, 2, 3))


def came(mail, name):
    return [message_from_bytes(raw, policy=policy.default) for raw in mail.received(name)]


def each_minute() -> None:
    inspect.unwrap(mail_tasks.send_all_due)("now")


def keep_certificate(mail, address) -> None:
    pem = (mail.folder / "tls" / "opinion.crt").read_bytes()
    by = actor_of(make_person("okafor", roles=[Role.IG_LEAD]))
    add_certificate(by=by, said=certifying.prepare(uuid4(), address=address, pem=pem), now=clock.now())


@pytest.mark.requirement("G1")
def test_covered_photos_go_in_a_letter_with_the_readers_name_and_nothing_of_the_patient(relay, mail, shareable):
    write(ask_guest(shareable, address=HERE, by_letter=True))
    (letter,) = came(mail, HERE)
    photos = list(letter.iter_attachments())
    assert [one.get_filename() for one in photos] == ["photo-1.jpg", "photo-2.jpg"]
    for one in photos:
        data = one.get_content()
        assert data[:2] == b"\xff\xd8"
        assert b"Exif" not in data
    whole = letter.as_string()
    for hidden in ("SAMPLE", "9990000018", "#"):
        assert hidden not in whole
    assert "necrotising" in letter.get_body(("plain",)).get_content()
    assert letter["Subject"] == "A colleague asks for your opinion"
    assert b'"copies":2' in bytes(Entry.objects.latest("seq").body)
    client = sign_in(Client(), shareable.record.person)
    page = client.get(f"/opinions/{Posting.objects.get().opinion_id}/letters/").content.decode()
    assert "2 photos are in it: they cannot be taken back any more" in page


@pytest.mark.requirement("G4")
def test_a_set_that_is_too_large_goes_in_several_letters(relay, mail, shareable, monkeypatch):
    plain = rules.split
    monkeypatch.setattr(rules, "split", lambda sizes: plain(sizes, most=max(sizes) + 10))
    postings = write(ask_guest(shareable, address=HERE, by_letter=True))
    assert [len(posting.items) for posting in postings] == [1, 1]
    letters = came(mail, HERE)
    assert sorted(one.get_filename() for letter in letters for one in letter.iter_attachments()) == ["photo-1.jpg", "photo-2.jpg"]
    assert len({letter["Message-ID"] for letter in letters}) == 2


@pytest.mark.parametrize(
    ("sizes", "parts"), [([], []), ([3], [[0]]), ([3, 7, 1], [[0, 1], [2]]), ([11, 1], [[0], [1]]), ([5, 5, 5, 5], [[0, 1], [2, 3]])]
)
def test_photos_are_split_in_order_and_none_is_left_out(sizes, parts):
    assert rules.split(sizes, most=10) == parts


@pytest.mark.requirement("G3")
class TestSomebodyWhoIsNotAccredited:
    def test_is_never_written_to_where_nothing_encrypts(self, relay, shareable):
        with pytest.raises(NotAccredited):
            ask_guest(shareable, address=AWAY, by_letter=True)

    def test_gets_a_letter_that_the_relay_encrypts_and_never_a_link(self, relay, mail, shareable, settings):
        settings.SAFELIGHT_SECURE_TRIGGER = True
        write(ask_guest(shareable, address=AWAY, by_letter=True))
        assert came(mail, AWAY)[0]["Subject"] == "[secure] A colleague asks for your opinion"
        with pytest.raises(NotAccredited):
            ask_guest(shareable, address=AWAY)

    def test_gets_no_letter_when_the_site_switches_the_trigger_off_before_it_leaves(self, relay, mail, shareable, settings):
        settings.SAFELIGHT_SECURE_TRIGGER = True
        opinion = ask_guest(shareable, address=AWAY, by_letter=True)
        settings.SAFELIGHT_SECURE_TRIGGER = False
        (posting,) = write(opinion)
        assert (posting.refused_why, came(mail, AWAY)) == ("sharing.not_accredited", [])

    def test_needs_no_trigger_where_the_letter_is_encrypted_here(self, relay, mail, settings):
        relay(signs=True)
        take_list("partner.test")
        keep_certificate(mail, HERE)
        shareable = make_shareable(yes=(1, 2, 3))
        write(ask_guest(shareable, address=HERE, by_letter=True))
        (letter,) = came(mail, HERE)
        assert letter["Subject"] == "A colleague asks for your opinion"
        assert letter.get_content_type() == "application/pkcs7-mime" or letter.get_content_type() == "application/x-pkcs7-mime"
        assert b'"encrypted":true' in bytes(Entry.objects.latest("seq").body)


def test_a_certificate_is_not_used_by_a_site_that_cannot_sign(relay, mail, shareable):
    keep_certificate(mail, HERE)
    write(ask_guest(shareable, address=HERE))
    assert came(mail, HERE)[0].get_content_type() == "text/plain"


@pytest.mark.requirement("G9")
@pytest.mark.one_database  # ten seconds of silence on the wire
def test_a_relay_that_is_down_for_a_day_gets_the_letter_once_when_it_is_back(relay, mail, shareable):
    relay("policy")  # a port where nothing speaks mail
    opinion = ask_guest(shareable, address=HERE)
    began = clock.now()
    (posting,) = write(opinion)
    assert (posting.tries, posting.refused_why, posting.sent_at) == (1, "sharing.courier_away", None)
    with time_machine.travel(began + timedelta(seconds=10), tick=False):
        each_minute()
        assert Posting.objects.get().tries == 1  # not before its time
    at = began
    while at < began + timedelta(hours=23):
        at = max(Posting.objects.get().next_try_at, at + timedelta(minutes=1))
        note_letter_not_sent(
            by=WORKER, posting_id=posting.pk, tries=Posting.objects.get().tries, why="sharing.courier_away", for_good=False, now=at
        )
    assert 28 < Posting.objects.get().tries < 40
    relay("starttls")
    with time_machine.travel(began + timedelta(hours=25), tick=False):
        each_minute()
        each_minute()
    posting = Posting.objects.get()
    assert posting.sent_at == began + timedelta(hours=25)
    assert [letter["Message-ID"] for letter in came(mail, HERE)] == [posting.message_id]


def test_a_letter_is_given_up_after_five_days(relay, mail, shareable):
    relay(NOBODY_LISTENS)
    (posting,) = write(ask_guest(shareable, address=HERE))
    with time_machine.travel(clock.now() + timedelta(days=5, minutes=1), tick=False):
        each_minute()
    posting.refresh_from_db()
    assert posting.refused_at
    assert posting.refused_why == "sharing.courier_away"


def test_a_greylisting_relay_is_tried_again_by_itself(relay, mail, shareable):
    relay("greylisting")
    mail.greylist.refusals = 1
    (posting,) = write(ask_guest(shareable, address=HERE))
    assert posting.sent_at is None
    with time_machine.travel(clock.now() + timedelta(seconds=20), tick=False):
        each_minute()
    assert Posting.objects.get().sent_at
    assert len(came(mail, HERE)) == 1


def test_a_mailbox_that_there_is_not_is_refused_for_good_and_the_asker_sees_it(relay, mail, shareable):
    (posting,) = write(ask_guest(shareable, address="nobody@nhs.test"))
    assert (posting.refused_why, posting.sent_at, posting.refused_at is None) == ("sharing.courier_refused", None, False)
    each_minute()
    assert Posting.objects.get().tries == 1


def test_a_letter_that_waits_is_not_sent_once_the_question_is_taken_back(relay, mail, shareable):
    relay(NOBODY_LISTENS)
    opinion = ask_guest(shareable, address=HERE)
    write(opinion)
    take_back(by=shareable.record.by, opinion_id=opinion.pk, why=Ended.ASKER, now=clock.now())
    relay("starttls")
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        each_minute()
    assert (Posting.objects.get().refused_why, came(mail, HERE)) == ("sharing.opinion_over", [])


def test_letters_are_promised_once_and_a_failure_is_counted_once(relay, shareable):
    opinion = ask_guest(shareable, address=HERE)
    (posting,) = write(opinion)
    with pytest.raises(NotPossibleNow):
        promise_letters(by=WORKER, opinion_id=opinion.pk, parts=((uuid4(), "<x@nhs.test>", ()),), now=clock.now())
    with pytest.raises(NotPossibleNow):
        note_letter_not_sent(by=WORKER, posting_id=posting.pk, tries=0, why="x", for_good=True, now=clock.now())
    assert Posting.objects.count() == 1


def test_the_next_try_comes_later_each_time_and_within_the_hour():
    now = clock.now()
    pauses = [(rules.next_try(tries, now=now) - now).total_seconds() for tries in range(12)]
    assert pauses[:4] == [15, 30, 60, 120]
    assert pauses == sorted(pauses)
    assert max(pauses) == rules.next_try(999, now=now).timestamp() - now.timestamp() == 3600
