"""Networks of resampled actors (Snijders & Borgatti 1999), as networks or, faster, as mixing tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.inference._fast import Statistic, table_statistic
from reseau_territorial.inference._values import number_of
from reseau_territorial.metrics._grouped import Grouped, grouping
from reseau_territorial.metrics._indices import Mixing
from reseau_territorial.network import Network
from reseau_territorial.nulls._unchecked import with_tables

Positions = NDArray[np.int64]
Draw = Callable[[Positions, np.random.Generator], float]


def resampled_statistic(net: Network, statistic: Statistic, options: Mapping[str, Any]) -> Draw:
    """Return the function from drawn actors (positions, with repeats) to the statistic of their network."""
    fast = None
    if "by" in options and not {"per", "missing", "layer", "period"} & set(options):
        fast = table_statistic(statistic, {name: value for name, value in options.items() if name != "by"})
    if fast is None:
        make = Resampler(net)
        return lambda drawn, rng: number_of(statistic, make.network(drawn, rng), options)
    view = net._view(weight=fast.weight)
    one = grouping(net, by=str(options["by"]), weight=fast.weight, symmetrize=fast.symmetrize)(view)
    tables = TableResampler(one)
    index = fast.index
    return lambda drawn, rng: float(index(tables.mixing(drawn, rng)))


def twins_of(
    order: Positions, times: Positions, first: Positions, rng: np.random.Generator
) -> tuple[Positions, Positions, Positions, Positions]:
    """Pair the copies of each actor, and draw for each pair the two actors whose ties it gets.

    `order` lists the places of the copies, actor by actor, `first` where each actor begins and `times` how many
    copies it has.
    """
    size = len(times)
    one_end: list[Positions] = [np.zeros(0, dtype=np.int64)]
    other_end: list[Positions] = [np.zeros(0, dtype=np.int64)]
    for actor in np.flatnonzero(times > 1) if size > 1 else []:
        copies = order[first[actor] : first[actor] + times[actor]]
        left, right = np.triu_indices(len(copies), k=1)
        one_end.append(copies[left])
        other_end.append(copies[right])
    one, other = np.concatenate(one_end), np.concatenate(other_end)
    low = rng.integers(0, size, size=len(one))
    # As many ordered pairs either way: the end that the first copy stands for is drawn too.
    high = (low + rng.integers(1, max(size, 2), size=len(one))) % size
    return one, other, low, high


class TableResampler:
    """Mixing tables of resampled actors: no network is built.

    Parameters
    ----------
    one : Grouped
        Ties and groups.
    """

    def __init__(self, one: Grouped) -> None:
        ties = one.matrix.tocoo()
        self.codes = one.groups.astype(np.int64)
        self.groups = len(one.labels)
        self.directed = one.directed
        self.source, self.target, self.weight = ties.row, ties.col, ties.data
        self.cell = self.codes[ties.row] * self.groups + self.codes[ties.col]
        # Weight of a pair, both directions together: both ends of a pair of copies are in one group.
        size = len(self.codes)
        low, high = np.minimum(ties.row, ties.col).astype(np.int64), np.maximum(ties.row, ties.col)
        self.pairs, inverse = np.unique(low * size + high, return_inverse=True)
        self.pair_weight = np.bincount(inverse, weights=ties.data, minlength=len(self.pairs))

    def mixing(self, drawn: Positions, rng: np.random.Generator) -> Mixing:
        """Return the mixing table of the drawn actors; groups without any of them are left out."""
        size = len(self.codes)
        times = np.bincount(drawn, minlength=size)
        order = np.argsort(drawn, kind="stable")
        first = np.cumsum(times) - times
        weight = self.weight * times[self.source] * times[self.target]
        table = np.bincount(self.cell, weights=weight, minlength=self.groups**2).astype(np.float64)
        table = table.reshape(self.groups, self.groups)
        one, _, low, high = twins_of(order, times, first, rng)
        key = np.minimum(low, high) * size + np.maximum(low, high)
        place = np.minimum(np.searchsorted(self.pairs, key), max(len(self.pairs) - 1, 0))
        if len(self.pairs):
            tied = self.pairs[place] == key
            inside = np.where(tied, self.pair_weight[place], 0.0)
            added = np.bincount(self.codes[drawn[one]], weights=inside, minlength=self.groups)
            table[np.diag_indices(self.groups)] += added
        sizes = np.bincount(self.codes[drawn], minlength=self.groups).astype(np.float64)
        kept = np.flatnonzero(sizes)
        return Mixing(ties=table[np.ix_(kept, kept)], sizes=sizes[kept], directed=self.directed)


class Resampler:
    """Networks whose actors are copies of those of one network.

    Parameters
    ----------
    net : Network
        The network; only its present ties are copied.
    """

    def __init__(self, net: Network) -> None:
        ties = net.ties
        self.net = net
        self.actors = net.actors
        self.ties = ties[ties["status"] == "present"].reset_index(drop=True)
        self.present = net._view(weight=None)
        self.source, self.target = self.present.source.astype(np.int64), self.present.target.astype(np.int64)
        pair = np.minimum(self.source, self.target) * len(net) + np.maximum(self.source, self.target)
        self.by_pair = np.argsort(pair, kind="stable")
        self.pairs = pair[self.by_pair]

    def network(self, drawn: Positions, rng: np.random.Generator) -> Network:
        """Return the network of the drawn actors: their positions, with repeats, as many as wished."""
        names = self._names(drawn)
        row, source, target = self._ties(drawn, rng)
        ties = self.ties.take(row).reset_index(drop=True)
        for column, ends in (("source", source), ("target", target)):
            ties[column] = pd.Series(names[ends], dtype=self.ties[column].dtype)
        actors = self.actors.take(drawn).set_axis(pd.Index(names, name="actor", dtype=self.actors.index.dtype))
        return with_tables(self.net, actors=actors, ties=ties)

    def view(self, drawn: Positions, rng: np.random.Generator) -> TieView:
        """Return the ties, counted as 1, of the network of the drawn actors, in the order drawn: no table is made."""
        row, source, target = self._ties(drawn, rng)
        return TieView(
            actors=pd.RangeIndex(len(drawn)),
            source=source.astype(np.int32),
            target=target.astype(np.int32),
            weight=np.ones(len(row)),
            mutual=self.present.mutual[row],
            layer=self.present.layer[row],
            period=self.present.period[row],
            directed=self.present.directed,
        )

    def _ties(self, drawn: Positions, rng: np.random.Generator) -> tuple[Positions, Positions, Positions]:
        """Return the ties to copy, and the places in `drawn` of the ends of each copy."""
        order = np.argsort(drawn, kind="stable")
        times = np.bincount(drawn, minlength=len(self.actors))
        first = np.cumsum(times) - times
        # Each tie is copied for each copy of its source and each copy of its target.
        copies = times[self.source] * times[self.target]
        row = np.repeat(np.arange(len(self.source)), copies)
        number = np.arange(len(row)) - np.repeat(np.cumsum(copies) - copies, copies)
        per_target = times[self.target[row]]
        source = order[first[self.source[row]] + number // per_target]
        target = order[first[self.target[row]] + number % per_target]
        more = self._ties_of_twins(order, times, first, rng)
        both = [np.concatenate(parts) for parts in zip((row, source, target), more, strict=True)]
        return both[0], both[1], both[2]

    def _names(self, drawn: NDArray[np.int64]) -> NDArray[np.object_]:
        """Name the copies: the actor itself first, then with a number."""
        copy_number = pd.Series(drawn).groupby(drawn).cumcount().to_numpy()
        names = self.actors.index.to_numpy(dtype=object)[drawn]
        marked = [f"{name} #{copy + 1}" for name, copy in zip(names, copy_number, strict=True)]
        return np.where(copy_number == 0, names, np.array(marked, dtype=object))

    def _ties_of_twins(
        self, order: Positions, times: Positions, first: Positions, rng: np.random.Generator
    ) -> tuple[Positions, Positions, Positions]:
        """Give each pair of copies of one actor the ties of a pair of actors drawn at random."""
        one, other, low, high = twins_of(order, times, first, rng)
        key = np.minimum(low, high) * len(times) + np.maximum(low, high)
        begin, end = (np.searchsorted(self.pairs, key, side=side) for side in ("left", "right"))
        many = end - begin
        pair = np.repeat(np.arange(len(key)), many)
        row = self.by_pair[begin[pair] + np.arange(len(pair)) - np.repeat(np.cumsum(many) - many, many)]
        forward = self.source[row] == low[pair]
        return row, np.where(forward, one[pair], other[pair]), np.where(forward, other[pair], one[pair])
