"""SIRENE as a register to join to: streamed, so that a file of 35 million rows needs no memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from reseau_territorial.opendata._engine import lookup
from reseau_territorial.opendata._enrich import complete, mask_actors, present_columns
from reseau_territorial.opendata._parties import Persons, check_persons
from reseau_territorial.opendata._reading import Reading, ReadingLog
from reseau_territorial.opendata.identifiers import clean_insee

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["join_sirene"]

_UNIT: Final = {
    "name": "denominationUniteLegale",
    "legal_category": "categorieJuridiqueUniteLegale",
    "ess": "economieSocialeSolidaireUniteLegale",
    "activity": "activitePrincipaleUniteLegale",
    "workforce": "trancheEffectifsUniteLegale",
    "size": "categorieEntreprise",
    "rna": "identifiantAssociationUniteLegale",
    "created": "dateCreationUniteLegale",
    "state": "etatAdministratifUniteLegale",
}
"""Column of the actors -> column of SIRENE; names and first names of persons are never read."""
_NEEDED: Final = ("categorieJuridiqueUniteLegale",)
_DIFFUSION: Final = "statutDiffusionUniteLegale"
_PLACE: Final = {"commune": "codeCommuneEtablissement"}
_CEASED: Final = "C"
_NOT_DIFFUSED: Final = "[ND]"


def join_sirene(
    net: Network,
    units: str | Path,
    *,
    establishments: str | Path | None = None,
    persons: Persons = "mask",
    progress: bool = True,
) -> Reading:
    r"""Complete the actors of a network with what SIRENE says of their SIREN.

    Parameters
    ----------
    net : Network
        Actors with a ``siren``.
    units : str or Path
        The stock of legal units, Parquet or CSV (plain or ``.gz``), whole or an extract.
    establishments : str or Path, optional
        The stock of establishments: the commune of the head office is then added (``territory``).
    persons : {"mask", "keep"}
        Whether sole traders (legal category 1000) and units whose diffusion is partial are masked:
        name, SIREN and place are then replaced by a number.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    Reading
        The network with ``legal_category``, ``activity`` (NAF), ``ess``, ``workforce``, ``size``, ``created``,
        ``state`` and with kind, sector, tier and rule where they were unknown; the report tells the
        SIREN that are not there and the units that ceased.

    Raises
    ------
    TableError
        A file is missing or cannot be read.
    UnknownNameError
        The file has not the columns of SIRENE.

    Notes
    -----
    Memory holds the actors and the rows found, never the register: DuckDB streams the columns that are needed, within
    one gigabyte.

    Examples
    --------
    >>> import tempfile
    >>> from reseau_territorial import Network
    >>> path = Path(tempfile.mkdtemp()) / "StockUniteLegale.csv"
    >>> _ = path.write_text("siren,denominationUniteLegale,categorieJuridiqueUniteLegale\n"
    ...     "244500468,TOURS METROPOLE,7344\n")
    >>> net = Network(actors=pd.DataFrame({"actor": ["tm"], "siren": ["244500468"]}))
    >>> join_sirene(net, path, progress=False).network.actors.loc["tm", ["kind", "tier"]].tolist()
    ['epci', 'intercommunal']
    """
    from reseau_territorial.opendata.kinds import assign_kinds

    check_persons(persons)
    log = ReadingLog()
    actors = net.actors
    sirens = actors["siren"].dropna()
    columns = present_columns(units, needed=_NEEDED, wanted=[*_UNIT.values(), _DIFFUSION])
    rows = _look_up(units, sirens, list(dict.fromkeys(columns)), progress=progress)
    file = Path(units).name
    log.opened(file, form=Path(units).suffix.lstrip("."), rows=len(rows))
    _tell(sirens, rows, file, log)
    found = rows.reindex(sirens).set_axis(sirens.index)
    found = found.replace(_NOT_DIFFUSED, None)
    enriched = complete(actors, found, {name: column for name, column in _UNIT.items() if column in rows})
    if establishments is not None:
        enriched = _placed(enriched, sirens, establishments, progress=progress)
    joined = assign_kinds(net.replace(actors=enriched))
    if persons == "mask":
        hidden = _persons(found)
        log.add_rows(
            "masked",
            "natural_person",
            file=file,
            raw=pd.Series("", index=pd.RangeIndex(1, len(hidden) + 1), dtype="str"),
        )
        joined = mask_actors(joined, hidden)
    return Reading(joined, log.report())


def _look_up(path: str | Path, sirens: pd.Series, columns: list[str], *, progress: bool) -> pd.DataFrame:
    """Return one row per SIREN found; a register that stores it as a number has lost its leading zeros."""
    asked = set(sirens) | {siren.lstrip("0") for siren in sirens}
    rows = lookup(path, key="siren", values=asked, columns=columns, progress=progress)
    rows["siren"] = rows["siren"].str.zfill(9)
    return rows.drop_duplicates("siren").set_index("siren")


def _tell(sirens: pd.Series, rows: pd.DataFrame, file: str, log: ReadingLog) -> None:
    absent = sirens[~sirens.isin(rows.index)]
    log.add_rows("noted", "not_in_register", file=file, column="siren", raw=absent)
    if _UNIT["state"] in rows:
        ceased = sirens[sirens.map(rows[_UNIT["state"]]) == _CEASED]
        log.add_rows("noted", "ceased", file=file, column=_UNIT["state"], raw=ceased)


def _placed(actors: pd.DataFrame, sirens: pd.Series, path: str | Path, *, progress: bool) -> pd.DataFrame:
    columns = present_columns(path, needed=["etablissementSiege", _PLACE["commune"]], wanted=[])
    head_office = "lower(CAST(\"etablissementSiege\" AS VARCHAR)) IN ('true', '1', 'oui')"
    asked = set(sirens) | {siren.lstrip("0") for siren in sirens}
    rows = lookup(path, key="siren", values=asked, columns=columns, where=head_office, progress=progress)
    rows["siren"] = rows["siren"].str.zfill(9)
    communes = rows.drop_duplicates("siren").set_index("siren")[_PLACE["commune"]]
    cleaned = clean_insee(communes)
    usable = cleaned["value"].where(cleaned["status"].isin(("valid", "repaired")))
    found = pd.DataFrame({"commune": sirens.map(usable)})
    return complete(actors, found, {"territory": "commune"})


def _persons(found: pd.DataFrame) -> list[str]:
    category = found["categorieJuridiqueUniteLegale"].fillna("")
    hidden = category.str.startswith("1")
    if _DIFFUSION in found:
        hidden |= found[_DIFFUSION].fillna("O") == "P"
    return [str(actor) for actor in found.index[hidden]]
