import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.access import give_access
from tests.factories.consent import make_consent
from tests.factories.custody import acting, check_out, make_camera
from tests.factories.patients import make_patient
from tests.factories.staff import actor_of, make_person, make_ward, sign_in
from tests.factories.visits import make_slate, make_visit

from safelight.audit.models import Entry
from safelight.consent.models import Consent
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.rules import CardSaid
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.photographs.models import Slate, Visit
from safelight.vault.fields import open_field

pytestmark = pytest.mark.django_db
ALL_FIVE = {f"purpose_{number}": "yes" if number < 3 else "no" for number in range(1, 6)}
SAID = {"who": "patient", "how": "told", "site_1": "forearm", "side_1": "left", "why": "wound"}


@pytest.fixture
def person():
    return make_person()


@pytest.fixture
def client(person):
    return sign_in(Client(), person)


@pytest.fixture
def patient(person):
    return make_patient()


def _address(patient):
    return f"{reverse('photographs:new_visit')}?patient={patient.pk}"


def _post(client, patient, **said):
    page = client.get(_address(patient)).content.decode()
    hidden = dict(re.findall(r'name="(wording|shown)" value="([^"]+)"', page))
    return client.post(_address(patient), hidden | {"answer": "all"} | said)


def _chosen(page: str) -> list[str]:
    return re.findall(r'name="([a-z_0-9]+)"[^>]*value="([^"]*)"[^>]* checked', page)


def test_nothing_is_chosen_beforehand(client, patient):
    page = client.get(_address(patient)).content.decode()
    assert _chosen(page) == []
    assert page.count('type="radio" name="purpose_') == 10


def test_the_first_time_leads_to_a_slate(client, patient):
    answer = _post(client, patient, **ALL_FIVE, **SAID)
    visit = Visit.objects.get()
    assert answer.url == reverse("photographs:slate", args=[visit.pk])
    assert (visit.patient, visit.check_out, visit.consent.who_agreed) == (patient, None, "patient")
    assert {answer.purpose for answer in visit.consent.answers.filter(yes=True)} == {1, 2}


def test_one_page_one_entry(client, patient):
    """One for who the page is about, and one for all that is said on it."""
    before = Entry.objects.count()
    _post(client, patient, **ALL_FIVE, **SAID)
    made = Entry.objects.filter(seq__gte=before).order_by("seq").values_list("action", flat=True)
    assert [*made] == ["access.name_patients", "photographs.open_visit"]


@pytest.mark.parametrize("missing", [*ALL_FIVE, "who", "how", "site_1", "side_1", "why"])
def test_keeps_what_was_typed_and_names_what_is_missing(client, patient, missing):
    said = ALL_FIVE | SAID | {"notes": "Worried <b>"}
    said.pop(missing)
    answer = _post(client, patient, **said)
    page = answer.content.decode()
    assert (answer.status_code, Visit.objects.exists(), Consent.objects.exists()) == (422, False, False)
    assert f'href="#id_{missing}"' in page
    assert f'id="id_{missing}"' in page
    assert "Worried &lt;b&gt;" in page
    assert "<title>Error: " in page
    assert len(_chosen(page)) == len([name for name in said if name in {*ALL_FIVE, "who", "how", "side_1"}])


def test_record_and_advice_only_is_one_button(client, patient):
    _post(client, patient, answer="care", **SAID)
    assert {answer.purpose for answer in Consent.objects.get().answers.filter(yes=True)} == {1, 2}


def test_still_the_same_is_one_button_with_everything_from_last_time(client, person, patient):
    make_visit(patient, actor_of(person), at=clock.now() - timedelta(days=3))
    page = client.get(_address(patient)).content.decode()
    assert "Same as last time?" in page
    assert "record yes, advice yes, other hospital no, teaching no, publication no" in page
    sent = {"answer": "same"} | {name: value for name, value in SAID.items() if name not in {"who", "how"}}
    answer = _post(client, patient, **sent)
    assert answer.status_code == 302
    latest = Consent.objects.get(state="stands")
    assert (latest.still_the_same, latest.how) == (True, "told")


