"""The cases of the benchmarks, by other libraries, each as its manual says; the graph is built before the clock starts.

Each entry of PEERS makes, from the arrays of a network, a function without arguments to be timed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Arrays = dict[str, Any]
Timed = Callable[[], object]
PEERS: dict[tuple[str, str], Callable[[Arrays], Timed]] = {}


def peer(library: str, case: str) -> Callable[[Callable[[Arrays], Timed]], Callable[[Arrays], Timed]]:
    def register(function: Callable[[Arrays], Timed]) -> Callable[[Arrays], Timed]:
        PEERS[library, case] = function
        return function

    return register


def pairs(data: Arrays) -> list[tuple[int, int]]:
    return list(zip(data["source"].tolist(), data["target"].tolist(), strict=True))


# networkx


def nx_graph(data: Arrays) -> Any:
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(int(data["n"])))
    graph.add_edges_from(pairs(data))
    return graph


@peer("networkx", "betweenness")
def _(data: Arrays) -> Timed:
    import networkx as nx

    graph = nx_graph(data)
    return lambda: nx.betweenness_centrality(graph, normalized=False)


@peer("networkx", "closeness")
def _(data: Arrays) -> Timed:
    import networkx as nx

    graph = nx_graph(data)
    return lambda: nx.closeness_centrality(graph)


@peer("networkx", "constraint")
def _(data: Arrays) -> Timed:
    import networkx as nx

    graph = nx_graph(data)
    return lambda: nx.constraint(graph)


@peer("networkx loops", "constraint")
def _(data: Arrays) -> Timed:
    import networkx as nx

    graph = nx_graph(data)
    return lambda: nx.constraint(graph, nodes=range(int(data["n"])))


@peer("networkx", "effective_size")
def _(data: Arrays) -> Timed:
    import networkx as nx

    graph = nx_graph(data)
    return lambda: nx.effective_size(graph)


# igraph


def ig_graph(data: Arrays) -> Any:
    import igraph

    return igraph.Graph(int(data["n"]), pairs(data))


@peer("igraph", "betweenness")
def _(data: Arrays) -> Timed:
    return ig_graph(data).betweenness


@peer("igraph", "closeness")
def _(data: Arrays) -> Timed:
    return ig_graph(data).closeness


@peer("igraph", "constraint")
def _(data: Arrays) -> Timed:
    return ig_graph(data).constraint


def effective_size_of(degree: Any, clustering: Any) -> object:
    """Return k - 2t/k (Borgatti 1997) from the share of tied pairs of partners: not all have an effective size."""
    degree = np.array(degree, dtype=float)
    closed = np.nan_to_num(np.array(clustering, dtype=float)) * degree * (degree - 1) / 2
    return degree - 2 * closed / np.maximum(degree, 1)


def ig_effective_size(graph: Any) -> object:
    return effective_size_of(graph.degree(), graph.transitivity_local_undirected())


@peer("igraph", "effective_size")
def _(data: Arrays) -> Timed:
    graph = ig_graph(data)
    return lambda: ig_effective_size(graph)


@peer("igraph", "effective_size_tables")
def _(data: Arrays) -> Timed:
    import igraph
    import pandas as pd

    names = np.char.add("a", np.arange(int(data["n"])).astype(str)).astype(object)
    ties = pd.DataFrame({"source": names[data["source"]], "target": names[data["target"]]}).astype("str")
    actors = pd.DataFrame({"actor": names})
    return lambda: ig_effective_size(igraph.Graph.DataFrame(ties, directed=False, vertices=actors, use_vids=False))


# NetworKit


def nk_graph(data: Arrays) -> Any:
    import networkit as nk

    graph = nk.Graph(int(data["n"]))
    for source, target in pairs(data):
        graph.addEdge(source, target)
    return graph


@peer("networkit", "betweenness")
def _(data: Arrays) -> Timed:
    import networkit as nk

    graph = nk_graph(data)
    return lambda: nk.centrality.Betweenness(graph).run().scores()


@peer("networkit", "closeness")
def _(data: Arrays) -> Timed:
    import networkit as nk

    graph = nk_graph(data)
    generalized = nk.centrality.ClosenessVariant.GENERALIZED
    return lambda: nk.centrality.Closeness(graph, False, generalized).run().scores()


@peer("networkit", "effective_size")
def _(data: Arrays) -> Timed:
    import networkit as nk

    graph = nk_graph(data)

    def compute() -> object:
        degree = nk.centrality.DegreeCentrality(graph).run().scores()
        return effective_size_of(degree, nk.centrality.LocalClusteringCoefficient(graph, turbo=True).run().scores())

    return compute


# rustworkx


def rx_graph(data: Arrays) -> Any:
    import rustworkx as rx

    graph = rx.PyGraph()
    graph.add_nodes_from(range(int(data["n"])))
    graph.add_edges_from_no_data(pairs(data))
    return graph


@peer("rustworkx", "betweenness")
def _(data: Arrays) -> Timed:
    import rustworkx as rx

    graph = rx_graph(data)
    return lambda: rx.betweenness_centrality(graph, normalized=False)


@peer("rustworkx", "closeness")
def _(data: Arrays) -> Timed:
    import rustworkx as rx

    graph = rx_graph(data)
    return lambda: rx.closeness_centrality(graph)


# graph-tool


def gt_graph(data: Arrays) -> Any:
    import graph_tool.all as gt

    graph = gt.Graph(directed=False)
    graph.add_vertex(int(data["n"]))
    graph.add_edge_list(np.column_stack([data["source"], data["target"]]))
    return graph


@peer("graph-tool", "betweenness")
def _(data: Arrays) -> Timed:
    import graph_tool.all as gt

    graph = gt_graph(data)
    return lambda: gt.betweenness(graph, norm=False)


@peer("graph-tool", "closeness")
def _(data: Arrays) -> Timed:
    import graph_tool.all as gt

    graph = gt_graph(data)
    return lambda: gt.closeness(graph)


# EasyGraph, with its graph of C++


def eg_graph(data: Arrays) -> Any:
    import easygraph as eg

    graph = eg.GraphC()
    graph.add_nodes_from(list(range(int(data["n"]))))
    graph.add_edges_from(pairs(data))
    return graph


@peer("easygraph", "betweenness")
def _(data: Arrays) -> Timed:
    import easygraph as eg

    graph = eg_graph(data)
    return lambda: eg.betweenness_centrality(graph, normalized=False)


@peer("easygraph", "closeness")
def _(data: Arrays) -> Timed:
    import easygraph as eg

    graph = eg_graph(data)
    return lambda: eg.closeness_centrality(graph)


@peer("easygraph", "constraint")
def _(data: Arrays) -> Timed:
    import easygraph as eg

    graph = eg_graph(data)
    return lambda: dict(zip(graph.nodes, eg.constraint(graph), strict=True))  # not in the order of adding


@peer("easygraph", "effective_size")
def _(data: Arrays) -> Timed:
    import easygraph as eg

    graph = eg_graph(data)
    return lambda: dict(zip(graph.nodes, eg.effective_size(graph), strict=True))  # not in the order of adding


# Several layers: participation, overlap and similarity, with what each library has of the three


@peer("pymnet", "multilayer")
def _(data: Arrays) -> Timed:
    import pymnet
    from pymnet.diagnostics import overlap_degs

    net = pymnet.MultiplexNetwork(couplings="none", directed=False, fullyInterconnected=True)
    for source, target, layer in zip(
        data["source"].tolist(), data["target"].tolist(), data["layer"].tolist(), strict=True
    ):
        net[source, target, layer] = 1

    def compute() -> object:
        # Its own functions give the degrees per layer and the overlap; participation and similarity follow from them.
        degrees = pymnet.multiplex_degs(net, degstype="nodes")
        overlap = overlap_degs(net)
        participation = {}
        for actor in net.slices[0]:
            by_layer = [degrees[layer].get(actor, 0) for layer in degrees]
            total = sum(by_layer)
            participation[actor] = 1.5 * (1 - sum((k / total) ** 2 for k in by_layer)) if total else 0.0
        return overlap, participation

    return compute


@peer("py3plex", "multilayer")
def _(data: Arrays) -> Timed:
    from py3plex.algorithms.statistics import multilayer_statistics as statistics
    from py3plex.core import multinet

    net = multinet.multi_layer_network(directed=False)
    rows = [
        [str(source), str(layer), str(target), str(layer), 1]
        for source, target, layer in zip(
            data["source"].tolist(), data["target"].tolist(), data["layer"].tolist(), strict=True
        )
    ]
    net.add_edges(rows, input_type="list")

    def compute() -> object:
        overlap = [statistics.edge_overlap(net, a, b) for a, b in (("0", "1"), ("0", "2"), ("1", "2"))]
        similar = [statistics.layer_similarity(net, a, b) for a, b in (("0", "1"), ("0", "2"), ("1", "2"))]
        actors = sorted({node for node, _ in net.get_nodes()})
        participation = [statistics.degree_vector(net, actor) for actor in actors]
        return overlap, similar, participation

    return compute


@peer("uunet", "multilayer")
def _(data: Arrays) -> Timed:
    import uunet.multinet as ml

    net = ml.empty()
    names = [f"layer {layer}" for layer in range(3)]
    ml.add_layers(net, names, directed=[False] * 3)
    layer = [names[k] for k in data["layer"].tolist()]
    source, target = [str(k) for k in data["source"].tolist()], [str(k) for k in data["target"].tolist()]
    ml.add_edges(net, {"from_actor": source, "from_layer": layer, "to_actor": target, "to_layer": layer})

    def compute() -> object:
        similar = ml.layer_comparison(net, method="jaccard.edges")
        overlap = ml.layer_comparison(net, method="coverage.edges")
        actors = ml.actors(net)["actor"]
        degrees = [ml.degree(net, actors=actors, layers=[name]) for name in names]
        return similar, overlap, degrees

    return compute


# One pass of NumPy over the three arrays of ties: what the silo index cannot be faster than


@peer("numpy pass", "silo")
def _(data: Arrays) -> Timed:
    source, target, weight = data["source"].astype(np.int32), data["target"].astype(np.int32), data["weight"]
    return lambda: (source.sum(), target.sum(), weight.sum())


@peer("numpy by hand", "silo")
def _(data: Arrays) -> Timed:
    source, target, weight = data["source"].astype(np.int32), data["target"].astype(np.int32), data["weight"]
    group = data["group"].astype(np.int32)
    return lambda: 2 * weight[group[source] == group[target]].sum() / weight.sum() - 1
