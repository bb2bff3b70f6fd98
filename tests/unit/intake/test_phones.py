"""The dated list of phones: for the wording, never the gate."""

import pytest

from safelight.intake.phones import is_phone

pytestmark = pytest.mark.requirement("A1")


@pytest.mark.parametrize(
    ("make", "model"),
    [
        ("Apple", "iPhone 15 Pro"),
        ("samsung", "SM-S911B"),
        ("SAMSUNG ", "sm-g991b"),
        ("Google", "Pixel 8"),
        ("Sony", "XQ-DC54"),
        ("HUAWEI", ""),
    ],
)
def test_knows_phones_by_what_they_write(make, model):
    assert is_phone(make, model)


@pytest.mark.parametrize(("make", "model"), [("Canon", "EOS 250D"), ("SAMSUNG", "NX500"), ("SONY", "ILCE-7M4"), ("", ""), ("", "iPhone")])
def test_takes_no_camera_for_a_phone(make, model):
    assert not is_phone(make, model)
