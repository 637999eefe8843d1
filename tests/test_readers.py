"""Files as they are in France give the same network as clean tables; every problem comes at once."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reseau_territorial import Network, ReseauError, TableError, samples
from reseau_territorial.readers import read_graph, read_kumu, read_mpx, read_survey, read_tables, read_workbook

SHARED = Path(os.environ.get("RESEAU_SHARED", Path(__file__).parents[1] / "../shared")) / "data"

LIENS = """Acteur 1;Acteur 2;Couche;Période;Poids;Niveau;Formel;Statut;Besoin;Preuve;Montant versé;Code postal
Ville de Tours;Métropole;masques;Avant;1,5;3;oui;présent;masques;E1;1 150,00 €;37000
Ville de Tours;CHRU;masques;Pendant;2;informelle;non;Présent;masques;E1;20,5;01000
Métropole;CHRU;écoles;Après;0,25;;;inconnu;écoles;;;37200
"""
ACTEURS = """Acteur;Nom;Type;Secteur;Échelon;Territoire;N° SIREN;Code INSEE;Longitude;Latitude
Ville de Tours;Ville de Tours;Commune;Publique;communal;37261;213702616;37261;0,6892;47,3901
Métropole;Tours Métropole;Intercommunalité;public;Intercommunal;243700754;243 700 754;;;
CHRU;CHRU de Tours;Hôpital;PUBLIC;régional;;012345678;;;
"""


def save(folder: Path, text: str, name: str = "liens.csv", encoding: str = "cp1252") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.fixture
def french(tmp_path: Path) -> Network:
    return read_tables(save(tmp_path, LIENS), actors=save(tmp_path, ACTEURS, "acteurs.csv", "utf-8-sig"))


def test_french_headers_words_and_numbers_are_understood(french: Network) -> None:
    ties = french.ties
    assert french.periods == ("before", "crisis", "after")
    assert ties["period"].to_list() == ["before", "crisis", "after"]
    assert ties["weight"].to_list() == [1.5, 2.0, 0.25]
    assert ties["level"].to_list() == [3, 2, pd.NA]
    assert ties["formal"].to_list() == [True, False, pd.NA]
    assert ties["status"].to_list() == ["present", "present", "unknown"]
    assert ties["layer"].to_list() == ["masques", "masques", "écoles"]
    actors = french.actors
    assert actors["sector"].to_list() == ["public"] * 3
    assert actors["kind"].to_list() == ["commune", "epci", "hospital"]
    assert actors["tier"].to_list() == ["communal", "intercommunal", "regional"]
    assert actors["longitude"].iloc[0] == pytest.approx(0.6892)


def test_codes_stay_text_and_amounts_become_numbers(french: Network) -> None:
    assert french.actors["siren"].to_list() == ["213702616", "243700754", "012345678"]
    assert french.ties["Code postal"].to_list() == ["37000", "01000", "37200"]
    assert french.ties["Montant versé"].iloc[:2].to_list() == [1150.0, 20.5]


WORDS = st.text("abcdéèçîœ’ -ABC", min_size=1, max_size=8).map(lambda text: " ".join(text.split())).filter(bool)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(WORDS.filter(lambda name: any(map(str.isalpha, name))), min_size=3, max_size=6, unique=True),
    rows=st.lists(
        st.tuples(st.integers(0, 2), st.integers(3, 5), st.integers(0, 9999), st.sampled_from(["avant", "Après"])),
        min_size=1,
        max_size=8,
    ),
    headers=st.sampled_from(
        [
            ("source", "cible", "poids", "periode"),
            ("SOURCE", "Cible", "Intensité", "PÉRIODE"),
            ("Origine", "Destination", "Poids ", " Période"),
            ("De", "À", "Force", "Phase"),
            ("source", "target", "weight", "period"),
        ]
    ),
    separator=st.sampled_from([";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    trailing=st.booleans(),
    blank=st.booleans(),
)
def test_a_dirty_file_gives_the_network_of_the_clean_table(
    tmp_path: Path,
    names: list[str],
    rows: list[tuple[int, int, int, str]],
    headers: tuple[str, ...],
    separator: str,
    encoding: str,
    trailing: bool,
    blank: bool,
) -> None:
    names = (names * 2)[: max(6, len(names))]
    used = [(names[a], f"z{names[b]}", cents, period) for a, b, cents, period in rows]
    lines = [separator.join(headers)]
    for source, target, cents, period in used:
        weight = f"{cents / 100:.2f}".replace(".", ",")
        lines.append(separator.join([f" {source}", f'"{target}"', weight, period]))
        lines.extend([separator * 3] if blank else [])
    text = "".join(f"{line}{separator if trailing else ''}\r\n" for line in lines)
    clean = pd.DataFrame(
        {
            "source": [row[0] for row in used],
            "target": [row[1] for row in used],
            "weight": [row[2] / 100 for row in used],
            "period": [{"avant": "before", "Après": "after"}[row[3]] for row in used],
        }
    )
    assert read_tables(save(tmp_path, text, encoding=encoding)).equals(Network(clean))


HEADERS = st.sampled_from(
    [*"source cible couche période poids niveau formel statut besoin date orienté acteur secteur type x".split(" "), ""]
)
CELLS = st.sampled_from(
    ["", "A", "B", "C", "1", "1,5", "-1", "oui", "NA", "inconnu", "avant", "2020", "é;", '"', "NSP"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    headers=st.lists(HEADERS, min_size=1, max_size=6),
    rows=st.lists(st.lists(CELLS, max_size=7), max_size=5),
    actors=st.booleans(),
)
@pytest.mark.filterwarnings("ignore:.*is kept as it is:UserWarning")
def test_any_table_is_a_network_or_an_error_of_ours(
    tmp_path: Path, headers: list[str], rows: list[list[str]], actors: bool
) -> None:
    path = save(tmp_path, "\n".join(";".join(row) for row in [headers, *rows]))
    frame = pd.DataFrame([[*row, *[None] * 6][: len(headers)] for row in rows], columns=headers)
    for read in (
        lambda: read_tables(path, actors=path if actors else None),
        lambda: read_kumu(path),
        lambda: read_survey(path),
        lambda: read_survey({"avant": path}, values="weight", blank="absent", directed=False),
        lambda: read_tables(frame),
        lambda: read_survey(frame),
        lambda: read_kumu(frame, elements=frame),
    ):
        try:
            found = [read()]
        except ReseauError:
            found = []
        assert all(isinstance(net, Network) for net in found)


def test_tables_may_be_frames_and_parquet(tmp_path: Path, french: Network) -> None:
    ties = french.ties.drop(columns="period").assign(période=french.ties["period"].astype("str"))
    ties.to_parquet(tmp_path / "liens.parquet")
    again = read_tables(tmp_path / "liens.parquet", actors=french.actors)
    assert again.equals(french)


def test_all_problems_come_at_once_with_files_and_rows(tmp_path: Path) -> None:
    ties = save(tmp_path, "source;cible;poids\nA;B;-1\n\nB;B;beaucoup\nA;Z;2\n")
    actors = save(tmp_path, "acteur;secteur\nA;public\nB;public\nA;privé\n", "acteurs.csv")
    with pytest.raises(TableError) as caught:
        read_tables(ties, actors=actors)
    message = str(caught.value)
    assert "liens.csv: ties: weight must be a number; row 4 has 'beaucoup'" in message
    assert "joins an actor to itself" in message
    assert "'Z' (row 5)" in message
    assert "acteurs.csv: actors: actor 'A' stands more than once (rows 2, 4)" in message


def test_negative_missing_and_infinite_weights_name_their_rows(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"liens\.csv: ties: weight must be 0 or more.*row 2"):
        read_tables(save(tmp_path, "source;cible;poids\nA;B;-2,5\n"))
    with pytest.raises(TableError, match=r"liens\.csv: ties: weight is missing in row 3"):
        read_tables(save(tmp_path, "source;cible;poids\nA;B;1\nA;C;NA\n"))


def test_two_headers_of_one_meaning_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "source;origine;cible\nA;B;C\n")
    with pytest.raises(TableError, match=r"'source', 'origine' all mean 'source'"):
        read_tables(path)


def test_a_missing_column_and_a_misspelt_word_are_told(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no column says 'target'. The headers are 'source', 'but'"):
        read_tables(save(tmp_path, "source;but\nA;B\n"))
    with pytest.raises(TableError, match="no column says 'source'. Is it 'Sorce'?"):
        read_tables(save(tmp_path, "Sorce;Cible\nA;B\n"))
    with pytest.raises(TableError, match="looks like a table of actors"):
        read_tables(save(tmp_path, "Acteur;Secteur\nA;public\n"))
    with pytest.raises(TableError, match=r"status is one of .*row 2 has 'peut-être'"):
        read_tables(save(tmp_path, "source;cible;statut\nA;B;peut-être\n"))


def test_problems_of_several_files_come_together(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        read_tables(save(tmp_path, "", "vide.csv"), actors=tmp_path / "absent.csv", layers=tmp_path)
    assert len(caught.value.problems) == 3


def test_direction_told_per_tie_goes_to_its_layer(tmp_path: Path) -> None:
    net = read_tables(save(tmp_path, "source;cible;couche;orienté\nA;B;x;oui\nB;C;y;non\n"))
    assert net.layers["directed"].to_dict() == {"x": True, "y": False}
    with pytest.raises(TableError, match=r"layer 'x' holds directed ties and others"):
        read_tables(save(tmp_path, "source;cible;couche;orienté\nA;B;x;oui\nB;C;x;non\n"))


def test_an_actor_named_na_is_an_actor(tmp_path: Path) -> None:
    net = read_tables(save(tmp_path, "source;cible;besoin\nNA;Tours;NA\n"))
    assert list(net.actors.index) == ["NA", "Tours"]
    assert net.ties["need"].isna().all()


def test_invisible_marks_do_not_make_two_actors_of_one(tmp_path: Path) -> None:
    text = "source;cible\nVille de Tours;A\nVille\xa0de  Tours\u200b;B\n\ufeffVille de Tours ;C\n"
    assert len(read_tables(save(tmp_path, text, encoding="utf-8"))) == 4


def test_a_header_without_rows_is_no_network(tmp_path: Path) -> None:
    path = save(tmp_path, "source;cible\n")
    with pytest.raises(TableError, match=r"liens\.csv: ties: the table has a header but no row"):
        read_tables(path)
    assert len(read_tables(path, actors=save(tmp_path, "acteur\nA\nB\n", "a.csv"))) == 2


def test_french_dates_sort(tmp_path: Path) -> None:
    net = read_tables(save(tmp_path, "source;cible;date\nA;B;2/04/2020\nA;C;2020-05\n"))
    assert net.ties["date"].to_list() == ["2020-04-02", "2020-05"]


def test_actors_without_an_identifier_are_known_by_their_name(tmp_path: Path) -> None:
    net = read_tables(
        save(tmp_path, "source;cible\nA;B\n"), actors=save(tmp_path, "Nom;Secteur\nA;privé\nB;\n", "a.csv")
    )
    assert net.actors["sector"].fillna("?").to_dict() == {"A": "private", "B": "?"}


# Workbooks -----------------------------------------------------------------------------------------------


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_with_french_sheets(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "reseau.xlsx",
        {
            "Lisez-moi": [["Comment remplir ce classeur"]],
            "Acteurs": [["Acteur", "Secteur", "SIREN"], ["Tours", "public", 213702616], ["Asso", "civil", None]],
            "Liens": [
                ["Réseau de Tours"],
                [],
                ["Source", "Cible", "Couche", "Poids", "Date", "Formel"],
                ["Tours", "Asso", "appui", 1.5, dt.datetime(2020, 4, 2), True],
                ["Asso", "Tours", "appui", 2, "03/04/2020", "non"],
            ],
            "Couches": [["Couche", "Libellé", "Orienté"], ["appui", "Appui", "oui"]],
        },
    )
    net = read_workbook(path)
    assert net.actors["siren"].iloc[0] == "213702616"
    assert net.ties["weight"].to_list() == [1.5, 2.0]
    assert net.ties["date"].to_list() == ["2020-04-02", "2020-04-03"]
    assert net.ties["formal"].to_list() == [True, False]
    assert net.layers.loc["appui", "directed"]


def test_a_format_of_zeros_keeps_the_zeros_of_a_code(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"F": [["acteur", "insee"], ["Ambérieu", 1004]]})
    book = openpyxl.load_workbook(path)
    book["F"]["B2"].number_format = "00000"
    book.save(path)
    assert read_tables(actors=path).actors.loc["Ambérieu", "insee"] == "01004"


def test_rows_of_a_sheet_are_named_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", {"liens": [["source", "cible", "poids"], [], ["A", "B", "x"]]})
    with pytest.raises(TableError, match=r"r\.xlsx, sheet 'liens': ties: weight must be a number; row 3"):
        read_workbook(path)


def test_bad_workbooks_are_told(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no sheet named 'liens'"):
        read_workbook(workbook(tmp_path / "a.xlsx", {"Feuil1": [["source", "but"], ["A", "B"]]}))
    with pytest.raises(TableError, match="two sheets hold ties"):
        read_workbook(workbook(tmp_path / "b.xlsx", {"liens": [["source", "cible"], ["A", "B"]], "Ties": [["x"]]}))
    with pytest.raises(TableError, match="not an xlsx workbook"):
        read_workbook(save(tmp_path, LIENS))
    (tmp_path / "c.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(TableError, match="not a readable xlsx"):
        read_workbook(tmp_path / "c.xlsx")
    with pytest.raises(TableError, match="is a directory"):
        read_workbook(tmp_path)
    package = samples.study("florentine").save(tmp_path / "p.zip")
    with pytest.raises(TableError, match=r"data package: read it with load\(\)"):
        read_tables(package)
    with zipfile.ZipFile(tmp_path / "s.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(TableError, match=r"OpenDocument sheet: save it as \.xlsx"):
        read_tables(tmp_path / "s.ods")
    two = workbook(tmp_path / "d.xlsx", {"x": [["source", "cible"], ["A", "B"]], "y": [["z"], ["1"]]})
    with pytest.raises(TableError, match=r"has 2 sheets with content \('x', 'y'\)"):
        read_tables(two)


def test_the_only_sheet_with_both_ends_is_the_ties(tmp_path: Path) -> None:
    sheets = {"Légende": [["mot"], ["x"]], "Feuil1": [["Acteur 1", "Acteur 2"], ["A", "B"]]}
    assert list(read_workbook(workbook(tmp_path / "a.xlsx", sheets)).actors.index) == ["A", "B"]
    twice = {"Feuil1": sheets["Feuil1"], "Feuil2": sheets["Feuil1"]}
    with pytest.raises(TableError, match="no sheet named 'liens'"):
        read_workbook(workbook(tmp_path / "b.xlsx", twice))


def test_a_misspelt_sheet_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"liens": [["source", "cible"], ["A", "B"]], "Acteur s": [["acteur"], ["A"]]})
    with pytest.warns(UserWarning, match="sheet 'Acteur s' is not read"):
        read_workbook(path)


def test_a_workbook_named_csv_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = workbook(tmp_path / "liens.csv.xlsx", {"x": [["source", "cible"], ["A", "B"]]})
    assert len(read_tables(path.rename(tmp_path / "liens.csv"))) == 2


# Kumu ----------------------------------------------------------------------------------------------------


def test_kumu_sheets_with_three_directions(tmp_path: Path) -> None:
    connections = save(
        tmp_path,
        "From,To,Type,Direction,Strength\nA,B,appui,directed,2\nB,C,appui,mutual,3\nA,C,voisinage,undirected,1\n",
    )
    elements = save(tmp_path, "Label,Type,Description\nA,Commune,x\nB,Association,y\n", "elements.csv")
    net = read_kumu(connections, elements=elements)
    assert net.layers["directed"].to_dict() == {"appui": True, "voisinage": False}
    assert net.ties[["source", "target", "weight"]].values.tolist() == [
        ["A", "B", 2.0],
        ["B", "C", 3.0],
        ["A", "C", 1.0],
        ["C", "B", 3.0],
    ]
    assert net.actors["kind"].to_list()[:2] == ["commune", "association"]
    assert list(net.actors.index) == ["A", "B", "C"]


def test_kumu_in_one_workbook(tmp_path: Path) -> None:
    sheets = {"Elements": [["Label", "Type"], ["A", "x"], ["D", "y"]], "Connections": [["From", "To"], ["A", "B"]]}
    net = read_kumu(workbook(tmp_path / "kumu.xlsx", sheets))
    assert list(net.actors.index) == ["A", "D", "B"]
    assert net.directed


def test_kumu_problems(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"no column 'To'\. The headers are 'From', 'Type'"):
        read_kumu(save(tmp_path, "From,Type\nA,x\n"))
    with pytest.raises(TableError, match=r"no column 'From'\. Did you mean 'Frm'\? The headers are 'Frm', 'To'"):
        read_kumu(save(tmp_path, "Frm,To\nA,B\n"))
    with pytest.raises(TableError, match="Direction is one of .* row 2 have 'sideways'"):
        read_kumu(save(tmp_path, "From,To,Direction\nA,B,sideways\n"))


# Surveys -------------------------------------------------------------------------------------------------

GRID = pd.DataFrame(
    {
        "Répondant": ["A", "B", "C"],
        "A": [None, "2", None],
        "B": ["3", None, None],
        "C": ["0", "NSP", None],
        "D": ["oui", None, None],
    }
)


def test_a_grid_tells_present_absent_and_unknown_apart() -> None:
    net = read_survey({"avant": GRID})
    answers = {(row.source, row.target): (row.status, row.level) for row in net.ties.itertuples()}
    assert answers[("A", "B")] == ("present", 3)
    assert answers[("A", "D")] == ("present", 1)
    assert answers[("B", "A")] == ("present", 2)
    assert answers[("B", "C")][0] == answers[("B", "D")][0] == "unknown"
    assert ("A", "C") not in answers
    assert not any(source == "C" for source, _ in answers)
    assert net.observation.set_index("actor")["observed"].to_dict() == {"A": True, "B": True, "C": False, "D": False}
    assert net.periods == ("before",)
    assert net.directed


def test_ticked_grids_and_undirected_pairs() -> None:
    net = read_survey(GRID, blank="absent", values="weight", directed=False, layer="échanges")
    pairs = {(row.source, row.target): (row.status, row.weight) for row in net.ties.itertuples()}
    assert pairs == {("A", "B"): ("present", 3.0), ("A", "D"): ("present", 1.0), ("B", "C"): ("unknown", 1.0)}
    assert not net.directed
    assert net.periods == ()


def test_a_list_may_tell_its_periods(tmp_path: Path) -> None:
    text = "Répondant;Partenaire;Période;Niveau\nA;B;après;2\nA;C;avant;0\nB;A;avant;4\n"
    net = read_survey(save(tmp_path, text))
    assert net.periods == ("before", "after")
    assert net.ties[["source", "target", "period", "level"]].values.tolist() == [
        ["B", "A", "before", 4],
        ["A", "B", "after", 2],
    ]
    after = net.observation.query("period == 'after'").set_index("actor")["observed"]
    assert after.to_dict() == {"A": True, "B": False}


def test_bad_answers_come_at_once() -> None:
    grid = pd.DataFrame({"r": ["A", "A", "B"], "A": ["4", "", "peut-être"], "B": ["1", "", ""]}, index=[2, 3, 4])
    with pytest.raises(TableError) as caught:
        read_survey({"before": grid})
    message = str(caught.value)
    assert "'A' answer more than once (rows 2, 3)" in message
    assert "row 2 hold an answer of an actor about itself" in message
    assert "row 4 hold 'peut-être', which is no answer" in message
    with pytest.raises(ReseauError, match="values is one of"):
        read_survey(GRID, values="levels")  # type: ignore[arg-type]


def test_two_waves_in_the_order_given(tmp_path: Path) -> None:
    waves = {"2019": GRID, "2018": save(tmp_path, "qui;A;B\nA;;1\n")}
    net = read_survey(waves)
    assert net.periods == ("2019", "2018")


# Files of other tools --------------------------------------------------------------------------------------


def test_mpx_with_attributes_of_actors_and_layers(tmp_path: Path) -> None:
    text = (
        "#TYPE\nmultiplex\n\n#LAYERS\nconseil,DIRECTED\nvoisinage,UNDIRECTED\n#ACTOR ATTRIBUTES\nâge,NUMERIC\n"
        "#EDGE ATTRIBUTES\nconseil,weight,NUMERIC\n#ACTORS\nA,3\nB,NA\nZ,1\n"
        "#EDGES\nA,B,conseil,2.5\nB,A,conseil,1\nA,B,voisinage\nB,A,voisinage\n"
    )
    path = tmp_path / "x.mpx"
    path.write_text(text, encoding="utf-8")
    net = read_mpx(path)
    assert list(net.actors.index) == ["A", "B", "Z"]
    assert net.actors["âge"].to_list()[::2] == [3.0, 1.0]
    assert net.layers["directed"].to_dict() == {"conseil": True, "voisinage": False}
    assert net.ties["layer"].to_list() == ["conseil", "conseil", "voisinage"]
    assert net.ties["weight"].to_list() == [2.5, 1.0, 1.0]
    assert read_mpx(path, weight=None).ties["weight"].to_list() == [1.0, 1.0, 1.0]


def test_mpx_problems(tmp_path: Path) -> None:
    path = tmp_path / "x.mpx"
    path.write_text("#LAYER\nx\n#EDGES\nA,B\n", encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_mpx(path)
    assert len(caught.value.problems) == 2
    path.write_text("source;cible\nA;B\n", encoding="utf-8")
    with pytest.raises(TableError, match="no section #EDGES"):
        read_mpx(path)


@pytest.mark.skipif(not (SHARED / "study").is_dir(), reason="the study files are not beside the checkout")
def test_aucs_of_multinet_has_its_published_size() -> None:
    net = read_mpx(SHARED / "study/multinet-mpx/aucs.mpx")
    assert (len(net), len(net.ties), len(net.layers)) == (61, 620, 5)


def test_graph_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ReseauError, match=r"must end with \.graphml or \.gexf"):
        read_graph(save(tmp_path, LIENS))
    with pytest.raises(TableError, match=r"cannot be read as GraphML.*no XML"):
        read_graph(save(tmp_path, LIENS, "x.graphml"))
    with pytest.raises(TableError, match="no file"):
        read_graph(tmp_path / "absent.gexf")


@pytest.mark.skipif(not (SHARED / "weka-2020").is_dir(), reason="the coded article is not beside the checkout")
def test_the_coded_article_is_read_from_its_french_files() -> None:
    ties = pd.read_csv(SHARED / "weka-2020/ties.csv", dtype=str).drop(columns=["statut", "oriente"])
    net = read_tables(ties, actors=SHARED / "weka-2020/actors.csv")
    assert (len(net), len(net.ties)) == (34, 50)
    assert net.ties["period"].value_counts().to_dict() == {"crisis": 37, "after": 10, "before": 3}
    assert set(net.actors["sector"]) == {"public", "private", "civil", "mixed"}
