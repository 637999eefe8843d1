"""Territories named by a code in a file: which actor a commune, an EPCI or a département is."""

from __future__ import annotations

from functools import cache
from typing import Final

import pandas as pd

from reseau_territorial.opendata._data import bundled, communes_of, insee_of_siren
from reseau_territorial.opendata._reading import ReadingLog
from reseau_territorial.opendata.identifiers import clean_insee, clean_siren
from reseau_territorial.opendata.kinds import kind_of_nature

__all__ = ["ACTOR_COLUMNS", "tell_arrondissements", "territory_actors", "with_territories"]

ACTOR_COLUMNS: Final = ("name", "kind", "sector", "tier", "territory", "siren", "insee", "rule")
_TIERS: Final = {
    "commune": "communal",
    "epci": "intercommunal",
    "grouping": "intercommunal",
    "departement": "departemental",
    "region": "regional",
}
_DIVIDED: Final = {"13055": "Marseille", "69123": "Lyon", "75056": "Paris"}
"""The communes that have municipal arrondissements, with codes of their own."""


@cache
def _communes() -> pd.Series:
    return communes_of()["siren"]


@cache
def _arrondissements() -> pd.Series:
    table = bundled("communes-attached.csv")
    return table[table["type"] == "ARM"].set_index("code")["commune"]


@cache
def _departements() -> pd.Series:
    table = bundled("territories.csv")
    return table[table["unit"] == "departement"].set_index("code")["siren"]


def tell_arrondissements(codes: pd.Series, *, file: str, column: str, log: ReadingLog) -> None:
    """Tell the codes, indexed by line, of municipal arrondissements: `territory_actors` gives their commune."""
    inside = codes[codes.isin(_arrondissements().index)]
    value = inside.map(_arrondissements())
    log.add_rows("decided", "municipal_arrondissement", file=file, column=column, raw=inside, value=value)


def territory_actors(codes: pd.Series, names: pd.Series) -> pd.DataFrame:
    """Return the actor of each row: its id, and what its code says of it.

    Parameters
    ----------
    codes : pandas.Series
        INSEE code of a commune or of a municipal arrondissement, which stands for its commune (five
        characters), SIREN (nine), or code of a département (two or three).
    names : pandas.Series
        Name in the file.

    Returns
    -------
    pandas.DataFrame
        On the index of `codes`: ``actor`` (SIREN, else ``insee:`` and the code; missing when the
        code is none), then the columns of `ACTOR_COLUMNS`.
    """
    distinct = {code: _describe(code) for code in codes.dropna().unique()}
    unknown: tuple[str | None, ...] = (None,) * 5
    rows = [distinct.get(code, unknown) for code in codes]
    table = pd.DataFrame(rows, columns=["actor", "kind", "territory", "siren", "insee"], index=codes.index, dtype="str")
    inside = codes.isin(_arrondissements().index)
    table["name"] = names.where(~inside, table["insee"].map(_DIVIDED))
    table["sector"] = table["kind"].map(lambda kind: "public" if isinstance(kind, str) else None)
    table["tier"] = table["kind"].map(_TIERS)
    table["rule"] = table["kind"].map(lambda kind: "code of the territory" if isinstance(kind, str) else None)
    return table[["actor", *ACTOR_COLUMNS]]


def _describe(code: str) -> tuple[str | None, ...]:
    if len(code) == 9:
        siren = clean_siren(code)
        if not siren.usable:
            return (None,) * 5
        insee = insee_of_siren().get(siren.value or "")
        kind = "commune" if insee else ("departement" if siren.value in _departements().values else None)
        return siren.value, kind, insee or siren.value, siren.value, insee
    if code in _departements().index:
        siren_value = _departements()[code]
        return siren_value, "departement", code, siren_value, None
    insee_code = clean_insee(code)
    if not insee_code.usable:
        return (None,) * 5
    insee = _arrondissements().get(insee_code.value, insee_code.value)
    found = _communes().get(insee)
    commune_siren = found if isinstance(found, str) else None
    return commune_siren or f"insee:{insee}", "commune", insee, commune_siren, insee


def with_territories(actors: pd.DataFrame) -> pd.DataFrame:
    """Say of each actor whose SIREN is that of a commune, grouping, département or région what it is.

    Parameters
    ----------
    actors : pandas.DataFrame
        With a ``siren`` column; what an actor already has is kept.

    Returns
    -------
    pandas.DataFrame
        The same rows, with ``kind``, ``sector``, ``tier``, ``territory``, ``insee`` and ``rule`` filled in.
    """
    insee = actors["siren"].map(insee_of_siren())
    table = bundled("territories.csv").dropna(subset=["siren"]).drop_duplicates("siren", keep="last")
    units = table[table["unit"].isin(_TIERS)].set_index("siren")
    kinds = actors["siren"].map(units["unit"])
    kinds = kinds.where(kinds.notna(), actors["siren"].map(_groupings()))
    kinds = kinds.where(insee.isna(), "commune").astype("str")
    codes = actors["siren"].map(units["code"])
    codes = codes.where(codes.notna(), actors["siren"].where(kinds.isin(["epci", "grouping"])))
    found = pd.DataFrame(
        {
            "kind": kinds,
            "sector": pd.Series("public", index=actors.index, dtype="str").where(kinds.notna()),
            "tier": kinds.map(_TIERS),
            "territory": insee.where(insee.notna(), codes),
            "insee": insee,
            "rule": "SIREN of a " + kinds,
        }
    ).astype("str")
    filled = actors.copy()
    for column in found:
        own = filled[column].astype("str") if column in filled else pd.Series(pd.NA, index=filled.index, dtype="str")
        filled[column] = own.fillna(found[column])
    return filled


@cache
def _groupings() -> dict[str, str]:
    """Return SIREN -> ``epci`` or ``grouping``: every EPCI of the vintages, and the groupings of BANATIC."""
    table = bundled("groupings.csv.gz")
    named = dict(zip(table["siren"], kind_of_nature(table["nature"]), strict=True))
    return named | dict.fromkeys(bundled("communes.csv.gz")["epci"].dropna(), "epci")
