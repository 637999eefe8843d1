"""What a plot must not let a reader believe: a name on the wrong disc, a path that is not there, a part for all."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from reseau_territorial import plots
from reseau_territorial.layouts import OUT_OF_REACH, place_actors
from reseau_territorial.metrics.expected import group_mixing
from reseau_territorial.network import Network
from reseau_territorial.outlines import outlines


def words(result) -> str:
    """Return all that is written: in the axes, then around them from the top down."""
    around = sorted(result.figure.texts, key=lambda text: -text.get_position()[1])
    return " ".join(text.get_text() for text in [*(text for ax in result.figure.axes for text in ax.texts), *around])


def crowd(groups: int, *, size: int = 40) -> Network:
    """Stars of many members, each in a group with a long name."""
    hubs = [f"h{group}" for group in range(groups)]
    members = [(f"m{group}-{k}", hub) for group, hub in enumerate(hubs) for k in range(size * (1 + group % 3))]
    ties = [*members, *((hub, hubs[0]) for hub in hubs[1:])]
    names = {hub: f"Communauté du pays numéro {hub}" for hub in hubs}
    actors = pd.DataFrame({"actor": [*hubs, *(member for member, _ in members)]})
    actors["territory"] = [names[hub] for hub in (*hubs, *(hub for _, hub in members))]
    return Network(pd.DataFrame(ties, columns=["source", "target"]), actors=actors)


def test_no_name_of_a_group_lies_on_the_disc_of_another():
    net = crowd(17)
    result = plots.plot(net, by="territory", labels=False, highlight=None)
    result.figure.canvas.draw()
    ax = max(result.figure.axes, key=lambda one: len(one.collections))
    frames = place_actors(net, by="territory").frames
    listed = dict(re.findall(r"(\d+)\u00a0(Communauté du pays numéro h\d+)\u00a0\(", words(result).replace("\n", " ")))
    named = {}
    for text in ax.texts:
        said = text.get_text().replace("\n", " ").partition("\u00a0(")[0]
        named[listed.get(said, said)] = text.get_window_extent()
    assert set(named) == set(frames.index)
    assert 0 < len(listed) < len(frames), "some names fit, some do not"
    for group, box in named.items():
        if group in listed.values():
            continue
        others = frames.drop(index=group)[["x", "y", "radius"]].to_numpy(float)
        middles = ax.transData.transform(others[:, :2])
        radii = ax.transData.transform(others[:, :2] + others[:, 2:] * (1, 0))[:, 0] - middles[:, 0]
        nearest = np.clip(middles, (box.x0, box.y0), (box.x1, box.y1))
        assert (np.hypot(*(nearest - middles).T) > radii - 1.5).all(), group


def test_names_of_a_small_map_keep_clear_of_its_ties():
    ties = pd.DataFrame({"source": ["Commune de Tours", "Préfecture"], "target": ["Préfecture", "Métropole"]})
    result = plots.plot(Network(ties))
    result.figure.canvas.draw()
    ax = max(result.figure.axes, key=lambda one: len(one.collections))
    xy = place_actors(Network(ties)).positions
    for row in ties.itertuples():
        ends = ax.transData.transform(xy.loc[[row.source, row.target]].to_numpy(float))
        along = ends[0] + np.linspace(0, 1, 500)[:, None] * (ends[1] - ends[0])
        for text in ax.texts:
            box = text.get_window_extent()
            within = (along > (box.x0, box.y0)) & (along < (box.x1, box.y1))
            assert not within.all(axis=1).any(), text.get_text()


def test_actors_that_no_path_leads_to_are_not_said_to_be_some_ties_away():
    ties = pd.DataFrame({"source": ["a", "a", "a", "x"], "target": ["b", "c", "d", "y"]})
    result = plots.plot(Network(ties), layout="rings")
    assert "3 acteurs sur 5 sont à 2 liens au plus de\u202f: a" in words(result)
    assert "aucun chemin (2)" in words(result)
    assert "à 2 liens (" not in words(result)
    assert place_actors(Network(ties), layout="rings").frames["actors"].to_dict() == {1: 3, OUT_OF_REACH: 2}


def test_a_matrix_of_many_groups_counts_those_that_it_does_not_draw():
    net = crowd(17, size=3)
    table = group_mixing(net, by="territory")
    inside = table["weight"][table.index.get_level_values("source") == table.index.get_level_values("target")].sum()
    assert inside < table["weight"].sum() == len(net.ties)
    result = plots.plot_mixing(net, by="territory")
    assert f"{int(inside)} liens sur {len(net.ties)} restent" in result.alt
    assert "3 groupes moins liés ne sont pas dessinés" in words(result)


def test_small_squares_of_a_matrix_keep_their_signs():
    result = plots.plot_mixing(crowd(14), by="territory")
    inset = result.draw(4.0, 4.0, 1.0, inset=True)
    signs = "".join(text.get_text() for ax in inset.axes for text in ax.texts)
    assert signs.count("▲") == sum(text.get_text().count("▲") for ax in result.figure.axes for text in ax.texts) > 0


@pytest.mark.parametrize("kind", ["chord", "sankey"])
def test_an_undirected_tie_beside_directed_ones_flows_half_each_way(kind):
    def drawn(source, target):
        ties = pd.DataFrame(
            {"source": [source, "a", "b"], "target": [target, "c", "c"], "layer": ["shared", "given", "given"]}
        )
        actors = pd.DataFrame({"actor": ["a", "b", "c"], "territory": ["x", "y", "z"]})
        layers = pd.DataFrame({"layer": ["shared", "given"], "directed": [False, True]})
        return plots.plot_flows(Network(ties, actors=actors, layers=layers), by="territory", kind=kind)

    one, other = drawn("a", "b"), drawn("b", "a")
    assert words(one) == words(other)
    assert one.alt == other.alt
    assert "compte pour moitié dans chaque sens" in words(one)


def test_a_map_overseas_names_its_own_projection():
    actors = pd.DataFrame({"actor": ["a", "b"], "longitude": [55.45, 55.5], "latitude": [-20.9, -21.1]})
    net = Network(pd.DataFrame({"source": ["a"], "target": ["b"]}), actors=actors)
    assert "Projection équirectangulaire (La Réunion)." in words(plots.plot_territory(net))
    assert "Lambert-93" not in words(plots.plot_territory(net))


def test_an_outline_over_which_actors_are_spread_is_whole():
    epci = "249740085"
    actors = pd.DataFrame({"actor": ["a", "b"], "epci": epci})
    net = Network(pd.DataFrame({"source": ["a"], "target": ["b"]}), actors=actors)
    ax = plots.plot_territory(net).figure.axes[-1]
    corners = np.concatenate(outlines("epci")[epci].rings)
    for limits, values in ((ax.get_xlim(), corners[:, 0]), (ax.get_ylim(), corners[:, 1])):
        assert limits[0] < values.min()
        assert values.max() < limits[1]
