"""The interactive map beside pyvis, in one run of one Chromium: bytes, requests, time to a stable picture, ties kept.

Usage: python benchmarks/bench_maps.py [60 1000 ...]   (under 6 minutes; the table is the last section of results.md)
"""

from __future__ import annotations

import datetime
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "maps"))

from map_cases import blocks
from playwright.sync_api import Browser, Error, sync_playwright
from waiting import wait_until

from reseau_territorial import Network
from reseau_territorial.maps import explore, to_pyvis
from sections import write_maps_section

RESULTS: Final = Path(__file__).resolve().parent / "results.md"
CHROMIUM: Final = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS: Final = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
# Seconds after which a page that is not stable is given up: the time is then a least one.
LIMIT: Final = 240.0
STABLE: Final = {
    "ours": "window.carte && carte.drawTime() > 0",
    "pyvis": "window.__stable",
    "to_pyvis": "window.network && network.body && Object.keys(network.body.nodes).length > 0",
}
# pyvis stabilises behind a loading bar, then says so; the page itself notes when, since it answers nothing before.
LISTEN: Final = """
window.__long = []; window.__paint = 0; window.__at = 0;
new PerformanceObserver((list) => list.getEntries().forEach((e) => window.__long.push(e.duration)))
  .observe({type: 'longtask', buffered: true});
new PerformanceObserver((list) => list.getEntriesByName('first-contentful-paint')
  .forEach((e) => { window.__paint = e.startTime; })).observe({type: 'paint', buffered: true});
(() => { let known; Object.defineProperty(window, 'network', {
  configurable: true, get: () => known,
  set: (network) => {
    known = network;
    if (!network || !network.on) return;
    const stable = () => { window.__at = window.__at || performance.now(); window.__stable = true; };
    network.on('stabilizationIterationsDone', stable);
    network.on('stabilized', stable);
  },
}); })();
"""
HEADS: Final = (
    "actors | page | kB | written, s | first paint, ms | stable after, s | longest task, ms | outside requests | "
    "different pictures | ties kept"
)


def plain_pyvis(net: Network, path: Path) -> None:
    """What the pyvis documentation shows: names, colours by group, ties."""
    from pyvis.network import Network as Pyvis

    picture = Pyvis(height="800px", width="100%", cdn_resources="in_line")
    actors, ties = net.actors, net.ties
    for actor, name, kind in zip(actors.index, actors["name"], actors["kind"], strict=True):
        picture.add_node(actor, label=name, group=kind)
    for source, target, layer in zip(ties["source"], ties["target"], ties["layer"], strict=True):
        picture.add_edge(source, target, title=layer)
    path.write_text(picture.generate_html(), encoding="utf-8")


def measure(browser: Browser, path: Path, tool: str, repeats: int) -> dict[str, Any]:
    """Open a page some times; say when it is stable, what it asks for and whether its pixels are the same."""
    rows: list[tuple[float, float, float]] = []
    requests: set[str] = set()
    pictures: set[str] = set()
    for _ in range(repeats):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
        page = context.new_page()
        page.set_default_timeout(1000 * LIMIT)
        page.on("request", lambda request: request.url.startswith("http") and requests.add(request.url))
        page.route("http**/*", lambda route: route.abort())
        page.add_init_script(LISTEN)
        start = time.perf_counter()
        page.goto(path.as_uri(), wait_until="commit")
        stable = LIMIT
        try:
            wait_until(page, f"Boolean({STABLE[tool]})", seconds=LIMIT)
            at = page.evaluate("window.__at") / 1000
            stable = at or time.perf_counter() - start
        except (TimeoutError, Error):  # the limit is the measure
            pass
        page.wait_for_timeout(500)
        paint, tasks = page.evaluate("[window.__paint, window.__long]")
        rows.append((stable, paint, max(tasks, default=0.0)))
        pictures.add(hashlib.md5(page.screenshot(timeout=120_000)).hexdigest())
        context.close()
    seconds, paints, longest = (median(column) for column in zip(*rows, strict=True))
    return {"seconds": seconds, "paint": paints, "longest": longest, "requests": len(requests)} | {
        "pictures": f"{len(pictures)} of {repeats}"
    }


def tools(net: Network) -> dict[str, tuple[Callable[[Path], object], int]]:
    """Return, for each page, how to write it and how many ties it keeps."""
    pairs = net.ties[["source", "target"]].apply(frozenset, axis=1).nunique()
    return {
        "ours": (lambda path: explore(net).save(path), len(net.ties)),
        "to_pyvis": (lambda path: to_pyvis(net).write_html(str(path)), len(net.ties)),
        "pyvis": (lambda path: plain_pyvis(net, path), int(pairs)),
    }


def compare(browser: Browser, n: int, folder: Path) -> list[str]:
    """Return the lines of one size, the last with the ratios of the checks that name pyvis."""
    net, found, lines = blocks(n), {}, []
    for tool, (make, kept) in tools(net).items():
        path = folder / f"{tool}{n}.html"
        start = time.perf_counter()
        make(path)
        written = time.perf_counter() - start
        one = measure(browser, path, tool, repeats=1 if tool == "pyvis" and n > 300 else 3)
        found[tool] = one | {"kb": path.stat().st_size / 1000, "written": written}
        paint = f"{one['paint']:.0f}" if one["paint"] else "not reported"
        stable = f"> {LIMIT:.0f}" if one["seconds"] >= LIMIT else f"{one['seconds']:.2f}"
        lines.append(
            f"| {n} | {tool} | {found[tool]['kb']:.0f} | {written:.2f} | {paint} | {stable} | "
            f"{one['longest']:.0f} | {one['requests']} | {one['pictures']} | {kept} of {len(net.ties)} |"
        )
        print(lines[-1], flush=True)
    ours, theirs = found["ours"], found["pyvis"]
    ratio = {key: theirs[key] / max(ours[key], 1e-3) for key in ("kb", "seconds")}
    task = theirs["longest"] / max(ours["longest"], 50.0)  # a task under 50 ms is not reported
    least = "> " if theirs["seconds"] >= LIMIT else ""
    lines.append(
        f"| {n} | **pyvis / ours** | {ratio['kb']:.1f} | | | **{least}{ratio['seconds']:.0f}** | {task:.0f} | | | |"
    )
    print(lines[-1], flush=True)
    return lines


def main(sizes: list[int]) -> None:
    """Measure each size and write the section."""
    table = [f"| {HEADS} |", "|" + "---|" * (HEADS.count("|") + 1)]
    with sync_playwright() as running, tempfile.TemporaryDirectory() as folder:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        version = browser.version
        explore(blocks(60))  # loads and compiles
        for n in sizes:
            table += compare(browser, n, Path(folder))
        browser.close()
    told = [
        f"Measured on {datetime.date.today():%Y-%m-%d} in Chromium {version} without GPU, {os.cpu_count()} processors; "
        "medians of three loads, one for pyvis above 300 actors.",
        "Stable: our first drawing; the first of `stabilizationIterationsDone` and `stabilized` of vis-network.",
        "To reach at 1,000 actors: a ratio of 100. A task under 50 ms is not seen by the browser and counts as 50.",
        "",
    ]
    write_maps_section(RESULTS, [*told, *table])


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [60, 1000])
