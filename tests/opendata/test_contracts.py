"""Public contracts: every DECP version, groups of holders, modifications, repeats, amounts that are none."""

from __future__ import annotations

import json
import math
import os
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau_territorial.errors import TableError, UnknownNameError
from reseau_territorial.opendata._alike import fold_name
from reseau_territorial.opendata.contracts import _parts, read_contracts

SHARED = Path(os.environ.get("RESEAU_SHARED", Path(__file__).parents[3] / "shared")) / "data/decp"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")

AXIMA = {"typeIdentifiant": "SIRET", "id": "85480074501125", "denominationSociale": "AXIMA"}
HERVE = {"typeIdentifiant": "SIRET", "id": "62722004900654", "denominationSociale": "HERVE"}
HELLMAN = {"typeIdentifiant": "TVA", "id": "DE814864138", "denominationSociale": "Hellman Gmbh"}


def market(number="1", amount=90000, holders=(AXIMA,), **more):
    return {
        "id": number,
        "acheteur": {"id": "21370261600011", "nom": "Ville de Tours"},
        "montant": amount,
        "dateNotification": "2019-02-01+01:00",
        "objet": "Travaux",
        "titulaires": list(holders),
        "modifications": [],
        **more,
    }


def read(tmp_path, *markets, **options):
    path = tmp_path / "decp.json"
    path.write_text(json.dumps({"marches": list(markets)}), encoding="utf-8")
    return read_contracts(path, **options)


def test_one_amount_belongs_to_the_whole_group_of_holders(tmp_path):
    net, report = read(tmp_path, market(amount=100, holders=(AXIMA, HERVE, HELLMAN)))
    assert sorted(net.ties["weight"]) == [33.33, 33.33, 33.34]
    assert report.euros == 100.0
    assert net.ties["holders"].tolist() == [3, 3, 3]


@given(euros=st.integers(0, 10**11), holders=st.integers(1, 40))
def test_the_parts_of_an_amount_make_it_to_the_cent(euros, holders):
    ranks = pd.Series(range(holders))
    parts = _parts(pd.Series(euros / 100, index=ranks.index), pd.Series(holders, index=ranks.index), ranks).tolist()
    assert round(math.fsum(parts) * 100) == euros
    assert max(parts) - min(parts) < 0.011


def test_the_last_modification_stands(tmp_path):
    changes = [
        {"dateNotificationModification": "2020-05-01", "montant": 120000},
        {"dateNotificationModification": "2019-05-01", "montant": 95000, "titulaires": [HERVE]},
    ]
    net, report = read(tmp_path, market(modifications=changes))
    assert net.ties[["target", "weight"]].values.tolist() == [["627220049", 120000.0]]
    modified = report.findings[report.findings["reason"] == "modified"]
    assert modified[["raw", "value"]].values.tolist() == [[90000, 120000]]


@pytest.mark.parametrize("zero", [0, "0", "0,00", -500])
def test_a_modification_of_no_euro_leaves_the_amount_and_is_told(tmp_path, zero):
    """Two buyers of 2019 wrote 0 for what does not change: the size of a print, the shares of three holders."""
    changes = [
        {"dateNotificationModification": "2019-05-01", "montant": 95000},
        {"dateNotificationModification": "2020-05-01", "montant": zero, "dureeMois": 6, "titulaires": [HERVE]},
    ]
    net, report = read(tmp_path, market(modifications=changes))
    assert net.ties[["target", "weight", "months"]].values.tolist() == [["627220049", 95000.0, 6.0]]
    told = report.findings.set_index("reason")[["raw", "value"]]
    assert told.loc["modified_to_zero"].tolist() == [zero, 95000]
    assert told.loc["modified"].tolist() == [90000, 95000]


def test_a_contract_of_no_euro_from_its_start_stays_one(tmp_path):
    changes = [{"dateNotificationModification": "2019-05-01", "montant": 0}]
    with pytest.warns(UserWarning, match="no contract has an amount"):
        net, report = read(tmp_path, market(amount=0, modifications=changes))
    assert net.ties["weight"].tolist() == [0.0]
    assert report.count("decided", "modified_to_zero") == 0


OPERATED = {
    "id": "C1",
    "autoriteConcedante": {"id": "21370261600011"},
    "valeurGlobale": 50000,
    "dateSignature": "2024-03-01",
    "concessionnaires": [{"concessionnaire": {"typeIdentifiant": "SIRET", "id": "42199758600035"}}],
}


