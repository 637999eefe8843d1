"""Which column makes the groups of a map when nobody says."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from reseau_territorial.layouts._pairs import Ints, Pairs

TERRITORIES: Final = ("territory", "epci", "departement", "arrondissement", "region", "parent")
OTHERWISE: Final = ("sector", "kind")
# More groups than this cannot be told apart on a sheet.
MOST_GROUPS: Final = 200
# Fewer actors than this in a usual group, and frames say less than the names inside them.
LEAST_SHARED: Final = 3


def default_groups(actors: pd.DataFrame, pairs: Pairs) -> str | None:
    """Choose the column of the groups.

    A column counts when most actors have it, with three actors a value or more on average. Of the columns of
    territories, the one with the highest modularity is chosen; sector and kind, which seldom hold ties, come when
    there is none.
    """
    usable = {name: codes for name in (*TERRITORIES, *OTHERWISE) if (codes := _shared_values(actors, name)) is not None}
    scores = {name: modularity(pairs, usable[name]) for name in TERRITORIES if name in usable}
    best = max(scores, key=lambda name: scores[name], default=None)
    return best or next(iter(usable), None)


def _shared_values(actors: pd.DataFrame, column: str) -> Ints | None:
    """Codes of the values of a column (-1 where missing), or None when it makes no groups."""
    if column not in actors.columns:
        return None
    codes, values = pd.factorize(actors[column].astype(object).where(actors[column].notna(), None), sort=True)
    filled = int((codes >= 0).sum())
    shared = filled >= len(actors) / 2 and 2 <= len(values) <= min(filled / LEAST_SHARED, MOST_GROUPS)
    return codes.astype(np.int64) if shared else None


def modularity(pairs: Pairs, codes: Ints) -> float:
    """Return the share of tied pairs inside groups, less the share expected from the degrees alone.

    An actor without a group is a group by itself.
    """
    if not len(pairs.source):
        return 0.0
    own = np.where(codes >= 0, codes, codes.max(initial=0) + 1 + np.arange(len(codes)))
    inside = (own[pairs.source] == own[pairs.target]).mean()
    share = np.bincount(own, pairs.degree) / pairs.degree.sum()
    return float(inside - (share * share).sum())
