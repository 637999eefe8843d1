"""Every public measure through every trap that network software falls into: one test per trap, all measures in each."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import reseau_territorial as rt

Measure = Callable[[rt.Network], Any]

BY = {"by": "sector"}
BOTH = {"layer": ["masks", "funding"]}


def plain(name: str, **options: Any) -> Measure:
    return lambda net: getattr(rt, name)(net, **options)


MEASURES: dict[str, Measure] = {
    name: plain(name)
    for name in """
    degree in_degree out_degree strength betweenness closeness harmonic eigenvector katz pagerank hits coreness
    centralization constraint effective_size efficiency hierarchy bridging_centrality bridgeness everett_valente
    valente_fujimoto articulation_actors tie_bridges broker_profile density reciprocity transitivity clustering
    krackhardt triad_census clique_overlap global_efficiency efficiency_vitality
    stress load_betweenness flow_betweenness current_flow_betweenness information
    overlapping_degree overlapping_strength multiplex_participation tie_overlap layer_relevance exclusive_neighbours
    connective_redundancy multilayer_clustering interdependence versatility layer_similarity
    turnover access_distance coverage contacts duplicates continuity coordination_gap
    competence_overlap nestedness expected_loss
    """.split()
}
MEASURES |= {
    name: plain(name, **BY)
    for name in """
    participation within_group_z cartographic_roles cross_betweenness bridge_strength bridge_closeness brokerage
    network_brokerage cross_layer_brokerage silo group_silo network_silo group_mixing silo_test layer_silos
    silo_contributions coleman
    freeman assortativity gupta_anderson_may odds_ratio_within inbreeding segregation_matrix_index modularity
    conductance group_cuts diversity multislice_modularity
    """.split()
}
MEASURES |= {
    "core_periphery": lambda net: rt.core_periphery(net).attrs["correlation"],
    "autocorrelation": plain("autocorrelation", of="staff"),
    "spectral_segregation": plain("spectral_segregation", symmetrize="sum", **BY),
    "group_spectral_segregation": plain("group_spectral_segregation", symmetrize="sum", **BY),
    "two_mode_constraint": plain("two_mode_constraint", layer="forums"),
    "two_mode_brokerage": plain("two_mode_brokerage", layer="forums", **BY),
    "supra_adjacency": lambda net: rt.supra_adjacency(net).to_frame().stack(["actor", "layer"]),
    "reducibility": lambda net: rt.reducibility(net, **BOTH)["quality"],
    "communities": lambda net: rt.communities(net, runs=3).attrs["modularity"],
    "retention": plain("retention", before="before", after="after"),
    "formalisation": plain("formalisation", before="before", after="after"),
    "persistence": lambda net: rt.persistence(net, before="before", crisis="crisis", after="after"),
    "newcomers": plain("newcomers", before="before", after="after"),
    "survival": plain("survival"),
}
PARAMETERS = {name: inspect.signature(getattr(rt, name)).parameters for name in MEASURES}
# Read the periods or the provision, not the ties of a selection.
OF_TABLES = {
    "turnover", "newcomers", "retention", "formalisation", "persistence", "survival", "duplicates", "coordination_gap",
    "competence_overlap", "nestedness",
}  # fmt: skip
GROUPED = sorted(name for name in set(MEASURES) - OF_TABLES if "by" in PARAMETERS[name])
OF_GROUPS = {
    "group_silo", "coleman", "segregation_matrix_index", "conductance", "group_cuts", "silo_contributions",
    "group_spectral_segregation",
}  # fmt: skip
OF_PAIRS = {"tie_bridges", "coordination_gap", "competence_overlap"}
SPECTRAL = {"spectral_segregation", "group_spectral_segregation"}
# Say something of each layer: merging the layers changes what is asked.
OF_LAYERS = {
    "overlapping_degree", "overlapping_strength", "multiplex_participation", "tie_overlap", "layer_relevance",
    "exclusive_neighbours", "connective_redundancy", "multilayer_clustering", "interdependence", "versatility",
    "layer_similarity", "supra_adjacency", "reducibility", "communities", "multislice_modularity", "silo_contributions",
    "layer_silos",
    "cross_layer_brokerage", "two_mode_constraint", "two_mode_brokerage",
}  # fmt: skip

SECTORS = {"a": "public", "b": "public", "c": "civil", "d": "civil", "e": "private", "f": "public", "g": "civil"}
ROWS = [
    # masks, undirected: a triangle and a tail; funding, directed: one mutual pair, one that only enters d.
    ("a", "b", "masks", "before", 1.0), ("b", "c", "masks", "crisis", 2.0), ("c", "a", "masks", "after", 1 / 3),
    ("c", "d", "masks", "before", 0.1), ("a", "b", "masks", "crisis", 0.5),
    ("a", "e", "funding", "before", 3.0), ("e", "a", "funding", "after", 1.0), ("b", "d", "funding", "crisis", 0.7),
    # forums, undirected, two-mode.
    ("a", "f", "forums", "before", 1.0), ("b", "f", "forums", "before", 1.0), ("b", "g", "forums", "after", 2.0),
    ("e", "g", "forums", "after", 1.0),
]  # fmt: skip
COLUMNS = ["source", "target", "layer", "period", "weight"]
PERIOD = pd.CategoricalDtype(["before", "crisis", "after"], ordered=True)


def make(
    rows: list[tuple[Any, ...]], *, sectors: dict[str, str | None] | None = None, isolates: str = "z", **tables: Any
) -> rt.Network:
    sectors = {**(SECTORS if sectors is None else sectors), **dict.fromkeys(isolates, "public")}
    actors = pd.DataFrame({"actor": list(sectors), "sector": pd.Series(list(sectors.values()), dtype="object")})
    actors["staff"] = np.arange(len(actors), dtype=float) ** 2
    layers = pd.DataFrame({"layer": ["masks", "funding", "forums"], "directed": [False, True, False]})
    answers = [("a", "masks"), ("c", "masks"), ("d", "aid")]
    provision = pd.DataFrame([one for one in answers if one[0] in sectors], columns=["actor", "need"])
    provision = provision.assign(territory="37", role="provider")
    ties = pd.DataFrame(rows, columns=COLUMNS).astype({"period": PERIOD})
    given: dict[str, Any] = {"actors": actors, "layers": layers, "provision": provision} | tables
    return rt.Network(ties, **given)


BASE = make(ROWS)


def tidy(found: Any) -> pd.DataFrame:
    """Return any result as numbers in an order of its own."""
    frame = found if isinstance(found, pd.DataFrame) else pd.Series(found).to_frame("value")
    frame = frame.sort_index(axis=1)
    if all(name is not None for name in frame.index.names) and frame.index.is_unique:
        frame = frame.sort_index()
    return frame


def assert_same(name: str, one: Any, two: Any) -> None:
    pd.testing.assert_frame_equal(
        tidy(one), tidy(two), check_dtype=False, check_index_type=False, check_column_type=False, rtol=1e-9, atol=1e-9,
        obj=name,
    )  # fmt: skip


def test_every_public_measure_is_here() -> None:
    stub = Path(rt.__file__).with_name("__init__.pyi").read_text(encoding="utf-8")
    public = {
        alias.name
        for statement in ast.parse(stub).body
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("metrics.")
        for alias in statement.names
    }
    assert set(MEASURES) == public - {"measure"}


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_order_of_rows_and_columns_and_ends_changes_nothing(name: str) -> None:
    kept = (
        {"funding", "forums"} if name == "two_mode_brokerage" else {"funding"}
    )  # in two modes, the end tells the mode
    turned = [row if row[2] in kept else (row[1], row[0], *row[2:]) for row in ROWS]
    other = make(list(reversed(turned)))
    other = other.replace(
        ties=other.ties[["weight", "period", "target", "layer", "source"]],
        actors=other.actors.iloc[::-1][["staff", "sector"]],
        layers=other.layers.iloc[[0, 2, 1]],
    )
    found = MEASURES[name](other)
    if name in OF_PAIRS:  # which of the two is named first follows the table of actors
        found.index = pd.MultiIndex.from_tuples([tuple(sorted(pair)) for pair in found.index], names=found.index.names)
    assert_same(name, MEASURES[name](BASE), found)


@pytest.mark.parametrize("name", sorted(set(MEASURES) - OF_TABLES))
def test_a_tie_in_two_parallel_parts_is_one_tie(name: str) -> None:
    parts = [(*rest, weight * share) for *rest, weight in ROWS for share in (0.25, 0.75)]
    assert_same(name, MEASURES[name](BASE), MEASURES[name](make(parts)))


@pytest.mark.parametrize("name", sorted(set(MEASURES) - OF_TABLES - OF_LAYERS))
def test_an_undirected_layer_beside_a_directed_one_reads_both_ways(name: str) -> None:
    undated = make([(*row[:3], None, row[4]) for row in ROWS])
    assert_same(name, MEASURES[name](undated), MEASURES[name](undated.collapse("layer")))


@pytest.mark.parametrize("name", GROUPED)
def test_names_of_groups_change_nothing(name: str) -> None:
    names = {"public": "1", "civil": "2", "private": "3"}  # the order of the groups is turned round
    other = make(ROWS, sectors={actor: names[sector] for actor, sector in SECTORS.items()})
    other = other.replace(actors=other.actors.replace({"sector": {"public": "1"}}))
    back = {new: old for old, new in names.items()}
    one, two = tidy(MEASURES[name](BASE)), tidy(MEASURES[name](other))
    if name in OF_GROUPS:
        level = two.index.names[0]
        two = tidy(two.rename(index=back, level=level) if two.index.nlevels > 1 else two.rename(index=back))
        assert_same(name, one, two)
    elif name == "group_mixing":
        np.testing.assert_allclose(np.sort(one["zscore"]), np.sort(two["zscore"]), atol=1e-9)
    else:
        assert_same(name, one, two)


@pytest.mark.parametrize("name", GROUPED)
def test_a_missing_group_is_an_error_until_told_what_to_do(name: str) -> None:
    net = make(ROWS, sectors={**SECTORS, "e": None})
    with pytest.raises(rt.ReseauError, match=r"1 of \d+ actors have no 'sector': 'e'"):
        MEASURES[name](net)
    options: dict[str, Any] = {**BY, "missing": "drop"}
    options |= {"symmetrize": "sum"} if name in SPECTRAL else {}
    options |= {"layer": "forums"} if name == "two_mode_brokerage" else {}
    dropped = tidy(getattr(rt, name)(net, **options))
    if name in {"cross_betweenness", "bridge_closeness", "multislice_modularity"}:
        return  # paths may pass an actor without a group, and its replicas are coupled
    rows = [row for row in ROWS if "e" not in row[:2]]
    without = MEASURES[name](make(rows, sectors={actor: SECTORS[actor] for actor in SECTORS if actor != "e"}))
    one = dropped.drop(index="e") if "e" in dropped.index else dropped
    if name == "silo_contributions":
        one, without = one[["silo"]], without[["silo"]]
    assert_same(name, one, without)


@pytest.mark.parametrize("name", GROUPED)
def test_groups_of_one_and_one_group_give_a_number_or_say_that_there_is_none(name: str) -> None:
    for sectors in ({actor: actor for actor in SECTORS}, dict.fromkeys(SECTORS, "public")):
        found = tidy(MEASURES[name](make(ROWS, sectors=sectors)))
        numbers = found.select_dtypes("number").to_numpy(dtype=float)
        allowed = name in {"odds_ratio_within", "inbreeding"}
        assert len(found) > 0
        assert allowed or not np.isinf(numbers).any()


# What an isolate has: a number where the measure is defined there.
ISOLATE = {
    "degree": 0, "in_degree": 0, "out_degree": 0, "strength": 0, "betweenness": 0, "closeness": 0, "harmonic": 0,
    "eigenvector": 0, "katz": 1, "coreness": 0, "constraint": None, "effective_size": None, "efficiency": None,
    "hierarchy": None, "participation": None, "bridging_centrality": None, "bridgeness": 0, "everett_valente": 0,
    "valente_fujimoto": None, "clustering": None, "stress": 0, "load_betweenness": 0, "flow_betweenness": 0,
    "current_flow_betweenness": 0, "information": None, "cross_betweenness": 0, "bridge_strength": 0,
    "bridge_closeness": None, "silo": None, "diversity": None, "spectral_segregation": 0, "overlapping_degree": 0,
    "overlapping_strength": 0, "multiplex_participation": 0, "connective_redundancy": None,
    "multilayer_clustering": None, "interdependence": None, "efficiency_vitality": 0,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ISOLATE))
def test_an_isolate_has_zero_where_it_is_defined_and_nan_where_it_is_not(name: str) -> None:
    found = MEASURES[name](BASE)["z"]
    assert np.isnan(found) if ISOLATE[name] is None else found == ISOLATE[name]


# An actor that ties only enter, twice: a -> s, b -> s, of another group than both.
SINK = {
    "degree": 2, "in_degree": 2, "out_degree": 0, "strength": 2, "betweenness": 0, "closeness": 0, "harmonic": 0,
    "coreness": 1, "constraint": 0.5, "effective_size": 2, "efficiency": 1, "hierarchy": 0, "participation": 0,
    "silo": -1, "bridging_centrality": 0, "everett_valente": 0, "clustering": 0, "stress": 0, "load_betweenness": 0,
    "flow_betweenness": 0, "current_flow_betweenness": 1, "information": 1.5, "bridge_strength": 2, "diversity": 0,
    "bridge_closeness": None, "interdependence": None, "overlapping_degree": 2, "connective_redundancy": 0,
    "valente_fujimoto": 1 / 6, "articulation_actors": True, "efficiency_vitality": 1,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SINK))
def test_an_actor_that_ties_only_enter_is_not_an_isolate(name: str) -> None:
    rows = [("a", "s", "funding", None, 1.0), ("b", "s", "funding", None, 1.0)]
    found = MEASURES[name](make(rows, sectors={"a": "x", "b": "x", "s": "y"}, isolates=""))["s"]
    assert np.isnan(found) if SINK[name] is None else found == pytest.approx(SINK[name])


PER_LAYER = sorted(
    name
    for name in set(MEASURES) - OF_LAYERS - OF_TABLES - {"communities", "core_periphery"}
    if "per" in PARAMETERS[name]
)


@pytest.mark.parametrize("name", PER_LAYER)
def test_per_layer_each_layer_has_its_own_direction_and_actors(name: str) -> None:
    options: dict[str, Any] = BY if name in GROUPED else {"of": "staff"} if name == "autocorrelation" else {}
    options = {**options, "symmetrize": "sum"} if name in SPECTRAL else options
    function = getattr(rt, name)
    stacked = tidy(function(BASE, per="layer", **options))
    for layer in ("masks", "funding"):
        alone = tidy(function(BASE.select(layer=layer), **options))
        level = "layer" if stacked.index.nlevels > 1 else None
        one = stacked.xs(layer, level=level) if level else stacked.loc[[layer]]
        alone.columns, alone.index = one.columns, one.index
        assert_same(name, one, alone)
        assert "g" not in one.index  # absent from these layers, not isolated


EMPTY_REFUSED = {"reducibility", "two_mode_constraint", "two_mode_brokerage"}


@pytest.mark.parametrize("name", sorted(set(MEASURES) - OF_TABLES - EMPTY_REFUSED))
def test_an_empty_layer_says_undefined_and_nothing_breaks(name: str) -> None:
    layers = pd.concat([BASE.layers.reset_index(), pd.DataFrame({"layer": ["empty"], "directed": [False]})])
    net = BASE.replace(layers=layers)
    MEASURES[name](net)
    if "layer" in PARAMETERS[name] and name not in OF_LAYERS | {"core_periphery"}:
        options: dict[str, Any] = BY if name in GROUPED else {"of": "staff"} if name == "autocorrelation" else {}
        numbers = tidy(getattr(rt, name)(net, layer="empty", **options)).select_dtypes("number").to_numpy(dtype=float)
        assert not np.isinf(numbers).any() or name in {"access_distance", "contacts"}


@pytest.mark.parametrize("name", sorted(set(MEASURES) - OF_TABLES))
def test_a_network_in_pieces_has_finite_values(name: str) -> None:
    rows = [row for row in ROWS if row[2] != "forums"] + [("f", "g", "masks", "after", 1.0)]
    rows += [("p", "q", "forums", "before", 1.0)]
    net = make(rows, sectors={**SECTORS, "p": "civil", "q": "private"})
    numbers = tidy(MEASURES[name](net)).select_dtypes("number").to_numpy(dtype=float)
    assert name in {"tie_bridges", "access_distance", "odds_ratio_within", "inbreeding"} or not np.isinf(numbers).any()


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name in set(MEASURES) - OF_TABLES
        if getattr(PARAMETERS[name].get("weight"), "default", None) == "weight"
        # partners, pairs and replicas are counted there, whatever the weight of their ties
        and name not in {"bridging_centrality", "broker_profile", "group_mixing", "supra_adjacency", "layer_silos"}
    ),
)
def test_a_tie_of_weight_zero_adds_nothing_to_what_is_weighed(name: str) -> None:
    more = [
        *ROWS,
        ("a", "d", "masks", "after", 0.0),
        ("e", "b", "funding", "after", 0.0),
        ("b", "f", "forums", "after", 0),
    ]
    assert_same(name, MEASURES[name](BASE), MEASURES[name](make(more)))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("a", "a", "masks", None, 1.0), "itself"),
        (("a", "b", "masks", None, np.nan), "missing"),
        (("a", "b", "masks", None, -1.0), "must be 0 or more"),
    ],
)
def test_self_ties_and_weights_that_are_none_are_refused_with_their_row(row: tuple[Any, ...], problem: str) -> None:
    with pytest.raises(rt.TableError, match=problem):
        make([*ROWS, row])


MISSPELT = {
    "layer": "maskz", "period": "befor", "weight": "wieght", "by": "sectr", "per": "lair", "direction": "sideways",
    "symmetrize": "sun", "kind": "nokind", "definition": "published?", "pairs": "al", "scale": "maxi",
    "variant": "freemann", "convention": "tie", "index": "blaw", "reach": "globe", "aspect": "layr", "replicas": "al",
    "actors": "al", "denominator": "print",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_a_misspelt_choice_is_an_error_that_offers_the_nearest(name: str) -> None:
    """One by one, every argument that is a choice: nothing is ignored, whatever the others are."""
    given: dict[str, Any] = dict(BY) if name in GROUPED else {}
    given |= {"symmetrize": "sum"} if name in SPECTRAL else {}
    given |= {"layer": "forums"} if name in {"two_mode_brokerage", "two_mode_constraint"} else {}
    given |= {"of": "staff"} if name == "autocorrelation" else {}
    if "before" in PARAMETERS[name] and name != "turnover":
        given |= {"before": "before", "after": "after"} | ({"crisis": "crisis"} if name == "persistence" else {})
    for argument, value in MISSPELT.items():
        if argument in PARAMETERS[name] and PARAMETERS[name][argument].annotation != "None":
            with pytest.raises(rt.UnknownNameError):
                getattr(rt, name)(BASE, **{**given, argument: value})
    if {"layer", "per"} <= set(PARAMETERS[name]) and name not in OF_LAYERS:
        with pytest.raises(rt.UnknownNameError):
            getattr(rt, name)(BASE, **{**given, "layer": "maskz", "per": "layer"})
