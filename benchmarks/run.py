"""Measure this library beside others, in one run, and write the table to results.md.

Usage: python benchmarks/run.py [CASE ...]   (``make bench``). The peers live in an environment of their own,
.bench-venv, made at the first run. RESEAU_SHARED names the folder of the open data.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PEER_PYTHON = ROOT / ".bench-venv/bin/python"
PACKAGES = ["networkx", "igraph", "networkit", "rustworkx", "pymnet", "uunet", "py3plex", "scipy", "psutil"]
WITHOUT_DEPENDENCIES = ["Python-EasyGraph"]  # its dependencies include torch
SYSTEM_PYTHON = "/usr/bin/python3"  # graph-tool comes from the system's packages
LIMIT = 150.0
ALL = ("networkx", "igraph", "networkit", "rustworkx", "graph-tool")


@dataclass(frozen=True)
class Case:
    """A line of the table: what is computed, on which network, beside whom, and the ratio to reach."""

    title: str
    case: str
    network: str
    peers: tuple[str, ...]
    target: float
    best_of: tuple[str, ...] = ()

    @property
    def judged(self) -> tuple[str, ...]:
        return self.best_of or self.peers


CASES = [
    Case("Betweenness, national network", "betweenness", "national", ALL[1:], 100),
    Case("Closeness, national network", "closeness", "national", ALL[1:], 100),
    Case("Betweenness, grants (two modes)", "betweenness", "grants", ALL[1:], 5),
    Case("Closeness, grants (two modes)", "closeness", "grants", ALL[1:], 5),
    Case("Betweenness, contracts (two modes)", "betweenness", "contracts", ALL[1:], 5),
    Case("Closeness, contracts (two modes)", "closeness", "contracts", ALL[1:], 5),
    Case("Betweenness, scale-free 20,000 / 100,000", "betweenness", "scale_free", ALL[1:], 1),
    Case("Closeness, scale-free 20,000 / 100,000", "closeness", "scale_free", ALL[1:], 1),
    Case("Constraint, 200,000 / 1,000,000", "constraint", "large", ("igraph", "networkx", "easygraph"), 1, ("igraph",)),
    Case(
        "Effective size, 200,000 / 1,000,000",
        "effective_size",
        "large",
        ("igraph", "networkx", "easygraph"),
        1,
        ("igraph",),
    ),
    Case("Constraint, 200,000 / 1,000,000, beside networkx", "constraint", "large", ("networkx",), 100),
    Case("Brokerage with z, 10,000 / 50,000", "brokerage", "directed", ("sna",), 10),
    Case(
        "Participation, overlap, similarity, 20,000 x 3 x 60,000",
        "multilayer",
        "layers",
        ("py3plex", "pymnet", "uunet"),
        100,
        ("py3plex", "pymnet"),
    ),
    Case("Silo index, 10,000,000 ties", "silo", "many_ties", ("numpy pass", "numpy by hand"), 0.2, ("numpy pass",)),
    Case("Standard job, 300 actors", "standard", "job_300", ("networkx",), 1),
    Case("Standard job, 3,000 actors", "standard", "job_3000", ("networkx",), 1),
    Case("Standard job, 30,000 actors", "standard", "job_30000", ("networkx",), 1),
]

Result = dict[str, Any]


def install_peers() -> None:
    if PEER_PYTHON.exists():
        return
    subprocess.run([sys.executable, "-m", "venv", ROOT / ".bench-venv"], check=True)
    for options in ([*PACKAGES], ["--no-deps", *WITHOUT_DEPENDENCIES]):
        for package in [one for one in options if not one.startswith("-")]:
            flags = [one for one in options if one.startswith("-")]
            subprocess.run([PEER_PYTHON, "-m", "pip", "install", "-q", *flags, package], check=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", help="words that the titles of the cases must contain")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds after which a measurement is given up")
    parser.add_argument("--output", type=Path, default=HERE / "results.md", help="the table; figures stand beside it")
    options = parser.parse_args()
    install_peers()
    sys.path.insert(0, str(HERE))
    import networks

    chosen = [case for case in CASES if not options.cases or any(word in case.title for word in options.cases)]
    figures = options.output.with_suffix(".json")
    known: dict[str, dict[str, Result]] = json.loads(figures.read_text()) if options.cases and figures.exists() else {}
    measured: dict[tuple[str, str, str], Result] = {}
    with tempfile.TemporaryDirectory() as folder:
        for case in chosen:
            path = Path(folder) / f"{case.network}.npz"
            try:
                if not path.exists():
                    save(path, networks.NETWORKS[case.network]())
            except FileNotFoundError as error:
                print(f"{case.title}: skipped, the open data is not there ({error.filename})", flush=True)
                continue
            results = {}
            for library in ("ours", *case.peers):
                key = (library, case.case, case.network)
                if key not in measured:
                    measured[key] = measure(library, case.case, path, options.repeats, options.limit)
                results[library] = measured[key]
                print(f"{case.title}: {library}: {results[library]}", flush=True)
            known[case.title] = results
            figures.write_text(json.dumps(known, indent=1), encoding="utf-8")
            rows = [(one, known[one.title]) for one in CASES if one.title in known]
            options.output.write_text(report(rows), encoding="utf-8")


def save(path: Path, arrays: dict[str, Any]) -> None:
    import numpy as np

    np.savez(path, **arrays)


def measure(library: str, case: str, path: Path, repeats: int, limit: float) -> Result:
    if case == "standard":
        return standard_job(library, path, repeats, limit)
    if library == "sna":
        return brokerage_by_sna(path, repeats, limit)
    python = sys.executable if library in ("ours", "numpy pass", "numpy by hand") else PEER_PYTHON
    if library == "graph-tool":
        python = SYSTEM_PYTHON
    command = [str(python), str(HERE / "worker.py"), library, case, str(path), str(repeats)]
    finished = call(command, limit)
    if isinstance(finished, str):
        return failure(finished, limit)
    return dict(json.loads(finished.stdout.strip().splitlines()[-1]))


def call(command: list[str], limit: float) -> subprocess.CompletedProcess[str] | str:
    try:
        finished = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"> {limit:.0f} s"
    except FileNotFoundError:
        return "not installed"
    if finished.returncode:
        last = finished.stderr.strip().splitlines()[-1:] or ["failed"]
        return "not installed" if "No module named" in last[0] else last[0][:60]
    return finished


def failure(why: str, limit: float) -> Result:
    return {"failed": why, "limit": limit} if why.startswith(">") else {"failed": why}


def standard_job(library: str, path: Path, repeats: int, limit: float) -> Result:
    """Time whole processes, from the start of Python to the written table; the first run may compile."""
    import numpy as np

    data = np.load(path)
    folder = path.parent
    name = path.stem
    ties, actors = folder / f"{name}-ties.csv", folder / f"{name}-actors.csv"
    if not ties.exists():
        pairs = zip(data["source"], data["target"], strict=True)
        ties.write_text("source,target\n" + "".join(f"a{i},a{j}\n" for i, j in pairs))
        actors.write_text("actor,sector\n" + "".join(f"a{i},s{g}\n" for i, g in enumerate(data["group"])))
    script = "standard_ours.py" if library == "ours" else "standard_networkx.py"
    python = sys.executable if library == "ours" else str(PEER_PYTHON)
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        finished = call([python, str(HERE / script), str(ties), str(actors), str(folder / "out.csv")], limit)
        if isinstance(finished, str):
            return failure(finished, limit)
        seconds.append(time.perf_counter() - start)
        if seconds[-1] > 20:
            break
    return {"median": sorted(seconds)[len(seconds) // 2], "first": seconds[0], "runs": len(seconds)}


def brokerage_by_sna(path: Path, repeats: int, limit: float) -> Result:
    import numpy as np

    if shutil.which("Rscript") is None:
        return {"failed": "not installed"}
    data = np.load(path)
    folder = path.parent
    ties, groups, out = folder / "ties.csv", folder / "groups.csv", folder / "seconds.txt"
    np.savetxt(ties, np.column_stack([data["source"], data["target"]]), "%d", ",", header="source,target", comments="")
    np.savetxt(groups, data["group"], "%d", header="group", comments="")
    timed = ["/usr/bin/time", "-f", "%M"] if Path("/usr/bin/time").exists() else []
    command = [*timed, "Rscript", str(HERE / "brokerage.R"), str(ties), str(groups), str(out), str(repeats)]
    finished = call(command, limit)
    if isinstance(finished, str):
        return failure(finished, limit)
    seconds = sorted(float(line) for line in out.read_text().split())
    result: Result = {"median": seconds[len(seconds) // 2], "first": seconds[0], "runs": len(seconds)}
    if timed:
        result["peak_mb"] = float(finished.stderr.strip().splitlines()[-1]) / 1024
    return result


def report(rows: list[tuple[Case, dict[str, Result]]]) -> str:
    lines = [
        "# Benchmarks",
        "",
        f"Measured on {datetime.date.today():%Y-%m-%d}: {os.cpu_count()} processors ({processor()}), "
        f"Python {platform.python_version()}. Medians in seconds; in brackets the first call, which loads or compiles.",
        "Each line is one run, side by side. Ratio: best peer over ours; >: a peer was given up after the time shown.",
        "",
        "| case | ours | peers | ratio | to reach |",
        "|---|---|---|---|---|",
    ]
    for case, results in rows:
        ours = results["ours"]
        others = "; ".join(f"{name} {shown(results[name])}" for name in case.peers)
        first = f" ({ours['first']:.3g})" if "first" in ours else ""
        lines.append(f"| {case.title} | {shown(ours)}{first} | {others} | {ratio(case, results)} | {case.target:g} |")
    lines += [
        "",
        "The national network is that of communes, groupings, arrondissements, départements and régions; the networks",
        "are built before the clock starts, and ours is built anew for each call. The standard job is a whole process,",
        "from two CSV files to a table of seven metrics. The silo index is compared with one sum over each of the",
        "three arrays of ties, and is to stay within 5 times.",
        "",
    ]
    return "\n".join(lines)


def shown(result: Result) -> str:
    if "failed" in result:
        return str(result["failed"])
    memory = result.get("peak_mb", result.get("extra_mb"))
    return f"{result['median']:.3g}" + (f" [+{memory:.0f} MB]" if memory and memory > 200 else "")


def ratio(case: Case, results: dict[str, Result]) -> str:
    if "median" not in results["ours"]:
        return "-"
    known = [results[name]["median"] for name in case.judged if "median" in results[name]]
    late = [float(results[name]["limit"]) for name in case.judged if "limit" in results[name]]
    if not known and not late:
        return "-"
    best = min([*known, *late])
    return f"{'> ' if not known or best < min(known) else ''}{best / results['ours']['median']:.3g}"


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
