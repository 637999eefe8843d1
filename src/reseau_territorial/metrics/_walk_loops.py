"""Loops that walk the shortest paths from each source (see `_kernels` for how loops are written and run).

They run on classes of interchangeable actors. `members[c]` actors stand behind class `c`; the last class is a stand-in
for the *other* members of the source's class, reached like the source and leading nowhere.
"""

# A compiled loop cannot be cut into small functions without being compiled with each of them.
# ruff: noqa: C901, PLR0915

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any

import numpy as np

from reseau_territorial._kernels import UNSEEN

__all__ = [
    "dependencies_by_length",
    "dependencies_by_steps",
    "sums_by_length",
    "sums_by_steps",
    "sums_by_steps_together",
]


def dependencies_by_steps(
    first: Any, neighbour: Any, members: Any, mass: Any, twin_mass: Any, group: Any,
    far: Any, sources: Any, share: Any, total: Any,
    dist: Any, sigma: Any, coef: Any, beyond: Any, order: Any, ahead: Any, start: Any,
) -> None:  # fmt: skip
    """Add to `total` the dependencies of each source, paths being counted in ties (Brandes 2001)."""
    stand_in = len(members) - 1
    for s, weight in zip(sources, share):  # noqa: B905  (numba)
        order[0] = s
        dist[s] = 0
        sigma[s] = 1.0
        tail, head, edge = 1, 0, 0
        twins = twin_mass[s] > 0.0
        while head < tail:
            v = order[head]
            start[head] = edge
            step = dist[v] + 1
            paths = sigma[v] * members[v] if head > 0 else 1.0
            for k in range(first[v], first[v + 1]):
                w = neighbour[k]
                seen = dist[w]
                if seen == UNSEEN:
                    dist[w] = step
                    sigma[w] = paths
                    order[tail] = w
                    tail += 1
                    ahead[edge] = w
                    edge += 1
                elif seen == step:
                    sigma[w] += paths
                    ahead[edge] = w
                    edge += 1
                elif twins and w == s:
                    if dist[stand_in] == UNSEEN:
                        dist[stand_in] = step
                        sigma[stand_in] = paths
                        order[tail] = stand_in
                        tail += 1
                        ahead[edge] = stand_in
                        edge += 1
                    elif dist[stand_in] == step:
                        sigma[stand_in] += paths
                        ahead[edge] = stand_in
                        edge += 1
            head += 1
        start[head] = edge
        for h in range(tail - 1, -1, -1):
            v = order[h]
            through = 0.0
            for k in range(start[h], start[h + 1]):
                through += coef[ahead[k]]
            through *= sigma[v]
            if far:
                distant = 0.0
                for k in range(start[h], start[h + 1]):
                    distant += beyond[ahead[k]]
                if dist[v] > 1:
                    total[v] += weight * sigma[v] * distant
                beyond[v] = members[v] * through / sigma[v]
            elif h > 0:
                total[v] += weight * through
            own = twin_mass[s] if v == stand_in else mass[v]
            if group[v] == group[s]:
                own = 0.0
            coef[v] = (own + members[v] * through) / sigma[v]
            dist[v] = UNSEEN


