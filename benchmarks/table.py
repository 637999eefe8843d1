"""The table of results, in Markdown."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

from cases import CASES, Case

Result = dict[str, Any]

READING = """
The national network is that of communes, groupings, arrondissements, départements and régions. Networks are built
before the clock starts, by every library; ours is built anew for each call, so that nothing is kept from the call
before. *From two tables*: the clock starts at two tables of pandas, for both libraries. igraph and NetworKit have
no effective size: their time is that of local clustering, from which effective size follows without weights. NetworkX
computes constraint by a product of sparse matrices; *NetworkX's loops* are what it does when given a list of actors.
Its effective size needs a square table of all actors. The standard job is a whole process, from two CSV files to a
table of seven metrics. The silo index is compared with one sum over each of the three arrays of ties, and is to stay
within 5 times. Memory is the highest during a warm call, less what was there before it: the network is counted in
neither.
"""


SAME = 1e-9
AGREEMENT = """
## The same numbers

Each peer that gives one number per actor was asked for it on a small connected network of the same model (300 actors;
3 layers of them), and compared with ours: *factor* is its convention (pairs counted once or twice, divided or not by
n - 1), *difference* the largest one left once divided by it, over our largest value; *no number*, for how many actors
it gives none. Brokerage is compared with sna, with many others, in the tests of golden values. EasyGraph's effective
sizes are the same numbers in an order that it does not tell, less one.

| case | peer | factor | difference | no number | same |
|---|---|---|---|---|---|
"""


def agreement_section(agreements: list[Result]) -> str:
    rows = [
        f"| {row['case']} | {row['peer']} | {row['factor']:.6g} | {row['difference']:.1g} | {row['missing']} "
        f"| {'yes' if row['difference'] <= SAME and not row['missing'] else 'no'} |"
        for row in agreements
    ]
    return "\n".join([AGREEMENT.rstrip("\n"), *rows, ""]) if rows else ""


def report(known: dict[str, dict[str, Result]], dates: dict[str, str], agreements: list[Result]) -> str:
    rows = [case for case in CASES if case.title in known]
    days = sorted({dates.get(case.title, "") for case in rows}) or ["no day yet"]
    lines = [
        "# Benchmarks",
        "",
        f"Measured on {days[-1]}: {os.cpu_count()} processors ({processor()}), "
        f"Python {platform.python_version()}. Medians in seconds; in brackets the first call, which loads or compiles.",
        "Each line is one run, side by side. Ratio: best peer over ours; >: a peer was given up after the time shown,",
        "which is enough to settle whether the ratio is reached.",
        "",
        "| case | ours | memory | peers | ratio | to reach |",
        "|---|---|---|---|---|---|",
    ]
    for case in rows:
        results = known[case.title]
        ours = results["ours"]
        others = "; ".join(f"{name} {shown(results[name])}" for name in case.peers) or "-"
        earlier = "" if dates.get(case.title) == days[-1] else f" ({dates.get(case.title)})"
        cells = [case.title + earlier, shown_ours(ours), memory(case, ours), others, ratio_text(case, results)]
        lines.append(f"| {' | '.join(cells)} | {f'{case.target:g}' if case.target else '-'} |")
    lines += [READING.strip(), ""]
    lines.insert(-2, "")
    short = [line for case in rows for line in missed(case, known[case.title])]
    lines.append("Not reached: " + ("; ".join(short) if short else "none") + ".")
    return "\n".join([*lines, ""]) + agreement_section(agreements)


def shown_ours(result: Result) -> str:
    if "failed" in result:
        return str(result["failed"])
    return f"{result['median']:.3g} ({result['first']:.3g})"


def shown(result: Result) -> str:
    if "failed" in result:
        return str(result["failed"])
    extra = result.get("extra_mb", 0.0)
    return f"{result['median']:.3g}" + (f" [{extra:.0f} MB]" if extra >= 1 else "")


def memory(case: Case, result: Result) -> str:
    if "extra_mb" not in result:
        return "-"
    per_tie = f", {result['extra_mb'] * 2**20 / case.ties:.0f} bytes a tie" if case.ties else ""
    return f"{result['extra_mb']:.0f} MB{per_tie}"


def ratio(peers: tuple[str, ...], results: dict[str, Result]) -> tuple[float, bool] | None:
    """Return the best of these peers over ours, and whether it is only a bound."""
    if "median" not in results["ours"]:
        return None
    found = [results[name]["median"] for name in peers if "median" in results[name]]
    late = [float(results[name]["limit"]) for name in peers if "limit" in results[name]]
    if not found and not late:
        return None
    best = min([*found, *late])
    return best / results["ours"]["median"], not found or best < min(found)


def ratio_text(case: Case, results: dict[str, Result]) -> str:
    """Return the ratio to reach and, where another peer is faster than those it is taken to, the ratio to the best."""
    judged, best = ratio(case.compared, results), ratio(case.peers, results)
    if judged is None or best is None or best[0] >= judged[0]:
        return written(judged)
    return f"{written(judged)} to {', '.join(case.compared)}; {written(best)} to the best"


def written(value: tuple[float, bool] | None) -> str:
    return "-" if value is None else f"{'> ' if value[1] else ''}{value[0]:.3g}"


def missed(case: Case, results: dict[str, Result]) -> list[str]:
    """Return what the line does not reach: its ratio of time, of memory."""
    short: list[str] = []
    value = ratio(case.compared, results)
    if case.target and (value is None or value[0] < case.target):
        short.append(f"{case.title} ({written(value)} of {case.target:g})")
    if case.memory_target:
        taken = min(results[name].get("extra_mb", 0.0) for name in case.compared) / results["ours"]["extra_mb"]
        if taken < case.memory_target:
            short.append(f"{case.title}, memory ({taken:.2g} of {case.memory_target:g})")
    return short


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
