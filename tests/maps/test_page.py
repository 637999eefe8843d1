"""The page, the folder, the pictures and the notebook: what is in their bytes."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from map_cases import ATTACKS, blocks, hostile, small
from pypdf import PdfReader

from reseau_territorial import Network, ReseauError, samples
from reseau_territorial.maps import explore, to_pyvis
from reseau_territorial.maps._page import engine, style

MAPS = Path(explore.__code__.co_filename).parent


def test_a_page_is_one_file_whose_policy_lets_only_its_own_script_run():
    html = explore(small()).html
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)[1]
    scripts = re.findall(r"<script>(.*?)</script>", html, flags=re.S)
    styles = re.findall(r"<style>(.*?)</style>", html, flags=re.S)
    assert len(scripts) == len(styles) == 1
    for kind, text in (("script-src", scripts[0]), ("style-src", styles[0])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy
    assert "unsafe" not in policy
    assert re.search(r'<html lang="fr">', html)
    assert not re.search(r"<[^>]+\son\w+=|<[^>]+\sstyle=", html.split("<script")[0])


def test_the_engine_never_writes_markup_nor_evaluates_text():
    source = engine()
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "http:"):
        found = [line for line in source.splitlines() if word in line]
        assert all("www.w3.org" in line or "gexf.net" in line for line in found), word


def test_the_page_is_the_readable_source_without_comments_nor_indentation():
    html = explore(small()).html
    for path in sorted((MAPS / "page").iterdir()):
        lines = path.read_text(encoding="utf-8").splitlines()
        comments = [line.strip() for line in lines if re.match(r"\s*(//|/\*)", line)]
        assert comments
        assert not [line for line in comments if line.startswith("/*") and line.find("*/") != len(line) - 2]
        assert "\n".join(line.lstrip() for line in lines if line and line.strip() not in comments) in html
        assert not [line for line in lines if line.count("`") % 2], "a text over several lines would lose its spaces"


@pytest.mark.parametrize(
    "name",
    ["model.js", "painters.js", "legend.js", "scene.js", "sheet.js", "exports.js", "panel.js", "tables.js", "app.js"],
)
def test_each_file_of_the_engine_says_its_role(name):
    text = (MAPS / "page" / name).read_text(encoding="utf-8")
    assert text.startswith("/* ")
    assert "</script" not in text


def test_data_cannot_close_the_script_nor_open_markup():
    html = explore(hostile(), title=ATTACKS[0], author=ATTACKS[1], date=ATTACKS[2], caveats=ATTACKS[5]).html
    data = re.search(r'id="data">(.*?)</script>', html, flags=re.S)[1]
    assert not set("<>&\u2028\u2029") & set(data)
    assert json.loads(data)["counts"]["actors"] == len(ATTACKS)
    assert html.count("<script") == 2
    assert "<img" not in html
    assert "<svg" not in html.replace('svgNode("svg"', "")


@pytest.mark.parametrize(("n", "most"), [(60, 120), (1000, 200), (5000, 600)])
def test_bytes_of_a_page(n, most):
    """Check 2, metrics included."""
    assert len(explore(blocks(n)).html.encode()) <= most * 1000


def test_bytes_of_a_real_page_with_long_sources():
    assert len(explore(samples.tours_masks(), by="sector").html.encode()) <= 120_000


@pytest.mark.slow
def test_bytes_of_the_largest_page():
    assert len(explore(blocks(20_000)).html.encode()) <= 2_500_000


def test_folder_has_no_inline_script_nor_style(tmp_path):
    folder = explore(small()).save(tmp_path / "carte")
    assert sorted(path.name for path in folder.iterdir()) == ["carte.css", "carte.js", "donnees.json", "index.html"]
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert "<style" not in index
    assert re.findall(r"<script[^>]*>", index) == ['<script src="carte.js">']
    assert (folder / "carte.js").read_text(encoding="utf-8") == engine()
    assert (folder / "carte.css").read_text(encoding="utf-8") == style()
    assert json.loads((folder / "donnees.json").read_text(encoding="utf-8"))["counts"]["ties"] == 9


def test_save_leaves_only_the_file_asked_for(tmp_path):
    carte = explore(small())
    for name in ("carte.html", "carte.svg", "carte.png", "carte.pdf"):
        carte.save(tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["carte.html", "carte.pdf", "carte.png", "carte.svg"]
    assert (tmp_path / "carte.html").read_bytes() == carte.html.encode("utf-8")
    assert b"\r\n" not in (tmp_path / "carte.html").read_bytes()
    with pytest.raises(ReseauError, match=r"no format of a map named '.docx'"):
        carte.save(tmp_path / "carte.docx")


def test_a_map_is_written_under_a_windows_locale(tmp_path):
    """Check 26: no file is written in the encoding of the machine."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from map_cases import small; from reseau_territorial.maps import explore;"
        "explore(small(), title='\\u00c9guzon, c\\u0153ur').save(sys.argv[2] + '/c.html');"
        "explore(small()).save(sys.argv[2] + '/dossier')"
    )
    env = {**os.environ, "PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "cp1252"}
    subprocess.run([sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path)], env=env, check=True)
    assert "Éguzon, cœur" in (tmp_path / "c.html").read_text(encoding="utf-8")
    assert (tmp_path / "dossier" / "donnees.json").exists()


