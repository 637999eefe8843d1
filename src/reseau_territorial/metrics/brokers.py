"""What tells brokers from other central actors: drops in efficiency, power, honest brokerage, side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.metrics._frame import Per, per_actor, per_frame
from reseau_territorial.metrics._paths import Lengths
from reseau_territorial.metrics._selection import lengths_of, shared_dependencies
from reseau_territorial.metrics._spectral import leading_symmetric
from reseau_territorial.metrics._triangles import arcs_once, owners, reverse_arcs, ties_among_partners
from reseau_territorial.metrics.cliques import count_cliques
from reseau_territorial.metrics.holes import constraint, effective_size
from reseau_territorial.network import Choice, Network

__all__ = ["broker_profile", "valente_fujimoto"]

Floats = NDArray[np.float64]

POWER = 0.75  # share of 1 over the largest eigenvalue, the setting of UCINET's guide
ENOUGH = 130  # steps after which 0.75 to their power is below the last digit
MEMORY = 4_000_000  # distances held together


def valente_fujimoto(
    net: Network, *, layer: Choice = None, period: Choice = None, weight: str | None = "weight", per: Per = None
) -> pd.Series:
    r"""How much the efficiency of the network drops when a tie of the actor is cut, on average over its ties.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; a tie is 1/weight long, and one of strength 0 is none. None: every
        tie is 1 long.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``valente_fujimoto``, indexed by actor: 0 or more; NaN for an isolate. Directed ties are cut one by
        one, and count for both of their ends.

    Notes
    -----
    The efficiency is the mean of 1/d over ordered pairs of actors (0 when out of reach). Only the sources whose every
    shortest path used the tie are walked anew; the cost is still up to n times that of all distances.

    References
    ----------
    Valente, T. W. & Fujimoto, K. (2010). Bridging: locating critical connectors in a network. Social Networks 32,
    212-220.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> valente_fujimoto(rt.Network(ties)).round(4).to_dict()
    {'Artisaloire': 0.5, 'Métropole': 0.5, 'Tours': 0.5}
    """

    def compute(view: TieView) -> Floats:
        n = view.n
        starts, ends, drops = _efficiency_drops(lengths_of(view, weight))
        count = np.bincount(starts, minlength=n) + np.bincount(ends, minlength=n)
        total = np.bincount(starts, weights=drops, minlength=n) + np.bincount(ends, weights=drops, minlength=n)
        mean: Floats = np.divide(total, count, out=np.full(n, np.nan), where=count > 0)
        return mean

    return per_actor(net, "valente_fujimoto", compute, layer=layer, period=period, weight=weight, per=per)


def _efficiency_drops(lengths: Lengths) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return the ends of each tie, and the loss of efficiency when it is cut."""
    from scipy.sparse.csgraph import shortest_path

    matrix = lengths.matrix.copy()
    if lengths.unit:
        matrix.data = np.ones(matrix.nnz)
    n = matrix.shape[0]
    row, column = owners(matrix), matrix.indices.astype(np.int64)
    back = None if lengths.directed else reverse_arcs(matrix)
    near = 1.0 + max(lengths.tolerance, 1e-12)
    distance = shortest_path(matrix, method="D")
    # ways[s, v]: ties by which shortest paths from s may enter v; a tie is vital for s when it is the only one.
    ways = np.zeros((n, n))
    used: list[NDArray[np.int64]] = []
    for u, v, length in zip(row, column, matrix.data, strict=True):
        sources = np.flatnonzero(np.isfinite(distance[:, u]) & (distance[:, u] + length <= distance[:, v] * near))
        ways[sources, v] += 1
        used.append(sources)
    chosen = np.arange(matrix.nnz) if back is None else np.flatnonzero(row < column)
    drops = np.zeros(len(chosen))
    for place, arc in enumerate(chosen):
        both = [arc] if back is None else [arc, back[arc]]
        vital = np.concatenate([used[one][ways[used[one], column[one]] == 1] for one in both])
        if not len(vital):
            continue
        vital = np.unique(vital)
        kept = matrix.data[both].copy()
        matrix.data[both] = np.inf
        step = max(1, MEMORY // n)
        for begin in range(0, len(vital), step):
            some = vital[begin : begin + step]
            after = shortest_path(matrix, method="D", indices=some)
            drops[place] += _inverses(distance[some], some) - _inverses(after, some)
        matrix.data[both] = kept
    scale = lengths.unit or lengths.scale
    return row[chosen], column[chosen], drops / scale / max(n * (n - 1), 1)


def _inverses(distance: Floats, sources: NDArray[np.int64]) -> float:
    other = distance.copy()
    other[np.arange(len(sources)), sources] = np.inf
    return float((1.0 / other).sum())


def broker_profile(
    net: Network, *, layer: Choice = None, period: Choice = None, weight: str | None = "weight", per: Per = None
) -> pd.DataFrame:
    r"""Measures that tell brokers from entrepreneurs and from other central actors, side by side.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts each tied pair as 1.
    per : {"layer", "period", "level"}, optional
        One table per layer, period or level, stacked.

    Returns
    -------
    DataFrame
        Indexed by actor: ``betweenness``; ``power_positive`` and ``power_negative`` (Bonacich, NaN without ties);
        ``effective_size``, ``constraint`` (NaN for an isolate); ``open_pairs``, pairs of partners not tied to each
        other, and ``honest_brokerage``, their share among all pairs of partners, and ``density``, the share of those
        tied to each other (NaN for fewer than two partners); ``cliques`` of three actors or more, and
        ``clique_overlap``, as in `clique_overlap` (NaN when there are more than 200,000). All from power on read ties
        in both directions and, Burt's two measures aside, without weights.

    Notes
    -----
    Power is :math:`\alpha (I - \beta A)^{-1} A 1`, with :math:`\beta = \pm 0.75 / \lambda_{max}` and
    :math:`\alpha` such that the squares sum to n: with a positive β partners with many partners give power, with a
    negative one they take it.

    References
    ----------
    Bonacich, P. (1987). Power and centrality: a family of measures. American J. of Sociology 92, 1170-1182.
    Christopoulos, D. & Ingold, K. (2015). Exceptional or just well connected? European Political Science Review 7.
    Provan, K. G. & Milward, H. B. (1995). A preliminary theory of interorganizational network effectiveness.
    Administrative Science Quarterly 40, 1-33. Provan & Sebastian (1998), as in `clique_overlap`.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> broker_profile(rt.Network(ties)).loc["Tours", ["open_pairs", "honest_brokerage"]].to_list()
    [1.0, 1.0]
    """

    def compute(view: TieView) -> pd.DataFrame:
        matrix = view.undirected_binary
        partners = np.diff(matrix.indptr).astype(np.float64)
        tied = ties_among_partners(arcs_once(matrix))
        pairs = partners * (partners - 1) / 2
        positive, negative = _powers(view)
        cliques = count_cliques(view) or dict.fromkeys(("cliques", "overlap"), np.full(view.n, np.nan))
        return pd.DataFrame(
            {
                "betweenness": shared_dependencies(view, weight),
                "power_positive": positive,
                "power_negative": negative,
                "open_pairs": pairs - tied,
                "honest_brokerage": np.divide(pairs - tied, pairs, out=np.full(view.n, np.nan), where=pairs > 0),
                "density": np.divide(tied, pairs, out=np.full(view.n, np.nan), where=pairs > 0),
                "cliques": cliques["cliques"],
                "clique_overlap": cliques["overlap"],
            },
            index=view.actors,
        )

    table = per_frame(net, compute, layer=layer, period=period, weight=weight, per=per)
    burt = {
        "effective_size": effective_size(net, layer=layer, period=period, weight=weight, per=per),
        "constraint": constraint(net, layer=layer, period=period, weight=weight, per=per),
    }
    return table.assign(**burt)


def _powers(view: TieView) -> tuple[Floats, Floats]:
    matrix = view.undirected_binary
    largest, _ = leading_symmetric(matrix)
    if largest == 0:
        return np.full(view.n, np.nan), np.full(view.n, np.nan)
    partners = matrix @ np.ones(view.n)
    powers: list[Floats] = []
    for step in (POWER / largest, -POWER / largest):
        power = partners
        for _ in range(ENOUGH):
            power = partners + step * (matrix @ power)
        powers.append(power * np.sqrt(view.n / (power**2).sum()))
    return powers[0], powers[1]
