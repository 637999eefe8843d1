"""Cores of a network: k-cores, core and periphery, centralization."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial import _kernels
from reseau_territorial._arguments import check_count, make_generator
from reseau_territorial._sparse import TieView
from reseau_territorial.errors import unknown_name
from reseau_territorial.metrics._core_search import best_division, chance_of_fit
from reseau_territorial.metrics._frame import Per, per_actor, per_network
from reseau_territorial.metrics._selection import (
    Direction,
    check_direction,
    closeness_of,
    degrees,
    shared_dependencies,
    shared_distances,
)
from reseau_territorial.network import Choice, Network
from reseau_territorial.vocabulary import SEED

__all__ = ["centralization", "core_periphery", "coreness"]

Floats = NDArray[np.float64]
Measure = Literal["degree", "betweenness", "closeness"]
MEASURES = ("degree", "betweenness", "closeness")


def coreness(
    net: Network, *, direction: Direction = "all", layer: Choice = None, period: Choice = None, per: Per = None
) -> pd.Series:
    r"""Largest k such that the actor belongs to a group in which each has at least k ties with the others.

    Parameters
    ----------
    net : Network
        The network.
    direction : {"all", "out", "in"}, default "all"
        For directed ties: count outgoing plus incoming ties (two actors tied both ways count two), outgoing only,
        or incoming only.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``coreness``, indexed by actor: 0 or more; 0 for an isolate. Weights play no part.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `direction` or `per` is none of its choices; the nearest name is
        offered.

    Notes
    -----
    Actors with fewer than k ties are taken away until none is left; the cores do not depend on their order.

    References
    ----------
    Seidman, S. B. (1983). Network structure and minimum degree. Social Networks 5, 269-287.
    Batagelj, V. & Zaversnik, M. (2003). An O(m) algorithm for cores decomposition of networks.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "c", "c"], "target": ["b", "c", "a", "d"]})
    >>> coreness(rt.Network(ties)).to_dict()
    {'a': 2.0, 'b': 2.0, 'c': 2.0, 'd': 1.0}
    """
    check_direction(direction)
    return per_actor(net, "coreness", lambda view: _cores(view, direction), layer=layer, period=period, per=per)


def _cores(view: TieView, direction: Direction) -> Floats:
    matrix = view.binary
    n = view.n
    if view.directed and direction == "all":
        first, neighbour = _both_ways(view)
        degree = np.diff(first)
    else:
        rows = matrix if not view.directed or direction == "in" else matrix.T.tocsr()
        first, neighbour = rows.indptr.astype(np.int64), rows.indices.astype(np.int64)
        degree = np.bincount(neighbour, minlength=n)
    order = np.argsort(degree, kind="stable")
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    begin = np.searchsorted(degree[order], np.arange(int(degree.max(initial=0)) + 2))
    run, compiled = _kernels.choose(_kernels.peel, 3.0 * len(neighbour) + n)
    arrays: list[Any] = [first, neighbour, degree.astype(np.int64), order, place, begin]
    if not compiled:
        arrays = [array.tolist() for array in arrays]
    run(*arrays)
    return np.asarray(arrays[2], dtype=np.float64)


def _both_ways(view: TieView) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows of partners, twice for one tied both ways."""
    both = (view.binary + view.binary.T).tocsr()
    times = np.rint(both.data).astype(np.int64)
    rows = np.repeat(np.arange(view.n), np.diff(both.indptr))
    first = np.zeros(view.n + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, weights=times, minlength=view.n).astype(np.int64), out=first[1:])
    return first, np.repeat(both.indices, times).astype(np.int64)


def centralization(
    net: Network,
    *,
    of: Measure = "degree",
    direction: Direction = "all",
    layer: Choice = None,
    period: Choice = None,
    per: Per = None,
) -> float | pd.Series:
    r"""How far the network hangs on one actor: 0 when all are equally central, 1 for a star.

    Parameters
    ----------
    net : Network
        The network.
    of : {"degree", "betweenness", "closeness"}
        The centrality to compare. Ties are not weighted.
    direction : {"all", "out", "in"}
        For directed ties: how degree counts them. Closeness follows outgoing ties unless ``"in"``.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    per : {"layer", "period", "level"}, optional
        One value per layer, period or level.

    Returns
    -------
    float or Series
        0 to 1; NaN for fewer than three actors.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `direction` or `per` is none of its choices; the nearest name is
        offered.

    Notes
    -----
    :math:`\sum_v (\max_u c_u - c_v)` over its largest value for n actors, without self-ties. Undirected: degree
    (n-1)(n-2), betweenness (n-1)^2 (n-2)/2, closeness (n-1)(n-2)/(2n-3). Directed: degree 2(n-1)(n-2) for "all",
    (n-1)^2 for "out" and "in"; betweenness (n-1)^2 (n-2); closeness n-1 (igraph and sna: (n-1)(1-1/n)).
    Closeness is Freeman's (0 where an actor is out of reach).

    References
    ----------
    Freeman, L. C. (1978). Centrality in social networks: conceptual clarification. Social Networks 1, 215-239.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours"] * 3, "target": ["Métropole", "Artisaloire", "CHU"]})
    >>> centralization(rt.Network(ties))
    1.0
    """
    check_direction(direction)
    if of not in MEASURES:
        raise unknown_name("measure to centralize", of, MEASURES)
    return per_network(
        net, "centralization", lambda view: _centralization(view, of, direction), layer=layer, period=period, per=per
    )