@pytest.mark.parametrize(
    "name", ["contrat-concession", "contrat_concession", "contratConcession", "concessions", "ContratsConcession"]
)
@pytest.mark.parametrize(
    "document",
    [
        lambda name: {"marches": {"marche": [market()], name: [OPERATED]}},
        lambda name: {"marches": {name: [OPERATED], "marche": [market()]}},
        lambda name: {"marches": {"marche": market(), name: OPERATED}},
        lambda name: {"marches": {"marche": [market()], name: {name: [OPERATED]}}},
        lambda name: {"marches": [market()], name: [OPERATED]},
        lambda name: {"marches": [{"marche": [market()]}, {name: [OPERATED]}]},
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])  # read in one stream, or whole
def test_concessions_are_read_under_any_name(tmp_path, name, document, encoding):
    path = tmp_path / "decp.json"
    text = json.dumps(document(name), ensure_ascii=False).replace("Travaux", "Études")
    path.write_text(text, encoding=encoding)
    net, report = read_contracts(path)
    assert net.ties.set_index("target")["weight"].to_dict() == {"854800745": 90000.0, "421997586": 50000.0}
    assert net.ties.set_index("target")["nature"].to_dict()["421997586"] == "Concession"
    assert report.findings["reason"].eq("list_not_read").sum() == 0


@pytest.mark.parametrize("tag", ["contrat-concession", "contrat_concession", "concession"])
def test_concessions_are_read_under_any_tag(tmp_path, tag):
    path = tmp_path / "decp.xml"
    path.write_text(
        f"<marches><concessions><{tag}><id>C1</id><autoriteConcedante><id>21370261600011</id></autoriteConcedante>"
        "<valeurGlobale>50000</valeurGlobale><dateSignature>2024-03-01</dateSignature><concessionnaires>"
        "<concessionnaire><typeIdentifiant>SIRET</typeIdentifiant><id>42199758600035</id></concessionnaire>"
        f"</concessionnaires></{tag}></concessions></marches>",
        encoding="utf-8",
    )
    net, _ = read_contracts(path)
    assert net.ties[["target", "weight", "nature"]].values.tolist() == [["421997586", 50000.0, "Concession"]]


def test_a_list_that_is_not_read_is_named_with_its_records(tmp_path):
    path = tmp_path / "decp.json"
    document = {"marches": {"marche": [market()], "avis": [{"a": 1}, {"b": [{"c": 2}]}]}, "sources": [{"d": 1}]}
    path.write_text(json.dumps(document), encoding="utf-8")
    _, report = read_contracts(path)
    told = report.findings[report.findings["reason"] == "list_not_read"]
    assert told[["action", "column", "raw"]].values.tolist() == [
        ["refused", "marches.avis", "2"],
        ["refused", "sources", "1"],
    ]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"marches": {"marche": []}}, "'marches' (an object whose keys are 'marche' (a list of nothing))"),
        ({"total": 0, "results": []}, "'total' (0), 'results' (a list of nothing)"),
        ([{"id": 1}, None], "a list of 2, 1 of which are no objects: null"),
        ({}, "an object without keys"),
    ],
)
def test_json_without_records_is_refused_with_its_keys(tmp_path, document, told):
    path = tmp_path / "decp.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(TableError, match=re.escape(told)) as refused:
        read_contracts(path)
    assert "A list of objects is expected" in str(refused.value)


def test_a_contract_published_twice_is_counted_once_and_told(tmp_path):
    markets = [market("2024130"), market("20241301"), market("777")]
    net, report = read(tmp_path, *markets)
    assert net.ties["weight"].sum() == 180000.0  # 777 is no number of the other two: another contract
    assert report.count("counted_twice", "repeated_contract") == 1
    assert read(tmp_path, *markets, repeats="keep").report.euros == 270000.0


def test_lots_of_one_number_are_different_contracts(tmp_path):
    _, report = read(tmp_path, market("A", objet="Lot 1"), market("A", objet="Lot 2"))
    assert report.euros == 180000.0


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (12311111111, "amount_sentinel"),
        (999999999, "amount_placeholder"),
        (99999999, "amount_placeholder"),
        (1, "amount_symbolic"),
        (0, "amount_symbolic"),
        (None, "amount_missing"),
        (25_000_000_000, "amount_absurd"),
        ("15 000- 89 999,99", "amount_range"),
        ("à définir", "amount_text"),
    ],
)
def test_amounts_that_are_none_are_ties_of_weight_zero(tmp_path, amount, reason):
    net, report = read(tmp_path, market(amount=amount), market("2", 500))
    assert sorted(net.ties["weight"]) == [0.0, 500.0]
    assert report.count("refused", reason) == 1
    assert report.euros == 500.0


def test_a_large_amount_is_kept_and_told(tmp_path):
    _, report = read(tmp_path, market(amount=350_000_000.5))
    assert report.euros == 350_000_000.5
    assert report.count("noted", "large_amount") == 1


