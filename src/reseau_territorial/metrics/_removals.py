"""What becomes of the distances when an actor leaves: all actors at once, without walking the network anew for each."""

# A compiled loop cannot be cut into small functions without being compiled with each of them.
# ruff: noqa: C901, PLR0915

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reseau_territorial.metrics._paths import in_chunks

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["nearness_across"]

Floats = NDArray[np.float64]


def nearness_across(contacts: csr_array, groups: NDArray[np.signedinteger], *, times: int) -> tuple[Floats, Floats]:
    """Return the sum of 1/distance from each actor to those of other groups, and what is lost of them when it leaves.

    Parameters
    ----------
    contacts : csr_array
        Symmetric pattern of ties, each 1 long.
    groups : ndarray of int
        Group of each actor.
    times : int
        How many networks of this size the caller goes through: whether compiling is worth it.

    Returns
    -------
    tuple of ndarray of float64
        Sums from each actor; losses, over the ordered pairs of the other actors.

    Notes
    -----
    When v leaves, the distance from s to t changes only if every shortest path from s to t passes v: v dominates t
    in the graph of the shortest paths from s, whose dominator tree is found in the order of the search. The actors
    under v are then reached again from those that are not under it, whose distances stay.
    """
    n = contacts.shape[0]
    table: dict[str, Any] = {
        "first": contacts.indptr.astype(np.int64),
        "neighbour": contacts.indices.astype(np.int64),
        "group": np.asarray(groups, dtype=np.int64),
    }

    def work(run: Callable[..., None], arguments: dict[str, Any], part: NDArray[np.int64], listed: bool) -> Any:
        floats = [np.zeros(n), np.zeros(n)]
        whole = [np.full(n, -1)] + [np.zeros(n, dtype=np.int64) for _ in range(8)]
        whole += [np.full(n + 1, -1)] + [np.zeros(contacts.nnz + n, dtype=np.int64) for _ in range(2)]
        own = [array.tolist() if listed else array for array in (part, *floats, *whole)]
        run(*(arguments[name] for name in ("first", "neighbour", "group")), *own)
        return np.asarray(own[1]), np.asarray(own[2])

    near, lost = np.zeros(n), np.zeros(n)
    for _, (some_near, some_lost) in in_chunks(
        losses_by_removal, table, np.arange(n), 4.0 * contacts.nnz + 8.0 * n, work, times=times
    ):
        near += some_near
        lost += some_lost
    return near, lost


def losses_by_removal(
    first: Any, neighbour: Any, group: Any, sources: Any, near: Any, lost: Any,
    dist: Any, order: Any, above: Any, depth: Any, size: Any, place: Any, free: Any, at: Any, again: Any,
    slots: Any, entry: Any, link: Any,
) -> None:  # fmt: skip
    """Add to `near` the 1/distance from each source to the other groups, to `lost` what is lost with each actor.

    `above` is the parent in the dominator tree; those under v stand at `place[v] + 1` to `place[v] + size[v]` of `at`.
    Those who wait to be reached again stand in slots, one for each distance (Dial 1969).
    """
    far = len(slots) - 1  # farther than any actor
    for s in sources:
        order[0] = s
        dist[s] = 0
        depth[s] = 0
        tail, head = 1, 0
        while head < tail:
            v = order[head]
            head += 1
            size[v] = 1
            for k in range(first[v], first[v + 1]):
                w = neighbour[k]
                if dist[w] < 0:
                    dist[w] = dist[v] + 1
                    above[w] = v
                    depth[w] = depth[v] + 1
                    order[tail] = w
                    tail += 1
                elif dist[w] == dist[v] + 1:
                    a, b = above[w], v
                    while a != b:
                        if depth[a] >= depth[b]:
                            a = above[a]
                        else:
                            b = above[b]
                    above[w] = a
                    depth[w] = depth[a] + 1
        for h in range(tail - 1, 0, -1):
            v = order[h]
            size[above[v]] += size[v]
            if group[v] != group[s]:
                near[s] += 1.0 / dist[v]
        place[s] = 0
        free[s] = 1
        at[0] = s
        for h in range(1, tail):
            v = order[h]
            place[v] = free[above[v]]
            free[above[v]] += size[v]
            free[v] = place[v] + 1
            at[place[v]] = v
        for h in range(1, tail):
            v = order[h]
            begin, end = place[v] + 1, place[v] + size[v]
            if begin == end:
                continue
            used, step = 0, far
            for position in range(begin, end):
                t = at[position]
                again[t] = far
                for k in range(first[t], first[t + 1]):
                    w = neighbour[k]
                    if w != v and dist[w] + 1 < again[t] and (place[w] < begin or place[w] >= end):
                        again[t] = dist[w] + 1
                if again[t] < far:
                    entry[used] = t
                    link[used] = slots[again[t]]
                    slots[again[t]] = used
                    used += 1
                    step = min(step, again[t])
                if group[t] != group[s]:
                    lost[v] += 1.0 / dist[t]
            waiting = used
            while waiting > 0:
                e = slots[step]
                slots[step] = -1
                while e >= 0:
                    t = entry[e]
                    e = link[e]
                    waiting -= 1
                    if again[t] < step:
                        continue
                    if group[t] != group[s]:
                        lost[v] -= 1.0 / step
                    for k in range(first[t], first[t + 1]):
                        w = neighbour[k]
                        if begin <= place[w] < end and step + 1 < again[w]:
                            again[w] = step + 1
                            entry[used] = w
                            link[used] = slots[step + 1]
                            slots[step + 1] = used
                            used += 1
                            waiting += 1
                step += 1
        for h in range(tail):
            dist[order[h]] = -1
