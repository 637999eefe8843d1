"""The order of rows and of the two ends of an undirected tie changes no number: also of what is drawn, or searched."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reseau_territorial as rt

NAMES = ["Tours", "Amboise", "Loches", "Chinon", "CHU", "Préfecture", "Artisaloire", "Emmaüs"]
SECTORS = ("public", "civil", "private")
LAYERS = ("masks", "funding", "forums")
PERIODS = ("before", "crisis", "after")
WEIGHTS = (0.1, 1 / 3, 1.0, 2.0)


@st.composite
def networks(draw: st.DrawFn) -> rt.Network:
    """Draw a network of three layers, one directed, in three periods, each of which has ties."""
    names = NAMES[: draw(st.integers(4, len(NAMES)))]
    end = st.sampled_from(names)
    pair = st.tuples(end, end).filter(lambda ends: ends[0] != ends[1])
    row = st.tuples(pair, st.sampled_from(LAYERS), st.sampled_from(PERIODS), st.sampled_from(WEIGHTS))
    drawn = [(*ends, *rest) for ends, *rest in draw(st.lists(row, min_size=1, max_size=20))]
    # Two actors tied in every layer and period: nothing is empty, so everything can be computed.
    drawn += [("Tours", "Amboise", layer, period, 1.0) for layer in LAYERS for period in PERIODS]
    drawn += [("Loches", "Chinon", layer, "crisis", 1.0) for layer in LAYERS]
    ties = pd.DataFrame(drawn, columns=["source", "target", "layer", "period", "weight"])
    sectors = draw(st.lists(st.sampled_from(SECTORS), min_size=len(names) - 2, max_size=len(names) - 2))
    actors = pd.DataFrame({"actor": names, "sector": ["public", "civil", *sectors]})
    actors["staff"] = np.arange(len(names), dtype=float) ** 2
    answer = st.tuples(st.sampled_from(names), st.sampled_from(["masks", "schools", "aid"]), st.sampled_from("TL"))
    answers = draw(st.lists(answer, min_size=1, max_size=8, unique=True))
    provision = pd.DataFrame(answers, columns=["actor", "need", "territory"]).assign(role="provider")
    layers = pd.DataFrame({"layer": LAYERS, "directed": [False, True, False]})
    return rt.Network(ties, actors=actors, layers=layers, provision=provision)


def reordered(net: rt.Network, seed: int) -> rt.Network:
    """Return the same network: rows and columns in another order, some undirected ties turned round."""
    rng = np.random.default_rng(seed)
    turn = net.ties["layer"].ne("funding").to_numpy() & (rng.random(len(net.ties)) < 0.5)
    source, target = (net.ties[end] for end in ("source", "target"))
    ties = net.ties.assign(source=source.where(~turn, target), target=target.where(~turn, source))
    tables = {
        "ties": ties,
        "actors": net.actors.reset_index(),
        "layers": net.layers.reset_index(),
        "provision": net.provision,
    }
    tables = {name: table.sample(frac=1, random_state=rng, ignore_index=True) for name, table in tables.items()}
    return rt.Network(**{name: table.sample(frac=1, axis=1, random_state=rng) for name, table in tables.items()})


def silos(net: rt.Network, *, by: str) -> float:
    """A statistic of one's own, which no fast way is known for."""
    return float(rt.group_silo(net, by=by).mean())


Function = Callable[[rt.Network], Any]
BY: dict[str, Any] = {"by": "sector"}
FEW: dict[str, Any] = {"n_resamples": 19}

