"""Vintages: what looks lost from 2020 to 2026, and what a network becomes."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest

from reseau_territorial import Network, TableError, UnknownNameError
from reseau_territorial.opendata._data import communes_of
from reseau_territorial.opendata.cog import read_cog
from reseau_territorial.opendata.vintages import commune_succession, epci_succession, lost_memberships, to_vintage


@pytest.fixture(scope="module")
def vintages(shared):
    def members(year: int) -> Network:
        return read_cog([shared / f"cog-epci/{year}/{name}" for name in ("epci_membres.csv.gz", "epci.csv")]).network

    return members(2020), members(2026)


@pytest.mark.slow
def test_312_memberships_look_lost_and_29_are_real_moves(vintages):
    lost = lost_memberships(vintages[0], after=vintages[1])
    causes = lost["cause"].value_counts()
    assert len(lost) == 312
    assert causes["commune_merged"] == 104
    assert causes["epci_replaced"] + causes["epci_split"] == 179
    assert causes["moved"] == 29


@pytest.mark.slow
def test_once_brought_to_2026_only_real_changes_remain(vintages):
    net, report = to_vintage(vintages[0], 2026)
    assert report.count("noted", "commune_merged") == 104
    assert report.count("noted", "moved") == 29
    mapped = set(map(tuple, net.ties[["source", "target"]].to_numpy()))
    now = set(map(tuple, vintages[1].ties[["source", "target"]].to_numpy()))
    told = report.findings["reason"].isin(["moved", "merged_elsewhere"]).sum()
    assert 0 < len(mapped - now) <= told
    # what 2026 has more: the other end of those moves, and communes that were made again
    assert len(now - mapped) < 40


def test_population_is_kept_when_communes_merge():
    actors = pd.DataFrame(
        {
            "actor": ["a", "b", "c"],
            "insee": ["02077", "02564", "37261"],
            "kind": "commune",
            "population": [100, 50, 7],
        }
    )
    ties = pd.DataFrame(
        {
            "source": ["a", "b", "c", "a", "c", "a"],
            "target": ["c", "c", "a", "b", "b", "c"],
            "layer": ["grant", "grant", "grant", "grant", "membership", "membership"],
            "weight": [10.0, 5.0, 2.0, 1.0, 1.0, 1.0],
        }
    )
    net, report = to_vintage(Network(ties, actors=actors))
    assert net.actors["population"].to_dict() == {"b": 150, "c": 7}
    grants = net.ties[net.ties["layer"] == "grant"]
    assert grants["weight"].sum() == 17.0  # the tie inside the new commune is gone, and told
    assert report.count("decided", "inner_tie") == 1


def test_an_epci_that_was_replaced_takes_its_ties_and_name():
    actors = pd.DataFrame(
        {
            "actor": ["245900410", "245901061", "x"],
            "siren": ["245900410", "245901061", None],
            "kind": ["epci", "epci", "company"],
        }
    )
    ties = pd.DataFrame(
        {"source": ["x", "x"], "target": ["245900410", "245901061"], "layer": "contract", "weight": [3.0, 4.0]}
    )
    net, report = to_vintage(Network(ties, actors=actors, directed=True), 2026)
    assert net.ties["target"].tolist() == ["200093201", "200093201"]
    assert net.ties["weight"].sum() == 7.0
    assert net.actors.loc["200093201", ["name", "siren"]].tolist() == ["Métropole Européenne de Lille", "200093201"]
    assert report.count("noted", "epci_replaced") == 2
    # by 2020 Lille had not changed yet
    same, _ = to_vintage(Network(ties, actors=actors, directed=True), 2020)
    assert same.ties["target"].tolist() == ["245900410", "245901061"]


def test_provision_and_territories_follow():
    actors = pd.DataFrame(
        {
            "actor": ["a", "asso"],
            "insee": ["02077", None],
            "territory": ["02077", "02077"],
            "kind": ["commune", "association"],
        }
    )
    provision = pd.DataFrame({"actor": ["a"], "need": ["masks"], "territory": ["02077"]})
    net, _ = to_vintage(Network(actors=actors, provision=provision))
    assert net.provision["territory"].tolist() == ["02564"]
    assert net.actors.loc["asso", "territory"] == "02564"
    assert net.provision["actor"].tolist() == [net.actors.index[net.actors["kind"] == "commune"][0]]


@pytest.mark.parametrize("year", [2019, 2027, "today"])
def test_what_has_no_succession_table_is_refused(year):
    with pytest.raises(UnknownNameError, match=f"vintage with a succession table named '{year}'"):
        to_vintage(Network(actors=pd.DataFrame({"actor": ["a"]})), year)


def communes(*codes: str, **columns: object) -> Network:
    return Network(actors=pd.DataFrame({"actor": [f"c{code}" for code in codes], "insee": list(codes), **columns}))


def codes_in(net: Network, year: int, **options) -> list[str]:
    return sorted(to_vintage(net, year, **options).network.actors["insee"])


def test_each_vintage_has_the_code_of_its_year():
    # Les Trois Lacs: 27676, then 27058 (2021 and 2022), then 27676 again.
    found = {year: codes_in(communes("27676"), year) for year in range(2020, 2027)}
    assert {year: code for year, (code,) in found.items()} == {
        2020: "27676", 2021: "27058", 2022: "27058", 2023: "27676", 2024: "27676", 2025: "27676", 2026: "27676",
    }  # fmt: skip
    # gone before the vintages of the package, to a commune that is itself gone by 2025: two steps
    assert codes_in(communes("27647"), 2020) == ["27676"]
    assert codes_in(communes("27647"), 2021) == ["27058"]


def test_a_commune_made_again_is_itself_again_and_nothing_is_divided():
    # Sannerville left Saline (Troarn) on 1 January 2020.
    assert codes_in(communes("14666"), 2026) == ["14666"]
    net, report = to_vintage(communes("14712", population=[5000]), 2020)
    assert net.actors["population"].tolist() == [5000]
    told = report.findings[report.findings["reason"].eq("commune_split")]
    assert told[["raw", "value"]].to_numpy().tolist() == [["14712", "14666"]]


def test_a_siren_decides_when_the_code_was_given_to_another_commune():
    # In 2024 Les Hauts-Talican (SIREN 200083483) left the code 60054 to Beaumont-les-Nonains, made again.
    by_siren, report = to_vintage(communes("60054", siren=["200083483"]), 2026)
    assert by_siren.actors["insee"].tolist() == ["60694"]
    assert report.count("noted", "commune_renumbered") == 1
    assert codes_in(communes("60054", siren=["216000539"]), 2026) == ["60054"]


@pytest.mark.slow
@pytest.mark.parametrize("vintage", range(2021, 2026))
def test_a_vintage_brought_to_2026_has_no_code_that_2026_lacks(vintage):
    old = communes_of(str(vintage)).query(f"first <= {vintage} <= last")
    now = communes_of("2026").query("last == 2026")
    assert set(codes_in(communes(*old.index), 2026)) <= set(now.index)


MOVEMENTS = """MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,\
TYPECOM_AP,COM_AP,TNCC_AP,NCC_AP,NCCENR_AP,LIBELLE_AP
10,2021-03-01,COM,37261,0,TOURS,Tours,Tours,COM,37261,0,TOURS,Tours,Tours-sur-Loire
21,2020-01-01,COM,14712,0,SALINE,Saline,Saline,COM,14666,0,SANNERVILLE,Sannerville,Sannerville
21,2020-01-01,COM,14712,0,SALINE,Saline,Saline,COM,14712,0,TROARN,Troarn,Troarn
21,2020-01-01,COMD,14666,0,SANNERVILLE,Sannerville,Sannerville,COM,14666,0,SANNERVILLE,Sannerville,Sannerville
21,2020-01-01,COMD,14712,0,TROARN,Troarn,Troarn,COM,14712,0,TROARN,Troarn,Troarn
32,2017-01-01,COM,14666,0,SANNERVILLE,Sannerville,Sannerville,COM,14712,0,SALINE,Saline,Saline
32,2017-01-01,COM,14666,0,SANNERVILLE,Sannerville,Sannerville,COMD,14666,0,SANNERVILLE,Sannerville,Sannerville
32,2017-01-01,COM,14712,0,TROARN,Troarn,Troarn,COM,14712,0,SALINE,Saline,Saline
32,2017-01-01,COM,14712,0,TROARN,Troarn,Troarn,COMD,14712,0,TROARN,Troarn,Troarn
32,2025-01-01,COM,22147,0,MERDRIGNAC,Merdrignac,Merdrignac,COM,22147,0,MERDRIGNAC,Merdrignac,Merdrignac
32,2025-01-01,COM,22309,0,SAINT LAUNEUC,Saint-Launeuc,Saint-Launeuc,COM,22147,0,MERDRIGNAC,Merdrignac,Merdrignac
32,2025-01-01,COM,22309,0,SAINT LAUNEUC,Saint-Launeuc,Saint-Launeuc,COMD,22309,0,SAINT LAUNEUC,x,Saint-Launeuc
50,2014-01-07,COM,14697,1,OUDON,Oudon,L'Oudon,COM,14472,1,OUDON,Oudon,L'Oudon
31,2017-01-01,COM,14472,1,OUDON,Oudon,L'Oudon,COM,14654,0,SAINT PIERRE EN AUGE,x,Saint-Pierre-en-Auge
41,1968-01-01,COM,78011,0,A,A,A,COM,91011,0,A,A,A
30,1977-01-01,COM,60001,0,B,B,B,COM,60002,0,C,C,C
30,1977-01-01,COM,60001,0,B,B,B,COM,60003,0,D,D,D
"""


@pytest.fixture
def movements(tmp_path):
    path = tmp_path / "v_mvtcommune_2025.csv"
    path.write_text(MOVEMENTS.replace("\\\n", ""), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("code", "year", "now"),
    [
        ("14666", 2017, "14712"),  # 1 January 2017 is in the vintage 2017
        ("14666", 2016, "14666"),
        ("14666", 2019, "14712"),
        ("14666", 2020, "14666"),  # made again
        ("14697", 2014, "14697"),  # 7 January 2014 is not in the vintage 2014
        ("14697", 2015, "14472"),
        ("14697", 2025, "14654"),  # a new code, then a merger
        ("22309", 2025, "22147"),
        ("78011", 2025, "91011"),
        ("60001", 2025, "60001"),  # shared out: no heir
        ("37261", 2025, "37261"),
    ],
)
def test_the_file_of_movements_gives_the_code_at_a_date(movements, code, year, now):
    assert codes_in(communes(code), year, successions=movements) == [now]


def test_what_movements_did_is_told(movements):
    net, report = to_vintage(communes("60001", "14712", "22309", "22147"), 2025, successions=movements)
    assert sorted(net.actors["insee"]) == ["14712", "22147", "60001"]
    noted = report.findings.set_index("reason")["value"]
    assert noted["commune_shared_out"] == "60002, 60003"
    assert noted["commune_split"] == "14666"
    assert noted["commune_merged"] == "22147"
    assert report.files[["rows", "kept"]].to_numpy().tolist() == [[17, 12]]  # five are about communes déléguées


def test_lower_case_headers_and_lost_zeros_are_read_and_bad_rows_told(tmp_path):
    path = tmp_path / "mvtcommune-01012020.csv"
    header = MOVEMENTS.replace("\\\n", "").splitlines()[0].lower()
    rows = [
        "32;2019-01-01;COM;1144;0;x;x;x;COM;1079;0;x;x;Champdor-Corcelles".replace(";", ","),
        "32,hier,COM,01145,0,x,x,x,COM,01079,0,x,x,y",
        "32,2019-01-01,COM,INO,0,x,x,x,COM,01079,0,x,x,y",
    ]
    path.write_text("\n".join([header, *rows]) + "\n")
    found = commune_succession(path)
    assert found[["successor", "when"]].to_numpy().tolist() == [["01079", "2019-01-01"]]
    assert found.index.tolist() == ["01144"]
    _, report = to_vintage(communes("01144"), 2020, successions=path)
    refused = report.findings[report.findings["action"].eq("refused")]
    assert refused[["line", "column", "raw"]].to_numpy().tolist() == [[3, "date_eff", "hier"], [4, "com_av", "INO"]]


@pytest.mark.parametrize("chosen", ["2023", "2025"])
def test_a_sheet_of_a_workbook_of_movements_is_chosen_as_the_refusal_says(movements, tmp_path, chosen):
    lines = [line.split(",") for line in movements.read_text(encoding="utf-8").splitlines()]
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    # The older sheet lacks the movements of 2025.
    for title, rows in (("2023", [line for line in lines if not line[1].startswith("2025")]), ("2025", lines)):
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "v_mvtcommune_2025.xlsx"
    workbook.save(path)
    for refused in (commune_succession, lambda book: to_vintage(communes("22309"), 2025, successions=book)):
        with pytest.raises(TableError, match=r"several sheets .*'2023', '2025'.* choose one, sheet='2025'"):
            refused(path)
    merged = chosen == "2025"
    assert ("22309" in commune_succession(path, sheet=chosen).index) == merged
    found = codes_in(communes("22309"), 2025, successions=path, sheet=chosen)
    assert found == (["22147"] if merged else ["22309"])


def test_movements_that_stop_before_the_vintage_are_refused(movements):
    with pytest.raises(TableError, match="movements of communes go up to 2025, not 2026; give the file"):
        to_vintage(communes("22309"), 2026, successions=movements)


def test_a_file_of_movements_given_as_communes_is_sent_to_its_reader(movements):
    with pytest.raises(
        TableError, match=r"v_mvtcommune_2025\.csv, line 1: movements\. This is a file for to_vintage.*successions="
    ):
        read_cog(movements)


def test_the_succession_of_epci_of_the_dgcl(tmp_path):
    path = tmp_path / "succession-epci.csv"
    path.write_text(
        "siren_epci;libelle;date_debut;date_fin;siren_en_cours\n"
        "245900410;MEL;01/01/2015;31/12/2020;200093201\n"
        "200093201;MEL;01/01/2021;;200093201\n"
        "200071157;CC des Hautes Vosges;01/01/2017;31/12/2021;200096634\n"
        "200071157;CC des Hautes Vosges;01/01/2017;31/12/2021;200096642\n"
    )
    table = epci_succession(path).set_index(["siren", "successor"])
    assert table["relation"].to_dict() == {
        ("245900410", "200093201"): "replaced",
        ("200071157", "200096634"): "split",
        ("200071157", "200096642"): "split",
    }
    actors = pd.DataFrame({"actor": ["245900410"], "siren": ["245900410"], "kind": ["epci"]})
    for year, now in ((2020, "245900410"), (2021, "200093201")):
        assert to_vintage(Network(actors=actors), year, successions=path).network.actors.index.tolist() == [now]


def test_succession_tables_are_functions_of_the_code():
    steps = commune_succession()
    assert steps.index.is_unique
    groups = epci_succession()
    assert (
        groups.groupby("siren")["successor"]
        .nunique()
        .gt(1)
        .eq(groups.groupby("siren")["relation"].first().eq("split"))
        .all()
    )


@pytest.mark.parametrize("year", range(2020, 2027))
def test_no_weight_is_lost_from_a_vintage_to_a_later_one(year):
    # A merger (02077, 02564), a commune made again (14666 of 14712), a code given back (27676), Corsica, overseas.
    codes = ["02077", "02564", "14712", "14666", "27676", "27058", "2A004", "2B033", "97411", "75056"]
    pairs = [(f"c{one}", f"c{two}") for one in codes for two in codes if one != two]
    ties = pd.DataFrame(pairs, columns=["source", "target"]).assign(layer="grant")
    ties["weight"] = [float(rank) for rank in range(1, len(ties) + 1)]
    actors = pd.DataFrame({"actor": [f"c{code}" for code in codes], "insee": codes, "kind": "commune"})
    net, report = to_vintage(Network(ties, actors=actors.assign(population=10), directed=True), year)
    told = report.findings.query("reason == 'inner_tie'")["value"].astype("float64").sum()
    assert net.ties["weight"].sum() + told == ties["weight"].sum()
    assert net.actors["population"].sum() == 10 * len(codes)
    assert {"2A004", "2B033", "97411", "75056"} <= set(net.actors["insee"])


def test_a_chain_of_two_changes_in_one_step_or_in_two():
    steps = to_vintage(to_vintage(communes("27647"), 2021).network, 2023).network
    assert steps.actors["insee"].tolist() == codes_in(communes("27647"), 2023) == ["27676"]


def test_the_code_of_corsica_before_1976_is_the_one_of_today():
    assert codes_in(communes("20004"), 2026) == ["2A004"]
