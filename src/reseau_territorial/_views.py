"""What metrics read of a network: its present ties and its groups, as arrays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._selection import (
    Choice,
    Codes,
    Tables,
    as_list,
    aspect_mask,
    check_choice,
    matching,
    periods_of,
    presence,
)
from reseau_territorial._sparse import TieView
from reseau_territorial.errors import ReseauError, enumerate_values, unknown_name
from reseau_territorial.tables import TIES, as_text, conform, raise_if
from reseau_territorial.vocabulary import unknown_word

__all__ = ["MISSING_GROUP", "Missing", "check_by", "check_missing", "check_weight", "groups_of", "key_of", "tie_view"]

Missing = Literal["error", "drop", "group"]

MISSING_CHOICES: Final = ("error", "drop", "group")
MISSING_GROUP: Final = "(missing)"


def tie_view(
    tables: Tables,
    codes: Codes,
    *,
    layer: Choice,
    period: Choice,
    level: int | Iterable[int] | None,
    weight: str | None,
) -> TieView:
    """Return the present ties of a selection, and the actors present there."""
    ties, layers, actors = tables["ties"], tables["layers"], tables["actors"].index
    check_choice(layers.index, layer, "layer")
    check_choice(periods_of(tables), period, "period")
    filters = {name: value for name, value in (("layer", layer), ("period", period)) if value is not None}
    aspect = aspect_mask(tables, filters)
    present = presence(tables, codes, aspect) if filters else np.ones(len(actors), dtype=bool)
    mask = aspect & (ties["status"] == "present").to_numpy(dtype=bool)
    if level is not None:
        mask &= matching(ties["level"], level, "level")
    rows = slice(None) if mask.all() else mask
    kept = codes.take(rows)
    source, target = kept.source, kept.target
    if not present.all():
        place = np.cumsum(present, dtype=np.int32) - np.int32(1)
        source, target = place[source], place[target]
    directed = layers["directed"].to_numpy(dtype=bool)
    chosen = directed if layer is None else directed[layers.index.isin(as_list(layer))]
    return TieView(
        actors=actors if present.all() else actors[present],
        source=source,
        target=target,
        weight=np.ones(len(source)) if weight is None else _strengths(ties, weight, rows),
        mutual=~directed[kept.layer],
        layer=kept.layer,
        period=kept.period,
        directed=bool(chosen.any()),
    )


def key_of(*choices: Any) -> tuple[Any, ...]:
    """Return choices as a key under which to keep a view: lists become tuples."""
    return tuple(
        tuple(choice) if isinstance(choice, Iterable) and not isinstance(choice, str) else choice for choice in choices
    )


def groups_of(actors: pd.DataFrame, by: str, *, missing: Missing) -> tuple[NDArray[np.int32], pd.Index]:
    """Return the group of each actor as a position in the groups' names; -1 when dropped."""
    check_missing(missing)
    check_by(actors, by)
    column = actors[by]
    values = as_text(column.astype("object") if column.dtype == bool else column)
    empty = values.isna()
    if empty.all() and missing == "error" and len(values):
        filled = [name for name in actors.columns if actors[name].notna().any()]
        raise unknown_word("filled actor column", by, filled, table="column")
    if empty.any():
        if missing == "error":
            raise ReseauError(
                f"{int(empty.sum())} of {len(values)} actors have no {by!r}: "
                f'{enumerate_values(values.index[empty])}. Fill it in, or pass missing="drop" or missing="group".'
            )
        if missing == "group":
            values = values.astype("str").fillna(MISSING_GROUP)
    codes, labels = pd.factorize(values.astype("str"), sort=True)
    return codes.astype(np.int32), pd.Index(labels, name=by)


def check_missing(missing: str) -> None:
    """Raise if the policy for actors without a group is none of those known."""
    if missing not in MISSING_CHOICES:
        raise unknown_name("choice for missing", missing, MISSING_CHOICES)


def check_by(actors: pd.DataFrame, by: str) -> None:
    """Refuse what is not the name of a column of actors."""
    if not isinstance(by, str):
        raise ReseauError(
            f"by names one actor column, such as 'sector'; it cannot be {_said(by)}. Groups of your own: "
            "net.replace(actors=net.actors.assign(mine=groups)), then by='mine'."
        )
    if by not in actors.columns:
        raise unknown_word("actor column", by, actors.columns, table="column")


def check_weight(ties: pd.DataFrame, weight: str) -> None:
    """Refuse what is not the name of a column of ties."""
    if not isinstance(weight, str):
        raise ReseauError(
            f"weight names a tie column, or is None to count ties; it cannot be {_said(weight)}. "
            'Pass weight="weight" or weight=None.'
        )
    if weight not in ties.columns:
        raise unknown_word("tie column", weight, ties.columns, table="column")


def _said(thing: object) -> str:
    return repr(thing) if thing is None or isinstance(thing, bool | int | float) else f"a {type(thing).__name__}"


def _strengths(ties: pd.DataFrame, weight: str, rows: slice | NDArray[np.bool_]) -> NDArray[np.float64]:
    check_weight(ties, weight)
    if weight == "weight":
        return ties[weight].to_numpy(dtype=np.float64)[rows]
    problems: list[str] = []
    column = conform(ties.loc[rows, ["source", "target"]].assign(weight=ties.loc[rows, weight]), TIES, problems)
    raise_if([problem.replace("ties: weight", f"ties: {weight}") for problem in problems])
    return column["weight"].to_numpy(dtype=np.float64)
