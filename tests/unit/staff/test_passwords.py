import pytest
from django.core.exceptions import ValidationError
from tests.factories.staff import PASSWORD

from safelight.staff.passwords import NotTriedFirst

pytestmark = [pytest.mark.asvs("6.2.4"), pytest.mark.asvs("6.2.12")]


@pytest.mark.parametrize(
    "password",
    [
        "password1234567",
        "Password2026!!!!",
        "letmeinletmeinletmein",
        "qwertyuiopasdfgh",
        "abcdefghijklmnop",
        "1234567890123456",
        "poiuytrewqpoiuytrewq",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "!!!!welcome!!!!!!",
        "12345safelight67890",
        "football12345678",
        "123456qwertyuiop",
    ],
)
def test_refuses_what_is_tried_first(password):
    with pytest.raises(ValidationError, match="tried first"):
        NotTriedFirst().validate(password)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "correct horse battery staple", "Æbleskiver på en tirsdag", "kX9!vQ2#mT7$wL4z", "x" * 3 + "kettle-violin-harbour"],
)
def test_takes_words_that_do_not_belong_together(password):
    NotTriedFirst().validate(password)
