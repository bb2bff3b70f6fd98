"""Which two photos are compared, which dates there are beside them, and that each larger view is an entry."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories.photographs import Record, facts_of, file_one, make_record, open_by_permit
from tests.factories.staff import actor_of, make_person, sign_in

from safelight.access.errors import NoCareRelationship
from safelight.audit.models import Entry, Outcome
from safelight.kernel import clock
from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.errors import NotFound
from safelight.patients.models import Patient
from safelight.photographs import queries, series
from safelight.photographs.actions.view_days import view_days
from safelight.photographs.models import Permit, Photograph
from safelight.photographs.permits import Size
from safelight.photographs.sites import SiteSaid

pytestmark = pytest.mark.django_db
ARM = SiteSaid("forearm", "left")
ZONE = timezone.get_default_timezone()


@pytest.fixture
def record() -> Record:
    return make_record()


def address(record: Record, **asked: object) -> str:
    pairs = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{reverse('photographs:compare', args=[record.patient.pk])}?{pairs}"


def two(record: Record, *, one: Photograph | None = None, other: Photograph | None = None, site: SiteSaid | None = None):
    chosen = [photo.pk if photo else None for photo in (one, other)]
    return series.two_of(record.by, record.patient.pk, one=chosen[0], other=chosen[1], site=site, zone=ZONE)


class TestTheTwo:
    def test_of_a_site_are_the_newest_and_the_day_before_it(self, record):
        _, older, newest = record.over_days(9, 4, 0)
        assert two(record, site=ARM) == [older, newest]

    def test_are_those_that_were_asked_for_in_their_order(self, record):
        first, _, last = record.over_days(9, 4, 0)
        assert two(record, one=last, other=first) == [last, first]

    def test_with_one_asked_for_are_it_and_the_day_before(self, record):
        first, middle, _ = record.over_days(9, 4, 0)
        assert two(record, one=middle) == [first, middle]

    def test_with_the_first_asked_for_are_it_and_the_day_after(self, record):
        first, middle, _ = record.over_days(9, 4, 0)
        assert two(record, other=first) == [first, middle]

    def test_of_a_single_day_are_two_photos_of_it(self, record):
        older, newer = record.photos(2)
        assert two(record, site=ARM) == [older, newer]

    def test_are_fewer_where_there_is_only_one_photo(self, record):
        (only,) = record.photos(1)
        assert two(record, site=ARM) == [only]
        assert two(record, site=SiteSaid("back")) == []

    def test_are_never_another_patients(self, record):
        (own,) = record.photos(1)
        (other,) = make_record("OTHER", "9990000026").photos(1)
        with pytest.raises(NotFound):
            two(record, one=own, other=other)


class TestDays:
    def test_are_those_of_the_site_oldest_first_and_counted_from_the_first(self, record):
        _, middle, _ = record.over_days(10, 7, 0)
        record.photos(1, site="back", laterality="")
        shown = series.days(record.by, middle, zone=ZONE)
        assert [(day.number, day.here) for day in shown] == [(0, False), (3, True), (10, False)]

    def test_are_stood_for_by_a_photo_of_the_same_view(self, record):
        (here,) = record.over_days(0, view="close_up")
        overview, close = (record.over_days(3, view=view)[0] for view in ("overview", "close_up"))
        assert series.days(record.by, here, zone=ZONE)[0].photograph == close.pk
        (wide,) = record.over_days(0, view="overview")
        assert series.days(record.by, wide, zone=ZONE)[0].photograph == overview.pk

    def test_are_at_most_so_many_around_the_one_that_is_here(self, record):
        def around(photo: Photograph) -> list:
            return [day.photograph for day in series.days(record.by, photo, zone=ZONE, most=3)]

        photos = record.over_days(5, 4, 3, 2, 1, 0)
        assert around(photos[3]) == [photo.pk for photo in photos[2:5]]
        assert around(photos[0]) == [photo.pk for photo in photos[:3]]
        assert around(photos[5]) == [photo.pk for photo in photos[3:]]

    def test_lead_to_the_day_before_and_the_day_after(self, record):
        photos = record.over_days(10, 7, 0)
        shown = series.days(record.by, photos[1], zone=ZONE)
        assert series.beside(shown) == (photos[0].pk, photos[2].pk)
        assert series.beside(series.days(record.by, photos[2], zone=ZONE)) == (photos[1].pk, None)
        assert series.beside(()) == (None, None)

    def test_are_shown_to_insiders_only(self, record):
        (photo,) = record.photos(1)
        guest = Actor(kind=ActorKind.GUEST, id=uuid4())
        assert series.days(guest, photo, zone=ZONE) == ()
        assert queries.newest(guest, record.patient.pk, ARM) == []
        assert queries.first_taken(guest, photo) == photo.taken_at


class TestTheStrip:
    def see(self, record: Record, photo: Photograph, by=None):
        return view_days(by=by or record.by, photograph_id=photo.pk, zone=ZONE, now=clock.now(), new_id=uuid4())

    @pytest.mark.requirement("I5")
    def test_lists_its_small_pictures_in_one_entry_and_permits_no_others(self, record):
        first, second, last = record.over_days(6, 3, 0)
        behind = record.photos(1)[0]  # of the same day as the last
        assert [day.photograph for day in self.see(record, last)] == [first.pk, second.pk, last.pk]
        (fact,) = facts_of("photographs.view_days")
        assert fact["photographs"] == [str(photo.pk) for photo in (first, second, last)]
        for photo in (first, second, last):
            open_by_permit(record, photo, Size.THUMB)
        for photo, size in ((behind, Size.THUMB), (last, Size.PREVIEW)):
            with pytest.raises(NotFound):
                open_by_permit(record, photo, size)

    def test_is_refused_to_who_does_not_look_after_the_patient(self, record):
        (photo,) = record.photos(1)
        with pytest.raises(NoCareRelationship):
            self.see(record, photo, actor_of(make_person("elsewhere", "Dr O Else", wards=["ED"])))
        assert not Permit.objects.exists()

    def test_names_each_pseudonym_with_its_own_photos(self, record):
        (own,) = record.over_days(0)
        merged = make_record("MERGED", "9990000026")
        (other,) = merged.over_days(4)
        Patient.objects.filter(pk=merged.patient.pk).update(merged_into=record.patient)
        self.see(record, own)
        facts = facts_of("photographs.view_days")
        assert {fact["patient"]: fact["photographs"] for fact in facts} == {
            str(record.patient.pk): [str(own.pk)],
            str(merged.patient.pk): [str(other.pk)],
        }

    def test_stands_on_the_page_of_a_photo_where_there_are_other_days(self, record):
        first, last = record.over_days(3, 0)
        client = sign_in(Client(), record.person)
        text = client.get(reverse("photographs:photo", args=[last.pk])).content.decode()
        assert "Days of this site" in text
        assert client.get(reverse("photographs:file", args=[first.pk, "thumb"])).status_code == 200
        (lonely,) = make_record("LONELY", "9990000026").photos(1)
        assert "Days of this site" not in client.get(reverse("photographs:photo", args=[lonely.pk])).content.decode()


class TestThePage:
    @pytest.mark.requirement("I5")
    def test_makes_an_entry_and_a_permit_of_each_photo(self, record):
        older, newer = record.over_days(3, 0)
        client = sign_in(Client(), record.person)
        page = client.get(address(record, a=older.pk, b=newer.pk))
        assert page.status_code == 200
        seen = facts_of("photographs.view_photograph")
        assert [fact["photograph"] for fact in seen] == [str(older.pk), str(newer.pk)]
        assert Entry.objects.filter(action="photographs.view_photograph", outcome=Outcome.DONE).count() == 2
        assert [permit.photographs for permit in Permit.objects.filter(rendition=Size.PREVIEW).order_by("until", "pk")] != []
        for photo in (older, newer):
            assert client.get(reverse("photographs:file", args=[photo.pk, "preview"])).status_code == 200
        assert page["Cache-Control"].startswith("no-store") or "no-store" in page["Cache-Control"]

    def test_changes_one_side_by_its_own_links(self, record):
        first, second, third = record.over_days(6, 3, 0)
        text = sign_in(Client(), record.person).get(address(record, a=second.pk, b=third.pk)).content.decode()
        assert f"a={first.pk}&amp;b={third.pk}&amp;side=a" in text
        assert f"a={second.pk}&amp;b={first.pk}&amp;side=b" in text
        assert f"a={third.pk}&amp;b={second.pk}" in text  # the sides changed

    def test_says_that_there_is_nothing_to_compare_with(self, record):
        record.photos(1)
        text = sign_in(Client(), record.person).get(address(record, site="left-forearm")).content.decode()
        assert "only one photo of this site" in text

    def test_shows_two_sites_where_they_are_asked_for(self, record):
        (arm,) = record.photos(1)
        back = file_one(record.patient, record.visit, site="back", laterality="")
        text = sign_in(Client(), record.person).get(address(record, a=arm.pk, b=back.pk)).content.decode()
        assert "Left forearm and back over time" in text

    @pytest.mark.parametrize("asked", ["a=nonsense", "site=../x", "site=nowhere", "a=00000000-0000-0000-0000-000000000000"])
    def test_of_what_does_not_exist_is_not_found(self, record, asked):
        record.photos(1)
        page = sign_in(Client(), record.person).get(f"{reverse('photographs:compare', args=[record.patient.pk])}?{asked}")
        assert page.status_code == 404

    def test_is_refused_to_who_does_not_look_after_the_patient_and_shows_nothing(self, record):
        older, newer = record.over_days(3, 0)
        outsider = make_person("elsewhere", "Dr O Else", wards=["ED"])
        client = sign_in(Client(), outsider)
        assert client.get(address(record, a=older.pk, b=newer.pk)).status_code == 403
        assert client.get(reverse("photographs:file", args=[older.pk, "preview"])).status_code == 404
        assert not Permit.objects.exists()

    def test_of_a_photo_that_was_moved_away_meanwhile_is_not_found(self, record):
        older, newer = record.over_days(3, 0)
        other = make_record("OTHER", "9990000026")
        Photograph.objects.filter(pk=older.pk).update(patient=other.patient)
        assert sign_in(Client(), record.person).get(address(record, a=older.pk, b=newer.pk)).status_code == 404

    def test_takes_few_queries_however_many_photos_there_are(self, record, django_assert_max_num_queries):
        photos = record.over_days(*range(12, -1, -1))
        client = sign_in(Client(), record.person)
        with django_assert_max_num_queries(90):
            client.get(address(record, a=photos[0].pk, b=photos[-1].pk))
        assert timedelta(days=12) <= photos[-1].taken_at - photos[0].taken_at + timedelta(seconds=60)
