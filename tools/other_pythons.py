"""Make an environment with the library alone for each other version of Python at hand: on the path, or by pyenv.

    python tools/other_pythons.py build/pythons

The map must have the same bytes with all of them (check 10; `make test-pythons`).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
OLDEST, NEWEST = 11, 13  # what pyproject.toml names


def interpreters() -> Iterator[tuple[int, str]]:
    """Yield one interpreter for each minor version but ours, that really starts."""
    for minor in range(OLDEST, NEWEST + 1):
        if minor == sys.version_info.minor:
            continue
        # A shim of pyenv stands on the path for versions that are not switched on: it starts nothing.
        places = [shutil.which(f"python3.{minor}"), *Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python")]
        for place in filter(None, places):
            says = [str(place), "-c", "import sys; print(sys.version_info.minor)"]
            run = subprocess.run(says, capture_output=True, text=True, check=False)
            if run.stdout.strip() == str(minor):
                yield minor, str(place)
                break


def main(folder: Path) -> None:
    """Make the environments anew."""
    shutil.rmtree(folder, ignore_errors=True)
    uv = folder / "uv"
    for minor, python in interpreters():
        if not uv.exists():
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(uv), "uv"]
            subprocess.run(pip, check=True)
        home = folder / f"3.{minor}"
        tool = [str(uv / "bin" / "uv")]
        subprocess.run([*tool, "venv", "--quiet", "--python", python, str(home)], check=True)
        install = ["pip", "install", "--quiet", "--python", str(home / "bin" / "python"), "--editable", str(ROOT)]
        subprocess.run([*tool, *install], check=True)
        print(f"Python 3.{minor}: {home}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
