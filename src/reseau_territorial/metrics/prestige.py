"""Centralities that an actor has from those of its partners: eigenvector, Katz, PageRank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.metrics._frame import Per, per_actor
from reseau_territorial.metrics._selection import Direction, make_matrix
from reseau_territorial.network import Choice, Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["eigenvector", "katz", "leading_directed", "leading_symmetric", "pagerank"]

Floats = NDArray[np.float64]
Scale = Literal["norm", "max", "sum"]
SCALES = ("norm", "max", "sum")

DENSE = 400  # actors up to which dense linear algebra is quicker
STEPS = 10_000
PRECISE = 1e-15
EQUAL = 1e-9


def eigenvector(
    net: Network,
    *,
    direction: Direction = "in",
    scale: Scale = "norm",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    per: Per = None,
) -> pd.Series:
    r"""Centrality proportional to the sum of those of the partners.

    Parameters
    ----------
    net : Network
        The network.
    direction : {"in", "out", "all"}, default "in"
        Whose centrality counts: that of the actors whose ties come in (prestige), of those the ties go to, or both.
    scale : {"norm", "max", "sum"}
        Make the squares sum to 1 (as networkx and sna), the largest value 1 (as igraph), or the values sum to 1.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts each tied pair as 1.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``eigenvector``, indexed by actor, 0 or more. In a network of several components only those with the
        largest eigenvalue have values above 0; components that share it are weighed by the projection of the vector
        of ones. NaN when there is no tie, or no cycle of directed ties: every eigenvalue is then 0.

    Notes
    -----
    :math:`\lambda x_v = \sum_u a_{uv} x_u` for the largest :math:`\lambda`.

    References
    ----------
    Bonacich, P. (1972). Factoring and weighting approaches to status scores. J. Mathematical Sociology 2, 113-120.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> eigenvector(rt.Network(ties), scale="max").round(4).to_dict()
    {'Artisaloire': 0.7071, 'Métropole': 0.7071, 'Tours': 1.0}
    """
    if scale not in SCALES:
        raise unknown_name("scale", scale, SCALES)

    def compute(view: TieView) -> Floats:
        matrix = make_matrix(view, direction, weighted=weight is not None)
        if view.directed and direction != "all":
            _, vector = leading_directed(matrix)
        else:
            _, vector = leading_symmetric(matrix)
        size = {"norm": np.linalg.norm(vector), "max": vector.max(initial=0.0), "sum": vector.sum()}[scale]
        return vector / size if size > 0 else np.full(view.n, np.nan)

    return per_actor(net, "eigenvector", compute, layer=layer, period=period, weight=weight, per=per)


def katz(
    net: Network,
    *,
    alpha: float | None = None,
    direction: Direction = "in",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    per: Per = None,
) -> pd.Series:
    r"""Count the walks that arrive at each actor, each further tie weighing `alpha` times less.

    Parameters
    ----------
    net : Network
        The network.
    alpha : float, optional
        What a tie multiplies the weight of a walk by; below 1 over the largest eigenvalue, and half of that when
        not given. The value used is in ``result.attrs["alpha"]``.
    direction : {"in", "out", "all"}, default "in"
        Walks that arrive, that leave, or along ties read both ways.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts each tied pair as 1.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``katz``, indexed by actor, 1 or more: not normalised, the empty walk included, so an isolate has 1.

    Raises
    ------
    ReseauError
        If the walks do not converge: `alpha` is not below 1 over the largest eigenvalue.

    Notes
    -----
    :math:`x = (I - \alpha A^T)^{-1} 1`.

    References
    ----------
    Katz, L. (1953). A new status index derived from sociometric analysis. Psychometrika 18, 39-43.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> katz(rt.Network(ties), alpha=0.5).to_dict()
    {'Artisaloire': 3.0, 'Métropole': 3.0, 'Tours': 4.0}
    """
    used: list[float] = []

    def compute(view: TieView) -> Floats:
        matrix = make_matrix(view, direction, weighted=weight is not None)
        both = not view.directed or direction == "all"
        largest, _ = leading_symmetric(matrix) if both else leading_directed(matrix)
        step = alpha if alpha is not None else 0.5 / largest if largest > 0 else 0.5
        if not 0 <= step * largest < 1 - EQUAL or step < 0:
            raise ReseauError(
                f"alpha={alpha!r} is too large: walks converge below {1 / largest:.6g}, "
                "1 over the largest eigenvalue. Pass a smaller one, or none."
            )
        used.append(step)
        return _solve(matrix, step)

    result = per_actor(net, "katz", compute, layer=layer, period=period, weight=weight, per=per)
    result.attrs["alpha"] = used[0] if len(used) == 1 else tuple(used)
    return result


def pagerank(
    net: Network,
    *,
    damping: float = 0.85,
    direction: Direction = "in",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    per: Per = None,
) -> pd.Series:
    r"""Share of time that a walker spends at each actor when it follows ties, and now and then starts anew.

    Parameters
    ----------
    net : Network
        The network.
    damping : float, default 0.85
        Probability to follow a tie, 0 to 1 (excluded).
    direction : {"in", "out", "all"}, default "in"
        Ties give rank to their target (the walker follows them), to their source, or both.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength: ties are followed in proportion. None counts each tied pair as 1.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``pagerank``, indexed by actor; the values sum to 1. A walker at an actor without a tie to follow
        (an isolate among them) starts anew anywhere.

    Raises
    ------
    ReseauError
        If `damping` is not a probability below 1.

    References
    ----------
    Brin, S. & Page, L. (1998). The anatomy of a large-scale hypertextual web search engine. Computer Networks 30.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> pagerank(rt.Network(ties)).round(4).to_dict()
    {'Artisaloire': 0.2568, 'Métropole': 0.2568, 'Tours': 0.4865}
    """
    if not 0 <= damping < 1:
        raise ReseauError(f"damping={damping!r} is not a probability below 1. The usual value is 0.85.")

    def compute(view: TieView) -> Floats:
        return _pagerank(make_matrix(view, direction, weighted=weight is not None), damping)

    return per_actor(net, "pagerank", compute, layer=layer, period=period, weight=weight, per=per)


def _pagerank(received: csr_array, damping: float) -> Floats:
    """Iterate to the last digit; row i of the matrix holds what actor i receives."""
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
        if change < 1e-15:
            break
    return np.asarray(rank / rank.sum(), dtype=np.float64)


def _solve(matrix: csr_array, alpha: float) -> Floats:
    n = matrix.shape[0]
    walks = np.ones(n)
    if n <= DENSE:
        return np.asarray(np.linalg.solve(np.eye(n) - alpha * matrix.toarray(), walks), dtype=np.float64)
    for _ in range(STEPS):
        longer = alpha * (matrix @ walks) + 1.0
        change = np.abs(longer - walks).max()
        walks = longer
        if change <= PRECISE * walks.max():
            break
    return walks


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
    """Return the largest eigenvalue of a non-negative matrix and its eigenvector; 0 and zeros without a cycle."""
    from scipy.sparse.csgraph import connected_components

    n = matrix.shape[0]
    count, _ = connected_components(matrix, directed=True, connection="strong")
    if count == n:
        return 0.0, np.zeros(n)
    values: Any
    if n <= DENSE:
        values, vectors = np.linalg.eig(matrix.toarray())
        best = int(np.argmax(values.real))
        vector = vectors[:, best].real
        value = float(values[best].real)
    else:
        from scipy.sparse.linalg import eigs

        values, vectors = eigs(matrix, k=1, which="LR", v0=np.ones(n), maxiter=STEPS)
        value, vector = float(values[0].real), vectors[:, 0].real
    vector = np.abs(vector)
    vector[vector < 1e-14 * vector.max()] = 0.0
    return value, vector
