"""The real files, when they are beside the repository: tests that need them skip without them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = Path(os.environ.get("RESEAU_SHARED", Path(__file__).parents[3] / "shared")) / "data"
    if not folder.exists():
        pytest.skip("the open-data files are not beside the repository (../shared/data or RESEAU_SHARED)")
    return folder
