"""To and from the graph objects and files of other tools: NetworkX, igraph, GraphML, GEXF.

These tools know one direction per graph. A network that holds directed and undirected layers becomes a
directed graph where an undirected tie is entered both ways; the second copy is marked ``mirror`` so that
it comes back as one tie.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import pandas as pd

from reseau_territorial._arguments import check_network
from reseau_territorial._files import write_atomically
from reseau_territorial.errors import ReseauError, TableError, enumerate_values, import_optional
from reseau_territorial.network import Network
from reseau_territorial.tables import ACTORS, LAYERS, OBSERVATION, PROVISION, SOURCES, TIES

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["from_networkx", "to_igraph", "to_networkx", "write_graph"]

# Where a graph keeps what it has no place for: direction of layers, order of periods, other tables.
_TABLES: Final = "reseau_territorial"
_KEPT: Final = (LAYERS, PROVISION, OBSERVATION, SOURCES)
_FLAGS: Final = {"formal", "directed", "observed"}


def to_networkx(net: Network, *, layer: str | None = None, period: str | None = None) -> nx.MultiGraph:
    """Return the network as a NetworkX multigraph.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str, optional
        Keep this layer or period only.

    Returns
    -------
    networkx.MultiGraph or networkx.MultiDiGraph
        Directed when any layer is. Actors carry their columns, ties carry theirs (``status`` included:
        unknown and absent ties are there too; ``net.select(status="present")`` leaves them out); a missing
        value gives no attribute. In a directed graph an undirected tie is entered both ways, the second
        time with ``mirror=True``. The ``weight`` is a strength: it is not a length.

    Notes
    -----
    Names of natural persons, their identifiers and contacts, and confidential amounts are in the graph as in the
    network: it is meant for your own analysis. For a graph to hand out: ``to_networkx(rt.protect(net))``.

    Examples
    --------
    >>> import pandas as pd
    >>> net = Network(pd.DataFrame({"source": ["Tours"], "target": ["Métropole"], "weight": [2.0]}))
    >>> to_networkx(net).edges["Tours", "Métropole", 0]["weight"]
    2.0
    """
    import networkx as nx

    net = _part(net, layer, period)
    graph = nx.MultiDiGraph() if net.directed else nx.MultiGraph()
    graph.graph[_TABLES] = _other_tables(net)
    for actor, attributes in _attributes(net.actors):
        graph.add_node(actor, **attributes)
    for source, target, attributes in _ties_of(net):
        graph.add_edge(source, target, **attributes)
    return cast("nx.MultiGraph", graph)


def from_networkx(graph: nx.Graph, *, weight: str | None = "weight", layer: str | None = None) -> Network:
    """Return a NetworkX graph of any class as a network.

    Parameters
    ----------
    graph : networkx.Graph, DiGraph, MultiGraph or MultiDiGraph
        Attributes named like columns of a :class:`Network` become these columns, the others extra ones.
    weight : str or None, default "weight"
        The attribute of the ties that is their strength, larger being closer. A tie without it counts 1,
        as in NetworkX; NaN is an error. None counts every tie as 1.
    layer : str, optional
        The layer of the ties that do not carry one.

    Returns
    -------
    Network
        Of a graph made by :func:`to_networkx`, the same tables.

    Raises
    ------
    TableError
        A weight is NaN, negative or text, a tie joins an actor to itself, or two names are the same text.

    Examples
    --------
    >>> import networkx as nx
    >>> from_networkx(nx.path_graph(3))
    <Network: 3 actors, 2 ties; layer: tie (undirected)>
    """
    if not hasattr(graph, "is_directed"):
        raise ReseauError(
            f"a networkx graph is needed, not a {type(graph).__name__}. A table is read by rt.read_tables."
        )
    names = [str(node) for node in graph.nodes]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise TableError(
            [f"names that differ only by their type are one actor: {enumerate_values(twice)}. Rename them."]
        )
    directed = bool(graph.is_directed())
    kept = _read_kept(graph.graph.get(_TABLES))
    actors = _frame([{**_plain(data), "actor": str(node)} for node, data in graph.nodes(data=True)], ("actor",))
    ties = _ties_back(graph, weight, layer)
    layers = _layers_back(ties)
    if "layers" not in kept and layers is not None:
        kept["layers"] = layers
    periods = kept.pop("periods", None)
    if periods and "period" in ties.columns:
        ties["period"] = ties["period"].astype("str").astype(pd.CategoricalDtype(periods, ordered=True))
    return Network(ties.drop(columns="directed", errors="ignore"), actors=actors, directed=directed, **kept)


def to_igraph(net: Network, *, layer: str | None = None, period: str | None = None) -> Any:
    """Return the network as an igraph graph.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str, optional
        Keep this layer or period only.

    Returns
    -------
    igraph.Graph
        Directed when any layer is; vertices are in the order of ``net.actors`` with their columns as
        attributes (the actor itself is ``name``, its name is ``label``). An undirected tie in a directed
        graph is entered both ways, as in :func:`to_networkx`.

    Raises
    ------
    MissingDependencyError
        python-igraph (GPL) is not installed.

    Notes
    -----
    Nothing is masked, as in :func:`to_networkx`; ``to_igraph(rt.protect(net))`` is the graph to hand out.

    Examples
    --------
    >>> import pandas as pd
    >>> graph = to_igraph(Network(pd.DataFrame({"source": ["Tours"], "target": ["La Riche"]})))
    >>> graph.vcount(), graph.ecount()
    (2, 1)
    """
    igraph = import_optional("igraph", extra="igraph", needed_by="to_igraph()")
    net = _part(net, layer, period)
    graph = igraph.Graph(n=len(net), directed=net.directed)
    actors = net.actors.rename(columns={"name": "label"})
    graph.vs["name"] = list(actors.index)
    for column in actors.columns:
        if actors[column].notna().any():
            graph.vs[str(column)] = [_python(value) for value in actors[column]]
    ties = list(_ties_of(net))
    graph.add_edges([(source, target) for source, target, _ in ties])
    for name in dict.fromkeys(name for _, _, attributes in ties for name in attributes):
        graph.es[name] = [attributes.get(name) for _, _, attributes in ties]
    return graph


def write_graph(
    net: Network, path: str | os.PathLike[str], *, layer: str | None = None, period: str | None = None
) -> Path:
    """Write the network as GraphML or GEXF, for Gephi, yEd, Cytoscape and others.

    Parameters
    ----------
    net : Network
        The network.
    path : path
        A file that ends with ``.graphml`` or ``.gexf``. It is replaced whole or not at all.
    layer, period : str, optional
        Keep this layer or period only.

    Returns
    -------
    pathlib.Path
        The file written. GraphML comes back with :func:`read_graph` as it was; GEXF has no place for the
        labels of layers, provision, observation and sources.

    Raises
    ------
    ReseauError
        The file has another ending, or cannot be written.

    Notes
    -----
    A file to work from, not to hand out: names of natural persons, their identifiers and contacts, and confidential
    amounts are written as they are, the other tables of the network with them in GraphML. To share it:
    ``write_graph(rt.protect(net), "partage.graphml")``.

    Examples
    --------
    >>> import tempfile
    >>> import reseau_territorial as rt
    >>> net = rt.samples.study("florentine")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     rt.read_graph(write_graph(net, f"{folder}/florence.graphml")).equals(net)
    True
    """
    import networkx as nx

    place = Path(path)
    writers = {".graphml": nx.write_graphml_xml, ".gexf": nx.write_gexf}
    writer = writers.get(place.suffix.lower())
    if writer is None:
        known = enumerate_values(writers)
        raise ReseauError(f"cannot write a graph as {place.name!r}: end its name with one of {known}.")
    graph = to_networkx(net, layer=layer, period=period)
    if place.suffix.lower() == ".gexf":
        graph.graph.clear()
        for actor, attributes in graph.nodes(data=True):
            attributes["label"] = attributes.get("name", actor)
    return write_atomically(place, lambda temporary: writer(graph, temporary))


def _part(net: Network, layer: str | None, period: str | None) -> Network:
    check_network(net)
    return net.select(layer=layer).select(period=period)


def _ties_of(net: Network) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the ties with their attributes, undirected ones twice in a directed network."""
    ties = net.ties
    directed = ties["layer"].astype("str").map(net.layers["directed"]).astype(bool)
    ends = zip(ties["source"].astype("str"), ties["target"].astype("str"), directed, strict=True)
    rows = _attributes(ties.drop(columns=["source", "target"]))
    for position, ((source, target, arrow), (_, attributes)) in enumerate(zip(ends, rows, strict=True)):
        attributes = {**attributes, "directed": arrow, "tie": position}
        yield source, target, attributes
        if net.directed and not arrow:
            yield target, source, {**attributes, "mirror": True}


