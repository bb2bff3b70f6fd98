import biip.checksums
import nhs_number
import numpy as np
import pytest
import zxingcpp
from hypothesis import assume, given
from hypothesis import strategies as st

from safelight.patients.wristband import Reading, Scan, read

PREFIX = "5050898"
NUMBER = "9990000018"
ENGLISH = "4000000004"

pytestmark = pytest.mark.requirement("E3")


def scan(text: str, *, synthetic_allowed: bool = True) -> Scan:
    return read(text, company_prefix=PREFIX, synthetic_allowed=synthetic_allowed)


def relation(number: str = NUMBER, prefix: str = PREFIX) -> str:
    """The GSRN of a number."""
    return prefix + number + str(biip.checksums.gs1_standard_check_digit(prefix + number))


def typed_by_a_scanner(
    content: str, form: zxingcpp.BarcodeFormat, *, prefix: bool = True, separator: bool = True, **options: object
) -> str:
    """What a scanner types of a real symbol: drawn, seen, read back."""
    modules = np.array(zxingcpp.create_barcode(content, form, **options).to_image())
    seen = np.pad(np.kron(modules, np.ones((4, 4), np.uint8)), 24, constant_values=255)
    (found,) = zxingcpp.read_barcodes(seen)
    text = found.bytes.decode("ascii")
    return (found.symbology_identifier if prefix else "") + (text if separator else text.replace("\x1d", ""))


@pytest.mark.parametrize("prefix", [False, True])
@pytest.mark.parametrize("separator", [False, True])
@pytest.mark.parametrize("tail", ["", "(91)RJ10000018", "(91)RJ10000018(93)SAMPLE"])
def test_reads_the_nhs_number_of_a_gs1_band(prefix, separator, tail):
    text = typed_by_a_scanner(
        f"(8018){relation()}{tail}", zxingcpp.BarcodeFormat.DataMatrix, prefix=prefix, separator=separator, gs1=True, force_square=True
    )
    found = scan(text)
    assert (found.reading, found.nhs_number) == (Reading.NHS_NUMBER, NUMBER)
    if tail and separator:
        assert found.hospital_number == "RJ10000018"


def test_reads_a_gs1_band_in_code_128():
    text = typed_by_a_scanner(f"(8018){relation()}", zxingcpp.BarcodeFormat.Code128, gs1=True)
    assert text.startswith("]C1")
    assert scan(text).nhs_number == NUMBER


