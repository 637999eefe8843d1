"""What every view shares: colours, shapes, dashes, and French numbers and dates.

Families are colours, kinds are shapes, layers are a colour and a dash, periods a colour and a word.
Nothing here draws: colours are ``#RRGGBB``, shapes are outlines in a unit box (y upwards) that
matplotlib and a canvas read alike. `contrast` and `color_distance` measure what the palettes promise.
"""

from reseau_territorial.styles._colors import (
    DIVERGING,
    SEQUENTIAL,
    color_at,
    color_distance,
    contrast,
    smallest_distance,
    text_on,
)
from reseau_territorial.styles._formats import (
    MONTHS,
    NARROW,
    NO_BREAK,
    format_date,
    format_euros,
    format_number,
    format_percent,
)
from reseau_territorial.styles._roles import (
    CHANGE_GLYPHS,
    DASHES,
    FAMILIES,
    FAMILIES_DARK,
    LAYER_COLORS,
    LAYER_COLORS_DARK,
    MOST_LAYERS,
    PERIOD_COLORS,
    THEMES,
    ActorStyle,
    LineStyle,
    Theme,
    actor_style,
    actor_styles,
    family_of,
    layer_styles,
    period_styles,
    period_word,
)
from reseau_territorial.styles._shapes import SHAPES, Shape, shape_of
from reseau_territorial.styles._sources import FEW_SOURCES, evidence_labels, source_line, sources_of
from reseau_territorial.styles._text import clean, in_a_sentence, visible

__all__ = [
    "CHANGE_GLYPHS",
    "DASHES",
    "DIVERGING",
    "FAMILIES",
    "FAMILIES_DARK",
    "FEW_SOURCES",
    "LAYER_COLORS",
    "LAYER_COLORS_DARK",
    "MONTHS",
    "MOST_LAYERS",
    "NARROW",
    "NO_BREAK",
    "PERIOD_COLORS",
    "SEQUENTIAL",
    "SHAPES",
    "THEMES",
    "ActorStyle",
    "LineStyle",
    "Shape",
    "Theme",
    "actor_style",
    "actor_styles",
    "clean",
    "color_at",
    "color_distance",
    "contrast",
    "evidence_labels",
    "family_of",
    "format_date",
    "format_euros",
    "format_number",
    "format_percent",
    "in_a_sentence",
    "layer_styles",
    "period_styles",
    "period_word",
    "shape_of",
    "smallest_distance",
    "source_line",
    "sources_of",
    "text_on",
    "visible",
]
