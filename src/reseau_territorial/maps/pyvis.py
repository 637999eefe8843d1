"""`to_pyvis`: the network as a pyvis object, for the notebooks that need one, without its dangers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from reseau_territorial._files import write_atomically
from reseau_territorial.errors import import_optional
from reseau_territorial.maps._classes import classes_of
from reseau_territorial.network import Network
from reseau_territorial.privacy import Persons, protect
from reseau_territorial.styles import clean, layer_styles, shape_of
from reseau_territorial.vocabulary import Lang, label

if TYPE_CHECKING:
    from pyvis.network import Network as PyvisNetwork

__all__ = ["to_pyvis"]

# Links to servers and to folders that do not exist, which pyvis leaves even in "in_line" pages.
_OUTSIDE: Final = re.compile(
    r"<link\b[^>]*(?:https?://|node_modules)[^>]*>|<script\b[^>]*src=\"(?:https?:|\.\./)[^>]*>\s*</script>"
)
_ANGLES: Final = str.maketrans("<>", "‹›")
# The shapes that vis-network can draw; the others become a dot.
SHAPES: Final = {
    "circle": "dot",
    "square": "square",
    "rectangle": "square",
    "triangle": "triangle",
    "triangle_down": "triangleDown",
    "diamond": "diamond",
    "star": "star",
    "hexagon": "hexagon",
}
# Layout units of ours to pixels of vis-network.
PIXELS: Final = 0.9


def to_pyvis(
    net: Network, *, color: str = "sector", persons: Persons = "mask", lang: Lang = "fr", height: str = "640px"
) -> PyvisNetwork:
    """Return the network as a pyvis object that keeps every tie, its positions, and no script.

    Parameters
    ----------
    net : Network
        The network; natural persons are masked as in :func:`explore`.
    color : str, default "sector"
        Actor column that gives the colour.
    persons : {"mask", "keep"}
        Whether natural persons lose their name.
    lang : {"fr", "en"}
        Language of the labels.
    height : str
        Height of the picture in the page, such as ``"640px"``.

    Returns
    -------
    pyvis.network.Network
        A multigraph: one line per tie, with the colour and the dash of its layer. Positions are ours and
        physics is off, so that the picture is drawn at once and is the same each time. Resources are in
        the page, not on a server.

    Raises
    ------
    MissingDependencyError
        If pyvis is not installed.

    Notes
    -----
    pyvis loses parallel ties, links to servers even in its offline pages and reads titles as HTML. Here each tie
    has its own identifier, the links are taken out and angle brackets are replaced. :func:`explore` is the map
    that filters, prints and can be read aloud.

    Examples
    --------
    >>> import pandas as pd
    >>> ties = pd.DataFrame({"source": ["a", "a"], "target": ["b", "b"], "layer": ["masks", "funding"]})
    >>> len(to_pyvis(Network(ties)).edges)
    2
    """
    from reseau_territorial.layouts import place_actors

    library: Any = import_optional("pyvis.network", extra="pyvis", needed_by="to_pyvis()")
    public = protect(net, persons=persons, lang=lang)
    picture = _offline(library)(height=height, width="100%", directed=False, cdn_resources="in_line", notebook=False)
    picture.toggle_physics(False)
    classes = classes_of(public, color, lang)
    palette = classes.palette("light")
    places = place_actors(public).positions
    actors = public.actors
    for number, actor in enumerate(actors.index):
        row = actors.iloc[number]
        name = row["name"] if isinstance(row["name"], str) else actor
        picture.add_node(
            number,
            label=_inert(name),
            title=_inert(f"{name} · {label('kind', row['kind'], lang=lang)}"),
            color=palette[classes.codes[number]],
            shape=SHAPES.get(shape_of(row["kind"]), "dot"),
            size=12,
            x=float(places["x"].iloc[number]) * PIXELS,
            y=-float(places["y"].iloc[number]) * PIXELS,
            physics=False,
        )
    picture.edges = _lines(public, lang)
    return picture


def _lines(net: Network, lang: Lang) -> list[dict[str, Any]]:
    """Return one line per present tie; pyvis's own `add_edge` drops the second tie of a pair."""
    ties, layers = net.ties, net.layers
    present = ties[ties["status"] == "present"]
    styles = layer_styles(list(layers.index), lang=lang)
    place = {actor: number for number, actor in enumerate(net.actors.index)}
    seen: dict[tuple[int, int], int] = {}
    lines = []
    columns = (present[name] for name in ("source", "target", "layer"))
    for number, (source, target, layer) in enumerate(zip(*columns, strict=True)):
        ends = (place[source], place[target])
        pair = (min(ends), max(ends))
        seen[pair] = seen.get(pair, 0) + 1
        style = styles[layer]
        side = 0.12 * (seen[pair] // 2) * (1 if ends == pair else -1)
        turn = "curvedCW" if seen[pair] % 2 else "curvedCCW"
        lines.append(
            {
                "id": f"t{number}",
                "from": ends[0],
                "to": ends[1],
                "title": _inert(style.label),
                "color": style.color,
                "dashes": [round(4 * step) for step in style.dash] or False,
                "arrows": "to" if bool(layers.at[layer, "directed"]) else "",
                "smooth": {"enabled": seen[pair] > 1, "type": turn, "roundness": abs(side)},
            }
        )
    return lines


def _offline(library: Any) -> Any:
    """Return pyvis's class, whose pages ask for nothing outside and are written in UTF-8."""

    class OfflineNetwork(library.Network):  # type: ignore[misc]
        def generate_html(self, *args: Any, **options: Any) -> str:
            return _OUTSIDE.sub("", super().generate_html(*args, **options))

        def write_html(self, name: str, *args: Any, **options: Any) -> None:  # noqa: ARG002
            write_atomically(name, self.generate_html())

    return OfflineNetwork


def _inert(text: object) -> str:
    """Return a text that is no markup, whether it is read as text (hover) or as HTML (pyvis's popups)."""
    return clean(text).translate(_ANGLES)
