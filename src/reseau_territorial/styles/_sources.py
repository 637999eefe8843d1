"""Where facts come from: each source in full, and all of them in a line."""

from __future__ import annotations

from typing import Final

import pandas as pd

from reseau_territorial.network import Network
from reseau_territorial.styles._formats import format_date, format_number
from reseau_territorial.styles._text import clean
from reseau_territorial.vocabulary import Lang

__all__ = ["FEW_SOURCES", "evidence_labels", "source_line", "sources_of"]

# Up to so many sources are named in full; beyond, producers with the number of their documents.
FEW_SOURCES: Final = 3
MOST_PRODUCERS: Final = 8


def evidence_labels(sources: pd.DataFrame, evidence: str, lang: Lang = "fr") -> list[str]:
    """Return the sources that a tie names (identifiers apart from each other by ``;``), without their licence."""
    names = [name.strip() for name in evidence.split(";") if name.strip()]
    return list(dict.fromkeys(_label(sources, name, lang, licence=False) for name in names))


def sources_of(net: Network, lang: Lang = "fr") -> list[str]:
    """Return in full, once each, the sources that ties name; all of them when ties name none."""
    return list(dict.fromkeys(_label(net.sources, name, lang) for name in _used(net)))


def source_line(net: Network, lang: Lang = "fr") -> str:
    """Return all sources in a line: producers and licences once, however many documents; "" without any.

    Examples
    --------
    >>> from reseau_territorial import samples
    >>> source_line(samples.tours_masks())[:31]
    'info-tours.fr (6 documents), Fr'
    """
    full = sources_of(net, lang)
    if len(full) <= FEW_SOURCES:
        return " · ".join(full)
    table = net.sources.loc[_used(net)].fillna("")
    lines = []
    for licence, rows in table.groupby("licence", sort=False):
        counts = rows["producer"].astype(str).value_counts(sort=False).drop("", errors="ignore")
        named = [f"{clean(name)} ({count} documents)" if count > 1 else clean(name) for name, count in counts.items()]
        more = len(named) - MOST_PRODUCERS
        if more > 0:
            named = [*named[:MOST_PRODUCERS], f"+ {format_number(more, lang=lang)}"]
        lines.append(". ".join(part for part in (", ".join(named), clean(licence).rstrip(".")) if part))
    return " · ".join(line for line in lines if line) or " · ".join(full[:FEW_SOURCES])


def _used(net: Network) -> list[str]:
    cited = {name.strip() for text in net.ties["evidence"].dropna() for name in str(text).split(";")}
    names = [str(name) for name in net.sources.index]
    return [name for name in names if name in cited] or names


def _label(sources: pd.DataFrame, name: str, lang: Lang, *, licence: bool = True) -> str:
    """Return producer, title, date and licence; the identifier of a source that the table does not have."""
    if name not in sources.index:
        return clean(name)
    row = sources.loc[name]
    parts = [str(row[column]) for column in ("producer", "title") if pd.notna(row[column])]
    if pd.notna(row["date"]) and format_date(row["date"], lang) not in " ".join(parts):
        parts.append(format_date(row["date"], lang))
    if licence and pd.notna(row["licence"]):
        parts.append(str(row["licence"]))
    return clean(", ".join(parts).rstrip(".") or name)
