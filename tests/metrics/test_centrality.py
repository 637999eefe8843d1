"""Centralities: values worked by hand, published figures, traps, properties, agreement with igraph."""

from __future__ import annotations

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from path_cases import Floats, matrices, network

import reseau_territorial as rt
from reseau_territorial.errors import ReseauError, UnknownNameError
from reseau_territorial.metrics.centrality import (
    betweenness,
    centralization,
    closeness,
    core_periphery,
    coreness,
    degree,
    eigenvector,
    harmonic,
    hits,
    in_degree,
    katz,
    out_degree,
    pagerank,
    strength,
)

KITE = "AB AC AD AF BD BE BG CD CF DE DF DG EG FG FH GH HI IJ"
PATHS = (betweenness, closeness, harmonic)
ALL = (degree, strength, *PATHS, eigenvector, pagerank, coreness, katz)


def pairs(text: str, *, directed: bool = False, **columns: object) -> rt.Network:
    words = text.split()
    ties = pd.DataFrame({"source": [word[0] for word in words], "target": [word[1] for word in words], **columns})
    return rt.Network(ties, directed=directed)


@pytest.fixture
def kite() -> rt.Network:
    """Krackhardt's kite (1990)."""
    return pairs(KITE)


def graph(matrix: Floats, *, directed: bool) -> igraph.Graph:
    return igraph.Graph.Weighted_Adjacency(matrix.tolist(), mode="directed" if directed else "undirected")


# Values by hand and published ---------------------------------------------------------------------------------


def test_the_kite_has_the_published_leaders(kite: rt.Network) -> None:
    assert degree(kite).idxmax() == "D"
    assert degree(kite)["D"] == 6
    assert betweenness(kite)["H"] == pytest.approx(14)
    assert betweenness(kite, normalized=True)["H"] == pytest.approx(14 / 36)
    assert closeness(kite)[["F", "G"]].to_list() == pytest.approx([9 / 14, 9 / 14])


def test_florentine_marriages_have_the_published_betweenness() -> None:
    families = nx.florentine_families_graph()
    ties = pd.DataFrame(list(families.edges), columns=["source", "target"])
    found = betweenness(rt.Network(ties), normalized=True).round(3)
    # Wasserman & Faust (1994), with Pucci left out.
    assert found[["Medici", "Guadagni", "Strozzi"]].to_list() == [0.522, 0.255, 0.103]


def test_weighted_karate_is_177_where_networkx_with_float_lengths_is_178() -> None:
    karate = nx.karate_club_graph()
    ties = pd.DataFrame([(str(a), str(b), w) for a, b, w in karate.edges(data="weight")], columns=[*"st", "weight"])
    found = betweenness(rt.Network(ties.rename(columns={"s": "source", "t": "target"})))
    exact = graph(nx.to_numpy_array(karate), directed=False)
    expected = exact.betweenness(weights=[1 / weight for weight in exact.es["weight"]])
    np.testing.assert_allclose(found[[str(place) for place in karate]], expected, rtol=1e-9)
    assert found["2"] == pytest.approx(177, abs=0.5)


def test_degrees_of_a_small_directed_network() -> None:
    net = pairs("ab ba ac", directed=True, weight=[2.0, 3.0, 4.0])
    assert degree(net).to_dict() == {"a": 3, "b": 2, "c": 1}
    assert out_degree(net).to_dict() == {"a": 2, "b": 1, "c": 0}
    assert in_degree(net).to_dict() == {"a": 1, "b": 1, "c": 1}
    assert strength(net).to_dict() == {"a": 9, "b": 5, "c": 4}
    assert strength(net, direction="out").to_dict() == {"a": 6, "b": 3, "c": 0}
    assert strength(net, direction="in").to_dict() == {"a": 3, "b": 2, "c": 4}


def test_directed_closeness_follows_the_direction_asked_for() -> None:
    net = pairs("ab bc", directed=True)
    assert closeness(net).to_dict() == pytest.approx({"a": 2 / 3, "b": 0.5, "c": 0})
    assert closeness(net, direction="in").to_dict() == pytest.approx({"a": 0, "b": 0.5, "c": 2 / 3})
    assert closeness(net, direction="all").to_dict() == pytest.approx({"a": 2 / 3, "b": 1, "c": 2 / 3})
    assert harmonic(net).to_dict() == pytest.approx({"a": 1.5, "b": 1, "c": 0})


def test_a_detached_fragment_is_not_the_most_central() -> None:
    net = pairs("ab bc cd de ef xy")
    assert closeness(net).idxmax() in "cd"
    assert closeness(net, variant="reachable").max() == closeness(net, variant="reachable")["x"] == 1
    assert (closeness(net, variant="freeman") == 0).all()


