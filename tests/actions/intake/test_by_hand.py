"""What a person decides about photos in the tray, by the actions alone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories.patients import make_patient
from tests.factories.sessions import IPHONE, Session, sort
from tests.factories.staff import actor_of, make_person
from tests.factories.visits import make_visit

from safelight.access.errors import NoCareRelationship
from safelight.audit.models import Entry, Move
from safelight.consent.actions.withdraw_consent import withdraw_consent
from safelight.consent.models import Purpose
from safelight.custody.actions.check_clock import check_clock
from safelight.intake import decisions, tray
from safelight.intake.actions.file_by_hand import file_by_hand
from safelight.intake.actions.look_at_frame import look_at_frame
from safelight.intake.actions.look_into_tray import look_into_tray
from safelight.intake.actions.put_back import put_back
from safelight.intake.actions.set_aside import set_aside
from safelight.intake.errors import MayBeEvidence, NotConfirmed, NotForYou, NothingChosen, SomebodyWasFirst
from safelight.intake.lifecycle import SORTING, SortingMove, Whereabouts
from safelight.intake.models import Sorting, TrayPermit
from safelight.intake.reasons import NotAPatient
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Role
from safelight.kernel.errors import NotFound
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.photographs.errors import EvidenceRoute, NoConsent
from safelight.photographs.models import Photograph
from safelight.vault.models import Rendition, StoredObject

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample():
    return make_patient()


@pytest.fixture
def ward():
    return Session()


@pytest.fixture
def visit(ward, sample):
    return ward.slate(sample).visit


@pytest.fixture
def read_in(ward, visit):
    ward.photos()
    ward.wait(minutes=4).photos(2)
    made = ward.put_in()
    sort(made)
    return made


@pytest.fixture
def rows(read_in):
    return tray.waiting(actor_of(make_person()), read_in.pk)


def prepared(by, rows, visit):
    new_ids = [uuid4() for _ in rows]
    return decisions.filings_by_hand(
        by, [row.frame_id for row in rows], visit.pk, rows={row.frame_id: row for row in rows}, new_ids=new_ids, now=clock.now()
    )


def file(by, read_in, rows, visit, *, patient=None, confirmed=True, filings=None):
    file_by_hand(
        by=by,
        import_id=read_in.pk,
        patient_id=patient.pk if patient else visit.patient_id,
        visit_id=visit.pk,
        filings=prepared(by, rows, visit) if filings is None else filings,
        confirmed=confirmed,
        now=clock.now(),
    )


def aside(by, read_in, rows, why=NotAPatient.NOBODY):
    set_aside(by=by, import_id=read_in.pk, frames=tuple(row.frame_id for row in rows), why=why, now=clock.now())


def states(rows):
    return [row.state for row in Sorting.objects.filter(pk__in=[row.pk for row in rows]).order_by("position")]


class TestFilingByHand:
    def test_puts_the_photos_into_the_record_with_their_keys(self, ward, read_in, rows, visit):
        file(ward.by, read_in, rows, visit)
        assert states(rows) == ["filed", "filed"]
        filed = Photograph.objects.filter(frame__in=[row.frame_id for row in rows])
        assert {one.patient_id for one in filed} == {visit.patient_id}
        holders = StoredObject.objects.filter(pk__in=[one.record_copy_id for one in filed]).values_list("holder", flat=True)
        assert set(holders) == {str(visit.patient_id)}

    @pytest.mark.requirement("E2")
    def test_needs_number_and_birth_date_confirmed(self, ward, read_in, rows, visit):
        with pytest.raises(NotConfirmed):
            file(ward.by, read_in, rows, visit, confirmed=False)
        assert states(rows) == ["tray", "tray"]

    @pytest.mark.requirement("E2")
    def test_refuses_a_visit_of_another_patient_than_was_confirmed(self, ward, read_in, rows, visit):
        other = make_patient("MODEL", "Cara", "9990000026", "0000026")
        with pytest.raises(NotFound):
            file(ward.by, read_in, rows, visit, patient=other)
        assert states(rows) == ["tray", "tray"]

    def test_is_for_who_had_the_camera_photographers_and_the_ig_lead(self, read_in, rows, visit):
        with pytest.raises(NotForYou):
            file(actor_of(make_person("webb", "Sr E Webb")), read_in, rows, visit)
        file(actor_of(make_person("lee", "Ms J Lee", roles=[Role.PHOTOGRAPHER])), read_in, rows, visit)

    def test_asks_for_access_to_the_patient(self, read_in, rows, visit):
        far = actor_of(make_person("lee", "Ms J Lee", roles=[Role.PHOTOGRAPHER], wards=["EYES1"]))
        with pytest.raises(NoCareRelationship):
            file(far, read_in, rows, visit)
        assert states(rows) == ["tray", "tray"]

    @pytest.mark.requirement("B1")
    def test_refuses_where_the_patient_has_changed_their_mind(self, ward, read_in, rows, visit):
        withdraw_consent(by=ward.by, consent_id=visit.consent_id, purposes=frozenset(Purpose), now=clock.now())
        with pytest.raises(NoConsent):
            file(ward.by, read_in, rows, visit)
        assert states(rows) == ["tray", "tray"]

    @pytest.mark.requirement("B1")
    def test_refuses_what_was_taken_before_the_patient_was_asked(self, ward, read_in, rows):
        other = make_patient("MODEL", "Cara", "9990000026", "0000026")
        with pytest.raises(NoConsent):
            file(ward.by, read_in, rows, make_visit(other, ward.by))
        assert Photograph.objects.filter(patient=other).count() == 0

    @pytest.mark.requirement("B1")
    @pytest.mark.parametrize("off", [-timedelta(hours=1), -timedelta(days=15_000)])
    def test_takes_what_a_camera_took_whose_clock_is_wrong(self, sample, off):
        ward = Session(now=clock.now() - timedelta(hours=3), off=off, compared=False)
        check_clock(by=WORKER, camera_id=ward.camera.pk, ahead=timedelta(0), now=ward.now)
        visit = ward.wait(hours=2).slate(sample).visit
        ward.photos(2)
        made = ward.put_in()
        sort(made)
        rows = tray.waiting(ward.by, made.pk)
        assert [row.why for row in rows] == ["clock_wrong"] * 3
        file(ward.by, made, rows[1:], visit)
        taken = Photograph.objects.filter(visit=visit).values_list("taken_at", flat=True)
        assert [visit.opened_at <= at <= made.announced_at for at in taken] == [True, True]

    @pytest.mark.requirement("B1")
    def test_takes_nothing_whose_patient_was_asked_after_its_card_was_read_whatever_the_clock(self, sample):
        ward = Session(off=-timedelta(days=15_000), compared=False)
        ward.photos(2)
        made = ward.put_in()
        sort(made)
        with pytest.raises(NoConsent):
            file(ward.by, made, tray.waiting(ward.by, made.pk), make_visit(sample, ward.by))

    def test_tells_the_second_of_two_people_and_keeps_the_firsts(self, ward, read_in, rows, visit):
        late = prepared(ward.by, rows, visit)
        file(ward.by, read_in, rows[:1], visit)
        with pytest.raises(SomebodyWasFirst):
            file(ward.by, read_in, rows, visit, filings=late)
        assert states(rows) == ["filed", "tray"]
        with pytest.raises(SomebodyWasFirst):
            prepared(ward.by, [rows[0]], visit) and file(ward.by, read_in, [rows[0]], visit)

    def test_needs_a_photo(self, ward, read_in, rows, visit):
        with pytest.raises(NothingChosen):
            file(ward.by, read_in, [], visit)

    def test_files_what_a_phone_took_by_a_persons_word(self, ward, visit):
        ward.photos(body=IPHONE)
        made = ward.put_in()
        sort(made)
        waiting = tray.waiting(ward.by, made.pk)
        assert [row.why for row in waiting] == ["phone"]
        file(ward.by, made, waiting, visit)
        assert Photograph.objects.get(frame=waiting[0].frame_id).camera is None

    def test_a_raw_file_comes_behind_its_jpeg(self, ward, visit):
        ward.wait(minutes=4).photos()
        ward.raw()
        made = ward.put_in()
        sort(made)
        file(ward.by, made, tray.waiting(ward.by, made.pk)[::-1], visit)
        assert Photograph.objects.get(kind="raw").raw_of == Photograph.objects.get(kind="jpeg")


class TestSettingAside:
    def test_keeps_the_photo_and_can_be_taken_back(self, ward, read_in, rows):
        aside(ward.by, read_in, rows)
        assert states(rows) == ["set_aside", "set_aside"]
        stored = StoredObject.objects.filter(pk=rows[0].frame.stored_id, wrapped_key__isnull=False)
        assert stored.exists()
        put_back(by=ward.by, import_id=read_in.pk, frames=(rows[0].frame_id,), now=clock.now())
        assert states(rows) == ["tray", "set_aside"]
        assert [move.move for move in Move.objects.filter(subject="sorting", row=rows[0].pk)] == ["leave", "set_aside", "put_back"]

    def test_is_not_done_twice(self, ward, read_in, rows):
        aside(ward.by, read_in, rows)
        with pytest.raises(SomebodyWasFirst):
            aside(ward.by, read_in, rows)
        with pytest.raises(NothingChosen):
            aside(ward.by, read_in, [])
        put_back(by=ward.by, import_id=read_in.pk, frames=tuple(row.frame_id for row in rows), now=clock.now())
        with pytest.raises(SomebodyWasFirst):
            put_back(by=ward.by, import_id=read_in.pk, frames=(rows[0].frame_id,), now=clock.now())
        with pytest.raises(NothingChosen):
            put_back(by=ward.by, import_id=read_in.pk, frames=(), now=clock.now())

    def test_is_not_for_everybody(self, read_in, rows):
        with pytest.raises(NotForYou):
            aside(actor_of(make_person("webb", "Sr E Webb")), read_in, rows)


@pytest.mark.requirement("D5")
class TestEvidence:
    @pytest.fixture
    def photographer(self):
        return Session("CAM-09", username="lee") if make_person("lee", "Ms J Lee", roles=[Role.PHOTOGRAPHER]) else None

    @pytest.fixture
    def made(self, photographer, sample):
        photographer.slate(sample, reason="safeguarding")
        photographer.photos()
        photographer.wait(minutes=4).photos(2)
        found = photographer.put_in()
        sort(found)
        return found

    def test_is_never_set_aside(self, photographer, made):
        waiting = tray.waiting(photographer.by, made.pk)
        assert len(waiting) == 2
        with pytest.raises(MayBeEvidence):
            aside(photographer.by, made, waiting)

    def test_is_filed_by_the_photographer_only(self, photographer, made):
        waiting = tray.waiting(photographer.by, made.pk)
        lead = actor_of(make_person("cole", "Mr D Cole", roles=[Role.IG_LEAD, Role.CLINICIAN]))
        with pytest.raises(EvidenceRoute):
            file(lead, made, waiting, waiting[0].behind)
        file(photographer.by, made, waiting, waiting[0].behind)
        assert Photograph.objects.count() == 3


class TestLooking:
    def test_is_one_entry_that_lists_the_photos(self, ward, read_in, rows):
        permit = look_into_tray(by=ward.by, import_id=read_in.pk, now=clock.now(), new_id=uuid4())
        entry = Entry.objects.get(action="intake.look_into_tray")
        assert all(str(row.frame_id).encode() in bytes(entry.body) for row in rows)
        assert set(permit.frames) == {str(row.frame_id) for row in rows}

    def test_is_for_who_may_sort_and_the_refusal_is_an_entry(self, read_in, rows):
        other = actor_of(make_person("webb", "Sr E Webb"))
        with pytest.raises(NotForYou):
            look_into_tray(by=other, import_id=read_in.pk, now=clock.now(), new_id=uuid4())
        with pytest.raises(NotForYou):
            look_at_frame(by=other, frame_id=rows[0].frame_id, now=clock.now(), new_id=uuid4())
        assert TrayPermit.objects.count() == 0
        assert Entry.objects.filter(actor=other.id, outcome="refused").count() == 2

    def test_ends_after_a_minute(self, ward, read_in, rows):
        now = clock.now()
        look_into_tray(by=ward.by, import_id=read_in.pk, now=now, new_id=uuid4())
        assert tray.permitted(ward.by, rows[0].frame_id, Rendition.THUMB, now=now + timedelta(seconds=59))
        with pytest.raises(NotFound):
            tray.permitted(ward.by, rows[0].frame_id, Rendition.THUMB, now=now + timedelta(seconds=61))
        look_into_tray(by=ward.by, import_id=read_in.pk, now=now + timedelta(seconds=61), new_id=uuid4())
        assert TrayPermit.objects.count() == 1

    def test_ends_when_the_photo_is_filed(self, ward, read_in, rows, visit):
        look_into_tray(by=ward.by, import_id=read_in.pk, now=clock.now(), new_id=uuid4())
        file(ward.by, read_in, rows, visit)
        with pytest.raises(NotFound):
            tray.permitted(ward.by, rows[0].frame_id, Rendition.THUMB, now=clock.now())


@pytest.mark.parametrize("state", list(Whereabouts))
@pytest.mark.parametrize("step", list(SortingMove))
def test_each_state_takes_the_moves_of_the_table_and_no_other(state, step):
    allowed = {
        Whereabouts.READ: {SortingMove.MARK_SLATE, SortingMove.FILE, SortingMove.LEAVE},
        Whereabouts.TRAY: {SortingMove.MARK_SLATE, SortingMove.FILE, SortingMove.LEAVE, SortingMove.SET_ASIDE},
        Whereabouts.SET_ASIDE: {SortingMove.PUT_BACK},
    }.get(state, set())
    if step in allowed:
        assert SORTING.after(state, step)
    else:
        with pytest.raises(NotPossibleNow):
            SORTING.after(state, step)