def test_foreign_identifiers_keep_their_scheme(tmp_path):
    other = {"typeIdentifiant": "HORS-UE", "id": "CHCIESTT", "denominationSociale": "Cie STT"}
    net = read(tmp_path, market(holders=(HELLMAN, other))).network
    assert set(net.ties["target"]) == {"TVA:DE814864138", "HORS-UE:CHCIESTT"}
    assert net.actors.loc["TVA:DE814864138", "siren"] is pd.NA or pd.isna(net.actors.loc["TVA:DE814864138", "siren"])


def test_an_impossible_date_leaves_the_tie_undated(tmp_path):
    net, report = read(tmp_path, market(dateNotification="0218-07-28"))
    assert net.ties["period"].isna().all()
    assert report.count("refused", "date_impossible") == 1


def test_sole_traders_are_masked_unless_kept(tmp_path):
    trader = {"typeIdentifiant": "SIRET", "id": "808486815", "denominationSociale": "Madame Jeanne BAZAR"}
    masked = read(tmp_path, market(holders=(trader,))).network
    assert not masked.actors["name"].str.contains("BAZAR").any()
    assert not masked.actors.index.str.contains("808486815").any()
    kept = read(tmp_path, market(holders=(trader,)), persons="keep").network
    assert kept.actors.loc["808486815", "name"] == "Madame Jeanne BAZAR"


def test_version_2_of_json_unwraps_its_holders(tmp_path):
    record = market(titulaires=[{"titulaire": {"typeIdentifiant": "SIRET", "id": "85480074501125"}}])
    concession = {
        "id": "c1",
        "autoriteConcedante": {"id": "21370261600011"},
        "dateSignature": "2024-04-02",
        "valeurGlobale": 1000.5,
        "concessionnaires": [{"concessionnaire": {"typeIdentifiant": "SIRET", "id": "62722004900654"}}],
        "modifications": [{"modification": {"dateSignatureModification": "2024-05-01", "valeurGlobale": 2000.5}}],
    }
    path = tmp_path / "v2.json"
    path.write_text(json.dumps({"marches": {"marche": [record], "contrat-concession": [concession]}}), encoding="utf-8")
    net, report = read_contracts(path)
    assert report.euros == 92000.5
    assert set(net.ties["target"]) == {"854800745", "627220049"}


def test_xml_says_the_same_as_json(tmp_path):
    path = tmp_path / "v2.xml"
    path.write_text(
        "<marches><marche><id>1</id><acheteur><id>21370261600011</id></acheteur><montant>575000</montant>"
        "<dateNotification>2024-05-15</dateNotification><titulaires><titulaire><id>85480074501125</id>"
        "<typeIdentifiant>SIRET</typeIdentifiant></titulaire><titulaire><id>62722004900654</id>"
        "<typeIdentifiant>SIRET</typeIdentifiant></titulaire></titulaires></marche></marches>",
        encoding="utf-8",
    )
    net, _ = read_contracts(path)
    assert net.ties[["target", "weight"]].values.tolist() == [["854800745", 287500.0], ["627220049", 287500.0]]


def test_a_bare_list_of_records_is_read(tmp_path):
    path = tmp_path / "list.json"
    path.write_text(json.dumps([market(amount="1234.56", titulaires=None), market(id="2")]), encoding="utf-8")
    net, report = read_contracts(path)
    assert len(net.ties) == 1
    assert report.totals.set_index("fate")["euros"]["no_payee"] == 1234.56


def test_a_json_file_without_contracts_is_refused(tmp_path):
    path = tmp_path / "schema.json"
    path.write_text(json.dumps({"marches": []}), encoding="utf-8")
    with pytest.raises(TableError):
        read_contracts(path)


def test_the_consolidated_table_as_parquet(tmp_path):
    path = tmp_path / "decp.parquet"
    table = pd.DataFrame(
        {
            "uid": ["u1", "u1", "u2"],
            "acheteur_id": ["21370261600011"] * 3,
            "titulaire_id": ["85480074501125", "62722004900654", "85480074501125"],
            "montant": [1000.0, 1000.0, 12311111111.0],
            "dateNotification": pd.to_datetime(["2024-07-01", "2024-07-01", "2024-08-01"]),
            "donneesActuelles": [True, True, True],
        }
    )
    table.to_parquet(path)
    net, report = read_contracts(path)
    assert report.euros == 1000.0
    assert net.periods == ("2024",)
    assert report.count("refused", "amount_sentinel") == 1


def test_xml_entities_are_refused(tmp_path):
    path = tmp_path / "bomb.xml"
    path.write_text('<!DOCTYPE x [<!ENTITY a "b">]><marches></marches>', encoding="utf-8")
    with pytest.raises(TableError, match="XML entities"):
        read_contracts(path)


def test_a_cut_json_file_is_refused_with_the_place(tmp_path):
    path = tmp_path / "cut.json"
    path.write_text('{"marches": [\n{"id": 1,\n', encoding="utf-8")
    with pytest.raises(TableError, match=r"cut.json, line 3, column 1: this is not JSON"):
        read_contracts(path)


