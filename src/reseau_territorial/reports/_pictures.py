"""The pictures of a report, drawn by the plots and kept as PNG with the sentence that stands for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from reseau_territorial.plots import PlotResult, plot, plot_change, plot_mixing
from reseau_territorial.plots._sheet import render
from reseau_territorial.reports._document import Block, Heading, Picture
from reseau_territorial.reports._findings import Findings
from reseau_territorial.vocabulary import Lang, label

__all__ = ["Pictures"]

DPI: Final = 200
READABLE: Final = 1.1


@dataclass(frozen=True)
class Pictures:
    """Draws what was found; each method yields the blocks that hold a picture, or nothing."""

    found: Findings
    lang: Lang

    def network(self, text: Mapping[str, str]) -> Iterator[Block]:
        """Yield the map of the network, groups apart."""
        found = self.found
        yield Heading(text["h_map"])
        by = label("column", found.by, lang=self.lang)
        drawn = plot(found.focus, color=found.by, by=found.by, size=found.table["betweenness"], lang=self.lang)
        yield _picture(drawn, text["map_caption"].format(by=by), inches=(8.8, 6.0))

    def mixing(self, text: Mapping[str, str]) -> Iterator[Block]:
        """Yield the heat map of who works with whom."""
        if self.found.focus.actors[self.found.by].nunique() > 1:
            drawn = plot_mixing(self.found.focus, by=self.found.by, lang=self.lang)
            yield _picture(drawn, text["mixing_caption"], inches=(7.6, 5.6), width=0.62)

    def change(self, text: Mapping[str, str]) -> Iterator[Block]:
        """Yield the network period by period, on the same positions."""
        if len(self.found.net.periods) > 1:
            drawn = plot_change(self.found.net, by=self.found.by, lang=self.lang)
            yield _picture(drawn, text["change_caption"], inches=(11.0, 5.0))


def _picture(drawn: PlotResult, caption: str, *, inches: tuple[float, float], width: float = 1.0) -> Picture:
    """Draw the plot again for the width of a page, so that its words stay readable there."""
    share = min(inches[0] / drawn.natural[0], inches[1] / drawn.natural[1])
    figure = drawn.draw(*inches, share * READABLE)
    return Picture(render(figure, "png", DPI, drawn.alt), drawn.alt, caption, width)
