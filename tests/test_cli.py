"""The command: what it writes, how it refuses."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from reseau_territorial.cli import main

TIES = (
    "Origine;Destination;Couche;Poids\nVille;Métropole;masques;1,5\nVille;Asso;masques;2\nMétropole;Usine;contrat;3\n"
)
ACTORS = (
    "acteur;secteur;type\nVille;public;commune\nMétropole;public;epci\nAsso;civil;association\nUsine;privé;entreprise\n"
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    ties, actors = tmp_path / "liens.csv", tmp_path / "acteurs.csv"
    ties.write_text(TIES, encoding="cp1252")
    actors.write_text(ACTORS, encoding="utf-8-sig")
    return str(ties), str(actors)


def test_demo_does_the_main_job(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--output", str(tmp_path / "demo")]) == 0
    said = capsys.readouterr().out
    assert "Ville de Tours" in said
    assert "plus qu’un hasard" in said
    for ending in ("html", "png", "svg", "xlsx"):
        path = tmp_path / "demo" / f"tours-masques.{ending}"
        assert path.stat().st_size > 1000
        assert str(path) in said


def test_check_says_what_was_read(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", files[0], "--actors", files[1]]) == 0
    assert "4 actors, 3 ties" in capsys.readouterr().out


def test_check_reads_all_files_and_says_all_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "bon.csv", tmp_path / "mauvais.csv"
    good.write_text("source;cible\na;b\n", encoding="utf-8")
    bad.write_text("source;cible;poids\na;a;-1\n;b;x\n", encoding="utf-8")
    assert main(["check", str(bad), str(good)]) == 1
    heard = capsys.readouterr()
    assert "bon.csv" in heard.out
    for part in ("mauvais.csv", "join an actor to itself", "source is missing", "'x'", "'-1"):
        assert part in heard.err


def test_measure_prints_french_numbers(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["measure", files[0], "--actors", files[1], "--metrics", "strength,silo", "--by", "sector"]
    assert main(arguments) == 0
    assert "3,50" in capsys.readouterr().out


def test_measure_writes_a_table_for_excel(files: tuple[str, str], tmp_path: Path) -> None:
    target = tmp_path / "mesures.csv"
    assert main(["measure", files[0], "--actors", files[1], "--output", str(target)]) == 0
    text = target.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert "intermédiarité".encode() in text
    book = tmp_path / "mesures.xlsx"
    assert main(["measure", files[0], "--actors", files[1], "--output", str(book)]) == 0
    assert openpyxl.load_workbook(book).active["A2"].value == "Ville"


def test_map_and_report(files: tuple[str, str], tmp_path: Path) -> None:
    page, paper = tmp_path / "carte.html", tmp_path / "rapport.html"
    assert main(["map", files[0], "--actors", files[1], "--output", str(page), "--title", "Essai"]) == 0
    assert main(["report", files[0], "--actors", files[1], "--output", str(paper), "--title", "Essai"]) == 0
    assert "Essai" in page.read_text(encoding="utf-8")
    assert "Essai" in paper.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["measure", "absent.csv"], "no file"),
        (["measure", "LIENS", "--metrics", "betweeness"], "Did you mean 'betweenness'"),
        (["map", "LIENS", "--layer", "masks"], "Did you mean 'masques'"),
        (["report", "LIENS", "--output", "x.odt"], "ends with one of"),
        (["map", "LIENS", "--by", "secteurs"], "no actor column named 'secteurs'"),
    ],
)
def test_refusals_are_one_line_and_write_nothing(
    files: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(item.name for item in tmp_path.iterdir())
    arguments = [files[0] if part == "LIENS" else part for part in arguments]
    assert main([*arguments, "--actors", files[1]]) == 1
    said = capsys.readouterr().err
    assert message in said
    assert said.startswith("erreur\u202f:")
    assert said.count("\n") == 1
    assert sorted(item.name for item in tmp_path.iterdir()) == before


@pytest.mark.parametrize("arguments", [[], ["mesurer"], ["measure"], ["map", "x.csv", "--lang", "de"]])
def test_a_wrong_command_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "--help" in capsys.readouterr().err


def test_english_on_request(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measure", "absent.csv", "--lang", "en"]) == 1
    assert capsys.readouterr().err.startswith("error: ")
