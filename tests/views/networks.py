"""Networks for the tests of the views: stochastic blocks like those that the thresholds were set on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reseau_territorial.network import Network

KINDS = (
    *("commune", "epci", "departement", "association", "company"),
    *("prefecture", "operator", "company_network", "citizens"),
)


def block_network(n: int, groups: int, *, degree: int = 6, inside: float = 0.9, seed: int = 0) -> Network:
    """A network of `groups` territories where a share `inside` of the ties stays within one."""
    rng = np.random.default_rng(seed)
    group = np.sort(rng.integers(0, groups, n))
    source = rng.integers(0, n, n * degree // 2)
    first = np.searchsorted(group, group[source], side="left")
    last = np.searchsorted(group, group[source], side="right")
    within = first + (rng.random(len(source)) * (last - first)).astype(int)
    target = np.where(rng.random(len(source)) < inside, within, rng.integers(0, n, len(source)))
    target = np.where(target == source, (source + 1) % n, target)
    ids = np.array([f"a{number:05d}" for number in range(n)])
    kinds = rng.choice(KINDS, n)
    actors = pd.DataFrame(
        {
            "actor": ids,
            "name": [f"Acteur {number}" for number in range(n)],
            "kind": kinds,
            "territory": [f"T{code:03d}" for code in group],
        }
    )
    layers = rng.choice(["membership", "funding", "information", "pooling"], len(source))
    ties = pd.DataFrame({"source": ids[source], "target": ids[target], "layer": layers})
    return Network(ties, actors=actors.set_index("actor"))
