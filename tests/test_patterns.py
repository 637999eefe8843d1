"""Patterns over text columns mean the same with every pandas."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

SOURCE = Path(__file__).parents[1] / "src/reseau_territorial"
# Before pandas 3.1 these know ASCII only, unless the pattern is compiled (decision 0141).
SENSITIVE = re.compile(r"\\[sSwWbB]")
READ_BY_ARROW = {"contains", "count", "fullmatch", "match", "replace", "split"}


def patterns_not_compiled() -> Iterator[str]:
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in READ_BY_ARROW
                and isinstance(node.func.value, ast.Attribute)
                and node.func.value.attr == "str"
                and node.args
                and isinstance(pattern := node.args[0], ast.Constant)
                and SENSITIVE.search(str(pattern.value))
            ):
                yield f"{path.relative_to(SOURCE)}:{node.lineno}"


def test_patterns_of_spaces_and_letters_are_compiled() -> None:
    assert not list(patterns_not_compiled())


def test_a_compiled_pattern_knows_french_spaces_and_letters() -> None:
    texts = pd.Series(["12\u202f000\u00a0€", "Été\u2009– fin"], dtype="str")
    assert texts.str.replace(re.compile(r"\s"), "", regex=True).to_list() == ["12000€", "Été–fin"]
    assert texts.str.replace(re.compile(r"\W"), "", regex=True).to_list() == ["12000", "Étéfin"]
    assert texts.str.split(re.compile(r"\s+")).str.len().to_list() == [3, 3]
