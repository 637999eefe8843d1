"""How far apart two images are, so that a letter moved by half a pixel is no difference."""

from __future__ import annotations

import numpy as np
from PIL import Image

BLOCK = 4
MEAN_APART = 2.5
CLEARLY_APART = 40
SHARE_APART = 0.012


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
