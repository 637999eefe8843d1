"""The standard job as an analyst writes it with pandas and networkx. Run in a fresh process."""

from __future__ import annotations

import sys

import networkx as nx
import pandas as pd

ties = pd.read_csv(sys.argv[1], dtype={"source": str, "target": str})
actors = pd.read_csv(sys.argv[2], dtype=str)
graph = nx.Graph()
graph.add_nodes_from(actors["actor"])
graph.add_weighted_edges_from(ties.assign(weight=1.0)[["source", "target", "weight"]].itertuples(index=False))
sector = dict(zip(actors["actor"], actors["sector"], strict=True))


def participation(actor: str) -> float:
    shares = pd.Series([sector[other] for other in graph[actor]], dtype=str).value_counts(normalize=True)
    return float(1 - (shares**2).sum()) if len(shares) else float("nan")


table = pd.DataFrame(
    {
        "degree": dict(graph.degree()),
        "strength": dict(graph.degree(weight="weight")),
        "betweenness": nx.betweenness_centrality(graph, normalized=False),
        "closeness": nx.closeness_centrality(graph),
        "pagerank": nx.pagerank(graph),
        "constraint": nx.constraint(graph),
        "participation": {actor: participation(actor) for actor in graph},
    }
)
table.to_csv(sys.argv[3])
