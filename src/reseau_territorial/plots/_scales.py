"""From actors to colours, sizes and legend entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError
from reseau_territorial.outlines.naming import group_labels
from reseau_territorial.plots._notes import sentence_case
from reseau_territorial.styles import (
    FAMILIES,
    SEQUENTIAL,
    SHAPES,
    LineStyle,
    Shape,
    actor_styles,
    color_at,
    family_of,
    format_number,
    layer_styles,
    shape_of,
)
from reseau_territorial.vocabulary import SECTORS, Lang, label, unknown_word

if TYPE_CHECKING:
    from matplotlib.path import Path as MarkerPath

    from reseau_territorial.network import Network

Floats = NDArray[np.float64]
SMALL, LARGE, USUAL = 3.0, 11.0, 4.6


@dataclass(frozen=True)
class Entry:
    """A line of the legend: a marker, its colour, the word, how many."""

    text: str
    color: str
    shape: str
    heading: str = ""


@dataclass(frozen=True, eq=False)
class Look:
    """How each actor is drawn: colour, shape, radius in points; and the legend that says so."""

    colors: list[str]
    shapes: list[str]
    radii: Floats
    entries: list[Entry]
    ramp: tuple[float, float, str] | None
    sizes: tuple[float, float, str] | None


def values_of(net: Network, asked: str | pd.Series | None, what: str) -> pd.Series | None:
    """Return the values of a column of actors, of a series, or of a metric computed now."""
    if asked is None:
        return None
    if isinstance(asked, pd.Series):
        return asked.reindex(net.actors.index)
    if not isinstance(asked, str):
        raise ReseauError(
            f"{what} takes a column of actors, a metric or a Series, not a {type(asked).__name__}. Of a table, "
            "pass one column: table['degree']."
        )
    if asked in net.actors.columns:
        return net.actors[asked]
    from reseau_territorial.metrics.table import ACTOR_METRICS, measure

    try:
        table = measure(net, [asked])
    except (AttributeError, ValueError) as error:
        known = [*net.actors.columns, *ACTOR_METRICS]
        raise unknown_word(f"actor column or metric for {what}", asked, known, table="column") from error
    return table.iloc[:, 0].reindex(net.actors.index)


def looks(
    net: Network,
    *,
    color: str | pd.Series | None,
    size: str | pd.Series | None,
    lang: Lang,
    bounds: Floats | None = None,
) -> Look:
    """Choose how the actors of a network are drawn.

    `bounds` are the least and greatest size of a wider network, for small multiples on one scale.
    """
    actors = net.actors
    shapes = [shape_of(kind) for kind in actors["kind"].astype(object)]
    ramp = None
    asked = values_of(net, color, "color")
    if asked is not None and pd.api.types.is_numeric_dtype(asked) and not pd.api.types.is_bool_dtype(asked):
        numbers = asked.to_numpy(dtype=float, na_value=np.nan)
        low, high = _range(numbers)
        shares = (numbers - low) / max(high - low, 1e-12)
        colors = [color_at(SEQUENTIAL, 1 - s) if np.isfinite(s) else "#FFFFFF" for s in shares]
        entries = _kind_entries(actors, lang, plain=True)
        ramp = (low, high, _title(color, lang))
    elif asked is None or color in ("kind", "family"):
        colors = actor_styles(actors)["color"].tolist()
        entries = _kind_entries(actors, lang, plain=False)
    else:
        palette, first = _group_colors(net, asked, asked.name if isinstance(color, pd.Series) else color, lang)
        colors = [palette[str(value)] for value in asked.astype(object).where(asked.notna(), "")]
        entries = first + _kind_entries(actors, lang, plain=True)
    radii, sizes = _radii(values_of(net, size, "size"), size, lang, bounds, len(actors))
    return Look(colors, shapes, radii, entries, ramp, sizes)


def _title(asked: object, lang: Lang) -> str:
    name = str(asked.name) if isinstance(asked, pd.Series) else str(asked)
    return label("column", METRIC_WORDS[lang].get(name, name), lang=lang)


METRIC_WORDS: Mapping[Lang, Mapping[str, str]] = {
    "fr": {
        "degree": "degré",
        "strength": "intensité des liens",
        "betweenness": "intermédiarité",
        "closeness": "proximité",
        "participation": "diversité des groupes joints",
        "constraint": "contrainte",
        "silo": "indice de silo",
        "coreness": "rang dans le cœur",
        "bridging_centrality": "centralité de pont",
    },
    "en": {"silo": "silo index"},
}


def _range(numbers: Floats) -> tuple[float, float]:
    known = numbers[np.isfinite(numbers)]
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)


def _kind_entries(actors: pd.DataFrame, lang: Lang, *, plain: bool) -> list[Entry]:
    """One entry per kind present, gathered by family; white, most frequent first, when colours say else."""
    counts = actors["kind"].astype(object).where(actors["kind"].notna(), "").value_counts()
    sectors = actors["sector"].astype(object).groupby(actors["kind"].astype(object).fillna("")).first()
    entries = []
    for family in FAMILIES:
        for kind, count in sorted(counts.items(), key=lambda item: (-item[1], str(item[0]))):
            if family_of(kind or None, sectors.get(kind)) != family:
                continue
            word = label("kind", kind, lang=lang) if kind else ("Type non précisé" if lang == "fr" else "No kind")
            text = f"{word} ({format_number(count, lang=lang)})"
            heading = ("Formes" if lang == "fr" else "Shapes") if plain else label("family", family, lang=lang)
            entries.append((count, Entry(text, "#FFFFFF" if plain else FAMILIES[family], shape_of(kind), heading)))
    if plain:
        entries.sort(key=lambda item: -item[0])
    return [entry for _, entry in entries]


def _counted(word: str, count: int, lang: Lang) -> str:
    return f"{word} ({format_number(count, lang=lang)})"


def _group_colors(net: Network, values: pd.Series, named: object, lang: Lang) -> tuple[dict[str, str], list[Entry]]:
    """Five colours at most: beyond, they cannot be told apart, so the smallest groups share the grey."""
    counts = values.astype(object).where(values.notna(), "").astype(str).value_counts()
    counts = counts.loc[sorted(counts.index, key=lambda key: (-counts[key], key))]
    column = str(named)
    heading = sentence_case(label("column", column, lang=lang))
    words = dict(zip(counts.index, group_labels(net, column, counts.index, lang), strict=True))
    if column == "sector":
        palette = {key: FAMILIES[SECTORS[key].family if key in SECTORS else "other"] for key in counts.index}
        entries = [
            Entry(_counted(words[key], count, lang), palette[key], "circle", heading) for key, count in counts.items()
        ]
        return palette, entries
    colors = list(FAMILIES.values())
    named = [key for key in counts.index if key][: 4 if len(counts) > 5 else 5]
    palette = {key: colors[named.index(key)] if key in named else colors[-1] for key in counts.index}
    entries = [Entry(_counted(words[key], int(counts[key]), lang), palette[key], "circle", heading) for key in named]
    others = int(counts.drop(named).sum())
    if others:
        palette.update({key: colors[-1] for key in counts.index if key not in named})
        word = _counted("Autres" if lang == "fr" else "Others", others, lang)
        entries.append(Entry(word, colors[-1], "circle", heading))
    return palette, entries


def _radii(
    values: pd.Series | None, asked: str | pd.Series | None, lang: Lang, bounds: Floats | None, n: int
) -> tuple[Floats, tuple[float, float, str] | None]:
    if values is None:
        return np.full(n, USUAL), None
    numbers = pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan)
    low, high = _range(numbers if bounds is None else bounds)
    if high <= low:
        return np.full(len(numbers), USUAL), None
    shares = np.clip(np.nan_to_num((numbers - low) / (high - low)), 0, 1)
    return np.sqrt(SMALL**2 + shares * (LARGE**2 - SMALL**2)), (low, high, _title(asked, lang))


def line_styles(net: Network, lang: Lang) -> dict[str, LineStyle]:
    """Return how each layer of a network is drawn; beyond twelve layers, those with fewest ties are muted."""
    counts = {str(layer): int(n) for layer, n in net.ties["layer"].value_counts().items()}
    return layer_styles(list(net.layers.index), counts=counts, lang=lang)


def fade(look: Look, active: NDArray[np.bool_]) -> None:
    """Make the actors that have no tie here small and pale."""
    for number in np.flatnonzero(~active):
        look.colors[number] = "#E3E3E8"
    look.radii[~active] *= 0.6


def marker(shape: str) -> tuple[MarkerPath, float]:
    """Return the outline of a shape for matplotlib, and its reach, by which matplotlib divides it."""
    from matplotlib.path import Path as MarkerPath

    one: Shape = SHAPES[shape]
    if not one.points:
        circle = MarkerPath.unit_circle()
        return circle, one.radius
    corners = [*one.points, one.points[0]]
    return MarkerPath(corners, closed=True), float(np.abs(np.array(one.points)).max())
