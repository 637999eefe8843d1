"""The standard job by this library: two tables, a network, seven metrics, one table. Run in a fresh process."""

from __future__ import annotations

import sys

import pandas as pd

import reseau_territorial as rt

ties = pd.read_csv(sys.argv[1], dtype={"source": str, "target": str})
actors = pd.read_csv(sys.argv[2], dtype=str)
net = rt.Network(ties, actors=actors)
names = ["degree", "strength", "betweenness", "closeness", "pagerank", "constraint", "participation"]
rt.measure(net, names, by="sector").to_csv(sys.argv[3])
