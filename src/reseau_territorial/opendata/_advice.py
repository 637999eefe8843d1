"""Which reader reads which files: said by every reader of a file that is not for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from reseau_territorial.errors import TableError, enumerate_values
from reseau_territorial.opendata._headers import Vocabulary, find_header, names_of
from reseau_territorial.opendata._layouts import Layout
from reseau_territorial.opendata._sheets import Sheet

__all__ = ["advice", "not_for_this_reader", "reader_of"]

_READS: Final = {
    "read_cog": "communes and EPCI",
    "read_banatic": "groupings, their members and competences",
    "read_transfers": "transfers of competences",
    "read_grants": "grants",
    "read_contracts": "public contracts",
    "read_state_grants": "projects and posts paid by the State",
    "read_france_services": "France services",
    "read_programmes": "programmes of the ANCT",
    "read_directory": "the directory of the administration",
    "join_sirene": "SIRENE",
    "join_rna": "the RNA",
    "to_vintage": "movements of communes, as successions=",
    "read_tables": "any table of ties, with 'source' and 'target'",
}
_REGISTERS: Final = (
    ("join_sirene", Layout("units", {"unit": ("statutDiffusionUniteLegale", "denominationUniteLegale")}, ("unit",))),
    ("join_sirene", Layout("places", {"place": ("codeCommuneEtablissement", "etablissementSiege")}, ("place",))),
    ("join_rna", Layout("rna", {"id": (), "title": ("titre",), "commune": ("adrs_codeinsee",)}, ("id", "title"))),
    ("read_tables", Layout("ties", {"source": (), "target": ()}, ("source", "target"))),
)


def not_for_this_reader(problem: str, sheets: Sequence[Sheet]) -> TableError:
    """Return the refusal of a file whose header is not known: its place, its columns, the reader that knows it."""
    place, names = names_of(sheets)
    there = enumerate_values(names, shown=20)
    return TableError([f"{place}: {problem}. Columns there: {there}. {advice(sheets)}"])


def advice(sheets: Sequence[Sheet]) -> str:
    """Return the sentence that names the reader of a file, or what each reader reads."""
    reader = reader_of(sheets)
    if reader is not None:
        return f"This is a file for {reader}(): {_READS[reader]}"
    return f"No reader knows this; they read: {'; '.join(f'{reader}(): {what}' for reader, what in _READS.items())}"


def reader_of(sheets: Sequence[Sheet]) -> str | None:
    """Return the reader of a file, None when no reader knows it."""
    return next((reader for reader, knows in _known() if any(knows(sheet) for sheet in sheets)), None)


def _known() -> Iterator[tuple[str, Callable[[Sheet], bool]]]:
    """Yield each reader and how it knows its files, those of the most telling headers first."""
    from reseau_territorial.opendata import (
        _banatic_files,
        _decp_table,
        _grant_columns,
        _territory_files,
        directory,
        france_services,
        programmes,
        state_grants,
    )

    transfers, *groupings = _banatic_files.LAYOUTS
    all_known: tuple[tuple[str, Vocabulary | Layout], ...] = (
        *_REGISTERS,
        ("read_cog", _territory_files.API),
        ("to_vintage", _territory_files.MOVEMENTS),
        ("read_contracts", _decp_table.CONTRACTS),
        ("read_state_grants", state_grants.PROGRAMMES),
        ("read_france_services", france_services.DESKS),
        *(("read_programmes", vocabulary) for vocabulary in programmes.VOCABULARIES),
        ("read_directory", directory.DIRECTORY),
        ("read_transfers", transfers),
        ("read_grants", _grant_columns.GRANTS),  # a list of subsidised communes has codes and SIREN too
        *(("read_cog", layout) for layout in _territory_files.LAYOUTS),
        *(("read_banatic", layout) for layout in groupings),
    )
    for reader, looked_for in all_known:
        yield reader, _fits(looked_for)


def _fits(looked_for: Vocabulary | Layout) -> Callable[[Sheet], bool]:
    if isinstance(looked_for, Vocabulary):
        return lambda sheet: find_header(sheet, looked_for) is not None
    return lambda sheet: any(looked_for.fits(map(str, row.cells)) for row in sheet.top)
