"""Measure this library beside others, in one run, and write the table to results.md.

Usage: python benchmarks/run.py [WORD ...]   (``make bench``): the cases whose titles contain a word, or all of them.
The peers are installed by environment.py at the first run. RESEAU_SHARED names the folder of the open data.
"""

from __future__ import annotations

import argparse
import datetime
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agreement import compare
from cases import CASES, Case
from environment import PEER_PYTHON, install_peers, python_of
from sections import maps_section
from table import report

HERE = Path(__file__).resolve().parent
START = 180.0  # seconds to import a library and build its graph
OURS = 600.0

Result = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "words",
        nargs="*",
        help="words that the titles of the cases must contain; maps: beside pyvis; agreement: same numbers?",
    )
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--limit", type=float, default=0.0, help="seconds given to each peer; by default what it takes")
    parser.add_argument("--output", type=Path, default=HERE / "results.md", help="the table; figures stand beside it")
    options = parser.parse_args()
    if "maps" in options.words:
        from bench_maps import main as compare_maps

        compare_maps([60, 1000])
        options.words.remove("maps")
        if not options.words:
            return
    install_peers()
    import networks

    figures = options.output.with_suffix(".json")
    stored = json.loads(figures.read_text()) if options.words and figures.exists() else {}
    known: dict[str, dict[str, Result]] = stored.get("cases", {})
    peers = {case.title: case.peers for case in CASES}
    known = {title: results for title, results in known.items() if results.keys() >= set(peers.get(title, ("gone",)))}
    dates: dict[str, str] = stored.get("dates", {})
    agreements: list[Result] = stored.get("agreement", [])
    if not options.words or "agreement" in options.words:
        agreements = [asdict(found) for found in compare()]
    measured: dict[tuple[str, str, str], Result] = {}
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            if options.words and not any(word.lower() in case.title.lower() for word in options.words):
                continue
            path = Path(folder) / f"{case.network}.npz"
            try:
                if not path.exists():
                    save(path, networks.NETWORKS[case.network]())
            except FileNotFoundError as error:
                print(f"{case.title}: skipped, the open data is not there ({error.filename})", flush=True)
                continue
            results: dict[str, Result] = {}
            for library in ("ours", *case.peers):
                key = (library, case.case, case.network)
                if key not in measured:
                    limit = OURS if library == "ours" else options.limit or patience(case, results["ours"])
                    measured[key] = measure(library, case.case, path, options.repeats, limit)
                results[library] = measured[key]
                print(f"{case.title}: {library}: {results[library]}", flush=True)
            known[case.title] = results
            dates[case.title] = f"{datetime.date.today():%Y-%m-%d}"
            write(options.output, known, dates, agreements)
    write(options.output, known, dates, agreements)


def write(output: Path, known: dict[str, dict[str, Result]], dates: dict[str, str], agreements: list[Result]) -> None:
    """Write the table, and the figures that it shows beside it."""
    figures = {"dates": dates, "cases": known, "agreement": agreements}
    output.with_suffix(".json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    output.write_text(report(known, dates, agreements) + maps_section(output), encoding="utf-8")


def patience(case: Case, ours: Result) -> float:
    """Return how long a peer may take: what settles whether the ratio is reached, and a little more."""
    return max(20.0, 1.5 * case.target * float(ours.get("median", 0.0)))


def save(path: Path, arrays: dict[str, Any]) -> None:
    import numpy as np

    np.savez(path, **arrays)


def measure(library: str, case: str, path: Path, repeats: int, limit: float) -> Result:
    if case == "standard":
        return standard_job(library, path, repeats, limit)
    if library == "sna":
        return brokerage_by_sna(path, repeats, limit)
    command = [str(python_of(library)), str(HERE / "worker.py"), library, case, str(path), str(repeats), f"{limit:.1f}"]
    finished = call(command, START + (repeats + 1) * limit)
    if isinstance(finished, str):
        return {"failed": finished}
    lines = finished.stdout.strip().splitlines()
    if lines and lines[-1].startswith("{"):
        return dict(json.loads(lines[-1]))
    if finished.returncode == -signal.SIGALRM and lines:  # it was ready, and too slow
        return {"failed": f"> {limit:.0f} s", "limit": limit}
    return {"failed": why(finished.stderr)}


def call(command: list[str], limit: float) -> subprocess.CompletedProcess[str] | str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"> {limit:.0f} s"
    except FileNotFoundError:
        return "not installed"


def why(errors: str) -> str:
    last = (errors.strip().splitlines() or ["graph not built in time"])[-1]
    if "MemoryError" in last:
        return "out of memory"
    return "not installed" if "No module named" in last else last[:60]


def standard_job(library: str, path: Path, repeats: int, limit: float) -> Result:
    """Time whole processes, from the start of Python to the written table; the first run may compile."""
    import numpy as np

    data = np.load(path)
    ties, actors = path.with_name(f"{path.stem}-ties.csv"), path.with_name(f"{path.stem}-actors.csv")
    if not ties.exists():
        pairs = zip(data["source"], data["target"], strict=True)
        ties.write_text("source,target\n" + "".join(f"a{i},a{j}\n" for i, j in pairs))
        actors.write_text("actor,sector\n" + "".join(f"a{i},s{g}\n" for i, g in enumerate(data["group"])))
    script = "standard_ours.py" if library == "ours" else "standard_networkx.py"
    python = sys.executable if library == "ours" else str(PEER_PYTHON)
    seconds: list[float] = []
    for _ in range(repeats):
        start = time.perf_counter()
        finished = call([python, str(HERE / script), str(ties), str(actors), str(path.with_suffix(".csv"))], limit)
        if isinstance(finished, str):
            return {"failed": finished, "limit": limit}
        if finished.returncode:
            return {"failed": why(finished.stderr)}
        seconds.append(time.perf_counter() - start)
        if seconds[-1] > 10:
            break
    return {"median": sorted(seconds)[len(seconds) // 2], "first": seconds[0], "runs": len(seconds)}


def brokerage_by_sna(path: Path, repeats: int, limit: float) -> Result:
    import numpy as np

    if shutil.which("Rscript") is None:
        return {"failed": "not installed"}
    data = np.load(path)
    ties, groups = path.with_name("ties.csv"), path.with_name("groups.csv")
    np.savetxt(ties, np.column_stack([data["source"], data["target"]]), "%d", ",", header="source,target", comments="")
    np.savetxt(groups, data["group"], "%d", header="group", comments="")
    command = ["Rscript", str(HERE / "brokerage.R"), str(ties), str(groups), str(repeats)]
    finished = call(command, START + repeats * limit)
    if isinstance(finished, str):
        return {"failed": finished}
    if finished.returncode:
        return {"failed": why(finished.stderr)}
    *seconds, extra = (float(word) for word in finished.stdout.split())
    return {
        "median": sorted(seconds)[len(seconds) // 2],
        "first": seconds[0],
        "runs": len(seconds),
        "extra_mb": extra / 1024,
    }


if __name__ == "__main__":
    main()
