"""`explore`: an interactive map of a network; `Carte`: the map, to show, save and print."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from reseau_territorial._arguments import check_network
from reseau_territorial._files import write_atomically
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.maps._build import Options, build
from reseau_territorial.maps._data import MapData
from reseau_territorial.maps._ground import usual_layout
from reseau_territorial.maps._page import folder_files, page
from reseau_territorial.maps._pens import FigurePen, SvgPen
from reseau_territorial.maps._sheet import PAPER, draw_sheet
from reseau_territorial.maps._theme import read_theme
from reseau_territorial.network import Network
from reseau_territorial.privacy import Flows, Persons, confidential_actors, confidential_layers, persons_in, protect
from reseau_territorial.vocabulary import SEED, Lang, check_lang

__all__ = ["Carte", "explore"]

ImageFormat = Literal["png", "svg", "pdf"]
Paper = Literal["A3", "A4"]
PREVIEW_DPI: Final = 80
FRAME_HEIGHT: Final = 640


@dataclass(frozen=True, eq=False)
class Carte:
    """One map: an interactive page, a picture, and what they say in words.

    Attributes
    ----------
    data : MapData
        Everything that the map shows, as plain columns.
    """

    data: MapData

    @property
    def title(self) -> str:
        """Title of the map."""
        return str(self.data.content["title"])

    @property
    def alt(self) -> str:
        """The map in a few sentences, for those who do not see it."""
        return " ".join(self.data.content["summary"])

    @property
    def html(self) -> str:
        """The map as one HTML page that asks for nothing outside itself."""
        return page(self.data)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the map.

        Parameters
        ----------
        path : path
            A file that ends with ``.html`` (one page that opens by double-click, without network),
            ``.svg``, ``.png`` or ``.pdf`` (A3 landscape, 300 dpi); or a folder, which receives ``index.html``,
            ``carte.js``, ``carte.css`` and ``donnees.json`` for a web server with a strict policy.

        Returns
        -------
        pathlib.Path
            The file or folder written.

        Raises
        ------
        UnknownNameError
            If the end of the name is another one.
        """
        place = Path(path)
        form = place.suffix.lower().lstrip(".")
        if form == "html":
            write_atomically(place, self.html)
        elif form in ("png", "svg", "pdf"):
            image = self.image(form)  # type: ignore[arg-type]
            write_atomically(place, image)
        elif form and not place.is_dir():
            raise unknown_name("format of a map", f".{form}", [".html", ".svg", ".png", ".pdf", "a folder"])
        else:
            place.mkdir(parents=True, exist_ok=True)
            for name, text in folder_files(self.data).items():
                write_atomically(place / name, text)
        return place

    def image(self, form: ImageFormat = "png", *, paper: Paper = "A3", dpi: int = 300) -> bytes | str:
        """Draw the whole map, with its legend and its sources, on one landscape sheet.

        Parameters
        ----------
        form : {"png", "svg", "pdf"}
            PNG and PDF are bytes, SVG is a text. Letters stay letters in SVG and PDF.
        paper : {"A3", "A4"}
            Size of the sheet.
        dpi : int
            Dots per inch of a PNG.

        Returns
        -------
        bytes or str
            The picture; the same each time.

        Raises
        ------
        UnknownNameError
            If the format or the paper is another one.
        """
        if paper not in PAPER:
            raise unknown_name("paper", paper, PAPER)
        width, height = PAPER[paper]
        if form == "svg":
            drawing = SvgPen(width, height, self.title, self.alt)
            draw_sheet(drawing, self.data, width, height)
            return drawing.to_text()
        if form not in ("png", "pdf"):
            raise unknown_name("format of an image", form, ["png", "svg", "pdf"])
        figure = FigurePen(width, height)
        draw_sheet(figure, self.data, width, height)
        return figure.to_bytes(form, dpi)

    def __repr__(self) -> str:
        told = [(self.data.content["counts"][noun + "s"], noun) for noun in ("actor", "tie")]
        size = ", ".join(f"{count:,} {noun}{'s' if count != 1 else ''}" for count, noun in told)
        return f"<Carte {self.title!r}: {size}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002
        """Show the map in a notebook: a sandboxed page over a picture that stays when scripts are refused."""
        image = self.image("png", dpi=PREVIEW_DPI)
        picture = base64.b64encode(image if isinstance(image, bytes) else image.encode()).decode()
        html = (
            '<figure style="margin:0"><div style="position:relative">'
            f'<img src="data:image/png;base64,{picture}" alt="{escape(self.alt)}" '
            f'style="display:block;width:100%;height:{FRAME_HEIGHT}px;object-fit:contain">'
            '<iframe sandbox="allow-scripts allow-downloads" style="position:absolute;inset:0;width:100%;height:100%;'
            f'border:0" title="{escape(self.title)}" srcdoc="{escape(self.html)}"></iframe></div>'
            f"<figcaption>{escape(self.alt)}</figcaption></figure>"
        )
        return {"text/html": html, "text/plain": repr(self)}


