"""What several contracts share."""

import pytest
from tests.servers import softhsm


@pytest.fixture(scope="session")
def token(tmp_path_factory):
    """One token for all tests of a process: the library reads its settings once."""
    softhsm.needed()
    return softhsm.make_token(tmp_path_factory.mktemp("softhsm"))
