"""A real headless Chromium, and pages opened from files as a reader opens them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from map_cases import blocks
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from waiting import wait_until

from reseau_territorial.maps import explore

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def launch(playwright: Playwright) -> Callable[..., Browser]:
    def start(*flags: str) -> Browser:
        return playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])

    return start


@pytest.fixture(scope="session")
def chromium(launch: Callable[..., Browser]) -> Iterator[Browser]:
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def map_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Return the file of a map of so many actors, made once."""
    folder = tmp_path_factory.mktemp("maps")

    def make(n: int) -> Path:
        path = folder / f"map{n}.html"
        return path if path.exists() else explore(blocks(n, periods=n <= 300), title=f"Carte de {n}").save(path)

    return make


WATCH = """
window.__problems = [];
addEventListener('securitypolicyviolation', (event) => {
  window.__problems.push('csp ' + event.violatedDirective + ' ' + event.blockedURI);
});
addEventListener('error', (event) => window.__problems.push('error ' + event.message));
"""


@pytest.fixture
def open_page(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open a map (a file, an address or a Carte) and fail at the end on any error, dialog or outside request."""
    contexts: list[Any] = []
    problems: list[str] = []

    def start(what: Any, *, width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.add_init_script(WATCH)
        page.on("pageerror", lambda error: problems.append(f"error {error}"))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on("dialog", lambda dialog: (problems.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: _outside(request.url) and problems.append(f"request {request.url}"))
        if hasattr(what, "save"):
            what = what.save(tmp_path / f"carte{len(contexts)}.html")
        page.goto(what if isinstance(what, str) else what.as_uri())
        wait_until(page)
        return page

    yield start
    for context in contexts:
        for page in context.pages:
            problems += page.evaluate("window.__problems || []")
        context.close()
    assert problems == []


def _outside(url: str) -> bool:
    return not url.startswith(("file:", "data:", "blob:", "http://127.0.0.1", "about:"))


@pytest.fixture
def shot() -> Callable[[Page], bytes]:
    """Return the pixels of the map of a page."""
    return lambda page: page.locator("#map").screenshot(animations="disabled")
