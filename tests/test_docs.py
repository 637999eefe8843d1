"""Every block of code of the pages is run: what a page prints is what the library answers."""

from __future__ import annotations

import ast
import dataclasses
import doctest
import inspect
import json
import re
import shlex
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import get_type_hints

import pandas as pd
import pytest

import reseau_territorial as rt
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


def test_errors_shown_by_the_guide_of_reading_are_those_of_the_library(office: Path) -> None:
    ties = ["source;cible;poids", "B;A;-1", "A;C;1", "A;B;beaucoup", "A;Z;1", "B;B;1"]
    (office / "liens.csv").write_text("\n".join(ties), encoding="utf-8")
    (office / "acteurs.csv").write_text("acteur\nA\nB\nA\nC\n", encoding="utf-8")
    with pytest.raises(rt.ReseauError) as told:
        rt.read_tables("liens.csv", actors="acteurs.csv")
    assert [text.strip() for _, text in blocks(DOCS / "reading.md", "text")] == [str(told.value)]


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


@dataclass(frozen=True)
class Value:
    """What an expression of a page gives: an object of this class, not known further."""

    kind: type


def hinted(of: object) -> object:
    """Return what a function gives, where its annotation says a class."""
    result = get_type_hints(of, vars(inspect.getmodule(of)) | {"Network": rt.Network}).get("return")
    return Value(result) if isinstance(result, type) else None


class Reader:
    """Reads code that cannot be run without its files: names and arguments of the library must exist."""

    def __init__(self) -> None:
        self.names: dict[str, object] = {}
        self.calls: list[str] = []

    def read(self, code: str) -> None:
        for line in ast.parse(code).body:
            if isinstance(line, ast.Import | ast.ImportFrom):
                exec(compile(ast.Module([line], []), "page", "exec"), self.names)
            elif isinstance(line, ast.Assign):
                self.assign(line.targets[0], self.what(line.value))
            else:
                assert isinstance(line, ast.Expr), ast.unparse(line)
                self.what(line.value)

    def assign(self, target: ast.expr, value: object) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = value
        else:
            assert isinstance(target, ast.Tuple)
            assert value == Value(rt.opendata.Reading), f"{ast.unparse(target)}: only a Reading comes in two"
            for part, name in zip(target.elts, ("network", "report"), strict=True):
                self.assign(part, self.attribute(value, name))

    def what(self, code: ast.AST) -> object:
        """Return an object of the library, or what is known of a value; None for what is not the library's."""
        if isinstance(code, ast.Name):
            return self.names.get(code.id)
        if isinstance(code, ast.Attribute):
            return self.attribute(self.what(code.value), code.attr)
        given = [self.what(part) for part in ast.iter_child_nodes(code)]
        return self.call(code, given[0]) if isinstance(code, ast.Call) else None

    def attribute(self, owner: object, name: str) -> object:
        if not isinstance(owner, Value):
            return None if owner is None else getattr(owner, name)
        fields = {field.name: field for field in dataclasses.fields(owner.kind)} if is_dataclass(owner.kind) else {}
        if name in fields:
            hints = get_type_hints(owner.kind, vars(inspect.getmodule(owner.kind)) | {"Network": rt.Network})
            return Value(hints[name]) if isinstance(hints[name], type) else None
        found = getattr(owner.kind, name)
        return hinted(found.fget) if isinstance(found, property) and owner.kind.__module__.startswith("res") else found

    def call(self, code: ast.Call, function: object) -> object:
        if not callable(function) or not getattr(function, "__module__", "").startswith("reseau_territorial"):
            return None
        arguments = [*code.args]
        if "." in function.__qualname__:  # a method, whose first argument is the object
            arguments = [code.func, *arguments]
        named = {one.arg: one.value for one in code.keywords}
        try:
            inspect.signature(function).bind(*arguments, **named)
        except TypeError as error:
            pytest.fail(f"{ast.unparse(code)}: {error}")
        self.calls.append(function.__name__)
        return hinted(function)


LISTED = sorted(page for page in DOCS.glob("*.md") if any(">>>" not in text for _, text in blocks(page, "python")))


@pytest.mark.parametrize("page", LISTED, ids=lambda page: page.stem)
def test_code_that_needs_files_names_what_exists(page: Path) -> None:
    reader = Reader()
    for _, text in blocks(page, "python"):
        reader.read(text)
    assert len(reader.calls) >= 5


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("rt.read_table('liens.csv')", "read_table"),
        ("rt.read_tables('liens.csv', actor='acteurs.csv')", "actor"),
        ("net = rt.read_tables('liens.csv')\nnet.actor", "actor"),
        ("net, report = rt.opendata.read_cog('cog.csv')\nreport.to_frames()", "to_frames"),
        ("net, report = rt.opendata.read_cog('cog.csv')\nreport.to_frame(language='en')", "language"),
        ("rt.opendata.lost_memberships(net)", "after"),
    ],
)
def test_reader_of_code_sees_what_does_not_exist(code: str, told: str) -> None:
    with pytest.raises((AttributeError, pytest.fail.Exception), match=told):
        Reader().read(f"import reseau_territorial as rt\n{code}")


def test_calls_named_in_the_guides_exist() -> None:
    places = (rt, rt.opendata, rt.samples, rt.Network)
    for page in LISTED:
        text = page.read_text(encoding="utf-8")
        named = re.findall(r"`(?:rt\.|od\.)?(?:opendata\.|samples\.)?([a-z_]+)\(", text)
        named += re.findall(r"`((?:read|join|clean|to|write)_[a-z_]+)`", text)
        assert named
        assert [name for name in named if not any(hasattr(place, name) for place in places)] == []


@pytest.mark.parametrize("notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_code_of_the_notebooks_fits_the_column_of_the_site(notebook: Path) -> None:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert [line for lines in code for line in lines.splitlines() if len(line) > 100] == []
