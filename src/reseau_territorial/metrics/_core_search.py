"""The search for the division into core and periphery that fits best: all of them, many or one, by size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["best_division", "chance_of_fit"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ALL_DIVISIONS = 16
"""Up to so many actors, every division is tried."""

MANY_STARTS = 150
"""Up to so many actors, the search starts from a core of each size."""

GAIN = 1e-12


def best_division(matrix: csr_array) -> tuple[Floats, float]:
    """Return 1 for the actors of the core and 0 for the others, and the fit; NaN if every division fits equally."""
    n, ties = matrix.shape[0], matrix.nnz / 2
    if ties in (0, n * (n - 1) / 2):
        return np.full(n, np.nan), float("nan")
    if n <= ALL_DIVISIONS:
        core, fit = _of_all(matrix.toarray(), ties)
    elif n <= MANY_STARTS:
        core, fit = _of_many(matrix.toarray(), ties)
    else:
        core, fit = _of_one(matrix, ties)
    return core.astype(np.float64), fit


def chance_of_fit(matrix: csr_array, fit: float, n_resamples: int, rng: np.random.Generator) -> float:
    """Return the p-value of a fit, against networks with the same number of ties anywhere."""
    from scipy.sparse import coo_array

    n, ties = matrix.shape[0], matrix.nnz // 2
    if np.isnan(fit):
        return float("nan")
    as_good = 0
    for _ in range(n_resamples):
        pair = rng.choice(n * (n - 1) // 2, size=ties, replace=False, shuffle=False)
        # Pairs are numbered row by row below the diagonal: row j begins at j (j - 1) / 2.
        high = ((1 + np.sqrt(1 + 8 * pair)) / 2).astype(np.int64)
        low = pair - high * (high - 1) // 2
        ends = np.concatenate([high, low]), np.concatenate([low, high])
        other = coo_array((np.ones(2 * ties), ends), shape=(n, n)).tocsr()
        as_good += best_division(other)[1] >= fit - GAIN
    return (as_good + 1) / (n_resamples + 1)


def fit_of(left: Any, size: Any, n: int, ties: float) -> Floats:
    """Correlate ties with the pattern of a core of some size that leaves some ties inside the periphery."""
    pairs = n * (n - 1) / 2
    ideal = pairs - (n - size) * (n - size - 1) / 2.0
    spread = ties * (pairs - ties) * ideal * (pairs - ideal)
    with np.errstate(divide="ignore", invalid="ignore"):
        fit: Floats = np.where(spread > 0, (pairs * (ties - left) - ties * ideal) / np.sqrt(spread), -np.inf)
    return fit


def _of_all(matrix: Floats, ties: float) -> tuple[Bools, float]:
    n = len(matrix)
    cores = (np.arange(1, 2**n)[:, None] >> np.arange(n) & 1).astype(bool)
    outside = (~cores).astype(np.float64)
    left = np.einsum("ij,ij->i", outside @ matrix, outside) / 2
    fits = fit_of(left, cores.sum(axis=1), n, ties)
    # Rounding must not choose between equal fits: the first of them is kept.
    best = int(np.argmax(fits > fits.max() - GAIN))
    return cores[best], float(fits[best])


def _of_many(matrix: Floats, ties: float) -> tuple[Bools, float]:
    """Climb from cores that grow by the actor with most ties left in the periphery."""
    n = len(matrix)
    grown = np.zeros(n, dtype=bool)
    best, best_fit = grown, -np.inf
    for _ in range(n - 1):
        grown[int(np.argmax(np.where(grown, -1.0, matrix @ ~grown)))] = True
        core, fit = _climb(matrix, grown.copy(), ties)
        if fit > best_fit + GAIN:
            best, best_fit = core, fit
    return best, best_fit


def _climb(matrix: Floats, core: Bools, ties: float) -> tuple[Bools, float]:
    """Move one actor, or exchange two, as long as the fit gets better."""
    n = len(core)
    outside = matrix @ ~core  # ties of each actor to the periphery
    left = float(outside[~core].sum() / 2)
    fit = float(fit_of(left, int(core.sum()), n, ties))
    while True:
        size = int(core.sum())
        moves = np.where(core, fit_of(left + outside, size - 1, n, ties), fit_of(left - outside, size + 1, n, ties))
        moved, reached = [int(np.argmax(moves))], float(moves.max())
        inner, outer = np.flatnonzero(core), np.flatnonzero(~core)
        if len(inner) and len(outer):
            after = left + outside[inner][:, None] - outside[outer] - matrix[np.ix_(inner, outer)]
            leaving, entering = np.unravel_index(int(np.argmin(after)), after.shape)
            exchanged = float(fit_of(after[leaving, entering], size, n, ties))
            if exchanged > reached + GAIN:
                moved, reached = [int(inner[leaving]), int(outer[entering])], exchanged
        if not reached > fit + GAIN:
            return core, fit
        fit = reached
        for actor in moved:
            change = 1.0 if core[actor] else -1.0
            left += change * outside[actor]
            outside += change * matrix[actor]
            core[actor] = not core[actor]


def _of_one(matrix: csr_array, ties: float) -> tuple[Bools, float]:
    """Improve the best cut of the actors in order of degree by moving one actor at a time."""
    n = matrix.shape[0]
    degree = np.diff(matrix.indptr)
    order = np.argsort(-degree, kind="stable")
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    row = np.repeat(np.arange(n), degree)
    # Ties left inside the periphery when the k best connected are the core: both ends come after the cut.
    earlier = np.minimum(place[row], place[matrix.indices])
    cuts = ties - np.concatenate([[0.0], np.cumsum(np.bincount(earlier, minlength=n))]) / 2
    fits = fit_of(cuts[:n], np.arange(n), n, ties)
    size = int(np.argmax(fits))
    core = np.zeros(n, dtype=bool)
    core[order[:size]] = True
    left, fit = float(cuts[size]), float(fits[size])
    outside = matrix @ (~core).astype(float)
    for _ in range(10 * n):
        size = int(core.sum())
        moves = np.where(core, fit_of(left + outside, size - 1, n, ties), fit_of(left - outside, size + 1, n, ties))
        actor = int(np.argmax(moves))
        if not moves[actor] > fit + GAIN:
            break
        fit = float(moves[actor])
        change = 1.0 if core[actor] else -1.0
        left += change * outside[actor]
        core[actor] = not core[actor]
        outside[matrix.indices[matrix.indptr[actor] : matrix.indptr[actor + 1]]] += change
    return core, fit