DRAWN: dict[str, Function] = {
    "permutation_test": lambda net: rt.permutation_test(net, rt.network_silo, **BY, **FEW).null,
    "permutation_test within": lambda net: (
        rt.permutation_test(with_strata(net), rt.network_silo, within="half", **BY, **FEW).null
    ),
    "permutation_test of one's own": lambda net: rt.permutation_test(net, silos, **BY, **FEW).null,
    "permutation_test of degree": lambda net: (
        rt.permutation_test(net, rt.network_silo, null="degree", **BY, **FEW).null
    ),
    "permutation_test of degree of one's own": lambda net: (
        rt.permutation_test(net, silos, null="degree", by="sector", n_resamples=3).null
    ),
    "compare_nulls": lambda net: rt.compare_nulls(net, rt.modularity, **BY, **FEW),
    "silo_table": lambda net: rt.silo_table(net, **BY, **FEW),
    "silo_table per layer": lambda net: rt.silo_table(net, per="layer", **BY, **FEW),
    "bootstrap": lambda net: rt.bootstrap(net, rt.network_silo, **BY, **FEW).replicates,
    "bootstrap of any statistic": lambda net: rt.bootstrap(net, rt.density, **FEW).replicates,
    "compare_periods": lambda net: (
        rt.compare_periods(net, rt.network_silo, before="before", after="crisis", **BY, **FEW).replicates
    ),
    "qap": lambda net: rt.qap(net, layer="masks", other="funding", **FEW).null,
    "mrqap": lambda net: regression(net),
    "rewire": lambda net: listed(rt.rewire(net)),
    "shuffle_groups": lambda net: rt.shuffle_groups(net, by="sector").actors["sector"],
    "core_periphery": lambda net: rt.core_periphery(net),
    "core_periphery per layer": lambda net: rt.core_periphery(net, per="layer"),
    "core_periphery pvalue": lambda net: rt.core_periphery(net, n_resamples=9).attrs["pvalue"],
    "betweenness": lambda net: rt.betweenness(net, approximate=3),
    "closeness": lambda net: rt.closeness(net, approximate=3),
    "communities": lambda net: rt.communities(net, runs=2),
    "communities of periods": lambda net: rt.communities(net, runs=2, aspect="period"),
    "reducibility": lambda net: rt.reducibility(net),
    "robustness": lambda net: rt.robustness(net).curve,
    "robustness by degree": lambda net: rt.robustness(net, attack="degree").curve,
    "robustness by betweenness": lambda net: rt.robustness(net, attack="betweenness").curve,
    "robustness at random": lambda net: rt.robustness(net, attack="random", n_resamples=3).curve["largest"],
    "suggest_ties": lambda net: rt.suggest_ties(net),
    "suggest_ties between groups": lambda net: rt.suggest_ties(net, by="sector", n=2, pool=3),
    "facilitators": lambda net: rt.facilitators(net, by="sector", n_resamples=5, before="before", period="crisis"),
    "governance_mode": lambda net: reading(net),
    "missing_actors": lambda net: rt.missing_actors(net, by="sector", period="crisis").sort_values(
        ["reading", "subject"], ignore_index=True
    ),
    "scenario": lambda net: rt.scenario(net).remove("Loches").compare(["degree", "betweenness"]),
}
DRAWN |= {
    f"place_actors {layout}": lambda net, layout=layout: rt.place_actors(net, layout=layout).positions
    for layout in ("groups", "force", "circle", "rings")
}


def with_strata(net: rt.Network) -> rt.Network:
    half = net.actors["staff"].le(4).map({True: "small", False: "large"})
    return net.replace(actors=net.actors.assign(half=half))


def listed(net: rt.Network) -> list[str]:
    ties = net.ties
    turned = ties["layer"].ne("funding") & (ties["source"] > ties["target"])
    source, target = ties["source"].where(~turned, ties["target"]), ties["target"].where(~turned, ties["source"])
    return sorted(map(str, zip(source, target, ties["layer"], ties["period"], strict=True)))


def regression(net: rt.Network) -> Any:
    try:
        return rt.mrqap(net, response="masks", predictors=["funding"], same=["sector"], **FEW).table
    except rt.ReseauError as error:  # a layer that follows from the others
        return str(error)


def reading(net: rt.Network) -> pd.Series:
    found = rt.governance_mode(net, n_resamples=9)
    return pd.Series({"mode": found.mode, "leader": found.leader, **found.measures, **found.stability})


def frame_of(found: Any) -> pd.DataFrame:
    """Return a result as a table, its rows in the order of their names where they have names."""
    frame = found if isinstance(found, pd.DataFrame) else pd.Series(found).to_frame("value")
    return frame.sort_index() if all(name is not None for name in frame.index.names) else frame


@pytest.mark.filterwarnings("ignore:only .* swaps of ties were possible")
@pytest.mark.parametrize("name", DRAWN)
@settings(max_examples=settings.default.max_examples // 2)  # as many functions as half a file of tests
@given(net=networks(), seed=st.integers(0, 999))
def test_what_is_drawn_or_searched_hangs_on_names_not_on_rows(name: str, net: rt.Network, seed: int) -> None:
    one, two = (frame_of(DRAWN[name](each)) for each in (net, reordered(net, seed)))
    pd.testing.assert_frame_equal(one, two, rtol=1e-9, atol=1e-9, obj=name)


def test_every_function_with_a_seed_is_here() -> None:
    import inspect

    stub = Path(rt.__file__).with_name("__init__.pyi").read_text(encoding="utf-8")
    names = {
        alias.name
        for statement in ast.parse(stub).body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
        if inspect.isfunction(getattr(rt, alias.name))
    }
    seeded = {name for name in names if "seed" in inspect.signature(getattr(rt, name)).parameters}
    views = {name for name in seeded if name.startswith("plot") or name in ("explore", "report")}
    assert seeded - views <= {name.split()[0] for name in DRAWN}
