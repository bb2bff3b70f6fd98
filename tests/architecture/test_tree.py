"""Rules of the tree that no linter of others knows."""

import ast
import re
from pathlib import Path

import pytest
from tests.shared import PROJECT

SOURCE = PROJECT / "src"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
ACTIONS = [path for path in FILES if path.parent.name == "actions" and path.name != "__init__.py"]
WALL_CLOCK = re.compile(r"\b(datetime\.now|datetime\.today|date\.today|timezone\.now|time\.time|clock\.now)\(")
CHANCE = re.compile(r"\b(uuid4|uuid1|secrets\.\w+|os\.urandom|random\.\w+)\(")


def _words(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@pytest.mark.parametrize("path", FILES, ids=_words)
def test_no_file_is_over_300_lines(path):
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", FILES, ids=_words)
def test_no_file_is_named_after_nothing(path):
    assert path.stem not in {"utils", "helpers", "common", "manager", "misc", "core"}


@pytest.mark.parametrize("path", ACTIONS, ids=_words)
def test_an_action_file_has_one_action_named_as_the_file(path):
    functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    actions = [node.name for node in functions if any(isinstance(d, ast.Name) and d.id == "action" for d in node.decorator_list)]
    assert actions == [path.stem]


def _below_the_edge(path: Path) -> bool:
    inside = path.relative_to(SOURCE).parts
    return bool({"actions", "queries.py", "rules.py", "models.py", "facts.py", "lifecycle.py"} & set(inside))


@pytest.mark.parametrize("path", [path for path in FILES if _below_the_edge(path)], ids=_words)
def test_time_and_chance_are_arguments_below_the_edge(path):
    text = path.read_text()
    assert not WALL_CLOCK.search(text)
    assert not CHANCE.search(text)


def test_models_are_saved_only_by_actions():
    writing = re.compile(r"\.(save|bulk_create|bulk_update|get_or_create|update_or_create|create)\(")
    wrong = [
        _words(path)
        for path in FILES
        if path.name in {"views.py", "forms.py", "queries.py", "rules.py"} and writing.search(path.read_text())
    ]
    assert wrong == []


def test_each_requirement_tag_is_in_the_list():
    from tests.architecture.requirements import known

    tags = set()
    for path in (PROJECT / "tests").rglob("*.py"):
        tags |= set(re.findall(r'mark\.requirement\("([A-Z]\d+)"\)', path.read_text()))
    assert tags <= set(known())