def test_svg_parses_and_holds_the_names_as_text():
    for net in (small(), hostile()):
        root = ElementTree.fromstring(explore(net).image("svg"))
        texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
        assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
        assert texts
    root = ElementTree.fromstring(explore(small()).image("svg"))
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Métropole" in texts
    assert "Tours (3)" in texts
    assert any(text.startswith("Sources") for text in texts)


@pytest.mark.slow
def test_png_is_a3_at_300_dpi_and_the_same_each_time():
    from matplotlib.image import imread

    picture = explore(small()).image("png")
    assert imread(io.BytesIO(picture)).shape[:2] == (3508, 4961) or imread(io.BytesIO(picture)).shape[:2] == (
        3507,
        4960,
    )
    assert picture == explore(small()).image("png")
    assert explore(small()).image("svg") == explore(small()).image("svg")


def test_pdf_is_one_page_with_selectable_text():
    reader = PdfReader(io.BytesIO(explore(small()).image("pdf")))
    assert len(reader.pages) == 1
    assert "Métropole" in reader.pages[0].extract_text()
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height


def test_an_image_of_another_kind_is_refused():
    with pytest.raises(ReseauError, match="no format of an image named 'gif'"):
        explore(small()).image("gif")
    with pytest.raises(ReseauError, match="no paper named 'A2'"):
        explore(small()).image("svg", paper="A2")


def test_names_on_the_sheet_never_touch():
    """Check 21, for the picture drawn in Python."""
    from reseau_territorial.maps._pens import SvgPen
    from reseau_territorial.maps._sheet import PAPER, draw_sheet

    for n in (60, 300, 1000):
        boxes = draw_sheet(SvgPen(*PAPER["A3"], "", ""), explore(blocks(n)).data, *PAPER["A3"])
        assert len(boxes) > 40
        for i, a in enumerate(boxes):
            for b in boxes[i + 1 :]:
                assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


def test_in_a_workshop_map_every_name_is_written_whole():
    """Long names take several lines, or a leader: none is cut, none is left out."""
    net = samples.tours_masks()
    svg = explore(net, by="sector").image("svg")
    written = re.sub(r"\s+", " ", " ".join(re.findall(r"<text[^>]*>([^<]+)</text>", svg)))
    for name in net.actors["name"]:
        assert unescape(written).count(name), name


def test_a_name_that_finds_no_room_beside_its_marker_has_a_leader():
    from reseau_territorial.maps._labels import Wish, place_labels

    wishes = [Wish(f"Association numéro {number}", 200.0, 200.0, 5.0, False) for number in range(9)]
    near = place_labels(wishes, [], (0, 0, 400, 400), 9.0)
    led = place_labels(wishes, [], (0, 0, 400, 400), 9.0, led=9)
    assert len(near) < len(led) == 9
    assert all(label.leader is None for label in near)
    assert sum(label.leader is not None for label in led) == len(led) - len(near)


def test_notebook_bundle_is_a_sandboxed_page_over_a_picture():
    bundle = explore(small())._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    html = bundle["text/html"]
    assert '<img src="data:image/png;base64,' in html
    assert 'alt="Le réseau réunit 6 acteurs' in html
    assert 'sandbox="allow-scripts allow-downloads"' in html
    assert "allow-same-origin" not in html
    assert 'title="Réseau d’acteurs"' in html
    assert html.count("<iframe") == 1
    assert "<script" not in html
    assert bundle["text/plain"] == "<Carte 'Réseau d’acteurs': 6 actors, 9 ties>"


# Without accents: pyvis writes those as codes, in which no name would be found.
SECRETS = ["Zenobie Quatremer", "zenobie@exemple.fr", "06 12 34 56 78"]


