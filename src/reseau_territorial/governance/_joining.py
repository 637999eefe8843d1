"""How much each actor joins the groups: the components of the card of facilitators, from the arrays of ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.metrics._paths import dependencies, tie_lengths
from reseau_territorial.metrics._removals import nearness_across
from reseau_territorial.metrics._triangles import arcs_once, corners, owners, triangles_of_pairs
from reseau_territorial.metrics.crossings import pairs_across
from reseau_territorial.metrics.holes import total_constraint
from reseau_territorial.metrics.roles import COLUMNS, role_scores

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["COMPONENTS", "joining", "percentile_ranks"]

Floats = NDArray[np.float64]
Codes = NDArray[np.signedinteger]

COMPONENTS = ("loss", "brokerage_z", "cross_betweenness", "group_pairs", "openness")
DIGITS = 12
SMALLEST = 1e-9  # sums of 1/distance below this are rounding
JOINING_ROLES = [COLUMNS.index(role) for role in ("liaison", "gatekeeper", "representative", "itinerant")]


def joining(view: TieView, groups: Codes, *, times: int = 1) -> Floats:
    """Return the components (columns) of each actor (row).

    `groups` are numbers from 0, none of them empty; `times` says how many views like this one will be asked about.
    """
    count = int(groups.max()) + 1
    contacts = view.undirected_binary
    # Without direction, as the distances of the losses: an actor that no directed path passes can still be needed.
    passing = dependencies(tie_lengths(contacts, directed=False), group=groups.astype(np.int64))
    across = pairs_across(groups, count)
    shares = np.divide(passing, across, out=np.full(view.n, np.nan), where=across > 0)
    roles = role_scores(view.binary, groups, count, directed=view.directed)[2 * len(COLUMNS) :][JOINING_ROLES].T
    return np.column_stack(
        [
            _losses(contacts, groups, times),
            _mean(roles),
            shares,
            _group_pairs(contacts, groups, count),
            1 - total_constraint(view, None),
        ]
    )


def percentile_ranks(table: Floats) -> Floats:
    """Return the percentile ranks in each column, ties sharing theirs, what is undefined last."""
    size = len(table)
    if size < 2:
        return np.full(table.shape, np.nan)
    # Rounding must not rank actors who are alike.
    filled = np.nan_to_num(table.round(DIGITS), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
    ranks = np.empty(table.shape)
    for place, values in enumerate(filled.T):
        _, which, many = np.unique(values, return_inverse=True, return_counts=True)
        ranks[:, place] = (np.cumsum(many) - (many + 1) / 2)[which]
    return ranks / (size - 1)


def _mean(values: Floats) -> Floats:
    """Return the mean of each row, of what is defined in it."""
    known = ~np.isnan(values)
    many = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.asarray(np.divide(total, many, out=np.full(len(values), np.nan), where=many > 0))


def _losses(contacts: csr_array, groups: Codes, times: int) -> Floats:
    """Return the share of the efficiency between the groups of the others that is lost with each actor."""
    near, lost = nearness_across(contacts, groups, times=times)
    kept = near.sum() - 2 * near
    losses = np.divide(lost, kept, out=np.full(len(near), np.nan), where=kept > SMALLEST).round(DIGITS)
    return np.asarray(np.maximum(losses, 0.0))


def _group_pairs(contacts: csr_array, groups: Codes, count: int) -> Floats:
    """Return the share of pairs of groups that each actor joins by two partners who are not tied."""
    size = contacts.shape[0]
    cell = owners(contacts) * count + groups[contacts.indices]
    partners = np.bincount(cell, minlength=size * count).reshape(size, count)
    met = (partners > 0).sum(axis=1)
    closed, ties = np.unique(_closed_pairs(contacts, groups.astype(np.int64), count), return_counts=True)
    actor, pair = np.divmod(closed, count**2)
    # A pair of groups is not joined when every partner of one is tied to every partner of the other.
    apart = ties == partners[actor, pair // count] * partners[actor, pair % count]
    joined = met * (met - 1) / 2 - np.bincount(actor[apart], minlength=size)
    return np.asarray(joined / (count * (count - 1) / 2))


def _closed_pairs(contacts: csr_array, groups: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """List the tied partners of different groups of each actor, as a number: (actor, lower group, higher group)."""
    pairs = arcs_once(contacts)
    found = [np.zeros(0, dtype=np.int64)]
    for triangle in triangles_of_pairs(pairs):
        u, v, w = corners(pairs, triangle)
        for actor, one, other in ((u, v, w), (v, u, w), (w, u, v)):
            low, high = np.minimum(groups[one], groups[other]), np.maximum(groups[one], groups[other])
            found.append(((actor.astype(np.int64) * count + low) * count + high)[low < high])
    return np.concatenate(found)
