"""What users lose when one actor fails."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reseau_territorial.metrics._answers import Service, diagonal

Losses = tuple[NDArray[np.bool_], NDArray[np.int64]]


def losses(offered: Service, within: int, distance: NDArray[np.float64]) -> Losses:
    """Return which (user, need) some failure takes away, and how many each actor's failure takes, by need.

    The failure of the user itself does not count: it has no need any more.
    """
    served = distance <= within
    return _direct_losses(offered, within, served, distance) if within <= 1 else _losses(offered, within, served)


def _direct_losses(offered: Service, within: int, served: NDArray[np.bool_], distance: NDArray[np.float64]) -> Losses:
    """Among partners, an answer is lost with the only actor that gives it."""
    n = len(offered.actors)
    near = offered.reach(within)[offered.users]
    number = diagonal(np.arange(n, dtype=np.float64))
    doors = (near @ offered.offer).toarray()
    provider = (near @ number @ offered.offer).toarray().astype(np.int64)
    sole = served & (doors == 1.0) & (distance > 0)
    taken = np.zeros((n, len(offered.needs)), dtype=np.int64)
    user, need = np.nonzero(sole)
    np.add.at(taken, (provider[user, need], need), 1)
    return sole, taken


def _losses(offered: Service, within: int, served: NDArray[np.bool_]) -> Losses:
    """Further away, an answer may also be lost with an actor on the way: take each actor out in turn."""
    lost = np.zeros_like(served)
    taken = np.zeros((len(offered.actors), len(offered.needs)), dtype=np.int64)
    ties = np.diff(offered.contacts.indptr)
    for actor in np.flatnonzero(ties > 0):
        gone = served & (offered.distances(without=int(actor)) > within)
        gone[offered.users == actor] = False
        lost |= gone
        taken[actor] = gone.sum(axis=0)
    return lost, taken