def explore(
    net: Network,
    *,
    color: str = "sector",
    size: str | pd.Series | None = "degree",
    by: str | None = None,
    layout: str | None = None,
    center: str | None = None,
    outlines: Any = None,
    persons: Persons = "mask",
    flows: Flows = "withhold",
    lang: Lang = "fr",
    title: str | None = None,
    author: str = "",
    date: str = "",
    caveats: str | Iterable[str] = (),
    theme: Mapping[str, str] | None = None,
    aggregate_above: int = 20_000,
    seed: int = SEED,
) -> Carte:
    """Draw an interactive map of a network: one page, without network, that a keyboard and a screen reader can use.

    Parameters
    ----------
    net : Network
        The network; ``net.select(...)`` first to map a part of it.
    color : str, default "sector"
        Actor column that gives the colour (``"family"`` and ``"kind"`` give the five families). Five colours
        at most: the rarest values share the last one. Shapes always say the kind.
    size : str, Series or None, default "degree"
        Metric, numeric actor column, or values indexed by actor, that gives the surface of the markers.
    by : str, optional
        Actor column of the groups (the frames, the silos); by default the first of territory, sector and
        kind that makes groups.
    layout : {"groups", "geographic", "force", "circle", "rings"}, optional
        See :func:`place_actors`; actors that have ``x`` and ``y`` never move. By default ``"groups"``; but
        ``"geographic"`` for a map that opens on groups (see `aggregate_above`) which are territories, when most actors
        have coordinates or the code of a bundled outline.
    center : str, optional
        Actor in the middle of the rings.
    outlines : str, path, mapping, table of geopandas or False, optional
        Outlines under a geographic map: ``"departements"`` or ``"epci"`` (bundled); a GeoJSON, GPKG or shapefile; a
        GeoJSON object; a table of geopandas. By default EPCI, or départements for a map larger than a région;
        ``False`` draws none.
    persons : {"mask", "group", "keep"}
        Whether natural persons and sole traders lose their name, are gathered with their number, or stay; before
        the page exists (see :func:`protect`).
    flows : {"withhold", "keep"}
        Whether ties of confidential layers lose their amounts (see :func:`protect`).
    lang : {"fr", "en"}
        Language of the reader.
    title, author, date : str, optional
        Printed on the map.
    caveats : str or list of str
        Sentences printed under the map, after the sources.
    theme : mapping, optional
        ``{"font": ..., "accent": "#RRGGBB"}``: an office's own charter.
    aggregate_above : int, default 20000
        Number of actors above which the map opens on groups and kinds, with counts.
    seed : int
        Starting point of the positions.

    Returns
    -------
    Carte
        Shows itself in a notebook; ``.save(path)``, ``.image("png")``, ``.alt``.

    Raises
    ------
    UnknownNameError
        If a column, metric or layout is not there.
    ReseauError
        If the network has no actor, or the theme is not readable.

    Notes
    -----
    Only ties whose status is ``present`` count in the measures. Absent, wished and unknown ones are dotted.
    The same network and arguments give the same bytes.

    Examples
    --------
    >>> import pandas as pd
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Préfecture"]})
    >>> carte = explore(Network(ties), title="Trois acteurs")
    >>> carte
    <Carte 'Trois acteurs': 3 actors, 2 ties>
    >>> "://" in carte.html.replace("http://www.w3.org", "").replace("http://www.gexf.net", "")
    False
    """
    check_lang(lang)
    check_network(net)
    if not len(net):
        raise ReseauError("the network has no actor, so there is nothing to map.")
    public = protect(net, persons=persons, flows=flows, lang=lang)
    if isinstance(size, pd.Series):
        size = size.reindex(net.actors.index)
        # Masks are as many as the actors, in their order; actors that stand for several have no value.
        masked = len(public) == len(net)
        size = size.set_axis(public.actors.index) if masked else size.reindex(public.actors.index)
    options = Options(
        color=color,
        size=size,
        by=by,
        layout=layout or usual_layout(public, by, large=len(public) > aggregate_above),
        center=center,
        lang=lang,
        title=title,
        author=author,
        date=date,
        caveats=(caveats,) if isinstance(caveats, str) else tuple(caveats),
        outlines=outlines,
        theme=read_theme(theme),
        aggregate_above=aggregate_above,
        masked=persons_in(net) if persons != "keep" else 0,
        persons=persons,
        flows=flows,
        secret=int(confidential_actors(net).sum()),
        withheld=confidential_layers(net) if flows == "withhold" else [],
        seed=seed,
    )
    return Carte(build(public, options))
