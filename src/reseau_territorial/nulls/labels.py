"""Null model of labels: the groups are dealt out again over the actors, the ties stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import comb

import numpy as np
from numpy.typing import NDArray

from reseau_territorial._arguments import make_generator
from reseau_territorial._kernels import choose
from reseau_territorial.network import Network
from reseau_territorial.nulls._loops import add_up_tables
from reseau_territorial.nulls._unchecked import in_order_of_names, with_groups
from reseau_territorial.vocabulary import SEED

# Cells of the tables that stand in memory at once.
CHUNK = 4_000_000

Codes = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class LabelNull:
    """The ways to deal the groups out again.

    Attributes
    ----------
    codes : ndarray of int32
        Group of each actor.
    strata : ndarray of int32
        Stratum of each actor: groups are exchanged inside a stratum only.
    """

    codes: Codes
    strata: Codes

    @property
    def arrangements(self) -> int:
        """Number of distinct ways, the observed one included."""
        count = 1
        for members in self._members():
            left = len(members)
            for size in np.unique(self.codes[members], return_counts=True)[1]:
                count *= comb(left, int(size))
                left -= int(size)
        return count

    def draw(self, rng: np.random.Generator, count: int) -> Codes:
        """Draw that many ways at random, one per row."""
        rows = np.repeat(self.codes[None, :], count, axis=0)
        members = self._members()
        if len(members) == 1:
            return rng.permuted(rows, axis=1)
        for row in rows:
            for inside in members:
                row[inside] = rng.permutation(row[inside])
        return rows

    def every(self) -> Codes:
        """Return every distinct way once, one per row."""
        members = self._members()
        ways = [_distinct(self.codes[inside]) for inside in members]
        rows = np.repeat(self.codes[None, :], self.arrangements, axis=0)
        for row, choice in zip(rows, product(*(range(len(way)) for way in ways)), strict=True):
            for inside, way, number in zip(members, ways, choice, strict=True):
                row[inside] = way[number]
        return rows

    def _members(self) -> list[NDArray[np.int64]]:
        order = np.argsort(self.strata, kind="stable")
        starts = np.flatnonzero(np.diff(self.strata[order]))
        return np.split(order, starts + 1)


def shuffle_groups(net: Network, *, by: str, within: str | None = None, seed: int = SEED) -> Network:
    """Return the network with the groups of its actors exchanged at random.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column to shuffle. Group sizes stay, ties stay.
    within : str, optional
        Actor column of strata: groups are exchanged between actors of one stratum only, such as a territory.
    seed : int
        Seed of the draw.

    Returns
    -------
    Network
        With a new `by` column.

    Raises
    ------
    ReseauError
        If an actor has no group or no stratum.

    Examples
    --------
    >>> import pandas as pd
    >>> ties = pd.DataFrame({"source": ["a"], "target": ["b"]})
    >>> net = Network(ties, actors=pd.DataFrame({"actor": ["a", "b"], "sector": ["public", "civil"]}))
    >>> sorted(shuffle_groups(net, by="sector").actors["sector"])
    ['civil', 'public']
    """
    named = in_order_of_names(net)
    codes, labels = named._groups(by)
    strata = np.zeros_like(codes) if within is None else named._groups(within)[0]
    drawn = LabelNull(codes, strata).draw(make_generator(seed), 1)[0]
    place = named.actors.index.get_indexer(net.actors.index)
    return with_groups(net, by, labels.take(drawn[place]).to_numpy())


def tables_of(
    codes: Codes,
    source: NDArray[np.int64],
    target: NDArray[np.int64],
    weight: NDArray[np.float64],
    groups: int,
    *,
    draws: int,
) -> NDArray[np.float64]:
    """Return the mixing table of each row of group codes; `draws` is how many rows there will be in all."""
    tables = np.zeros((len(codes), groups, groups))
    # The loop below does in NumPy what Python would do a hundred times slower: compile only for much more.
    loop, compiled = choose(add_up_tables, draws * len(source) / 20)
    if compiled:
        loop(codes, source, target, weight, tables)
        return tables
    step = max(1, CHUNK // max(len(source), 1))
    for start in range(0, len(codes), step):
        part = codes[start : start + step].astype(np.int64)
        cell = part[:, source] * groups
        cell += part[:, target]
        cell += np.arange(len(part))[:, None] * groups**2
        weights = np.broadcast_to(weight, cell.shape).ravel()
        summed = np.bincount(cell.ravel(), weights=weights, minlength=len(part) * groups**2)
        tables[start : start + step] = summed.reshape(len(part), groups, groups)
    return tables


def _distinct(codes: Codes) -> list[Codes]:
    return list(_orders(np.sort(codes)))


def _orders(codes: Codes) -> Iterator[Codes]:
    """Go through the distinct orders of a sorted list, each the next in alphabetical order."""
    current = codes.copy()
    while True:
        yield current.copy()
        rises = np.flatnonzero(current[:-1] < current[1:])
        if not len(rises):
            return
        pivot = rises[-1]
        swap = np.flatnonzero(current > current[pivot])
        swap = swap[swap > pivot][-1]
        current[pivot], current[swap] = current[swap], current[pivot]
        current[pivot + 1 :] = current[pivot + 1 :][::-1].copy()