def _attributes(table: pd.DataFrame) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield the rows of a table as attributes of plain types, without missing values."""
    columns = [str(name) for name in table.columns]
    values = [[_python(value) for value in table[name]] for name in table.columns]
    for index, *row in zip(table.index, *values, strict=True):
        yield index, {name: value for name, value in zip(columns, row, strict=True) if value is not None}


def _python(value: Any) -> Any:
    """Return a value as a plain type that every format can write, None when it is missing."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, bool | int | float | str) else str(value)


def _plain(attributes: Mapping[Hashable, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in attributes.items()}


def _frame(rows: list[dict[str, Any]], first: tuple[str, ...]) -> pd.DataFrame:
    columns = dict.fromkeys([*first, *(name for row in rows for name in row)])
    frame = pd.DataFrame(rows, columns=list(columns))
    known = {*ACTORS.names, *TIES.names}
    for name in frame.columns:
        if name in _FLAGS:
            frame[name] = frame[name].astype("boolean")
        elif name not in known:
            frame[name] = frame[name].infer_objects()
    return frame


def _ties_back(graph: nx.Graph, weight: str | None, layer: str | None) -> pd.DataFrame:
    """Return the edges of a graph as ties, in the order that they had in a network if they come from one."""
    rows = []
    for source, target, data in graph.edges(data=True):
        if data.get("mirror"):
            continue
        row = {name: value for name, value in _plain(data).items() if name not in ("weight", "mirror", weight)}
        # A graph that tells no weight counts 1, as in NetworkX; one that tells NaN is in error.
        strength = 1.0 if weight is None else data.get(weight, 1.0)
        rows.append({**row, "source": str(source), "target": str(target), "weight": strength})
    ties = _frame(rows, ("source", "target", "weight"))
    if layer is not None:
        ties["layer"] = ties["layer"].fillna(layer) if "layer" in ties.columns else layer
    if "tie" in ties.columns:
        ties = ties.sort_values("tie", kind="stable", ignore_index=True).drop(columns="tie")
    return ties


def _layers_back(ties: pd.DataFrame) -> pd.DataFrame | None:
    """Return the direction of the layers that the ties tell, if they all tell it."""
    if not {"layer", "directed"} <= set(ties.columns) or ties["directed"].isna().any():
        return None
    directed = ties.groupby(ties["layer"].fillna("tie"), sort=False)["directed"].any()
    return directed.rename_axis("layer").reset_index()


def _other_tables(net: Network) -> str:
    content: dict[str, Any] = {"periods": list(net.periods)}
    for table in _KEPT:
        frame = getattr(net, table.name)
        flat = frame.reset_index() if table.key else frame
        if len(flat):
            content[table.name] = [row for _, row in _attributes(flat)]
    return json.dumps(content, ensure_ascii=False)


def _read_kept(text: object) -> dict[str, Any]:
    if not isinstance(text, str):
        return {}
    kept = json.loads(text)
    return {name: rows if name == "periods" else _frame(rows, ()) for name, rows in kept.items()}
