"""What is known of each tie, or of each answer to a need, in each period: present, absent or unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_network
from reseau_territorial._selection import Choice, as_list, check_choice, names_of
from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics._slices import Names, choose
from reseau_territorial.vocabulary import unknown_word

if TYPE_CHECKING:
    from reseau_territorial.network import Missing, Network

PRESENT, ABSENT, UNKNOWN = 1, 0, -1
FORMAL_FROM = 3
Subject = Literal["ties", "provision"]


@dataclass(frozen=True, eq=False)
class Waves:
    """The state of each thing followed (row) in each period (column).

    Attributes
    ----------
    keys : DataFrame
        What each row is: source, target and layer of a tie, or actor, need and territory of an answer.
    periods : tuple of str
        In order.
    state : ndarray of int8, shape (rows, periods)
        PRESENT, ABSENT or UNKNOWN.
    formal : ndarray of int8, shape (rows, periods)
        1 formal, 0 informal, -1 not known (or not present).
    layers : tuple of str
        The layers of the ties followed; none for answers.
    """

    keys: pd.DataFrame
    periods: tuple[str, ...]
    state: NDArray[np.int8]
    formal: NDArray[np.int8]
    layers: tuple[str, ...] = ()

    def at(self, period: str) -> NDArray[np.int8]:
        """Return the states in one period."""
        return self.state[:, self.position(period)]

    def position(self, period: str) -> int:
        """Return the column of a period, or raise the error that offers the nearest name."""
        if str(period) not in self.periods:
            raise unknown_word("period", period, self.periods, table="period")
        return self.periods.index(str(period))


def waves_of(net: Network, layer: Names, of: str) -> Waves:
    """Follow the ties, or the answers to needs."""
    choose("subject", of, ("ties", "provision"))
    return tie_waves(net, layer) if of == "ties" else provision_waves(net)


def tie_waves(net: Network, layer: Names = None) -> Waves:
    """Follow each tie, a pair in a layer, through the periods; undated ties belong to none."""
    check_network(net)
    source, target, layers, period = net._codes
    asked = _asked_layers(net, layer)
    dated = (period >= 0) & asked[layers]
    directed = net.layers["directed"].to_numpy(dtype=bool)
    n = len(net)
    one, other = source.astype(np.int64), target.astype(np.int64)
    swap = ~directed[layers] & (one > other)
    one, other = np.where(swap, other, one), np.where(swap, one, other)
    key = ((layers.astype(np.int64) * n + one) * n + other)[dated]
    known, row = np.unique(key, return_inverse=True)
    layer_of, ends = known // (n * n), known % (n * n)
    first, second = ends // n, ends % n
    silent = _unasked(net, first, second, layer_of, directed)
    ties = net.ties[dated]
    state = _states(ties["status"], row, period[dated], silent)
    actors = net.actors.index
    keys = pd.DataFrame(
        {
            "source": actors[first],
            "target": actors[second],
            "layer": net.layers.index[layer_of],
            "directed": directed[layer_of],
        }
    )
    formal = _formality(ties, row, period[dated], state)
    return Waves(keys, net.periods, state, formal, tuple(net.layers.index[asked]))


def provision_waves(net: Network) -> Waves:
    """Follow each answer, an actor for a need in a territory, through the periods."""
    from reseau_territorial.tables import order_of_periods

    check_network(net)
    answers = net.provision
    answers = answers[answers["period"].notna()]
    named = [*net.periods, *answers["period"].astype(str).unique()]
    periods = tuple(order_of_periods(list(dict.fromkeys(named))))
    columns = ["actor", "need", "territory"]
    row, keys = _group(answers[columns])
    code = pd.Index(periods).get_indexer(pd.Index(answers["period"].astype(str)))
    silent = np.zeros((len(keys), len(periods)), dtype=bool)
    state = _states(answers["status"].fillna("present"), row, code, silent)
    return Waves(keys, periods, state, np.full(state.shape, -1, dtype=np.int8))


def _group(frame: pd.DataFrame) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Return the position of each row among the distinct rows, and those."""
    row = frame.groupby(list(frame.columns), dropna=False, sort=True, observed=True).ngroup().to_numpy()
    first = np.unique(row, return_index=True)[1]
    return row.astype(np.int64), frame.iloc[first].reset_index(drop=True)


