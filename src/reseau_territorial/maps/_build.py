"""From a network to `MapData`: positions, columns, measures, words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.layouts import Layout, place_actors
from reseau_territorial.layouts._partition import TERRITORIES
from reseau_territorial.maps._classes import (
    Bridges,
    Classes,
    classes_of,
    external_ties,
    groups_of,
    kinds_of,
    labelled_first,
)
from reseau_territorial.maps._data import MapData, codes, significant
from reseau_territorial.maps._ground import Ground
from reseau_territorial.maps._measures import metrics_of
from reseau_territorial.maps._space import MapSpace
from reseau_territorial.maps._theme import Theme, themes
from reseau_territorial.maps._words import page_words, words
from reseau_territorial.maps._writing import notes, summary
from reseau_territorial.network import Network
from reseau_territorial.outlines.naming import group_labels, short_codes
from reseau_territorial.privacy import Flows, Persons
from reseau_territorial.styles import (
    CHANGE_GLYPHS,
    SHAPES,
    clean,
    evidence_labels,
    layer_styles,
    period_word,
    sources_of,
)
from reseau_territorial.vocabulary import LEVELS, SEED, STATUSES, Lang, label

__all__ = ["AGGREGATE_ABOVE", "Options", "build"]

AGGREGATE_ABOVE: Final = 20_000
CHANGE_DASHES: Final[Mapping[str, tuple[float, ...]]] = {
    "kept": (),
    "gained": (),
    "lost": (5, 3),
    "unknown": (1.2, 2.4),
}
LEAST_HUB: Final = 6.0
MOST_HUBS: Final = 40
WISHED: Final = frozenset({"absent", "wished", "souhaité", "souhaite"})

Codes = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the caller of `explore` chose."""

    color: str = "sector"
    size: str | pd.Series | None = "degree"
    by: str | None = None
    layout: str = "groups"
    center: str | None = None
    lang: Lang = "fr"
    title: str | None = None
    author: str = ""
    date: str = ""
    caveats: Iterable[str] = ()
    outlines: Any = None
    theme: Theme = field(default_factory=Theme)
    aggregate_above: int = AGGREGATE_ABOVE
    masked: int = 0
    secret: int = 0
    persons: Persons = "mask"
    flows: Flows = "withhold"
    withheld: Sequence[str] = ()
    seed: int = SEED


@dataclass(frozen=True, eq=False)
class Ties:
    """The ties in an order that does not depend on the rows, with their positions and codes."""

    table: pd.DataFrame
    source: Codes
    target: Codes
    layer: Codes
    period: Codes
    level: Codes
    status: Codes

    @property
    def present(self) -> NDArray[np.bool_]:
        """Which ties count."""
        return np.asarray(self.status == 0)


