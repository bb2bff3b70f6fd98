"""Showing photos: entries, permits, pages."""

from contextlib import suppress
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from tests.factories.access import give_access
from tests.factories.photographs import Record, facts_of, file_one, file_other, make_record, open_by_permit, see_photo, see_timeline
from tests.factories.staff import actor_of, make_person

from handover.kinds import FrameKind
from safelight.access.errors import NoCareRelationship
from safelight.audit.models import About, Entry
from safelight.kernel import clock
from safelight.kernel.actor import NOBODY, Role
from safelight.kernel.errors import NotFound
from safelight.photographs import queries
from safelight.photographs.actions.fetch_record_copy import fetch_record_copy
from safelight.photographs.actions.set_site import set_site
from safelight.photographs.actions.view_photograph import view_photograph
from safelight.photographs.errors import EvidenceRoute, RecordCopyStays, UnknownSite
from safelight.photographs.models import Permit, Photograph, View, Visit
from safelight.photographs.permits import GOOD_FOR, Size
from safelight.photographs.reasons import CopyReason
from safelight.photographs.sites import SiteSaid
from safelight.photographs.timeline import site_in, slug
from safelight.vault import objects
from safelight.vault.errors import Shredded

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> Record:
    return make_record()


class TestTimeline:
    @pytest.mark.requirement("I2")
    def test_is_one_entry_that_lists_the_photos_shown(self, record):
        photographs = record.photos(3)
        see_timeline(record)
        (fact,) = facts_of("photographs.view_timeline")
        assert fact["photographs"] == [str(photograph.pk) for photograph in reversed(photographs)]
        assert fact["patient"] == str(record.patient.pk)

    def test_its_permit_covers_the_small_pictures_only_and_for_a_minute(self, record):
        (photograph,) = record.photos(1)
        see_timeline(record)
        assert open_by_permit(record, photograph, Size.THUMB).pk == photograph.thumb_id
        with pytest.raises(NotFound):
            open_by_permit(record, photograph, Size.PREVIEW)
        with pytest.raises(NotFound):
            open_by_permit(record, photograph, Size.FULL)
        with pytest.raises(NotFound):
            open_by_permit(record, photograph, Size.THUMB, now=clock.now() + GOOD_FOR)

    def test_without_photos_is_an_entry_and_no_permit(self, record):
        assert see_timeline(record).photographs == ()
        assert facts_of("photographs.view_timeline")[0]["photographs"] == []
        assert not Permit.objects.exists()

    @pytest.mark.requirement("I1")
    def test_is_refused_to_those_who_do_not_look_after_the_patient_whatever_their_role(self, record):
        for role in Role:
            stranger = actor_of(make_person(f"far-{role}", "Far Away", roles=[role], wards=["EYES"]))
            with pytest.raises(NoCareRelationship):
                see_timeline(record, by=stranger)
        assert not Permit.objects.exists()
        assert About.objects.filter(patient=record.patient.pk, entry__outcome="refused").count() == len(Role)

    def test_of_a_site_holds_that_site_and_side_only(self, record):
        left, right = (file_one(record.patient, record.visit, laterality=side) for side in ("left", "right"))
        shown = see_timeline(record, site=SiteSaid("forearm", "right")).photographs
        assert [photograph.pk for photograph in shown] == [right.pk]
        assert queries.sites_of(record.by, [record.patient.pk]) == [SiteSaid("forearm", "left"), SiteSaid("forearm", "right")]
        assert left.pk != right.pk

    def test_goes_on_where_the_last_page_ended_and_loses_none(self, record):
        photographs = record.photos(5)
        Photograph.objects.filter(pk__in=[photograph.pk for photograph in photographs[1:4]]).update(taken_at=photographs[2].taken_at)
        seen, before = [], None
        while True:
            page = queries.page_of(record.by, record.patient.pk, site=None, before=before, most=2)
            seen += [photograph.pk for photograph in page.photographs]
            if page.older is None:
                break
            before = page.older
        assert len(seen) == len(set(seen)) == 5

    def test_shows_a_raw_file_behind_its_jpeg(self, record):
        (jpeg,) = record.photos(1)
        raw = file_other(record.patient, record.visit, FrameKind.RAW, b"II*\0 raw", raw_of=jpeg.pk)
        (shown,) = see_timeline(record).photographs
        assert [one.pk for one in shown.raws.all()] == [raw.pk]

    def test_groups_by_site_then_day_by_the_clock_of_the_ward(self, record):
        one, two = record.photos(2)
        other = file_one(record.patient, record.visit, site="hand", laterality="right", taken_at=clock.now() - timedelta(minutes=30))
        series = see_timeline(record).series(ZoneInfo("Europe/London"))
        assert [(group.site, [len(day.photographs) for day in group.days]) for group in series] == [
            (SiteSaid("forearm", "left"), [2]),
            (SiteSaid("hand", "right"), [1]),
        ]
        assert {one.pk, two.pk, other.pk} == {photo.pk for group in series for day in group.days for photo in day.photographs}


