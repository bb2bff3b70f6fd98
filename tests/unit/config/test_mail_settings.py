"""Mail is set up whole and over TLS, or Safelight does not start."""

import pytest
from django.core.management import CommandError, call_command
from tests.servers.mail import Authority

from safelight.config import environment
from safelight.config.checks import letters_leave_the_house, mail_can_be_trusted
from safelight.config.environment import EnvironmentIncomplete

WHOLE = {
    "SAFELIGHT_SECRET_KEY": "s" * 50,
    "SAFELIGHT_ADDRESS": "https://photos.hospital.example",
    "SAFELIGHT_DATA": "/srv/safelight/data",
    "SAFELIGHT_KEYS": "/srv/keys",
    "SAFELIGHT_SITE": "st-elsewhere",
}
MAIL = {
    "SAFELIGHT_MAIL_SERVER": "smtp+starttls://relay.hospital.example:587",
    "SAFELIGHT_MAIL_SENDER": "safelight@hospital.example",
    "SAFELIGHT_MAIL_SECRET_FILE": "/srv/keys/mail",
}


@pytest.fixture
def given(monkeypatch):
    def give(**more: str) -> environment.Environment:
        for name, value in {**WHOLE, **more}.items():
            monkeypatch.setenv(name, value)
        return environment.read()

    return give


def test_without_a_server_there_is_no_mail(given):
    read = given()
    assert (read.courier(name="St Elsewhere's"), read.mailbox()) == (None, None)


def test_says_what_courier_and_mailbox_are_told(given):
    read = given(**MAIL, SAFELIGHT_MAIL_REPLIES="imaps://box.hospital.example", SAFELIGHT_MAIL_SIGN_IN="xoauth2")
    courier, box = read.courier(name="St Elsewhere's"), read.mailbox()
    assert courier is not None
    assert box is not None
    assert (courier["server"], courier["user"], courier["sign_in"]) == (
        MAIL["SAFELIGHT_MAIL_SERVER"],
        "safelight@hospital.example",
        "xoauth2",
    )
    assert (box["host"], box["port"]) == ("box.hospital.example", 993)


@pytest.mark.asvs("12.3.2")
@pytest.mark.parametrize("server", ["smtp://relay.hospital.example", "relay.hospital.example", "http://relay.hospital.example", "smtps://"])
def test_refuses_a_relay_without_tls(given, server):
    with pytest.raises(EnvironmentIncomplete, match="SAFELIGHT_MAIL_SERVER"):
        given(**MAIL | {"SAFELIGHT_MAIL_SERVER": server})


@pytest.mark.parametrize("box", ["imap://box.hospital.example", "box.hospital.example"])
def test_refuses_a_mailbox_without_tls(given, box):
    with pytest.raises(EnvironmentIncomplete, match="SAFELIGHT_MAIL_REPLIES"):
        given(**MAIL, SAFELIGHT_MAIL_REPLIES=box)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"SAFELIGHT_MAIL_SERVER": MAIL["SAFELIGHT_MAIL_SERVER"]}, "MAIL_SENDER and SAFELIGHT_MAIL_SECRET_FILE"),
        ({"SAFELIGHT_MAIL_REPLIES": "imaps://box.hospital.example"}, "need SAFELIGHT_MAIL_SERVER"),
        (MAIL | {"SAFELIGHT_MAIL_KEY_FILE": "/srv/keys/letters.key"}, "come together"),
        (MAIL | {"SAFELIGHT_MAIL_SENDER": 'a@b.example"\r\nBcc: c@d.example'}, "SAFELIGHT_MAIL_SENDER"),
    ],
)
def test_says_what_is_missing(given, more, says):
    with pytest.raises(EnvironmentIncomplete, match=says):
        given(**more)


