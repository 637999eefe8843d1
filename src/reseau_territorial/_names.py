"""Public names, each imported when it is first used; a misspelt one is answered by the nearest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lazy_loader

from reseau_territorial.errors import nearest

__all__ = ["public_names"]


def public_names(package: str, file: str) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` of a package whose names stand in its stub."""
    imported, listed, names = lazy_loader.attach_stub(package, file)

    def found(name: str) -> Any:
        try:
            return imported(name)
        except AttributeError:
            near = None if name.startswith("_") or name in names else nearest(name, names)
            if near is None:
                raise
            raise AttributeError(f"{package} has no name {name!r}. Did you mean {near!r}?") from None

    return found, listed, names
