"""Silo indices: how far the ties of an actor, a group or a network stay inside the groups.

`network_silo`, `group_silo` and `silo` are minus the E-I index. A raw value says little, since it depends on the
sizes of the groups: see `silo_test` and `silo_contributions`.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics._frame import Per, per_actor, per_frame, per_network
from reseau_territorial.metrics._grouped import DIRECTIONS, Direction, Grouped, Symmetrize, check_choice, grouping
from reseau_territorial.metrics._indices import divide, group_silo_index, rescaled_silo_index, silo_index
from reseau_territorial.network import Choice, Missing, Network

__all__ = ["group_silo", "network_silo", "silo"]

Convention = Literal["ties", "members"]


def silo(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    direction: Direction = "all",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> pd.Series:
    r"""Silo index of each actor: how far its ties stay inside its own group.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups, such as ``"sector"`` or ``"epci"``.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength (larger is closer); parallel ties add up. None counts each tied pair
        as 1, whatever its number of ties, layers and periods.
    direction : {"all", "out", "in"}
        For directed ties: outgoing plus incoming (a mutual tie counts twice), outgoing, or incoming.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first: tied in either direction, tied in both (each counts 1); sum, larger or
        mean of the two weights.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group: stop, leave them and their ties out, or make them one group.

    Returns
    -------
    pandas.Series
        Named ``"silo"``, indexed by actor (and layer, period or level), between -1 (only ties that leave the group)
        and +1 (only ties inside). NaN for an actor without ties in that direction, or left out.

    Raises
    ------
    UnknownNameError
        If a column, layer or period is not there.
    ReseauError
        If an actor has no group and `missing` is ``"error"``.

    Notes
    -----
    .. math:: S_i = \frac{w_i^{in} - w_i^{out}}{w_i^{in} + w_i^{out}}

    with :math:`w_i^{in}` the weight of its ties inside its group and :math:`w_i^{out}` of those that leave it. It is
    minus the E-I index. An undirected layer read together with a directed one counts in both directions.

    References
    ----------
    Krackhardt & Stern (1988). Informal networks and organizational crises: an experimental simulation. Social
    Psychology Quarterly 51(2), 123-140.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "a", "a"], "target": ["b", "c", "d"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "public", "civil"]})
    >>> silo(Network(ties, actors=actors), by="sector").round(2).to_dict()
    {'a': 0.33, 'b': 1.0, 'c': 1.0, 'd': -1.0}
    """
    check_choice("direction", direction, DIRECTIONS)
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)

    def measure(view: TieView) -> NDArray[np.float64]:
        within, total = _ends_of_actors(group(view), direction)
        return divide(2 * within - total, total)

    return per_actor(net, "silo", measure, layer=layer, period=period, weight=weight, per=per)


def group_silo(
    net: Network,
    *,
    by: str,
    convention: Convention = "ties",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    direction: Direction = "all",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> pd.Series:
    r"""Silo index of each group: its ties inside against its ties with the others.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    convention : {"ties", "members"}
        ``"ties"`` counts a tie inside the group once; ``"members"`` adds up what its members have, so that a tie
        inside counts twice, once for each of its ends. The literature uses both under one name.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts each tied pair as 1.
    direction : {"all", "out", "in"}
        For directed ties: which ties with the other groups count. With ``"out"`` or ``"in"`` a tie inside has one end
        of that kind, and the two conventions agree.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`).
    per : {"layer", "period", "level"}, optional
        One value per group and layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    pandas.Series
        Named ``"group_silo"``, indexed by group (and layer, period or level), between -1 and +1. NaN for a group
        without ties.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `direction`, `per`, `symmetrize` or `convention` is
        none of its choices; the nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    With :math:`I_g` the weight of the ties inside group g and :math:`E_g` of those with one end in it,

    .. math:: S_g = \frac{I_g - E_g}{I_g + E_g} \quad\text{(ties)}, \qquad
              S_g = \frac{2 I_g - E_g}{2 I_g + E_g} \quad\text{(members)}

    References
    ----------
    Krackhardt & Stern (1988). Informal networks and organizational crises: an experimental simulation. Social
    Psychology Quarterly 51(2), 123-140.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "a"], "target": ["b", "c"]})
    >>> actors = pd.DataFrame({"actor": list("abc"), "sector": ["public", "public", "civil"]})
    >>> net = Network(ties, actors=actors)
    >>> group_silo(net, by="sector").to_dict()
    {'civil': -1.0, 'public': 0.0}
    >>> group_silo(net, by="sector", convention="members")["public"].round(3)
    np.float64(0.333)
    """
    check_choice("direction", direction, DIRECTIONS)
    check_choice("convention", convention, ("ties", "members"))
    counts = 1 if convention == "ties" else 2
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)

    def measure(view: TieView) -> pd.DataFrame:
        one = group(view)
        value = group_silo_index(one.mixing, inside_counts=counts, direction=direction)
        return pd.DataFrame({"group_silo": value}, index=one.labels)

    return per_frame(net, measure, layer=layer, period=period, weight=weight, per=per)["group_silo"]


def network_silo(
    net: Network,
    *,
    by: str,
    rescaled: bool = False,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> float | pd.Series:
    r"""Silo index of the network: ties inside groups against ties between them.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    rescaled : bool, default False
        Bring the index to [-1, 1] between the lowest and highest values that this number of ties could reach with
        these group sizes. It counts ties, so it needs ``weight=None``.
    layer, period : str or list of str, optional
        Keep only these layers, these periods. Several layers together are added up, or, with ``weight=None``,
        united (a pair counts once): two different numbers, and neither is the mean of the layers. Look at
        ``per="layer"`` too.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts each tied pair as 1.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`). By default a mutual directed tie is two ties.
    per : {"layer", "period", "level"}, optional
        One value per layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    float or pandas.Series
        Between -1 (all ties leave their group) and +1 (all stay inside); NaN without ties. With `per`, a Series
        named ``"network_silo"``. Isolates change the bounds of the rescaled index only.

    Raises
    ------
    ReseauError
        If `rescaled` is asked for weighted ties.

    Notes
    -----
    .. math:: S = \frac{W_{in} - W_{out}}{W_{in} + W_{out}} = 2 \sum_g e_{gg} - 1

    It is minus the E-I index, and depends on group sizes: with many small groups it is negative in a network that
    ignores the groups altogether. :func:`silo_test` gives what to expect.

    References
    ----------
    Krackhardt & Stern (1988). Informal networks and organizational crises: an experimental simulation. Social
    Psychology Quarterly 51(2), 123-140.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "a", "b"], "target": ["b", "c", "d"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> round(network_silo(Network(ties, actors=actors), by="sector"), 3)
    -0.333
    """
    if rescaled and weight is not None:
        raise ReseauError(
            f"rescaled=True compares with the number of ties that could fit inside the groups, and weight={weight!r} "
            "is not a number of ties. Pass weight=None."
        )
    index = rescaled_silo_index if rescaled else silo_index
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)

    def measure(view: TieView) -> float:
        return float(index(group(view).mixing))

    return per_network(net, "network_silo", measure, layer=layer, period=period, weight=weight, per=per)


def _ends_of_actors(one: Grouped, direction: Direction) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the weight inside its group, and in all, of the ties of each actor (NaN if it is left out)."""
    view, size = one.view, one.view.n
    source: NDArray[Any]
    target: NDArray[Any]
    ends: list[NDArray[Any]]
    if one.binary or one.symmetrize is not None:
        ties = one.matrix.tocoo()
        position = np.flatnonzero(one.kept)
        source, target, weight = position[ties.row], position[ties.col], ties.data
        ends = [source, target] if one.directed and direction == "all" else [target if direction == "in" else source]
    elif view.mutual.all():
        source, target, weight, ends = view.source, view.target, view.weight, [view.source, view.target]
    else:
        source, target, weight = view.arcs
        ends = [source, target] if direction == "all" else [target if direction == "in" else source]
    group_of_source, group_of_target = one.codes[source], one.codes[target]
    if not one.kept.all():
        weight = np.where((group_of_source >= 0) & (group_of_target >= 0), weight, 0.0)
    inside = np.where(group_of_source == group_of_target, weight, 0.0)
    within, total = np.zeros(size), np.zeros(size)
    for end in ends:
        within += np.bincount(end, weights=inside, minlength=size)
        total += np.bincount(end, weights=weight, minlength=size)
    return within, total
