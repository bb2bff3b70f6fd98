"""Who asks, and who is asked."""

import pytest
from tests.factories.patients import make_patient
from tests.factories.staff import actor_of, make_person


@pytest.fixture
def person():
    return make_person()


@pytest.fixture
def khan(person):
    return actor_of(person)


@pytest.fixture
def patient(person):
    return make_patient()