def test_a_weak_tie_is_long() -> None:
    net = pairs("ab bc ac", weight=[4.0, 4.0, 1.0])
    assert betweenness(net)["b"] == 1  # two ties of length 1/4 beat one of length 1
    assert betweenness(net, weight=None)["b"] == 0
    assert closeness(net)["a"] == pytest.approx(2 / (0.25 + 0.5))


# Traps ---------------------------------------------------------------------------------------------------------


def test_isolates_have_zero_where_it_is_defined_and_nan_where_it_is_not() -> None:
    actors = pd.DataFrame({"actor": ["a", "b", "alone"]})
    net = rt.Network(pd.DataFrame({"source": ["a"], "target": ["b"]}), actors=actors)
    for metric in (degree, strength, betweenness, closeness, harmonic, coreness, eigenvector):
        assert metric(net)["alone"] == 0, metric.__name__
    assert np.isnan(closeness(net, variant="reachable")["alone"])
    assert closeness(net)["a"] == 0.5
    assert pagerank(net).sum() == pytest.approx(1)
    assert katz(net)["alone"] == 1


def test_parallel_ties_count_once_and_their_weights_add_up() -> None:
    net = pairs("ab ba ab bc", weight=[1.0, 1.0, 1.0, 1.0])
    assert degree(net).to_dict() == {"a": 1, "b": 2, "c": 1}
    assert strength(net).to_dict() == {"a": 3, "b": 4, "c": 1}
    assert closeness(net)["a"] == pytest.approx(2 / (1 / 3 + 4 / 3))
    assert closeness(net, weight=None)["a"] == pytest.approx(2 / 3)


def test_a_tie_of_weight_zero_is_counted_but_carries_no_path() -> None:
    net = pairs("ab bc", weight=[1.0, 0.0])
    assert degree(net)["c"] == 1
    assert betweenness(net)["b"] == 0
    assert betweenness(net, weight=None)["b"] == 1
    assert closeness(net)["c"] == 0


def test_absent_and_unknown_ties_do_not_count() -> None:
    net = pairs("ab bc cd", status=["present", "absent", "unknown"])
    assert degree(net).to_dict() == {"a": 1, "b": 1, "c": 0, "d": 0}


def test_an_actor_absent_from_a_layer_has_no_row_there() -> None:
    net = pairs("ab bc", layer=["masks", "funding"])
    found = degree(net, per="layer")
    assert found.loc[("b", "masks")] == 1
    assert ("c", "masks") not in found.index
    assert found.index.names == ["actor", "layer"]


def test_an_undirected_tie_beside_directed_ones_is_a_tie_both_ways() -> None:
    ties = pd.DataFrame({"source": [*"aab"], "target": [*"bcc"], "layer": ["funding", "masks", "masks"]})
    layers = pd.DataFrame({"layer": ["funding", "masks"], "directed": [True, False]})
    net = rt.Network(ties, layers=layers)
    assert degree(net).to_dict() == {"a": 3, "b": 3, "c": 4}
    assert out_degree(net).to_dict() == {"a": 2, "b": 1, "c": 2}
    assert strength(net).to_dict() == {"a": 3, "b": 3, "c": 4}
    assert coreness(net).to_dict() == {"a": 3, "b": 3, "c": 3}
    assert degree(net, layer="masks").to_dict() == {"a": 1, "b": 1, "c": 2}


def test_a_network_without_ties() -> None:
    net = rt.Network(actors=pd.DataFrame({"actor": ["a", "b"]}))
    assert betweenness(net).to_list() == [0, 0]
    assert closeness(net).to_list() == [0, 0]
    assert eigenvector(net).isna().all()
    assert pagerank(net).to_list() == [0.5, 0.5]
    assert coreness(net).to_list() == [0, 0]


def test_two_equal_components_share_the_eigenvector() -> None:
    found = eigenvector(pairs("ab bc ca xy yz zx pq"))
    assert found[[*"abcxyz"]].to_list() == pytest.approx([6**-0.5] * 6)
    assert found["p"] == 0


def test_an_acyclic_network_has_no_eigenvector_centrality() -> None:
    assert eigenvector(pairs("ab bc", directed=True)).isna().all()


def test_hubs_and_authorities_solve_their_equations() -> None:
    matrix = np.array([[0, 2, 1, 0], [0, 0, 3, 1], [1, 0, 0, 0], [0, 0, 0, 0]], dtype=float)
    found = hits(network(matrix, directed=True), scale="norm")
    hub, authority = found["hub"].to_numpy(), found["authority"].to_numpy()
    size = np.linalg.norm(matrix, 2)
    np.testing.assert_allclose(matrix.T @ hub, size * authority, atol=1e-12)
    np.testing.assert_allclose(matrix @ authority, size * hub, atol=1e-12)
    hubs, authorities = nx.hits(nx.DiGraph(matrix), tol=1e-14)
    summed = hits(network(matrix, directed=True), scale="sum")
    np.testing.assert_allclose(summed["hub"], list(hubs.values()), atol=1e-9)
    np.testing.assert_allclose(summed["authority"], list(authorities.values()), atol=1e-9)
    assert hits(network(np.zeros((2, 2)), directed=True)).isna().all(axis=None)


