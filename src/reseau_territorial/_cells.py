"""Small cells: actors shown by their number instead of one by one, and sums from which no unit can be read."""

from __future__ import annotations

from typing import Final

import pandas as pd

from reseau_territorial._scrubbing import scrubber
from reseau_territorial.errors import unknown_name
from reseau_territorial.network import Network
from reseau_territorial.tables import TIES
from reseau_territorial.vocabulary import Lang, label

__all__ = ["LEAST", "group_confidential", "group_persons", "suppress_small_cells"]

# Fewer actors than this are not shown as a cell of their own on a map.
LEAST: Final = 5
PLURALS: Final = {
    "person": ("Personnes physiques", "Natural persons"),
    "sole_trader": ("Entrepreneurs individuels", "Sole traders"),
    "other": ("Autres", "Others"),
}
CELL: Final = ["kind", "territory"]


def suppress_small_cells(
    flows: pd.DataFrame, *, value: str, units: str, largest: str | None = None, least: int = 3, dominance: float = 0.85
) -> pd.DataFrame:
    """Blank the cells of a table of flows from which one unit could be read.

    Parameters
    ----------
    flows : DataFrame
        One row per cell.
    value : str
        Column to blank.
    units : str
        Column that counts the units behind the cell.
    largest : str, optional
        Column with the value of the largest unit, for the rule of dominance.
    least : int, default 3
        Fewest units of a cell that is shown.
    dominance : float, default 0.85
        Share of one unit from which a cell is blanked.

    Returns
    -------
    DataFrame
        A copy: NaN in `value` (and `largest`) where suppressed; ``suppressed`` says so. An empty cell
        (0 unit) hides nobody and is shown. Totals must be suppressed by their own units: a single blank
        beside a total can be found by subtraction.

    Raises
    ------
    UnknownNameError
        If a column is not there.

    Notes
    -----
    The rule of the French statistical service on business data: at least three units, none with 85 % or
    more of the total.

    Examples
    --------
    >>> flows = pd.DataFrame({"euros": [10.0, 50.0], "grants": [2, 5], "most": [6.0, 20.0]})
    >>> suppress_small_cells(flows, value="euros", units="grants", largest="most")["euros"].to_list()
    [nan, 50.0]
    """
    for column in (value, units, largest):
        if column is not None and column not in flows.columns:
            raise unknown_name("column", column, flows.columns)
    few = flows[units].between(1, least - 1)
    held = flows[largest] >= dominance * flows[value] if largest is not None else pd.Series(False, index=flows.index)
    hidden = few | (held & (flows[units] > 0))
    blank = {column: flows[column].astype("float64").mask(hidden) for column in (value, largest) if column is not None}
    return flows.assign(**blank, suppressed=hidden)


def group_persons(net: Network, person: pd.Series, lang: Lang) -> Network:
    """Make one actor of the persons of a kind and a territory; see `protect`."""
    if not person.any():
        return net
    cells = _widened(net.actors.loc[person], ("territory", None), ("kind", "person"))
    return _gathered(net, cells, lang, secret=False)


def group_confidential(net: Network, secret: pd.Series, lang: Lang) -> Network:
    """Make one actor of the confidential actors of a kind and a territory; see `protect`."""
    if not secret.any():
        return net
    cells = _widened(net.actors.loc[secret], ("kind", "other"), ("territory", None))
    rest = cells.index[cells.groupby(CELL, dropna=False)["kind"].transform("size") < LEAST]
    ties = net.ties
    kept = ties[~ties["source"].isin(rest) & ~ties["target"].isin(rest)]
    actors = net.actors.drop(index=rest)
    shown = {name: frame[~frame["actor"].isin(rest)] for name, frame in _with_actors(net).items()}
    left = net.replace(actors=actors.assign(parent=_outside(actors["parent"], rest)), ties=kept, **shown)
    names = net.actors.loc[secret, "name"].fillna(pd.Series(net.actors.index, net.actors.index))
    hide = scrubber({text: "…" for text in {*names.astype("str"), *map(str, names.index)} if " " in text.strip()})
    gathered = _gathered(left, cells.drop(index=rest), lang, secret=True)
    tables = ("actors", "ties", "layers", "provision", "observation", "sources")
    return gathered.replace(**{name: hide(getattr(gathered, name)) for name in tables})


