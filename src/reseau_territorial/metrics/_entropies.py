"""Von Neumann entropies of networks, and the Jensen-Shannon distance between them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from reseau_territorial.metrics._slices import Matrix

__all__ = ["entropy", "jensen_shannon"]


def jensen_shannon(matrices: tuple[Matrix, ...], *, base: float = 2.0) -> NDArray[np.float64]:
    """Return the Jensen-Shannon distance of each pair of Laplacian density matrices, logarithms in a base."""
    shares = [matrix / matrix.sum() if matrix.sum() > 0 else None for matrix in matrices]
    entropies = [np.nan if share is None else entropy(share) for share in shares]
    result = np.zeros((len(matrices), len(matrices)))
    for a, first in enumerate(shares):
        result[a, a] = 0.0 if first is not None else np.nan
        for b in range(a):
            second = shares[b]
            if first is None or second is None:
                result[a, b] = result[b, a] = np.nan
                continue
            divergence = entropy(first + second) - (entropies[a] + entropies[b]) / 2.0
            result[a, b] = result[b, a] = np.sqrt(divergence) if divergence > 1e-12 else 0.0
    return np.asarray(result / np.sqrt(np.log2(base)))


def entropy(matrix: Matrix) -> float:
    """Return the von Neumann entropy, in bits, of the Laplacian of a symmetric matrix of weights.

    The eigenvalues of a Laplacian are those of its components, which keeps the dense matrices small.
    """
    from scipy.linalg import eigvalsh
    from scipy.sparse import csgraph

    strength = np.asarray(matrix.sum(axis=1)).ravel()
    tied = np.flatnonzero(strength > 0)
    inner = matrix[tied][:, tied]
    count, component = csgraph.connected_components(inner, directed=False)
    order = np.argsort(component, kind="stable")
    bounds = np.searchsorted(component[order], np.arange(count + 1))
    value, total = 0.0, strength.sum()
    for start, stop in pairwise(bounds):
        members = order[start:stop]
        laplacian = -inner[members][:, members].toarray()
        laplacian[np.diag_indices(len(members))] += strength[tied[members]]
        share = eigvalsh(laplacian) / total
        share = share[share > 1e-15]
        value -= float(share @ np.log2(share))
    return value
