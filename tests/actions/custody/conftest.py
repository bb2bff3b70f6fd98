"""People of the custody tests."""

from collections.abc import Callable
from datetime import date

import pytest
from tests.factories.staff import make_person

from safelight.kernel.actor import Role
from safelight.staff.models import Person
from safelight.vault import upkeep

Make = Callable[..., Person]


@pytest.fixture(autouse=True, scope="session")
def _keys() -> None:
    upkeep.make_keys()


@pytest.fixture
def person() -> Make:
    """Makes a person: a clinician of BURNS2 unless said otherwise."""

    def make(
        username: str = "khan", *, role: Role = Role.CLINICIAN, ward: str = "BURNS2", trained_until: date | None = None, active: bool = True
    ) -> Person:
        made = make_person(username, f"Dr {username.title()}", [role], [ward], trained_until)
        if not active:
            Person.objects.filter(pk=made.pk).update(is_active=False)
        return made

    return make
