"""The page of the 28 checks of the map names tests that exist and are run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "carte-controles.md"


def test_each_check_names_tests_that_are_collected():
    pytest.importorskip("jupyterlab", reason="the tests of the notebook are collected with JupyterLab")
    rows = re.findall(r"^\| (\d+) \|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.M)
    assert [int(number) for number, _ in rows] == list(range(1, 29))
    named = {number: re.findall(r"`([\w/]+\.py)::(\w+)`", row) for number, row in rows}
    assert not [number for number, tests in named.items() if not tests]
    files = sorted({str(TESTS / file) for tests in named.values() for file, _ in tests})
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-q",
            "-n",
            "0",
            "-p",
            "no:cacheprovider",
            "-W",
            "default",
            *files,
        ],
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    collected = set(re.findall(r"^tests/([\w/]+\.py::\w+)", run.stdout, re.M))
    assert {f"{file}::{test}" for tests in named.values() for file, test in tests} <= collected