def build(net: Network, options: Options) -> MapData:
    """Return everything that the page of a network shows."""
    lang = options.lang
    ground = Ground.under(net, options.layout, options.outlines)
    place = place_actors(
        net, layout=options.layout, by=options.by, center=options.center, places=ground.known, seed=options.seed
    )
    ties = _ties(net)
    classes = classes_of(net, options.color, lang)
    kind_codes, kinds = kinds_of(net, classes, lang)
    group_codes, group_names = groups_of(net, place.by)
    bridges = external_ties(ties.source[ties.present], ties.target[ties.present], group_codes, group_names)
    metrics, chosen = metrics_of(net, options.size, place.by, lang)
    degree = np.bincount(
        np.concatenate([ties.source[ties.present], ties.target[ties.present]]), minlength=len(net)
    ).astype(np.float64)
    large = len(net) > options.aggregate_above
    canvas = MapSpace.around(place, *ground.drawn(place, large=large))
    written = list(zip(group_labels(net, place.by, group_names, lang), short_codes(place.by, group_names), strict=True))
    groups, framed = canvas.groups(
        place, group_codes, group_names, written, ground.middles(place.by, group_names), large=large
    )
    territory = place.by if place.by in TERRITORIES else "territory"
    territories, territory_codes = _factor(net.actors[territory])
    by_label = clean(label("column", place.by, lang=lang)) if place.by else ""
    content: dict[str, Any] = {
        "lang": lang,
        "title": clean(options.title) if options.title else words(lang)["title"],
        "author": clean(options.author),
        "date": clean(options.date),
        "words": page_words(lang, by_label),
        "theme": {"font": options.theme.font},
        "themes": themes(classes, tie_counts(net), options.theme),
        "counts": _counts(net, ties),
        "aggregate_above": options.aggregate_above,
        "framed": framed,
        # The radius under which 30 pixels make discs into rings: early with a code to write inside, late without.
        "disc": _usual_disc(groups) if framed else 0,
        "layout": options.layout,
        "arguments": _arguments(options),
        # Discs and springs may be spread to the shape of the window; places on the ground and rings may not.
        "spread": place.kind in ("groups", "force"),
        "by_label": by_label,
        "color_label": classes.label,
        "color_key": classes.key,
        "size": chosen,
        "colors": classes.items,
        "kinds": kinds,
        "groups": groups,
        "territories": [clean(name) for name in group_labels(net, territory, territories, lang)],
        "territory_column": clean(territory),
        "territory_keys": [clean(name) for name in territories],
        "shapes": _shapes(kinds),
        "metrics": metrics,
        "actors": _actors(net, ties, canvas, place)
        | {"kind": codes(kind_codes), "color": codes(classes.codes), "group": codes(group_codes)}
        | {"territory": codes(territory_codes), "bridge": codes(_flags(len(net), bridges.ringed))}
        | {"rank": codes(labelled_first(net, degree, bridges.ringed))},
        **_aspects(net, ties, lang),
        "bridges": [
            {"actor": actor, "groups": int(bridges.groups[actor]), "ties": int(bridges.ties[actor])}
            for actor in bridges.ringed
        ],
        "extent": _holding(canvas.extent, groups if framed else []),
        "outlines": canvas.rings,
        "fine": canvas.fine or None,
    }
    content["spacing"] = _spacing(content)
    # Actors with more ties than this are hubs, forty at most: a reader looks for them first.
    content["hub"] = max(LEAST_HUB, 3 * float(np.median(degree)), *np.sort(degree)[:-MOST_HUBS][-1:].tolist())
    content["start"] = _start(content)
    counts = content["counts"]
    content["unsure"] = counts["absent"] + counts["unknown"] + int(_ghosts(net, ties).sum())
    content |= _writing(net, ties, options, content, bridges, classes, degree)
    content["notes"] += ground.notes(net, place, lang)
    return MapData(content, sources_of(net, lang))


def _usual_disc(groups: Sequence[Mapping[str, Any]]) -> float:
    """Return the mean radius of discs that all bear a code, else twice the middle one."""
    radius = [group["r"] for group in groups]
    coded = all("code" in group for group in groups)
    return round(float(np.mean(radius) if coded else 2 * np.median(radius)), 1)


