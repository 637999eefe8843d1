"""Every block of code of the pages is run: what a page prints is what the library answers."""

from __future__ import annotations

import ast
import doctest
import json
import re
import shlex
from pathlib import Path

import pandas as pd
import pytest

from reseau_territorial.cli import main

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
BLOCK = re.compile(
    r"^(?P<fence>`{3,})(?P<info>[^\n]*)\n(?P<options>(?::[^\n]*\n)*)\n?(?P<text>.*?)^(?P=fence)$", re.M | re.S
)
SESSIONS = sorted(page for page in DOCS.glob("*.md") if ">>>" in page.read_text(encoding="utf-8"))
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def blocks(page: Path, language: str) -> list[tuple[str, str]]:
    """Return the caption and the text of each block of code in a language."""
    found = BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [
        (one["options"].removeprefix(":caption:").strip(), one["text"])
        for one in found
        if one["info"].split()[-1:] == [language]
    ]


def write_files(page: Path) -> None:
    """Write the files that a page shows, as Excel saves them on a French Windows."""
    for name, text in blocks(page, "text"):
        if name.endswith(".csv"):
            Path(name).write_text(text, encoding="cp1252", newline="\r\n")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", SESSIONS, ids=lambda page: page.stem)
def test_sessions_of_the_pages(page: Path, office: Path) -> None:
    write_files(page)
    session = "\n".join(text for _, text in blocks(page, "python") if ">>>" in text)
    test = doctest.DocTestParser().get_doctest(session, {}, page.name, str(page), 0)
    assert len(test.examples) == page.read_text(encoding="utf-8").count("\n>>>"), "a block is not fenced as python"
    report: list[str] = []
    doctest.DocTestRunner(optionflags=FLAGS).run(test, out=report.append)
    assert not report, "".join(report)


def test_every_question_has_its_answer() -> None:
    page = (DOCS / "questions.md").read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"^### (\d+)\. ", page, re.M)]
    assert sorted(numbers) == list(range(1, 55))
    for answer in re.split(r"^### ", page, flags=re.M)[1:]:
        assert ">>>" in answer
        assert re.search(r"^```\n\n(?!```|#|\n)", answer, re.M), answer  # and a sentence says how to read it


@pytest.mark.slow
def test_commands_of_the_getting_started(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = DOCS / "demarrage.md"
    write_files(page)
    commands = "".join(text for _, text in blocks(page, "console")).removeprefix("$ ").split("$ ")
    assert len(commands) == 3
    for command in commands:
        line, _, expected = command.partition("\n")
        assert main(shlex.split(line)[1:]) == 0
        assert expected.strip() in capsys.readouterr().out
    assert (office / "carte.html").is_file()
    assert (office / "rapport.html").is_file()


def code_of(name: str) -> str:
    return "\n".join(text for _, text in blocks(ROOT / name, "python"))


@pytest.mark.slow
def test_code_of_the_readme(office: Path) -> None:
    write_files(DOCS / "demarrage.md")
    actors, ties = (pd.read_csv(f"{name}.csv", sep=";", encoding="cp1252") for name in ("acteurs", "liens"))
    actors.to_excel("acteurs.xlsx", index=False)
    with pd.ExcelWriter("reseau.xlsx") as book:
        ties.to_excel(book, sheet_name="Liens", index=False)
        actors.to_excel(book, sheet_name="Acteurs", index=False)
    names: dict[str, object] = {}
    exec(compile(code_of("README.md"), "README.md", "exec"), names)
    assert len(names["net"]) == 7  # the last that it reads
    assert (office / "tours-masques.html").is_file()
    assert (office / "tours-rapport.html").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("page", sorted((DOCS / "metrics").glob("*.md")), ids=lambda page: page.stem)
def test_code_of_the_guides_of_metrics(page: Path, office: Path) -> None:
    exec(compile(code_of(f"docs/metrics/{page.name}"), page.name, "exec"), {})


def test_both_readmes_show_the_same_code() -> None:
    assert ast.dump(ast.parse(code_of("README.md"))) == ast.dump(ast.parse(code_of("README.fr.md")))


@pytest.mark.parametrize("notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_code_of_the_notebooks_fits_the_column_of_the_site(notebook: Path) -> None:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert [line for lines in code for line in lines.splitlines() if len(line) > 100] == []
