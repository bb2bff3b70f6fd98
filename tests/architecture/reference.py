"""Writes docs/reference/: every action, every error and every lifecycle, out of the code itself. `make reference`."""

import importlib.util
import inspect
import os
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "docs" / "reference"


def pages() -> dict[str, str]:
    """The three pages by file name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safelight.config.settings.test")
    import django

    django.setup()
    import safelight

    for module in pkgutil.walk_packages(safelight.__path__, "safelight."):
        if ".actions." in module.name or module.name.endswith(".lifecycle") or _has_errors(module.name):
            importlib.import_module(module.name)
    return {
        "actions.md": _page("Actions", _actions()),
        "errors.md": _page("Errors", _errors()),
        "lifecycles.md": _page("Lifecycles", _lifecycles()),
    }


def _has_errors(module: str) -> bool:
    """Whether a module defines an error: whatever else a process has loaded, the page is the same."""
    return '    code = "' in Path(str(importlib.util.find_spec(module).origin)).read_text()


def _page(title: str, lines: Iterator[str]) -> str:
    return "\n".join([f"# {title}", "", "Written by `make reference` out of the code.", "", *lines, ""])


def _actions() -> Iterator[str]:
    from safelight.audit.action import every_action

    yield "The only ways to change or reveal the record. Each commits together with its entry in the ledger, or leaves only the entry"
    yield "that it was refused."
    package = ""
    ours = {name: action for name, action in every_action().items() if action.__module__.startswith("safelight.")}
    for name, action in sorted(ours.items()):
        if (here := name.partition(".")[0]) != package:
            package = here
            yield from ("", f"## {package}", "")
        yield f"### {name.partition('.')[2]}"
        yield inspect.cleandoc(action.__doc__ or "")
        yield ""


def _errors() -> Iterator[str]:
    from safelight.kernel.errors import Damage, Unavailable, every_error

    yield "The code is the reason in the ledger and the type of a problem document (`urn:safelight:CODE`, RFC 9457)."
    yield from ("", "| code | kind | status | what a person reads |", "|---|---|---|---|")
    for code, error in sorted(every_error().items()):
        if error.__module__.startswith("safelight.") and "." in code and hasattr(error, "says"):
            kind = "damage" if issubclass(error, Damage) else "away" if issubclass(error, Unavailable) else "refusal"
            yield f"| `{code}` | {kind} | {error.status} | {error.says} |"


def _lifecycles() -> Iterator[str]:
    from safelight.kernel.lifecycle import Lifecycle

    found = {
        value.name: value
        for name, module in sorted(sys.modules.items())
        if name.startswith("safelight.") and name.endswith("lifecycle")
        for value in vars(module).values()
        if isinstance(value, Lifecycle)
    }
    for name, life in sorted(found.items()):
        yield from (f"## {name}", "", f"Begins as **{life.start.value}**.", "", "| from | move | to |", "|---|---|---|")
        yield from (f"| {before.value} | {move.value} | {after.value} |" for (before, move), after in life.table.items())
        yield ""


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(PROJECT / "src"))
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
