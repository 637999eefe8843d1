"""A small clean table of each family of files, dirtied: the same network, or a refusal that is told; no wrong number.

What can be undone must be undone: the network is that of the clean file. What loses something must add no
tie, and tell the rows by file and line.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest

from reseau_territorial import TableError
from reseau_territorial.opendata.banatic import read_banatic, read_transfers
from reseau_territorial.opendata.cog import read_cog
from reseau_territorial.opendata.contracts import read_contracts
from reseau_territorial.opendata.directory import read_directory
from reseau_territorial.opendata.france_services import read_france_services
from reseau_territorial.opendata.grants import read_grants
from reseau_territorial.opendata.programmes import read_programmes
from reseau_territorial.opendata.state_grants import read_state_grants

Lines = list[list[str]]


@dataclass(frozen=True)
class Family:
    """A clean table, its reader, and the columns of each type by their names."""

    file: str
    read: Callable
    lines: Lines
    types: dict[str, str] = field(default_factory=dict)

    def places(self, *types: str) -> set[int]:
        return {self.lines[0].index(name) for one in types for name in self.types.get(one, "").split(";") if name}


def family(file: str, read: Callable, **types: str) -> Family:
    """Return a family from its clean table, whose cells are separated by bars."""
    text = (Path(__file__).parent / "families" / file).read_text(encoding="utf-8")
    return Family(file, read, [line.split("|") for line in text.splitlines()], types)


FAMILIES = {
    "grants v1": family(
        "subventions-v1-2021.csv",
        read_grants,
        siret="idAttribuant;idBeneficiaire",
        amount="montant",
        date="dateConvention",
    ),
    "grants v2": family(
        "subventions-v2-2021.csv",
        read_grants,
        siret="idAttribuant;idBeneficiaire",
        amount="montant",
        date="dateConvention",
    ),
    "contracts, consolidated": family(
        "decp-2024.csv", read_contracts, siret="acheteur_id;titulaire_id", amount="montant", date="dateNotification"
    ),
    "contracts, 2019": family(
        "decp-2019.csv", read_contracts, siret="acheteur.id;titulaires.id", amount="montant", date="dateNotification"
    ),
    "FONJEP": family("postes-fonjep-2021.csv", read_state_grants, amount="montant", departement="insee_dep"),
    "adulte-relais": family(
        "adulte-relais-2021.csv", read_state_grants, siret="code_tiers", amount="montant", departement="insee_dep"
    ),
    "dotations": family(
        "projets_dotations_2019.csv", read_state_grants, insee="id_terr", amount="montant_sub", departement="id_dep"
    ),
    "official code": family("v_commune_2024.csv", read_cog, insee="COM"),
    "members": family(
        "epci_membres-2024.csv", read_cog, insee="code_insee", siren="siren_epci;siren_commune", number="pmun_2024"
    ),
    "DGCL": family(
        "epcicom2024.csv",
        read_cog,
        insee="insee",
        siren="siren;siren_membre",
        number="ptot_2024;pmun_2024",
        departement="dept;dep_com",
    ),
    "BANATIC, old": family("banatic-2021.csv", read_banatic, siren="N° SIREN;Siren membre", number="Population"),
    "BANATIC, new": family("banatic-2025.csv", read_banatic, siren="N° SIREN;Siren membre", number="Population"),
    "transfers": family(
        "transferts-2024.csv",
        read_transfers,
        insee="Code Insee Commune",
        siren="Siren Groupement;Siren Groupement intermédiaire",
    ),
    "France services": family(
        "liste-fs-2024-08-01.csv",
        read_france_services,
        insee="insee_com",
        departement="insee_dep",
        coordinate="latitude;longitude",
    ),
    "programmes, wide": family("anct-2023.csv", read_programmes, insee="insee_com"),
    "programmes, lists": family("ti.csv", read_programmes),
    "programmes, zonings": family("zonages-2020.csv", read_programmes, insee="codgeo"),
    "directory": family("annuaire.csv", read_directory, insee="code_insee"),
}
CODES = ("siret", "siren", "insee", "departement")


# How files are written -------------------------------------------------------------------------------------


def as_csv(lines: Lines, separator: str = ";", encoding: str = "utf-8", quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=quoting).writerows(lines)
    return out.getvalue().encode(encoding, errors="replace")


def as_xlsx(lines: list[list[object]], change: Callable[[openpyxl.Workbook], object] = id) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Données"
    for line in lines:
        book.active.append([None if cell == "" else cell for cell in line])
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_ods(lines: Lines) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    names = "".join(f' xmlns:{name}="{space}{name}:1.0"' for name in ("office", "table", "text"))

    def cell(text: str) -> str:
        held = f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
        return held if text else "<table:table-cell/>"

    rows = "".join(f"<table:table-row>{''.join(map(cell, line))}</table:table-row>" for line in lines)
    table = f'<table:table table:name="A">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", f"<office:document-content{names}>{body}</office:document-content>")
    return out.getvalue()


def as_zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(one: Family, types: tuple[str, ...], change: Callable[[str], object]) -> list[list[object]]:
    places = one.places(*types)
    head, *rows = one.lines
    return [head, *([change(cell) if n in places and cell else cell for n, cell in enumerate(row)] for row in rows)]


def number(text: str) -> object:
    return int(text) if text.isdecimal() else float(text) if re.fullmatch(r"\d+\.\d+", text) else text


def numbers(one: Family) -> list[list[object]]:
    return changed(one, (*CODES, "amount", "number", "coordinate"), number)


def grouped(thousands: str, mark: str, sign: str = "") -> Callable[[str], str]:
    def write(text: str) -> str:
        whole, _, cents = text.partition(".")
        return f"{int(whole):,}".replace(",", thousands) + f"{mark}{cents.ljust(2, '0')}{sign}"

    return write


def twice(content: bytes) -> bytes:
    return content.decode("latin-1").encode()


def hidden(one: Family) -> Callable[[openpyxl.Workbook], object]:
    def add(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("Ancien")
        sheet.sheet_state = "hidden"
        for line in changed(one, ("amount",), lambda _: "7"):
            sheet.append(line)

    return add


def notice(book: openpyxl.Workbook) -> None:
    for line in (["Notice"], ["Ce fichier", "contient"]):
        (book["Notes"] if "Notes" in book.sheetnames else book.create_sheet("Notes")).append(line)


def beside(lines: Lines, place: int, column: list[str]) -> Lines:
    return [[*line[:place], cell, *line[place:]] for line, cell in zip(lines, column, strict=True)]


def filled(one: Family, cell: str) -> list[str]:
    return [cell] * len(one.lines)


def persons(one: Family) -> list[str]:
    return ["Nom du président", *(f"Zoé Zidane{n}" for n in range(1, len(one.lines)))]


Dirt = Callable[[Family], bytes]
TEXT: dict[str, Dirt] = {
    **{f"in {name}": lambda one, name=name: as_csv(one.lines, encoding=name)
       for name in ("cp1252", "utf-8-sig", "utf-16", "utf-16-le", "mac_roman")},
    "encoded twice": lambda one: twice(as_csv(one.lines)),
    **{f"cut by {name!r}": lambda one, name=name: as_csv(one.lines, name) for name in (",", "\t", "|")},
    "all quoted": lambda one: as_csv(one.lines, quoting=csv.QUOTE_ALL),
    "titles": lambda one: as_csv([["Fichier du département"], ["Source : X", "2021"], [], *one.lines]),
    "blank rows": lambda one: as_csv([row for line in one.lines for row in (line, [""] * len(line))]),
    "blank first column": lambda one: as_csv(beside(one.lines, 0, filled(one, ""))),
    "blank column": lambda one: as_csv(beside(one.lines, 2, filled(one, ""))),
    "blank last columns": lambda one: as_csv([[*line, "", ""] for line in one.lines]),
    "columns reversed": lambda one: as_csv([line[::-1] for line in one.lines]),
    "upper case": lambda one: as_csv([[name.upper() for name in one.lines[0]], *one.lines[1:]]),
    "spaces": lambda one: as_csv([[f"\u00a0{cell} " for cell in line] for line in one.lines]),
    "header again": lambda one: as_csv([*one.lines[:2], one.lines[0], *one.lines[2:]]),
    "NULL": lambda one: as_csv([[cell or "NULL" for cell in line] for line in one.lines]),
    "NA": lambda one: as_csv([[cell or "NA" for cell in line] for line in one.lines]),
    "persons": lambda one: as_csv(beside(one.lines, len(one.lines[0]), persons(one))),
    "note": lambda one: as_csv([*one.lines, [], ["Source : ministère, 2021"]]),
    **{f"amounts as {name}": lambda one, write=write: as_csv(changed(one, ("amount",), write)) for name, write in {
        "1 234,50": grouped(" ", ","), "1.234,50": grouped(".", ","), "1,234.50": grouped(",", "."),
        "no-break": grouped("\u00a0", ",", " €"), "narrow": grouped("\u202f", ",", "\u00a0€"),
        "apostrophes": grouped("'", "."), "euros": grouped("", ",", " euros"), "EUR": grouped(" ", ",", " EUR"),
    }.items()},
    "coordinates with commas": lambda one: as_csv(changed(one, ("coordinate",), lambda text: text.replace(".", ","))),
    "numbers with spaces": lambda one: as_csv(changed(one, ("number",), lambda text: f"{text[:-3]} {text[-3:]}")),
    **{f"codes as {name}": lambda one, write=write: as_csv(changed(one, CODES, write)) for name, write in {
        "numbers": lambda text: text.lstrip("0"),
        "floats": lambda text: f"{text.lstrip('0')}.0" if text.isdecimal() else text,
        "decimals": lambda text: f"{text.lstrip('0')},00" if text.isdecimal() else text,
        "apostrophe": lambda text: f"'{text}",
        "formula": lambda text: f'="{text}"',
        "lower case": str.lower,
    }.items()},
    **{f"dates as {name}": lambda one, write=write: as_csv(changed(one, ("date",), write)) for name, write in {
        "d/m/y": lambda text: "/".join(text.split("-")[::-1]),
        "stamps": lambda text: f"{text}T00:00:00+02:00",
        "days of Excel": lambda text: str((datetime.fromisoformat(text) - datetime(1899, 12, 30)).days),
    }.items()},
}  # fmt: skip
PACKED: dict[str, tuple[str, Dirt]] = {
    ".csv.gz": (".csv.gz", lambda one: gzip.compress(as_csv(one.lines))),
    "zip": (".zip", lambda one: as_zip(**{one.file: as_csv(one.lines)})),
    "zip of a Mac": (
        ".zip",
        lambda one: as_zip(**{one.file: as_csv(one.lines), f"__MACOSX/._{one.file}": b"\0\5", ".DS_Store": b"x"}),
    ),
    "zip with a notice": (
        ".zip",
        lambda one: as_zip(**{one.file: as_csv(one.lines), "LISEZMOI.pdf": b"%PDF", "lisezmoi.txt": b"Bonjour"}),
    ),
    "xlsx": (".xlsx", lambda one: as_xlsx(one.lines)),
    "xlsx of numbers": (".xlsx", lambda one: as_xlsx([["Titre"], [], ["Sous-titre", "x"], *numbers(one)])),
    "xlsx with a notice": (".xlsx", lambda one: as_xlsx(one.lines, notice)),
    "xlsx of dates": (".xlsx", lambda one: as_xlsx(changed(one, ("date",), datetime.fromisoformat))),
    "xlsx with a hidden sheet": (".xlsx", lambda one: as_xlsx(one.lines, hidden(one))),
    "xlsx named .csv": (".csv", lambda one: as_xlsx(one.lines)),
    "text named .xls": (".xls", lambda one: as_csv(one.lines, "\t", "cp1252")),
    "ods": (".ods", lambda one: as_ods(one.lines)),
}


def row_changed(one: Family, row: int, change: Callable[[list[str]], list[str]]) -> bytes:
    return as_csv([change(line) if n == row else line for n, line in enumerate(one.lines)])


def cut_by_commas(one: Family, write: Callable[[str], str]) -> bytes:
    bare = [[cell.replace(",", "") for cell in line] for line in one.lines]
    lines = changed(Family(one.file, one.read, bare, one.types), ("amount", "coordinate"), write)
    return "\n".join(",".join(map(str, line)) for line in lines).encode()


LOSSY: dict[str, Dirt] = {
    "a cell lost": lambda one: row_changed(one, 2, lambda line: [line[0], *line[2:]]),
    "cells moved left": lambda one: row_changed(one, 2, lambda line: [line[0], *line[2:], ""]),
    "a cell too many": lambda one: row_changed(one, 2, lambda line: [line[0], "décalé", *line[1:]]),
    "only a header": lambda one: as_csv(one.lines[:1]),
    **{f"error {text}": lambda one, text=text: as_csv([
        [text if n == 1 and place in one.places("amount", "insee") else cell for place, cell in enumerate(line)]
        for n, line in enumerate(one.lines)
    ]) for text in ("#N/A", "#REF!", "#VALEUR!")},
    "amounts and identifiers exchanged": lambda one: as_csv([exchanged(one), *one.lines[1:]]),
    **{f"commas not quoted, {name}": lambda one, write=write: cut_by_commas(one, write) for name, write in {
        "1234,50": lambda text: text.replace(".", ","), "1,234.50": grouped(",", "."), "1.234,50": grouped(".", ","),
        "50 EUR": grouped(" ", ",", " EUR"), "50 €": grouped("\u202f", ",", " €"),
    }.items()},
}  # fmt: skip


def exchanged(one: Family) -> list[str]:
    """Return the header with the names of an identifier and of an amount, or of two SIREN, exchanged."""
    names = list(one.lines[0])
    ids, others = sorted(one.places("siret", "siren")), sorted(one.places("amount", "siren"))
    if ids and others:
        names[ids[0]], names[others[-1]] = names[others[-1]], names[ids[0]]
    return names


# The judge -------------------------------------------------------------------------------------------------


def ties_of(reading) -> Counter:
    ties = reading.network.ties
    cells = ties[["source", "target", "layer", "period", "weight"]].to_numpy().tolist()
    return Counter(tuple(str(round(cell, 2) if isinstance(cell, float) else cell) for cell in row) for row in cells)


def actors_of(reading) -> set:
    actors = reading.network.actors.reindex(columns=["siren", "insee", "kind", "longitude", "latitude"])
    return set(actors.reset_index().astype("str").itertuples(index=False, name=None))


def provision_of(reading) -> set:
    held = reading.network.provision.reindex(columns=["actor", "need", "territory"])
    return set(held.astype("str").itertuples(index=False, name=None))


def read(one: Family, folder: Path, content: bytes, suffix: str = ".csv"):
    path = folder / one.file.replace(".csv", suffix)
    path.write_bytes(content)
    return one.read(path)


def undone(one: Family, folder: Path, names: list[str]) -> None:
    clean = read(one, folder, as_csv(one.lines))
    for name in names:
        suffix, make = PACKED[name] if name in PACKED else (".csv", TEXT[name])
        found = read(one, folder, make(one), suffix)
        assert ties_of(found) == ties_of(clean), name
        assert actors_of(found) == actors_of(clean), name
        assert provision_of(found) == provision_of(clean), name
        assert "Zidane" not in repr(found.network.actors.to_dict()), name


def told(one: Family, folder: Path, names: list[str]) -> None:
    clean = read(one, folder, as_csv(one.lines))
    for name in names:
        found, refusal = None, ""
        try:
            found = read(one, folder, LOSSY[name](one))
        except TableError as error:
            refusal = str(error)
        if found is None:
            assert refusal.startswith(one.file), (name, refusal)
            continue
        # A contract whose amount is not known stays, with a weight of 0.
        wrong = {tie for tie in ties_of(found) - ties_of(clean) if tie[-1] != "0.0"}
        assert not wrong, (name, wrong)
        lost, report = actors_of(clean) - actors_of(found), found.report
        assert not lost or report.findings["action"].eq("refused").any() or not report.files["rows"].any(), (name, lost)


@pytest.mark.parametrize("name", FAMILIES)
def test_some_dirt_is_undone(tmp_path, name):
    names = sorted([*TEXT, *PACKED])
    undone(FAMILIES[name], tmp_path, random.Random(name).sample(names, 5))


@pytest.mark.parametrize("name", FAMILIES)
def test_some_losses_are_told(tmp_path, name):
    told(FAMILIES[name], tmp_path, random.Random(name).sample(sorted(LOSSY), 3))


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_all_dirt_is_undone(tmp_path, name):
    undone(FAMILIES[name], tmp_path, [*TEXT, *PACKED])


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_all_losses_are_told(tmp_path, name):
    told(FAMILIES[name], tmp_path, list(LOSSY))


@pytest.mark.parametrize("name", FAMILIES)
def test_a_header_without_a_row_is_refused_and_beside_other_files_it_is_told(name, tmp_path):
    one = FAMILIES[name]
    lines = [";".join(cells) for cells in one.lines]
    alone = tmp_path / f"vide-{one.file}"
    alone.write_text(lines[0] + "\n", encoding="utf-8")
    with pytest.raises(TableError, match=rf"^{re.escape(alone.name)}, line 1: the header has no row below it"):
        one.read(alone)
    full = tmp_path / one.file
    full.write_text("\n".join(lines) + "\n", encoding="utf-8")
    both = one.read([full, alone])
    assert len(both.network.ties) == len(one.read(full).network.ties)
    assert both.report.findings.query("reason == 'no_row'")[["file", "line"]].to_numpy().tolist() == [[alone.name, 1]]
