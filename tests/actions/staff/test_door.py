"""Who gets through the staff door."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from tests.factories.staff import make_person, sign_in

from safelight.kernel.actor import ActorKind, Role
from safelight.staff.web.door import Door

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(client, settings):
    """What the middleware leaves on a request with the client's cookies."""

    def ask(**headers):
        from django.contrib.auth.middleware import AuthenticationMiddleware
        from django.contrib.sessions.middleware import SessionMiddleware

        request = RequestFactory().get("/me/", headers=headers)
        request.COOKIES = {name: cookie.value for name, cookie in client.cookies.items()}
        for layer in (SessionMiddleware, AuthenticationMiddleware):
            layer(lambda _: HttpResponse()).process_request(request)
        Door(lambda _: HttpResponse())(request)
        return request

    return ask


def test_names_the_actor_with_roles_wards_and_both_factors(client, asked):
    person = make_person(roles=[Role.CLINICIAN, Role.PHOTOGRAPHER], wards=["BURNS2", "ED"])
    sign_in(client, person)
    actor = asked().actor
    assert (actor.kind, actor.id, actor.aal) == (ActorKind.STAFF, person.pk, 2)
    assert (actor.roles, actor.wards) == ({Role.CLINICIAN, Role.PHOTOGRAPHER}, {"BURNS2", "ED"})
    assert actor.sign_in
    assert actor.proved_at


def test_sends_nobody_to_the_sign_in_page_and_back(client):
    answer = client.get("/me/?a=1")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fme%2F%3Fa%3D1")


def test_sends_a_part_of_a_page_to_the_sign_in_page_whole(client):
    answer = client.get("/me/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/imports/"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/sign-in/?next=%2Fimports%2F")
