"""The wheel carries the stylesheet, the modules and the face finder's trained file: running a release needs no Node and fetches nothing.

All else stands in pyproject.toml.
"""

import runpy

from setuptools import setup
from setuptools.command.build_py import build_py


class WithAssets(build_py):
    """Builds what pages and finders need before the package's files are gathered."""

    def run(self) -> None:
        # By its path: the package itself needs what a building environment does not have.
        runpy.run_path("src/safelight/design/build.py", run_name="__main__")
        runpy.run_path("src/safelight/deidentify/weights/build.py", run_name="__main__")
        super().run()


setup(cmdclass={"build_py": WithAssets})
