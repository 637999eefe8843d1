"""Plots: what they say, what they draw, how they are saved, and how they look."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from images import MEAN_APART, SHARE_APART, differences
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex, to_rgba
from PIL import Image

from networks import block_network
from reseau_territorial import plots, samples, styles
from reseau_territorial.errors import MissingDependencyError, ReseauError, UnknownNameError
from reseau_territorial.layouts import place_actors
from reseau_territorial.layouts._areas import middle
from reseau_territorial.network import Network
from reseau_territorial.outlines import outlines, reading
from reseau_territorial.plots import (
    _bundles,
    _drawing,
    _labels,
    chance,
    change,
    coverage,
    mixing,
    quadrants,
    sets,
    slopes,
    territory,
)
from reseau_territorial.plots._sheet import nice_ceiling, render


@pytest.fixture(scope="module")
def tours():
    return samples.tours_masks()


@pytest.fixture(scope="module")
def crisis(tours):
    return tours.select(period="crisis")


@pytest.fixture(scope="module")
def blocks():
    return block_network(60, 5, degree=10)


def touraine() -> Network:
    middles = {code: middle(one.rings) for code, one in outlines("epci").items()}
    codes = [code for code, (x, y) in middles.items() if 495e3 < x < 585e3 and 6.65e6 < y < 6.74e6]
    names = [outlines("epci")[code].name for code in codes]
    actors = pd.DataFrame({"actor": codes, "name": names, "kind": "epci", "siren": codes}).set_index("actor")
    ties = pd.DataFrame({"source": codes[:-1], "target": codes[1:], "layer": "agreement"})
    return Network(ties, actors=actors)


def three_waves() -> pd.DataFrame:
    values = np.random.default_rng(0).random((14, 3))
    return pd.DataFrame(values, index=[f"Commune {n}" for n in range(14)], columns=["before", "crisis", "after"])


def silo_result() -> SimpleNamespace:
    null = np.random.default_rng(1).normal(-0.3, 0.1, 999)
    return SimpleNamespace(
        statistic="network_silo", observed=0.12, null=null, expected=float(null.mean()), pvalue=0.0004
    )


def picture(result) -> Image.Image:
    return Image.open(io.BytesIO(render(result.figure, "png", 60, result.alt)))


def words(result) -> str:
    """All that a reader can read on a plot, its title first."""
    texts = [*result.figure.texts, *(text for ax in result.figure.axes for text in ax.texts)]
    texts += [tick for ax in result.figure.axes for tick in (*ax.get_xticklabels(), *ax.get_yticklabels())]
    return " ".join(text.get_text() for text in texts)


def gallery(tours, crisis, blocks):
    local = touraine()
    values = pd.Series(np.linspace(0, 1, len(local)), index=local.actors.index, name="Indice de silo")
    return {
        "plot-tours": lambda **k: plots.plot(crisis, color="sector", size="degree", **k),
        "plot-blocks": lambda **k: plots.plot(blocks, **k),
        "plot-circle": lambda **k: plots.plot(blocks, layout="circle", color="territory", **k),
        "plot-rings": lambda **k: plots.plot(crisis, layout="rings", color="betweenness", **k),
        "mixing": lambda **k: plots.plot_mixing(crisis, by="sector", **k),
        "change-maps": lambda **k: plots.plot_change(tours, by="sector", **k),
        "change-alluvial": lambda **k: plots.plot_change(tours, kind="alluvial", **k),
        "layers-panels": lambda **k: plots.plot_layers(blocks, **k),
        "layers-planes": lambda **k: plots.plot_layers(blocks, kind="planes", **k),
        "silo-bridge": lambda **k: plots.plot_silo_bridge(crisis, by="sector", **k),
        "influence": lambda **k: plots.plot_influence(crisis, **k),
        "coverage": lambda **k: plots.plot_coverage(crisis, **k),
        "null": lambda **k: plots.plot_null(silo_result(), **k),
        "degrees": lambda **k: plots.plot_degrees(crisis, **k),
        "slope": lambda **k: plots.plot_slope(three_waves(), metric="betweenness", **k),
        "layer-sets": lambda **k: plots.plot_layer_sets(blocks, **k),
        "flows-chord": lambda **k: plots.plot_flows(crisis, **k),
        "flows-sankey": lambda **k: plots.plot_flows(block_network(200, 20, inside=0.5), **k),
        "territory": lambda **k: plots.plot_territory(local, values=values, size="degree", **k),
    }


NAMES = (
    *("plot-tours", "plot-blocks", "plot-circle", "plot-rings", "mixing", "change-maps", "change-alluvial"),
    *("layers-panels", "layers-planes", "silo-bridge", "influence", "coverage", "null", "degrees", "slope"),
    *("layer-sets", "flows-chord", "flows-sankey", "territory"),
)


@pytest.fixture(scope="module")
def drawn(tours, crisis, blocks):
    """Each plot of the gallery, drawn once."""
    every, made = gallery(tours, crisis, blocks), {}

    def draw(name, lang="fr"):
        if (name, lang) not in made:
            made[name, lang] = every[name](lang=lang)
        return made[name, lang]

    return draw


class TestEveryPlot:
    @pytest.mark.parametrize("name", NAMES)
    def test_it_looks_as_it_did_when_it_was_looked_at(self, name, drawn, looks_as_before):
        looks_as_before(name, drawn(name))

    @pytest.mark.parametrize("name", NAMES)
    def test_the_alternative_text_is_a_french_sentence(self, name, drawn):
        alt = drawn(name).alt
        assert alt.endswith(".")
        assert alt[0].isupper()
        assert re.search(r"\d", alt)
        assert not re.search(r" [:;!?%]", alt), "a narrow no-break space stands before : ; ! ? in French"
        assert "'" not in alt.replace("\u2019", "")

    @pytest.mark.parametrize("name", NAMES)
    def test_in_english_no_french_is_left(self, name, drawn):
        result = drawn(name, "en")
        axes = [ax.get_xlabel() + " " + ax.get_ylabel() for ax in result.figure.axes]
        told = " ".join([result.alt, words(result), *axes])
        assert not re.search(r"\b(acteurs?|liens?|couches?|partenaires|groupes?|période|Lecture|Autres)\b", told)

    @pytest.mark.parametrize("name", NAMES)
    def test_no_word_is_under_seven_points(self, name, drawn):
        figure = drawn(name).figure
        words = [*figure.texts, *(text for ax in figure.axes for text in ax.texts)]
        words += [tick for ax in figure.axes for tick in (*ax.get_xticklabels(), *ax.get_yticklabels())]
        assert min(word.get_fontsize() for word in words if word.get_text()) >= 7

    def test_the_gallery_holds_every_public_plot(self):
        every = {"plot", "plot_mixing", "plot_change", "plot_layers", "plot_silo_bridge", "plot_influence"}
        every |= {"plot_coverage", "plot_null", "plot_degrees", "plot_slope", "plot_layer_sets", "plot_flows"}
        assert every | {"plot_territory", "PlotResult"} == set(plots.__all__)


def shuffled(net: Network, seed: int) -> Network:
    """The same network, its rows in another order and its undirected ties turned round."""
    rng = np.random.default_rng(seed)
    ties = net.ties
    turn = ~ties["layer"].map(net.layers["directed"]).astype(bool) & (rng.random(len(ties)) < 0.5)
    source, target = ties["source"], ties["target"]
    ties = ties.assign(source=source.mask(turn, target), target=target.mask(turn, source))
    tables = {
        "ties": ties,
        "actors": net.actors.reset_index(),
        "provision": net.provision,
        "observation": net.observation,
    }
    tables = {name: table.sample(frac=1, random_state=rng, ignore_index=True) for name, table in tables.items()}
    return Network(**tables, layers=net.layers.reset_index(), sources=net.sources)


@pytest.mark.parametrize("name", sorted({*NAMES} - {"null", "slope"}))
def test_the_order_of_rows_changes_nothing_that_is_drawn(name, drawn, tours, crisis, blocks):
    same = [shuffled(net, seed) for seed, net in enumerate((tours, crisis, blocks))]
    again, before = gallery(*same)[name](), drawn(name)
    assert again.alt == before.alt
    assert sorted(words(again).split()) == sorted(words(before).split())
    mean, share = differences(picture(again), picture(before))
    assert mean < 0.1
    assert share < 0.001


def on_paper(color, alpha=None) -> str:
    """A colour as the white page shows it."""
    *rgb, share = to_rgba(color, alpha)
    return to_hex([1 - share * (1 - channel) for channel in rgb]).upper()


def inks(figure) -> set[tuple[str, ...]]:
    """Colours of each mark: of a line, or of the fill and the outline of a shape."""
    marks = set()
    for ax in figure.axes:
        for line in ax.lines:
            if line.get_linewidth() and line.get_linestyle() != "None":
                marks.add((on_paper(line.get_color(), line.get_alpha()),))
        for shape in ax.patches:
            edge = [on_paper(shape.get_edgecolor())] if shape.get_linewidth() else []
            marks.add((on_paper(shape.get_facecolor()), *edge))
        for many in ax.collections:
            if isinstance(many, LineCollection):
                marks |= {(on_paper(color),) for color in many.get_edgecolor()}
                continue
            fills, edges = many.get_facecolor(), many.get_edgecolor()
            edges = edges if max(many.get_linewidths(), default=0) else edges[:0]
            for k in range(max(len(fills), len(edges))):
                marks.add(tuple(on_paper(colors[k % len(colors)]) for colors in (fills, edges) if len(colors)))
    return marks


# What may be pale, since it is read from something else: backgrounds, halos, guide lines, the steps of a scale.
QUIET = {
    "plot-tours": {"#FFFFFF"},
    "plot-rings": {"#FFFFFF", *(styles.color_at(styles.SEQUENTIAL, k / 59) for k in range(60))},
    "null": {chance.BAND},
    "slope": {"#D5D5DC"},
    "layer-sets": {"#F4F4F7", "#DADAE0"},
    "layers-planes": {"#FFFFFF"},
}


class TestPalettes:
    @pytest.mark.parametrize(
        "name",
        [
            *("plot-tours", "plot-rings", "change-maps", "silo-bridge", "influence", "coverage", "null", "degrees"),
            *("slope", "layer-sets"),
        ],
    )
    def test_every_mark_stands_out_from_the_page_by_its_fill_or_its_outline(self, name, drawn):
        """Areas that hold their own numbers (heat map, ribbons, planes) are looked at below."""
        pale = {
            mark
            for mark in inks(drawn(name).figure)
            if max(styles.contrast(color, "#FFFFFF") for color in mark) < 3 and not QUIET.get(name, set()) & {*mark}
        }
        assert pale == set()

    @pytest.mark.parametrize("name", NAMES)
    def test_every_word_can_be_read(self, name, drawn):
        """Words on the page; those written on a fill take the ink that reads best on it."""
        figure = drawn(name).figure
        texts = [*figure.texts, *(text for ax in figure.axes for text in ax.texts)]
        colors = {on_paper(text.get_color()) for text in texts if text.get_text() and not text.get_path_effects()}
        assert min(styles.contrast(color, "#FFFFFF") for color in colors - {"#FFFFFF"}) >= 4.5

    @pytest.mark.parametrize("eye", ["normal", "protan", "deutan", "tritan"])
    @pytest.mark.parametrize(
        "colors",
        [
            (coverage.SURE, coverage.FRAGILE, "#FFFFFF"),
            (chance.OBSERVED, chance.BARS),
            (sets.PALE, "#333333"),
            ("#004488", "#B9BCC4", "#E0C068"),
            tuple(slopes.COLORS),
        ],
        ids=["coverage", "null", "layer-sets", "alluvial", "slope"],
    )
    def test_colours_side_by_side_are_told_apart_by_every_eye(self, colors, eye):
        assert styles.smallest_distance(colors, vision=eye) >= 15

    @pytest.mark.parametrize(
        "colors",
        [(coverage.SURE, coverage.FRAGILE), (chance.BARS, chance.BAND), (sets.PALE, "#333333"), ("#004488", "#E0C068")],
        ids=["coverage", "null", "layer-sets", "alluvial"],
    )
    def test_on_a_photocopy_dark_and_light_stay_apart(self, colors):
        assert styles.contrast(*colors) >= 3

    def test_what_became_of_ties_is_told_without_colour(self):
        """Fates differ by dash, by width or by darkness, and each by its sign."""
        strokes = change.STROKES
        for (one, (a, dash, width)), (other, (b, its, wide)) in combinations(strokes.items(), 2):
            assert dash != its or styles.contrast(a, b) >= 1.5 or max(width, wide) >= 1.3 * min(width, wide), (
                one,
                other,
            )
        assert len(set(change.GLYPHS.values())) == len(strokes)

    def test_more_and_fewer_than_expected_are_told_by_a_sign_too(self, drawn):
        told = words(drawn("mixing"))
        assert "▲" in told
        assert "▼" in told


class TestSaving:
    def test_png_svg_pdf_and_the_same_bytes_twice(self, crisis, tmp_path):
        result = plots.plot(crisis, by="sector")
        for kind in ("png", "svg", "pdf"):
            first = result.save(tmp_path / f"one.{kind}", dpi=80).read_bytes()
            again = plots.plot(crisis, by="sector").save(tmp_path / f"two.{kind}", dpi=80).read_bytes()
            assert first == again
        svg = (tmp_path / "one.svg").read_text(encoding="utf-8")
        assert "Ville de Tours" in svg

    def test_an_a3_sheet_is_the_same_picture_larger(self, crisis, tmp_path):
        result = plots.plot(crisis, by="sector")
        small = Image.open(result.save(tmp_path / "a4.png", dpi=70, size="A4"))
        large = Image.open(result.save(tmp_path / "a3.png", dpi=300, size="A3"))
        assert large.size == (4962, 3507)
        mean, share = differences(small, large.resize(small.size, Image.Resampling.LANCZOS))
        assert mean <= 2 * MEAN_APART
        assert share <= 2 * SHARE_APART

    def test_drawing_again_for_another_paper_changes_nothing_of_the_first(self, crisis, tmp_path):
        result = plots.plot_silo_bridge(crisis, by="sector")
        first = np.asarray(Image.open(result.save(tmp_path / "a.png", size="A4", dpi=50)))
        again = np.asarray(Image.open(result.save(tmp_path / "b.png", size="A4", dpi=50)))
        assert (first == again).all()

    def test_unknown_endings_and_papers_are_named(self, crisis, tmp_path):
        result = plots.plot_degrees(crisis)
        with pytest.raises(ReseauError, match=r"end the name with \.png"):
            result.save(tmp_path / "x.jpeg")
        with pytest.raises(UnknownNameError, match="Known: 'A4', 'A3'"):
            result.save(tmp_path / "x.png", size="A5")

    def test_a_notebook_gets_the_picture_and_the_sentence(self, crisis):
        result = plots.plot_degrees(crisis)
        data, about = result._repr_mimebundle_()
        assert data["text/plain"] == result.alt == about["image/png"]["alt"]
        assert data["image/png"].startswith("iVBOR")

    def test_a_style_of_the_user_changes_nothing_and_stays(self, crisis, tmp_path):
        import matplotlib as mpl

        plain = plots.plot_degrees(crisis).save(tmp_path / "plain.png", dpi=60).read_bytes()
        style = {
            "axes.grid": True,
            "font.size": 23,
            "axes.facecolor": "black",
            "savefig.bbox": "tight",
            "lines.linewidth": 9,
        }
        with mpl.rc_context(style):
            styled = plots.plot_degrees(crisis).save(tmp_path / "styled.png", dpi=60).read_bytes()
            assert mpl.rcParams["font.size"] == 23
        assert styled == plain

    def test_pyplot_and_its_global_state_are_never_used(self):
        code = (
            "import sys, reseau_territorial as rt; from reseau_territorial.plots import plot;"
            "plot(rt.samples.tours_masks())._repr_mimebundle_(); print('matplotlib.pyplot' in sys.modules)"
        )
        out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert out.stdout.strip() == "False"


class TestLabels:
    @given(seed=st.integers(0, 50), count=st.integers(1, 60))
    def test_labels_touch_neither_one_another_nor_the_actors(self, seed, count):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        rng = np.random.default_rng(seed)
        xy, radii = rng.uniform(20, 480, (count, 2)), rng.uniform(2, 9, count)
        boxes = _labels.Boxes((0.0, 0.0, 500.0, 500.0))
        boxes.taken = np.hstack([xy - radii[:, None], xy + radii[:, None]])
        names = [f"Communauté de communes {number}" for number in range(count)]
        canvas = FigureCanvasAgg(Figure())
        placed = _labels.place_labels(canvas, names, xy, radii, range(count), boxes, size=8)
        assert placed
        side = np.array([[one.width / 2, one.height / 2] for one in placed])
        middle = np.array([[one.x, one.y] for one in placed])
        low, high = middle - side, middle + side
        assert (low >= 0).all()
        assert (high <= 500).all()
        others = np.vstack([np.hstack([low, high]), np.hstack([xy - radii[:, None], xy + radii[:, None]])])
        for number, (box_low, box_high) in enumerate(zip(low, high, strict=True)):
            hits = (others[:, :2] < box_high - 1e-9).all(axis=1) & (others[:, 2:] > box_low + 1e-9).all(axis=1)
            assert np.flatnonzero(hits).tolist() == [number]

    def test_in_a_workshop_map_every_name_is_written(self, crisis, tmp_path):
        plots.plot(crisis, by="sector").save(tmp_path / "x.svg")
        text = re.sub(
            r"\s+", " ", " ".join(re.findall(r">([^<>]+)</", (tmp_path / "x.svg").read_text(encoding="utf-8")))
        )
        first_words = [_labels.shorten(name).split("\n")[0] for name in crisis.actors["name"]]
        assert [word for word in first_words if word not in text] == []

    def test_long_names_take_three_lines_at_most(self):
        name = "Syndicat intercommunal à vocation unique de la vallée de la Loire moyenne"
        assert _labels.shorten(name).count("\n") == 2
        assert _labels.shorten(name).replace("\n", " ").startswith(name[:40])
        assert max(map(len, _labels.shorten("x" * 200).split("\n"))) <= _labels.WRAP_AT

    @pytest.mark.parametrize("longest", [20, 32, 44])
    def test_names_that_begin_alike_are_told_apart_by_their_end(self, longest):
        names = [
            f"Syndicat intercommunal d’alimentation en eau potable de la région de {x}" for x in ("Bléré", "Chinon")
        ]
        for shortened in (
            [_labels.cut(name, longest) for name in names],
            [_labels.shorten(name, longest // 2) for name in names],
        ):
            assert len(set(shortened)) == 2
            assert all(one.endswith(name[-5:]) for one, name in zip(shortened, names, strict=True))
        assert all(len(_labels.cut(name, longest)) <= longest for name in names)

    def test_equals_follow_their_name_not_their_row(self):
        assert _labels.ranked([1, 2, 2, 1], ["d", "c", "b", "a"], ["Zoé", "Éguzon", "Ain", "Même"]).tolist() == [
            2,
            1,
            3,
            0,
        ]
        assert _labels.ranked([1, 1], ["b", "a"], ["Même", "Même"]).tolist() == [1, 0]

    @given(st.lists(st.floats(-10, 10), min_size=1, max_size=12), st.floats(0.01, 1))
    def test_values_spread_keep_their_order_and_their_distance(self, values, gap):
        spread = _labels.spread_values(np.array(values), gap)
        order = np.argsort(values, kind="stable")
        assert (np.diff(spread[order]) >= 0.9 * gap).all()


class TestTies:
    def test_parallel_ties_are_fanned_whatever_their_direction(self):
        start, end = np.zeros((3, 2)), np.tile([100.0, 0.0], (3, 1))
        start[2], end[2] = end[2].copy(), start[2].copy()
        rank = np.array([-1.0, 0.0, 1.0]), np.array([False, False, True])
        middle = _drawing.fan(start, end, rank, gap=5)[:, 6]
        assert sorted(middle[:, 1].round(6)) == [-5, 0, 5]

    def test_a_tie_alone_is_straight(self):
        curve = _drawing.fan(np.zeros((1, 2)), np.array([[30.0, 40.0]]), (np.zeros(1), np.array([False])), gap=5)[0]
        assert np.allclose(curve[:, 0] * 4, curve[:, 1] * 3)

    def test_every_layer_between_two_actors_is_drawn(self):
        from matplotlib.collections import LineCollection

        ties = pd.DataFrame({"source": ["a", "a", "b"], "target": ["b", "b", "a"], "layer": ["x", "y", "z"]})
        result = plots.plot(Network(ties))
        lines = [
            segment
            for ax in result.figure.axes
            for collection in ax.collections
            if isinstance(collection, LineCollection)
            for segment in collection.get_segments()
        ]
        assert len(lines) == 3
        assert len({tuple(np.round(line[6], 3)) for line in lines}) == 3

    def test_absent_ties_are_not_drawn_and_unknown_ones_are_told(self, tours, tmp_path):
        plots.plot(tours.select(period="after")).save(tmp_path / "x.svg")
        svg = (tmp_path / "x.svg").read_text(encoding="utf-8")
        assert "31 liens de statut inconnu" in svg
        assert "Statut inconnu" in svg


class TestNetwork:
    def test_the_sentence_counts(self):
        ties = pd.DataFrame({"source": ["a", "a", "b"], "target": ["b", "c", "d"]})
        actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
        alt = plots.plot(Network(ties, actors=actors.set_index("actor")), by="sector").alt
        assert "4 acteurs et 3 liens" in alt
        assert "2 groupes" in alt
        assert "67\u00a0% des liens d’un groupe à l’autre" in alt
        assert "a (2), b (2)" in alt

    def test_persons_are_masked_in_the_bytes_unless_kept(self, tmp_path):
        actors = pd.DataFrame(
            {"actor": ["p1", "t"], "name": ["Anne Xylophone", "Tours"], "kind": ["person", "commune"]}
        )
        net = Network(pd.DataFrame({"source": ["p1"], "target": ["t"]}), actors=actors.set_index("actor"))
        for persons, seen in (("mask", False), ("keep", True)):
            result = plots.plot(net, persons=persons)
            svg = result.save(tmp_path / "x.svg").read_text(encoding="utf-8")
            assert ("Xylophone" in svg + result.alt) is seen

    def test_a_layout_can_be_shared(self, tours, crisis):
        placed = place_actors(tours, by="sector")
        assert "38 liens" not in plots.plot(crisis, layout=placed).alt
        with pytest.raises(ReseauError, match="does not place 1 actor"):
            plots.plot(tours, layout=place_actors(crisis))

    def test_gathered_lines_and_lines_left_alone_make_every_tie_once(self):
        net = samples.indre_et_loire()
        ties = _drawing.tie_table(net)
        groups = net.actors["epci"].fillna("")
        crossing = groups.loc[ties["source"]].to_numpy() != groups.loc[ties["target"]].to_numpy()
        gathered, left = _bundles.gather(ties, groups, crossing)
        assert gathered["ties"].sum() + left.sum() == len(ties)
        assert left[~crossing].all()
        assert gathered["ties"].min() >= _bundles.LEAST_GATHERED
        assert len(gathered) + (left & crossing).sum() < crossing.sum() / 5
        actor, group, layer, count = gathered.sort_values("ties").iloc[-1]
        ends = ties[(ties["layer"] == layer) & ties[["source", "target"]].eq(actor).any(axis=1)]
        others = ends["source"].where(ends["source"] != actor, ends["target"])
        assert (groups.loc[others] == group).sum() == count

    def test_thousands_on_a_circle_are_ties_between_named_groups(self, tmp_path):
        svg = plots.plot(block_network(700, 5, degree=10), layout="circle").save(tmp_path / "x.svg").read_text("utf-8")
        assert "Seuls les liens d’un groupe à l’autre sont dessinés" in svg
        assert len(re.findall(r">T00\d\u00a0\(\d+\)<", svg)) >= 5

    def test_thousands_on_rings_are_one_way_to_the_middle_each(self, tmp_path):
        from reseau_territorial.plots import _rounds

        net = block_network(700, 5, degree=10)
        placed = place_actors(net, layout="rings")
        ties = _drawing.tie_table(net)
        kept = ties[_rounds.inward(ties, placed.positions)]
        reached = set(kept["source"]) | set(kept["target"])
        tied = set(ties["source"]) | set(ties["target"])
        assert len(kept) < len(tied)
        assert len(tied - reached) < 0.01 * len(tied)
        svg = plots.plot(net, layout=placed).save(tmp_path / "x.svg").read_text(encoding="utf-8")
        assert "Un seul lien est dessiné par acteur" in svg
        assert "à 1 lien (" in svg

    def test_many_groups_have_numbers_on_the_maps_of_periods_and_names_at_the_foot(self, tmp_path):
        net = samples.indre_et_loire()
        ties = pd.concat([net.ties.assign(period=period) for period in ("before", "after")], ignore_index=True)
        svg = plots.plot_change(net.replace(ties=ties)).save(tmp_path / "x.svg").read_text(encoding="utf-8")
        assert svg.count("CC Loches Sud Touraine") == 1
        assert len(re.findall(r">12<", svg)) >= 2

    def test_a_region_of_groups_has_numbers_on_its_discs_and_names_at_the_foot(self):
        drawn = plots.plot(block_network(500, 60), by="territory")
        told = words(drawn)
        assert "Groupes\u202f: 1\u00a0T000" in told
        assert {str(number) for number in range(1, 61)} <= set(told.split())

    def test_ringed_actors_are_named_even_in_a_crowd(self):
        net = block_network(400, 1)
        names = {f"a{number:05d}" for number in (7, 77, 177, 277, 377)}
        told = words(plots.plot(net, layout="force", highlight=names)).replace("\n", " ")
        assert all(net.actors.loc[name, "name"] in told for name in names)

    @pytest.mark.parametrize("groups", [2, 12])
    def test_small_multiples_leave_no_blank_above_and_below(self, groups):
        """Maps of periods and layers fill the height of their own sheet, which holds a legend of the kinds."""
        net = block_network(100, groups)
        ties = pd.concat([net.ties.assign(period="before"), net.ties.iloc[::2].assign(period="crisis")])
        for drawn in (
            plots.plot_change(Network(ties, actors=net.actors), by="territory"),
            plots.plot_layers(net, by="territory"),
            plots.plot_layers(net, by="territory", kind="planes"),
        ):
            assert all(f"{word} (" in words(drawn) for word in ("Commune", "Préfecture", "Entreprise"))
            ink = np.asarray(picture(drawn).convert("L"))[:, 10:-10].min(axis=1) < 250
            rows = np.flatnonzero(ink)
            assert np.diff(rows).max() < 0.1 * len(ink)

    def test_fates_that_are_not_drawn_are_not_in_the_legend(self, tours):
        told = words(plots.plot_change(tours.select(layer="membership"), by="sector"))
        assert "conservées" in told
        assert "perdues" not in told

    def test_a_crowded_sheet_says_how_ties_are_gathered(self, tmp_path):
        svg = plots.plot(samples.indre_et_loire(), labels=False).save(tmp_path / "x.svg").read_text(encoding="utf-8")
        assert "réunit les liens d’un acteur" in svg
        assert "CC Loches Sud Touraine" in svg
        assert "200071587" not in svg

    def test_a_tie_known_at_another_period_is_not_called_dotted(self, tours, tmp_path):
        svg = plots.plot(tours).save(tmp_path / "x.svg").read_text(encoding="utf-8")
        assert "pointillés" not in svg
        assert "31 liens dessinés sont de statut inconnu à une autre période" in svg

    def test_a_large_network_has_one_line_per_pair_of_groups(self, monkeypatch, tmp_path):
        from reseau_territorial.plots import network

        monkeypatch.setattr(network, "GATHER_FROM", 50)
        monkeypatch.setattr(network, "BUNDLE_FROM", 20)
        result = plots.plot(block_network(80, 4, inside=0.7), labels=False)
        assert "un trait par paire de groupes" in result.save(tmp_path / "x.svg").read_text(encoding="utf-8")

    def test_errors_name_what_exists(self, crisis):
        with pytest.raises(UnknownNameError, match="Did you mean 'sector'"):
            plots.plot(crisis, color="secteur")
        with pytest.raises(UnknownNameError, match="no actor named 'nobody'"):
            plots.plot(crisis, highlight=["nobody"])
        with pytest.raises(ReseauError, match="nothing to draw"):
            plots.plot(Network())

    @pytest.mark.parametrize("name", ["$x^2$", "مرحبا", "🏛 Mairie", "a\nb", " ", "<script>", "é" * 300])
    def test_any_name_can_be_drawn(self, name, recwarn):
        actors = pd.DataFrame({"actor": ["a", "b"], "name": [name, "Tours"]}).set_index("actor")
        plots.plot(Network(pd.DataFrame({"source": ["a"], "target": ["b"]}), actors=actors))._repr_mimebundle_()

    def test_letters_without_a_font_are_shown_and_told(self, tmp_path):
        actors = pd.DataFrame({"actor": ["a", "b"], "name": ["Mairie \U000f1234", "Tours"]}).set_index("actor")
        net = Network(pd.DataFrame({"source": ["a"], "target": ["b"]}), actors=actors)
        with pytest.warns(UserWarning, match=r"no font of this computer has .* \(U\+F1234\).* Install a font"):
            result = plots.plot(net)
        svg = result.save(tmp_path / "x.svg").read_text(encoding="utf-8")
        assert "Mairie □" in svg
        assert "\U000f1234" not in svg.split("</metadata>")[1]

    def test_a_letter_of_another_alphabet_is_written_by_a_font_that_has_it(self):
        from reseau_territorial.plots import _letters

        assert _letters.families("Préfecture d’Évry →") == [_letters.FONT]
        others = [letter for letter in "市한अ✈" if len(_letters.families(letter)) > 1]
        for letter in others:
            assert ord(letter) in _letters._letters(_letters.font_files(letter)[0])
            assert _letters.written(letter) == letter

    def test_one_actor_and_no_tie(self):
        net = Network(actors=pd.DataFrame({"actor": ["a"]}).set_index("actor"))
        assert "1 acteur et 0 lien" in plots.plot(net).alt


class TestMixing:
    def test_few_ties_have_neither_colour_nor_sign(self):
        assert mixing._share(1, 0.1) == 0.5
        assert mixing._sign(1, 0.1) == ""
        assert mixing._share(8, 2) == 1
        assert mixing._share(2, 8) == 0
        assert mixing._share(4, 2) == 0.75
        assert mixing._sign(8, 2).strip() == "▲"
        assert mixing._sign(1, 4).strip() == "▼"

    def test_a_table_made_already_gives_the_same_plot(self, crisis):
        from reseau_territorial.metrics.expected import group_mixing

        table = group_mixing(crisis, by="sector", weight=None)
        assert plots.plot_mixing(crisis, by="sector", table=table).alt == plots.plot_mixing(crisis, by="sector").alt

    def test_inside_and_total_are_those_of_the_table(self):
        ties = pd.DataFrame({"source": ["a", "a", "b", "c"], "target": ["b", "c", "c", "d"]})
        actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
        alt = plots.plot_mixing(Network(ties, actors=actors.set_index("actor")), by="sector").alt
        assert "2 liens sur 4 restent" in alt

    def test_without_ties_the_error_says_so(self):
        with pytest.raises(ReseauError, match="no present tie"):
            plots.plot_mixing(Network(actors=pd.DataFrame({"actor": ["a"], "sector": ["civil"]})), by="sector")


class TestChange:
    def test_states_and_fates_by_hand(self):
        rows = [
            ("a", "b", "before", "present"),
            ("b", "a", "after", "present"),
            ("a", "c", "before", "present"),
            ("a", "d", "after", "present"),
            ("b", "c", "before", "present"),
            ("b", "c", "after", "unknown"),
            ("b", "d", "before", "absent"),
            ("c", "d", "before", "unknown"),
            ("c", "d", "after", "present"),
        ]
        net = Network(pd.DataFrame(rows, columns=["source", "target", "period", "status"]))
        states = change.pair_states(net, ("before", "after"))
        fate = change.fates(states, "before", "after").to_dict()
        assert fate == {
            ("a", "b"): "kept",
            ("a", "c"): "lost",
            ("a", "d"): "gained",
            ("b", "c"): "unknown",
            ("b", "d"): "none",
            ("c", "d"): "present",
        }

    def test_a_pair_that_nobody_observed_is_unknown_not_absent(self):
        ties = pd.DataFrame({"source": ["a"], "target": ["b"], "period": ["before"]})
        observation = pd.DataFrame(
            {
                "actor": ["a", "b", "a", "b"],
                "period": ["before"] * 2 + ["after"] * 2,
                "observed": [True, True, False, True],
            }
        )
        states = change.pair_states(
            Network(pd.concat([ties, ties.assign(source="b", target="c", period="after")]), observation=observation),
            ("before", "after"),
        )
        assert states.loc[("a", "b"), "after"] == "unknown"
        assert states.loc[("b", "c"), "before"] == "absent"

    def test_one_period_is_no_change(self, crisis):
        with pytest.raises(ReseauError, match="two periods"):
            plots.plot_change(crisis)

    def test_unknown_periods_and_kinds_are_named(self, tours):
        with pytest.raises(UnknownNameError, match="Did you mean 'before'"):
            plots.plot_change(tours, periods=("befor", "after"))
        with pytest.raises(UnknownNameError, match="'alluvial'"):
            plots.plot_change(tours, kind="sankey")


class TestQuadrants:
    def test_quarters_are_counted(self):
        x, y = pd.Series([0.1, 0.9, 0.1, 0.9, 0.8]), pd.Series([1.0, 1.0, 0.0, 0.0, 0.0])
        assert quadrants._quarter_counts(x, y, (0.5, 0.5)) == [1, 1, 1, 2]

    def test_hundreds_on_one_point_fill_a_disc_and_are_counted(self):
        points = np.array([[100.0, 100.0]] * 400 + [[300.0, 100.0]])
        away = np.hypot(*(quadrants._scatter_ties(points, np.full(401, 1.5)) - points).T)
        assert away.max() <= quadrants.FAN + 1e-6
        assert (away[:400] < 0.75 * quadrants.FAN).mean() > 0.4  # a disc, not a ring
        centre = pd.DataFrame({"source": "hub", "target": [f"a{n}" for n in range(50)]})
        actors = pd.DataFrame({"actor": ["hub", *centre["target"]], "side": ["x"] + ["y"] * 50})
        assert "50 acteurs" in words(plots.plot_silo_bridge(Network(centre, actors=actors), by="side"))

    def test_a_network_without_any_go_between_is_drawn(self):
        actors = pd.DataFrame({"actor": list("ab"), "sector": ["public", "civil"]}).set_index("actor")
        net = Network(pd.DataFrame({"source": ["a"], "target": ["b"]}), actors=actors, directed=True)
        assert "2 acteurs" in plots.plot_silo_bridge(net, by="sector").alt

    def test_influence_counts_two_steps_by_half(self):
        net = Network(pd.DataFrame({"source": ["a", "b", "a"], "target": ["b", "c", "d"]}), directed=True)
        reach = quadrants._reach(net)
        assert reach["influence"].to_dict() == {"a": 2.5, "b": 1.0, "c": 0.0, "d": 0.0}
        assert reach["dependence"].to_dict() == {"a": 0.0, "b": 1.0, "c": 1.5, "d": 1.0}

    def test_an_undirected_network_has_no_influence(self, blocks):
        with pytest.raises(ReseauError, match="directed"):
            plots.plot_influence(blocks)

    def test_values_given_are_drawn(self, blocks):
        value = pd.Series(range(len(blocks)), index=blocks.actors.index)
        assert "60 acteurs" in plots.plot_influence(blocks, influence=value, dependence=value).alt


class TestTerritory:
    def test_geojson_in_degrees_and_in_metres(self, tmp_path):
        square = [[0, 47], [1, 47], [1, 48], [0, 48], [0, 47]]
        metres = [[500_000, 6_600_000], [510_000, 6_600_000], [510_000, 6_610_000], [500_000, 6_600_000]]
        features = [
            {
                "type": "Feature",
                "properties": {"CODE": "A", "nom": "Un"},
                "geometry": {"type": "Polygon", "coordinates": [square]},
            },
            {
                "type": "Feature",
                "properties": {"code": "B"},
                "geometry": {"type": "MultiPolygon", "coordinates": [[metres]]},
            },
            {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [0, 0]}},
            {"type": "Feature", "properties": {}, "geometry": None},
        ]
        path = tmp_path / "own.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        found = reading.read_contours(path)
        assert list(found) == ["A", "B"]
        assert found["A"].name == "Un"
        assert found["A"].rings[0][:, 0].max() < 600_000 < found["A"].rings[0][:, 1].min()
        assert found["B"].rings[0].tolist() == metres

    @pytest.mark.parametrize(
        ("text", "message"), [("{", "not GeoJSON"), ("[]", "features"), ('{"features": []}', "no polygon")]
    )
    def test_a_bad_file_is_said_to_be_bad(self, text, message, tmp_path):
        path = tmp_path / "bad.geojson"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ReseauError, match=message):
            reading.read_contours(path)

    def test_a_missing_file_and_a_missing_library_are_named(self, tmp_path, monkeypatch):
        with pytest.raises(ReseauError, match="departements, epci"):
            reading.read_contours(tmp_path / "none.geojson")
        (tmp_path / "own.gpkg").write_bytes(b"")
        monkeypatch.setitem(sys.modules, "geopandas", None)
        with pytest.raises(MissingDependencyError, match=r"reseau-territorial\[geo\]"):
            reading.read_contours(tmp_path / "own.gpkg")

    @pytest.mark.parametrize("ending", ["gpkg", "shp"])
    @pytest.mark.parametrize("projection", [2154, 4326, 3857])
    def test_contours_of_a_user_in_any_file_and_projection(self, ending, projection, tmp_path):
        """GeoPackage and shapefile, in Lambert-93, degrees or Web Mercator, give the same metres."""
        geopandas = pytest.importorskip("geopandas")
        from shapely.geometry import Polygon

        known = outlines("epci")["243700754"]
        frame = geopandas.GeoDataFrame(
            {"SIREN_EPCI": ["243700754"], "NOM": ["Tours Métropole Val de Loire"]},
            geometry=[Polygon(known.rings[0])],
            crs=2154,
        ).to_crs(projection)
        path = tmp_path / f"own.{ending}"
        frame.to_file(path)
        found = reading.read_contours(path)
        assert list(found) == ["243700754"]
        assert found["243700754"].name == "Tours Métropole Val de Loire"
        ring = found["243700754"].rings[0]
        far = np.abs(ring[:, None] - known.rings[0][None]).sum(axis=2).min(axis=1)
        assert far.max() <= 3

    @pytest.mark.parametrize("projection", [2154, 3857, 27572])
    def test_geojson_that_names_its_projection(self, projection, tmp_path):
        """Web Mercator and the old Lambert II look like metres of Lambert-93, many kilometres away."""
        geopandas = pytest.importorskip("geopandas")
        from shapely.geometry import Polygon

        known = outlines("departements")["37"].rings[0]
        frame = geopandas.GeoDataFrame({"code": ["37"]}, geometry=[Polygon(known)], crs=2154)
        frame.to_crs(projection).to_file(tmp_path / "own.geojson", driver="GeoJSON")
        ring = reading.read_contours(tmp_path / "own.geojson")["37"].rings[0]
        assert np.abs(ring[:, None] - known[None]).sum(axis=2).min(axis=1).max() <= 10

    @pytest.mark.parametrize(
        "square",
        [
            [[47.0, 0.5], [48.0, 0.5], [48.0, 1.0], [47.0, 0.5]],  # latitude first
            [[7_412, 5_899_189], [141_543, 5_899_189], [141_543, 6_056_132], [7_412, 5_899_189]],  # Web Mercator
        ],
    )
    def test_contours_that_are_elsewhere_are_refused(self, square):
        with pytest.raises(ReseauError, match="not in France: their coordinates run from"):
            reading.read_contours({"type": "Polygon", "coordinates": [square]})

    def test_contours_without_their_codes_say_which_columns_are_read(self, tmp_path):
        metres = [[500_000, 6_600_000], [510_000, 6_600_000], [510_000, 6_610_000], [500_000, 6_600_000]]
        shape = {"type": "Polygon", "coordinates": [metres]}
        path = tmp_path / "own.geojson"
        path.write_text(json.dumps({"type": "Feature", "properties": {"zone": "A"}, "geometry": shape}))
        with pytest.raises(ReseauError, match="holds 'A', the outlines '0'.*insee_com"):
            plots.plot_territory(touraine(), contours=path, values=pd.Series({"A": 1.0}))
        lost = Network(actors=pd.DataFrame({"actor": ["a"], "territory": ["A"]}))
        with pytest.raises(ReseauError, match=r"nor the code of an outline \(such as '0'\)"):
            plots.plot_territory(lost, contours=path)

    def test_contours_of_a_user_are_drawn(self, tmp_path):
        geopandas = pytest.importorskip("geopandas")
        from shapely.geometry import box

        frame = geopandas.GeoDataFrame(
            {"code": ["A"]}, geometry=[box(500_000, 6_650_000, 580_000, 6_740_000)], crs=2154
        )
        frame.to_file(tmp_path / "own.gpkg")
        drawn = plots.plot_territory(touraine(), contours=tmp_path / "own.gpkg")
        bundled = plots.plot_territory(touraine())
        assert differences(*(picture(one) for one in (drawn, bundled)))[0] > 0.5

    def test_the_middle_of_an_outline(self):

        ring = np.array([[0, 0], [4, 0], [4, 2], [0, 2], [0, 0]]) * 1000
        assert middle((ring,)) == pytest.approx((2000, 1000))

    def test_actors_stand_in_their_territory_without_coordinates(self):
        net = touraine()
        alt = plots.plot_territory(net).alt
        assert f"{len(net)} acteurs et {len(net) - 1} liens" in alt
        assert "km" in alt

    def test_lengths_overseas_are_those_of_the_ground(self):
        """An inset enlarges Guadeloupe and shrinks Guyane; a tie that leaves an inset has no length on the map."""
        longitude = [-61.53, -61.73, -52.33, -54.03, 0.69]  # Pointe-à-Pitre, Basse-Terre; Cayenne, Saint-Laurent; Tours
        actors = pd.DataFrame(
            {"actor": list("abcde"), "longitude": longitude, "latitude": [16.24, 16.0, 4.94, 5.5, 47.39]}
        )
        ties = pd.DataFrame({"source": ["a", "c", "a"], "target": ["b", "d", "e"]})
        net = Network(ties, actors=actors)
        placed = territory._placed(net, {}, "mask", 1)
        assert territory._lengths(net, placed) == pytest.approx([34.2, 198.2], rel=0.08)
        assert list(placed.frames.index) == ["Guadeloupe", "Guyane"]

    def test_an_actor_far_away_does_not_make_the_others_a_dot(self):
        rng = np.random.default_rng(0)
        actors = pd.DataFrame({"actor": [f"a{n}" for n in range(80)], "kind": "association"})
        actors["longitude"], actors["latitude"] = 0.68 + 0.05 * rng.random(80), 47.38 + 0.05 * rng.random(80)
        near = Network(pd.DataFrame({"source": ["a0"], "target": ["a1"]}), actors=actors.set_index("actor"))
        actors.loc[79, ["longitude", "latitude"]] = 5.37, 43.29
        far = Network(pd.DataFrame({"source": ["a0"], "target": ["a79"]}), actors=actors.set_index("actor"))
        wide = [plots.plot_territory(net).figure.axes[-1].get_xlim() for net in (near, far)]
        assert np.ptp(wide[1]) <= 1.3 * np.ptp(wide[0])
        assert "1 acteur éloigné est hors du cadre." in words(plots.plot_territory(far))
        assert "hors du cadre" not in words(plots.plot_territory(near))

    def test_overseas_insets_are_framed_when_the_outline_gives_the_place(self):
        actors = pd.DataFrame({"actor": ["a", "b"], "territory": ["DEP-973", "DEP-64"]})
        net = Network(pd.DataFrame({"source": ["a"], "target": ["b"]}), actors=actors)
        placed = territory._placed(net, reading.bundled_for(net), "mask", 1)
        assert placed.frames["actors"].to_dict() == {"Guyane": 1}

    def test_a_person_is_not_drawn_at_home(self):
        actors = pd.DataFrame(
            {
                "actor": ["p", "t", "u"],
                "kind": ["person", "commune", "commune"],
                "longitude": [0.1, 0.7, 0.8],
                "latitude": [46.9, 47.4, 47.5],
            }
        ).set_index("actor")
        net = Network(pd.DataFrame({"source": ["p"], "target": ["t"]}), actors=actors)
        from reseau_territorial.plots.territory import _placed

        empty = pd.DataFrame({"x": [], "y": []})
        hidden = _placed(net, empty, "mask", 1).positions.loc["p"]
        shown = _placed(net, empty, "keep", 1).positions.loc["p"]
        home = _placed(net, empty, "mask", 1).positions.loc["t"]
        assert np.hypot(*(hidden - home)) < 15_000 < np.hypot(*(shown - home))


class TestOtherPlots:
    def test_null_says_inside_or_outside(self):
        inside = SimpleNamespace(**{**vars(silo_result()), "observed": -0.3, "pvalue": 0.9})
        below = SimpleNamespace(**{**vars(silo_result()), "observed": -0.9})
        assert "plus haut que ce que donne le hasard (p\u00a0<\u00a00,001)" in plots.plot_null(silo_result()).alt
        assert "plus bas que ce que donne le hasard" in plots.plot_null(below).alt
        assert "dans ce que donne le hasard (p\u00a0=\u00a00,900)" in plots.plot_null(inside).alt
        with pytest.raises(ReseauError, match="undefined"):
            plots.plot_null(SimpleNamespace(**{**vars(silo_result()), "observed": float("nan")}))

    def test_degrees_by_hand(self):
        ties = pd.DataFrame({"source": ["a", "a", "a"], "target": ["b", "c", "b"]})
        net = Network(ties, actors=pd.DataFrame({"actor": list("abcd")}).set_index("actor"))
        assert "médiane 1\u202f; 1 sans partenaire\u202f; au plus 2 (a)" in plots.plot_degrees(net).alt

    def test_many_partners_are_drawn_in_classes_that_double(self):
        star = Network(pd.DataFrame({"source": "hub", "target": [f"t{n}" for n in range(60)]}))
        result = plots.plot_degrees(star)
        axes = result.figure.axes[0]
        assert [tick.get_text() for tick in axes.get_xticklabels()] == ["1", "2–3", "4–7", "8–15", "16–31", "32–60"]
        assert [bar.get_height() for bar in axes.patches] == [60, 0, 0, 0, 0, 1]
        assert "La moitié des acteurs ont 1 partenaire au plus" in words(result)

    def test_layer_sets_by_hand(self):
        rows = [("a", "b", "x"), ("b", "a", "y"), ("a", "c", "x"), ("c", "d", "x")]
        alt = plots.plot_layer_sets(Network(pd.DataFrame(rows, columns=["source", "target", "layer"]))).alt
        assert "3 paires d’acteurs liés, dont 33\u00a0% par plusieurs couches" in alt
        assert "«\u202fx\u202f» (2 paires)" in alt

    def test_flows_by_hand(self):
        rows = [("a", "c", 5.0), ("b", "c", 2.0), ("a", "b", 1.0)]
        actors = pd.DataFrame({"actor": list("abc"), "territory": ["t1", "t1", "t2"]}).set_index("actor")
        net = Network(pd.DataFrame(rows, columns=["source", "target", "weight"]), actors=actors, directed=True)
        assert "67\u00a0% vont d’un groupe à l’autre" in plots.plot_flows(net).alt
        assert "de t1 à t2 (7)" in plots.plot_flows(net, weight="weight").alt
        with pytest.raises(ReseauError, match="from one group"):
            plots.plot_flows(net.select(territory="t1"))

    def test_beyond_sixteen_groups_the_small_ones_are_gathered(self):
        from reseau_territorial.plots.flows import SHOWN, _flows

        net = block_network(300, 24, inside=0.5)
        table = _flows(net, "territory", None)
        assert table.shape == (SHOWN, SHOWN)
        assert table.to_numpy().sum() == len(net.ties)

    def test_slopes_choose_those_that_moved_most(self):
        table = pd.DataFrame({"before": [0.0, 0.5], "after": [1.0, 0.5]}, index=["mover", "still"])
        assert "mover (0,00 → 1,00)" in plots.plot_slope(table, highlight=["mover"]).alt
        moved = plots.plot_slope(table, metric="degree")
        assert words(moved).startswith("Degré\u202f: mover (0,00 → 1,00)")
        assert "still" not in moved.alt
        assert "rien n’a bougé" in plots.plot_slope(table * 0).alt
        with pytest.raises(UnknownNameError, match="Did you mean 'mover'"):
            plots.plot_slope(table, highlight=["movers"])
        with pytest.raises(ReseauError, match="two periods"):
            plots.plot_slope(table[["after"]])

    def test_a_row_that_leaves_is_named_where_it_ends(self):
        table = pd.DataFrame({"2019": [0.1, 0.5], "2020": [0.4, 0.5], "2021": [np.nan, 0.2]}, index=["gone", "here"])
        axes = plots.plot_slope(table).figure.axes[0]
        ends = {
            text.get_text(): round(text.get_position()[0])
            for text in axes.texts
            if text.get_text().endswith(("gone", "here"))
        }
        assert ends == {"0,40  gone": 1, "0,20  here": 2}

    def test_needs_are_told_the_least_covered_first(self):
        touraine = samples.indre_et_loire()
        result = plots.plot_coverage(touraine)
        assert result.alt.startswith("Part des acteurs dont le besoin est couvert\u202f: Acquisition en commun")
        told = words(result)
        assert "43 besoins sur 75\u202f: moins d’un acteur sur deux a une réponse" in told
        assert "51 besoins mieux couverts ne sont pas montrés" in told
        assert "2021:" not in told

    def test_steps_are_told_only_when_they_are_known(self, crisis):
        from reseau_territorial.metrics.needs import coverage

        table = coverage(crisis, within=2)
        assert "à leur portée" in words(plots.plot_coverage(crisis, table=table))
        assert "2 pas au plus" in words(plots.plot_coverage(crisis, table=table, within=2))
        assert "chez un partenaire" in words(plots.plot_coverage(crisis))

    def test_layers_by_themselves_come_before_their_combinations(self):
        rows = [("a", "b", "x"), ("a", "b", "y"), ("a", "c", "x"), ("a", "c", "y"), ("c", "d", "x")]
        told = words(plots.plot_layer_sets(Network(pd.DataFrame(rows, columns=["source", "target", "layer"]))))
        assert "67\u00a0% des paires d’acteurs liés le sont par plusieurs couches" in told
        assert told.index("Une seule couche") < told.index("Plusieurs couches")
        alone = pd.DataFrame(rows[-1:], columns=["source", "target", "layer"])
        assert "Aucune paire d’acteurs n’est liée par plusieurs couches" in words(plots.plot_layer_sets(Network(alone)))

    def test_coverage_needs_provision(self, blocks):
        with pytest.raises(ReseauError):
            plots.plot_coverage(blocks)

    @pytest.mark.parametrize(
        ("value", "expected"), [(0.9, 1), (1, 1), (1.1, 2), (2.3, 2.5), (26, 50), (0, 1), (800, 1000)]
    )
    def test_ceilings_are_round(self, value, expected):
        assert nice_ceiling(value) == expected
