"""BANATIC: the old text files, the new workbooks, the transfers, and the figures of real départements."""

from __future__ import annotations

import time

import pandas as pd
import pytest

from reseau_territorial import TableError
from reseau_territorial.opendata.banatic import (
    competences,
    crosswalk,
    provision_by_commune,
    read_banatic,
    read_transfers,
)
from reseau_territorial.opendata.cog import read_cog
from reseau_territorial.opendata.identifiers import clean_siren

OLD_HEADER = [
    "Région siège", "Département siège", "Arrondissement siège", "Commune siège", "N° SIREN", "Nom du groupement",
    "Nature juridique", "Nombre de membres", "Population", "Nombre de compétences exercées", "Civilité Président",
    "Prénom Président", "Nom Président", "Téléphone du siège", "Siren membre", "Nom membre", "Type", "C1004", "C1502",
]  # fmt: skip
SEAT = ["24 - Centre", "37 - Indre-et-Loire", "", "37261 - Tours"]
PERSON = ["M", "Jean", "DUPONT", "0247"]
SYNDICAT = next(f"25370258{key}" for key in range(10) if clean_siren(f"25370258{key}").usable)
METROPOLE = [*SEAT, "243700754", "Tours Métropole", "METRO", "2", "303 078", "1", *PERSON]
OF_METROPOLE = ["243700754", "Tours Métropole", "Groupement"]
OLD_ROWS = [
    [*METROPOLE, "213702616", "Tours", "Commune", "1", "0"],
    [*METROPOLE, "213701956", "La Riche", "Commune", "1", "0"],
    [*SEAT, SYNDICAT, 'SI "Les Chênes"', "SIVU", "1", "1 245", "1", *PERSON, *OF_METROPOLE, "0", "1"],
]


@pytest.fixture
def old_file(tmp_path):
    path = tmp_path / "banatic_2021.xls"  # a text file, whatever its name says
    text = "\r\n".join("\t".join(row) for row in [OLD_HEADER, *OLD_ROWS])
    path.write_bytes(text.encode("cp1252"))
    return path


def test_the_old_layout(old_file):
    net, report = read_banatic(old_file)
    assert net.periods == ("2021",)
    assert net.actors.loc[SYNDICAT, ["name", "kind", "nature"]].tolist() == ['SI "Les Chênes"', "grouping", "SIVU"]
    assert net.actors.loc["243700754", ["kind", "population", "departement"]].tolist() == ["epci", 303078, "37"]
    ties = {tuple(row) for row in net.ties[["source", "target"]].to_numpy()}
    assert ties == {("213702616", "243700754"), ("213701956", "243700754"), ("243700754", SYNDICAT)}
    held = {tuple(row) for row in net.provision[["actor", "need"]].to_numpy()}
    assert held == {("243700754", "2021:1004"), (SYNDICAT, "2021:1502")}
    assert net.actors.loc["213702616", ["name", "kind", "insee"]].tolist() == ["Tours", "commune", "37261"]
    assert report.count("noted", "unknown_member") == 0
    # the president and the telephone are told as not read, and are nowhere
    assert report.count("noted", "person_column") == 1
    everything = net.actors.to_csv() + net.ties.to_csv() + net.provision.to_csv() + report.findings["value"].to_csv()
    assert "DUPONT" not in everything


