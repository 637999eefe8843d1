"""The pictures of a report, drawn by the plots for its page: their words are as large as those of its notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from reseau_territorial.plots import PlotResult, plot, plot_change, plot_mixing
from reseau_territorial.plots._sheet import render
from reseau_territorial.reports._document import Block, Heading, Picture
from reseau_territorial.reports._findings import Findings
from reseau_territorial.vocabulary import Lang, label

__all__ = ["Pictures"]

DPI: Final = 220
# Inches: an A4 page is 8.27 wide, less its margins.
WHOLE, HALF = 6.93, 3.3
PERIODS_SHOWN: Final = 3
# Groups of the heat map beside those that are folded into one: more could not be read at its size.
GROUPS_SHOWN: Final = 6


@dataclass(frozen=True)
class Pictures:
    """Draws what was found; each method yields the blocks that hold a picture, or nothing.

    The network is already protected: to mask it again would give other numbers than the text has.
    """

    found: Findings
    lang: Lang

    def network(self, text: Mapping[str, str]) -> Iterator[Block]:
        """Yield the map of the network, groups apart."""
        found = self.found
        yield Heading(text["h_map"])
        caption = text["map_caption"].format(by=label("column", found.by, lang=self.lang))
        if found.several:
            options: dict[str, Any] = {"color": found.by, "by": found.by}
        else:
            # Groups that say nothing are not drawn as if they did.
            options, caption = {"layout": "force", "highlight": None}, text["map_caption_free"]
        drawn = plot(found.focus, size=found.table["betweenness"], persons="keep", lang=self.lang, **options)
        yield _picture(drawn, caption, WHOLE, 3.85)

    def mixing(self, text: Mapping[str, str]) -> Picture | None:
        """Return the heat map of who works with whom, where there are groups and ties; small groups are one."""
        found = self.found
        if found.silo is None or not float(found.mixing["weight"].sum()):
            return None
        groups = found.focus.actors[found.by].astype("str")
        largest = groups.value_counts().sort_index().sort_values(ascending=False, kind="stable").index[:GROUPS_SHOWN]
        folded = groups.where(groups.isin(largest) | (groups.nunique() <= GROUPS_SHOWN + 1), text["other_groups"])
        net = found.focus.replace(actors=found.focus.actors.assign(**{found.by: folded}))
        drawn = plot_mixing(net, by=found.by, lang=self.lang)
        if not folded.equals(groups):
            # Ties between two groups that are folded into one stay in no group: what is said counts all groups.
            drawn = replace(drawn, alt=plot_mixing(found.focus, by=found.by, lang=self.lang).alt)
            return _picture(drawn, f"{text['mixing_caption']} {text['mixing_folded']}", HALF, 2.55)
        return _picture(drawn, text["mixing_caption"], HALF, 2.55)

    def change(self, text: Mapping[str, str]) -> Iterator[Block]:
        """Yield the network period by period, on the same positions."""
        every = self.found.net.periods
        if self.found.period is not None and len(every) > 1:
            first = max(0, min(every.index(self.found.period) - 1, len(every) - PERIODS_SHOWN))
            around = every[first : first + PERIODS_SHOWN]
            by = self.found.by if self.found.several else None
            drawn = plot_change(self.found.net, by=by, periods=tuple(around), persons="keep", lang=self.lang)
            yield _picture(drawn, text["change_caption"], WHOLE, 2.6)


def _picture(drawn: PlotResult, caption: str, width: float, height: float) -> Picture:
    figure = drawn.draw(width, height, 1.0, inset=True)
    png, svg = (render(figure, kind, DPI, drawn.alt) for kind in ("png", "svg"))
    return Picture(png, svg, drawn.alt, caption, width)
