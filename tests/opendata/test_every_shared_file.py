"""Every open-data file that is beside the repository: a right network, or a refusal that says which reader to take.

What a file must give is counted here with csv, json and openpyxl, by hand, never with the readers.
"""

from __future__ import annotations

import ast
import csv
import gzip
import io
import json
import math
import os
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest

from reseau_territorial import ReseauError, TableError, opendata, read_mpx, read_tables
from reseau_territorial.opendata import (
    Reading,
    join_rna,
    read_banatic,
    read_cog,
    read_contracts,
    read_directory,
    read_france_services,
    read_grants,
    read_programmes,
    read_state_grants,
    read_transfers,
)

DATA = Path(os.environ.get("RESEAU_SHARED", Path(__file__).parents[3] / "shared")) / "data"
FILES = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file())
READERS = [getattr(opendata, name) for name in dir(opendata) if name.startswith("read_")]
SARTHE = {"payer": "Département de la Sarthe", "payer_id": "227200029"}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*no contract has an amount that can be read.*range of amounts:UserWarning"),
    pytest.mark.skipif(not FILES, reason="the open-data files are not beside the repository"),
]
Row = dict[str, Any]


# Reading by hand ------------------------------------------------------------------------------------------


def content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def rows(path: Path, separator: str = ",", encoding: str = "utf-8-sig") -> list[Row]:
    return list(csv.DictReader(io.StringIO(content(path).decode(encoding), newline=""), delimiter=separator))


def records(path: Path) -> list[Row]:
    held = json.loads(content(path).decode("utf-8-sig"))
    if isinstance(held, dict) and "features" in held:
        return [feature["properties"] for feature in held["features"]]
    return held


def sheet(path: Path, name: str | None = None, header: int = 0) -> list[Row]:
    book = openpyxl.load_workbook(path, read_only=True)
    names, *below = list((book[name] if name else book.worksheets[0]).iter_rows(values_only=True))[header:]
    return [dict(zip(names, cells, strict=True)) for cells in below]


def euros(cell: object) -> float:
    """Return an amount as a person reads it: 5 000 €, 1 234,56, 8048.0."""
    text = re.sub(r"[\s€]", "", str(cell if cell is not None else ""))
    return float(text.replace(",", ".")) if re.fullmatch(r"-?\d+([.,]\d+)?", text) else 0.0


def total(cells: Iterator[object]) -> float:
    return math.fsum(map(euros, cells))


# What a reading must give -----------------------------------------------------------------------------------


def accounts_for(reading: Reading, expected: float) -> None:
    """Every euro of the file is in the ties, or in the account of those that are none."""
    report, ties = reading.report, reading.network.ties
    assert math.fsum(report.totals["euros"]) == pytest.approx(expected, abs=0.005)
    assert ties["weight"].sum() == pytest.approx(report.euros, abs=0.005)
    told = report.totals.loc[report.totals["fate"].eq("kept"), "rows"].sum()
    assert ties["weight"].gt(0).sum() + ties.get("nature", pd.Series()).eq("in_kind").sum() == told


def grants(amount: str, separator: str = ";", encoding: str = "utf-8-sig", **options: Any) -> Callable[[Path], None]:
    def check(path: Path) -> None:
        expected = total(row[amount] for row in rows(path, separator, encoding))
        accounts_for(read_grants(path, **options), expected)

    return check


def pairs(reading: Reading, expected: set[tuple[str, str]], layer: str) -> None:
    ties = reading.network.ties.query("layer == @layer")
    assert set(zip(ties["source"], ties["target"], strict=True)) == expected
    assert len(ties) == len(expected)


def refused(path: Path) -> None:
    """No reader takes the file, and each says which one would, or what each of them reads."""
    for reader in READERS:
        with pytest.raises(TableError) as caught:
            reader(path)
        said = str(caught.value)
        assert re.match(rf"{re.escape(path.name.removesuffix('.gz'))}\b", said), said
        told = (
            r"This is a file for \w+\(\)|No reader knows this; they read: read_cog\(\)|has no records: it is an object"
        )
        assert re.search(told, said), said


def prose(path: Path) -> None:
    for reader in READERS:
        with pytest.raises(TableError, match=rf"{path.name} is a text in Markdown, not a table"):
            reader(path)


