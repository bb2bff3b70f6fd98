from datetime import date

import pytest

from safelight.photographs import visits
from safelight.photographs.models import Laterality
from safelight.photographs.sites import REASONS, SITES, SiteSaid, name_of, reason_name, whole


@pytest.mark.requirement("C3")
@pytest.mark.parametrize("site", list(SITES.values()), ids=lambda site: site.code)
def test_a_site_has_a_side_exactly_where_it_has_two(site):
    assert whole(SiteSaid(site.code, Laterality.LEFT)) is site.sided
    assert whole(SiteSaid(site.code)) is not site.sided


def test_an_unknown_site_or_side_is_none():
    assert not whole(SiteSaid("tail"))
    assert not whole(SiteSaid("forearm", "upside down"))


def test_a_site_is_named_as_a_person_says_it():
    assert name_of("forearm", Laterality.LEFT) == "Left forearm"
    assert name_of("abdomen") == "Abdomen"
    assert name_of("tail", "upside down") == "tail"
    assert reason_name("pressure_ulcer") == "Pressure ulcer"
    assert reason_name("whim") == "whim"


def test_codes_fit_their_columns():
    assert all(len(code) <= 40 for code in [*SITES, *REASONS])


@pytest.mark.requirement("C9")
def test_safeguarding_and_the_police_are_the_photographers():
    assert {code for code, reason in REASONS.items() if reason.evidential} == {"safeguarding", "forensic"}


@pytest.mark.parametrize(
    ("born", "young"),
    [(date(2008, 11, 25), True), (date(2008, 11, 24), False), (date(1970, 1, 1), False), (None, True)],
)
def test_nobody_counts_as_grown_up_before_their_birthday(born, young):
    assert visits.under_age(born, today=date(2026, 11, 24)) is young


def test_an_intimate_site_among_others_is_seen():
    assert visits.intimate([SiteSaid("forearm", "left"), SiteSaid("breast", "right")])
    assert not visits.intimate([SiteSaid("forearm", "left"), SiteSaid("tail")])