def dependencies_by_length(
    first: Any, neighbour: Any, length: Any, per_length: Any, tolerance: Any,
    members: Any, mass: Any, twin_mass: Any, group: Any, sources: Any, share: Any, total: Any,
    dist: Any, sigma: Any, coef: Any, order: Any, ahead: Any, start: Any, settled: Any,
    slots: Any, entry: Any, link: Any,
) -> None:  # fmt: skip
    """Add to `total` the dependencies of each source, paths being sums of lengths.

    Two lengths count as equal when they differ by less than `tolerance` times the larger: 0 when they are integers.
    Actors wait in slots no wider than the shortest tie, so that those of one slot cannot shorten each other's path
    (Dial 1969); without slots, in a heap.
    """
    stand_in = len(members) - 1
    round_ = len(slots) - 1  # the number of slots is a power of 2
    for s, weight in zip(sources, share):  # noqa: B905  (numba)
        twins = twin_mass[s] > 0.0
        dist[s] = 0.0
        tail = 0
        if len(slots) > 0:
            slots[0] = 0
            entry[0] = s
            link[0] = UNSEEN
            used, waiting, here = 1, 1, 0
            while waiting > 0:
                e = slots[here & round_]
                slots[here & round_] = UNSEEN
                while e >= 0:
                    v = entry[e]
                    e = link[e]
                    waiting -= 1
                    if settled[v]:
                        continue
                    settled[v] = True
                    sigma[v] = 0.0
                    order[tail] = v
                    tail += 1
                    for k in range(first[v], first[v + 1]):
                        w = neighbour[k]
                        if w == s:
                            if not twins:
                                continue
                            w = stand_in
                        if not settled[w] and dist[v] + length[k] < dist[w]:
                            dist[w] = dist[v] + length[k]
                            place = max(int(dist[w] * per_length), here + 1) & round_
                            entry[used] = w
                            link[used] = slots[place]
                            slots[place] = used
                            used += 1
                            waiting += 1
                here += 1
        else:
            queue = [(0.0, s)]
            while len(queue) > 0:
                d, v = heappop(queue)
                if settled[v]:
                    continue
                settled[v] = True
                sigma[v] = 0.0
                order[tail] = v
                tail += 1
                for k in range(first[v], first[v + 1]):
                    w = neighbour[k]
                    if w == s:
                        if not twins:
                            continue
                        w = stand_in
                    if not settled[w] and d + length[k] < dist[w]:
                        dist[w] = d + length[k]
                        heappush(queue, (d + length[k], w))
        sigma[s] = 1.0
        edge = 0
        for h in range(tail):
            v = order[h]
            start[h] = edge
            paths = sigma[v] * members[v] if h > 0 else 1.0
            for k in range(first[v], first[v + 1]):
                w = neighbour[k]
                if w == s:
                    if not twins:
                        continue
                    w = stand_in
                if dist[v] + length[k] <= dist[w] * (1.0 + tolerance):
                    sigma[w] += paths
                    ahead[edge] = w
                    edge += 1
        start[tail] = edge
        for h in range(tail - 1, -1, -1):
            v = order[h]
            through = 0.0
            for k in range(start[h], start[h + 1]):
                through += coef[ahead[k]]
            through *= sigma[v]
            if h > 0:
                total[v] += weight * through
            own = twin_mass[s] if v == stand_in else mass[v]
            if group[v] == group[s]:
                own = 0.0
            coef[v] = (own + members[v] * through) / sigma[v]
            dist[v] = np.inf
            settled[v] = False


def sums_by_steps(
    first: Any, neighbour: Any, members: Any, sources: Any, farness: Any, reached: Any, nearness: Any,
    dist: Any, order: Any,
) -> None:  # fmt: skip
    """For each source: sum of distances in ties, number of actors reached, sum of 1/distance."""
    stand_in = len(members) - 1
    for position in range(len(sources)):
        s = sources[position]
        order[0] = s
        dist[s] = 0
        tail, head = 1, 0
        while head < tail:
            v = order[head]
            step = dist[v] + 1
            for k in range(first[v], first[v + 1]):
                w = neighbour[k]
                if w == s:
                    w = stand_in
                if dist[w] == UNSEEN:
                    dist[w] = step
                    order[tail] = w
                    tail += 1
            head += 1
        for h in range(1, tail):
            v = order[h]
            many = members[s] - 1.0 if v == stand_in else members[v]
            farness[position] += dist[v] * many
            reached[position] += many
            nearness[position] += many / dist[v]
            dist[v] = UNSEEN
        dist[s] = UNSEEN