def only_for(name: str) -> Callable[[Path], None]:
    """A file of another kind: every reader of networks sends to the function that takes it."""

    def check(path: Path) -> None:
        for reader in READERS:
            with pytest.raises(TableError, match=rf"This is a file for {name}\(\)"):
                reader(path)

    return check


# Territories ------------------------------------------------------------------------------------------------


def cog_members(path: Path) -> None:
    expected = {(row["siren_commune"], row["siren_epci"]) for row in rows(path)}
    pairs(read_cog(path), expected, "membership")


def no_grouping(path: Path) -> None:
    """A table of actors with codes and SIREN is no list of members: the SIREN are their own."""
    for reader in READERS:
        with pytest.raises(
            TableError, match=rf"{path.name}, line \d+(: |, column 'siren': '213702616' is the SIREN of)"
        ):
            reader(path)


def no_commune(path: Path) -> None:
    with pytest.raises(TableError, match=r"no commune was found; give with it a file of communes"):
        read_cog(path)


def cog_2023(path: Path) -> None:
    reading = read_cog(path)
    held = rows(path, ";")
    communes = reading.network.actors.query("kind == 'commune'")
    districts = re.compile(r"751\d\d|6938\d|132\d\d")  # the arrondissements of Paris, Lyon and Marseille
    assert set(communes["insee"]) == {row["com_code"] for row in held if not districts.fullmatch(row["com_code"])}
    groups = {(row["com_siren"], row["epci_siren"]) for row in held if row["epci_siren"] != "000000000"}
    territories = {(row["com_siren"], row["ept_siren"]) for row in held if row["ept_siren"]}
    pairs(reading, groups | territories, "membership")


def cog_communes(path: Path) -> None:
    held = records(path)
    current = {row["code"] for row in held if row["type"] == "commune-actuelle"}
    assert set(read_cog(path).network.actors.query("kind == 'commune'")["insee"]) == current


def cog_groups(path: Path) -> None:
    held = records(path)
    expected = {(member["code"], group["code"]) for group in held for member in group["membres"]}
    net = read_cog(path).network
    insee = net.actors["insee"]
    assert {(insee[source], target) for source, target in zip(net.ties["source"], net.ties["target"], strict=True)} == (
        expected
    )


def cog_composition(path: Path) -> None:
    expected = {(row["siren_membre"], row["siren"]) for row in rows(path, ";", "cp1252") if row["siren"]}
    for reader in (read_cog, read_banatic):
        pairs(reader(path), expected, "membership")


def banatic_groupings(path: Path) -> None:
    held = [row["siren"] for row in rows(path)]
    net, report = read_banatic(path)
    refused_sirens = set(report.findings.query("action == 'refused'")["raw"])
    assert set(net.actors.index) == set(held) - refused_sirens
    assert len(refused_sirens) == 1


def banatic_competences(path: Path) -> None:
    net, report = read_banatic(path)
    refused_sirens = set(report.findings.query("action == 'refused'")["raw"])
    expected = {(row["siren"], row["code_competence"]) for row in rows(path) if row["siren"] not in refused_sirens}
    held = net.provision
    assert set(zip(held["actor"], held["need"].str.rpartition(":")[2], strict=True)) == expected
    assert len(held) == len(expected)


def banatic_members(path: Path) -> None:
    held = rows(path)
    group, member = "siren", "siren_membre"
    net, report = read_banatic(path)
    ties = net.ties.query("layer == 'membership'")
    twice = len(held) - len({tuple(row.values()) for row in held})
    assert len(ties) == len({(row[member], row[group]) for row in held})
    assert report.count("counted_twice", "repeated_row") >= twice


def transfers(path: Path) -> None:
    expected = set()
    with path.open(encoding="utf-8-sig") as stream:
        for insee, _, _, holder, _, _, *rest in csv.reader(list(stream)[1:], delimiter="\t"):
            through = rest[0] if rest and rest[0] else None
            expected |= {(insee, through), (through, holder)} if through else {(insee, holder)}
    reading = read_transfers(path)
    ties, insee = reading.network.ties, reading.network.actors["insee"].to_dict()
    named = {(end if pd.isna(insee.get(end)) else insee[end]) for end in ties["source"]}
    assert named == {giver for giver, _ in expected}
    assert len(ties) == len(expected)
    with pytest.raises(TableError, match=r"This is a file for read_transfers\(\)"):
        read_cog(path)


