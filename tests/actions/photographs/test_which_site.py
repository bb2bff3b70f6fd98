"""Which site? On a visit with several a photo is filed under the first, says so, and is put right with two clicks."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.patients import make_patient
from tests.factories.photographs import Record, facts_of, file_one, filing_of, make_record, one_of_its_own, received
from tests.factories.pictures import photo as jpeg
from tests.factories.sessions import Session, sort
from tests.factories.staff import actor_of, make_person, sign_in

from safelight.access.errors import NoCareRelationship
from safelight.intake.whose import whose
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.kernel.errors import NotFound
from safelight.photographs import queries
from safelight.photographs.actions.file_photograph import file_photograph
from safelight.photographs.actions.set_sites import set_sites
from safelight.photographs.errors import EvidenceRoute, NoPhotosChosen, UnknownSite
from safelight.photographs.models import Photograph, View, Visit
from safelight.photographs.sites import SiteSaid

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("C3")]
ARM, HAND = SiteSaid("forearm", "left"), SiteSaid("hand", "right")


@pytest.fixture
def record() -> Record:
    return make_record(sites=(ARM, HAND))


@pytest.fixture
def photos(record) -> list[Photograph]:
    return record.photos(3, site_assumed=True)


def say(record: Record, photos: list[Photograph], site: SiteSaid = HAND, by=None) -> None:
    chosen = [photo.pk for photo in photos]
    set_sites(by=by or record.by, patient_id=record.patient.pk, photograph_ids=chosen, site=site, now=clock.now())


def shows(photo: Photograph) -> tuple[str, str, bool]:
    photo.refresh_from_db()
    return photo.site, photo.laterality, photo.site_assumed


class TestFiling:
    @pytest.mark.parametrize(("sites", "assumed"), [((ARM,), False), ((ARM, HAND), True)])
    def test_by_its_slate_assumes_the_first_of_several_sites(self, sites, assumed):
        ward = Session()
        ward.slate(make_patient(), sites=sites)
        ward.photos(2)
        read_in = ward.put_in()
        sort(read_in)
        assert {(photo.site, photo.site_assumed) for photo in Photograph.objects.all()} == {("forearm", assumed)}
        named = whose(ward.by, read_in.pk, now=clock.now()).named
        assert [(one.photos, one.unsaid) for one in named] == [(2, 2 if assumed else 0)]

    def test_keeps_what_was_said(self, record):
        filing = filing_of(received(one_of_its_own(jpeg())), record.visit)
        assert not file_photograph(by=WORKER, filing=filing, now=clock.now()).site_assumed


class TestSaying:
    def test_changes_all_that_were_chosen_in_one_entry_and_keeps_their_views(self, record, photos):
        Photograph.objects.filter(pk=photos[1].pk).update(view=View.CLOSE_UP)
        say(record, photos[1:])
        assert [shows(photo) for photo in photos] == [(*_plain(ARM), True), (*_plain(HAND), False), (*_plain(HAND), False)]
        assert photos[1].view == View.CLOSE_UP
        facts = facts_of("photographs.set_sites")
        assert [fact["photograph"] for fact in facts] == [str(photo.pk) for photo in photos[1:]]
        assert not facts_of("photographs.set_site")

    def test_may_say_that_the_first_was_right(self, record, photos):
        say(record, photos, ARM)
        assert not queries.site_unsaid(record.by, record.patient.pk)

    def test_needs_photos_and_a_site_of_the_list(self, record, photos):
        with pytest.raises(NoPhotosChosen):
            say(record, [])
        with pytest.raises(UnknownSite):
            say(record, photos, SiteSaid("forearm"))
        assert all(shows(photo)[2] for photo in photos)

    def test_changes_none_where_one_is_another_patients(self, record, photos):
        (other,) = make_record("OTHER", "9990000026").photos(1)
        with pytest.raises(NotFound):
            say(record, [photos[0], other])
        assert shows(photos[0])[2]

    def test_is_refused_to_who_does_not_look_after_the_patient(self, record, photos):
        with pytest.raises(NoCareRelationship):
            say(record, photos, by=actor_of(make_person("elsewhere", "Dr O Else", wards=["ED"])))

    def test_of_evidence_is_the_photographers(self, record, photos):
        Visit.objects.filter(pk=record.visit.pk).update(evidential=True)
        with pytest.raises(EvidenceRoute):
            say(record, photos)


class TestThePage:
    @pytest.fixture
    def client(self, record) -> Client:
        return sign_in(Client(), record.person)

    @pytest.fixture
    def page(self, record) -> str:
        return reverse("photographs:which_site", args=[record.patient.pk])

    def test_lists_only_what_nobody_has_said(self, client, page, record, photos):
        said = file_one(record.patient, record.visit)
        text = client.get(page).content.decode()
        assert all(str(photo.pk) in text for photo in photos)
        assert str(said.pk) not in text
        assert {photo for fact in facts_of("photographs.view_timeline") for photo in fact["photographs"]} == {str(p.pk) for p in photos}
        assert client.get(reverse("photographs:file", args=[photos[0].pk, "thumb"])).status_code == 200

    def test_sets_the_ticked_ones_and_stays_while_there_are_more(self, client, page, photos):
        answer = client.post(page, {"photo": [str(photos[0].pk)], "every": [str(photo.pk) for photo in photos], "site": "right-hand"})
        assert answer["Location"] == page
        assert [shows(photo)[2] for photo in photos] == [False, True, True]

    def test_sets_all_of_a_visit_and_leads_back(self, client, page, record, photos):
        answer = client.post(page, {"every": [str(photo.pk) for photo in photos], "all": "right-hand"})
        assert answer["Location"] == reverse("photographs:patient", args=[record.patient.pk])
        assert {shows(photo) for photo in photos} == {(*_plain(HAND), False)}
        assert "of every photo what it shows" in client.get(page).content.decode()

    def test_with_nothing_ticked_says_so_and_changes_nothing(self, client, page, photos):
        answer = client.post(page, {"site": "right-hand", "every": [str(photos[0].pk)]})
        assert answer.status_code == 422
        assert "Tick the photos first" in answer.content.decode()
        assert shows(photos[0])[2]

    def test_keeps_the_ticks_where_the_site_is_none(self, client, page, photos):
        answer = client.post(page, {"site": "nowhere", "photo": [str(photos[0].pk)]})
        assert answer.status_code == 422
        assert f'value="{photos[0].pk}" checked' in answer.content.decode()
        assert client.post(page, {"site": "right-hand", "photo": ["nonsense"]}).status_code == 404

    def test_is_led_to_from_the_record_and_the_photo(self, client, page, record, photos):
        for address in (reverse("photographs:patient", args=[record.patient.pk]), reverse("photographs:photo", args=[photos[0].pk])):
            text = client.get(address).content.decode()
            assert "Which site?" in text
            assert page in text
        say(record, photos)
        assert "Which site?" not in client.get(reverse("photographs:patient", args=[record.patient.pk])).content.decode()

    def test_lets_the_ward_look_at_evidence_and_say_nothing(self, client, page, record, photos):
        Visit.objects.filter(pk=record.visit.pk).update(evidential=True)
        text = client.get(page).content.decode()
        assert "The medical photographer says what they show" in text
        assert 'name="site"' not in text

    def test_of_nobody_is_not_found(self, client):
        assert client.get(reverse("photographs:which_site", args=[uuid4()])).status_code == 404


def _plain(site: SiteSaid) -> tuple[str, str]:
    return site.site, site.laterality
