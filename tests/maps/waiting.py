"""Waiting for a page whose policy forbids `eval`, on which playwright's own `wait_for_function` rests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

DRAWN = "Boolean(window.carte && carte.drawTime() > 0)"


def wait_until(page: Any, expression: str = DRAWN, *, seconds: float = 60) -> None:
    """Ask the page (or frame) again and again until an expression is true."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise TimeoutError(f"not true after {seconds} s: {expression}")
        time.sleep(0.02)


def next_frames(page: Any) -> None:
    """Wait until the page has drawn what was changed so far: two frames of the browser, however long they take."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def eventually(holds: Callable[[], object], *, seconds: float = 60) -> bool:
    """Tell whether something comes to hold: a page draws when it can, later on a machine that is at work."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
