"""What of a service is lost when actors fail at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError, enumerate_values, unknown_name
from reseau_territorial.metrics._answers import SERVING, Users, answers_of, service
from reseau_territorial.metrics._slices import Names, choose

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["expected_loss"]

Floats = NDArray[np.float64]


def expected_loss(
    net: Network,
    *,
    failure: float | Mapping[str, float] | pd.Series = 0.1,
    served: Literal["actors", "territories"] = "actors",
    users: Users = None,
    layer: Names = None,
    period: Names = None,
    roles: Sequence[str] = SERVING,
) -> pd.DataFrame:
    r"""Service that is lost, on average, when each actor fails with some probability, independently of the others.

    Parameters
    ----------
    net : Network
        A network with a provision.
    failure : float, dict or Series, default 0.1
        Probability that an actor fails, between 0 and 1: the same for all, or one per actor (0 for those not named).
    served : {"actors", "territories"}
        Whether needs are those of actors, who ask the partners that answer them, or of the territories of
        `net.provision`.
    users : dict, list of str or str, optional
        Whose needs are looked at (for actors): a filter such as ``{"sector": "civil"}``, or actors. By default
        everyone.
    layer, period : str or list of str, optional
        Keep only these layers, these periods (answers without a period always count).
    roles : sequence of str
        Roles of `net.provision` that serve; an answer without a role serves.

    Returns
    -------
    pandas.DataFrame
        Indexed by need: `pairs` (users, or territories, that are served), `lost` (how many of them would be served no
        longer, on average) and `loss` (their share, 0 to 1; NaN when nobody is served). ``attrs["loss"]`` is the share
        over all needs together. Ties are taken in either direction, whatever their weight.

    Raises
    ------
    ReseauError
        If the network has no provision, or a probability is not one.
    UnknownNameError
        If `failure` names an actor that is not there.

    Notes
    -----
    A pair is lost when all who answer it fail: with the probability :math:`\prod_i q_i`. A user is taken not to fail
    itself, so that what it answers for itself is never lost. Exact for partners; further away it would also depend on
    those on the way, and counting those cases is out of reach (#P-hard). One actor at a time: :func:`continuity`.

    References
    ----------
    Valiant (1979). The complexity of enumeration and reliability problems. SIAM Journal on Computing 8(3), 410-421.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": "Ana", "target": ["Town", "County"]})
    >>> provision = pd.DataFrame({"actor": ["Town", "County", "County"], "need": ["masks", "masks", "aid"]})
    >>> expected_loss(Network(ties, provision=provision), users="Ana", failure=0.1)["loss"].round(3).to_dict()
    {'aid': 0.1, 'masks': 0.01}
    """
    choose("kind of loss", served, ("actors", "territories"))
    if served == "territories":
        needs, pairs, lost = _of_territories(net, failure, period, roles)
    else:
        needs, pairs, lost = _of_actors(net, failure, users, layer, period, roles)
    loss = np.divide(lost, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)
    frame = pd.DataFrame({"pairs": pairs.astype(int), "lost": lost, "loss": loss}, index=needs)
    frame.attrs = {"loss": float(lost.sum() / pairs.sum()) if pairs.sum() else np.nan}
    return frame


def _of_actors(
    net: Network, failure: Any, users: Users, layer: Names, period: Names, roles: Sequence[str]
) -> tuple[pd.Index, Floats, Floats]:
    offered = service(net, users=users, layer=layer, period=period, roles=roles)
    fails = _probabilities(net, failure)[net.actors.index.get_indexer(offered.actors)]
    offer = offered.offer.toarray()
    own = offer[offered.users] > 0
    contacts = offered.contacts[offered.users]
    doors = contacts @ offer
    safe = contacts @ (offer * (fails == 0)[:, None])
    # The product over doors is the exponential of a sum of logarithms; sure doors are counted apart.
    logs = np.log(fails, out=np.zeros(len(fails)), where=fails > 0)
    all_fail = np.where((doors > 0) & (safe == 0) & ~own, np.exp(contacts @ (offer * logs[:, None])), 0.0)
    served = own | (doors > 0)
    return offered.needs, served.sum(axis=0).astype(float), all_fail.sum(axis=0)


def _of_territories(net: Network, failure: Any, period: Names, roles: Sequence[str]) -> tuple[pd.Index, Floats, Floats]:
    answers = answers_of(net, period=period, roles=roles).drop_duplicates(["territory", "need", "actor"])
    fails = _probabilities(net, failure)[net.actors.index.get_indexer(pd.Index(answers["actor"]))]
    cells = answers.assign(fails=fails).groupby(["need", "territory"], dropna=False)["fails"].prod()
    table = cells.groupby("need").agg(["size", "sum"])
    return table.index, table["size"].to_numpy(dtype=float), table["sum"].to_numpy(dtype=float)


def _probabilities(net: Network, failure: float | Mapping[str, float] | pd.Series) -> Floats:
    """Return the probability that each actor of the network fails."""
    actors = net.actors.index
    if isinstance(failure, Mapping | pd.Series):
        named = pd.Series(failure, dtype=float)
        for actor in named.index:
            if actor not in actors:
                raise unknown_name("actor", actor, actors)
        values = named.reindex(actors, fill_value=0.0)
    else:
        values = pd.Series(float(failure), index=actors)
    wrong = values[~values.between(0, 1)]
    if len(wrong):
        raise ReseauError(
            f"failure is a probability, between 0 and 1; it is {float(wrong.iloc[0])!r} for "
            f"{enumerate_values(wrong.index)}"
        )
    return values.to_numpy(dtype=np.float64)
