"""What a site says of notices: minutes that grow, hosts, and a contact that switches pushes on."""

import pytest
from tests.unit.config.test_environment import WHOLE

from safelight.config import environment
from safelight.config.environment import EnvironmentIncomplete


@pytest.fixture
def given(monkeypatch):
    def give(**changes: str) -> None:
        for name, value in {**WHOLE, **changes}.items():
            monkeypatch.setenv(name, value)

    return give


def test_are_the_measured_ones_unless_told(given):
    given()
    read = environment.read()
    assert (read.urgent_steps, read.unanswered_minutes, read.listed_hosts, read.push_contact) == ((0, 3, 6, 10), 10, (), "")


def test_are_read_as_typed_values(given):
    given(
        SAFELIGHT_URGENT_MINUTES="0,2,4,8",
        SAFELIGHT_WEBHOOK_HOSTS=" Pager.example , sms.example:8443,",
        SAFELIGHT_PUSH_CONTACT="it@h.example",
    )
    read = environment.read()
    assert read.urgent_steps == (0, 2, 4, 8)
    assert read.listed_hosts == ("pager.example", "sms.example:8443")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAFELIGHT_URGENT_MINUTES", "0,3,6"),
        ("SAFELIGHT_URGENT_MINUTES", "0,6,3,10"),
        ("SAFELIGHT_URGENT_MINUTES", "0,3,3,10"),
        ("SAFELIGHT_URGENT_MINUTES", "now"),
        ("SAFELIGHT_UNANSWERED_MINUTES", "0"),
        ("SAFELIGHT_PUSH_CONTACT", "nobody"),
    ],
)
def test_that_cannot_be_meant_are_refused(given, name, value):
    given(**{name: value})
    with pytest.raises(EnvironmentIncomplete):
        environment.read()
