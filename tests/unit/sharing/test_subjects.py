"""A subject stays in clear wherever a letter goes: it says nothing of a patient, and a letter that would is not sent (G5)."""

from datetime import UTC, datetime

import pytest
from tests.contracts.courier import letter

from safelight.sharing.mail import composing, letters
from safelight.sharing.mail.addresses import address
from safelight.sharing.mail.letters import NumberInSubject, Sealing
from safelight.sharing.notices import words

pytestmark = pytest.mark.requirement("G5")
SEALING = Sealing(address("safelight@nhs.test"), "Safelight")


def _sent(subject: str) -> bytes:
    return letters.as_sent(letter(subject=subject), message_id="<one@nhs.test>", sealing=SEALING, at=datetime(2026, 11, 24, tzinfo=UTC))


@pytest.mark.parametrize("subject", ["About 9990000018", "About 999 000 0018", "About 999-000-0018", "Patient 0000018"])
def test_a_number_that_may_be_a_patients_stops_the_letter(subject):
    with pytest.raises(NumberInSubject):
        _sent(subject)


@pytest.mark.parametrize("subject", [*words.SUBJECTS.values(), words.TEST_SUBJECT, composing.SUBJECT, composing.SUBJECT_CODE])
def test_every_subject_of_ours_is_a_fixed_sentence(subject):
    assert "{" not in subject
    assert not any(letter.isdigit() for letter in subject)
    assert f"Subject: {subject}".encode() in _sent(subject)
