"""Which rows of a network's tables a selection keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError, enumerate_values
from reseau_territorial.tables import TIES, positions
from reseau_territorial.vocabulary import STATUSES, unknown_word

__all__ = [
    "Choice",
    "Codes",
    "Tables",
    "as_list",
    "aspect_mask",
    "check_choice",
    "codes_of",
    "matching",
    "names_of",
    "periods_of",
    "presence",
    "selected",
]

Choice = str | int | Iterable[str] | None
Mask = NDArray[np.bool_]
Tables = Mapping[str, pd.DataFrame]


class Codes(NamedTuple):
    """Positions of the ends, the layer and the period of each tie; -1 for an undated tie."""

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    layer: NDArray[np.int16]
    period: NDArray[np.int16]

    def take(self, rows: slice | Mask) -> Codes:
        """Keep some ties; a slice shares the arrays instead of copying them."""
        return Codes(self.source[rows], self.target[rows], self.layer[rows], self.period[rows])


def codes_of(tables: Tables, ends: Mapping[str, NDArray[np.int32]]) -> Codes:
    """Return where each tie points in the tables of actors (`ends`), layers and periods."""
    ties = tables["ties"]
    return Codes(
        ends["source"],
        ends["target"],
        positions(ties["layer"], tables["layers"].index).astype(np.int16),
        np.asarray(ties["period"].cat.codes, dtype=np.int16),
    )


def periods_of(tables: Tables) -> tuple[str, ...]:
    """Return the periods, in order."""
    return tuple(tables["ties"]["period"].cat.categories)


def selected(tables: Tables, codes: Codes, filters: Mapping[str, Any], *, isolates: bool) -> dict[str, pd.DataFrame]:
    """Return the tables of `Network.select`: the rows that match, and what still applies to them."""
    ties, actors = tables["ties"], tables["actors"]
    tie_mask, actor_mask = np.ones(len(ties), dtype=bool), np.ones(len(actors), dtype=bool)
    tie_filter = False
    for name, wanted in filters.items():
        if name in TIES.names or (name in ties.columns and name not in actors.columns):
            tie_mask &= matching(ties[name], wanted, name)
            tie_filter = True
        elif name == "actor":
            actor_mask &= matching(actors.index.to_series(), wanted, name)
        elif name in actors.columns:
            actor_mask &= matching(actors[name], wanted, name)
        else:
            raise unknown_word("tie or actor column", name, [*ties.columns, "actor", *actors.columns], table="column")
    if "layer" in filters or "period" in filters:
        actor_mask &= presence(tables, codes, aspect_mask(tables, filters))
    tie_mask &= actor_mask[codes.source] & actor_mask[codes.target]
    if not isolates:
        with_ties = np.zeros(len(actors), dtype=bool)
        with_ties[codes.source[tie_mask]] = with_ties[codes.target[tie_mask]] = True
        actor_mask &= with_ties
    if not actor_mask.any() or (tie_filter and not tie_mask.any() and len(ties)):
        raise _nothing_left(tables, filters, tie_filter)
    return _subset(tables, actor_mask, tie_mask, filters)


def aspect_mask(tables: Tables, filters: Mapping[str, Any]) -> Mask:
    """Tell which ties are in the layers and periods of the filters."""
    ties = tables["ties"]
    mask = np.ones(len(ties), dtype=bool)
    for name, known in (("layer", set(tables["layers"].index)), ("period", set(periods_of(tables)))):
        wanted = filters.get(name)
        if wanted is None:
            continue
        texts = [] if callable(wanted) else [_name(choice) for choice in as_list(wanted)]
        # A layer that the network describes exists, even when no tie is in it.
        if texts and known.issuperset(texts):
            mask &= ties[name].isin(texts).to_numpy(dtype=bool)
        else:
            mask &= matching(ties[name], wanted, name)
    return mask


def presence(tables: Tables, codes: Codes, tie_mask: Mask) -> Mask:
    """Tell which actors are present where the masked ties are (see the notes of `Network`)."""
    actors, observation = tables["actors"].index, tables["observation"]
    present = np.zeros(len(actors), dtype=bool)
    present[codes.source[tie_mask]] = present[codes.target[tie_mask]] = True
    if not len(observation):
        anywhere = np.zeros(len(actors), dtype=bool)
        anywhere[codes.source] = anywhere[codes.target] = True
        return present | ~anywhere
    layers = set(tables["layers"].index[np.unique(codes.layer[tie_mask])])
    periods = periods_of(tables)
    dated = {periods[code] for code in np.unique(codes.period[tie_mask]) if code >= 0}
    asked = observation[observation["observed"].fillna(True).astype(bool)]
    here = (asked["layer"].isna() | asked["layer"].isin(layers)) & (
        asked["period"].isna() | asked["period"].isin(dated)
    )
    present |= actors.isin(asked.loc[here, "actor"])
    return present


def matching(values: pd.Series, wanted: Any, name: str) -> Mask:
    """Tell which values match: equal to one, among several, or accepted by a function."""
    if callable(wanted):
        return _accepted(values, wanted, name)
    if wanted is None:
        raise ReseauError(f"{name}=None: to keep what has none, pass {name}=lambda column: column.isna().")
    choices = as_list(wanted)
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.isin(choices).to_numpy(dtype=bool)
    texts = [_name(choice) for choice in choices]
    known = _known_values(values)
    for choice in texts:
        if choice not in known and not (name == "status" and choice in STATUSES):
            raise unknown_word(name, choice, known, table=name)
    return values.isin(texts).to_numpy(dtype=bool)


def _accepted(values: pd.Series, test: Callable[[pd.Series], Any], name: str) -> Mask:
    """Ask a function which values it keeps; a missing answer is no."""
    answer = pd.Series(test(values), dtype="boolean")
    if len(answer) != len(values):
        raise ReseauError(
            f"the function given for {name} must return true or false for each of the {len(values)} rows, as "
            f"lambda column: column == 'x' does; it returned {len(answer)}."
        )
    return answer.fillna(False).to_numpy(dtype=bool)


def check_choice(known: Iterable[str], asked: Choice, what: str) -> None:
    """Refuse a name that is not known."""
    names = list(known)
    for name in as_list(asked):
        if name not in names:
            raise unknown_word(what, name, names, table=what)


def names_of(choice: Choice, what: str) -> tuple[str, ...] | None:
    """Return the layers or periods chosen, by name: a year may be a number, a day a date. None is all of them.

    Raises
    ------
    ReseauError
        If none is named.

    Examples
    --------
    >>> names_of(2020, "period"), names_of(["masks"], "layer"), names_of(None, "layer")
    (('2020',), ('masks',), None)
    """
    if choice is None:
        return None
    names = tuple(_name(one) for one in as_list(choice))
    if not names:
        raise ReseauError(f"{what}={choice!r} names no {what}. Name one or more, or leave it out for all.")
    return names


def _name(choice: object) -> str:
    if isinstance(choice, date | np.datetime64):
        return str(pd.Timestamp(choice)).removesuffix(" 00:00:00")
    return f"{choice:.0f}" if isinstance(choice, float) and choice.is_integer() else str(choice)


def as_list(choice: Any) -> list[Any]:
    """Return one choice, or several, as a list; None is none."""
    if choice is None:
        return []
    if isinstance(choice, str) or not isinstance(choice, Iterable):
        return [choice]
    return list(choice)


def _known_values(values: pd.Series) -> list[str]:
    """Return the values of a column: those of a categorical one in their order, others sorted."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return [str(value) for value in values.cat.categories]
    return sorted({str(value) for value in values.dropna().unique()})


