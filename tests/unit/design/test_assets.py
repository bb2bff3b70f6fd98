"""What is built from npm, and what is not in it."""

import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from tests.shared import PROJECT

from safelight.design import build, checks

OURS = [
    *(one for one in (build.DESIGN / "static" / "app").iterdir() if one.suffix != ".png"),
    *build.DESIGN.rglob("*.jinja"),
    *build.DESIGN.rglob("*.scss"),
]


def test_what_is_built_fits_its_sources_and_is_not_built_twice():
    assert build.built() == build.fingerprint()
    assert build.build() is False


def test_the_built_files_call_nobody_and_carry_no_font_logo_or_source_map():
    for file in build.BUILT.rglob("*"):
        if file.is_file() and file.suffix != ".js":
            text = file.read_text().replace("http://www.w3.org/2000/svg", "")
            assert "http" not in text, file
            assert not re.search("frutiger|@font-face", text, re.IGNORECASE), file
        assert file.is_dir() or "sourceMappingURL" not in file.read_text()
    assert not re.search("assets.nhs.uk", (build.BUILT / "nhsuk.js").read_text())
    names = {file.name for file in build.BUILT.rglob("*")}
    assert not [name for name in names if re.search("favicon|-(180|192|512)|mask|opengraph|manifest", name)]
    assert len([name for name in names if name.startswith("nhsuk-icon-")]) == 19


def test_our_own_files_name_no_address_elsewhere():
    for file in OURS:
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", file.read_text()), file


def test_git_lists_no_built_file():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, check=True, capture_output=True, text=True).stdout.split("\0")
    assert "package-lock.json" in listed
    assert not [name for name in listed if "static/built/" in name or name.startswith("node_modules/")]


def test_the_stylesheet_and_the_templates_are_of_one_release():
    lock = json.loads((PROJECT / "package-lock.json").read_text())["packages"]
    table = {"10.6.1": "0.10.2"}  # the table in nhsuk-frontend-jinja's own description
    assert table[lock["node_modules/nhsuk-frontend"]["version"]] == version("nhsuk-frontend-jinja")


def test_every_package_is_named_exactly_and_by_its_hash_from_no_address():
    wanted = json.loads((PROJECT / "package.json").read_text())["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", exact) for exact in wanted.values())
    lock = json.loads((PROJECT / "package-lock.json").read_text())["packages"]
    assert all("integrity" in package and "resolved" not in package for name, package in lock.items() if name)
    assert "://" not in (PROJECT / "package-lock.json").read_text()


def test_the_start_says_what_is_missing_and_how_it_is_made(monkeypatch, tmp_path):
    assert not [found for found in run_checks(tags=["staticfiles"]) if found.id == "safelight.E010"]
    monkeypatch.setattr(checks, "BUILT", tmp_path)
    (missing,) = [found for found in run_checks(tags=["staticfiles"]) if found.id == "safelight.E010"]
    assert "nhsuk.css" in missing.msg
    assert missing.hint == "Run make assets."


def test_static_files_get_names_of_their_content_and_modules_name_each_other_by_them(settings, tmp_path):
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "safelight.design.storage.Storage"}}
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, stdout=StringIO())
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    page = (tmp_path / names["app/page.js"]).read_text()
    for module in ("built/nhsuk.js", "app/lock.js", "app/zoom.js"):
        assert Path(names[module]).name in page
    assert names["built/nhsuk/images/nhsuk-icon-arrow-down.svg"].split("/")[-1] in (tmp_path / names["built/nhsuk.css"]).read_text()
    assert (tmp_path / f"{names['built/nhsuk.css']}.gz").stat().st_size < 45_000


@pytest.mark.parametrize(("says", "good"), [("v20.18.3", False), ("v18.20.4", False), ("v20.19.0", True), ("v24.19.0", True)])
def test_a_node_that_is_too_old_counts_as_none(says, good, tmp_path, monkeypatch):
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {says}\n")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert (build.usable_node() == node) is good


@pytest.mark.slow
def test_the_wheel_carries_what_pages_need_and_the_licences(tmp_path):
    tree = tmp_path / "tree"
    shutil.copytree(PROJECT / "src", tree / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "setup.py", "package.json", "package-lock.json", ".npmrc", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(PROJECT / name, tree)
    (tree / "node_modules").symlink_to(PROJECT / "node_modules")
    wheel = ["pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-cache-dir", "--wheel-dir", str(tmp_path), str(tree)]
    subprocess.run([sys.executable, "-m", *wheel], check=True)
    (made,) = tmp_path.glob("*.whl")
    names = "\n".join(ZipFile(made).namelist())
    for name in ("built/nhsuk.css", "built/nhsuk.js", "built/signature_pad.js", "nhsuk-icon-cross.svg", "app/app.css", "app/page.js"):
        assert f"safelight/design/static/{name}" in names or f"images/{name}" in names
    for name in ("design/templates/design/page.jinja", "components/header/template.jinja", "licenses/NOTICE", "licenses/LICENSE"):
        assert name in names
    assert "axe" not in names
