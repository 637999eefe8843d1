"""What must not leave the office: natural persons, contacts, small cells.

Everything is removed here, in Python, before any page, picture or workbook exists: a filter in a page
hides, it does not remove.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, Literal

import pandas as pd

from reseau_territorial._arguments import check_network
from reseau_territorial._cells import LEAST, group_confidential, group_persons, suppress_small_cells
from reseau_territorial._dialect import plain_key
from reseau_territorial._scrubbing import scrubber, text_scrubber
from reseau_territorial.errors import unknown_name
from reseau_territorial.network import Network
from reseau_territorial.tables import TIES
from reseau_territorial.vocabulary import Lang, label

__all__ = [
    "LEAST",
    "confidential_actors",
    "confidential_layers",
    "name_scrubber",
    "persons_in",
    "protect",
    "suppress_small_cells",
    "without_amounts",
    "without_small_flows",
]

Persons = Literal["mask", "group", "keep"]
Flows = Literal["withhold", "keep"]
Cells = Literal["group", "mask"]

PERSON_KINDS: Final = ("person", "sole_trader")
# Words met in the kinds of tables, without case and accents, for those two: their names are masked as well.
PERSON_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("personne_physique", "personnes_physiques", "personne", "physical_person"), "person"),
    **dict.fromkeys(("natural_person", "individual", "individu", "particulier", "particuliers", "citoyen"), "person"),
    **dict.fromkeys(("entrepreneur_individuel", "entreprise_individuelle", "auto_entrepreneur"), "sole_trader"),
    **dict.fromkeys(("autoentrepreneur", "micro_entrepreneur", "microentrepreneur"), "sole_trader"),
    **{kind: kind for kind in PERSON_KINDS},
}
_CONTACT: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w+|(?<!\d)(?:\+33|0)\s?[1-9](?:[\s.-]?\d{2}){4}(?!\d)")
_CONTACT_COLUMNS: Final = re.compile(
    r"(?:^|_)(?:e_?mails?|mails?|courriels?|mels?|tels?|telephones?|phones?|fax)(?:_|$)"
)


def protect(
    net: Network, *, persons: Persons = "mask", flows: Flows = "withhold", cells: Cells = "group", lang: Lang = "fr"
) -> Network:
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
    cells : {"group", "mask"}
        Actors declared confidential (a true ``confidential`` in ``net.actors``): ``"group"`` makes one actor of those
        of a kind and a territory, with their number; ``"mask"`` replaces each by its kind and a number.
    lang : {"fr", "en"}
        Language of the words that replace names.

    Returns
    -------
    Network
        The same ties; as many actors unless persons are grouped or actors confidential. Columns that hold an e-mail
        or a phone number, or are named after them, are left out in all cases.

    Raises
    ------
    UnknownNameError
        If `persons`, `flows` or `cells` is another word.

    Notes
    -----
    Numbers follow the order of the actors, so the same network gives the same masks. Masking is not
    anonymity: an actor alone of its kind in a commune can be recognised by its ties. A name of two words or more
    is replaced wherever a text holds it: titles of sources, notes, names of organisations, periods and columns; a
    surname alone, without a title such as "Mme", is left.

    Cells of fewer than five confidential actors are joined over the kinds of the territory ("Autres"), then over
    territories; a rest of fewer than five is withheld, with its ties. The weight of a tie of a cell is shown when it
    adds up three ties or more, none of them 85 % of it; else it is 1.

    A cell has one number, of all periods together. What is not defended: sums of two periods. Where one actor came
    or left between them and the others stayed as they were, the difference of the sums of its cell is its own; so it
    is between two files, one per period, whose numbers differ too. Publish one period, or drop the weights.

    Examples
    --------
    >>> import pandas as pd
    >>> ties = pd.DataFrame({"source": ["Anne X"], "target": ["Tours"]})
    >>> actors = pd.DataFrame({"actor": ["Anne X", "Tours"], "kind": ["person", "commune"]})
    >>> protect(Network(ties, actors=actors)).actors["name"].fillna("-").to_list()
    ['Personne physique 1', '-']
    """
    check_network(net)
    if persons not in ("mask", "group", "keep"):
        raise unknown_name("choice for persons", persons, ["mask", "group", "keep"])
    if flows not in ("withhold", "keep"):
        raise unknown_name("choice for flows", flows, ["withhold", "keep"])
    if cells not in ("group", "mask"):
        raise unknown_name("choice for cells", cells, ["group", "mask"])
    tables = {
        name: _without_contacts(frame)
        for name, frame in (("actors", net.actors), ("ties", net.ties), ("provision", net.provision))
    }
    safe = _without_contact_names(_with_person_kinds(net.replace(**tables)), lang)
    if flows == "withhold":
        safe = without_amounts(safe)
    person = safe.actors["kind"].isin(PERSON_KINDS) & (persons != "keep")
    safe = _masked(safe, person | (confidential_actors(safe) & (cells == "mask")), lang)
    if persons == "group":
        safe = group_persons(safe, safe.actors["kind"].isin(PERSON_KINDS), lang)
    return group_confidential(safe, confidential_actors(safe), lang) if cells == "group" else safe


def name_scrubber(net: Network, *, lang: Lang = "fr") -> Callable[[str], str]:
    """Return what masks the names of persons, and of confidential actors, in a text about the network."""
    told = _with_person_kinds(net)
    hidden = told.actors["kind"].isin(PERSON_KINDS) | confidential_actors(told)
    return text_scrubber(_names(told.actors, _masks(told.actors, hidden, lang)))


