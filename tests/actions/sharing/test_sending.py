"""What leaves: encrypted for one browser, signed for one gateway, and never a word about the patient."""

import inspect
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from tests.factories.notices import make_push, make_question, make_webhook
from tests.factories.staff import make_person
from tests.factories.teams import make_team
from tests.servers.listening import listening
from tests.simulators.browser_push import Browser, sent_by

from safelight.audit.models import Entry
from safelight.kernel import clock
from safelight.sharing import notice_tasks
from safelight.sharing.models import Channel, Notice, Opinion, Urgency
from safelight.sharing.models.notices import Says
from safelight.sharing.notice_errors import AddressNotListed, BadAddress, ChannelGone, NoPushHere, NoticeAway, NoticeRefused
from safelight.sharing.notices import push_key, rules, sending, web_push, webhook
from safelight.sharing.notices.places import require_listed
from safelight.sharing.notices.webhook import Hook, signature

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
PATIENT = ("SAMPLE", "Sample", "9990000018", "0000018", "1970", "Lamp Street")


@pytest.fixture
def heard(settings, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    push_key.make(settings.SAFELIGHT_PUSH_KEY)
    settings.SAFELIGHT_PUSH_CONTACT = "it@hospital.example"
    settings.SAFELIGHT_PUSH_HOSTS = settings.SAFELIGHT_WEBHOOK_HOSTS = ("127.0.0.1",)
    with listening() as server:
        yield server


@pytest.fixture
def lim():
    return make_person("lim", "Mr C Lim")


def _send_all() -> None:
    for notice in Notice.objects.filter(kind__in=["push", "webhook"], sent_at=None, given_up_at=None):
        if inspect.unwrap(notice_tasks.deliver_notice)(str(notice.pk)):
            inspect.unwrap(notice_tasks.note_delivery)(str(notice.pk))


@pytest.mark.requirement("G10")
def test_a_push_is_encrypted_for_its_browser_alone_and_says_nothing_of_the_patient(heard, lim):
    browser = Browser(f"{heard.address}/push/1")
    make_push(browser.subscription, person=lim)
    question = make_question(team=make_team(people=(lim,)))
    _send_all()
    [(path, headers, body)] = heard.came
    notice = Notice.objects.get(kind="push")
    assert path == "/push/1"
    assert browser.read(body) == {"notice": str(notice.pk), "says": "urgent", "open": f"/o/{question.public_id}/"}
    assert (headers["content-encoding"], headers["urgency"], headers["topic"]) == ("aes128gcm", "high", notice.pk.hex)
    assert notice.sent_at is not None
    with pytest.raises(InvalidTag):
        Browser(heard.address).read(body)


def test_a_push_is_sent_in_the_sites_name(heard, lim, settings):
    make_push(Browser(f"{heard.address}/push/1").subscription, person=lim)
    make_question(person=lim)
    _send_all()
    key, claims = sent_by(heard.came[0][1]["authorization"])
    assert key == web_push.public_key(settings.SAFELIGHT_PUSH_KEY)
    assert claims["sub"] == "mailto:it@hospital.example"
    assert claims["aud"] == "http://127.0.0.1"


@pytest.mark.requirement("G10")
def test_a_gateway_is_called_with_a_signature_and_nothing_of_the_patient(heard, lim):
    team = make_team(people=(lim,))
    make_webhook(f"{heard.address}/pager", team=team)
    question = make_question(team=team)
    _send_all()
    [(path, headers, body)] = heard.came
    said = json.loads(body)
    assert path == "/pager"
    assert said == {
        "notice": str(Notice.objects.get(kind="webhook").pk),
        "says": "urgent",
        "text": f"An urgent question is waiting for Burns on call. Open it: http://localhost/o/{question.public_id}/",
        "open": f"http://localhost/o/{question.public_id}/",
        "urgent": "yes",
        "team": "Burns on call",
        "phone": "4321",
    }
    assert not [word for word in PATIENT if word in body.decode()]
    seconds, _, given = headers["safelight-signature"].removeprefix("t=").partition(",v1=")
    assert given == signature("a secret that both know", seconds, body)
    assert headers["safelight-notice"] == said["notice"]


def test_what_fails_is_tried_again_after_2_4_and_up_to_128_seconds_with_the_same_name(heard, lim, time_machine):
    time_machine.move_to(NOW, tick=False)
    make_webhook(f"{heard.address}/pager", team=make_team(people=(lim,)))
    make_question(team=Channel.objects.get().team)
    heard.answers = [500, 503, 429, 408, 500, 500, 500, 500]
    waits = []
    for _ in range(8):
        _send_all()
        waits.append(Notice.objects.get(kind="webhook").due_at - clock.now())
    assert waits == [*(timedelta(seconds=2**n) for n in range(1, 8)), timedelta(minutes=15)]
    _send_all()
    notice = Notice.objects.get(kind="webhook")
    assert (notice.tries, notice.failed, notice.sent_at) == (8, "", NOW)
    assert {headers["safelight-notice"] for _, headers, _ in heard.came} == {str(notice.pk)}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 302, 307])
