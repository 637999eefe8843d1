"""Triangles of a network: the one engine of the measures that look at ties among an actor's partners."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reseau_territorial import _kernels

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["owners", "reverse_arcs", "ties_among_partners", "triangles", "triangles_both_ways"]

Ints = NDArray[np.int64]
Triangle = tuple[NDArray[np.integer], NDArray[np.integer], NDArray[np.integer]]

BLOCK = 1 << 19  # pairs of arcs looked at together: bounds the memory at some 10 MB


def owners(matrix: csr_array) -> Ints:
    """Return the row of each stored entry."""
    return np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))


def reverse_arcs(matrix: csr_array) -> NDArray[np.integer]:
    """Return the place of entry (j, i) for each entry (i, j) of a matrix whose pattern is symmetric."""
    from scipy.sparse import csr_array as csr

    numbers = np.arange(matrix.nnz, dtype=matrix.indptr.dtype)
    places = csr((numbers, matrix.indices, matrix.indptr), shape=matrix.shape)
    reverse: NDArray[np.integer] = places.tocsc().data
    return reverse


def ties_among_partners(matrix: csr_array) -> NDArray[np.float64]:
    """Count the tied pairs among the partners of each actor: the triangles it belongs to."""
    found = np.zeros(matrix.shape[0])
    first, column = matrix.indptr, matrix.indices
    for uv, vw, _ in triangles(matrix):
        corners = (np.searchsorted(first, uv, side="right") - 1, column[uv], column[vw])
        for corner in corners:
            np.add.at(found, corner, 1.0)
    return found


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
    first, neighbour, arc = _towards_more_ties(matrix)
    looks = np.zeros(len(arc) + 1, dtype=np.int64)
    np.cumsum(np.diff(first)[neighbour], out=looks[1:])
    before = looks[first]
    run, compiled = _kernels.choose(_kernels.list_triangles, float(looks[-1] + len(arc)))
    mark = np.full(n, _kernels.UNSEEN, dtype=first.dtype)
    keys = np.empty(0, dtype=np.int64) if compiled else _pair_keys(first, neighbour)
    begin = 0
    while begin < n:
        end = max(begin + 1, int(np.searchsorted(before, before[begin] + BLOCK, side="right")) - 1)
        room = int(before[end] - before[begin])
        if room and compiled:
            found = [np.empty(room, dtype=arc.dtype) for _ in range(3)]
            many = run(first, neighbour, arc, begin, end, mark, *found)
            yield found[0][:many], found[1][:many], found[2][:many]
        elif room:
            yield _by_search(first, neighbour, arc, keys, begin, end)
        begin = end


def _towards_more_ties(matrix: csr_array) -> Triangle:
    """Keep one arc of each pair, towards the actor with more ties: rows, columns and places in the matrix."""
    n = matrix.shape[0]
    degree = np.diff(matrix.indptr)
    rank = degree.astype(np.int64) * n + np.arange(n)
    arc = np.flatnonzero(np.repeat(rank, degree) < rank[matrix.indices]).astype(matrix.indptr.dtype)
    first = np.searchsorted(arc, matrix.indptr).astype(matrix.indptr.dtype)
    return first, matrix.indices[arc], arc


def _pair_keys(first: NDArray[np.integer], neighbour: NDArray[np.integer]) -> Ints:
    n = len(first) - 1
    return np.repeat(np.arange(n, dtype=np.int64), np.diff(first)) * n + neighbour


def _by_search(
    first: NDArray[np.integer],
    neighbour: NDArray[np.integer],
    arc: NDArray[np.integer],
    keys: Ints,
    begin: int,
    end: int,
) -> Triangle:
    """List the triangles of some rows by looking for the arc that closes each pair of arcs, all pairs at once."""
    n = np.int64(len(first) - 1)
    sizes = np.diff(first)
    places = np.arange(first[begin], first[end])
    many = sizes[neighbour[places]]
    uv = np.repeat(places, many)
    rank = np.arange(len(uv)) - np.repeat(np.cumsum(many) - many, many)
    vw = first[neighbour[uv]] + rank
    wanted = keys[uv] // n * n + neighbour[vw]
    uw = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    closed = keys[uw] == wanted
    return arc[uv[closed]], arc[vw[closed]], arc[uw[closed]]


def triangles_both_ways(matrix: csr_array, reverse: NDArray[np.integer]) -> Iterator[Triangle]:
    """List each triangle six times: the arcs (i, q), (q, j) and (i, j) for every order of its three actors."""
    for uv, vw, uw in triangles(matrix):
        vu, wv, wu = reverse[uv], reverse[vw], reverse[uw]
        yield uv, vw, uw
        yield uw, wv, uv
        yield vu, uw, vw
        yield vw, wu, vu
        yield wu, uv, wv
        yield wv, vu, wu
