"""How long the ruler in a photo is: who said it, what takes its place, and that what is measured is kept nowhere (M6)."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.factories.photographs import Record, facts_of, file_other, make_record
from tests.factories.staff import actor_of, make_person, sign_in

from handover.kinds import FrameKind
from safelight.access.errors import NoCareRelationship
from safelight.audit.models import Entry
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.photographs import queries
from safelight.photographs.actions.remove_scale import remove_scale
from safelight.photographs.actions.set_scale import set_scale
from safelight.photographs.errors import EvidenceRoute, NotDrawn, ScaleMeanwhile, UnusableRuler
from safelight.photographs.measuring import Line, Ruler
from safelight.photographs.models import Photograph, Scale, Visit

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("M6")]
TEN_CM = Ruler(Line(0.2, 0.8, 0.6, 0.8), 100.0)
IN_THE_FORM = {"x0": "20", "y0": "80", "x1": "60", "y1": "80", "length": "10", "unit": "cm"}


@pytest.fixture
def record() -> Record:
    return make_record()


@pytest.fixture
def photo(record) -> Photograph:
    return record.photos(1)[0]


def scaled(record: Record, photo: Photograph, ruler: Ruler = TEN_CM, *, by=None, instead_of=None) -> Scale:
    now = clock.now()
    return set_scale(by=by or record.by, photograph_id=photo.pk, ruler=ruler, instead_of=instead_of, now=now, new_id=uuid4())


class TestSetting:
    def test_keeps_who_and_when_and_states_no_length(self, record, photo):
        made = scaled(record, photo)
        assert (made.set_by, made.millimetres, made.ended_at) == (record.by.id, 100.0, None)
        assert facts_of("photographs.set_scale") == [
            {
                "fact": "photographs.ScaleSet",
                "patient": str(record.patient.pk),
                "photograph": str(photo.pk),
                "scale": str(made.pk),
                "instead_of": None,
            }
        ]

    @pytest.mark.parametrize(
        "ruler",
        [
            Ruler(Line(0.2, 0.8, 0.21, 0.8), 10.0),
            Ruler(Line(0.2, 0.8, 0.2, 0.8), 10.0),
            Ruler(Line(-0.1, 0.8, 0.6, 0.8), 10.0),
            Ruler(Line(0.2, 0.8, 0.6, 1.2), 10.0),
            Ruler(TEN_CM.line, 0.0),
            Ruler(TEN_CM.line, 0.9),
            Ruler(TEN_CM.line, 2000.1),
            Ruler(TEN_CM.line, float("nan")),
            Ruler(Line(float("nan"), 0.8, 0.6, 0.8), 10.0),
        ],
    )
    def test_takes_no_line_that_means_nothing(self, record, photo, ruler):
        with pytest.raises(UnusableRuler):
            scaled(record, photo, ruler)
        assert not Scale.objects.exists()

    def test_needs_a_picture(self, record):
        video = file_other(record.patient, record.visit, FrameKind.VIDEO, b"\0\0\0\x18ftypmp42" + bytes(64))
        with pytest.raises(NotDrawn):
            scaled(record, video)

    def test_is_refused_to_who_does_not_look_after_the_patient(self, record, photo):
        with pytest.raises(NoCareRelationship):
            scaled(record, photo, by=actor_of(make_person("elsewhere", "Dr O Else", wards=["ED"])))

    def test_of_evidence_is_the_photographers(self, record, photo):
        Visit.objects.filter(pk=record.visit.pk).update(evidential=True)
        with pytest.raises(EvidenceRoute):
            scaled(record, photo)
        lens = actor_of(make_person("lens", "Ms C Lens", roles=[Role.PHOTOGRAPHER]))
        assert scaled(record, photo, by=lens).pk

    def test_takes_the_place_of_the_one_that_was_seen_and_keeps_it(self, record, photo):
        first = scaled(record, photo)
        second = scaled(record, photo, Ruler(TEN_CM.line, 50.0), instead_of=first.pk)
        first.refresh_from_db()
        assert (first.ended_by, first.ended_at) == (record.by.id, second.set_at)
        assert queries.scales_of(record.by, photo.pk) == [second, first]

    @pytest.mark.parametrize("instead_of", [None, "another", "ended"])
    def test_changes_nothing_where_another_one_stands(self, record, photo, instead_of):
        first = scaled(record, photo)
        second = scaled(record, photo, instead_of=first.pk)
        with pytest.raises(ScaleMeanwhile):
            scaled(record, photo, instead_of={None: None, "another": uuid4(), "ended": first.pk}[instead_of])
        assert [scale.pk for scale in Scale.objects.filter(ended_at=None)] == [second.pk]

    def test_the_database_keeps_one_that_stands_and_none_without_length(self, record, photo):
        row = {"x0": 0, "y0": 0, "x1": 1, "y1": 1, "set_by": record.by.id, "set_at": clock.now(), "photograph": photo}
        scaled(record, photo)
        for wrong in ({"millimetres": 5}, {"millimetres": 0, "ended_at": clock.now(), "ended_by": record.by.id}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Scale.objects.create(id=uuid4(), **row, **wrong)
        with pytest.raises(IntegrityError), transaction.atomic():
            Scale.objects.create(id=uuid4(), **row, millimetres=5, ended_at=clock.now())


class TestRemoving:
    def remove(self, record: Record, photo: Photograph, scale, by=None) -> None:
        remove_scale(by=by or record.by, photograph_id=photo.pk, scale_id=scale, now=clock.now())

    def test_ends_it_and_keeps_its_row(self, record, photo):
        made = scaled(record, photo)
        self.remove(record, photo, made.pk)
        assert [scale.ended_by for scale in queries.scales_of(record.by, photo.pk)] == [record.by.id]
        assert facts_of("photographs.remove_scale")[0]["scale"] == str(made.pk)
        assert scaled(record, photo).pk != made.pk

    def test_happens_once_and_to_its_own_photo(self, record, photo):
        made = scaled(record, photo)
        (other,) = record.photos(1)
        with pytest.raises(ScaleMeanwhile):
            self.remove(record, other, made.pk)
        self.remove(record, photo, made.pk)
        with pytest.raises(ScaleMeanwhile):
            self.remove(record, photo, made.pk)

    def test_is_refused_as_setting_is(self, record, photo):
        made = scaled(record, photo)
        with pytest.raises(NoCareRelationship):
            self.remove(record, photo, made.pk, actor_of(make_person("elsewhere", "Dr O Else", wards=["ED"])))
        Visit.objects.filter(pk=record.visit.pk).update(evidential=True)
        with pytest.raises(EvidenceRoute):
            self.remove(record, photo, made.pk)


class TestThePage:
    @pytest.fixture
    def client(self, record) -> Client:
        return sign_in(Client(), record.person)

    @pytest.fixture
    def page(self, photo) -> str:
        return reverse("photographs:measure", args=[photo.pk])

    def test_without_a_ruler_gives_no_centimetres(self, client, page):
        text = client.get(page, {"x0": "10", "y0": "10", "x1": "50", "y1": "10"}).content.decode()
        assert "No ruler in the photo: no centimetres" in text
        assert "about" not in text

    def test_says_about_how_long_and_who_set_the_scale_and_keeps_nothing(self, client, page, photo):
        assert client.post(page, IN_THE_FORM).status_code == 302
        before = Entry.objects.exclude(action="photographs.view_photograph").count()
        text = client.get(page, {"x0": "10", "y0": "10", "x1": "26.8", "y1": "10"}).content.decode()
        assert "about 4.2 cm (set by Dr A Khan from the ruler)" in text
        assert "data-slanted hidden" in text
        assert Entry.objects.exclude(action="photographs.view_photograph").count() == before

    def test_warns_of_a_line_that_does_not_run_as_the_ruler_does(self, client, page):
        client.post(page, IN_THE_FORM)
        text = client.get(page, {"x0": "10", "y0": "10", "x1": "10", "y1": "50"}).content.decode()
        assert "data-slanted hidden" not in text
        assert "<span data-degrees>90</span>" in text

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"x0": ""}, "Start across: click in the photo, or write a number"),
            ({"x0": "140"}, "write a number between 0 and 100"),
            ({"y1": "nan"}, "write a number between 0 and 100"),
            ({"length": ""}, "Write how long the line is"),
            ({"length": "ten"}, "Write how long the line is, as a number"),
            ({"length": "400"}, "between 1 mm and 2 m"),
            ({"x1": "20.5"}, "Draw a longer line along the ruler"),
        ],
    )
    def test_says_at_its_place_what_is_wrong_and_keeps_what_was_typed(self, client, page, wrong, words):
        text = client.post(page, IN_THE_FORM | wrong).content.decode()
        assert words in text
        assert 'value="60"' in text or "x1" in wrong
        assert not Scale.objects.exists()

    def test_shows_the_scale_again_to_be_changed_and_those_before(self, client, page, photo):
        client.post(page, IN_THE_FORM)
        first = Scale.objects.get()
        text = client.get(page, {"change": ""}).content.decode()
        assert 'value="60.0"' in text
        assert str(first.pk) in text
        client.post(page, IN_THE_FORM | {"length": "50", "unit": "mm", "instead_of": str(first.pk)})
        assert Scale.objects.get(ended_at=None).millimetres == 50.0
        assert "10.0 cm, set by Dr A Khan" in client.get(page).content.decode()

    def test_takes_it_away(self, client, page, photo):
        client.post(page, IN_THE_FORM)
        address = reverse("photographs:remove_scale", args=[photo.pk])
        assert client.post(address, {"scale": "nonsense"}).status_code == 404
        assert client.get(address).status_code == 405
        assert client.post(address, {"scale": str(Scale.objects.get().pk)}).status_code == 302
        assert not Scale.objects.filter(ended_at=None).exists()

    def test_of_evidence_lets_the_ward_measure_and_not_set(self, client, page, record, photo):
        scaled(record, photo)
        Visit.objects.filter(pk=record.visit.pk).update(evidential=True)
        text = client.get(page).content.decode()
        assert "Draw a line" in text
        assert "Remove the scale" not in text
        assert "The medical photographer sets the scale" in client.get(page, {"change": ""}).content.decode()
        assert "These photos may be evidence" in client.post(page, IN_THE_FORM).content.decode()


class TestComparing:
    def test_a_bar_stands_below_both_photos_or_below_none(self, record):
        older, newest = record.over_days(4, 0)
        page = f"{reverse('photographs:compare', args=[record.patient.pk])}?a={older.pk}&b={newest.pk}"
        ward = sign_in(Client(), record.person)
        scaled(record, older)
        assert "data-scale=" not in ward.get(page).content.decode()  # of one alone it would be taken for both
        scaled(record, newest, Ruler(Line(0.2, 0.8, 0.6, 0.8), 50.0))
        shown = ward.get(page).content.decode()
        assert 'data-scale="250.0"' in shown
        assert 'data-scale="125.0"' in shown
