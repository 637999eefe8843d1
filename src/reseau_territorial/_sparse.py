"""The ties of a selection as arrays, and the sparse matrices made of them.

A `TieView` is what every metric reads: it knows nothing of tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["TieView"]


@dataclass(frozen=True, eq=False)
class TieView:
    """The present ties of a selection, as arrays over the actors present in it.

    Attributes
    ----------
    actors : pandas.Index
        The actors present, in the order of the network.
    source, target : ndarray of int32, shape (ties,)
        Positions in `actors`.
    weight : ndarray of float64, shape (ties,)
        Strengths; all 1 when ties are counted.
    mutual : ndarray of bool, shape (ties,)
        True for a tie of an undirected layer, which reads both ways.
    layer, period : ndarray of int16, shape (ties,)
        Positions in the layers and periods of the network; -1 for an undated tie.
    directed : bool
        Whether any layer of the selection is directed.
    """

    actors: pd.Index
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    weight: NDArray[np.float64]
    mutual: NDArray[np.bool_]
    layer: NDArray[np.int16]
    period: NDArray[np.int16]
    directed: bool

    @property
    def n(self) -> int:
        """Number of actors."""
        return len(self.actors)

    @cached_property
    def arcs(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
        """Source, target and weight with every undirected tie entered both ways."""
        if not self.mutual.any():
            return self.source, self.target, self.weight
        back = slice(None) if self.mutual.all() else self.mutual
        return (
            np.concatenate([self.source, self.target[back]]),
            np.concatenate([self.target, self.source[back]]),
            np.concatenate([self.weight, self.weight[back]]),
        )

    @cached_property
    def weighted(self) -> csr_array:
        """Weights from source (row) to target (column); parallel ties are added, zeros left out."""
        from scipy.sparse import coo_array

        source, target, weight = self.arcs
        matrix = coo_array((weight, (source, target)), shape=(self.n, self.n)).tocsr()
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        return matrix

    @cached_property
    def binary(self) -> csr_array:
        """1 where there is a tie from source (row) to target (column), whatever its weight."""
        from scipy.sparse import coo_array, csr_array

        source, target, _ = self.arcs
        there = np.ones(len(source), dtype=np.int8)
        rows = coo_array((there, (source, target)), shape=(self.n, self.n)).tocsr()
        rows.sum_duplicates()
        return csr_array((np.ones(rows.nnz), rows.indices, rows.indptr), shape=rows.shape)

    @cached_property
    def pairs(self) -> csr_array:
        """Weights of the tied pairs, each once (row < column); both directions and parallel ties added, zeros kept."""
        from scipy.sparse import coo_array

        low, high = np.minimum(self.source, self.target), np.maximum(self.source, self.target)
        matrix = coo_array((self.weight, (low, high)), shape=(self.n, self.n)).tocsr()
        matrix.sum_duplicates()
        return matrix

    @cached_property
    def undirected(self) -> csr_array:
        """Weights of pairs: w_ij + w_ji when the selection is directed, w_ij when it is not."""
        if not self.directed:
            return self.weighted
        return sorted_csr(self.weighted + self.weighted.T)

    @cached_property
    def undirected_binary(self) -> csr_array:
        """1 where there is a tie in either direction."""
        if not self.directed:
            return self.binary
        matrix = sorted_csr(self.binary + self.binary.T)
        matrix.data[:] = 1.0
        return matrix

    @property
    def partners(self) -> NDArray[np.int64]:
        """Number of actors tied to each actor; one tied both ways is one partner, where a degree has two."""
        return np.diff(self.undirected_binary.indptr).astype(np.int64)


def sorted_csr(matrix: csr_array) -> csr_array:
    """Return the matrix in CSR form with its columns in order."""
    result = matrix.tocsr()
    result.sum_duplicates()
    return result
