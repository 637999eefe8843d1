"""Segregation indices as pure functions of a mixing table, one table or a whole stack of them.

Every silo index of the library is one of these functions: what a network adds is only the table. A null model
gives thousands of tables at once, so each function accepts leading axes (one per permutation).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Mixing:
    """Who is tied to whom, group by group.

    Attributes
    ----------
    ties : ndarray, shape (..., groups, groups)
        Weight (or number) of ties from the row's group to the column's; an undirected tie is entered both ways,
        so an undirected table is symmetric and counts a tie inside a group twice.
    sizes : ndarray, shape (..., groups)
        Actors per group, isolates included.
    directed : bool
        Whether any tie has a direction.
    """

    ties: Array
    sizes: Array
    directed: bool

    @property
    def inside(self) -> Array:
        """Weight inside each group."""
        return np.diagonal(self.ties, axis1=-2, axis2=-1)

    @property
    def leaving(self) -> Array:
        """Weight from each group to any group, its own included."""
        return np.asarray(self.ties.sum(axis=-1), dtype=np.float64)

    @property
    def entering(self) -> Array:
        """Weight from any group to each group, its own included."""
        return np.asarray(self.ties.sum(axis=-2), dtype=np.float64)

    @property
    def total(self) -> Array:
        """Weight of the network."""
        return np.asarray(self.ties.sum(axis=(-2, -1)), dtype=np.float64)

    @property
    def actors(self) -> Array:
        """Number of actors."""
        return np.asarray(self.sizes.sum(axis=-1), dtype=np.float64)

    @property
    def pairs_inside(self) -> Array:
        """Ordered pairs of actors of each group."""
        return self.sizes * (self.sizes - 1)

    @property
    def shares(self) -> Array:
        """Share of the weight in each cell; NaN where there is no tie."""
        return divide(self.ties, self.total[..., None, None])


Index = Callable[[Mixing], Array]


def divide(numerator: ArrayLike, denominator: ArrayLike) -> Array:
    """Divide, NaN where the denominator is zero: what is undefined says so."""
    top, bottom = np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    shape = np.broadcast_shapes(top.shape, bottom.shape)
    result = np.full(shape, np.nan)
    np.divide(top, bottom, out=result, where=np.broadcast_to(bottom != 0, shape))
    return result


def silo_index(table: Mixing) -> Array:
    """Weight inside groups minus weight between them, over the total: minus the E-I index."""
    within = table.inside.sum(axis=-1)
    return divide(2 * within - table.total, table.total)


def rescaled_silo_index(table: Mixing) -> Array:
    """Silo index brought to [-1, 1] between the least and the most that the group sizes allow."""
    ties, inside = table.total, table.pairs_inside.sum(axis=-1)
    across = table.actors * (table.actors - 1) - inside
    most = divide(2 * np.minimum(ties, inside) - ties, ties)
    least = divide(ties - 2 * np.minimum(ties, across), ties)
    return 2 * divide(silo_index(table) - least, most - least) - 1


def group_silo_index(table: Mixing, *, inside_counts: int, direction: str = "all") -> Array:
    """Silo index of each group; a tie inside counts once, or twice (once per end)."""
    outgoing, incoming = table.leaving - table.inside, table.entering - table.inside
    if direction == "all" or not table.directed:
        within, across = inside_counts * table.inside, outgoing + incoming
    else:
        within, across = table.inside, outgoing if direction == "out" else incoming
    return divide(within - across, within + across)


def coleman_index(table: Mixing) -> Array:
    """Coleman's homophily of each group: weight inside beyond its expectation, over the most beyond it."""
    expected = divide(table.leaving * (table.sizes - 1), (table.actors - 1)[..., None])
    excess = table.inside - expected
    # A group that holds everyone has what it must: rounding makes no excess of it.
    excess = np.where(np.abs(excess) > 1e-12 * table.leaving, excess, 0.0)
    above = divide(excess, table.leaving - expected)
    below = divide(excess, expected)
    # A group of one can hold no tie of its own: it is as far below expectation as can be.
    below = np.where((table.sizes == 1) & (table.leaving > 0), -1.0, below)
    return np.where(table.leaving > 0, np.where(excess > 0, above, below), np.nan)


