"""Where the ties of an actor go among groups: participation, place inside its group, and the roles they make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.metrics._frame import Per, per_actor
from reseau_territorial.metrics._mixing import Arcs, arcs_in_blocks, matrix_in_blocks, profile_sums
from reseau_territorial.metrics._selection import Direction, check_direction, make_matrix, strengths_of_pairs
from reseau_territorial.metrics._triangles import owners
from reseau_territorial.network import Choice, Missing, Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["cartographic_roles", "known_ties", "participation", "within_group_z"]

Floats = NDArray[np.float64]

ROUNDING = 1e-12
HUB = 2.5  # of `within_group_z`
PERIPHERAL = {0.05: "ultra_peripheral", 0.62: "peripheral", 0.80: "connector", np.inf: "kinless"}
HUBS = {0.30: "provincial_hub", 0.75: "connector_hub", np.inf: "kinless_hub"}


def participation(
    net: Network,
    *,
    by: str,
    direction: Direction = "all",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    missing: Missing = "error",
    per: Per = None,
) -> pd.Series:
    r"""How evenly the ties of an actor are spread over the groups: Blau's index of its partners.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    direction : {"all", "out", "in"}
        For directed ties: outgoing plus incoming (a mutual tie counts twice), outgoing, or incoming.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts each tied pair as 1.
    missing : {"error", "drop", "group"}
        What to do with actors without a group: stop, leave them and their ties out (they get NaN), or make them one
        group.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``participation``, indexed by actor: 0 when all ties go to one group, at most 1 - 1/G for G groups.
        NaN for an isolate.

    Notes
    -----
    :math:`P_i = 1 - \sum_g (w_{ig} / s_i)^2`, :math:`w_{ig}` being the weight between i and group g.
    Guimerà and Amaral's participation coefficient is the same formula with modules as groups.

    References
    ----------
    Blau, P. M. (1977). Inequality and Heterogeneity.
    Guimerà, R. & Amaral, L. A. N. (2005). Functional cartography of complex metabolic networks. Nature 433, 895-900.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> actors = pd.DataFrame({"actor": ["Tours", "Métropole", "Artisaloire"], "sector": ["public", "public", "civil"]})
    >>> participation(rt.Network(ties, actors=actors), by="sector").to_dict()
    {'Tours': 0.5, 'Métropole': 0.0, 'Artisaloire': 0.0}
    """
    check_direction(direction)

    def compute(view: TieView) -> Floats:
        codes, labels = net._groups(by, view.actors, missing=missing)
        total, squares = profile_sums(_arcs(view, weight, direction), codes, len(labels), room=2 * len(view.source))
        spread: Floats = 1.0 - np.divide(squares, total**2, out=np.full(view.n, np.nan), where=total > 0)
        return spread

    return per_actor(net, "participation", compute, layer=layer, period=period, weight=weight, per=per)


def within_group_z(
    net: Network,
    *,
    by: str,
    direction: Direction = "all",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    missing: Missing = "error",
    per: Per = None,
) -> pd.Series:
    r"""How much more an actor is tied inside its group than the other members, in standard deviations.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    direction : {"all", "out", "in"}
        For directed ties: outgoing plus incoming, outgoing, or incoming.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts each tied pair as 1.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``within_group_z``, indexed by actor. NaN when all members of the group have the same strength inside
        it (bctpy gives 0 there), a group of one included. An isolate counts, with a strength of 0.

    Notes
    -----
    :math:`z_i = (k_i - \bar k_g) / \sigma_g`, k being the strength inside group g and sigma the standard deviation
    over all its members (not the sample estimate).

    References
    ----------
    Guimerà, R. & Amaral, L. A. N. (2005). Functional cartography of complex metabolic networks. Nature 433, 895-900.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "a"], "target": ["b", "c"]})
    >>> actors = pd.DataFrame({"actor": ["a", "b", "c"], "sector": ["public"] * 3})
    >>> within_group_z(rt.Network(ties, actors=actors), by="sector").round(3).to_dict()
    {'a': 1.414, 'b': -0.707, 'c': -0.707}
    """
    check_direction(direction)

    def compute(view: TieView) -> Floats:
        codes, labels = net._groups(by, view.actors, missing=missing)
        member = codes >= 0
        tied = np.zeros(view.n)
        for actor, partner, strength in _arcs(view, weight, direction):
            inside = member[actor] & (codes[actor] == codes[partner])
            np.add.at(tied, actor[inside], strength[inside])
        size = np.maximum(np.bincount(codes[member], minlength=len(labels)), 1)
        mean = np.bincount(codes[member], weights=tied[member], minlength=len(labels)) / size
        apart = tied - mean[codes]
        spread = np.sqrt(np.bincount(codes[member], weights=apart[member] ** 2, minlength=len(labels)) / size)[codes]
        usable = member & (spread > 1e-12 * mean[codes])
        z: Floats = np.divide(apart, spread, out=np.full(view.n, np.nan), where=usable)
        return z

    return per_actor(net, "within_group_z", compute, layer=layer, period=period, weight=weight, per=per)


def cartographic_roles(
    net: Network,
    *,
    by: str,
    direction: Direction = "all",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    missing: Missing = "error",
    per: Per = None,
) -> pd.Series:
    r"""Guimerà and Amaral's role of each actor: hub of its group or not, and how its ties spread over the groups.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    direction : {"all", "out", "in"}
        For directed ties: outgoing plus incoming, outgoing, or incoming.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts each tied pair as 1, as published.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series of str
        Named ``cartographic_roles``, indexed by actor. Hubs have a `within_group_z` of 2.5 or more. Others, by
        `participation` P: ``ultra_peripheral`` (up to .05), ``peripheral`` (.62), ``connector`` (.80), ``kinless``;
        hubs: ``provincial_hub`` (.30), ``connector_hub`` (.75), ``kinless_hub``. Missing for an isolate; an actor
        whose z is undefined is no hub.

    References
    ----------
    Guimerà, R. & Amaral, L. A. N. (2005). Functional cartography of complex metabolic networks. Nature 433, 895-900.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> actors = pd.DataFrame({"actor": ["Tours", "Métropole", "Artisaloire"], "sector": ["public", "public", "civil"]})
    >>> cartographic_roles(rt.Network(ties, actors=actors), by="sector").to_dict()
    {'Tours': 'peripheral', 'Métropole': 'ultra_peripheral', 'Artisaloire': 'ultra_peripheral'}
    """
    spread, inside = (
        measure(net, by=by, direction=direction, layer=layer, period=period, weight=weight, missing=missing, per=per)
        for measure in (participation, within_group_z)
    )

    def role(place: float, z: float) -> str | None:
        names = HUBS if z >= HUB else PERIPHERAL
        return next((name for limit, name in names.items() if place <= limit + ROUNDING), None)

    roles = [role(place, z) for place, z in zip(spread, inside, strict=True)]
    return pd.Series(roles, index=spread.index, name="cartographic_roles", dtype="str")


def known_ties(
    view: TieView, weight: str | None, direction: Direction, codes: NDArray[np.int32]
) -> tuple[csr_array, NDArray[np.int64], NDArray[np.bool_]]:
    """Return the ties of each actor read in a direction, and which join two actors that have a group."""
    if direction == "all":
        matrix = strengths_of_pairs(view, weight)
    else:
        matrix = make_matrix(view, direction, weighted=weight is not None)
    row = owners(matrix)
    return matrix, row, (codes[row] >= 0) & (codes[matrix.indices] >= 0)


def _arcs(view: TieView, weight: str | None, direction: Direction) -> Iterator[Arcs]:
    """Yield the ties of each actor read in a direction; without weights, each tied pair once in each direction."""
    if weight is not None:
        return arcs_in_blocks(view, direction)
    if direction == "all":
        return matrix_in_blocks(strengths_of_pairs(view, None))
    return matrix_in_blocks(make_matrix(view, direction, weighted=False))