def test_a_table_keeps_the_current_rows_and_counts_an_amount_once_per_contract(tmp_path):
    path = tmp_path / "decp.csv"
    path.write_text(
        "uid,id,acheteur_id,titulaire_id,montant,dateNotification,donneesActuelles\n"
        "u1,1,21370261600011,85480074501125,1000,2024-07-01,false\n"
        "u1,1,21370261600011,85480074501125,1500,2024-07-01,true\n"
        "u1,1,21370261600011,62722004900654,1500,2024-07-01,true\n",
        encoding="utf-8",
    )
    net, report = read_contracts(path)
    assert net.ties["weight"].tolist() == [750.0, 750.0]
    totals = report.totals.set_index("fate")["euros"].to_dict()
    assert totals == {"kept": 1500.0, "superseded": 1000.0, "repeated_for_holders": 1500.0}


TABLE = "id;acheteur_id;objet;dateNotification;montant;titulaire_id_1;titulaire_typeIdentifiant_1"
ROW = "{number};20006258600157;{title};2019-11-05;{euros};{holder};SIRET"


def read_table(tmp_path, header, *rows):
    path = tmp_path / "decp.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    net, report = read_contracts(path)
    return sorted(net.ties[["target", "weight"]].itertuples(index=False, name=None)), report


def test_the_modifications_that_a_cell_lists_are_applied(tmp_path):
    changes = [
        {"modification": {"dateNotificationModification": "2020-06-01", "montant": 2000.5}},
        {"modification": {"dateNotificationModification": "2020-01-01", "montant": 7, "titulaires": [HERVE]}},
    ]
    row = ROW.format(number=1, title="Voirie", euros="1500,5", holder="42199758600035")
    cell = json.dumps(changes).replace('"', '""')
    ties, report = read_table(tmp_path, f"{TABLE};modifications", f'{row};"{cell}"', row.replace("1;", "2;", 1) + ";")
    assert ties == [("421997586", 1500.5), ("627220049", 2000.5)]
    assert report.findings.query("reason == 'modified'")[["line", "value"]].values.tolist() == [[2, 2000.5]]


def test_of_the_versions_of_a_contract_the_last_one_counts(tmp_path):
    """The consolidated table says which version stands; without that column, the number of the version does."""
    row = ROW.format(number=1, title="Voirie", euros="{euros}", holder="42199758600035")
    rows = [row.format(euros=euros) + f";{version}" for euros, version in (("100.5", 0), ("150.5", 10), ("130.5", 9))]
    ties, report = read_table(tmp_path, f"{TABLE};modification_id", *rows)
    assert ties == [("421997586", 150.5)]
    assert report.count("decided", "superseded") == 2


@pytest.mark.parametrize("column", ["modification_id", "donneesActuelles"])
def test_a_version_of_no_euro_has_the_amount_of_the_one_before_it(tmp_path, column):
    row = ROW.format(number=1, title="Voirie", euros="{euros}", holder="42199758600035")
    marks = (0, 1, 2) if column == "modification_id" else ("non", "non", "oui")
    rows = [row.format(euros=euros) + f";{mark}" for euros, mark in zip(("100.5", "150.5", "0"), marks, strict=True)]
    ties, report = read_table(tmp_path, f"{TABLE};{column}", *rows)
    assert ties == [("421997586", 150.5)]
    told = report.findings[report.findings["reason"] == "modified_to_zero"]
    assert told[["line", "raw", "value"]].astype("str").values.tolist() == [["4", "0", "150.5"]]


def test_a_modification_of_no_euro_in_a_cell_leaves_the_amount(tmp_path):
    row = ROW.format(number=1, title="Voirie", euros="1500,5", holder="42199758600035")
    cell = json.dumps([{"dateNotificationModification": "2020-06-01", "montant": 0}]).replace('"', '""')
    ties, report = read_table(tmp_path, f"{TABLE};modifications", f'{row};"{cell}"')
    assert ties == [("421997586", 1500.5)]
    assert report.count("decided", "modified_to_zero") == 1


def test_lots_of_one_number_and_amount_are_told_apart_by_their_objects(tmp_path):
    rows = [
        ROW.format(number=1, title="Lot 1", euros="100", holder="42199758600035"),
        ROW.format(number=1, title="Lot 2", euros="100", holder="62722004900654"),
        ROW.format(number=2, title="Lot 3", euros="100", holder="42199758600035"),
        ROW.format(number=2, title="Lot 3", euros="100", holder="62722004900654"),
    ]
    ties, _ = read_table(tmp_path, TABLE, *rows)
    assert ties == [("421997586", 50.0), ("421997586", 100.0), ("627220049", 50.0), ("627220049", 100.0)]


