import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.consent import make_consent
from tests.factories.patients import make_patient
from tests.factories.staff import make_person, sign_in

from safelight.audit.models import Entry
from safelight.consent import queries
from safelight.consent.actions.withdraw_consent import withdraw_consent
from safelight.consent.details import Details
from safelight.consent.models import ChildsView, Consent, ConsentOwed, How, Purpose, WhoAgreed, Wording
from safelight.kernel import clock
from safelight.kernel.actor import Role

pytestmark = pytest.mark.django_db
ALL_FIVE = {f"purpose_{number}": "yes" if number < 3 else "no" for number in range(1, 6)}


@pytest.fixture
def client(person):
    return sign_in(Client(), person)


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[1]))


@pytest.mark.requirement("B3")
def test_a_consent_is_shown_in_the_words_that_were_said(client, khan, patient):
    details = Details(notes="Asked twice", interpreter="J Nowak", language="Polish", signature=(((1, 2), (30, 40)),))
    consent = make_consent(patient, khan, yes=(1, 2), how=How.SIGNED, details=details)
    page = client.get(reverse("consent:consent", args=[consent.pk])).content.decode()
    words = _words(page)
    for said in ("Asked twice", "J Nowak", "Polish", "Dr A Khan", "like an X-ray", "English, version 1", "Signed"):
        assert said in words
    assert '<path d="M1 2L30 40"' in page
    assert b"consent.ConsentSeen" in bytes(Entry.objects.order_by("-seq").first().body)


def test_a_consent_is_shown_to_nobody_else(khan, patient):
    consent = make_consent(patient, khan)
    stranger = sign_in(Client(), make_person("lim", wards=["ED"]))
    for name in ("consent", "withdraw", "copy"):
        assert stranger.get(reverse(f"consent:{name}", args=[consent.pk])).status_code == 403
    assert stranger.post(reverse("consent:withdraw", args=[consent.pk]), {"purposes": [1]}).status_code == 403
    assert stranger.get(f"{reverse('consent:new')}?patient={patient.pk}").status_code == 403
    assert Consent.objects.get().state == "stands"


@pytest.mark.requirement("B6")
@pytest.mark.requirement("B13")
def test_withdrawing_works_at_once_and_promises_no_erasure(client, khan, patient):
    consent = make_consent(patient, khan, yes=(1, 2))
    address = reverse("consent:withdraw", args=[consent.pk])
    page = client.get(address).content.decode()
    assert "Photos already in your care record stay there" in page
    assert re.findall(r'name="purposes"[^>]*value="(\d)"', page) == ["1", "2"]
    assert " checked" not in page
    assert client.post(address, {"purposes": ["2"]}).url == reverse("consent:consent", args=[consent.pk])
    assert "Taken back" in _words(client.get(reverse("consent:consent", args=[consent.pk])).content.decode())


@pytest.mark.parametrize("chosen", [[], ["3"], ["9"], ["x"]])
def test_withdrawing_nothing_says_so(client, khan, patient, chosen):
    consent = make_consent(patient, khan, yes=(1, 2))
    answer = client.post(reverse("consent:withdraw", args=[consent.pk]), {"purposes": chosen})
    assert (answer.status_code, "<title>Error: " in answer.content.decode()) == (422, True)


def test_a_consent_that_was_replaced_takes_nothing_back(client, khan, patient):
    first = make_consent(patient, khan, at=clock.now() - timedelta(hours=1))
    make_consent(patient, khan)
    answer = client.post(reverse("consent:withdraw", args=[first.pk]), {"purposes": ["1"]})
    assert answer.status_code == 409
    assert "Somebody else has just recorded" in answer.content.decode()


@pytest.mark.requirement("B14")
def test_the_patients_copy_lists_who_may_look(client, khan, patient):
    consent = make_consent(patient, khan, yes=(1, 2))
    page = client.get(reverse("consent:copy", args=[consent.pk])).content.decode()
    words = _words(page)
    assert "SAMPLE, Test" in words
    assert "The staff who look after you" in words
    assert "whom your team asks for advice" in words
    assert "in another hospital" not in words.split("Who may look")[1].split("How we keep")[0]
    assert "Your care stays the same" in words
    assert "consent/copy." in page


def test_the_copy_comes_in_large_print(client, khan, patient):
    consent = make_consent(patient, khan)
    page = client.get(reverse("consent:copy", args=[consent.pk]) + "?large=1").content.decode()
    assert "consent/copy-large." in page


@pytest.mark.requirement("B14")
def test_the_copy_of_a_no_says_that_nobody_looks(client, khan, patient):
    consent = make_consent(patient, khan, yes=())
    assert "Nobody. No photos are taken." in _words(client.get(reverse("consent:copy", args=[consent.pk])).content.decode())


def _copy(client, consent) -> str:
    return _words(client.get(reverse("consent:copy", args=[consent.pk])).content.decode())


