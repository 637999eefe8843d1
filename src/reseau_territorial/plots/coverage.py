"""Needs against answers: who can count on one, and how surely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reseau_territorial.errors import ReseauError
from reseau_territorial.plots._axes import ticks
from reseau_territorial.plots._labels import text_size
from reseau_territorial.plots._notes import need_words, plural, source_note
from reseau_territorial.plots._sheet import MARGIN, PAGE, SMALLEST, PlotResult, Sheet, Style, finish, say, wrap
from reseau_territorial.styles import FAMILIES, format_number, format_percent
from reseau_territorial.vocabulary import Lang

if TYPE_CHECKING:
    from reseau_territorial.network import Network

SURE, FRAGILE, HATCH = FAMILIES["local"], "#BBD9EE", "////"
SHOWN = 24
ROW = 0.36
NEED_WIDTH = 2.9
TOLD = 8


def plot_coverage(
    net: Network, *, table: pd.DataFrame | None = None, title: str | None = None, lang: Lang = "fr", **options: Any
) -> PlotResult:
    """Draw the share of actors whose needs are covered, and how surely.

    Parameters
    ----------
    net : Network
        With `provision`.
    table : DataFrame, optional
        What ``coverage(net)`` returned, if made already: index need, columns ``covered``, ``secured``,
        ``users`` and ``providers``.
    title : str, optional
        Heading of the sheet.
    lang : {"fr", "en"}
        Language of the reader.
    **options
        Passed to ``coverage``: ``within``, ``users``, ``period``, ``roles``. With `table`, only ``within`` is
        read, to say what the table counts.

    Returns
    -------
    PlotResult
        A bar per need, the least covered first (24 at most): dark where it stays covered if any one actor
        fails, hatched where it hangs on one actor, empty where it is not covered; the numbers beside it.

    Raises
    ------
    ReseauError
        If the network has no provision.

    Examples
    --------
    >>> from reseau_territorial import samples
    >>> plot_coverage(samples.tours_masks(), lang="en").alt.split(":")[0]
    'Share of actors covered'
    """
    within = options.get("within", 1 if table is None else None)
    if table is None:
        from reseau_territorial.metrics.needs import coverage

        table = coverage(net, **options)
    if not len(table):
        raise ReseauError("no need is described: fill in the provision table (actor, need).")
    words = need_words(net, lang)
    table = table.assign(
        word=[words.get(need, str(need)) for need in table.index],
        sure=table["covered"] * table["secured"].fillna(0.0),
    ).sort_values(["covered", "sure", "word"], kind="stable")
    shown = table.head(SHOWN)
    users = plural(int(table["users"].max()), say(lang, "acteur", "actor"), say(lang, "acteurs", "actors"), lang)
    natural = (8.8, 2.6 + ROW * len(shown))

    def draw(sheet: Sheet) -> None:
        sheet.head(title or _finding(table["covered"], lang), _subtitle(users, within, lang))
        sheet.foot([_hidden(len(table) - len(shown), lang), source_note(net, lang)])
        _draw_legend(sheet, lang)
        _draw_bars(sheet, shown, lang)

    return finish(natural, draw, _sentence(table, lang))


def _finding(covered: pd.Series, lang: Lang) -> str:
    few, every = int((covered < 0.5).sum()), len(covered)
    if few:
        return say(
            lang,
            f"{plural(few, 'besoin', 'besoins', lang)} sur {every}\u202f: moins d’un acteur sur deux a une réponse",
            f"{plural(few, 'need', 'needs', lang)} of {every}: less than one actor in two has an answer",
        )
    least = format_percent(float(covered.min()), lang=lang)
    return say(
        lang,
        f"Chaque besoin a une réponse pour {least} des acteurs au moins",
        f"Each need has an answer for {least} of the actors at least",
    )


def _subtitle(users: str, within: int | None, lang: Lang) -> str:
    where = {
        None: say(lang, "à leur portée", "within reach"),
        0: say(lang, "chez eux", "of their own"),
        1: say(lang, "chez eux ou chez un partenaire", "of their own or from a partner"),
    }
    steps = format_number(within or 0, lang=lang)
    far = say(lang, f"à {steps} pas au plus (les partenaires de leurs partenaires)", f"within {steps} steps")
    place = where.get(within, far)
    return say(lang, f"Part des {users} qui ont une réponse {place}", f"Share of {users} with an answer {place}")


def _hidden(count: int, lang: Lang) -> str:
    if count <= 0:
        return ""
    return say(
        lang,
        plural(count, "besoin mieux couvert n’est pas montré.", "besoins mieux couverts ne sont pas montrés.", lang),
        plural(count, "better covered need is not shown.", "better covered needs are not shown.", lang),
    )


def _draw_legend(sheet: Sheet, lang: Lang) -> None:
    from matplotlib.patches import Rectangle

    width, height = sheet.width - 2 * MARGIN, 0.26
    sheet.top -= height
    ax = sheet.axes(MARGIN, sheet.top, width, height, bare=True)
    ax.set_xlim(0, width * 72)
    ax.set_ylim(0, height * 72)
    sure = say(lang, "couvert, même si un acteur fait défaut", "covered even if one actor fails")
    fragile = say(lang, "couvert, mais tient à un seul acteur", "covered, but hangs on one actor")
    x = 0.0
    for text, style in ((sure, _bar(sheet, SURE)), (fragile, _bar(sheet, FRAGILE, HATCH)), (_none(lang), _bar(sheet))):
        ax.add_patch(Rectangle((x, 4.5), 18, 10, **style))
        sheet.write(ax, x + 23, 9, text, size=8)
        x += 23 + text_size(sheet.canvas, text, 8)[0] + 18
    sheet.top -= 0.2


def _none(lang: Lang) -> str:
    return say(lang, "non couvert", "not covered")


def _bar(sheet: Sheet, fill: str = PAGE.background, hatch: str = "") -> Style:
    edge = PAGE.frame_line if fill == PAGE.background else SURE
    return {"facecolor": fill, "hatch": hatch, "edgecolor": edge, "linewidth": 0.8 * sheet.scale}


def _draw_bars(sheet: Sheet, table: pd.DataFrame, lang: Lang) -> None:
    names = [_two_lines(word) for word in table["word"]]
    left = max(text_size(sheet.canvas, name, 8)[0] for name in names) / 72 + 0.08
    columns = [
        (say(lang, "couverts", "covered"), [format_percent(share, lang=lang) for share in table["covered"]], "bold"),
        (say(lang, "dont sûrs", "surely"), [format_percent(share, lang=lang) for share in table["sure"]], "normal"),
        (say(lang, "répondants", "providers"), [format_number(n, lang=lang) for n in table["providers"]], "normal"),
    ]
    ax = sheet.body(left=left, right=0.74 * len(columns), bottom=0.25)
    rows = np.arange(len(table))
    ax.barh(rows, 1.0, height=0.62, **_bar(sheet))
    ax.barh(rows, table["covered"], height=0.62, **_bar(sheet, FRAGILE, HATCH))
    ax.barh(rows, table["sure"], height=0.62, **_bar(sheet, SURE))
    ax.set_xlim(0, 1)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks(rows, names)
    for tick in ax.get_yticklabels():
        tick.set_color(PAGE.ink)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    ticks(ax, "x", lang, percent=True)
    inch = 1.0 / (ax.get_position().width * sheet.width)
    for place, (head, cells, weight) in enumerate(columns):
        x = 1.0 + (0.72 * place + 0.62) * inch
        sheet.write(ax, x, -0.62, head, size=SMALLEST, ha="right", va="bottom", color=PAGE.muted, clip_on=False)
        for row, cell in enumerate(cells):
            sheet.write(ax, x, row, cell, size=8, ha="right", weight=weight, clip_on=False)


def _two_lines(word: str) -> str:
    lines = wrap(word, NEED_WIDTH, 8)
    return "\n".join(lines if len(lines) <= 2 else [lines[0], f"{lines[1]}…"])


def _sentence(table: pd.DataFrame, lang: Lang) -> str:
    listed = []
    for word, covered, sure in table[["word", "covered", "sure"]].head(TOLD).itertuples(index=False):
        shares = format_percent(covered, lang=lang), format_percent(sure, lang=lang)
        french = f"{word}\u202f: {shares[0]}, dont {shares[1]} même si un acteur fait défaut"
        listed.append(say(lang, french, f"{word}: {shares[0]}, of which {shares[1]} even if one actor fails"))
    text, rest = say(lang, "\u202f; ", "; ").join(listed), len(table) - TOLD
    if rest > 0:
        least = format_percent(float(table["covered"].iloc[TOLD]), lang=lang)
        text += say(
            lang,
            f"\u202f; {plural(rest, 'autre besoin', 'autres besoins', lang)}, {least} au moins",
            f"; {plural(rest, 'other need', 'other needs', lang)}, {least} at least",
        )
    return say(lang, f"Part des acteurs dont le besoin est couvert\u202f: {text}.", f"Share of actors covered: {text}.")
