"""What a report says of amounts: how much in all, from whom to whom, and how concentrated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from reseau_territorial.network import Network
from reseau_territorial.reports._document import Block, Grid, Heading, Paragraph
from reseau_territorial.styles import format_euros

if TYPE_CHECKING:
    from reseau_territorial.reports._sections import Writer

__all__ = ["amounts", "money"]

EUROS: Final = ("€", "eur", "euro", "euros")
SHOWN: Final = 5
PERIODS_NAMED: Final = 6


def amounts(net: Network, secret: Sequence[str]) -> pd.DataFrame:
    """Return what each actor received in each directed layer counted in euros, the largest first.

    Every period counts; amounts that the report withholds are left out.

    Returns
    -------
    DataFrame
        Columns layer, actor, amount, share (of the layer).
    """
    layers = net.layers[net.layers["directed"].astype(bool)]
    units = layers["unit"].astype("str").fillna("").str.strip().str.lower()
    kept = [layer for layer, unit in units.items() if unit in EUROS and layer not in secret]
    ties = net.ties[(net.ties["status"] == "present") & net.ties["layer"].isin(kept)]
    table = ties.groupby(["layer", "target"], observed=True)["weight"].sum().rename("amount").reset_index()
    table = table[table["amount"] > 0].rename(columns={"target": "actor"})
    table["share"] = table["amount"] / table.groupby("layer", observed=True)["amount"].transform("sum")
    return table.sort_values(["layer", "amount"], ascending=[True, False], kind="stable", ignore_index=True)


def money(writer: Writer, secret: Sequence[str]) -> Iterator[Block]:
    """Write the total of each layer counted in euros, and who receives most."""
    table, text = amounts(writer.found.net, secret), writer.text
    if not len(table):
        return
    yield Heading(text["h_money"])
    rows = []
    for layer, received in table.groupby("layer", sort=True, observed=True):
        yield Paragraph(" ".join(_sentences(writer, str(layer), received)))
        for one in received.head(SHOWN).to_dict("records"):
            amount = format_euros(one["amount"], lang=writer.lang)
            rows.append((writer.names[one["actor"]], writer.layer(layer), amount, writer.fine_share(one["share"])))
    names = ("receiver", "layer", "amount", "share")
    yield Grid(text["money_table"], [text[f"c_{name}"] for name in names], rows, (False, False, True, True))


def _sentences(writer: Writer, layer: str, received: pd.DataFrame) -> Iterator[str]:
    text, total = writer.text, float(received["amount"].sum())
    ties = writer.found.net.ties
    paid = ties[(ties["status"] == "present") & (ties["layer"] == layer)]
    contracts = layer == "contract"
    payer, receiver = ("buyer", "holder") if contracts else ("payer", "receiver")
    word = writer.layer(layer)
    yield text["money"].format(
        layer=word[:1].upper() + word[1:],
        total=format_euros(total, lang=writer.lang),
        ties=writer.many(len(paid), "contract" if contracts else "amount"),
        payers=writer.many(paid["source"].nunique(), payer),
        receivers=writer.many(len(received), receiver),
    )
    dated = dict(paid.groupby(paid["period"].astype("str"))["weight"].sum().items())
    if 1 < len(dated) <= PERIODS_NAMED:
        listed = [(writer.period(name), dated[name]) for name in writer.found.net.periods if name in dated]
        undated = float(paid.loc[paid["period"].isna(), "weight"].sum())
        listed += [(text["money_none"], undated)] if undated else []
        written = [f"{word}{text['colon']}{format_euros(amount, lang=writer.lang)}" for word, amount in listed]
        yield text["money_periods"].format(amounts=text["semicolon"].join(written))
    half = int((received["amount"].cumsum() < total / 2).sum()) + 1
    yield text["money_half" if half < len(received) else "money_all"].format(half=writer.many(half, receiver))
