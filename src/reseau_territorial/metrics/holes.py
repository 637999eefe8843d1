"""Structural holes: Burt's constraint, effective size, efficiency and hierarchy, and constraint in two modes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import ReseauError, enumerate_values
from reseau_territorial.metrics._frame import Per, per_actor
from reseau_territorial.metrics._selection import keep, strengths_of_pairs
from reseau_territorial.metrics._triangles import (
    corners,
    oriented,
    owners,
    reverse_arcs,
    ties_among_partners,
    triangles_of_pairs,
)
from reseau_territorial.network import Choice, Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["constraint", "effective_size", "efficiency", "hierarchy", "two_mode_constraint"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def constraint(
    net: Network, *, layer: Choice = None, period: Choice = None, weight: str | None = "weight", per: Per = None
) -> pd.Series:
    r"""Burt's constraint: how far the ties of an actor lead back to one another.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts each tied pair as 1 in each direction.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``constraint``, indexed by actor: above 0, larger when there are fewer holes; it can exceed 1 in
        small networks. NaN for an isolate.

    Notes
    -----
    With :math:`p_{ij} = (w_{ij} + w_{ji}) / \sum_k (w_{ik} + w_{ki})`, over the partners j of i in either direction:
    :math:`C_i = \sum_j (p_{ij} + \sum_{q \neq i,j} p_{iq} p_{qj})^2`. The two directions of directed ties are added,
    as Burt does.

    References
    ----------
    Burt, R. S. (1992). Structural Holes: The Social Structure of Competition. Harvard University Press, p. 54.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> constraint(rt.Network(ties)).to_dict()
    {'Artisaloire': 1.0, 'Métropole': 1.0, 'Tours': 0.5}
    """
    return per_actor(
        net,
        "constraint",
        lambda view: total_constraint(view, weight),
        layer=layer,
        period=period,
        weight=weight,
        per=per,
    )


def effective_size(
    net: Network, *, layer: Choice = None, period: Choice = None, weight: str | None = "weight", per: Per = None
) -> pd.Series:
    r"""Count the partners of an actor, less what they repeat of one another.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts each tied pair as 1 in each direction.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``effective_size``, indexed by actor: at most the number of partners (tied in either direction).
        NaN for an isolate.

    Notes
    -----
    :math:`E_i = \sum_j (1 - \sum_{q \neq i,j} p_{iq} m_{jq})`, with p as in `constraint` and
    :math:`m_{jq} = z_{jq} / \max_k z_{jk}`, :math:`z_{jq} = w_{jq} + w_{qj}`. For undirected ties of weight 1 this is
    k - 2t/k, t being the ties among the k partners (Borgatti 1997).

    References
    ----------
    Burt, R. S. (1992). Structural Holes, p. 52.
    Borgatti, S. P. (1997). Structural holes: unpacking Burt's redundancy measures. Connections 20, 35-38.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "c"], "target": ["b", "c", "a"]})
    >>> effective_size(rt.Network(ties)).to_dict()
    {'a': 1.0, 'b': 1.0, 'c': 1.0}
    """
    return per_actor(
        net,
        "effective_size",
        lambda view: _effective_size(view, weight),
        layer=layer,
        period=period,
        weight=weight,
        per=per,
    )


def efficiency(
    net: Network, *, layer: Choice = None, period: Choice = None, weight: str | None = "weight", per: Per = None
) -> pd.Series:
    """Effective size of an actor, divided by the number of its partners.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts each tied pair as 1 in each direction.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``efficiency``, indexed by actor: 1 when no partners are tied to each other; NaN for an isolate.
        Partners tied in either direction count once.

    References
    ----------
    Burt, R. S. (1992). Structural Holes, p. 53.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "c"], "target": ["b", "c", "a"]})
    >>> efficiency(rt.Network(ties)).to_dict()
    {'a': 0.5, 'b': 0.5, 'c': 0.5}
    """

    def compute(view: TieView) -> Floats:
        partners = _partners(view, weight)
        return _effective_size(view, weight) / np.where(partners > 0, partners, 1)

    return per_actor(net, "efficiency", compute, layer=layer, period=period, weight=weight, per=per)


def hierarchy(
    net: Network, *, layer: Choice = None, period: Choice = None, weight: str | None = "weight", per: Per = None
) -> pd.Series:
    r"""How far the constraint on an actor comes from a single partner.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts each tied pair as 1 in each direction.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``hierarchy``, indexed by actor: 0 when all its N partners constrain it alike, 1 when it has only one.
        NaN for an isolate.

    Notes
    -----
    :math:`H_i = \sum_j r_j \ln r_j / (N \ln N)`, with :math:`r_j = c_{ij} / (C_i / N)` over the two directions added.

    References
    ----------
    Burt, R. S. (1992). Structural Holes, p. 71.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> hierarchy(rt.Network(ties)).to_dict()
    {'Artisaloire': 1.0, 'Métropole': 1.0, 'Tours': 0.0}
    """

    def compute(view: TieView) -> Floats:
        pulls, partners, total = _pulls(view, weight), _partners(view, weight), total_constraint(view, weight)
        ratio = pulls.constraint * partners[pulls.owner] / total[pulls.owner]
        disorder = np.bincount(pulls.owner, weights=ratio * np.log(ratio), minlength=view.n)
        several = partners > 1
        values = np.where(partners == 1, 1.0, np.nan)
        values[several] = disorder[several] / (partners[several] * np.log(partners[several]))
        return values

    return per_actor(net, "hierarchy", compute, layer=layer, period=period, weight=weight, per=per)


def two_mode_constraint(
    net: Network, *, layer: Choice = None, period: Choice = None, weight: str | None = "weight", per: Per = None
) -> pd.Series:
    r"""Constraint in a two-mode network (actors and forums): how far what an actor joins is joined by its co-members.

    Parameters
    ----------
    net : Network
        The network; ties join two sets of actors and never two actors of one set.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts each tied pair as 1.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``two_mode_constraint``, indexed by the actors of both modes. NaN for an isolate.

    Raises
    ------
    ReseauError
        If some actors close a cycle of odd length: the network is not two-mode.

    Notes
    -----
    Partners in a two-mode network are never tied, so that Burt's constraint only sees how ties are shared out. Here
    the investment in a partner a is completed by three ties instead of two:
    :math:`C_i = \sum_a (p_{ia} + \sum_{b \neq a} \sum_{j \neq i} p_{ib} p_{bj} p_{ja})^2`. Direction is ignored.

    References
    ----------
    Hollway, J., Morin, J.-F. & Pauwelyn, J. (2020). Structural conditions for novelty. International Environmental
    Agreements 20, 61-83 (as computed by the R package migraph).

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "a"], "target": ["club", "club", "forum"]})
    >>> two_mode_constraint(rt.Network(ties)).round(4).to_dict()
    {'a': 0.5, 'b': 1.0, 'club': 0.5, 'forum': 1.0}
    """

    def compute(view: TieView) -> Floats:
        pairs = strengths_of_pairs(view, weight)
        mode = _modes(view, weight)
        total = pairs.sum(axis=1)
        shares = pairs.copy()
        row = owners(pairs)
        shares.data = pairs.data / total[row]
        back = shares.data[reverse_arcs(pairs)]
        returns = np.bincount(row, weights=shares.data * back, minlength=view.n)
        far = np.zeros(pairs.nnz)
        for side in (0, 1):  # two ties stay within a mode: the products of one mode are small when the mode is
            some = np.flatnonzero(mode == side)
            others = np.flatnonzero(mode != side)
            three = (shares[some][:, others] @ shares[others][:, some]) @ shares[some][:, others]
            here = mode[row] == side
            place = np.empty(view.n, dtype=np.int64)
            place[some], place[others] = np.arange(len(some)), np.arange(len(others))
            far[here] = np.asarray(three[place[row[here]], place[pairs.indices[here]]]).ravel()
        direct = shares.data
        far += direct * (direct * back - returns[row] - returns[pairs.indices])
        values = np.bincount(row, weights=(direct + far) ** 2, minlength=view.n).astype(np.float64)
        values[np.diff(pairs.indptr) == 0] = np.nan
        return values

    return per_actor(net, "two_mode_constraint", compute, layer=layer, period=period, weight=weight, per=per)


@dataclass(frozen=True, eq=False)
class _Pulls:
    """How far each partner constrains an actor: one value per actor and partner, in any order."""

    owner: Ints
    constraint: Floats

    def sums(self, n: int) -> Floats:
        """Return the constraint of each actor, NaN without a partner."""
        total = np.bincount(self.owner, weights=self.constraint, minlength=n)
        return np.where(np.bincount(self.owner, minlength=n) > 0, total, np.nan)


def total_constraint(view: TieView, weight: str | None) -> Floats:
    """Return the constraint of each actor of a view."""
    return _pulls(view, weight).sums(view.n)


def _pulls(view: TieView, weight: str | None) -> _Pulls:
    def compute() -> _Pulls:
        pairs = _pairs(view, weight)
        one, other = owners(pairs), pairs.indices
        total = _added(pairs, pairs.data)
        share, back = pairs.data / total[one], pairs.data / total[other]
        round_, round_back = np.zeros(pairs.nnz), np.zeros(pairs.nnz)
        for uv, vw, uw in triangles_of_pairs(pairs):
            np.add.at(round_, uv, share[uw] * back[vw])
            np.add.at(round_, vw, back[uv] * share[uw])
            np.add.at(round_, uw, share[uv] * share[vw])
            np.add.at(round_back, uv, share[vw] * back[uw])
            np.add.at(round_back, vw, back[uw] * share[uv])
            np.add.at(round_back, uw, back[vw] * back[uv])
        owner, invested = np.concatenate([one, other]), np.concatenate([share + round_, back + round_back])
        return _Pulls(owner, invested**2)

    return keep(view, ("pulls", weight is None), compute)


def _pairs(view: TieView, weight: str | None) -> csr_array:
    """Return z_ij = w_ij + w_ji (w_ij when undirected) of each pair once, as triangles are looked for."""

    def compute() -> csr_array:
        if weight is None:
            pattern = view.binary.tocoo() if view.directed else view.pairs.tocoo()
            return oriented(view.n, pattern.row, pattern.col, np.ones(pattern.nnz))
        strength = np.where(view.mutual, 2.0 * view.weight, view.weight) if view.directed else view.weight
        pairs = oriented(view.n, view.source, view.target, strength)
        pairs.eliminate_zeros()
        return pairs

    return keep(view, ("oriented", weight is None), compute)


def _added(pairs: csr_array, values: Floats) -> Floats:
    """Add a value of each pair to both of its actors."""
    n = pairs.shape[0]
    by_one, by_other = (np.bincount(place, weights=values, minlength=n) for place in (owners(pairs), pairs.indices))
    return (by_one + by_other).astype(np.float64)


def _partners(view: TieView, weight: str | None) -> Floats:
    pairs = _pairs(view, weight)
    return (np.diff(pairs.indptr) + np.bincount(pairs.indices, minlength=view.n)).astype(np.float64)


def _effective_size(view: TieView, weight: str | None) -> Floats:
    pairs, partners = _pairs(view, weight), _partners(view, weight)
    if pairs.nnz and (pairs.data == pairs.data[0]).all():  # k - 2t/k, t being the ties among partners (Borgatti 1997)
        repeated = ties_among_partners(pairs) * 2.0 / np.maximum(partners, 1.0)
    else:
        repeated = _repeated(pairs)
    return np.asarray(np.where(partners > 0, partners - repeated, np.nan), dtype=np.float64)


def _repeated(pairs: csr_array) -> Floats:
    """Sum over the tied partners j, q of each actor i what j repeats of q: p_iq z_jq / max_k z_jk."""
    strength, total, largest = pairs.data, _added(pairs, pairs.data), np.zeros(pairs.shape[0])
    np.maximum.at(largest, owners(pairs), strength)
    np.maximum.at(largest, pairs.indices, strength)
    repeated = np.zeros(pairs.shape[0])
    for triangle in triangles_of_pairs(pairs):
        u, v, w = corners(pairs, triangle)
        uv, vw, uw = (strength[places] for places in triangle)
        np.add.at(repeated, u, vw * (uv / largest[w] + uw / largest[v]))
        np.add.at(repeated, v, uw * (uv / largest[w] + vw / largest[u]))
        np.add.at(repeated, w, uv * (uw / largest[v] + vw / largest[u]))
    return np.divide(repeated, total, out=np.zeros_like(total), where=total > 0)


def _modes(view: TieView, weight: str | None) -> Ints:
    """Put each actor in mode 0 or 1 so that every tie joins the two."""
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    pairs = strengths_of_pairs(view, weight)
    mode = np.zeros(view.n, dtype=np.int64)
    _, component = connected_components(pairs, directed=False)
    _, roots = np.unique(component, return_index=True)
    for root in roots:
        order, before = breadth_first_order(pairs, root, directed=False)
        for actor in order[1:]:
            mode[actor] = 1 - mode[before[actor]]
    same = mode[owners(pairs)] == mode[pairs.indices]
    if same.any():
        first = view.actors[owners(pairs)[same]].unique()
        raise ReseauError(
            f"two_mode_constraint needs two modes, but ties close an odd cycle through {enumerate_values(first)}. "
            "Select the layer of memberships, or use constraint."
        )
    return mode