def _centralization(view: TieView, of: Measure, direction: Direction) -> float:
    n, directed = view.n, view.directed
    if n < 3:
        return float("nan")
    if of == "degree":
        values = degrees(view, direction)
        one_way = (n - 1.0) ** 2
        largest = one_way if directed and direction != "all" else (n - 1.0) * (n - 2) * (2 if directed else 1)
    elif of == "betweenness":
        values = shared_dependencies(view, None)
        largest = (n - 1.0) ** 2 * (n - 2) / (1 if directed else 2)
    else:
        values = closeness_of(shared_distances(view, None, "in" if direction == "in" else "out"), n, "freeman")
        largest = n - 1.0 if directed else (n - 1.0) * (n - 2) / (2 * n - 3)
    return float((values.max() - values).sum() / largest)


def core_periphery(
    net: Network,
    *,
    n_resamples: int = 0,
    seed: int = SEED,
    layer: Choice = None,
    period: Choice = None,
    per: Per = None,
) -> pd.Series:
    r"""Divide the actors into a core, tied to everybody, and a periphery without ties among itself.

    Parameters
    ----------
    net : Network
        The network.
    n_resamples : int, default 0
        Number of random networks to divide in the same way, for a p-value; each costs as much as the network itself.
    seed : int
        Seed of the random networks.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    per : {"layer", "period", "level"}, optional
        One division per layer, period or level.

    Returns
    -------
    Series
        Named ``core_periphery``, indexed by actor: 1 in the core, 0 in the periphery. NaN when every division
        fits equally (no tie, or all ties). ``result.attrs["correlation"]`` is the fit, -1 to 1, and, with
        `n_resamples`, ``result.attrs["pvalue"]`` the share of networks with as many ties, dealt out at random over the
        pairs, that fit at least as well, (r + 1)/(n + 1), never 0 (lists with `per`).

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `per` is none of its choices; the nearest name is offered.

    Notes
    -----
    The fit is Pearson's correlation over pairs between the ties (in either direction, not weighted) and the ideal
    pattern: tied where either actor is in the core. Up to 16 actors every division is tried. Beyond, finding the best
    one is NP-hard: cores of each size (above 150 actors: the best cut of the actors in order of degree) are improved
    until no move helps. Judge a result by its fit; several divisions can share it, and the order of rows does not
    choose among them. A division that was searched for always fits better than one dealt out at random: each random
    network is therefore searched anew. A few actors with many partners are enough for a small p-value (Kojaku &
    Masuda 2018).

    References
    ----------
    Borgatti, S. P. & Everett, M. G. (1999). Models of core/periphery structures. Social Networks 21, 375-395.
    Kojaku, S. & Masuda, N. (2018). Core-periphery structure requires something else in the network. New Journal of
    Physics 20, 043012.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours"] * 3, "target": ["Métropole", "Artisaloire", "CHU"]})
    >>> division = core_periphery(rt.Network(ties))
    >>> division["Tours"], division.attrs["correlation"]
    (np.float64(1.0), 1.0)
    """
    fits: list[float] = []
    pvalues: list[float] = []
    check_count("n_resamples", n_resamples, least=0, usual="999 is usual; 0 makes no test.")

    def compute(view: TieView) -> Floats:
        # In the order of names: of divisions that fit equally, the same one is found whatever the order of rows.
        order = view.actors.argsort()
        core = np.empty(view.n)
        core[order], fit = best_division(view.undirected_binary[order][:, order])
        fits.append(fit)
        if n_resamples:
            pvalues.append(chance_of_fit(view.undirected_binary, fit, n_resamples, make_generator(seed)))
        return core

    result = per_actor(net, "core_periphery", compute, layer=layer, period=period, per=per)
    result.attrs["correlation"] = fits[0] if per is None else fits
    if n_resamples:
        result.attrs["pvalue"] = pvalues[0] if per is None else pvalues
    return result
