"""What must not leave the office: natural persons, contacts, small cells.

Everything is removed here, in Python, before any page, picture or workbook exists: a filter in a page
hides, it does not remove.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, Literal

import pandas as pd

from reseau_territorial._dialect import plain_key
from reseau_territorial.errors import unknown_name
from reseau_territorial.network import Network
from reseau_territorial.tables import TIES
from reseau_territorial.vocabulary import Lang, label

__all__ = ["LEAST", "confidential_layers", "persons_in", "protect", "suppress_small_cells", "without_small_flows"]

Persons = Literal["mask", "group", "keep"]
Flows = Literal["withhold", "keep"]

PERSON_KINDS: Final = ("person", "sole_trader")
# Words met in the kinds of tables, without case and accents, for those two: their names are masked as well.
PERSON_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("personne_physique", "personnes_physiques", "personne", "physical_person"), "person"),
    **dict.fromkeys(("natural_person", "individual", "individu", "particulier", "particuliers", "citoyen"), "person"),
    **dict.fromkeys(("entrepreneur_individuel", "entreprise_individuelle", "auto_entrepreneur"), "sole_trader"),
    **dict.fromkeys(("autoentrepreneur", "micro_entrepreneur", "microentrepreneur"), "sole_trader"),
    **{kind: kind for kind in PERSON_KINDS},
}
PLURALS: Final = {
    "person": ("Personnes physiques", "Natural persons"),
    "sole_trader": ("Entrepreneurs individuels", "Sole traders"),
}
# Fewer persons than this are not shown as a group of their own on a map.
LEAST: Final = 5

_CONTACT: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w+|(?<!\d)(?:\+33|0)\s?[1-9](?:[\s.-]?\d{2}){4}(?!\d)")
_CONTACT_COLUMNS: Final = re.compile(
    r"(?:^|_)(?:e_?mails?|mails?|courriels?|mels?|tels?|telephones?|phones?|fax)(?:_|$)"
)


def protect(net: Network, *, persons: Persons = "mask", flows: Flows = "withhold", lang: Lang = "fr") -> Network:
    """Return the network as it may be published: persons without names, no contact details, no secret amount.

    Parameters
    ----------
    net : Network
        The network.
    persons : {"mask", "group", "keep"}
        ``"mask"`` replaces natural persons and sole traders (kinds ``person`` and ``sole_trader``, or the same in
        other words: "Personne physique", "auto-entrepreneur") by their kind and a number, in every table; their
        identifiers and coordinates go. ``"group"`` makes one actor of the persons of a kind and a territory, with
        their number; fewer than five are joined over territories, then over kinds, and ties between two persons of
        a group go. ``"keep"`` leaves them.
    flows : {"withhold", "keep"}
        ``"withhold"`` takes the amounts out of the ties of confidential layers (those whose column ``confidential``
        of ``net.layers`` is true): the tie stays, with weight 1 and without its other numbers. ``"keep"`` leaves them.
    lang : {"fr", "en"}
        Language of the words that replace names.

    Returns
    -------
    Network
        The same ties; as many actors unless persons are grouped. Columns that hold an e-mail or a phone number, or
        are named after them, are left out in all cases.

    Raises
    ------
    UnknownNameError
        If `persons` or `flows` is another word.

    Notes
    -----
    Numbers follow the order of the actors, so the same network gives the same masks. Masking is not
    anonymity: an actor alone of its kind in a commune can be recognised by its ties. A name of two words or more
    is replaced wherever a text holds it: titles of sources, notes, names of organisations.

    Examples
    --------
    >>> import pandas as pd
    >>> ties = pd.DataFrame({"source": ["Anne X"], "target": ["Tours"]})
    >>> actors = pd.DataFrame({"actor": ["Anne X", "Tours"], "kind": ["person", "commune"]})
    >>> protect(Network(ties, actors=actors)).actors["name"].fillna("-").to_list()
    ['Personne physique 1', '-']
    """
    if persons not in ("mask", "group", "keep"):
        raise unknown_name("choice for persons", persons, ["mask", "group", "keep"])
    if flows not in ("withhold", "keep"):
        raise unknown_name("choice for flows", flows, ["withhold", "keep"])
    tables = {
        name: _without_contacts(frame)
        for name, frame in (("actors", net.actors), ("ties", net.ties), ("provision", net.provision))
    }
    safe = _without_contact_names(_with_person_kinds(net.replace(**tables)), lang)
    if flows == "withhold":
        safe = _without_amounts(safe)
    if persons == "keep":
        return safe
    masked = _masked(safe, lang)
    return masked if persons == "mask" else _grouped(masked, lang)


def persons_in(net: Network) -> int:
    """Return how many actors are natural persons or sole traders."""
    return int(_with_person_kinds(net).actors["kind"].isin(PERSON_KINDS).sum())


def _with_person_kinds(net: Network) -> Network:
    """Give the kinds ``person`` and ``sole_trader`` to actors whose kind says so in other words."""
    kinds = net.actors["kind"]
    said = kinds.dropna().astype("str").map(plain_key).map(PERSON_WORDS).dropna()
    if said.eq(kinds.reindex(said.index)).all():
        return net
    told = kinds.astype("object").where(~kinds.index.isin(said.index), said.reindex(kinds.index))
    return net.replace(actors=net.actors.assign(kind=told.astype(kinds.dtype)))


def confidential_layers(net: Network) -> list[str]:
    """Return the layers whose amounts are secret: those with a true ``confidential`` in ``net.layers``."""
    layers = net.layers
    if "confidential" not in layers.columns:
        return []
    said = layers["confidential"].astype("object").map(lambda value: str(value).strip().lower())
    return [str(name) for name in layers.index[said.isin(["true", "1", "oui", "vrai", "yes"])]]


def without_small_flows(net: Network, table: pd.DataFrame, *, by: str, least: int = 3) -> pd.DataFrame:
    """Blank the cells of a mixing table from which the amount of one tie of a confidential layer could be read.

    Parameters
    ----------
    net : Network
        The network that the table was made from.
    table : DataFrame
        From ``group_mixing(net, by=by, weight="weight")``: index source and target.
    by : str
        Actor column of the groups.
    least : int, default 3
        Fewest ties of confidential layers in a cell that is shown.

    Returns
    -------
    DataFrame
        A copy; ``weight`` is NaN where a cell holds fewer than `least` such ties, or one of 85 % or more of them;
        the column ``suppressed`` says where.
    """
    secret = confidential_layers(net)
    ties = net.ties[net.ties["layer"].isin(secret) & net.ties["status"].eq("present")]
    if not len(ties):
        return table.assign(suppressed=False)
    codes, names = net._groups(by, missing="group")
    groups = pd.Series(names.astype(str).to_numpy()[codes], index=net.actors.index)
    ends = pd.DataFrame({end: ties[end].map(groups).to_numpy() for end in ("source", "target")})
    held = ends.assign(weight=ties["weight"].to_numpy(dtype=float))
    # An undirected cell is written once, whichever group comes first.
    mutual = ~ties["layer"].map(net.layers["directed"].astype(bool)).to_numpy(dtype=bool)
    turned = held.rename(columns={"source": "target", "target": "source"})[mutual & (ends["source"] != ends["target"])]
    both = pd.concat([held, turned])
    cells = both.groupby(["source", "target"])["weight"].agg(["sum", "count", "max"])
    keys = pd.MultiIndex.from_arrays([table.index.get_level_values(end).astype(str) for end in ("source", "target")])
    found = cells.reindex(keys).fillna(0.0).set_axis(table.index)
    flows = table.assign(_sum=found["sum"], _units=found["count"], _most=found["max"])
    hidden = suppress_small_cells(flows, value="_sum", units="_units", largest="_most", least=least)["suppressed"]
    return table.assign(weight=table["weight"].mask(hidden), suppressed=hidden)


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
    """Leave out the columns named after e-mails or phones, and those in which one stands."""
    named = [name for name in frame.columns if _CONTACT_COLUMNS.search(plain_key(str(name)))]
    held = [
        name
        for name in frame.columns
        if pd.api.types.is_string_dtype(frame[name].dtype)
        and frame[name].dropna().astype("str").str.contains(_CONTACT).any()
    ]
    kept = [name for name in held if name in ("name", "source", "target")]
    cleaned = {name: frame[name].str.replace(_CONTACT, "…", regex=True) for name in kept if name == "name"}
    return frame.drop(columns=[name for name in {*held, *named} if name not in kept]).assign(**cleaned)


def _without_contact_names(net: Network, lang: Lang) -> Network:
    """Replace identifiers that are an e-mail or a phone number by a number, and blank those that sources hold."""
    held = [str(actor) for actor in net.actors.index if _CONTACT.search(str(actor))]
    word = label("column", "actor", lang=lang).capitalize()
    texts = net.sources.select_dtypes(["string", "object"])
    blank = texts.apply(
        lambda column: column.astype("str").str.replace(_CONTACT, "…", regex=True).where(column.notna())
    )
    safe = net.replace(sources=net.sources.assign(**{str(name): blank[name] for name in blank.columns}))
    return _renamed(safe, {actor: f"{word} {number}" for number, actor in enumerate(held, 1)})


def _renamed(net: Network, names: Mapping[str, str]) -> Network:
    """Return the network with other identifiers, in every table that holds them."""
    if not names:
        return net

    def renamed(values: pd.Series) -> pd.Series:
        return values.astype("str").replace(dict(names)).where(values.notna())

    actors = net.actors.assign(parent=renamed(net.actors["parent"]))
    actors.index = pd.Index([names.get(actor, actor) for actor in actors.index], name="actor")
    return net.replace(
        actors=actors,
        ties=net.ties.assign(source=renamed(net.ties["source"]), target=renamed(net.ties["target"])),
        provision=net.provision.assign(actor=renamed(net.provision["actor"])),
        observation=net.observation.assign(actor=renamed(net.observation["actor"])),
    )


def _without_amounts(net: Network) -> Network:
    """Take the numbers out of the ties of confidential layers."""
    ties = net.ties
    secret = ties["layer"].isin(confidential_layers(net))
    if not secret.any():
        return net
    extra = [name for name in ties.columns if name not in TIES.names and pd.api.types.is_numeric_dtype(ties[name])]
    hidden = {name: ties[name].astype("float64").mask(secret) for name in extra}
    return net.replace(ties=ties.assign(weight=ties["weight"].mask(secret, 1.0), **hidden))


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
    kept = ["kind", "sector", "tier", "territory"]
    bare = actors.copy()
    identifying = [name for name in bare.columns if name not in kept and not pd.api.types.is_numeric_dtype(bare[name])]
    bare.loc[person, identifying] = pd.NA
    places = [name for name in ("longitude", "latitude", "x", "y") if name in bare.columns]
    bare[places] = bare[places].mask(person)
    bare.loc[person, "name"] = pd.Series(masks)
    safe = _renamed(net.replace(actors=bare), masks)
    ties = safe.ties
    about_persons = ties["source"].isin(masks.values()) | ties["target"].isin(masks.values())
    extra = [name for name in ties.columns if name not in TIES.names and not pd.api.types.is_numeric_dtype(ties[name])]
    ties.loc[about_persons, extra] = pd.NA
    called = actors.loc[person, "name"].dropna()
    known = masks | {str(name): masks[actor] for actor, name in called.items()}
    scrub = _scrubber({name: mask for name, mask in known.items() if " " in str(name).strip()})
    tables = {"actors": safe.actors, "ties": ties, "provision": safe.provision, "sources": net.sources}
    return safe.replace(**{name: scrub(table) for name, table in tables.items()})


def _scrubber(masks: Mapping[str, str]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what replaces names in every text of a table, its index included."""
    if not masks:
        return lambda table: table
    folded = {name.lower(): mask for name, mask in masks.items()}
    longest_first = sorted(masks, key=lambda name: (-len(name), name))
    names = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest_first), re.IGNORECASE)

    def replaced(text: object) -> object:
        return names.sub(lambda found: folded[found[0].lower()], text) if isinstance(text, str) else text

    def scrub(table: pd.DataFrame) -> pd.DataFrame:
        texts = {
            name: table[name].map(replaced, na_action="ignore").astype(table[name].dtype)
            for name in table.columns
            if pd.api.types.is_string_dtype(table[name].dtype)
        }
        index = table.index.map(replaced) if table.index.name is not None else table.index
        return table.assign(**texts).set_axis(index.rename(table.index.name))

    return scrub


