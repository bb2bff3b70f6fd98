"""Which camera took a photo, who had it then, and how long photos lay on their card."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.factories.custody import acting, check_out, make_camera, prove_empty, read_card

from safelight.custody import oversight, queries
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.models import Card, Frame, Import, Place
from safelight.custody.rules import CardSaid
from safelight.kernel.actor import NOBODY, WORKER, Role

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NINE + timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.mark.requirement("A1")
class TestACameraIsKnown:
    def known(self, make="Canon", model="EOS 250D", serial="SN-CAM-07", by=WORKER):
        return queries.known_camera(by, make=make, model=model, serial=serial)

    def test_by_make_model_and_body_serial_number(self):
        camera = make_camera(at=NINE)
        make_camera("CAM-08", at=NINE)
        assert self.known() == camera
        assert self.known(" CANON ", "eos 250d", "sn-cam-07 ") == camera

    @pytest.mark.parametrize("other", [{"serial": "SN-CAM-99"}, {"model": "EOS 850D"}, {"make": "Nikon"}, {"make": ""}, {"model": ""}])
    def test_by_nothing_less(self, other):
        make_camera(at=NINE)
        assert self.known(**other) is None

    def test_by_make_and_model_only_where_it_writes_no_serial_number(self):
        camera = make_camera(at=NINE, serial="")
        assert self.known(serial="") == camera
        assert self.known(serial="SOMEBODY-ELSES") is None

    def test_not_where_two_write_none(self):
        make_camera("CAM-07", at=NINE, serial="")
        make_camera("CAM-08", at=NINE, serial="")
        assert self.known(serial="") is None

    def test_not_when_a_photo_of_it_carries_no_serial_number(self):
        make_camera(at=NINE)
        assert self.known(serial="") is None

    def test_not_without_a_note_of_the_camera(self):
        make_camera(at=NINE)
        assert self.known("", "", "") is None
        assert self.known(by=NOBODY) is None


@pytest.mark.requirement("A5")
class TestWhoHadIt:
    def test_is_who_signed_for_it_at_that_time(self, person):
        camera = make_camera(at=NINE)
        first = check_out(camera, person("khan"), out_at=NINE + timedelta(minutes=1))
        prove_empty(camera.cards.get(), at=NINE + timedelta(minutes=20))
        return_camera(by=WORKER, camera_id=camera.pk, card=CardSaid.EMPTY, now=NINE + timedelta(minutes=30))
        second = check_out(camera, person("webb"), out_at=LATER)
        assert queries.check_out_at(WORKER, camera.pk, NINE) is None
        assert queries.check_out_at(WORKER, camera.pk, NINE + timedelta(minutes=5)) == first
        assert queries.check_out_at(WORKER, camera.pk, NINE + timedelta(minutes=45)) is None
        assert queries.check_out_at(WORKER, camera.pk, LATER + timedelta(minutes=1)) == second
        assert queries.check_outs_of(WORKER, camera.pk, since=NINE) == [first, second]
        assert queries.check_outs_of(WORKER, camera.pk, since=LATER) == [second]


@pytest.mark.requirement("A9")
class TestHowLongPhotosLayOnCards:
    def erased(self, *hours, by=None):
        """Photos of one import, taken so many hours before they were erased at LATER."""
        camera = make_camera(f"CAM-{Import.objects.count() + 10}", at=NINE)
        _, read_in = read_card(camera.cards.get(), frames=len(hours), at=LATER)
        for place, time in zip(Place.objects.filter(read_in=read_in).order_by("position"), hours, strict=True):
            taken = None if time is None else LATER - timedelta(hours=time)
            Place.objects.filter(pk=place.pk).update(modified=taken, erased_at=LATER)
        return read_in

    def test_are_counted_per_photo_and_those_over_a_shift_are_flagged(self, person):
        ig = acting(person("ig", role=Role.IG_LEAD))
        self.erased(1, 2)
        late = self.erased(3, 13)
        self.erased(None)
        found = oversight.times_on_card(ig, since=NINE)
        assert (found.photos, found.unknown, found.over, found.imports_over) == (5, 1, 1, (late,))
        assert (found.middle, found.longest) == (timedelta(hours=2.5), timedelta(hours=13))

    def test_are_not_known_when_there_were_none(self, person):
        found = oversight.times_on_card(acting(person("ig", role=Role.IG_LEAD)), since=NINE)
        assert (found.photos, found.middle, found.longest, found.over) == (0, None, None, 0)

    def test_are_still_counted_while_an_import_has_not_ended(self, person):
        ig = acting(person("ig", role=Role.IG_LEAD))
        _, read_in = read_card(make_camera(at=NINE).cards.get(), frames=2, at=NINE)
        assert oversight.waiting_on_cards(ig, now=NINE + timedelta(hours=12)) == []
        assert [row.pk for row in oversight.waiting_on_cards(ig, now=NINE + timedelta(hours=12, minutes=1))] == [read_in]
        assert (Frame.objects.count(), Card.objects.count()) == (2, 1)
