"""Centralities that an actor has from those of its partners: eigenvector, Katz, PageRank, hubs and authorities."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.metrics import _spectral
from reseau_territorial.metrics._frame import Per, per_actor, per_frame
from reseau_territorial.metrics._selection import Direction, make_matrix
from reseau_territorial.network import Choice, Network

__all__ = ["eigenvector", "hits", "katz", "pagerank"]

Floats = NDArray[np.float64]
Scale = Literal["norm", "max", "sum"]
SCALES = ("norm", "max", "sum")


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
        of ones (directed ties: as a long walk from everywhere weighs them). NaN when there is no tie, or no cycle of
        directed ties: every eigenvalue is then 0.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `direction`, `scale` or `per` is none of
        its choices; the nearest name is offered.

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
            _, vector = _spectral.leading_directed(matrix)
        else:
            _, vector = _spectral.leading_symmetric(matrix)
        return _scaled(vector, scale)

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
        not given (0.5 where no walk comes back: any value converges). The value used is in
        ``result.attrs["alpha"]``.
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
        symmetric = not view.directed or direction == "all"
        walks, step = _spectral.katz(matrix, alpha=alpha, symmetric=symmetric)
        used.append(step)
        return walks

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

    Notes
    -----
    :math:`x = d \, P^T x + (1 - d)/n`, with d the damping and P the shares of the weight that each actor sends; one
    without a way on sends the same to all.

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
        return _spectral.pagerank(make_matrix(view, direction, weighted=weight is not None), damping=damping)

    return per_actor(net, "pagerank", compute, layer=layer, period=period, weight=weight, per=per)


def hits(
    net: Network,
    *,
    scale: Scale = "max",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    per: Per = None,
) -> pd.DataFrame:
    r"""Hubs and authorities: actors whose ties go to good authorities, and actors that good hubs are tied to.

    Parameters
    ----------
    net : Network
        The network.
    scale : {"max", "norm", "sum"}
        Make the largest value 1 (as igraph), the squares sum to 1, or the values sum to 1 (as networkx).
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts each tied pair as 1.
    per : {"layer", "period", "level"}, optional
        One table per layer, period or level, stacked.

    Returns
    -------
    DataFrame
        Indexed by actor: ``hub`` and ``authority``, 0 or more; equal when ties are undirected. In a network of several
        components only those with the largest eigenvalue have values above 0 (see `eigenvector`). NaN without ties.

    Raises
    ------
    UnknownNameError
        If the scale is not one of these.

    Notes
    -----
    The leading eigenvectors of :math:`A A^T` (hubs) and :math:`A^T A` (authorities). Undirected ties: `eigenvector`, as
    igraph (when they join two modes only, the products alone do not say how one mode compares with the other).

    References
    ----------
    Kleinberg, J. M. (1999). Authoritative sources in a hyperlinked environment. J. of the ACM 46, 604-632.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> grants = pd.DataFrame({"source": ["Région", "Région", "État"], "target": ["Tours", "Vichy", "Tours"]})
    >>> hits(rt.Network(grants, directed=True))["authority"].round(3).to_dict()
    {'Région': 0.0, 'Tours': 1.0, 'Vichy': 0.618, 'État': 0.0}
    """
    if scale not in SCALES:
        raise unknown_name("scale", scale, SCALES)

    def compute(view: TieView) -> pd.DataFrame:
        sent = make_matrix(view, "out", weighted=weight is not None)
        received = sent.T.tocsr()
        # Undirected ties that join two modes only leave a choice among vectors: that of the ties themselves is taken.
        products = {"hub": sent @ received, "authority": received @ sent} if view.directed else {"hub": sent}
        vectors = {name: _spectral.leading_symmetric(product.tocsr())[1] for name, product in products.items()}
        vectors.setdefault("authority", vectors["hub"])
        return pd.DataFrame({name: _scaled(vector, scale) for name, vector in vectors.items()}, index=view.actors)

    return per_frame(net, compute, layer=layer, period=period, weight=weight, per=per)


def _scaled(vector: Floats, scale: Scale) -> Floats:
    """Bring a vector to its scale; NaN if it is all zeros."""
    size = {"norm": np.linalg.norm(vector), "max": vector.max(initial=0.0), "sum": vector.sum()}[scale]
    return vector / size if size > 0 else np.full(len(vector), np.nan)
