"""Ten networks, 71 measures, 5,113 values of the R packages sna 2.7.1 and igraph 1.3.5 (reference/golden.R).

Directed or not, weighted, in pieces, with isolates, parallel ties, acyclic, two-mode. Where R gives no value, ours
is NaN; what R computes in another sense is asked for by name (`definition="sna"`, `variant="freeman"`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import reseau_territorial as rt

FOLDER = Path(__file__).parents[1] / "reference"
VALUES = pd.read_csv(FOLDER / "golden_values.csv", comment="#", keep_default_na=False, na_values={"value": [""]})
TIES, ACTORS = pd.read_csv(FOLDER / "golden_ties.csv"), pd.read_csv(FOLDER / "golden_actors.csv")
Measure = Callable[[rt.Network], Any]


def network(name: str) -> rt.Network:
    ties = TIES[TIES["network"] == name]
    actors = ACTORS[ACTORS["network"] == name].drop(columns="network")
    directed = bool(ties["directed"].iloc[0])
    return rt.Network(ties[["source", "target", "weight"]], actors=actors, directed=directed)


NETWORKS = {name: network(name) for name in VALUES["network"].unique()}


def plain(name: str, **options: Any) -> Measure:
    return partial(getattr(rt, name), **options)


def column(name: str, what: str, **options: Any) -> Measure:
    return lambda net: getattr(rt, name)(net, **options)[what]


def undirected(measure: Measure) -> Measure:
    return lambda net: measure(net.replace(layers=net.layers.assign(directed=False).reset_index()))


def mean_harmonic(net: rt.Network) -> pd.Series:
    return rt.harmonic(net, weight=None, normalized=True)


MEASURES: dict[str, Measure] = {
    "degree": plain("degree"),
    "in_degree": plain("in_degree"),
    "out_degree": plain("out_degree"),
    "betweenness": plain("betweenness", weight=None),
    "stress": plain("stress", weight=None),
    "load_sna": plain("load_betweenness", weight=None, definition="sna"),
    "flow": plain("flow_betweenness", weight=None),
    "closeness_freeman": plain("closeness", weight=None, variant="freeman"),
    "harmonic_mean": mean_harmonic,
    "information_sna": undirected(plain("information", weight=None, definition="sna")),
    "cut_point": plain("articulation_actors"),
    "reciprocity_edgewise": plain("reciprocity"),
    "reciprocity_dyadic": plain("reciprocity", kind="dyadic"),
    "reciprocity_dyadic.nonnull": plain("reciprocity", kind="dyadic_nonnull"),
    "density": plain("density"),
    "transitivity": plain("transitivity"),
    "transitivity_both": undirected(plain("transitivity")),
    "triads": column("triad_census", "count"),
    "cliques": column("clique_overlap", "cliques"),
    "moran": lambda net: rt.autocorrelation(net, of="staff", weight=None)["observed"].iloc[0],
    "geary": lambda net: rt.autocorrelation(net, of="staff", weight=None, kind="geary")["observed"].iloc[0],
    "centralization_degree": plain("centralization"),
    "centralization_betweenness": plain("centralization", of="betweenness"),
    "strength_all": plain("strength"),
    "strength_in": plain("strength", direction="in"),
    "strength_out": plain("strength", direction="out"),
    "betweenness_weighted": plain("betweenness"),
    "closeness_out": plain("closeness", variant="reachable"),
    "closeness_in": plain("closeness", variant="reachable", direction="in"),
    "closeness_all": plain("closeness", variant="reachable", direction="all"),
    "closeness_both": plain("closeness", variant="reachable", direction="all", weight=None),
    "harmonic_out": plain("harmonic"),
    "harmonic_in": plain("harmonic", direction="in"),
    "harmonic_all": plain("harmonic", direction="all"),
    "pagerank": plain("pagerank"),
    "pagerank_plain": plain("pagerank", weight=None, damping=0.5),
    "katz": plain("katz", alpha=0.01),
    "eigenvector": plain("eigenvector", scale="max"),
    "coreness_all": plain("coreness"),
    "coreness_in": plain("coreness", direction="in"),
    "coreness_out": plain("coreness", direction="out"),
    "constraint": plain("constraint"),
    "constraint_plain": plain("constraint", weight=None),
    "clustering": plain("clustering"),
    "bridges": lambda net: rt.tie_bridges(net)["bridge"].sum(),
    "global_efficiency": plain("global_efficiency", weight=None),
    "assortativity": plain("assortativity", by="group", weight=None),
    "modularity": plain("modularity", by="group"),
    "modularity_half": plain("modularity", by="group", weight=None, resolution=0.5),
}
MEASURES |= {
    name: lambda net, name=name: rt.krackhardt(net, definition="sna").loc[name, "value"]
    for name in ("connectedness", "hierarchy", "efficiency", "lubness")
}
ROLES = ("coordinator", "itinerant", "representative", "gatekeeper", "liaison", "total")
for role in ROLES:
    MEASURES[f"role_{role}"] = column("brokerage", role, by="group")
    MEASURES |= {f"{part}_{role}": column("brokerage", f"{part}_{role}", by="group") for part in ("expected", "z")}
# igraph settles its iterations to about 1e-8.
ROUGH = {"pagerank": 1e-8, "pagerank_plain": 1e-8, "eigenvector": 1e-8}


def test_every_value_has_its_measure() -> None:
    assert set(VALUES["metric"]) == set(MEASURES)
    assert (len(NETWORKS), len(MEASURES), len(VALUES)) == (10, 71, 5113)


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_values_of_sna_and_igraph(name: str) -> None:
    wanted = VALUES[VALUES["metric"] == name]
    for which, rows in wanted.groupby("network"):
        found = MEASURES[name](NETWORKS[which])
        ours = found.reindex(rows["item"]).to_numpy(dtype=float) if isinstance(found, pd.Series) else np.array([found])
        np.testing.assert_allclose(
            ours.astype(float), rows["value"], rtol=ROUGH.get(name, 1e-9), atol=ROUGH.get(name, 1e-10), err_msg=which
        )
