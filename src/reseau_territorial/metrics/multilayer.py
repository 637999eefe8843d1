"""The measures of multilayer networks, in one place.

They are written in `overlap` (ties added up over layers), `relevance` (what one layer brings), `similarity`
(how alike layers are) and `supra` (the network of replicas, one per actor and layer).
"""

from __future__ import annotations

from reseau_territorial.metrics.overlap import (
    multiplex_participation,
    overlapping_degree,
    overlapping_strength,
    tie_overlap,
)
from reseau_territorial.metrics.relevance import (
    connective_redundancy,
    exclusive_neighbours,
    layer_relevance,
    multilayer_clustering,
)
from reseau_territorial.metrics.similarity import layer_similarity, reducibility
from reseau_territorial.metrics.supra import SupraAdjacency, interdependence, supra_adjacency, versatility

__all__ = [
    "SupraAdjacency",
    "connective_redundancy",
    "exclusive_neighbours",
    "interdependence",
    "layer_relevance",
    "layer_similarity",
    "multilayer_clustering",
    "multiplex_participation",
    "overlapping_degree",
    "overlapping_strength",
    "reducibility",
    "supra_adjacency",
    "tie_overlap",
    "versatility",
]