def test_where_and_why_are_those_of_last_time(client, person, patient):
    make_visit(patient, actor_of(person), site="shin", laterality="right", reason="injury")
    page = client.get(_address(patient)).content.decode()
    assert re.search(r'<option value="shin"[^>]* selected', page)
    assert re.search(r'<option value="injury"[^>]* selected', page)
    assert _chosen(page) == [("side_1", "right")]


def test_where_and_why_are_the_wards_where_there_was_no_last_time(client, patient):
    ward = make_ward()
    ward.default_site, ward.default_reason = "abdomen", "after_operation"
    ward.save()
    page = client.get(_address(patient)).content.decode()
    assert re.search(r'<option value="abdomen"[^>]* selected', page)
    assert re.search(r'<option value="after_operation"[^>]* selected', page)


def test_a_no_to_photos_is_recorded_and_makes_no_slate(client, patient):
    answer = _post(client, patient, **(ALL_FIVE | {"purpose_1": "no"}), **SAID)
    assert answer.url == reverse("consent:consent", args=[Consent.objects.get().pk])
    assert not Visit.objects.exists()


@pytest.mark.requirement("B9")
def test_a_childs_no_is_recorded_and_makes_no_slate(client, patient):
    said = SAID | {"who": "parent", "name": "Pat SAMPLE", "childs_view": "refuses"}
    answer = _post(client, patient, **ALL_FIVE, **said)
    assert answer.url == reverse("consent:consent", args=[Consent.objects.get().pk])
    assert (Consent.objects.get().childs_view, Visit.objects.exists()) == ("refuses", False)


@pytest.mark.parametrize(
    ("who", "missing"), [("parent", "name"), ("parent", "childs_view"), ("attorney", "name"), ("best_interests", "assessor")]
)
def test_asks_for_what_belongs_to_who_agreed(client, patient, who, missing):
    answer = _post(client, patient, **ALL_FIVE, **(SAID | {"who": who}))
    assert answer.status_code == 422
    assert f'href="#id_{missing}"' in answer.content.decode()


@pytest.mark.requirement("B7")
def test_best_interests_by_the_page(client, patient):
    said = {key: value for key, value in SAID.items() if key != "how"}
    said |= {"who": "best_interests", "assessor": "Dr A Khan", "reason": "Unconscious"}
    assert _post(client, patient, **ALL_FIVE, **said).status_code == 302
    made = Consent.objects.get()
    assert (made.how, made.owed.settled_at) == ("decided", None)
    page = client.get(_address(patient)).content.decode()
    assert "Same as last time?" not in page


def test_refusals_stand_on_the_form(client, person, patient):
    make_consent(patient, actor_of(person), yes=(1,))
    said = {key: value for key, value in SAID.items() if key != "how"}
    decided = {"who": "best_interests", "assessor": "Dr A Khan", "reason": "Asleep"}
    answer = _post(client, patient, **(ALL_FIVE | said | decided))
    assert answer.status_code == 409
    assert "while they could decide" in answer.content.decode()


@pytest.mark.requirement("C7")
def test_an_intimate_site_asks_for_the_chaperone(client, patient):
    said = ALL_FIVE | SAID | {"site_1": "breast"}
    assert 'href="#id_chaperone"' in _post(client, patient, **said).content.decode()
    assert _post(client, patient, **said, chaperone="declined").status_code == 302
    assert Visit.objects.get().chaperone == "declined"


