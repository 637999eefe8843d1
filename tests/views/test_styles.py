"""The palettes keep what they promise, and numbers are written as in French."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau_territorial import styles
from reseau_territorial.errors import UnknownNameError
from reseau_territorial.vocabulary import KINDS

EYES = ("normal", "protan", "deutan", "tritan")


def distances(colors):
    return [styles.smallest_distance(list(colors), vision=eye) for eye in EYES]


class TestPalettes:
    def test_the_measures_agree_with_published_ones(self):
        assert styles.contrast("#000000", "#FFFFFF") == pytest.approx(21)
        assert styles.contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
        assert styles.contrast("#97C2FC", "#FFFFFF") == pytest.approx(1.84, abs=0.01)
        # sRGB red and green in Lab (D65) are 170.57 apart.
        assert styles.color_distance("#FF0000", "#00FF00") == pytest.approx(170.57, abs=0.05)

    def test_red_and_green_come_close_for_an_eye_without_middle_cones(self):
        pair = ("#DD5555", "#889922")
        assert styles.color_distance(*pair, vision="deutan") < styles.color_distance(*pair) / 2

    def test_an_unknown_eye_is_named(self):
        with pytest.raises(UnknownNameError, match="Did you mean 'deutan'"):
            styles.color_distance("#000000", "#FFFFFF", vision="deutran")

    @pytest.mark.parametrize(("palette", "theme"), [(styles.FAMILIES, "light"), (styles.FAMILIES_DARK, "dark")])
    def test_every_family_stands_out_from_the_page(self, palette, theme):
        page = styles.THEMES[theme].background
        assert min(styles.contrast(color, page) for color in palette.values()) >= 3

    def test_families_can_be_told_apart_by_every_eye(self):
        assert distances(styles.FAMILIES.values()) == pytest.approx([42.3, 22.7, 17.9, 17.0], abs=0.1)
        assert all(d >= 17 for d in distances(styles.FAMILIES_DARK.values()))

    def test_layers_can_be_told_apart_by_every_eye(self):
        assert distances(styles.LAYER_COLORS) == pytest.approx([37.0, 29.9, 23.2, 17.2], abs=0.1)
        assert all(d >= 25 for d in distances(styles.LAYER_COLORS_DARK))

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_every_line_stands_out_from_the_page(self, theme):
        drawn = styles.layer_styles([f"layer {n}" for n in range(14)], theme=theme).values()
        assert min(styles.contrast(line.color, styles.THEMES[theme].background) for line in drawn) >= 3

    def test_twelve_layers_can_be_told_apart_in_grey(self):
        """Two lines of the same dash differ by their darkness, as a photocopy shows it."""
        drawn = list(styles.layer_styles([f"layer {n}" for n in range(styles.MOST_LAYERS)]).values())
        assert len(drawn) == 12
        alike = [(a, b) for a, b in combinations(drawn, 2) if a.dash == b.dash]
        assert len(alike) == 6
        assert min(styles.contrast(a.color, b.color) for a, b in alike) >= 1.75

    @pytest.mark.parametrize("eye", EYES)
    def test_no_two_of_twelve_layers_are_close(self, eye):
        """Same colour, another dash; same dash, a colour that every eye sees as another."""
        drawn = list(styles.layer_styles([f"layer {n}" for n in range(12)]).values())
        for a, b in combinations(drawn, 2):
            assert a.dash != b.dash or styles.color_distance(a.color, b.color, vision=eye) >= 25

    def test_periods_can_be_told_apart_by_every_eye(self):
        assert distances(styles.PERIOD_COLORS) == pytest.approx([66.0, 44.5, 53.2, 31.1], abs=0.1)

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_text_and_outlines_can_be_read(self, theme):
        page = styles.THEMES[theme]
        for ink in (page.ink, page.muted, page.ghost):
            assert styles.contrast(ink, page.background) >= 4.5
        assert styles.contrast(page.outline, page.background) >= 7
        assert styles.contrast(page.ink, page.frame) >= 4.5

    def test_the_sequential_scale_only_gets_lighter(self):
        lights = [styles.contrast(color, "#000000") for color in styles.SEQUENTIAL]
        assert lights == sorted(lights)

    def test_text_on_every_fill_is_readable(self):
        fills = [*styles.FAMILIES.values(), *styles.SEQUENTIAL, *styles.DIVERGING, *styles.PERIOD_COLORS]
        assert min(styles.contrast(styles.text_on(fill), fill) for fill in fills) >= 4.5

    def test_a_scale_is_read_between_its_stops(self):
        assert styles.color_at(("#000000", "#FFFFFF"), 0) == "#000000"
        assert styles.color_at(("#000000", "#646464", "#FFFFFF"), 0.25) == "#323232"
        assert styles.color_at(("#000000", "#FFFFFF"), 7) == "#FFFFFF"


class TestRoles:
    def test_every_kind_of_the_vocabulary_has_a_shape_of_its_own(self):
        shapes = Counter(styles.shape_of(kind) for kind in KINDS if kind != "other")
        assert [shape for shape, count in shapes.items() if count > 1] == []

    def test_no_two_shapes_look_alike(self):
        """Filled in a box of 24 pixels, two shapes differ by a fifteenth of their surface at least."""
        from matplotlib.path import Path as Outline

        grid = np.stack(np.meshgrid(*[np.linspace(-1.7, 1.7, 48)] * 2), axis=-1).reshape(-1, 2)
        filled = {
            name: Outline(shape.points).contains_points(grid) if shape.points else np.hypot(*grid.T) <= shape.radius
            for name, shape in styles.SHAPES.items()
        }
        apart = {
            (a, b): (filled[a] ^ filled[b]).sum() / (filled[a] | filled[b]).sum() for a, b in combinations(filled, 2)
        }
        closest = min(apart, key=apart.get)
        assert apart[closest] >= 1 / 15, closest

    @pytest.mark.parametrize(
        ("kind", "shape"),
        [
            *[("commune", "circle"), ("epci", "square"), ("departement", "pentagon"), ("region", "hexagon")],
            *[("prefecture", "triangle"), ("operator", "triangle_down"), ("association", "diamond")],
            *[("company_network", "star"), ("person", "ring")],
        ],
    )
    def test_shapes_are_those_of_the_specification(self, kind, shape):
        assert styles.shape_of(kind) == shape

    @pytest.mark.parametrize("shape", [s for s in styles.SHAPES.values() if s.points], ids=lambda s: s.name)
    def test_no_shape_looks_bigger_than_another(self, shape):
        x, y = np.array(shape.points).T
        area = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
        assert 0.75 * np.pi <= area <= 1.2 * np.pi

    def test_a_triangle_points_up_and_the_other_one_down(self):
        corners = {name: np.array(styles.SHAPES[name].points)[:, 1] for name in ("triangle", "triangle_down")}
        assert corners["triangle"].max() > 1 > -corners["triangle"].min()
        assert corners["triangle_down"].min() < -1 < -corners["triangle_down"].max()

    def test_the_sector_speaks_for_an_unknown_kind(self):
        assert styles.family_of("guilde", "civil") == "civil"
        assert styles.family_of("other", "private") == "business"
        assert styles.family_of(pd.NA, pd.NA) == "other"
        assert styles.family_of("person", "public") == "other"

    def test_a_table_of_actors_gets_a_row_of_style_each(self):
        actors = pd.DataFrame(
            {"kind": ["epci", pd.NA, "zzz"], "sector": ["public", "civil", pd.NA]}, index=["a", "b", "c"]
        )
        table = styles.actor_styles(actors, theme="dark")
        assert table["family"].tolist() == ["local", "civil", "other"]
        assert table.loc["a", "color"] == styles.FAMILIES_DARK["local"]
        assert table.index.equals(actors.index)

    @given(st.integers(1, 12))
    def test_no_two_layers_look_the_same(self, count):
        drawn = styles.layer_styles([f"layer {n}" for n in range(count)])
        assert len({(s.color, s.dash) for s in drawn.values()}) == count

    def test_the_first_six_layers_differ_by_dash_alone(self):
        assert len({s.dash for s in styles.layer_styles(list("abcdef")).values()}) == 6

    def test_beyond_twelve_the_layers_with_fewest_ties_are_muted(self):
        names = [f"layer {n}" for n in range(15)]
        drawn = styles.layer_styles(names, counts={name: n for n, name in enumerate(names)})
        assert [name for name, style in drawn.items() if style.muted] == names[:3]
        own = [style for style in drawn.values() if not style.muted]
        assert len({(s.color, s.dash) for s in own}) == 12
        assert [name for name, s in styles.layer_styles(names).items() if s.muted] == names[12:]

    def test_more_than_three_periods_get_steps_of_the_sequential_scale(self):
        drawn = styles.period_styles(["2018", "2019", "2020", "2021"])
        assert len({s.color for s in drawn.values()}) == 4
        assert styles.period_word("crisis") == "Pendant"
        assert styles.period_word("crisis", lang="en") == "Crisis"
        assert styles.period_word(2020) == "2020"


class TestFormats:
    @pytest.mark.parametrize(
        ("value", "digits", "expected"),
        [
            (0, 0, "0"),
            (999, 0, "999"),
            (1234567, 0, "1\u202f234\u202f567"),
            (-1234.5, 1, "−1\u202f234,5"),
            (0.125, 2, "0,13"),
            (2.5, 0, "3"),
            (-0.4, 0, "0"),
            (1.005, 2, "1,00"),
            (np.int64(12000), 0, "12\u202f000"),
            (np.float32(0.5), 1, "0,5"),
            (None, 0, "n.\u00a0d."),
            (float("nan"), 2, "n.\u00a0d."),
            (pd.NA, 2, "n.\u00a0d."),
            (float("inf"), 2, "∞"),
        ],
    )
    def test_french_numbers(self, value, digits, expected):
        assert styles.format_number(value, digits) == expected

    @given(st.floats(-1e12, 1e12), st.integers(0, 4))
    def test_a_french_number_reads_back(self, value, digits):
        text = styles.format_number(value, digits).replace("\u202f", "").replace(",", ".").replace("−", "-")
        assert abs(Decimal(text) - Decimal(value)) <= Decimal("0.5").scaleb(-digits)

    def test_percent_and_euros(self):
        assert styles.format_percent(0.1234, 1) == "12,3\u00a0%"
        assert styles.format_percent(0.1234, 1, lang="en") == "12.3%"
        assert styles.format_percent(None) == "n.\u00a0d."
        assert styles.format_euros(1234567.891, 2) == "1\u202f234\u202f567,89\u00a0€"
        assert styles.format_euros(-3, lang="en") == "−€3"
        assert styles.format_euros(float("nan"), lang="en") == "n/a"

    @pytest.mark.parametrize(
        ("value", "french", "english"),
        [
            ("2020-06-19", "19 juin 2020", "19 June 2020"),
            (date(2020, 5, 1), "1er mai 2020", "1 May 2020"),
            (pd.Timestamp("2020-12-31 23:59"), "31 décembre 2020", "31 December 2020"),
            ("2020-05-11T08:00:00", "11 mai 2020", "11 May 2020"),
            ("2020-03", "mars 2020", "March 2020"),
            ("2020", "2020", "2020"),
            (2020, "2020", "2020"),
            ("printemps 2020", "printemps 2020", "printemps 2020"),
            ("2020-15-40", "2020-15-40", "2020-15-40"),
            (pd.NaT, "n.\u00a0d.", "n/a"),
        ],
    )
    def test_dates(self, value, french, english):
        assert styles.format_date(value) == french
        assert styles.format_date(value, lang="en") == english