def test_what_is_refused_for_good_is_given_up_and_said(heard, lim, status):
    make_webhook(f"{heard.address}/pager", team=make_team(people=(lim,)))
    make_question(team=Channel.objects.get().team)
    heard.answers = [status]
    _send_all()
    _send_all()
    notice = Notice.objects.get(kind="webhook")
    assert notice.given_up_at is not None
    assert notice.failed in {NoticeRefused.code, ChannelGone.code}
    assert [path for path, *_ in heard.came] == ["/pager"]
    assert Channel.objects.get().failed == notice.failed


def test_a_slow_gateway_is_not_waited_for(heard, lim, monkeypatch):
    monkeypatch.setattr(webhook, "SECONDS", 0.2)
    heard.pause = 0.6
    make_webhook(f"{heard.address}/pager", team=make_team(people=(lim,)))
    make_question(team=Channel.objects.get().team)
    _send_all()
    assert (Notice.objects.get(kind="webhook").failed, Notice.objects.get(kind="webhook").tries) == (NoticeAway.code, 1)


def test_a_gateway_that_is_not_there_is_tried_again(lim, settings):
    settings.SAFELIGHT_WEBHOOK_HOSTS = ("127.0.0.1",)
    with listening() as server:
        address = server.address
    make_webhook(address, team=make_team(people=(lim,)))
    make_question(team=Channel.objects.get().team)
    _send_all()
    assert Notice.objects.get(kind="webhook").failed == NoticeAway.code


def test_a_try_that_is_noted_twice_counts_once(heard, lim):
    make_webhook(f"{heard.address}/pager", team=make_team(people=(lim,)))
    make_question(team=Channel.objects.get().team)
    notice = Notice.objects.get(kind="webhook")
    errand = sending.errand(None, notice.pk, now=clock.now())
    notice_tasks._note_failure(errand, "x", for_good=False)
    notice_tasks._note_failure(errand, "x", for_good=False)
    assert Notice.objects.get(pk=notice.pk).tries == 1
    assert Entry.objects.filter(action="sharing.note_notice_failed", outcome="done").count() == 1
    for _ in range(2):
        inspect.unwrap(notice_tasks.note_delivery)(str(notice.pk))
    assert Notice.objects.get(pk=notice.pk).sent_at is not None


@pytest.mark.parametrize(
    "change",
    [
        {"state": "taken_back", "ended_at": NOW, "ended_why": "asker"},
        {"state": "expired", "ended_at": NOW, "ended_why": "time"},
        {"state": "answered", "answered_at": NOW},
        {"on_it_at": NOW, "on_it_by": uuid4()},
    ],
)
def test_nothing_is_sent_of_what_was_taken_back_or_answered_meanwhile(heard, lim, change):
    make_webhook(f"{heard.address}/pager", team=make_team(people=(lim,)))
    question = make_question(team=Channel.objects.get().team)
    Opinion.objects.filter(pk=question.pk).update(**change)
    _send_all()
    assert heard.came == []


def test_a_push_that_is_not_urgent_says_so(heard, lim):
    make_push(Browser(f"{heard.address}/push/1").subscription, person=lim)
    make_question(person=lim, urgency=Urgency.ROUTINE)
    _send_all()
    assert heard.came[0][1]["urgency"] == "normal"


def test_a_browser_that_has_gone_is_noted(heard, lim):
    make_push(Browser(f"{heard.address}/push/1").subscription, person=lim)
    make_question(person=lim)
    heard.answers = [410]
    _send_all()
    assert Channel.objects.get().failed == ChannelGone.code


def test_no_push_goes_out_where_the_site_has_not_switched_it_on(heard, lim, settings):
    make_push(Browser(f"{heard.address}/push/1").subscription, person=lim)
    make_question(person=lim)
    settings.SAFELIGHT_PUSH_CONTACT = ""
    _send_all()
    assert heard.came == []
    assert Notice.objects.get(kind="push").failed == NoPushHere.code


@pytest.mark.requirement("G1")
def test_nothing_is_sent_to_an_address_that_was_taken_off_the_list(heard, lim, settings):
    make_webhook(f"{heard.address}/pager", team=make_team(people=(lim,)))
    make_question(team=Channel.objects.get().team)
    settings.SAFELIGHT_WEBHOOK_HOSTS = ("pager.example",)
    _send_all()
    assert heard.came == []
    assert Notice.objects.get(kind="webhook").failed == AddressNotListed.code


@pytest.mark.requirement("G1")
def test_no_push_goes_to_a_service_that_was_taken_off_the_list(heard, lim, settings):
    make_push(Browser(f"{heard.address}/push/1").subscription, person=lim)
    make_question(person=lim)
    settings.SAFELIGHT_PUSH_HOSTS = ("fcm.googleapis.com",)
    _send_all()
    assert heard.came == []
    assert Notice.objects.get(kind="push").failed == AddressNotListed.code