def test_suppliers_under_the_name_of_buyers_need_the_buyer(tmp_path):
    path = tmp_path / "mormal.csv"
    path.write_text(
        "MARCHE_ID,ACHETEURS_ID,ACHETEURS_NOM,MARCHE_OBJET,PUBLICATION_DATE,MONTANT\n"
        '3,446 720 633 00010,P.HANNOTIAUX,Menuiseries,05-16,"90 000- 5 185 999,99"\n',
        encoding="utf-8",
    )
    with pytest.raises(TableError, match=r"no column of holders.*buyer="):
        read_contracts(path)
    said = r"mormal\.csv: no contract has an amount .*: 1 × range of amounts \(line 2\)\. All its ties weigh 0"
    with pytest.warns(UserWarning, match=said):
        net, _ = read_contracts(path, buyer="CC du Pays de Mormal", buyer_id="200043321")
    tie = net.ties.iloc[0]
    assert (tie["source"], tie["target"], tie["period"], tie["low"], tie["high"]) == (
        "200043321", "446720633", "2016", 90000.0, 5185999.99,
    )  # fmt: skip


def test_a_misspelt_treatment_of_repeats_is_refused(tmp_path):
    with pytest.raises(UnknownNameError, match="treatment of repeats"):
        read(tmp_path, market(), repeats="twice")


# Real files --------------------------------------------------------------------------------------------


@needs_shared
@pytest.mark.parametrize(
    ("file", "euros"),
    [
        ("2019-format-json/data.gouv.fr-pes-2019-04-05.json.gz", 381632899.16),
        ("2019-format-json/marches-publics.info-2019-03-07.json.gz", 1120682255.62),
    ],
)
def test_the_json_files_of_2019_to_the_euro(file, euros):
    from reseau_territorial.opendata._content import open_content
    from reseau_territorial.opendata._records import parse_json

    net, report = read_contracts(SHARED / file)
    assert report.euros == pytest.approx(euros, abs=0.005)
    assert net.ties["weight"].sum() == pytest.approx(euros, abs=0.005)
    records = parse_json(file, open_content(SHARED / file).read())["marches"]
    whole = 0.0
    for record in records:
        amounts = [record.get("montant", record.get("valeurGlobale"))]
        changes = sorted(record["modifications"], key=lambda change: change["dateNotificationModification"])
        amounts += [change["montant"] for change in changes if change.get("montant")]
        whole += amounts[-1] or 0
    assert report.totals["euros"].sum() == pytest.approx(whole, abs=0.05)


@needs_shared
def test_the_table_of_2024_to_the_euro():
    path = SHARED / "2024-format-tabulaire/decp-2024H2-travaux-cpv4521.csv.gz"
    _, report = read_contracts(path)
    whole = pd.read_csv(path, dtype={"montant": float}, low_memory=False)["montant"].sum()
    assert report.totals["euros"].sum() == pytest.approx(whole, abs=0.05)


@needs_shared
@pytest.mark.parametrize(
    "path", sorted(SHARED.glob("schema/v20*/*con*.*")) if SHARED.exists() else [], ids=lambda p: p.name
)
def test_the_examples_of_the_schemas_are_read(path):
    net, report = read_contracts(path)
    assert len(net.ties) >= 1
    assert report.euros > 0


@needs_shared
def test_four_buyers_of_2024_out_of_five_are_communes_epci_or_groupings_without_a_false_match():
    net, _ = read_contracts(SHARED / "2024-format-tabulaire/decp-2024H2-travaux-cpv4521.csv.gz")
    banatic = SHARED.parent / "banatic"
    perimeter = pd.read_csv(banatic / "perimetre-epci-a-fp-2025.csv.gz", sep=";", encoding="cp1252", dtype="str")
    groupings = pd.read_csv(banatic / "groupements-2021.csv", dtype="str")
    register = pd.concat(
        [
            perimeter[["siren_membre", "nom_membre"]].set_axis(["siren", "name"], axis=1),
            perimeter[["siren", "raison_sociale"]].set_axis(["siren", "name"], axis=1),
            groupings[["siren", "libelle"]].set_axis(["siren", "name"], axis=1),
        ]
    ).dropna()
    buyers = net.actors.loc[net.ties["source"].unique()]
    found = buyers["siren"].isin(set(register["siren"]))
    assert found.mean() >= 0.80
    matched = buyers[found].merge(register.drop_duplicates("siren"), on="siren", suffixes=("", "_register"))
    # A SIREN is exact; the names, which nothing was matched by, are the proof that none is false.
    words = [{*fold_name(name).split()} for name in matched["name"].fillna("")]
    known = [{*fold_name(name).split()} for name in matched["name_register"]]
    strangers = matched[[not (said & held) for said, held in zip(words, known, strict=True)]]
    assert dict(zip(strangers["name"], strangers["name_register"], strict=True)) == {
        "COMMUNAUTE DE COMMUNES DU PERCHE EMERAUDE": "CC du Pays de l'Huisne Sarthoise",  # its new name
        "COMMUNE DE CHATELGUYON (MAIRIE)": "Châtel-Guyon",
    }


