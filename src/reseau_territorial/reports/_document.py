"""What a report is made of: a few blocks that each writer (HTML, PDF, xlsx, docx) knows how to set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Final, Literal, TypeVar

import pandas as pd

from reseau_territorial.styles import clean

__all__ = ["Block", "Bullets", "Document", "Grid", "Heading", "Pair", "Paragraph", "Picture", "drawable"]

# No paragraph is that long: texts are made fit here, not shortened.
LONGEST: Final = 100_000
Part = TypeVar("Part")


@dataclass(frozen=True)
class Heading:
    """The title of a section."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of text; a note is set smaller."""

    text: str
    style: Literal["body", "lead", "note"] = "body"


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: Sequence[str]


@dataclass(frozen=True, eq=False)
class Grid:
    """A table as readers see it: a caption, labels of columns, cells already written out."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[bool]


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture, as pixels and as curves, with the sentence that stands for it; its width is in inches of paper."""

    png: bytes
    svg: bytes
    alt: str
    caption: str
    inches: float


@dataclass(frozen=True, eq=False)
class Pair:
    """A picture and a table that are read together, side by side where the page is wide enough."""

    picture: Picture
    grid: Grid


Block = Heading | Paragraph | Bullets | Grid | Picture | Pair


@dataclass(frozen=True, eq=False)
class Document:
    """A report, whatever the file it is written to.

    Attributes
    ----------
    title, subtitle : str
        What stands at the top.
    lang : {"fr", "en"}
        Language of the text.
    blocks : sequence of blocks
        The text, in order.
    sources : str
        Who made the data, for the properties of a file.
    annex : mapping of str to DataFrame
        The full tables, by the name of their sheet in a workbook: raw values, labelled columns.
    """

    title: str
    subtitle: str
    lang: Literal["fr", "en"]
    blocks: Sequence[Block]
    sources: str = ""
    annex: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def drawable(part: Part) -> Part:
    """Return a document, or a part of it, without the characters that no file can hold: controls, halves of letters."""
    fit: Any = part
    match fit:
        case str():
            fit = clean(fit, LONGEST)
        case pd.DataFrame():
            texts = fit.apply(lambda column: column.map(drawable) if pd.api.types.is_string_dtype(column) else column)
            fit = texts.rename(columns=drawable)
        case Mapping():
            fit = {name: drawable(value) for name, value in fit.items()}
        case list() | tuple():
            fit = type(fit)(drawable(value) for value in fit)
        case _ if is_dataclass(fit):
            fit = replace(fit, **{each.name: drawable(getattr(fit, each.name)) for each in fields(fit)})  # type: ignore[type-var]
    return fit  # type: ignore[no-any-return]
