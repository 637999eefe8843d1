"""Ties and groups of a selection: what every silo measure starts from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import unknown_name
from reseau_territorial.metrics._indices import Mixing
from reseau_territorial.metrics._mixing import PairSums, mixing_table, pair_sums
from reseau_territorial.metrics.moments import TieSums, tie_sums, undirected_tie_sums
from reseau_territorial.network import Missing, Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Direction = Literal["all", "out", "in"]
Symmetrize = Literal["weak", "strong", "sum", "max", "mean"]

DIRECTIONS = ("all", "out", "in")
SYMMETRIZE = ("weak", "strong", "sum", "max", "mean")


@dataclass(frozen=True, eq=False)
class Grouped:
    """The present ties of a selection and the group of each actor.

    Attributes
    ----------
    view : TieView
        The ties.
    codes : ndarray of int
        Group of each actor of the view, -1 for an actor left out because its group is missing.
    labels : pandas.Index
        Names of the groups.
    binary : bool
        Whether a tied pair counts once, whatever its weight and its number of ties.
    symmetrize : str, optional
        How two directions become one tie.
    """

    view: TieView
    codes: NDArray[np.int32]
    labels: pd.Index
    binary: bool
    symmetrize: Symmetrize | None

    @property
    def directed(self) -> bool:
        """Whether the ties, made symmetric or not, have a direction."""
        return self.view.directed and self.symmetrize is None

    @cached_property
    def kept(self) -> NDArray[np.bool_]:
        """Which actors have a group."""
        return self.codes >= 0

    @cached_property
    def groups(self) -> NDArray[np.int32]:
        """Group of each row of `matrix`."""
        return self.codes if self.kept.all() else self.codes[self.kept]

    @cached_property
    def sizes(self) -> NDArray[np.float64]:
        """Actors per group."""
        return np.bincount(self.groups, minlength=len(self.labels)).astype(np.float64)

    @cached_property
    def matrix(self) -> csr_array:
        """Ties between the actors that have a group, row = source; parallel ties are one entry."""
        tied = self.binary or self.symmetrize in ("weak", "strong")  # whatever the weight, 0 included
        matrix = self.view.binary if tied else self.view.weighted
        if self.symmetrize is not None:
            matrix = make_symmetric(matrix, self.symmetrize, directed=self.view.directed)
        if not self.kept.all():
            position = np.flatnonzero(self.kept)
            matrix = matrix[position][:, position]
        return matrix

    @cached_property
    def pairs(self) -> PairSums:
        """Sums over the tied pairs, if the ties are undirected as they stand."""
        return pair_sums(self.view, self.codes, len(self.labels), binary=self.binary)

    @property
    def in_pairs(self) -> bool:
        """Whether `pairs` can stand for the matrix, which takes four times its memory."""
        return not self.view.directed and self.symmetrize is None

    @cached_property
    def sums(self) -> TieSums:
        """What the exact moments need to know of the ties."""
        if self.in_pairs:
            return undirected_tie_sums(self.pairs.strength, self.pairs.squares)
        return tie_sums(self.matrix)

    @cached_property
    def mixing(self) -> Mixing:
        """Weight from group to group."""
        if self.binary and self.in_pairs:
            table = self.pairs.table
        elif self.binary or self.symmetrize is not None:
            count = len(self.labels)
            ties = self.matrix.tocoo()
            cell = self.groups[ties.row].astype(np.int64) * count + self.groups[ties.col]
            table = np.bincount(cell, weights=ties.data, minlength=count**2).astype(np.float64)
            table = table.reshape(count, count)
        else:
            table = mixing_table(self.view, self.codes, len(self.labels))
        return Mixing(ties=table, sizes=self.sizes, directed=self.directed)


def grouping(
    net: Network,
    *,
    by: str,
    weight: str | None,
    symmetrize: Symmetrize | None = None,
    missing: Missing = "error",
) -> Callable[[TieView], Grouped]:
    """Return the function that puts the actors of a view in their groups."""
    if symmetrize is not None:
        check_choice("way to symmetrize", symmetrize, SYMMETRIZE)

    def group(view: TieView) -> Grouped:
        codes, labels = net._groups(by, view.actors, missing=missing)
        return Grouped(view=view, codes=codes, labels=labels, binary=weight is None, symmetrize=symmetrize)

    return group


def counting_pairs(symmetrize: Symmetrize | None) -> Symmetrize | None:
    """Return how two directions become one tie where tied pairs are counted: one tied both ways is one pair."""
    return "weak" if symmetrize in ("sum", "max", "mean") else symmetrize


def check_choice(what: str, asked: str, known: tuple[str, ...]) -> None:
    """Raise if a word is not one of those accepted."""
    if asked not in known:
        raise unknown_name(what, asked, known)


def make_symmetric(matrix: csr_array, how: Symmetrize, *, directed: bool) -> csr_array:
    """Return one symmetric matrix for the two directions of each pair.

    ``"weak"`` ties a pair if either direction does, ``"strong"`` if both do (a tie counts 1); ``"sum"``, ``"max"``
    and ``"mean"`` combine the two weights. Undirected ties, entered both ways, are only made binary by the first two.
    """
    back = matrix.T.tocsr()
    if how == "weak":
        return _ones(_ones(matrix) + _ones(back))
    if how == "strong":
        return _ones(_ones(matrix).multiply(_ones(back)))
    if not directed:
        return matrix
    if how == "max":
        return _csr(matrix.maximum(back))
    return _csr(matrix + back) if how == "sum" else _csr((matrix + back) / 2)


def _csr(matrix: Any) -> csr_array:
    from scipy.sparse import csr_array

    return csr_array(matrix)


def _ones(matrix: Any) -> csr_array:
    rows = _csr(matrix)
    rows.eliminate_zeros()
    rows.data = np.ones(rows.nnz)
    return rows