@needs_shared
def test_the_kinds_of_the_buyers_are_known_without_any_other_file():
    net, _ = read_contracts(SHARED / "2024-format-tabulaire/decp-2024H2-travaux-cpv4521.csv.gz")
    buyers = net.actors.loc[net.ties["source"].unique()]
    local = buyers["kind"].isin(["commune", "epci", "grouping", "departement", "region", "local_authority"])
    assert local.mean() >= 0.835
    # SIREN that begin with 21 are communes, with 24 and 25 groupings: what is left of them is hand-checked.
    left = buyers[~local & buyers["siren"].str[:2].isin(["21", "22", "23", "24", "25"])]
    assert left["name"].tolist() == ["COM SYND GESTI INDI COM MEGEVE (ET DEMI-QUARTIER)"]
    others = buyers[buyers["name"].fillna("").str.contains(r"\b(?:CCAS|CIAS|ACTION SOCIALE)\b", regex=True)]
    assert len(others) >= 3
    assert not others["kind"].isin(["commune", "epci", "grouping"]).any()


def test_contracts_read_in_pieces_are_those_of_one_piece(tmp_path, monkeypatch):
    markets = [market(id=f"2019-{number}", montant=1000 + number) for number in range(7)]
    path = tmp_path / "marches.json"
    path.write_text(json.dumps({"marches": markets}), encoding="utf-8")
    whole = read_contracts(path).network
    monkeypatch.setattr("reseau_territorial.opendata._decp._PIECE_CONTRACTS", 2)
    pieces, report = read_contracts(path)
    assert pieces.equals(whole)
    assert report.euros == sum(1000 + number for number in range(7))


def test_a_json_file_that_is_not_utf8_is_read_whole(tmp_path):
    path = tmp_path / "marches.json"
    text = json.dumps({"marches": [market(objet="Réfection de la chaussée")]}, ensure_ascii=False)
    path.write_bytes(text.encode("cp1252"))
    assert read_contracts(path).network.ties["object"].tolist() == ["Réfection de la chaussée"]


RECORD = {
    "id": "2019A",
    "acheteur": {"id": "20006258600157", "nom": "COMMUNE DE FILLIERE"},
    "nature": "Marché",
    "objet": "École",
    "dateNotification": "2019-11-05",
    "montant": 61100.5,
    "titulaires": [{"typeIdentifiant": "SIRET", "id": "42199758600035", "denominationSociale": "ALU CONCEPT"}],
}
TIE = ("200062586", "421997586", 61100.5, "2019")


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record | {"acheteur": record["acheteur"]["id"]},
        lambda record: record | {"acheteur": int(record["acheteur"]["id"])},
        lambda record: record | {"titulaires": record["titulaires"][0]},
        lambda record: record | {"titulaires": [{"titulaire": record["titulaires"][0]}]},
        lambda record: record | {"titulaires": json.dumps(record["titulaires"])},
        lambda record: record | {"titulaires": str(record["titulaires"])},
        lambda record: record | {"montant": "61 100,50 €"},
        lambda record: record | {"dateNotification": "05/11/2019"},
        lambda record: {name.upper(): value for name, value in record.items()},
        # Fields of a catalogue's flat export; fields of both kinds on every record.
        lambda record: record | {"acheteur": None, "acheteur.id": record["acheteur"]["id"], "acheteur.nom": "Fillière"},
        lambda record: record | {"acheteur": [record["acheteur"]]},
        lambda record: record | {"acheteur": {"siret": record["acheteur"]["id"]}},
        lambda record: record | {"autoriteConcedante": "", "valeurGlobale": 0.0, "concessionnaires": ""},
        lambda record: record | {"autoriteConcedante": {"id": None}, "valeurGlobale": None, "concessionnaires": []},
        lambda record: record | {"titulaires": None, "titulaire": record["titulaires"][0]},
    ],
)
def test_records_written_otherwise(tmp_path, change):
    path = tmp_path / "decp-2019.json"
    path.write_text(json.dumps({"marches": [change(RECORD)]}), encoding="utf-8")
    ties = read_contracts(path).network.ties
    assert [*ties[["source", "target", "weight", "period"]].itertuples(index=False, name=None)] == [TIE]


CONCESSION = {
    "id": "C1",
    "autoriteConcedante": {"id": "20006258600157"},
    "nature": "Concession de service",
    "objet": "Stationnement",
    "dateSignature": "2019-11-05",
    "valeurGlobale": 1000.25,
    "montantSubventionPublique": 7,
    "donneesExecution": [
        {"donneesAnnuelles": {"depensesInvestissement": 15.3, "tarifs": [{"tarif": {"tarif": 14.29}}]}}
    ],
    "concessionnaires": [{"concessionnaire": {"typeIdentifiant": "SIRET", "id": "42199758600035"}}],
}


