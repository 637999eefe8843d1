"""What charts share: words of metrics, ticks in the language of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reseau_territorial.plots._scales import METRIC_WORDS
from reseau_territorial.styles import format_number, format_percent
from reseau_territorial.vocabulary import Lang, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def metric_word(name: str, lang: Lang) -> str:
    """Return what a reader calls a metric."""
    extra = {"network_silo": "indice de silo", "modularity": "modularité", "assortativity": "assortativité"}
    if lang == "fr" and name in extra:
        return extra[name]
    return METRIC_WORDS[lang].get(name, label("column", name, lang=lang)).replace("_", " ")


def ticks(ax: Axes, axis: str, lang: Lang, *, digits: int | None = None, percent: bool = False) -> None:
    """Write the ticks of an axis in the language of the reader."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    one = ax.xaxis if axis == "x" else ax.yaxis
    if digits == 0 and not percent and one.get_scale() == "linear":
        one.set_major_locator(MaxNLocator(nbins=8, integer=True))

    def written(value: float, _: object) -> str:
        if percent:
            return format_percent(value, digits or 0, lang)
        step = float(np.ptp(one.get_view_interval()))
        auto = 0 if step >= 8 else 1 if step >= 0.8 else 2 if step >= 0.08 else 3
        return format_number(value, auto if digits is None else digits, lang)

    one.set_major_formatter(FuncFormatter(written))
