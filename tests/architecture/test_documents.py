"""Documents that are made from the code are made anew when the code changes; and what a newcomer reads is true."""

import re

import pytest
from tests.architecture import reference
from tests.shared import PROJECT

README = (PROJECT / "README.md").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize(("name", "text"), reference.pages().items(), ids=lambda value: value if value.endswith(".md") else "")
def test_the_reference_is_what_the_code_says(name, text):
    assert (reference.FOLDER / name).read_text() == text, "run `make reference`"


def test_the_readme_names_targets_that_there_are():
    assert set(re.findall(r"`make ([a-z-]+)", README)) <= TARGETS


def test_every_link_of_the_documents_leads_somewhere():
    broken = [
        f"{page.relative_to(PROJECT)}: {target}"
        for page in [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *(PROJECT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.requirement("B13")
def test_the_texts_for_the_privacy_notice_rest_on_the_law_and_not_on_consent():
    _, notice, register = (PROJECT / "docs" / "operate" / "privacy.md").read_text().split("## For the ")
    for text in (notice, register):
        assert "6(1)(e)" in text
        assert "9(2)(h)" in text
    assert "We do not rely on your consent" in notice
    assert "stay there" in notice
    assert "Not consent" in register
    assert "it erases nothing" in register
