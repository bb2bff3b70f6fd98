"""A yes to publication is for one named use, asked of a patient who agreed to be asked."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.consent import make_consent
from tests.factories.staff import actor_of, make_person, sign_in

from safelight.access.errors import NoCareRelationship
from safelight.audit.models import Entry
from safelight.consent import queries
from safelight.consent.actions.record_publication import record_publication
from safelight.consent.actions.withdraw_consent import withdraw_consent
from safelight.consent.errors import NotToBeAsked, NotYoursToAsk, PublicationNotNamed
from safelight.consent.models import How, Publication, Purpose
from safelight.kernel import clock
from safelight.kernel.actor import Role

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("B5")]
TITLE = "Journal of Invented Burns, case report, spring 2027"


def _record(by, consent, **how):
    given = {"title": TITLE, "yes": True, "how": How.TOLD} | how
    return record_publication(by=by, consent_id=consent.pk, now=clock.now(), new_id=uuid4(), **given)


def test_a_yes_is_for_the_publication_that_was_named_and_no_other(khan, patient):
    consent = make_consent(patient, khan, yes=(1, 2, 5))
    asked, refused = _record(khan, consent), _record(khan, consent, title="Atlas of Invented Wounds, 2028", yes=False)
    assert queries.may_publish(khan, asked.pk)
    assert not queries.may_publish(khan, refused.pk)
    assert not queries.may_publish(khan, uuid4())
    assert {one.title for one in queries.publications(khan, patient.pk)} == {TITLE, "Atlas of Invented Wounds, 2028"}


@pytest.mark.parametrize("title", ["", "   ", "BMJ", " \n a \n "])
def test_without_a_name_nothing_is_saved(khan, patient, title):
    consent = make_consent(patient, khan, yes=(1, 5))
    with pytest.raises(PublicationNotNamed):
        _record(khan, consent, title=title)
    assert not Publication.objects.exists()


def test_who_did_not_agree_to_be_asked_is_not_asked(khan, patient):
    with pytest.raises(NotToBeAsked):
        _record(khan, make_consent(patient, khan, yes=(1, 2, 3, 4)))


def test_a_consent_that_was_replaced_is_none(khan, patient):
    old = make_consent(patient, khan, yes=(1, 5))
    make_consent(patient, khan, yes=(1, 5))
    with pytest.raises(NotToBeAsked):
        _record(khan, old)


@pytest.mark.requirement("B6")
def test_taking_back_ends_it_at_once(khan, patient):
    consent = make_consent(patient, khan, yes=(1, 5))
    asked = _record(khan, consent)
    withdraw_consent(by=khan, consent_id=consent.pk, purposes=frozenset({Purpose.ASK_ABOUT_PUBLICATION}), now=clock.now())
    assert not queries.may_publish(khan, asked.pk)


def test_it_is_asked_by_those_who_ask_patients_and_look_after_them(khan, patient):
    consent = make_consent(patient, khan, yes=(1, 5))
    with pytest.raises(NoCareRelationship):
        _record(actor_of(make_person("far", wards=["EYES"])), consent)
    with pytest.raises((NotYoursToAsk, NoCareRelationship)):
        _record(actor_of(make_person("desk", roles=[Role.ADMINISTRATOR])), consent)


def test_the_ledger_says_that_it_was_asked_and_not_of_what(khan, patient):
    asked = _record(khan, make_consent(patient, khan, yes=(1, 5)))
    bodies = [bytes(entry.body) for entry in Entry.objects.all()]
    assert any(str(asked.pk).encode() in body for body in bodies)
    assert not any(b"Invented Burns" in body for body in bodies)


def test_the_page_chooses_nothing_and_keeps_what_was_typed(person, khan, patient):
    consent = make_consent(patient, khan, yes=(1, 2, 5))
    client, address = sign_in(Client(), person), reverse("consent:publication", args=[consent.pk])
    assert " checked" not in client.get(address).content.decode()
    refused = client.post(address, {"title": TITLE, "answer": "yes"})
    assert refused.status_code == 422
    assert TITLE in refused.content.decode()
    assert client.post(address, {"title": TITLE, "answer": "yes", "how": "told"}).status_code == 302
    page = client.get(reverse("consent:consent", args=[consent.pk])).content.decode()
    assert TITLE in page
    assert "Ask about one publication" in page


def test_the_page_is_not_offered_to_who_said_no(person, khan, patient):
    consent = make_consent(patient, khan, yes=(1, 2))
    client = sign_in(Client(), person)
    assert "Ask about one publication" not in client.get(reverse("consent:consent", args=[consent.pk])).content.decode()
    answer = {"title": TITLE, "answer": "yes", "how": "told"}
    assert client.post(reverse("consent:publication", args=[consent.pk]), answer).status_code == 409
