"""`Network`: the actors of a territory and their ties, in layers and periods, as one frozen object."""

from __future__ import annotations

import html
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial import _aggregate, _datapackage, _selection, _views
from reseau_territorial._checks import check_tables
from reseau_territorial._selection import Choice
from reseau_territorial._sparse import TieView
from reseau_territorial._views import MISSING_GROUP, Missing
from reseau_territorial.errors import ReseauError, nearest, unknown_name
from reseau_territorial.vocabulary import label

__all__ = ["MISSING_GROUP", "Choice", "Missing", "Network", "load"]


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
        self._tables, ends = check_tables(given, directed=directed)
        self._codes = _selection.codes_of(self._tables, ends)
        self._views: dict[tuple[Any, ...], TieView] = {}

    def __setattr__(self, name: str, value: object) -> None:
        if name in ("_tables", "_codes", "_views") and name not in self.__dict__:
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
        return _selection.periods_of(self._tables)

    @property
    def directed(self) -> bool:
        """Whether any layer is directed."""
        return bool(self._tables["layers"]["directed"].any())

    def __len__(self) -> int:
        """Count the actors."""
        return len(self._tables["actors"])

    def __getattr__(self, name: str) -> Any:
        """Answer a name that is not there: the words of other libraries, or a metric typed as a method."""
        if name.startswith("_"):
            raise AttributeError(f"a Network has no attribute {name!r}")
        near = {"nodes": "actors", "edges": "ties", "vertices": "actors"}.get(name) or nearest(name, dir(type(self)))
        hint = f" Did you mean {near!r}?" if near else ""
        raise AttributeError(
            f"a Network has no attribute {name!r}.{hint} Metrics and views are functions, such as rt.degree(net)."
        )

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
            ties between them. ``layer`` and ``period`` keep the actors present there only (None: all of
            them); an undated tie belongs to no period.

        Returns
        -------
        Network
            The selection, with the rows of the other tables that still apply.

        Raises
        ------
        UnknownNameError
            If a column, layer or period is not there; the nearest name is offered.
        ReseauError
            If nothing is left, or `isolates` is neither true nor false.

        Examples
        --------
        >>> import pandas as pd
        >>> ties = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "layer": ["masks", "funding"]})
        >>> Network(ties).select(layer="masks").actors.index.to_list()
        ['a', 'b']
        """
        if not isinstance(isolates, bool):
            raise ReseauError(f"isolates must be True or False, not {isolates!r}. To leave them out: isolates=False.")
        filters = {name: one for name, one in filters.items() if one is not None or name not in ("layer", "period")}
        if not filters and isolates:
            return self
        return self.replace(**_selection.selected(self._tables, self._codes, filters, isolates=isolates))

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
        return self.replace(**_aggregate.collapsed(self._tables, aspect))

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
        _selection.check_choice(self._tables["layers"].index, layer, "layer")
        part = self.select(layer=layer, status="present")
        return part.replace(**_aggregate.projected(part._tables, layer=layer, onto=onto, weighting=weighting))

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

        Notes
        -----
        A file to work from, not to hand out: every table is written as it is, with the names of natural persons,
        their identifiers, contacts and confidential amounts. To share it: ``rt.protect(net).save("partage.zip")``.
        """
        return _datapackage.write(path, self._tables)

    def __repr__(self) -> str:
        ties, layers = self._tables["ties"], self._tables["layers"]
        unknown = int((ties["status"] == "unknown").sum())
        absent = int((ties["status"] == "absent").sum())
        names = [f"{name} ({'directed' if layers.at[name, 'directed'] else 'undirected'})" for name in layers.index]
        present = len(ties) - unknown - absent
        parts = [
            f"{len(self):,} actor{'s' if len(self) != 1 else ''}, {present:,} tie{'s' if present != 1 else ''}"
            + (f" (and {unknown:,} unknown)" if unknown else ""),
            f"layer{'s' if len(names) > 1 else ''}: {_listed(names)}" if names else "no layer",
        ]
        if self.periods:
            parts.append(f"period{'s' if len(self.periods) > 1 else ''}: {_listed(self.periods)}")
        return f"<Network: {'; '.join(parts)}>"

    def _repr_html_(self) -> str:
        """Return the summary as a French reader of a notebook sees it."""
        ties = self._tables["ties"]
        present, unknown = (int((ties["status"] == status).sum()) for status in ("present", "unknown"))
        told = f"Réseau\u202f: {_count(len(self), 'acteur')}, {_count(present, 'lien')}"
        told += f" (et {_count(unknown)} de statut inconnu)" if unknown else ""
        table = self.summary().reset_index()
        names = self._tables["layers"]["label"]
        table["layer"] = [
            name if isinstance(name := names.get(key), str) and name else label("layer", key) for key in table["layer"]
        ]
        table["period"] = [label("period", key) if key else pd.NA for key in table["period"]]
        table["directed"] = table["directed"].map({True: "oui", False: "non"})
        table["density"] = table["density"].map("{:.3f}".format, na_action="ignore").str.replace(".", ",")
        for column in ("actors", "ties", "pairs", "unknown", "absent", "weight"):
            table[column] = table[column].map(_count, na_action="ignore")
        shown = table.dropna(axis=1, how="all").rename(columns=lambda column: label("column", column))
        return f"<p>{html.escape(told)}</p>{shown.to_html(index=False, border=0, na_rep='')}"

    # Arrays for metrics -----------------------------------------------------------------------------

    def _view(
        self,
        *,
        layer: Choice = None,
        period: Choice = None,
        level: int | Iterable[int] | None = None,
        weight: str | None = "weight",
    ) -> TieView:
        """Return the present ties of a selection as arrays (kept, since a network never changes)."""
        layer, period = _selection.names_of(layer, "layer"), _selection.names_of(period, "period")
        key = _views.key_of(layer, period, level, weight)
        if key not in self._views:
            self._views[key] = _views.tie_view(
                self._tables, self._codes, layer=layer, period=period, level=level, weight=weight
            )
        return self._views[key]

    def _groups(
        self, by: str, actors: pd.Index | None = None, *, missing: Missing = "error"
    ) -> tuple[NDArray[np.int32], pd.Index]:
        """Return the group of each actor as a position in the groups' names; -1 when dropped."""
        table = self._tables["actors"]
        if actors is not None and actors is not table.index:
            table = table.reindex(actors)
        return _views.groups_of(table, by, missing=missing)


def _count(number: float, noun: str = "") -> str:
    """Write a number, and what it counts, as in French."""
    text = f"{number:,.10g}".replace(",", "\u202f").replace(".", ",")
    return f"{text} {noun}{'s' if number > 1 else ''}" if noun else text


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

    Examples
    --------
    >>> import tempfile
    >>> import reseau_territorial as rt
    >>> net = rt.samples.study("florentine")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     load(net.save(f"{folder}/reseau.zip")).equals(net)
    True
    """
    tables: dict[str, Any] = _datapackage.read(path)
    return Network(**tables)


def _listed(names: Iterable[str], shown: int = 8) -> str:
    listed = list(names)
    text = ", ".join(listed[:shown])
    return text if len(listed) <= shown else f"{text} and {len(listed) - shown} more"
