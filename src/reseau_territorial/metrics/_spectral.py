"""Centralities that are read off a matrix: eigenvector, Katz, PageRank, hubs and authorities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics._slices import Matrix
from reseau_territorial.metrics.prestige import leading_symmetric

DENSE = 200
TOLERANCE = 1e-13


def centrality(matrix: Matrix, kind: str, *, damping: float, alpha: float | None) -> NDArray[np.float64]:
    """Return the value of each row; ties lead from row to column."""
    if matrix.shape[0] == 0:
        return np.zeros(0)
    if kind == "pagerank":
        return pagerank(matrix, damping=damping)
    if kind == "katz":
        return katz(matrix, alpha=alpha)
    if kind == "eigenvector":
        return leading_vector(matrix.T.tocsr(), symmetric=_is_symmetric(matrix))
    product = matrix.T @ matrix if kind == "hits" else matrix @ matrix.T
    return leading_vector(product.tocsr(), symmetric=True)


def pagerank(matrix: Matrix, *, damping: float) -> NDArray[np.float64]:
    """Stationary share of a walk that follows ties in proportion to their weight, or jumps anywhere."""
    n = matrix.shape[0]
    strength = np.asarray(matrix.sum(axis=1)).ravel()
    dangling = strength <= 0
    back = matrix.T.tocsr()
    share = np.divide(damping, strength, out=np.zeros(n), where=~dangling)
    value: NDArray[np.float64] = np.full(n, 1.0 / n)
    for _ in range(10_000):
        spread = damping * value[dangling].sum() + 1.0 - damping
        following = back @ (share * value) + spread / n
        change = np.abs(following - value).sum()
        value = following
        if change < TOLERANCE:
            return np.asarray(value / value.sum())
    raise ReseauError(f"pagerank does not settle with damping={damping!r}; take a value below 1")


def katz(matrix: Matrix, *, alpha: float | None) -> NDArray[np.float64]:
    """Solution of x = 1 + alpha A' x."""
    from scipy.sparse import eye_array
    from scipy.sparse.linalg import spsolve

    n = matrix.shape[0]
    radius = spectral_radius(matrix)
    if alpha is None:
        alpha = 0.5 / radius if radius > 0 else 0.5
    if not 0 <= alpha * radius < 1:
        raise ReseauError(
            f"katz diverges with alpha={alpha!r}: it must be below 1 / {radius:.6g} = {1 / radius:.6g}, "
            "the inverse of the largest eigenvalue"
        )
    system = (eye_array(n, format="csc") - alpha * matrix.T).tocsc()
    return np.asarray(spsolve(system, np.ones(n)), dtype=np.float64).reshape(n)


def spectral_radius(matrix: Matrix) -> float:
    """Largest modulus of an eigenvalue of a matrix of non-negative entries."""
    from scipy.sparse import csgraph
    from scipy.sparse.linalg import eigs

    _, component = csgraph.connected_components(matrix, directed=True, connection="strong")
    cyclic = np.bincount(component)[component] > 1
    inner = matrix[cyclic][:, cyclic]
    n = inner.shape[0]
    if n == 0:
        return 0.0
    if n <= DENSE:
        return float(np.abs(np.linalg.eigvals(inner.toarray())).max())
    values: Any = eigs(inner, k=1, which="LR", v0=np.ones(n), return_eigenvectors=False)
    return float(values[0].real)


def leading_vector(matrix: Matrix, *, symmetric: bool) -> NDArray[np.float64]:
    """Return the eigenvector of the largest eigenvalue that a walk from everywhere settles on.

    When several components share the largest eigenvalue, each keeps its part. Zeros if the largest eigenvalue
    is 0: nothing circulates.
    """
    from scipy.sparse.linalg import eigs

    n = matrix.shape[0]
    if symmetric:
        vector = leading_symmetric(matrix)[1]
    else:
        radius = spectral_radius(matrix)
        if radius <= 0:
            return np.zeros(n)
        if n <= DENSE:
            vector = _long_walk(matrix.toarray() / radius)
        else:
            vector = np.abs(eigs(matrix, k=1, which="LR", v0=np.ones(n), tol=TOLERANCE)[1][:, 0].real)
    vector[vector < 1e-12 * vector.max(initial=0.0)] = 0.0
    size = np.linalg.norm(vector)
    return np.asarray(vector / size) if size > 0 else vector


def _long_walk(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where 2^30 steps from everywhere lead, each step or rest alike: eigenvectors need not be unique."""
    power = (matrix + np.eye(len(matrix))) / 2.0
    for _ in range(30):
        power = power @ power
        power /= power.max()
    return np.asarray(power.sum(axis=1))


def _is_symmetric(matrix: Matrix) -> bool:
    difference = matrix - matrix.T
    return bool(difference.nnz == 0 or np.abs(difference.data).max() == 0)
