"""Money of the State: investment grants, posts and digital advisers."""

from __future__ import annotations

import json

import pytest

from reseau_territorial.errors import TableError
from reseau_territorial.opendata.state_grants import read_state_grants


def write(path, records):
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def post(number="D1", **more):
    return {
        "id_poste": number,
        "code_tiers": "77554402601284",
        "raison_sociale": "CENTRE SOCIAL",
        "montant": 19875.06,
        "annee": 2020,
        "code_cv": "CV002",
        "insee_dep": "01",
        **more,
    }


def test_posts_of_several_years_are_a_panel_from_the_state(tmp_path):
    files = [
        write(tmp_path / f"adulte-relais-{year}.json", [post(annee=year), post("D2", annee=year)])
        for year in (2020, 2021)
    ]
    net, report = read_state_grants(files)
    assert net.periods == ("2020", "2021")
    assert report.euros == pytest.approx(4 * 19875.06)
    assert net.actors.loc["nom:etat", ["kind", "sector", "tier"]].tolist() == ["state", "public", "national"]


def test_two_glued_codes_are_split(tmp_path):
    net, report = read_state_grants(write(tmp_path / "fonjep-2020.json", [post(code_cv="CV380CV384")]))
    assert net.ties["city_contract"].tolist() == ["CV380;CV384"]
    assert report.count("repaired", "several_codes") == 1


def test_a_name_in_the_place_of_the_identifier_is_no_identifier(tmp_path):
    name = "ASSOCIATION DEUXIEME CHANCE"
    net, _ = read_state_grants(write(tmp_path / "fonjep-2020.json", [post(code_tiers=name, raison_sociale=name)]))
    payee = net.actors.loc[net.ties["target"].iloc[0]]
    assert payee["name"] == name
    assert not isinstance(payee["siren"], str)


def test_a_record_without_place_is_kept_and_told(tmp_path):
    record = post()
    del record["insee_dep"]
    _, report = read_state_grants(write(tmp_path / "adulte-relais-2020.json", [post("D2"), record]))
    assert report.count("noted", "no_place") == 1


def test_projects_know_communes_epci_and_departements_by_code(tmp_path):
    def project(code, name, echelon):
        return {
            "id_projet": f"p{code}",
            "id_terr": code,
            "nom_terr": name,
            "dotation": "DETR",
            "echelon": echelon,
            "montant_sub": 1000.5,
        }

    records = [
        project("37261", "Tours", "commune"),
        project("243700754", "Tours Métropole", "epci"),
        project("37", "Indre-et-Loire", "conseil_departemental"),
    ]
    net, _ = read_state_grants(write(tmp_path / "projets-2019.json", records))
    assert set(net.ties["target"]) == {"213702616", "243700754", "223700014"}
    assert sorted(net.actors["kind"].dropna()) == ["commune", "departement", "epci", "state"]
    assert net.periods == ("2019",)


def test_a_file_that_tells_no_year_needs_one(tmp_path):
    record = {"id_projet": "p", "id_terr": "37261", "nom_terr": "Tours", "montant_sub": 1.5}
    path = write(tmp_path / "projets.json", [record])
    with pytest.raises(TableError, match="Pass year="):
        read_state_grants(path)
    assert read_state_grants(path, year=2021).network.periods == ("2021",)


@pytest.mark.parametrize(
    ("pattern", "euros", "ties"),
    [
        ("subventions/etat-adulte-relais/*.gz", 320055197.74, 15660),
        ("subventions/etat-postes-fonjep/*.gz", 30507595.5, 4346),
        ("conseillers-numeriques/*.gz", 110520090.0, 1450),
        pytest.param(
            "subventions/etat-dotations-investissement-2019/*.xlsx", 1707978945.66, 24811, marks=pytest.mark.slow
        ),
    ],
)
def test_real_files_to_the_euro(shared, pattern, euros, ties):
    net, report = read_state_grants(sorted(shared.glob(pattern)))
    assert report.euros == pytest.approx(euros, abs=0.005)
    assert len(net.ties) == ties