@pytest.mark.requirement("B7")
def test_the_copy_does_not_tell_a_patient_who_could_not_be_asked_that_they_said_yes(client, khan, patient):
    words = _copy(client, make_consent(patient, khan, yes=(1,), who=WhoAgreed.BEST_INTERESTS))
    assert "You could not be asked then" in words
    assert "What was decided for you" in words
    assert "What you said" not in words
    assert "You talked with" not in words


@pytest.mark.requirement("B9")
def test_the_copy_says_that_a_childs_no_counts(client, khan, patient):
    words = _copy(client, make_consent(patient, khan, who=WhoAgreed.PARENT, childs_view=ChildsView.REFUSES))
    assert "The child said no. That counts" in words
    assert "Nobody. No photos are taken." in words


@pytest.mark.requirement("B6")
def test_the_copy_of_a_consent_that_was_replaced_says_so_and_names_nobody_who_may_look(client, khan, patient):
    earlier = make_consent(patient, khan, yes=(1, 4), at=clock.now() - timedelta(days=1))
    make_consent(patient, khan, yes=(1,))
    words = _copy(client, earlier)
    assert "This does not count any more" in words
    assert "Who may look" not in words


@pytest.mark.requirement("B6")
def test_the_copy_of_what_was_taken_back_is_honest_about_photos_that_are_there(client, khan, patient):
    consent = make_consent(patient, khan, yes=(1,))
    client.post(reverse("consent:withdraw", args=[consent.pk]), {"purposes": ["1"]})
    words = _copy(client, consent)
    assert "Nobody new, and no more photos are taken" in words
    assert "can still see those in your record" in words
    card = _words(client.get(reverse("photographs:patient", args=[patient.pk])).content.decode())
    assert "All of it was taken back" in card
    assert "Nobody has asked this patient" not in card
    page = _words(client.get(reverse("consent:consent", args=[consent.pk])).content.decode())
    assert "nobody new is shown any. Those in the record stay there for care" in page


@pytest.mark.requirement("B7")
def test_asking_the_patient_settles_what_is_owed(client, khan, patient):
    make_consent(patient, khan, who=WhoAgreed.BEST_INTERESTS, at=clock.now() - timedelta(days=8))
    listed = _words(client.get(reverse("consent:owed")).content.decode())
    assert "SAMPLE, Test" in listed
    assert "Late" in listed
    address = f"{reverse('consent:new')}?patient={patient.pk}"
    page = client.get(address).content.decode()
    assert "could not be asked before" in page
    wording = re.search(r'name="wording" value="([^"]+)"', page)[1]
    answer = client.post(address, {"wording": wording, "answer": "all", "who": "patient", "how": "told"} | ALL_FIVE)
    assert answer.url == reverse("consent:consent", args=[Consent.objects.get(state="stands").pk])
    assert ConsentOwed.objects.get().settled_by.who_agreed == "patient"
    assert "Nobody waits to be asked" in client.get(reverse("consent:owed")).content.decode()


def test_still_the_same_carries_the_name_of_who_speaks_for_the_patient(client, khan, patient):
    make_consent(patient, khan, who=WhoAgreed.ATTORNEY, at=clock.now() - timedelta(days=1))
    address = f"{reverse('consent:new')}?patient={patient.pk}"
    hidden = dict(re.findall(r'name="(wording|shown)" value="([^"]+)"', client.get(address).content.decode()))
    made = client.post(address, {"answer": "same"} | hidden).url
    assert "Pat SAMPLE" in client.get(made).content.decode()


def test_a_forged_same_without_an_earlier_consent_is_refused(client, patient):
    address = f"{reverse('consent:new')}?patient={patient.pk}"
    wording = re.search(r'name="wording" value="([^"]+)"', client.get(address).content.decode())[1]
    answer = client.post(address, {"wording": wording, "answer": "same"})
    assert (answer.status_code, Consent.objects.exists()) == (422, False)


@pytest.mark.parametrize("signature", ["<svg onload=alert(1)>", "[[[1,2],[3000,4]]]", '{"a":1}'])
def test_a_signature_that_is_none_is_not_kept(client, patient, signature):
    address = f"{reverse('consent:new')}?patient={patient.pk}"
    wording = re.search(r'name="wording" value="([^"]+)"', client.get(address).content.decode())[1]
    sent = {"wording": wording, "answer": "all", "who": "patient", "how": "signed", "signature": signature} | ALL_FIVE
    answer = client.post(address, sent)
    assert (answer.status_code, Consent.objects.exists()) == (422, False)
    assert 'href="#id_signed_name"' in answer.content.decode()


def test_a_typed_name_is_the_keyboards_signature(client, patient):
    address = f"{reverse('consent:new')}?patient={patient.pk}"
    wording = re.search(r'name="wording" value="([^"]+)"', client.get(address).content.decode())[1]
    sent = {"wording": wording, "answer": "all", "who": "patient", "how": "signed", "signed_name": "T Sample"} | ALL_FIVE
    assert "T Sample" in client.get(client.post(address, sent).url).content.decode()


