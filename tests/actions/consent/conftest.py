"""Who is asked."""

import pytest
from tests.factories.patients import make_patient


@pytest.fixture
def patient():
    return make_patient()
