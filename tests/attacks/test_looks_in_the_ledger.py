"""Every page that names a patient leaves an entry about that patient: no look is missing in the ledger (I4, I5)."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.factories.consent import make_consent
from tests.factories.photographs import Record, make_record, many_rows
from tests.factories.staff import sign_in

from safelight.audit.models import About
from safelight.consent.models import WhoAgreed
from safelight.kernel import clock
from safelight.photographs.models import Photograph
from safelight.photographs.timeline import site_of, slug

pytestmark = pytest.mark.django_db
# No patient stands there, or not in words; a page that is asked by a machine; and the list of one's own wards, whose entry is about none
# of them by intention (`patients.list_wards`).
NOT_ASKED = (
    "/station/",
    "/settings/",
    "/cameras/",
    "/teams/",
    "/shifts/",
    "/sign-",
    "/lock/",
    "/prove/",
    "/second/",
    "/join/",
    "/o/",
    "/me/",
)
WARD_LIST = ("/patients/", "/patients/bring-in/template/")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield "/" + route


def _pages(record: Record) -> Iterator[str]:
    """Every address that can be filled in with this patient's ids; where it has none, the query names patient and photos."""
    owed = make_consent(record.patient, record.by, who=WhoAgreed.BEST_INTERESTS, at=clock.now() - timedelta(minutes=30))
    photo, other = Photograph.objects.filter(patient=record.patient)[:2]
    ids = {"patient_id": record.patient.pk, "photograph_id": photo.pk, "visit_id": record.visit.pk, "consent_id": owed.pk}
    filled = {name: str(value) for name, value in ids.items()} | {"site": slug(site_of(photo))}
    for route in sorted(set(_routes(get_resolver().url_patterns))):
        named = set(PARAMETER.findall(route))
        if not named <= filled.keys() or route.startswith(NOT_ASKED) or route in WARD_LIST:
            continue
        address = PARAMETER.sub(lambda found: filled[found[1]], route)
        yield address if named else f"{address}?patient={record.patient.pk}&photos={photo.pk}"
        if route.endswith("/compare/"):
            yield f"{address}?a={photo.pk}&b={other.pk}"


@pytest.mark.requirement("I4")
@pytest.mark.requirement("I5")
def test_a_page_that_names_a_patient_leaves_an_entry_about_them():
    record = make_record()
    many_rows(record, 5)
    client, naming, without = sign_in(Client(), record.person), [], []
    for address in _pages(record):
        before = About.objects.filter(patient=record.patient.pk).count()
        answer = client.get(address)
        if not answer.streaming and b"SAMPLE" in answer.content:
            naming.append(address)
            if About.objects.filter(patient=record.patient.pk).count() == before:
                without.append(address)
    assert without == []
    assert len(naming) > 20
