"""What an organisation is: kind, sector and tier, with the rule that decided.

Read in this order, the first that answers wins: the user's own table; a few organisations known by
their SIREN (Paris, Lyon, Corsica, RATP, Urssaf ...); the legal category of INSEE (level III); and the
flag of the social economy, which makes the sector of a private body civil. What no rule reaches
stays unknown. Public-service companies (SPL), SCIC and urban-planning agencies cannot be told from
their legal category: give them in your own table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import pandas as pd

from reseau_territorial.errors import TableError, enumerate_values, unknown_name
from reseau_territorial.opendata._data import bundled
from reseau_territorial.vocabulary import KINDS, SECTORS, TIERS, Term

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["assign_kinds", "classify", "legal_categories"]

RESULT: Final = ("kind", "sector", "tier", "rule")

NATURES: Final[Mapping[str, Term]] = {
    "METRO": Term("Métropole", "Metropolis"),
    "MET": Term("Métropole", "Metropolis"),
    "MET69": Term("Métropole de Lyon", "Metropolis of Lyon"),
    "MET70": Term("Métropole", "Metropolis"),
    "MET75": Term("Métropole du Grand Paris", "Metropolis of Greater Paris"),
    "CU": Term("Communauté urbaine", "Urban community"),
    "CA": Term("Communauté d’agglomération", "Agglomeration community"),
    "CC": Term("Communauté de communes", "Community of communes"),
    "SAN": Term("Syndicat d’agglomération nouvelle", "New town authority"),
    "SIVU": Term("Syndicat à vocation unique", "Single-purpose authority"),
    "SIVOM": Term("Syndicat à vocation multiple", "Multi-purpose authority"),
    "SMF": Term("Syndicat mixte fermé", "Closed mixed authority"),
    "SMO": Term("Syndicat mixte ouvert", "Open mixed authority"),
    "PETR": Term("Pôle d’équilibre territorial et rural", "Rural balance pole"),
    "POLEM": Term("Pôle métropolitain", "Metropolitan pole"),
    "EPT": Term("Établissement public territorial", "Territory of Greater Paris"),
}
OWN_TAX: Final = frozenset({"METRO", "MET", "MET69", "MET70", "MET75", "CU", "CA", "CC", "SAN"})
"""Natures of the EPCI that levy their own taxes; the others are groupings."""

_PRIVATE: Final = frozenset({"private", "unknown"})


def kind_of_nature(nature: pd.Series) -> pd.Series:
    """Return ``epci`` or ``grouping`` for each BANATIC nature; missing for a nature that is not known."""
    mapping = {key: "epci" if key in OWN_TAX else "grouping" for key in NATURES}
    return nature.str.strip().str.upper().map(mapping).astype("str")


def legal_categories() -> pd.DataFrame:
    """Return the 260 legal categories of INSEE (level III) and how each is read.

    Returns
    -------
    pandas.DataFrame
        Index ``code``; columns ``label`` (French), ``kind``, ``sector``, ``tier``
        (missing where the category tells none).

    Examples
    --------
    >>> legal_categories().loc["7346", ["kind", "sector", "tier"]].tolist()
    ['epci', 'public', 'intercommunal']
    >>> legal_categories().loc["5458", "sector"]  # a workers' cooperative
    'civil'
    """
    return bundled("legal-categories.csv").set_index("code")


def classify(
    organisations: pd.DataFrame,
    *,
    siren: str = "siren",
    legal_category: str = "legal_category",
    ess: str = "ess",
    own: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return kind, sector and tier of each organisation, and the rule that decided.

    Parameters
    ----------
    organisations : pandas.DataFrame
        One row per organisation. Columns that are not there are not used.
    siren, legal_category, ess : str
        Names of the columns: SIREN; legal category (four digits); flag of the social economy
        (``O``, ``N`` or missing, as SIRENE writes it).
    own : pandas.DataFrame, optional
        The user's table, indexed by SIREN (or by the index of `organisations`), with any of the
        columns ``kind``, ``sector``, ``tier``. It comes first.

    Returns
    -------
    pandas.DataFrame
        On the index of `organisations`: ``kind`` and ``tier`` (missing when unknown), ``sector``
        (``unknown`` when unknown), ``rule``.

    Raises
    ------
    UnknownNameError
        The user's table has a kind, sector or tier that is not in the vocabulary.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"siren": ["217500016", "775663438"], "legal_category": ["7229", "4110"]})
    >>> classify(table)[["kind", "tier"]].to_numpy().tolist()
    [['commune', 'communal'], ['operator', 'national']]
    """
    index = organisations.index
    missing = pd.Series(pd.NA, index=index, dtype="str")
    sirens = organisations[siren].astype("str") if siren in organisations else missing
    codes = organisations[legal_category].astype("str") if legal_category in organisations else missing
    flags = organisations[ess].astype("str") if ess in organisations else missing

    categories = legal_categories()
    result = categories[["kind", "sector", "tier"]].reindex(codes.to_numpy())
    result.index = index
    known = codes.isin(categories.index)
    result["rule"] = ("legal category " + codes).where(known)
    social = flags.str.upper().isin(["O", "OUI", "TRUE", "1"]) & result["sector"].fillna("unknown").isin(_PRIVATE)
    result.loc[social, "sector"] = "civil"
    result.loc[social, "rule"] = result.loc[social, "rule"].fillna("no category") + ", social economy flag"
    overrides = bundled("siren-overrides.csv").set_index("siren")
    result = _overridden(result, overrides.assign(rule="SIREN: " + overrides["rule"]), sirens)
    if own is not None:
        _check_words(own)
        own = own.assign(rule="own table")
        result = _overridden(result, own, sirens)
        result = _overridden(result, own, index.to_series().astype("str"))
    result["sector"] = result["sector"].fillna("unknown")
    result["rule"] = result["rule"].fillna("unknown")
    return result[list(RESULT)]


