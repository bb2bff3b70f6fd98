"""Every page that names a patient leaves an entry about that patient: no look is missing in the ledger (I4, I5)."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.factories.consent import make_consent
from tests.factories.patients import make_patient
from tests.factories.photographs import Record, make_record, many_rows
from tests.factories.sessions import Session, sort
from tests.factories.sharing import Shareable, answer, ask, covered, make_asked, open_it
from tests.factories.staff import actor_of, sign_in
from tests.factories.teams import make_team

from safelight.audit.models import About
from safelight.consent.models import WhoAgreed
from safelight.intake.lifecycle import Whereabouts
from safelight.intake.models import Sorting
from safelight.kernel import clock
from safelight.patients.models import Patient
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


def _addresses(filled: dict[str, str], query: str = "", *, needs: Collection[str] = ()) -> Iterator[str]:
    """Every address that can be filled in with these ids, and with one of those that it `needs`; where an address has none at all, the
    query says more.
    """
    for route in sorted(set(_routes(get_resolver().url_patterns))):
        named = set(PARAMETER.findall(route))
        if not named <= filled.keys() or route.startswith(NOT_ASKED) or route in WARD_LIST or (needs and named.isdisjoint(needs)):
            continue
        address = PARAMETER.sub(lambda found: filled[found[1]], route)
        yield address if named else f"{address}?{query}"


def _naming(client: Client, patient: Patient, addresses: Iterable[str]) -> tuple[list[str], list[str]]:
    """Those of some addresses that name the patient, and those of them that leave no entry about the patient."""
    naming, without = [], []
    for address in addresses:
        before = About.objects.filter(patient=patient.pk).count()
        answer = client.get(address)
        if not answer.streaming and b"SAMPLE" in answer.content:
            naming.append(address)
            if About.objects.filter(patient=patient.pk).count() == before:
                without.append(address)
    return naming, without


@pytest.mark.requirement("I4")
@pytest.mark.requirement("I5")
def test_a_page_that_names_a_patient_leaves_an_entry_about_them():
    record = make_record()
    many_rows(record, 5)
    owed = make_consent(record.patient, record.by, who=WhoAgreed.BEST_INTERESTS, at=clock.now() - timedelta(minutes=30))
    photo, other = Photograph.objects.filter(patient=record.patient)[:2]
    ids = {"patient_id": record.patient.pk, "photograph_id": photo.pk, "visit_id": record.visit.pk, "consent_id": owed.pk}
    filled = {name: str(value) for name, value in ids.items()} | {"site": slug(site_of(photo))}
    pages = list(_addresses(filled, f"patient={record.patient.pk}&photos={photo.pk}"))
    pages += [f"{page.partition('?')[0]}?a={photo.pk}&b={other.pk}" for page in pages if page.endswith("/compare/")]
    naming, without = _naming(sign_in(Client(), record.person), record.patient, pages)
    assert without == []
    assert len(naming) > 20


@pytest.mark.requirement("I4")
@pytest.mark.requirement("I5")
def test_so_does_one_about_a_card_a_frame_a_question_or_somebody_else_who_may_be_the_same():
    ward, patient, lim = Session(), make_patient(), make_asked()
    slate = ward.slate(patient)
    ward.photos(1)
    ward.end()
    ward.photos(1)
    sort(read_in := ward.put_in())
    record = Record(ward.person, actor_of(ward.person), patient, slate.visit)
    photo = Photograph.objects.get(patient=patient)
    question = ask(Shareable(record, [photo], [covered(photo, record)]), lim)
    answer(open_it(question, lim), lim)
    ids = {
        "patient_id": patient.pk,
        "into_id": make_patient("EXAMPLE", "Ada", "9990000026", "0000026").pk,
        "import_id": read_in.pk,
        "frame_id": Sorting.objects.get(state=Whereabouts.TRAY).frame_id,
        "opinion_id": question.pk,
        "item_id": question.items.get().pk,
        "team_id": make_team().pk,
    }
    filled = {name: str(value) for name, value in ids.items()}
    naming = []
    for reader in (ward.person, lim):
        pages = [f"{page}?photos={ids['frame_id']}" for page in _addresses(filled, needs=filled.keys() - {"patient_id"})]
        named, without = _naming(sign_in(Client(), reader), patient, pages)
        assert without == []
        naming += named
    assert len(naming) > 5
