"""Triangles of a network: the one engine of the measures that look at ties among an actor's partners."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reseau_territorial import _kernels
from reseau_territorial.metrics._threads import over_threads

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = [
    "arcs_once",
    "corners",
    "oriented",
    "owners",
    "reverse_arcs",
    "row_blocks",
    "ties_among_partners",
    "triangles",
    "triangles_both_ways",
    "triangles_of_pairs",
]

Ints = NDArray[np.int64]
Triangle = tuple[NDArray[np.integer], NDArray[np.integer], NDArray[np.integer]]

BLOCK = 1 << 18  # pairs of arcs looked at together: 3 MB for each block under way
SEARCHED = 1 << 14  # the same when they are looked for in one search: 1 MB, which stays in the cache


def owners(matrix: csr_array) -> Ints:
    """Return the row of each stored entry."""
    return np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))


def reverse_arcs(matrix: csr_array) -> NDArray[np.integer]:
    """Return the place of entry (j, i) for each entry (i, j) of a matrix whose pattern is symmetric."""
    from scipy.sparse import csr_array as csr

    numbers = np.arange(matrix.nnz, dtype=matrix.indptr.dtype)
    reverse: NDArray[np.integer] = csr((numbers, matrix.indices, matrix.indptr), shape=matrix.shape).tocsc().data
    return reverse


def oriented(n: int, source: NDArray[np.integer], target: NDArray[np.integer], value: NDArray[Any]) -> csr_array:
    """Return each pair once, in the row of the actor with fewer ties; what is given of its ties is added.

    A hub is then never the centre of a search for triangles: O(ties^1.5) at worst (Chiba & Nishizeki 1985).
    """
    from scipy.sparse import coo_array

    ties = np.bincount(source, minlength=n) + np.bincount(target, minlength=n)
    first, second = ties[source], ties[target]
    turned = (first > second) | ((first == second) & (source > target))
    few, many = np.where(turned, target, source), np.where(turned, source, target)
    pairs = coo_array((value, (few, many)), shape=(n, n)).tocsr()
    pairs.sum_duplicates()
    return pairs


def triangles_of_pairs(pairs: csr_array) -> Iterator[Triangle]:
    """List the triangles of pairs made by `oriented`, in blocks, each once.

    Yields
    ------
    tuple of three ndarray of int
        Places in `pairs` of (u, v), (v, w) and (u, w).
    """
    n = pairs.shape[0]
    first, neighbour = pairs.indptr, pairs.indices
    before = _pairs_of_arcs(pairs)
    run, compiled = _kernels.choose(_kernels.list_triangles, float(before[-1] + pairs.nnz))
    keys = np.empty(0, dtype=np.int64) if compiled else _keys(pairs)

    def work(begin: int, end: int) -> Triangle:
        if not compiled:
            return _by_search(pairs, keys, begin, end)
        mark = np.full(n, _kernels.UNSEEN, dtype=first.dtype)
        found = [np.empty(before[end] - before[begin], dtype=first.dtype) for _ in range(3)]
        many = run(first, neighbour, begin, end, mark, *found)
        return found[0][:many], found[1][:many], found[2][:many]

    tasks = [partial(work, begin, end) for begin, end in row_blocks(before, BLOCK if compiled else SEARCHED)]
    yield from over_threads(tasks) if compiled else (task() for task in tasks)


def _pairs_of_arcs(pairs: csr_array) -> Ints:
    """Return how many pairs of arcs, one after the other, begin before each row."""
    looks = np.zeros(pairs.nnz + 1, dtype=np.int64)
    np.cumsum(np.diff(pairs.indptr)[pairs.indices], out=looks[1:])
    return looks[pairs.indptr]


def row_blocks(before: NDArray[np.integer], size: int) -> Iterator[tuple[int, int]]:
    """Cut rows into parts of some `size` entries, empty ones left out; `before`: how many come before each row."""
    begin, last = 0, len(before) - 1
    while begin < last:
        end = max(begin + 1, int(np.searchsorted(before, before[begin] + size, side="right")) - 1)
        if before[end] > before[begin]:
            yield begin, end
        begin = end


def _keys(pairs: csr_array) -> NDArray[np.integer]:
    """Return a number for each pair, in the order of the pairs, in as few bytes as will do."""
    n = pairs.shape[0]
    keys = owners(pairs)
    keys *= n
    keys += pairs.indices
    return keys.astype(np.uint32) if n < 1 << 16 else keys


def _by_search(pairs: csr_array, keys: NDArray[np.integer], begin: int, end: int) -> Triangle:
    """List the triangles of some rows by looking for the arc that closes each pair of arcs, all pairs at once."""
    n = keys.dtype.type(pairs.shape[0])
    first, neighbour = pairs.indptr, pairs.indices
    places = np.arange(first[begin], first[end], dtype=first.dtype)
    many = np.diff(first)[neighbour[places]]
    before = np.cumsum(many, dtype=first.dtype) - many
    uv = np.repeat(places, many)
    vw = np.repeat(first[neighbour[places]] - before, many) + np.arange(len(uv), dtype=first.dtype)
    wanted = np.repeat(keys[places] // n * n, many)
    wanted += neighbour[vw].astype(keys.dtype)
    uw = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    closed = keys[uw] == wanted
    return uv[closed], vw[closed], uw[closed]


def corners(pairs: csr_array, triangle: Triangle) -> Triangle:
    """Return the actors u, v and w of triangles listed by `triangles_of_pairs`."""
    uv, vw, _ = triangle
    u = np.searchsorted(pairs.indptr, uv, side="right") - 1
    return u, pairs.indices[uv], pairs.indices[vw]


def ties_among_partners(pairs: csr_array) -> NDArray[np.float64]:
    """Count the tied pairs among the partners of each actor: the triangles it belongs to."""
    found = np.zeros(pairs.shape[0])
    for triangle in triangles_of_pairs(pairs):
        for corner in corners(pairs, triangle):
            np.add.at(found, corner, 1.0)
    return found


def triangles(matrix: csr_array) -> Iterator[Triangle]:
    """List the triangles of a symmetric pattern, in blocks, each once: the places of its arcs in the matrix.

    Yields
    ------
    tuple of three ndarray of int
        Places of the arcs (u, v), (v, w) and (u, w) of each triangle.
    """
    arcs = arcs_once(matrix)
    for triangle in triangles_of_pairs(arcs):
        uv, vw, uw = (arcs.data[places] for places in triangle)
        yield uv, vw, uw


def arcs_once(matrix: csr_array) -> csr_array:
    """Keep one arc of each pair of a symmetric pattern, oriented, with its place in the matrix as value."""
    from scipy.sparse import csr_array as csr

    n = matrix.shape[0]
    degree = np.diff(matrix.indptr)
    rank = degree.astype(np.int64) * n + np.arange(n)
    rank = rank.astype(np.min_scalar_type(rank.max(initial=0)))
    arc = np.flatnonzero(np.repeat(rank, degree) < rank[matrix.indices]).astype(matrix.indptr.dtype)
    first = np.searchsorted(arc, matrix.indptr).astype(matrix.indptr.dtype)
    return csr((arc, matrix.indices[arc], first), shape=matrix.shape)


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
