"""Who can be asked for what: coverage, doors to knock on, and the distance to an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import unknown_name
from reseau_territorial.metrics._answers import SERVING, Service, Users, check_within, diagonal, service
from reseau_territorial.metrics._failures import losses
from reseau_territorial.metrics._set_cover import fewest_sets
from reseau_territorial.metrics._slices import Matrix, Names

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["access_distance", "contacts", "coverage"]


def access_distance(
    net: Network,
    *,
    users: Users = None,
    layer: Names = None,
    period: Names = None,
    roles: Sequence[str] = SERVING,
) -> pd.DataFrame:
    r"""Distance of each user to each need: the steps to the nearest actor that answers it.

    Parameters
    ----------
    net : Network
        A network with a provision: who answers which need.
    users : dict, list of str or str, optional
        Whose needs are looked at: a filter of actors such as ``{"sector": "civil"}``, or actors. By default
        everyone.
    layer, period : str or list of str, optional
        Keep only these layers, these periods (answers without a period always count).
    roles : sequence of str
        Roles of `net.provision` that serve; an answer without a role serves.

    Returns
    -------
    pandas.DataFrame
        A row per user, a column per need: 0 for a user that answers the need itself, 1 for a partner, and so
        on; infinite if no answer can be reached. Ties are taken in either direction, whatever their weight.

    Raises
    ------
    ReseauError
        If the network has no provision.

    Notes
    -----
    .. math:: d(u, k) = \min_{v \text{ answers } k} d(u, v)

    References
    ----------
    Church & ReVelle (1974). The maximal covering location problem. Papers of the Regional Science Association
    32.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["Ana", "Town"], "target": ["Town", "County"]})
    >>> provision = pd.DataFrame({"actor": ["Town", "County"], "need": ["masks", "aid"]})
    >>> access_distance(Network(ties, provision=provision), users="Ana").loc["Ana"].to_dict()
    {'aid': 2.0, 'masks': 1.0}
    """
    offered = service(net, users=users, layer=layer, period=period, roles=roles)
    index = offered.actors[offered.users]
    return pd.DataFrame(offered.distances(), index=index, columns=offered.needs)


def coverage(
    net: Network,
    *,
    within: int = 1,
    users: Users = None,
    layer: Names = None,
    period: Names = None,
    roles: Sequence[str] = SERVING,
) -> pd.DataFrame:
    r"""Coverage of each need: the share of users that reach an answer, and how surely.

    Parameters
    ----------
    net : Network
        A network with a provision: who answers which need.
    within : int, default 1
        Steps that a user may take: 0 its own answers, 1 its partners, 2 the partners of its partners.
    users : dict, list of str or str, optional
        Whose needs are looked at: a filter of actors such as ``{"sector": "civil"}``, or actors. By default
        everyone.
    layer, period : str or list of str, optional
        Keep only these layers, these periods (answers without a period always count).
    roles : sequence of str
        Roles of `net.provision` that serve; an answer without a role serves.

    Returns
    -------
    pandas.DataFrame
        Indexed by need: `users` and `providers` (numbers), `covered` (share of users served within the
        steps), `secured` (share of the served that stay served whichever one other actor fails; NaN if nobody
        is served), `access` (mean of :math:`1 / (1 + d)`, 0 where nothing is reached), `distance` (mean over
        those that reach an answer at any distance; NaN if none does) and `unreached` (number of users that
        reach none).

    Raises
    ------
    ReseauError
        If the network has no provision, or `within` is negative.

    Notes
    -----
    `access` is the harmonic closeness to the set of those who answer. `secured` is what continuity planners
    call N-1 coverage. Ties are taken in either direction, whatever their weight.

    References
    ----------
    Church & ReVelle (1974). The maximal covering location problem. Papers of the Regional Science Association
    32.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["Ana", "Town"], "target": ["Town", "County"]})
    >>> provision = pd.DataFrame({"actor": ["Town", "County"], "need": ["masks", "aid"]})
    >>> coverage(Network(ties, provision=provision))["covered"].round(2).to_dict()
    {'aid': 0.67, 'masks': 1.0}
    """
    check_within(within)
    offered = service(net, users=users, layer=layer, period=period, roles=roles)
    distance = offered.distances()
    reached = np.isfinite(distance)
    served = distance <= within
    lost, _ = losses(offered, within, distance)
    number = max(len(offered.users), 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        frame = {
            "users": np.full(len(offered.needs), len(offered.users)),
            "providers": np.asarray(offered.offer.sum(axis=0)).ravel().astype(int),
            "covered": served.sum(axis=0) / number,
            "secured": (served & ~lost).sum(axis=0) / served.sum(axis=0),
            "access": (1.0 / (1.0 + distance)).sum(axis=0) / number,
            "distance": np.where(reached, distance, 0.0).sum(axis=0) / reached.sum(axis=0),
            "unreached": (~reached).sum(axis=0),
        }
    return pd.DataFrame(frame, index=offered.needs)


def contacts(
    net: Network,
    *,
    within: int = 1,
    users: Users = None,
    facilitators: Sequence[str] | None = None,
    layer: Names = None,
    period: Names = None,
    roles: Sequence[str] = SERVING,
) -> pd.DataFrame:
    r"""Doors that each user must knock on for all its needs: as it is, at best, and through a facilitator.

    Parameters
    ----------
    net : Network
        A network with a provision: who answers which need.
    within : int, default 1
        How far a door may be: 1 the partners of the user, 2 their partners too.
    users : dict, list of str or str, optional
        Whose needs are looked at: a filter of actors such as ``{"sector": "civil"}``, or actors. By default
        everyone.
    facilitators : list of str, optional
        Actors that also answer through their partners. By default those whose role in `net.provision` is
        ``"facilitator"``, and every actor when none is.
    layer, period : str or list of str, optional
        Keep only these layers, these periods (answers without a period always count).
    roles : sequence of str
        Roles of `net.provision` that serve; an answer without a role serves.

    Returns
    -------
    pandas.DataFrame
        Indexed by user: `needs` (those that some actor within the steps answers), `actual` (doors: the
        different actors that answer one of them), `per_need` (mean number of doors of a need), `minimum`
        (fewest doors that answer all of them), `facilitated` (fewest when a facilitator within the steps also
        answers for its own partners), `single_desk` (1 if one door is enough, 0 if each need has its own; NaN
        for a user of at most one need) and `duplication` (share of the doors of the needs that are beyond the
        first; NaN without need). The user counts as a door for what it answers itself. Few needs give few
        doors: read `needs` first.

    Raises
    ------
    ReseauError
        If the network has no provision, or `within` is negative.

    Notes
    -----
    .. math::

        GS(u) = \frac{|K_u| - C(u)}{|K_u| - 1}, \qquad
        D(u) = \frac{\sum_k \max(0, E(u, k) - 1)}{\sum_k E(u, k)}

    :math:`C(u)` is a minimum set cover, found exactly by integer programming; beyond 10,000 different doors
    of one user it is the greedy cover, at most :math:`1 + \ln |K_u|` times larger. Doors are counted in the
    present ties, taken in either direction.

    References
    ----------
    Chvátal (1979). A greedy heuristic for the set-covering problem. Mathematics of Operations Research 4(3).

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": "Ana", "target": ["Town", "County", "Desk"]})
    >>> provision = pd.DataFrame({"actor": ["Town", "County", "Desk", "Desk"],
    ...                           "need": ["masks", "aid", "masks", "aid"]})
    >>> contacts(Network(ties, provision=provision), users="Ana")[["actual", "minimum"]].loc["Ana"].to_list()
    [3, 1]
    """
    check_within(within)
    offered = service(net, users=users, layer=layer, period=period, roles=roles)
    near = offered.reach(within)
    mediated = _mediated(net, offered, facilitators)
    own, through = _bits(offered.offer), _bits(mediated)
    counts = (near @ offered.offer).toarray()[offered.users] if len(offered.users) else np.zeros((0, 0))
    rows = [
        _doors(near.indices[near.indptr[user] : near.indptr[user + 1]], own, through, counts[row])
        for row, user in enumerate(offered.users)
    ]
    columns = ["needs", "actual", "per_need", "minimum", "facilitated", "single_desk", "duplication"]
    return pd.DataFrame(rows, index=offered.actors[offered.users], columns=columns)


def _doors(
    reachable: NDArray[Any], own: list[int], through: list[int], counts: NDArray[np.float64]
) -> tuple[int, int, float, int, int, float, float]:
    """Count the doors of one user."""
    doors = [own[actor] for actor in reachable if own[actor]]
    wanted = 0
    for door in doors:
        wanted |= door
    needs = wanted.bit_count()
    minimum = fewest_sets(doors)
    facilitated = fewest_sets([(own[actor] | through[actor]) & wanted for actor in reachable])
    total = float(counts.sum())
    return (
        needs,
        len(doors),
        total / needs if needs else np.nan,
        minimum,
        facilitated,
        (needs - minimum) / (needs - 1) if needs > 1 else np.nan,
        (total - needs) / total if total else np.nan,
    )


def _mediated(net: Network, offered: Service, facilitators: Sequence[str] | None) -> Matrix:
    """Return what each facilitator can answer through its partners."""
    from scipy import sparse

    names = facilitators
    if names is None:
        provision = net.provision
        names = provision.loc[provision["role"] == "facilitator", "actor"].unique().tolist()
        names = names or offered.actors.to_list()
    for name in names:
        if name not in net.actors.index:
            raise unknown_name("actor", name, net.actors.index)
    chosen = offered.actors.isin(list(names)).astype(np.float64)
    matrix = sparse.csr_array(diagonal(chosen) @ offered.contacts @ offered.offer)
    matrix.eliminate_zeros()
    return matrix


def _bits(matrix: Matrix) -> list[int]:
    """Return the needs of each row as the bits of an integer."""
    return [
        sum(1 << int(need) for need in matrix.indices[begin:end])
        for begin, end in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)
    ]
