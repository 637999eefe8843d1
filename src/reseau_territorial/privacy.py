"""What must not leave the office: natural persons, contacts, small cells.

Everything is removed here, in Python, before any page, picture or workbook exists: a filter in a page
hides, it does not remove.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import pandas as pd

from reseau_territorial.errors import unknown_name
from reseau_territorial.network import Network
from reseau_territorial.tables import TIES
from reseau_territorial.vocabulary import Lang, label

__all__ = ["protect", "suppress_small_cells"]

Persons = Literal["mask", "keep"]

PERSON_KINDS: Final = ("person", "sole_trader")

_CONTACT: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w+|(?<!\d)(?:\+33|0)\s?[1-9](?:[\s.-]?\d{2}){4}(?!\d)")


def protect(net: Network, *, persons: Persons = "mask", lang: Lang = "fr") -> Network:
    """Return the network as it may be published: persons without names, no contact details.

    Parameters
    ----------
    net : Network
        The network.
    persons : {"mask", "keep"}
        ``"mask"`` replaces natural persons and sole traders (kinds ``person`` and ``sole_trader``) by their
        kind and a number, in every table; their identifiers and coordinates go. ``"keep"`` leaves them.
    lang : {"fr", "en"}
        Language of the words that replace names.

    Returns
    -------
    Network
        The same ties between the same number of actors. Columns that hold an e-mail or a phone number are
        left out in both cases.

    Raises
    ------
    UnknownNameError
        If `persons` is another word.

    Notes
    -----
    Numbers follow the order of the actors, so the same network gives the same masks. Masking is not
    anonymity: an actor alone of its kind in a commune can be recognised by its ties.

    Examples
    --------
    >>> import pandas as pd
    >>> ties = pd.DataFrame({"source": ["Anne X"], "target": ["Tours"]})
    >>> actors = pd.DataFrame({"actor": ["Anne X", "Tours"], "kind": ["person", "commune"]})
    >>> protect(Network(ties, actors=actors)).actors["name"].fillna("-").to_list()
    ['Personne physique 1', '-']
    """
    if persons not in ("mask", "keep"):
        raise unknown_name("choice for persons", persons, ["mask", "keep"])
    tables = {
        name: _without_contacts(frame)
        for name, frame in (("actors", net.actors), ("ties", net.ties), ("provision", net.provision))
    }
    masked = net.replace(**tables)
    return _masked(masked, lang) if persons == "mask" else masked


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


def _without_contacts(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out the text columns in which an e-mail or a phone number stands."""
    held = [
        name
        for name in frame.columns
        if pd.api.types.is_string_dtype(frame[name].dtype)
        and frame[name].dropna().astype("str").str.contains(_CONTACT).any()
    ]
    kept = [name for name in held if name in ("name", "source", "target")]
    cleaned = {name: frame[name].str.replace(_CONTACT, "…", regex=True) for name in kept if name == "name"}
    return frame.drop(columns=[name for name in held if name not in kept]).assign(**cleaned)


def _masked(net: Network, lang: Lang) -> Network:
    actors = net.actors
    person = actors["kind"].isin(PERSON_KINDS)
    if not person.any():
        return net
    numbers = person.cumsum()
    masks = {
        actor: f"{label('kind', actors.at[actor, 'kind'], lang=lang)} {numbers[actor]}"
        for actor in actors.index[person]
    }

    def renamed(values: pd.Series) -> pd.Series:
        return values.astype("str").replace(masks)

    kept = ["kind", "sector", "tier", "territory"]
    bare = actors.copy()
    identifying = [name for name in bare.columns if name not in kept and not pd.api.types.is_numeric_dtype(bare[name])]
    bare.loc[person, identifying] = pd.NA
    bare.loc[person, ["longitude", "latitude"]] = float("nan")
    bare.loc[person, "name"] = pd.Series(masks)
    bare["parent"] = renamed(bare["parent"]).where(bare["parent"].notna())
    bare.index = pd.Index([masks.get(actor, actor) for actor in actors.index], name="actor")
    ties = net.ties.assign(source=renamed(net.ties["source"]), target=renamed(net.ties["target"]))
    about_persons = ties["source"].isin(masks.values()) | ties["target"].isin(masks.values())
    extra = [name for name in ties.columns if name not in TIES.names and not pd.api.types.is_numeric_dtype(ties[name])]
    ties.loc[about_persons, extra] = pd.NA
    provision, observation = (frame.assign(actor=renamed(frame["actor"])) for frame in (net.provision, net.observation))
    return net.replace(actors=bare, ties=ties, provision=provision, observation=observation)