# Money ------------------------------------------------------------------------------------------------------


def decp_json(path: Path) -> None:
    expected = 0.0
    held = json.loads(content(path))["marches"]
    for record in held:
        # A modification of 0 euro changes something else: the amount stands.
        changes = [change for change in record.get("modifications") or [] if euros(change.get("montant"))]
        changes.sort(key=lambda change: change.get("dateNotificationModification") or "")
        last = changes[-1] if changes else record
        expected += euros(last.get("montant", last.get("valeurGlobale")))
    accounts_for_contracts(read_contracts(path), expected, len(held))


def accounts_for_contracts(reading: Reading, expected: float, contracts: int | None = None) -> None:
    totals = reading.report.totals
    assert math.fsum(totals["euros"]) == pytest.approx(expected, abs=0.01)
    assert reading.network.ties["weight"].sum() == pytest.approx(reading.report.euros, abs=0.01)
    if contracts is not None:
        assert reading.report.files["rows"].sum() == contracts


def decp_table(path: Path) -> None:
    held = rows(path)
    accounts_for_contracts(read_contracts(path), total(row["montant"] for row in held), len(held))


def decp_example(path: Path) -> None:
    """Give the examples of the two formats: each contract once, at its last amount."""
    text = content(path).decode("utf-8-sig")
    if path.suffix == ".xml":
        root = ElementTree.fromstring(text)
        held = [element for element in root.iter() if element.tag in ("marche", "contrat-concession") and len(element)]
        names = [[child.tag for child in element] for element in held]
        firsts = [next(element.find(n).text for n in ("montant", "valeurGlobale") if element.find(n) is not None)
                  for element in held]  # fmt: skip
        changed = sum("modifications" in tags for tags in names)
    else:
        document = json.loads(text)
        marches = document.get("marches", document) if isinstance(document, dict) else document
        held = marches if isinstance(marches, list) else [
            record for kind in ("marche", "contrat-concession") for record in marches.get(kind, [])
        ]  # fmt: skip
        firsts = [record.get("montant", record.get("valeurGlobale")) for record in held]
        changed = sum(bool(record.get("modifications")) for record in held)
    report = read_contracts(path).report
    assert report.files["rows"].sum() == len(held)
    if not changed:
        assert math.fsum(report.totals["euros"]) == pytest.approx(total(iter(firsts)), abs=0.005)
    assert report.euros > 0


def mormal(path: Path) -> None:
    with pytest.raises(TableError, match=r"no column of holders.*buyer="):
        read_contracts(path)
    reading = read_contracts(path, buyer="CC du Pays de Mormal", buyer_id="200043321")
    held = rows(path)
    subcontractors = sum("sous-traitant" in (list(row.values())[-1] or "").casefold() for row in held)
    assert len(reading.network.ties) == len(held) - subcontractors
    assert set(reading.network.ties["source"]) == {"200043321"}
    assert reading.network.ties["weight"].sum() == reading.report.euros  # ranges are no amounts


def mormal_book(path: Path) -> None:
    with pytest.raises(TableError, match=r"several sheets have the columns looked for \('Problemes', 'Ajout"):
        read_contracts(path, buyer="CC du Pays de Mormal")
    name = "Ajout_SIRET_geoloc"
    held = [row for row in sheet(path, name) if row["MARCHE_ID"]]
    subcontractors = sum("sous-traitant" in str(list(row.values())[10]).casefold() for row in held)
    reading = read_contracts(path, buyer="CC du Pays de Mormal", buyer_id="200043321", sheet=name)
    assert len(reading.network.ties) == len(held) - subcontractors


def state_posts(path: Path) -> None:
    held = records(path)
    amount = next(name for name in held[0] if name.startswith(("montant", "investissement")))
    reading = read_state_grants(path)
    accounts_for(reading, total(row[amount] for row in held))
    assert len(reading.network.ties) == sum(euros(row[amount]) > 0 for row in held)


def state_projects(path: Path) -> None:
    held = [row for row in sheet(path, "Projets_dotations_investissement_2019") if row["id_projet"]]
    reading = read_state_grants(path)
    accounts_for(reading, math.fsum(row["montant_sub"] or 0 for row in held))
    assert reading.network.ties["reference"].is_unique
    assert len(reading.network.ties) == len(held)


