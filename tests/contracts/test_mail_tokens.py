"""Relay and mailbox are opened by tokens of a real service: got, renewed in time, renewed once where one is refused, and never kept."""

from pathlib import Path

import pytest
from tests.contracts.courier import TO, letter
from tests.servers import tokens as service

from safelight.sharing.adapters.smtp import SmtpCourier
from safelight.sharing.mail import tokens
from safelight.sharing.mail.mailbox import Box, Where
from safelight.sharing.mail.tokens import BEFORE_IT_ENDS, Tokens
from safelight.sharing.ports import CourierAway

USER = "safelight@nhs.test"
HOUR = 3600.0


@pytest.fixture(scope="module")
def _service(_mail_servers):
    service.needed()
    with service.running(_mail_servers) as running:
        yield running


@pytest.fixture
def login(_service):
    """The service, with nothing wrong."""
    _service.set(fault="none", client="back")
    return _service


@pytest.fixture
def given(login, tmp_path):
    """What the settings say: in Safelight's own name, or (`refresh`) in that of whoever signed in once."""
    (tmp_path / "secret").write_text(service.SECRET + "\n")

    def give(*, refresh: str = "") -> tokens.Issuer:
        said: tokens.Issuer = {"endpoint": login.endpoint, "client": "safelight", "secret": tmp_path / "secret", "scope": "mail"}
        if refresh:
            (tmp_path / "refresh").write_text(refresh)
            said["refresh"] = tmp_path / "refresh"
        return said

    return give


@pytest.fixture
def send(mail):
    def go(said: tokens.Issuer) -> None:
        server = f"smtp+starttls://localhost:{mail.ports['starttls']}"
        courier = SmtpCourier(server=server, sender=USER, user=USER, secret=None, sign_in="xoauth2", tokens=said, authorities=mail.ca)
        courier.send(letter(), message_id="<a@nhs.test>")

    return go


@pytest.fixture
def fetch(mail):
    def go(said: tokens.Issuer) -> int:
        where = Where(
            host="localhost", port=mail.ports["imaps"], user=USER, secret=None, sign_in="xoauth2", tokens=said, authorities=mail.ca
        )
        with Box.open(where) as box:
            return len(list(box.letters()))

    return go


def test_one_token_opens_relay_and_mailbox(given, send, fetch, mail, login):
    before = login.given()["client_credentials"]
    said = given()
    send(said)
    mail.deliver(b"Subject: x\r\n\r\nx\r\n")
    assert fetch(said) == 1
    assert len(mail.received(TO)) == 1
    assert login.given()["client_credentials"] == before + 1


@pytest.mark.parametrize("fault", ["expired", "somebody"])
@pytest.mark.parametrize("way", ["send", "fetch"])
def test_a_token_that_is_refused_is_renewed_once(request, given, login, fault, way):
    said, go = given(), request.getfixturevalue(way)
    login.set(fault=fault)
    tokens.of(said).current()  # held for good: by the service's word it lives an hour
    login.set(fault="none")
    before = login.given()["client_credentials"]
    go(said)
    assert login.given()["client_credentials"] == before + 1


@pytest.mark.parametrize("way", ["send", "fetch"])
def test_a_service_whose_tokens_are_all_refused_is_asked_twice_and_no_more(request, given, login, mail, way):
    login.set(fault="expired")
    before = login.given()["client_credentials"]
    with pytest.raises(CourierAway):
        request.getfixturevalue(way)(given())
    assert login.given()["client_credentials"] == before + 2
    assert mail.received(TO) == []


@pytest.mark.parametrize("way", ["send", "fetch"])
def test_a_client_that_was_revoked_gets_none_and_the_letter_waits(request, given, login, way):
    login.set(client="gone")
    with pytest.raises(CourierAway):
        request.getfixturevalue(way)(given())
    login.set(client="back")
    request.getfixturevalue(way)(given())


def test_a_secret_that_is_wrong_or_gone_gets_none(given, tmp_path):
    said = given()
    for spoil in (lambda file: file.write_text("wrong"), Path.unlink):
        spoil(tmp_path / "secret")
        with pytest.raises(CourierAway):
            Tokens(**said).current()


def test_a_service_that_is_not_there_or_answers_something_else_gets_none(given, login):
    for endpoint in ("http://127.0.0.1:9/token", login.endpoint.replace("/token", "/__count")):
        with pytest.raises(CourierAway):
            Tokens(**(given() | {"endpoint": endpoint})).current()


def test_is_renewed_before_it_ends_and_not_sooner(given):
    at = 0.0
    source = Tokens(**given(), seconds=lambda: at)
    first = source.current()
    at = HOUR - BEFORE_IT_ENDS - 1
    assert source.current() == first
    at = HOUR - BEFORE_IT_ENDS
    assert source.current() != first


def test_a_refresh_token_is_replaced_by_the_one_that_comes_with_the_answer(given, fetch, login, tmp_path):
    said = given(refresh=login.refresh)
    fetch(said)
    kept = (tmp_path / "refresh").read_text()
    assert kept not in {"", login.refresh}
    assert (tmp_path / "refresh").stat().st_mode & 0o077 == 0
    assert Tokens(**said).current()  # as after a restart
    assert (tmp_path / "refresh").read_text() not in {kept, login.refresh}


def test_no_token_lies_in_a_file_or_in_the_log(given, tmp_path, capsys, login):
    said = given()
    source = Tokens(**said)
    token = source.current()
    login.set(client="gone")
    source.refused(token)
    with pytest.raises(CourierAway):
        source.current()
    written = capsys.readouterr()
    for text in (written.out, written.err, *(file.read_text() for file in tmp_path.rglob("*") if file.is_file())):
        assert token not in text
    assert service.SECRET not in written.out + written.err
