"""What several contracts share."""

import json

import pytest
from tests.servers import ceph, softhsm

from safelight.vault.adapters.pkcs11 import Pkcs11Keys
from safelight.vault.upkeep import make_keys


@pytest.fixture(scope="session")
def token(tmp_path_factory):
    """One token for all tests of a process: the library reads its settings once."""
    softhsm.needed()
    return softhsm.make_token(tmp_path_factory.mktemp("softhsm"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """One Ceph for all tests of a process: what asks for it is of one group."""
    ceph.needed()
    with ceph.running(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture(params=["file", pytest.param("pkcs11", marks=pytest.mark.one_database)])
def service(request, settings, tmp_path):
    """A key service of the test's own: with its data keys, what a process is told of it."""
    if request.param == "pkcs11":
        token = request.getfixturevalue("token")
        Pkcs11Keys.make(**token)
        Pkcs11Keys(**token).make_index_key(1)  # a test before may have retired it: there is one token
        settings.SAFELIGHT_KEY_SERVICE = {"adapter": "safelight.vault.adapters.pkcs11.Pkcs11Keys", **token}
    else:
        settings.SAFELIGHT_KEY_SERVICE = {"adapter": "safelight.vault.adapters.file_keys.FileKeys", "file": str(tmp_path / "root.json")}
        make_keys()
    return {"SAFELIGHT_TEST_KEYS": json.dumps(settings.SAFELIGHT_KEY_SERVICE)}