def sarthe_books(path: Path) -> None:
    name = "Feuil1" if "versees" in path.name else None
    held = sheet(path, name, header=0 if name else 1)
    amounts = [column for column in held[0] if column and "subvention d" in column.replace("\n", " ")]
    assert len(amounts) == 2
    body = [row for row in held if "otal" not in str(row["Nom de l'organisme bénéficiaire"])]
    other = [column for column in held[0] if column and re.search("garantie|prêt", column)]
    year = {} if name else {"year": 2017}
    reading = read_grants(path, **SARTHE, **year, **({"sheet": name} if name else {}))
    expected = total(row[column] for row in body for column in amounts)
    assert reading.report.euros == pytest.approx(expected, abs=0.005)
    assert len(other) == 2


def sarthe_csv(path: Path) -> None:
    held = rows(path, ";", "cp1252")
    amounts = [column for column in held[0] if "subvention d" in column.replace("\n", " ")]
    body = [row for row in held if "otal" not in row["Nom de l'organisme bénéficiaire"]]
    expected = total(row[column] for row in body for column in amounts)
    assert read_grants(path, **SARTHE).report.euros == pytest.approx(expected, abs=0.005)


def jaune(path: Path) -> None:
    held = rows(path, ";", "cp1252")
    details = total(row["Détail des subventions"] for row in held if not row["SIREN"].startswith("Total"))
    reading = read_grants(path)
    assert reading.report.euros == pytest.approx(details, abs=0.5)
    heads = total(row["Total des subventions"] for row in held)  # of each association, and of them all
    assert reading.report.checks["stated"].sum() == pytest.approx(heads, abs=0.5)


def needs_payer(path: Path) -> None:
    with pytest.raises(TableError, match="no column names who pays. Pass payer="):
        read_grants(path)
    reading = read_grants(path, payer="Ville ou département", year=2018)
    assert reading.report.euros > 0
    assert reading.network.ties["weight"].sum() == pytest.approx(reading.report.euros)


def montpellier_2012(path: Path) -> None:
    held = rows(path, ",", "cp1252")
    expected = total(
        row["Montant"] for row in held if row["Nature "].strip() != "Total"
    )  # each theme ends with its total
    accounts_for(read_grants(path, payer="Ville de Montpellier", payer_id="213401722"), expected)


def codah(path: Path) -> None:
    held = [re.sub(r"€ \(pour les \d saisons sportives\)", "", row["MONTANT"]) for row in records(path)]
    accounts_for(read_grants(path), total(iter(held)))


# Desks, directory, programmes --------------------------------------------------------------------------------


def desks(path: Path) -> None:
    held = rows(path) if ".csv" in path.name else records(path)
    name = next(column for column in held[0] if column.startswith(("lib_fs", "lib_france_services")))
    net, report = read_france_services(path)
    nameless = sum(not row[name] for row in held)
    told = report.findings.query("action in ['refused', 'counted_twice'] or reason == 'no_place'")["line"].nunique()
    assert report.files["rows"].sum() == len(held)
    assert report.count("refused", "nameless") == nameless
    assert report.files["kept"].sum() == len(held) - told
    assert len(net.ties.query("layer == 'desk'")) <= report.files["kept"].sum()


def directory_2019(path: Path) -> None:
    held = rows(path)
    net, report = read_directory(path)
    assert report.files[["rows", "kept"]].to_numpy().tolist() == [[len(held), len({row["id"] for row in held})]]
    assert len(net.actors) > len({row["id"] for row in held})


def directory_2025(path: Path) -> None:
    held = [row for row in sheet(path) if row["Name-source"]]
    net, report = read_directory(path)
    assert report.files["kept"].sum() == len(held)
    whole = [row for row in held if len(row["Geo_Perimeter"] or "") < 32_767]  # Excel cut the others
    assert report.count("refused", "list_cut") == len(held) - len(whole) > 0
    communes = {code for row in whole for code in ast.literal_eval(row["Geo_Perimeter"] or "[]")}
    assert set(net.actors["insee"].dropna()) <= communes
    # A perimeter that lists the arrondissements of Paris, Lyon or Marseille holds one commune.
    city = {"751": "75056", "693": "69123", "132": "13055"}
    divided = {*(f"751{n:02d}" for n in range(1, 21)), *(f"6938{n}" for n in range(1, 10)), *range(13201, 13217)}
    inside = {str(code): city[str(code)[:3]] for code in divided}
    perimeters = [ast.literal_eval(row["Geo_Perimeter"] or "[]") for row in whole]
    assert len(net.ties) == sum(len({inside.get(code, code) for code in codes}) for codes in perimeters)


