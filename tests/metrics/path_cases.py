"""Small networks for the tests of paths, and slow computations straight from the definitions."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from numpy.typing import NDArray

import reseau_territorial as rt

Floats = NDArray[np.float64]


def network(matrix: Floats, *, directed: bool, **actor_columns: list[str]) -> rt.Network:
    """Make a network of a matrix of weights; actors are named a000, a001 ..."""
    rows, columns = np.nonzero(matrix if directed else np.triu(matrix))
    names = [f"a{place:03d}" for place in range(len(matrix))]
    ties = pd.DataFrame(
        {
            "source": pd.Series([names[i] for i in rows], dtype="str"),
            "target": pd.Series([names[j] for j in columns], dtype="str"),
            "weight": matrix[rows, columns].astype(float),
        }
    )
    return rt.Network(ties, actors=pd.DataFrame({"actor": names, **actor_columns}), directed=directed)


@st.composite
def matrices(draw: st.DrawFn, *, directed: bool, weights: tuple[float, ...] = (1.0,), largest: int = 7) -> Floats:
    """Draw a matrix of weights with twins, open and closed, and pendant actors, in random order."""
    n = draw(st.integers(2, largest))
    base = np.array(draw(st.lists(st.sampled_from((0.0, 0.0, *weights)), min_size=n * n, max_size=n * n)))
    matrix = base.reshape(n, n)
    if not directed:
        matrix = np.triu(matrix, 1) + np.triu(matrix, 1).T
    np.fill_diagonal(matrix, 0)
    copies = np.array(draw(st.lists(st.integers(1, 3), min_size=n, max_size=n)))
    inner = np.array(draw(st.lists(st.sampled_from((0.0, *weights)), min_size=n, max_size=n)))
    origin = np.repeat(np.arange(n), copies)
    blown = matrix[np.ix_(origin, origin)]
    blown = np.where(origin[:, None] == origin[None, :], inner[origin][:, None], blown)
    np.fill_diagonal(blown, 0)
    order = np.array(draw(st.permutations(range(len(blown)))))
    return blown[np.ix_(order, order)]


def distance_matrix(matrix: Floats) -> Floats:
    """All shortest distances, 1/weight a tie (Floyd-Warshall)."""
    with np.errstate(divide="ignore"):
        distance = 1.0 / matrix
    np.fill_diagonal(distance, 0)
    for k in range(len(matrix)):
        distance = np.minimum(distance, distance[:, [k]] + distance[[k], :])
    return distance


def path_shares(matrix: Floats) -> NDArray[np.float64]:
    """Return the share of the shortest paths from s to t that pass v, for each (s, v, t), by counting paths."""
    n = len(matrix)
    distance = distance_matrix(matrix)
    with np.errstate(divide="ignore"):
        length = 1.0 / matrix
    count = np.eye(n)
    for s in range(n):
        for v in np.argsort(distance[s], kind="stable"):
            if v != s and np.isfinite(distance[s, v]):
                before = [u for u in range(n) if np.isclose(distance[s, u] + length[u, v], distance[s, v], rtol=1e-9)]
                count[s, v] = sum(count[s, u] for u in before)
    shares = np.zeros((n, n, n))
    for s, v, t in permutations(range(n), 3):
        if np.isfinite(distance[s, t]) and np.isclose(distance[s, v] + distance[v, t], distance[s, t], rtol=1e-9):
            shares[s, v, t] = count[s, v] * count[v, t] / count[s, t]
    return shares
