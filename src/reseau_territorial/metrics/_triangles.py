"""Triangles of a network: the one engine of the measures that look at ties among an actor's partners."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reseau_territorial import _kernels

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["owners", "reverse_arcs", "triangles", "triangles_both_ways"]

Ints = NDArray[np.int64]
Triangle = tuple[Ints, Ints, Ints]

BLOCK = 4_000_000  # pairs of arcs looked at together: bounds the memory at some 100 MB


def owners(matrix: csr_array) -> Ints:
    """Return the row of each stored entry."""
    return np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))


def reverse_arcs(matrix: csr_array) -> Ints:
    """Return the place of entry (j, i) for each entry (i, j) of a matrix whose pattern is symmetric."""
    from scipy.sparse import csr_array as csr

    places = csr((np.arange(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    reverse: Ints = places.tocsc().data.astype(np.int64)
    return reverse


def triangles(matrix: csr_array) -> Iterator[Triangle]:
    """List the triangles of a symmetric pattern, in blocks, each once.

    Parameters
    ----------
    matrix : csr_array
        Rows sorted by column, no diagonal. Ties point from the actor with fewer ties to the one with more, so that a
        hub is never the centre of a search: O(ties^1.5) at worst (Chiba & Nishizeki 1985).

    Yields
    ------
    tuple of three ndarray of int
        Places of the arcs (u, v), (v, w) and (u, w) of each triangle.
    """
    n = matrix.shape[0]
    degree = np.diff(matrix.indptr)
    rank = np.empty(n, dtype=np.int64)
    rank[np.argsort(degree, kind="stable")] = np.arange(n)
    row, column = owners(matrix), matrix.indices
    forward = np.flatnonzero(rank[row] < rank[column])
    first = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(row[forward], minlength=n), out=first[1:])
    neighbour = column[forward].astype(np.int32)
    looks = np.zeros(len(forward) + 1, dtype=np.int64)
    np.cumsum(np.diff(first)[neighbour], out=looks[1:])
    before = looks[first]
    run, compiled = _kernels.choose(_kernels.list_triangles, float(looks[-1] + len(forward)))
    mark = np.full(n, _kernels.UNSEEN, dtype=np.int64)
    begin = 0
    while begin < n:
        end = max(begin + 1, int(np.searchsorted(before, before[begin] + BLOCK, side="right")) - 1)
        room = int(before[end] - before[begin])
        if room and compiled:
            found = [np.empty(room, dtype=np.int64) for _ in range(3)]
            many = run(first, neighbour, forward, begin, end, mark, *found)
            yield found[0][:many], found[1][:many], found[2][:many]
        elif room:
            yield _by_search(first, neighbour, forward, begin, end)
        begin = end


def _by_search(first: Ints, neighbour: NDArray[np.int32], arc: Ints, begin: int, end: int) -> Triangle:
    """List the triangles of some rows by looking for the arc that closes each pair of arcs, all pairs at once."""
    n = np.int64(len(first) - 1)
    sizes = np.diff(first)
    places = np.arange(first[begin], first[end])
    uv = np.repeat(places, sizes[neighbour[places]])
    middle = neighbour[uv].astype(np.int64)
    many = sizes[neighbour[places]]
    rank = np.arange(len(uv)) - np.repeat(np.cumsum(many) - many, many)
    vw = first[middle] + rank
    keys = np.repeat(np.arange(n, dtype=np.int64), sizes) * n + neighbour
    row = np.searchsorted(first, uv, side="right") - 1
    wanted = row * n + neighbour[vw]
    uw = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    closed = keys[uw] == wanted
    return arc[uv[closed]], arc[vw[closed]], arc[uw[closed]]


def triangles_both_ways(matrix: csr_array, reverse: Ints) -> Iterator[Triangle]:
    """List each triangle six times: the arcs (i, q), (q, j) and (i, j) for every order of its three actors."""
    for uv, vw, uw in triangles(matrix):
        vu, wv, wu = reverse[uv], reverse[vw], reverse[uw]
        yield uv, vw, uw
        yield uw, wv, uv
        yield vu, uw, vw
        yield vw, wu, vu
        yield wu, uv, wv
        yield wv, vu, wu