def listed(path: Path) -> None:
    """A cell lists members, another one the ids of several programmes: a tie for each pair."""
    held = rows(path) if path.suffix == ".csv" else records(path)
    siren = {row["siren"]: row["code"] for row in records(DATA / "cog-epci/2026/communes.json.gz") if row.get("siren")}
    expected = {
        (siren.get(code, code), programme.strip().casefold())
        for row in held
        for code in re.findall(r"\((\d[\dAB]\d{3,7})\)", row["liste_geo"] or "")
        for programme in (row["id_territoire"] or "").split(";")
    }
    net = read_programmes(path).network
    insee = net.actors["insee"].dropna().to_dict()
    found = {(insee.get(source, source), to) for source, to in zip(net.ties["source"], net.ties["target"], strict=True)}
    assert len(net.ties) == len(found)
    assert {programme for _, programme in found} == {programme for _, programme in expected}
    assert len(found) == len(expected)


def ngeo(path: Path) -> None:
    held = rows(path)
    schemes = [column for column in held[0] if column.startswith("id_")]
    split = re.compile(r"\s*;\s*")
    expected = {
        (row["insee_com"], name, one) for row in held for name in schemes for one in split.split(row[name] or "") if one
    }
    net = read_programmes(path).network
    by_commune = net.ties.groupby("source").size()
    insee = net.actors["insee"].dropna()
    assert len(net.ties) <= len(expected)
    assert set(insee[insee.index.isin(by_commune.index)]) == {code for code, _, _ in expected}


def conventions(path: Path) -> None:
    held = rows(path)
    signed = [row for row in held if row["Signée ?"] == "Signée"]
    net, report = read_programmes(path)
    assert report.count("noted", "not_signed") + report.count("decided", "not_signed") == len(held) - len(signed)
    assert len(net.ties) == len(signed)


def long_programmes(path: Path) -> None:
    held = rows(path)
    report = read_programmes(path).report
    told = report.findings.query("action in ['refused', 'noted', 'decided', 'counted_twice']")["line"].nunique()
    assert report.files["rows"].sum() == len(held)
    assert report.files["kept"].sum() + told >= len(held)


# Registers, ties --------------------------------------------------------------------------------------------


def rna(path: Path) -> None:
    from reseau_territorial import Network

    only_for("join_rna")(path)
    held = rows(path, "," if b"," in content(path).splitlines()[0] else ";", "cp1252")
    ids = [row["id"] for row in held]
    net = Network(actors=pd.DataFrame({"actor": ids, "rna": ids}))
    found = join_rna(net, path, progress=False).network.actors
    assert found["purpose"].notna().sum() == sum(bool(row["objet"].strip()) for row in held)


def ties(path: Path) -> None:
    only_for("read_tables")(path)
    nodes = path.with_name(path.name.replace("edges", "nodes"))
    held = rows(path)
    try:
        net = read_tables(path, actors=nodes if nodes.exists() and nodes != path else None)
    except ReseauError as error:
        pytest.skip(str(error)[:80])
    assert len(net.ties) <= len(held)


def multilayer(path: Path) -> None:
    assert len(read_mpx(path).ties)


