"""Each way in which a photo could come under the wrong patient, with a real camera's files, the real vault and the real database."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from tests.factories import heic as invented_heic
from tests.factories import sessions as cards
from tests.factories.patients import make_patient
from tests.factories.sessions import IPHONE, OTHER_BODY, Session, announce, heic, plain, send, sort, where, without_note

from handover.kinds import FrameKind
from safelight.audit.models import Entry
from safelight.consent.actions.withdraw_consent import withdraw_consent
from safelight.consent.models import Purpose
from safelight.custody.models import Frame
from safelight.intake import queries, scanning, tasks
from safelight.intake.actions.record_scan import record_scan
from safelight.intake.errors import AlreadyScanned
from safelight.intake.models import CardSorted, Sorting
from safelight.kernel.actor import WORKER
from safelight.kernel.digest import Digest
from safelight.photographs.models import Photograph
from safelight.photographs.slates import code
from safelight.vault.models import StoredObject

pytestmark = pytest.mark.django_db
C1 = pytest.mark.requirement("C1")


@pytest.fixture
def sample():
    return make_patient()


@pytest.fixture
def other(sample):
    return make_patient("MODEL", "Cara", "9990000026", "0000026")


@pytest.fixture
def ward():
    return Session()


def told(ward, **how):
    read_in = ward.put_in(**how)
    sort(read_in)
    return where(read_in)


@C1
def test_files_each_patient_under_the_nearest_slate_before(ward, sample, other):
    ward.slate(sample)
    ward.photos(2)
    ward.slate(other)
    ward.photos(1)
    assert told(ward) == "[SAMPLE] SAMPLE SAMPLE [MODEL] MODEL"


@C1
def test_files_nothing_without_a_slate(ward, sample):
    ward.photos(2)
    ward.slate(sample)
    ward.photos()
    assert told(ward) == "no_slate no_slate [SAMPLE] SAMPLE"


@pytest.mark.requirement("C2")
def test_ends_a_sequence_at_end(ward, sample):
    ward.slate(sample)
    ward.photos()
    ward.end()
    ward.photos()
    assert told(ward) == "[SAMPLE] SAMPLE [END] no_slate"


@C1
class TestASlateThatWasMissed:
    def test_keeps_all_photos_from_its_making_on_in_the_tray(self, ward, sample, other):
        ward.slate(sample)
        ward.photos()
        ward.wait(minutes=2).slate(other, on_card=False)
        ward.photos(2)
        assert told(ward) == "[SAMPLE] SAMPLE slate_may_be_missing slate_may_be_missing"

    def test_is_looked_for_closely_before_a_photo_goes_to_the_tray(self, ward, sample, other):
        ward.slate(sample)
        ward.photos()
        made = ward.slate(other, on_card=False)
        small = cards.drawn.slate(made.code, seed=3, size=(3000, 2000), width_share=0.014)
        ward.add(cards.drawn.jpeg(small, ward.body, ward.taken()))
        ward.photos()
        assert told(ward) == "[SAMPLE] SAMPLE [MODEL] MODEL"
        assert Sorting.objects.get(slates__code=made.code).closely

    def test_so_does_a_pause_of_three_minutes(self, ward, sample):
        ward.slate(sample)
        ward.photos()
        ward.wait(minutes=4).photos(2)
        assert told(ward) == "[SAMPLE] SAMPLE after_a_gap after_a_gap"


@C1
class TestASlateThatIsNotGood:
    def test_because_it_is_of_an_earlier_time_with_the_camera(self, ward, sample):
        ward.slate(sample, on_card=False)
        old = ward.slate(sample, on_card=False)
        cards.bring_back(ward)
        again = Session(now=ward.now + timedelta(minutes=5), again=ward)
        again.shoot_slate(old.code)
        again.photos()
        assert told(again) == "old_slate old_slate"

    def test_because_it_is_of_another_camera(self, ward, sample):
        second = Session("CAM-08", now=ward.now, username="webb")
        made = ward.slate(sample, on_card=False)
        second.now = ward.now
        second.shoot_slate(made.code)
        second.photos()
        assert told(second) == "another_cameras_slate another_cameras_slate"

    def test_because_nobody_here_made_it(self, ward):
        ward.shoot_slate(code.new(b"12345678"))
        ward.photos()
        assert told(ward) == "unknown_slate unknown_slate"

    def test_because_two_are_in_one_photo(self, ward, sample, other):
        first, second = ward.slate(sample, on_card=False), ward.slate(other, on_card=False)
        ward.shoot_slate(first.code, second.code)
        ward.photos()
        assert told(ward) == "two_slates two_slates"


@C1
class TestAnOrderThatIsNotClear:
    def test_because_the_numbers_rolled_over(self, ward, sample, other):
        ward.number = 9998
        ward.slate(sample)
        ward.photos()
        ward.number = 1
        ward.slate(other)
        ward.photos()
        assert "MODEL" not in told(ward).replace("[MODEL]", "")
        assert Photograph.objects.count() == 0

    def test_not_where_the_next_folder_begins(self, ward, sample, other):
        ward.number = 9998
        ward.slate(sample)
        ward.photos()
        ward.folder, ward.number = 101, 1
        ward.slate(other)
        ward.photos()
        assert told(ward) == "[SAMPLE] SAMPLE [MODEL] MODEL"

    def test_because_the_camera_was_reset_to_1980(self, ward, sample):
        ward.slate(sample)
        ward.photos()
        ward.photos(2, taken=datetime(1980, 1, 1, 0, 1))
        ward.photos()
        assert told(ward).split()[2:4] == ["order_unclear"] * 2
        assert "SAMPLE" not in told(ward).split()[1:]

    def test_nor_is_a_clock_of_1980_from_the_beginning_believed(self, ward, sample):
        ward.off = datetime(1980, 1, 1, tzinfo=ward.now.tzinfo) - ward.now
        ward.slate(sample)
        ward.photos()
        assert told(ward) == "clock_wrong clock_wrong"


@pytest.mark.requirement("A1")
class TestADeviceThatIsNotRegistered:
    @pytest.mark.parametrize(("body", "why"), [(IPHONE, "phone"), (OTHER_BODY, "unknown_camera")])
    def test_files_nothing(self, ward, sample, body, why):
        ward.slate(sample)
        ward.photos()
        ward.photos(body=body)
        ward.photos()
        assert told(ward) == f"[SAMPLE] SAMPLE {why} mixed_cameras"

    def test_files_nothing_that_does_not_say_what_took_it(self, ward, sample):
        ward.slate(sample)
        ward.wait(seconds=5).add(without_note(cards.skin()))
        assert told(ward) == "[SAMPLE] no_camera_note"

    def test_nor_does_another_body_of_the_same_model(self, ward, sample):
        ward.slate(sample)
        ward.photos(body=cards.drawn.CameraBody(serial="SL-CAM-99"))
        assert told(ward) == "[SAMPLE] unknown_camera"


@C1
def test_keeps_what_cannot_be_shown_and_all_behind_it(ward, sample):
    ward.slate(sample)
    whole = ward.photo()
    ward.wait(seconds=5).add(whole[: len(whole) // 3])
    ward.photos()
    assert told(ward) == "[SAMPLE] SAMPLE unreadable after_unreadable"


@pytest.mark.requirement("B1")
class TestConsent:
    def test_withdrawn_between_slate_and_import_files_nothing(self, ward, sample):
        made = ward.slate(sample)
        ward.photos()
        withdraw_consent(by=ward.by, consent_id=made.visit.consent_id, purposes=frozenset(Purpose), now=ward.now)
        assert told(ward) == "[SAMPLE] no_consent"
        assert Photograph.objects.count() == 0

    def test_of_another_patient_does_not_matter(self, ward, sample, other):
        made = ward.slate(sample)
        ward.photos()
        ward.slate(other)
        ward.photos()
        withdraw_consent(by=ward.by, consent_id=made.visit.consent_id, purposes=frozenset(Purpose), now=ward.now)
        assert told(ward) == "[SAMPLE] no_consent [MODEL] MODEL"


@pytest.mark.requirement("D8")
class TestTheSameCardTwice:
    def test_files_nothing_twice(self, ward, sample):
        ward.slate(sample)
        ward.photos(2)
        assert told(ward) == "[SAMPLE] SAMPLE SAMPLE"
        again = announce(ward.files, volume=ward.volume, at=ward.wait(minutes=1).now)
        before = Entry.objects.count()
        sort(again)
        assert where(again) == "[SAMPLE] SAMPLE SAMPLE"
        assert (Photograph.objects.count(), Entry.objects.count()) == (2, before)

    def test_with_more_photos_files_the_new_ones(self, ward, sample):
        ward.slate(sample)
        ward.photos()
        told(ward)
        ward.photos()
        assert told(ward) == "[SAMPLE] SAMPLE SAMPLE"
        assert Photograph.objects.count() == 2


@C1
def test_cards_that_were_swapped_are_told_by_their_photos(ward, sample, other):
    second = Session("CAM-08", now=ward.now, username="webb")
    ward.slate(sample)
    ward.photos()
    second.slate(other)
    second.photos()
    assert told(second, volume=ward.volume) == "[MODEL] MODEL"
    assert told(ward, volume=second.volume) == "[SAMPLE] SAMPLE"
    assert set(Photograph.objects.values_list("camera__code", "patient")) == {("CAM-07", sample.pk), ("CAM-08", other.pk)}


@C1
def test_photos_of_two_cameras_on_one_card_are_not_mixed_up(ward, sample):
    second = Session("CAM-08", now=ward.now, username="webb")
    ward.slate(sample)
    ward.photos()
    ward.photos(body=second.body)
    assert told(ward) == "[SAMPLE] SAMPLE mixed_cameras"


class TestRawVideoAndHeic:
    def test_a_raw_file_follows_its_jpeg_and_is_shown_behind_it(self, ward, sample):
        ward.slate(sample)
        ward.photos()
        ward.raw()
        assert told(ward) == "[SAMPLE] SAMPLE SAMPLE"
        raw, jpeg = Photograph.objects.get(kind="raw"), Photograph.objects.get(kind="jpeg")
        assert raw.raw_of == jpeg
        assert raw.preview is not None

    def test_a_video_is_filed_and_never_decoded(self, ward, sample):
        ward.slate(sample)
        ward.photos()
        ward.add(b"\0\0\0\x18ftypmp42" + bytes(64), kind=FrameKind.VIDEO)
        assert told(ward) == "[SAMPLE] SAMPLE SAMPLE"
        video = Photograph.objects.get(kind="video")
        assert video.preview is None
        assert video.taken_at == Photograph.objects.get(kind="jpeg").taken_at
        assert Sorting.objects.get(frame=video.frame).unreadable == "video_not_drawn"

    def test_a_heic_photo_is_filed_and_shown(self, ward, sample):
        ward.slate(sample)
        ward.wait(seconds=5).add(heic(ward.body, ward.taken()), kind=FrameKind.HEIC)
        ward.photos()
        assert told(ward) == "[SAMPLE] SAMPLE SAMPLE"
        row, photo = Sorting.objects.get(frame__kind="heic"), Photograph.objects.get(kind="heic")
        assert (row.unreadable, row.camera) == ("", ward.camera)
        assert (photo.width, photo.height) == (96, 64)
        assert photo.preview is not None
        assert photo.thumb is not None

    @C1
    def test_a_slate_that_was_left_out_before_a_heic_photo_is_missing(self, ward, sample, other):
        ward.slate(sample)
        ward.photos()
        ward.wait(minutes=2, seconds=20).slate(other, on_card=False)
        ward.add(heic(ward.body, ward.taken()), kind=FrameKind.HEIC)
        ward.photos()
        assert told(ward) == "[SAMPLE] SAMPLE slate_may_be_missing slate_may_be_missing"

    def test_a_heic_photo_that_names_no_camera_waits(self, ward, sample):
        ward.slate(sample)
        ward.add(invented_heic.heic("quartered"), kind=FrameKind.HEIC)
        assert told(ward) == "[SAMPLE] no_camera_note"


class TestAnyOrderAndMoreThanOnce:
    @pytest.mark.parametrize("seed", range(3))
    def test_gives_the_same(self, ward, sample, other, seed):
        ward.slate(sample)
        ward.photos(2)
        ward.slate(other)
        ward.photos()
        read_in = ward.put_in()
        sort(read_in, seed=seed, times=2)
        assert where(read_in) == "[SAMPLE] SAMPLE SAMPLE [MODEL] MODEL"
        assert CardSorted.objects.filter(read_in=read_in).count() == 1
        # two small pictures and the bytes of each frame, and nothing else
        assert StoredObject.objects.filter(rendition__in=["record", "preview", "thumb"]).count() == 3 * len(ward.files)

    def test_who_scans_a_frame_second_leaves_no_row_behind(self, ward, sample):
        ward.slate(sample)
        frame = Frame.objects.get(places__read_in=ward.put_in())
        place, cameras = queries.first_place(WORKER, frame.pk), scanning.Cameras(WORKER)
        first, second = scanning.scan(WORKER, place, cameras), scanning.scan(WORKER, place, cameras)
        record_scan(by=WORKER, scan=first, now=ward.now, new_id=uuid4())
        with pytest.raises(AlreadyScanned):
            record_scan(by=WORKER, scan=second, now=ward.now, new_id=uuid4())
        assert Sorting.objects.get().thumb_id == first.thumb.name
        assert not StoredObject.objects.filter(pk__in=[second.thumb.name, second.preview.name]).exists()

    @pytest.mark.parametrize("unread_before", [False, True])
    def test_a_closer_look_that_reads_nothing_leaves_the_doubt_of_the_first(self, ward, unread_before):
        ward.photos(1)
        frame = Frame.objects.get(places__read_in=ward.put_in())
        found = scanning.look_closely(queries.first_place(WORKER, frame.pk), unread_before=unread_before)
        assert found == scanning.Looked((), unread_before)

    def test_nothing_is_placed_before_all_are_read(self, ward, sample):
        ward.slate(sample)
        ward.photos(2)
        read_in = ward.put_in()
        first, second, third = Frame.objects.filter(places__read_in=read_in).order_by("places__position")
        for frame in (third, second):
            plain(tasks.scan_frame)(str(frame.pk))
            plain(tasks.sort_its_cards)(str(frame.pk))
        assert where(read_in) == "... ... ..."
        plain(tasks.scan_frame)(str(first.pk))
        plain(tasks.sort_its_cards)(str(first.pk))
        assert where(read_in) == "[SAMPLE] SAMPLE SAMPLE"


class TestADamagedCopy:
    def test_counts_as_lost_and_is_noted_by_custody(self, ward, sample):
        ward.slate(sample)
        ward.photos()
        broken = ward.photo()
        ward.photos()
        read_in = ward.put_in()
        stored = Frame.objects.get(digest=Digest.of(broken)).stored
        StoredObject.objects.filter(pk=stored.pk).update(sealed_size=stored.sealed_size + 1)
        sort(read_in)
        plain(tasks.sort_one_card)(str(read_in.pk))
        assert where(read_in) == "[SAMPLE] SAMPLE ... frame_not_here"
        assert Frame.objects.get(digest=Digest.of(broken)).state == "damaged"


class TestAFrameThatNeverComes:
    def test_does_not_hold_up_what_lies_before_it(self, ward, sample):
        ward.slate(sample)
        ward.photos()
        bad = ward.photo()
        ward.photos()
        assert told(ward, left=(bad,)) == "[SAMPLE] SAMPLE ... frame_not_here"

    def test_is_waited_for_while_the_card_may_still_be_in(self, sample):
        ward = Session(now=cards.clock.now() - timedelta(minutes=10))
        ward.slate(sample)
        ward.photos(2)
        assert told(ward, only=2) == "... ... ..."

    def test_is_given_up_half_an_hour_after_the_card_came_out(self, ward, sample):
        ward.slate(sample)
        ward.photos()
        missing = ward.photo()
        ward.photos()
        read_in = ward.put_in(only=0)
        for one in ward.files:
            if one.data != missing:
                send(read_in, one.data, at=ward.now)
        sort(read_in)
        assert where(read_in) == "[SAMPLE] SAMPLE ... frame_not_here"

    def test_is_given_up_by_the_clock_where_nobody_asks(self, ward, sample):
        ward.slate(sample)
        ward.photos(2)
        read_in = ward.put_in(only=2)
        for place in read_in.places.filter(frame__state="verified"):
            plain(tasks.scan_frame)(str(place.frame_id))
        assert where(read_in) == "... ... ..."
        plain(tasks.sort_waiting_cards)("2026-11-24T09:00")
        assert where(read_in) == "[SAMPLE] SAMPLE ..."

    def test_brings_the_others_out_of_the_tray_when_it_comes_after_all(self, ward, sample):
        ward.slate(sample)
        late = ward.photo()
        ward.photos()
        assert told(ward, left=(late,)) == "[SAMPLE] ... frame_not_here"
        again = announce(ward.files, volume=ward.volume, at=ward.wait(minutes=1).now)
        send(again, late, at=ward.now)
        sort(again)
        assert where(again) == "[SAMPLE] SAMPLE SAMPLE"


@pytest.mark.requirement("D5")
def test_tells_which_numbers_evidence_lacks(sample):
    from tests.factories.staff import make_person

    from safelight.kernel.actor import Role

    make_person("lee", "Ms J Lee", roles=[Role.PHOTOGRAPHER])
    ward = Session(username="lee")
    ward.slate(sample, reason="safeguarding")
    ward.photos()
    ward.number += 2
    ward.photos()
    read_in = ward.put_in()
    sort(read_in)
    assert where(read_in) == "[SAMPLE] SAMPLE SAMPLE"
    assert CardSorted.objects.get(read_in=read_in).numbers_missing == [[100, 3], [100, 4]]


def test_notes_the_cameras_clock_as_slates_on_a_screen_measured_it(sample, other):
    ward = Session(off=timedelta(minutes=1), compared=False)
    ward.slate(sample)
    ward.photos()
    ward.slate(other)
    ward.photos()
    told(ward)
    ward.camera.refresh_from_db()
    assert 60 <= ward.camera.clock_ahead <= 66
