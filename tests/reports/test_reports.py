"""Reports: what they say, in which file, and what they never do."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pypdf
import pytest

import reseau_territorial as rt
from reseau_territorial.errors import ReseauError, UnknownNameError
from reseau_territorial.reports import Report, _findings, report
from reseau_territorial.reports._document import Bullets, Document, Grid, Heading, Pair, Paragraph, Picture
from reseau_territorial.reports._html import to_html
from reseau_territorial.reports._pdf import to_pdf
from reseau_territorial.reports._workbook import to_xlsx
from reseau_territorial.styles import format_euros, format_number

HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> #panic() *x* \u2028"


@pytest.fixture(scope="module")
def tours() -> Report:
    return report(rt.samples.tours_masks(), by="sector", n_resamples=199)


def text_of(paper: Report) -> str:
    parts = []
    for block in paper.document.blocks:
        if isinstance(block, Paragraph | Heading):
            parts.append(block.text)
        elif isinstance(block, Bullets):
            parts.extend(block.items)
    return "\n".join(parts)


def test_the_figures_in_the_text_are_those_of_the_network(tours: Report) -> None:
    net = rt.samples.tours_masks()
    crisis = net.select(period="crisis")
    text = text_of(tours)
    present = (net.ties["status"] == "present").sum()
    unknown = (net.ties["status"] == "unknown").sum()
    assert f"{len(net)} acteurs et {present} liens connus" in text
    assert f"Le statut de {unknown} liens de plus est inconnu" in text
    index = rt.network_silo(crisis, by="sector")
    assert f"vaut {format_number(index, 2)}" in text
    assert not re.search(r"(?<!\w)-\d", text), "a hyphen where a minus is meant"


def test_a_verdict_only_beyond_chance() -> None:
    def paper(ties: list[tuple[str, str]]) -> str:
        actors = [f"{group}{i}" for group in "ab" for i in range(6)]
        table = pd.DataFrame({"actor": actors, "sector": [actor[0] for actor in actors]})
        net = rt.Network(pd.DataFrame(ties, columns=["source", "target"]), actors=table)
        return text_of(report(net, by="sector", n_resamples=199))

    inside = [(f"{g}{i}", f"{g}{j}") for g in "ab" for i in range(6) for j in range(i)]
    across = [(f"a{i}", f"b{j}") for i in range(6) for j in range(6)]
    mixed = [("a0", "a1"), ("b0", "b1"), ("a0", "b0"), ("a2", "b3")]
    assert "travaillent donc ensemble plus que le hasard" in paper(inside)
    assert "traversent donc les groupes plus que le hasard" in paper(across)
    assert "on ne peut conclure ni à un silo" in paper(mixed)


def test_no_conclusion_on_what_lasts_when_the_bounds_are_wide(tours: Report) -> None:
    assert "trop large pour conclure" in text_of(tours)


def test_sources_stand_in_every_file(tours: Report, tmp_path: Path) -> None:
    page = tours.save(tmp_path / "tours.html").read_text(encoding="utf-8")
    assert "info-tours.fr" in page
    book = openpyxl.load_workbook(tours.save(tmp_path / "tours.xlsx"))
    assert "Sources" in book.sheetnames
    assert "Méthode" in book.sheetnames


def test_html_is_static_and_closed(tours: Report, tmp_path: Path) -> None:
    page = tours.save(tmp_path / "tours.html").read_text(encoding="utf-8")
    assert page.startswith('<!DOCTYPE html>\n<html lang="fr">')
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!data:)', page)
    assert page.count("<img alt=") == page.count("<img")


def test_french_has_no_english_and_its_own_spaces(tours: Report) -> None:
    text = text_of(tours)
    assert not re.search(r"\b(the|actors|ties|and|nan|NaN|None)\b", text)
    assert not re.search(r"[\wé] [;:?!]", text)


def test_english_on_request() -> None:
    paper = report(rt.samples.tours_masks(), by="sector", n_resamples=99, lang="en")
    assert "This network brings together 33 actors" in text_of(paper)
    assert 'lang="en"' in to_html(paper.document)


def test_pdf_has_text_fonts_and_bookmarks(tours: Report, tmp_path: Path) -> None:
    path = tours.save(tmp_path / "tours.pdf")
    reader = pypdf.PdfReader(path)
    words = " ".join(page.extract_text() for page in reader.pages)
    assert "Travaille-t-on surtout entre soi" in words
    assert any("Sources" in str(entry) for entry in reader.outline[-1:] or reader.outline) or len(reader.outline) > 3
    fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descendant = font.get_object()["/DescendantFonts"][0].get_object()
        assert "/FontFile3" in descendant["/FontDescriptor"] or "/FontFile2" in descendant["/FontDescriptor"]


def test_word_document_opens_with_headings_and_alternative_texts(tours: Report, tmp_path: Path) -> None:
    import docx

    word = docx.Document(str(tours.save(tmp_path / "tours.docx")))
    headings = [one.text for one in word.paragraphs if one.style.name.startswith("Heading")]
    assert "Qui fait le pont\u202f?" in headings
    assert len(word.inline_shapes) == 3
    assert all(shape._inline.docPr.get("descr") for shape in word.inline_shapes)
    assert 'w:lang w:val="fr-FR"' in word.styles.element.xml
    assert "info-tours.fr" in word.core_properties.comments
    page = word.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    for table in word.tables:
        widths = [column.width for column in table.columns]
        assert len(set(widths)) > 1
        assert round(sum(width.mm for width in widths)) == 174


def numbers_of(table: pd.Series) -> set[str]:
    return {format_number(value, 2) for value in table.dropna()}


def test_every_figure_of_the_tables_of_the_text_is_in_the_workbook(tours: Report) -> None:
    """The page rounds what the annex holds: nothing is written by hand."""
    grids = {grid.caption: grid for grid in every_grid(tours)}
    bridges = grids["Les acteurs qui relient le plus de groupes"]
    annex = tours.document.annex["Facilitateurs"]
    assert {row[2] for row in bridges.rows} <= numbers_of(annex.iloc[:, list(annex.columns).index("rôle")])
    layers = next(grid for caption, grid in grids.items() if caption.startswith("Indice de silo"))
    index = tours.document.annex["Silos"]
    assert {row[2] for row in layers.rows} <= numbers_of(index[index.columns[1]]) | {"n.\u00a0d."}
    needs = grids["Réponses par besoin"]
    provision = rt.samples.tours_masks().select(period="crisis").provision
    counts = provision[provision["status"] == "present"].groupby("need")["actor"].nunique()
    assert sorted(row[1] for row in needs.rows) == sorted(str(count) for count in counts)


def test_amounts_of_the_report_are_those_of_the_account() -> None:
    folder = rt.samples.folder("argent_public")
    net, account = rt.opendata.read_contracts(folder / "decp-2024H2-travaux-49.csv")
    paper = report(net, n_resamples=19)
    text = text_of(paper)
    assert (
        f"Contrats publics\u202f: {format_euros(account.euros)} en tout, pour 147 contrats, de 12 acheteurs à" in text
    )
    received = paper.document.annex["Montants"]
    assert received["montant (€)"].sum() == pytest.approx(account.euros)
    assert received["part"].sum() == pytest.approx(1)
    grid = next(grid for grid in every_grid(paper) if "Bénéficiaire" in grid.columns)
    assert [row[0] for row in grid.rows] == received["nom de l’acteur"].head(5).tolist()
    largest = received["montant (€)"].cumsum()
    half = int((largest < account.euros / 2).sum()) + 1
    assert f"La moitié de ce total va à {half} titulaires." in text


def test_a_criterion_known_for_few_gives_no_verdict() -> None:
    net, _ = rt.opendata.read_grants(rt.samples.folder("argent_public") / "conventions-de-subventions-49.csv")
    paper = report(net, period="2018", n_resamples=19)
    text = text_of(paper)
    assert "est connu (1 acteur sur 33) sont du même groupe, «\u202fPublic\u202f»" in text
    assert "Qui fait le pont" not in text
    assert "indice de silo vaut" not in text
    assert "2017\u202f: 1\u202f082\u202f677\u00a0€" in text
    assert "sans date\u202f: 296\u202f000\u00a0€" in text


def test_one_known_group_beside_unknown_ones_is_no_criterion() -> None:
    """Nothing is said of silos, bridges or groups; the partners are counted, and another criterion is named."""
    paper = report(rt.samples.indre_et_loire(), n_resamples=19)
    text = text_of(paper)
    assert "est connu (312 acteurs sur 342) sont du même groupe, «\u202fPublic\u202f»" in text
    assert "D’autres critères distinguent des groupes\u202f: «\u202ftype d’acteur\u202f», «\u202féchelon\u202f»" in text
    for word in ("indice de silo", "travaillent donc ensemble", "Qui fait le pont", "groupe à part"):
        assert word not in text.replace("réunis en un groupe à part", ""), word
    grid = next(grid for grid in every_grid(paper) if grid.columns[-1] == "Partenaires")
    ties = rt.samples.indre_et_loire().ties
    ends = pd.concat([ties["source"], ties["target"]], ignore_index=True)
    others = pd.concat([ties["target"], ties["source"]], ignore_index=True)
    assert grid.rows[0] == ('SMO "Val de Loire Numérique"', str(others.groupby(ends).nunique().max()))


def test_ties_that_do_not_follow_one_another_are_counted_and_not_called_none() -> None:
    """Communes that adhere to syndicats: every tie crosses groups, and no shortest path has a middle."""
    rng = np.random.default_rng(2)
    towns, unions = [f"t{i:03}" for i in range(150)], [f"s{i}" for i in range(8)]
    ties = pd.DataFrame({"source": towns * 2, "target": rng.choice(unions, 300)}).drop_duplicates()
    actors = pd.DataFrame({"actor": [*towns, *unions], "kind": ["commune"] * 150 + ["grouping"] * 8})
    net = rt.Network(ties, actors=actors, layers=pd.DataFrame({"layer": ["tie"], "directed": [True]}))
    paper = report(net, by="kind", n_resamples=19)
    assert "ils ne s’enchaînent pas" in text_of(paper)
    grid = next(grid for grid in every_grid(paper) if "Groupes atteints" in grid.columns)
    most = ties["target"].value_counts()
    assert grid.rows[0] == (most.index[0], str(most.iloc[0]), "1")


def test_nobody_bridges_groups_that_no_tie_joins() -> None:
    ties = [(f"{g}{i}", f"{g}{j}") for g in "ab" for i in range(6) for j in range(i)]
    actors = [f"{g}{i}" for g in "ab" for i in range(6)]
    sectors = pd.DataFrame({"actor": actors, "sector": [{"a": "public", "b": "civil"}[name[0]] for name in actors]})
    paper = report(rt.Network(pd.DataFrame(ties, columns=["source", "target"]), actors=sectors), n_resamples=19)
    assert "Aucun acteur n’a ici de partenaire dans un autre groupe" in text_of(paper)
    assert "Facilitateurs" not in paper.document.annex


def test_three_actors_prove_nothing() -> None:
    ties = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]})
    actors = pd.DataFrame({"actor": ["a", "b", "c"], "sector": ["public", "public", "civil"]})
    assert "Avec si peu de répartitions comparées" in text_of(report(rt.Network(ties, actors=actors), n_resamples=99))


def test_a_small_p_is_said_to_be_under_what_can_be_written() -> None:
    ties = [(f"{g}{i}", f"{g}{j}") for g in "ab" for i in range(12) for j in range(i)]
    actors = [f"{g}{i}" for g in "ab" for i in range(12)]
    sectors = pd.DataFrame({"actor": actors, "sector": [{"a": "public", "b": "civil"}[name[0]] for name in actors]})
    net = rt.Network(pd.DataFrame(ties, columns=["source", "target"]), actors=sectors)
    assert "(p < 0,001)" in text_of(report(net, n_resamples=4999))


def test_figures_and_picture_count_the_actors_of_the_period(tours: Report) -> None:
    crisis = rt.samples.tours_masks().select(period="crisis")
    sizes = crisis.actors["sector"].value_counts()
    assert f"où l’on connaît {len(crisis)} acteurs" in text_of(tours)
    assert f"Société civile ({sizes['civil']})" in text_of(tours)
    assert f"Société civile ({sizes['civil']})" in every_picture(tours)[0].svg.decode()


def test_many_groups_are_folded_where_they_could_not_be_read() -> None:
    names = [f"{g}{i}" for g in "abcdefghijkl" for i in range(4)]
    ties = pd.DataFrame({"source": names, "target": names[5:] + names[:5]})
    net = rt.Network(ties, actors=pd.DataFrame({"actor": names, "club": [name[0] for name in names]}))
    paper = report(net, by="club", n_resamples=19)
    alt = every_picture(paper)[1].alt
    assert "Autres groupes" in every_picture(paper)[1].svg.decode()
    assert alt


def test_a_paragraph_stays_with_its_table_in_word(tours: Report, tmp_path: Path) -> None:
    import docx

    paragraphs = docx.Document(str(tours.save(tmp_path / "t.docx"))).paragraphs
    before = next(one for one in paragraphs if one.text.startswith("Le tableau classe les acteurs"))
    assert before.paragraph_format.keep_with_next


def test_the_first_sheet_of_a_workbook_reads_as_the_paper(tours: Report, tmp_path: Path) -> None:
    """Under each heading there is something: pictures at their size and told in words, small tables, sentences."""
    book = openpyxl.load_workbook(tours.save(tmp_path / "t.xlsx"))
    sheet = book["Synthèse"]
    pictures = {one.anchor._from.row + 1: one for one in sheet._images}
    assert len(pictures) == len(every_picture(tours))
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    assert drawing.count('descr="') == len(pictures)
    for row in pictures:
        assert 100 < sheet.row_dimensions[row].height <= 409
    filled = [bool(sheet.cell(row, 1).value) or row in pictures for row in range(1, sheet.max_row + 1)]
    headings = [row for row in range(3, sheet.max_row) if sheet.cell(row, 1).font.color.rgb == "FF004488"]
    assert len(headings) >= 7
    assert all(filled[row] for row in headings)
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {"Les acteurs qui relient le plus de groupes", "Intervalle", "Couche", "Makers-37"} <= cells


def test_a_picture_and_a_table_side_by_side_do_not_hold_the_next_section_in_word(tours: Report, tmp_path: Path) -> None:
    import docx

    pair = docx.Document(str(tours.save(tmp_path / "t.docx"))).tables[0]
    assert len(pair.rows) == 1
    held = [one for cell in pair.rows[0].cells for one in cell.paragraphs if one.paragraph_format.keep_with_next]
    assert held == []


def test_a_confidential_layer_has_no_amount(tours: Report) -> None:
    ties = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "layer": "grant", "weight": [1234.0, 4321.0]})
    layers = pd.DataFrame({"layer": ["grant"], "directed": [True], "unit": ["€"], "confidential": [True]})
    secret = report(rt.Network(ties, layers=layers), n_resamples=19)
    assert "Montants" not in secret.document.annex
    assert "Combien" not in text_of(secret)
    told = report(rt.Network(ties, layers=layers.assign(confidential=False)), n_resamples=19)
    assert "5\u202f555\u00a0€ en tout" in text_of(told)


def test_the_annex_of_a_french_report_has_french_columns(tours: Report) -> None:
    english = re.compile(
        r"(source|target|actor|layer|period|weight|share|expected|ratio|sd|zscore|score|low|high|loss|observed|groups"
        r"|producer|title|url|\w+_\w+)"
    )
    for name, sheet in tours.document.annex.items():
        assert not [column for column in sheet.columns if english.fullmatch(column)], name
    mixing = tours.document.annex["Qui avec qui"]
    assert set(mixing["origine"]) <= {"Public", "Privé", "Société civile", "Mixte"}
    assert "Ville de Tours" in set(tours.document.annex["Liens"]["nom de l’origine"])


def test_sheets_are_printed_on_a4_with_their_headers(tours: Report, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(tours.save(tmp_path / "r.xlsx"))
    for sheet in book.worksheets:
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.title != "Synthèse":
            assert sheet.page_setup.orientation == "landscape"
            assert sheet.print_title_rows == "$1:$1"
            assert sheet.freeze_panes == "B2"


def every_grid(paper: Report) -> list[Grid]:
    blocks = paper.document.blocks
    return [b for b in blocks if isinstance(b, Grid)] + [b.grid for b in blocks if isinstance(b, Pair)]


def every_picture(paper: Report) -> list[Picture]:
    blocks = paper.document.blocks
    return [b for b in blocks if isinstance(b, Picture)] + [b.picture for b in blocks if isinstance(b, Pair)]


def test_no_word_of_a_picture_is_under_seven_points_on_paper(tours: Report) -> None:
    for picture in every_picture(tours):
        svg = picture.svg.decode()
        sizes = [float(size) for size in re.findall(r"font(?:-size)?: (?:\w+ )*([0-9.]+)px", svg)]
        width = float(re.search(r'width="([0-9.]+)pt"', svg)[1])
        assert sizes
        assert min(sizes) * picture.inches * 72 / width >= 6.99


def test_pictures_have_neither_title_nor_sources_of_their_own(tours: Report) -> None:
    for picture in every_picture(tours):
        svg = picture.svg.decode()
        assert "info-tours" not in svg
        assert "Qui coopère avec qui" not in re.sub(r"<desc.*?</desc>|<dc:.*?</dc:\w+>", "", svg, flags=re.DOTALL)


@pytest.mark.slow
@pytest.mark.parametrize("by", ["sector", "kind"])
def test_the_pdf_holds_in_two_pages(by: str, tmp_path: Path) -> None:
    paper = report(rt.samples.tours_masks(), by=by, n_resamples=99)
    reader = pypdf.PdfReader(paper.save(tmp_path / "tours.pdf"))
    assert len(reader.pages) == 2
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "fr-FR"
    assert root["/MarkInfo"]["/Marked"]
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode()
    assert reader.metadata.title == paper.document.title


def test_words_of_the_pictures_are_text_in_the_pdf(tours: Report, tmp_path: Path) -> None:
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(tours.save(tmp_path / "tours.pdf")).pages)
    assert "Les p’tites Mains" in words or "Les p'tites Mains" in words


def test_the_same_report_gives_the_same_pdf(tours: Report) -> None:
    assert to_pdf(tours.document) == to_pdf(tours.document)


def test_one_is_written_in_the_singular() -> None:
    ties = pd.DataFrame({"source": ["a"], "target": ["b"], "status": ["present"]})
    actors = pd.DataFrame({"actor": ["a", "b"], "sector": ["public", "civil"]})
    paper = report(rt.Network(ties, actors=actors), n_resamples=99)
    assert "2 acteurs et 1 lien connu, dans une seule couche" in text_of(paper)
    assert paper.document.subtitle == "2 acteurs, 1 lien"


def test_one_actor_and_no_tie() -> None:
    actors = pd.DataFrame({"actor": ["a"], "sector": ["public"]})
    paper = report(rt.Network(actors=actors), n_resamples=99)
    text = text_of(paper)
    assert "1 acteur et aucun lien connu" in text
    assert "ne peut pas être calculé" in text
    assert "Acteurs sans aucun lien présent\u202f: 1." in text
    assert paper.document.subtitle == "1 acteur, 0 lien"
    assert len(pypdf.PdfReader(io.BytesIO(to_pdf(paper.document))).pages) <= 2


def test_needs_whose_answers_have_no_status_are_counted() -> None:
    ties = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]})
    actors = pd.DataFrame({"actor": ["a", "b", "c"], "sector": ["public", "civil", "civil"]})
    provision = pd.DataFrame(
        {
            "actor": ["a", "b", "c"],
            "need": ["water", "water", "x1"],
            "territory": ["t"] * 3,
            "need_label": [None, None, "Vélo"],
        }
    )
    text = text_of(report(rt.Network(ties, actors=actors, provision=provision), n_resamples=99))
    assert "plusieurs réponses connues\u202f: 1\u202f; une seule\u202f: 1" in text
    assert "Vélo (c)" in text


@pytest.fixture
def middling(monkeypatch: pytest.MonkeyPatch) -> rt.Network:
    """A network that is too large for facilitators, as far as the report knows."""
    monkeypatch.setattr(_findings, "RESAMPLED", 20)
    rng = np.random.default_rng(0)
    names = [f"a{number:02}" for number in range(40)]
    ties = pd.DataFrame(rng.choice(names, (120, 2)), columns=["source", "target"])
    actors = pd.DataFrame({"actor": names, "sector": ["public", "civil"] * 20})
    return rt.Network(ties[ties["source"] != ties["target"]], actors=actors)


def test_larger_networks_have_intervals_too(middling: rt.Network) -> None:
    paper = report(middling, n_resamples=99)
    grid = next(grid for grid in every_grid(paper) if "Part des chemins" in grid.columns)
    assert grid.columns[-1] == "Intervalle"
    text = text_of(paper)
    assert "Intervalles\u202f: 19 réseaux d’acteurs tirés au sort" in text
    assert ("n’est pas établi" in text) != ("se détache" in text)
    table = paper.document.annex["Facilitateurs"]
    assert (table["intervalle, bas"] <= table["intervalle, haut"]).all()
    assert table["part des chemins"].sum() == pytest.approx(1)


def test_the_largest_networks_say_why_they_have_none(middling: rt.Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_findings, "PATHS_RESAMPLED", 20)
    paper = report(middling, n_resamples=99)
    assert "Avec 40 acteurs, refaire ce calcul" in text_of(paper)
    assert all("Intervalle" not in grid.columns for grid in every_grid(paper))


def hostile_document() -> Document:
    return Document(
        title=HOSTILE,
        subtitle=HOSTILE,
        lang="fr",
        blocks=[
            Heading(HOSTILE),
            Paragraph(HOSTILE),
            Bullets([HOSTILE]),
            Grid(HOSTILE, [HOSTILE], [[HOSTILE]], [False]),
        ],
        annex={"a/b:c[d]*?" + "x" * 40: pd.DataFrame({HOSTILE: [HOSTILE, None], "n": [float("inf"), 1.5]})},
    )


def test_hostile_words_are_inert_in_html() -> None:
    page = to_html(hostile_document())
    assert "<script" not in page


# Formulas, letters that no file or no font has, marks that turn a line, a long name and two equal ones.
AWKWARD = [
    *("=1+1", "@SUM(A1)", "a\x00b\x08c", "x\ufffe\uffffy", "\u202eevil", "مرحبا بكم", "École 🏛️", "東京", "＝1"),
    *("</script>", "]]>&amp;<b>", "z" * 400, "\u200b", "Même nom", "Même nom", "$x^2$", "#panic()"),
]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Glyph")
def test_awkward_words_break_no_file(tmp_path: Path) -> None:
    n = len(AWKWARD)
    actors = pd.DataFrame({"actor": [f"k{i}" for i in range(n)], "name": AWKWARD, "kind": AWKWARD[::-1]})
    actors["sector"] = (AWKWARD[:4] * n)[:n]
    ties = pd.DataFrame({"source": actors["actor"], "target": actors["actor"].to_numpy()[[*range(1, n), 0]]})
    ties["layer"], ties["evidence"] = (AWKWARD[:5] * n)[:n], actors["actor"]
    sources = pd.DataFrame({"evidence": actors["actor"], "producer": AWKWARD, "title": AWKWARD, "licence": AWKWARD})
    paper = report(rt.Network(ties, actors=actors, sources=sources), title="=T\x00itre \ud83d", n_resamples=19)
    for form in ("html", "pdf", "xlsx", "docx"):
        paper.save(tmp_path / f"r.{form}")
    assert "=Titre" in pypdf.PdfReader(tmp_path / "r.pdf").pages[0].extract_text()
    for form in ("xlsx", "docx"):
        with zipfile.ZipFile(tmp_path / f"r.{form}") as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    ElementTree.fromstring(archive.read(name))
    cells = [c for sheet in openpyxl.load_workbook(tmp_path / "r.xlsx") for row in sheet.iter_rows() for c in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    names = [cell.value for cell in cells]
    assert names.count("Même nom") >= 2
    assert {"=1+1", "abc", "xy", "evil", "École 🏛️", "東京", "</script>", "]]>&amp;<b>"} <= set(names)


def test_a_table_for_a_spreadsheet_runs_no_formula(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"=col": [" =1", "＝1", "\n-1"], "n": [-1.5, 2.0, 3.0]}, index=pd.Index(["@a", "b", "+c"], name="x")
    )
    text = rt.write_table(table, path=tmp_path / "t.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0] == ["x", "'=col", "n"]
    assert rows[1:3] == [["'@a", "' =1", "-1,5"], ["b", "'＝1", "2,0"]]


@pytest.mark.slow
def test_what_is_masked_or_withheld_is_said(tmp_path: Path) -> None:
    net = rt.samples.tours_masks()
    kinds = net.actors["kind"].astype("object")
    kinds.iloc[:3] = ["Personne physique", "sole_trader", "particulier"]
    secret = [name == "supply" for name in net.layers.index]
    held = net.replace(actors=net.actors.assign(kind=kinds), layers=net.layers.assign(confidential=secret))
    names = net.actors["name"].iloc[:3].tolist()
    text = text_of(report(held, by="sector", n_resamples=19))
    assert "remplacé par le type et un numéro\u202f: 3." in text
    assert "chaque lien y compte pour 1)\u202f: fourniture." in text
    grouped = report(held, by="sector", persons="group", n_resamples=19)
    assert "réunis par type et lieu, sans nombre au-dessous de cinq." in text_of(grouped)
    page = grouped.save(tmp_path / "r.html").read_text(encoding="utf-8")
    assert not [name for name in names if name in page]
    kept = report(held, by="sector", persons="keep", flows="keep", n_resamples=19)
    assert "ne publie pas" not in text_of(kept)
    assert names[0] in kept.save(tmp_path / "k.html").read_text(encoding="utf-8")


def test_hostile_words_are_inert_in_pdf() -> None:
    words = pypdf.PdfReader(io.BytesIO(to_pdf(hostile_document()))).pages[0].extract_text()
    assert "#panic()" in words


def test_hostile_words_are_inert_in_a_workbook() -> None:
    content = to_xlsx(hostile_document())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = b"".join(archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/"))
    assert b"<f>" not in sheets
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.worksheets[1]["A2"].value.startswith("=cmd")
    assert book.worksheets[1]["A2"].data_type == "s"
    assert len(book.sheetnames[1]) <= 31


def test_libreoffice_free_numbers_are_numbers(tours: Report, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(tours.save(tmp_path / "tours.xlsx"))
    sheet = book["Acteurs"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    assert isinstance(sheet.cell(2, columns["degré"]).value, int | float)
    assert sheet.freeze_panes == "B2"


def test_other_endings_are_refused_and_nothing_is_written(tours: Report, tmp_path: Path) -> None:
    with pytest.raises(ReseauError, match=r"ends with one of: '.html', '.pdf', '.xlsx', '.docx'"):
        tours.save(tmp_path / "tours.odt")
    assert not list(tmp_path.iterdir())


def test_misspelt_group_or_period() -> None:
    net = rt.samples.article_2020()
    with pytest.raises(UnknownNameError, match="Did you mean 'sector'"):
        report(net, by="sectr")
    with pytest.raises(UnknownNameError, match="no period named 'during'"):
        report(net, period="during")


def test_a_natural_person_is_not_in_the_bytes(tmp_path: Path) -> None:
    ties = pd.DataFrame({"source": ["Anne Durand", "Tours"], "target": ["Tours", "Artisaloire"]})
    actors = pd.DataFrame(
        {
            "actor": ["Anne Durand", "Tours", "Artisaloire"],
            "kind": ["person", "commune", "association"],
            "sector": ["civil", "public", "civil"],
        }
    )
    paper = report(rt.Network(ties, actors=actors), n_resamples=99)
    assert b"Durand" not in paper.save(tmp_path / "x.html").read_bytes()
    with zipfile.ZipFile(paper.save(tmp_path / "x.xlsx")) as archive:
        assert not any(b"Durand" in archive.read(name) for name in archive.namelist())


def test_a_network_without_groups_ties_or_sources_still_reports(tmp_path: Path) -> None:
    net = rt.Network(pd.DataFrame({"source": ["a"], "target": ["b"]}))
    text = text_of(report(net, n_resamples=99))
    assert "Le critère «\u202fsecteur\u202f» n’est connu pour aucun acteur" in text
    assert "ne nomme pas ses sources" in text


@pytest.mark.slow
def test_pdf_pages_can_be_drawn(tours: Report, tmp_path: Path) -> None:
    path = tours.save(tmp_path / "tours.pdf")
    subprocess.run(["pdftoppm", "-r", "40", "-png", str(path), str(tmp_path / "page")], check=True)
    assert len(list(tmp_path.glob("page-*.png"))) <= 5


def test_a_partner_tied_both_ways_is_one_partner() -> None:
    net = rt.samples.tours_masks().select(period="crisis")
    present = net.ties[net.ties["status"] == "present"]
    ends = present[["source", "target"]].agg(set, axis=1)
    assert rt.degree(net)["ville_tours"] == 12
    assert len(set().union(*(pair for pair in ends if "ville_tours" in pair))) - 1 == 10
    grids = [one for one in report(net, by="sector", n_resamples=19).document.blocks if isinstance(one, Grid)]
    assert ("Ville de Tours", "10") in [tuple(row[:2]) for grid in grids for row in grid.rows]
