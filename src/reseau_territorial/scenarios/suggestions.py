"""New ties that would help."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._views import check_missing
from reseau_territorial.network import Choice, Missing, Network
from reseau_territorial.nulls._unchecked import in_order_of_names

__all__ = ["suggest_ties"]


def suggest_ties(
    net: Network,
    *,
    by: str | None = None,
    n: int = 10,
    pool: int = 300,
    layer: Choice = None,
    period: Choice = None,
    missing: Missing = "error",
) -> pd.DataFrame:
    r"""Suggest new ties: those that would bring the actors closest to one another, each taken alone.

    Parameters
    ----------
    net : Network
        The network.
    by : str, optional
        Actor column that gives the groups: only ties between groups are suggested, and only distances between groups
        count.
    n : int, default 10
        Number of suggestions.
    pool : int, default 300
        Number of candidates that are measured exactly: the pairs farthest apart (out of reach first), then those
        whose two ends are closest to everyone.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    DataFrame
        Best first, the first names of equals: ``source``, ``target``, ``distance`` (number of ties now; infinite if
        out of reach), ``gain``, the rise of efficiency, and ``relative``, the rise over the efficiency now (NaN if
        that is 0). A suggestion is what the network lacks, not what actors want.

    Notes
    -----
    Efficiency is the mean of 1/d over pairs of actors (of different groups, if `by` is given), 0 for a pair out of
    reach. A tie i-j makes d(u, v) the smallest of d(u, v), d(u, i) + 1 + d(j, v) and d(u, j) + 1 + d(i, v). Ties count
    in both directions, weights do not.

    References
    ----------
    Latora & Marchiori (2001). Efficient behavior of small-world networks. Physical Review Letters 87, 198701.

    Examples
    --------
    >>> chain = Network(pd.DataFrame({"source": list("abcd"), "target": list("bcde")}))
    >>> suggest_ties(chain, n=1)[["source", "target"]].values.tolist()
    [['a', 'e']]
    """
    from scipy.sparse.csgraph import shortest_path

    check_missing(missing)
    net = in_order_of_names(net)
    view = net._view(layer=layer, period=period, weight=None)
    distance = shortest_path(view.undirected_binary, directed=False, unweighted=True)
    counts = ~np.eye(view.n, dtype=bool)
    if by is not None:
        codes, _ = net._groups(by, view.actors, missing=missing)
        counts &= (codes[:, None] != codes[None, :]) & (codes >= 0)[:, None] & (codes >= 0)[None, :]
    near = np.divide(1.0, distance, out=np.zeros_like(distance), where=distance > 0)
    now = float(near[counts].mean()) if counts.any() else math.nan
    one, other = np.nonzero(np.triu((distance > 1) & counts))
    reach = near.sum(axis=1)
    order = np.lexsort((-(reach[one] + reach[other]), -distance[one, other]))[:pool]
    one, other = one[order], other[order]
    gains = [_gain(distance, counts, i, j, now) for i, j in zip(one, other, strict=True)]
    table = pd.DataFrame(
        {
            "source": view.actors.take(one),
            "target": view.actors.take(other),
            "distance": distance[one, other],
            "gain": np.array(gains, dtype=np.float64),
        }
    )
    table["relative"] = table["gain"] / now if now else math.nan
    return table.sort_values("gain", ascending=False, kind="stable").head(n).reset_index(drop=True)


def _gain(distance: NDArray[np.float64], counts: NDArray[np.bool_], i: np.intp, j: np.intp, now: float) -> float:
    by_tie = np.minimum(distance[:, [i]] + 1 + distance[[j], :], distance[:, [j]] + 1 + distance[[i], :])
    after = np.minimum(distance, by_tie)
    near = np.divide(1.0, after, out=np.zeros_like(after), where=after > 0)
    return float(near[counts].mean()) - now
