"""`to_pyvis`: the network in pyvis, for those whose notebooks need it, with its dangers removed."""
from __future__ import annotations
def to_pyvis() -> None:
    """Stub."""