def _holding(extent: Sequence[int], groups: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return a box of the map made large enough for the discs of groups."""
    low = [min([extent[i], *(int(group[axis] - group["r"]) for group in groups)]) for i, axis in enumerate("xy")]
    high = [max([extent[i + 2], *(int(group[axis] + group["r"]) for group in groups)]) for i, axis in enumerate("xy")]
    return [*low, *high]


def _spacing(content: Mapping[str, Any]) -> float:
    """Return the typical distance between neighbours, from the ground that discs, or else actors, cover."""
    actors = content["actors"]
    area = 0.35 * float(np.ptp(actors["x"])) * float(np.ptp(actors["y"]))
    covered = 3 * sum(group["r"] ** 2 for group in content["groups"]) if content["framed"] else area
    return round(float(np.sqrt(covered / len(actors["x"]))), 1) or 100.0


def _start(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page shows at first; the reader changes it, and comes back to it."""
    counts = content["counts"]
    shown = {name: [True] * len(content[name]) for name in ("layers", "colors", "kinds")}
    return {
        **shown,
        # Many absent ties would hide the others.
        "status": [True, counts["absent"] <= 0.25 * counts["present"], True],
        "aggregate": counts["actors"] > content["aggregate_above"],
        "metric": content["size"],
        **dict.fromkeys(("territory", "period", "selected", "pinned", "scope"), -1),
        **dict.fromkeys(("level", "threshold", "ego"), 0),
        **dict.fromkeys(("compare", "route"), False),
        **dict.fromkeys(("names", "frames", "bridges", "outlines"), True),
    }


def _arguments(options: Options) -> list[str]:
    """Return the arguments of `explore` that are not its own, as they would be typed again."""
    own = Options()
    names = ("by", "layout", "center", "persons", "flows", "lang")
    asked = {name: getattr(options, name) for name in names if getattr(options, name) != getattr(own, name)}
    return [f"{name}={json.dumps(clean(value), ensure_ascii=False)}" for name, value in asked.items()]


def _writing(
    net: Network,
    ties: Ties,
    options: Options,
    content: Mapping[str, Any],
    bridges: Bridges,
    classes: Classes,
    degree: NDArray[np.float64],
) -> dict[str, list[str]]:
    ungrouped = int(net.actors[options.by].isna().sum()) if options.by else 0
    return {
        "summary": summary(net, content, bridges, classes.label, options.lang),
        "notes": notes(
            net,
            options,
            undated=int((ties.period < 0).sum()) if net.periods else 0,
            unknown=content["counts"]["unknown"],
            isolates=int((degree == 0).sum()),
            ungrouped=ungrouped,
        ),
    }


def _ties(net: Network) -> Ties:
    table = net.ties
    source, target, layer, period = (column.astype(np.int64) for column in net._codes)
    level = table["level"].to_numpy(dtype=np.int64, na_value=-1)
    names = list(STATUSES)
    status = (
        table["status"].astype(str).map({name: number for number, name in enumerate(names)}).to_numpy(dtype=np.int64)
    )
    mutual = ~net.layers["directed"].to_numpy(dtype=bool)[layer] if len(table) else np.zeros(0, dtype=bool)
    swap = mutual & (source > target)
    first, last = np.where(swap, target, source), np.where(swap, source, target)
    weight = table["weight"].to_numpy(dtype=np.float64)
    evidence = table["evidence"].fillna("").astype(str).to_numpy(dtype=object)
    order = np.lexsort((pd.factorize(evidence, sort=True)[0], weight, level, status, period, layer, last, first))
    first, last, layer, period, level, status = (
        np.asarray(column[order], dtype=np.int64) for column in (first, last, layer, period, level, status)
    )
    return Ties(table.iloc[order].reset_index(drop=True), first, last, layer, period, level, status)


def _counts(net: Network, ties: Ties) -> dict[str, int]:
    return {
        "actors": len(net),
        "ties": len(ties.source),
        **{name: int((ties.status == number).sum()) for number, name in enumerate(STATUSES)},
    }


def _factor(column: pd.Series) -> tuple[list[str], Codes]:
    found, names = pd.factorize(column.astype(object).where(column.notna(), None), sort=True)
    return [str(name) for name in names], found.astype(np.int64)


def _flags(length: int, chosen: Sequence[int]) -> Codes:
    flags = np.zeros(length, dtype=np.int64)
    flags[list(chosen)] = 1
    return flags


def tie_counts(net: Network) -> dict[str, int]:
    """Return how many ties each layer has, in the order of the network."""
    return {str(layer): int((net.ties["layer"] == layer).sum()) for layer in net.layers.index}


def _shapes(kinds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    used = {"circle", "square"} | {kind["shape"] for kind in kinds}
    return {
        name: {
            "points": significant([value for point in shape.points for value in point], 3),
            "radius": shape.radius,
            "hollow": shape.hollow,
        }
        for name, shape in SHAPES.items()
        if name in used
    }


def _actors(net: Network, ties: Ties, canvas: MapSpace, place: Layout) -> dict[str, Any]:
    actors = net.actors
    named = actors["name"].astype(object).where(actors["name"].notna(), actors.index.to_series().astype(object))
    x, y = canvas.screen(place.positions[["x", "y"]].to_numpy(dtype=float))
    return {
        "name": [clean(name) or "?" for name in named],
        "x": x,
        "y": y,
        "ghost": codes(_ghosts(net, ties)),
        "unseen": codes(_unseen(net)),
    }


def _ghosts(net: Network, ties: Ties) -> Codes:
    """1 for actors said to be absent or wished for, and those all of whose ties are not present."""
    n = len(net)
    ends = np.concatenate([ties.source, ties.target])
    present = np.concatenate([ties.present, ties.present])
    touched, real = np.bincount(ends, minlength=n), np.bincount(ends[present], minlength=n)
    ghosts = (touched > 0) & (real == 0)
    if "status" in net.actors.columns:
        ghosts |= net.actors["status"].astype(str).str.lower().isin(WISHED).to_numpy(dtype=bool)
    return np.asarray(ghosts, dtype=np.int64)


def _unseen(net: Network) -> Codes:
    """Bits of the periods in which an actor was not observed; 0 everywhere without an observation table."""
    bits = np.zeros(len(net), dtype=np.int64)
    observation = net.observation
    if not len(observation) or observation["period"].isna().all():
        return bits
    asked = observation[observation["observed"].fillna(True).astype(bool)]
    for number, period in enumerate(net.periods[:31]):
        seen = asked.loc[asked["period"].isna() | (asked["period"].astype(str) == period), "actor"]
        bits |= np.where(net.actors.index.isin(seen), 0, 1 << number)
    return bits


def _aspects(net: Network, ties: Ties, lang: Lang) -> dict[str, Any]:
    """Ties as columns, and the layers, periods, levels, statuses and sources that they name."""
    styles, layers = layer_styles(list(net.layers.index), counts=tie_counts(net), lang=lang), net.layers
    evidence_codes, evidences = pd.factorize(
        ties.table["evidence"].astype(object).where(ties.table["evidence"].notna(), None), sort=True
    )
    cited = [evidence_labels(net.sources, str(name), lang) for name in evidences]
    proofs = {name: number for number, name in enumerate(dict.fromkeys(name for names in cited for name in names))}
    written = {name: layers[name].astype(object).where(layers[name].notna(), "") for name in ("label", "unit")}
    weight = ties.table["weight"].fillna(0.0).to_numpy(dtype=np.float64)
    same = len(weight) > 0 and (weight == weight[0]).all()
    rows = significant(weight, 6)
    counted = np.bincount(ties.layer, minlength=len(layers))
    return {
        "ties": {
            "source": codes(np.diff(ties.source, prepend=0)),
            "target": [int(value) for value in ties.target],
            "layer": codes(ties.layer),
            "period": codes(ties.period),
            "level": codes(ties.level),
            "status": codes(ties.status),
            "evidence": codes(evidence_codes),
            "lane": codes(_lanes(ties)),
            "strength": codes(_strengths(weight)),
            "weight": (rows[0] or 0) if same else [value or 0 for value in rows],
        },
        "layers": [
            {
                "key": clean(key),
                "label": clean(written["label"][key] or styles[key].label),
                "dash": list(styles[key].dash),
                "minor": styles[key].muted,
                "directed": bool(layers.at[key, "directed"]),
                "unit": clean(written["unit"][key]),
                "n": int(counted[number]),
            }
            for number, key in enumerate(layers.index)
        ],
        "periods": [clean(period_word(period, lang=lang)) for period in net.periods],
        "period_keys": [clean(period) for period in net.periods],
        "levels": [
            {"key": level, "label": f"{level} · {label('level', level, lang=lang)}"}
            for level in LEVELS
            if level and (ties.level == level).any()
        ],
        "statuses": [label("status", name, lang=lang) for name in STATUSES],
        "changes": [
            {
                "glyph": CHANGE_GLYPHS[name],
                "label": words(lang)["unknown_change" if name == "unknown" else name],
                "dash": list(dash),
            }
            for name, dash in CHANGE_DASHES.items()
        ],
        "proofs": list(proofs),
        "evidences": [[proofs[name] for name in names] for names in cited],
    }


def _strengths(weight: NDArray[np.float64]) -> Codes:
    """Return the class of each strength, 0 to 3, by equal steps of its logarithm."""
    known = weight[weight > 0]
    if not len(known) or known.max() == known.min():
        return np.zeros(len(weight), dtype=np.int64)
    share = np.log(np.maximum(weight, known.min()) / known.min()) / np.log(known.max() / known.min())
    return np.asarray(3.999 * share, dtype=np.int64)


def _lanes(ties: Ties) -> Codes:
    """Return the place of each tie among the parallel ones of its pair, as the page decodes it.

    Ties of a pair share a lane when they differ only by their period. A pair with k lanes uses the codes from
    k (k - 1) / 2 on: 0 for a single lane, 1 and 2 for two, 3 to 5 for three.
    """
    if not len(ties.source):
        return np.zeros(0, dtype=np.int64)
    low, high = np.minimum(ties.source, ties.target), np.maximum(ties.source, ties.target)
    table = pd.DataFrame({"low": low, "high": high, "layer": ties.layer, "period": ties.period})
    table["rank"] = table.groupby(["low", "high", "layer", "period"]).cumcount()
    pair = table.groupby(["low", "high"], sort=False).ngroup().to_numpy()
    lane = pd.MultiIndex.from_arrays([pair, table["layer"], table["rank"]])
    place, lanes = pd.factorize(lane, sort=True)
    owner = np.asarray(lanes.get_level_values(0))
    first = np.searchsorted(owner, pair)
    count = np.bincount(owner)[pair]
    return np.asarray(count * (count - 1) // 2 + place - first, dtype=np.int64)
