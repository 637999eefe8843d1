"""Before, during, after: the same positions three times, and where ties went."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from reseau_territorial._arguments import check_network
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.layouts import Layout, place_actors
from reseau_territorial.plots import _drawing as drawing
from reseau_territorial.plots._alluvial import draw_alluvial
from reseau_territorial.plots._frames import label_frames
from reseau_territorial.plots._labels import ranked, text_size
from reseau_territorial.plots._legend import kinds_at_foot
from reseau_territorial.plots._notes import group_names, notes, numbered_groups, plural
from reseau_territorial.plots._scales import fade, looks
from reseau_territorial.plots._sheet import MARGIN, PAGE, SMALLEST, PlotResult, Sheet, finish, say, taken, wrap
from reseau_territorial.privacy import Persons, without_amounts
from reseau_territorial.styles import CHANGE_GLYPHS, PERIOD_COLORS, format_number, period_word
from reseau_territorial.vocabulary import SEED, Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reseau_territorial.network import Network

FATES: Final = ("gained", "kept", "lost", "present", "unknown")
GLYPHS: Final = {**CHANGE_GLYPHS, "present": "•"}
# Width of a map with the gap after it, that gap, the words over a map, and room for names about it, in inches.
ACROSS, GAP, HEAD, NAMES = 4.2, 0.2, 0.5, 0.25
# A map a third of a sheet wide has room for so many names of groups; beyond, they have numbers.
NAMED_GROUPS = 6
# Actors named although their ties did not change, so that a reader finds his way; those named at any cost; and the
# number of actors up to which all whose ties changed are named.
LANDMARKS, LANDMARKS_INSET, FIRM, NAMED_ALL = 10, 4, 12, 60
# Colour, dash, width of each fate: readable in grey by the dash and the width alone.
STROKES: Final[dict[str, tuple[str, tuple[float, ...], float]]] = {
    "gained": (PERIOD_COLORS[1], (), 2.0),
    "kept": (PERIOD_COLORS[0], (), 1.0),
    "lost": ("#8A6A00", (1.4, 1.8), 1.2),
    "present": (PAGE.ink, (), 0.9),
    "unknown": (PAGE.ghost, (5.0, 3.0), 0.9),
}


def plot_change(
    net: Network,
    *,
    by: str | None = None,
    periods: tuple[str, ...] | None = None,
    kind: Literal["maps", "alluvial"] = "maps",
    layout: str | Layout = "groups",
    title: str | None = None,
    seed: int = SEED,
    persons: Persons = "mask",
    lang: Lang = "fr",
) -> PlotResult:
    """Draw how the ties changed from period to period.

    Parameters
    ----------
    net : Network
        With at least two periods.
    by : str, optional
        Actor column of the silos (see :func:`place_actors`).
    periods : tuple of str, optional
        Which periods, in order; by default all, at most four.
    kind : {"maps", "alluvial"}
        ``"maps"``: one map per period on the same positions; ties are gained, kept, lost since the period
        before, or unknown. ``"alluvial"``: the pairs, flowing between present, absent and unknown.
    layout : str or Layout
        Name of a layout, or one already made.
    title : str, optional
        Heading of the sheet.
    seed : int
        Starting point of the layout.
    persons : {"mask", "keep"}
        Whether natural persons and sole traders keep their names (see :func:`protect`).
    lang : {"fr", "en"}
        Language of the reader.

    Returns
    -------
    PlotResult
        A landscape sheet. A tie that is unknown in a period is neither kept nor lost.

    Raises
    ------
    ReseauError
        If there are fewer than two periods.
    UnknownNameError
        If a period is not there.

    Examples
    --------
    >>> from reseau_territorial import samples
    >>> plot_change(samples.tours_masks(), kind="alluvial", lang="en").alt.split(";")[0]
    'Change of the network of 33 actors: tied pairs 6 (before), 35 (crisis), 7 (after)'
    """
    check_network(net)
    chosen = net.periods[:4] if periods is None else tuple(str(period) for period in periods)
    for period in chosen:
        if period not in net.periods:
            raise unknown_name("period", period, net.periods)
    if len(chosen) < 2:
        known = ", ".join(map(repr, net.periods)) or "none"
        raise ReseauError(
            f"a change needs two periods and {len(chosen)} can be drawn (periods of the network: {known}); fill in the "
            "period column of the tie table."
        )
    if kind not in ("maps", "alluvial"):
        raise unknown_name("kind of change plot", kind, ["maps", "alluvial"])
    states = pair_states(net, chosen)
    heading = title or _finding(states, lang)
    sentence = _sentence(net, states, chosen, lang)
    if kind == "alluvial":
        return finish((10.5, 6.2), lambda sheet: _alluvial(sheet, net, states, chosen, heading, lang), sentence)
    net = without_amounts(net)
    placed = layout if isinstance(layout, Layout) else place_actors(net, layout=layout, by=by, seed=seed)
    one = _Maps(net, placed, states, drawing.names_of(net, persons, lang), heading, lang)
    return finish(one.natural(), one.draw, sentence)


def pair_states(net: Network, periods: tuple[str, ...]) -> pd.DataFrame:
    """Return the state of each pair in each period: present, unknown or absent.

    A pair without a row in a period is unknown where `observation` says that one end was not observed,
    else absent; several rows make it present if one is, else unknown if one is.
    """
    ties = net.ties
    ties = ties[ties["period"].isin(periods) & (ties["source"] != ties["target"])]
    rank = ties["status"].astype(str).map({"present": 2, "unknown": 1, "absent": 0})
    low = np.where(ties["source"] < ties["target"], ties["source"], ties["target"])
    high = np.where(ties["source"] < ties["target"], ties["target"], ties["source"])
    best = rank.groupby([low, high, ties["period"].astype(str)]).max().unstack()
    best = best.reindex(columns=list(periods))
    observation = net.observation
    for period in periods:
        asked = observation[observation["period"].astype(str) == period]
        silent = asked.groupby("actor")["observed"].max()
        missed = set(silent.index[~silent.astype(bool)])
        ends = best.index
        unseen = np.array([a in missed or b in missed for a, b in ends], dtype=bool)
        best[period] = best[period].where(best[period].notna(), np.where(unseen, 1.0, 0.0))
    words = {2: "present", 1: "unknown", 0: "absent"}
    return pd.DataFrame(best.apply(lambda column: column.map(words)))


def fates(states: pd.DataFrame, before: str, after: str) -> pd.Series:
    """Return what became of each pair since the period before.

    gained, kept or lost; present when it is there now and was unknown before; unknown when it was there
    and is unknown now; none when it is present in neither.
    """
    was, now = states[before], states[after]
    fate = pd.Series("none", index=states.index)
    fate[(was == "present") & (now == "present")] = "kept"
    fate[(was == "present") & (now == "absent")] = "lost"
    fate[(was == "absent") & (now == "present")] = "gained"
    fate[(was == "unknown") & (now == "present")] = "present"
    fate[(was == "present") & (now == "unknown")] = "unknown"
    return fate


def fate_word(fate: str, lang: Lang, *, count: int = 2) -> str:
    """Return the word for a fate, in the singular for a count of 0 or 1 in French."""
    french = {
        "gained": ("gagnée", "gagnées"),
        "kept": ("conservée", "conservées"),
        "lost": ("perdue", "perdues"),
        "present": ("présente, avant non connu", "présentes, avant non connu"),
        "unknown": ("inconnue", "inconnues"),
    }
    english = {"present": "present, unknown before", "unknown": "unknown"}
    return say(lang, french[fate][count > 1], english.get(fate, fate))


class _Maps:
    """A map per period, on the same positions, and how large a sheet they fill."""

    def __init__(
        self, net: Network, placed: Layout, states: pd.DataFrame, names: list[str], heading: str, lang: Lang
    ) -> None:
        self.net, self.placed, self.states, self.names, self.lang = net, placed, states, names, lang
        self.heading, self.periods = heading, list(states.columns)
        self.fates = [None, *(fates(states, before, after) for before, after in pairwise(self.periods))]
        self.shown = [_drawn(states[period], fate) for period, fate in zip(self.periods, self.fates, strict=True)]
        self.low, self.high = drawing.bounds_of(placed.positions.loc[net.actors.index], placed.frames)
        named = placed.kind == "groups" and placed.by is not None and len(placed.frames) > 1
        self.groups = group_names(net, str(placed.by), placed.frames, lang) if named else []
        self.numbers: list[str] = []
        self.key = ""
        if len(self.groups) > NAMED_GROUPS:
            self.numbers, self.key = numbered_groups(net, str(placed.by), placed.frames, lang)

    def natural(self) -> tuple[float, float]:
        """Return the size of a sheet that the maps fill, with no blank above or under them."""
        width = ACROSS * len(self.periods) + 2 * MARGIN
        span = np.maximum(self.high - self.low, 1.0)
        height = (ACROSS - GAP) * float(np.clip(span[1] / span[0], 0.45, 1.25)) + HEAD + NAMES
        return width, height + taken(width, self._dress)

    def _dress(self, sheet: Sheet) -> None:
        lang = self.lang
        subtitle = say(
            lang,
            "Mêmes positions à chaque période\u202f; chaque paire d’acteurs est comparée à la période "
            "précédente\u202f; petit et pâle\u202f: acteur sans lien à cette période",
            "Same positions in each period; each pair of actors is compared with the period before; small and pale: "
            "actor without ties in the period",
        )
        sheet.head(self.heading, subtitle)
        sheet.foot(["" if sheet.inset else self.key, *notes(self.net, lang, seed=self.placed.seed)])
        kinds_at_foot(sheet, looks(self.net, color=None, size=None, lang=lang))
        words = {fate: fate_word(fate, lang) for fate in STROKES if any((one == fate).any() for one in self.shown)}
        if not any((one == "present").any() for one in self.shown[1:]) and "present" in words:
            words["present"] = say(lang, "liées à la première période", "tied in the first period")
        _fate_legend(sheet, words)

    def draw(self, sheet: Sheet) -> None:
        """Draw the sheet: heading, a map per period, legends, notes."""
        self._dress(sheet)
        gap = GAP / 2 if sheet.inset else GAP
        width = (sheet.width - 2 * sheet.margin - gap * (len(self.periods) - 1)) / len(self.periods)
        for number, period in enumerate(self.periods):
            left = sheet.margin + number * (width + gap)
            state, fate = self.states[period], self.fates[number]
            _column_head(sheet, left, width, state, fate, period, self.lang)
            ax = sheet.axes(left, sheet.bottom, width, sheet.top - sheet.bottom - HEAD, bare=True)
            view = drawing.fit(sheet, ax, self.low, self.high, pad=3 if sheet.inset else 8)
            groups = [] if sheet.inset and fate is not None else self.groups
            groups = self.numbers if groups and self.numbers and not sheet.inset else groups
            _one_map(sheet, ax, view, self.net, self.placed, state, self.shown[number], self.names, groups)


def _drawn(state: pd.Series, fate: pd.Series | None) -> pd.Series:
    """Return the fate that each pair is drawn with; in the first period, whether it is there."""
    if fate is not None:
        return fate
    return pd.Series("present", index=state.index).where(state == "present", "none").mask(state == "unknown", "unknown")


def _column_head(
    sheet: Sheet, left: float, width: float, state: pd.Series, fate: pd.Series | None, period: str, lang: Lang
) -> None:
    """Write over a map its period, how many pairs are tied, and what became of those of the period before."""
    sheet.text(left, sheet.top - 0.17, period_word(period, lang=lang), size=10 if sheet.inset else 12, weight="bold")
    present = plural(_present(state), *_pair_words(lang), lang)
    text = present
    if fate is not None:
        counts = [f"{GLYPHS[name]}\u00a0{_counted(fate, name, lang)}" for name in FATES if (fate == name).any()]
        text = f"{present}\u202f: " + ", ".join(counts) if lang == "fr" else f"{present}: " + ", ".join(counts)
    size = SMALLEST if sheet.inset else 7.5
    for line, written in enumerate(wrap(text, width, size)):
        sheet.text(left, sheet.top - 0.31 - 0.125 * line, written, size=size, color=PAGE.muted)


def _pair_words(lang: Lang) -> tuple[str, str]:
    return say(lang, "paire liée", "tied pair"), say(lang, "paires liées", "tied pairs")


def _one_map(
    sheet: Sheet,
    ax: Axes,
    view: drawing.View,
    net: Network,
    placed: Layout,
    state: pd.Series,
    shown: pd.Series,
    names: list[str],
    groups: list[str],
) -> None:
    from matplotlib.collections import LineCollection

    actors = net.actors
    positions = placed.positions.loc[actors.index]
    if placed.kind == "groups" and len(placed.frames) > 1:
        drawing.draw_frames(sheet, ax, placed.frames)
    for name, (color, dash, line) in STROKES.items():
        pairs = shown.index[shown == name]
        if not len(pairs):
            continue
        ends = [positions.loc[pairs.get_level_values(level)].to_numpy(float) for level in (0, 1)]
        ax.add_collection(
            LineCollection(
                list(np.stack(ends, axis=1)),
                colors=color,
                linewidths=line * sheet.scale * float(np.clip(np.sqrt(120 / len(shown)), 0.2, 1)),
                linestyles=[(0, dash) if dash else "solid"],
                zorder={"unknown": 1.0, "present": 1.1, "kept": 1.15, "lost": 1.2, "gained": 1.3}[name],
            )
        )
    active = shown.index[shown != "none"]
    present = actors.index.isin(active.get_level_values(0)) | actors.index.isin(active.get_level_values(1))
    look = looks(net, color=None, size=None, lang="fr")
    scale = min(drawing.marker_scale(view, positions, look), 0.62 if sheet.inset else 0.85)
    look.radii[:] = look.radii * scale
    xy = positions.to_numpy(float)
    fade(look, present)
    drawing.draw_actors(sheet, ax, xy, look)
    boxes = drawing.obstacles(view, xy, look.radii)
    if groups:
        label_frames(sheet, ax, view, placed.frames, groups, boxes, size=SMALLEST)
    if len(actors) <= 200:
        order, changed = _named(actors.index, names, state, shown, LANDMARKS_INSET if sheet.inset else LANDMARKS)
        reached = look.radii * 1.1
        drawing.draw_labels(
            sheet,
            ax,
            view,
            names,
            xy,
            reached,
            order,
            boxes,
            size=SMALLEST,
            strong=changed,
            firm=FIRM,
            reach=2.0,
            wrap_at=16,
        )


def _named(
    actors: pd.Index, names: list[str], state: pd.Series, shown: pd.Series, landmarks: int
) -> tuple[list[int], frozenset[int]]:
    """Choose who is named: all who gained or lost a tie, then a few with most ties, for the reader to find his way."""

    def ties_of(pairs: pd.Index) -> pd.Series:
        ends = pairs.get_level_values(0).append(pairs.get_level_values(1))
        return ends.value_counts().reindex(actors, fill_value=0)

    moved = ties_of(shown.index[shown.isin(["gained", "lost"])]).to_numpy()
    tied = ties_of(state.index[state == "present"]).to_numpy()
    changed = [int(i) for i in ranked(moved, actors, names) if moved[i]]
    known = [int(i) for i in ranked(tied, actors, names) if tied[i] and i not in set(changed)]
    if len(actors) > NAMED_ALL:
        changed = changed[:FIRM]
    return changed + known[:landmarks], frozenset(changed)


def _fate_legend(sheet: Sheet, words: dict[str, str]) -> None:
    """Write the legend of the fates that are drawn on one line above the foot."""
    y = sheet.bottom + 0.1
    ax = sheet.axes(sheet.margin, y - 0.08, sheet.width - 2 * sheet.margin, 0.2, bare=True)
    ax.set_xlim(0, (sheet.width - 2 * sheet.margin) * 72)
    ax.set_ylim(-1, 1)
    x, size = 0.0, SMALLEST if sheet.inset else 8.0
    for name, word in words.items():
        color, dash, line = STROKES[name]
        style = (0, dash) if dash else "solid"
        ax.plot([x, x + 26], [0, 0], color=color, linewidth=1.3 * line * sheet.scale, linestyle=style)
        text = f"{GLYPHS[name]}  {word}"
        sheet.write(ax, x + 31, 0, text, size=size)
        x += 50 + text_size(sheet.canvas, text, size)[0]
    sheet.bottom += 0.3 if sheet.inset else 0.36


def _alluvial(
    sheet: Sheet, net: Network, states: pd.DataFrame, periods: tuple[str, ...], heading: str, lang: Lang
) -> None:
    one, many = say(lang, "paire d’acteurs liée", "pair"), say(lang, "paires d’acteurs liées", "pairs")
    count = plural(len(states), one, many, lang)
    subtitle = say(
        lang,
        f"{count} à une période au moins, ou de statut inconnu\u202f; chaque bande suit des paires d’une période "
        "à la suivante",
        f"{count} of actors tied in some period, or unknown; each band follows pairs from period to period",
    )
    sheet.head(heading, subtitle)
    sheet.foot(notes(net, lang))
    words = {
        "present": say(lang, "Liées", "Tied"),
        "unknown": say(lang, "Non connues", "Unknown"),
        "absent": say(lang, "Non liées", "Not tied"),
    }
    colors = {"present": PERIOD_COLORS[0], "unknown": "#B9BCC4", "absent": "#E0C068"}
    titles = [period_word(period, lang=lang) for period in periods]
    draw_alluvial(sheet, states, list(words), words, colors, titles, lang)


def _finding(states: pd.DataFrame, lang: Lang) -> str:
    """Say what became of the pairs from the last period but one to the last."""
    before, after = states.columns[-2:]
    fate = fates(states, before, after)
    kept = int((fate == "kept").sum())
    pairs = plural(kept, say(lang, "paire", "pair"), say(lang, "paires", "pairs"), lang)
    told = ("lost", "gained", *(["unknown"] if (fate == "unknown").any() else []))
    others = (_counted(fate, name, lang) for name in told)
    counts = ", ".join([f"{pairs} {fate_word('kept', lang, count=kept)}", *others])
    first, last = (period_word(period, lang=lang) for period in (before, after))
    return say(lang, f"{first} → {last.lower()}\u202f: {counts}", f"{first} → {last.lower()}: {counts}")


def _sentence(net: Network, states: pd.DataFrame, periods: tuple[str, ...], lang: Lang) -> str:
    present = [
        f"{format_number(_present(states[period]), lang=lang)} ({period_word(period, lang=lang).lower()})"
        for period in periods
    ]
    parts = [
        say(
            lang,
            f"Évolution du réseau de {plural(len(net), 'acteur', 'acteurs', lang)}\u202f: paires liées "
            f"{', '.join(present)}",
            f"Change of the network of {plural(len(net), 'actor', 'actors', lang)}: tied pairs {', '.join(present)}",
        )
    ]
    for before, after in pairwise(periods):
        fate = fates(states, before, after)
        counts = ", ".join(_counted(fate, name, lang) for name in FATES if (fate == name).any())
        words = [period_word(period, lang=lang).lower() for period in (before, after)]
        parts.append(
            say(
                lang,
                f"de «\u202f{words[0]}\u202f» à «\u202f{words[1]}\u202f»\u202f: {counts}",
                f"from {words[0]} to {words[1]}: {counts}",
            )
        )
    return say(lang, "\u202f; ", "; ").join(parts) + "."


def _present(state: pd.Series) -> int:
    return int((state == "present").sum())


def _counted(fate: pd.Series, name: str, lang: Lang) -> str:
    """Write how many pairs had a fate."""
    count = int((fate == name).sum())
    return f"{format_number(count, lang=lang)} {fate_word(name, lang, count=count)}"