class TestOnePhoto:
    def test_is_an_entry_of_its_own_each_time(self, record):
        (photograph,) = record.photos(1)
        see_photo(record, photograph)
        see_photo(record, photograph)
        assert [fact["photograph"] for fact in facts_of("photographs.view_photograph")] == [str(photograph.pk)] * 2
        assert open_by_permit(record, photograph, Size.PREVIEW).pk == photograph.preview_id

    def test_is_refused_without_a_care_relationship(self, record):
        (photograph,) = record.photos(1)
        with pytest.raises(NoCareRelationship):
            see_photo(record, photograph, by=actor_of(make_person("far", "Far Away", wards=["EYES"])))

    def test_that_does_not_exist_is_not_found(self, record):
        with pytest.raises(NotFound):
            view_photograph(by=record.by, photograph_id=uuid4(), now=clock.now(), new_id=uuid4())

    def test_knows_the_photos_of_its_site_before_and_after_it(self, record):
        first, second, third = record.photos(3)
        file_one(record.patient, record.visit, site="hand", laterality="right", taken_at=second.taken_at)
        assert queries.neighbours(record.by, second) == (third.pk, first.pk)
        assert queries.neighbours(record.by, third) == (None, second.pk)
        assert queries.neighbours(NOBODY, second) == (None, None)


class TestPermit:
    def test_opens_nothing_in_another_sign_in_of_the_same_person(self, record):
        (photograph,) = record.photos(1)
        see_photo(record, photograph)
        with pytest.raises(NotFound):
            open_by_permit(record, photograph, Size.PREVIEW, by=actor_of(record.person))

    def test_opens_no_other_photo(self, record):
        one, other = record.photos(2)
        see_photo(record, one)
        with pytest.raises(NotFound):
            open_by_permit(record, other, Size.PREVIEW)

    def test_is_worthless_until_its_entry_has_committed(self, record):
        (photograph,) = record.photos(1)
        before = Entry.objects.count()
        with suppress(ZeroDivisionError), transaction.atomic():
            see_photo(record, photograph)
            raise ZeroDivisionError
        assert Entry.objects.count() == before
        with pytest.raises(NotFound):
            open_by_permit(record, photograph, Size.PREVIEW)

    def test_opens_nothing_without_a_sign_in(self, record):
        (photograph,) = record.photos(1)
        with pytest.raises(NotFound):
            open_by_permit(record, photograph, Size.THUMB, by=NOBODY)

    def test_that_has_ended_is_swept_by_the_next(self, record):
        (photograph,) = record.photos(1)
        old = see_photo(record, photograph)
        view_photograph(by=record.by, photograph_id=photograph.pk, now=clock.now() + GOOD_FOR, new_id=uuid4())
        assert not Permit.objects.filter(pk=old.pk).exists()

    @pytest.mark.goal("S9")
    def test_opens_nothing_of_a_photo_that_was_disposed_of(self, record):
        (photograph,) = record.photos(1)
        see_photo(record, photograph)
        objects.shred([photograph.preview_id], at=clock.now())
        with pytest.raises(Shredded):
            objects.read_bytes(open_by_permit(record, photograph, Size.PREVIEW), limit=2**20)


class TestRecordCopy:
    @pytest.mark.requirement("I1")
    def test_leaves_through_the_photographer_or_the_ig_lead_only(self, record):
        (photograph,) = record.photos(1)
        with pytest.raises(RecordCopyStays):
            fetch_record_copy(by=record.by, photograph_id=photograph.pk, why=CopyReason.COURT, now=clock.now(), new_id=uuid4())
        for role in (Role.PHOTOGRAPHER, Role.IG_LEAD):
            person = make_person(f"near-{role}", "Near", roles=[role])
            give_access(person, record.patient, why="break_glass")
            by = actor_of(person)
            fetch_record_copy(by=by, photograph_id=photograph.pk, why=CopyReason.COURT, now=clock.now(), new_id=uuid4())
            assert open_by_permit(record, photograph, Size.FULL, by=by).pk == photograph.record_copy_id
        assert [fact["why"] for fact in facts_of("photographs.fetch_record_copy")] == ["court", "court"]


class TestSite:
    def test_is_corrected_with_its_raw_file_and_an_entry(self, record):
        (jpeg,) = record.photos(1)
        file_other(record.patient, record.visit, FrameKind.RAW, b"II*\0 raw", raw_of=jpeg.pk)
        set_site(by=record.by, photograph_id=jpeg.pk, site=SiteSaid("hand", "right"), view=View.CLOSE_UP, now=clock.now())
        assert set(Photograph.objects.values_list("site", "laterality", "view")) == {("hand", "right", "close_up")}
        assert facts_of("photographs.set_site")[0]["site"] == "hand"

    @pytest.mark.parametrize("site", [SiteSaid("tail"), SiteSaid("hand"), SiteSaid("face", "left")])
    def test_that_is_not_on_the_list_or_lacks_its_side_is_refused(self, record, site):
        (photograph,) = record.photos(1)
        with pytest.raises(UnknownSite):
            set_site(by=record.by, photograph_id=photograph.pk, site=site, view=View.UNKNOWN, now=clock.now())

    @pytest.mark.requirement("D5")
    def test_of_evidence_is_the_photographers(self, record):
        (photograph,) = record.photos(1)
        Visit.objects.filter(pk=record.visit.pk).update(evidential=True)
        with pytest.raises(EvidenceRoute):
            set_site(by=record.by, photograph_id=photograph.pk, site=SiteSaid("face"), view=View.UNKNOWN, now=clock.now())

    @pytest.mark.parametrize("site", [SiteSaid("forearm", "left"), SiteSaid("upper_arm", "both"), SiteSaid("face")])
    def test_stands_in_an_address_and_comes_back(self, site):
        assert site_in(slug(site)) == site