@pytest.mark.parametrize(
    "document",
    [
        {"marches": {"marche": RECORD, "contrat-concession": CONCESSION}},
        {"marches": {"marche": [RECORD], "contrat-concession": [CONCESSION]}},
        {"marches": [{"marche": RECORD}, {"contrat-concession": [CONCESSION]}]},
        {"data": {"marches": {"marche": [RECORD], "contrat-concession": [CONCESSION]}}},
        {"success": True, "result": {"total": 2, "records": [RECORD, CONCESSION]}},
        [RECORD, CONCESSION | {"acheteur": None, "montant": None, "titulaires": None}],
        [RECORD, CONCESSION | {"valeurGlobale": None, "montant": "1000,25"}],
    ],
)
def test_documents_wrapped_otherwise(tmp_path, document):
    path = tmp_path / "decp-2019.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    ties = read_contracts(path).network.ties
    assert sorted(ties["weight"]) == [1000.25, 61100.5]
    assert set(zip(ties["source"], ties["target"], strict=True)) == {TIE[:2]}


@pytest.mark.parametrize(
    "changes",
    [
        [{"id": 10, "dateNotificationModification": "2020-06-01", "montant": 5.5}, {"id": 9}],
        [
            {"id": 10, "dateNotificationModification": "2020-06-01", "montant": 5.5},
            {"id": 9, "dateNotificationModification": "2020-06-01", "montant": 4.5},
        ],
        [{"id": 1, "dateNotificationModification": "2020-06-01", "montant": 4.5}, {"id": 2, "montant": 5.5}],
        [{"dateNotificationModification": "2020-06-01", "montant": 4.5}, {"montant": 5.5}],
        [{"montant": 4.5}, {"dateNotificationModification": "2020-06-01", "montant": 5.5}],
        {"modification": {"dateNotificationModification": "2020-06-01", "montant": "5,50"}},
        json.dumps([{"modification": {"dateNotificationModification": "2020-06-01", "montant": 5.5}}]),
    ],
)
def test_the_last_of_modifications_stands_however_they_are_listed(tmp_path, changes):
    net, _ = read(tmp_path, market(modifications=changes))
    assert net.ties["weight"].tolist() == [5.5]


@pytest.mark.parametrize("changes", [None, "", [], {}, [{"titulaires": [{"titulaire": "id"}]}]])
def test_modifications_that_say_nothing_change_nothing(tmp_path, changes):
    net, _ = read(tmp_path, market(modifications=changes))
    assert net.ties[["target", "weight"]].values.tolist() == [["854800745", 90000.0]]


def test_a_record_whose_buyer_or_amount_is_no_value_is_told(tmp_path):
    path = tmp_path / "decp-2019.json"
    records = [RECORD, RECORD | {"id": "B", "acheteur": None}, RECORD | {"id": "C", "montant": {"v": 1}}]
    path.write_text(json.dumps({"marches": records}), encoding="utf-8")
    net, report = read_contracts(path)
    assert sorted(net.ties["weight"]) == [0, 61100.5]
    assert report.count("refused", "no_payer") == 1
    assert report.count("refused", "amount_text") == 1


def test_a_column_of_siren_is_no_column_of_amounts(tmp_path):
    path = tmp_path / "decp.csv"
    path.write_text(
        "uid,id,acheteur_id,titulaire_id,montant,dateNotification\n"
        "u1,1,21370261600011,85480074501125,627220049,2024-07-01\n"
        "u2,2,21370261600011,62722004900654,213702616,2024-07-02\n",
        encoding="utf-8",
    )
    with pytest.raises(TableError, match=r"decp\.csv, line 2, column 'montant': '627220049' is a SIREN"):
        read_contracts(path)


def test_negative_amounts_dashes_and_serial_dates_are_told(tmp_path):
    path = tmp_path / "decp.csv"
    path.write_text(
        "uid,id,acheteur_id,titulaire_id,montant,dateNotification\n"
        "u1,1,21370261600011,85480074501125,-1500,2024-07-01\n"
        "u2,2,21370261600011,62722004900654,-,2024-07-02\n"
        "u3,3,21370261600011,62722004900654,4500,45474\n",
        encoding="utf-8",
    )
    net, report = read_contracts(path)
    assert net.ties[["period", "weight"]].to_numpy().tolist() == [["2024", 0.0], ["2024", 4500.0]]
    assert report.totals.set_index("fate")["euros"].to_dict() == {
        "kept": 4500.0,
        "negative_amount": -1500.0,
        "amount_missing": 0.0,
    }


