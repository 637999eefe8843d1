"""Waiting for a page whose policy forbids `eval`, on which playwright's own `wait_for_function` rests."""

from __future__ import annotations

import time
from typing import Any

DRAWN = "Boolean(window.carte && carte.drawTime() > 0)"


def wait_until(page: Any, expression: str = DRAWN, *, seconds: float = 60) -> None:
    """Ask the page (or frame) again and again until an expression is true."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise TimeoutError(f"not true after {seconds} s: {expression}")
        time.sleep(0.02)
