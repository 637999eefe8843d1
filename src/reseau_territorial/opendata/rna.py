"""The national register of associations (RNA) as a register to join to, streamed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from reseau_territorial.opendata._engine import lookup
from reseau_territorial.opendata._enrich import complete, present_columns
from reseau_territorial.opendata._reading import Reading, ReadingLog
from reseau_territorial.opendata.identifiers import clean_insee

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["join_rna"]

_COLUMNS: Final = {
    "name": "titre",
    "purpose": "objet",
    "purpose_code": "objet_social1",
    "grouping": "groupement",
    "state": "position",
    "created": "date_creat",
    "dissolved": "date_disso",
}
"""Column of the actors -> column of the RNA; telephones, e-mails and titles of persons are never read."""
_PLACE: Final = "adrs_codeinsee"
_EMPTY: Final = {"_": None, "0001-01-01": None, "000000": None, "": None}
_ENDED: Final = ("D", "S")
_LOCAL_LAW: Final = ("57", "67", "68")


def join_rna(net: Network, associations: str | Path, *, progress: bool = True) -> Reading:
    r"""Complete the associations of a network with what the RNA says of their number, or of their SIRET.

    Parameters
    ----------
    net : Network
        Actors with an ``rna`` number, or a ``siret``.
    associations : str or Path
        File of the register (``waldec`` or ``import``), CSV or Parquet, whole or an extract.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    Reading
        The network with ``purpose``, ``purpose_code``, ``grouping`` (S simple, U union, F federation), ``state``
        (A active, D dissolved, S deleted), ``created``, ``dissolved`` and the commune (``territory``); an actor
        found is an association. The report tells the numbers that are not there and the associations that ended.

    Raises
    ------
    TableError
        The file is missing or cannot be read.
    UnknownNameError
        The file has not the columns of the register.

    Notes
    -----
    The dates 0001-01-01 and the marks ``_`` of the register mean nothing known. Associations of
    Alsace-Moselle are under local law and are not in the register: they are told apart.

    Examples
    --------
    >>> import tempfile
    >>> from reseau_territorial import Network
    >>> path = Path(tempfile.mkdtemp()) / "rna_waldec.csv"
    >>> _ = path.write_text('id;siret;titre;adrs_codeinsee;position\nW372000001;"";CLUB;37261;A\n')
    >>> net = Network(actors=pd.DataFrame({"actor": ["club"], "rna": ["W372000001"]}))
    >>> join_rna(net, path, progress=False).network.actors.loc["club", ["name", "kind", "territory"]].tolist()
    ['CLUB', 'association', '37261']
    """
    log = ReadingLog()
    file = Path(associations).name
    actors = net.actors
    columns = present_columns(associations, needed=["id", "titre"], wanted=["siret", *_COLUMNS.values(), _PLACE])
    columns = list(dict.fromkeys(column for column in columns if column != "id"))
    by_number = _found(associations, "id", actors["rna"].dropna(), columns, progress=progress)
    found = by_number
    if "siret" in actors and "siret" in columns:
        rest = actors["siret"].dropna()
        rest = rest[~rest.index.isin(by_number.index)]
        found = pd.concat([by_number, _found(associations, "siret", rest, ["id", *columns], progress=progress)])
    log.opened(file, form=Path(associations).suffix.lstrip("."), rows=len(found))
    _tell(actors, found, file, log)
    codes = clean_insee(found[_PLACE]) if _PLACE in found else None
    if codes is not None:
        found["commune"] = codes["value"].where(codes["status"].isin(("valid", "repaired")))
    enriched = complete(actors, found, {**_COLUMNS, "rna": "id", "territory": "commune"})
    known = enriched.index.isin(found.index) & enriched["kind"].isna()
    enriched.loc[known, ["kind", "sector", "rule"]] = ["association", "civil", "RNA"]
    return Reading(net.replace(actors=enriched), log.report())


def _found(path: str | Path, key: str, values: pd.Series, columns: list[str], *, progress: bool) -> pd.DataFrame:
    """Return what the register says of each actor, on the actors that are there."""
    if values.empty:
        return pd.DataFrame(columns=columns, dtype="str")
    others = [column for column in columns if column != key]
    rows = lookup(path, key=key, values=values, columns=others, progress=progress)
    rows = rows.drop_duplicates(key).set_index(key).replace(_EMPTY)
    there = values[values.isin(rows.index)]
    return rows.reindex(there).set_axis(there.index)


def _tell(actors: pd.DataFrame, found: pd.DataFrame, file: str, log: ReadingLog) -> None:
    absent = actors["rna"].dropna()
    absent = absent[~absent.index.isin(found.index)]
    local_law = actors["territory"].reindex(absent.index).fillna("").str[:2].isin(_LOCAL_LAW)
    log.add_rows("noted", "not_in_register", file=file, column="id", raw=absent[~local_law])
    log.add_rows("noted", "local_law", file=file, column="id", raw=absent[local_law])
    if _COLUMNS["state"] in found:
        ended = found[found[_COLUMNS["state"]].isin(_ENDED)]
        log.add_rows("noted", "ceased", file=file, column="position", raw=ended[_COLUMNS["name"]])
