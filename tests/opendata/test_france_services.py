"""France services desks: one actor per structure, through the lists."""

from __future__ import annotations

import pytest

from reseau_territorial.errors import TableError, UnknownNameError
from reseau_territorial.opendata.france_services import read_france_services

HEADER = "id_fs,insee_dep,lib_fs,insee_com,lib_com,groupe_fs,type_fs"


def write(folder, date, *rows, header=HEADER):
    path = folder / f"liste-fs-{date}.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_branches_of_one_structure_are_one_actor_with_several_places(tmp_path):
    path = write(
        tmp_path,
        "2024-08-01",
        "1,37,FS Bléré,37027,Bléré,PI14,Principal",
        "2,37,FS Amboise,37003,Amboise,PI14,Antenne",
        "3,37,FS Loches,37132,Loches,,Principal",
    )
    net, report = read_france_services(path)
    desks = net.actors[net.actors["kind"] == "france_services"]
    assert sorted(desks.index) == ["fs:3", "fs:pi14"]
    assert len(net.ties) == 3
    assert report.count("decided", "branch") == 2


def test_a_desk_of_a_municipal_arrondissement_stands_in_its_commune(tmp_path):
    path = write(
        tmp_path,
        "2024-08-01",
        "1,13,FS Belle de Mai,13203,Marseille 3e Arrondissement,,Principal",
        "2,13,FS Belsunce,13201,Marseille 1er Arrondissement,,Principal",
    )
    net, report = read_france_services(path)
    assert net.ties["target"].tolist() == ["211300553"] * 2
    assert net.actors.loc["211300553", ["name", "insee"]].tolist() == ["Marseille", "13055"]
    assert net.actors.loc[["fs:1", "fs:2"], "territory"].tolist() == ["13055"] * 2
    assert net.provision["territory"].tolist() == ["13055"] * 2
    assert report.count("decided", "municipal_arrondissement") == 2


def test_a_desk_written_twice_is_counted_once(tmp_path):
    rows = ["1,37,FS Bléré,37027,Bléré,,Principal", "2,37,FS Bléré,37027,Bléré,,Antenne"]
    again = ["1,37,FS Bléré,37027,Bléré,,Antenne", rows[1]]
    net, report = read_france_services(write(tmp_path, "2024-08-01", *rows, *again))
    assert net.ties[["source", "weight"]].values.tolist() == [["fs:1", 1.0], ["fs:2", 1.0]]
    assert report.count("counted_twice", "repeated_row") == 2


def test_a_list_without_numbers_joins_the_numbered_ones(tmp_path):
    early = write(
        tmp_path,
        "2020-01-02",
        "37,Maison France Services de Bléré ,37027,BLÉRÉ",
        "37,Bus perdu,37261,TOURS",
        header="insee_dep,lib_france_services,insee_com,lib_com",
    )
    late = write(tmp_path, "2024-08-01", "7,37,France services de Bléré,37027,Bléré,,Principal")
    net, report = read_france_services([early, late], periods="crisis")
    assert net.periods == ("before", "after")
    assert set(net.ties.loc[net.ties["target"] == "213700271", "source"]) == {"fs:7"}
    assert report.count("noted", "unmatched_desk") == 1


def test_the_operator_that_the_name_tells_is_an_actor(tmp_path):
    path = write(tmp_path, "2024-08-01", "1,37,France services La Poste de Bléré,37027,Bléré,,Principal")
    ties = read_france_services(path).network.ties
    assert ties[["source", "target", "layer"]].values.tolist() == [
        ["fs:1", "213700271", "desk"],
        ["356000000", "fs:1", "operator"],
    ]


def test_the_provision_table_says_who_answers_where(tmp_path):
    path = write(tmp_path, "2024-08-01", "1,37,FS Bléré,37027,Bléré,,Principal")
    provision = read_france_services(path).network.provision
    assert provision[["actor", "need", "territory", "period"]].values.tolist() == [
        ["fs:1", "france_services", "37027", "2024-08-01"]
    ]


def test_a_file_without_date_needs_one(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text(f"{HEADER}\n1,37,FS,37027,Bléré,,Principal\n", encoding="utf-8")
    with pytest.raises(TableError, match="its name tells no date"):
        read_france_services(path)
    assert read_france_services(path, date="2021-01-01").network.periods == ("2021-01-01",)
    with pytest.raises(UnknownNameError, match="kind of period"):
        read_france_services(path, date="2021-01-01", periods="years")  # type: ignore[arg-type]


def test_no_e_mail_and_no_telephone_is_read(shared):
    net = read_france_services(sorted((shared / "france-services").glob("*.gz"))).network
    text = net.actors.to_csv() + net.ties.to_csv()
    assert "@france-services" not in text
    assert "mail" not in net.actors.columns


def test_the_series_through_the_crisis(shared):
    net, report = read_france_services(sorted((shared / "france-services").glob("*.gz")))
    assert len(net.periods) == 5
    assert report.files["rows"].tolist() == [456, 534, 580, 591, 2845]
    last = net.ties[(net.ties["period"] == "2024-08-01") & (net.ties["layer"] == "desk")]
    towns = net.actors.loc[last["target"], "insee"]
    assert last["weight"][towns.str.startswith("37").to_numpy()].sum() == 32  # desks of Indre-et-Loire


def test_the_numbers_of_2020_are_those_of_2024(shared):
    """A number is kept from list to list: the same desk stands in the same commune, but for moves and mergers."""
    folder = shared / "france-services"
    early, late = (
        read_france_services(folder / name).network.ties.query("layer == 'desk'").groupby("source")["target"].agg(set)
        for name in ("france_services-2020-09-02.geojson.gz", "liste-fs-2024-08-01.csv.gz")
    )
    both = early.index.intersection(late.index)
    same = [bool(early[actor] & late[actor]) for actor in both]
    assert len(both) > 450
    assert sum(same) / len(same) > 0.95
