"""One actor per organisation across files: networks stacked on one register.

Keys are tried in this order, the first that an organisation has decides: SIREN, SIRET (its SIREN), RNA,
INSEE code (communes), the id *and* name of the actor. Names alone are compared last, within a territory,
and only as suggestions to be reviewed, unless their score reaches a level that you state.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final

import pandas as pd

from reseau_territorial._dialect import plain_key
from reseau_territorial.errors import TableError, enumerate_values
from reseau_territorial.opendata._alike import best_suggestions, suggestions_among, surely_the_same
from reseau_territorial.opendata._data import renamed
from reseau_territorial.opendata._reading import number
from reseau_territorial.opendata.identifiers import clean_insee, clean_rna, clean_siren, clean_siret

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["Joined", "accept", "join", "suggest_names"]

KEYS: Final = ("siren", "rna", "insee", "actor")


@dataclass(frozen=True, eq=False, kw_only=True)
class Joined:
    """Networks stacked on one register, and how well they met.

    Parameters
    ----------
    network : Network
        All ties; one actor per organisation, described by the first network that has it.
    matches : pandas.DataFrame
        One row per actor of the second network: index ``actor`` (its id there); ``register`` (its id in
        the result), ``key`` (``siren``, ``rna``, ``insee``, ``actor``, or missing when it is new).
    rates : pandas.DataFrame
        By kind (and for all): how many actors of the second network, and the share matched, with the
        share of its ties whose two ends are in the first network.
    suggestions : pandas.DataFrame
        Names that look alike within a territory, for actors that no key matched: to be reviewed, then
        passed to `accept`.
    aliases : pandas.DataFrame
        Every id and name that each actor of the result had: ``actor``, ``alias``, ``origin``.
    """

    network: Network
    matches: pd.DataFrame
    rates: pd.DataFrame
    suggestions: pd.DataFrame
    aliases: pd.DataFrame

    def __repr__(self) -> str:
        actors, matched = len(self.matches), int(self.matches["key"].notna().sum())
        share = f" ({matched / actors:.0%})".replace("%", "\u00a0%") if actors else ""
        proposed = number(len(self.suggestions))
        known = f"{number(matched)} acteurs reconnus sur {number(actors)}{share}"
        return f"<Rapprochement\u202f: {known}, {proposed} noms proposés à relire>"

    def _repr_html_(self) -> str:
        return f"<p><strong>{html.escape(repr(self)[1:-1])}</strong></p>{self.rates.to_html(border=0)}"


def join(
    net: Network,
    other: Network,
    *,
    territory: str = "territory",
    suggest_from: float = 85.0,
    accept_from: float | None = None,
) -> Joined:
    """Stack a network on another one: its layers, on one register of actors.

    Codes of another year meet nothing: move the other network first to the year of the register, with
    :func:`~reseau_territorial.opendata.to_vintage`, which follows communes and EPCI that changed.

    Parameters
    ----------
    net : Network
        The register: its actors keep their id and description (what they lack is completed).
    other : Network
        The network to stack.
    territory : str
        Actor column within which names are compared: the same value, or the same département.
    suggest_from : float
        Least score (0 to 100, rapidfuzz's token set ratio on names without empty words) of a suggestion.
    accept_from : float, optional
        Score from which a suggestion is taken without review, when it is the only one at that score. Both names
        must reach it whole (a CCAS, a social landlord or a company named after its commune has words of its own), and
        say no other form or kind (a communauté de communes is no communauté d'agglomération). Never by default.

    Returns
    -------
    Joined
        The network, the matches, the match rates, the suggestions and the aliases.

    Raises
    ------
    TableError
        One network has two actors with the same key, or both name a layer with other directions.

    Examples
    --------
    >>> import pandas as pd
    >>> from reseau_territorial import Network
    >>> communes = pd.DataFrame({"actor": ["213702616"], "name": ["Tours"], "siren": ["213702616"]})
    >>> buyers = pd.DataFrame({"actor": ["a"], "name": ["MAIRIE DE TOURS"], "siren": ["213702616"]})
    >>> met = join(Network(actors=communes), Network(actors=buyers))
    >>> met.matches.loc["a"].tolist(), len(met.network)
    (['213702616', 'siren'], 1)
    """
    held, new = net.actors, other.actors
    matches = _match(_keys(held), _keys(new))
    suggestions = suggestions_among(held, new.loc[matches["key"].isna()], territory, suggest_from)
    if accept_from is not None:
        sure = surely_the_same(suggestions, accept_from, new["kind"], held["kind"])
        matches = _with_accepted(matches, best_suggestions(suggestions[sure], accept_from))
        suggestions = suggestions[matches["key"].reindex(suggestions["actor"]).isna().to_numpy()]
    return _joined(net, other, matches, suggestions.reset_index(drop=True))


def accept(joined: Joined, pairs: Mapping[str, str]) -> Network:
    """Return the joined network with reviewed pairs made one actor.

    Parameters
    ----------
    joined : Joined
        From `join`.
    pairs : mapping of str to str
        Actor of the result -> the actor that it is in truth (such as the columns ``actor`` and
        ``candidate`` of the suggestions that you keep).

    Returns
    -------
    Network
        The ties of both go to the second; ties between them disappear.

    Raises
    ------
    TableError
        A name is not an actor of the result, or a pair is circular.

    Examples
    --------
    >>> import pandas as pd
    >>> import reseau_territorial as rt
    >>> net = rt.samples.tours_masks()
    >>> other = rt.Network(pd.DataFrame({"source": ["mairie de tours"], "target": ["La Riche (mairie)"]}))
    >>> joined = rt.opendata.join(net, other)
    >>> merged = accept(joined, {"mairie de tours": "ville_tours", "La Riche (mairie)": "la_riche"})
    >>> len(joined.network), len(merged)
    (35, 33)
    """
    net = joined.network
    unknown = [name for name in (*pairs, *pairs.values()) if name not in net.actors.index]
    if unknown:
        raise TableError([f"pairs name actors that are not in the network: {enumerate_values(unknown)}"])
    circular = [name for name in pairs.values() if name in pairs]
    if circular:
        raise TableError(
            [f"pairs send actors on that are sent elsewhere: {enumerate_values(circular)}; give the last one"]
        )
    return _renamed(net, pairs, net.actors.drop(index=list(pairs)))


def suggest_names(
    net: Network, names: pd.DataFrame, *, territory: str = "territory", suggest_from: float = 85.0
) -> pd.DataFrame:
    """Return, for names that have no identifier, the actors whose names look alike in the same territory.

    Parameters
    ----------
    net : Network
        The register.
    names : pandas.DataFrame
        Column ``name``, and the column `territory` (an INSEE code, a département, a SIREN ...); the index
        identifies the rows.
    territory : str
        Column of both tables.
    suggest_from : float
        Least score, 0 to 100.

    Returns
    -------
    pandas.DataFrame
        One row per pair of a name and a candidate: ``actor`` (the row), ``name``, ``candidate``, ``candidate_name``,
        ``territory``, ``score``; best first. Empty where nothing is alike.

    Examples
    --------
    >>> import pandas as pd
    >>> import reseau_territorial as rt
    >>> names = pd.DataFrame({"name": ["Ville de Tour"], "territory": ["37261"]}, index=["ligne 1"])
    >>> suggest_names(rt.samples.tours_masks(), names)["candidate"].to_list()
    ['ville_tours']
    """
    return suggestions_among(net.actors, names, territory, suggest_from)


def _keys(actors: pd.DataFrame) -> pd.DataFrame:
    """Return the clean keys of actors; a damaged or invalid identifier is no key."""
    siren = clean_siren(actors["siren"])["siren"]
    if "siret" in actors:
        siren = siren.fillna(clean_siret(actors["siret"])["siren"])
    usable = ["valid", "repaired"]
    rna, insee = clean_rna(actors["rna"]), clean_insee(actors["insee"])
    communes = actors["kind"].isna() | actors["kind"].eq("commune")
    # An id alone is no proof: "12" is anybody. Ids such as departement:37 are, and so is an id with its name.
    # A masked person is a number of its file: number 1 of another file is somebody else.
    ids = actors.index.to_series().astype("str")
    ids = ids.mask(ids.str.startswith("personne:"))
    # Nor is a name alone: there is a "comité des fêtes" everywhere. With its place, or national, it is one.
    ids = ids.mask(ids.str.startswith("nom:") & ~ids.str.contains("@") & actors["tier"].ne("national").fillna(True))
    return pd.DataFrame(
        {
            "siren": siren,
            "rna": rna["value"].where(rna["status"].isin(usable)),
            "insee": insee["value"].where(insee["status"].isin(usable) & communes),
            "actor": ids.where(ids.str.contains(":")).fillna(ids + " " + actors["name"].fillna("").map(plain_key)),
        },
        index=actors.index,
    )


def _match(held: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return, for each new actor, the held one with the same key, and which key it was."""
    register = pd.Series(pd.NA, index=new.index, dtype="str")
    key = pd.Series(pd.NA, index=new.index, dtype="str")
    for name in KEYS:
        values = held[name].dropna()
        owner = pd.Series(values.index.astype("str"), index=values.to_numpy())
        if name == "insee":  # communes of one code, one after the other: only their SIREN tells which
            sirens = held["siren"].reindex(values.index).groupby(values.to_numpy()).nunique()
            owner = owner.drop(sirens.index[sirens > 1])
        doubled = owner.index[owner.index.duplicated()].unique()
        if len(doubled) and new[name].isin(doubled).any():
            raise TableError(
                [f"several actors of the register have the same {name} ({enumerate_values(doubled)}); merge them first"]
            )
        found = new[name].map(owner[~owner.index.duplicated()]).astype("str")
        # A SIREN that differs is another organisation, whatever its other keys say.
        against = new["siren"].notna() & found.map(held["siren"]).notna() & found.map(held["siren"]).ne(new["siren"])
        take = register.isna() & found.notna() & ~against
        register = register.mask(take, found)
        key = key.mask(take, name)
    return pd.DataFrame({"register": register, "key": key}).astype("str")


def _with_accepted(matches: pd.DataFrame, accepted: Mapping[str, str]) -> pd.DataFrame:
    chosen = matches.index.to_series().map(accepted).astype("str")
    return pd.DataFrame(
        {
            "register": matches["register"].fillna(chosen),
            "key": matches["key"].mask(matches["key"].isna() & chosen.notna(), "name"),
        }
    )


def _joined(net: Network, other: Network, matches: pd.DataFrame, suggestions: pd.DataFrame) -> Joined:
    held, new = net.actors, other.actors
    mapping = matches["register"].dropna()
    # An actor of the second network that is new keeps its id, unless the first uses it for another.
    taken = matches.index[matches["register"].isna() & matches.index.isin(held.index)]
    used = {*held.index, *new.index}
    names = {**mapping.to_dict(), **{actor: _free(actor, used) for actor in taken}}
    ids = renamed(new.index.to_series(), names)
    described = new.set_axis(pd.Index(ids, name="actor"))
    first = described[~described.index.duplicated()]
    actors = held.combine_first(first).reindex(held.index.append(first.index.difference(held.index, sort=False)))
    actors = actors[[*held.columns, *(name for name in first.columns if name not in held.columns)]]
    network = _stack(net, other, actors, names)
    origins = ((held, held.index.to_series(), "first"), (new, ids, "second"))
    aliases = pd.concat([_aliases(table, register, origin) for table, register, origin in origins])
    return Joined(
        network=network,
        matches=matches.rename_axis("actor"),
        rates=_rates(new, matches, other.ties),
        suggestions=suggestions,
        aliases=aliases.drop_duplicates(["actor", "alias"], ignore_index=True),
    )


def _free(actor: str, used: set[str]) -> str:
    """Return the first of "actor (2)", "actor (3)" ... that nobody has."""
    return next(name for number in count(2) if (name := f"{actor} ({number})") not in used)


def _aliases(actors: pd.DataFrame, register: pd.Series, origin: str) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"actor": register.to_numpy(), "alias": values, "origin": origin})
        for values in (actors.index.astype("str"), actors["name"].to_numpy())
    ]
    return pd.concat(parts).dropna(subset=["alias"])