def freeman_index(table: Mixing) -> Array:
    """One minus cross-group weight over its expectation if ties ignored the groups."""
    across = table.total - table.inside.sum(axis=-1)
    n = table.actors
    expected = divide(table.total * (n**2 - (table.sizes**2).sum(axis=-1)), n * (n - 1))
    return 1 - divide(across, expected)


def assortativity_index(table: Mixing) -> Array:
    """Newman's assortativity by groups."""
    shares = table.shares
    observed = np.trace(shares, axis1=-2, axis2=-1)
    expected = (shares.sum(axis=-1) * shares.sum(axis=-2)).sum(axis=-1)
    # Rounding must not turn 0/0 (all ties in one group) into a number.
    room = np.where(np.abs(1 - expected) < 1e-12, 0.0, 1 - expected)
    return divide(observed - expected, room)


def modularity_index(table: Mixing, *, resolution: float = 1.0) -> Array:
    """Newman and Girvan's modularity of the groups (Leicht and Newman's if directed)."""
    shares = table.shares
    observed = np.trace(shares, axis1=-2, axis2=-1)
    expected = (shares.sum(axis=-1) * shares.sum(axis=-2)).sum(axis=-1)
    return np.asarray(observed - resolution * expected, dtype=np.float64)


def gupta_anderson_may_index(table: Mixing) -> Array:
    """Mean share of ties inside, group by group, beyond what a single group would give by chance."""
    groups = table.ties.shape[-1]
    inside = divide(table.inside, table.leaving).sum(axis=-1)
    return divide(inside - 1, np.full_like(inside, groups - 1))


def odds_ratio_index(table: Mixing, *, correction: float = 0.0) -> Array:
    """Odds of a tie for pairs of the same group, over the odds for pairs of different groups."""
    once = 1.0 if table.directed else 0.5
    inside, across = table.inside.sum(axis=-1), table.total - table.inside.sum(axis=-1)
    pairs_inside = table.pairs_inside.sum(axis=-1)
    pairs_across = table.actors * (table.actors - 1) - pairs_inside
    tied_in, tied_out = once * inside + correction, once * across + correction
    apart_in = once * (pairs_inside - inside) + correction
    apart_out = once * (pairs_across - across) + correction
    top, bottom = tied_in * apart_out, apart_in * tied_out
    ratio = np.where((bottom == 0) & (top > 0), np.inf, divide(top, bottom))
    # The correction must not make a number of what has no meaning: no tie, or pairs of one kind only.
    return np.where((table.total > 0) & (pairs_inside > 0) & (pairs_across > 0), ratio, np.nan)


def segregation_matrix(table: Mixing, *, direction: str) -> Array:
    """Density inside each group against the density of its ties with the others, from -1 to 1."""
    outgoing, incoming = table.leaving - table.inside, table.entering - table.inside
    across = {"out": outgoing, "in": incoming, "all": (outgoing + incoming) / 2}[direction]
    density_in = divide(table.inside, table.pairs_inside)
    density_out = divide(across, table.sizes * (table.actors[..., None] - table.sizes))
    return divide(density_in - density_out, density_in + density_out)


def conductance_index(table: Mixing) -> Array:
    """Weight that leaves each group, over the smaller of its volume and that of the rest."""
    cut = table.leaving - table.inside
    return divide(cut, np.minimum(table.leaving, table.total[..., None] - table.leaving))


def normalized_cut_index(table: Mixing) -> Array:
    """Weight that leaves each group, over its volume, plus the same over that of the rest."""
    cut = table.leaving - table.inside
    return divide(cut, table.leaving) + divide(cut, table.total[..., None] - table.leaving)
