"""The words of the tray: of one photo nobody is told as of several."""

import re

import pytest

from safelight.intake.reasons import Why

OF_SEVERAL = re.compile(r"these|\bthey\b|\bthem\b(?! by)|Look at the photos", re.IGNORECASE)
# Said of the patient, or of all photos of the card, however few wait.
OTHERS = ("Record what they say",)


@pytest.mark.parametrize("why", Why)
def test_of_one_photo_nothing_is_said_as_of_several(why):
    words = f"{why.says(1)} {why.todo(1)}"
    for other in OTHERS:
        words = words.replace(other, "")
    assert not OF_SEVERAL.search(words)


def test_of_several_the_words_are_of_several():
    assert Why.NO_SLATE.says(2) == "There is no slate before these photos."
    assert Why.NO_SLATE.says(1) == "There is no slate before this photo."
    assert Why.PHONE.says(1) == "This photo is from a phone or tablet."