def test_equal_directed_components_share_the_eigenvector() -> None:
    found = eigenvector(pairs("ab bc ca xy yz zx pq", directed=True))
    assert found[[*"abcxyz"]].to_list() == pytest.approx([6**-0.5] * 6)
    assert found[[*"pq"]].to_list() == [0, 0]


def test_a_misspelt_choice_offers_the_nearest(kite: rt.Network) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'out'"):
        degree(kite, direction="ou")  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="reachable"):
        closeness(kite, variant="reachabel")  # type: ignore[arg-type]


def test_katz_that_does_not_converge_says_below_what(kite: rt.Network) -> None:
    with pytest.raises(ReseauError, match=r"converge below 0\.2"):
        katz(kite, alpha=0.5)
    assert katz(kite).attrs["alpha"] > 0


# Other libraries ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("directed", [False, True])
@given(data=st.data())
def test_igraph_agrees(directed: bool, data: st.DataObject) -> None:
    matrix = data.draw(matrices(directed=directed, weights=(1.0, 2.0, 5.0)))
    net, other = network(matrix, directed=directed), graph(matrix, directed=directed)
    weights = other.es["weight"] if other.ecount() else None
    lengths = [1 / weight for weight in weights] if weights else None
    cases = {
        "betweenness": (betweenness(net), other.betweenness(directed=directed, weights=lengths)),
        "harmonic": (harmonic(net), other.harmonic_centrality(mode="out", weights=lengths, normalized=False)),
        "reachable": (closeness(net, variant="reachable"), other.closeness(mode="out", weights=lengths)),
        "pagerank": (pagerank(net), other.pagerank(weights=weights, directed=directed)),
        "coreness": (coreness(net), other.coreness(mode="all")),
        "degree": (degree(net), other.degree(mode="all")),
    }
    for name, (ours, theirs) in cases.items():
        np.testing.assert_allclose(ours, np.array(theirs, dtype=float), rtol=1e-9, atol=1e-9, err_msg=name)


@given(matrix=matrices(directed=False, weights=(1.0, 2.0)))
def test_katz_and_eigenvector_solve_their_equations(matrix: Floats) -> None:
    net = network(matrix, directed=False)
    alpha = katz(net).attrs["alpha"]
    walks = katz(net).to_numpy()
    np.testing.assert_allclose(walks, alpha * matrix.T @ walks + 1, rtol=1e-9)
    vector = eigenvector(net).to_numpy()
    if matrix.any():
        np.testing.assert_allclose(matrix @ vector, np.linalg.eigvalsh(matrix)[-1] * vector, atol=1e-8)


@given(matrix=matrices(directed=True, weights=(1.0, 2.0)))
def test_directed_eigenvector_solves_its_equation(matrix: Floats) -> None:
    vector = eigenvector(network(matrix, directed=True)).to_numpy()
    largest = np.abs(np.linalg.eigvals(matrix)).max()
    if np.isfinite(vector).all():
        np.testing.assert_allclose(matrix.T @ vector, largest * vector, atol=1e-6)


# Properties -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", ALL)
@given(matrix=matrices(directed=False, weights=(1.0, 2.0)), seed=st.integers(0, 999))
def test_order_of_rows_ends_and_actors_changes_nothing(metric: object, matrix: Floats, seed: int) -> None:
    net = network(matrix, directed=False)
    rng = np.random.default_rng(seed)
    ties = net.ties.sample(frac=1, random_state=seed)
    turned = rng.random(len(ties)) < 0.5
    ends = ties[["source", "target"]].to_numpy()
    ends[turned] = ends[turned][:, ::-1]
    ties[["source", "target"]] = ends
    other = rt.Network(ties, actors=net.actors.sample(frac=1, random_state=seed))
    pd.testing.assert_series_equal(metric(net), metric(other).reindex(net.actors.index), rtol=1e-9, atol=1e-9)  # type: ignore[operator]