def _grouped(net: Network, lang: Lang) -> Network:
    """Make one actor of the persons of a kind and a territory; see `protect`."""
    actors = net.actors
    person = actors["kind"].isin(PERSON_KINDS)
    if not person.any():
        return net
    cells = actors.loc[person, ["kind", "territory"]].astype("object")
    cells = cells.where(cells.notna(), None)
    for column, wider in (("territory", None), ("kind", "person")):
        size = cells.groupby(["kind", "territory"], dropna=False)["kind"].transform("size")
        cells.loc[size < LEAST, column] = wider
    names = cells.groupby(["kind", "territory"], dropna=False).ngroup()
    counts = names.value_counts()
    groups: dict[object, dict[str, object]] = {}
    for number, rows in cells.groupby(names):
        kind, territory = rows.iloc[0]
        many = PLURALS[kind][0 if lang == "fr" else 1]
        count = int(counts[number])
        said = f"n\u202f=\u202f{count}" if count >= LEAST else f"n\u202f<\u202f{LEAST}"
        sectors = actors.loc[rows.index, "sector"].dropna().unique()
        groups[number] = {
            "actor": f"{kind}:{int(str(number)) + 1}",
            "name": f"{many}, {said}",
            "kind": kind,
            "territory": territory,
            "sector": sectors[0] if len(sectors) == 1 else None,
        }
    table = pd.DataFrame(list(groups.values())).set_index("actor")
    joined = {str(actor): str(groups[number]["actor"]) for actor, number in names.items()}

    def renamed(values: pd.Series) -> pd.Series:
        return values.astype("str").replace(joined)

    ties = net.ties.assign(source=renamed(net.ties["source"]), target=renamed(net.ties["target"]))
    of_groups = ties["source"].isin(table.index) | ties["target"].isin(table.index)
    apart = ties[of_groups & (ties["source"] != ties["target"])]
    keys = [name for name in TIES.names if name != "weight"]
    summed = apart.groupby(keys, dropna=False, sort=False)["weight"].sum().reset_index()
    kept = actors[~person].assign(parent=actors["parent"].where(~actors["parent"].isin(list(joined))))
    provision = net.provision.assign(actor=renamed(net.provision["actor"])).drop_duplicates()
    observation = net.observation.assign(actor=renamed(net.observation["actor"]))
    observed = observation.sort_values("observed").drop_duplicates(["actor", "period"], keep="last")
    return net.replace(
        actors=pd.concat([kept, table]).reindex(columns=actors.columns),
        ties=pd.concat([ties[~of_groups], summed], ignore_index=True),
        provision=provision,
        observation=observed,
    )
