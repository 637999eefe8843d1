"""Files of grants and contracts dirtied in many ways: the right euros or a refusal that is told, no wrong number."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reseau_territorial import TableError
from reseau_territorial.opendata.grants import read_grants

PAYER = ("Département du Cher", "22180001400013")
SIREN = ["213702616", "775672272", "200070407", "784378893"]


def luhn(digits: str) -> str:
    """Return the digits and their check digit."""
    for last in "0123456789":
        total = 0
        for place, digit in enumerate(reversed(digits + last)):
            value = int(digit) * (1 + place % 2)
            total += value - 9 * (value > 9)
        if total % 10 == 0:
            return digits + last
    raise AssertionError


@dataclass(frozen=True)
class Grant:
    """One true row."""

    name: str
    siret: str
    date: tuple[int, int, int]
    cents: int
    object: str


words = st.sampled_from(
    ["MJC de Vierzon", "Comité des fêtes, section été", "L’Œuvre « Les Amis »", "Judo-Club 18", "Cercle d'escrime"]
)


@st.composite
def grants(draw) -> list[Grant]:
    rows = draw(
        st.lists(
            st.tuples(
                words,
                st.integers(10_000_000, 99_999_999),
                st.integers(2015, 2024),
                st.integers(1, 12),
                st.integers(1, 28),
                st.one_of(st.integers(1, 100_000_000), st.integers(1, 9_000).map(lambda euros: euros * 100)),
            ),
            min_size=3,
            max_size=12,
        )
    )
    return [
        Grant(
            f"{name} n° {rank}", luhn(f"{luhn(str(root))}0001"), (year, month, day), cents, f"Projet {chr(65 + rank)}"
        )
        for rank, (name, root, year, month, day, cents) in enumerate(rows)
    ]


def grouped(cents: int, thousands: str, mark: str) -> str:
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", thousands) + (f"{mark}{rest:02d}" if rest else "")


AMOUNTS = {
    "point": lambda cents: f"{Decimal(cents) / 100}",
    "comma": lambda cents: grouped(cents, "", ","),
    "comma cents": lambda cents: f"{cents // 100},{cents % 100:02d}",
    "french": lambda cents: grouped(cents, " ", ","),
    "no-break": lambda cents: grouped(cents, "\u202f", ",") + "\u00a0€",
    "nbsp euros": lambda cents: grouped(cents, "\u00a0", ",") + " euros",
    "german": lambda cents: grouped(cents, ".", ","),
    "english": lambda cents: grouped(cents, ",", "."),
    "swiss": lambda cents: grouped(cents, "'", "."),
    "euro before": lambda cents: "€ " + grouped(cents, " ", ","),
    "EUR": lambda cents: grouped(cents, " ", ",") + " EUR TTC",
    "figures only": lambda cents: f"{cents / 100:.2f}",
}
DATES = {
    "iso": "{0:04d}-{1:02d}-{2:02d}",
    "french": "{2:02d}/{1:02d}/{0:04d}",
    "short": "{2:02d}/{1:02d}/{3:02d}",
    "dots": "{2:02d}.{1:02d}.{0:04d}",
    "stamp": "{0:04d}-{1:02d}-{2:02d}T00:00:00+02:00",
    "month": "{0:04d}-{1:02d}",
    "year": "{0:04d}",
    "slashes": "{0:04d}/{1:02d}/{2:02d}",
}
SIRETS = {
    "plain": lambda siret: siret,
    "spaced": lambda siret: f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}",
    "no-break": lambda siret: f"{siret[:3]}\u00a0{siret[3:6]}\u00a0{siret[6:9]}\u00a0{siret[9:]}",
    "apostrophe": lambda siret: f"'{siret}",
    "float": lambda siret: f"{siret}.0",
    "siren": lambda siret: siret[:9],
    "scientific": lambda siret: f"{siret[0]},{siret[1:6]}E+13",
    "formula": lambda siret: f'="{siret}"',
    "prefix": lambda siret: f"SIRET {siret}",
}
NAMES = {
    "schema": "nomAttribuant idAttribuant dateConvention nomBeneficiaire idBeneficiaire objet montant".split(),
    "upper": "NOMATTRIBUANT IDATTRIBUANT DATECONVENTION NOMBENEFICIAIRE IDBENEFICIAIRE OBJET MONTANT".split(),
    "snake": "nom_attribuant id_attribuant date_convention nom_beneficiaire id_beneficiaire objet montant".split(),
    "long": (
        "Nom de l'attribuant", "Identification de l'attribuant", "Date de la convention de subvention",
        "Nom du bénéficiaire", "Identification du bénéficiaire", "Objet de la subvention",
        "Montant total de la subvention",
    ),
    "people": (
        "Collectivité", "SIRET attribuant", "Date de décision", "Bénéficiaire", "N° SIRET", "Objet", "Montant voté (€)",
    ),
    "people 2": (
        "Nom de la collectivité", "SIREN de la collectivité", "Date de délibération", "Nom de l’association", "N°Siret",
        "Objet de la demande", "Montant attribué en €",
    ),
    "people 3": (
        "Attribuant", "Siret attribuant", "Date d'attribution", "Tiers bénéficiaire", "Numéro SIRET du bénéficiaire",
        "Nature du projet", "Montant de l'aide",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How a file is dirtied."""

    amount: str
    date: str
    siret: str
    names: str
    separator: str
    encoding: str
    quoted: str
    order: tuple[int, ...]
    title: int
    footer: str
    newline: bool
    extra: str
    blank: bool


