"""The two layouts of BANATIC, faithful and dirty, made from real groupings: right, or refused with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reseau_territorial import TableError
from reseau_territorial.opendata._data import bundled, communes_of
from reseau_territorial.opendata.banatic import competences, read_banatic, read_transfers

Rows = list[list[str]]
# The columns of 2019-2023: 40 about the grouping, nine about the member, then one per competence.
GROUPING = (
    "Région siège|Département siège|Arrondissement siège|Commune siège|N° SIREN|Nom du groupement|Nature juridique|"
    "Syndicat à la carte|Groupement interdépartemental|Date de création|Date d'effet|Mode de répartition des sièges|"
    "Autre mode de répartition des sièges|Nombre de membres|Population|Nombre de compétences exercées|"
    "Mode de financement|DGF Bonifiée|DSC|REOM|Autre redevance|TEOM|Autre taxe|Civilité Président|Prénom Président|"
    "Nom Président|Adresse du siège_1|Adresse du siège_2|Adresse du siège_3|Code postal du siège Ville du siège|"
    "Téléphone du siège|Fax du siège|Courriel du siège|Site internet|Adresse annexe_1|Adresse annexe_2|"
    "Adresse annexe_3|Code postal annexe Ville annexe|Téléphone annexe|Fax annexe"
).split("|")
MEMBER = "Type|Siren membre|Nom membre|Représentation Substitution|A|B|C|D|E".split("|")
CODES = competences().query("version == '2021'")["code"].tolist()
OLD = [*GROUPING, *MEMBER, *(f"C{code}" for code in CODES)]
LABELS = competences().query("version == '2025'")["label"].tolist()
NEW = [
    "Département", "N° SIREN", "Nom du groupement", "Nature juridique", "Mode de financement", "Date de création",
    "Nombre total de membres", "Population totale", "Siren membre", "Nom membre", "Catégorie des membres du groupement",
    "Nombre de compétences exercées", *LABELS, "Adhésion à un groupement",
]  # fmt: skip


@pytest.fixture(scope="module")
def groups() -> dict[str, list[str]]:
    """Twelve real groupings and four real communes for each."""
    sirens = bundled("groupings.csv.gz").query("nature == 'SIVU'")["siren"].head(12)
    communes = communes_of()["siren"].dropna().tolist()
    return {siren: communes[4 * place : 4 * place + 4] for place, siren in enumerate(sirens)}


def held(place: int, count: int) -> list[bool]:
    return [(place + number) % 9 == 0 for number in range(count)]


def old_rows(groups: dict[str, list[str]]) -> Rows:
    rows = []
    for place, (siren, members) in enumerate(groups.items()):
        flags = ["1" if yes else "0" for yes in held(place, len(CODES))]
        about = ["84 - ARA", "01 - Ain", "012 - Bourg", "01053 - Bourg", siren, f"SI {siren}", "SIVU", "0", "0"]
        about += ["01/01/1970", "01/01/1970", "1", "", str(len(members)), "15 156", str(flags.count("1")), "CONTRIB"]
        about += ["0", "0", "0", "", "0", "", "M", "Jean", "DUPONT", *[""] * 14]
        rows += [[*about, "Commune", member, "Commune", "0", *[""] * 5, *flags] for member in members]
    return rows


def new_rows(groups: dict[str, list[str]]) -> Rows:
    rows = []
    for place, (siren, members) in enumerate(groups.items()):
        flags = ["OUI" if yes else "NON" for yes in held(place, len(LABELS))]
        about = ["01", siren, f"SI {siren}", "SIVU", "C", "01/01/1970", str(len(members)), "100"]
        rows += [[*about, member, "Commune", "Commune", str(flags.count("OUI")), *flags, ""] for member in members]
    return rows


def text(path: Path, header: list[str], rows: Rows, separator: str = "\t", encoding: str = "cp1252") -> None:
    lines = [separator.join(row) for row in [header, *rows]]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))


def book(path: Path, header: list[str], rows: Rows, titles: int = 0) -> None:
    numbers = {header.index(name) for name in ("N° SIREN", "Siren membre")}
    cells = [[int(v) if i in numbers and v.isdecimal() else v for i, v in enumerate(row)] for row in rows]
    with pd.ExcelWriter(path, engine="xlsxwriter") as writer:
        pd.DataFrame(cells, columns=header).to_excel(writer, sheet_name="Groupements", startrow=titles, index=False)
        writer.book.add_worksheet("Lisez-moi").write(0, 0, "Extraction")


OLD_WAYS: dict[str, Callable[[Path, Rows], None]] = {
    "as published": lambda path, rows: text(path, OLD, rows),
    "a tab at the end of rows": lambda path, rows: text(path, OLD, [[*row, ""] for row in rows]),
    "one quotation mark left open": lambda path, rows: text(
        path, OLD, [[*rows[0][:5], '"SI', *rows[0][6:]], *rows[1:]]
    ),
    "marks that swallow lines": lambda path, rows: text(
        path,
        OLD,
        [[*rows[0][:5], '"SI', *rows[0][6:]], *rows[1:9], [*rows[9][:5], 'SI "Eau"', *rows[9][6:]], *rows[10:]],
    ),
    "quotation marks left open": lambda path, rows: text(path, OLD, [[*r[:5], '"SI', *r[6:]] for r in rows]),
    "floats": lambda path, rows: text(
        path, OLD, [[*r[:4], f"{r[4]}.0", *r[5:41], f"{r[41]}.0", *r[42:]] for r in rows]
    ),
    "a total and an empty row": lambda path, rows: text(
        path, OLD, [*rows, ["Total", *[""] * (len(OLD) - 1)], [""] * len(OLD)]
    ),
    "other order, upper case": lambda path, rows: text(path, [h.upper() for h in OLD[::-1]], [r[::-1] for r in rows]),
    "semicolons and UTF-8": lambda path, rows: text(path, OLD, rows, ";", "utf-8"),
    "rows twice": lambda path, rows: text(path, OLD, [*rows, *rows[:20]]),
    "other names of the keys": lambda path, rows: text(
        path, [{"N° SIREN": "Siren", "Siren membre": "SIREN du membre"}.get(h, h) for h in OLD], rows
    ),
    "codes without their letter": lambda path, rows: text(path, [re.sub(r"^C(\d{4})$", r"\1", h) for h in OLD], rows),
    "codes with a label": lambda path, rows: text(path, [re.sub(r"^(C\d{4})$", r"\1 - Eau", h) for h in OLD], rows),
}


@pytest.mark.parametrize("way", OLD_WAYS)
def test_the_old_layout_however_it_is_written(tmp_path, groups, way):
    path = tmp_path / "banatic_2021.xls"
    OLD_WAYS[way](path, old_rows(groups))
    net, report = read_banatic(path)
    assert set(map(tuple, net.ties[["source", "target"]].to_numpy())) == {
        (member, siren) for siren, members in groups.items() for member in members
    }
    assert set(map(tuple, net.provision[["actor", "need"]].to_numpy())) == {
        (siren, f"2021:{code}")
        for place, siren in enumerate(groups)
        for code, yes in zip(CODES, held(place, len(CODES)), strict=True)
        if yes
    }
    assert report.count("noted", "competence_count") == 0
    assert report.count("counted_twice", "repeated_row") == (20 if way == "rows twice" else 0)


NEW_WAYS: dict[str, Callable[[Path, Rows], None]] = {
    "as published": lambda path, rows: book(path, NEW, rows),
    "titles": lambda path, rows: book(path, NEW, rows, titles=4),
    "codes before the labels": lambda path, rows: book(
        path, [f"{code} - {name}" if (code := code_of(name)) else name for name in NEW], rows
    ),
    "a label nearly as it is": lambda path, rows: book(
        path, [name.replace("Eclairage public", "Éclairages publics") for name in NEW], rows
    ),
    "lower case and blanks": lambda path, rows: book(
        path, NEW, [[{"OUI": "oui", "NON": ""}.get(cell, cell) for cell in row] for row in rows]
    ),
}


def code_of(label: str) -> str | None:
    table = competences().query("version == '2025'").set_index("label")["code"]
    return table.get(label)


@pytest.mark.parametrize("way", NEW_WAYS)
def test_the_new_layout_however_it_is_written(tmp_path, groups, way):
    path = tmp_path / "banatic_2025.xlsx"
    NEW_WAYS[way](path, new_rows(groups))
    net, _ = read_banatic(path)
    assert len(net.ties) == 48
    codes = [code_of(label) for label in LABELS]
    assert set(map(tuple, net.provision[["actor", "need"]].to_numpy())) == {
        (siren, f"2025:{code}")
        for place, siren in enumerate(groups)
        for code, yes in zip(codes, held(place, len(codes)), strict=True)
        if yes
    }


REFUSED: dict[str, tuple[Callable[[Path, Rows], None], str]] = {
    "keys exchanged": (
        lambda path, rows: text(
            path, [{"N° SIREN": "Siren membre", "Siren membre": "N° SIREN"}.get(name, name) for name in OLD], rows
        ),
        r"_2021\.xls, line 2, column 'N° SIREN': '21\d{7}' is the SIREN of a commune \(\d{5}\), not of a grouping",
    ),
    "no column of members": (
        lambda path, rows: text(path, ["Adhérent" if name == "Siren membre" else name for name in OLD], rows),
        r"line 3, column 'N° SIREN': grouping \d{9} is there again, and so for 36 rows.*no column 'Siren membre'",
    ),
    "no column of competences": (
        lambda path, rows: text(path, [*OLD[:49], *(f"Comp. {code}" for code in CODES)], rows),
        r"line 2, column 'Nombre de compétences exercées': \d+ competences, and no column of the file is one",
    ),
    "a flag that is none": (
        lambda path, rows: text(path, OLD, [*rows[:5], [*rows[5][:-1], "2"], *rows[6:]]),
        r"line 7, column 'C9999': '2' is neither OUI/NON nor 1/0",
    ),
}


@pytest.mark.parametrize("way", REFUSED)
def test_what_would_give_a_wrong_network_is_refused(tmp_path, groups, way):
    write, message = REFUSED[way]
    path = tmp_path / "banatic_2021.xls"
    write(path, old_rows(groups))
    with pytest.raises(TableError) as caught:
        read_banatic(path)
    assert re.search(message, str(caught.value))


def test_rows_of_a_grouping_that_differ_are_told(tmp_path, groups):
    rows = old_rows(groups)
    rows[0][-1] = "1" if rows[0][-1] == "0" else "0"
    text(tmp_path / "banatic_2021.xls", OLD, rows)
    _, report = read_banatic(tmp_path / "banatic_2021.xls")
    assert report.count("noted", "competences_differ") == 1


def test_codes_of_competences_that_are_none_are_refused_with_their_lines(tmp_path):
    path = tmp_path / "competences-2021.csv"
    path.write_text("siren,code_competence\n243700754,C1010\n243700754,eau\n243700754,1502.0\n")
    net, report = read_banatic(path)
    assert sorted(net.provision["need"]) == ["2021:1010", "2021:1502"]
    assert report.findings.query("reason == 'not_a_code'")["line"].tolist() == [3]
    path.write_text("siren,code_competence\n243700754,eau\n")
    with pytest.raises(TableError, match=r"line 2, column 'code_competence': 'eau' is no code of competence"):
        read_banatic(path)


def test_a_code_of_2021_without_a_published_label_says_so():
    table = competences()
    unpublished = table[~table["published"]]
    assert len(unpublished) == 49
    assert set(unpublished["version"]) == {"2021"}
    assert table.at["2021:4525", "label"] == "compétence 2021 n°\xa04525 (libellé non publié)"


TRANSFERS = "Code Insee Commune\tNom Commune\tDépartement Commune\tSiren Groupement\tNom Groupement\t"
TRANSFERS += "Nature Juridique Groupement\tSiren Groupement intermédiaire\tNom Groupement intermédiaire\t"
TRANSFERS += "Nature Juridique Groupement intermédiaire\n"


def test_real_transfers_chain_communes_to_syndicats(shared):
    for name in ("complex", "mixed", "multiple-epci"):
        path = shared / f"banatic/transferts-extrait-{name}.tsv"
        raw = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        raw = [[cell.strip() for cell in row] for row in raw if any(row)]
        net, report = read_transfers({"2025:2005": path})
        expected = set()
        for row in raw:
            through = row[6] if len(row) > 6 and row[6] else None
            expected |= {(row[0], through or row[3])} | ({(through, row[3])} if through else set())
        insee = net.actors["insee"]
        found = {
            (insee[source] if isinstance(insee[source], str) else source, target)
            for source, target in net.ties[["source", "target"]].to_numpy()
        }
        assert found == expected, name
        assert report.count("refused") == 0


def test_transfers_with_lost_zeros_and_a_wrong_siren(tmp_path):
    path = tmp_path / "t.tsv"
    rows = ["1004\tAmbérieu\t01\t240100883\tCC\tCC", "01005\tAmbérieux\t01\t240100884\tCC\tCC"]
    path.write_text(TRANSFERS + "\n".join(rows) + "\n", encoding="utf-8")
    net, report = read_transfers({"2025:2005": path})
    assert net.ties[["source", "target"]].to_numpy().tolist() == [["210100046", "240100883"]]
    refused = report.findings.query("action == 'refused'")
    assert refused[["line", "column", "reason"]].to_numpy().tolist() == [[3, "Siren Groupement", "checksum"]]


def test_two_files_of_transfers_of_one_name_are_refused_not_hidden(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "eau.tsv").write_text("Code Insee Commune\tSiren Groupement\n", encoding="utf-8")
    with pytest.raises(TableError, match="several files of transfers are named 'eau'"):
        read_transfers([tmp_path / "a/eau.tsv", tmp_path / "b/eau.tsv"])
