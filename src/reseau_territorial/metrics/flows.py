"""Other readings of what passes an actor: all shortest paths, packets, largest flows, electrical currents.

Measures that share a nickname with betweenness, and are not it; each is named for what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial import _kernels
from reseau_territorial._sparse import TieView
from reseau_territorial.errors import unknown_name
from reseau_territorial.metrics import _flow_tables
from reseau_territorial.metrics._frame import Per, per_actor
from reseau_territorial.metrics._path_loops import count_paths
from reseau_territorial.metrics._paths import Lengths
from reseau_territorial.metrics._selection import lengths_of
from reseau_territorial.metrics._triangles import owners
from reseau_territorial.network import Choice, Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["current_flow_betweenness", "flow_betweenness", "information", "load_betweenness", "stress"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DEFINITIONS = ("published", "sna")


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
    definition: Literal["published", "sna"] = "published",
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


def current_flow_betweenness(
    net: Network,
    *,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    normalized: bool = False,
    per: Per = None,
) -> pd.Series:
    r"""Sum the currents that pass each actor when a unit flows between each two others (random walks).

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the conductance; None: every tied pair has 1.
    normalized : bool, default False
        Divide by the number of pairs of other actors.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``current_flow_betweenness``, indexed by actor; 0 for an isolate. Each pair of others counts once, those
        that no chain of ties joins not at all; ties are read in both directions. NaN when normalised over fewer than
        three actors.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `per` is none of its choices; the nearest
        name is offered.

    Notes
    -----
    :math:`\sum_{s < t} \frac12 \sum_u w_{vu} |V_v^{st} - V_u^{st}|` for v other than s and t, V the potentials of a
    unit current from s to t. Newman also counts the ends; without them, as here, it is networkx's. In each piece, time
    grows with the ties times n log n, memory with n².

    References
    ----------
    Newman, M. E. J. (2005). A measure of betweenness centrality based on random walks. Social Networks 27, 39-54.
    Brandes, U. & Fleischer, D. (2005). Centrality measures based on current flow. STACS, 533-544.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "a", "c"], "target": ["b", "c", "c", "d"]})
    >>> current_flow_betweenness(rt.Network(ties)).round(3).to_dict()
    {'a': 0.667, 'b': 0.667, 'c': 2.333, 'd': 0.0}
    """

    def compute(view: TieView) -> Floats:
        result = _by_piece(view, weight, _currents, alone=0.0)
        if not normalized:
            return result
        pairs = (view.n - 1) * (view.n - 2) / 2
        return result / pairs if pairs else np.full(view.n, np.nan)

    return per_actor(net, "current_flow_betweenness", compute, layer=layer, period=period, weight=weight, per=per)


def information(
    net: Network,
    *,
    definition: Literal["published", "sna"] = "published",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    per: Per = None,
) -> pd.Series:
    r"""Information centrality: harmonic mean of what all paths carry from each actor to the others.

    Parameters
    ----------
    net : Network
        The network.
    definition : {"published", "sna"}
        Within the piece of each actor, as published, or as sna 2.7.1 computes it: isolates count in n though they
        have no place in the matrix, and are given 0; undefined when two pieces or more have ties.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength (conductance); None: every tied pair has 1.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``information``, indexed by actor: above 0, within the piece of the actor, n being its size. NaN for an
        isolate (0 with ``"sna"``, and NaN for everybody when it is undefined). Ties are read in both directions, and
        the weights of a pair tied both ways are added.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `definition` or `per` is none of its
        choices; the nearest name is offered.

    Notes
    -----
    :math:`I_v = n / \sum_u R_{vu}`, with :math:`R_{vu}` the effective resistance. The two definitions agree on a
    connected network; networkx gives I/n there (current-flow closeness).

    With m actors tied among n and :math:`L^+` the pseudo-inverse of their Laplacian, sna's is
    :math:`1 / (L^+_{vv} + 1/m^2 + (\mathrm{tr} L^+ - 1/m) / n)`.

    References
    ----------
    Stephenson, K. & Zelen, M. (1989). Rethinking centrality: methods and examples. Social Networks 11, 1-37.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> information(rt.Network(ties)).to_dict()
    {'Artisaloire': 1.0, 'Métropole': 1.0, 'Tours': 1.5}
    """
    check_definition(definition)

    def compute(view: TieView) -> Floats:
        def resistances(potential: Floats, _: csr_array) -> Floats:
            m = len(potential)
            own, trace = np.diagonal(potential), np.trace(potential)
            if definition == "sna":
                return np.asarray(1 / (own + 1 / m**2 + (trace - 1 / m) / view.n), dtype=np.float64)
            return np.asarray(m / (m * own + trace), dtype=np.float64)

        if definition == "published":
            return _by_piece(view, weight, resistances, alone=np.nan)
        result = _by_piece(view, weight, resistances, alone=0.0)
        return result if _pieces_with_ties(view) < 2 else np.full(view.n, np.nan)

    return per_actor(net, "information", compute, layer=layer, period=period, weight=weight, per=per)


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


def check_definition(definition: str) -> None:
    """Raise the error that offers the nearest definition."""
    if definition not in DEFINITIONS:
        raise unknown_name("definition", definition, DEFINITIONS)


def _pieces_with_ties(view: TieView) -> int:
    from scipy.sparse.csgraph import connected_components

    _, piece = connected_components(view.undirected_binary, directed=False)
    return int((np.bincount(piece) > 1).sum())


def _by_piece(
    view: TieView, weight: str | None, measure: Callable[[Floats, csr_array], Floats], alone: float
) -> Floats:
    """Measure each connected piece from the inverse of its Laplacian."""
    from scipy.sparse.csgraph import connected_components

    matrix = view.undirected_binary if weight is None else view.undirected
    result = np.full(view.n, alone)
    _, piece = connected_components(matrix, directed=False)
    for which in np.flatnonzero(np.bincount(piece) > 1):
        members = np.flatnonzero(piece == which)
        inside = matrix[members][:, members].tocsr()
        laplacian = np.diag(np.asarray(inside.sum(axis=1), dtype=np.float64)) - inside.toarray()
        even = 1.0 / len(members)
        result[members] = measure(np.linalg.inv(laplacian + even) - even, inside)
    return result


def _currents(potential: Floats, matrix: csr_array) -> Floats:
    """Sum over pairs the current that passes each actor, tie by tie; sorting replaces the pairs."""
    size = len(potential)
    rank = 2.0 * np.arange(size) - (size - 1)
    result = np.zeros(size)
    for actor in range(size):
        for k in range(matrix.indptr[actor], matrix.indptr[actor + 1]):
            current = matrix.data[k] * (potential[actor] - potential[matrix.indices[k]])
            # Over all pairs, less those of which the actor is an end.
            all_pairs = (np.sort(current) * rank).sum()
            result[actor] += (all_pairs - np.abs(current - current[actor]).sum()) / 2
    return result
