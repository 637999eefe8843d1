"""The layouts of INSEE and the DGCL, faithful and dirty, made from the real communes of the Loire valley.

Each gives the memberships that are true, or a refusal that names file, line and column.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reseau_territorial import TableError
from reseau_territorial.opendata._data import communes_of
from reseau_territorial.opendata.cog import read_cog

DGCL = (
    "dept siren raison_sociale nature_juridique mode_financ nb_membres total_pop_tot total_pop_mun dep_com insee "
    "siren_membre nom_membre ptot_2024 pmun_2024"
).split()
COG = "TYPECOM COM REG DEP CTCD ARR TNCC NCC NCCENR LIBELLE CAN COMPARENT".split()
INSEE = ["CODGEO", "LIBGEO", "EPCI", "LIBEPCI", "DEP", "REG"]


@pytest.fixture(scope="module")
def real() -> pd.DataFrame:
    """Communes of the Ain (codes that lose a zero) and of Indre-et-Loire, in 2024."""
    table = communes_of("2024").query("first <= 2024 <= last")
    return table[table.index.str.match(r"(?:01|37)\d{3}")].reset_index()


@pytest.fixture(scope="module")
def truth(real) -> set[tuple[str, str, str]]:
    return set(real[["siren", "insee", "epci"]].itertuples(index=False, name=None))


def dgcl(real: pd.DataFrame) -> pd.DataFrame:
    size = real["epci"].map(real["epci"].value_counts())
    values = [
        real["insee"].str[:2], real["epci"], "CC n° " + real["epci"], "CC", "FPU", size.astype("str"), "15 156",
        "14 873",
        real["insee"].str[:2], real["insee"], real["siren"], "Commune " + real["insee"], "1\u202f234", "1\u00a0200",
    ]  # fmt: skip
    return pd.DataFrame(dict(zip(DGCL, values, strict=True)), index=real.index)


def cog(real: pd.DataFrame) -> pd.DataFrame:
    region = real["insee"].str[:2].map({"01": "84", "37": "24"})
    name = "Commune " + real["insee"]
    values = [
        "COM",
        real["insee"],
        region,
        real["insee"].str[:2],
        "01D",
        real["insee"].str[:2] + "1",
        "0",
        name.str.upper(),
    ]
    return pd.DataFrame(dict(zip(COG, [*values, name, name, "0101", ""], strict=True)), index=real.index)


def insee(real: pd.DataFrame) -> pd.DataFrame:
    region = real["insee"].str[:2].map({"01": "84", "37": "24"})
    values = [real["insee"], "Commune " + real["insee"], real["epci"], "CC", real["insee"].str[:2], region]
    return pd.DataFrame(dict(zip(INSEE, values, strict=True)), index=real.index)


def text(table: pd.DataFrame, separator: str = ";", encoding: str = "utf-8") -> Callable[[Path], None]:
    return lambda path: table.to_csv(path, sep=separator, index=False, encoding=encoding)


def book(**sheets: tuple[int, pd.DataFrame]) -> Callable[[Path], None]:
    """Return a writer of a workbook; each sheet has so many title rows above its header."""

    def write(path: Path) -> None:
        with pd.ExcelWriter(path, engine="xlsxwriter") as writer:
            for name, (titles, table) in sheets.items():
                table.to_excel(writer, sheet_name=name, startrow=titles, index=False)
                for row in range(titles):
                    writer.sheets[name].write(row, 0, "Intercommunalité - Métropole")

    return write


def as_numbers(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return table.assign(**{name: table[name].astype("int64") for name in columns})


def floated(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return table.assign(**{name: table[name].str.lstrip("0") + ".0" for name in columns})


def memberships(reading) -> set[tuple[str, str, str]]:
    net = reading.network
    insee_of = net.actors["insee"]
    return {(source, insee_of[source], target) for source, target in net.ties[["source", "target"]].to_numpy()}


def blank(table: pd.DataFrame, count: int = 3) -> pd.DataFrame:
    return pd.concat([table, pd.DataFrame(None, index=range(count), columns=table.columns)])


def total(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table, pd.DataFrame([["TOTAL", *[""] * (len(table.columns) - 1)]], columns=table.columns)])


NUMBERS = ("siren", "insee", "siren_membre", "dept", "dep_com")
VARIANTS: dict[str, tuple[str, Callable[[pd.DataFrame], Callable[[Path], None]]]] = {
    "DGCL, as published": ("epcicom2024.xlsx", lambda real: book(Feuil1=(0, dgcl(real)))),
    "numbers and blank rows": (
        "perimetre2024.xlsx",
        lambda real: book(Feuil1=(0, blank(as_numbers(dgcl(real), *NUMBERS)))),
    ),
    "titles, order, upper case": (
        "a2024.xlsx",
        lambda real: book(F=(4, dgcl(real)[[*reversed(DGCL)]].rename(columns=str.upper))),
    ),
    "cp1252 and a total row": (
        "b2024.csv",
        lambda real: text(total(dgcl(real).replace("\u202f", " ", regex=True)), encoding="cp1252"),
    ),
    "floats": ("c2024.csv", lambda real: text(floated(dgcl(real), "siren", "insee", "siren_membre"))),
    "headers in words": (
        "d2024.csv",
        lambda real: text(
            dgcl(real).rename(columns={"siren": "N° SIREN", "insee": "Code\u00a0INSEE", "nom_membre": "Nom membre"})
        ),
    ),
    "tab and UTF-16": ("e2024.csv", lambda real: text(dgcl(real), "\t", "utf-16")),
    "rows twice": ("f2024.csv", lambda real: text(pd.concat([dgcl(real), dgcl(real).head(40)]))),
    "flattened": (
        "epci_membres_2024.csv",
        lambda real: text(
            real.assign(nom="x")[["epci", "insee", "siren", "nom"]].set_axis(
                ["siren_epci", "code_insee", "siren_commune", "nom_commune"], axis=1
            ),
            ",",
        ),
    ),
    "INSEE, two sheets": (
        "Intercommunalite_Metropole_au_01-01-2024.xlsx",
        lambda real: book(
            EPCI=(5, pd.DataFrame({"EPCI": real["epci"].unique(), "LIBEPCI": "x", "NATURE_EPCI": "CC", "NB_COM": 1})),
            Composition_communale=(5, insee(real)),
        ),
    ),
    "INSEE, numbers": (
        "EPCI_au_01-01-2024.xlsx",
        lambda real: book(Composition_communale=(5, as_numbers(insee(real), "CODGEO", "EPCI", "DEP", "REG"))),
    ),
    "INSEE, header twice": (
        "g2024.csv",
        lambda real: text(
            pd.concat(
                [pd.DataFrame([["Code", "Libellé", "Code", "Libellé", "Dép.", "Rég."]], columns=INSEE), insee(real)]
            )
        ),
    ),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_every_way_of_writing_the_members_gives_the_true_memberships(tmp_path, real, truth, name):
    file, make = VARIANTS[name]
    make(real)(tmp_path / file)
    reading = read_cog(tmp_path / file)
    assert memberships(reading) == truth
    assert reading.network.periods == ("2024",)
    assert reading.network.actors["kind"].value_counts().to_dict() == {
        "commune": len(real),
        "epci": real["epci"].nunique(),
    }


@pytest.mark.parametrize(
    ("file", "change", "separator"),
    [
        ("v_commune_2024.csv", lambda table: table, ","),
        ("commune_2024.csv", lambda table: table, ";"),
        ("communes-01012024.csv", lambda table: table.drop(columns="CTCD").rename(columns=str.lower), ","),
        ("v_commune_2024.csv", lambda table: as_numbers(table, "COM", "REG", "DEP", "ARR"), ","),
    ],
)
def test_every_way_of_writing_the_official_code(tmp_path, real, file, change, separator):
    text(change(cog(real)), separator)(tmp_path / file)
    net, report = read_cog(tmp_path / file, administration=True)
    communes = net.actors[net.actors["kind"].eq("commune")]
    # the SIREN are those of 2024, not of the communes nouvelles that came after
    assert set(zip(communes.index, communes["insee"], strict=True)) == set(
        zip(real["siren"], real["insee"], strict=True)
    )
    assert set(communes["arrondissement"]) == {"011", "371"}
    assert report.count("noted", "no_membership") == 1
    assert report.count("noted", "no_epci") == 0


def test_communes_that_are_no_more_are_left_out_of_the_list_of_all_since_1943(tmp_path):
    """The column ACTUAL says what a row is: a commune (1), an associated one (2), a former one (3)..."""
    rows = [
        "ACTUAL\tREG\tDEP\tCOM\tAR\tPOLE\tNCC\tNCCENR",
        "1\t84\t01\t033\t2\t\tVALSERHONE\tValserhône",
        "2\t84\t01\t055\t2\t01033\tX\tAssociée",
        "3\t84\t01\t003\t\t01165\tAMAREINS\tAmareins",
        "4\t11\t78\t001\t\t91001\tABBEVILLE\tAbbéville-la-Rivière",
        "6\t84\t01\t033\t2\t01033\tBELLEGARDE\tBellegarde-sur-Valserine",
    ]
    path = tmp_path / "France2019.txt"
    path.write_text("\n".join(rows) + "\n", encoding="latin-1")
    net, report = read_cog(path)
    assert net.actors["insee"].tolist() == ["01033"]
    assert net.actors["name"].tolist() == ["Valserhône"]
    assert report.findings.query("reason == 'former_commune'")["raw"].tolist() == ["01003", "78001"]


def test_codes_that_the_vintage_does_not_have_are_told(tmp_path, real):
    table = insee(real)
    table.loc[0, "CODGEO"] = "01003"  # gone before 2019
    text(table)(tmp_path / "members_2024.csv")
    _, report = read_cog(tmp_path / "members_2024.csv")
    told = report.findings[report.findings["reason"].eq("not_in_vintage")]
    assert told["raw"].tolist() == ["01003"]


def moved(table: pd.DataFrame) -> pd.DataFrame:
    return table.head(40).assign(
        siren=["243700754" if code != "243700754" else "200043081" for code in table["siren"].head(40)]
    )


REFUSED: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], str]] = {
    "columns exchanged": (
        lambda real: dgcl(real).rename(columns={"siren": "siren_membre", "siren_membre": "siren"}),
        r"f\.csv, line 2, column 'siren': '21\d{7}' is the SIREN of a commune .*exchanged: rename them",
    ),
    "columns sorted apart": (
        lambda real: dgcl(real).assign(siren_membre=sorted(real["siren"], reverse=True)),
        r"f\.csv, line 2, columns 'insee' and 'siren_membre': 01\d{3} is one commune and \d+ another \(.*sorted apart",
    ),
    "a column of years": (
        lambda real: pd.concat([dgcl(real).assign(annee="2024"), dgcl(real).assign(annee="2020")]),
        r"f\.csv, line \d+, column 'annee': rows of several vintages \('2020', '2024'\)",
    ),
    "vintages put together": (
        lambda real: pd.concat([dgcl(real), moved(dgcl(real))]),
        r"f\.csv, line \d+, column 'insee': commune 01\d{3} is there in another EPCI, and so for 40 rows",
    ),
    "the code put together": (
        lambda real: pd.concat([cog(real), cog(real).head(600)]),
        r"f\.csv, line \d+, column 'COM': commune 01001 is there again",
    ),
    "nothing but a header": (lambda real: dgcl(real).head(0), r"f\.csv, line 1: the header has no row below it"),
    "EPCI alone": (
        lambda real: pd.DataFrame({"EPCI": real["epci"].unique(), "LIBEPCI": "x", "NATURE_EPCI": "CC"}),
        r"f\.csv: no commune was found; give with it a file of communes",
    ),
    "arrondissements": (
        lambda real: pd.DataFrame(
            {"ARR": ["011"], "DEP": ["01"], "REG": ["84"], "CHEFLIEU": ["01034"], "LIBELLE": ["Belley"]}
        ),
        r"f\.csv: no commune was found; give with it a file of communes",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_true_is_refused_with_its_place(tmp_path, real, name):
    make, message = REFUSED[name]
    text(make(real))(tmp_path / "f.csv")
    with pytest.raises(TableError) as caught:
        read_cog(tmp_path / "f.csv")
    assert re.search(message, str(caught.value), re.DOTALL)


def test_one_siren_of_another_commune_is_left_out_and_told(tmp_path, real, truth):
    table = dgcl(real)
    table.loc[0, "siren_membre"] = table.loc[1, "siren_membre"]
    text(table)(tmp_path / "f2024.csv")
    reading = read_cog(tmp_path / "f2024.csv")
    assert memberships(reading) == truth  # the code decides: the package knows its SIREN
    refused = reading.report.findings.query("reason == 'siren_of_another'")
    assert refused[["line", "column"]].to_numpy().tolist() == [[2, "siren_membre"]]


def test_a_siren_written_for_two_new_communes_makes_no_one_actor(tmp_path):
    text(pd.DataFrame({"code_insee": ["37998", "37999"], "siren_epci": "243700754", "siren_commune": "552100554"}))(
        tmp_path / "n.csv"
    )
    net, report = read_cog(tmp_path / "n.csv")
    assert sorted(net.actors.index) == ["243700754", "37998", "37999"]
    assert report.count("refused", "siren_of_several") == 2


def test_the_sheet_of_municipal_arrondissements_is_left_out_beside_the_communes(tmp_path, real):
    """INSEE's table of communes has a sheet COM and a sheet ARM of the same columns."""
    parts = pd.DataFrame(
        {"CODGEO": ["75101"], "LIBGEO": ["Paris 1er"], "EPCI": ["200054781"], "DEP": ["75"], "REG": ["11"]}
    )
    path, alone = tmp_path / "table-appartenance-geo-communes-2024.xlsx", tmp_path / "com2024.xlsx"
    book(COM=(5, insee(real)), ARM=(5, parts))(path)
    book(COM=(5, insee(real)))(alone)
    both = read_cog(path)
    assert memberships(both) == memberships(read_cog(alone))
    told = both.report.findings.query("reason == 'sheet_not_read'")
    assert told["file"].tolist() == [f"{path.name} [ARM]"]
    with pytest.raises(TableError, match="municipal arrondissements only, no commune; .*sheet COM"):
        read_cog(path, sheet="ARM")
