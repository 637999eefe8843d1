"""The statistics that need only a mixing table: under a null model, thousands of tables and no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reseau_territorial.metrics import cuts, segregation, silos
from reseau_territorial.metrics._grouped import counting_pairs
from reseau_territorial.metrics._indices import (
    Index,
    assortativity_index,
    freeman_index,
    gupta_anderson_may_index,
    modularity_index,
    odds_ratio_index,
    rescaled_silo_index,
    silo_index,
)

Statistic = Callable[..., Any]


@dataclass(frozen=True)
class TableStatistic:
    """A statistic as a function of the mixing table, with the ties it reads."""

    index: Index
    weight: str | None
    symmetrize: Any


def _network_silo(*, rescaled: bool = False) -> Index:
    return rescaled_silo_index if rescaled else silo_index


def _modularity(*, resolution: float = 1.0) -> Index:
    return lambda table: modularity_index(table, resolution=resolution)


def _odds_ratio_within(*, correction: float = 0.0) -> Index:
    return lambda table: odds_ratio_index(table, correction=correction)


_TABLE_STATISTICS: Final[Mapping[Statistic, Callable[..., Index]]] = {
    silos.network_silo: _network_silo,
    segregation.freeman: lambda: freeman_index,
    segregation.assortativity: lambda: assortativity_index,
    segregation.gupta_anderson_may: lambda: gupta_anderson_may_index,
    segregation.odds_ratio_within: _odds_ratio_within,
    cuts.modularity: _modularity,
}


def table_statistic(statistic: Statistic, options: Mapping[str, Any]) -> TableStatistic | None:
    """Return the statistic as a function of the mixing table, or None if it needs the network itself."""
    make = _TABLE_STATISTICS.get(statistic)
    if make is None:
        return None
    rest = dict(options)
    counted = statistic is segregation.odds_ratio_within
    weight = None if counted else rest.pop("weight", "weight")
    symmetrize = rest.pop("symmetrize", None)
    if counted:
        symmetrize = counting_pairs(symmetrize)
    return TableStatistic(index=make(**rest), weight=weight, symmetrize=symmetrize)
