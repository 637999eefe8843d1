"""Images of reference: compared with a tolerance, made anew by `pytest tests/views --update-baselines`."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from images import MEAN_APART, SHARE_APART, differences
from PIL import Image

BASELINES = Path(__file__).parent / "baseline"


def pytest_addoption(parser):
    parser.addoption("--update-baselines", action="store_true", help="draw the images of reference anew")


@pytest.fixture
def looks_as_before(request):
    """Compare a plot with its image of reference."""
    update = request.config.getoption("--update-baselines", default=False)

    def check(name: str, result) -> None:
        from reseau_territorial.plots._sheet import render

        drawn = Image.open(io.BytesIO(render(result.figure, "png", 60, result.alt)))
        path = BASELINES / f"{name}.png"
        if update:
            BASELINES.mkdir(exist_ok=True)
            drawn.convert("RGB").quantize(255, kmeans=2).save(path, optimize=True)
            return
        assert path.exists(), f"no image of reference for {name}: run pytest tests/views --update-baselines and look"
        with Image.open(path) as known:
            assert drawn.size == known.size
            mean, share = differences(drawn, known)
        assert mean <= MEAN_APART, f"{name}: blocks differ by {mean:.2f} of 255 on average"
        assert share <= SHARE_APART, f"{name}: {share:.2%} of the picture clearly differs"

    return check
