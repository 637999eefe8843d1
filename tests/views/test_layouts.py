"""Positions: no overlap, same bytes everywhere, old actors stay, and as good as ForceAtlas2."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import shortest_path
from scipy.spatial import cKDTree

from networks import block_network
from reseau_territorial import samples
from reseau_territorial.errors import ReseauError, UnknownNameError
from reseau_territorial.layouts import LAYOUTS, keep_positions, place_actors
from reseau_territorial.layouts._areas import inside, spread_inside
from reseau_territorial.layouts._circles import smallest_circle
from reseau_territorial.layouts._discs import settle
from reseau_territorial.layouts._geographic import lambert93
from reseau_territorial.layouts._pairs import pairs_of
from reseau_territorial.layouts._partition import modularity
from reseau_territorial.network import Network
from reseau_territorial.outlines import outlines

HERE = Path(__file__).parent


def smallest_frame_gap(frames: pd.DataFrame) -> float:
    centres, radii = frames[["x", "y"]].to_numpy(float), frames["radius"].to_numpy(float)
    gaps = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1)) - radii[:, None] - radii[None]
    return float(gaps[~np.eye(len(radii), dtype=bool)].min())


def ring_of_towns(**columns) -> Network:
    ties = pd.DataFrame({"source": list("abcdef"), "target": list("bcdefa")})
    return Network(ties, actors=pd.DataFrame({"actor": list("abcdef"), **columns}).set_index("actor"))


class TestGroups:
    @pytest.mark.parametrize(("n", "groups"), [(60, 5), (400, 12), (600, 150), (700, 2)])
    def test_frames_never_overlap_and_hold_their_actors(self, n, groups):
        net = block_network(n, groups)
        placed = place_actors(net)
        assert placed.by == "territory"
        assert smallest_frame_gap(placed.frames) >= 20
        home = placed.frames.loc[net.actors["territory"]]
        away = np.hypot(*(placed.positions.to_numpy() - home[["x", "y"]].to_numpy()).T)
        assert (away <= home["radius"].to_numpy() - 40).all()
        assert placed.frames["actors"].sum() == n

    @given(sizes=st.lists(st.integers(1, 40), min_size=2, max_size=25), seed=st.integers(0, 5))
    def test_frames_of_any_sizes_never_overlap(self, sizes, seed):
        group = np.repeat(np.arange(len(sizes)), sizes)
        actors = pd.DataFrame({"actor": [f"{i}" for i in range(len(group))], "sector_of": [f"g{g}" for g in group]})
        ends = np.random.default_rng(seed).integers(0, len(group), (2 * len(group), 2))
        ends = ends[ends[:, 0] != ends[:, 1]].astype(str)
        net = Network(pd.DataFrame(ends, columns=["source", "target"]), actors=actors.set_index("actor"))
        assert smallest_frame_gap(place_actors(net, by="sector_of", seed=seed).frames) >= 20

    def test_actors_do_not_stand_on_one_another(self):
        xy = place_actors(block_network(800, 9)).positions.to_numpy()
        assert cKDTree(xy).query(xy, k=2)[0][:, 1].min() >= 35

    def test_tied_silos_are_nearer_than_others(self):
        chain = [(a, a + 1) for a in range(7)]
        ties = [(f"{g}-{i}", f"{g}-{(i + 1) % 5}") for g in range(8) for i in range(5)]
        ties += [(f"{a}-{i}", f"{b}-{i}") for a, b in chain for i in range(5)]
        actors = pd.DataFrame({"actor": [f"{g}-{i}" for g in range(8) for i in range(5)]})
        actors["territory"] = actors["actor"].str[0]
        net = Network(pd.DataFrame(ties, columns=["source", "target"]), actors=actors.set_index("actor"))
        centres = place_actors(net).frames[["x", "y"]].to_numpy(float)
        gaps = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1))
        linked = np.mean([gaps[a, b] for a, b in chain])
        assert linked < 0.75 * gaps[np.triu_indices(8, 2)].mean()

    def test_a_bridge_stands_on_the_side_of_its_other_silo(self):
        net = block_network(120, 2, inside=1.0, degree=4)
        first, last = net.actors.index[0], net.actors.index[-1]
        ties = pd.concat([net.ties[["source", "target"]], pd.DataFrame({"source": [first], "target": [last]})])
        placed = place_actors(Network(ties, actors=net.actors))
        here, there = placed.frames[["x", "y"]].to_numpy(float)
        towards = (placed.positions.loc[first].to_numpy() - here) @ (there - here)
        assert towards > 0.5 * np.linalg.norm(there - here) * 60

    def test_without_a_usable_column_there_is_one_group(self):
        placed = place_actors(ring_of_towns())
        assert placed.by is None
        assert placed.frames["actors"].tolist() == [6]

    def test_actors_without_group_share_one(self):
        placed = place_actors(ring_of_towns(territory=["x", "x", "y", "y", None, None]), by="territory")
        assert placed.frames["actors"].sum() == 6
        assert len(placed.frames) == 3


class TestFixed:
    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_kept_positions_never_move(self, layout):
        net = geographic_network()
        kept = keep_positions(net, place_actors(net, layout=layout))
        again = place_actors(kept, layout=layout, seed=7)
        assert again.positions.equals(place_actors(net, layout=layout).positions)
        assert again.frames.equals(place_actors(net, layout=layout).frames)

    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_new_actors_find_a_place_and_old_ones_stay(self, layout):
        net = geographic_network()
        old = place_actors(net, layout=layout)
        kept = keep_positions(net, old)
        new = pd.DataFrame({"actor": ["n1", "n2", "n3"], "territory": ["T001", "T001", "new"]}).set_index("actor")
        ties = pd.DataFrame({"source": ["n1", "n2", "n3"], "target": ["a00001", "a00002", "n1"]})
        grown = kept.replace(
            actors=pd.concat([kept.actors, new]),
            ties=pd.concat([kept.ties, ties.assign(layer="membership", weight=1.0)]),
        )
        placed = place_actors(grown, layout=layout)
        assert placed.positions.loc[net.actors.index].equals(old.positions)
        xy = placed.positions.to_numpy()
        assert len(np.unique(xy, axis=0)) == len(xy)
        if layout == "groups":
            assert placed.frames.loc[old.frames.index, ["x", "y", "radius"]].equals(old.frames[["x", "y", "radius"]])
            assert smallest_frame_gap(placed.frames) >= 20

    def test_positions_survive_the_file(self, tmp_path):
        from reseau_territorial.network import load

        net = block_network(50, 4)
        placed = place_actors(net)
        keep_positions(net, placed).save(tmp_path / "net.zip")
        assert place_actors(load(tmp_path / "net.zip"), seed=3).positions.equals(placed.positions)


class TestSameEverywhere:
    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_the_order_of_the_rows_does_not_matter(self, layout):
        net = geographic_network()
        ties = net.ties.sample(frac=1, random_state=1)
        flip = np.arange(len(ties)) % 2 == 0
        ties["source"], ties["target"] = (
            np.where(flip, ties["target"], ties["source"]),
            np.where(flip, ties["source"], ties["target"]),
        )
        mixed = Network(ties, actors=net.actors.sample(frac=1, random_state=2))
        first = place_actors(net, layout=layout).positions
        assert place_actors(mixed, layout=layout).positions.loc[first.index].equals(first)

    def test_the_seed_is_heard(self):
        net = block_network(300, 12)
        assert not place_actors(net, seed=1).positions.equals(place_actors(net, seed=2).positions)

    @pytest.mark.slow
    def test_same_bytes_in_other_processes_with_one_and_two_threads(self):
        code = (
            "import hashlib, sys; sys.path.insert(0, sys.argv[1]); from networks import block_network;"
            "from reseau_territorial.layouts import place_actors;"
            "net = block_network(900, 12);"
            "print(*[hashlib.sha256(place_actors(net, layout=name).positions.to_numpy().tobytes()).hexdigest()"
            " for name in ('groups', 'force')])"
        )
        prints = {
            subprocess.run(
                [sys.executable, "-c", code, str(HERE)],
                env={**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for threads in ("1", "2")
        }
        net = block_network(900, 12)
        here = [
            hashlib.sha256(place_actors(net, layout=name).positions.to_numpy().tobytes()).hexdigest()
            for name in ("groups", "force")
        ]
        assert prints == {" ".join(here) + "\n"}

    def test_the_global_generator_is_untouched(self):
        before = np.random.get_state()[1].copy()  # noqa: NPY002
        place_actors(block_network(60, 4))
        assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def geographic_network() -> Network:
    net = block_network(90, 5)
    rng = np.random.default_rng(3)
    actors = net.actors.assign(longitude=rng.uniform(0.1, 1.3, 90), latitude=rng.uniform(46.8, 47.7, 90))
    return net.replace(actors=actors)


class TestGeographic:
    def test_lambert_93_of_known_points(self):
        # The origin of the projection by definition; Paris (Notre-Dame) as published by IGN tools.
        degrees = np.array([3.0, 2.3499, 5.0, -4.0]), np.array([46.5, 48.8530, 43.3, 48.4])
        metres = lambert93(*degrees)
        assert metres[0] == pytest.approx([700_000, 6_600_000], abs=0.01)
        assert metres[1] == pytest.approx([652_307, 6_861_692], abs=60)

    def test_the_projection_is_conformal_and_scaled_near_one(self):
        lon, lat, step = np.array([0.7]), np.array([47.4]), 1e-4
        here = lambert93(lon, lat)[0]
        east = (lambert93(lon + step, lat)[0] - here) / np.radians(step)
        north = (lambert93(lon, lat + step)[0] - here) / np.radians(step)
        assert abs(east @ north) / (np.linalg.norm(east) * np.linalg.norm(north)) < 1e-5
        sine = (np.sqrt(0.0066943800229) * np.sin(np.radians(lat[0]))) ** 2
        meridian = 6378137 * (1 - 0.0066943800229) / (1 - sine) ** 1.5
        assert np.linalg.norm(north) / meridian == pytest.approx(1, abs=2e-3)

    def test_actors_stand_near_their_coordinates_and_apart(self):
        net = geographic_network()
        placed = place_actors(net, layout="geographic").positions.to_numpy()
        anchors = lambert93(net.actors["longitude"].to_numpy(), net.actors["latitude"].to_numpy())
        extent = np.sqrt(np.prod(np.ptp(anchors, axis=0)))
        assert np.median(np.hypot(*(placed - anchors).T)) < 0.04 * extent
        assert cKDTree(placed).query(placed, k=2)[0][:, 1].min() > 0.025 * extent

    def test_actors_of_one_town_fan_out(self):
        net = ring_of_towns(longitude=[0.69] * 5 + [0.9], latitude=[47.39] * 6)
        xy = place_actors(net, layout="geographic").positions.to_numpy()
        assert len(np.unique(xy, axis=0)) == 6

    def test_a_missing_place_is_borrowed_from_territory_parent_then_ties(self):
        net = ring_of_towns(
            longitude=[0.0, 2.0, None, None, None, None],
            latitude=[45.0, 48.0, None, None, None, None],
            territory=["t1", "t2", "t1", None, None, None],
            parent=[None, None, None, "b", None, None],
        )
        xy = place_actors(net, layout="geographic").positions
        near = [np.hypot(*(xy.loc[a] - xy.loc[b])) for a, b in (("a", "c"), ("b", "d"), ("a", "d"))]
        assert max(near[:2]) < 100_000 < near[2]
        assert xy.notna().all().all()

    def test_overseas_actors_stand_in_insets(self):
        net = ring_of_towns(longitude=[0.7, 2.3, 55.5, 55.6, -61.5, 3], latitude=[47.4, 48.8, -21.1, -20.9, 16.2, 50])
        placed = place_actors(net, layout="geographic")
        assert placed.frames.index.tolist() == ["Guadeloupe", "La Réunion"]
        assert placed.frames["actors"].tolist() == [1, 2]
        assert placed.positions["x"].loc["c"] < 340_000

    def test_without_any_coordinates_the_error_says_what_to_do(self):
        with pytest.raises(ReseauError, match='layout="groups"'):
            place_actors(ring_of_towns(), layout="geographic")


class TestOtherLayouts:
    def test_a_full_ring_takes_several_rows_between_its_neighbours(self):
        spokes = [f"s{number:03d}" for number in range(300)]
        ends = [f"e{number}" for number in range(3)]
        ties = pd.DataFrame({"source": ["hub"] * 300 + spokes[:3], "target": spokes + ends})
        placed = place_actors(Network(ties), layout="rings", center="hub")
        away = np.hypot(*(placed.positions - placed.positions.loc["hub"]).to_numpy(float).T)
        away = pd.Series(away, index=placed.positions.index)
        assert away[spokes].nunique() > 2
        assert away[spokes].max() < away[ends].min()
        assert away[spokes].max() < placed.frames.loc[1, "radius"] < away[ends].min()
        gaps = cKDTree(placed.positions.to_numpy(float)).query(placed.positions.to_numpy(float), k=2)[0][:, 1]
        assert gaps.min() > 25

    def test_rings_are_path_lengths(self):
        placed = place_actors(ring_of_towns(), layout="rings", center="c")
        away = np.hypot(*(placed.positions - placed.positions.loc["c"]).to_numpy().T)
        rank = pd.Series(away, index=placed.positions.index).round(-1)
        assert rank["c"] == 0
        assert rank["b"] == rank["d"] < rank["a"] == rank["e"] < rank["f"]
        assert placed.frames["actors"].tolist() == [2, 2, 1]

    def test_the_circle_is_one_and_keeps_groups_together(self):
        net = block_network(60, 4)
        xy = place_actors(net, layout="circle").positions.to_numpy(float)
        assert np.ptp(np.hypot(*xy.T)) < 2
        order = np.argsort(np.arctan2(xy[:, 1], xy[:, 0]))
        group = net.actors["territory"].to_numpy()[order]
        assert (group != np.roll(group, 1)).sum() == 4

    def test_loose_actors_stand_under_the_free_layout(self):
        net = ring_of_towns()
        alone = pd.DataFrame({"actor": ["loose 1", "loose 2"]}).set_index("actor")
        placed = place_actors(net.replace(actors=pd.concat([net.actors, alone])), layout="force").positions
        assert placed.loc[["loose 1", "loose 2"], "y"].max() < placed.iloc[:6]["y"].min()

    @pytest.mark.parametrize("layout", ["groups", "force", "circle", "rings"])
    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_tiny_networks(self, layout, count):
        net = Network(actors=pd.DataFrame({"actor": list("abc")[:count]}).set_index("actor"))
        xy = place_actors(net, layout=layout).positions
        assert len(xy.drop_duplicates()) == count

    def test_errors_name_what_exists(self):
        with pytest.raises(UnknownNameError, match="Did you mean 'groups'"):
            place_actors(ring_of_towns(), layout="group")
        with pytest.raises(UnknownNameError, match="no actor named 'z'"):
            place_actors(ring_of_towns(), layout="rings", center="z")
        with pytest.raises(UnknownNameError, match="Did you mean 'territory'"):
            place_actors(ring_of_towns(), by="teritory")
        with pytest.raises(ReseauError, match="no actor"):
            place_actors(Network())


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=30))
def test_the_smallest_circle_holds_all_and_touches_enough(points):
    xy = np.array(points, float)
    x, y, radius = smallest_circle(xy)
    away = np.hypot(xy[:, 0] - x, xy[:, 1] - y)
    assert away.max() == pytest.approx(radius, abs=1e-6)
    if radius > 0:
        # It is the smallest when the touching points are not all on one side of a line through the centre.
        touching = np.sort(np.arctan2(xy[:, 1] - y, xy[:, 0] - x)[away > radius - 1e-6])
        largest_gap = np.diff(np.append(touching, touching[0] + 2 * np.pi)).max()
        assert largest_gap <= np.pi + 1e-4


def quality(xy: np.ndarray, net: Network) -> tuple[float, float]:
    """Normalised stress (lower is better) and share of neighbours found among the nearest (higher)."""
    pairs = pairs_of(net, net.actors.index)
    paths = shortest_path(pairs.matrix, unweighted=True)
    known = np.isfinite(paths) & (paths > 0)
    gaps, paths = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))[known], paths[known]
    scale = (gaps / paths).sum() / ((gaps / paths) ** 2).sum()
    stress = ((scale * gaps / paths - 1) ** 2).mean()
    near = cKDTree(xy).query(xy, k=int(pairs.degree.max()) + 1)[1]
    shares = []
    for actor in np.flatnonzero(pairs.degree):
        tied = set(pairs.matrix[[actor]].indices)
        close = set([other for other in near[actor] if other != actor][: len(tied)])
        shares.append(len(tied & close) / len(tied | close))
    return float(stress), float(np.mean(shares))


@pytest.mark.parametrize(("n", "groups", "inside"), [(60, 5, 0.9), (150, 6, 0.8), (300, 12, 0.9)])
def test_the_free_layout_is_no_worse_than_forceatlas2(n, groups, inside):
    ours, theirs = [], []
    for seed in (0, 1, 2):
        net = block_network(n, groups, inside=inside, seed=seed)
        ours.append(quality(place_actors(net, layout="force").positions.to_numpy(float), net))
        peer = nx.forceatlas2_layout(nx.from_scipy_sparse_array(pairs_of(net, net.actors.index).matrix), seed=1)
        theirs.append(quality(np.array([peer[i] for i in range(n)]), net))
    stress, shared = np.mean(ours, axis=0)
    their_stress, their_shared = np.mean(theirs, axis=0)
    assert stress <= their_stress
    assert shared >= their_shared


@pytest.mark.slow
@pytest.mark.parametrize(("n", "groups", "seconds"), [(1000, 12, 2), (5000, 24, 5), (20_000, 200, 20)])
def test_layout_time(n, groups, seconds, processor_seconds):
    net = block_network(n, groups)
    placed = []
    assert processor_seconds(lambda: placed.append(place_actors(net)), most=seconds) <= seconds
    assert smallest_frame_gap(placed[-1].frames) >= 20


def test_discs_are_separated_the_same_wherever_they_stand():
    rng = np.random.default_rng(4)
    centres, radii = rng.normal(0, 20, (120, 2)), rng.uniform(5, 40, 120)
    here = settle(centres, radii, 4.0)
    gaps = np.hypot(*(here[:, None] - here[None]).transpose(2, 0, 1)) - radii[:, None] - radii[None]
    assert gaps[~np.eye(120, dtype=bool)].min() >= 4 - 1e-6
    far = np.array([700_000.0, 6_600_000.0])
    assert settle(centres + far, radii, 4.0) - far == pytest.approx(here, abs=1e-3)


class TestWithoutCoordinates:
    def test_territories_of_one_or_two_actors_make_no_frames(self):
        place = place_actors(samples.tours_masks())
        assert place.by == "sector"
        assert len(place.frames) == 4

    def test_the_default_groups_are_the_territories_that_hold_the_ties(self):
        net = block_network(240, 8, inside=0.95)
        cut = net.actors["territory"]
        actors = net.actors.assign(
            epci=cut,
            departement=np.where(cut < "T004", "37", "41"),
            territory=net.actors.index,
            sector=np.where(np.arange(len(cut)) % 2, "public", "private"),
        )
        assert place_actors(net.replace(actors=actors)).by == "epci"  # 8 groups hold more than chance; 2 hold less
        assert place_actors(net.replace(actors=actors.drop(columns=["epci", "departement"]))).by == "sector"

    def test_modularity_by_hand(self):
        # Two triangles joined by one tie: 6/7 of ties inside, degrees 7 and 7 of 14 (Newman & Girvan 2004).
        ends = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "e"), ("e", "f"), ("f", "d"), ("c", "d")]
        net = Network(pd.DataFrame(ends, columns=["source", "target"]))
        pairs = pairs_of(net, net.actors.index)
        assert modularity(pairs, np.array([0, 0, 0, 1, 1, 1])) == pytest.approx(6 / 7 - 0.5)
        assert modularity(pairs, np.array([0] * 6)) == pytest.approx(0)

    @pytest.mark.parametrize("count", [1, 2, 7, 300])
    def test_points_lie_inside_and_apart(self, count):
        square = np.array([[0, 0], [1000, 0], [1000, 1000], [0, 1000], [0, 0]])
        hole = np.array([[300, 300], [300, 700], [700, 700], [700, 300], [300, 300]])
        points = spread_inside([square, hole] if count > 1 else [square], count)
        assert points.shape == (count, 2)
        assert ((points > 0) & (points < 1000)).all()
        if count > 1:
            assert not ((points > 300) & (points < 700)).all(axis=1).any()
            assert cKDTree(points).query(points, k=2)[0][:, 1].min() > 0.5 * np.sqrt(840_000 / count)

    def test_communes_are_spread_over_their_epci_and_the_epci_is_in_the_middle(self):
        known = outlines("epci", codes=["243700754"])
        codes = [f"37{number:03}" for number in range(20)]
        actors = pd.DataFrame(
            {
                "actor": [*codes, "243700754"],
                "siren": [None] * 20 + ["243700754"],
                "insee": [*codes, None],
                "epci": "243700754",
            }
        )
        ties = pd.DataFrame({"source": codes, "target": "243700754"})
        placed = place_actors(Network(ties, actors=actors), layout="geographic", places=known).positions
        assert inside(placed.to_numpy(float), known["243700754"].rings).all()
        away = np.hypot(*(placed - placed.mean()).to_numpy().T)
        assert away[placed.index.get_loc("243700754")] <= np.sort(away)[2]  # then all are pushed a little apart


def test_a_disc_per_actor_is_refused_with_advice() -> None:
    names = [f"a{number}" for number in range(3001)]
    actors = pd.DataFrame({"actor": names, "place": names})
    with pytest.raises(ReseauError, match="3,001 groups of 3,001 actors.*Choose a broader column"):
        place_actors(Network(actors=actors), by="place")
