"""The wheel carries the stylesheet, the modules, the face finder's trained file and the compiled decoder of large photos: running a release
needs no Node and no compiler, and fetches nothing. On another machine than it was compiled for, that decoder stands aside for a library.

All else stands in pyproject.toml.
"""

import runpy

from setuptools import setup
from setuptools.command.build_py import build_py


class WithAssets(build_py):
    """Builds what pages, finders and decoders need before the package's files are gathered."""

    def run(self) -> None:
        # By its path: the package itself needs what a building environment does not have.
        runpy.run_path("src/safelight/design/build.py", run_name="__main__")
        runpy.run_path("src/safelight/deidentify/weights/build.py", run_name="__main__")
        runpy.run_path("src/safelight/photographs/pictures/quarter/build.py", run_name="__main__")
        super().run()


setup(cmdclass={"build_py": WithAssets})
