"""Small networks, random networks and study data shared by the tests of multilayer measures."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

from reseau_territorial import Network

SHARED = Path(os.environ.get("RESEAU_SHARED", Path(__file__).parents[2] / "../shared")) / "data/study"
LAYERS = ("agreement", "funding", "masks")


def network(rows: list[tuple], *, actors: str | list[str] | None = None, **tables) -> Network:
    """Network of (source, target, layer[, weight]) rows, over at least these actors."""
    names = ["source", "target", "layer", "weight"][: len(rows[0]) if rows else 3]
    ties = pd.DataFrame(rows, columns=names).astype({"source": "str", "target": "str", "layer": "str"})
    listed = None if actors is None else pd.DataFrame({"actor": list(actors)})
    return Network(ties, actors=listed, **tables)


def study(name: str) -> Path:
    """Folder of a study data set, or skip: it may not be shipped with the package."""
    folder = SHARED / name
    if not folder.exists():
        pytest.skip(f"study data {name} are not here (set RESEAU_SHARED)")
    return folder


def aucs() -> Network:
    """Five layers of Aarhus computer scientists; the file lists each tie in both directions."""
    ties = pd.read_csv(study("aucs-aarhus-cs") / "edges.csv")
    ends = np.sort(ties[["source", "target"]].to_numpy(dtype=str), axis=1)
    ties = ties.assign(source=ends[:, 0], target=ends[:, 1]).drop_duplicates()
    nodes = pd.read_csv(study("aucs-aarhus-cs") / "nodes.csv").rename(columns={"id": "actor"})
    return Network(ties, actors=nodes)


def florentine(*, with_pucci: bool = True) -> Network:
    """Marriages and business of the Florentine families."""
    folder = study("florentine-families")
    ties = pd.concat(
        [pd.read_csv(folder / f"flo_{layer}-edges.csv").assign(layer=layer) for layer in ("marriage", "business")]
    )
    families = pd.read_csv(folder / "flo_marriage-nodes.csv")["id"]
    kept = families if with_pucci else families[families != "Pucci"]
    return Network(ties, actors=pd.DataFrame({"actor": kept}))


@st.composite
def networks(draw, *, directed: bool | None = None, weighted: bool = False, layers: int = 3) -> Network:
    """Random small networks: isolates, empty layers, absent actors, parallel ties and reversed pairs included."""
    actors = [f"a{k}" for k in range(draw(st.integers(2, 7)))]
    pair = st.tuples(st.sampled_from(actors), st.sampled_from(actors)).filter(lambda ends: ends[0] != ends[1])
    strength = st.integers(1, 4) if weighted else st.just(1)
    rows = draw(st.lists(st.tuples(pair, st.sampled_from(LAYERS[:layers]), strength), min_size=1, max_size=18))
    ties = pd.DataFrame([(*ends, layer, float(weight)) for ends, layer, weight in rows])
    ties.columns = ["source", "target", "layer", "weight"]
    choice = draw(st.booleans()) if directed is None else directed
    described = pd.DataFrame({"layer": LAYERS[:layers], "directed": choice})
    return Network(ties, actors=pd.DataFrame({"actor": actors}), layers=described)


def shuffled(net: Network, seed: int) -> Network:
    """Return the same network with rows in another order and undirected ties turned round."""
    rng = np.random.default_rng(seed)
    ties = net.ties
    turn = ~ties["layer"].map(net.layers["directed"]).to_numpy(dtype=bool) & (rng.random(len(ties)) < 0.5)
    source, target = ties["source"].where(~turn, ties["target"]), ties["target"].where(~turn, ties["source"])
    ties = ties.assign(source=source, target=target).iloc[rng.permutation(len(ties))].reset_index(drop=True)
    order = rng.permutation(len(net))
    layers = net.layers.iloc[rng.permutation(len(net.layers))].reset_index()
    return Network(ties, actors=net.actors.iloc[order].reset_index(), layers=layers)


def dense(net: Network, *, weighted: bool = False) -> dict[str, np.ndarray]:
    """Matrix of each layer, written with plain loops: the oracle of the sparse code."""
    place = {actor: k for k, actor in enumerate(net.actors.index)}
    matrices = {layer: np.zeros((len(net), len(net))) for layer in net.layers.index}
    for tie in net.ties.itertuples():
        i, j, matrix = place[tie.source], place[tie.target], matrices[tie.layer]
        for a, b in [(i, j)] if net.layers.loc[tie.layer, "directed"] else [(i, j), (j, i)]:
            matrix[a, b] = matrix[a, b] + tie.weight if weighted else 1.0
    return matrices