def test_reads_a_gs1_band_whose_symbol_does_not_say_that_it_is_one():
    text = typed_by_a_scanner(f"8018{relation()}", zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    assert text.startswith("]d1")
    assert scan(text).nhs_number == NUMBER


@pytest.mark.parametrize("prefix", [False, True])
def test_reads_an_old_band_of_ten_digits(prefix):
    found = scan(typed_by_a_scanner(NUMBER, zxingcpp.BarcodeFormat.Code128, prefix=prefix))
    assert found == Scan(Reading.NHS_NUMBER, nhs_number=NUMBER, scanned=prefix)


@pytest.mark.parametrize("text", [f"8018{relation()}", f"]d28018{relation()}", f"]d18018{relation()}", f"]C0{NUMBER}", "]C00000018"])
def test_knows_that_a_band_was_scanned(text):
    assert scan(text).scanned


@pytest.mark.parametrize("text", [NUMBER, "999 000 0018", "0000018", "Sample", f"]d1{NUMBER}", f"]A0{NUMBER}", "]d2410" + "5012345678900"])
def test_does_not_take_typed_digits_or_other_labels_for_a_scanned_band(text):
    assert not scan(text).scanned


def test_does_not_count_a_band_that_was_misread_as_scanned():
    wrong = relation()[:-1] + str((int(relation()[-1]) + 1) % 10)
    assert not scan(f"]d28018{wrong}").scanned
    assert not scan(f"]d28018{relation()}", synthetic_allowed=False).scanned


@pytest.mark.parametrize("typed", ["999 000 0018", " 9990000018 ", "999-000-0018", "9990000018\r\n"])
def test_reads_a_number_as_people_type_it(typed):
    assert scan(typed).nhs_number == NUMBER


@given(st.integers(400_000_000, 499_999_999))
def test_ten_digits_come_before_gs1(front):
    digits = f"{front}{_check_digit(f'{front}')}"
    assume(len(digits) == 10)
    assert scan(digits) == Scan(Reading.NHS_NUMBER, nhs_number=digits)


def _check_digit(nine: str) -> int:
    """Modulus 11 by the NHS Data Dictionary: 11 is written 0, 10 is never given out."""
    check = 11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return 0 if check == 11 else check


@pytest.mark.requirement("E1")
@given(st.integers(0, 9_999_999).map(lambda number: f"99{number:07}"), st.integers(0, 9), st.integers(1, 9))
def test_accepts_no_number_with_one_wrong_digit(nine, place, difference):
    check = _check_digit(nine)
    assume(check < 10)
    right = f"{nine}{check}"
    assert scan(right).nhs_number == right
    wrong = right[:place] + str((int(right[place]) + difference) % 10) + right[place + 1 :]
    found = scan(wrong)
    assert found.reading is Reading.WRONG_CHECK_DIGIT
    assert found.nhs_number is None
    assert scan(f"]d28018{relation(wrong)}").nhs_number is None


@pytest.mark.requirement("E1")
@pytest.mark.parametrize(("nine", "check"), [("999000001", "8"), ("400000000", "4")])
def test_agrees_with_the_rule_of_the_data_dictionary(nine, check):
    assert str(_check_digit(nine)) == check
    assert nhs_number.is_valid(nine + check)


@pytest.mark.parametrize("text", [NUMBER, f"8018{relation()}", f"]d28018{relation()}\x1d91X1"])
def test_refuses_synthetic_numbers_unless_they_are_allowed(text):
    found = scan(text, synthetic_allowed=False)
    assert found == Scan(Reading.TEST_NUMBER)
    assert scan(ENGLISH, synthetic_allowed=False).nhs_number == ENGLISH


@pytest.mark.parametrize("number", ["0101010028", "3200000007"])
def test_does_not_call_other_nations_numbers_nhs_numbers_nor_wrong(number):
    assert nhs_number.is_valid(number)
    assert scan(number) == Scan(Reading.OTHER_HEALTH_NUMBER, hospital_number=number)


def test_reads_a_band_that_holds_only_the_hospitals_number():
    text = typed_by_a_scanner("(91)RJ10000018", zxingcpp.BarcodeFormat.DataMatrix, gs1=True, force_square=True)
    assert scan(text) == Scan(Reading.HOSPITAL_NUMBER, hospital_number="RJ10000018", scanned=True)


def test_does_not_take_a_hospital_number_for_gs1():
    assert scan("9100018") == Scan(Reading.CODE, hospital_number="9100018", code="9100018")


def test_refuses_a_band_that_was_misread():
    right = relation()
    assert scan("8018" + right[:-1] + str((int(right[-1]) + 1) % 10)).reading is Reading.MISREAD
    assert scan("]d2" + "!!").reading is Reading.MISREAD


def test_refuses_a_band_of_another_organisation():
    assert scan(f"8018{relation(prefix='5012345')}").reading is Reading.OTHER_ORGANISATION
    assert read(f"8018{relation()}", company_prefix="505089", synthetic_allowed=True).reading is Reading.OTHER_ORGANISATION


@pytest.mark.parametrize(
    ("content", "form", "options"),
    [
        ("(01)05012345678900(17)271231(10)AB12", zxingcpp.BarcodeFormat.DataMatrix, {"gs1": True, "force_square": True}),
        ("(01)05012345678900", zxingcpp.BarcodeFormat.Code128, {"gs1": True}),
        ("5012345678900", zxingcpp.BarcodeFormat.EAN13, {}),
    ],
)
@pytest.mark.parametrize("prefix", [False, True])
def test_says_of_a_drug_label_what_it_is(content, form, options, prefix):
    found = scan(typed_by_a_scanner(content, form, prefix=prefix, **options))
    assert found == Scan(Reading.DRUG_LABEL)
    assert "This is a drug label" in found.reading.says


def test_says_of_another_label_that_it_is_none_of_a_patient():
    assert scan("]d2410" + "5012345678900").reading is Reading.OTHER_LABEL


def test_reads_a_camera_or_hospital_number_as_a_code():
    assert scan("cam-07") == Scan(Reading.CODE, hospital_number="CAM-07", code="CAM-07")
    assert scan("]d1CAM-07").code == "CAM-07"
    assert scan("0000018") == Scan(Reading.CODE, hospital_number="0000018", code="0000018")


def test_reads_a_slate_and_its_short_code():
    assert scan("]d1SFL1-2RK3CHJPCSV8-1U") == Scan(Reading.SLATE, slate="SFL1-2RK3CHJPCSV8-1U")
    assert scan("2rk3c") == Scan(Reading.CODE, hospital_number="2RK3C", code="2RK3C", slate="2RK3C")


@pytest.mark.parametrize("surname", ["Sample", "O'Brien", "Núñez", "van der Berg", "Smith-Jones"])
def test_reads_a_surname_as_a_name(surname):
    found = scan(surname)
    assert (found.reading, found.name) == (Reading.NAME, surname)


def test_a_name_of_five_letters_may_be_a_short_code():
    assert scan("Khans").slate == "KHANS"


@pytest.mark.parametrize("text", ["]", "]0", "]d2]"])
def test_half_a_prefix_is_a_misreading(text):
    assert scan(text).reading is Reading.MISREAD


@pytest.mark.parametrize("text", ["", "   ", "\x1d", "]C1", "9" * 201, "\0\x01"])
def test_reads_nothing_where_there_is_nothing(text):
    assert scan(text).reading is Reading.NOTHING


@pytest.mark.parametrize("text", ["=1+1", "<script>", "A B 12", "%0a", "12 34"])
def test_reads_nothing_of_use_in_what_is_neither_number_nor_name(text):
    assert scan(text) == Scan(Reading.OTHER_LABEL)


@given(st.text(max_size=60))
def test_answers_whatever_is_typed(text):
    assert isinstance(scan(text).reading, Reading)
    assert isinstance(scan(f"]d2{text}").reading, Reading)


@given(st.text("0123456789\x1d()]dC8018ABC", max_size=40))
def test_answers_whatever_looks_like_a_label(text):
    found = scan(text)
    assert found.nhs_number is None or nhs_number.is_valid(found.nhs_number)


def test_shows_no_number_and_no_name_in_a_log():
    assert repr(scan(NUMBER)) == "Scan(reading=<Reading.NHS_NUMBER: 'nhs_number'>, scanned=False)"
    assert "Sample" not in repr(scan("Sample"))


@pytest.mark.parametrize("reading", list(Reading))
def test_says_what_to_do_next_where_nothing_can_be_opened(reading):
    useful = {Reading.NHS_NUMBER, Reading.HOSPITAL_NUMBER, Reading.SLATE, Reading.CODE, Reading.NAME}
    assert bool(reading.says) is (reading not in useful)
