"""Images of reference: compared with a tolerance, made anew by `pytest tests/views --update-baselines`."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

BASELINES = Path(__file__).parent / "baseline"
BLOCK = 4
MEAN_APART = 2.5
CLEARLY_APART = 40
SHARE_APART = 0.012


def pytest_addoption(parser):
    parser.addoption("--update-baselines", action="store_true", help="draw the images of reference anew")


def softened(image: Image.Image) -> np.ndarray:
    """The image as blocks of mean colour, so that a letter moved by half a pixel is no difference."""
    pixels = np.asarray(image.convert("RGB"), dtype=float)
    height, width = (side // BLOCK * BLOCK for side in pixels.shape[:2])
    blocks = pixels[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3)
    return blocks.mean(axis=(1, 3))


def differences(first: Image.Image, second: Image.Image) -> tuple[float, float]:
    """Mean difference of the blocks (0 to 255), and share of the blocks that clearly differ."""
    apart = np.abs(softened(first) - softened(second)).max(axis=2)
    return float(apart.mean()), float((apart > CLEARLY_APART).mean())


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
        known = Image.open(path)
        assert drawn.size == known.size
        mean, share = differences(drawn, known)
        assert mean <= MEAN_APART, f"{name}: blocks differ by {mean:.2f} of 255 on average"
        assert share <= SHARE_APART, f"{name}: {share:.2%} of the picture clearly differs"

    return check
