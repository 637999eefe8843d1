"""The progress bar of long work, in a terminal or a notebook."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any


def progress(steps: Iterable[Any] | None = None, *, delay: float = 2.0, **options: Any) -> Any:
    """Return a bar over steps, or one to update by hand: it appears when the work lasts, and leaves when it ends.

    Without ipywidgets a notebook gets the bar of a terminal, and no warning about it.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="IProgress not found")
        from tqdm.auto import tqdm
    return tqdm(steps, delay=delay, leave=False, **options)
