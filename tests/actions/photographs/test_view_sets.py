"""Which views are wanted, who says so, which view a photo is, and what is said to be missing."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.patients import make_patient
from tests.factories.photographs import facts_of, make_record
from tests.factories.sessions import Session, sort
from tests.factories.staff import actor_of, make_person, sign_in

from safelight.access.errors import NoCareRelationship
from safelight.kernel import clock
from safelight.kernel.actor import NOBODY, Role
from safelight.kernel.errors import NotFound
from safelight.photographs.actions.change_view_set import change_view_set
from safelight.photographs.actions.name_views import name_views
from safelight.photographs.errors import EvidenceRoute, NoPhotosChosen, UnknownView, ViewSetsAreKept
from safelight.photographs.models import Photograph, View, ViewSet, Visit, WardViewSet
from safelight.photographs.view_sets import missing, suggested, wanted

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("C4")]
FAR, REGIONAL, NEAR, SKIN = View.OVERVIEW, View.REGIONAL, View.CLOSE_UP, View.DERMOSCOPIC


@pytest.fixture
def record():
    return make_record(reason="skin_lesion")


@pytest.fixture
def photographer():
    return actor_of(make_person(roles=[Role.PHOTOGRAPHER]))


def says(record) -> list[str]:
    return [one.says for one in missing(record.by, [record.visit.pk])]


def name(record, photos, *views, by=None) -> None:
    said = {photo.pk: view for photo, view in zip(photos, views, strict=True)}
    name_views(by=by or record.by, visit_id=record.visit.pk, views=said, now=clock.now())


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("&#39;", "'")


class TestWhatIsMissing:
    def test_goes_by_the_order_of_the_photos_until_a_person_names_views(self, record):
        photos = record.photos(2)
        assert says(record) == ["Left forearm: close-up and dermoscopic may be missing"]
        name(record, photos, NEAR, SKIN)
        assert says(record) == ["Left forearm: overview and regional are missing"]

    def test_is_nothing_where_every_view_is_there(self, record):
        name(record, record.photos(4), SKIN, FAR, NEAR, REGIONAL)
        assert says(record) == []

    def test_is_nothing_where_the_hospital_wants_nothing(self, record, photographer):
        record.photos(1)
        change_view_set(by=photographer, reason="skin_lesion", views=(), now=clock.now(), new_id=uuid4())
        assert says(record) == []

    def test_is_told_to_nobody_from_outside(self, record):
        record.photos(1)
        assert missing(NOBODY, [record.visit.pk]) == []


class TestTheOrder:
    def test_suggests_the_views_of_the_list_and_then_more_from_near(self):
        assert suggested((FAR, NEAR), 4) == (FAR, NEAR, NEAR, NEAR)
        assert suggested((FAR,), 2) == (FAR, View.UNKNOWN)
        assert suggested((), 1) == (View.UNKNOWN,)


class TestNamingViews:
    def test_states_each_photo_and_its_view(self, record):
        photos = record.photos(2)
        name(record, photos, FAR, NEAR)
        assert {photo.view for photo in Photograph.objects.all()} == {FAR, NEAR}
        stated = facts_of("photographs.name_views")
        assert {(fact["photograph"], fact["view"]) for fact in stated} == {(str(photos[0].pk), FAR), (str(photos[1].pk), NEAR)}

    def test_changes_nothing_of_another_visit(self, record):
        [photo], [other] = record.photos(1), make_record("OTHER", "9990000026").photos(1)
        with pytest.raises(NotFound):
            name(record, [photo, other], FAR, NEAR)
        assert {one.view for one in Photograph.objects.all()} == {""}

    def test_refuses_who_may_not_see_the_patient_and_what_names_no_photo(self, record):
        photos = record.photos(1)
        with pytest.raises(NoCareRelationship):
            name(record, photos, FAR, by=actor_of(make_person("elsewhere", wards=["WARD9"])))
        with pytest.raises(NoPhotosChosen):
            name(record, [])

    def test_leaves_evidence_to_the_photographer(self, record):
        photos = record.photos(1)
        Visit.objects.update(evidential=True)
        with pytest.raises(EvidenceRoute):
            name(record, photos, FAR)


class TestTheListOfViews:
    def test_is_kept_by_photographers_and_administrators(self, photographer, record):
        change_view_set(by=photographer, reason="wound", views=(FAR, SKIN), now=clock.now(), new_id=uuid4())
        assert wanted(record.by, ["wound"]) == {"wound": (FAR, SKIN)}
        [stated] = facts_of("photographs.change_view_set")
        assert (stated["reason"], stated["views"]) == ("wound", [FAR, SKIN])
        with pytest.raises(ViewSetsAreKept):
            change_view_set(by=record.by, reason="wound", views=(), now=clock.now(), new_id=uuid4())

    def test_of_a_ward_goes_before_the_hospitals_for_its_patients_until_it_goes_as_everywhere(self, photographer, record):
        record.photos(1)
        ward, said = record.patient.ward, {"reason": "skin_lesion", "now": clock.now()}
        change_view_set(by=photographer, views=(FAR,), ward=ward, new_id=uuid4(), **said)
        change_view_set(by=photographer, views=(FAR, NEAR), new_id=uuid4(), **said)
        assert wanted(record.by, ["skin_lesion"], ward=ward) == {"skin_lesion": (FAR,)}
        assert wanted(record.by, ["skin_lesion"]) == {"skin_lesion": (FAR, NEAR)}
        assert says(record) == []
        change_view_set(by=photographer, views=None, ward=ward, new_id=uuid4(), **said)
        assert says(record) == ["Left forearm: close-up may be missing"]
        assert [fact["ward"] for fact in facts_of("photographs.change_view_set")] == [ward, "", ward]

    def test_is_of_a_ward_that_there_is(self, photographer, record):
        for ward, views in (("NOWHERE", (FAR,)), ("", None)):
            with pytest.raises(UnknownView):
                change_view_set(by=photographer, reason="wound", views=views, ward=ward, now=clock.now(), new_id=uuid4())

    @pytest.mark.parametrize(("reason", "views"), [("nothing", (FAR,)), ("wound", (FAR, FAR)), ("wound", (View.UNKNOWN,))])
    def test_takes_nothing_but_the_lists(self, photographer, reason, views):
        with pytest.raises(UnknownView):
            change_view_set(by=photographer, reason=reason, views=views, now=clock.now(), new_id=uuid4())
        assert not ViewSet.objects.exists()


class TestThePages:
    def test_the_views_are_filled_in_by_order_and_kept_with_one_click(self, record):
        photos = record.photos(2)
        khan = sign_in(Client(), record.person)
        page = reverse("photographs:name_views", args=[record.visit.pk])
        chosen = re.findall(r'name="(view-[^"]+)">.*?<option value="(\w*)" selected', khan.get(page).content.decode(), re.DOTALL)
        assert [view for _, view in chosen] == [FAR, REGIONAL]
        assert khan.post(page, dict(chosen)).url == reverse("photographs:patient", args=[record.patient.pk])
        assert {photo.view for photo in Photograph.objects.filter(pk__in=[each.pk for each in photos])} == {FAR, REGIONAL}
        assert "Left forearm: close-up and dermoscopic are missing" in text(khan.get(page))

    def test_a_forged_answer_changes_nothing(self, record):
        [photo] = record.photos(1)
        khan = sign_in(Client(), record.person)
        page = reverse("photographs:name_views", args=[record.visit.pk])
        assert khan.post(page, {f"view-{photo.pk}": "from behind"}).status_code == 404
        assert khan.post(page, {f"view-{uuid4()}": FAR}).status_code == 404
        assert khan.post(page, {}).status_code == 422

    def test_the_import_page_and_the_patients_page_name_what_is_missing(self):
        ward = Session()
        patient = make_patient()
        ward.slate(patient)
        ward.photos(1)
        read_in = ward.put_in()
        sort(read_in)
        khan = sign_in(Client(), ward.person)
        assert "Left forearm: close-up may be missing. Take it?" in text(khan.get(reverse("intake:import", args=[read_in.pk])))
        assert "Left forearm: close-up may be missing" in text(khan.get(reverse("photographs:patient", args=[patient.pk])))

    def test_the_list_is_changed_on_a_page_of_settings(self):
        boss = sign_in(Client(), make_person(roles=[Role.ADMINISTRATOR]))
        page = reverse("photographs:view_sets")
        assert "Saved: Wound or burn" in text(boss.post(page, {"reason": "wound", "view": [SKIN, FAR]}))
        assert ViewSet.objects.get().views == [FAR, SKIN]
        assert boss.post(page, {"reason": "wound", "view": ["upside down"]}).status_code == 422
        assert sign_in(Client(), make_person("ward-nurse")).get(page).status_code == 403

    def test_a_ward_is_chosen_and_taken_back_on_the_same_page(self, record):
        boss = sign_in(Client(), make_person("boss", roles=[Role.ADMINISTRATOR]))
        page = f"{reverse('photographs:view_sets')}?ward={record.patient.ward}"
        assert "As on every ward" not in text(boss.get(page))
        assert "As on every ward , for wound or burn" in text(boss.post(page, {"reason": "wound", "view": [SKIN]}))
        assert wanted(record.by, ["wound"], ward=record.patient.ward) == {"wound": (SKIN,)}
        boss.post(page, {"reason": "wound", "everywhere": "1"})
        assert not WardViewSet.objects.exists()