def persons_in(net: Network) -> int:
    """Return how many actors are natural persons or sole traders."""
    return int(_with_person_kinds(net).actors["kind"].isin(PERSON_KINDS).sum())


def _with_person_kinds(net: Network) -> Network:
    """Give the kinds ``person`` and ``sole_trader`` to actors whose kind says so in other words."""
    kinds = net.actors["kind"]
    words = {kind: PERSON_WORDS.get(plain_key(str(kind))) for kind in kinds.dropna().unique()}
    said = kinds.dropna().astype("object").map(words).dropna()
    if said.eq(kinds.reindex(said.index)).all():
        return net
    told = kinds.astype("object").where(~kinds.index.isin(said.index), said.reindex(kinds.index))
    return net.replace(actors=net.actors.assign(kind=told.astype(kinds.dtype)))


def confidential_layers(net: Network) -> list[str]:
    """Return the layers whose amounts are secret: those with a true ``confidential`` in ``net.layers``."""
    return [str(name) for name in net.layers.index[_declared(net.layers)]]


def confidential_actors(net: Network) -> pd.Series:
    """Return which actors are secret: those with a true ``confidential`` in ``net.actors``."""
    return _declared(net.actors)


def _declared(table: pd.DataFrame) -> pd.Series:
    if "confidential" not in table.columns:
        return pd.Series(False, index=table.index)
    said = table["confidential"].astype("object").map(lambda value: str(value).strip().lower())
    return said.isin(["true", "1", "1.0", "oui", "vrai", "yes"])


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


def _without_contacts(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out the columns named after e-mails or phones, and those in which one stands."""
    named = [name for name in frame.columns if _CONTACT_COLUMNS.search(plain_key(str(name)))]
    held = [
        name
        for name in frame.columns
        if pd.api.types.is_string_dtype(frame[name].dtype)
        and frame[name].dropna().drop_duplicates().astype("str").str.contains(_CONTACT).any()
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
        return values.map(lambda text: names.get(text, text), na_action="ignore").astype("str")

    actors = net.actors.assign(parent=renamed(net.actors["parent"]))
    actors.index = pd.Index([names.get(actor, actor) for actor in actors.index], name="actor")
    return net.replace(
        actors=actors,
        ties=net.ties.assign(source=renamed(net.ties["source"]), target=renamed(net.ties["target"])),
        provision=net.provision.assign(actor=renamed(net.provision["actor"])),
        observation=net.observation.assign(actor=renamed(net.observation["actor"])),
    )


def without_amounts(net: Network) -> Network:
    """Take the numbers out of the ties of confidential layers: each counts for 1."""
    check_network(net)
    ties = net.ties
    secret = ties["layer"].isin(confidential_layers(net))
    if not secret.any():
        return net
    extra = [name for name in ties.columns if name not in TIES.names and pd.api.types.is_numeric_dtype(ties[name])]
    hidden = {name: ties[name].astype("float64").mask(secret) for name in extra}
    return net.replace(ties=ties.assign(weight=ties["weight"].mask(secret, 1.0), **hidden))


def _masked(net: Network, hidden: pd.Series, lang: Lang) -> Network:
    """Replace some actors by their kind and a number, in every text."""
    actors = net.actors
    if not hidden.any():
        return net
    masks = _masks(actors, hidden, lang)
    kept = ["kind", "sector", "tier", "territory", "confidential"]
    bare = actors.copy()
    identifying = [name for name in bare.columns if name not in kept and not pd.api.types.is_numeric_dtype(bare[name])]
    bare.loc[hidden, identifying] = pd.NA
    places = [name for name in ("longitude", "latitude", "x", "y") if name in bare.columns]
    bare[places] = bare[places].mask(hidden)
    bare.loc[hidden, "name"] = pd.Series(masks)
    safe = _renamed(net.replace(actors=bare), masks)
    ties = safe.ties
    about_them = ties["source"].isin(masks.values()) | ties["target"].isin(masks.values())
    extra = [name for name in ties.columns if name not in TIES.names and not pd.api.types.is_numeric_dtype(ties[name])]
    ties.loc[about_them, extra] = pd.NA
    scrub = scrubber(_names(actors, masks))
    tables = {"actors": safe.actors, "ties": ties, "sources": safe.sources}
    tables |= {"layers": safe.layers, "provision": safe.provision, "observation": safe.observation}
    clean = {name: scrub(table) for name, table in tables.items()}
    # An address with a mask in it leads nowhere.
    addresses = clean["sources"]["url"]
    clean["sources"]["url"] = addresses.where(addresses.isin(safe.sources["url"]))
    return safe.replace(**clean)


def _masks(actors: pd.DataFrame, hidden: pd.Series, lang: Lang) -> dict[str, str]:
    """Return what hidden actors are called: their kind and a number."""
    numbers = hidden.cumsum()
    kinds = actors["kind"].astype("object").fillna("other")
    words = {kind: label("kind", kind, lang=lang) for kind in kinds[hidden].unique()}
    return {
        actor: f"{words[kind]} {number}"
        for actor, kind, number in zip(actors.index[hidden], kinds[hidden], numbers[hidden], strict=True)
    }


def _names(actors: pd.DataFrame, masks: Mapping[str, str]) -> dict[str, str]:
    """Return the names and identifiers of some words that are masked, each with its mask."""
    called = actors.loc[list(masks), "name"].dropna()
    known = dict(masks) | {str(name): masks[str(actor)] for actor, name in called.items()}
    return {name: mask for name, mask in known.items() if " " in str(name).strip()}
