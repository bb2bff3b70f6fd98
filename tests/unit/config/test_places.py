"""The database's address: what it says of TLS counts everywhere, and what is not understood is refused."""

from pathlib import Path

import pytest
from pydantic import PostgresDsn

from safelight.config.settings.places import places
from safelight.outbox import flows

HERE = Path("/srv/safelight")


def _database(address: str) -> dict:
    return places(data=HERE, keys=HERE, database=PostgresDsn(address))["DATABASES"]["default"]


@pytest.mark.asvs("12.3.2")
def test_what_the_address_says_of_tls_reaches_django_and_the_engine_of_work():
    said = _database("postgresql://u:p@db.example:5433/safelight?sslmode=verify-full&sslrootcert=/etc/ca.pem")
    assert {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}.items() <= said["OPTIONS"].items()
    assert "statement_timeout" in said["OPTIONS"]["options"]
    assert "sslmode=verify-full" in flows.address_of(said)
    assert "%2Fetc%2Fca.pem" in flows.address_of(said)
    assert flows.address_of(said).startswith("postgresql+psycopg://u:p@db.example:5433/safelight?")


def test_an_address_without_parameters_is_as_before():
    assert set(_database("postgresql://u:p@db.example/safelight")["OPTIONS"]) == {"options"}


@pytest.mark.parametrize("wrong", ["connect_timeout=1", "sslmod=verify-full", "options=-c%20x"])
def test_refuses_a_parameter_that_it_does_not_know(wrong):
    with pytest.raises(ValueError, match="SAFELIGHT_DATABASE"):
        _database(f"postgresql://u:p@db.example/safelight?{wrong}")
