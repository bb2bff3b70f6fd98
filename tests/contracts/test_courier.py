"""Letters by a real relay with TLS keep the contract, as do those into a folder; and what a relay can do wrong."""

import smtplib
import ssl
import subprocess
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs
from tests.contracts.courier import MIB, PHOTO, TO, CourierContract, letter, read, weighing

from safelight.sharing.adapters.folder import FolderCourier
from safelight.sharing.adapters.smtp import SmtpCourier
from safelight.sharing.mail.letters import return_tag
from safelight.sharing.mail.tls import verified
from safelight.sharing.ports import Attachment, CourierAway, CourierNotTrusted, CourierRefused, LetterTooLarge

ELSEWHERE = "colleague@elsewhere.test"


@pytest.fixture
def smtp(mail):
    def make(port="starttls", scheme="smtp+starttls", **other):
        given = {"sender": "safelight@nhs.test", "name": "St Elsewhere's, Safelight", "user": "safelight@nhs.test"}
        given |= {"secret": mail.secret(), "authorities": mail.ca}
        return SmtpCourier(server=f"{scheme}://localhost:{mail.ports[port]}", **(given | other))

    return make


class TestSmtpWithStarttls(CourierContract):
    @pytest.fixture
    def courier(self, smtp):
        return smtp()

    @pytest.fixture
    def arrived(self, mail):
        return mail.received


class TestSmtpWithImplicitTlsAndAToken(CourierContract):
    @pytest.fixture
    def courier(self, smtp, mail):
        return smtp("implicit", "smtps", secret=mail.secret(said=mail.token()), sign_in="xoauth2")

    @pytest.fixture
    def arrived(self, mail):
        return mail.received


class TestFolder(CourierContract):
    @pytest.fixture
    def courier(self, tmp_path):
        return FolderCourier(folder=tmp_path / "letters", sender="safelight@demo.test")

    @pytest.fixture
    def arrived(self, tmp_path):
        def letters(_):
            files = sorted((tmp_path / "letters").glob("*"), key=lambda file: file.stat().st_mtime_ns)
            assert all(file.suffix == ".eml" for file in files)
            return [file.read_bytes() for file in files]

        return letters


@pytest.mark.asvs("12.3.2")
@pytest.mark.parametrize("port", ["wrong_name", "unknown_ca", "no_tls"])
def test_says_nothing_to_a_relay_that_cannot_prove_itself(smtp, mail, port):
    with pytest.raises(CourierNotTrusted):
        smtp(port).send(letter(), message_id="<a@nhs.test>")
    assert mail.received(TO) == []


def test_says_nothing_to_a_relay_whose_authority_the_machine_does_not_know(smtp, mail):
    with pytest.raises(CourierNotTrusted), capture_logs() as said:
        smtp(authorities=None).send(letter(), message_id="<a@nhs.test>")
    with pytest.raises(CourierNotTrusted):
        smtp("implicit", "smtps", authorities=None).send(letter(), message_id="<a@nhs.test>")
    assert "issuer" in said[0]["certificate"]  # for whoever is to put it right
    assert mail.received(TO) == []


@pytest.mark.parametrize("server", ["smtp://localhost:25", "localhost", "http://localhost", "smtps://"])
def test_there_is_no_courier_without_tls(tmp_path, server):
    with pytest.raises(ValueError, match="smtps"):
        SmtpCourier(server=server, sender="a@nhs.test", user="a", secret=tmp_path)


@pytest.mark.asvs("12.1.1")
def test_speaks_no_tls_older_than_1_2_and_checks_names(mail):
    made = verified(mail.ca)
    assert (made.minimum_version, made.verify_mode, made.check_hostname) == (ssl.TLSVersion.TLSv1_2, ssl.CERT_REQUIRED, True)


@pytest.mark.parametrize("wrong", ["password", "no file", "expired", "of another", "of another issuer", "signed by another"])
def test_a_sign_in_that_fails_keeps_the_letter_for_later(smtp, mail, tmp_path, wrong):
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    tokens = {
        "expired": {"minutes": -5},
        "of another": {"user": TO},
        "of another issuer": {"issuer": "https://login.test/other"},
        "signed by another": {"key": generate_private_key(65537, 2048)},
    }
    if wrong in tokens:
        courier = smtp(secret=mail.secret(said=mail.token(**tokens[wrong])), sign_in="xoauth2")
    else:
        courier = smtp(secret=tmp_path / "none" if wrong == "no file" else mail.secret(said="wrong"))
    with pytest.raises(CourierAway):
        courier.send(letter(), message_id="<a@nhs.test>")
    assert mail.received(TO) == []


