"""What PostgreSQL refuses outside an action, to somebody who has the application's own connection."""

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.custody import make_camera
from tests.factories.patients import make_patient
from tests.factories.staff import actor_of, make_person
from tests.factories.visits import make_visit

from safelight.access.models import CareRelationship
from safelight.consent.models import Answer, Consent
from safelight.custody.models import Camera
from safelight.patients.models import Patient
from safelight.photographs.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside():
    """A connection that runs no action, as any code of ours that forgot one would have."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no setting that a trigger could ask for")
    make_camera()
    make_visit(make_patient(), actor_of(make_person()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('safelight.action', '', false)")
        yield
        cursor.execute("SELECT set_config('safelight.action', 'a test', false)")


@pytest.mark.goal("S5")
@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize("model", [Camera, Visit, Consent, Answer, Patient, CareRelationship])
def test_a_row_is_neither_changed_nor_removed(model):
    for change in (lambda rows: rows.update(id=rows.first().pk), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(DatabaseError, match="written by actions only"), transaction.atomic():
            change(model.objects.filter(pk=model.objects.first().pk))


@pytest.mark.goal("S5")
@pytest.mark.usefixtures("outside")
def test_an_action_writes_all_the_same():
    assert make_camera("CAM-08").pk
