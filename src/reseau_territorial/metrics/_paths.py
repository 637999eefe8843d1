"""Shortest paths for metrics: twins collapsed, pendants folded, loops compiled when worth it, threads, progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reseau_territorial import _kernels
from reseau_territorial.metrics import _walk_loops
from reseau_territorial.metrics._small_paths import SMALL, count_steps, small_dependencies
from reseau_territorial.metrics._threads import over_threads
from reseau_territorial.metrics._twins import Classes, collapse_twins, fold_pendants

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Distances", "Lengths", "dependencies", "distances", "in_chunks", "tie_lengths"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RELATIVE = 1e-10  # two lengths that differ by less, relatively, are equal
LARGEST_INTEGER = 2.0**40  # integers keep sums of a million lengths exact
CHUNKS = 16  # at least, whatever the machine: sums are added in one order everywhere
CHUNK_STEPS = 2e8
MOST_SLOTS = 4096  # ties that differ more in length than this have their actors wait in a heap
BITS = 64


@dataclass(frozen=True, eq=False)
class Lengths:
    """The ties that paths may use, and their lengths.

    Attributes
    ----------
    matrix : csr_array
        Lengths from source (row) to target (column).
    directed : bool
        Whether the matrix may differ from its transpose.
    unit : float
        Length of every tie when they are all the same, else 0.
    scale : float
        What a length must be multiplied by to be a sum of 1/weight: not 1 when lengths were made integers.
    tolerance : float
        Relative difference under which lengths are equal; 0 for integers.
    """

    matrix: csr_array
    directed: bool
    unit: float
    scale: float
    tolerance: float

    def reversed(self) -> Lengths:
        """Return the same ties read from target to source."""
        return Lengths(self.matrix.T.tocsr(), self.directed, self.unit, self.scale, self.tolerance)


def tie_lengths(matrix: csr_array, *, directed: bool) -> Lengths:
    """Turn strengths into lengths, 1/weight; a tie of strength 0 joins nobody.

    Integer weights become integer lengths, their least common multiple divided by each one, so that paths of equal
    length are equal to the last bit.
    """
    weights = matrix.data
    if not len(weights):
        return Lengths(matrix, directed, 1.0, 1.0, 0.0)
    if (weights == weights[0]).all():
        return Lengths(matrix, directed, 1.0 / float(weights[0]), 1.0, 0.0)
    multiple = _common_multiple(np.unique(weights))
    lengths = matrix.copy()
    lengths.data = (multiple or 1.0) / weights
    return Lengths(lengths, directed, 0.0, 1.0 / multiple if multiple else 1.0, 0.0 if multiple else RELATIVE)


def _common_multiple(values: Floats) -> float:
    """Return the least common multiple of integer values, 0 if there is none or it is too large."""
    if len(values) > 1000 or values.max() > LARGEST_INTEGER or not (values == np.floor(values)).all():
        return 0.0
    multiple = 1
    for value in values:
        multiple = int(np.lcm(multiple, int(value)))
        if multiple > LARGEST_INTEGER:
            return 0.0
    return float(multiple)


@dataclass(frozen=True, eq=False)
class Distances:
    """What each actor reaches by the ties that leave it: sums over the other actors reached."""

    farness: Floats
    reached: Floats
    nearness: Floats


def dependencies(
    lengths: Lengths,
    *,
    group: Ints | None = None,
    far: bool = False,
    sources: Ints | None = None,
    collapse: bool = True,
) -> Floats:
    """Sum over ordered pairs (s, t) the share of the shortest paths from s to t that pass each actor.

    Parameters
    ----------
    lengths : Lengths
        The ties.
    group : ndarray of int, optional
        Count only pairs of different groups; an actor of group -1 is passed, but is no end.
    far : bool
        Count only pairs neither end of which is tied to the actor (equal lengths only).
    sources : ndarray of int, optional
        Count only paths from these actors (an actor may be given several times).
    collapse : bool
        False walks every actor, as a check.

    Returns
    -------
    ndarray of float64, shape (actors,)
    """
    n = lengths.matrix.shape[0]
    fold = collapse and not (lengths.directed or far or group is not None or sources is not None)
    matrix, mass, extra, kept = lengths.matrix, np.ones(n), np.zeros(n), np.arange(n)
    if fold:
        folding = fold_pendants(matrix)
        extra = 2.0 * folding.within
        if not folding.kept.all():
            kept = np.flatnonzero(folding.kept)
            matrix, mass = matrix[kept][:, kept], folding.mass[kept]
    if collapse and not far and sources is None and _is_small(matrix, lengths, _walk_loops.dependencies_by_steps):
        extra[kept] += small_dependencies(matrix, mass, group)
        return extra
    classes = _classes(matrix, lengths, group, collapse=collapse)
    total = _class_dependencies(classes, lengths, mass, group, far, sources)
    result = extra
    result[kept] += total[classes.label]
    return result


def _is_small(matrix: csr_array, lengths: Lengths, kernel: Callable[..., None]) -> bool:
    """Tell whether tables of all pairs are quicker than loops: few actors, and no compiled loop at hand."""
    n = matrix.shape[0]
    return bool(lengths.unit) and n <= SMALL and not _kernels.choose(kernel, 2.0 * n * matrix.nnz)[1]


def _classes(matrix: csr_array, lengths: Lengths, group: Ints | None, *, collapse: bool) -> Classes:
    length = np.ones(matrix.nnz) if lengths.unit else matrix.data
    if not collapse:
        group = np.arange(matrix.shape[0])
    return collapse_twins(matrix.indptr, matrix.indices, length, group=group, directed=lengths.directed)


def _class_dependencies(
    classes: Classes, lengths: Lengths, mass: Floats, group: Ints | None, far: bool, sources: Ints | None
) -> Floats:
    count = classes.count
    ends = mass if group is None else mass * (group >= 0)
    members, weight = classes.sums(np.ones(len(mass))), classes.sums(ends)
    squares = classes.sums(ends**2)
    share = weight if sources is None else np.bincount(classes.label[sources], minlength=count).astype(float)
    twin_mass = np.divide(weight**2 - squares, weight, out=np.zeros(count), where=weight > 0)
    codes = np.arange(count + 1, dtype=np.int64)
    if group is not None:
        codes[classes.label] = group  # twins are of one group: none of their pairs counts
        codes[-1] = -1
        twin_mass[:] = 0.0
    table: dict[str, Any] = {
        "first": classes.first,
        "neighbour": classes.neighbour,
        "members": np.append(members, 1.0),
        "mass": np.append(weight, 0.0),
        "twin_mass": np.append(twin_mass, 0.0),
        "group": codes,
    }
    chosen = np.flatnonzero((share > 0) & (np.diff(classes.first)[:count] > 0))
    arcs = len(classes.neighbour)
    size = count + 1
    if lengths.unit:
        kernel: Callable[..., None] = _walk_loops.dependencies_by_steps
        table["far"] = far
    else:
        kernel = _walk_loops.dependencies_by_length
        table |= _lengths_for_kernel(classes) | {"tolerance": lengths.tolerance}

    def work(run: Callable[..., None], arguments: dict[str, Any], part: Ints, listed: bool) -> Floats:
        total = _space(listed, np.zeros(size))
        own: dict[str, Any] = {
            "sigma": _space(listed, np.zeros(size)),
            "coef": _space(listed, np.zeros(size)),
            "order": _space(listed, np.zeros(size, dtype=np.int32)),
            "ahead": _space(listed, np.zeros(arcs + 1, dtype=np.int32)),
            "start": _space(listed, np.zeros(size + 1, dtype=np.int64)),
        }
        if lengths.unit:
            own["dist"] = _space(listed, np.full(size, _kernels.UNSEEN, dtype=np.int32))
            own["beyond"] = _space(listed, np.zeros(size))
        else:
            own["dist"] = _space(listed, np.full(size, np.inf))
            own |= _queue_space(classes, listed)
        places = _space(listed, part)
        _call(kernel, run, arguments | own | {"sources": places, "share": _space(listed, share[part]), "total": total})
        return np.asarray(total)

    total = np.zeros(size)
    for _, part in in_chunks(kernel, table, chosen, 2.0 * arcs + size, work):
        total += part
    return total


def distances(lengths: Lengths, *, collapse: bool = True) -> Distances:
    """Sum distances, reached actors and inverse distances from each actor to the others."""
    if collapse and _is_small(lengths.matrix, lengths, _walk_loops.sums_by_steps_together):
        steps = count_steps(lengths.matrix)[0].astype(np.float64)
        found = steps > 0
        inverse = np.divide(1.0, steps, out=np.zeros(steps.shape), where=found)
        far = np.where(found, steps, 0.0).sum(axis=1)
        return Distances(far * lengths.unit, found.sum(axis=1).astype(np.float64), inverse.sum(axis=1) / lengths.unit)
    classes = _classes(lengths.matrix, lengths, None, collapse=collapse)
    count = classes.count
    members = np.append(classes.sums(np.ones(lengths.matrix.shape[0])), 0.0)
    size, arcs = count + 1, len(classes.neighbour)
    table: dict[str, Any] = {"first": classes.first, "neighbour": classes.neighbour, "members": members}
    looks = 1.0 * arcs + size
    kernel: Callable[..., None] = _walk_loops.sums_by_length
    if lengths.unit:
        kernel = _walk_loops.sums_by_steps
        if _kernels.choose(_walk_loops.sums_by_steps_together, looks * count)[1]:
            kernel = _walk_loops.sums_by_steps_together
            looks /= BITS / 4
    else:
        table |= _lengths_for_kernel(classes)

    def work(run: Callable[..., None], arguments: dict[str, Any], part: Ints, listed: bool) -> tuple[Floats, ...]:
        sums = [_space(listed, np.zeros(len(part))) for _ in range(3)]
        own = dict(zip(("farness", "reached", "nearness"), sums, strict=True)) | _search_space(kernel, classes, listed)
        if kernel is _walk_loops.sums_by_steps_together:
            for begin in range(0, len(part), BITS):
                some = slice(begin, begin + BITS)
                now = {name: own[name][some] for name in ("farness", "reached", "nearness")}
                own["seen"][:] = own["own"][:] = 0
                _call(kernel, run, arguments | own | now | {"sources": part[some]})
        else:
            _call(kernel, run, arguments | own | {"sources": _space(listed, part)})
        return tuple(np.asarray(values) for values in sums)

    sums_found = [np.zeros(count) for _ in range(3)]
    for part, sums in in_chunks(kernel, table, np.arange(count), looks, work):
        for whole, values in zip(sums_found, sums, strict=True):
            whole[part] = values
    scale = lengths.unit or lengths.scale
    return Distances(
        farness=sums_found[0][classes.label] * scale,
        reached=sums_found[1][classes.label],
        nearness=sums_found[2][classes.label] / scale,
    )


def _lengths_for_kernel(classes: Classes) -> dict[str, Any]:
    slots_per_length = (1 + 1e-9) / float(classes.length.min(initial=np.inf))
    return {
        "neighbour": classes.neighbour.astype(np.int64),
        "length": classes.length,
        "per_length": slots_per_length,
    }


def _queue_space(classes: Classes, listed: bool) -> dict[str, Any]:
    """Return where actors wait for their turn: slots when the lengths are alike enough and the loop is compiled."""
    size, arcs = classes.count + 1, len(classes.neighbour)
    spread = classes.length.max(initial=0.0) / classes.length.min(initial=np.inf)
    slots = 0 if listed or spread > MOST_SLOTS else 1 << (int(spread) + 3).bit_length()
    return {
        "settled": _space(listed, np.zeros(size, dtype=bool)),
        "slots": _space(listed, np.full(slots, _kernels.UNSEEN, dtype=np.int64)),
        "entry": _space(listed, np.zeros(arcs + 1, dtype=np.int64)),
        "link": _space(listed, np.zeros(arcs + 1, dtype=np.int64)),
    }


def _search_space(kernel: Callable[..., None], classes: Classes, listed: bool) -> dict[str, Any]:
    size = classes.count + 1
    if kernel is _walk_loops.sums_by_length:
        return _queue_space(classes, listed) | {
            "dist": _space(listed, np.full(size, np.inf)),
            "order": _space(listed, np.zeros(size, dtype=np.int32)),
        }
    if kernel is _walk_loops.sums_by_steps:
        return {
            "dist": _space(listed, np.full(size, _kernels.UNSEEN, dtype=np.int32)),
            "order": _space(listed, np.zeros(size, dtype=np.int32)),
        }
    place_of_bit = np.zeros(67, dtype=np.int64)
    for place in range(BITS):
        place_of_bit[pow(2, place, 67)] = place
    return {
        "place_of_bit": place_of_bit,
        **{name: np.zeros(size, dtype=np.uint64) for name in ("seen", "now", "after", "own")},
        **{name: np.zeros(size, dtype=np.int32) for name in ("queue", "queue_after")},
    }


def _space(listed: bool, values: NDArray[Any]) -> Any:
    return values.tolist() if listed else values


def _call(kernel: Callable[..., None], run: Callable[..., None], arguments: dict[str, Any]) -> None:
    """Call a compiled kernel by position (its dispatcher is quicker so)."""
    names = kernel.__code__.co_varnames[: kernel.__code__.co_argcount]
    run(*[arguments[name] for name in names])


def in_chunks(
    kernel: Callable[..., None],
    table: dict[str, Any],
    sources: Ints,
    steps: float,
    work: Callable[..., Any],
    *,
    times: int = 1,
) -> Iterator[tuple[Ints, Any]]:
    """Do the work of the sources in chunks, over the threads, and yield the results in order.

    `steps` is what one source takes, `times` how often all this will be asked for.
    """
    run, compiled = _kernels.choose(kernel, steps * len(sources) * times)
    if not compiled:
        listed = {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in table.items()}
        yield sources, work(run, listed, sources, True)
        return
    size = int(max(1, min(CHUNK_STEPS // steps, -(-len(sources) // CHUNKS))))
    if kernel is _walk_loops.sums_by_steps_together:
        size = -(-size // BITS) * BITS
    parts = [sources[begin : begin + size] for begin in range(0, len(sources), size)]
    yield from zip(parts, over_threads([partial(work, run, table, part, False) for part in parts]), strict=True)