CASES: dict[str, Callable[[Path], None]] = {
    "*.md": prose,
    "MANIFEST.csv": refused,
    "annuaire-administration/annuaire-2019.csv.gz": directory_2019,
    "annuaire-administration/services-etat-2025.xlsx": directory_2025,
    "banatic/groupements-2021.csv": banatic_groupings,
    "banatic/competences-exercees-2021.csv.gz": banatic_competences,
    "banatic/composition-communale-syndicats-2021.csv.gz": banatic_members,
    "banatic/perimetre-epci-a-fp-2025.csv.gz": cog_composition,
    "banatic/transferts-extrait-*.tsv": transfers,
    "banatic/*competences*.csv": refused,
    "cog-epci/*/epci_membres.csv.gz": cog_members,
    "cog-epci/*/epci.csv": no_commune,
    "cog-epci/2023/com_epci_dep_reg.csv.gz": cog_2023,
    "cog-epci/2026/communes.json.gz": cog_communes,
    "cog-epci/2026/epci.json.gz": cog_groups,
    "cog-epci/2026/ept.json": cog_groups,
    "cog-epci/2026/*.json": no_commune,
    "conseillers-numeriques/cnfs-2022.json.gz": state_posts,
    "contours/*": refused,
    "decp/2019-format-json/*": decp_json,
    "decp/2024-format-tabulaire/*": decp_table,
    "decp/pays-de-mormal-2015-2017/*.csv": mormal,
    "decp/pays-de-mormal-2015-2017/*.xlsx": mormal_book,
    "decp/schema/tabulaire/exemple-valide.csv": decp_table,
    "decp/schema/tabulaire/schema.json": refused,
    "decp/schema/v2019/marches.json": refused,
    "decp/schema/v2022/schema_decp*.json": refused,
    "decp/schema/v20*/*": decp_example,
    "dirty-rows/quirks.csv": refused,
    "france-services/*": desks,
    "masques-2020/*.csv": refused,
    "nomenclatures/*": refused,
    "programmes-anct/geo/*": listed,
    "programmes-anct/ngeo-anct-cog2023.csv.gz": ngeo,
    "programmes-anct/ort-conventions-2023.csv.gz": conventions,
    "programmes-anct/*-attributs.csv": listed,
    "programmes-anct/territoires-engagement-citoyen.csv": long_programmes,
    "programmes-anct/zonages-contrats-2020.csv.gz": long_programmes,
    "programmes-anct/zonages-descriptions-2020.csv": refused,
    "sirene-rna/documentation*": refused,
    "sirene-rna/r*.csv": rna,
    "sirene-rna/sirene-entete-*.csv": only_for("join_sirene"),
    "study/*/*edges.csv": ties,
    "study/*/*.mpx": multilayer,
    "study/german-toxic-chemicals/committees-twomode.csv": refused,
    "study/us-estuaries/unobserved.csv": only_for("read_tables"),
    "study/*": refused,
    "subventions/44-loire-atlantique/*": grants("Montant total de la subvention"),
    "subventions/49-maine-et-loire/conventions*": grants("montant"),
    "subventions/49-maine-et-loire/subventions*": grants("Mandaté", payer="Maine-et-Loire", payer_id="224900019"),
    "subventions/72-sarthe/*.csv": sarthe_csv,
    "subventions/72-sarthe/*.xlsx": sarthe_books,
    "subventions/72-sarthe/*.xls": needs_payer,
    "subventions/codah-le-havre/*.json": codah,
    "subventions/codah-le-havre/*.xml": refused,
    "subventions/etat-adulte-relais/*": state_posts,
    "subventions/etat-postes-fonjep/*": state_posts,
    "subventions/etat-dotations-investissement-2019/*": state_projects,
    "subventions/etat-jaune-associations-2010/*": jaune,
    "subventions/montpellier/*.csv": montpellier_2012,
    "subventions/montpellier/*.ods": needs_payer,
    "subventions/pays-de-la-loire-agrege/*_utf8.csv.gz": grants("montant", encoding="cp1252"),
    "subventions/pays-de-la-loire-agrege/*": grants("montant"),
    "subventions/scdl-schema/*schema*.json": refused,
    "subventions/scdl-schema/synonymes*": refused,
    "subventions/scdl-schema/exemple-duplicate*": grants("montant", ",", "cp1252"),
    "subventions/scdl-schema/*.csv": grants("montant", ","),
    "weka-2020/ties.csv": only_for("read_tables"),
    "weka-2020/actors.csv": no_grouping,
}


def case(file: str) -> Callable[[Path], None] | None:
    return next((check for pattern, check in CASES.items() if fnmatch(file, pattern)), None)


def test_no_file_is_left_out():
    assert [file for file in FILES if case(file) is None] == []
    assert [pattern for pattern in CASES if not any(fnmatch(file, pattern) for file in FILES)] == []


@pytest.mark.parametrize("file", FILES)
def test_each_file_gives_what_it_holds_or_names_its_reader(file):
    check = case(file)
    assert check is not None
    check(DATA / file)