def test_under_18_it_asks_why_in_words_and_seals_them(client):
    child = make_patient("CHILD", "Sam", born=date.today() - timedelta(days=4000))
    said = ALL_FIVE | SAID | {"site_1": "breast", "chaperone": "present"}
    assert 'href="#id_needed_for"' in _post(client, child, **said).content.decode()
    assert _post(client, child, **said, needed_for="Burn of the chest").status_code == 302
    visit = Visit.objects.get()
    assert b"Burn" not in bytes(visit.purpose)
    assert open_field(visit.purpose, context=f"visit:{visit.pk}:purpose") == b"Burn of the chest"


def test_a_side_left_chosen_beside_a_site_without_sides_is_nothing(client, patient):
    _post(client, patient, **(ALL_FIVE | SAID | {"site_1": "abdomen", "site_2": "shin", "side_2": "right"}))
    assert Visit.objects.get().sites == [{"site": "abdomen", "laterality": ""}, {"site": "shin", "laterality": "right"}]


@pytest.mark.requirement("C9")
def test_the_ward_is_told_who_takes_safeguarding_photos(client, patient):
    make_person("lens", name="Ms P Lens", roles=[Role.PHOTOGRAPHER])
    answer = _post(client, patient, **(ALL_FIVE | SAID | {"why": "safeguarding"}))
    page = answer.content.decode()
    assert (answer.status_code, Consent.objects.exists(), Visit.objects.exists()) == (403, False, False)
    assert "The medical photographer takes these photos" in page
    assert "Ms P Lens" in page


@pytest.mark.requirement("C10")
def test_without_a_camera_the_page_says_where_the_next_one_is(client, patient):
    assert "No camera is ready now" in client.get(_address(patient)).content.decode()
    camera = make_camera("CAM-07")
    page = client.get(_address(patient)).content.decode()
    assert "CAM-07</strong> is ready" in page
    assert "/cameras/CAM-07/out/" in page
    check_out(camera, make_person("webb", name="Sr E Webb"))
    assert "CAM-07</strong>: Sr E Webb has it" in client.get(_address(patient)).content.decode()


def test_the_camera_in_the_hands_is_taken_by_itself(client, person, patient):
    out = check_out(make_camera("CAM-07"), person)
    assert "No camera in your hands" not in client.get(_address(patient)).content.decode()
    _post(client, patient, **ALL_FIVE, **SAID)
    assert Visit.objects.get().check_out == out


def test_with_two_cameras_in_the_hands_it_asks_which(client, person, patient):
    check_out(make_camera("CAM-07"), person)
    second = check_out(make_camera("CAM-08", serial="8"), person)
    assert 'href="#id_check_out"' in _post(client, patient, **ALL_FIVE, **SAID).content.decode()
    assert _post(client, patient, **ALL_FIVE, **SAID, check_out=second.pk).status_code == 302
    assert Visit.objects.get().check_out == second


def test_who_does_not_look_after_the_patient_is_asked_why(patient):
    stranger = sign_in(Client(), make_person("lim", wards=["ED"]))
    assert stranger.get(_address(patient)).status_code == 403
    assert stranger.post(_address(patient), ALL_FIVE | SAID).status_code == 403
    assert not Consent.objects.exists()


def test_a_scan_is_enough(patient):
    person = make_person("lim", wards=["ED"])
    give_access(person, patient)
    assert _post(sign_in(Client(), person), patient, **ALL_FIVE, **SAID).status_code == 302


@pytest.mark.parametrize("address", ["", "?patient=", "?patient=nonsense", f"?patient={UUID(int=9)}"])
def test_there_is_no_page_about_nobody(client, address):
    assert client.get(reverse("photographs:new_visit") + address).status_code == 404


def test_no_name_or_number_stands_in_an_address_or_on_the_slate(client, person, patient):
    visit = make_visit(patient, actor_of(person))
    part = client.get(reverse("photographs:slate_part", args=[visit.pk]))
    assert "SAMPLE" not in part.content.decode()
    assert "999" not in part.content.decode()
    assert part["Cache-Control"] == "private, no-store"