@given(matrix=matrices(directed=True, weights=(0.3, 0.7)), factor=st.floats(0.01, 100))
def test_scaling_weights_scales_paths(matrix: Floats, factor: float) -> None:
    net, scaled = network(matrix, directed=True), network(matrix * factor, directed=True)
    np.testing.assert_allclose(betweenness(scaled), betweenness(net), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(harmonic(scaled), factor * harmonic(net), rtol=1e-9)


@given(matrix=matrices(directed=False))
def test_an_undirected_tie_is_two_directed_ones(matrix: Floats) -> None:
    one, two = network(matrix, directed=False), network(matrix, directed=True)
    np.testing.assert_allclose(2 * betweenness(one), betweenness(two), atol=1e-9)
    np.testing.assert_allclose(closeness(one), closeness(two))
    np.testing.assert_allclose(pagerank(one), pagerank(two), atol=1e-12)


@given(matrix=matrices(directed=False))
def test_betweenness_sums_to_the_inner_stops_of_all_pairs(matrix: Floats) -> None:
    net = network(matrix, directed=False)
    distance = np.array(graph(matrix, directed=False).distances(), dtype=float)
    inner = np.where(np.isfinite(distance) & (distance > 0), distance - 1, 0).sum() / 2
    assert betweenness(net).sum() == pytest.approx(inner)


# Centralization, core and periphery -------------------------------------------------------------------------------


@pytest.mark.parametrize("of", ["degree", "betweenness", "closeness"])
def test_a_star_is_fully_centralized_and_a_ring_not_at_all(of: str) -> None:
    assert centralization(pairs("ab ac ad ae"), of=of) == pytest.approx(1)  # type: ignore[arg-type]
    assert centralization(pairs("ab bc cd da"), of=of) == pytest.approx(0)  # type: ignore[arg-type]
    assert np.isnan(centralization(pairs("ab"), of=of))  # type: ignore[arg-type]


def test_a_directed_star_is_fully_centralized() -> None:
    star = pairs("ab ac ad ae", directed=True)
    assert centralization(star, direction="out") == pytest.approx(1)
    assert centralization(star, of="closeness") == pytest.approx(1)


def test_the_ideal_core_is_found() -> None:
    net = pairs("ab ac bc ad be cf af bd ce ae bf cd")
    division = core_periphery(net)
    assert division[division == 1].index.to_list() == [*"abc"]
    assert division.attrs["correlation"] == pytest.approx(1)
    assert core_periphery(pairs("ab bc ca")).isna().all()


@given(matrix=matrices(directed=False, largest=3))
def test_the_fit_of_a_core_is_the_correlation_with_its_pattern(matrix: Floats) -> None:
    division = core_periphery(network(matrix, directed=False))
    if division.isna().any():
        return
    core = division.to_numpy() == 1
    upper = np.triu_indices(len(matrix), 1)
    pattern = (core[:, None] | core[None, :])[upper]
    assert division.attrs["correlation"] == pytest.approx(np.corrcoef(matrix[upper], pattern)[0, 1])


# Approximation ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large() -> rt.Network:
    ties = pd.DataFrame(nx.barabasi_albert_graph(400, 3, seed=1).edges, columns=["source", "target"]).astype(str)
    return rt.Network(ties)


def test_sampled_betweenness_stays_within_its_bound_and_can_be_replayed(large: rt.Network) -> None:
    exact = betweenness(large, normalized=True)
    near = betweenness(large, normalized=True, approximate=150)
    assert near.attrs["sampled_actors"] == 150
    assert 0 < np.abs(near - exact).max() < near.attrs["error_bound"]
    pd.testing.assert_series_equal(near, betweenness(large, normalized=True, approximate=150))
    assert not near.equals(betweenness(large, normalized=True, approximate=150, seed=1))


def test_sampled_closeness_stays_near(large: rt.Network) -> None:
    exact, near = closeness(large), closeness(large, approximate=150)
    assert np.abs(1 / near - 1 / exact).max() < near.attrs["error_bound"] * 400 / 399
    assert near.corr(exact) > 0.98


def test_a_large_enough_sample_is_exact(large: rt.Network) -> None:
    assert betweenness(large, approximate=0.001).attrs["error_bound"] == 0
    pd.testing.assert_series_equal(betweenness(large, approximate=400), betweenness(large), check_flags=False)


def test_a_senseless_sample_is_refused(large: rt.Network) -> None:
    with pytest.raises(ReseauError, match="neither a number of actors nor an error"):
        betweenness(large, approximate=-1)
    with pytest.raises(ReseauError, match="approximate=2.5"):
        closeness(large, approximate=2.5)


def test_hubs_of_undirected_ties_are_their_eigenvector_in_two_modes_too() -> None:
    """A star: by hand the hub has the root of 3 times the value of a leaf, though each mode alone would do for A A'."""
    star = pairs("ha hb hc")
    found = hits(star)
    assert found["hub"].to_dict() == pytest.approx({"h": 1, "a": 3**-0.5, "b": 3**-0.5, "c": 3**-0.5})
    assert found["hub"].equals(found["authority"].rename("hub"))
    np.testing.assert_allclose(found["hub"], eigenvector(star, scale="max"))