def sums_by_steps_together(
    first: Any, neighbour: Any, members: Any, sources: Any, farness: Any, reached: Any, nearness: Any,
    place_of_bit: Any, seen: Any, now: Any, after: Any, own: Any, queue: Any, queue_after: Any,
) -> None:  # fmt: skip
    """Do the work of `sums_by_steps` for up to 64 sources at once, a bit for each (Then et al. 2014)."""
    none = np.uint64(0)
    one = np.uint64(1)
    cycle = np.uint64(67)  # 2 is a primitive root of 67: the powers of 2 up to 2^63 leave different remainders
    returned = none
    tail = 0
    for position in range(len(sources)):
        s = sources[position]
        bit = one << np.uint64(position)
        seen[s] = own[s] = now[s] = bit
        queue[tail] = s
        tail += 1
    step = 0
    while tail > 0:
        step += 1
        tail_after = 0
        back = none
        for h in range(tail):
            v = queue[h]
            reach = now[v]
            now[v] = none
            for k in range(first[v], first[v + 1]):
                w = neighbour[k]
                back |= reach & own[w]
                new = reach & ~seen[w]
                if new != none:
                    if after[w] == none:
                        queue_after[tail_after] = w
                        tail_after += 1
                    after[w] |= new
        back &= ~returned
        returned |= back
        while back != none:
            rest = back & (back - one)
            position = place_of_bit[(back ^ rest) % cycle]
            many = members[sources[position]] - 1.0
            farness[position] += step * many
            reached[position] += many
            nearness[position] += many / step
            back = rest
        for h in range(tail_after):
            w = queue_after[h]
            new = after[w]
            after[w] = none
            seen[w] |= new
            now[w] = new
            queue[h] = w
            many = members[w]
            far = step * many
            near = many / step
            while new != none:
                rest = new & (new - one)
                position = place_of_bit[(new ^ rest) % cycle]
                farness[position] += far
                reached[position] += many
                nearness[position] += near
                new = rest
        tail = tail_after


def sums_by_length(
    first: Any, neighbour: Any, length: Any, per_length: Any, members: Any, sources: Any,
    farness: Any, reached: Any, nearness: Any, dist: Any, order: Any, settled: Any,
    slots: Any, entry: Any, link: Any,
) -> None:  # fmt: skip
    """For each source: sum of distances, number of actors reached, sum of 1/distance (Dijkstra 1959)."""
    stand_in = len(members) - 1
    round_ = len(slots) - 1  # the number of slots is a power of 2
    for position in range(len(sources)):
        s = sources[position]
        dist[s] = 0.0
        tail = 0
        if len(slots) > 0:
            slots[0] = 0
            entry[0] = s
            link[0] = UNSEEN
            used, waiting, here = 1, 1, 0
            while waiting > 0:
                e = slots[here & round_]
                slots[here & round_] = UNSEEN
                while e >= 0:
                    v = entry[e]
                    e = link[e]
                    waiting -= 1
                    if settled[v]:
                        continue
                    settled[v] = True
                    order[tail] = v
                    tail += 1
                    for k in range(first[v], first[v + 1]):
                        w = neighbour[k]
                        if w == s:
                            w = stand_in
                        if not settled[w] and dist[v] + length[k] < dist[w]:
                            dist[w] = dist[v] + length[k]
                            place = max(int(dist[w] * per_length), here + 1) & round_
                            entry[used] = w
                            link[used] = slots[place]
                            slots[place] = used
                            used += 1
                            waiting += 1
                here += 1
        else:
            queue = [(0.0, s)]
            while len(queue) > 0:
                d, v = heappop(queue)
                if settled[v]:
                    continue
                settled[v] = True
                order[tail] = v
                tail += 1
                for k in range(first[v], first[v + 1]):
                    w = neighbour[k]
                    if w == s:
                        w = stand_in
                    if not settled[w] and d + length[k] < dist[w]:
                        dist[w] = d + length[k]
                        heappush(queue, (d + length[k], w))
        for h in range(tail):
            v = order[h]
            if h > 0:
                many = members[s] - 1.0 if v == stand_in else members[v]
                if many > 0.0:
                    farness[position] += dist[v] * many
                    reached[position] += many
                    nearness[position] += many / dist[v]
            dist[v] = np.inf
            settled[v] = False
