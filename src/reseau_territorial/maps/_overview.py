"""The aggregated map of a sheet: a disc per group, cut by colour or with a marker per kind, and bands between discs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from reseau_territorial.maps._data import decoded, tie_ends
from reseau_territorial.maps._labels import shorten
from reseau_territorial.maps._pens import Ink, Pen, markers, text_width
from reseau_territorial.styles import format_number

__all__ = ["LegendPart", "Overview", "is_overview"]

# Usual radius under which discs are rings cut by colour, with their code inside; larger ones hold a marker per kind.
ROOMY: Final = 30.0
BAND_WIDTHS: Final = (0.7, 1.4, 2.8, 5.6)
# Part of a disc, from its middle, that stays free for its code.
HOLE: Final = 0.74
LEAST_MOST: Final = 20
# Radius of the largest circle in the legend.
WIDEST: Final = 44.0
SAID: Final = {
    "sizes": ("Nombre d’acteurs (surface du disque)", "Number of actors (area of the disc)"),
    "bands": ("Liens entre groupes ({by})", "Ties between groups ({by})"),
}
LegendPart = tuple[str, list[tuple[str, dict[str, Any]]]]

Codes = NDArray[np.int64]
Discs = NDArray[np.float64]


def is_overview(content: Any) -> bool:
    """Return whether a map opens on its groups."""
    return bool(content["framed"]) and content["counts"]["actors"] > content["aggregate_above"]


class Overview:
    """What the groups hold and what binds them, drawn over their outlines."""

    def __init__(self, pen: Pen, content: Any, palette: Any, discs: Discs, text: float, scale: float) -> None:
        self.pen, self.content, self.palette, self.discs, self.text = pen, content, palette, discs, text
        actors, n = content["actors"], content["counts"]["actors"]
        self.group, self.kind, self.color = (decoded(actors[name], n) for name in ("group", "kind", "color"))
        self.counts = np.array([group["n"] for group in content["groups"]], dtype=np.int64)
        self.codes = [group.get("code", "") for group in content["groups"]]
        self.pairs, self.ties = self._links()
        self.tight = bool(content["disc"] * scale < ROOMY)

    def _links(self) -> tuple[Codes, Codes]:
        """Return the most tied pairs of groups, as many as there are groups, and their ties."""
        source, target = tie_ends(self.content)
        ends = np.sort(np.column_stack([self.group[source], self.group[target]]), axis=1)
        pairs, counts = np.unique(ends[(ends[:, 0] >= 0) & (ends[:, 0] != ends[:, 1])], axis=0, return_counts=True)
        kept = np.argsort(counts, kind="stable")[-max(60, len(self.discs)) :]
        return pairs[kept], counts[kept]

    def draw(self) -> None:
        """Draw bands, then discs over them, then what the discs hold."""
        self._bands()
        if self.tight:
            self._rings()
        else:
            ground = Ink(fill=self.palette["frame"], stroke=self.palette["frame_line"])
            self.pen.polygons(markers("circle", self.discs), ground)
            self._cells()

    def _bands(self) -> None:
        start, end = self.discs[self.pairs[:, 0], :2], self.discs[self.pairs[:, 1], :2]
        curves = np.column_stack([start, (start + end) / 2, end])
        for step in np.unique(self._steps()):
            self.pen.lines(curves[self._steps() == step], self._band(step))

    def _steps(self) -> Codes:
        """Return the width of each band, as a place in `BAND_WIDTHS`."""
        return np.asarray(3.99 * np.sqrt(self.ties / self._most()), dtype=np.int64)

    def _most(self) -> int:
        return max(LEAST_MOST, int(self.ties.max(initial=1)))

    def _band(self, step: int) -> Ink:
        return Ink(stroke=self.palette["muted"], width=BAND_WIDTHS[step], alpha=round(0.3 + step / 10, 1))

    def _rings(self) -> None:
        """Draw each disc cut by colour; as a ring, with the code of its group in the middle, when it has one."""
        colors = self.palette["colors"]
        shares = np.zeros((len(self.discs), len(colors)))
        known = self.group >= 0
        np.add.at(shares, (self.group[known], self.color[known]), 1)
        ends = 2 * np.pi * np.cumsum(shares, axis=1) / np.maximum(self.counts, 1)[:, None]
        self.pen.polygons(markers("circle", np.add(self.discs, (0, 0, 1))), Ink(fill=self.palette["background"]))
        for color, fill in enumerate(colors):
            parts = [
                _part(disc, end[color - 1] if color else 0.0, end[color])
                for disc, end, share in zip(self.discs, ends, shares, strict=True)
                if share[color]
            ]
            self.pen.polygons(parts, Ink(fill=fill))
        holes = self.discs[[bool(code) for code in self.codes]] * (1, 1, HOLE)
        self.pen.polygons(markers("circle", holes), Ink(fill=self.palette["background"]))
        for (x, y, r), code in zip(self.discs, self.codes, strict=True):
            size = min(1.1 * self.text, 0.8 * r, 1.9 * HOLE * r / max(0.68 * len(code), 1))
            width = 0.68 * len(code) * size
            self.pen.text(code, x - width / 2, y + 0.36 * size, size, self.palette["ink"], bold=True)

    def _cells(self) -> None:
        """Draw a marker per kind in each group, its surface following the count, and the count where it fits."""
        known = self.group >= 0
        cells, counts = np.unique(
            np.column_stack([self.group, self.kind, self.color])[known], axis=0, return_counts=True
        )
        for group, (x, y, r) in enumerate(self.discs):
            here = np.flatnonzero(cells[:, 0] == group)
            here = here[np.lexsort((-counts[here], cells[here, 2]))]
            for rank, cell in enumerate(here):
                turn = 2 * np.pi * rank / len(here) - np.pi / 2
                ring = 0.55 * r if len(here) > 1 else 0.0
                size = max(1.5, 0.42 * r * np.sqrt(counts[cell] / max(self.counts[group], 1)))
                place = (x + ring * np.cos(turn), y + ring * np.sin(turn), size)
                self._cell(place, cells[cell, 1], cells[cell, 2], int(counts[cell]))

    def _cell(self, place: tuple[float, float, float], kind: int, color: int, count: int) -> None:
        x, y, size = place
        item = self.content["kinds"][kind]
        ink = Ink(fill=self.palette["colors"][color], stroke=self.palette["outline"], width=0.6)
        self.pen.polygons(markers(item["shape"], np.array([place])), ink)
        if size >= 0.7 * self.text:
            number, tall = format_number(count, lang=self.content["lang"]), 0.85 * self.text
            width = text_width(number, tall)
            self.pen.text(number, x - width / 2, y + size + tall, tall, self.palette["ink"], halo=self.palette["frame"])

    def legend(self) -> Iterator[LegendPart]:
        """Return what the sizes of discs and the widths of bands stand for."""
        lang, by = self.content["lang"], self.content["by_label"]
        said = {key: words[lang != "fr"].format(by=by, n=len(self.pairs)) for key, words in SAID.items()}
        sizes = self.sizes()
        if sizes:
            yield said["sizes"], [(format_number(count, lang=lang), {"radius": radius}) for count, radius in sizes]
        if len(self.ties):
            yield said["bands"], [(text, {"band": ink}) for text, ink in self.bands()]

    def sizes(self) -> list[tuple[int, float]]:
        """Return three counts of actors and the radius of their disc; none where discs follow their frames."""
        if self.content["layout"] != "geographic" or not len(self.counts):
            return []
        most = int(self.counts.max())
        largest, least = float(self.discs[self.counts.argmax(), 2]), float(self.discs[:, 2].min())
        if least > WIDEST:
            return []
        # A disc that is as large as the legend is not repeated there: smaller ones say the scale.
        shown = most * min(1.0, (WIDEST / largest) ** 2)
        chosen = sorted({_rounded(shown * share) for share in (0.1, 0.35, 1.0)})
        # Below some number of actors all discs are the least: one of them says so.
        by_radius = {max(least, largest * float(np.sqrt(count / most))): count for count in chosen}
        return [(count, radius) for radius, count in by_radius.items()]

    def bands(self) -> Iterator[tuple[str, Ink]]:
        """Return the numbers of ties of each width of band, and how it is drawn."""
        top = int(self.ties.max(initial=0))
        limits = [1, *(int(np.ceil(self._most() * (step / 3.99) ** 2)) for step in (1, 2, 3)), top + 1]
        for step in np.unique(self._steps()):
            bounds = (limits[step], min(limits[step + 1] - 1, top))
            low, high = (format_number(n, lang=self.content["lang"]) for n in bounds)
            yield low if low == high else f"{low} – {high}", self._band(step)

    def index(self, x: float, y: float, width: float, height: float, *, size: float, columns: int) -> None:
        """Write codes, names and counts of the groups in columns, as small as the longest name asks."""
        lang, listed = self.content["lang"], [g for g in self.content["groups"] if g.get("code")]
        listed.sort(key=lambda group: group["code"])
        rows = -(-len(listed) // columns)
        wide = (width - 10 * (columns - 1)) / columns
        counts = [format_number(group["n"], lang=lang) for group in listed]
        longest = max(
            3.2 + text_width(group["label"], 1.0) + text_width(count, 1.0)
            for group, count in zip(listed, counts, strict=True)
        )
        size = min(size, wide / longest)
        step = min(1.5 * size, height / rows)
        size = min(size, step / 1.3)
        for number, (group, count) in enumerate(zip(listed, counts, strict=True)):
            left, base = x + (wide + 10) * (number // rows), y + step * (number % rows + 1)
            right = left + wide - text_width(count, size)
            name = shorten(group["label"], size, right - left - 2.9 * size)
            self.pen.text(group["code"], left, base, size, self.palette["ink"], bold=True)
            self.pen.text(name, left + 2.5 * size, base, size, self.palette["ink"])
            self.pen.text(count, right, base, size, self.palette["muted"])


def _part(disc: NDArray[np.float64], start: float, end: float) -> NDArray[np.float64]:
    """Return the corners of a slice of a disc, clockwise from the top."""
    x, y, r = disc
    turn = np.linspace(start, end, max(3, int(np.ceil(24 * (end - start)))))
    edge = np.column_stack([x + r * np.sin(turn), y - r * np.cos(turn)])
    return np.vstack([[[x, y]], edge])


def _rounded(value: float) -> int:
    """Return the nearest number with one significant digit."""
    unit = 10 ** int(np.floor(np.log10(max(value, 1))))
    return int(max(1, value / unit + 0.5)) * int(unit)