def test_an_administrator_adds_a_language_and_the_page_asks_in_it(client, patient):
    keeper = sign_in(Client(), make_person("keeper", roles=[Role.ADMINISTRATOR]))
    address = reverse("consent:words")
    text = {"language": "pl", "say": "Chciałbym zrobić zdjęcia."} | {f"ask_{number}": f"Pytanie {number}" for number in range(1, 6)}
    assert keeper.post(address, text | {"ask_3": ""}).status_code == 422
    assert keeper.post(address, text).status_code == 302
    assert "Polish, version 1" in _words(keeper.get(address).content.decode())
    asking = f"{reverse('consent:new')}?patient={patient.pk}"
    assert f"words={Wording.objects.get().pk}" in client.get(asking).content.decode()
    page = client.get(f"{asking}&words={Wording.objects.get().pk}").content.decode()
    assert "Pytanie 4" in page
    assert 'lang="pl"' in page


def test_who_is_no_administrator_reads_the_texts_and_adds_none(client):
    address = reverse("consent:words")
    assert '<form method="post" novalidate' not in client.get(address).content.decode()
    text = {"language": "pl", "say": "x"} | {f"ask_{number}": "y" for number in range(1, 6)}
    assert client.post(address, text).status_code == 403
    assert not Wording.objects.exists()


def test_a_refusal_stands_on_the_form(client, khan, patient):
    make_consent(patient, khan, yes=(1,))
    address = f"{reverse('consent:new')}?patient={patient.pk}"
    wording = re.search(r'name="wording" value="([^"]+)"', client.get(address).content.decode())[1]
    decided = {"who": "best_interests", "assessor": "Dr A Khan", "reason": "Asleep"}
    answer = client.post(address, {"wording": wording, "answer": "all"} | decided | ALL_FIVE)
    assert (answer.status_code, "while they could decide" in answer.content.decode()) == (409, True)


@pytest.mark.requirement("B7")
def test_the_form_says_at_once_that_teaching_cannot_be_decided_for_a_patient(client, patient):
    address = f"{reverse('consent:new')}?patient={patient.pk}"
    wording = re.search(r'name="wording" value="([^"]+)"', client.get(address).content.decode())[1]
    decided = {"who": "best_interests", "assessor": "Dr A Khan", "reason": "Asleep", "purpose_4": "yes"}
    answer = client.post(address, {"wording": wording, "answer": "all"} | ALL_FIVE | decided)
    assert (answer.status_code, "Nobody can agree to teaching" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("address", ["", "?patient=nonsense"])
def test_there_is_no_page_about_nobody(client, address):
    assert client.get(reverse("consent:new") + address).status_code == 404


@pytest.mark.requirement("B6")
@pytest.mark.requirement("E4")
class TestWhereTwoRecordsBecameOne:
    """Both records said yes; then advice was taken back in the older one, and the two became one."""

    @pytest.fixture
    def nameless(self, khan, patient):
        return make_consent(patient, khan, yes=(1, 2), at=clock.now() - timedelta(hours=2))

    @pytest.fixture
    def known(self, khan, nameless):
        other = make_patient("OTHER", "Ann", "9990000026", "X1")
        made = make_consent(other, khan, yes=(1, 2), at=clock.now() - timedelta(hours=1))
        withdraw_consent(by=khan, consent_id=nameless.pk, purposes=frozenset({Purpose.ADVICE_HERE}), now=clock.now())
        type(other).objects.filter(pk=nameless.patient_id).update(merged_into=other)
        return made

    def test_the_pages_of_a_consent_say_what_was_taken_back_in_the_other(self, client, known):
        page = _words(client.get(reverse("consent:consent", args=[known.pk])).content.decode())
        assert page.count("Taken back") == 1
        sheet = _words(client.get(reverse("consent:copy", args=[known.pk])).content.decode())
        assert "whom your team asks for advice" not in sheet
        form = client.get(reverse("consent:withdraw", args=[known.pk])).content.decode()
        assert re.findall(r'name="purposes"[^>]*value="(\d)"', form) == ["1"]

    def test_the_older_one_says_that_another_counts(self, client, nameless, known):
        page = _words(client.get(reverse("consent:consent", args=[nameless.pk])).content.decode())
        assert "replaced by a later consent" in page
        assert "Stop showing my photos" not in page
        assert "Who may look" not in client.get(reverse("consent:copy", args=[nameless.pk])).content.decode()

    @pytest.mark.parametrize("name", ["consent:new", "photographs:new_visit"])
    def test_still_the_same_brings_nothing_back_that_was_taken_back(self, client, khan, known, name):
        address = f"{reverse(name)}?patient={known.patient_id}"
        told = {"answer": "same", "wording": str(known.wording_id), "site_1": "forearm", "side_1": "left", "why": "wound"}
        page = client.get(address).content.decode()
        assert "record yes, advice no" in _words(page)
        assert client.post(address, told | {"shown": re.search(r'name="shown" value="([^"]+)"', page)[1]}).status_code == 302
        assert Consent.objects.filter(still_the_same=True).count() == 1
        assert queries.agreed(khan, known.patient_id) == {Purpose.TAKE_AND_KEEP}
