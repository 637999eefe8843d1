"""Null models: what a network is compared with."""

from reseau_territorial.nulls.labels import shuffle_groups
from reseau_territorial.nulls.rewiring import rewire

__all__ = ["rewire", "shuffle_groups"]
