"""What a mixing table would be if groups were dealt out at random: exact mean and variance, no simulation.

The groups keep their sizes and are permuted over all the actors, isolates included; the ties do not move.
Counting the pairs of ties that share no actor, one or both gives the second moment in closed form: the join-count
statistics of Cliff & Ord (1981, *Spatial processes*), here for directed and weighted ties and for every cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Number = TypeVar("Number", float, NDArray[np.float64])

__all__ = ["TieSums", "balance_moments", "cell_moments", "tie_sums", "undirected_tie_sums", "within_moments"]


@dataclass(frozen=True)
class TieSums:
    """The sums over ties, and over pairs of ties, that the moments need.

    Attributes
    ----------
    total : float
        Sum of the weights.
    same, reverse : float
        Sum of squared weights; sum of products of the weights of the two directions of a pair.
    fan_out, fan_in, chain : float
        Sums of products of weights over ordered pairs of ties that share their source only, their target only,
        or where one ends where the other begins.
    """

    total: float
    same: float
    reverse: float
    fan_out: float
    fan_in: float
    chain: float

    @property
    def apart(self) -> float:
        """Sum of products over ordered pairs of ties without a common actor."""
        touching = self.same + self.reverse + self.fan_out + self.fan_in + self.chain
        return self.total**2 - touching


def tie_sums(weights: csr_array) -> TieSums:
    """Sum a matrix of weights (row = source), in which parallel ties are one entry and no actor meets itself.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> tie_sums(csr_array([[0, 1, 1], [0, 0, 0], [0, 0, 0]]))
    TieSums(total=2.0, same=2.0, reverse=0.0, fan_out=2.0, fan_in=0.0, chain=0.0)
    """
    out = np.asarray(weights.sum(axis=1), dtype=np.float64)
    into = np.asarray(weights.sum(axis=0), dtype=np.float64)
    same = float(np.square(weights.data).sum())
    reverse = float(weights.multiply(weights.T).sum())
    return TieSums(
        total=float(out.sum()),
        same=same,
        reverse=reverse,
        fan_out=float(np.square(out).sum()) - same,
        fan_in=float(np.square(into).sum()) - same,
        chain=2 * (float((out * into).sum()) - reverse),
    )


def undirected_tie_sums(strength: NDArray[np.float64], squares: float) -> TieSums:
    """Return the sums of `tie_sums` for undirected ties, which are entered both ways.

    Parameters
    ----------
    strength : ndarray of float
        Weight of the ties of each actor.
    squares : float
        Sum of the squared weights of the pairs, each once.
    """
    same = 2 * squares
    fan = float(np.square(strength).sum()) - same
    return TieSums(float(strength.sum()), same, same, fan, fan, 2 * fan)


def within_moments(sums: TieSums, sizes: NDArray[np.float64]) -> tuple[float, float]:
    """Return the exact mean and variance of the weight inside groups.

    Parameters
    ----------
    sums : TieSums
        Sums over the ties.
    sizes : ndarray of float
        Actors per group.

    Returns
    -------
    tuple of float
        Mean and variance (not below 0), in the unit of the weights.
    """
    n = float(sizes.sum())
    pairs = _falling(sizes, 2)
    p2 = _ratio(pairs.sum(), _falling(n, 2))
    p3 = _ratio(_falling(sizes, 3).sum(), _falling(n, 3))
    four = _falling(sizes, 4).sum() + pairs.sum() ** 2 - (pairs**2).sum()
    p4 = _ratio(four, _falling(n, 4))
    touching = sums.fan_out + sums.fan_in + sums.chain
    mean = sums.total * p2
    second = p2 * (sums.same + sums.reverse) + p3 * touching + p4 * sums.apart
    return mean, _variance(second, mean)


def cell_moments(sums: TieSums, sizes: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the exact mean and variance of every cell of the mixing table.

    Parameters
    ----------
    sums : TieSums
        Sums over the ties, an undirected tie entered both ways.
    sizes : ndarray of float
        Actors per group.

    Returns
    -------
    tuple of ndarray, shape (groups, groups)
        Mean and variance of the weight from the row's group to the column's.
    """
    n = float(sizes.sum())
    g, h = sizes[:, None], sizes[None, :]
    own = np.eye(len(sizes), dtype=bool)
    pair = np.where(own, _falling(g, 2), g * h) / max(_falling(n, 2), 1.0)
    # A tie and its reverse, or two ties in a chain, can both be in a cell of one group only.
    both_ways = np.where(own, pair, 0.0)
    three = _falling(n, 3)
    inside_three = _falling(g, 3)
    share_source = _ratio_array(np.where(own, inside_three, g * _falling(h, 2)), three)
    share_target = _ratio_array(np.where(own, inside_three, h * _falling(g, 2)), three)
    in_chain = _ratio_array(np.where(own, inside_three, 0.0), three)
    apart = np.where(own, _falling(g, 4), _falling(g, 2) * _falling(h, 2))
    mean = sums.total * pair
    second = (
        sums.same * pair
        + sums.reverse * both_ways
        + sums.fan_out * share_source
        + sums.fan_in * share_target
        + sums.chain * in_chain
        + sums.apart * _ratio_array(apart, _falling(n, 4))
    )
    variance = second - mean**2
    return mean, np.where(variance > 1e-12 * np.maximum(second, 1e-300), variance, 0.0)


def balance_moments(sums: TieSums, sizes: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the exact mean and variance of the balance of each group: weight inside less half the weight across.

    Parameters
    ----------
    sums : TieSums
        Sums over the ties, an undirected tie entered both ways.
    sizes : ndarray of float
        Actors per group.

    Returns
    -------
    tuple of ndarray, shape (groups,)
        Mean and variance of :math:`w_{gg} - (w_{g.} + w_{.g} - 2 w_{gg}) / 2`.
    """
    n = float(sizes.sum())

    def chance(members: int, others: int) -> NDArray[np.float64]:
        """Return the probability that given actors are members, and given others are not."""
        top = _falling(sizes, members) if members else np.ones_like(sizes)
        rest = _falling(n - sizes, others) if others else np.ones_like(sizes)
        return _ratio_array(top * rest, _falling(n, members + others))

    # A tie counts 1 with both ends in the group, -1/2 with one, 0 with none.
    mean = sums.total * (chance(2, 0) - chance(1, 1))
    one_tie = chance(2, 0) + chance(1, 1) / 2
    sharing = chance(3, 0) - chance(2, 1) + (chance(1, 2) + chance(2, 1)) / 4
    apart = chance(4, 0) - 2 * chance(3, 1) + chance(2, 2)
    touching = sums.fan_out + sums.fan_in + sums.chain
    second = (sums.same + sums.reverse) * one_tie + touching * sharing + sums.apart * apart
    variance = second - mean**2
    return mean, np.where(variance > 1e-12 * np.maximum(np.abs(second), 1e-300), variance, 0.0)


def _falling(value: Number, factors: int) -> Number:
    """Return value (value - 1) ... with that many factors."""
    result = value
    for step in range(1, factors):
        result = result * (value - step)
    return result


def _ratio(top: float, bottom: float) -> float:
    return float(top) / bottom if bottom > 0 else 0.0


def _ratio_array(top: NDArray[np.float64], bottom: float) -> NDArray[np.float64]:
    return top / bottom if bottom > 0 else np.zeros_like(top)


def _variance(second: float, mean: float) -> float:
    variance = second - mean**2
    return variance if variance > 1e-12 * second else 0.0