def _widened(actors: pd.DataFrame, *steps: tuple[str, str | None]) -> pd.DataFrame:
    """Return the kind and the territory of the cell of each actor; those of small cells take the wider values."""
    cells = actors[CELL].astype("object")
    cells = cells.where(cells.notna(), None)
    for column, wider in steps:
        size = cells.groupby(CELL, dropna=False)["kind"].transform("size")
        cells.loc[size < LEAST, column] = wider
    return cells


def _gathered(net: Network, cells: pd.DataFrame, lang: Lang, *, secret: bool) -> Network:
    """Make one actor of those of each cell, in every table."""
    if not len(cells):
        return net
    actors = net.actors
    table, joined = _cell_actors(actors, cells, lang)

    def renamed(values: pd.Series) -> pd.Series:
        return values.astype("str").replace(joined)

    ties = net.ties.assign(source=renamed(net.ties["source"]), target=renamed(net.ties["target"]))
    of_cells = ties["source"].isin(table.index) | ties["target"].isin(table.index)
    apart = ties[of_cells & (ties["source"] != ties["target"])]
    kept = actors.drop(index=cells.index)
    held = _with_actors(net)
    provision, observation = (held[name].assign(actor=renamed(held[name]["actor"])) for name in held)
    observed = observation.sort_values("observed").drop_duplicates(["actor", "period"], keep="last")
    return net.replace(
        actors=pd.concat([kept.assign(parent=_outside(kept["parent"], cells.index)), table]).reindex(
            columns=actors.columns
        ),
        ties=pd.concat([ties[~of_cells], _summed(apart, secret=secret)], ignore_index=True),
        provision=provision.drop_duplicates(),
        observation=observed,
    )


def _with_actors(net: Network) -> dict[str, pd.DataFrame]:
    """Return the tables with a column of actors."""
    return {"provision": net.provision, "observation": net.observation}


def _outside(parents: pd.Series, gone: pd.Index) -> pd.Series:
    return parents.where(~parents.isin(gone))


def _cell_actors(actors: pd.DataFrame, cells: pd.DataFrame, lang: Lang) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return one actor per cell, and the cell of each actor."""
    rows: dict[str, dict[str, object]] = {}
    joined: dict[str, str] = {}
    for number, (_, members) in enumerate(cells.groupby(CELL, dropna=False), 1):
        kind, territory = members.iloc[0]
        many = PLURALS[kind][lang != "fr"] if kind in PLURALS else label("kind", kind or "other", lang=lang)
        said = f"n\u202f=\u202f{len(members)}" if len(members) >= LEAST else f"n\u202f<\u202f{LEAST}"
        sectors = actors.loc[members.index, "sector"].dropna().unique()
        sector = sectors[0] if len(sectors) == 1 else None
        key = f"{kind or 'other'}:{number}"
        rows[key] = {"name": f"{many}, {said}", "kind": kind, "territory": territory, "sector": sector}
        joined |= {str(actor): key for actor in members.index}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("actor"), joined


def _summed(ties: pd.DataFrame, *, secret: bool) -> pd.DataFrame:
    """Add up the ties of a cell with each other end; what one secret tie would show goes."""
    if secret:
        hidden = ("date", "evidence")
        ties = ties.assign(**{name: pd.Series(pd.NA, index=ties.index, dtype=ties[name].dtype) for name in hidden})
    keys = [name for name in TIES.names if name != "weight"]
    summed = ties.groupby(keys, dropna=False, sort=False, observed=True)["weight"].agg(["sum", "count", "max"])
    if secret:
        summed = suppress_small_cells(summed, value="sum", units="count", largest="max")
    return summed["sum"].fillna(1.0).rename("weight").reset_index()
