"""How a network holds when its actors leave one by one."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_count, make_generator
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.metrics.centrality import betweenness
from reseau_territorial.network import Choice, Network
from reseau_territorial.nulls._unchecked import in_order_of_names
from reseau_territorial.vocabulary import SEED

__all__ = ["Robustness", "robustness"]

Attack = Literal["degree", "recomputed", "betweenness", "random"]
DIGITS = 6
ATTACKS = ("degree", "recomputed", "betweenness", "random")


@dataclass(frozen=True, kw_only=True, eq=False)
class Robustness:
    """How the largest piece of a network shrinks as actors are removed.

    Attributes
    ----------
    attack : str
        How the order of removal was chosen.
    index : float
        Mean size of the largest piece over all removals, as a share of all actors.
    curve : DataFrame
        One row per removal: ``removed`` (number, or share), ``actor`` (missing if the order is random) and
        ``largest``, the size of the largest piece as a share of all actors.
    seed : int
        Seed of random orders.
    """

    attack: str
    index: float
    curve: pd.DataFrame
    seed: int

    def to_frame(self) -> pd.DataFrame:
        """Return the curve."""
        return self.curve.copy()

    def __repr__(self) -> str:
        return f"<Robustness: {self.index:.3f} under removal by {self.attack}>"


def robustness(
    net: Network,
    *,
    attack: Attack | Sequence[str] = "recomputed",
    layer: Choice = None,
    period: Choice = None,
    n_resamples: int = 200,
    seed: int = SEED,
) -> Robustness:
    r"""Remove the actors one by one, and watch the largest piece of the network.

    Parameters
    ----------
    net : Network
        The network.
    attack : {"recomputed", "degree", "betweenness", "random"} or sequence of str
        Order of removal: largest number of partners first, counted again after each removal; counted once;
        betweenness, computed once; random (mean of `n_resamples` orders); or the actors in an order of your own, all
        of them. Of equals, the first name goes first.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    n_resamples : int, default 200
        Number of random orders.
    seed : int
        Seed of the random orders.

    Returns
    -------
    Robustness
        ``index``, at most 1/2, reached when all actors are tied to all; near 0 for a star attacked at its centre;
        and the ``curve``.

    Raises
    ------
    UnknownNameError
        If the attack, or an actor of the order, is not there.

    Notes
    -----
    .. math:: R = \frac{1}{n} \sum_{q=1}^{n} S(q)

    with S(q) the share of the n actors in the largest piece after q removals. Ties count in both directions, weights
    do not. The actors are put back in reverse order, joining pieces as they come (union-find), so that one order costs
    a time that grows with the ties only.

    References
    ----------
    Schneider, Moreira, Andrade, Havlin & Herrmann (2011). Mitigation of malicious attacks on networks. PNAS 108(10),
    3838-3841.

    Examples
    --------
    >>> star = Network(pd.DataFrame({"source": ["hub"] * 4, "target": list("abcd")}))
    >>> round(robustness(star).index, 2)
    0.16
    """
    net = in_order_of_names(net)
    view = net._view(layer=layer, period=period, weight=None)
    matrix = view.undirected_binary
    first, neighbour = matrix.indptr, matrix.indices
    size = view.n
    if not size:
        raise ReseauError("the network has no actor to remove. Widen the selection.")
    names = view.actors.to_numpy()
    if isinstance(attack, str) and attack not in ATTACKS:
        raise unknown_name("attack", attack, ATTACKS)
    if attack == "random":
        check_count("n_resamples", n_resamples, least=1, usual="200 is usual.")
        rng = make_generator(seed)
        curves = [_largest(first, neighbour, rng.permutation(size)) for _ in range(n_resamples)]
        largest, actors = np.mean(curves, axis=0), np.full(size, None)
        how = "random"
    else:
        order = _order(net, attack, first, neighbour, view.actors, layer=layer, period=period)
        largest, actors = _largest(first, neighbour, order), names[order]
        how = attack if isinstance(attack, str) else "a given order"
    removed = np.arange(1, size + 1)
    curve = pd.DataFrame({"removed": removed, "share": removed / size, "actor": actors, "largest": largest})
    return Robustness(attack=how, index=float(largest.mean()), curve=curve, seed=seed)


def _order(
    net: Network,
    attack: Attack | Sequence[str],
    first: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    actors: pd.Index,
    *,
    layer: Choice,
    period: Choice,
) -> NDArray[np.int64]:
    if not isinstance(attack, str):
        for actor in attack:
            if actor not in actors:
                raise unknown_name("actor", actor, actors)
        order = actors.get_indexer(pd.Index(attack))
        if len(set(order)) != len(actors) or len(order) != len(actors):
            raise ReseauError(f"the order names {len(order)} of {len(actors)} actors. Name every actor once.")
        return np.asarray(order, dtype=np.int64)
    if attack == "recomputed":
        return _by_degree_again(first, neighbour)
    if attack == "betweenness":
        # Rounding must not rank actors who are alike.
        rank = betweenness(net, layer=layer, period=period, weight=None).to_numpy().round(DIGITS)
    else:
        rank = np.diff(first).astype(np.float64)
    return np.argsort(-rank, kind="stable")


def _by_degree_again(first: NDArray[np.int32], neighbour: NDArray[np.int32]) -> NDArray[np.int64]:
    """Remove the actor with most remaining partners, again and again; the first in order among equals."""
    degree = np.diff(first).tolist()
    waiting = [(-count, actor) for actor, count in enumerate(degree)]
    heapq.heapify(waiting)
    gone = [False] * len(degree)
    order = []
    while waiting:
        count, actor = heapq.heappop(waiting)
        if gone[actor] or -count != degree[actor]:
            continue
        gone[actor] = True
        order.append(actor)
        for other in neighbour[first[actor] : first[actor + 1]].tolist():
            if not gone[other]:
                degree[other] -= 1
                heapq.heappush(waiting, (-degree[other], other))
    return np.array(order, dtype=np.int64)


def _largest(first: NDArray[np.int32], neighbour: NDArray[np.int32], order: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the share of actors in the largest piece after each removal, by putting them back in reverse."""
    size = len(order)
    parent = list(range(size))
    pieces = [1] * size
    there = [False] * size
    largest = np.zeros(size)
    best = 0
    for step in range(size - 1, -1, -1):
        largest[step] = best / size
        actor = int(order[step])
        there[actor] = True
        root = actor
        for other in neighbour[first[actor] : first[actor + 1]].tolist():
            if there[other]:
                root = _join(parent, pieces, root, other)
        best = max(best, pieces[root])
    return largest


def _join(parent: list[int], pieces: list[int], one: int, other: int) -> int:
    """Join the pieces of two actors, and return the root of the result."""
    one, other = _root(parent, one), _root(parent, other)
    if one == other:
        return one
    if pieces[one] < pieces[other]:
        one, other = other, one
    parent[other] = one
    pieces[one] += pieces[other]
    return one


def _root(parent: list[int], actor: int) -> int:
    while parent[actor] != actor:
        parent[actor] = parent[parent[actor]]
        actor = parent[actor]
    return actor
