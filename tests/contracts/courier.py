"""The contract of a courier: every adapter's tests inherit it.

A subclass gives `courier`, and `arrived`, a function that returns the letters for an address.
"""

from email import message_from_bytes, policy
from hashlib import sha256

import pytest

from safelight.sharing.mail.addresses import NotAnAddress
from safelight.sharing.ports import Attachment, CourierRefused, Letter, LetterTooLarge

TO = "opinion@nhs.test"
PHOTO = bytes(range(256)) * 400
MIB = 2**20


def letter(**other: object) -> Letter:
    return Letter(**{"to": (TO,), "subject": "A question waits for you", "text": "Open it.\n.\nGrüße – from the ward\n", **other})


def read(raw: bytes):
    return message_from_bytes(raw, policy=policy.default)


def weighing(mib: float) -> Letter:
    """A letter that weighs so many MiB once its photo is base64: 78 octets travel for 57."""
    return letter(attachments=(Attachment("photo-1.jpg", "image/jpeg", b"\xff" * int((mib * MIB - 1500) * 57 / 78)),))


class CourierContract:
    """What `safelight.sharing.ports.Courier` promises."""

    def test_what_was_sent_has_arrived_as_it_was_meant(self, courier, arrived):
        courier.send(
            letter(attachments=(Attachment("photo-1.jpg", "image/jpeg", PHOTO),), reply_token="k7pq4"), message_id="<one@nhs.test>"
        )
        (raw,) = arrived(TO)
        came = read(raw)
        assert (came["Subject"], came["To"], came["Message-ID"]) == ("A question waits for you", TO, "<one@nhs.test>")
        assert came["Reply-To"].split("@")[0].endswith("+k7pq4")
        assert came.get_body(("plain",)).get_content().splitlines() == ["Open it.", ".", "Grüße – from the ward"]
        (photo,) = came.iter_attachments()
        assert (photo.get_filename(), photo.get_content_type()) == ("photo-1.jpg", "image/jpeg")
        assert sha256(photo.get_content()).digest() == sha256(PHOTO).digest()

    def test_a_double_can_be_known_by_its_message_id(self, courier, arrived):
        for _ in range(2):
            courier.send(letter(), message_id="<twice@nhs.test>")
        assert {read(raw)["Message-ID"] for raw in arrived(TO)} == {"<twice@nhs.test>"}

    @pytest.mark.requirement("G3")
    def test_begins_the_subject_with_the_trigger_of_the_relay_only_where_it_is_asked_to(self, courier, arrived):
        courier.send(letter(secure=True), message_id="<secure@nhs.test>")
        courier.send(letter(), message_id="<plain@nhs.test>")
        assert {read(raw)["Subject"] for raw in arrived(TO)} == {"[secure] A question waits for you", "A question waits for you"}

    @pytest.mark.asvs("1.3.11")
    @pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x00", "\u2028", "\x85"])
    def test_no_line_break_makes_a_header(self, courier, arrived, end):
        for wrong in (
            letter(subject=f"A question{end}Bcc: all@elsewhere.test"),
            letter(to=(f"opinion@nhs.test{end}Bcc: all@elsewhere.test",)),
            letter(to=(f"{TO}, all@elsewhere.test",)),
            letter(reply_token=f"a{end}Bcc: all@elsewhere.test"),
            letter(attachments=(Attachment(f'a"{end}X: y.jpg', "image/jpeg", b"x"),)),
        ):
            with pytest.raises((CourierRefused, NotAnAddress)):
                courier.send(wrong, message_id="<wrong@nhs.test>")
        with pytest.raises(CourierRefused):
            courier.send(letter(), message_id=f"<a@nhs.test>{end}Bcc: all@elsewhere.test")
        assert arrived(TO) == []

    @pytest.mark.requirement("G4")
    def test_takes_what_weighs_less_than_the_limit_as_it_travels_and_refuses_what_weighs_more(self, courier, arrived):
        courier.send(weighing(34.9), message_id="<heavy@nhs.test>")
        with pytest.raises(LetterTooLarge):
            courier.send(weighing(35.1), message_id="<heavier@nhs.test>")
        (raw,) = arrived(TO)
        travelled = len(raw) + raw.count(b"\n") - raw.count(b"\r\n")  # a mailbox may keep lines without their CR
        assert 34.8 * MIB < travelled < 35 * MIB

    def test_nobody_is_no_recipient(self, courier):
        with pytest.raises(CourierRefused):
            courier.send(letter(to=()), message_id="<none@nhs.test>")