def test_one_tie_per_year_is_the_sum_of_its_contracts(tmp_path):
    header = (
        "uid,id,acheteur_id,acheteur_nom,objet,dateNotification,montant,titulaire_id,titulaire_nom,donneesActuelles\n"
    )
    lines = [
        "u1,2019-1,21370261600011,Tours,École,2019-02-01,1000,62722004900654,Hervé,oui",
        "u2,2019-2,21370261600011,Tours,École,2019-03-01,500,62722004900654,Hervé,oui",
        "u2,2019-2,21370261600011,Tours,École,2019-03-01,500,35600000000048,La Poste,oui",
        "u3,2019-3,21370261600011,Tours,Stade,2019-04-01,800,62722004900654,Hervé,non",
        "u4,2020-4,21370261600011,Tours,Stade,2020-04-01,12311111111,62722004900654,Hervé,oui",
        "u5,2020-5,21370261600011,Tours,Stade,2020-05-01,70,62722004900654,Hervé,oui",
        "v5,2020-5b,21370261600011,Tours,Stade,2020-05-01,70,62722004900654,Hervé,oui",
        ",,21370261600011,Tours,Sans numéro,2020-06-01,90,35600000000048,La Poste,oui",
        ",,21370261600011,Tours,Sans numéro,2020-06-01,90,62722004900654,Hervé,oui",
    ]
    path = tmp_path / "decp.csv"
    path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    net, report = read_contracts(path)
    sums, other = read_contracts(path, per="year")
    pairs = ["source", "target", "period"]
    expected = net.ties.astype({"period": "str"}).groupby(pairs)["weight"].agg(["sum", "size"]).reset_index()
    found = sums.ties.astype({"period": "str"})[[*pairs, "weight", "rows"]].sort_values(pairs)
    assert found.values.tolist() == expected.values.tolist()
    assert report.count("counted_twice", "repeated_contract") == 1
    assert report.euros == 1000 + 500 + 70 + 90
    assert net.actors.equals(sums.actors)
    for table in ("files", "findings", "totals", "checks", "fates"):
        pd.testing.assert_frame_equal(getattr(report, table), getattr(other, table))


COLUMNS = "id,acheteur_id,acheteur_nom,titulaire_id,objet,montant,dateNotification"


def table(path, *rows, columns=COLUMNS):
    path.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    return path


def test_rows_without_a_number_are_no_versions_of_one_contract(tmp_path):
    rows = (
        ",21370261600011,Tours,62722004900654,Pont,90000,2019-02-01,",
        ",21370261600011,Tours,62722004900654,École,50000,2019-03-01,1",
    )
    path = table(tmp_path / "a.csv", *rows, columns=f"{COLUMNS},modification_id")
    assert read_contracts(path).report.euros == 140_000.0


def test_a_contract_of_two_files_is_counted_once_by_row_and_by_year(tmp_path):
    row = "20191,21370261600011,Tours,62722004900654,{},90000,2019-02-01"
    paths = [table(tmp_path / f"{word}.csv", row.format(word)) for word in ("Travaux", "TRAVAUX")]
    assert [read_contracts(paths, per=per).report.euros for per in ("row", "year")] == [90_000.0] * 2


def test_a_workbook_and_a_table_of_texts_are_read_together(tmp_path):
    row = "20191,21370261600011,Tours,62722004900654,Pont,{},2019-02-01,{}"
    one = table(tmp_path / "a.csv", row.format(90000, "dix"), columns=f"{COLUMNS},dureeMois")
    two = tmp_path / "b.xlsx"
    frame = pd.read_csv(table(tmp_path / "b.csv", row.format(70000, 12), columns=f"{COLUMNS},dureeMois"))
    frame.assign(id="777").to_excel(two, index=False)
    assert read_contracts([one, two]).report.euros == 160_000.0


def test_a_parquet_file_may_hold_nested_holders(tmp_path):
    frame = pd.read_csv(table(tmp_path / "a.csv", "20191,21370261600011,Tours,,Pont,90000,2019-02-01"), dtype="str")
    frame = frame.drop(columns="titulaire_id")
    frame["titulaires"] = [[{"id": "62722004900654", "typeIdentifiant": "SIRET"}]]
    frame.to_parquet(tmp_path / "a.parquet")
    net, report = read_contracts(tmp_path / "a.parquet")
    assert (len(net.ties), report.euros) == (1, 90_000.0)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])  # read in one stream, or whole
def test_what_is_no_record_in_a_list_of_contracts_is_counted(tmp_path, encoding):
    path = tmp_path / "decp.json"
    document = {"marches": [market(), "é", None, [market()]]}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding=encoding)
    _, report = read_contracts(path)
    told = report.findings[report.findings["reason"] == "list_not_read"]
    assert told[["column", "raw"]].values.tolist() == [["marches", "3"]]
    assert report.euros == 90_000.0