@pytest.mark.parametrize("kind", ["person", "personne_physique", "Personne physique", "Auto-entrepreneur"])
def test_names_of_natural_persons_are_not_in_the_bytes(kind, tmp_path):
    """Check 24: removal happens before the page exists; e-mails and phones never leave."""
    actors = pd.DataFrame(
        {
            "actor": [SECRETS[0], "Tours", "Amboise"],
            "name": [SECRETS[0], "Tours", "Amboise"],
            "kind": [kind, "commune", "commune"],
            "email": SECRETS[1],
            "phone": SECRETS[2],
        }
    )
    ties = pd.DataFrame(
        {"source": [SECRETS[0], "Tours"], "target": ["Tours", "Amboise"], "note": [f"dit par {SECRETS[0]}", SECRETS[1]]}
    )
    net = Network(ties, actors=actors)
    carte = explore(net, by="kind")
    carte.save(tmp_path / "dossier")
    texts = [carte.html, carte.image("svg"), carte._repr_mimebundle_()["text/html"], to_pyvis(net).generate_html()]
    texts += [path.read_text(encoding="utf-8") for path in (tmp_path / "dossier").iterdir()]
    for text in texts:
        for secret in (*SECRETS, "Zenobie", "Quatremer", "exemple.fr"):
            assert secret not in text
    assert "noms masqués (1)" in carte.html
    kept = explore(net, persons="keep").html
    assert SECRETS[0] in kept
    assert SECRETS[1] not in kept


def test_pyvis_keeps_parallel_ties_and_asks_for_nothing():
    picture = to_pyvis(small())
    assert len(picture.edges) == 7
    html = picture.generate_html()
    assert not re.search(r'(?:src|href)="(?:https?:|\.\./)', html)
    nodes = {node["label"]: node for node in picture.nodes}
    assert nodes["Métropole"]["physics"] is False
    assert {"x", "y"} <= set(nodes["Métropole"])


def test_pyvis_texts_are_inert(tmp_path):
    picture = to_pyvis(hostile())
    html = picture.generate_html()
    assert "<script>window.__xss" not in html
    assert "<img src=x" not in html
    assert "<svg onload" not in html
    picture.write_html(str(tmp_path / "p.html"))
    assert [path.name for path in tmp_path.iterdir()] == ["p.html"]


def test_theme_reaches_the_page():
    data = explore(small(), theme={"police": "Luciole", "accent": "#7A1F5C"}).data.content
    assert data["theme"]["font"] == "Luciole"
    assert data["themes"]["light"]["accent"] == "#7A1F5C"
    assert data["themes"]["dark"]["accent"] != "#7A1F5C"


def test_no_english_in_the_french_page():
    """Check 27, on the text that Python writes."""
    data = explore(small()).data.content
    texts = [*data["words"].values(), *data["summary"], *data["notes"]]
    texts += [
        item["label"] for name in ("colors", "kinds", "layers", "levels", "metrics", "changes") for item in data[name]
    ]
    english = re.compile(r"\b(the|actors|ties|layer|layers|degree|weight|with|unknown|lost|kept|search|size)\b", re.I)
    assert not [text for text in texts if english.search(re.sub(r"\{\w+\}", "", text))]


def test_positions_of_a_thousand_actors_are_quick(processor_seconds):
    """Check 22: a first run may compile; the layout itself is timed."""
    from reseau_territorial.layouts import place_actors

    net = blocks(1000)
    assert processor_seconds(lambda: place_actors(net), most=2) <= 2


def test_the_hubs_of_a_crowded_sheet_are_named_over_the_markers_of_others():
    rng = np.random.default_rng(4)
    spots = rng.integers(0, 1000, (400, 2))
    actors = pd.DataFrame({"actor": [f"a{i}" for i in range(400)], "x": spots[:, 0], "y": spots[:, 1]})
    actors["name"] = [f"Syndicat des eaux {i}" if i < 4 else f"Commune du val {i}" for i in range(400)]
    ties = pd.DataFrame({"source": [f"a{i}" for i in range(4, 400)], "target": [f"a{i % 4}" for i in range(4, 400)]})
    picture = str(explore(Network(ties, actors=actors), layout="force").image("svg"))
    named = {name: attributes for attributes, name in re.findall(r"<text ([^>]*)>([^<]*)</text>", picture)}
    for number in range(4):
        assert 'font-weight="600"' in named[f"Syndicat des eaux {number}"]
    assert 0 < sum(name.startswith("Commune du val") for name in named) < 396


def test_names_around_a_circle_stand_outside_it():
    from reseau_territorial.maps._labels import Wish, place_labels

    turn = np.linspace(0, 2 * np.pi, 25)[:-1]
    wishes = [Wish(f"Acteur {k}", 300 + 200 * np.cos(t), 300 + 200 * np.sin(t), 5.0, False) for k, t in enumerate(turn)]
    placed = place_labels(wishes, [], (0.0, 0.0, 600.0, 600.0), 9.0, around=(300.0, 300.0))
    assert len(placed) == 24
    for label in placed:
        x, y = (min(max(300.0, label.box[i]), label.box[i + 2]) - 300 for i in (0, 1))
        assert np.hypot(x, y) > 195
