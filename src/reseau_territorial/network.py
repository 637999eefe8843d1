"""`Network`: the actors of a territory and their ties, in layers and periods, as one frozen object."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial import _aggregate, _datapackage
from reseau_territorial._checks import check_tables
from reseau_territorial._sparse import TieView
from reseau_territorial.errors import ReseauError, enumerate_values, unknown_name
from reseau_territorial.tables import TIES, as_text, conform, positions, raise_if
from reseau_territorial.vocabulary import STATUSES

__all__ = ["Network", "load"]

Missing = Literal["error", "drop", "group"]
Choice = str | int | Iterable[str] | None

MISSING_CHOICES: Final = ("error", "drop", "group")
MISSING_GROUP: Final = "(missing)"


class Network:
    """The actors of a territory and their ties, in layers and periods.

    A network is a few checked tables; it never changes: each method returns a new one.

    Parameters
    ----------
    ties : DataFrame
        One row per tie: ``source``, ``target``; optionally ``layer``, ``period``, ``weight`` (strength,
        0 or more, larger is closer; 1 when the column is missing), ``level`` (0 to 4), ``formal``,
        ``status`` (present, absent, unknown), ``need``, ``date``, ``evidence``; any more columns.
    actors : DataFrame, optional
        One row per actor, keyed by ``actor`` (index or column). When missing, the actors are the ends
        of the ties, in alphabetical order.
    layers : DataFrame, optional
        Keyed by ``layer``: ``label``, ``directed``, ``unit``.
    provision : DataFrame, optional
        Who answers which need where: ``actor``, ``need``, ``territory``, ``period``, ``role``.
    observation : DataFrame, optional
        Who was asked: ``actor``, ``period``, ``layer``, ``observed``. It makes *absent* and *unknown* differ.
    sources : DataFrame, optional
        Keyed by ``evidence``: ``producer``, ``title``, ``date``, ``licence``, ``url``.
    directed : bool, default False
        Direction of the layers that `layers` does not describe.

    Raises
    ------
    TableError
        If a table breaks its contract; every problem is listed, with its rows.

    Notes
    -----
    *Parallel ties* (same pair, layer and period) are legal, such as two grants: their weights add up,
    and the pair counts once where ties are not weighted. Only ties whose status is ``present`` count in
    metrics; a level of 0 means absent.

    *Presence.* An actor is present in a layer and period when it has a tie there (of any status), or when
    `observation` says that it was observed there. An actor without any tie at all is an isolate, present
    everywhere, unless `observation` exists and does not list it.

    Examples
    --------
    >>> import pandas as pd
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Préfecture"]})
    >>> Network(ties)
    <Network: 3 actors, 2 ties; layer: tie (undirected)>
    """

    def __init__(
        self,
        ties: pd.DataFrame | None = None,
        *,
        actors: pd.DataFrame | None = None,
        layers: pd.DataFrame | None = None,
        provision: pd.DataFrame | None = None,
        observation: pd.DataFrame | None = None,
        sources: pd.DataFrame | None = None,
        directed: bool = False,
    ) -> None:
        given = {
            "ties": ties if ties is not None else pd.DataFrame({"source": [], "target": []}, dtype="str"),
            "actors": actors,
            "layers": layers,
            "provision": provision,
            "observation": observation,
            "sources": sources,
        }
        self._tables: dict[str, pd.DataFrame] = check_tables(given, directed=directed)
        self._views: dict[tuple[Any, ...], TieView] = {}

    def __setattr__(self, name: str, value: object) -> None:
        if name in ("_tables", "_views") and name not in self.__dict__:
            object.__setattr__(self, name, value)
            return
        raise AttributeError(f"a Network does not change: use net.replace({name}=...) to get a new one")

    # The tables -------------------------------------------------------------------------------------

    @property
    def actors(self) -> pd.DataFrame:
        """Actors, indexed by ``actor`` (a copy: changing it changes nothing here)."""
        return self._tables["actors"].copy(deep=False)

    @property
    def ties(self) -> pd.DataFrame:
        """Ties, one row each."""
        return self._tables["ties"].copy(deep=False)

    @property
    def layers(self) -> pd.DataFrame:
        """Layers, indexed by ``layer``: label, directed, unit."""
        return self._tables["layers"].copy(deep=False)

    @property
    def provision(self) -> pd.DataFrame:
        """Who answers which need where."""
        return self._tables["provision"].copy(deep=False)

    @property
    def observation(self) -> pd.DataFrame:
        """Who was observed in which period (and layer)."""
        return self._tables["observation"].copy(deep=False)

    @property
    def sources(self) -> pd.DataFrame:
        """Sources, indexed by ``evidence``."""
        return self._tables["sources"].copy(deep=False)

    @property
    def periods(self) -> tuple[str, ...]:
        """Periods, in order; empty when no tie is dated."""
        return tuple(self._tables["ties"]["period"].cat.categories)

    @property
    def directed(self) -> bool:
        """Whether any layer is directed."""
        return bool(self._tables["layers"]["directed"].any())

    def __len__(self) -> int:
        """Count the actors."""
        return len(self._tables["actors"])

    def equals(self, other: Network) -> bool:
        """Tell whether two networks hold the same tables, value for value."""
        return all(table.equals(other._tables[name]) for name, table in self._tables.items())

    # New networks -----------------------------------------------------------------------------------

    def replace(self, **tables: pd.DataFrame) -> Self:
        """Return a new network with some tables changed.

        Parameters
        ----------
        **tables : DataFrame
            ``ties``, ``actors``, ``layers``, ``provision``, ``observation`` or ``sources``.

        Returns
        -------
        Network
            Checked as a new one.

        Examples
        --------
        >>> import pandas as pd
        >>> net = Network(pd.DataFrame({"source": ["a"], "target": ["b"]}))
        >>> net.replace(actors=net.actors.assign(sector=["public", "civil"])).actors["sector"].to_list()
        ['public', 'civil']
        """
        for name in tables:
            if name not in self._tables:
                raise unknown_name("table", name, self._tables)
        merged: dict[str, Any] = {**self._tables, **tables}
        return type(self)(**merged)

    def select(self, *, isolates: bool = True, **filters: Any) -> Self:
        """Keep the ties and actors that match.

        Parameters
        ----------
        isolates : bool, default True
            Whether to keep the actors that the selection leaves without any tie.
        **filters
            Any column of ties or actors, or ``actor`` itself: a value, a list of values, or a function
            from the column to booleans. A tie column keeps ties; an actor column keeps actors, and the
            ties between them. ``layer`` and ``period`` keep the actors present there only; an undated
            tie belongs to no period.

        Returns
        -------
        Network
            The selection, with the rows of the other tables that still apply.

        Raises
        ------
        UnknownNameError
            If a column, layer or period is not there; the nearest name is offered.
        ReseauError
            If nothing is left.

        Examples
        --------
        >>> import pandas as pd
        >>> ties = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "layer": ["masks", "funding"]})
        >>> Network(ties).select(layer="masks").actors.index.to_list()
        ['a', 'b']
        """
        ties, actors = self._tables["ties"], self._tables["actors"]
        tie_mask = np.ones(len(ties), dtype=bool)
        actor_mask = np.ones(len(actors), dtype=bool)
        tie_filter = False
        for name, wanted in filters.items():
            if name in TIES.names or (name in ties.columns and name not in actors.columns):
                tie_mask &= _matches(ties[name], wanted, name)
                tie_filter = True
            elif name == "actor":
                actor_mask &= _matches(actors.index.to_series(), wanted, name)
            elif name in actors.columns:
                actor_mask &= _matches(actors[name], wanted, name)
            else:
                raise unknown_name("tie or actor column", name, [*ties.columns, "actor", *actors.columns])
        if "layer" in filters or "period" in filters:
            actor_mask &= self._presence(self._mask(ties, filters))
        tie_mask &= actor_mask[self._codes[0]] & actor_mask[self._codes[1]]
        if not isolates:
            with_ties = np.zeros(len(actors), dtype=bool)
            with_ties[self._codes[0][tie_mask]] = with_ties[self._codes[1][tie_mask]] = True
            actor_mask &= with_ties
        if not actor_mask.any() or (tie_filter and not tie_mask.any() and len(ties)):
            raise self._nothing_left(filters, tie_filter)
        return self._subset(actor_mask, tie_mask, filters)

    def collapse(self, aspect: Literal["layer", "period"]) -> Self:
        """Merge all layers, or all periods, into one.

        Parameters
        ----------
        aspect : {"layer", "period"}
            What to merge.

        Returns
        -------
        Network
            One tie per ordered pair (unordered when undirected) and remaining aspect; weights are added,
            the level is the highest, a tie is present when any of its parts is, else unknown when any is.
            With directed and undirected layers together, an undirected tie becomes two directed ones.

        Examples
        --------
        >>> import pandas as pd
        >>> ties = pd.DataFrame({"source": ["a", "b"], "target": ["b", "a"], "layer": ["masks", "funding"]})
        >>> Network(ties).collapse("layer").ties[["source", "target", "layer", "weight"]].values.tolist()
        [['a', 'b', 'all', 2.0]]
        """
        if aspect not in ("layer", "period"):
            raise unknown_name("aspect", aspect, ["layer", "period"])
        directed = self._tables["layers"]["directed"]
        ties = _aggregate.collapse(self._tables["ties"], aspect, directed)
        layers = self._tables["layers"]
        if aspect == "layer":
            units = layers["unit"].dropna().unique()
            layers = pd.DataFrame(
                {
                    "layer": [_aggregate.ALL],
                    "label": ["toutes les couches"],
                    "directed": [self.directed],
                    "unit": [units[0] if len(units) == 1 else pd.NA],
                }
            )
        observation = self._tables["observation"].copy()
        if len(observation):
            observation[aspect] = pd.NA
            observation = observation.sort_values("observed", ascending=False, kind="stable")
            observation = observation.drop_duplicates(["actor", "period", "layer"])
        return self.replace(ties=ties, layers=layers, observation=observation)

    def project(self, *, layer: str, onto: str, weighting: Literal["count", "newman"] = "count") -> Self:
        """Join the actors that share counterparts in a two-mode layer.

        Parameters
        ----------
        layer : str
            The two-mode layer, such as members and groupings.
        onto : str
            The actors to keep: ``"source"``, ``"target"`` (the ends of the ties of the layer), or a
            ``kind`` of actor.
        weighting : {"count", "newman"}
            ``"count"``: number of shared counterparts; ``"newman"``: each counterpart of k actors adds
            1 / (k - 1) (Newman 2001).

        Returns
        -------
        Network
            Undirected ties of one layer (its name is kept) among the kept actors, by period.

        Raises
        ------
        UnknownNameError
            If the layer or kind is not there.

        References
        ----------
        Newman, M. E. J. (2001). Scientific collaboration networks. II. Physical Review E 64, 016132.

        Examples
        --------
        >>> import pandas as pd
        >>> ties = pd.DataFrame({"source": ["a", "b", "c"], "target": ["club", "club", "other"]})
        >>> Network(ties).project(layer="tie", onto="source").ties[["source", "target", "weight"]].values.tolist()
        [['a', 'b', 1.0]]
        """
        self._check_choice(self._tables["layers"].index, layer, "layer")
        part = self.select(layer=layer, status="present")
        kept = part._project_onto(onto)
        ties = _aggregate.project(part._tables["ties"], kept, weighting)
        ties["layer"] = layer
        actors = part._tables["actors"].loc[part._tables["actors"].index.isin(kept)]
        layers = part._tables["layers"][["label"]].assign(directed=False)
        provision = part._tables["provision"]
        observation = part._tables["observation"]
        return type(self)(
            ties,
            actors=actors,
            layers=layers,
            provision=provision[provision["actor"].isin(kept)],
            observation=observation[observation["actor"].isin(kept)],
            sources=part._tables["sources"],
        )

    # What it holds ----------------------------------------------------------------------------------

    def summary(self) -> pd.DataFrame:
        """Count actors and ties of each layer and period.

        Returns
        -------
        DataFrame
            One row per (layer, period) that has ties, then what is in it: ``actors`` present, ``ties``
            present, ``pairs`` joined, ``unknown`` and ``absent`` ties, total ``weight``, ``density``
            (pairs over possible pairs), ``directed``. Undated ties stand under the period ``""``.

        Examples
        --------
        >>> import pandas as pd
        >>> net = Network(pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]}))
        >>> net.summary()[["actors", "ties", "density"]].iloc[0].to_list()
        [3.0, 2.0, 0.6666666666666666]
        """
        return _aggregate.summary(
            self._tables["ties"],
            self._tables["layers"]["directed"],
            self.periods,
            lambda layer, period: self._view(layer=layer, period=period).n,
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the network as a Frictionless Data Package: a zip of CSV tables and their description.

        Parameters
        ----------
        path : path
            A file that ends with ``.zip``. It is replaced whole or not at all.

        Returns
        -------
        pathlib.Path
            The file written; :func:`load` reads it back, value for value.
        """
        return _datapackage.write(path, self._tables)

    def __repr__(self) -> str:
        ties, layers = self._tables["ties"], self._tables["layers"]
        unknown = int((ties["status"] == "unknown").sum())
        absent = int((ties["status"] == "absent").sum())
        names = [f"{name} ({'directed' if layers.at[name, 'directed'] else 'undirected'})" for name in layers.index]
        parts = [
            f"{len(self):,} actor{'s' if len(self) != 1 else ''}, {len(ties) - unknown - absent:,} ties"
            + (f" (and {unknown:,} unknown)" if unknown else ""),
            f"layer{'s' if len(names) > 1 else ''}: {_listed(names)}",
        ]
        if self.periods:
            parts.append(f"period{'s' if len(self.periods) > 1 else ''}: {_listed(self.periods)}")
        return f"<Network: {'; '.join(parts)}>"

    def _repr_html_(self) -> str:
        table = self.summary().reset_index()
        return f"<p>{html.escape(repr(self)[1:-1])}</p>{table.to_html(index=False, border=0)}"

    # Arrays for metrics -----------------------------------------------------------------------------

    @cached_property
    def _codes(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int16], NDArray[np.int16]]:
        """Positions of source, target, layer and period of each tie."""
        ties, actors = self._tables["ties"], self._tables["actors"].index
        return (
            positions(ties["source"], actors).astype(np.int32),
            positions(ties["target"], actors).astype(np.int32),
            positions(ties["layer"], self._tables["layers"].index).astype(np.int16),
            np.asarray(ties["period"].cat.codes, dtype=np.int16),
        )

    def _view(
        self,
        *,
        layer: Choice = None,
        period: Choice = None,
        level: int | Iterable[int] | None = None,
        weight: str | None = "weight",
    ) -> TieView:
        """Return the present ties of a selection as arrays (kept, since a network never changes)."""
        key = (_frozen(layer), _frozen(period), _frozen(level), weight)
        if key not in self._views:
            self._views[key] = self._make_view(layer, period, level, weight)
        return self._views[key]

    def _make_view(self, layer: Choice, period: Choice, level: Any, weight: str | None) -> TieView:
        ties, layers = self._tables["ties"], self._tables["layers"]
        self._check_choice(layers.index, layer, "layer")
        self._check_choice(self.periods, period, "period")
        filters = {name: value for name, value in (("layer", layer), ("period", period)) if value is not None}
        aspect = self._mask(ties, filters)
        present = self._presence(aspect) if filters else np.ones(len(self), dtype=bool)
        mask = aspect & (ties["status"] == "present").to_numpy(dtype=bool)
        if level is not None:
            mask &= _matches(ties["level"], level, "level")
        place = np.cumsum(present, dtype=np.int32) - np.int32(1)
        source, target, layer_code, period_code = self._codes
        directed = layers["directed"].to_numpy(dtype=bool)
        chosen = directed if layer is None else directed[layers.index.isin(_as_list(layer))]
        return TieView(
            actors=self._tables["actors"].index[present],
            source=place[source[mask]],
            target=place[target[mask]],
            weight=self._strengths(weight, mask),
            mutual=~directed[layer_code[mask]],
            layer=layer_code[mask],
            period=period_code[mask],
            directed=bool(chosen.any()),
        )

    def _strengths(self, weight: str | None, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        ties = self._tables["ties"]
        if weight is None:
            return np.ones(int(mask.sum()))
        if weight not in ties.columns:
            raise unknown_name("tie column", weight, ties.columns)
        problems: list[str] = []
        if weight == "weight":
            return ties[weight].to_numpy(dtype=np.float64)[mask]
        column = conform(ties.loc[mask, ["source", "target"]].assign(weight=ties.loc[mask, weight]), TIES, problems)
        raise_if([problem.replace("ties: weight", f"ties: {weight}") for problem in problems])
        return column["weight"].to_numpy(dtype=np.float64)

    def _groups(
        self, by: str, actors: pd.Index | None = None, *, missing: Missing = "error"
    ) -> tuple[NDArray[np.int32], pd.Index]:
        """Return the group of each actor as a position in the groups' names; -1 when dropped."""
        if missing not in MISSING_CHOICES:
            raise unknown_name("choice for missing", missing, MISSING_CHOICES)
        table = self._tables["actors"]
        if by not in table.columns:
            raise unknown_name("actor column", by, table.columns)
        column = table[by] if actors is None else table[by].reindex(actors)
        values = as_text(column.astype("object") if column.dtype == bool else column)
        empty = values.isna()
        if empty.any():
            if missing == "error":
                raise ReseauError(
                    f"{int(empty.sum())} of {len(values)} actors have no {by!r}: "
                    f'{enumerate_values(values.index[empty])}. Fill it in, or pass missing="drop" or missing="group".'
                )
            if missing == "group":
                values = values.astype("str").fillna(MISSING_GROUP)
        codes, labels = pd.factorize(values.astype("str"), sort=True)
        return codes.astype(np.int32), pd.Index(labels, name=by)

    # How selections are made ------------------------------------------------------------------------

    def _mask(self, ties: pd.DataFrame, filters: Mapping[str, Any]) -> NDArray[np.bool_]:
        mask = np.ones(len(ties), dtype=bool)
        for name, known in (("layer", set(self._tables["layers"].index)), ("period", set(self.periods))):
            wanted = filters.get(name)
            if wanted is None:
                continue
            texts = [] if callable(wanted) else [str(choice) for choice in _as_list(wanted)]
            # A layer that the network describes exists, even when no tie is in it.
            if texts and known.issuperset(texts):
                mask &= ties[name].isin(texts).to_numpy(dtype=bool)
            else:
                mask &= _matches(ties[name], wanted, name)
        return mask

    def _presence(self, tie_mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell which actors are present where the masked ties are (see the class notes)."""
        source, target, layer, period = self._codes
        present = np.zeros(len(self), dtype=bool)
        present[source[tie_mask]] = present[target[tie_mask]] = True
        anywhere = np.zeros(len(self), dtype=bool)
        anywhere[source] = anywhere[target] = True
        observation = self._tables["observation"]
        if not len(observation):
            return present | ~anywhere
        layers = set(self._tables["layers"].index[np.unique(layer[tie_mask])])
        periods = {self.periods[code] for code in np.unique(period[tie_mask]) if code >= 0}
        asked = observation[observation["observed"].fillna(True).astype(bool)]
        here = (asked["layer"].isna() | asked["layer"].isin(layers)) & (
            asked["period"].isna() | asked["period"].isin(periods)
        )
        present |= self._tables["actors"].index.isin(asked.loc[here, "actor"])
        return present

    def _subset(self, actor_mask: NDArray[np.bool_], tie_mask: NDArray[np.bool_], filters: Mapping[str, Any]) -> Self:
        tables = self._tables
        actors = tables["actors"][actor_mask]
        ties = tables["ties"][tie_mask].reset_index(drop=True)
        if "period" in filters:
            ties["period"] = ties["period"].cat.remove_unused_categories()
        layers = tables["layers"]
        if "layer" in filters:
            layers = layers[layers.index.isin(ties["layer"])]
        provision, observation = (
            tables[name][tables[name]["actor"].isin(actors.index)] for name in ("provision", "observation")
        )
        if "period" in filters:
            periods = set(ties["period"].cat.categories)
            provision = provision[provision["period"].isna() | provision["period"].isin(periods)]
            observation = observation[observation["period"].isna() | observation["period"].isin(periods)]
        return type(self)(
            ties,
            actors=actors,
            layers=layers,
            provision=provision,
            observation=observation,
            sources=tables["sources"],
        )

    def _nothing_left(self, filters: Mapping[str, Any], tie_filter: bool) -> ReseauError:
        asked = ", ".join(f"{name}={value!r}" for name, value in filters.items())
        left = f"0 of {len(self._tables['ties'])} ties" if tie_filter else f"0 of {len(self)} actors"
        where = ""
        layer = filters.get("layer")
        if isinstance(layer, str) and self.periods:
            ties = self._tables["ties"]
            found = [name for name in self.periods if ((ties["layer"] == layer) & (ties["period"] == name)).any()]
            where = f" Layer {layer!r} exists in: {enumerate_values(found)}."
        return ReseauError(f"nothing left after {asked}: {left}.{where} Widen the selection.")

    def _check_choice(self, known: Iterable[str], asked: Choice, what: str) -> None:
        names = list(known)
        for name in _as_list(asked):
            if name not in names:
                raise unknown_name(what, name, names)

    def _project_onto(self, onto: str) -> pd.Index:
        ties, actors = self._tables["ties"], self._tables["actors"]
        if onto in ("source", "target"):
            ends = set(ties[onto])
            if ends & set(ties["target" if onto == "source" else "source"]):
                raise ReseauError(
                    f"cannot project onto {onto!r}: some actors are at both ends of the layer. Name a kind of actor."
                )
            return actors.index[actors.index.isin(ends)]
        kinds = actors["kind"].dropna().unique()
        if onto not in kinds:
            raise unknown_name("kind of actor", onto, ["source", "target", *kinds])
        return actors.index[(actors["kind"] == onto).to_numpy(dtype=bool, na_value=False)]


def load(path: str | os.PathLike[str]) -> Network:
    """Read a network saved by :meth:`Network.save`, or any data package with the same tables.

    Parameters
    ----------
    path : path
        A ``.zip``, a folder, or its ``datapackage.json``.

    Returns
    -------
    Network
        Equal to the one saved, value for value.

    Raises
    ------
    ReseauError
        If the file is not there, is not a data package, or a table breaks its contract.
    """
    tables: dict[str, Any] = _datapackage.read(path)
    return Network(**tables)


def _matches(values: pd.Series, wanted: Any, name: str) -> NDArray[np.bool_]:
    """Tell which values match: equal to one, among several, or accepted by a function."""
    if callable(wanted):
        test: Callable[[pd.Series], Any] = wanted
        return np.asarray(test(values), dtype=bool)
    choices = _as_list(wanted)
    if not pd.api.types.is_numeric_dtype(values.dtype):
        texts = [str(choice) for choice in choices]
        known = _known_values(values)
        for choice in texts:
            if choice not in known and not (name == "status" and choice in STATUSES):
                raise unknown_name(name, choice, sorted(known))
        return values.isin(texts).to_numpy(dtype=bool)
    return values.isin(choices).to_numpy(dtype=bool)


def _known_values(values: pd.Series) -> set[str]:
    categories = isinstance(values.dtype, pd.CategoricalDtype)
    return {str(value) for value in (values.cat.categories if categories else values.dropna().unique())}


def _as_list(choice: Any) -> list[Any]:
    if choice is None:
        return []
    if isinstance(choice, str) or not isinstance(choice, Iterable):
        return [choice]
    return list(choice)


def _frozen(choice: Any) -> Any:
    return tuple(choice) if isinstance(choice, Iterable) and not isinstance(choice, str) else choice


def _listed(names: Iterable[str], shown: int = 8) -> str:
    listed = list(names)
    text = ", ".join(listed[:shown])
    return text if len(listed) <= shown else f"{text} and {len(listed) - shown} more"
