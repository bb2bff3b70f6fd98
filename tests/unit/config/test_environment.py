"""The environment is read once, and everything that is wrong with it is said at once."""

import pytest

from safelight.config import environment
from safelight.config.environment import EnvironmentIncomplete

WHOLE = {
    "SAFELIGHT_SECRET_KEY": "s" * 50,
    "SAFELIGHT_ADDRESS": "https://photos.hospital.example",
    "SAFELIGHT_DATA": "/srv/safelight/data",
    "SAFELIGHT_KEYS": "/srv/keys",
    "SAFELIGHT_SITE": "st-elsewhere",
}


@pytest.fixture
def given(monkeypatch):
    def give(**changes: str | None) -> None:
        for name, value in {**WHOLE, **changes}.items():
            monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)

    return give


def test_is_read_as_typed_values(given):
    given(SAFELIGHT_BEHIND_PROXY="true")
    read = environment.read()
    assert (str(read.data), read.site, read.behind_proxy, read.database) == ("/srv/safelight/data", "st-elsewhere", True, None)


def test_names_all_that_is_missing_at_once(given):
    given(**dict.fromkeys(WHOLE))
    with pytest.raises(EnvironmentIncomplete) as fault:
        environment.read()
    assert all(name in str(fault.value) for name in WHOLE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAFELIGHT_SECRET_KEY", "short"),
        ("SAFELIGHT_ADDRESS", "photos"),
        ("SAFELIGHT_SITE", "St Elsewhere"),
        ("SAFELIGHT_DATABASE", "mysql://somewhere/else"),
        ("SAFELIGHT_GSRN_PREFIX", "12"),
        ("SAFELIGHT_WARD_PC_LOCK_SECONDS", "3600"),
    ],
)
def test_refuses_what_cannot_be_meant(given, name, value):
    given(**{name: value})
    with pytest.raises(EnvironmentIncomplete, match=name):
        environment.read()


@pytest.mark.parametrize("inside", ["/srv/safelight/data", "/srv/safelight/data/keys"])
def test_refuses_keys_that_lie_inside_the_data(given, inside):
    given(SAFELIGHT_KEYS=inside)
    with pytest.raises(EnvironmentIncomplete, match="must not lie inside"):
        environment.read()


def test_shows_no_secret(given):
    given()
    assert WHOLE["SAFELIGHT_SECRET_KEY"] not in repr(environment.read())
