"""Two pens with the same strokes: SVG as text, and matplotlib for PNG and PDF. Units are points, y downwards."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError
from reseau_territorial.styles import SHAPES

__all__ = ["FigurePen", "Ink", "Pen", "SvgPen", "text_width"]

Points = NDArray[np.float64]
SMALL_TURN, LARGE_TURN = (np.linspace(0, 2 * math.pi, corners + 1)[:-1] for corners in (36, 144))


@dataclass(frozen=True, kw_only=True)
class Ink:
    """How a stroke looks; dashes are in widths of the line."""

    fill: str | None = None
    stroke: str | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()
    alpha: float = 1.0


class Pen(Protocol):
    """What a sheet is drawn with."""

    def lines(self, curves: Points, ink: Ink) -> None:
        """Draw curves: rows of x1, y1, cx, cy, x2, y2."""

    def polygons(self, rings: list[Points], ink: Ink) -> None:
        """Draw closed rings as one shape with holes."""

    def text(
        self, text: str, x: float, y: float, size: float, color: str, *, bold: bool = False, halo: str = ""
    ) -> None:
        """Write a line whose left end of baseline is at x, y."""


def markers(shape: str, places: Points) -> list[Points]:
    """Return the ring of each marker: rows of x, y, radius."""
    outline = SHAPES[shape]
    if outline.points:
        unit = np.array(outline.points) * (1.0, -1.0)
    else:
        turn = LARGE_TURN if len(places) and places[:, 2].max() > 25 else SMALL_TURN
        unit = outline.radius * np.column_stack([np.cos(turn), np.sin(turn)])
    return [unit * row[2] + row[:2] for row in places]


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Estimate the width of a line, a little wide, so that names measured apart stay apart in any font."""
    ems = 0.0
    for letter in text:
        if letter in "ijlIt.,;:!|'’()[] \u202f\u00a0":
            ems += 0.4
        elif letter in "mwMW%@—" or ord(letter) > 0x2E80:
            ems += 1.05
        elif letter.isupper():
            ems += 0.76
        else:
            ems += 0.63
    return ems * size * (1.08 if bold else 1.0)


class SvgPen:
    """Writes an SVG document."""

    def __init__(self, width: float, height: float, title: str, description: str) -> None:
        self.parts = [
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}pt" height="{height:g}pt" '
            f'viewBox="0 0 {width:g} {height:g}" role="img" aria-label={quoteattr(title)} '
            "font-family=\"Arial, 'Liberation Sans', Helvetica, sans-serif\">"
            f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        ]

    def lines(self, curves: Points, ink: Ink) -> None:
        """Draw curves: rows of x1, y1, cx, cy, x2, y2."""
        path = "".join(f"M{a:.1f} {b:.1f}Q{c:.1f} {d:.1f} {e:.1f} {f:.1f}" for a, b, c, d, e, f in curves)
        self._path(path, ink)

    def polygons(self, rings: list[Points], ink: Ink) -> None:
        """Draw closed rings as one shape with holes."""
        self._path("".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings), ink)

    def _path(self, path: str, ink: Ink) -> None:
        if not path:
            return
        attributes = f'fill="{ink.fill or "none"}" fill-rule="evenodd"'
        if ink.stroke:
            attributes += f' stroke="{ink.stroke}" stroke-width="{ink.width:.2g}" stroke-linejoin="round"'
        if ink.dash:
            attributes += f' stroke-dasharray="{" ".join(f"{step * ink.width:.3g}" for step in ink.dash)}"'
        if ink.alpha < 1:
            attributes += f' opacity="{ink.alpha:g}"'
        self.parts.append(f'<path d="{path}" {attributes}/>')

    def text(
        self, text: str, x: float, y: float, size: float, color: str, *, bold: bool = False, halo: str = ""
    ) -> None:
        """Write a line whose left end of baseline is at x, y."""
        attributes = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{color}"'
        if bold:
            attributes += ' font-weight="600"'
        if halo:
            attributes += f' stroke="{halo}" stroke-width="{size / 4:g}" stroke-linejoin="round" paint-order="stroke"'
        self.parts.append(f"<text {attributes}>{escape(text)}</text>")

    def to_text(self) -> str:
        """Return the document."""
        return "\n".join([*self.parts, "</svg>", ""])


class FigurePen:
    """Draws on a matplotlib figure, without its global state."""

    def __init__(self, width: float, height: float) -> None:
        from matplotlib.figure import Figure

        self.height = height
        self.figure = Figure(figsize=(width / 72, height / 72), facecolor="white")
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)
        self.axes.set_axis_off()

    def lines(self, curves: Points, ink: Ink) -> None:
        """Draw curves: rows of x1, y1, cx, cy, x2, y2."""
        from matplotlib.path import Path

        if len(curves):
            codes = np.tile([Path.MOVETO, Path.CURVE3, Path.CURVE3], len(curves))
            self._patch(Path(curves.reshape(-1, 2), codes), ink)

    def polygons(self, rings: list[Points], ink: Ink) -> None:
        """Draw closed rings as one shape with holes."""
        from matplotlib.path import Path

        if rings:
            closed = [np.vstack([ring, ring[:1]]) for ring in rings]
            codes = [[Path.MOVETO, *[Path.LINETO] * (len(ring) - 1), Path.CLOSEPOLY] for ring in rings]
            self._patch(Path(np.vstack(closed), np.concatenate(codes)), ink)

    def _patch(self, path: Any, ink: Ink) -> None:
        from matplotlib.patches import PathPatch

        # A pattern is (offset, lengths) in line widths.
        style: Any = (0, ink.dash) if ink.dash else "solid"
        self.axes.add_patch(
            PathPatch(
                path,
                facecolor=ink.fill or "none",
                edgecolor=ink.stroke or "none",
                linewidth=ink.width if ink.stroke else 0,
                linestyle=style,
                alpha=ink.alpha,
                joinstyle="round",
            )
        )

    def text(
        self, text: str, x: float, y: float, size: float, color: str, *, bold: bool = False, halo: str = ""
    ) -> None:
        """Write a line whose left end of baseline is at x, y."""
        from matplotlib.patheffects import Stroke

        weight = "bold" if bold else "normal"
        face: dict[str, Any] = {"fontsize": size, "family": "DejaVu Sans", "weight": weight, "parse_math": False}
        if halo:
            # A text with effects becomes a shape: the halo is written apart, so that the text stays a text.
            effects = [Stroke(linewidth=size / 4, foreground=halo)]
            self.axes.text(x, y, text, color=halo, path_effects=effects, **face)
        self.axes.text(x, y, text, color=color, **face)

    def to_bytes(self, form: Literal["png", "pdf"], dpi: int) -> bytes:
        """Return the picture, the same bytes each time."""
        import warnings

        from matplotlib import rc_context

        if form not in ("png", "pdf"):
            raise ReseauError(f"a figure is written as png or pdf, not {form!r}.")
        buffer = io.BytesIO()
        metadata = {"Software": None} if form == "png" else {"CreationDate": None, "Producer": None, "Creator": None}
        with rc_context({"pdf.fonttype": 42}), warnings.catch_warnings():
            # A letter that the bundled font lacks is drawn as a box; that is no reason to stop.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            self.figure.savefig(buffer, format=form, dpi=dpi, metadata=metadata)
        return buffer.getvalue()
