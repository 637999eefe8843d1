"""Communes and EPCI: the layouts that are found, the traps of the codes, and the refusals."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from reseau_territorial import TableError
from reseau_territorial.opendata.cog import read_cog, roll_up

DGCL = (
    "dept;siren;raison_sociale;nature_juridique;mode_financ;nb_membres;total_pop_tot;dep_com;insee;siren_membre;"
    "nom_membre;pmun_2025\r\n"
    "37;243700754;Tours Métropole Val de Loire;METRO;FPU;22;303 078;37;37261;213702616;Tours;138 668\r\n"
    "37;243700754;Tours Métropole Val de Loire;METRO;FPU;22;303 078;37;37195;213701956;La Riche;10 389\r\n"
    "2A;242010056;CA du Pays Ajaccien;CA;FPU;1;1;2A;2A004;212000046;Ajaccio;72 000\r\n"
    ";;;;;;;;;;;\r\n"
)


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def test_the_dgcl_list_in_cp1252_with_spaces_and_an_empty_last_row(tmp_path):
    net, report = read_cog(write(tmp_path / "perimetre-epci-a-fp-2025.csv", DGCL, "cp1252"))
    assert net.actors.loc["213702616", "population"] == 138668
    assert net.actors.loc["213702616", ["name", "insee", "kind", "tier", "epci"]].tolist() == [
        "Tours", "37261", "commune", "communal", "243700754",
    ]  # fmt: skip
    assert net.actors.loc["243700754", ["name", "kind", "nature"]].tolist() == [
        "Tours Métropole Val de Loire", "epci", "METRO",
    ]  # fmt: skip
    assert net.actors.loc["212000046", "departement"] == "2A"
    assert len(net.ties) == 3
    assert net.periods == ("2025",)
    # 22 members are declared, 2 are there: said, not hidden
    assert report.count("noted", "member_count") == 1


@pytest.mark.parametrize("wide", [False, True])
def test_the_same_list_as_a_workbook(tmp_path, wide):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    if wide:
        sheet.append(["Liste des groupements"])
        sheet.append([])
    for line in DGCL.split("\r\n")[:4]:
        sheet.append([int(c.replace(" ", "")) if c.replace(" ", "").isdecimal() else c for c in line.split(";")])
    book.create_sheet("Lisez-moi").append(["Source : DGCL"])
    book.save(tmp_path / "2025.xlsx")
    net, _ = read_cog(tmp_path / "2025.xlsx")
    assert net.actors.loc["213702616", "population"] == 138668
    assert sorted(net.ties["source"]) == ["212000046", "213701956", "213702616"]


def test_insee_files_without_siren_get_it_from_the_package(tmp_path):
    insee = (
        "CODGEO,LIBGEO,EPCI,LIBEPCI,DEP,REG\n37261,Tours,243700754,Tours Métropole,37,24\n"
        "29083,Île-de-Sein,ZZZZZZZZZ,Sans objet,29,53\n"
    )
    net, report = read_cog(write(tmp_path / "Intercommunalite_2023.csv", insee))
    assert net.ties[["source", "target"]].to_numpy().tolist() == [["213702616", "243700754"]]
    assert report.count("noted", "no_epci") == 1
    assert report.count("refused") == 0


def test_the_official_code_with_its_types(tmp_path):
    cog = (
        "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT\n"
        "COM,01015,84,01,01D,011,1,ARBOYS EN BUGEY,Arboys en Bugey,Arboys en Bugey,0118,\n"
        "COMD,01015,,,,,1,ARBIGNIEU,Arbignieu,Arbignieu,,01015\n"
        "COMD,01340,,,,,0,SAINT BOIS,Saint-Bois,Saint-Bois,,01015\n"
        "ARM,13201,93,13,13D,133,0,MARSEILLE 1,Marseille 1er,Marseille 1er Arrondissement,,13055\n"
        "COM,13055,93,13,13D,133,0,MARSEILLE,Marseille,Marseille,1398,\n"
    )
    net, _ = read_cog(write(tmp_path / "v_commune_2023.csv", cog))
    assert sorted(net.actors["insee"]) == ["01015", "13055"]
    assert net.actors.set_index("insee").loc["01015", "name"] == "Arboys en Bugey"


def test_administration_goes_up_to_the_region(tmp_path):
    cog = "TYPECOM,COM,REG,DEP,ARR,LIBELLE,COMPARENT\nCOM,02789,32,02,025,Vervins,\nCOM,75056,11,75,751,Paris,\n"
    net, _ = read_cog(write(tmp_path / "v_commune_2023.csv", cog), administration=True)
    ties = {tuple(row) for row in net.ties[["source", "target"]].to_numpy()}
    assert ("210207672", "arrondissement:025") in ties or any(t == "arrondissement:025" for _, t in ties)
    assert ("arrondissement:025", "220200026") in ties  # the Aisne, by its SIREN
    assert net.actors.loc["220200026", ["name", "kind", "tier"]].tolist() == ["Aisne", "departement", "departemental"]
    assert not any(source == target for source, target in ties)  # Paris is a commune and a département


def test_json_of_communes_and_groups(tmp_path):
    communes = [
        {"code": "97411", "nom": "Saint-Denis", "type": "commune-actuelle", "departement": "974", "region": "04",
         "siren": "219740115", "population": 153001},
        {"code": "98735", "nom": "Papeete", "type": "commune-actuelle", "departement": "987", "region": "987"},
    ]  # fmt: skip
    groups = [
        {
            "code": "249740119",
            "nom": "CA CINOR",
            "type": "CA",
            "membres": [{"code": "97411", "siren": "219740115", "nom": "Saint-Denis"}],
        }
    ]
    write(tmp_path / "communes.json", json.dumps(communes))
    write(tmp_path / "epci.json", json.dumps(groups))
    net, report = read_cog(tmp_path, vintage=2026)
    assert net.actors.loc["219740115", ["departement", "epci"]].tolist() == ["974", "249740119"]
    assert "98735" in net.actors.index  # no SIREN: the INSEE code is the key
    assert report.count("noted", "no_siren") == 1


def test_a_folder_of_insee_with_its_other_tables(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    folder = tmp_path / "2019"
    folder.mkdir()
    write(
        folder / "communes-01012019.csv", "typecom,com,reg,dep,arr,libelle,comparent\nCOM,01004,84,01,011,Ambérieu,\n"
    )
    write(folder / "departement2019.csv", "dep,reg,cheflieu,tncc,ncc,nccenr,libelle\n01,84,01053,5,AIN,Ain,Ain\n")
    write(folder / "region2019.csv", "reg,cheflieu,tncc,ncc,nccenr,libelle\n84,69123,1,ARA,ARA,Auvergne-Rhône-Alpes\n")
    write(folder / "canton2019.csv", "can,dep,reg,compct,burcentral,tncc,typect\n0101,01,84,1,01004,1,C\n")
    book = openpyxl.Workbook()
    book.active.title = "EPCI"
    for _ in range(4):
        book.active.append(["Intercommunalités"])
    book.active.append(["EPCI", "LIBEPCI", "NATURE_EPCI", "NB_COM"])
    book.active.append([240100883, "CC de la Plaine de l'Ain", "CC", 1])
    sheet = book.create_sheet("Composition_communale")
    sheet.append(["Composition communale"])
    sheet.append(["CODGEO", "LIBGEO", "EPCI", "LIBEPCI", "DEP", "REG"])
    sheet.append(["01004", "Ambérieu", 240100883, "CC de la Plaine de l'Ain", "01", 84])
    book.save(folder / "Intercommunalite-2019.xlsx")
    net, report = read_cog(folder, administration=True)
    assert net.periods == ("2019",)
    ties = {(row.layer, row.source, row.target) for row in net.ties.itertuples()}
    assert ("membership", "210100046", "240100883") in ties
    assert report.count("refused", "unknown_layout") == 1  # the cantons
    with pytest.raises(TableError, match=r"canton2019\.csv, line 1: no column"):
        read_cog(folder / "canton2019.csv")


def test_the_old_official_code_writes_departement_and_number_apart(tmp_path):
    text = (
        "CDC\tCHEFLIEU\tREG\tDEP\tCOM\tAR\tCT\tTNCC\tARTMAJ\tNCC\tARTMIN\tNCCENR\n"
        "0\t0\t82\t01\t001\t2\t10\t5\t(L')\tABERGEMENT\t(L')\tAbergement-Clémenciat\n"
        "0\t0\t94\t2A\t004\t1\t99\t1\t\tAJACCIO\t\tAjaccio\n"
        "0\t1\t01\t971\t05\t1\t99\t0\t\tBASSE-TERRE\t\tBasse-Terre\n"
    )
    net, _ = read_cog(write(tmp_path / "comsimp2015.txt", text, "cp1252"))
    assert sorted(net.actors["insee"]) == ["01001", "2A004", "97105"]
    assert net.actors.set_index("insee").loc["97105", ["departement", "name"]].tolist() == ["971", "Basse-Terre"]


def test_json_of_the_geographic_service(tmp_path):
    record = {"nom": "Tours", "code": "37261", "codeDepartement": "37", "siren": "213702616", "codeEpci": "243700754"}
    net, _ = read_cog(write(tmp_path / "communes.json", json.dumps([record])))
    assert net.ties[["source", "target"]].to_numpy().tolist() == [["213702616", "243700754"]]


def test_json_of_something_else_is_refused(tmp_path):
    with pytest.raises(TableError, match=r"x\.json, record 1: neither communes.*fields: 'code', 'valeur'"):
        read_cog(write(tmp_path / "x.json", json.dumps([{"code": "1", "valeur": 2}])))
    with pytest.raises(TableError, match=r"y\.json, record 2: no field 'code'"):
        read_cog(write(tmp_path / "y.json", json.dumps([{"code": "1"}, {"nom": "x"}])))


def test_codes_are_rolled_up():
    codes = pd.Series(["13201", "69386", "75111", "01340", "01015", "2A004"])
    assert roll_up(codes).tolist() == ["13055", "69123", "75056", "01015", "01015", "2A004"]


def test_several_vintages_are_several_periods(tmp_path):
    paths = {}
    for year, epci in ((2020, "243700754"), (2026, "200093201")):
        text = f"siren_epci,code_insee,siren_commune,nom_commune\n{epci},37261,213702616,Tours\n"
        paths[year] = write(tmp_path / f"m{year}.csv", text)
    net, _ = read_cog(paths)
    assert net.periods == ("2020", "2026")
    assert len(net.actors) == 3


def test_a_code_that_cannot_be_read_is_refused_with_its_line(tmp_path):
    text = "siren_epci,code_insee,nom_commune\n243700754,37261,Tours\n243700755,37195,La Riche\n243700754,INO,?\n"
    net, report = read_cog(write(tmp_path / "membres_2021.csv", text))
    refused = report.findings[report.findings["action"] == "refused"]
    assert refused[["line", "raw", "reason"]].to_numpy().tolist() == [
        [3, "243700755", "checksum"],
        [4, "INO", "not_a_code"],
    ]
    assert len(net.ties) == 1
    assert report.files["kept"].tolist() == [1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nom,prenom\na,b\n", r"f\.csv, line 1: no column .* in the header .*Columns there: 'nom', 'prenom'"),
        ("siren_epci,code_insee\n243700754,37261,1,2\n", r"f\.csv, line 2: 4 cells where the header has 2"),
        (
            "siren_epci,code_insee,code_insee\n243700754,37261,37261\n",
            r"header has column 'code_insee' twice",
        ),
        ('siren_epci,code_insee\n"243700754,37261\n1,2,3\n', r"f\.csv, line 2"),
        ("code_insee,siren_epci\nINO,243700754\n", "no commune was found"),
    ],
)
def test_clear_refusals_name_file_and_line(tmp_path, text, message):
    with pytest.raises(TableError, match=message):
        read_cog(write(tmp_path / "f.csv", text))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("vintage", "communes", "groups", "ties"),
    [
        ("2019", 34966, 1259, 34966),
        ("2020", 34964, 1255, 34964),
        ("2021", 34961, 1254, 34961),
        ("2026", 34969, 1266, 35000),
    ],
)
def test_real_vintages(shared, vintage, communes, groups, ties):
    net, report = read_cog(shared / "cog-epci" / vintage)
    kinds = net.actors["kind"].value_counts()
    assert kinds["commune"] == communes
    assert kinds["epci"] + kinds.get("grouping", 0) == groups  # 2026: 1,255 EPCI and 11 EPT
    assert len(net.ties) == ties
    assert report.count("refused") == 0


@pytest.mark.slow
def test_real_2023_brings_the_45_arrondissements_to_their_communes(shared):
    net, report = read_cog(shared / "cog-epci/2023")
    assert net.actors["kind"].eq("commune").sum() == 34990 - 45
    assert report.count("decided", "municipal_arrondissement") == 45
    assert net.actors.set_index("insee").loc["75056", "epci"] == "200054781"


@pytest.mark.slow
def test_real_dgcl_2025(shared):
    net, report = read_cog(shared / "banatic/perimetre-epci-a-fp-2025.csv.gz")
    assert net.actors["kind"].eq("commune").sum() == 34871
    assert report.count("noted", "member_count") == 0
    assert net.actors.loc["210103040", ["name", "population"]].tolist() == ["Pont-d'Ain", 2862]


def test_a_repeated_row_counts_once_and_is_told_with_its_line(tmp_path):
    text = "siren_epci,code_insee\n243700754,37261\n243700754,37261\n"
    net, report = read_cog(write(tmp_path / "membres_2021.csv", text))
    assert len(net.ties) == 1
    assert report.findings[["action", "line", "raw"]].to_numpy().tolist() == [["counted_twice", 3, "37261"]]
    assert repr(report) == "<Lecture\u202f: 1 fichier, 2 lignes, 1 gardée\u202f; 1 en double>"


def test_two_files_that_say_the_same_are_no_repetition(tmp_path):
    text = "siren_epci,code_insee\n243700754,37261\n"
    paths = [write(tmp_path / f"{name}_2021.csv", text) for name in ("a", "b")]
    net, report = read_cog(paths)
    assert len(net.ties) == 1
    assert report.findings.empty


def test_a_commune_in_two_epci_is_told(tmp_path):
    text = "siren_epci,code_insee\n243700754,37261\n200093201,37261\n"
    net, report = read_cog(write(tmp_path / "membres_2021.csv", text))
    assert len(net.ties) == 2
    assert report.count("noted", "several_epci") == 1


def test_a_file_whose_siren_a_spreadsheet_rounded_is_refused(tmp_path):
    rows = "".join(f"2,43701E+08;37{number:03d};x\n" for number in range(1, 21))
    path = write(tmp_path / "membres_2021.csv", "siren_epci;code_insee;nom_commune\n" + rows)
    message = r"membres_2021\.csv, line 2, column 'siren_epci': '2,43701E\+08' cannot be read \(rounded.*20 of 20 rows"
    with pytest.raises(TableError, match=message):
        read_cog(path)


@pytest.mark.parametrize(("vintage", "region"), [(2020, "24"), (2016, "24"), (2015, None), (None, None)])
def test_a_region_that_no_file_tells_is_that_of_the_departement_since_2016(tmp_path, vintage, region):
    path = write(tmp_path / "membres.csv", "siren_epci,code_insee\n243700754,37261\n")
    actors = read_cog(path, vintage=vintage).network.actors
    assert actors["region"].astype("object").where(actors["region"].notna(), None).tolist() == [region, region]


def test_the_region_that_a_file_tells_stands(tmp_path):
    text = "siren_epci,code_insee,dep,reg\n243700754,37261,37,99\n"
    assert read_cog(write(tmp_path / "m_2020.csv", text)).network.actors["region"].tolist() == ["99", "99"]


def test_the_regions_of_2023_are_those_that_its_file_names(shared):
    """The file names each région and gives no code: the names of the codes found are compared with it."""
    path = shared / "cog-epci/2023/com_epci_dep_reg.csv.gz"
    held = pd.read_csv(path, sep=";", dtype="str").drop_duplicates("com_code").set_index("com_code")["reg_name"]
    actors = read_cog(path).network.actors
    communes = actors[actors["kind"].eq("commune") & actors["insee"].isin(held.index)]
    codes = json.loads((shared / "cog-epci/2026/regions.json").read_text(encoding="utf-8"))
    names = communes["region"].map({one["code"]: one["nom"] for one in codes})
    same = names == communes["insee"].map(held)
    assert len(communes) > 34_900
    assert communes.loc[~same, "insee"].map(held).unique().tolist() == []
