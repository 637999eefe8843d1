"""The picture of a map without a page: title, map, legend and sources on one sheet, in points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from reseau_territorial.maps._data import MapData
from reseau_territorial.maps._drawing import MapDrawing
from reseau_territorial.maps._labels import Box, shorten, wrap
from reseau_territorial.maps._overview import LegendPart, is_overview
from reseau_territorial.maps._pens import Ink, Pen, markers
from reseau_territorial.maps._writing import tally
from reseau_territorial.styles import format_number

__all__ = ["PAPER", "draw_sheet"]

FEW: Final = 40

PAPER: Final = {"A3": (1190.55, 841.89), "A4": (841.89, 595.28)}


def draw_sheet(pen: Pen, data: MapData, width: float, height: float) -> list[Box]:
    """Draw the whole sheet; return the boxes of the names on the map, none of which touch."""
    return _Sheet(pen, data, width, height).draw()


class _Sheet:
    def __init__(self, pen: Pen, data: MapData, width: float, height: float) -> None:
        self.pen, self.width, self.height = pen, width, height
        self.content: Any = data.content
        self.palette = self.content["themes"]["light"]
        self.unit = 1.0 if height > 700 else 0.82

    def draw(self) -> list[Box]:
        content, pen, unit, palette = self.content, self.pen, self.unit, self.palette
        margin, column = 30 * unit, 236 * unit
        foot, top = self._footer_top(margin), margin + 60 * unit
        coded = sum("code" in group for group in content["groups"]) if is_overview(content) else 0
        # A few names stand under the legend; the hundred départements in three columns, with more room.
        many = coded > FEW
        side = 1.8 * column if many else column
        area = (margin, top, self.width - margin - side - 14 * unit, foot - 10 * unit)
        self._cover(0, 0, self.width, self.height)
        drawing = MapDrawing(pen, content, palette, area, 9.2 * unit, 9.5 * unit)
        self.overview = drawing.overview
        boxes = drawing.draw()
        # Outlines may leave the area of the map: what is around it is drawn over them.
        self._cover(0, 0, self.width, top)
        self._cover(0, 0, margin, self.height)
        self._cover(area[2], 0, self.width, self.height)
        self._cover(0, area[3] + 10 * unit, self.width, self.height)
        title = shorten(content["title"], 25 * unit, self.width - 2 * margin, bold=True)
        pen.text(title, margin, margin + 18 * unit, 25 * unit, palette["ink"], bold=True)
        pen.text(self._subtitle(), margin, margin + 38 * unit, 11.5 * unit, palette["muted"])
        rule = np.array([[margin, 48], [self.width - margin, 48], [self.width - margin, 49.5], [margin, 49.5]])
        rule[:, 1] = margin + rule[:, 1] * unit
        pen.polygons([rule], Ink(fill=palette["accent"]))
        self._footer(margin)
        self._side(self.width - margin - side, top, side, foot - 8 * unit, coded)
        return boxes

    def _side(self, x: float, y: float, width: float, bottom: float, coded: int) -> None:
        """Write the legend, the summary beside it or under it, and the index of the groups that have a code."""
        parts, summary, unit = list(self._legend_parts()), self.content["summary"], self.unit
        if coded > FEW:
            half = width / 2 - 8 * unit
            end = self._legend(parts, [], x, y, half, bottom)
            end = max(end, self._legend([], summary, x + width - half, y, half, bottom))
        else:
            index = (32 + 15 * coded) * unit if coded else 0.0
            end = self._legend(parts, summary, x, y, width, bottom - index)
        if self.overview is not None and coded:
            title = self.content["words"]["index"]
            self.pen.text(title, x, end + 24 * unit, 10 * unit, self.palette["ink"], bold=True)
            place = (x, end + 32 * unit, width, bottom - end - 32 * unit)
            self.overview.index(*place, size=8.2 * unit, columns=3 if coded > FEW else 1)

    def _subtitle(self) -> str:
        counts, lang = self.content["counts"], self.content["lang"]
        text = tally(counts["actors"], counts["present"], lang)
        return " · ".join(part for part in (text, self.content["date"], self.content["author"]) if part)

    def _cover(self, left: float, top: float, right: float, bottom: float) -> None:
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=float)
        self.pen.polygons([corners], Ink(fill=self.palette["background"]))

    def _footer_lines(self, margin: float) -> list[str]:
        notes = self.content["notes"]
        return [line for note in notes for line in wrap(note, 7.6 * self.unit, self.width - 2 * margin)][:9]

    def _footer_top(self, margin: float) -> float:
        return self.height - margin - len(self._footer_lines(margin)) * 9.6 * self.unit

    def _footer(self, margin: float) -> None:
        for number, line in enumerate(reversed(self._footer_lines(margin))):
            bottom = self.height - margin - number * 9.6 * self.unit
            self.pen.text(line, margin, bottom, 7.6 * self.unit, self.palette["muted"])

    def _legend(
        self, parts: list[LegendPart], texts: list[str], x: float, y: float, width: float, bottom: float
    ) -> float:
        """Write the legend, then texts; return where they end."""
        unit = self.unit
        for _ in range(30):
            # A long legend is written smaller, so that nothing is left out.
            unit *= min(1.0, (bottom - y) / self._legend_height(parts, texts, width, unit))
        y -= 6 * unit
        for title, entries in parts:
            y += 6 * unit
            self.pen.text(title, x, y + 8 * unit, 10 * unit, self.palette["ink"], bold=True)
            y += 14 * unit
            for text, mark in entries:
                tall, indent = _row(mark, unit), max(24 * unit, 2 * mark.get("radius", 0.0) + 8 * unit)
                self._mark(mark, x + 9 * unit, y + tall / 2, unit)
                line = shorten(text, 9.2 * unit, width - indent)
                self.pen.text(line, x + indent, y + tall / 2 + 3.25 * unit, 9.2 * unit, self.palette["ink"])
                y += tall
        y += 8 * unit
        for paragraph in texts:
            for line in wrap(paragraph, 9 * unit, width):
                y += 11.6 * unit
                self.pen.text(line, x, y, 9 * unit, self.palette["ink"])
        return y

    def _legend_height(self, parts: list[LegendPart], texts: list[str], width: float, unit: float) -> float:
        rows = sum(_row(mark, unit) for _, entries in parts for _, mark in entries) / unit
        lines = sum(len(wrap(paragraph, 9 * unit, width)) for paragraph in texts)
        return unit * (20 * len(parts) + rows + 11.6 * lines + 10)

    def _legend_parts(self) -> Iterator[LegendPart]:
        content, palette, words = self.content, self.palette, self.content["words"]
        colors, overview = palette["colors"], self.overview
        yield (
            content["color_label"],
            [
                (item["label"], {"shape": "square", "fill": colors[number]})
                for number, item in enumerate(content["colors"])
            ],
        )
        if overview is not None:
            if not overview.tight:
                yield self._kinds()
            yield from overview.legend()
            return
        yield self._kinds()
        yield (
            words["layers"],
            [
                (
                    layer["label"][:1].upper() + layer["label"][1:],
                    {"line": palette["layers"][number], "dash": tuple(layer["dash"])},
                )
                for number, layer in enumerate(content["layers"])
            ],
        )
        signs: list[tuple[str, dict[str, Any]]] = []
        if content["framed"]:
            signs.append(
                (words["sign_frame"].format(by=content["by_label"]), {"shape": "circle", "fill": palette["frame"]})
            )
        if content["bridges"]:
            signs.append((words["sign_bridge"], {"shape": "circle", "ring": True}))
        if content["unsure"]:
            signs.append((words["sign_ghost"], {"shape": "circle", "ghost": True}))
        if content["metrics"]:
            signs.append(
                (words["sign_size"].format(metric=content["metrics"][content["size"]]["label"]), {"sizes": True})
            )
        yield words["signs"], signs

    def _kinds(self) -> LegendPart:
        content, colors = self.content, self.palette["colors"]
        entries = [
            (
                f"{kind['label']} ({format_number(kind['n'], lang=content['lang'])})",
                {"shape": kind["shape"], "fill": colors[kind["color"]]},
            )
            for kind in content["kinds"]
        ]
        return content["words"]["kinds"], entries

    def _mark(self, mark: dict[str, Any], x: float, y: float, unit: float) -> None:
        pen, palette = self.pen, self.palette
        if "band" in mark:
            pen.lines(np.array([[x - 9 * unit, y, x, y, x + 11 * unit, y]]), mark["band"])
        elif "radius" in mark:
            place = np.array([[x - 9 * unit + mark["radius"], y, mark["radius"]]])
            pen.polygons(markers("circle", place), Ink(stroke=palette["muted"], width=1.2))
        elif "line" in mark:
            curve = np.array([[x - 9 * unit, y, x, y, x + 11 * unit, y]])
            pen.lines(curve, Ink(stroke=mark["line"], width=1.4, dash=mark["dash"]))
        elif "sizes" in mark:
            places = np.array([[x - 4 * unit, y, 2.5 * unit], [x + 4.5 * unit, y, 5 * unit]])
            pen.polygons(markers("circle", places), Ink(stroke=palette["ink"]))
        elif "ring" in mark:
            places = np.array([[x, y, 3 * unit], [x, y, 6 * unit]])
            pen.polygons(
                markers("circle", places[:1]), Ink(fill=palette["colors"][0], stroke=palette["outline"], width=0.8)
            )
            pen.polygons(markers("circle", places[1:]), Ink(stroke=palette["ink"], width=1.6))
        else:
            place = np.array([[x, y, 5 * unit]])
            hollow = mark["shape"] in self.content["shapes"] and self.content["shapes"][mark["shape"]]["hollow"]
            if "ghost" in mark:
                ink = Ink(stroke=palette["outline"], width=1.4, dash=(1.2, 1.6))
            elif hollow:
                ink = Ink(fill=palette["background"], stroke=mark["fill"], width=2.2 * unit)
            else:
                ink = Ink(fill=mark["fill"], stroke=palette["outline"], width=0.8)
            pen.polygons(markers(mark["shape"], place), ink)


def _row(mark: dict[str, Any], unit: float) -> float:
    """Return the height of a row of the legend."""
    return float(max(14.5 * unit, 2 * mark.get("radius", 0.0) + 4 * unit))