def _rates(new: pd.DataFrame, matches: pd.DataFrame, ties: pd.DataFrame) -> pd.DataFrame:
    """Return counts and shares of matched actors by kind, and of ties inside the first network."""
    matched = matches["key"].notna()
    kind = new["kind"].fillna("unknown")
    table = pd.DataFrame({"actors": kind.value_counts(), "matched": kind[matched].value_counts()})
    table = table.fillna(0).astype("int64")
    table.loc["all"] = [len(new), int(matched.sum())]
    table["share"] = table["matched"] / table["actors"].where(table["actors"] > 0)
    inside = ties["source"].map(matched).astype("boolean") & ties["target"].map(matched).astype("boolean")
    table["ties_inside"] = float("nan")
    if len(ties):
        table.loc["all", "ties_inside"] = float(inside.fillna(False).mean())
    return table.rename_axis("kind")


def _stack(net: Network, other: Network, actors: pd.DataFrame, names: Mapping[str, str]) -> Network:
    from reseau_territorial.network import Network

    clash = [
        name
        for name in net.layers.index.intersection(other.layers.index)
        if bool(net.layers.at[name, "directed"]) != bool(other.layers.at[name, "directed"])
    ]
    if clash:
        raise TableError(
            [f"layers {enumerate_values(clash)} are directed in one network only; give them one direction"]
        )
    tables: dict[str, pd.DataFrame] = {}
    for name, columns in (("ties", ("source", "target")), ("provision", ("actor",)), ("observation", ("actor",))):
        second = getattr(other, name)
        for column in columns:
            second[column] = renamed(second[column], names)
        parts = [_plain_periods(part) for part in (getattr(net, name), second) if len(part)]
        if parts:
            tables[name] = pd.concat(parts, ignore_index=True)
    ties = tables.pop("ties", net.ties)
    inner = ties["source"].eq(ties["target"])
    layers = pd.concat([net.layers, other.layers])
    sources = pd.concat([net.sources, other.sources])
    return Network(
        ties[~inner],
        actors=actors,
        layers=layers[~layers.index.duplicated()],
        provision=tables.get("provision"),
        observation=tables.get("observation"),
        sources=sources[~sources.index.duplicated()],
    )


def _plain_periods(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype({"period": "str"}) if "period" in table else table


def _renamed(net: Network, mapping: Mapping[str, str], actors: pd.DataFrame) -> Network:
    """Return the network with some actors made others, ties between the two left out."""
    tables: dict[str, pd.DataFrame] = {"actors": actors}
    for name, columns in (("ties", ("source", "target")), ("provision", ("actor",)), ("observation", ("actor",))):
        table = getattr(net, name)
        for column in columns:
            table[column] = renamed(table[column], mapping)
        tables[name] = table
    tables["ties"] = tables["ties"][tables["ties"]["source"] != tables["ties"]["target"]]
    return net.replace(**tables)
