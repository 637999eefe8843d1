"""Print what one library finds, one number per actor, as JSON: values.py LIBRARY CASE ARRAYS."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))


def main() -> None:
    library, case, path = sys.argv[1:4]
    data = dict(np.load(path))
    if library == "ours":
        import ours

        result: Any = ours.found(case, data)
    else:
        import peers

        run = peers.PEERS[library, case](data)  # holds the graph, which the values of graph-tool need
        result = run()
    print(json.dumps(per_actor(result, int(data["n"]))))


def per_actor(result: Any, n: int) -> list[float]:
    """Return the values in the order of the actors, whatever the library keeps them in."""
    if isinstance(result, tuple):  # pymnet: overlap, participation; graph-tool: values of actors, of ties
        result = result[1] if isinstance(result[1], dict) else result[0]
    if hasattr(result, "get_array"):
        result = result.get_array()
    if hasattr(result, "keys"):
        result = [result[actor] for actor in range(n)]
    return [float(value) for value in result]


main()
