"""Workbooks of several sheets and archives of several files: every reader can be told which, or takes them all."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from test_families import FAMILIES, Family

from reseau_territorial import TableError
from reseau_territorial.opendata import read_banatic, read_cog, read_contracts, read_france_services, read_transfers
from reseau_territorial.opendata.grants import read_grants

ONE_SHEET = [name for name, one in FAMILIES.items() if one.read is not read_grants]


def book(path: Path, **sheets: list[list[str]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, lines in sheets.items():
        sheet = workbook.create_sheet(name)
        for line in lines:
            sheet.append([cell or None for cell in line])
    workbook.save(path)
    return path


def text(lines: list[list[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows(lines)
    return stream.getvalue()


def ties(network) -> pd.DataFrame:
    held = network.ties
    return held[[name for name in ("source", "target", "layer", "period", "weight") if name in held]]


@pytest.mark.parametrize("name", ONE_SHEET)
def test_a_sheet_is_chosen_and_the_refusal_names_them_all(tmp_path, name):
    one: Family = FAMILIES[name]
    alone = book(tmp_path / Path(one.file).with_suffix(".xlsx").name, Feuil1=one.lines)
    expected = one.read(alone).network
    both = book(alone, Extrait=one.lines[:2], Complet=one.lines)
    with pytest.raises(TableError) as caught:
        one.read(both)
    assert f"{both.name}: several sheets have the columns looked for ('Extrait', 'Complet')" in str(caught.value)
    assert "choose one, sheet='Complet', or save it as a workbook of its own" in str(caught.value)
    assert ties(one.read(both, sheet="Complet").network).equals(ties(expected))
    assert len(one.read(both, sheet="Extrait").network.actors) < len(expected.actors)
    with pytest.raises(TableError, match=r"no sheet named 'Complt'. Did you mean 'Complet'\? Its sheets: 'Extrait'"):
        one.read(both, sheet="Complt")


@pytest.mark.parametrize("name", [name for name in ONE_SHEET if FAMILIES[name].read is not read_transfers])
def test_each_table_of_an_archive_is_read(tmp_path, name):
    one: Family = FAMILIES[name]
    header, first, *rest = one.lines
    names = [one.file.replace(".csv", f"-{part}.csv") for part in "ab"]
    for file, lines in zip(names, ([first], rest), strict=True):
        (tmp_path / file).write_text(text([header, *lines]), encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "tout.zip", "w") as packed:
        for file in names:
            packed.write(tmp_path / file, file)
        packed.writestr("lisez-moi.txt", "Licence Ouverte")
    expected = one.read([tmp_path / file for file in names]).network
    assert ties(one.read(tmp_path / "tout.zip").network).equals(ties(expected))
    alone = one.read(tmp_path / "tout.zip" / names[0]).network
    assert ties(alone).equals(ties(one.read(tmp_path / names[0]).network))


def test_an_archive_of_transfers_is_a_file_per_competence(tmp_path):
    one = FAMILIES["transfers"]
    with zipfile.ZipFile(tmp_path / "transferts.zip", "w") as packed:
        for file in ("eau.csv", "dechets.csv"):
            packed.writestr(file, text(one.lines))
    net, _ = read_transfers(tmp_path / "transferts.zip", vintage=2024)
    assert set(net.provision["need"]) == {"eau", "dechets"}


@pytest.mark.slow
def test_an_archive_is_read_as_the_folder_that_it_holds(shared, tmp_path):
    folder = shared / "cog-epci" / "2026"
    with zipfile.ZipFile(tmp_path / "cog-2026.zip", "w") as packed:
        for file in sorted(folder.iterdir()):
            packed.write(file, f"2026/{file.name}")
        packed.writestr("2026/lisez-moi.csv", "colonne;autre\n1;2\n")  # a folder may hold another table too
    expected, found = read_cog(folder).network, read_cog(tmp_path / "cog-2026.zip").network
    assert ties(found).equals(ties(expected))
    assert found.actors.equals(expected.actors)


@pytest.mark.parametrize("year", [2015, 2016])
def test_a_workbook_of_contracts_with_its_problems_in_another_sheet(shared, year):
    """The sheet that is chosen gives the contracts of the CSV that the producer made of it."""
    path = shared / "decp" / "pays-de-mormal-2015-2017" / f"Marches_publics_{year}.xlsx"
    with pytest.raises(TableError, match=r"\('Problemes', 'Ajout_SIRET_geoloc'\); choose one, sheet='Ajout_SIRET"):
        read_contracts(path, buyer="CC du Pays de Mormal")
    options = {"buyer": "CC du Pays de Mormal", "buyer_id": "200043321"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the amounts of 2016 are ranges, all of them
        chosen = read_contracts(path, sheet="Ajout_SIRET_geoloc", **options)
        exported = read_contracts(path.with_name(f"{path.stem} - Ajout_SIRET_geoloc.csv"), **options)
    held = pd.read_excel(path, sheet_name="Ajout_SIRET_geoloc", dtype="str", engine="openpyxl").dropna(how="all")
    subcontractors = held.iloc[:, 10].str.casefold().str.contains("sous-traitant").sum()
    assert len(chosen.network.ties) == len(held) - subcontractors
    assert set(chosen.network.ties["target"]) == set(exported.network.ties["target"])


def test_a_sheet_of_the_files_that_are_no_workbook_says_nothing(tmp_path):
    one = FAMILIES["France services"]
    path = tmp_path / one.file
    path.write_text(text(one.lines), encoding="utf-8")
    assert len(read_france_services(path, sheet="Feuil1").network.actors) == len(
        read_france_services(path).network.actors
    )


def test_the_choice_holds_for_each_workbook(tmp_path):
    one = FAMILIES["BANATIC, old"]
    path = book(tmp_path / "banatic-2021.xlsx", Autre=[["a", "b"]], Données=one.lines)
    other = book(tmp_path / "banatic-2021-bis.xlsx", Données=one.lines)
    assert len(read_banatic([path, other], sheet="Données").network.ties) == len(read_banatic(path).network.ties)
