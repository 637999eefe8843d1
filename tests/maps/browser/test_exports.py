"""Check 19: files that the reader takes away, and the printed page."""

from __future__ import annotations

import ast
import csv
import io
import re
import shutil
import struct
import subprocess
from xml.etree import ElementTree

import pandas as pd
import pytest
from map_cases import AWKWARD, KINDS, awkward, blocks, small
from pypdf import PdfReader

from reseau_territorial import Network, read_graph
from reseau_territorial.maps import explore
from reseau_territorial.styles import contrast

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def page(open_page):
    page = open_page(explore(small(), title="Tours, réseau masques"))
    page.get_by_text("Exporter et imprimer").click()
    return page


def take(page, name):
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name, exact=True).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def test_png_is_a3_at_300_dpi(page):
    name, picture = take(page, "PNG")
    assert name == "tours-reseau-masques.png"
    width, height = struct.unpack(">II", picture[16:24])
    assert (width, height) == (4961, 3508)
    place = picture.index(b"pHYs")
    per_metre = struct.unpack(">I", picture[place + 4 : place + 8])[0]
    assert round(per_metre * 0.0254) == 300
    from matplotlib.image import imread

    assert (imread(io.BytesIO(picture))[..., :3].min(axis=2) < 0.9).mean() > 0.005


def test_svg_parses_and_holds_text(page):
    _, svg = take(page, "SVG")
    root = ElementTree.fromstring(svg)
    texts = [node.text for node in root.iter(f"{SVG}text")]
    for wanted in ("Tours, réseau masques", "Métropole", "Tours (3)", "Secteur", "adhésion"):
        assert wanted in texts
    assert any(text.startswith("Sources\u202f: Info Tours") for text in texts)
    assert root.find(f"{SVG}title").text == "Tours, réseau masques"


def test_pdf_is_one_page_with_selectable_text(page):
    _, pdf = take(page, "PDF")
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text()
    for wanted in ("Métropole", "Préfecture d’Indre-et-Loire", "Société civile", "Sources"):
        assert wanted in text
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [1191, 842]
    assert reader.metadata.title == "Tours, réseau masques"


def test_a4_is_offered(page):
    page.locator("label.line", has_text="A3").locator("select").select_option("A4")
    _, pdf = take(page, "PDF")
    assert [round(float(side)) for side in PdfReader(io.BytesIO(pdf)).pages[0].mediabox[2:]] == [842, 595]


def test_csv_opens_in_a_french_spreadsheet(page):
    _, raw = take(page, "CSV acteurs")
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Nom", "Type", "Secteur"]
    assert len(rows) == 7
    assert rows[3][0] == "Préfecture d’Indre-et-Loire"
    assert any("," in cell for cell in rows[1][4:])
    assert not any("." in cell for row in rows[1:] for cell in row[4:])
    _, raw = take(page, "CSV liens")
    assert len(list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))) == 10


def test_gexf_is_read_by_another_library_with_every_tie(open_page):
    page = open_page(explore(blocks(60)))
    page.get_by_text("Exporter et imprimer").click()
    graph = read_gexf(take(page, "GEXF")[1])
    assert graph.number_of_nodes() == 60
    assert graph.number_of_edges() == len(blocks(60).ties)
    assert graph.nodes["0"]["label"].split()[0] in {label for label, _, _ in KINDS.values()}


def test_gexf_of_the_page_is_a_network_again(open_page, tmp_path):
    """Attributes bear the names and codes of our tables, as those of `write_graph` do, whatever the page is read in."""
    net = blocks(60, periods=True)
    page = open_page(explore(net))
    page.get_by_text("Exporter et imprimer").click()
    (tmp_path / "carte.gexf").write_bytes(take(page, "GEXF")[1])
    back = read_graph(tmp_path / "carte.gexf")
    shared = ["name", "kind", "sector", "territory"]
    assert back.actors[shared].sort_values("name").to_numpy().tolist() == (
        net.actors[shared].sort_values("name").to_numpy().tolist()
    )
    columns = ["layer", "period", "status", "weight"]
    counted = net.ties[columns].astype(str).value_counts().to_dict()
    assert back.ties[columns].astype(str).value_counts().to_dict() == counted
    assert "viz" not in back.actors


