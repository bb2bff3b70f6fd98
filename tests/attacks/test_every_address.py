"""Every address of every door: shut without a sign-in, with the headers that keep pages to themselves, and never a fault (S1, S12)."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.factories.patients import make_patient
from tests.factories.staff import make_person, sign_in

from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.staff.models import SignIn

pytestmark = pytest.mark.django_db

NOBODYS = UUID("00000000-0000-4000-8000-000000000000")
SAMPLES = {
    "uuid": str(NOBODYS),
    "slug": "none-such",
    "str": "none-such",
    "public_id": "nonesuch",
    "int": "999999",
    "digest": "0" * 64,
}
# What somebody must reach who is not signed in: signing in, joining by an invitation, the lock's own page, the guest door, health, and
# what a phone asks for without its cookies to keep the app on its home screen.
OPEN = ("/app.webmanifest", "/o/nonesuch/", "/sign-in/", "/join/", "/sign-out/", "/lock/", "/prove/passkey", "/second/", "/health/")


def _addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, route)
        else:
            yield "/" + _filled(route)


def _filled(route: str) -> str:
    while "<" in route:
        head, _, rest = route.partition("<")
        inside, _, tail = rest.partition(">")
        kind = inside.partition(":")[0] if ":" in inside else "str"
        route = head + SAMPLES[kind] + tail
    return route


ADDRESSES = sorted(set(_addresses(get_resolver().url_patterns)))
STAFF = [address for address in ADDRESSES if not address.startswith("/station/")]


def test_the_list_is_not_empty():
    assert len(STAFF) > 60


@pytest.mark.goal("S1")
@pytest.mark.parametrize("address", [address for address in STAFF if not address.startswith(OPEN)])
@pytest.mark.parametrize("method", ["get", "post"])
def test_is_shut_to_somebody_who_is_not_signed_in(address, method):
    answer = getattr(Client(), method)(address)
    assert answer.status_code in {302, 401, 403, 405}, answer.status_code
    if answer.status_code == 302:
        assert answer["Location"].startswith("/sign-in/")


@pytest.mark.goal("S1")
@pytest.mark.parametrize("role", list(Role))
def test_gives_nobody_a_fault_and_nobody_else_a_thing_that_is_not_there(role):
    client = sign_in(Client(raise_request_exception=True), make_person(f"a-{role.value}", roles=[role]))
    for address in STAFF:
        if address.startswith(("/sign-out/", "/lock/", "/health/")):  # health says 503 of work that other tests left lying
            continue
        answer = client.get(address)
        assert answer.status_code in {200, 204, 302, 403, 404, 405, 409, 410, 422}, (address, answer.status_code)
        if str(NOBODYS) in address:
            assert answer.status_code != 200, address


@pytest.mark.goal("S12")
@pytest.mark.asvs("3.4.3")
@pytest.mark.asvs("14.3.2")
@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.one_database
def test_answers_with_every_header_that_keeps_a_page_to_itself(signed_in):
    client = sign_in(Client(), make_person()) if signed_in else Client()
    for address in [*STAFF, "/no/such/page", "/station/v1/hello"]:
        if address.startswith(("/sign-out/", "/lock/")):
            continue
        answer = client.get(address)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy or "sandbox" in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.asvs("3.5.1")
@pytest.mark.one_database
def test_takes_no_form_without_its_token():
    client = sign_in(Client(enforce_csrf_checks=True), make_person())
    patient = make_patient()
    for address in [address.replace(str(NOBODYS), str(patient.pk)) for address in STAFF]:
        answer = client.post(address, {"code": "x"})
        assert answer.status_code in {302, 403, 404, 405}, (address, answer.status_code)
        if answer.status_code == 302:
            assert answer["Location"].startswith(("/sign-in/", "/prove/", "/")), address
    assert not SignIn.objects.filter(ended_at__isnull=False).exists(), "a form without its token ended a sign-in"


@pytest.mark.asvs("7.4.1")
def test_is_shut_at_the_next_request_after_the_sign_in_was_ended():
    person = make_person()
    client = sign_in(Client(), person)
    assert client.get("/").status_code == 200
    SignIn.objects.filter(person=person).update(ended_at=clock.now() - timedelta(seconds=1))
    assert client.get("/")["Location"].startswith("/sign-in/")
