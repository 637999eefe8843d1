"""Shortest paths of small networks, from all actors at once: a few products of matrices instead of loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["SMALL", "count_steps", "small_dependencies"]

SMALL = 400  # actors; the tables are square

Floats = NDArray[np.float64]


def count_steps(matrix: csr_array) -> tuple[NDArray[np.int64], Floats]:
    """Return the distance in ties from each actor (row) to each other (-1 out of reach), and the number of paths."""
    n = matrix.shape[0]
    pattern: Any = matrix.copy()
    pattern.data = np.ones(matrix.nnz)
    steps = np.full((n, n), -1)
    np.fill_diagonal(steps, 0)
    front = np.eye(n)
    paths = np.eye(n)
    step = 0
    while front.any():
        step += 1
        front = np.where(steps < 0, front @ pattern, 0.0)
        steps[front > 0] = step
        paths += front
    return steps, paths


def small_dependencies(matrix: csr_array, mass: Floats, group: NDArray[np.int64] | None) -> Floats:
    """Sum the dependencies of all sources (Brandes 2001), each actor standing for several ends (`mass`)."""
    steps, paths = count_steps(matrix)
    back: Any = matrix.T.tocsr()
    back.data = np.ones(matrix.nnz)
    ends = mass if group is None else mass * (group >= 0)
    counted = np.broadcast_to(ends, paths.shape)
    if group is not None:
        counted = counted * (group[:, None] != group[None, :])
    passing = np.zeros(paths.shape)
    for step in range(int(steps.max(initial=0)), 1, -1):
        share = np.divide(counted + passing, paths, out=np.zeros(paths.shape), where=steps == step)
        passing += np.where(steps == step - 1, paths * (share @ back), 0.0)
    total: Floats = ends @ passing
    return total
