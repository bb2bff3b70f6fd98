"""What in a question may say who the patient is."""

from datetime import date

import pytest
from tests.factories.patients import an_identity

from safelight.sharing.linter import Doubt, doubts

pytestmark = pytest.mark.requirement("G8")
WHO = an_identity("O'Brien-Wright", "Mary Ann", "9990000018", "0000018", date(1970, 3, 9), "12 Harbour Lane, Testville, TE1 5ST")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Is Mrs OBrien-Wright's wound infected?", Doubt.NAME),
        ("wright: deeper than it looks?", Doubt.NAME),
        ("Mary says it burns", Doubt.NAME),
        ("maryann, see photo", Doubt.NAME),
        ("O’BRIEN WRIGHT again", Doubt.NAME),
        ("999 000 0018 spreading", Doubt.NHS_NUMBER),
        ("see 9434765919", Doubt.NHS_NUMBER),
        ("see 943-476-5919", Doubt.NHS_NUMBER),
        ("Hospital no. 0000018", Doubt.HOSPITAL_NUMBER),
        ("no. 000 0018, again", Doubt.HOSPITAL_NUMBER),
        ("born 9/3/70", Doubt.BIRTH_DATE),
        ("09.03.1970", Doubt.BIRTH_DATE),
        ("1970-03-09", Doubt.BIRTH_DATE),
        ("9th March 1970", Doubt.BIRTH_DATE),
        ("9 Mar 70", Doubt.BIRTH_DATE),
        ("DOB 1.1.81", Doubt.BIRTH_DATE),
        ("lives at 12 harbour lane", Doubt.ADDRESS),
        ("te1 5st", Doubt.ADDRESS),
    ],
)
def test_sees_what_names_the_patient_however_it_is_written(words, found):
    assert found in doubts(words, WHO)


@pytest.mark.parametrize(
    "words",
    [
        "Spreading since 06:00, pain out of proportion. Is this necrotising?",
        "56 years, 3 days after the burn, CRP 180, lactate 4.2. Graft or wait?",
        "Since 21 Nov, worse on 24.11.2026. 4.2 x 3.1 cm, BP 118/72, 38.4 C",
        "Ring me on 4321",
        "For 18 hours, 18 mm wide",
        "The right hand is swollen. Right?",
        "",
    ],
)
def test_lets_clinical_words_pass(words):
    assert doubts(words, WHO) == frozenset()


def test_a_patient_of_whom_nothing_is_known_has_nothing_to_be_found():
    nobody = an_identity("", "", None, "T-4F21AA", None, "")
    assert doubts("Is this infected?", nobody) == frozenset()


@pytest.mark.parametrize("doubt", Doubt)
def test_every_doubt_has_words_for_a_person(doubt):
    assert doubt.words
