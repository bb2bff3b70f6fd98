"""All templates of all packages: what the content security policy would refuse, what leads nowhere, and words that we do not use."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.urls import get_resolver
from tests.shared import PROJECT

SOURCE = PROJECT / "src" / "safelight"
TEMPLATES = sorted(file for file in SOURCE.rglob("*.jinja") if "overrides" not in file.parts)
MODULES = sorted(file for file in SOURCE.rglob("static/**/*.js") if "built" not in file.parts)

REFUSED = {
    r"\sstyle=": "an inline style is refused by the policy: use a class",
    r"<style": "a style sheet on the page is refused by the policy",
    r"<script(?![^>]*\ssrc=)": "a script on the page is refused by the policy: use a module",
    r"\son[a-z]+=": "a handler on the page is refused by the policy: use a module",
    r"javascript:": "an address is an address: history.back() is refused by the policy",
    r"hx-on|hx-vals=.js:|hx-headers": "builds a function out of words, or is inherited",
    r"hx-trigger=[\"'][^\"']*\[": "a filter in a trigger builds a function out of words",
    r"https?://": "nothing is fetched from elsewhere",
    r"\|\s*safe\b": "what people typed would become markup",
}
NOT_OUR_WORDS = r"\b(upload|uploaded|uploads|asset|assets|redact|redacted|workflow|submitted)\b"


def shown(file):
    """The template without its comments."""
    return re.sub(r"\{#.*?#\}", "", file.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_is_read_by_the_strict_environment(file):
    name = file.relative_to(next(part for part in file.parents if part.name == "templates"))
    engines["jinja"].get_template(str(name))


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_holds_nothing_that_the_policy_refuses(file):
    found = {why: match.group() for pattern, why in REFUSED.items() if (match := re.search(pattern, shown(file)))}
    assert found == {}


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_names_static_files_that_are_there(file):
    missing = [name for name in re.findall(r"static\([\"']([^\"']+)[\"']\)", shown(file)) if not finders.find(name)]
    assert missing == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_names_pages_that_are_there(file):
    doors = {name: set(resolver.reverse_dict) for name, (_, resolver) in get_resolver().namespace_dict.items()}
    doors["demo"] = {"demo", "shoot", "insert", "codes", "mailbox"}  # added where the demonstration runs, and nowhere else
    named = re.findall(r"\burl\([\"']([a-z_]+):([a-z_]+)[\"']", shown(file))
    assert [f"{door}:{name}" for door, name in named if name not in doors.get(door, ())] == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_speaks_in_the_words_of_the_ward(file):
    words = re.sub(r"\{[{%].*?[}%]\}|<[^>]*>", " ", shown(file), flags=re.DOTALL)
    assert re.findall(NOT_OUR_WORDS, words, re.IGNORECASE) == []


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.name)
def test_a_module_builds_no_code_and_no_markup_out_of_words(file):
    assert (
        re.findall(
            r"\beval\(|new Function|(?:inner|outer)HTML\s*\+?=(?!=)|insertAdjacentHTML|document\.write|localStorage", file.read_text()
        )
        == []
    )
