"""The network on one page: silos as discs, layers as lines, kinds as shapes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_network
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.layouts import Layout, place_actors
from reseau_territorial.plots import _drawing as drawing
from reseau_territorial.plots._bundles import LEAST_GATHERED, draw_bundles, draw_gathered, gather
from reseau_territorial.plots._frames import crowded_names, label_frames
from reseau_territorial.plots._labels import WRAP_AT, cut, ranked
from reseau_territorial.plots._legend import draw_legend
from reseau_territorial.plots._notes import group_names, notes, numbered_groups, plural, selection_words, tally
from reseau_territorial.plots._rounds import draw_arcs, draw_ring_names, inward
from reseau_territorial.plots._scales import Look, line_styles, looks, marker
from reseau_territorial.plots._sheet import SMALLEST, PlotResult, Sheet, finish, say
from reseau_territorial.privacy import Persons, without_amounts
from reseau_territorial.styles import LineStyle, format_number, format_percent
from reseau_territorial.vocabulary import SEED, Lang, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reseau_territorial.network import Network

A4 = (11.69, 8.27)
LEGEND, LEGEND_INSET = 2.35, 1.8
LABELS_UP_TO = 400
# So many of the best tied actors are named even where it takes a leader.
FIRM = 8
# In a workshop map every actor is named, however far its leader goes.
NAMED_ALL = 60
# Points of a tie that the names of a workshop map keep clear of.
ALONG = 120
# Beyond so many groups names would cover the discs: they have numbers, and their names stand at the foot.
NAMED_GROUPS = 40
# The title of rings counts the actors at so many ties from the middle.
NEAR = 2
# Beyond so many ties from group to group, those of one actor with one group are gathered into one line.
GATHER_FROM = 150
# Beyond so many ties, a circle shows those between groups only, and rings the way of each actor to the middle.
ROUND_UP_TO = 1500
# Beyond so many lines even then, ties from group to group are one line per pair of groups.
BUNDLE_FROM = 700


def plot(
    net: Network,
    *,
    color: str | pd.Series | None = None,
    size: str | pd.Series | None = None,
    by: str | None = None,
    layout: str | Layout = "groups",
    highlight: Literal["bridges"] | Iterable[str] | None = "bridges",
    labels: bool = True,
    title: str | None = None,
    seed: int = SEED,
    persons: Persons = "mask",
    lang: Lang = "fr",
) -> PlotResult:
    """Draw the network: who works with whom, in which silo.

    Parameters
    ----------
    net : Network
        What to draw. Absent ties are not drawn; unknown ones are thin grey dots.
    color : str or Series, optional
        Actor column, metric or values that give the colours. By default the family of each kind. Five
        groups at most get their own colour, the others share a grey; numbers get a sequential scale.
    size : str or Series, optional
        Actor column, metric (such as ``"degree"``) or values that give the areas of the markers.
    by : str, optional
        Actor column of the silos (see :func:`place_actors`).
    layout : str or Layout, default "groups"
        Name of a layout, or one already made, so that several plots share it.
    highlight : "bridges", iterable of str or None
        Actors to ring: those with most ties to other groups (five at most), or these.
    labels : bool, default True
        Whether to write names. They never overlap; those without room are left out, the least tied first.
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
        A4 landscape; ``.save("map.pdf", size="A3")`` enlarges it.

    Raises
    ------
    UnknownNameError
        If a column, metric, layout or actor is not there.
    ReseauError
        If the network has no actor.

    Examples
    --------
    >>> import pandas as pd
    >>> from reseau_territorial.network import Network
    >>> net = Network(pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]}))
    >>> plot(net, lang="en").alt.startswith("Map of the network: 3 actors and 2 ties")
    True
    """
    check_network(net)
    if not len(net):
        raise ReseauError("the network has no actor, so there is nothing to draw.")
    net = without_amounts(net)
    placed = layout if isinstance(layout, Layout) else place_actors(net, layout=layout, by=by, seed=seed)
    look = looks(net, color=color, size=size, lang=lang)
    names = drawing.names_of(net, persons, lang)
    picture = _Picture(net, placed, look, highlight, names, lang, labels=labels)
    heading = title or picture.finding()
    return finish(A4, lambda sheet: picture.draw(sheet, heading), picture.sentence())


class _Picture:
    """Everything that a drawing of one network needs, computed once."""

    def __init__(
        self,
        net: Network,
        placed: Layout,
        look: Look,
        highlight: object,
        names: list[str],
        lang: Lang,
        *,
        labels: bool,
    ) -> None:
        self.net, self.placed, self.look, self.labels, self.lang = net, placed, look, labels, lang
        self.actors, self.names = net.actors, names
        missing = self.actors.index.difference(placed.positions.index)
        if len(missing):
            raise ReseauError(f"the layout does not place {len(missing)} actors, such as {missing[0]!r}.")
        self.positions = placed.positions.loc[self.actors.index]
        self.ties = drawing.tie_table(net)
        self.groups = _groups(net, placed.by)
        ends = [self.groups.loc[self.ties[end]].to_numpy() for end in ("source", "target")]
        self.crossing: NDArray[np.bool_] = ends[0] != ends[1]
        present = (self.ties["status"] == "present").to_numpy()
        self.partners = _partners(self.ties[present], self.actors.index)
        self.outside = _partners(self.ties[present & self.crossing], self.actors.index)
        self.ringed = self._ringed(highlight)
        self.gathered, self.bundled = pd.DataFrame(), False
        self.lines, self.leaving = self.ties, self.crossing
        self.dense = placed.kind in ("circle", "rings") and len(self.ties) > ROUND_UP_TO
        if placed.kind == "groups" and self.crossing.sum() > GATHER_FROM:
            self._gather()
        elif self.dense:
            left = inward(self.ties, self.positions) if placed.kind == "rings" else self.crossing
            self.lines, self.leaving = self.ties[left].reset_index(drop=True), self.crossing[left]
        self.frames = placed.frames
        if placed.kind == "groups" and placed.by is None:
            self.frames = self.frames.iloc[:0]  # one disc around all says nothing
        elif placed.kind == "groups":
            self.frames = self.frames[self.frames.index.isin(self.groups.unique())]
        self.numbers, self.key = False, ""
        if placed.kind == "groups" and placed.by is not None and len(self.frames) > NAMED_GROUPS:
            self.numbers = True
            self.named, self.key = numbered_groups(net, placed.by, self.frames, lang)

    def _gather(self) -> None:
        """Make fewer lines of the ties that leave their group, and keep the others as they are."""
        gathered, left = gather(self.ties, self.groups, self.crossing)
        self.bundled = len(gathered) + int((left & self.crossing).sum()) > BUNDLE_FROM
        if self.bundled:
            left = pd.Series(~self.crossing, index=self.ties.index)
        else:
            self.gathered = gathered
        self.lines, self.leaving = self.ties[left].reset_index(drop=True), self.crossing[left.to_numpy()]

    def _ringed(self, highlight: object) -> list[int]:
        if highlight is None:
            return []
        if highlight == "bridges":
            if self.groups.nunique() < 2:
                return []
            best = self.outside.iloc[ranked(self.outside, self.actors.index, self.names)]
            count = min(5, max(1, len(best) // 8))
            chosen = best[best >= 2].head(count).index
        else:
            chosen = pd.Index(list(highlight))  # type: ignore[call-overload]
            for actor in chosen:
                if actor not in self.actors.index:
                    raise unknown_name("actor", actor, self.actors.index)
        return sorted(self.actors.index.get_indexer(chosen).tolist())

    def draw(self, sheet: Sheet, heading: str) -> None:
        """Draw the sheet: heading, legend, map, notes."""
        net, lang = self.net, self.lang
        told = [self._how_gathered(), *notes(net, lang, seed=self.placed.seed, drawn=self.ties)]
        self._choose_names(sheet, heading, told)
        sheet.head(heading, selection_words(net, lang))
        sheet.foot([self.key, *told])
        legend = LEGEND_INSET if sheet.inset else LEGEND
        ax = sheet.body(right=legend + 0.2, bare=True)
        styles = line_styles(net, lang)
        seen = {*self.lines["layer"], *(self.gathered["layer"] if len(self.gathered) else ())}
        drawn = [layer for layer in styles if layer in seen]
        draw_legend(
            sheet,
            self.look,
            {layer: styles[layer] for layer in drawn},
            net,
            width=legend,
            rings=bool(self.ringed),
            unknown=bool((self.ties["status"] == "unknown").any()),
            lang=lang,
        )
        view, look = self._view(sheet, ax)
        self.paint(sheet, ax, view, look, styles)

    def _view(self, sheet: Sheet, ax: Axes) -> tuple[drawing.View, Look]:
        """Return how positions become points of the sheet, and the markers at a size that fits."""
        low, high = drawing.bounds_of(self.positions, self.frames)
        pad = 4 if sheet.inset else 16
        view = drawing.fit(sheet, ax, low, high, pad=pad if self.placed.kind == "groups" else pad + 14)
        radii = self.look.radii * drawing.marker_scale(view, self.positions, self.look)
        return view, Look(self.look.colors, self.look.shapes, radii, [], None, None)

    def _reach(self, look: Look) -> NDArray[np.float64]:
        """Return how far each marker reaches, in points, with its ring if it has one."""
        reach = look.radii * np.array([max(1.1, marker(shape)[1]) for shape in look.shapes])
        reach[self.ringed] = 1.25 * look.radii[self.ringed] + 4.5
        return np.asarray(reach)

    def _choose_names(self, sheet: Sheet, heading: str, told: list[str]) -> None:
        """Give a number to the groups whose name finds no room of its own: a name on another disc would name that."""
        net, by, lang = self.net, self.placed.by, self.lang
        if self.placed.kind != "groups" or by is None or self.numbers:
            return
        self.named, self.key = group_names(net, by, self.frames, lang), ""
        if sheet.inset:
            return
        full, crowded = list(self.named), set[int]()
        while True:  # what is listed at the foot makes the drawing smaller, and names more crowded
            trial = Sheet(sheet.width * sheet.scale, sheet.height * sheet.scale, sheet.scale)
            trial.head(heading, selection_words(net, lang))
            trial.foot([self.key, *told])
            view, look = self._view(trial, trial.body(right=LEGEND + 0.2, bare=True))
            boxes = drawing.obstacles(view, self.positions.to_numpy(float), self._reach(look))
            more = crowded_names(trial, view, self.frames, self.named, boxes, size=self._size_of_names(sheet))
            if crowded.issuperset(more):
                return
            crowded |= set(more)
            places = sorted(crowded)
            numbers, self.key = numbered_groups(net, by, self.frames.iloc[places], lang)
            told_by = dict(zip(places, numbers, strict=True))
            self.named = [told_by.get(place, name) for place, name in enumerate(full)]

    def _along(self, view: drawing.View) -> NDArray[np.float64]:
        """Return points along the ties, in points of the sheet: names had better not lie on them."""
        ends = [self.positions.loc[self.lines[end]].to_numpy(float)[:, None] for end in ("source", "target")]
        share = np.linspace(0, 1, ALONG)[None, :, None]
        return view.points((ends[0] * (1 - share) + ends[1] * share).reshape(-1, 2))

    def _size_of_names(self, sheet: Sheet) -> float:
        return 8.5 if len(self.frames) <= 30 and not self.numbers and not sheet.inset else SMALLEST

    def paint(self, sheet: Sheet, ax: Axes, view: drawing.View, look: Look, styles: dict[str, LineStyle]) -> None:
        """Draw the network itself in axes."""
        xy = self.positions.to_numpy(float)
        if len(self.frames):
            drawing.draw_frames(sheet, ax, self.frames, filled=self.placed.kind == "groups")
        by_actor = pd.Series(look.radii, index=self.actors.index)
        directed = self.net.layers["directed"]
        round_about = self.placed.kind in ("circle", "rings")
        middle = xy.mean(axis=0) if self.placed.kind == "circle" else None
        if self.bundled:
            draw_bundles(sheet, ax, self.ties[self.crossing], self.groups, self.frames)
        draw_gathered(sheet, ax, self.gathered, self.positions, self.groups, self.frames, styles)
        drawing.draw_ties(
            sheet,
            ax,
            view,
            self.lines,
            self.positions,
            styles,
            crossing=self.leaving,
            directed=directed,
            radii=by_actor,
            centre=middle,
            besides=len(self.ties) - len(self.lines) if len(self.gathered) else 0,
        )
        drawing.draw_actors(sheet, ax, xy, look)
        if self.ringed:
            drawing.draw_rings(sheet, ax, xy[self.ringed], look.radii[self.ringed])
        reach = self._reach(look)
        boxes = drawing.obstacles(view, xy, reach)
        if self.placed.kind == "groups" and self.placed.by is not None:
            label_frames(sheet, ax, view, self.frames, self.named, boxes, size=self._size_of_names(sheet))
        if self.placed.kind == "circle" and self.placed.by is not None:
            draw_arcs(sheet, ax, view, self.net, self.placed.by, self.groups, xy, boxes, self.lang)
        if self.placed.kind == "rings":
            draw_ring_names(sheet, ax, view, self.frames, boxes, self.lang)
        if self.labels and len(xy) <= 20 * LABELS_UP_TO:
            first = np.isin(np.arange(len(xy)), self.ringed) * float(self.partners.max() + 1)
            most = len(self.ringed) + FIRM if self.dense else LABELS_UP_TO
            order = ranked(self.partners + first, self.actors.index, self.names)[:most].tolist()
            drawing.draw_labels(
                sheet,
                ax,
                view,
                self.names,
                xy,
                reach,
                order,
                boxes,
                size=7.5 if len(xy) <= 80 and not sheet.inset else SMALLEST,
                strong=frozenset(self.ringed),
                wrap_at=18 if sheet.inset else WRAP_AT,
                firm=len(xy) if len(xy) <= NAMED_ALL and not sheet.inset else len(self.ringed) + FIRM,
                reach=4.0 if len(xy) <= 80 and not round_about else 0.0,
                lines=self._along(view) if len(xy) <= NAMED_ALL else None,
                outward=np.arctan2(*(xy - xy.mean(axis=0)).T[::-1]) if round_about else None,
            )

    def _how_gathered(self) -> str:
        """Write how to read the lines that stand for several ties."""
        if self.bundled:
            return say(
                self.lang,
                "Les liens d’un groupe à l’autre sont réunis en un trait par paire de groupes, d’autant plus épais "
                "qu’ils sont nombreux\u202f; les paires les moins liées ne sont pas dessinées.",
                "Ties from group to group are gathered into one line per pair of groups, thicker where they are many; "
                "the least tied pairs are not drawn.",
            )
        if self.dense:
            hidden = format_number(len(self.ties) - len(self.lines), lang=self.lang)
            if self.placed.kind == "circle":
                return say(
                    self.lang,
                    f"Seuls les liens d’un groupe à l’autre sont dessinés\u202f; {hidden} restent dans un groupe.",
                    f"Only ties from group to group are drawn; {hidden} others stay inside a group.",
                )
            return say(
                self.lang,
                "Un seul lien est dessiné par acteur, vers l’anneau intérieur\u202f: l’anneau dit à combien de liens "
                f"du centre se trouve chacun. {hidden} autres liens ne sont pas dessinés.",
                "One tie is drawn per actor, to the ring inside: the ring says how many ties away from the middle each "
                f"one stands. {hidden} other ties are not drawn.",
            )
        if not len(self.gathered):
            return ""
        most = format_number(int(self.gathered["ties"].max()), lang=self.lang)
        return say(
            self.lang,
            f"Un trait qui s’arrête par un point au bord d’un cercle réunit les liens d’un acteur avec "
            f"{LEAST_GATHERED} membres de ce groupe ou plus\u202f; le plus épais en réunit {most}.",
            f"A line that ends in a dot on the rim of a disc gathers the ties of one actor with {LEAST_GATHERED} "
            f"members of this group or more; the thickest gathers {most}.",
        )

    def finding(self) -> str:
        """Write what the map shows first: ties across groups, else who has most partners."""
        lang = self.lang
        if self._in_rings:
            return self._near()
        if self._across is not None:
            by = label("column", self.placed.by, lang=lang)
            return say(
                lang,
                f"{self._across} des liens vont d’un groupe à l’autre ({by})",
                f"{self._across} of the ties go from one group to another ({by})",
            )
        if not self.partners.any():
            return say(lang, "Aucun lien entre ces acteurs", "No tie between these actors")
        best = cut(" ".join(self.names[int(ranked(self.partners, self.actors.index, self.names)[0])].split()))
        most = plural(int(self.partners.max()), say(lang, "partenaire", "partner"), _partners_word(lang), lang)
        return say(lang, f"Le plus relié\u202f: {best}, {most}", f"Best tied: {best}, {most}")

    @property
    def _in_rings(self) -> bool:
        """Tell whether the rings count these actors: those of a given layout may be of another selection."""
        counted = self.placed.frames["actors"].sum() if self.placed.kind == "rings" else -1
        return bool(counted == len(self.positions) - 1)

    def _near(self) -> str:
        """Say how many actors are at two ties from the middle of the rings."""
        lang, rings = self.lang, self.placed.frames
        away = np.hypot(*(self.positions - rings[["x", "y"]].iloc[0]).to_numpy(float).T)
        middle = cut(" ".join(self.names[int(away.argmin())].split()), 32)
        steps = rings.index.to_numpy(int)
        near, every = (
            int(rings.loc[(steps > 0) & (steps <= NEAR), "actors"].sum()),
            format_number(len(away) - 1, lang=lang),
        )
        actors = plural(near, say(lang, "acteur", "actor"), say(lang, "acteurs", "actors"), lang)
        verb = say(lang, "est" if near < 2 else "sont", "is" if near == 1 else "are")
        return say(
            lang,
            f"{actors} sur {every} {verb} à {NEAR} liens au plus de\u202f: {middle}",
            f"{actors} of {every} {verb} at most {NEAR} ties away from {middle}",
        )

    @property
    def _across(self) -> str | None:
        """Share of the present ties that go from one group to another, if there are groups and ties."""
        present = self.ties["status"] == "present"
        if self.placed.by is None or self.groups.nunique() < 2 or not present.any():
            return None
        return format_percent(float(self.crossing[present].mean()), lang=self.lang)

    def sentence(self) -> str:
        """Write the map as a sentence."""
        net, lang = self.net, self.lang
        present = self.ties["status"] == "present"
        counts = tally(net, lang)
        words = [say(lang, f"Carte du réseau\u202f: {counts}", f"Map of the network: {counts}")]
        if self._in_rings:
            near = self._near()
            words.append(say(lang, f"en anneaux\u202f: {near}", f"in rings: {near}"))
        if self._across is not None:
            by = label("column", self.placed.by, lang=lang)
            groups = format_number(self.groups.nunique(), lang=lang)
            french = f"{groups} groupes selon la colonne «\u202f{by}\u202f», et {self._across} des liens "
            french += "d’un groupe à l’autre"
            english = f"{groups} groups by {by}, and {self._across} of the ties from one group to another"
            words.append(say(lang, french, english))
        if present.any():
            top = [i for i in ranked(self.partners, self.actors.index, self.names)[:3] if self.partners.iloc[i]]
            listed = ", ".join(f"{self.names[i]} ({format_number(int(self.partners.iloc[i]), lang=lang)})" for i in top)
            words.append(say(lang, f"le plus de partenaires\u202f: {listed}", f"most partners: {listed}"))
        return say(lang, "\u202f; ", "; ").join(words) + "."


def _partners_word(lang: Lang) -> str:
    return say(lang, "partenaires", "partners")


def _groups(net: Network, by: str | None) -> pd.Series:
    actors = net.actors
    if by is None or by not in actors.columns:
        return pd.Series("", index=actors.index)
    codes, names = net._groups(by, actors.index, missing="group")
    return pd.Series(names.to_numpy()[codes], index=actors.index)


def _partners(ties: pd.DataFrame, actors: pd.Index) -> pd.Series:
    """Count the other actors that each actor has a tie with."""
    both = pd.concat(
        [ties[["source", "target"]], ties[["target", "source"]].set_axis(["source", "target"], axis=1)]
    ).drop_duplicates()
    return both.groupby("source").size().reindex(actors, fill_value=0)
