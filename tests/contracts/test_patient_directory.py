"""What every patient directory promises. Another adapter brings its own way to put patients in, and runs the same suite."""

from datetime import date
from uuid import uuid4

import pytest
from tests.factories.patients import make_patient, synthetic_number

from safelight.kernel.errors import NotFound
from safelight.patients import chosen
from safelight.patients.adapters.local import LocalDirectory
from safelight.patients.ports import PatientDirectory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[LocalDirectory])
def directory(request) -> PatientDirectory:
    return request.param()


@pytest.fixture
def put():
    """Puts a patient in; returns the id."""
    made = []

    def put(family: str, given: str = "Test", born: date | None = date(1970, 1, 1), **numbers) -> object:
        made.append(family)
        given_numbers = {"nhs_number": synthetic_number(len(made)), "hospital_number": f"H{len(made):05}"} | numbers
        return make_patient(family, given, born=born, **given_numbers).pk

    return put


class TestFind:
    @pytest.mark.parametrize("typed", ["9990000018", "999 000 0018", " 999-000-0018 "])
    def test_finds_the_one_with_an_nhs_number_however_it_is_spaced(self, directory, put, typed):
        put("OTHER")
        wanted = put("SAMPLE", nhs_number="9990000018")
        assert directory.find(typed) == wanted

    @pytest.mark.parametrize("typed", ["rj10018", "RJ10018", "RJ1 0018"])
    def test_finds_the_one_with_a_hospital_number(self, directory, put, typed):
        wanted = put("SAMPLE", hospital_number="RJ10018")
        assert directory.find(typed) == wanted

    def test_finds_a_hospital_number_that_looks_like_an_nhs_number(self, directory, put):
        wanted = put("SAMPLE", nhs_number=None, hospital_number="0101010028")
        assert directory.find("0101010028") == wanted

    @pytest.mark.parametrize("typed", ["", " ", "9990000026", "999000001", "SAMPLE", "' OR 1=1 --", "\0"])
    def test_finds_nobody_where_nobody_has_it(self, directory, put, typed):
        put("SAMPLE", nhs_number="9990000018")
        assert directory.find(typed) is None


class TestSearch:
    @pytest.mark.parametrize(
        ("written", "typed"),
        [
            ("O'Brien", "OBRIEN"),
            ("OBrien", "o’brien"),
            ("Núñez", "nunez"),
            ("NUNEZ", "Ñuñez"),
            ("Müller", "muller"),
            ("Sørensen", "Sorensen"),
            ("Łukasz", "lukasz"),
            ("Strauß", "strauss"),
            ("van der Berg", "VANDERBERG"),
            ("Smith-Jones", "smith jones"),
            ("Smith-Jones", "jones"),
            ("Mu\u0308ller", "M\u00fcller"),
            ("Sample", "sam"),
            ("Ng", "NG"),
        ],
    )
    def test_finds_a_name_however_it_is_written(self, directory, put, written, typed):
        put("OTHER")
        wanted = put(written)
        assert directory.search(typed, None) == [wanted]

    @pytest.mark.parametrize("typed", ["", "  ", "'", "-", "x", "sampleson", "ample", "Sa", "%", "999"])
    def test_finds_nobody_by_what_is_no_beginning_of_a_name(self, directory, put, typed):
        put("SAMPLE")
        assert directory.search(typed, None) == []

    def test_is_narrowed_by_the_birth_date_but_keeps_those_whose_is_not_known(self, directory, put):
        right, _, unknown = put("SAMPLE", "A", date(1970, 1, 1)), put("SAMPLE", "B", date(1970, 1, 2)), put("SAMPLE", "C", None)
        assert directory.search("sample", date(1970, 1, 1)) == [right, unknown]

    def test_is_in_the_order_of_names(self, directory, put):
        zoe, adam, ann = put("SAMPLE", "Zoe"), put("SAMPLER", "Adam"), put("SAMPLE", "Ann")
        assert directory.search("sam", None) == [ann, zoe, adam]

    def test_sees_who_was_put_in_since_the_last_search(self, directory, put):
        first = put("SAMPLE", "A")
        assert directory.search("sample", None) == [first]
        second = put("SAMPLE", "B")
        assert directory.search("sample", None) == [first, second]


class TestGet:
    def test_gives_the_whole_identity(self, directory, put):
        patient = put("SAMPLE", "Tést", date(1999, 12, 31), nhs_number="9990000018", hospital_number="X1")
        who = directory.get(patient)
        assert (who.family, who.given, who.born, who.nhs_number, who.hospital_number) == (
            "SAMPLE",
            "Tést",
            date(1999, 12, 31),
            "9990000018",
            "X1",
        )
        assert who.address
        assert repr(who) == "<Identity>"

    def test_raises_not_found_for_an_id_that_nobody_has(self, directory, put):
        put("SAMPLE")
        with pytest.raises(NotFound):
            directory.get(uuid4())


def test_the_settings_name_the_adapter(settings):
    assert isinstance(chosen.directory(), LocalDirectory)
    settings.SAFELIGHT_PATIENT_DIRECTORY = {"adapter": "safelight.patients.adapters.local.LocalDirectory", "lifetime_seconds": 5}
    assert chosen.directory()._lifetime == 5