class TestTheCheck:
    @pytest.fixture
    def smtp(self, settings, tmp_path):
        authority = Authority(tmp_path)
        (tmp_path / "other").mkdir()
        Authority(tmp_path / "other")
        choice = {
            "adapter": "safelight.sharing.adapters.smtp.SmtpCourier",
            "server": "smtps://localhost:465",
            "sender": "safelight@nhs.test",
            "user": "safelight@nhs.test",
            "secret": tmp_path / "secret",
            "authorities": authority.file,
        }

        def give(**changes):
            settings.SAFELIGHT_COURIER = choice | changes
            return [fault.id for fault in mail_can_be_trusted(None)]

        return give

    def test_finds_nothing_where_mail_is_right_or_off(self, smtp, settings):
        assert smtp() == []
        settings.SAFELIGHT_COURIER = None
        assert mail_can_be_trusted(None) == []

    def test_refuses_to_start_with_tls_off_authorities_gone_or_a_key_of_another(self, smtp, tmp_path):
        (tmp_path / "empty.crt").write_text("")
        for wrong in (
            {"server": "smtp://localhost:25"},
            {"authorities": tmp_path / "gone.crt"},
            {"authorities": tmp_path / "empty.crt"},
            {"certificate": tmp_path / "ca.crt", "key": tmp_path / "other" / "ca.key"},
            {"sender": "nobody"},
        ):
            assert smtp(**wrong) == ["safelight.E002"], wrong
        with pytest.raises(CommandError, match="Mail is set up wrongly"):
            call_command("check")

    def test_refuses_a_folder_of_letters_in_a_deployment(self, settings, tmp_path):
        settings.SAFELIGHT_COURIER = {
            "adapter": "safelight.sharing.adapters.folder.FolderCourier",
            "folder": tmp_path,
            "sender": "a@b.test",
        }
        assert [fault.id for fault in letters_leave_the_house(None)] == ["safelight.E120"]
        settings.SAFELIGHT_COURIER = None
        assert letters_leave_the_house(None) == []


OWN = {
    "SAFELIGHT_MAIL_SERVER": MAIL["SAFELIGHT_MAIL_SERVER"],
    "SAFELIGHT_MAIL_SENDER": MAIL["SAFELIGHT_MAIL_SENDER"],
    "SAFELIGHT_MAIL_REPLIES": "imaps://box.hospital.example",
    "SAFELIGHT_MAIL_SIGN_IN": "xoauth2",
    "SAFELIGHT_MAIL_TOKEN_ENDPOINT": "https://login.example/tenant/oauth2/v2.0/token",
    "SAFELIGHT_MAIL_CLIENT_ID": "safelight",
    "SAFELIGHT_MAIL_CLIENT_SECRET_FILE": "/srv/keys/client",
}


class TestTokens:
    def test_are_said_to_courier_and_mailbox_alike(self, given):
        read = given(**OWN)
        courier, box = read.courier(name="St Elsewhere's"), read.mailbox()
        assert courier is not None
        assert box is not None
        assert courier["tokens"] == box["tokens"]
        assert (courier["secret"], dict(courier["tokens"])["client"]) == (None, "safelight")

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"SAFELIGHT_MAIL_CLIENT_ID": ""}, "needs SAFELIGHT_MAIL_CLIENT_ID"),
            ({"SAFELIGHT_MAIL_CLIENT_SECRET_FILE": None}, "needs SAFELIGHT_MAIL_CLIENT_SECRET_FILE or _MAIL_REFRESH_TOKEN_FILE"),
            ({"SAFELIGHT_MAIL_SIGN_IN": "password"}, "goes with SAFELIGHT_MAIL_SIGN_IN=xoauth2"),
            ({"SAFELIGHT_MAIL_SECRET_FILE": "/srv/keys/mail"}, "without _MAIL_SECRET_FILE"),
            ({"SAFELIGHT_MAIL_TOKEN_ENDPOINT": "http://login.example/token"}, "must begin with https"),
            ({"SAFELIGHT_MAIL_TOKEN_ENDPOINT": None, "SAFELIGHT_MAIL_SECRET_FILE": "/srv/keys/mail"}, "need SAFELIGHT_MAIL_TOKEN_ENDPOINT"),
        ],
    )
    def test_that_are_set_up_in_part_are_named(self, given, more, says):
        with pytest.raises(EnvironmentIncomplete, match=says):
            given(**{name: value for name, value in (OWN | more).items() if value is not None})
