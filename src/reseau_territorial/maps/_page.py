"""From `MapData` to a page: one HTML file, or a folder for a server with a strict policy."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib import resources
from typing import Any, Final

from reseau_territorial.maps._data import MapData
from reseau_territorial.maps._words import words
from reseau_territorial.styles import FEW_SOURCES

__all__ = ["engine", "folder_files", "page", "style"]

# Read in this order: each file uses the names of those before it.
SCRIPTS: Final = (
    "model.js",
    "painters.js",
    "legend.js",
    "scene.js",
    "sheet.js",
    "exports.js",
    "panel.js",
    "tables.js",
    "app.js",
)


@cache
def engine() -> str:
    """Return the scripts, as they are but for their comments and their indentation, in one closed scope."""
    return "\n".join(['"use strict";', "{", *(_source(name) for name in SCRIPTS), "}"])


@cache
def style() -> str:
    """Return the style sheet, as it is but for its comments and its indentation."""
    return _source("style.css")


def _source(name: str) -> str:
    """Return a file of the page without its lines of comment and the spaces that begin the others."""
    text = (resources.files("reseau_territorial.maps") / "page" / name).read_text(encoding="utf-8")
    lines = (line.lstrip(" ") for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("/*", "//")))


def page(data: MapData) -> str:
    """Return the map as one HTML page that asks for nothing outside itself."""
    policy = (
        f"default-src 'none'; script-src '{_hash(engine())}'; style-src '{_hash(style())}'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    return _document(
        data,
        head=f"{head}<style>{style()}</style>",
        tail=f'<script type="application/json" id="data">{data.to_json()}</script>\n<script>{engine()}</script>',
    )


def folder_files(data: MapData) -> dict[str, str]:
    """Return the map as files that a server with ``default-src 'self'`` lets through."""
    html = _document(
        data,
        head='<link rel="stylesheet" href="carte.css">',
        tail='<script src="carte.js"></script>',
    )
    return {"index.html": html, "carte.js": engine(), "carte.css": style(), "donnees.json": data.to_json()}


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _document(data: MapData, *, head: str, tail: str) -> str:
    content: Any = data.content
    told = words(content["lang"])
    title = escape(content["title"])
    summary = "".join(f"<p>{escape(text)}</p>" for text in content["summary"])
    notes = "".join(f"<p>{escape(text)}</p>" for text in content["notes"])
    sources = "".join(f"<li>{escape(text)}</li>" for text in data.sources)
    if len(data.sources) > FEW_SOURCES:
        notes += f"<details><summary>{escape(told['all_sources'])}</summary><ul>{sources}</ul></details>"
    return f"""<!DOCTYPE html>
<html lang="{content["lang"]}">
<head>
<meta charset="utf-8">
{head}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<header>
<a class="skip" href="#map">{escape(told["skip"])}</a>
<div><h1>{title}</h1><p id="counts"></p></div>
<div id="searching"></div>
</header>
<main>
<noscript><p>{escape(told["no_script"])}</p>{summary}</noscript>
<p id="offline" hidden>{escape(told["offline"])}</p>
<div id="stage">
<div id="map" role="group" tabindex="0" aria-label="{escape(told["map"])}" aria-describedby="keys">
<canvas aria-hidden="true"></canvas></div>
<div id="tools" role="toolbar" aria-label="{escape(told["map"])}"></div>
</div>
<p id="keys" class="hidden">{escape(told["map_keys"])}</p>
<div id="tables"></div>
</main>
<aside id="panel" tabindex="-1" aria-label="{escape(told["panel"])}"></aside>
<footer>{notes}</footer>
<p id="live" class="hidden" role="status"></p>
<figure id="sheet" aria-hidden="true"></figure>
{tail}
</body>
</html>
"""
