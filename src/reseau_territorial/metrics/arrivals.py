"""Who comes in: the actors that have ties, or answer needs, and did not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reseau_territorial.metrics._slices import Names
from reseau_territorial.metrics._waves import PRESENT, UNKNOWN, Subject, two_periods, waves_of

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["newcomers"]


def newcomers(net: Network, *, before: str, after: str, layer: Names = None, of: Subject = "ties") -> pd.DataFrame:
    r"""Newcomers: the actors that have a tie in a period and had none in an earlier one.

    Parameters
    ----------
    net : Network
        A network with periods.
    before, after : str
        The earlier and the later period.
    layer : str or list of str, optional
        Keep only these layers.
    of : {"ties", "provision"}
        Look at the ties, or at the needs that actors answer (index ``actor``, ``need``).

    Returns
    -------
    pandas.DataFrame
        Indexed by actor, in the order of the network: `kind`, `sector`, `ties` (in the later period; with
        ``of="provision"`` the territories served) and `certain` (False when something about the actor is
        unknown in the earlier period, so that it may not be new).

    Raises
    ------
    ReseauError
        If the periods are not in order.

    References
    ----------
    Kapucu, N. (2006). Interagency communication networks during emergencies. American Review of Public Administration
    36(2), 207-225 (who joins a network in a disaster).

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A"], "target": ["B", "C"], "period": ["before", "crisis"]})
    >>> newcomers(Network(ties), before="before", after="crisis").index.to_list()
    ['C']
    """
    waves = waves_of(net, layer, of)
    first, second = two_periods(waves, before, after)
    ends = ["source", "target"] if of == "ties" else ["actor"]
    extra = [] if of == "ties" else ["need"]
    keys = pd.concat([waves.keys[[end, *extra]].set_axis(["actor", *extra], axis=1) for end in ends])
    state = pd.DataFrame(np.tile(waves.state[:, [first, second]], (len(ends), 1)), columns=["was", "now"])
    told = pd.concat([keys.reset_index(drop=True), state], axis=1)
    told = told.assign(
        had=told["was"] == PRESENT, doubt=told["was"] == UNKNOWN, ties=(told["now"] == PRESENT).astype(int)
    )
    found = told.groupby(["actor", *extra], sort=False).agg(
        had=("had", "any"), doubt=("doubt", "any"), ties=("ties", "sum")
    )
    new = found[~found["had"] & (found["ties"] > 0)]
    order = net.actors.index.get_indexer(pd.Index(new.index.get_level_values("actor")))
    new = new.iloc[np.argsort(order, kind="stable")]
    about = net.actors[["kind", "sector"]].reindex(pd.Index(new.index.get_level_values("actor")))
    return about.set_index(new.index).assign(ties=new["ties"], certain=~new["doubt"])