def _subset(tables: Tables, actor_mask: Mask, tie_mask: Mask, filters: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    kept = dict(tables)
    kept["actors"] = actors = tables["actors"][actor_mask]
    kept["ties"] = ties = tables["ties"][tie_mask].reset_index(drop=True)
    for name in ("provision", "observation"):
        kept[name] = tables[name][tables[name]["actor"].isin(actors.index)]
    if "layer" in filters:
        kept["layers"] = tables["layers"][tables["layers"].index.isin(ties["layer"])]
    if "period" in filters:
        ties["period"] = ties["period"].cat.remove_unused_categories()
        periods = set(ties["period"].cat.categories)
        for name in ("provision", "observation"):
            kept[name] = kept[name][kept[name]["period"].isna() | kept[name]["period"].isin(periods)]
    return kept


def _nothing_left(tables: Tables, filters: Mapping[str, Any], tie_filter: bool) -> ReseauError:
    ties, periods, layer = tables["ties"], periods_of(tables), filters.get("layer")
    asked = ", ".join(f"{name}={value!r}" for name, value in filters.items())
    left = f"0 of {len(ties)} ties" if tie_filter else f"0 of {len(tables['actors'])} actors"
    where = ""
    if isinstance(layer, str) and periods:
        found = [name for name in periods if ((ties["layer"] == layer) & (ties["period"] == name)).any()]
        where = f" Layer {layer!r} exists in: {enumerate_values(found)}."
    return ReseauError(f"nothing left after {asked}: {left}.{where} Widen the selection.")
