"""What several contracts share."""

import pytest
from tests.servers import ceph, softhsm


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
