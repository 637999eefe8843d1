"""What a report says of the actors that join groups: a ranking with its doubt, else counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pandas as pd

from reseau_territorial.reports._document import Block, Grid, Heading, Paragraph

if TYPE_CHECKING:
    from reseau_territorial.reports._sections import Writer

__all__ = ["bridges"]

SHOWN: Final = 5


def bridges(writer: Writer) -> Iterator[Block]:
    """Rank the actors that join groups; where nothing ranks them, count their partners."""
    found, text = writer.found, writer.text
    top = found.bridges.head(SHOWN)
    top = top[top["score"] > 0] if len(top) else top
    if len(top):
        yield Heading(text["h_bridges"])
        yield from _ranked(writer, top)
    elif not found.several:
        if found.outside["partners"].any():
            yield Heading(text["h_partners"])
            yield Paragraph(text["partners"])
            yield _counted(writer, "partners")
    else:
        yield Heading(text["h_bridges"])
        across = bool(found.outside["outside"].any())
        yield Paragraph(text["bridges_counted" if across else "bridges_none"])
        if across:
            yield _counted(writer, "outside", "groups")


def _ranked(writer: Writer, top: pd.DataFrame) -> Iterator[Block]:
    found, text = writer.found, writer.text
    composite = "loss" in top
    resampled = bool(top["low"].notna().all())
    intro = "bridges" if composite else "bridges_paths" if resampled else "bridges_large"
    sentence = text[intro].format(actors=writer.many(len(found.focus), "actor"))
    yield Paragraph(f"{sentence} {_order(writer, top)}" if resampled else sentence)
    written = writer.decimal if composite else writer.fine_share
    rows = []
    for row in top.reset_index().to_dict("records"):
        interval = (f"{written(row['low'])}{text['to']}{written(row['high'])}",) if resampled else ()
        partners = writer.count(found.outside["partners"][row["actor"]])
        rows.append((writer.names[row["actor"]], partners, written(row["score"]), *interval))
    names = ("actor", "partners", "score" if composite else "paths", "interval")
    columns = [text[f"c_{name}"] for name in names][: 3 + resampled]
    yield Grid(text["bridges_table"], columns, rows, (False, True, True, True)[: 3 + resampled])


def _counted(writer: Writer, *counts: str) -> Grid:
    """Set the actors with the highest counts, in the order of names where they are equal."""
    found, text = writer.found, writer.text
    table = found.outside.assign(name=writer.names.reindex(found.outside.index))
    table = table.sort_values([*counts, "name"], ascending=[*(False for _ in counts), True], kind="stable")
    top = table[table[counts[0]] > 0].head(SHOWN)
    rows = [(row["name"], *(writer.count(row[count]) for count in counts)) for row in top.to_dict("records")]
    columns = [text[f"c_{name}"] for name in ("actor", *counts)]
    return Grid(text[f"{counts[0]}_table"], columns, rows, (False, *(True for _ in counts)))


def _order(writer: Writer, top: pd.DataFrame) -> str:
    """Say that one actor stands out only when its interval overlaps no other."""
    first = str(top.index[0])
    rivals = [str(actor) for actor in top.index[(top["high"] >= top["low"].iloc[0]).to_numpy()][1:]]
    if not rivals:
        return writer.text["bridges_clear"].format(first=writer.names[first])
    return writer.text["bridges_open"].format(names=writer.listed(writer.names[actor] for actor in [first, *rivals]))
