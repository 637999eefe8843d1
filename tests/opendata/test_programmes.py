"""State programmes: territories by code, several ids and several members of one cell."""

from __future__ import annotations

import pytest

from reseau_territorial.errors import TableError
from reseau_territorial.opendata.programmes import read_programmes


def write(path, *lines):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_several_ids_of_one_cell_are_split(tmp_path):
    path = write(tmp_path / "n.csv", "insee_com;lib_com;id_pvd;id_crte", "37261;Tours;;crte-1 ; crte-2")
    net, report = read_programmes(path)
    assert net.ties[["source", "target"]].values.tolist() == [["213702616", "crte-1"], ["213702616", "crte-2"]]
    assert report.count("repaired", "several_codes") == 1


def test_ids_are_written_alike_from_one_vintage_to_the_next(tmp_path):
    new = write(tmp_path / "n.csv", "insee_com;lib_com;id_acv;id_crte", "37261;Tours;acv-001;")
    old = write(
        tmp_path / "z.csv", "id,lib,perimetre,info1,layer", "acv001,Tours,epci,Siren EPCI 2015 : 243700754,acv zonage"
    )
    net, _ = read_programmes([new, old])
    assert set(net.ties["target"]) == {"acv-001"}


def test_members_of_one_cell_are_split_and_take_the_code_in_brackets(tmp_path):
    path = write(
        tmp_path / "ti.csv",
        "id_territoire,lib_territoire,liste_geo",
        'ti-0101,Basse-Terre,"CA du Nord Basse-Terre (249710062); Lezoux – Thiers (ti-8408)"',
    )
    net, report = read_programmes(path)
    assert net.ties["source"].tolist() == ["249710062"]
    assert report.findings.loc[report.findings["reason"] == "no_code", "raw"].tolist() == ["Lezoux – Thiers (ti-8408)"]


def test_a_code_hidden_in_a_text_keeps_its_vintage(tmp_path):
    path = write(
        tmp_path / "z.csv",
        "id,lib,perimetre,info1,layer",
        "CV001,CC de la Plaine de l'Ain,epci,Siren EPCI 2015 : 240100883,cv zonage",
        "ZRR1,Brénod,Commune,Classée,zrr zonage",
    )
    net, report = read_programmes(path)
    assert net.ties[["source", "target", "vintage"]].values.tolist() == [["240100883", "cv-001", "2015"]]
    assert report.count("refused", "no_code") == 1


def test_dates_of_signature_give_the_period(tmp_path):
    path = write(
        tmp_path / "acv.csv",
        "id_territoire,lib_territoire,liste_geo,date_signature",
        "acv-1,Tours,Tours (37261),18-04-2019",
    )
    ties = read_programmes(path).network.ties
    assert ties[["period", "date"]].values.tolist() == [["2019", "2019-04-18"]]


def test_a_file_of_another_kind_is_refused(tmp_path):
    with pytest.raises(TableError, match="no known columns of programmes"):
        read_programmes(write(tmp_path / "x.csv", "nom,surface", "a,1"))


@pytest.mark.slow
def test_the_table_of_communes_of_2023(shared):
    net, _ = read_programmes(shared / "programmes-anct/ngeo-anct-cog2023.csv.gz", schemes=["pvd", "crte", "acv"])
    programmes = net.actors[net.actors["kind"] == "programme"]
    assert (programmes["scheme"] == "crte").sum() == 853
    pvd = net.ties[net.ties["scheme"] == "pvd"]
    assert len(pvd) == 1653
    assert net.ties.loc[net.ties["scheme"] == "crte", "source"].nunique() == 34944


@pytest.mark.parametrize(
    ("name", "scheme", "programmes"), [("fabt", "fabt", 342), ("pvd", "pvd", 1645), ("va", "va", 2498)]
)
def test_the_lists_of_territories(shared, name, scheme, programmes):
    net, report = read_programmes(shared / f"programmes-anct/geo/{name}_geom.geojson.gz")
    assert set(net.ties["scheme"]) == {scheme}
    assert int(report.files["rows"].iloc[0]) == programmes
