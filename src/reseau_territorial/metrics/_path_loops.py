"""Loops over shortest paths, in the part of Python that numba compiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def count_paths(
    order: NDArray[np.int64],
    paths: NDArray[np.float64],
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    ways: NDArray[np.float64],
) -> None:
    """Count the shortest paths to each stop, into `paths`, which holds 1 at the stops where they begin.

    `order` lists the stops reached, nearest first; `ways` is 0 for a step that lies on no shortest path.
    """
    for stop in order:
        for k in range(indptr[stop], indptr[stop + 1]):
            if ways[k] > 0.0:
                paths[indices[k]] += paths[stop] * ways[k]


def add_flows(
    order: NDArray[np.int64],
    paths: NDArray[np.float64],
    flow: NDArray[np.float64],
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    ways: NDArray[np.float64],
    passes: NDArray[np.bool_],
    owner: NDArray[np.int64],
    result: NDArray[np.float64],
) -> None:
    """Add to `result` the flow that leaves each actor, when what ends at the stops (`flow`) is sent back.

    A path passes an actor where it leaves it by a tie (`passes`), not where it changes layers.
    """
    for stop in order[::-1]:
        passing = 0.0
        for k in range(indptr[stop], indptr[stop + 1]):
            if ways[k] > 0.0:
                moved = paths[stop] * ways[k] / paths[indices[k]] * flow[indices[k]]
                flow[stop] += moved
                if passes[k]:
                    passing += moved
        result[owner[stop]] += passing