def test_printed_page_is_one_a3(page):
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in printed.pages[0].mediabox[2:]] == [420, 297]
    assert "Métropole" in printed.pages[0].extract_text()
    page.emulate_media(media="print")
    box = page.locator("#sheet").bounding_box()
    assert (box["x"], box["y"]) == (0, 0)  # the margins of the sheet are its own, the same on all sides


def test_no_name_is_cut_by_the_edge_of_the_map(open_page):
    """What is drawn inside the clip of the sheet is written inside it."""
    page = open_page(explore(blocks(120, territories=12), by="territory"))
    page.get_by_text("Exporter et imprimer").click()
    root = ElementTree.fromstring(take(page, "SVG")[1])
    edge = root.find(f"{SVG}clipPath/{SVG}rect").attrib
    names = root.findall(f"{SVG}g/{SVG}text")
    assert len(names) > 60
    for name in names:
        assert float(edge["x"]) <= float(name.get("x")) <= float(edge["x"]) + float(edge["width"]), name.text


def test_the_pdf_keeps_the_spaces_that_do_not_break(open_page):
    """Narrow ones group digits and stand before double signs: 1 100 is not 1100."""
    page = open_page(explore(blocks(1100)))
    page.get_by_text("Exporter et imprimer").click()
    text = PdfReader(io.BytesIO(take(page, "PDF")[1])).pages[0].extract_text()
    assert "1\u00a0100 acteurs sur 1\u00a0100" in text
    assert "Groupes selon\u00a0: territoire" in text


