"""The sheet that a plot is drawn on: title, footer, axes in inches, one scale for paper of any size."""

from __future__ import annotations

import base64
import io
import math
import os
import textwrap
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from reseau_territorial._files import write_atomically
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.plots._letters import FONT, families, tell, written
from reseau_territorial.styles import THEMES, visible
from reseau_territorial.vocabulary import Lang, check_lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Style = dict[str, Any]
_SETTINGS = threading.RLock()
_NOT_A_STYLE: Final = ("backend", "backend_fallback", "interactive", "toolbar", "timezone", "webagg", "tk", "macosx")
PAGE: Final = THEMES["light"]
PAPER: Final[Mapping[str, tuple[float, float]]] = {"A4": (11.69, 8.27), "A3": (16.54, 11.69)}
FORMATS: Final = ("png", "svg", "pdf")
MARGIN: Final = 0.35
# No word of a plot is smaller, in points, at its natural size.
SMALLEST: Final = 7.0
# DejaVu Sans is about this wide per point of its size; good enough to break lines.
CHARACTER: Final = 0.56


def say(lang: Lang, french: str, english: str) -> str:
    """Choose the language of what a reader sees."""
    check_lang(lang)
    return french if lang == "fr" else english


class Sheet:
    """A figure with a title and a footer, and room between them.

    Lengths given to its methods are inches and points at the natural size of the plot; `scale` enlarges
    all of them alike, so that an A3 sheet is the same picture, larger. An inset goes into a page that has its
    own title, caption and sources: it has none, and no margin.
    """

    def __init__(self, width: float, height: float, scale: float, *, inset: bool = False) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.scale, self.inset = scale, inset
        self.margin = 0.02 if inset else MARGIN
        self.width, self.height = width / scale, height / scale
        self.figure: Figure = Figure(figsize=(width, height), facecolor=PAGE.background)
        self.canvas = FigureCanvasAgg(self.figure)
        self.top, self.bottom = self.height - self.margin, self.margin
        self.texts: list[str] = []

    def text(self, x: float, y: float, text: str, *, size: float = 8.0, color: str = PAGE.ink, **more: Any) -> None:
        """Write at inches from the lower left corner."""
        text = self._fit(text)
        options = {"ha": "left", "va": "baseline", "family": families(text), "parse_math": False, **more}
        self.figure.text(x / self.width, y / self.height, text, fontsize=size * self.scale, color=color, **options)

    def head(self, title: str, subtitle: str = "") -> None:
        """Write the title, and what is shown under it; the room below is left for axes."""
        if self.inset:
            return
        for text, size, color, weight in ((title, 15.0, PAGE.ink, "bold"), (subtitle, 9.0, PAGE.muted, "normal")):
            for line in balanced(text, self.width - 2 * self.margin, size):
                self.top -= size / 72
                self.text(self.margin, self.top, line, size=size, color=color, weight=weight)
                self.top -= 0.4 * size / 72
        self.top -= 0.1

    def foot(self, notes: list[str]) -> None:
        """Write notes at the foot of the sheet: counts, caveats, sources."""
        if self.inset:
            return
        lines = [line for note in notes if note for line in wrap(note, self.width - 2 * self.margin, SMALLEST)]
        for line in reversed(lines):
            self.text(self.margin, self.bottom, line, size=SMALLEST, color=PAGE.muted)
            self.bottom += 1.35 * SMALLEST / 72
        self.bottom += 0.12 if lines else 0.0

    def axes(self, left: float, bottom: float, width: float, height: float, *, bare: bool = False) -> Axes:
        """Add axes at inches from the lower left corner; bare ones show no frame and no ticks."""
        ax = self.figure.add_axes((left / self.width, bottom / self.height, width / self.width, height / self.height))
        if bare:
            ax.set_axis_off()
        else:
            self.dress(ax)
        return ax

    def body(self, *, left: float = 0.0, right: float = 0.0, bottom: float = 0.0, bare: bool = False) -> Axes:
        """Add axes that fill the room between head and foot, less what labels need."""
        low = self.bottom + bottom
        width = self.width - 2 * self.margin - left - right
        return self.axes(self.margin + left, low, width, self.top - low, bare=bare)

    def dress(self, ax: Axes) -> None:
        """Give axes the quiet look of the library: no box, small grey ticks."""
        for side in ("top", "right"):
            ax.spines[side].set_visible(False)
        for side in ("left", "bottom"):
            ax.spines[side].set_color(PAGE.frame_line)
            ax.spines[side].set_linewidth(0.8 * self.scale)
        ax.tick_params(
            labelsize=8.0 * self.scale,
            labelfontfamily=FONT,
            colors=PAGE.muted,
            length=3 * self.scale,
            width=0.8 * self.scale,
            pad=3 * self.scale,
        )

    def label(self, ax: Axes, x: str = "", y: str = "") -> None:
        """Name the axes."""
        style: dict[str, Any] = {"fontsize": 9.0 * self.scale, "family": FONT, "color": PAGE.ink}
        ax.set_xlabel(x, labelpad=5 * self.scale, **style)
        ax.set_ylabel(y, labelpad=5 * self.scale, **style)

    def write(self, ax: Axes, x: float, y: float, text: str, *, size: float = 8.0, **more: Any) -> None:
        """Write inside axes, in data coordinates unless a transform is given."""
        text, halo = self._fit(text), more.pop("halo", 0.0)
        options = {
            "color": PAGE.ink,
            "family": families(text),
            "ha": "left",
            "va": "center",
            "parse_math": False,
            **more,
        }
        if halo:
            # A halo is drawn as curves: it stands apart, under the words, so that the words stay text.
            from matplotlib.patheffects import Stroke

            under = ax.text(x, y, text, fontsize=size * self.scale, **{**options, "color": PAGE.background})
            under.set_path_effects([Stroke(linewidth=halo * self.scale, foreground=PAGE.background)])
        ax.text(x, y, text, fontsize=size * self.scale, **options)

    def _fit(self, text: str) -> str:
        """Return what of a text can be drawn, and remember the text."""
        self.texts.append(visible(text))
        return written(self.texts[-1])