def _states(status: pd.Series, row: NDArray[Any], period: NDArray[Any], silent: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Merge what the rows say: present beats unknown, unknown beats absent; no row means absent if asked."""
    state = np.where(silent, UNKNOWN, ABSENT).astype(np.int8)
    for name, value in (("absent", ABSENT), ("unknown", UNKNOWN), ("present", PRESENT)):
        chosen = (status == name).to_numpy(dtype=bool)
        state[row[chosen], period[chosen]] = value
    return state


def _formality(
    ties: pd.DataFrame, row: NDArray[Any], period: NDArray[Any], state: NDArray[np.int8]
) -> NDArray[np.int8]:
    """Tell formal from informal ties: by `formal`, else by the level (3 and 4 are formal)."""
    by_level = (ties["level"] >= FORMAL_FROM).astype("boolean")
    told = ties["formal"].astype("boolean").fillna(by_level)
    present = (ties["status"] == "present").to_numpy(dtype=bool)
    formal = np.full(state.shape, -1, dtype=np.int8)
    for value in (False, True):
        chosen = present & (told == value).fillna(value=False).to_numpy(dtype=bool)
        formal[row[chosen], period[chosen]] = int(value)
    return formal


def _unasked(
    net: Network,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    layer: NDArray[np.int64],
    directed: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Tell where someone who could name a tie was not observed: its source if it is directed, else either end.

    A period that `observation` does not name is taken as observed in full.
    """
    silent = np.zeros((len(first), len(net.periods)), dtype=bool)
    if not len(net.observation):
        return silent
    for column, period in enumerate(net.periods):
        for code in np.unique(layer):
            asked = _asked(net, net.layers.index[code], period)
            rows = layer == code
            heard = asked[first[rows]]
            silent[rows, column] = ~heard if directed[code] else ~(heard & asked[second[rows]])
    return silent


def _asked(net: Network, layer: str, period: str) -> NDArray[np.bool_]:
    """Tell which actors were asked about a layer in a period; everyone if the table does not name the period."""
    table = net.observation
    here = table["period"].isna() | (table["period"] == period)
    if not here.any():
        return np.ones(len(net), dtype=bool)
    heard = (
        here & (table["layer"].isna() | (table["layer"] == layer)) & table["observed"].fillna(value=True).astype(bool)
    )
    asked: NDArray[np.bool_] = net.actors.index.isin(table.loc[heard, "actor"])
    return asked


def known_pairs(net: Network, waves: Waves, one: int, two: int) -> int:
    """Count the pairs of actors and layers of which it is known, in two periods, whether they are tied."""
    known = int((waves.state[:, [one, two]] != UNKNOWN).all(axis=1).sum())
    for name in waves.layers:
        asked = _asked(net, name, waves.periods[one]) & _asked(net, name, waves.periods[two])
        rows = waves.keys[waves.keys["layer"] == name]
        first, second = (asked[net.actors.index.get_indexer(pd.Index(rows[end]))] for end in ("source", "target"))
        number = int(asked.sum())
        directed = bool(net.layers.loc[name, "directed"])
        # Pairs of which someone could tell, but for those of `waves`, which are counted above by what was told.
        told = first if directed else first & second
        known += (number * (len(net) - 1) if directed else number * (number - 1) // 2) - int(told.sum())
    return known


def known_between(net: Network, layer: Choice, period: Choice) -> NDArray[np.bool_]:
    """Tell of each pair of actors whether it is known that some layer and period of a selection ties it, or none does.

    A pair tied somewhere is known, whatever is not known of the rest.
    """
    size = len(net)
    codes, status = net._codes, net.ties["status"].to_numpy(dtype=object)
    directed = net.layers["directed"].to_numpy(dtype=bool)
    tied, doubtful = np.zeros((size, size), dtype=bool), np.zeros((size, size), dtype=bool)
    chosen = None if layer is None else as_list(layer)
    for kind in np.flatnonzero(_asked_layers(net, chosen)).tolist():
        for date in _dates(net, period):
            asked = _asked(net, net.layers.index[kind], net.periods[date] if date >= 0 else "")
            unknown = np.repeat(~asked[:, None], size, axis=1)
            unknown |= False if directed[kind] else ~asked
            here = (codes.layer == kind) & (codes.period == date)
            for name in ("absent", "unknown", "present"):
                rows = here & (status == name)
                for ends in ((codes.source, codes.target), (codes.target, codes.source))[: 1 if directed[kind] else 2]:
                    pairs = ends[0][rows], ends[1][rows]
                    unknown[pairs] = name == "unknown"
                    tied[pairs] |= name == "present"
            doubtful |= unknown
    return tied | ~doubtful


def _dates(net: Network, period: Choice) -> list[int]:
    """Return the places of periods, -1 for undated ties, which belong to none that can be chosen."""
    if period is not None:
        return [net.periods.index(str(name)) for name in as_list(period)]
    undated = [-1] if not net.periods or (net._codes.period < 0).any() else []
    return [*range(len(net.periods)), *undated]


def _asked_layers(net: Network, layer: Names) -> NDArray[np.bool_]:
    known = net.layers.index
    if layer is None:
        return np.ones(len(known), dtype=bool)
    names = names_of(layer, "layer") or ()
    check_choice(known, names, "layer")
    return np.asarray(known.isin(names))


def two_periods(waves: Waves, before: str, after: str) -> tuple[int, int]:
    """Return the columns of two periods, the first of them earlier."""
    first, second = waves.position(before), waves.position(after)
    if first >= second:
        raise ReseauError(
            f"before={before!r} is not earlier than after={after!r}; the periods are, in order: "
            f"{', '.join(map(repr, waves.periods))}"
        )
    return first, second


def pair_groups(
    net: Network, waves: Waves, by: str, missing: Missing, of: str
) -> dict[tuple[Any, ...], NDArray[np.intp]]:
    """Return the rows of each type of pair: unordered for ties of undirected layers."""
    codes, labels = net._groups(by, missing=missing)
    index = net.actors.index
    if of == "provision":
        group = codes[index.get_indexer(pd.Index(waves.keys["actor"]))]
        return {(labels[g],): np.flatnonzero(group == g) for g in range(len(labels))}
    one, two = (codes[index.get_indexer(pd.Index(waves.keys[end]))] for end in ("source", "target"))
    mutual = ~waves.keys["directed"].to_numpy(dtype=bool)
    swap = mutual & (one > two)
    one, two = np.where(swap, two, one), np.where(swap, one, two)
    pairs = sorted({(int(a), int(b)) for a, b in zip(one, two, strict=True) if a >= 0 and b >= 0})
    return {(labels[a], labels[b]): np.flatnonzero((one == a) & (two == b)) for a, b in pairs}
