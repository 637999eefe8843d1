"""`measure`: several metrics side by side, in one tidy table."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import pandas as pd

from reseau_territorial._arguments import check_network
from reseau_territorial._views import check_by, check_weight
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.metrics._frame import Per
from reseau_territorial.network import Choice, Missing, Network

__all__ = ["ACTOR_METRICS", "measure"]

_MODULES: Final[Mapping[str, str]] = {
    "centrality": (
        "degree in_degree out_degree strength betweenness closeness harmonic eigenvector katz pagerank hits coreness "
        "core_periphery"
    ),
    "bridging": (
        "constraint effective_size efficiency hierarchy participation within_group_z bridging_centrality "
        "bridgeness everett_valente valente_fujimoto cross_betweenness bridge_strength bridge_closeness "
        "cartographic_roles brokerage broker_profile articulation_actors"
    ),
    "cohesion": "clustering",
    "flows": "stress load_betweenness flow_betweenness",
    "currents": "current_flow_betweenness information",
    "silos": "silo",
    "cuts": "diversity",
    "spectral_silos": "spectral_segregation",
    "cliques": "clique_overlap",
    "vitality": "efficiency_vitality",
    "multilayer": (
        "overlapping_degree overlapping_strength multiplex_participation interdependence layer_relevance "
        "exclusive_neighbours connective_redundancy versatility multilayer_clustering"
    ),
}
ACTOR_METRICS: Final[Mapping[str, str]] = {name: module for module, names in _MODULES.items() for name in names.split()}
"""The metrics that give one value (or one row) per actor, and the module of each."""


def measure(
    net: Network,
    names: Iterable[str | Callable[..., Any]] | str,
    *,
    by: str | None = None,
    per: Per = None,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    missing: Missing = "error",
    **options: Any,
) -> pd.DataFrame:
    """Compute several metrics of actors and join them into one table.

    Parameters
    ----------
    net : Network
        The network.
    names : list of str
        Names of metrics, such as ``["degree", "betweenness", "silo"]``; a function of the same form as
        ours (``f(net, ...)`` to a Series or DataFrame per actor) may stand among them.
    by : str, optional
        Actor column that gives the groups, for the metrics that need them.
    per : {"layer", "period", "level"}, optional
        Compute once for each value of this aspect.
    layer, period : str or list of str, optional
        The selection.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts ties. Metrics that know no weight ignore it.
    missing : {"error", "drop", "group"}
        What the metrics that need groups do with actors that have none: refuse, leave them out, or take
        them as one group.
    **options
        Any other argument, given to the metrics that have it, such as ``direction="in"``.

    Returns
    -------
    DataFrame
        One row per actor, or per ``(actor, per)``; one column per metric. A metric that gives a table
        (``brokerage``) adds its columns, prefixed by its name. NaN where a metric is undefined, or the
        actor absent from what it covers.

    Raises
    ------
    UnknownNameError
        If a metric or option is not there; the nearest name is offered.
    ReseauError
        If a metric needs groups and `by` is missing, or cannot be computed per aspect.

    Notes
    -----
    Direction, weights, isolates and missing values are treated as each metric says. The arrays, shortest
    paths and mixing tables that metrics share are computed once and kept with the network.

    Examples
    --------
    >>> import pandas as pd
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> actors = pd.DataFrame({"actor": ["Tours", "Métropole", "Artisaloire"], "sector": ["public", "public", "civil"]})
    >>> measure(Network(ties, actors=actors), ["degree", "silo"], by="sector")
                 degree  silo
    actor
    Tours           2.0   0.0
    Métropole       1.0   1.0
    Artisaloire     1.0  -1.0
    """
    check_network(net)
    if by is not None:
        check_by(net.actors, by)
    if weight is not None:
        check_weight(net.ties, weight)
    asked = [names] if isinstance(names, str) else list(names)
    if not asked:
        raise ReseauError(f"no metric asked for. Name some of: {', '.join(sorted(ACTOR_METRICS))}.")
    functions = [_function(name) for name in asked]
    _check_options(options, functions)
    common = {"by": by, "per": per, "layer": layer, "period": period, "weight": weight, "missing": missing, **options}
    columns = [_columns(net, function, common) for function in functions]
    table = pd.concat(columns, axis=1, join="outer", sort=False)
    twice = table.columns[table.columns.duplicated()]
    if len(twice):
        raise ReseauError(f"the metrics {', '.join(map(repr, twice))} are asked for twice. Name each once.")
    return table


def _function(name: str | Callable[..., Any]) -> Callable[..., Any]:
    if callable(name):
        return name
    if name not in ACTOR_METRICS:
        raise unknown_name("metric of actors", name, sorted(ACTOR_METRICS))
    module = importlib.import_module(f"reseau_territorial.metrics.{ACTOR_METRICS[name]}")
    function: Callable[..., Any] = getattr(module, name)
    return function


def _columns(net: Network, function: Callable[..., Any], common: Mapping[str, Any]) -> pd.Series | pd.DataFrame:
    known = inspect.signature(function).parameters
    name = function.__name__
    if common["by"] is None and "by" in known and known["by"].default is inspect.Parameter.empty:
        raise ReseauError(f'metric {name!r} needs groups: pass by="sector", or another actor column.')
    if common["per"] is not None and "per" not in known:
        raise ReseauError(f"metric {name!r} has no value per {common['per']}. Leave it out, or drop per=.")
    given = {key: value for key, value in common.items() if key in known and value is not None}
    if "weight" in known and common["weight"] is None:
        given["weight"] = None
    result = function(net, **given)
    if isinstance(result, pd.DataFrame):
        return result.add_prefix(f"{name}_")
    if not isinstance(result, pd.Series):
        raise ReseauError(f"{name!r} gave a {type(result).__name__}; a metric of actors gives a Series or a DataFrame.")
    return result.rename(name)


def _check_options(options: Mapping[str, Any], functions: Iterable[Callable[..., Any]]) -> None:
    known = {key for function in functions for key in inspect.signature(function).parameters} - {"net"}
    for option in options:
        if option not in known:
            raise unknown_name("option of these metrics", option, sorted(known))