def test_a_recipient_whom_the_relay_refuses_keeps_the_letter_from_all(smtp, mail):
    for to in (("nobody@outside.test",), (TO, "nobody@outside.test"), ("unknown@nhs.test", TO)):
        with pytest.raises(CourierRefused):
            smtp().send(letter(to=to), message_id="<a@nhs.test>")
    assert mail.received(TO) == []
    smtp().send(letter(to=(TO, ELSEWHERE)), message_id="<both@nhs.test>")
    assert len(mail.received(TO)) == len(mail.received(ELSEWHERE)) == 1


@pytest.mark.requirement("G4")
def test_what_the_relay_announces_counts_where_the_site_would_send_more(smtp, mail):
    with pytest.raises(LetterTooLarge):
        smtp(largest=100 * MIB).send(weighing(35.1), message_id="<a@nhs.test>")
    assert mail.received(TO) == []


def test_a_relay_that_asks_to_come_again_is_tried_again(smtp, mail):
    mail.greylist.refusals = 2
    courier = smtp("greylisting")
    for _ in range(2):
        with pytest.raises(CourierAway):
            courier.send(letter(), message_id="<grey@nhs.test>")
    assert mail.received(TO) == []
    courier.send(letter(), message_id="<grey@nhs.test>")
    assert [read(raw)["Message-ID"] for raw in mail.received(TO)] == ["<grey@nhs.test>"]


def test_a_relay_that_is_not_there_keeps_the_letter_for_later(smtp, mail, monkeypatch):
    monkeypatch.setitem(mail.ports, "nobody", 9)
    with pytest.raises(CourierAway):
        smtp("nobody").send(letter(), message_id="<a@nhs.test>")


def test_what_comes_back_names_the_letter_it_is_about(smtp, mail):
    smtp().send(letter(), message_id="<about@nhs.test>")
    (raw,) = mail.received(TO)
    assert read(raw)["Return-Path"].strip("<>") == f"safelight+{return_tag('<about@nhs.test>')}@nhs.test"


def test_is_dated_by_the_clock_it_was_given(smtp, mail):
    smtp(now=lambda: datetime(2026, 11, 24, 9, 41, tzinfo=UTC)).send(letter(), message_id="<dated@nhs.test>")
    assert read(mail.received(TO)[0])["Date"] == "Tue, 24 Nov 2026 09:41:00 +0000"


def test_a_letter_for_a_known_certificate_is_signed_and_only_its_bearer_reads_it(smtp, mail, tmp_path):
    tls = mail.folder / "tls"
    courier = smtp(certificate=tls / "sender.crt", key=tls / "sender.key")
    photo = Attachment("photo-1.jpg", "image/jpeg", PHOTO)
    courier.send(letter(certificates=((tls / "opinion.crt").read_bytes(),), attachments=(photo,)), message_id="<sealed@nhs.test>")
    (raw,) = mail.received(TO)
    assert b"photo-1" not in raw
    assert read(raw)["Subject"] == "A question waits for you"
    plain, whole = tmp_path / "plain", tmp_path / "whole"
    whole.write_bytes(raw)
    key = ["-recip", tls / "opinion.crt", "-inkey", tls / "opinion.key"]
    subprocess.run(["openssl", "cms", "-decrypt", "-in", whole, *key, "-out", plain], check=True)
    for check in (["cms", "-verify"], ["smime", "-verify"]):
        said = subprocess.run(
            ["openssl", *check, "-in", plain, "-CAfile", mail.ca, "-out", tmp_path / "said"], capture_output=True, check=False
        )
        assert said.returncode == 0, said.stderr
    (got,) = read((tmp_path / "said").read_bytes()).iter_attachments()
    assert got.get_content() == PHOTO
    assert b"sha-256" in plain.read_bytes()[:400]
    asn1 = subprocess.run(["openssl", "cms", "-cmsout", "-print", "-in", whole], capture_output=True, check=True).stdout
    assert b"aes-256-cbc" in asn1
    changed = plain.read_bytes().replace(b"Open it.", b"Shut it.")
    plain.write_bytes(changed)
    assert subprocess.run(
        ["openssl", "cms", "-verify", "-in", plain, "-CAfile", mail.ca, "-out", "/dev/null"], capture_output=True, check=False
    ).returncode


def test_a_letter_to_a_certificate_is_never_sent_in_clear_by_a_site_that_has_none(smtp, mail):
    with pytest.raises(CourierRefused):
        smtp().send(letter(certificates=((mail.folder / "tls" / "opinion.crt").read_bytes(),)), message_id="<a@nhs.test>")
    assert mail.received(TO) == []


def test_nothing_of_a_letter_is_shown_where_it_is_logged():
    shown = repr(letter(attachments=(Attachment("photo-1.jpg", "image/jpeg", b"x"),)))
    assert "question" not in shown
    assert TO not in shown


def test_the_library_alone_would_have_said_the_password_in_clear(mail):
    # Why the adapter is strict: the same relay takes a sign-in without TLS from a client that does not insist.
    with smtplib.SMTP("localhost", mail.ports["no_tls"]) as plain:
        assert plain.login("safelight@nhs.test", "app-secret")[0] == 235
