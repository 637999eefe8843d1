"""SIRENE as a register: what it adds, whom it hides, and the memory it takes."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pandas as pd
import pytest

from reseau_territorial import Network
from reseau_territorial.errors import TableError, UnknownNameError
from reseau_territorial.opendata.sirene import join_sirene

HEADER = (
    "siren,statutDiffusionUniteLegale,denominationUniteLegale,categorieJuridiqueUniteLegale,"
    "economieSocialeSolidaireUniteLegale,etatAdministratifUniteLegale"
)
ROWS = (
    "243700754,O,TOURS METROPOLE VAL DE LOIRE,7344,,A",
    "808486815,P,[ND],1000,,A",
    "356000000,O,LA POSTE,5510,,A",
    "005520135,O,VIEILLE MAISON,5499,O,C",
)


def units(folder: Path, *rows: str) -> Path:
    path = folder / "StockUniteLegale_utf8.csv"
    path.write_text("\n".join([HEADER, *(rows or ROWS)]) + "\n", encoding="utf-8")
    return path


def network(*sirens: str) -> Network:
    actors = pd.DataFrame({"actor": list(sirens), "siren": list(sirens)})
    ties = pd.DataFrame({"source": sirens[0], "target": list(sirens[1:]), "layer": "contract", "weight": 5.0})
    return Network(ties, actors=actors, directed=True)


def test_kind_sector_and_tier_come_from_the_legal_category(tmp_path):
    net = join_sirene(network("243700754", "005520135"), units(tmp_path), progress=False).network
    assert net.actors.loc["243700754", ["name", "kind", "sector", "tier"]].tolist() == [
        "TOURS METROPOLE VAL DE LOIRE", "epci", "public", "intercommunal",
    ]  # fmt: skip
    assert net.actors.loc["005520135", "sector"] == "civil"  # a company of the social economy


def test_sole_traders_and_partially_diffusible_units_are_masked_everywhere(tmp_path):
    net, report = join_sirene(network("243700754", "808486815"), units(tmp_path), progress=False)
    assert "808486815" not in net.actors.to_csv() + net.ties.to_csv()
    assert net.ties["target"].tolist() == ["personne:1"]
    assert net.actors.loc["personne:1", "kind"] == "sole_trader"
    assert report.count("masked", "natural_person") == 1
    kept = join_sirene(network("243700754", "808486815"), units(tmp_path), persons="keep", progress=False).network
    assert "808486815" in kept.actors.index


def test_absent_and_ceased_units_are_told(tmp_path):
    _, report = join_sirene(network("243700754", "005520135", "213702616"), units(tmp_path), progress=False)
    assert report.count("noted", "not_in_register") == 1
    assert report.count("noted", "ceased") == 1


def test_what_an_actor_already_says_is_kept(tmp_path):
    net = network("243700754", "356000000")
    actors = net.actors
    actors.loc["243700754", "name"] = "La Métropole"
    joined = join_sirene(net.replace(actors=actors), units(tmp_path), progress=False).network
    assert joined.actors["name"].tolist() == ["La Métropole", "LA POSTE"]


def test_a_register_that_stores_numbers_is_joined_all_the_same(tmp_path):
    path = tmp_path / "units.parquet"
    pd.DataFrame({"siren": [5520135], "categorieJuridiqueUniteLegale": [5499]}).to_parquet(path)
    net = join_sirene(network("005520135"), path, progress=False).network
    assert net.actors.loc["005520135", "legal_category"] == "5499"


def test_the_head_office_gives_the_commune(tmp_path):
    places = tmp_path / "StockEtablissement_utf8.csv"
    places.write_text(
        "siren,siret,etablissementSiege,codeCommuneEtablissement\n"
        "243700754,24370075400019,false,37122\n243700754,24370075400035,true,37261\n",
        encoding="utf-8",
    )
    net = join_sirene(network("243700754"), units(tmp_path), establishments=places, progress=False).network
    assert net.actors.loc["243700754", "territory"] == "37261"


def test_a_file_without_the_columns_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("siren,categorie\n1,2\n", encoding="utf-8")
    with pytest.raises(UnknownNameError, match="column of x.csv named 'categorieJuridiqueUniteLegale'"):
        join_sirene(network("243700754"), path, progress=False)
    with pytest.raises(TableError, match="no file"):
        join_sirene(network("243700754"), tmp_path / "absent.parquet", progress=False)


def test_the_real_header_has_the_columns(shared, tmp_path):
    header = (shared / "sirene-rna/sirene-entete-stock-unite-legale.csv").read_text(encoding="utf-8").strip()
    path = tmp_path / "StockUniteLegale_utf8.csv"
    path.write_text(header + "\n" + "," * header.count(",") + "\n", encoding="utf-8")
    report = join_sirene(network("243700754"), path, progress=False).report
    assert report.count("noted", "not_in_register") == 1


def _join_and_measure(path: str, queue: multiprocessing.Queue[tuple[int, float]]) -> None:
    sirens = [f"{number:09d}" for number in range(100_000_000, 110_000_000, 2_000)]
    actors = pd.DataFrame({"actor": sirens, "siren": sirens})
    net = join_sirene(Network(actors=actors), path, persons="keep", progress=True).network
    # The system's own count: that of getrusage begins with the memory of the process that started this one.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peak = int(status["VmHWM"].split()[0]) / 1024**2
    queue.put((int(net.actors["legal_category"].notna().sum()), peak))


@pytest.mark.slow
def test_ten_million_units_join_5000_actors_in_less_than_two_gigabytes(tmp_path):
    """A generated register of ten million rows: resident memory of a fresh process stays below 2 GB."""
    import duckdb

    path = tmp_path / "units.parquet"
    duckdb.sql(
        "COPY (SELECT lpad((100000000 + range)::VARCHAR, 9, '0') AS siren, 'O' AS statutDiffusionUniteLegale, "
        "'UNITE ' || range AS denominationUniteLegale, "
        "(['5499', '7210', '9220', '1000'])[1 + range % 4] AS categorieJuridiqueUniteLegale, "
        "md5(range::VARCHAR) AS denominationUsuelle1UniteLegale, md5((range + 1)::VARCHAR) AS sigleUniteLegale, "
        "'A' AS etatAdministratifUniteLegale FROM range(10000000)) "
        f"TO '{path}' (FORMAT parquet)"
    )
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_join_and_measure, args=(str(path), queue))
    process.start()
    found, gigabytes = queue.get(timeout=600)
    process.join()
    assert found == 5_000
    assert gigabytes < 2.0
