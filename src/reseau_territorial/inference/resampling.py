"""Bootstrap of actors: how much a statistic would vary with other actors of the same kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError
from reseau_territorial.inference._fast import Statistic
from reseau_territorial.inference._values import number_of, values_of
from reseau_territorial.inference.results import BootstrapResult, Lang
from reseau_territorial.network import Choice, Network
from reseau_territorial.nulls._unchecked import with_tables
from reseau_territorial.vocabulary import SEED

__all__ = ["bootstrap"]


def bootstrap(
    net: Network,
    statistic: Statistic,
    *,
    n_resamples: int = 999,
    confidence: float = 0.95,
    layer: Choice = None,
    period: Choice = None,
    seed: int = SEED,
    lang: Lang = "fr",
    **options: Any,
) -> BootstrapResult:
    r"""Give any statistic a standard error and an interval, by resampling the actors.

    Parameters
    ----------
    net : Network
        The network.
    statistic : callable
        Called as ``statistic(net, **options)``, returns a number.
    n_resamples : int, default 999
        Number of resampled networks.
    confidence : float, default 0.95
        Level of the interval.
    layer, period : str or list of str, optional
        Keep only these layers, these periods, and the actors present there.
    seed : int
        Seed of the draws, kept in the result.
    lang : {"fr", "en"}
        Language of the sentence that the result prints.
    **options
        Passed to the statistic, such as ``by="sector"`` or ``weight=None``.

    Returns
    -------
    BootstrapResult
        ``observed``, ``standard_error``, ``bias``, ``interval`` (normal), ``replicates``, ``seed``.

    Raises
    ------
    ReseauError
        If there are fewer than two actors, or the statistic does not return a number.

    Notes
    -----
    As many actors as there are, are drawn with replacement; two drawn actors are tied as they are in the network.
    Two copies of one actor have no tie to copy: the ties between them, in all layers and periods at once, are those
    of a pair drawn at random among all pairs. A copy of an actor is a new actor with the same columns.

    References
    ----------
    Snijders & Borgatti (1999). Non-parametric standard errors and tests for network statistics. Connections 22(2),
    161-170.

    Examples
    --------
    >>> from reseau_territorial.metrics.silos import network_silo
    >>> ties = pd.DataFrame({"source": list("aabc"), "target": list("bccd")})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> result = bootstrap(Network(ties, actors=actors), network_silo, by="sector", n_resamples=99)
    >>> result.observed, result.standard_error > 0
    (0.0, True)
    """
    filters: dict[str, Any] = {
        name: value for name, value in (("layer", layer), ("period", period)) if value is not None
    }
    chosen = net.select(**filters) if filters else net
    if len(chosen) < 2:
        raise ReseauError(f"bootstrap needs two actors or more; the selection has {len(chosen)}. Widen it.")
    if n_resamples < 2:
        raise ReseauError(f"n_resamples must be 2 or more, not {n_resamples}. 999 is usual.")
    rng = np.random.default_rng(seed)
    make = Resampler(chosen)
    networks = (make.network(rng.integers(0, len(chosen), size=len(chosen)), rng) for _ in range(n_resamples))
    draws = (number_of(statistic, one, options) for one in networks)
    return BootstrapResult(
        statistic=getattr(statistic, "__name__", "statistic"),
        observed=number_of(statistic, chosen, options),
        replicates=values_of(draws, n_resamples),
        confidence=confidence,
        seed=seed,
        lang=lang,
    )


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
        position = self.actors.index.get_indexer
        self.source = position(pd.Index(self.ties["source"]))
        self.target = position(pd.Index(self.ties["target"]))
        low, high = np.minimum(self.source, self.target), np.maximum(self.source, self.target)
        self.pair = low.astype(np.int64) * len(net) + high

    def network(self, drawn: NDArray[np.int64], rng: np.random.Generator) -> Network:
        """Return the network of the drawn actors: their positions, with repeats, as many as wished."""
        size = len(self.actors)
        names = self._names(drawn)
        order = np.argsort(drawn, kind="stable")
        times = np.bincount(drawn, minlength=size)
        first = np.concatenate([[0], np.cumsum(times)])[:-1]
        # Each tie is copied for each copy of its source and each copy of its target.
        copies = times[self.source] * times[self.target]
        row = np.repeat(np.arange(len(self.ties)), copies)
        number = np.arange(len(row)) - np.repeat(np.cumsum(copies) - copies, copies)
        per_target = np.maximum(times[self.target[row]], 1)
        source = names[order[first[self.source[row]] + number // per_target]]
        target = names[order[first[self.target[row]] + number % per_target]]
        twins = self._ties_of_twins(order, times, first, names, rng)
        row = np.concatenate([row, twins[0]])
        ties = self.ties.take(row).reset_index(drop=True)
        for column, start, more in (("source", source, twins[1]), ("target", target, twins[2])):
            ties[column] = pd.Series(np.concatenate([start, more]), dtype=self.ties[column].dtype)
        actors = self.actors.take(drawn).set_axis(pd.Index(names, name="actor", dtype=self.actors.index.dtype))
        return with_tables(self.net, actors=actors, ties=ties)

    def _names(self, drawn: NDArray[np.int64]) -> NDArray[np.object_]:
        """Name the copies: the actor itself first, then with a number."""
        copy_number = pd.Series(drawn).groupby(drawn).cumcount().to_numpy()
        names = self.actors.index.to_numpy(dtype=object)[drawn]
        marked = [f"{name} #{copy + 1}" for name, copy in zip(names, copy_number, strict=True)]
        return np.where(copy_number == 0, names, np.array(marked, dtype=object))

    def _ties_of_twins(
        self,
        order: NDArray[np.int64],
        times: NDArray[np.int64],
        first: NDArray[np.int64],
        names: NDArray[np.object_],
        rng: np.random.Generator,
    ) -> tuple[NDArray[np.int64], NDArray[np.object_], NDArray[np.object_]]:
        """Give each pair of copies of one actor the ties of a pair of actors drawn at random."""
        size = len(self.actors)
        one_end, other_end = [], []
        for actor in np.flatnonzero(times > 1):
            copies = order[first[actor] : first[actor] + times[actor]]
            left, right = np.triu_indices(len(copies), k=1)
            one_end.append(copies[left])
            other_end.append(copies[right])
        if not one_end:
            empty = np.zeros(0, dtype=np.int64)
            return empty, names[:0], names[:0]
        one, other = np.concatenate(one_end), np.concatenate(other_end)
        low = rng.integers(0, size, size=len(one))
        high = (low + rng.integers(1, size, size=len(one))) % size
        # As many ordered pairs either way: the end that the first copy stands for is drawn too.
        key = np.minimum(low, high).astype(np.int64) * size + np.maximum(low, high)
        by_pair = pd.Series(np.arange(len(self.pair)), index=self.pair)
        asked = pd.DataFrame({"key": key, "one": one, "other": other, "low": low})
        found = asked.merge(by_pair.rename("row"), left_on="key", right_index=True)
        row = found["row"].to_numpy(dtype=np.int64)
        forward = self.source[row] == found["low"].to_numpy()
        ends_one, ends_other = names[found["one"].to_numpy()], names[found["other"].to_numpy()]
        return row, np.where(forward, ends_one, ends_other), np.where(forward, ends_other, ends_one)
