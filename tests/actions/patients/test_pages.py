"""The pages about patients, without a browser: what they lead to and what they keep."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.patients import make_patient, make_patients, synthetic_number
from tests.factories.staff import actor_of, make_person, sign_in

from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR, Role
from safelight.patients import queries
from safelight.patients.actions.undo_merge import undo_merge
from safelight.patients.errors import NotForYou
from safelight.patients.models import Patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def khan():
    return sign_in(Client(), make_person())


@pytest.fixture
def administrator():
    return sign_in(Client(), make_person("adm", roles=[Role.ADMINISTRATOR]))


def bring_in(client: Client, raw: bytes):
    return client.post("/patients/bring-in/", {"file": SimpleUploadedFile("a.csv", raw, "text/csv")})


class TestTheSearch:
    @pytest.mark.requirement("E3")
    @pytest.mark.parametrize("scanned", ["]C09990000018", "999 000 0018", "0000018"])
    def test_takes_a_wristband_too(self, khan, scanned):
        make_patient()
        assert b"SAMPLE, Test" in khan.post("/patients/", {"who": scanned}).content

    def test_says_what_is_odd_about_a_number_that_nobody_has(self, khan):
        assert b"a digit is wrong" in khan.post("/patients/", {"who": "9990000019"}).content

    def test_narrows_by_the_birth_date(self, khan):
        make_patient()
        make_patient("Sample", "Late", "9990000026", "X1", date(1999, 9, 9))
        page = khan.post("/patients/", {"who": "sample", "born": "9 9 1999"}).content
        assert b"SAMPLE, Late" in page
        assert b"SAMPLE, Test" not in page

    def test_says_that_there_are_more(self, khan):
        for number in range(queries.MOST_FOUND + 1):
            make_patient("SAMPLE", f"T{number}", synthetic_number(number + 1), f"X{number}")
        page = khan.post("/patients/", {"who": "sample"}).content
        assert b"Found: 50 and more" in page

    @pytest.mark.parametrize("form", [{}, {"who": ""}, {"who": "sample", "born": "yesterday"}, {"who": "]"}])
    def test_asks_again_where_nothing_can_be_searched(self, khan, form):
        assert khan.post("/patients/", form).status_code == 422

    def test_pages_through_the_wards(self, khan):
        make_patients(27)
        first = khan.get("/patients/")
        after = first.content.split(b"?after=")[1][:36].decode()
        assert b"?after=" not in khan.get(f"/patients/?after={after}").content
        assert khan.get("/patients/?after=nonsense").status_code == 200


class TestAdding:
    def test_an_unknown_patient_makes_a_number_for_the_band(self, khan):
        khan.post("/patients/new/", {"temporary": "on", "ward": "BURNS2"})
        made = Patient.objects.get()
        who = queries.identity(OPERATOR, made.pk)
        assert made.temporary
        assert (who.name, who.hospital_number) == ("UNKNOWN", f"T-{made.pk.hex[:6].upper()}")

    def test_a_number_that_somebody_has_keeps_what_was_typed(self, khan):
        make_patient()
        form = {"family": "Typed", "nhs_number": "9990000018", "ward": "BURNS2"}
        answer = khan.post("/patients/new/", form)
        assert answer.status_code == 422
        assert b"Another patient has this number already" in answer.content
        assert b'value="Typed"' in answer.content

    def test_is_not_for_an_ig_lead(self):
        assert sign_in(Client(), make_person("lead", roles=[Role.IG_LEAD])).get("/patients/new/").status_code == 403

    def test_a_short_number_is_said_beside_its_box(self, khan):
        answer = khan.post("/patients/new/", {"family": "A", "nhs_number": "123", "ward": "BURNS2"})
        assert b"An NHS number has ten digits" in answer.content


class TestChanging:
    def form_of(self, patient: Patient, **changes):
        return {"family": "SAMPLE", "nhs_number": "9990000018", "ward": "BURNS2", "seen": patient.revision} | changes

    def test_an_old_form_is_refused_and_keeps_what_was_typed(self, khan):
        patient = make_patient()
        assert khan.post(f"/patients/{patient.pk}/change/", self.form_of(patient)).status_code == 302
        answer = khan.post(f"/patients/{patient.pk}/change/", self.form_of(patient, family="Late"))
        assert answer.status_code == 422
        assert b"Somebody else changed this patient" in answer.content
        assert b'value="Late"' in answer.content

    def test_a_wrong_number_is_said_beside_its_box(self, khan):
        patient = make_patient()
        answer = khan.post(f"/patients/{patient.pk}/change/", self.form_of(patient, nhs_number="9990000019"))
        assert answer.status_code == 422
        assert b"a digit is wrong" in answer.content

    def test_a_death_is_noted(self, khan):
        patient = make_patient()
        khan.post(f"/patients/{patient.pk}/change/", self.form_of(patient, deceased="on"))
        assert b"Has died" in khan.get("/patients/").content


@pytest.mark.requirement("E4")
class TestMerging:
    def test_asks_for_the_number_of_the_other(self, khan):
        one, other = make_patient(), make_patient("OTHER", "", "9990000026", "X1")
        address = f"/patients/{one.pk}/same-as/"
        assert khan.post(address, {"number": "X1"})["Location"] == f"{address}{other.pk}/"
        for wrong, says in (
            ("X2", b"Nobody has this number"),
            ("0000018", b"the same patient already"),
            ("", b"type the number"),
            ("Sample", b"Nobody"),
        ):
            answer = khan.post(address, {"number": wrong})
            assert answer.status_code == 422
            assert says in answer.content

    def test_says_that_it_goes_the_other_way_round(self, khan):
        one, other = make_patient(), make_patient("OTHER", "", None, "X1")
        answer = khan.post(f"/patients/{one.pk}/same-as/{other.pk}/", {"sure": "on"})
        assert answer.status_code == 422
        assert b"must be the one that goes on" in answer.content

    def test_is_undone(self, khan):
        one, other = make_patients(2)
        khan.post(f"/patients/{one.pk}/same-as/{other.pk}/", {"sure": "on"})
        assert khan.get(f"/patients/{one.pk}/").status_code == 200
        assert khan.post(f"/patients/{one.pk}/own-again/")["Location"] == f"/patients/{one.pk}/"
        assert Patient.objects.get(pk=one.pk).merged_into is None

    def test_is_undone_by_those_who_treat_only(self):
        one, _ = make_patients(2)
        with pytest.raises(NotForYou):
            undo_merge(by=actor_of(make_person("adm", roles=[Role.ADMINISTRATOR])), patient_id=one.pk, now=clock.now())


class TestBringingIn:
    def test_takes_its_own_template_and_the_same_again(self, administrator):
        template = administrator.get("/patients/bring-in/template/")
        assert template["Content-Disposition"] == 'attachment; filename="patients.csv"'
        assert b"1 added, 0 changed, 0 as before, 0 not taken" in bring_in(administrator, template.content).content
        assert b"0 added, 0 changed, 1 as before, 0 not taken" in bring_in(administrator, template.content).content

    def test_names_the_rows_of_the_file_and_of_the_register(self, administrator):
        make_patient()
        make_patient("OTHER", "", "9990000026", "X1")
        answer = bring_in(administrator, b"family,nhs_number,hospital_number\nA,9990000019,\nB,9990000018,X1\nC,,H3\n").content
        assert b"1 added, 0 changed, 0 as before, 2 not taken" in answer
        assert answer.index(b"a digit is wrong") < answer.index(b"belong to two patients")

    @pytest.mark.parametrize("raw", [b"", b"%PDF-1.7\n", bytes(range(256))])
    def test_answers_in_words_whatever_it_is_given(self, administrator, raw):
        answer = bring_in(administrator, raw)
        assert answer.status_code in {200, 422}
        assert not Patient.objects.exists()

    def test_wants_a_file(self, administrator):
        answer = administrator.post("/patients/bring-in/", {})
        assert answer.status_code == 422
        assert b"Choose a CSV file" in answer.content

    def test_writes_no_file_anywhere(self, administrator, settings, tmp_path):
        settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
        raw = b"family,hospital_number,address\n" + b"".join(b"A,H%d,%s\n" % (row, b"x" * 190) for row in range(15_000))
        assert len(raw) > 2.5 * 2**20
        assert b"15,000 rows" in bring_in(administrator, raw).content
        assert list(tmp_path.iterdir()) == []
