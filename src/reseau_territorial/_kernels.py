"""Loops over plain arrays, written once in the part of Python that numba compiles.

Each kernel runs as it stands on lists (small work: nothing is compiled) or compiled on arrays (large work). They know
nothing of networks: neighbours come as compressed rows, `first[v]:first[v + 1]` being the place of those of `v`.
"""

# A compiled loop cannot be cut into small functions without being compiled with each of them.
# ruff: noqa: C901

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

__all__: list[str] = []

UNSEEN = -1

# Steps of a loop that Python does while numba is imported and one kernel is loaded or compiled (measured: 0.7 s from
# the cache, 2 to 4 s without, against 0.2 microseconds a step).
WORTH_LOADING = 4_000_000
WORTH_CALLING = 20_000


def choose(kernel: Callable[..., Any], work: float) -> tuple[Callable[..., Any], bool]:
    """Return the kernel, compiled when the work is worth it, and whether it is.

    Parameters
    ----------
    kernel : callable
        A loop, of this module or of one named `_..._loops`.
    work : float
        Number of steps of its innermost loop, roughly.

    Returns
    -------
    tuple of callable and bool
        A compiled kernel wants arrays; one that is not runs five times faster on lists.
    """
    loaded = kernel.__name__ in _in_use
    if work < (WORTH_CALLING if loaded else WORTH_LOADING) or not _numba_is_there():
        return kernel, False
    _in_use.add(kernel.__name__)
    return _compiled(kernel), True


_in_use: set[str] = set()


@cache
def _numba_is_there() -> bool:
    return sys.platform != "emscripten" and importlib.util.find_spec("numba") is not None


@cache
def _compiled(kernel: Callable[..., Any]) -> Callable[..., Any]:
    import numba

    compiled: Callable[..., Any] = numba.njit(nogil=True, cache=True, error_model="numpy")(kernel)
    return compiled


def list_triangles(first: Any, neighbour: Any, begin: Any, end: Any, mark: Any, uv: Any, vw: Any, uw: Any) -> Any:
    """List the triangles of the rows `begin` to `end` of an acyclic orientation, as three arcs each; say how many."""
    found = 0
    for u in range(begin, end):
        for k in range(first[u], first[u + 1]):
            mark[neighbour[k]] = k
        for k in range(first[u], first[u + 1]):
            v = neighbour[k]
            for j in range(first[v], first[v + 1]):
                i = mark[neighbour[j]]
                if i >= 0:
                    uv[found] = k
                    vw[found] = j
                    uw[found] = i
                    found += 1
        for k in range(first[u], first[u + 1]):
            mark[neighbour[k]] = UNSEEN
    return found


def peel(first: Any, neighbour: Any, degree: Any, order: Any, place: Any, begin: Any) -> None:
    """Lower each degree to the core number of its actor (Batagelj & Zaversnik 2003).

    `order` holds the actors sorted by degree, `place` where each one stands, `begin` where each degree begins.
    """
    for h in range(len(order)):
        v = order[h]
        for k in range(first[v], first[v + 1]):
            w = neighbour[k]
            d = degree[w]
            if d > degree[v]:
                front = begin[d]
                other = order[front]
                here = place[w]
                order[here] = other
                place[other] = here
                order[front] = w
                place[w] = front
                begin[d] = front + 1
                degree[w] = d - 1


def low_links(
    first: Any, neighbour: Any, pair: Any, rank: Any, low: Any, parent: Any, through: Any, cursor: Any,
    stack: Any, cut: Any, bridge: Any,
) -> None:  # fmt: skip
    """Mark the actors (`cut`) and the pairs (`bridge`) whose removal disconnects the network (Tarjan 1972)."""
    clock = 0
    for root in range(len(rank)):
        if rank[root] != UNSEEN:
            continue
        rank[root] = low[root] = clock
        clock += 1
        stack[0] = root
        depth = 1
        branches = 0
        while depth > 0:
            v = stack[depth - 1]
            if cursor[v] < first[v + 1]:
                k = cursor[v]
                cursor[v] = k + 1
                w = neighbour[k]
                if pair[k] == through[v]:
                    continue
                if rank[w] == UNSEEN:
                    parent[w] = v
                    through[w] = pair[k]
                    rank[w] = low[w] = clock
                    clock += 1
                    stack[depth] = w
                    depth += 1
                elif rank[w] < low[v]:
                    low[v] = rank[w]
                continue
            depth -= 1
            if depth == 0:
                break
            u = parent[v]
            low[u] = min(low[u], low[v])
            if low[v] > rank[u]:
                bridge[through[v]] = True
            if u == root:
                branches += 1
            elif low[v] >= rank[u]:
                cut[u] = True
        if branches > 1:
            cut[root] = True


def detours(first: Any, neighbour: Any, starts: Any, ends: Any, span: Any, dist: Any, order: Any) -> None:
    """Measure the way round each tie, in ties: the distance between its ends without it."""
    for position in range(len(starts)):
        start = starts[position]
        end = ends[position]
        order[0] = start
        dist[start] = 0
        tail, head = 1, 0
        while head < tail and dist[end] == UNSEEN:
            v = order[head]
            head += 1
            for k in range(first[v], first[v + 1]):
                w = neighbour[k]
                if dist[w] == UNSEEN and not (v == start and w == end):
                    dist[w] = dist[v] + 1
                    order[tail] = w
                    tail += 1
        span[position] = dist[end]
        for h in range(tail):
            dist[order[h]] = UNSEEN
