"""Groups as parts of a network: modularity, cuts, and the diversity of an actor's partners."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.metrics._frame import Per, per_actor, per_frame, per_network
from reseau_territorial.metrics._grouped import DIRECTIONS, Direction, Grouped, Symmetrize, check_choice, grouping
from reseau_territorial.metrics._indices import conductance_index, divide, modularity_index, normalized_cut_index
from reseau_territorial.network import Choice, Missing, Network

__all__ = ["conductance", "diversity", "group_cuts", "modularity"]


def modularity(
    net: Network,
    *,
    by: str,
    resolution: float = 1.0,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> float | pd.Series:
    r"""Modularity of given groups: share of ties inside, less the share expected from the activity of actors.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups (see :func:`communities`, which looks for groups).
    resolution : float, default 1.0
        Weight of the expected share: above 1, small groups fit better.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts each tied pair as 1.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`).
    per : {"layer", "period", "level"}, optional
        One value per layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    float or pandas.Series
        Between -1 and 1 at resolution 1; 0 for a single group; NaN without ties. Isolates do not count.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `per` or `symmetrize` is none of its choices; the
        nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    .. math:: Q = \sum_g (e_{gg} - \gamma \, a_g b_g)

    References
    ----------
    Newman & Girvan (2004). Finding and evaluating community structure in networks. Physical Review E 69, 026113;
    Leicht & Newman (2008). Community structure in directed networks. Physical Review Letters 100, 118703.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "c"], "target": ["b", "d"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> modularity(Network(ties, actors=actors), by="sector")
    0.5
    """
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)

    def measure(view: TieView) -> float:
        return float(modularity_index(group(view).mixing, resolution=resolution))

    return per_network(net, "modularity", measure, layer=layer, period=period, weight=weight, per=per)


def conductance(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> pd.Series:
    r"""Conductance of each group: the share of its activity that crosses its border.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts each tied pair as 1.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`).
    per : {"layer", "period", "level"}, optional
        One value per group and layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    pandas.Series
        Named ``"conductance"``, indexed by group, 0 or more: 0 for a closed group. NaN if the group, or the rest of
        the network, has no tie.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `per` or `symmetrize` is none of its choices; the
        nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    .. math:: \phi_g = \frac{c_g}{\min(v_g, V - v_g)}

    with :math:`c_g` the weight that leaves g and the volume :math:`v_g` the weight of all the (outgoing) ties of its
    members. See :func:`group_cuts` for the parts.

    References
    ----------
    Kannan, Vempala & Vetta (2004). On clusterings: good, bad and spectral. Journal of the ACM 51(3), 497-515.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "c", "a"], "target": ["b", "d", "c"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> conductance(Network(ties, actors=actors), by="sector").round(2).to_dict()
    {'civil': 0.33, 'public': 0.33}
    """
    cuts = group_cuts(
        net, by=by, layer=layer, period=period, weight=weight, symmetrize=symmetrize, per=per, missing=missing
    )
    return cuts["conductance"]


def group_cuts(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> pd.DataFrame:
    """Volume, cut, conductance and normalised cut of each group.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts each tied pair as 1.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`).
    per : {"layer", "period", "level"}, optional
        One row per group and layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    pandas.DataFrame
        Indexed by group. ``volume``: weight of the ties of its members, a tie inside an undirected group counting
        twice; ``cut``: weight that leaves it; ``conductance`` (see :func:`conductance`); ``normalized_cut``: the cut
        over the volume, plus the cut over the volume of the rest. The last two are NaN if a volume is 0.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `per` or `symmetrize` is none of its choices; the
        nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    References
    ----------
    Kannan, Vempala & Vetta (2004). On clusterings: good, bad and spectral. Journal of the ACM 51(3), 497-515; Shi &
    Malik (2000). Normalized cuts and image segmentation. IEEE TPAMI 22(8), 888-905.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "c", "a"], "target": ["b", "d", "c"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> group_cuts(Network(ties, actors=actors), by="sector")[["volume", "cut"]].values.tolist()
    [[3.0, 1.0], [3.0, 1.0]]
    """
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)

    def measure(view: TieView) -> pd.DataFrame:
        one = group(view)
        table = one.mixing
        columns = {
            "volume": table.leaving,
            "cut": table.leaving - table.inside,
            "conductance": conductance_index(table),
            "normalized_cut": normalized_cut_index(table),
        }
        return pd.DataFrame(columns, index=one.labels)

    return per_frame(net, measure, layer=layer, period=period, weight=weight, per=per)


def diversity(
    net: Network,
    *,
    by: str,
    index: Literal["blau", "shannon"] = "blau",
    normalized: bool = False,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    direction: Direction = "all",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> pd.Series:
    r"""Diversity of each actor's partners: over how many groups its ties are spread, and how evenly.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    index : {"blau", "shannon"}
        Blau's index (Gini-Simpson) or Shannon's entropy, in nats.
    normalized : bool, default False
        Divide by the highest value with as many groups as the network has: Blau's becomes the index of qualitative
        variation (IQV), Shannon's the evenness.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts each tied pair as 1.
    direction : {"all", "out", "in"}
        For directed ties: outgoing plus incoming, outgoing, or incoming.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`).
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    pandas.Series
        Named ``"diversity"``, indexed by actor: 0 if all partners are of one group; at most :math:`1 - 1/G` (Blau) or
        :math:`\ln G` (Shannon), 1 when normalised. NaN for an isolate and, normalised, with a single group.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `direction`, `per`, `symmetrize` or `index` is none of
        its choices; the nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    With :math:`p_{ig}` the share of the weight of i that goes to group g, of G groups in the network,

    .. math:: B_i = 1 - \sum_g p_{ig}^2, \qquad H_i = - \sum_g p_{ig} \ln p_{ig}

    Blau's index with the groups as modules is the participation coefficient of Guimerà & Amaral.

    References
    ----------
    Blau (1977). Inequality and heterogeneity; Agresti & Agresti (1978). Statistical analysis of qualitative
    variation. Sociological Methodology 9, 204-237; Shannon (1948). A mathematical theory of communication.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "a"], "target": ["b", "c"]})
    >>> actors = pd.DataFrame({"actor": list("abc"), "sector": ["public", "public", "civil"]})
    >>> diversity(Network(ties, actors=actors), by="sector").to_dict()
    {'a': 0.5, 'b': 0.0, 'c': 0.0}
    """
    check_choice("index", index, ("blau", "shannon"))
    check_choice("direction", direction, DIRECTIONS)
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)

    def measure(view: TieView) -> NDArray[np.float64]:
        one = group(view)
        groups = len(one.labels)
        shares = _shares_of_groups(one, direction)
        if index == "blau":
            value, highest = 1 - np.square(shares).sum(axis=1), 1 - 1 / max(groups, 1)
        else:
            logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
            value, highest = -(shares * logs).sum(axis=1), float(np.log(max(groups, 1)))
        result = np.full(view.n, np.nan)
        # 0 - 0 must be 0, not a negative zero or a rounding below it.
        value = np.where(value < 1e-15, np.minimum(value, 0.0) * 0.0, value)
        result[one.kept] = divide(value, highest) if normalized else value
        return result

    return per_actor(net, "diversity", measure, layer=layer, period=period, weight=weight, per=per)


def _shares_of_groups(one: Grouped, direction: Direction) -> NDArray[np.float64]:
    """Return the share of each group in the ties of each actor that has a group itself."""
    ties = one.matrix.tocoo()
    row, column, weight = ties.row, ties.col, ties.data
    if direction == "in":
        row, column = column, row
    elif direction == "all" and one.directed:
        row, column = np.concatenate([row, column]), np.concatenate([column, row])
        weight = np.concatenate([weight, weight])
    count = len(one.labels)
    cell = row.astype(np.int64) * count + one.groups[column]
    profile = np.bincount(cell, weights=weight, minlength=len(one.groups) * count).astype(np.float64)
    profile = profile.reshape(len(one.groups), count)
    return divide(profile, profile.sum(axis=1, keepdims=True))
