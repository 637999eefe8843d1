"""Other readings of what passes an actor: all shortest paths, packets, largest flows (currents: see `currents`).

Measures that share a nickname with betweenness, and are not it; each is named for what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial import _kernels
from reseau_territorial._sparse import TieView
from reseau_territorial.metrics import _flow_tables
from reseau_territorial.metrics._frame import Per, per_actor
from reseau_territorial.metrics._path_loops import count_paths
from reseau_territorial.metrics._paths import Lengths
from reseau_territorial.metrics._selection import Definition, check_definition, lengths_of
from reseau_territorial.metrics._triangles import owners
from reseau_territorial.network import Choice, Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["flow_betweenness", "load_betweenness", "stress"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def stress(
    net: Network, *, layer: Choice = None, period: Choice = None, weight: str | None = "weight", per: Per = None
) -> pd.Series:
    r"""Count the shortest paths that pass each actor.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; a tie is 1/weight long. None: every tie is 1 long.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``stress``, indexed by actor; 0 for an isolate. Each path counts once when ties are undirected; directed
        ties are followed. Betweenness counts shares of paths instead.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `per` is none of its choices; the nearest
        name is offered.

    Notes
    -----
    :math:`\sum_{s \neq v \neq t} \sigma_{st}(v)`.

    References
    ----------
    Shimbel, A. (1953). Structural parameters of communication networks. Bulletin of Mathematical Biophysics 15.
    Brandes, U. (2008). On variants of shortest-path betweenness centrality. Social Networks 30, 136-145.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "a", "b", "c"], "target": ["b", "c", "d", "d"]})
    >>> stress(rt.Network(ties)).to_dict()
    {'a': 1.0, 'b': 1.0, 'c': 1.0, 'd': 1.0}
    """

    def compute(view: TieView) -> Floats:
        total = np.zeros(view.n)
        lengths = lengths_of(view, weight)
        for source, order, matrix, steps in _searches(lengths):
            paths, onward = np.zeros(view.n), np.zeros(view.n)
            paths[source] = 1.0
            _run(count_paths, matrix, order, paths, matrix.indptr, matrix.indices, steps)
            _run(_count_onward, matrix, order, onward, matrix.indptr, matrix.indices, steps)
            paths[source] = 0.0
            total += paths * onward
        return total if view.directed else total / 2

    return per_actor(net, "stress", compute, layer=layer, period=period, weight=weight, per=per)


def load_betweenness(
    net: Network,
    *,
    definition: Definition = "published",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    per: Per = None,
) -> pd.Series:
    r"""Count the packets that pass each actor when everyone sends one to everyone, split evenly at each fork.

    Parameters
    ----------
    net : Network
        The network.
    definition : {"published", "sna"}
        Count what passes the actor, or, as sna 2.7.1, also what it sends and receives, and one packet to itself.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; a tie is 1/weight long. None: every tie is 1 long.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``load_betweenness``, indexed by actor; 0 for an isolate (1 with ``"sna"``). Packets of both directions
        of a pair count (networkx's figure, not normalised). Betweenness splits evenly among shortest *paths*, this
        among the next actors: they differ where paths fork again.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `definition` or `per` is none of its
        choices; the nearest name is offered.

    Notes
    -----
    A packet goes along the direction of ties, from each actor to all of those that are nearer to its target, in equal
    parts.

    References
    ----------
    Goh, K.-I., Kahng, B. & Kim, D. (2001). Universal behavior of load distribution in scale-free networks. Physical
    Review Letters 87, 278701. Brandes, U. (2008). On variants of shortest-path betweenness centrality. Social
    Networks 30, 136-145.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "a", "b", "c"], "target": ["b", "c", "d", "d"]})
    >>> load_betweenness(rt.Network(ties)).to_dict()
    {'a': 1.0, 'b': 1.0, 'c': 1.0, 'd': 1.0}
    """
    check_definition(definition)

    def compute(view: TieView) -> Floats:
        total = np.zeros(view.n)
        # Packets are followed back from their target: along reversed ties, each step leads to where they come from.
        for target, order, matrix, steps in _searches(lengths_of(view, weight).reversed()):
            packets, ways = np.zeros(view.n), np.bincount(matrix.indices, weights=steps, minlength=view.n)
            packets[order] = 1.0
            _run(_send_back, matrix, order, packets, ways, matrix.indptr, matrix.indices, steps)
            if definition == "published":
                packets[order] -= 1.0
                packets[target] = 0.0
            total += packets
        return total

    return per_actor(net, "load_betweenness", compute, layer=layer, period=period, weight=weight, per=per)


def flow_betweenness(
    net: Network,
    *,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    normalized: bool = False,
    per: Per = None,
) -> pd.Series:
    r"""Largest flow between other actors that is lost when the actor leaves (ties as pipes).

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the capacity; None: every tied pair has 1.
    normalized : bool, default False
        Divide by the sum of the largest flows between other actors.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``flow_betweenness``, indexed by actor; 0 for an isolate. Each pair counts once when ties are undirected
        (as sna), each ordered pair when they are not. NaN when normalised and nothing flows.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `per` is none of its choices; the nearest
        name is offered.

    Notes
    -----
    :math:`\sum_{s \neq v \neq t} f_{st}(G) - f_{st}(G - v)`, f being the largest flow. Undirected: n - 1 flows give
    those of all pairs (Gusfield 1990), so n (n - 1) in all; directed: n³. For some hundred actors.

    References
    ----------
    Freeman, L. C., Borgatti, S. P. & White, D. R. (1991). Centrality in valued graphs: a measure of betweenness based
    on network flow. Social Networks 13, 141-154.
    Gusfield, D. (1990). Very simple methods for all pairs network flow analysis. SIAM J. Computing 19, 143-155.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "a"], "target": ["b", "c", "c"]})
    >>> flow_betweenness(rt.Network(ties)).to_dict()
    {'a': 1.0, 'b': 1.0, 'c': 1.0}
    """

    def compute(view: TieView) -> Floats:
        matrix = view.binary if weight is None else view.weighted
        lost, carried = _flow_tables.losses(matrix, directed=view.directed)
        if not normalized:
            return lost
        share: Floats = np.divide(lost, carried, out=np.full(view.n, np.nan), where=carried > 0)
        return share

    return per_actor(net, "flow_betweenness", compute, layer=layer, period=period, weight=weight, per=per)


def _searches(lengths: Lengths) -> Iterator[tuple[int, Ints, csr_array, Floats]]:
    """Yield each source, the actors that it reaches, nearest first, and which ties lie on its shortest paths."""
    from scipy.sparse.csgraph import shortest_path

    matrix = lengths.matrix
    row, near = owners(matrix), max(lengths.tolerance, 1e-12)
    length = np.ones(matrix.nnz) if lengths.unit else matrix.data
    for source in range(matrix.shape[0]):
        distance = shortest_path(matrix, method="D", indices=source, unweighted=bool(lengths.unit))
        order = np.argsort(distance, kind="stable")[: int(np.isfinite(distance).sum())]
        begin, end = distance[row], distance[matrix.indices]
        on_path = np.isfinite(begin) & (np.abs(begin + length - np.where(np.isfinite(end), end, 0.0)) <= near * end)
        yield source, order, matrix, on_path.astype(np.float64)


def _run(loop: Callable[..., None], matrix: csr_array, *arrays: NDArray[np.generic]) -> None:
    """Run a loop, compiled if all its calls together are worth it."""
    run, _ = _kernels.choose(loop, 2.0 * matrix.shape[0] * matrix.nnz)
    run(*arrays)


def _count_onward(order: Ints, onward: Floats, first: Ints, neighbour: Ints, steps: Floats) -> None:
    """Count the shortest paths that go on from each actor, to all ends."""
    for stop in order[::-1]:
        for k in range(first[stop], first[stop + 1]):
            if steps[k] > 0.0:
                onward[stop] += 1.0 + onward[neighbour[k]]


def _send_back(order: Ints, packets: Floats, ways: Floats, first: Ints, neighbour: Ints, steps: Floats) -> None:
    """Send what each actor holds in equal parts over the steps that lead to it."""
    for stop in order[::-1]:
        for k in range(first[stop], first[stop + 1]):
            if steps[k] > 0.0:
                packets[stop] += packets[neighbour[k]] / ways[neighbour[k]]
