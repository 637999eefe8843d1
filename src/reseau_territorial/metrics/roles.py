"""Brokerage roles between groups (Gould & Fernandez), their expectation, and their two-mode form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_network
from reseau_territorial._sparse import TieView
from reseau_territorial.metrics._brokerage_moments import ROLES, actor_moments, network_moments
from reseau_territorial.metrics._frame import Per, per_frame
from reseau_territorial.metrics._triangles import owners, reverse_arcs, row_blocks, triangles_both_ways
from reseau_territorial.network import Choice, Missing, Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["brokerage", "network_brokerage", "two_mode_brokerage"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]

COLUMNS = (*ROLES, "total")
BLOCK = 1 << 14  # arcs counted together
THERE, BACK = np.int8(1), np.int8(2)


def brokerage(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    partial: bool = False,
    missing: Missing = "error",
    per: Per = None,
) -> pd.DataFrame:
    r"""Count the pairs of actors that each actor joins, by the groups of the three: Gould and Fernandez's roles.

    An actor v brokers between i and k when there are ties from i to v and from v to k, and none from i to k.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    partial : bool, default False
        Share each pair equally among the actors that join it; there is then no expectation.
    missing : {"error", "drop", "group"}
        What to do with actors without a group: stop, leave them and their ties out (they get NaN), or make them one
        group.
    per : {"layer", "period", "level"}, optional
        One table per layer, period or level, stacked.

    Returns
    -------
    DataFrame
        Indexed by actor; for each role and ``total``: the count, ``expected_*`` and ``z_*``. Roles, with the groups
        of i, v and k: ``coordinator`` AAA, ``itinerant`` ABA, ``representative`` AAB, ``gatekeeper`` ABB,
        ``liaison`` ABC. An isolate has counts of 0. z is NaN when the role is impossible or the density is 0 or 1.
        Undirected ties are read both ways, so that each pair counts once in each order. Weights play no part.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `per` is none of its choices; the nearest name is
        offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    Expectation and variance are exact for a random network in which each tie is there with the observed density d,
    groups being fixed: with :math:`p = d^2 (1-d)` and N possible pairs, :math:`E = N p` and
    :math:`V = N p (1 - p) + d^3 (1-d)^3 S`, S counting the pairs of pairs that share one end (Gould & Fernandez
    1989). For undirected ties both orders of a pair are one event, and the variance says so.

    References
    ----------
    Gould, R. V. & Fernandez, R. M. (1989). Structures of mediation. Sociological Methodology 19, 89-126.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["État", "Métropole"], "target": ["Métropole", "Artisaloire"]})
    >>> actors = pd.DataFrame({"actor": ["État", "Métropole", "Artisaloire"], "sector": ["public", "public", "civil"]})
    >>> net = rt.Network(ties, actors=actors, directed=True)
    >>> brokerage(net, by="sector")["representative"].to_dict()
    {'État': 0.0, 'Métropole': 1.0, 'Artisaloire': 0.0}
    """

    def compute(view: TieView) -> pd.DataFrame:
        codes, labels = net._groups(by, view.actors, missing=missing)
        kept = np.flatnonzero(codes >= 0)
        matrix = among(view.binary, kept)
        groups = codes[kept]
        if partial:
            values = _with_total(_shared_roles(matrix, groups))
            return pd.DataFrame(values, index=view.actors[kept], columns=list(COLUMNS)).reindex(view.actors)
        columns = [*COLUMNS, *(f"expected_{name}" for name in COLUMNS), *(f"z_{name}" for name in COLUMNS)]
        scores = role_scores(matrix, groups, len(labels), directed=view.directed)
        table = pd.DataFrame(scores.T, index=view.actors[kept], columns=columns, copy=False)
        return table.reindex(view.actors)

    return per_frame(net, compute, layer=layer, period=period, per=per)


def role_scores(matrix: csr_array, groups: Codes, count: int, *, directed: bool) -> Floats:
    """Return a row for the counts of each role and their total, then for their expectations, then for their z."""
    found = _roles(matrix, groups)
    scores = np.empty((3 * len(COLUMNS), matrix.shape[0]))
    counts, expected, z = np.split(scores, 3)
    counts[:] = found
    sizes = np.bincount(groups, minlength=count).astype(float)
    mean, variance = actor_moments(sizes, _density(matrix), directed=directed)
    spread = np.sqrt(np.where(variance > 0, variance, np.nan))
    for place in range(len(COLUMNS)):
        expected[place] = mean[groups, place] + 0.0  # no minus zero
        z[place] = (counts[place] - expected[place]) / spread[groups, place]
    return scores


def network_brokerage(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    missing: Missing = "error",
    per: Per = None,
) -> pd.DataFrame:
    r"""Count the brokerage of each role in the whole network, with its exact expectation.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.
    per : {"layer", "period", "level"}, optional
        One table per layer, period or level, stacked.

    Returns
    -------
    DataFrame
        Indexed by ``role`` (and ``total``): ``observed`` (the sum over actors of `brokerage`), ``expected``, ``sd``,
        ``z`` (NaN when the role is impossible).

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `per` is none of its choices; the nearest name is
        offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    The variance is exact for a random network of the observed density. Two triples that share one tie are dependent:
    with covariance :math:`d^3(1-d)^3` when the tie is present in both, :math:`d^5(1-d)` when it is absent in both,
    :math:`-d^4(1-d)^2` when it cannot be both; two triples of the same three actors can share two ties of
    opposite signs, and count once. The R package sna 2.7.1 counts such triples differently and its standard
    deviation is too large (27.8 instead of 23.6 for the gatekeepers of Drabek's Texas network).

    References
    ----------
    Gould, R. V. & Fernandez, R. M. (1989). Structures of mediation. Sociological Methodology 19, 89-126.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["État", "Métropole"], "target": ["Métropole", "Artisaloire"]})
    >>> actors = pd.DataFrame({"actor": ["État", "Métropole", "Artisaloire"], "sector": ["public", "public", "civil"]})
    >>> net = rt.Network(ties, actors=actors, directed=True)
    >>> network_brokerage(net, by="sector").loc["representative", "observed"]
    np.float64(1.0)
    """

    def compute(view: TieView) -> pd.DataFrame:
        codes, labels = net._groups(by, view.actors, missing=missing)
        kept = np.flatnonzero(codes >= 0)
        matrix, groups = among(view.binary, kept), codes[kept]
        observed = _roles(matrix, groups).sum(axis=1)
        sizes = np.bincount(groups, minlength=len(labels)).astype(float)
        expected, variance = network_moments(sizes, _density(matrix), directed=view.directed)
        sd = np.sqrt(variance)
        z = np.divide(observed - expected, sd, out=np.full(len(sd), np.nan), where=sd > 0)
        table = {"observed": observed, "expected": expected, "sd": sd, "z": z}
        return pd.DataFrame(table, index=pd.Index(COLUMNS, name="role"))

    return per_frame(net, compute, layer=layer, period=period, per=per)


def two_mode_brokerage(
    net: Network,
    *,
    by: str,
    layer: str,
    onto: str = "source",
    partial: bool = False,
    missing: Missing = "error",
    per: Literal["period"] | None = None,
) -> pd.DataFrame:
    r"""Count the pairs that each actor joins through forums: i and v share one, v and k another, i and k none.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups of the actors kept.
    layer : str
        The two-mode layer, such as members and groupings.
    onto : str, default "source"
        The actors that broker: ``"source"``, ``"target"``, or a kind (see `Network.project`).
    partial : bool, default False
        Share each pair equally among the actors that join it.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.
    per : {"period"}, optional
        One table per period, stacked.

    Returns
    -------
    DataFrame
        Indexed by actor, a column per role of `brokerage` and ``total``. Each pair counts in both orders. No
        expectation: ties made of shared forums are not independent.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `per` is none of its choices; the nearest name is
        offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    With :math:`s_{iv} = 1` when i and v share a forum: the pairs i, k with :math:`s_{iv} s_{vk} (1 - s_{ik}) = 1`.

    References
    ----------
    Jasny, L. & Lubell, M. (2015). Two-mode brokerage in policy networks. Social Networks 41, 36-47.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "b", "c"], "target": ["club", "club", "forum", "forum"]})
    >>> actors = pd.DataFrame({"actor": ["a", "b", "c", "club", "forum"], "sector": ["x", "y", "x", "x", "x"]})
    >>> two_mode_brokerage(rt.Network(ties, actors=actors), by="sector", layer="tie")["itinerant"].to_dict()
    {'a': 0.0, 'b': 2.0, 'c': 0.0}
    """
    check_network(net)
    joined = net.project(layer=layer, onto=onto)
    return brokerage(joined, by=by, partial=partial, missing=missing, per=per)[list(COLUMNS)]


def among(matrix: csr_array, kept: NDArray[np.int64]) -> csr_array:
    """Return the ties among some actors, the partners of each in order."""
    if len(kept) < matrix.shape[0]:
        matrix = matrix[kept][:, kept]
    return matrix if matrix.has_sorted_indices else matrix.sorted_indices()


def _density(matrix: csr_array) -> float:
    n = matrix.shape[0]
    return float(matrix.nnz / (n * (n - 1))) if n > 1 else 0.0


def _with_total(roles: Floats) -> Floats:
    return np.hstack([roles, roles.sum(axis=1, keepdims=True)])


def _role(first: Codes, middle: Codes, last: Codes) -> NDArray[np.int64]:
    """Return the place in ROLES of the role of the middle actor."""
    comes, goes, back = first == middle, middle == last, first == last
    return np.select([comes & goes, comes, goes, back], [0, 2, 3, 1], default=4)


def _roles(matrix: csr_array, groups: Codes) -> Floats:
    """Count two-paths by role (row; then the total), then take away those that are closed: O(ties^1.5)."""
    n = matrix.shape[0]
    pattern = _both_ways(matrix)
    counts = np.zeros((len(COLUMNS), n))
    for begin, end in row_blocks(pattern.indptr, BLOCK):
        counts[:-1, begin:end] = _two_paths(pattern, groups, begin, end)
    end_of, reverse, there = pattern.indices, reverse_arcs(pattern), pattern.data != BACK
    flat = counts.reshape(-1)
    for iv, vk, ik in triangles_both_ways(pattern, reverse):
        closed = there[iv] & there[vk] & there[ik]
        first, middle, last = end_of[reverse[iv[closed]]], end_of[iv[closed]], end_of[ik[closed]]
        role = _role(groups[first], groups[middle], groups[last])
        np.subtract.at(flat, role * n + middle, 1.0)
    counts[-1] = counts[:-1].sum(axis=0)
    return counts


def _two_paths(pattern: csr_array, groups: Codes, begin: int, end: int) -> Floats:
    """Count the pairs of an incoming and an outgoing tie of some actors, by role, from the numbers of each."""
    first = pattern.indptr
    arcs = slice(first[begin], first[end])
    owner = np.repeat(np.arange(end - begin), np.diff(first[begin : end + 1]))
    partner = groups[pattern.indices[arcs]]
    there, back = pattern.data[arcs] != BACK, pattern.data[arcs] != THERE
    same = groups[begin:end][owner] == partner

    def count(chosen: NDArray[np.bool_]) -> Floats:
        return np.bincount(owner[chosen], minlength=end - begin).astype(np.float64)

    out_own, in_own, mutual_own = count(there & same), count(back & same), count(there & back & same)
    out_other, in_other, mutual_other = count(there & ~same), count(back & ~same), count(there & back & ~same)
    returns = _same_ends(owner, partner, there, back, end - begin) - in_own * out_own
    return np.stack(
        [
            in_own * out_own - mutual_own,
            returns - mutual_other,
            in_own * out_other,
            in_other * out_own,
            in_other * out_other - returns,
        ]
    )


def _same_ends(
    owner: NDArray[np.int64], partner: Codes, there: NDArray[np.bool_], back: NDArray[np.bool_], count: int
) -> Floats:
    """Sum over groups the number of incoming times the number of outgoing ties of each actor."""
    width = np.int64(partner.max(initial=0)) + 1
    cells, cell = np.unique(owner * width + partner, return_inverse=True)
    goes, comes = (np.bincount(cell, weights=way, minlength=len(cells)) for way in (there, back))
    return np.bincount(cells // width, weights=goes * comes, minlength=count).astype(np.float64)


def _both_ways(matrix: csr_array) -> csr_array:
    """Return a symmetric pattern whose values say whether a tie goes there, back, or both ways (their sum)."""
    from scipy.sparse import csr_array as csr

    there = csr((np.full(matrix.nnz, THERE), matrix.indices, matrix.indptr), shape=matrix.shape)
    back = there.T.tocsr()
    back.data = np.full(matrix.nnz, BACK)
    pattern = there + back
    pattern.sort_indices()
    return pattern


def _shared_roles(matrix: csr_array, groups: Codes) -> Floats:
    """Count open pairs by role, each shared among the actors that join it."""
    from scipy.sparse import csr_array as csr

    ways = (matrix @ matrix).tocoo()
    row, column = ways.coords
    n = np.int64(matrix.shape[0])
    tied = np.isin(row * n + column, owners(matrix) * n + matrix.indices)
    pair = (row != column) & ~tied
    same_ends = groups[row] == groups[column]

    def pairs(chosen: NDArray[np.bool_]) -> csr_array:
        return csr((1.0 / ways.data[chosen], (row[chosen], column[chosen])), shape=matrix.shape)

    alike = groups[owners(matrix)] == groups[matrix.indices]

    def ties(chosen: NDArray[np.bool_]) -> csr_array:
        return csr((matrix.data[chosen], (owners(matrix)[chosen], matrix.indices[chosen])), shape=matrix.shape)

    own, other = ties(alike), ties(~alike)
    near, apart = pairs(pair & same_ends), pairs(pair & ~same_ends)
    parts = [(own, near, own), (other, near, other), (own, apart, other), (other, apart, own), (other, apart, other)]
    found = [np.asarray(comes.multiply(open_ @ goes.T).sum(axis=0)).ravel() for comes, open_, goes in parts]
    return np.column_stack(found)
