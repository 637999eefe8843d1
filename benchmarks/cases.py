"""The lines of the table."""

from __future__ import annotations

from dataclasses import dataclass

PATHS = ("igraph", "networkit", "rustworkx", "graph-tool", "easygraph")
HOLES = ("igraph", "easygraph", "networkx")


@dataclass(frozen=True)
class Case:
    """A line of the table: what is computed, on which network, beside whom, and the ratio to reach.

    Attributes
    ----------
    judged : tuple of str
        The peers that the ratio is taken to, the best of them; all when empty.
    memory_target : float
        The ratio of memory to reach, or 0.
    ties : int
        Number of ties where memory is looked at per tie, else 0.
    """

    title: str
    case: str
    network: str
    peers: tuple[str, ...]
    target: float
    judged: tuple[str, ...] = ()
    memory_target: float = 0
    ties: int = 0

    @property
    def compared(self) -> tuple[str, ...]:
        return self.judged or self.peers


CASES = [
    Case("Betweenness, national network", "betweenness", "national", PATHS, 100),
    Case("Closeness, national network", "closeness", "national", PATHS, 100),
    Case("Betweenness, grants (two modes)", "betweenness", "grants", PATHS, 5),
    Case("Closeness, grants (two modes)", "closeness", "grants", PATHS, 5),
    Case("Betweenness, contracts (two modes)", "betweenness", "contracts", PATHS, 5),
    Case("Closeness, contracts (two modes)", "closeness", "contracts", PATHS, 5),
    Case("Betweenness, scale-free 20,000 / 100,000", "betweenness", "scale_free", PATHS, 1),
    Case("Closeness, scale-free 20,000 / 100,000", "closeness", "scale_free", PATHS, 1),
    Case("Constraint, 200,000 / 1,000,000", "constraint", "large", HOLES, 1, ("igraph",)),
    Case("Constraint beside NetworkX, 200,000 / 1,000,000", "constraint", "large", ("networkx",), 100),
    Case("Constraint beside NetworkX's loops, 5,000 / 25,000", "constraint", "medium", ("networkx loops",), 100),
    Case(
        "Effective size, 200,000 / 1,000,000",
        "effective_size",
        "large",
        (*HOLES, "networkit"),
        1,
        ("igraph", "networkit"),
    ),
    Case("Effective size beside NetworkX, 5,000 / 25,000", "effective_size", "medium", ("networkx",), 100),
    Case("Effective size beside NetworkX, 20,000 / 100,000", "effective_size", "scale_free", ("networkx",), 100),
    Case("Effective size from two tables, 200,000 / 1,000,000", "effective_size_tables", "large", ("igraph",), 1),
    Case("Brokerage with z, 10,000 / 50,000", "brokerage", "directed", ("sna",), 10, memory_target=10),
    Case(
        "Participation, overlap, similarity, 20,000 x 3 x 60,000",
        "multilayer",
        "layers",
        ("py3plex", "pymnet", "uunet"),
        100,
        ("py3plex", "pymnet"),
    ),
    Case(
        "Silo index, 10,000,000 ties",
        "silo",
        "many_ties",
        ("numpy pass", "numpy by hand"),
        0.2,
        ("numpy pass",),
        ties=10_000_000,
    ),
    Case("Mixing table with z, 10,000,000 ties", "mixing", "many_ties", (), 0, ties=10_000_000),
    Case("Participation, 10,000,000 ties", "participation", "many_ties", (), 0, ties=10_000_000),
    Case("Standard job, 300 actors", "standard", "job_300", ("networkx",), 1),
    Case("Standard job, 3,000 actors", "standard", "job_3000", ("networkx",), 1),
    Case("Standard job, 30,000 actors", "standard", "job_30000", ("networkx",), 1),
]
