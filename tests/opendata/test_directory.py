"""The directory of public administrations."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from reseau_territorial.errors import TableError
from reseau_territorial.opendata.directory import read_directory

HEADER = "id,code_insee,categories,nom,site,adresse"


def write(path, *lines):
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_service_stands_in_its_commune(tmp_path):
    net, _ = read_directory(write(tmp_path / "a.csv", 'cdg-37-01,37261,cdg,Centre de gestion,,"25 rue, 37000,Tours"'))
    assert net.ties[["source", "target", "layer"]].values.tolist() == [["cdg-37-01", "213702616", "seat"]]
    assert net.actors.loc["cdg-37-01", ["kind", "sector"]].tolist() == ["management_centre", "public"]


def test_a_service_of_a_municipal_arrondissement_stands_in_its_commune(tmp_path):
    rows = ["x-1,75111,mairie,Mairie du 11e,,", "x-2,69385,mairie,Mairie du 5e,,"]
    net, report = read_directory(write(tmp_path / "a.csv", *rows))
    assert net.ties[["source", "target"]].values.tolist() == [["x-1", "217500016"], ["x-2", "216901231"]]
    assert net.actors.loc["217500016", ["name", "insee"]].tolist() == ["Paris", "75056"]
    assert net.actors.loc["x-1", "territory"] == "75056"
    assert report.count("decided", "municipal_arrondissement") == 2


def test_a_postal_code_gets_its_zero_back(tmp_path):
    net, report = read_directory(write(tmp_path / "a.csv", 'x-1,02789,msap,MSAP,,"2140, Vervins"'))
    assert net.actors.loc["x-1", "postcode"] == "02140"
    assert report.count("repaired", "leading_zeros") == 1


def test_control_characters_of_names_are_the_apostrophes_they_were(tmp_path):
    net, _ = read_directory(write(tmp_path / "a.csv", "x-1,37261,cij,Centre d\x92information,,"))
    assert net.actors.loc["x-1", "name"] == "Centre d’information"


def test_a_repeated_id_is_one_service_and_is_told(tmp_path):
    row = "x-1,37261,cdg,Centre,,"
    net, report = read_directory(write(tmp_path / "a.csv", row, row))
    assert len(net.ties) == 1
    assert report.count("counted_twice", "repeated_key") == 1


def test_categories_can_be_chosen(tmp_path):
    path = write(tmp_path / "a.csv", "x-1,37261,cdg,Centre,,", "x-2,37261,gendarmerie,Brigade,,")
    net, _ = read_directory(path, categories=["cdg"])
    assert set(net.ties["source"]) == {"x-1"}


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"x.csv, line 1: not a directory. Columns there: 'a', 'b'"):
        read_directory(path)


def test_the_directory_of_2019(shared):
    net, report = read_directory(shared / "annuaire-administration/annuaire-2019.csv.gz")
    assert int(report.files["rows"].iloc[0]) == 14128
    assert report.count("counted_twice", "repeated_key") == 3
    assert not net.actors["name"].str.contains("[\x80-\x9f]").any()
    assert report.count("decided", "municipal_arrondissement") > 45
    assert not net.actors["insee"].isin([f"75{101 + number}" for number in range(20)]).any()


@pytest.mark.slow
def test_the_perimeters_of_the_state_services(shared):
    net, _ = read_directory(shared / "annuaire-administration/services-etat-2025.xlsx")
    assert (net.actors["kind"] == "prefecture").sum() == 112
    assert net.ties.loc[net.ties["layer"] == "perimeter", "target"].nunique() > 34000


def test_the_directory_since_2022_has_its_categories_in_pivots(tmp_path):
    """The JSON of the directory, the answer of its catalogue, and the CSV that the catalogue makes of them."""
    services = [
        {
            "nom": "Mairie - Tours",
            "id": "u1",
            "siren": "",
            "pivot": [{"type_service_local": "mairie", "code_insee_commune": ["37261"]}],
            "code_insee_commune": "37261",
            "adresse": [{"code_postal": "37000", "nom_commune": "Tours"}],
        },
        {
            "nom": "Centre de gestion",
            "id": "u2",
            "siren": "",
            "pivot": [
                {"type_service_local": "cdg", "code_insee_commune": ["37261", "37050"]},
                {"type_service_local": "epci", "code_insee_commune": "37050"},
            ],
            "code_insee_commune": "37050",
            "adresse": [],
        },
        {"nom": "Institut", "id": "u3", "siren": "", "pivot": [], "code_insee_commune": "37003", "adresse": []},
    ]
    cells = [
        {name: json.dumps(held) if isinstance(held, list) else held for name, held in one.items()} for one in services
    ]
    pd.DataFrame(cells).to_csv(tmp_path / "ods.csv", sep=";", index=False)
    (tmp_path / "dila.json").write_text(json.dumps({"service": services}), encoding="utf-8")
    (tmp_path / "api.json").write_text(json.dumps({"total_count": 3, "results": services}), encoding="utf-8")
    for name in ("dila.json", "api.json", "ods.csv"):
        net, _ = read_directory(tmp_path / name)
        ties = net.ties.groupby("layer")[["source", "target"]].apply(lambda rows: sorted(map(tuple, rows.to_numpy())))
        assert ties["seat"] == [("u1", "213702616"), ("u2", "213700503"), ("u3", "213700032")]
        assert ties["perimeter"] == [("u1", "213702616"), ("u2", "213700503"), ("u2", "213702616")]
        assert net.actors.loc[["u1", "u2"], "kind"].tolist() == ["commune", "management_centre"]
        assert net.actors.loc["u2", "categories"] == "cdg, epci"
        assert net.actors["kind"].isna()["u3"]