def wrap(text: str, inches: float, size: float) -> list[str]:
    """Break a text into lines that fit a width."""
    return textwrap.wrap(text, max(int(inches * 72 / (size * CHARACTER)), 12), break_long_words=False)


def balanced(text: str, inches: float, size: float) -> list[str]:
    """Break a text into as few lines as `wrap`, of about the same length: no word alone on the last one."""
    lines = wrap(text, inches, size)
    while len(lines) > 1 and len(narrower := wrap(text, inches - 0.1, size)) == len(lines):
        inches, lines = inches - 0.1, narrower
    return lines


class Drawing(Protocol):
    """Draws a plot again, for a width and a height in inches, everything enlarged by a scale."""

    def __call__(self, width: float, height: float, scale: float, *, inset: bool = False) -> Figure: ...


@dataclass(frozen=True, eq=False)
class PlotResult:
    """A figure, and the sentence that says the same to who cannot see it.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        The drawing, free of pyplot.
    alt : str
        Alternative text: a full sentence written from the figures.
    natural : tuple of float
        Width and height in inches, when no paper is asked for.
    draw : callable
        Draws the figure again for another size.
    """

    figure: Figure
    alt: str
    natural: tuple[float, float] = field(repr=False)
    draw: Drawing = field(repr=False)

    def save(self, path: str | os.PathLike[str], *, size: str | None = None, dpi: int = 300) -> Path:
        """Write the figure to a file.

        Parameters
        ----------
        path : path
            Ends with ``.png``, ``.svg`` or ``.pdf``. Text stays text in the last two.
        size : {"A3", "A4"}, optional
            Draws it again to fill this paper, landscape; by default the natural size of the plot.
        dpi : int, default 300
            Dots per inch of a PNG.

        Returns
        -------
        pathlib.Path
            The file written. The same figure gives the same bytes.

        Raises
        ------
        ReseauError
            If the ending of the name is not known.
        UnknownNameError
            If the paper is not known.
        """
        target = Path(path)
        kind = target.suffix.lower().removeprefix(".")
        if kind not in FORMATS:
            raise ReseauError(f"cannot write {target.name!r}: end the name with .png, .svg or .pdf.")
        return write_atomically(target, render(self.resized(size), kind, dpi, self.alt))

    def resized(self, size: str | None) -> Figure:
        """Return the figure drawn again for a paper; the figure itself when no paper is asked for."""
        if size is None:
            return self.figure
        if size not in PAPER:
            raise unknown_name("paper size", size, PAPER)
        width, height = PAPER[size]
        return self.draw(width, height, min(width / self.natural[0], height / self.natural[1]))

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        del include, exclude
        image = base64.b64encode(render(self.figure, "png", 110, self.alt)).decode("ascii")
        return {"image/png": image, "text/plain": self.alt}, {"image/png": {"alt": self.alt}}


@contextmanager
def own_settings(more: dict[Any, Any] | None = None) -> Iterator[None]:
    """Draw with the settings that matplotlib ships, whatever the user's style; give theirs back after.

    Settings are global in matplotlib: the lock keeps two threads from giving back each other's.
    """
    from matplotlib import rc_context, rcParamsDefault

    plain: dict[Any, Any] = {
        key: value for key, value in rcParamsDefault.items() if key.split(".")[0] not in _NOT_A_STYLE
    }
    # Without hinting a word has the same width at every resolution: what was measured is what is printed.
    with _SETTINGS, rc_context({**plain, "text.hinting": "no_hinting", **(more or {})}):
        yield


def render(figure: Figure, kind: str, dpi: int, alt: str) -> bytes:
    """Return the bytes of a figure: no date inside, text kept as text, the sentence as description."""
    metadata: dict[str, dict[str, Any]] = {
        "png": {"Description": alt},
        "svg": {"Date": None, "Description": alt},
        "pdf": {"CreationDate": None, "ModDate": None, "Subject": alt},
    }
    stream = io.BytesIO()
    settings: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "reseau-territorial", "pdf.fonttype": 42}
    with own_settings(settings):
        figure.savefig(stream, format=kind, dpi=dpi, metadata=metadata[kind])
    return stream.getvalue()


def finish(natural: tuple[float, float], draw: Callable[[Sheet], None], alt: str) -> PlotResult:
    """Draw a plot at its natural size, ready to be drawn again for another paper."""

    def drawn(width: float, height: float, scale: float, *, inset: bool = False) -> Figure:
        with own_settings():
            sheet = Sheet(width, height, scale, inset=inset)
            draw(sheet)
        tell(sheet.texts)
        return sheet.figure

    return PlotResult(drawn(*natural, 1.0), visible(alt), natural, drawn)


def taken(width: float, dress: Callable[[Sheet], None]) -> float:
    """Return the inches of height that what is written above and under a drawing takes on a sheet of a width."""
    with own_settings():
        sheet = Sheet(width, 2 * PAPER["A3"][0], 1.0)
        dress(sheet)
    return sheet.height - (sheet.top - sheet.bottom)


def nice_ceiling(value: float) -> float:
    """Return the first of 1, 2, 2.5, 5 times a power of ten at or above a positive value."""
    if value <= 0:
        return 1.0
    power = float(10.0 ** math.floor(math.log10(value)))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value * (1 - 1e-9))
