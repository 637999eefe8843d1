"""Lines of total in files of grants: they are no grants, and are compared with the rows that they can mean."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from reseau_territorial.opendata._money import set_aside
from reseau_territorial.opendata._reading import ReadingLog
from reseau_territorial.opendata.amounts import parse_amounts

__all__ = ["check_totals", "is_total", "spot_nameless_totals", "total_words"]

_TOTAL: Final = re.compile(
    r"(?:sous[- ]?)?tota(?:l|ux)(?:\s+(?:g[ée]n[ée]ral|cumul[ée]|section|des?|du|de la)\b.*)?\s*:?", re.IGNORECASE
)


def total_words(cells: Sequence[Any]) -> str | None:
    for cell in cells:
        if isinstance(cell, str) and "ota" in cell.casefold() and _TOTAL.fullmatch(cell.strip()):
            return cell.strip()
    return None


def is_total(cells: pd.DataFrame) -> pd.Series:
    """Say which lines are totals: by their words, or as the head of the details that follow them."""
    by_words = cells["first_words"].notna()
    has_details = cells["group_total"].notna().any() and cells["amount"].notna().any()
    heads = cells["group_total"].notna() & cells["amount"].isna() if has_details else by_words
    return by_words | heads


def spot_nameless_totals(flows: pd.DataFrame) -> None:
    """Set aside a line that names nobody and whose amount is the sum of all the lines that name somebody."""
    nameless = flows["payee_name"].isna() & flows["payee_id"].isna() & flows["payee_rna"].isna()
    if not nameless.any():
        return
    everything = math.fsum(flows.loc[~nameless, "euros"].dropna())
    set_aside(flows, nameless & ((flows["euros"] - everything).abs() < 0.01), "total_line")


def check_totals(flows: pd.DataFrame, totals: pd.DataFrame, main: str, title: str, log: ReadingLog) -> pd.DataFrame:
    """Compare each total stated in column `main` with the rows it can mean: its details, the last ones, or all."""
    stated = _stated(totals, main)
    everything = math.fsum(flows["euros"].dropna())
    headed = stated["head"].any()
    details = flows["euros"].groupby(flows["payee_id"].astype("str"), dropna=False).sum() if headed else pd.Series()
    found = []
    previous = 0
    for line, euros, head, payee in stated.itertuples(name=None):
        if head:
            computed = float(details.get(payee, 0.0))
        else:
            window = flows["line"].between(previous, line)
            candidates = (math.fsum(flows.loc[window, "euros"].dropna()), everything)
            computed = min(candidates, key=lambda value: abs(value - euros))
            previous = line
        found.append((title, line, euros, computed, round(euros - computed, 2)))
    checks = pd.DataFrame(found, columns=["file", "line", "stated", "computed", "difference"])
    wrong = checks["difference"].abs() >= 0.5
    for rows, why in ((checks[~wrong], "total_line"), (checks[wrong], "total_differs")):
        log.add_rows(
            "decided" if why == "total_line" else "noted", why, file=title,
            raw=rows["stated"].set_axis(rows["line"]), value=rows["computed"].set_axis(rows["line"]),
        )  # fmt: skip
    return checks


def _stated(totals: pd.DataFrame, main: str) -> pd.DataFrame:
    """Return the stated totals: line, euros, whether it heads its details, and of which payee."""
    values = totals["group_total"].where(totals["group_total"].notna(), totals[main])
    euros = parse_amounts(values)["euros"]
    head = totals["first_words"].isna()
    stated = pd.DataFrame({"euros": euros, "head": head, "payee_id": totals["payee_id"].astype("str")})[euros.notna()]
    heads = stated[stated["head"]]
    together = heads.groupby("payee_id", dropna=False)["euros"].sum()
    stated.loc[heads.index, "euros"] = together.reindex(heads["payee_id"]).to_numpy()
    return stated[~(stated["head"] & stated.duplicated(["payee_id", "head"]))]
