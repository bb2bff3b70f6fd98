"""A planted name and number are nowhere in the clear: not in the database's files, its rows, the ledger or the logs (S8)."""

import logging
import subprocess
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from tests.factories.access import give_access
from tests.factories.patients import make_patient, synthetic_number
from tests.factories.staff import make_person, sign_in

from safelight.audit.models import Entry
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Role
from safelight.patients import chosen, queries
from safelight.patients.models import Patient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.goal("S8")]

FAMILY, GIVEN, STREET, WORDS = "Quvandrel", "Zyphonia", "Wexelbrot Lane", "Plimorphous burn"
NHS, HOSPITAL, BORN = "9990000018", "ZQX7719345", date(1967, 8, 23)
PLANTED = (FAMILY, GIVEN, STREET, "Wexelbrot", "Plimorphous", NHS, "999 000 0018", HOSPITAL, "1967-08-23", "23/08/1967", "23 Aug 1967")


def forms() -> list[bytes]:
    """The planted words as they may stand somewhere: any case, in the encodings a database or a log uses."""
    words = {form for word in PLANTED for form in (word, word.lower(), word.upper())}
    plain = [word.encode(encoding) for word in words for encoding in ("utf-8", "utf-16-le")]
    return plain + [word.encode().hex().encode() for word in words]


def hits(text: bytes) -> set[bytes]:
    return {form for form in forms() if form in text}


@pytest.fixture
def day(capfd, caplog):
    """Everything that is done with an identity, through the pages; all that is logged is caught."""
    caplog.set_level(logging.DEBUG)
    khan, stranger, administrator = (
        make_person(),
        make_person("s", "Dr S", wards=["ED"]),
        make_person("a", "Mr A", roles=[Role.ADMINISTRATOR]),
    )
    patient = make_patient(FAMILY, GIVEN, NHS, HOSPITAL, BORN, address=STREET)
    other = make_patient(FAMILY, GIVEN, synthetic_number(5), "X1", BORN)
    client = sign_in(Client(), khan)
    for who in (FAMILY, FAMILY.upper(), NHS, HOSPITAL):
        assert GIVEN.encode() in client.post("/patients/", {"who": who, "born": "23/08/1967"}).content
    for code in (f"]C0{NHS}", FAMILY, HOSPITAL):
        client.post("/scan/", {"code": code})
    form = {"family": FAMILY, "given": GIVEN, "born": "23/08/1967", "nhs_number": NHS, "hospital_number": HOSPITAL, "address": STREET}
    assert client.post(f"/patients/{patient.pk}/change/", form | {"ward": "BURNS2", "seen": patient.revision}).status_code == 302
    assert client.post("/patients/new/", form | {"nhs_number": "9990000019"}).status_code == 422
    assert client.post("/patients/new/", form).status_code == 422
    assert client.get(f"/patients/{patient.pk}/change/").status_code == 200
    assert client.post(f"/patients/{other.pk}/same-as/{patient.pk}/", {"sure": "on"}).status_code == 302
    rows = f"family,given,born,nhs_number,address\n{FAMILY},{GIVEN},1967-08-23,{NHS},{STREET}\n{FAMILY},{GIVEN},1967-08-23,1,{STREET}\n"
    raw = SimpleUploadedFile(f"{FAMILY}.csv", rows.encode(), "text/csv")
    assert sign_in(Client(), administrator).post("/patients/bring-in/", {"file": raw}).status_code == 200
    outside = sign_in(Client(), stranger)
    assert outside.get(f"/patients/{patient.pk}/").status_code == 403
    assert outside.post(f"/access/{patient.pk}/open/", {"reason": "emergency", "words": f"{WORDS} of {FAMILY}"}).status_code == 302
    give_access(stranger, patient, at=clock.now())
    return patient


def test_the_day_can_be_read_by_who_may(day):
    assert queries.identity(WORKER, day.pk).family == FAMILY
    assert chosen.directory().find(NHS) == day.pk


def test_no_row_of_any_table_holds_them(day):
    searched = 0
    for model in apps.get_models():
        table = model._meta.db_table
        if table not in connection.introspection.table_names():
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                text = b" ".join(bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row)
                assert hits(text) == set(), table
                searched += 1
    assert searched > Entry.objects.count() > 10


def test_no_file_of_the_database_holds_them(day):
    if connection.vendor != "sqlite":
        pytest.skip("the files of a PostgreSQL server are its own; its rows are searched")
    files = [path for path in Path(settings.SAFELIGHT_DATA).rglob("*") if path.is_file()]
    names = {path.name for path in files}
    assert any(name.endswith("-wal") for name in names), "the write-ahead log is there"
    for path in files:
        # Read by another process: closing the file here would drop the locks that SQLite holds on it (sqlite.org/howtocorrupt, 2.2).
        read = subprocess.run(["cat", path], check=True, capture_output=True).stdout
        assert hits(read) == set(), path.name


def test_no_log_holds_them(day, capfd, caplog):
    out, err = capfd.readouterr()
    assert "action.not_done" in out + err + caplog.text, "something was logged"
    assert hits((out + err + caplog.text).encode()) == set()
    assert all(hits(str(record.__dict__).encode()) == set() for record in caplog.records)


def test_looking_finds_what_lies_in_the_clear(day):
    Patient.objects.filter(pk=day.pk).update(ward=FAMILY[:16])
    with pytest.raises(AssertionError):
        test_no_row_of_any_table_holds_them(day)