def test_the_new_workbook_with_labels(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    labels = competences()
    gas = labels.loc["2025:1010", "label"]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(
        ["Département", "N° SIREN", "Nom du groupement", "Nature juridique", "Nombre total de membres", "Siren membre",
         "Nom membre", "Catégorie des membres du groupement", "Nombre de compétences exercées", gas,
         "5510 - Plan local d’urbanisme", "Adhésion à un syndicat"]
    )  # fmt: skip
    sheet.append(["37", 243700754, "Tours Métropole", "METRO", 2, 213702616, "Tours", "Commune", 2, "OUI", "NON", "x"])
    sheet.append(
        ["37", 243700754, "Tours Métropole", "METRO", 2, 213701956, "La Riche", "Commune", 2, "OUI", "NON", "x"]
    )
    sheet.append(
        ["37", "TEMP37729", "SI nouveau", "SIVU", 1, 243700754, "Tours Métropole", "Groupement", 1, "NON", "OUI", ""]
    )
    book.save(tmp_path / "banatic-2025.xlsx")
    net, report = read_banatic(tmp_path / "banatic-2025.xlsx")
    held = {tuple(row) for row in net.provision[["actor", "need"]].to_numpy()}
    assert held == {("243700754", "2025:1010"), ("TEMP37729", "2025:5510")}
    assert len(net.ties) == 3
    assert report.count("noted", "temporary") == 1
    assert pd.isna(net.actors.loc["TEMP37729", "siren"])


def test_a_competence_that_is_neither_yes_nor_no_is_refused(old_file):
    text = old_file.read_bytes().replace(b"\t1\t0\r\n", b"\tpeut-\xeatre\t0\r\n", 1)
    old_file.write_bytes(text)
    with pytest.raises(TableError, match=r"banatic_2021\.xls, line 2, column 'C1004': 'peut-être' is neither"):
        read_banatic(old_file)


def test_the_version_of_the_competences_is_never_guessed(tmp_path):
    path = tmp_path / "competences.csv"
    path.write_text("siren,code_competence\n243700754,1010\n")
    with pytest.raises(TableError, match="29 codes mean different things"):
        read_banatic(path)
    old = read_banatic(path, nomenclature="2021").network.provision["need"].tolist()
    new = read_banatic(path, nomenclature="2025").network.provision["need"].tolist()
    assert (old, new) == (["2021:1010"], ["2025:1010"])


def test_29_codes_mean_something_else_in_the_other_nomenclature(shared):
    held = pd.read_csv(shared / "banatic/competences-exercees-2021.csv.gz", dtype="str")
    table = competences()
    new = set(table.loc[table["version"] == "2025", "code"])
    assert len(set(held["code_competence"]) & new) == 29
    both = [code for code in new if f"2021:{code}" in table.index]
    assert both
    assert all(table.loc[f"2021:{code}", "label"] != table.loc[f"2025:{code}", "label"] for code in both)
    assert set(crosswalk()["relation"]) == {"one_to_one", "split", "no_equivalent"}


def test_transfers_make_chains(tmp_path):
    path = tmp_path / "dechets.tsv"
    grouping = ["Siren Groupement", "Nom Groupement", "Nature Juridique Groupement"]
    header = ["Code Insee Commune", "Nom Commune", "Département Commune", *grouping]
    header += [f"{name} intermédiaire" for name in grouping]
    alone = ["63002", "Aix-la-Fayette", "63", "200070761", "CC Ambert Livradois Forez", "CC"]  # six cells of nine
    through = ["200070407", "CA Agglo Pays d'Issoire", "CA"]
    chain = ["63005", "Antoingt", "63", "254300049", "SICTOM Issoire - Brioude", "SMF", *through]
    path.write_text("".join("\t".join(row) + "\n" for row in (header, alone, chain)))
    net, _ = read_transfers({"2025:2005": path}, vintage=2025)
    assert sorted(map(tuple, net.ties[["source", "target"]].to_numpy())) == [
        ("200070407", "254300049"),
        ("216300020", "200070761"),
        ("216300053", "200070407"),
    ]
    assert set(net.ties["need"]) == {"2025:2005"}
    assert net.provision.set_index("territory")["actor"].to_dict() == {"63002": "200070761", "63005": "254300049"}
    assert net.actors.loc["200070407", ["name", "kind"]].tolist() == ["CA Agglo Pays d'Issoire", "epci"]
    with pytest.raises(TableError, match="use read_transfers"):
        read_banatic(path)


@pytest.fixture(scope="module")
def national(shared):
    begin = time.process_time()  # of the processors, not of the clock: other work on the machine must not count
    folder = shared / "banatic"
    names = ("groupements-2021.csv", "competences-exercees-2021.csv.gz", "composition-communale-syndicats-2021.csv.gz")
    territory = read_cog(shared / "cog-epci/2020").network
    reading = read_banatic([folder / name for name in names], territory=territory, vintage=2020)
    return reading, time.process_time() - begin


@pytest.mark.slow
def test_the_national_network(national):
    (net, report), seconds = national
    assert len(net) == 45340
    assert len(net.ties) == 34964 + 79865  # every membership of both files, none counted twice
    assert report.count("refused") == 4  # one grouping and three competences with a wrong check digit
    assert report.files["rows"].tolist() == [10137, 56393, 79865]
    assert seconds < 20


@pytest.mark.parametrize(
    ("departement", "communes", "per_commune", "pairs", "shared_by_several"),
    [
        ("37", 272, 4.48, 9849, 14.2),
        ("59", 648, None, None, 8.5),
        ("02", 800, None, None, 11.8),
        ("03", 317, None, None, 11.1),
    ],
)
def test_who_does_what(national, departement, communes, per_commune, pairs, shared_by_several):
    net = national[0].network
    inside = net.actors.index[net.actors["departement"].eq(departement) & net.actors["kind"].eq("commune")]
    assert len(inside) == communes
    ties = net.ties[net.ties["source"].isin(inside)]
    if per_commune:
        assert round(len(ties) / communes, 2) == per_commune
    kept = net.actors.loc[inside.union(pd.Index(ties["target"].unique(), name="actor"))]
    local = net.replace(ties=ties, actors=kept, provision=net.provision[net.provision["actor"].isin(kept.index)])
    provision = provision_by_commune(local).provision
    answers = provision.groupby(["territory", "need"])["actor"].nunique()
    if pairs:
        assert len(answers) == pairs
    assert round(100 * (answers > 1).mean(), 1) == shared_by_several
