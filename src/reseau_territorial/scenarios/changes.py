"""Changes to a network, and their effect on its metrics."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from reseau_territorial._arguments import check_network
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.metrics import cuts, group_segregation, segregation, silos
from reseau_territorial.metrics.table import ACTOR_METRICS, measure
from reseau_territorial.network import Choice, Network

__all__ = ["Scenario", "scenario"]

NETWORK_METRICS: Mapping[str, Callable[..., Any]] = {
    "network_silo": silos.network_silo,
    "freeman": segregation.freeman,
    "assortativity": segregation.assortativity,
    "gupta_anderson_may": segregation.gupta_anderson_may,
    "odds_ratio_within": segregation.odds_ratio_within,
    "modularity": cuts.modularity,
}
GROUP_METRICS: Mapping[str, Callable[..., Any]] = {
    "group_silo": silos.group_silo,
    "coleman": group_segregation.coleman,
    "conductance": cuts.conductance,
}
WHOLE = "(network)"


@dataclass(frozen=True, eq=False)
class Scenario:
    """A network, the changes asked of it, and the network that they give.

    Attributes
    ----------
    base : Network
        The network as it is.
    net : Network
        The network after the changes.
    steps : tuple of str
        The changes, in order, in words.
    """

    base: Network
    net: Network
    steps: tuple[str, ...] = ()

    def remove(self, *actors: str) -> Scenario:
        """Remove actors and their ties.

        Parameters
        ----------
        *actors : str
            Actors to remove; the others keep their ties and may become isolates.

        Returns
        -------
        Scenario
            With one more step.

        Examples
        --------
        >>> net = Network(pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]}))
        >>> scenario(net).remove("b").net
        <Network: 2 actors, 0 ties; layer: tie (undirected)>
        """
        gone = _known(self.net, actors)
        net = self.net
        ties, kept = net.ties, net.actors.drop(index=gone)
        if not len(kept):
            raise ReseauError("removing every actor leaves nothing to measure. Keep some.")
        tables: dict[str, pd.DataFrame] = {
            "actors": kept,
            "ties": ties[~(ties["source"].isin(gone) | ties["target"].isin(gone))],
        }
        for name in ("provision", "observation"):
            table = getattr(net, name)
            tables[name] = table[~table["actor"].isin(gone)]
        return self._then(net.replace(**tables), f"remove {', '.join(gone)}")

    def add(self, ties: pd.DataFrame | None = None, *, actors: pd.DataFrame | None = None) -> Scenario:
        """Add ties, and the actors that they need.

        Parameters
        ----------
        ties : DataFrame, optional
            Rows as in ``net.ties``: ``source``, ``target``, and any other column.
        actors : DataFrame, optional
            Rows as in ``net.actors``, keyed by ``actor``; an actor that is there already is an error.

        Returns
        -------
        Scenario
            With one more step.

        Examples
        --------
        >>> net = Network(pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]}))
        >>> new = pd.DataFrame({"source": ["a"], "target": ["c"]})
        >>> scenario(net).add(new).net
        <Network: 3 actors, 3 ties; layer: tie (undirected)>
        """
        net = self.net
        tables: dict[str, pd.DataFrame] = {}
        words = []
        if actors is not None:
            rows = actors if "actor" in actors.columns else actors.rename_axis("actor").reset_index()
            tables["actors"] = pd.concat([net.actors.reset_index(), rows], ignore_index=True)
            words.append(f"{len(rows)} actor{'s' if len(rows) != 1 else ''}")
        if ties is not None:
            old = net.ties
            new = ties if "layer" in ties.columns or len(net.layers) != 1 else ties.assign(layer=net.layers.index[0])
            both = pd.concat([old.astype({"period": "object"}), new], ignore_index=True)
            both["weight"] = both["weight"].fillna(1.0)
            order = list(net.periods)
            if set(both["period"].dropna()) <= set(order):
                both["period"] = pd.Categorical(both["period"], categories=order, ordered=True)
            tables["ties"] = both
            words.append(f"{len(ties)} tie{'s' if len(ties) != 1 else ''}")
        if not tables:
            raise ReseauError("nothing to add. Pass ties, actors or both.")
        return self._then(net.replace(**tables), f"add {' and '.join(words)}")

    def merge(self, actors: Iterable[str], *, into: str) -> Scenario:
        """Merge several actors into one.

        Parameters
        ----------
        actors : iterable of str
            Actors to merge.
        into : str
            Name of the result: one of them, whose columns it keeps, or a new name, with the columns of the first.

        Returns
        -------
        Scenario
            With one more step. Ties between the merged actors disappear, the others are kept (parallel ties add up).

        Examples
        --------
        >>> net = Network(pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]}))
        >>> scenario(net).merge(["a", "b"], into="ab").net.ties[["source", "target"]].values.tolist()
        [['ab', 'c']]
        """
        net = self.net
        merged = _known(net, tuple(actors))
        if into in net.actors.index and into not in merged:
            raise ReseauError(f"{into!r} is another actor of the network. Merge it too, or choose another name.")
        old = net.actors
        row = old.loc[[into if into in merged else merged[0]]].rename(index=lambda _: into)
        place = old.index.get_loc(merged[0])
        rest = old.drop(index=merged)
        before = int(np.count_nonzero(~old.index[:place].isin(merged)))
        renamed = dict.fromkeys(merged, into)
        ties = net.ties.replace({"source": renamed, "target": renamed})
        tables = {
            "actors": pd.concat([rest.iloc[:before], row, rest.iloc[before:]]).rename_axis("actor").reset_index(),
            "ties": ties[ties["source"] != ties["target"]],
        }
        for name in ("provision", "observation"):
            table = getattr(net, name)
            tables[name] = table.replace({"actor": renamed}).drop_duplicates()
        return self._then(net.replace(**tables), f"merge {', '.join(merged)} into {into}")

    def compare(
        self,
        metrics: Sequence[str | Callable[..., Any]],
        *,
        by: str | None = None,
        layer: Choice = None,
        period: Choice = None,
        weight: str | None = "weight",
        **options: Any,
    ) -> pd.DataFrame:
        """Measure the network before and after the changes.

        Parameters
        ----------
        metrics : list of str or callable
            Names of metrics of the network (``"network_silo"``), of groups (``"group_silo"``) or of actors
            (``"betweenness"``); or functions of a network that return a number or a Series.
        by : str, optional
            Actor column that gives the groups, for the metrics that need them.
        layer, period : str or list of str, optional
            Keep only these layers, these periods.
        weight : str or None, default "weight"
            Tie column that holds the strength.
        **options
            Passed to the metrics that know them.

        Returns
        -------
        DataFrame
            Indexed by ``metric`` and ``subject`` (``"(network)"``, a group or an actor): ``base``, ``scenario``,
            ``difference`` and ``relative`` (difference over the base; NaN if that is 0). NaN where a subject is not
            there.

        Raises
        ------
        UnknownNameError
            If a metric is not there.
        ReseauError
            If a metric needs groups and `by` is missing.

        Examples
        --------
        >>> ties = pd.DataFrame({"source": list("abc"), "target": list("bca")})
        >>> net = Network(ties)
        >>> scenario(net).remove("b").compare(["degree"])["scenario"].to_dict()
        {('degree', 'a'): 1.0, ('degree', 'b'): nan, ('degree', 'c'): 1.0}
        """
        given = {"by": by, "layer": layer, "period": period, "weight": weight, **options}
        tables = []
        for metric in metrics:
            name = metric if isinstance(metric, str) else getattr(metric, "__name__", "metric")
            columns = [_measured(net, metric, given) for net in (self.base, self.net)]
            table = pd.concat(columns, axis=1, keys=["base", "scenario"], sort=False)
            table.index = pd.MultiIndex.from_product([[name], table.index], names=["metric", "subject"])
            tables.append(table)
        if not tables:
            raise ReseauError('no metric to compare. Pass some, such as ["network_silo", "betweenness"].')
        result = pd.concat(tables)
        result["difference"] = result["scenario"] - result["base"]
        result["relative"] = result["difference"] / result["base"].where(result["base"] != 0)
        return result

    def __repr__(self) -> str:
        steps = "; ".join(self.steps) if self.steps else "no change"
        return f"<Scenario: {steps}: {self.net!r}>"

    def _then(self, net: Network, step: str) -> Scenario:
        return replace(self, net=net, steps=(*self.steps, step))


def scenario(net: Network) -> Scenario:
    """Start a scenario: changes to a network, and their effect on its metrics.

    Parameters
    ----------
    net : Network
        The network as it is.

    Returns
    -------
    Scenario
        With ``.remove()``, ``.add()``, ``.merge()``, each giving a new scenario, and ``.compare()``.

    Examples
    --------
    >>> ties = pd.DataFrame({"source": list("abc"), "target": list("bcd")})
    >>> changed = scenario(Network(ties)).remove("d").merge(["a", "b"], into="a")
    >>> changed
    <Scenario: remove d; merge a, b into a: <Network: 2 actors, 1 tie; layer: tie (undirected)>>
    """
    check_network(net)
    return Scenario(base=net, net=net)


def _known(net: Network, actors: Sequence[str]) -> list[str]:
    known = net.actors.index
    for actor in actors:
        if actor not in known:
            raise unknown_name("actor", actor, known)
    if not actors:
        raise ReseauError("no actor named. Name one or more.")
    return list(dict.fromkeys(actors))


def _measured(net: Network, metric: str | Callable[..., Any], given: Mapping[str, Any]) -> pd.Series:
    """Return a metric as a Series by subject."""
    if isinstance(metric, str) and metric in ACTOR_METRICS:
        known = {name: value for name, value in given.items() if value is not None or name == "weight"}
        table = measure(net, [metric], **known)
        if table.shape[1] > 1:
            raise ReseauError(
                f"{metric!r} gives {table.shape[1]} columns; compare needs metrics of one. Choose another."
            )
        return table.iloc[:, 0]
    functions = {**NETWORK_METRICS, **GROUP_METRICS}
    if isinstance(metric, str) and metric not in functions:
        raise unknown_name("metric", metric, sorted([*functions, *ACTOR_METRICS]))
    function = functions[metric] if isinstance(metric, str) else metric
    takes = inspect.signature(function).parameters
    if "by" in takes and takes["by"].default is inspect.Parameter.empty and given["by"] is None:
        raise ReseauError(f'metric {metric!r} needs groups: pass by="sector", or another actor column.')
    result = function(net, **{name: value for name, value in given.items() if name in takes})
    return result if isinstance(result, pd.Series) else pd.Series({WHOLE: float(result)})
