"""Who acts, where a test does not say otherwise."""

import pytest
from tests.factories.staff import actor_of, make_person


@pytest.fixture
def person():
    return make_person()


@pytest.fixture
def khan(person):
    return actor_of(person)
