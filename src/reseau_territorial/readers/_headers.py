"""Which column a header names, in French or English, whatever its accents and case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from reseau_territorial._dialect import plain_key
from reseau_territorial.errors import enumerate_values, nearest
from reseau_territorial.tables import TABLES

__all__ = ["SHEETS", "looks_like", "name_columns", "names_the_same", "table_of_sheet", "with_text_headers"]

_NAME: Final = "nom libelle label denomination intitule raison_sociale nom_complet nom_acteur nom_de_l_acteur"

# Column -> the headers that mean it, without case, accents and punctuation.
_ACTORS: Final[Mapping[str, str]] = {
    "actor": "acteur id identifiant id_acteur acteur_id actor_id code_acteur identifiant_acteur",
    "name": _NAME,
    "kind": "type type_acteur type_d_acteur categorie type_de_structure type_structure nature",
    "sector": "secteur secteur_d_activite",
    "tier": "echelon niveau niveau_territorial echelle",
    "territory": "territoire",
    "parent": "organisation_mere rattachement parente",
    "longitude": "lon lng long",
    "latitude": "lat",
    "siren": "n_siren no_siren numero_siren code_siren",
    "insee": "code_insee insee_com code_commune",
    "rna": "n_rna no_rna numero_rna",
    "rule": "regle",
}
_TIES: Final[Mapping[str, str]] = {
    "source": "origine de from depuis acteur_1 acteur1 acteur_a acteur_source source_acteur id_source source_id "
    "acteur_origine emetteur repondant respondent ego",
    "target": "cible destination vers a to acteur_2 acteur2 acteur_b acteur_cible cible_acteur id_cible target_id "
    "acteur_destination destinataire partenaire acteur_cite alter",
    "layer": "couche type type_de_lien type_lien nature nature_du_lien relation type_de_relation",
    "period": "periode phase moment temps vague wave annee year",
    "weight": "poids intensite force strength valeur",
    "level": "niveau niveau_de_cooperation niveau_cooperation degre_de_cooperation",
    "formal": "formel cadre cadre_formel formalise",
    "status": "statut etat",
    "need": "besoin",
    "date": "date_du_lien",
    "evidence": "preuve preuves reference provenance id_preuve",
    "directed": "oriente orientee dirige dirigee",
}
_LAYERS: Final[Mapping[str, str]] = {
    "layer": "couche id identifiant code",
    "label": "libelle nom name intitule",
    "directed": "oriente orientee dirige dirigee",
    "unit": "unite",
}
_PROVISION: Final[Mapping[str, str]] = {
    "actor": "acteur id_acteur acteur_id fournisseur porteur",
    "need": "besoin",
    "territory": "territoire",
    "period": _TIES["period"],
    "status": _TIES["status"],
    "role": "",
    "evidence": _TIES["evidence"],
}
_OBSERVATION: Final[Mapping[str, str]] = {
    "actor": "acteur id_acteur acteur_id repondant enquete respondent",
    "period": _TIES["period"],
    "layer": "couche type_de_lien",
    "observed": "observe observee a_repondu repondu reponse interroge",
}
_SOURCES: Final[Mapping[str, str]] = {
    "evidence": "preuve id identifiant code reference id_preuve cle source",
    "producer": "producteur editeur auteur organisme",
    "title": "titre intitule",
    "date": "date_de_publication",
    "licence": "license",
    "url": "lien adresse adresse_web",
}
_HEADERS: Final[Mapping[str, Mapping[str, str]]] = {
    "actors": _ACTORS,
    "ties": _TIES,
    "layers": _LAYERS,
    "provision": _PROVISION,
    "observation": _OBSERVATION,
    "sources": _SOURCES,
}
SHEETS: Final[Mapping[str, str]] = {
    "ties": "ties tie liens lien relations relation connexions connections collaborations",
    "actors": "actors actor acteurs acteur elements",
    "layers": "layers layer couches couche",
    "provision": "provision reponse reponses services qui_fait_quoi",
    "observation": "observation observations enquete enquetes repondants",
    "sources": "sources source preuves preuve",
}


def name_columns(frame: pd.DataFrame, table: str, problems: list[str], *, where: str) -> pd.DataFrame:
    """Give a table the column names of its contract; two headers that mean the same are a problem.

    Parameters
    ----------
    frame : DataFrame
        With the headers found.
    table : str
        Name of the table, such as ``"ties"``.
    problems : list of str
        Receives one sentence per pair of headers that mean the same column.
    where : str
        What messages call the table.

    Returns
    -------
    DataFrame
        Renamed; a header that means nothing here stays as it is.
    """
    frame = with_text_headers(frame, problems, where=where)
    headers = list(frame.columns)
    found: dict[str, list[str]] = {}
    for header in headers:
        column = _MEANINGS[table].get(plain_key(header))
        if column:
            found.setdefault(column, []).append(header)
    for column, same in found.items():
        if len(same) > 1:
            problems.append(
                f"{where}: the columns {enumerate_values(same)} all mean {column!r}. Keep one, or rename the others."
            )
    renamed = {same[0]: column for column, same in found.items() if len(same) == 1}
    frame = frame.rename(columns=renamed)
    if table == "actors" and "actor" not in frame.columns and "name" in frame.columns:
        frame.insert(0, "actor", frame["name"])
    missing = [column.name for column in TABLES[table].columns if column.required and column.name not in found]
    problems.extend(
        f"{where}: no column says {column!r}. {_advice(column, table, headers)}"
        for column in missing
        if column not in frame.columns
    )
    return frame


def looks_like(headers: Iterable[object], table: str) -> bool:
    """Tell whether headers name every column that a table needs."""
    meant = {_MEANINGS[table].get(plain_key(str(header))) for header in headers}
    return meant >= {column.name for column in TABLES[table].columns if column.required}


def _advice(column: str, table: str, headers: list[str]) -> str:
    """Say which header of the file looks like a column, which ones it has, and which would be understood."""
    known = {_MEANINGS[table].get(plain_key(header)) for header in headers}
    if table == "ties" and not known & {"source", "target"} and looks_like(headers, "actors"):
        return "It looks like a table of actors: give it as the actors of a table of ties."
    words = [word.replace("_", " ") for word in _HEADERS[table][column].split()]
    free = [header for header in headers if plain_key(header) not in _MEANINGS[table]]
    near = next((header for header in free if nearest(header, [column, *words], cutoff=0.75)), None)
    hint = f"Is it {near!r}? " if near else ""
    accepted = enumerate_values([column, *words], shown=4)
    return f"{hint}The headers are {enumerate_values(headers, shown=12)}. Name the column with one of {accepted}."


def with_text_headers(frame: pd.DataFrame, problems: list[str], *, where: str) -> pd.DataFrame:
    """Return a table whose headers are texts that stand once; the others are a problem."""
    frame = frame.set_axis(list(map(str, frame.columns)), axis=1)
    again = frame.columns.duplicated()
    if again.any():
        twice = enumerate_values(frame.columns[again].unique())
        problems.append(f"{where}: columns named {twice} stand more than once. Rename them.")
    return frame.loc[:, ~again]


def names_the_same(header: str, table: str, column: str) -> bool:
    """Tell whether a header means a column of a table."""
    return _MEANINGS[table].get(plain_key(header)) == column


def table_of_sheet(sheet: str) -> str | None:
    """Return the table that a sheet of a workbook holds by its name, if any."""
    return _TABLES.get(plain_key(sheet))


def _inverse(words: Mapping[str, str]) -> dict[str, str]:
    return {alias: name for name, aliases in words.items() for alias in (name, *aliases.split())}


_MEANINGS: Final = {table: _inverse(columns) for table, columns in _HEADERS.items()}
_TABLES: Final = _inverse(SHEETS)
