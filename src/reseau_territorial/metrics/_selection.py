"""Readings of a selection shared by the metrics of actors: direction, lengths, shortest paths kept with the view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import unknown_name
from reseau_territorial.metrics._paths import Distances, Lengths, dependencies, distances, tie_lengths

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = [
    "Definition",
    "Direction",
    "Variant",
    "bare",
    "check_definition",
    "check_direction",
    "closeness_of",
    "degrees",
    "lengths_of",
    "make_matrix",
    "shared_dependencies",
    "shared_distances",
    "strengths_of_pairs",
]

Direction = Literal["all", "out", "in"]
Variant = Literal["wasserman_faust", "reachable", "freeman"]
DIRECTIONS = ("all", "out", "in")
Definition = Literal["published", "sna"]
DEFINITIONS = ("published", "sna")
Floats = NDArray[np.float64]
Kept = TypeVar("Kept")

_kept: WeakKeyDictionary[TieView, dict[Any, Any]] = WeakKeyDictionary()


def check_direction(direction: str) -> None:
    """Raise the error that offers the nearest direction."""
    if direction not in DIRECTIONS:
        raise unknown_name("direction", direction, DIRECTIONS)


def check_definition(definition: str) -> None:
    """Raise the error that offers the nearest definition, of a measure that R sna defines in its own way."""
    if definition not in DEFINITIONS:
        raise unknown_name("definition", definition, DEFINITIONS)


def keep(view: TieView, key: Any, compute: Callable[[], Kept]) -> Kept:
    """Compute something about a view once: several metrics asked together share it."""
    known = _kept.setdefault(view, {})
    if key not in known:
        known[key] = compute()
    result: Kept = known[key]
    return result


def make_matrix(view: TieView, direction: Direction, *, weighted: bool) -> csr_array:
    """Return the matrix whose row i holds the ties that actor i sends (out), receives (in), or both, added."""
    check_direction(direction)
    matrix = view.weighted if weighted else view.binary
    if not view.directed or direction == "out":
        return matrix
    if direction == "in":
        return matrix.T.tocsr()
    return view.undirected if weighted else view.undirected_binary


def lengths_of(view: TieView, weight: str | None, direction: Direction = "out") -> Lengths:
    """Return the lengths of the ties, 1/weight or 1, read in a direction."""
    check_direction(direction)

    def compute() -> Lengths:
        matrix = make_matrix(view, direction, weighted=weight is not None)
        return tie_lengths(matrix, directed=view.directed and direction != "all")

    return keep(view, ("lengths", weight is None, direction), compute)


def shared_distances(view: TieView, weight: str | None, direction: Direction) -> Distances:
    """Return the sums of distances from each actor, computed once for closeness, harmonic and the like."""
    direction = direction if view.directed else "out"
    lengths = lengths_of(view, weight, direction)
    return keep(view, ("distances", weight is None, direction), lambda: distances(lengths))


def shared_dependencies(view: TieView, weight: str | None) -> Floats:
    """Return the betweenness (unordered pairs when undirected), computed once for all that build on it."""

    def compute() -> Floats:
        total = dependencies(lengths_of(view, weight))
        return total if view.directed else total / 2

    return keep(view, ("dependencies", weight is None), compute).copy()


def bare(matrix: csr_array) -> csr_array:
    """Return the same pattern with ones."""
    result = matrix.copy()
    result.data = np.ones(matrix.nnz)
    return result


def strengths_of_pairs(view: TieView, weight: str | None) -> csr_array:
    """Return what Burt's measures start from: z_ij = w_ij + w_ji (w_ij when undirected), in rows sorted by column."""

    def compute() -> csr_array:
        if weight is not None:
            pairs = view.undirected
        elif view.directed:
            pairs = (view.binary + view.binary.T).tocsr()
        else:
            pairs = view.binary
        if not pairs.has_sorted_indices:
            pairs = pairs.sorted_indices()
        return pairs

    return keep(view, ("pairs", weight is None), compute)


def degrees(view: TieView, direction: Direction) -> Floats:
    """Count partners; those by outgoing and by incoming ties are added for "all"."""
    sent = np.diff(view.binary.indptr).astype(np.float64)
    if not view.directed or direction == "out":
        return sent
    received = np.bincount(view.binary.indices, minlength=view.n).astype(np.float64)
    return received if direction == "in" else sent + received


def closeness_of(sums: Distances, n: int, variant: Variant) -> Floats:
    """Turn sums of distances into closeness."""
    if n < 2:
        return np.full(n, np.nan)
    farness, reached = sums.farness, sums.reached
    if variant == "freeman":
        return np.where(reached == n - 1, (n - 1) / np.where(farness > 0, farness, np.inf), 0.0)
    nothing = np.nan if variant == "reachable" else 0.0
    inverse: Floats = np.divide(reached, farness, out=np.full(n, nothing), where=farness > 0)
    return inverse if variant == "reachable" else inverse * reached / (n - 1)
