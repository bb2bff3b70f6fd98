"""What was read in a photo beside who the patient is: near misses of print, and what only looks alike."""

from datetime import date

import pytest

from safelight.deidentify.matching import own
from safelight.deidentify.models import Match
from safelight.patients.identity import Identity
from safelight.photographs.slates import code

SAMPLE = Identity(
    family="Sample",
    given="Teodora Ann",
    born=date(1970, 2, 1),
    nhs_number="9990000018",
    hospital_number="RX1234567",
    address="12 Wexelbrot Lane, Townville, TN1 2AB",
)

pytestmark = pytest.mark.requirement("F1")


@pytest.mark.parametrize(
    "read", ["SAMPLE", "sample", "Sample, Teodora", "SAMPIE", "5AMPLE", "SAMPL", "SAMPLETeodora", "Mrs T Sample", "TEODORA", "Ann"]
)
def test_a_name_is_known_however_it_was_read(read):
    assert own(read, SAMPLE) is Match.NAME


@pytest.mark.parametrize(
    "read", ["9990000018", "999 000 0018", "999-000-0018", "NHS No: 999 000 OO18", "999 OO0 00l8", "999 000 0019", "Ward 4 999 000 0018 F"]
)
def test_an_nhs_number_is_known_spaced_and_with_one_digit_mistaken(read):
    assert own(read, SAMPLE) is Match.NHS_NUMBER


@pytest.mark.parametrize("read", ["RX1234567", "RX 1234567", "rx1234567", "RX12345G7", "Hosp RX1234567"])
def test_a_hospital_number_is_known(read):
    assert own(read, SAMPLE) is Match.HOSPITAL_NUMBER


@pytest.mark.parametrize(
    "read",
    [
        "01/02/1970",
        "01/02/70",
        "1/2/70",
        "01.02.1970",
        "01-02-1970",
        "1970-02-01",
        "1 Feb 1970",
        "01-FEB-1970",
        "1st February 1970",
        "Feb 1, 1970",
        "1FEB1970",
        "DOB 01021970",
        "O1/O2/7O",
        "19700201",
    ],
)
def test_a_birth_date_is_known_in_its_usual_forms(read):
    assert own(read, SAMPLE) is Match.BIRTH_DATE


@pytest.mark.parametrize("read", ["12 Wexelbrot Lane", "Wexelbrot Lane", "WEXELBR0T LANE", "TN1 2AB", "TN12AB", "Townville TN1 2AB"])
def test_an_address_is_known_by_its_lines_and_its_postcode(read):
    assert own(read, SAMPLE) is Match.ADDRESS


@pytest.mark.parametrize(
    "read",
    [
        "",
        " ",
        "TEMPLE",
        "TABLE",
        "Ward 5",
        "EXIT",
        "CANON EOS",
        "943 476 5919",
        "1 Mar 1970",
        "03/02/70",
        "10 20 30 mm",
        "AB9999999",
        "Lane",
        "TN9 9XX",
    ],
)
def test_what_is_somebody_elses_is_not_taken_for_the_patients(read):
    assert own(read, SAMPLE) is Match.NONE


@pytest.mark.parametrize(("read", "what"), [("LI", Match.NAME), ("Li Wei", Match.NAME), ("LIVER", Match.NONE)])
def test_a_short_name_is_known_only_as_a_word_of_its_own(read, what):
    assert own(read, Identity(family="Li", given="Wei", born=None, nhs_number=None, hospital_number="0000018")) is what


@pytest.mark.parametrize("read", ["SMITH-JONES", "Smith Jones", "SMITHJONES", "Smith", "O'Brien", "OBRIEN", "Ánna"])
def test_double_names_apostrophes_and_accents_do_not_hide_a_name(read):
    who = Identity(family="Smith-Jones O'Brien", given="Anna", born=None, nhs_number="9990000018", hospital_number=None)
    assert own(read, who) is Match.NAME


def test_a_short_hospital_number_is_compared_exactly():
    who = Identity(family="Sample", given="", born=None, nhs_number=None, hospital_number="X1")
    assert own("X1", who) is Match.HOSPITAL_NUMBER
    assert own("X12", who) is Match.NONE


@pytest.mark.requirement("F5")
def test_the_text_of_a_slate_is_a_slate_whoever_the_patient_is():
    assert own(code.new(bytes(8)), SAMPLE) is Match.SLATE
