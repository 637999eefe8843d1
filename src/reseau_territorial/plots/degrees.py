"""How many partners actors have, and which have most."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from reseau_territorial._arguments import check_network
from reseau_territorial.errors import ReseauError
from reseau_territorial.network import Network
from reseau_territorial.plots._drawing import names_of
from reseau_territorial.plots._labels import cut, ranked, text_size
from reseau_territorial.plots._notes import plural, selection_words, source_note
from reseau_territorial.plots._sheet import MARGIN, PAGE, PlotResult, Sheet, finish, say
from reseau_territorial.privacy import Persons
from reseau_territorial.styles import FAMILIES, format_number
from reseau_territorial.vocabulary import Lang

PLAIN = FAMILIES["local"]
MOST_BARS, LISTED = 30, 8
# Inches: the column of names, and the space before it.
COLUMN, SPACE = 2.9, 0.35


def plot_degrees(net: Network, *, title: str | None = None, persons: Persons = "mask", lang: Lang = "fr") -> PlotResult:
    """Draw how many partners actors have, and which have most.

    Parameters
    ----------
    net : Network
        Ties whose status is present count, in either direction, a pair once.
    title : str, optional
        Heading of the sheet.
    persons : {"mask", "keep"}
        Whether natural persons and sole traders keep their names (see :func:`protect`).
    lang : {"fr", "en"}
        Language of the reader.

    Returns
    -------
    PlotResult
        A bar per number of partners, or per class that doubles (1, 2 to 3, 4 to 7...) when an actor has more
        than 30; the best tied actors are listed beside it.

    Raises
    ------
    ReseauError
        If the network has no actor.

    Examples
    --------
    >>> from reseau_territorial import samples
    >>> plot_degrees(samples.tours_masks(), lang="en").alt.split(";")[-1]
    ' at most 10 (Ville de Tours).'
    """
    check_network(net)
    if not len(net):
        raise ReseauError("the network has no actor, so there is nothing to draw.")
    view = net._view(weight=None)
    degree = pd.Series(view.partners, index=view.actors)
    degree = degree.reindex(net.actors.index, fill_value=0)
    names = dict(zip(net.actors.index, names_of(net, persons, lang), strict=True))
    best = [place for place in ranked(degree, degree.index, list(names.values())) if degree.iloc[place]][:LISTED]
    listed = [(" ".join(names[str(degree.index[place])].split()), int(degree.iloc[place])) for place in best]
    half = math.floor(float(degree.median()))
    isolated = int((degree == 0).sum())

    def draw(sheet: Sheet) -> None:
        sheet.head(title or _finding(listed, half, lang), f"{selection_words(net, lang)} · {_alone(isolated, lang)}")
        sheet.foot([source_note(net, lang)])
        _draw_bars(sheet, degree, lang)
        _draw_list(sheet, listed, lang)

    return finish((8.8, 4.6), draw, _sentence(len(net), degree, listed, isolated, lang))


def _finding(listed: list[tuple[str, int]], half: int, lang: Lang) -> str:
    if not listed:
        return say(lang, "Aucun acteur n’a de partenaire", "No actor has a partner")
    name, count = listed[0]
    few = plural(half, say(lang, "partenaire", "partner"), say(lang, "partenaires", "partners"), lang)
    number = format_number(count, lang=lang)
    return say(
        lang,
        f"La moitié des acteurs ont {few} au plus\u202f; {cut(name)} en\u00a0a\u00a0{number}",
        f"Half of the actors have {few} at most; {cut(name)} has {number}",
    )


def _classes(degree: pd.Series) -> list[tuple[int, int]]:
    """Return the classes of numbers of partners: each number while they are few, then doubling ones."""
    low, high = int(degree.min()), int(degree.max())
    if high <= MOST_BARS:
        return [(number, number) for number in range(low, high + 1)]
    starts = [0] * (low == 0) + [2**power for power in range(high.bit_length())]
    ends = [*(start - 1 for start in starts[1:]), high]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if end >= low]


def _draw_bars(sheet: Sheet, degree: pd.Series, lang: Lang) -> None:
    classes = _classes(degree)
    counts = np.array([int(degree.between(low, high).sum()) for low, high in classes])
    ax = sheet.body(right=COLUMN + SPACE, bottom=0.42)
    ax.spines["left"].set_visible(False)
    ax.set_yticks([])
    places = np.arange(len(classes))
    fills = [PAGE.background if high == 0 else PLAIN for _, high in classes]
    ax.bar(places, counts, width=0.8, color=fills, edgecolor=PAGE.outline, linewidth=0.8 * sheet.scale)
    ax.set_xlim(-0.6 - 0.5 * max(6 - len(classes), 0), len(classes) - 0.4 + 0.5 * max(6 - len(classes), 0))
    ax.set_ylim(0, 1.1 * float(counts.max()))
    for place, count in zip(places[counts > 0], counts[counts > 0], strict=True):
        y = float(count) + 0.015 * float(counts.max())
        sheet.write(ax, float(place), y, format_number(int(count), lang=lang), size=8, ha="center", va="bottom")
    step = math.ceil(len(classes) / 16)
    ax.set_xticks(places[::step], [_class_word(*one, lang) for one in classes[::step]])
    sheet.label(
        ax,
        say(
            lang,
            "Nombre de partenaires\u202f; au-dessus des barres, nombre d’acteurs",
            "Number of partners; over the bars, number of actors",
        ),
    )


def _class_word(low: int, high: int, lang: Lang) -> str:
    first, last = format_number(low, lang=lang), format_number(high, lang=lang)
    return first if low == high else f"{first}–{last}"


def _draw_list(sheet: Sheet, listed: list[tuple[str, int]], lang: Lang) -> None:
    """List the best tied actors in the column on the right, each with its number of partners."""
    if not listed:
        return
    right = sheet.width - MARGIN
    y = sheet.top - 0.12
    sheet.text(right - COLUMN, y, say(lang, "Le plus de partenaires", "Most partners"), size=8.5, weight="bold")
    for name, count in listed:
        y -= 0.25
        number = format_number(count, lang=lang)
        room = COLUMN * 72 - text_size(sheet.canvas, number, 8)[0] - 10
        sheet.text(right - COLUMN, y, _fit(sheet, name, room), size=8)
        sheet.text(right, y, number, size=8, ha="right", weight="bold")


def _fit(sheet: Sheet, name: str, room: float) -> str:
    """Cut a name to a width in points."""
    if text_size(sheet.canvas, name, 8)[0] <= room:
        return name
    longest = len(name) - 1
    while longest > 8 and text_size(sheet.canvas, cut(name, longest), 8)[0] > room:
        longest -= 1
    return cut(name, longest)


def _alone(isolated: int, lang: Lang) -> str:
    """Say how many actors have no partner."""
    if not isolated:
        return say(lang, "aucun sans partenaire", "none without partner")
    return f"{format_number(isolated, lang=lang)} {say(lang, 'sans partenaire', 'without partner')}"


def _sentence(size: int, degree: pd.Series, listed: list[tuple[str, int]], isolated: int, lang: Lang) -> str:
    middle = float(degree.median())
    median = format_number(middle, 0 if middle.is_integer() else 1, lang)
    most = format_number(int(degree.max()), lang=lang)
    who = f" ({listed[0][0]})" if listed else ""
    return say(
        lang,
        f"Nombre de partenaires de {plural(size, 'acteur', 'acteurs', lang)}\u202f: médiane {median}\u202f; "
        f"{_alone(isolated, lang)}\u202f; au plus {most}{who}.",
        f"Number of partners of {plural(size, 'actor', 'actors', lang)}: median {median}; "
        f"{_alone(isolated, lang)}; at most {most}{who}.",
    )
