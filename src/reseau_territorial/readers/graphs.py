"""Graph files of other tools: GraphML and GEXF."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from reseau_territorial._dialect import read_bytes
from reseau_territorial.converters import from_networkx
from reseau_territorial.errors import ReseauError, TableError
from reseau_territorial.network import Network

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["read_graph"]


def read_graph(path: str | os.PathLike[str], *, weight: str | None = "weight") -> Network:
    """Read a network from a GraphML or GEXF file, such as Gephi and yEd write.

    Parameters
    ----------
    path : path
        A file that ends with ``.graphml``, ``.xml`` or ``.gexf``.
    weight : str or None, default "weight"
        The attribute of the ties that is their strength; None counts every tie as 1.

    Returns
    -------
    Network
        As :func:`from_networkx` makes it from the same graph.

    Raises
    ------
    ReseauError
        The file has another ending.
    TableError
        The file is missing, empty or not in its format, or a table breaks its contract.

    Examples
    --------
    >>> import tempfile
    >>> from reseau_territorial import samples
    >>> from reseau_territorial.converters import write_graph
    >>> net = samples.article_2020()
    >>> place = write_graph(net, Path(tempfile.mkdtemp()) / "article.graphml")
    >>> len(read_graph(place)) == len(net)
    True
    """
    import networkx as nx

    place = Path(path)
    readers = {".graphml": nx.read_graphml, ".xml": nx.read_graphml, ".gexf": nx.read_gexf}
    reader = readers.get(place.suffix.lower())
    content = read_bytes(place)
    if reader is None:
        raise ReseauError(f"{place.name!r} is not a graph file: its name must end with .graphml or .gexf.")
    try:
        graph = reader(place)
    except Exception as error:
        kind = "GEXF" if place.suffix.lower() == ".gexf" else "GraphML"
        start = "" if content.lstrip().startswith((b"<", b"\xef\xbb\xbf<")) else "; it is no XML"
        raise TableError([f"{place.name} cannot be read as {kind}: {error}{start}. Export it again."]) from error
    _forget_file_marks(graph)
    return from_networkx(graph, weight=weight)


def _forget_file_marks(graph: nx.Graph) -> None:
    """Drop the numbers that a file gives its ties, and how it draws actors; the label of an actor is its name."""
    for _, _, attributes in graph.edges(data=True):
        attributes.pop("id", None)
    for _, attributes in graph.nodes(data=True):
        attributes.pop("viz", None)
        label = attributes.pop("label", None)
        if label is not None:
            attributes.setdefault("name", label)
