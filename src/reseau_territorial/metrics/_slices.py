"""The layers, or the periods, of a network as one stack of sparse matrices with a presence table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_network
from reseau_territorial._selection import names_of, presence
from reseau_territorial.errors import ReseauError, enumerate_values, unknown_name
from reseau_territorial.metrics._frame import Per, stacked, views

if TYPE_CHECKING:
    from reseau_territorial.network import Network

Aspect = Literal["layer", "period"]
Matrix = Any  # a scipy.sparse.csr_array: what its operators return depends on the version of its stubs
Direction = Literal["all", "out", "in"]
Names = str | Sequence[str] | None
Found = TypeVar("Found", pd.Series, pd.DataFrame)


@dataclass(frozen=True, eq=False)
class Slices:
    """The slices of a multilayer network: one per layer (or per period), all over the same actors.

    Row ``slice * len(actors) + source`` of `stacked` holds the ties that leave `source` in that slice:
    parallel ties are summed, undirected ties are entered both ways, a tie of weight zero is a stored zero.
    """

    aspect: Aspect
    actors: pd.Index[Any]
    labels: pd.Index[Any]
    stacked: Matrix
    directed: NDArray[np.bool_]
    find_presence: Callable[[], NDArray[np.bool_]]

    @property
    def size(self) -> int:
        """Number of actors, present or not in a given slice."""
        return len(self.actors)

    @property
    def count(self) -> int:
        """Number of slices."""
        return len(self.labels)

    @cached_property
    def presence(self) -> NDArray[np.bool_]:
        """Whether an actor (row) is present in a slice (column): absent is not isolated."""
        return self.find_presence()

    @cached_property
    def weighted(self) -> tuple[Matrix, ...]:
        """One matrix of weights per slice."""
        n = self.size
        return tuple(self.stacked[place * n : (place + 1) * n] for place in range(self.count))

    @cached_property
    def binary(self) -> tuple[Matrix, ...]:
        """One matrix per slice of 1.0 where there is a tie, whatever its weight."""
        return tuple(_ones(matrix) for matrix in self.weighted)

    @cached_property
    def either_way(self) -> tuple[Matrix, ...]:
        """One matrix per slice of 1.0 where there is a tie in either direction."""
        pairs = zip(self.binary, self.directed, strict=True)
        return tuple(_ones(matrix + matrix.T) if directed else matrix for matrix, directed in pairs)

    @cached_property
    def undirected_weights(self) -> tuple[Matrix, ...]:
        """One symmetric matrix per slice: ``w_ij + w_ji`` if it is directed, its weights if not."""
        pairs = zip(self.weighted, self.directed, strict=True)
        return tuple(_csr(matrix + matrix.T) if directed else matrix for matrix, directed in pairs)

    def directional(self, direction: Direction) -> tuple[Matrix, ...]:
        """Return one binary matrix per slice whose rows list the partners in a direction."""
        choose("direction", direction, ("all", "out", "in"))
        if direction == "out":
            return self.binary
        if direction == "in":
            return tuple(_csr(matrix.T) for matrix in self.binary)
        return self.either_way

    def tally(self, *, weighted: bool, direction: Direction) -> NDArray[np.float64]:
        """Return the degree, or the strength, of each actor in each slice: actors in rows.

        In a directed slice ``"all"`` is outgoing plus incoming: a mutual tie counts twice.
        """
        choose("direction", direction, ("all", "out", "in"))
        n, m = self.size, self.count
        values = self.stacked.data if weighted else np.ones(self.stacked.nnz)
        row = np.repeat(np.arange(n * m, dtype=np.int64), np.diff(self.stacked.indptr))
        outgoing = np.bincount(row, weights=values, minlength=n * m).reshape(m, n).T
        if direction == "out" or not self.directed.any():
            return np.ascontiguousarray(outgoing)
        column = row // max(n, 1) * n + self.stacked.indices
        incoming = np.bincount(column, weights=values, minlength=n * m).reshape(m, n).T
        if direction == "in":
            return np.ascontiguousarray(incoming)
        return np.where(self.directed[None, :], outgoing + incoming, outgoing)

    def per_actor(self, values: NDArray[Any], name: str) -> pd.Series:
        """Return one value per actor as a Series."""
        return pd.Series(values, index=self.actors, name=name)

    def per_actor_and_slice(self, values: NDArray[Any]) -> pd.DataFrame:
        """Return one value per actor and slice as a DataFrame."""
        return pd.DataFrame(values, index=self.actors, columns=self.labels)

    def square(self, values: NDArray[Any]) -> pd.DataFrame:
        """Return one value per pair of slices as a DataFrame."""
        columns = self.labels.rename(None)
        return pd.DataFrame(values, index=self.labels, columns=columns)


def slices_of(
    net: Network,
    *,
    layer: Names = None,
    period: Names = None,
    level: int | None = None,
    aspect: Aspect = "layer",
    weight: str | None = "weight",
) -> Slices:
    """Stack the layers, or the periods, of a selection.

    Raises
    ------
    UnknownNameError
        If a layer, a period, a tie column or the aspect does not exist.
    ReseauError
        If periods are asked for and a tie, or every tie, is undated.
    """
    from scipy import sparse

    choose("aspect", aspect, ("layer", "period"))
    check_network(net)
    view = net._view(layer=layer, period=period, level=level, weight=weight)
    known, asked, code = (
        (net.layers.index, layer, view.layer)
        if aspect == "layer"
        else (pd.Index(net.periods, name="period"), period, view.period)
    )
    if aspect == "period":
        _all_dated(view.period)
    names = names_of(asked, aspect)
    kept = np.arange(len(known)) if names is None else np.flatnonzero(known.isin(names))
    place = np.full(len(known), -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    n = len(view.actors)
    source, target, weights = view.arcs
    back = slice(None) if view.mutual.all() else view.mutual
    slice_of_tie = np.concatenate([code, code[back]]) if view.mutual.any() else code
    row = place[slice_of_tie] * n + source
    stacked = sparse.csr_array((weights, (row, target)), shape=(n * len(kept), n))
    stacked.sum_duplicates()
    if aspect == "layer":
        directed = net.layers["directed"].to_numpy(dtype=bool)[kept]
    else:
        directed = np.full(len(kept), view.directed)
    return Slices(
        aspect=aspect,
        actors=view.actors,
        labels=known[kept],
        stacked=stacked,
        directed=directed,
        find_presence=lambda: _presence(net, view.actors, kept, layer, period, aspect),
    )


def per_part(
    net: Network,
    compute: Callable[[Slices], Found],
    *,
    per: Per,
    layer: Names,
    period: Names,
    aspect: Aspect,
    weight: str | None = None,
) -> Found:
    """Compute a table from the slices of a selection; once, or for each layer, period or level of it.

    Raises
    ------
    ReseauError
        If the slices would be what it is computed for each of.
    """
    if per is None:
        return compute(slices_of(net, layer=layer, period=period, aspect=aspect, weight=weight))
    if per == aspect:
        raise ReseauError(
            f"per={per!r} leaves one {per} at a time, and the measure compares {aspect}s. "
            f"Pass another per=, or aspect={'period' if aspect == 'layer' else 'layer'!r}."
        )
    parts = []
    for value, _ in views(net, layer=layer, period=period, weight=weight, per=per):
        chosen: dict[str, Any] = {"layer": layer, "period": period, per: value}
        parts.append((value, compute(slices_of(net, aspect=aspect, weight=weight, **chosen))))
    result: Found = stacked(parts, per)
    return result


def _all_dated(period: NDArray[np.int16]) -> None:
    undated = int((period < 0).sum())
    if undated or not len(period):
        found = f"{undated} of {len(period)} ties have no period" if undated else "no tie has a period"
        raise ReseauError(f"{found}: no slice to put them in. Fill in 'period', or keep some with period=[...].")


def _presence(
    net: Network, actors: pd.Index[Any], kept: NDArray[np.intp], layer: Names, period: Names, aspect: Aspect
) -> NDArray[np.bool_]:
    """Return who is present in each slice, by the rule of the network."""
    _, _, layers, periods = net._codes
    code, other, known, asked = (
        (layers, periods, pd.Index(net.periods), period)
        if aspect == "layer"
        else (periods, layers, net.layers.index, layer)
    )
    selected = np.ones(len(code), dtype=bool)
    if asked is not None:
        wanted = np.flatnonzero(known.isin([asked] if isinstance(asked, str) else asked))
        selected = np.isin(other, wanted)
    among = net.actors.index.isin(actors)
    columns = [presence(net._tables, net._codes, selected & (code == k))[among] for k in kept]
    return np.array(columns, dtype=bool).reshape(len(kept), len(actors)).T


def sum_of(matrices: tuple[Matrix, ...], n: int) -> Matrix:
    """Return the sum of matrices of `n` actors."""
    from scipy import sparse

    union: Matrix = sparse.csr_array((n, n))
    for matrix in matrices:
        union = union + matrix
    return union


def choose(what: str, asked: str, known: Sequence[str]) -> str:
    """Return `asked` if it is one of `known`, or raise the error that offers the nearest name."""
    if asked not in known:
        raise unknown_name(what, asked, known)
    return asked


def two_at_least(slices: Slices, measure: str, *, least: int = 2) -> None:
    """Raise if there are too few slices to compare."""
    if slices.count < least:
        other = "period" if slices.aspect == "layer" else "layer"
        raise ReseauError(
            f"{measure} compares {slices.aspect}s and needs {least} of them; the network has {slices.count}: "
            f"{enumerate_values(slices.labels)}. Give a network with more, or pass aspect={other!r}."
        )


def _csr(matrix: Any) -> Matrix:
    from scipy import sparse

    return sparse.csr_array(matrix)


def _ones(matrix: Any) -> Matrix:
    from scipy import sparse

    rows = sparse.csr_array(matrix)
    return sparse.csr_array((np.ones(rows.nnz), rows.indices, rows.indptr), shape=rows.shape)
