"""Every plot as a photocopier and as each kind of eye shows it: read from what is drawn, not from the palettes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex, to_rgba

from networks import block_network
from reseau_territorial import plots, samples, styles
from reseau_territorial.network import Network
from reseau_territorial.plots._sheet import PAGE

# Two inks differ on a photocopy from this contrast on, and to an eye from this distance on.
GREY, APART, WIDER = 1.5, 15.0, 1.3
EYES = ("normal", "protan", "deutan", "tritan")
# Lines that are not data: leaders, frames, guides.
QUIET = {PAGE.frame_line.upper(), PAGE.background.upper(), "#D5D5DC", "#8D8D9C"}
FADED = {"#E3E3E8", "#FFFFFF"}


def on_paper(color, alpha=None) -> str:
    *rgb, share = to_rgba(color, alpha)
    return to_hex([1 - share * (1 - channel) for channel in rgb]).upper()


def strokes(figure) -> set[tuple[str, tuple[float, ...], float]]:
    """Colour (at full strength), dash for a width of 1, and usual width of each kind of data line."""
    found = {}
    for ax in figure.axes:
        for line in ax.lines:
            width = line.get_linewidth()
            if not width or line.get_linestyle() == "None" or line.get_zorder() == 2.5:
                continue
            _, dash = line._dash_pattern
            key = on_paper(line.get_color()), tuple(np.round(np.array(dash or ()) / width, 1))
            found.setdefault(key, []).append(width)
        for many in ax.collections:
            if not isinstance(many, LineCollection):
                continue
            for color, (_, dash), width in zip(
                many.get_edgecolor(), many.get_linestyle(), many.get_linewidth(), strict=False
            ):
                key = on_paper(color[:3]), tuple(np.round(np.array(dash or ()) / width, 1))
                found.setdefault(key, []).append(width)
    return {(*key, float(np.median(widths))) for key, widths in found.items() if key[0] not in QUIET}


def marks(figure) -> set[tuple[tuple[float, ...], str]]:
    """Outline and fill of each marker of an actor that is not faded."""
    found = set()
    for ax in figure.axes:
        for many in ax.collections:
            if not isinstance(many, PathCollection) or len(many.get_paths()) != 1:
                continue
            path = tuple(np.round(many.get_paths()[0].vertices, 2).ravel())
            found |= {(path, on_paper(fill)) for fill in many.get_facecolor() if fill[3]}
    return {(path, fill) for path, fill in found if fill not in FADED}


def confused(signs, alike, color, *, eye: str | None) -> list[tuple]:
    """Return the pairs of signs of one form whose inks are too close on a photocopy (no eye) or to an eye."""
    pairs = []
    for one, other in combinations(sorted(signs), 2):
        a, b = color(one), color(other)
        if a == b or not alike(one, other):
            continue
        far = styles.contrast(a, b) >= GREY if eye is None else styles.color_distance(a, b, vision=eye) >= APART
        if not far:
            pairs.append((a, b))
    return pairs


@pytest.fixture(scope="module")
def drawn():
    tours = samples.tours_masks()
    crisis = tours.select(period="crisis")
    blocks = block_network(60, 5, degree=10)
    six = block_network(90, 6, degree=9)
    rng = np.random.default_rng(1)
    kinds = ["membership", "funding", "information", "pooling", "contract", "masks"]
    six = Network(six.ties.assign(layer=rng.choice(kinds, len(six.ties))), actors=six.actors)
    return {
        "tours": plots.plot(crisis, by="sector"),
        "tours by sector": plots.plot(crisis, by="sector", color="sector", size="degree"),
        "blocks": plots.plot(blocks, by="territory"),
        "circle": plots.plot(blocks, layout="circle"),
        "rings": plots.plot(crisis, layout="rings"),
        "panels of ten layers": plots.plot_layers(crisis, by="sector"),
        "panels of six layers": plots.plot_layers(six, by="territory"),
        "planes of six layers": plots.plot_layers(six, by="territory", kind="planes"),
        "periods": plots.plot_change(tours, by="sector"),
        "silo-bridge": plots.plot_silo_bridge(crisis, by="sector"),
        "influence": plots.plot_influence(crisis),
        "territory": plots.plot_territory(crisis),
        "layer sets": plots.plot_layer_sets(crisis),
        "coverage": plots.plot_coverage(crisis),
        "degrees": plots.plot_degrees(crisis),
    }


NAMES = (
    *("tours", "tours by sector", "blocks", "circle", "rings", "panels of ten layers", "panels of six layers"),
    *("planes of six layers", "periods", "silo-bridge", "influence", "territory", "layer sets", "coverage", "degrees"),
)
# Where the colour of a marker repeats what its place says: the named disc of a sector, the named row of a layer.
PLACED = {"tours by sector", "layer sets"}


def same_line(one, other) -> bool:
    """Two lines of one dash and about one width."""
    return one[1] == other[1] and max(one[2], other[2]) < WIDER * min(one[2], other[2])


def same_shape(one, other) -> bool:
    return one[0] == other[0]


@pytest.mark.parametrize("name", NAMES)
class TestEveryPlot:
    def test_lines_are_told_apart_on_a_photocopy(self, name, drawn):
        signs = strokes(drawn[name].figure)
        assert confused(signs, same_line, lambda sign: sign[0], eye=None) == []

    @pytest.mark.parametrize("eye", EYES)
    def test_lines_are_told_apart_by_every_eye(self, name, eye, drawn):
        signs = strokes(drawn[name].figure)
        assert confused(signs, same_line, lambda sign: sign[0], eye=eye) == []

    def test_markers_are_told_apart_on_a_photocopy(self, name, drawn):
        if name in PLACED:
            axes = drawn[name].figure.axes
            texts = [text for ax in axes for text in (*ax.texts, *ax.get_yticklabels())]
            words = {text.get_text().split("\u00a0")[0] for text in (*texts, *drawn[name].figure.texts)}
            assert words >= {"tours by sector": {"Public", "Privé", "Mixte"}, "layer sets": {"Fourniture"}}[name]
            return
        assert confused(marks(drawn[name].figure), same_shape, lambda sign: sign[1], eye=None) == []

    @pytest.mark.parametrize("eye", EYES)
    def test_markers_are_told_apart_by_every_eye(self, name, eye, drawn):
        assert confused(marks(drawn[name].figure), same_shape, lambda sign: sign[1], eye=eye) == []

    def test_bars_are_told_apart_on_a_photocopy(self, name, drawn):
        """Bars of one hatch differ by their darkness."""
        bars = {
            (bar.get_hatch() or "", on_paper(bar.get_facecolor()))
            for ax in drawn[name].figure.axes
            for bar in ax.patches
            if bar.get_facecolor()[3] and name in ("coverage", "degrees")
        }
        assert confused(bars, same_shape, lambda sign: sign[1], eye=None) == []


def test_the_test_sees_what_it_must(drawn):
    """Ten layers, five fates less those that are not drawn, thirteen kinds: each sign is found."""
    assert len(strokes(drawn["tours"].figure)) >= 10
    assert len({shape for shape, _ in marks(drawn["tours"].figure)}) == 13
    two = {("path", "#D55E00"), ("path", "#CC79A7")}
    assert confused(two, same_shape, lambda sign: sign[1], eye=None)
    assert not confused(two, same_shape, lambda sign: sign[1], eye="normal")
