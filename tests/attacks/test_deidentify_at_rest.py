"""What a finder read in a photo is nowhere in the clear: not in a row, the ledger, the work that was promised, or a log (S8)."""

import logging
import subprocess
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from tests.factories.deidentify import approve, decide_all, note, open_desk, see_desk, seen
from tests.factories.patients import make_patient
from tests.factories.photographs import file_one
from tests.factories.staff import actor_of, make_person
from tests.factories.visits import make_visit

from safelight.deidentify.actions.name_anonymous import name_anonymous
from safelight.deidentify.boxes import Kind
from safelight.deidentify.sealed import seal_why
from safelight.kernel import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.goal("S8")]
FAMILY, NHS, HOSPITAL, STREET, OWNER, WHY = "Quvandrel", "9990000018", "ZQX7719345", "Wexelbrot Lane", "Plimorphous Owner", "Vornak scar"
PLANTED = (FAMILY, NHS, "999 000 0018", HOSPITAL, "Wexelbrot", "23/08/1967", "1967-08-23", "Plimorphous", "Vornak")


@pytest.fixture
def covered(capfd, caplog):
    """A photo on which everything is read that names its patient, covered and approved; the logs are caught."""
    caplog.set_level(logging.DEBUG)
    by = actor_of(make_person())
    patient = make_patient(FAMILY, "Zyphonia", NHS, HOSPITAL, date(1967, 8, 23), address=STREET)
    photo = file_one(patient, make_visit(patient, by))
    note(
        photo,
        *(
            seen(text, box=(0.1 * number, 0.1, 0.08, 0.08))
            for number, text in enumerate((FAMILY, NHS, "999 000 0018", HOSPITAL, STREET, "23/08/1967"))
        ),
        seen(OWNER, kind=Kind.METADATA),
    )
    open_desk(photo, by)
    decide_all(photo, by)
    approval = approve(by, photo)[photo.pk]
    name_anonymous(by=by, approval_id=approval.pk, why=seal_why(WHY, about=approval.copy_id), now=clock.now())
    return photo, by


def hits(text: bytes) -> set[str]:
    forms = {word: {word, word.lower(), word.upper()} for word in PLANTED}
    return {
        word
        for word, written in forms.items()
        for form in written
        for data in (form.encode(), form.encode("utf-16-le"), form.encode().hex().encode())
        if data in text
    }


def test_who_may_reads_it_with_the_patients_own_first(covered):
    desk = see_desk(*covered)
    assert [each.matches.value for each in desk.findings] == [
        "name",
        "nhs_number",
        "nhs_number",
        "hospital_number",
        "address",
        "birth_date",
        "",
    ]
    assert desk.findings[0].read == FAMILY


@pytest.mark.usefixtures("covered")
def test_no_row_of_any_table_holds_it():
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    assert not hits(raw), table
    assert {"deidentify_finding", "audit_entry"} <= set(tables)


@pytest.mark.usefixtures("covered")
def test_no_file_of_the_database_and_no_log_holds_it(capfd, caplog):
    said = "".join(capfd.readouterr()) + caplog.text
    assert not hits(said.encode())
    if connection.vendor == "sqlite":
        files = [file for file in Path(settings.SAFELIGHT_DATA).rglob("*.sqlite3*") if file.is_file()]
        assert files
        # Read by another process: closing a file here would drop the locks that SQLite holds on it (sqlite.org/howtocorrupt, 2.2).
        assert not any(hits(subprocess.run(["cat", file], check=True, capture_output=True).stdout) for file in files)