def test_the_export_shows_what_is_filtered(page):
    page.locator("label.check", has_text="Société civile").locator("input").uncheck()
    _, svg = take(page, "SVG")
    texts = [node.text for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    assert "Couturières" not in texts
    assert "Société civile" not in texts


NAMES = ["Λέσβος", "Łódź", "مرحبا بكم", "東京都", "École 🏛️", "Plain"]


def test_no_letter_is_lost_in_the_pdf(open_page):
    """Letters that the standard fonts of PDF lack are drawn, and can still be selected."""
    actors = pd.DataFrame({"actor": NAMES, "kind": "commune", "territory": ["Ōtsu"] * 4 + ["Łąka"] * 2})
    ties = pd.DataFrame({"source": NAMES[:-1], "target": NAMES[1:], "layer": "→ δ"})
    page = open_page(explore(Network(ties, actors=actors), title="Жизнь"))
    page.get_by_text("Exporter et imprimer").click()
    _, pdf = take(page, "PDF")
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    text = reader.pages[0].extract_text()
    for wanted in (*NAMES, "Ōtsu (4)", "→ δ", "Жизнь"):
        assert wanted in text, wanted
    assert "?" not in text
    assert reader.metadata.title == "Жизнь"
    fonts = reader.pages[0]["/Resources"]["/Font"]
    drawn = [font.get_object() for font in fonts.values() if font.get_object()["/Subtype"] == "/Type3"]
    assert len(drawn) >= 7
    for font in drawn:
        image = next(iter(font["/Resources"]["/XObject"].values())).get_object()
        assert any(image.get_data())


def test_a_pdf_is_drawn_by_another_program(open_page, tmp_path):
    """The file is not only well formed: what it paints is compared with the PNG of the same sheet."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("poppler is not installed")
    from matplotlib.image import imread

    page = open_page(explore(small(), title="Жизнь, Λέσβος"))
    page.get_by_text("Exporter et imprimer").click()
    (tmp_path / "c.pdf").write_bytes(take(page, "PDF")[1])
    subprocess.run(["pdftoppm", "-r", "60", "-png", "c.pdf", "c"], cwd=tmp_path, check=True)
    drawn = imread(next(tmp_path.glob("c*.png")))[..., :3].min(axis=2)
    ours = imread(io.BytesIO(take(page, "PNG")[1]))[..., :3].min(axis=2)
    for place in (slice(0, 0.1), slice(0.1, 0.9)):
        shares = [
            (picture[int(place.start * len(picture)) : int(place.stop * len(picture))] < 0.7).mean()
            for picture in (drawn, ours)
        ]
        assert 0.4 < shares[0] / shares[1] < 2.5


EXPORTS = ["PNG", "SVG", "PDF", "CSV acteurs", "CSV liens", "GEXF"]
# What opens a formula in a spreadsheet.
FORMULA = re.compile(r"[\s]*[=+\-@＝＋－＠]|[\t\r]")
NUMBER = re.compile(r"-?\d+(,\d+)?(e-?\d+)?")


@pytest.fixture
def taken(open_page):
    """Everything that can be taken away from a map whose texts break careless files."""
    page = open_page(explore(awkward(), title="=Titre\x00\ud83d </script>", author="@auteur", size="=métrique"))
    page.get_by_text("Exporter et imprimer").click()
    files = {name: take(page, name) for name in EXPORTS}
    files["code"] = ("", page.get_by_label("Cette vue en Python").input_value().encode())
    return files


def read_gexf(raw):
    import networkx

    return networkx.read_gexf(io.BytesIO(raw))


def test_awkward_texts_break_no_spreadsheet(taken):
    """Formulas are texts, every row has its cells, every actor its row, two of one name included."""
    for name, count in (("CSV acteurs", len(AWKWARD)), ("CSV liens", len(AWKWARD))):
        text = taken[name][1].decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
        assert len(rows) == count + 1
        assert {len(row) for row in rows} == {len(rows[0])}
        cells = [cell for row in rows for cell in row]
        assert [cell for cell in cells if FORMULA.match(cell) and not NUMBER.fullmatch(cell)] == []
        assert not [cell for cell in cells if re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]", cell)]
    names = [row[0] for row in csv.reader(io.StringIO(taken["CSV acteurs"][1].decode("utf-8-sig")), delimiter=";")]
    assert names.count("Même nom") == 2
    assert {"'=1+1", "'-2", 'a;b"c d', "École 🏛️", "مرحبا بكم", "</script>", "]]>&amp;<b>", "evil"} <= set(names)


def test_awkward_texts_break_no_graph_file(taken):
    """GEXF is read by networkx and by a strict parser of XML, names as they are."""
    raw = taken["GEXF"][1]
    ElementTree.fromstring(raw)
    graph = read_gexf(raw)
    assert graph.number_of_nodes() == graph.number_of_edges() == len(AWKWARD)
    labels = [label for _, label in graph.nodes(data="label")]
    assert labels.count("Même nom") == 2
    assert {"=1+1", 'a;b"c d', "</script>", "]]>&amp;<b>", "abcd", "xy", "École 🏛️"} <= set(labels)
    assert {float(weight) for *_, weight in graph.edges(data="weight")} >= {0.001, 12345.5}


def test_awkward_texts_break_no_picture(taken):
    root = ElementTree.fromstring(taken["SVG"][1])
    assert {node.tag for node in root.iter()} <= {
        f"{SVG}{name}" for name in ("svg", "title", "desc", "path", "text", "g", "clipPath", "rect")
    }
    assert "=Titre </script>" in [node.text for node in root.iter(f"{SVG}text")]
    reader = PdfReader(io.BytesIO(taken["PDF"][1]), strict=True)
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text()
    for wanted in ("=Titre </script>", "مرحبا بكم", "%PDF %%EOF", "\\(paren)\\", "$x^2$"):
        assert wanted in text, wanted
    assert taken["PNG"][1].endswith(b"IEND\xaeB`\x82")
    assert {name for name, _ in taken.values()} >= {"titre-script.png", "titre-script-acteurs.csv"}


def test_awkward_texts_break_no_code(taken):
    tree = ast.parse(taken["code"][1].decode())
    assert [node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call)] == ["explore"]


def test_no_export_holds_what_was_masked_or_withheld(open_page):
    """Persons, contacts and secret amounts are gone from the files that the page makes."""
    secrets = ["Quatremer", "exemple.fr", "12 34 56", "98765"]
    actors = pd.DataFrame(
        {
            "actor": ["p", "zoe@exemple.fr", "tours"],
            "name": ["Zoe Quatremer", None, "Ville de Tours"],
            "kind": ["Personne physique", "association", "commune"],
            "email": "zoe@exemple.fr",
        }
    )
    ties = pd.DataFrame(
        {
            "source": ["p", "tours"],
            "target": ["tours", "zoe@exemple.fr"],
            "layer": ["membership", "grant"],
            "weight": [1.0, 98_765.0],
            "evidence": "e",
            "note": "appeler le 06 12 34 56 78",
        }
    )
    layers = pd.DataFrame({"layer": ["membership", "grant"], "directed": True, "confidential": [False, True]})
    sources = pd.DataFrame({"evidence": ["e"], "title": ["Entretien avec Zoe Quatremer (zoe@exemple.fr)"]})
    net = Network(ties, actors=actors, layers=layers, sources=sources)
    page = open_page(explore(net))
    page.get_by_text("Exporter et imprimer").click()
    page.evaluate("carte.select(0)")
    held = {name: take(page, name)[1] for name in EXPORTS}
    held["PDF"] += PdfReader(io.BytesIO(held["PDF"])).pages[0].extract_text().encode()
    held["print"] = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages[0].extract_text().encode()
    held["code"] = page.get_by_label("Cette vue en Python").input_value().encode()
    assert b"Personne physique 1" in held["code"]
    for name, raw in held.items():
        assert not [secret for secret in secrets if secret.encode() in raw], name
        assert name == "PNG" or b"Ville de Tours" in raw or name == "code"


def test_printed_page_is_one_a4(page):
    page.locator("label.line", has_text="A3").locator("select").select_option("A4")
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in printed.pages[0].mediabox[2:]] == [297, 210]
    assert "Métropole" in printed.pages[0].extract_text()


def test_layers_are_told_apart_on_a_grey_print(open_page):
    """Check of the greyscale print: two lines of the legend have another dash, or another darkness."""
    names = [f"l{i}" for i in range(12)]
    ties = pd.DataFrame({"source": ["a"] * 12, "target": ["b"] * 12, "layer": names})
    page = open_page(explore(Network(ties)))
    page.get_by_text("Exporter et imprimer").click()
    root = ElementTree.fromstring(take(page, "SVG")[1])
    lines = [
        node for node in root.iter(f"{SVG}path") if node.get("stroke-width") == "1.5" and node.get("fill") == "none"
    ]
    looks = [(node.get("stroke-dasharray"), node.get("stroke")) for node in lines][-12:]
    assert len(looks) == 12
    for i, (dash, color) in enumerate(looks):
        for other_dash, other in looks[i + 1 :]:
            assert dash != other_dash or contrast(color, other) >= 1.5, (color, other)


@pytest.mark.parametrize("persons", ["mask", "group"])
def test_no_download_holds_a_confidential_actor(open_page, persons):
    """Names, identifiers and own amounts of those who must not be told are in no byte of what a browser saves."""
    n = 14
    secret = [f"Refuge-{i:02}" for i in range(n)]
    people = [f"Quatremer-{i:02}" for i in range(n)]
    actors = pd.DataFrame({"actor": ["tours", "amboise", *secret, *people]})
    actors["name"] = ["Ville de Tours", "Ville d’Amboise", *secret, *(f"Zoe {name}" for name in people)]
    actors["kind"] = ["commune"] * 2 + ["association"] * n + ["Personne physique"] * n
    actors["confidential"] = [False] * 2 + [True] * n + [False] * n
    actors["territory"] = "37261"
    amounts = [7_000_001 + 1_000 * i for i in range(n)]
    ties = pd.DataFrame({"source": "tours", "target": [*secret, *people], "layer": ["grant"] * n + ["membership"] * n})
    ties["weight"] = [*amounts, *[1.0] * n]
    between = pd.DataFrame([("tours", "amboise", "membership", 1.0)], columns=ties.columns)
    layers = pd.DataFrame({"layer": ["grant", "membership"], "directed": True, "confidential": [True, False]})
    net = Network(pd.concat([ties, between]), actors=actors, layers=layers)
    page = open_page(explore(net, persons=persons))
    page.get_by_text("Exporter et imprimer").click()
    for name in ("CSV acteurs", "CSV liens", "GEXF", "SVG", "PDF"):
        raw = take(page, name)[1]
        said = raw.decode("utf-8-sig", errors="replace")
        assert "Ville de Tours" in said, name
        assert not re.findall(r"Refuge|Quatremer", said), name
        digits = re.sub(r"[\s\u00a0\u202f]", "", said)
        assert not [amount for amount in amounts if str(amount) in digits], name
        assert str(sum(amounts)) not in digits, name
    assert "Quatremer" not in page.content()
    assert "Refuge" not in page.content()
