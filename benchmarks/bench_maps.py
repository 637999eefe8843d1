"""The interactive map beside pyvis, in one run of one Chromium: bytes, requests, time to a stable picture, ties kept.

Usage: python benchmarks/bench_maps.py [60 1000 ...]   (writes a Markdown table on the standard output)
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "maps"))

from map_cases import blocks
from playwright.sync_api import Browser, sync_playwright
from waiting import wait_until

from reseau_territorial import Network
from reseau_territorial.maps import explore, to_pyvis

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
LIMIT = 150.0
STABLE = {
    "ours": "window.carte && carte.drawTime() > 0",
    "pyvis": "window.__stable",
    "to_pyvis": "window.network && network.body && Object.keys(network.body.nodes).length > 0",
}
# pyvis stabilises in a loading bar, then says so; a small network settles while it is shown.
LISTEN = """
(() => { const timer = setInterval(() => {
  if (!window.network || !network.on) return;
  clearInterval(timer);
  network.on('stabilizationIterationsDone', () => { window.__stable = true; });
  network.on('stabilized', () => { window.__stable = true; });
}, 20); })();
"""


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
    times, requests, pictures = [], set(), set()
    for _ in range(repeats):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
        page = context.new_page()
        page.on("request", lambda request: request.url.startswith("http") and requests.add(request.url))
        page.route("http**/*", lambda route: route.abort())
        page.add_init_script(LISTEN)
        start = time.perf_counter()
        page.goto(path.as_uri(), wait_until="domcontentloaded")
        try:
            wait_until(page, f"Boolean({STABLE[tool]})", seconds=LIMIT)
            times.append(time.perf_counter() - start)
        except TimeoutError:  # the limit is the measure
            times.append(LIMIT)
        page.wait_for_timeout(300)
        pictures.add(hashlib.md5(page.screenshot(timeout=120_000)).hexdigest())
        context.close()
    return {"seconds": median(times), "requests": len(requests), "pictures": len(pictures), "loads": repeats}


def main(sizes: list[int]) -> None:
    """Measure each size and write the table."""
    heads = "actors | page | kB | written in s | stable after s | outside requests | different pictures | ties kept"
    print(f"| {heads} |")
    print("|---|---|---|---|---|---|---|---|")
    with sync_playwright() as running, tempfile.TemporaryDirectory() as folder:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for n in sizes:
            net = blocks(n)
            total = len(net.ties)
            pairs = net.ties[["source", "target"]].apply(lambda row: frozenset(row), axis=1).nunique()
            makers = {
                "ours": (lambda path, net=net: explore(net).save(path), total),
                "to_pyvis": (lambda path, net=net: to_pyvis(net).write_html(str(path)), total),
                "pyvis": (lambda path, net=net: plain_pyvis(net, path), pairs),
            }
            seconds = {}
            for tool, (make, kept) in makers.items():
                path = Path(folder) / f"{tool}{n}.html"
                start = time.perf_counter()
                make(path)
                written = time.perf_counter() - start
                found = measure(browser, path, tool, repeats=1 if tool == "pyvis" and n > 300 else 3)
                seconds[tool] = found["seconds"]
                print(
                    f"| {n} | {tool} | {path.stat().st_size / 1000:.0f} | {written:.2f} | {found['seconds']:.2f} | "
                    f"{found['requests']} | {found['pictures']} of {found['loads']} | {kept} of {total} |",
                    flush=True,
                )
            print(f"| {n} | ratio pyvis / ours | | | {seconds['pyvis'] / seconds['ours']:.0f} | | | |", flush=True)
        browser.close()


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [60, 1000])
