"""Centralities that are read off a matrix: leading vectors, Katz, PageRank, hubs and authorities.

Row i of a matrix of what is received holds what i receives; an adjacency matrix (row = source) is its transpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["centrality", "katz", "leading_directed", "leading_symmetric", "leading_vector", "pagerank"]

Floats = NDArray[np.float64]

DENSE = 400  # actors up to which dense linear algebra is quicker
STEPS = 10_000
SETTLED = 1e-14
PRECISE = 1e-15
EQUAL = 1e-9
DOUBLINGS = 30


def centrality(matrix: csr_array, kind: str, *, damping: float, alpha: float | None) -> Floats:
    """Return the value of each row of an adjacency matrix; ties lead from row to column."""
    received = matrix.T.tocsr()
    if kind == "pagerank":
        return pagerank(received, damping=damping)
    if kind == "katz":
        return katz(received, alpha=alpha)[0]
    symmetric = _is_symmetric(matrix)
    if kind == "eigenvector" or symmetric:  # hubs and authorities of a symmetric matrix are its eigenvector
        return leading_vector(received, symmetric=symmetric)
    product = received @ matrix if kind == "hits" else matrix @ received
    return leading_vector(product.tocsr(), symmetric=True)


def pagerank(received: csr_array, *, damping: float) -> Floats:
    """Share of time of a walker that follows ties in proportion to their weight, or starts anew anywhere."""
    n = received.shape[0]
    if n == 0:
        return np.zeros(0)
    given = np.bincount(received.indices, weights=received.data, minlength=n)
    share: Floats = np.divide(1.0, given, out=np.zeros(n), where=given > 0)
    lost = given == 0
    rank = np.full(n, 1.0 / n)
    for _ in range(STEPS):
        new = damping * (received @ (rank * share) + rank[lost].sum() / n) + (1 - damping) / n
        change = np.abs(new - rank).sum()
        rank = new
        if change < SETTLED:
            return np.asarray(rank / rank.sum(), dtype=np.float64)
    raise ReseauError(f"pagerank does not settle with damping={damping!r}. Take a smaller one; 0.85 is usual.")


def katz(received: csr_array, *, alpha: float | None, symmetric: bool = False) -> tuple[Floats, float]:
    """Solve x = 1 + alpha R x; `alpha` is half of its limit when not given. Return x and the alpha used."""
    n = received.shape[0]
    largest = leading_symmetric(received)[0] if symmetric else perron_root(received)
    step = alpha if alpha is not None else 0.5 / largest if largest > 0 else 0.5
    if step < 0:
        raise ReseauError(f"alpha={alpha!r} is below 0, and walks have no negative weight. Pass a larger one, or none.")
    if step * largest >= 1 - EQUAL:
        raise ReseauError(
            f"katz diverges with alpha={alpha!r}: walks converge below {1 / largest:.6g}, "
            "1 over the largest eigenvalue. Pass a smaller one, or none."
        )
    if n <= DENSE:
        return np.asarray(np.linalg.solve(np.eye(n) - step * received.toarray(), np.ones(n))), step
    walks = np.ones(n)
    for _ in range(STEPS):
        longer = step * (received @ walks) + 1.0
        change = np.abs(longer - walks).max()
        walks = longer
        if change <= PRECISE * walks.max():
            return walks, step
    from scipy.sparse import eye_array
    from scipy.sparse.linalg import spsolve

    system = (eye_array(n, format="csc") - step * received).tocsc()
    return np.asarray(spsolve(system, np.ones(n)), dtype=np.float64), step


def leading_vector(received: csr_array, *, symmetric: bool) -> Floats:
    """Return the eigenvector of the largest eigenvalue, of length 1; zeros if that is 0: nothing circulates."""
    _, vector = leading_symmetric(received) if symmetric else leading_directed(received)
    vector[vector < 1e-12 * vector.max(initial=0.0)] = 0.0
    size = np.linalg.norm(vector)
    return np.asarray(vector / size) if size > 0 else vector


def leading_symmetric(matrix: csr_array) -> tuple[float, Floats]:
    """Return the largest eigenvalue and the projection of the ones on its eigenvectors, component by component."""
    from scipy.sparse.csgraph import connected_components

    n = matrix.shape[0]
    vector = np.zeros(n)
    if not matrix.nnz:
        return 0.0, vector
    count, component = connected_components(matrix, directed=False)
    # The largest eigenvalue of a component is at most the root of its largest number of walks of two ties.
    bound = np.zeros(count)
    np.maximum.at(bound, component, np.sqrt(matrix @ (matrix @ np.ones(n))))
    order = np.argsort(component, kind="stable")
    begin = np.searchsorted(component[order], np.arange(count + 1))
    largest = 0.0
    for which in np.argsort(-bound, kind="stable"):
        if bound[which] <= 0 or bound[which] < largest * (1 - EQUAL):
            break
        members = order[begin[which] : begin[which + 1]]
        value, part = _symmetric_pair(matrix[members][:, members] if count > 1 else matrix)
        if value > largest * (1 + EQUAL):
            vector[:] = 0.0
        if value >= largest * (1 - EQUAL):
            vector[members] = part * part.sum()
            largest = max(largest, value)
    return largest, vector


def _symmetric_pair(matrix: csr_array) -> tuple[float, Floats]:
    n = matrix.shape[0]
    if n <= DENSE:
        values, vectors = np.linalg.eigh(matrix.toarray())
        return float(values[-1]), np.abs(vectors[:, -1])
    from scipy.sparse.linalg import eigsh

    values, vectors = eigsh(matrix, k=1, which="LA", v0=np.ones(n), maxiter=STEPS)
    return float(values[0]), np.abs(vectors[:, 0])


def leading_directed(matrix: csr_array) -> tuple[float, Floats]:
    """Return the largest eigenvalue of a non-negative matrix and its eigenvector; 0 and zeros without a cycle.

    When several vectors share the eigenvalue, the one that a long walk from everywhere settles on.
    """
    n = matrix.shape[0]
    root = perron_root(matrix)
    if root <= 0:
        return 0.0, np.zeros(n)
    if n <= DENSE:
        vector = _long_walk(matrix.toarray() / root)
    else:
        from scipy.sparse.linalg import eigs

        _, vectors = eigs(matrix, k=1, which="LR", v0=np.ones(n), maxiter=STEPS)
        vector = np.abs(vectors[:, 0].real)
    vector[vector < 1e-14 * vector.max()] = 0.0
    return root, vector


def perron_root(matrix: csr_array) -> float:
    """Return the largest eigenvalue of a non-negative matrix, the largest of its strong components.

    Taken whole, a matrix whose components share it can have no full set of eigenvectors, and then rounding moves the
    eigenvalue by the root of the machine precision.
    """
    from scipy.sparse.csgraph import connected_components
    from scipy.sparse.linalg import eigs

    if not matrix.nnz:
        return 0.0
    count, component = connected_components(matrix, directed=True, connection="strong")
    size = np.bincount(component, minlength=count)
    order = np.argsort(component, kind="stable")
    begin = np.concatenate([[0], np.cumsum(size)])
    largest = 0.0
    for which in np.flatnonzero(size > 1):
        members = order[begin[which] : begin[which + 1]]
        block = matrix[members][:, members]
        if size[which] <= DENSE:
            value = float(np.linalg.eigvals(block.toarray()).real.max())
        else:
            values: Any = eigs(block, k=1, which="LR", v0=np.ones(len(members)), return_eigenvectors=False)
            value = float(values[0].real)
        largest = max(largest, value)
    return largest


def _long_walk(matrix: Floats) -> Floats:
    """Return where 2^30 steps from everywhere lead, each step or rest alike: eigenvectors need not be unique."""
    power = (matrix + np.eye(len(matrix))) / 2.0
    for _ in range(DOUBLINGS):
        power = power @ power
        power /= power.max()
    return np.asarray(power.sum(axis=1))


def _is_symmetric(matrix: csr_array) -> bool:
    difference: Any = matrix - matrix.T
    return bool(difference.nnz == 0 or np.abs(difference.data).max() == 0)