@pytest.mark.requirement("G1")
class TestAddresses:
    """Where notices may go."""

    HOSTS = ("pager.example", ".push.example", "127.0.0.1", "sms.example:8443")

    @pytest.mark.parametrize(
        "address",
        [
            "https://pager.example/call",
            "https://pager.example:8443/call",
            "https://eu.push.example/x",
            "https://PAGER.example/x",
            "http://127.0.0.1:9/x",
            "https://sms.example:8443/",
        ],
    )
    def test_on_the_list_are_taken(self, address):
        require_listed(address, hosts=self.HOSTS)

    @pytest.mark.parametrize(
        "address",
        [
            "https://elsewhere.example/",
            "https://push.example/",
            "https://notpush.example/",
            "https://pager.example.evil.example/",
            "https://169.254.169.254/latest",
            "https://localhost/",
            "https://sms.example/",
        ],
    )
    def test_off_the_list_are_refused(self, address):
        with pytest.raises(AddressNotListed):
            require_listed(address, hosts=self.HOSTS)

    @pytest.mark.parametrize(
        "address",
        [
            "http://pager.example/",
            "ftp://pager.example/",
            "pager.example",
            "",
            "https://",
            "https://a@pager.example/",
            "https://pager.example/#x",
            "https://pager.example\\@evil.example/",
            "https://pager.example /",
            "https://pager.example:port/",
            "https://[::1/",
        ],
    )
    def test_that_are_no_encrypted_address_are_refused(self, address):
        with pytest.raises(BadAddress):
            require_listed(address, hosts=self.HOSTS)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"endpoint": "https://evil.example/"}, AddressNotListed),
        ({"p256dh": "AAAA"}, BadAddress),
        ({"p256dh": "B" * 87}, BadAddress),
        ({"auth": "AAAA"}, BadAddress),
        ({"auth": "!"}, BadAddress),
    ],
)
def test_what_a_browser_gives_is_checked_before_it_is_kept(change, error):
    good = Browser("https://fcm.googleapis.com/x").subscription
    web_push.require_good(good, hosts=("fcm.googleapis.com",))
    given = {"endpoint": good.endpoint, "p256dh": good.p256dh, "auth": good.auth} | change
    with pytest.raises(error):
        web_push.require_good(web_push.Subscription(**given), hosts=("fcm.googleapis.com",))


def test_the_sites_key_is_made_once_and_is_for_its_owner_only(tmp_path):
    file = tmp_path / "push.pem"
    push_key.make(file)
    first = file.read_bytes()
    push_key.make(file)
    assert file.read_bytes() == first
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(NoticeAway):
        web_push.public_key(tmp_path / "none.pem")


def test_addresses_and_keys_are_sealed_and_show_in_no_repr(lim):
    channel = make_webhook("https://pager.example/secret-path", team=make_team(people=(lim,)))
    assert b"secret-path" not in bytes(channel.sealed)
    assert "secret" not in repr(Hook("https://pager.example/secret-path", "secret"))
    assert "secret" not in repr(Browser("https://secret.example").subscription)
    assert repr(channel) == f"<Channel {channel.pk}>"


def test_tries_end_after_about_a_day():
    tries, now = 0, NOW
    while (again := rules.next_try(tries + 1, now=now)) is not None:
        tries, now = tries + 1, again
    assert tries == 99
    assert timedelta(hours=22) < now - NOW < timedelta(hours=24)


@pytest.mark.parametrize(
    ("says", "change", "tells"),
    [
        (Says.ANSWERED, {"state": "answered", "answered_at": NOW}, True),
        (Says.ANSWERED, {"state": "taken_back", "ended_why": "consent", "answered_at": NOW}, True),
        (Says.EXPIRED, {"state": "expired", "ended_why": "time", "expires_at": NOW}, True),
        (Says.TAKEN_BACK, {"state": "taken_back", "ended_why": "consent"}, True),
        (Says.NOT_DELIVERED, {}, True),
        (Says.NOT_DELIVERED, {"state": "taken_back", "ended_why": "asker"}, False),
        (Says.TAKEN_ON, {"on_it_at": NOW}, True),
        (Says.TAKEN_ON, {"state": "expired", "ended_why": "time"}, False),
        (Says.NOBODY_OPENED, {}, True),
        (Says.NOBODY_OPENED, {"state": "opened", "opened_at": NOW}, False),
        (Says.NOBODY_ANSWERED, {"state": "opened", "opened_at": NOW}, True),
        (Says.NOBODY_ANSWERED, {"state": "answered", "answered_at": NOW}, False),
        (Says.ASKED, {"expires_at": NOW}, False),
        (Says.URGENT, {"on_it_at": NOW}, False),
    ],
)
def test_a_notice_is_sent_only_while_it_tells_something(says, change, tells):
    row = Opinion(**{"state": "offered", "urgency": "urgent", "expires_at": NOW + timedelta(days=1)} | change)
    assert rules.still_to_tell(row, says, now=NOW) is tells
