"""The pictures of a report, drawn by the plots and kept as PNG with the sentence that stands for them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reseau_territorial.plots import PlotResult, plot, plot_change, plot_mixing
from reseau_territorial.reports._document import Block, Heading, Picture
from reseau_territorial.reports._findings import Findings
from reseau_territorial.vocabulary import Lang, label

__all__ = ["Pictures"]


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
        yield _picture(drawn, text["map_caption"].format(by=by, sources="").strip())

    def mixing(self, text: Mapping[str, str]) -> Iterator[Block]:
        """Yield the heat map of who works with whom."""
        if self.found.focus.actors[self.found.by].nunique() > 1:
            drawn = plot_mixing(self.found.focus, by=self.found.by, lang=self.lang)
            yield _picture(drawn, text["mixing_caption"])

    def change(self, text: Mapping[str, str]) -> Iterator[Block]:
        """Yield the network period by period, on the same positions."""
        if len(self.found.net.periods) > 1:
            yield _picture(plot_change(self.found.net, by=self.found.by, lang=self.lang), text["change_caption"])


def _picture(drawn: PlotResult, caption: str) -> Picture:
    with tempfile.TemporaryDirectory(prefix="reseau-") as folder:
        png = drawn.save(Path(folder) / "picture.png").read_bytes()
    return Picture(png, drawn.alt, caption)
