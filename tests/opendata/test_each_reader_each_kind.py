"""Each reader of open data given a file of every other kind: a refusal that names what the file is and its reader."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from test_families import FAMILIES

from reseau_territorial import TableError, opendata
from reseau_territorial.opendata import Reading

READERS = [name for name in dir(opendata) if name.startswith("read_")]
READ_BY_TWO = {("DGCL", "read_banatic")}
"""The composition of the EPCI: both readers know this table."""

REAL = {
    "cog-epci/2023/com_epci_dep_reg.csv.gz": "read_cog",
    "cog-epci/2026/communes.json.gz": "read_cog",
    "cog-epci/2026/epci.json.gz": "read_cog",
    "cog-epci/2026/regions.json": "read_cog",
    "banatic/groupements-2021.csv": "read_banatic",
    "banatic/composition-communale-syndicats-2021.csv.gz": "read_banatic",
    "banatic/transferts-extrait-mixed.tsv": "read_transfers",
    "subventions/scdl-schema/exemple_valide.csv": "read_grants",
    "subventions/72-sarthe/subvention_progos_2018.xls": "read_grants",
    "subventions/codah-le-havre/OD.SUBVENTION_CONVENTION_CODAH.json": "read_grants",
    "decp/2019-format-json/data.gouv.fr-pes-2019-04-05.json.gz": "read_contracts",
    "decp/schema/v2022/marches_concessions.json": "read_contracts",
    "decp/schema/v2022/Marche.xml": "read_contracts",
    "decp/schema/tabulaire/exemple-valide.csv": "read_contracts",
    "subventions/etat-postes-fonjep/postes-fonjep-2020.json.gz": "read_state_grants",
    "subventions/etat-dotations-investissement-2019/projets_dotations_investissement_2019.xlsx": "read_state_grants",
    "conseillers-numeriques/cnfs-2022.json.gz": "read_state_grants",
    "france-services/liste-fs-2024-08-01.csv.gz": "read_france_services",
    "france-services/france_services-2020-02-06.geojson.gz": "read_france_services",
    "programmes-anct/ti-attributs.csv": "read_programmes",
    "programmes-anct/geo/cde_geom.geojson.gz": "read_programmes",
    "programmes-anct/zonages-contrats-2020.csv.gz": "read_programmes",
    "programmes-anct/ort-conventions-2023.csv.gz": "read_programmes",
    "annuaire-administration/services-etat-2025.xlsx": "read_directory",
    "sirene-rna/sirene-entete-stock-unite-legale.csv": "join_sirene",
    "sirene-rna/rna_sample_waldec.csv": "join_rna",
}


def refusal(reader: str, path: Path) -> str:
    with pytest.raises(TableError) as caught:
        getattr(opendata, reader)(path)
    return str(caught.value)


def names_its_reader(said: str, file: str, own: str) -> bool:
    begins = said.startswith(file.removesuffix(".gz"))
    return begins and f"{own}()" in said and "No reader knows this" not in said


@pytest.mark.parametrize("name", FAMILIES)
def test_a_file_of_another_kind_is_sent_to_its_reader(tmp_path, name):
    one = FAMILIES[name]
    path, own = tmp_path / one.file, one.read.__name__
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, delimiter=";").writerows(one.lines)
    wrong = {}
    for reader in READERS:
        if reader == own or (name, reader) in READ_BY_TWO:
            assert isinstance(getattr(opendata, reader)(path), Reading)
        elif not names_its_reader(said := refusal(reader, path), one.file, own):
            wrong[reader] = said
    assert wrong == {}


@pytest.mark.slow
@pytest.mark.parametrize("file", REAL)
def test_a_real_file_of_another_kind_is_sent_to_its_reader(shared, file):
    path, own = shared / file, REAL[file]
    said = {reader: refusal(reader, path) for reader in READERS if reader != own}
    assert {reader: text for reader, text in said.items() if not names_its_reader(text, path.name, own)} == {}


def test_every_reader_has_a_real_file_of_its_kind():
    assert set(READERS) <= set(REAL.values())
