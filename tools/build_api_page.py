"""Write docs/api.md: every public name, module by module, with the first sentence of its docstring."""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from pathlib import Path

import reseau_territorial as rt

ROOT = Path(__file__).parents[1]
STUB = ROOT / "src/reseau_territorial/__init__.pyi"
PAGE = ROOT / "docs/api.md"


def page() -> str:
    """Return the text of the page."""
    names = defaultdict(list)
    for statement in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                names[statement.module or "samples"].append(alias.name)
    lines = [
        "# API",
        "",
        "Every public name, as `rt.name` after `import reseau_territorial as rt`. `help(rt.name)` gives the whole",
        "docstring: parameters, formula, reference, example. This page is written by `tools/build_api_page.py`.",
    ]
    for module, members in names.items():
        lines += ["", f"## {module.replace('.', ' · ')}", "", "| name | |", "|---|---|"]
        lines += [f"| `{name}` | {_sentence(name)} |" for name in sorted(members, key=str.casefold)]
    return "\n".join(lines) + "\n"


def _sentence(name: str) -> str:
    thing = getattr(rt, name)
    text = inspect.getdoc(thing) if callable(thing) or inspect.ismodule(thing) else ""
    first = (text or "").split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
    return first.split("Parameters")[0].strip()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