styles = st.builds(
    Style,
    amount=st.sampled_from(sorted(AMOUNTS)),
    date=st.sampled_from(sorted(DATES)),
    siret=st.sampled_from(sorted(SIRETS)),
    names=st.sampled_from(sorted(NAMES)),
    separator=st.sampled_from([";", ",", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16", "mac_roman"]),
    quoted=st.sampled_from(["minimal", "all", "never"]),
    order=st.permutations(range(7)).map(tuple),
    title=st.integers(0, 2),
    footer=st.sampled_from(["", "total", "total général", "TOTAL :", "note", "sum only"]),
    newline=st.booleans(),
    extra=st.sampled_from(["", "empty column", "duplicate column", "second amount", "index"]),
    blank=st.booleans(),
)


def table(rows: list[Grant], style: Style) -> list[list[str]]:
    names = list(NAMES[style.names])
    if style.newline:
        names = [name.replace(" ", "\n", 1) for name in names]
    body = [
        [
            *PAYER,
            DATES[style.date].format(*row.date, row.date[0] % 100),
            row.name,
            SIRETS[style.siret](row.siret),
            row.object,
            AMOUNTS[style.amount](row.cents),
        ]
        for row in rows
    ]
    lines = [[line[place] for place in style.order] for line in [names, *body]]
    total = AMOUNTS[style.amount](sum(row.cents for row in rows))
    where = style.order.index(6)
    if style.footer:
        foot = [""] * 7
        if style.footer == "note":
            foot[0] = "Source : direction des finances"
        else:
            foot[where] = total
            if style.footer != "sum only":
                foot[0 if where else 1] = style.footer
        lines.append(foot)
    if style.extra == "empty column":
        lines = [[*line[:3], "", *line[3:]] for line in lines]
    if style.extra == "duplicate column":
        lines = [[*line, line[where]] for line in lines]
    if style.extra == "second amount":
        lines = [[*line, "Montant demandé" if rank == 0 else "999"] for rank, line in enumerate(lines)]
    if style.extra == "index":
        lines = [[str(rank) if rank else "", *line] for rank, line in enumerate(lines)]
    titles = [["Subventions versées par le Département"], []][: style.title]
    if style.blank:
        lines.insert(2, [""] * len(lines[0]))
    return titles + lines


def as_text(lines: list[list[str]], style: Style) -> bytes:
    if style.quoted == "never":
        text = "\r\n".join(style.separator.join(cell.replace("\n", " ") for cell in line) for line in lines)
    else:
        quoting = csv.QUOTE_ALL if style.quoted == "all" else csv.QUOTE_MINIMAL
        out = io.StringIO()
        csv.writer(out, delimiter=style.separator, quoting=quoting).writerows(lines)
        text = out.getvalue()
    return text.encode(style.encoding, errors="replace")


def check(path, rows: list[Grant], style: Style) -> None:
    refusal = ""
    try:
        net, report = read_grants(path)
    except TableError as error:
        refusal = str(error)
    if refusal:
        assert refusal.startswith(path.name)
        return
    true = {row.object: row for row in rows}
    ties = net.ties
    assert not ties["object"].duplicated().any()
    for tie in ties.itertuples():
        row = true[tie.object]
        assert tie.weight == row.cents / 100, (tie, row)
        assert tie.source == "221800014"
        siren = net.actors.loc[tie.target, "siren"]
        assert siren != siren or siren == row.siret[:9]
        assert tie.period == str(row.date[0])
    told = set(report.findings.loc[report.findings["action"].isin(["refused", "decided", "noted"]), "line"])
    assert len(told) >= len(rows) - len(ties)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(rows=grants(), style=styles)
def test_dirty_text_files(tmp_path_factory, rows, style):
    path = tmp_path_factory.mktemp("dirty") / "subventions.csv"
    path.write_bytes(as_text(table(rows, style), style))
    check(path, rows, style)


@pytest.mark.parametrize("order", [(1, 3, 4, 5, 0, 2, 6), (0, 4, 3, 5, 1, 2, 6)])
def test_an_identifier_in_scientific_notation_cut_by_a_comma_moves_no_other_cell(tmp_path, order):
    path = tmp_path / "subventions.csv"
    head = [NAMES["long"][place] for place in order]
    row = [*PAYER, "01.01.2015", "MJC de Vierzon", "1,00000E+13", "Projet A", "0,01 EUR TTC"]
    path.write_text("\n".join(",".join(line) for line in (head, [row[place] for place in order])))
    net, _ = read_grants(path)
    assert net.ties["object"].tolist() == ["Projet A"]
    assert net.ties["weight"].tolist() == [0.01]
    assert "MJC de Vierzon" in net.actors["name"].tolist()
