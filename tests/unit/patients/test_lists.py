from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.patients import synthetic_number

from safelight.patients import lists
from safelight.patients.lists import Listed, Wrong

TODAY = date(2026, 11, 24)
HEAD = "family,given,born,nhs_number,hospital_number,ward,address\n"


def read(text: str | bytes) -> Listed:
    raw = text if isinstance(text, bytes) else text.encode()
    return lists.read(raw, today=TODAY, synthetic_allowed=True)


def test_takes_its_own_template():
    found = read(lists.TEMPLATE)
    assert found.wrong == ()
    (line,) = found.lines
    assert (line.row, line.ward, line.identity.born) == (2, "BURNS2", date(1970, 1, 31))
    assert (line.identity.nhs_number, line.identity.hospital_number) == ("9990000018", "0000018")


@pytest.mark.parametrize("written", ["1970-01-31", "31/01/1970", "31-01-1970", "31.01.1970", "19700131"])
def test_reads_a_birth_date_as_systems_write_it(written):
    assert read(f"{HEAD}SAMPLE,Test,{written},9990000018,,,\n").lines[0].identity.born == date(1970, 1, 31)


@pytest.mark.parametrize("raw", ["Núñez".encode(), "Núñez".encode("cp1252"), b"\xef\xbb\xbf" + "Núñez".encode()])
def test_reads_utf8_with_and_without_a_mark_and_windows_1252(raw):
    mark, name = (raw[:3], raw[3:]) if raw.startswith(b"\xef\xbb\xbf") else (b"", raw)
    assert read(mark + HEAD.encode() + name + b",Test,,9990000018,,,\r\n").lines[0].identity.family == "Núñez"


def test_takes_semicolons_other_orders_and_missing_columns():
    found = read("NHS Number;Family;ward\n999 000 0018;Smith, or so;burns2\n")
    assert (found.lines[0].identity.family, found.lines[0].ward, found.lines[0].identity.given) == ("Smith, or so", "BURNS2", "")


def test_takes_quotes_and_line_ends_inside_a_box():
    found = read(HEAD + 'SAMPLE,Test,,9990000018,,,"1 Lamp Street\nTestville"\nOTHER,A,,,H2,,\n')
    assert found.lines[0].identity.address == "1 Lamp Street\nTestville"
    assert found.lines[1].row == 3


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",Test,,9990000018,,,", "Enter the family name"),
        ("SAMPLE,Test,31/02/1970,9990000018,,,", "The birth date is not understood"),
        ("SAMPLE,Test,1/1/2030,9990000018,,,", "lies in the future"),
        ("SAMPLE,Test,,9990000019,,,", "a digit is wrong"),
        ("SAMPLE,Test,,999000001,,,", "does not have ten digits"),
        ("SAMPLE,Test,,,,,", "Enter an NHS number or a hospital number"),
        ("SAMPLE,Test,,,a b=c,,", "A hospital number has"),
        ("SAMPLE,Test,,9990000018,,ABCDEFGHIJKLMNOPQ,", "A ward's code"),
        ("SAMPLE", "Enter an NHS number"),
    ],
)
def test_names_a_bad_row_in_words_and_takes_the_good_ones(row, says):
    found = read(f"{HEAD}GOOD,A,,,H1,,\n\n{row}\nGOOD,B,,,H2,,\n")
    assert [line.row for line in found.lines] == [2, 5]
    (bad,) = found.wrong
    assert bad.row == 4
    assert says in bad.says
    assert "SAMPLE" not in bad.says


def test_takes_the_first_of_two_rows_with_one_number():
    found = read(f"{HEAD}A,,,9990000018,,,\nB,,,999 000 0018,H2,,\nC,,,,H2,,\n")
    assert [line.identity.family for line in found.lines] == ["A", "C"]
    assert found.wrong == (Wrong(3, "Row 2 has the same number"),)


@pytest.mark.parametrize(
    "text", ["", "\n", "a,b\n1,2\n", "family,given\nSAMPLE,Test\n", "nhs_number\n9990000018\n", "family,family,nhs_number\n"]
)
def test_says_that_a_header_is_missing(text):
    found = read(text)
    assert found.lines == ()
    assert found.wrong[0].row == 0
    assert "The columns are: family, given" in found.wrong[0].says


@pytest.mark.parametrize(
    "raw", [b"PK\x03\x04" + bytes(100), lists.TEMPLATE.encode("utf-16"), b"family,nhs_number\n" + b"A" * 200_000 + b",1\n"]
)
def test_says_that_a_spreadsheet_is_no_csv(raw):
    (bad,) = read(raw).wrong
    assert (bad.row, bad.says) == (0, lists.NOT_CSV)


def test_takes_no_more_rows_than_one_action_keeps():
    rows = "".join(f"A,,,,H{number},,\n" for number in range(lists.MOST_ROWS + 1))
    found = read(HEAD + rows)
    assert found.lines == ()
    assert "5,001 rows" in found.wrong[0].says
    assert len(read(HEAD + rows.rpartition("A,")[0]).lines) == lists.MOST_ROWS


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "O'Brien", "Ñ", "عربي", "A" * 80])
def test_keeps_odd_names_as_they_are(name):
    assert read(f'{HEAD}"{name}",,,9990000018,,,\n').lines[0].identity.family == name


def test_drops_what_is_no_letter():
    assert read(f"{HEAD}SAM\x1b[31mPLE\x9b,,,9990000018,,,\n".encode()).lines[0].identity.family == "SAM[31mPLE"


@given(st.binary(max_size=300))
def test_answers_whatever_it_is_given(raw):
    assert isinstance(read(raw), Listed)


@given(st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=6))
def test_every_row_is_good_or_bad(rows):
    body = "\n".join(",".join(cell.replace(",", "").replace('"', "").replace("\n", "").replace("\r", "") for cell in row) for row in rows)
    found = read(HEAD + body)
    assert all(0 <= line.row <= len(rows) + 1 for line in found.lines)


def test_shows_nothing_of_a_row_in_a_log():
    assert "SAMPLE" not in repr(read(lists.TEMPLATE))
    assert synthetic_number(1) not in repr(read(f"{HEAD}A,,,{synthetic_number(1)},,,\n"))