@pytest.mark.requirement("C1")
def test_the_slate_page_shows_the_symbol_and_asks_for_the_next(client, person, patient):
    visit = make_visit(patient, actor_of(person))
    page = client.get(reverse("photographs:slate", args=[visit.pk])).content.decode()
    slate = Slate.objects.get()
    assert slate.code not in page
    assert f"/slates/{slate.pk}/datamatrix.svg" in page
    assert 'hx-trigger="load delay:30s"' in page
    assert f"{slate.code[5:7]} {slate.code[7:10]}" in page
    symbol = client.get(reverse("photographs:symbol", args=[slate.pk, "datamatrix"]))
    assert (symbol["Content-Type"], symbol["Cache-Control"]) == ("image/svg+xml", "private, no-store")
    assert client.get(reverse("photographs:symbol", args=[slate.pk, "code39"])).status_code == 404


def test_each_asking_makes_another_token(client, person, patient):
    visit = make_visit(patient, actor_of(person))
    client.get(reverse("photographs:slate", args=[visit.pk]))
    client.get(reverse("photographs:slate_part", args=[visit.pk]))
    assert Slate.objects.count() == 2


def test_a_page_that_was_open_for_ten_minutes_makes_no_more(client, person, patient):
    began = clock.now() - timedelta(minutes=11)
    visit = make_visit(patient, actor_of(person), at=began - timedelta(minutes=1))
    part = client.get(f"{reverse('photographs:slate_part', args=[visit.pk])}?since={int(began.timestamp())}").content.decode()
    assert "put away" in part
    assert "hx-get" not in part
    assert not Slate.objects.exists()


@pytest.mark.parametrize("since", ["0", "-1", "x", "99999999999999999999", "²"])
def test_a_moment_that_cannot_be_is_none(client, person, patient, since):
    visit = make_visit(patient, actor_of(person))
    assert "hx-get" in client.get(f"{reverse('photographs:slate_part', args=[visit.pk])}?since={since}").content.decode()


def test_shows_no_slate_when_the_camera_is_back(client, person, patient):
    camera = make_camera("CAM-07")
    visit = make_visit(patient, actor_of(person), check_out=check_out(camera, person))
    return_camera(by=acting(person), camera_id=camera.pk, card=CardSaid.HAS_PHOTOS, now=clock.now())
    page = client.get(reverse("photographs:slate", args=[visit.pk])).content.decode()
    assert "There is no slate for this visit any more" in page
    assert "Photograph this first" not in page
    assert not Slate.objects.exists()


def test_paper_is_made_by_the_button_and_shown_again_without_another(client, person, patient):
    visit = make_visit(patient, actor_of(person))
    address = reverse("photographs:paper_slate", args=[visit.pk])
    assert client.get(address).status_code == 302
    client.post(address)
    page = client.get(address).content.decode()
    client.get(address)
    printed = Slate.objects.get(on_paper=True)
    assert page.count(f"/slates/{printed.pk}/") == 2
    assert "SAMPLE" not in page.split("<main")[1]


def test_the_end_slate_is_everybodys(client):
    page = client.get(reverse("photographs:end_slate")).content.decode()
    assert "/slates/end/datamatrix.svg" in page
    assert client.get(reverse("photographs:end_symbol", args=["qr"])).status_code == 200


def test_slates_are_shown_to_nobody_else(person, patient):
    visit = make_visit(patient, actor_of(person))
    slate = make_slate(visit)
    stranger = sign_in(Client(), make_person("lim", wards=["ED"]))
    for name, args in [
        ("slate", [visit.pk]),
        ("slate_part", [visit.pk]),
        ("paper_slate", [visit.pk]),
        ("symbol", [slate.pk, "qr"]),
    ]:
        assert stranger.get(reverse(f"photographs:{name}", args=args)).status_code == 403
    assert Client().get(reverse("photographs:end_slate")).status_code == 302
    assert Slate.objects.count() == 1
