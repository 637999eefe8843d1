"""Build the bundled extract data/samples/argent_public from the open-data files.

    python tools/build_argent_public.py path/to/data

The folder holds the files as they were downloaded: see the SOURCE.md of the extract for their origin.
Rows of Maine-et-Loire are copied as they are written; contracts one of whose holders may be a sole
trader are left out.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from pathlib import Path

import openpyxl

from reseau_territorial.opendata._parties import looks_like_a_person

TARGET = Path(__file__).parents[1] / "data/samples/argent_public"
DEPARTEMENT = "49"
YEARS = (2020, 2021, 2022)
# Firms that bear the first name and the name of a person, or nothing else: left out, whatever their form.
PERSONAL_NAMES = (
    "BRUNO FOUCAL",
    "MICHEL BOISSINOT",
    "NORBERT PAILLAT",
    "JUGE CAMILLE",
    "FRAY (GERALDINE FRAY)",
    "ACEGIR (HAUDEBAULT)",
)


def write(name: str, rows: list[list[str]], *, separator: str = ",", encoding: str = "utf-8") -> None:
    """Write rows as the file they come from is written."""
    with (TARGET / name).open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=separator, lineterminator="\n").writerows(rows)


def contracts(data: Path) -> list[list[str]]:
    """Return the header and the contracts of buyers of the département, without possible sole traders."""
    path = data / "decp/2024-format-tabulaire/decp-2024H2-travaux-cpv4521.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    place = {name: header.index(name) for name in ("uid", "titulaire_nom", "acheteur_departement_code")}
    here = [row for row in rows if row[place["acheteur_departement_code"]] == DEPARTEMENT]
    names = place["titulaire_nom"]
    hidden = {row[place["uid"]] for row in here if row[names] in PERSONAL_NAMES or looks_like_a_person(row[names])}
    return [header, *(row for row in here if row[place["uid"]] not in hidden)]


def perimeter(data: Path) -> list[list[str]]:
    """Return the header and the members of the EPCI of the département."""
    with gzip.open(data / "banatic/perimetre-epci-a-fp-2025.csv.gz", "rt", encoding="cp1252", newline="") as stream:
        header, *rows = csv.reader(stream, delimiter=";")
    place = header.index("dep_com")
    return [header, *(row for row in rows if row[place] == DEPARTEMENT)]


def projects(data: Path) -> list[list[str]]:
    """Return the header and the projects of the département."""
    folder = data / "subventions/etat-dotations-investissement-2019"
    book = openpyxl.load_workbook(folder / "projets_dotations_investissement_2019.xlsx", read_only=True)
    header, *rows = book["Projets_dotations_investissement_2019"].iter_rows(values_only=True)
    place = header.index("id_dep")
    kept = [header, *(row for row in rows if row[place] == DEPARTEMENT)]
    return [["" if cell is None else str(cell) for cell in row] for row in kept]


def posts(path: Path) -> list[dict[str, object]]:
    """Return the posts of the département."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [record for record in json.load(stream) if record.get("insee_dep") == DEPARTEMENT]


def main(data: Path) -> None:
    """Write the extract."""
    TARGET.mkdir(parents=True, exist_ok=True)
    grants = data / "subventions/49-maine-et-loire/conventions-de-subventions.csv"
    (TARGET / "conventions-de-subventions-49.csv").write_bytes(grants.read_bytes())
    write("decp-2024H2-travaux-49.csv", contracts(data))
    write("perimetre-epci-a-fp-2025-49.csv", perimeter(data), separator=";", encoding="cp1252")
    write("projets-dotations-investissement-2019-49.csv", projects(data))
    for scheme, folder in (("adulte-relais", "etat-adulte-relais"), ("postes-fonjep", "etat-postes-fonjep")):
        for year in YEARS:
            records = posts(data / f"subventions/{folder}/{scheme}-{year}.json.gz")
            text = json.dumps(records, ensure_ascii=False, indent=1)
            (TARGET / f"{scheme}-{year}-49.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