def assign_kinds(
    net: Network,
    *,
    legal_category: str = "legal_category",
    ess: str = "ess",
    own: pd.DataFrame | None = None,
) -> Network:
    """Return the network with kind, sector, tier and rule filled where they were unknown.

    What an actor already has is kept (a commune of the COG needs no legal category), except what the
    user's own table says otherwise.

    Parameters
    ----------
    net : Network
        Actors with a ``siren`` column, and the columns named below.
    legal_category, ess : str
        Names of the actor columns.
    own : pandas.DataFrame, optional
        The user's table, as in `classify`.

    Returns
    -------
    Network
        The same ties.

    Examples
    --------
    >>> import pandas as pd
    >>> from reseau_territorial import Network
    >>> actors = pd.DataFrame({"actor": ["a", "b"], "legal_category": ["9220", None]})
    >>> assign_kinds(Network(actors=actors)).actors["sector"].tolist()
    ['civil', 'unknown']
    """
    return net.replace(actors=with_kinds(net.actors, legal_category=legal_category, ess=ess, own=own))


def with_kinds(
    actors: pd.DataFrame,
    *,
    legal_category: str = "legal_category",
    ess: str = "ess",
    own: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return a table of actors as `assign_kinds` completes it."""
    actors = actors.reindex(columns=[*actors.columns, *(name for name in RESULT if name not in actors)])
    found = classify(actors, legal_category=legal_category, ess=ess, own=own)
    first = found["rule"].eq("own table")
    known = actors["kind"].notna() & ~first
    for column in RESULT:
        held = actors[column].where(known)
        actors[column] = held.fillna(found[column]) if column != "rule" else held.where(known, found[column])
    sector = actors["sector"].fillna("unknown")
    actors["sector"] = sector.where(sector != "unknown", found["sector"])
    return actors


def _overridden(result: pd.DataFrame, table: pd.DataFrame, keys: pd.Series) -> pd.DataFrame:
    """Return the rows with the columns of `table` put over them, where its index has the key."""
    if table.index.has_duplicates:
        doubled = table.index[table.index.duplicated()].unique()
        raise TableError([f"the table of kinds has a key twice: {enumerate_values(doubled)}; keep one row of each"])
    here = keys.isin(table.index.astype("str"))
    if not here.any():
        return result
    values = table.set_axis(table.index.astype("str")).reindex(keys[here].to_numpy())
    for column in set(RESULT) & set(table.columns):
        new = values[column].set_axis(result.index[here.to_numpy()])
        result[column] = result[column].astype("object").mask(here, new.reindex(result.index)).astype("str")
    return result


def _check_words(own: pd.DataFrame) -> None:
    for column, words in (("kind", KINDS), ("sector", SECTORS), ("tier", TIERS)):
        if column in own:
            for word in own[column].dropna().unique():
                if word not in words:
                    raise unknown_name(column, word, words)
