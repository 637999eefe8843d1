"""How an actor, a layer and a period are drawn: the palettes and their rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from reseau_territorial.styles._colors import SEQUENTIAL, color_at
from reseau_territorial.styles._shapes import shape_of
from reseau_territorial.vocabulary import KINDS, PERIODS, SECTORS, Family, Lang, label

ThemeName = Literal["light", "dark"]


@dataclass(frozen=True)
class Theme:
    """Colours of the page around the data."""

    background: str
    ink: str
    muted: str
    outline: str
    frame: str
    frame_line: str
    ghost: str


THEMES: Final[Mapping[str, Theme]] = {
    "light": Theme("#FFFFFF", "#1B1B1B", "#555555", "#333333", "#F4F4F7", "#8C8C9B", "#6B6B6B"),
    "dark": Theme("#14181D", "#F2F2F2", "#B5BAC1", "#E6E6E6", "#1D232A", "#66707C", "#9BA3AD"),
}

FAMILIES: Final[Mapping[Family, str]] = {
    "local": "#0072B2",
    "state": "#D55E00",
    "civil": "#009E73",
    "business": "#CC79A7",
    "other": "#595959",
}
FAMILIES_DARK: Final[Mapping[Family, str]] = {
    "local": "#2F7FE0",
    "state": "#E28035",
    "civil": "#5FF0C4",
    "business": "#F5A6EA",
    "other": "#808080",
}
# Layers come as a dark colour (0, 3, 4) or a light one (1, 2, 5), each with a dash of its own. A second lap
# gives the dashes of the dark colours to the light ones: on a grey print, dash and darkness still tell all twelve.
LAYER_COLORS: Final = ("#004488", "#D0607A", "#A98300", "#1B6B2F", "#2A1A2E", "#2F97C9")
LAYER_COLORS_DARK: Final = ("#4C63FF", "#D4535C", "#E2AB00", "#3CFF8A", "#F2F0F5", "#73B5DB")
# Lengths of ink and gap, in line widths; an empty tuple is a solid line.
DASHES: Final[tuple[tuple[float, ...], ...]] = (
    (),
    (7.0, 3.0),
    (1.2, 2.0),
    (8.0, 2.2, 1.2, 2.2),
    (3.2, 1.6),
    (8.0, 2.0, 1.2, 2.0, 1.2, 2.0),
)
_LAPS: Final = ((0, 1, 2, 3, 4, 5), (1, 0, 3, 2, 5, 4))
MUTED_LAYER: Final[Mapping[str, str]] = {"light": "#8C8C98", "dark": "#78828E"}
MOST_LAYERS: Final = len(LAYER_COLORS) * len(_LAPS)
PERIOD_COLORS: Final = ("#004488", "#BB5566", "#DDAA33")
CHANGE_GLYPHS: Final[Mapping[str, str]] = {"gained": "+", "kept": "=", "lost": "−", "unknown": "?"}


@dataclass(frozen=True)
class ActorStyle:
    """How an actor is drawn: its family gives the colour, its kind the shape."""

    family: Family
    color: str
    shape: str
    outline: str


@dataclass(frozen=True)
class LineStyle:
    """How a layer is drawn: no two share both colour and dash, save those that are muted, being too many."""

    color: str
    dash: tuple[float, ...]
    label: str
    muted: bool = False


def family_of(kind: object, sector: object = None) -> Family:
    """Return the family of a kind of actor; the sector speaks for a kind that we do not know.

    Examples
    --------
    >>> family_of("epci"), family_of("guilde", "private"), family_of("guilde")
    ('local', 'business', 'other')
    """
    known = KINDS.get(str(kind))
    if known is not None and (known.family != "other" or str(kind) != "other"):
        return known.family
    term = SECTORS.get(str(sector))
    return term.family if term is not None else "other"


def actor_style(kind: object, sector: object = None, *, theme: ThemeName = "light") -> ActorStyle:
    """Return colour, shape and outline of an actor.

    Examples
    --------
    >>> actor_style("prefecture")
    ActorStyle(family='state', color='#D55E00', shape='triangle', outline='#333333')
    """
    family = family_of(kind, sector)
    palette = FAMILIES if theme == "light" else FAMILIES_DARK
    return ActorStyle(family, palette[family], shape_of(kind), THEMES[theme].outline)


def actor_styles(actors: pd.DataFrame, *, theme: ThemeName = "light") -> pd.DataFrame:
    """Return family, color, shape and outline of each row of an actor table.

    Parameters
    ----------
    actors : pandas.DataFrame
        With columns ``kind`` and ``sector``.
    theme : {"light", "dark"}
        For a white or a dark page.

    Returns
    -------
    pandas.DataFrame
        Indexed as `actors`.
    """
    cache: dict[tuple[str, str], ActorStyle] = {}
    rows = []
    for kind, sector in zip(actors["kind"].astype(object), actors["sector"].astype(object), strict=True):
        key = (str(kind), str(sector))
        if key not in cache:
            cache[key] = actor_style(*key, theme=theme)
        rows.append(cache[key])
    names = ("family", "color", "shape", "outline")
    return pd.DataFrame({name: [getattr(row, name) for row in rows] for name in names}, index=actors.index)


def layer_styles(
    layers: Sequence[str],
    *,
    counts: Mapping[str, int] | None = None,
    lang: Lang = "fr",
    theme: ThemeName = "light",
) -> dict[str, LineStyle]:
    """Return colour, dash and label of each layer, in the order given.

    Parameters
    ----------
    layers : sequence of str
        The layers of the network, always in its own order, so that a layer keeps its style in every view.
    counts : mapping of str to int, optional
        Ties of each layer. Twelve lines can be told apart: beyond, the layers with fewest ties are muted
        (those that come last when no count is given).
    lang : {"fr", "en"}
        Language of the labels.
    theme : {"light", "dark"}
        For a white or a dark page.

    Returns
    -------
    dict of str to LineStyle
        By layer.

    Examples
    --------
    >>> layer_styles(["masks", "funding"])["funding"].label
    'financement'
    """
    colors = LAYER_COLORS if theme == "light" else LAYER_COLORS_DARK
    kept = list(layers)
    if len(kept) > MOST_LAYERS:
        largest = sorted(layers, key=lambda layer: -(counts or {}).get(layer, 0))[:MOST_LAYERS]
        kept = [layer for layer in layers if layer in set(largest)]
    styles = {}
    for layer in layers:
        word = label("layer", layer, lang=lang)
        if layer not in kept:
            styles[layer] = LineStyle(MUTED_LAYER[theme], (), word, muted=True)
            continue
        lap, place = divmod(kept.index(layer), len(colors))
        styles[layer] = LineStyle(colors[place], DASHES[_LAPS[lap][place]], word)
    return styles


def period_styles(periods: Sequence[object], *, lang: Lang = "fr") -> dict[object, LineStyle]:
    """Return colour, dash and label of each period; three colours, then steps of the sequential scale."""
    if len(periods) <= len(PERIOD_COLORS):
        colors = list(PERIOD_COLORS[: len(periods)])
    else:
        colors = [color_at(SEQUENTIAL, 0.9 * step / (len(periods) - 1)) for step in range(len(periods))]
    return {
        period: LineStyle(color, DASHES[number % len(DASHES)], label("period", period, lang=lang))
        for number, (period, color) in enumerate(zip(periods, colors, strict=True))
    }


def period_word(period: object, *, lang: Lang = "fr") -> str:
    """Return the title of a period: ``"Pendant"``, or the period itself with a capital."""
    word = label("period", period, lang=lang) if str(period) in PERIODS else str(period)
    return word[:1].upper() + word[1:]
